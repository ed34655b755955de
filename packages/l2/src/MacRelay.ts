/**
 * The MAC relay: what a bridge does with a data frame. Ingress rules, learning, filtering, forwarding or flooding, egress rules, in
 * that order. It writes bridge ports; where link ports are bundled, `BundleEgress` makes link ports of them. This is the hottest code of the emulator; nothing is allocated in it.
 */
import type { Outbox, Tci } from "@l2lab/sim/Device"
import type { SimTime } from "@l2lab/sim/SimTime"
import { FORWARDING, LEARNING, type BridgeState } from "./BridgeState.ts"
import type { EthernetFrame } from "./EthernetFrame.ts"
import * as FilteringDatabase from "./FilteringDatabase.ts"
import * as Flooding from "./Flooding.ts"
import * as MacAddress from "./MacAddress.ts"
import * as MacMove from "./MacMove.ts"
import * as Pairing from "./Pairing.ts"
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
  const tagged = tci >= 0 && (tci & 0x0fff) !== 0
  const vlan = tagged ? vlans.indexOf[tci & 0x0fff] : vlans.indexOfUntagged[port]
  if (vlan === NO_VLAN) {
    return drop(state, port, tagged || vlans.pvid[port] !== 0 ? PortCounters.UNKNOWN_VLAN : PortCounters.UNTAGGED_REFUSED)
  }
  const row = vlan * state.ports
  const ingress = state.relay[row + port]
  if ((ingress & (MEMBER | LEARNING)) !== (MEMBER | LEARNING)) {
    return drop(state, port, (ingress & MEMBER) === 0 ? PortCounters.INGRESS_FILTERED : PortCounters.PORT_BLOCKED)
  }
  const { sourceHigh, destinationHigh } = frame
  if ((sourceHigh & 0x0100) !== 0) return drop(state, port, PortCounters.GROUP_SOURCE)

  const place = vlans.plain ? vlan : vlans.placeOf[vlan]
  const tree = place >>> 16
  const fid = place & 0xffff
  const learnt = FilteringDatabase.learn(fdb, frame.sourceLow, sourceHigh, fid, tree, port, now)
  if (learnt !== FilteringDatabase.REFRESHED) {
    if (out.tracing || (state.macMoves !== null && now >= state.macMoves.restUntil)) {
      noteLearning(state, learnt, port, frame, vlans.ids[vlan], now, out)
    }
    if (state.pairing !== null && learnt <= FilteringDatabase.MOVED) Pairing.note(state, Pairing.LEARNT, frame.source, fid, port)
  }
  if ((ingress & FORWARDING) === 0) return drop(state, port, PortCounters.PORT_BLOCKED)

  if ((destinationHigh & 0x0100) === 0) {
    const egress = FilteringDatabase.lookup(fdb, frame.destinationLow, destinationHigh, fid, tree, now)
    if (egress >= 0) {
      if (egress === port) return drop(state, port, PortCounters.SAME_PORT)
      const bits = state.relay[row + egress]
      if ((bits & CARRIES) !== CARRIES) return drop(state, port, PortCounters.EGRESS_BLOCKED)
      const tag = (bits & TAGGED) === 0 ? -1 : tagged ? tci : egressTag(state, vlan, tci)
      out.transmit(egress, frame, tag)
      return
    }
    if (egress === FilteringDatabase.DISCARD) return drop(state, port, PortCounters.STATIC_DISCARD)
    const copies = flood(state, vlan, port, frame, tci, out)
    Flooding.noteFrame(state.flooding, vlan, frame.wireOctets * copies, now)
    return
  }
  flood(state, vlan, port, frame, tci, out)
}

/** Send out of every other forwarding member port; returns their number. One frame object serves tagged and untagged ports. */
export const flood = (
  state: BridgeState,
  vlan: number,
  ingress: number,
  frame: EthernetFrame,
  tci: Tci,
  out: Outbox<EthernetFrame>,
): number => {
  const { ports, relay: bitsOf } = state
  const row = vlan * ports
  let copies = 0
  for (let port = 0; port < ports; port++) {
    const bits = bitsOf[row + port]
    if ((bits & CARRIES) !== CARRIES || port === ingress) continue
    out.transmit(port, frame, (bits & TAGGED) === 0 ? -1 : egressTag(state, vlan, tci))
    copies++
  }
  return copies
}

/** The tag that a frame leaves with: its VLAN, and the priority and drop eligibility that it came with. */
export const egressTag = (state: BridgeState, vlan: number, tci: Tci): Tci => (tci < 0 ? 0 : tci & 0xf000) | state.vlans.ids[vlan]

const noteLearning = (
  state: BridgeState,
  learnt: number,
  port: number,
  { sourceHigh, sourceLow }: EthernetFrame,
  vid: number,
  now: SimTime,
  out: Outbox<EthernetFrame>,
): void => {
  const { fdb, macMoves } = state
  if (learnt === FilteringDatabase.MOVED && macMoves !== null && now >= macMoves.restUntil) {
    MacMove.note(macMoves, sourceLow, sourceHigh, vid, fdb.movedFrom, port, now, out)
  }
  if (!out.tracing) return
  const address = MacAddress.fromParts(sourceHigh, sourceLow)
  if (learnt === FilteringDatabase.MOVED) out.detail(Trace.CAM_MOVED.code, address, vid, fdb.movedFrom, port)
  else if (learnt === FilteringDatabase.ADDED) out.detail(Trace.CAM_LEARNT.code, address, vid, port, 0)
  else if (learnt === FilteringDatabase.REFUSED) out.detail(Trace.CAM_FULL.code, address, vid, port, 0)
}
