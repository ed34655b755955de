/**
 * An outbox that writes down what a handler asked for, so that a test can build a state, call a handler and compare. It also keeps
 * the timers that run, for tests that play a device's timers by hand.
 */
import type { Outbox, PortIndex, Tci, TimerId, WireFrame } from "../Device.ts"
import type { SimTime } from "../SimTime.ts"
import { NEVER } from "../SimTime.ts"

/** One call of an outbox, with its arguments. */
export type OutboxRequest<F extends WireFrame = WireFrame> =
  | { readonly type: "transmit" | "transmitControl"; readonly port: PortIndex; readonly frame: F; readonly tci: Tci }
  | { readonly type: "startTimer"; readonly id: TimerId; readonly at: SimTime }
  | { readonly type: "stopTimer"; readonly id: TimerId }
  | { readonly type: "setPortEnabled"; readonly port: PortIndex; readonly enabled: boolean }
  | {
      readonly type: "trace" | "detail"
      readonly code: number
      readonly a: number
      readonly b: number
      readonly c: number
      readonly d: number
    }

/** A frame that was handed to a link, in either class. */
export type Transmission<F extends WireFrame = WireFrame> = Extract<
  OutboxRequest<F>,
  { readonly type: "transmit" | "transmitControl" }
>

/** A trace event or a detail. */
export type Recorded = Extract<OutboxRequest, { readonly type: "trace" | "detail" }>

export class RecordingOutbox<F extends WireFrame = WireFrame> implements Outbox<F> {
  /** Everything asked for since the last `take`, in order. */
  requests: Array<OutboxRequest<F>> = []
  /** The timers that run, with their deadlines, in the order in which they were last started. */
  readonly timers = new Map<TimerId, SimTime>()
  /** Set to false to see that a handler composes no detail that nobody hears. */
  tracing = true
  private lottery: number

  /** `seed` starts the sequence that `random` gives: the same seed, the same numbers. */
  constructor(seed = 1) {
    this.lottery = seed | 0 || 1
  }

  transmit(port: PortIndex, frame: F, tci: Tci): void {
    this.requests.push({ type: "transmit", port, frame, tci })
  }

  transmitControl(port: PortIndex, frame: F, tci: Tci): void {
    this.requests.push({ type: "transmitControl", port, frame, tci })
  }

  startTimer(id: TimerId, at: SimTime): void {
    this.timers.delete(id)
    this.timers.set(id, at)
    this.requests.push({ type: "startTimer", id, at })
  }

  stopTimer(id: TimerId): void {
    this.timers.delete(id)
    this.requests.push({ type: "stopTimer", id })
  }

  setPortEnabled(port: PortIndex, enabled: boolean): void {
    this.requests.push({ type: "setPortEnabled", port, enabled })
  }

  // Marsaglia's 32-bit xorshift: enough to differ, and the same everywhere.
  random(): number {
    this.lottery ^= this.lottery << 13
    this.lottery ^= this.lottery >>> 17
    this.lottery ^= this.lottery << 5
    return this.lottery >>> 0
  }

  trace(code: number, a: number, b: number, c: number, d: number): void {
    this.requests.push({ type: "trace", code, a, b, c, d })
  }

  detail(code: number, a: number, b: number, c: number, d: number): void {
    this.requests.push({ type: "detail", code, a, b, c, d })
  }

  /** What was asked for since the last `take`; the record starts anew, the timers stay. */
  take(): ReadonlyArray<OutboxRequest<F>> {
    const requests = this.requests
    this.requests = []
    return requests
  }

  /** The frames of the record, in order. */
  get transmissions(): ReadonlyArray<Transmission<F>> {
    return this.requests.filter(
      (request): request is Transmission<F> => request.type === "transmit" || request.type === "transmitControl",
    )
  }

  /** The trace events and details of the record, of one code if it is given. */
  traces(code?: number): ReadonlyArray<Recorded> {
    return this.requests.filter(
      (request): request is Recorded =>
        (request.type === "trace" || request.type === "detail") && (code === undefined || request.code === code),
    )
  }

  /** The deadline of the timer that fires next; NEVER when none runs. */
  get nextTimerAt(): SimTime {
    let next = NEVER
    for (const at of this.timers.values()) if (at < next) next = at
    return next
  }

  /** Remove and give the timer that fires next if its deadline is not after `until`: of several the one started first; else undefined. */
  expire(until: SimTime): TimerId | undefined {
    const next = this.nextTimerAt
    if (next > until) return undefined
    for (const [id, at] of this.timers) {
      if (at === next) {
        this.timers.delete(id)
        return id
      }
    }
    return undefined
  }
}
