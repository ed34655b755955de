/**
 * The MAC relay: what a bridge does with a data frame. Ingress rules, learning, filtering, forwarding or flooding, egress rules, in
 * that order. This is the hottest code of the emulator; nothing is allocated in it.
 */
import type { Outbox, Tci } from "@l2lab/sim/Device"
import type { SimTime } from "@l2lab/sim/SimTime"
import { FORWARDING, LEARNING, type BridgeState } from "./BridgeState.ts"
import type { EthernetFrame } from "./EthernetFrame.ts"
import * as FilteringDatabase from "./FilteringDatabase.ts"
import * as MacAddress from "./MacAddress.ts"
import * as PortCounters from "./PortCounters.ts"
import * as Trace from "./Trace.ts"
import { MEMBER, NO_VLAN, TAGGED } from "./VlanTable.ts"

/** A port that carries the VLAN's frames. */
const CARRIES = MEMBER | FORWARDING

const drop = (state: BridgeState, port: number, reason: number): void => {
  state.drops[port * PortCounters.REASONS + reason]++
}

/** Relay a frame that came in on bridge port `port` with the outer tag `tci` (-1 = untagged). */
export const relay = (
  state: BridgeState,
  port: number,
  frame: EthernetFrame,
  tci: Tci,
  now: SimTime,
  out: Outbox<EthernetFrame>,
): void => {
  const { vlans, fdb } = state

  // Ingress: a tag names the VLAN, a priority tag (VLAN id 0) or none leaves it to the port.
  let vid = tci < 0 ? 0 : tci & 0x0fff
  if (vid === 0) vid = vlans.pvid[port]
  const vlan = vlans.indexOf[vid]
  if (vlan === NO_VLAN) return drop(state, port, vid === 0 ? PortCounters.UNTAGGED_REFUSED : PortCounters.UNKNOWN_VLAN)
  const row = vlan * state.ports
  const ingress = state.relay[row + port]
  if ((ingress & (MEMBER | LEARNING)) !== (MEMBER | LEARNING)) {
    return drop(state, port, (ingress & MEMBER) === 0 ? PortCounters.INGRESS_FILTERED : PortCounters.PORT_BLOCKED)
  }
  const { sourceHigh, destinationHigh } = frame
  if ((sourceHigh & 0x0100) !== 0) return drop(state, port, PortCounters.GROUP_SOURCE)

  const tree = vlans.treeOf[vlan]
  const fid = vlans.fidOf[vlan]
  const learnt = FilteringDatabase.learn(fdb, frame.sourceLow, sourceHigh, fid, tree, port, now)
  if (learnt !== FilteringDatabase.REFRESHED && out.tracing) traceLearning(state, learnt, port, frame, vid, out)
  if ((ingress & FORWARDING) === 0) return drop(state, port, PortCounters.PORT_BLOCKED)

  const tag = tci < 0 ? vid : (tci & 0xf000) | vid
  if ((destinationHigh & 0x0100) === 0) {
    const egress = FilteringDatabase.lookup(fdb, frame.destinationLow, destinationHigh, fid, tree, now)
    if (egress >= 0) {
      if (egress === port) return drop(state, port, PortCounters.SAME_PORT)
      const bits = state.relay[row + egress]
      if ((bits & CARRIES) !== CARRIES) return drop(state, port, PortCounters.EGRESS_BLOCKED)
      out.transmit(state.linkPortOf[egress], frame, (bits & TAGGED) !== 0 ? tag : -1)
      return
    }
    if (egress === FilteringDatabase.DISCARD) return drop(state, port, PortCounters.STATIC_DISCARD)
    state.unknownUnicastFrames++
    state.unknownUnicastOctets += frame.wireOctets * flood(state, row, port, frame, tag, out)
    return
  }
  flood(state, row, port, frame, tag, out)
}

/** Send out of every other forwarding member port; returns their number. One frame object serves tagged and untagged ports. */
const flood = (
  state: BridgeState,
  row: number,
  ingress: number,
  frame: EthernetFrame,
  tag: number,
  out: Outbox<EthernetFrame>,
): number => {
  const { ports, relay: bitsOf, linkPortOf } = state
  let copies = 0
  for (let port = 0; port < ports; port++) {
    const bits = bitsOf[row + port]
    if ((bits & CARRIES) !== CARRIES || port === ingress) continue
    out.transmit(linkPortOf[port], frame, (bits & TAGGED) !== 0 ? tag : -1)
    copies++
  }
  return copies
}

const traceLearning = (
  state: BridgeState,
  learnt: number,
  port: number,
  frame: EthernetFrame,
  vid: number,
  out: Outbox<EthernetFrame>,
): void => {
  const address = MacAddress.fromParts(frame.sourceHigh, frame.sourceLow)
  if (learnt === FilteringDatabase.MOVED) out.detail(Trace.CAM_MOVED.code, address, vid, state.fdb.movedFrom, port)
  else if (learnt === FilteringDatabase.ADDED) out.detail(Trace.CAM_LEARNT.code, address, vid, port, 0)
  else if (learnt === FilteringDatabase.REFUSED) out.detail(Trace.CAM_FULL.code, address, vid, port, 0)
}
