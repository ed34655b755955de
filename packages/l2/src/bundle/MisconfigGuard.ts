/**
 * EtherChannel guard: the far end of a bundle sends its BPDUs by one port of one address. Where they come from several, it does not bundle what
 * this end does, and the members are taken out of service before frames come back by one that left by another.
 *
 * Cisco's note on it ("Understanding EtherChannel Inconsistency Detection", document 20625) has the figures as remembered†: more than 75 BPDUs of
 * alternating addresses, over more than 30 seconds; five in a row of one address begin anew.
 */
import type { Outbox } from "@l2lab/sim/Device"
import { SECOND, type SimTime } from "@l2lab/sim/SimTime"
import type { BridgeState } from "../BridgeState.ts"
import * as Errdisable from "../Errdisable.ts"
import * as ErrdisableCause from "../ErrdisableCause.ts"
import type { EthernetFrame } from "../EthernetFrame.ts"
import type { MacAddress } from "../MacAddress.ts"

/** BPDUs of another address than the one before, and how long they must have come. */
export const MOST_BPDUS = 75
export const LEAST_NS = 30 * SECOND
/** So many in a row of one address begin anew. */
export const IN_A_ROW = 5

/** Bundles (by bridge port) whose far end has sent by several addresses in turn of late: nothing that it sends counts as one port's. Counted where the guard is off, too. */
export const oneSided = ({ bundles }: BridgeState): ReadonlyArray<number> =>
  bundles === null ? [] : Array.from(bundles.bpdusOfOthers).flatMap((others, b) => (others > IN_A_ROW ? [bundles.links + b] : []))

/** A BPDU came in by bridge port `port`, sent from `source`: true if its bundle is taken out of service for it. */
export const trips = (
  state: BridgeState,
  port: number,
  source: MacAddress,
  now: SimTime,
  out: Outbox<EthernetFrame>,
): boolean => {
  const { bundles, config } = state
  if (bundles === null || port < bundles.links) return false
  const b = port - bundles.links
  const { bpdusInARow, bpdusOfOthers, bpduSource, othersSince } = bundles
  if (source === bpduSource[b]) {
    if (++bpdusInARow[b] >= IN_A_ROW) bpdusOfOthers[b] = 0
    return false
  }
  const isFirst = bpduSource[b] === 0
  bpduSource[b] = source
  bpdusInARow[b] = 1
  if (isFirst) return false
  if (bpdusOfOthers[b]++ === 0) othersSince[b] = now
  if (config.bundles![b].guard === false || bpdusOfOthers[b] <= MOST_BPDUS || now - othersSince[b] <= LEAST_NS) return false
  bpdusOfOthers[b] = bpdusInARow[b] = bpduSource[b] = 0
  Errdisable.disable(state, port, ErrdisableCause.CHANNEL_MISCONFIG, now, out)
  return true
}
