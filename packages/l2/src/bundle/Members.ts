/** Members come to a bundle and leave it: what that does to the ports that the relay knows. */
import type { LinkStatus, Outbox } from "@l2lab/sim/Device"
import type { SimTime } from "@l2lab/sim/SimTime"
import type { BridgeState } from "../BridgeState.ts"
import type { EthernetFrame } from "../EthernetFrame.ts"
import * as Pairing from "../Pairing.ts"
import * as Trace from "../Trace.ts"
import * as Bundles from "./Bundles.ts"

/** What the bridge does when a bridge port comes up, goes down, or is another while up. */
export type SetBridgePort = (state: BridgeState, port: number, link: LinkStatus, now: SimTime, out: Outbox<EthernetFrame>) => void

const statusOf = ({ fullDuplex, rateBps }: Bundles.Bundles, link: number, up: boolean): LinkStatus => ({
  up,
  rateBps: rateBps[link],
  fullDuplex: fullDuplex[link] === 1,
})

/** Link ports become what they ought to be. What goes, goes before anything comes, so that nothing is ever at two places. */
export const follow = (
  state: BridgeState,
  bundles: Bundles.Bundles,
  setBridgePort: SetBridgePort,
  now: SimTime,
  out: Outbox<EthernetFrame>,
): void => {
  const { bundleOf, links, role } = bundles
  bundles.pending = 0
  const changed: Array<readonly [link: number, was: number]> = []
  for (let link = 0; link < links; link++) {
    const due = Bundles.dueRole(bundles, state.config.bundles!, link)
    if (due === role[link]) continue
    changed.push([link, role[link]])
    role[link] = due
    state.bridgePortOf[link] = due === Bundles.IN ? links + bundleOf[link] : link
    Pairing.note(state, Pairing.MEMBER, link, due)
  }
  const touched = new Set<number>()
  for (const [link, was] of changed) {
    if (bundleOf[link] >= 0) {
      touched.add(bundleOf[link])
      out.trace(Trace.MEMBER.code, link, links + bundleOf[link], was, role[link])
    }
    if (was === Bundles.ALONE) setBridgePort(state, link, statusOf(bundles, link, false), now, out)
  }
  for (const b of touched) followBundle(state, bundles, b, setBridgePort, now, out)
  for (const [link] of changed) {
    if (role[link] === Bundles.ALONE) setBridgePort(state, link, statusOf(bundles, link, true), now, out)
  }
}

/** Members of a bundle came, went, or changed their rate. */
export const followBundle = (
  state: BridgeState,
  bundles: Bundles.Bundles,
  b: number,
  setBridgePort: SetBridgePort,
  now: SimTime,
  out: Outbox<EthernetFrame>,
): void => {
  const config = state.config.bundles![b]
  const port = bundles.links + b
  Bundles.deal(bundles, state.config.bundles!, b)
  state.linkPortOf[port] = Bundles.membersThatSend(bundles, config)[0] ?? -1
  const up = bundles.active[b] >= (config.minLinks ?? 1)
  const wasUp = state.up[port] === 1
  const rateBps = Bundles.rateOf(bundles, config)
  if (up !== wasUp) out.trace(Trace.BUNDLE.code, port, up ? 1 : 0, bundles.active[b], rateBps)
  if (up !== wasUp || (up && rateBps !== state.rateBps[port])) {
    setBridgePort(state, port, { up, rateBps, fullDuplex: true }, now, out)
  }
}
