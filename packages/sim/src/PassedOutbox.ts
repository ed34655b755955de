/** An outbox that is another's: a base for devices that hold a device, and change some of what it asks for. */
import type { Outbox, PortIndex, Tci, TimerId, WireFrame } from "./Device.ts"
import type { SimTime } from "./SimTime.ts"

/** One object for all devices of a kind, pointed at one's outbox before each call and valid during it. */
export class PassedOutbox<F extends WireFrame> implements Outbox<F> {
  protected out!: Outbox<F>
  tracing = false

  /** What is asked for from now on is asked of `out`. */
  protected pass(out: Outbox<F>): void {
    this.out = out
    this.tracing = out.tracing
  }

  transmit(port: PortIndex, frame: F, tci: Tci): void {
    this.out.transmit(port, frame, tci)
  }
  transmitControl(port: PortIndex, frame: F, tci: Tci): void {
    this.out.transmitControl(port, frame, tci)
  }
  startTimer(id: TimerId, at: SimTime): void {
    this.out.startTimer(id, at)
  }
  stopTimer(id: TimerId): void {
    this.out.stopTimer(id)
  }
  setPortEnabled(port: PortIndex, enabled: boolean): void {
    this.out.setPortEnabled(port, enabled)
  }
  random(): number {
    return this.out.random()
  }
  trace(code: number, a: number, b: number, c: number, d: number): void {
    this.out.trace(code, a, b, c, d)
  }
  detail(code: number, a: number, b: number, c: number, d: number): void {
    this.out.detail(code, a, b, c, d)
  }
}
