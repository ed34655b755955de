/**
 * The way of a data frame that came over the peer-link: as any bridge relays it, but that nothing new is learnt of it. An address that is known refreshes what is known, if
 * that is a vPC or the peer-link: so a host on a vPC does not move with each frame that takes the other leg.
 */
import { FORWARDING, LEARNING } from "@l2lab/l2/BridgeState"
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import * as FilteringDatabase from "@l2lab/l2/FilteringDatabase"
import * as Flooding from "@l2lab/l2/Flooding"
import * as MacRelay from "@l2lab/l2/MacRelay"
import * as PortCounters from "@l2lab/l2/PortCounters"
import { MEMBER, NO_VLAN, TAGGED } from "@l2lab/l2/VlanTable"
import type { Outbox, Tci } from "@l2lab/sim/Device"
import type { SimTime } from "@l2lab/sim/SimTime"
import type { State } from "./State.ts"

/** A port that the VLAN's frames go through. */
const OPEN = MEMBER | LEARNING | FORWARDING

/** Relay a frame; false where the bridge is to do it, which drops it, or learns of a host that has moved from a port of its own. `out` takes bridge ports. */
export const relay = (
  { bridge, config: { peerLink }, vpcOfPort }: State,
  frame: EthernetFrame,
  tci: Tci,
  now: SimTime,
  out: Outbox<EthernetFrame>,
): boolean => {
  const { fdb, ports, relay: bitsOf, vlans } = bridge
  const isTagged = tci >= 0 && (tci & 0x0fff) !== 0
  const vlan = isTagged ? vlans.indexOf[tci & 0x0fff] : vlans.indexOfUntagged[peerLink]
  if (vlan === NO_VLAN || (bitsOf[vlan * ports + peerLink] & OPEN) !== OPEN || (frame.sourceHigh & 0x0100) !== 0) return false
  const [fid, tree] = [vlans.fidOf[vlan], vlans.treeOf[vlan]]
  const from = FilteringDatabase.lookup(fdb, frame.sourceLow, frame.sourceHigh, fid, tree, now)
  if (from >= 0) {
    if (from !== peerLink && vpcOfPort[from] < 0) return false
    FilteringDatabase.learn(fdb, frame.sourceLow, frame.sourceHigh, fid, tree, from, now)
  }
  const isGroup = (frame.destinationHigh & 0x0100) !== 0
  const to = isGroup
    ? FilteringDatabase.UNKNOWN
    : FilteringDatabase.lookup(fdb, frame.destinationLow, frame.destinationHigh, fid, tree, now)
  if (to === FilteringDatabase.UNKNOWN) {
    const copies = MacRelay.flood(bridge, vlan, peerLink, frame, tci, out)
    if (!isGroup) Flooding.noteFrame(bridge.flooding, vlan, frame.wireOctets * copies, now)
    return true
  }
  const bits = to < 0 ? 0 : bitsOf[vlan * ports + to]
  const isOpen = (bits & (MEMBER | FORWARDING)) === (MEMBER | FORWARDING)
  if (to === peerLink || !isOpen) {
    const reason = to < 0 ? PortCounters.STATIC_DISCARD : to === peerLink ? PortCounters.SAME_PORT : PortCounters.EGRESS_BLOCKED
    bridge.drops[peerLink * PortCounters.REASONS + reason]++
    return true
  }
  out.transmit(to, frame, (bits & TAGGED) === 0 ? -1 : MacRelay.egressTag(bridge, vlan, tci))
  return true
}
