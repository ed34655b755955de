/**
 * What the relay of a bridge with bundles writes to: bridge ports become link ports here, so that the relay itself knows nothing of bundles, and
 * a bridge without them never comes this way.
 */
import type { Outbox, Tci } from "@l2lab/sim/Device"
import type { SimTime } from "@l2lab/sim/SimTime"
import type { BridgeState } from "../BridgeState.ts"
import type { EthernetFrame } from "../EthernetFrame.ts"
import type { Bundles } from "./Bundles.ts"
import * as LoadBalance from "./LoadBalance.ts"

/** One object for all bridges of a kind, pointed at one before each frame and valid during it. */
export class BundleEgress implements Outbox<EthernetFrame> {
  private readonly readers: LoadBalance.FlowReaders
  private state!: BridgeState
  private bundles!: Bundles
  private out!: Outbox<EthernetFrame>
  tracing = false

  constructor(readers: LoadBalance.FlowReaders) {
    this.readers = readers
  }

  at(state: BridgeState, bundles: Bundles, out: Outbox<EthernetFrame>): this {
    this.state = state
    this.bundles = bundles
    this.out = out
    this.tracing = out.tracing
    return this
  }

  transmit(port: number, frame: EthernetFrame, tci: Tci): void {
    const { links, owner } = this.bundles
    if (port < links) return this.out.transmit(port, frame, tci)
    const b = port - links
    const bucket = LoadBalance.bucketOf(this.state.config.bundles![b].loadBalance, frame, this.readers)
    const link = owner[b * LoadBalance.BUCKETS + bucket]
    if (link >= 0) this.out.transmit(link, frame, tci)
  }

  transmitControl(port: number, frame: EthernetFrame, tci: Tci): void {
    this.out.transmitControl(port, frame, tci)
  }
  startTimer(id: number, at: SimTime): void {
    this.out.startTimer(id, at)
  }
  stopTimer(id: number): void {
    this.out.stopTimer(id)
  }
  setPortEnabled(port: number, enabled: boolean): void {
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
