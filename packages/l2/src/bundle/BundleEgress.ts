/**
 * What the relay of a bridge with bundles writes to: bridge ports become link ports here, so that the relay itself knows nothing of bundles, and
 * a bridge without them never comes this way.
 */
import type { Outbox, Tci } from "@l2lab/sim/Device"
import { PassedOutbox } from "@l2lab/sim/PassedOutbox"
import type { BridgeState } from "../BridgeState.ts"
import type { EthernetFrame } from "../EthernetFrame.ts"
import type { Bundles } from "./Bundles.ts"
import * as LoadBalance from "./LoadBalance.ts"

/** One object for all bridges of a kind, pointed at one before each frame and valid during it. */
export class BundleEgress extends PassedOutbox<EthernetFrame> {
  private readonly readers: LoadBalance.FlowReaders
  private state!: BridgeState
  private bundles!: Bundles

  constructor(readers: LoadBalance.FlowReaders) {
    super()
    this.readers = readers
  }

  at(state: BridgeState, bundles: Bundles, out: Outbox<EthernetFrame>): this {
    this.state = state
    this.bundles = bundles
    this.pass(out)
    return this
  }

  override transmit(port: number, frame: EthernetFrame, tci: Tci): void {
    const { links, owner } = this.bundles
    if (port < links) return this.out.transmit(port, frame, tci)
    const b = port - links
    const bucket = LoadBalance.bucketOf(this.state.config.bundles![b].loadBalance, frame, this.readers)
    const link = owner[b * LoadBalance.BUCKETS + bucket]
    if (link >= 0) this.out.transmit(link, frame, tci)
  }
}
