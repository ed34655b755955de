/** What a bridge that guards itself does with a frame before its relay gets it. Nothing of this is on the way of a frame elsewhere. */
import type { Outbox, Tci } from "@l2lab/sim/Device"
import type { SimTime } from "@l2lab/sim/SimTime"
import { FORWARDING, type BridgeState } from "./BridgeState.ts"
import * as ControlPlane from "./ControlPlane.ts"
import type { EthernetFrame } from "./EthernetFrame.ts"
import * as FilteringDatabase from "./FilteringDatabase.ts"
import * as PortCounters from "./PortCounters.ts"
import * as PortSecurity from "./PortSecurity.ts"
import * as StormControl from "./StormControl.ts"
import * as Trace from "./Trace.ts"
import { MEMBER, NO_VLAN } from "./VlanTable.ts"

const drop = (state: BridgeState, port: number, reason: number): true => {
  state.drops[port * PortCounters.REASONS + reason]++
  return true
}

/** The index of the VLAN that a frame came in. */
const vlanOf = ({ vlans }: BridgeState, port: number, tci: Tci): number =>
  tci >= 0 && (tci & 0x0fff) !== 0 ? vlans.indexOf[tci & 0x0fff] : vlans.indexOfUntagged[port]

const isKnown = (state: BridgeState, port: number, frame: EthernetFrame, tci: Tci, now: SimTime): boolean => {
  const vlan = vlanOf(state, port, tci)
  if (vlan === NO_VLAN) return true
  const { fidOf, treeOf } = state.vlans
  const { destinationHigh, destinationLow } = frame
  const port2 = FilteringDatabase.lookup(state.fdb, destinationLow, destinationHigh, fidOf[vlan], treeOf[vlan], now)
  return port2 !== FilteringDatabase.UNKNOWN
}

/** Whether storm control filters the frame. `isControl`: it is for bridges. */
export const isStorm = (
  state: BridgeState,
  port: number,
  frame: EthernetFrame,
  tci: Tci,
  isControl: boolean,
  now: SimTime,
  out: Outbox<EthernetFrame>,
): boolean => {
  const { on } = state.storm
  if (on.length === 0 || on[port] === 0) return false
  const config = state.config.stormControl?.[port]
  if (isControl && config?.takesBpdus !== true) return false
  const known = config?.unknownUnicast === undefined || isKnown(state, port, frame, tci, now)
  return StormControl.stops(state, port, frame, tci, known, now, out) && drop(state, port, PortCounters.STORM_CONTROL)
}

/** Whether port security drops the frame. */
export const isInsecure = (
  state: BridgeState,
  port: number,
  frame: EthernetFrame,
  tci: Tci,
  now: SimTime,
  out: Outbox<EthernetFrame>,
): boolean => PortSecurity.stops(state, port, frame, tci, now, out) && drop(state, port, PortCounters.PORT_SECURITY)

/** A PDU does not get to the processor. */
export const losePdu = (state: BridgeState, port: number, out: Outbox<EthernetFrame>): void => {
  drop(state, port, PortCounters.CONTROL_PLANE)
  if (out.tracing) out.detail(Trace.PDU_LOST.code, port, 0, 0, 0)
}

/** A frame of a group that the relay takes may cost the processor time. */
export const punt = (
  state: BridgeState,
  port: number,
  frame: EthernetFrame,
  tci: Tci,
  now: SimTime,
  out: Outbox<EthernetFrame>,
): void => {
  const vlan = vlanOf(state, port, tci)
  if (vlan === NO_VLAN) return
  const bits = state.relay[vlan * state.ports + port]
  if ((bits & (MEMBER | FORWARDING)) === (MEMBER | FORWARDING)) ControlPlane.punt(state, frame, state.vlans.ids[vlan], now, out)
}
