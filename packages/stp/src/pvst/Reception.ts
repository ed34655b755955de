/** Which tree a BPDU belongs to, by the frame that it came in; and which are for no tree of this bridge. */
import type { ControlActions } from "@l2lab/l2/ControlProtocol"
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import type { SimTime } from "@l2lab/sim/SimTime"
import { Result } from "effect"
import type * as Bpdu from "../Bpdu.ts"
import * as Discard from "../Discard.ts"
import * as Inconsistency from "../Inconsistency.ts"
import { readFrame } from "../ReadFrame.ts"
import * as Trace from "../Trace.ts"
import * as Consistency from "./Consistency.ts"
import type { Machines } from "./Machines.ts"
import * as Sstp from "./Sstp.ts"
import { COMMON_VLAN, ENCAPSULATION_NONE, NO_TREE, type State } from "./State.ts"

/** The VLAN of a tag, 0 for none and for a priority tag. */
const vlanOfTag = (tci: number): number => (tci < 0 ? 0 : tci & 0x0fff)

const discard = <Trees>(
  machines: Machines<Trees>,
  state: State<Trees>,
  port: number,
  reason: number,
  actions: ControlActions,
): void => Discard.count(machines.discarded(state.machines), port, reason, actions)

/** A BPDU of 802.1D: the access VLAN's, or on a trunk VLAN 1's. False if that VLAN runs without a tree, and the frame is data. */
export const receiveIeee = <Trees>(
  machines: Machines<Trees>,
  state: State<Trees>,
  port: number,
  frame: EthernetFrame,
  tci: number,
  now: SimTime,
  actions: ControlActions,
): false | void => {
  const tree = state.ieeeTree[port]
  if (tree === NO_TREE) return discard(machines, state, port, Discard.VLAN_NOT_CARRIED, actions)
  if (tree >= state.instances) return false
  const bpdu = readFrame(frame, tci)
  if (typeof bpdu === "number") return discard(machines, state, port, bpdu, actions)
  give(machines, state, tree, port, bpdu, now, actions)
}

/** An SSTP frame: of the VLAN that it came in, if that is also the one that it says. False if that VLAN runs without a tree, and the frame is data. */
export const receiveSstp = <Trees>(
  machines: Machines<Trees>,
  state: State<Trees>,
  port: number,
  frame: EthernetFrame,
  tci: number,
  now: SimTime,
  actions: ControlActions,
): false | void => {
  const tag = vlanOfTag(tci)
  const isTrunk = state.isTrunk[port] === 1
  const vlan = tag !== 0 && isTrunk ? tag : state.untaggedVlan[port]
  const tree = state.treeOfVlan[vlan]
  if (vlan === 0 || tree === NO_TREE) return discard(machines, state, port, Discard.VLAN_NOT_CARRIED, actions)
  if (tree >= state.instances) return false
  const i = tree * state.ports + port
  if (state.encapsulation[i] === ENCAPSULATION_NONE) return discard(machines, state, port, Discard.VLAN_NOT_CARRIED, actions)
  const sstp = sstpOf(frame)
  if (typeof sstp === "number") return discard(machines, state, port, sstp, actions)
  state.sstpReceived[i]++
  if (!isTrunk) {
    tell(machines, state, i, Inconsistency.TYPE, vlan, 0, actions)
    Consistency.block(machines, state, port, vlan, Inconsistency.TYPE, sstp, now, actions)
    return discard(machines, state, port, Discard.PORT_TYPE, actions)
  }
  if (sstp.pvid !== undefined && sstp.pvid !== vlan) {
    tell(machines, state, i, Inconsistency.PVID, vlan, sstp.pvid, actions)
    Consistency.block(machines, state, port, vlan, Inconsistency.PVID, sstp, now, actions)
    Consistency.block(machines, state, port, sstp.pvid, Inconsistency.PVID, sstp, now, actions)
    return discard(machines, state, port, Discard.PVID_MISMATCH, actions)
  }
  // VLAN 1's tree goes by the BPDUs of 802.1D; this one only shows that both ends mean the same VLAN.
  if (vlan !== COMMON_VLAN) give(machines, state, tree, port, sstp.bpdu, now, actions)
}

/** Say once what is found: another VLAN than the one that the frame came in, or (0) that the port is no trunk. */
const tell = <Trees>(
  machines: Machines<Trees>,
  state: State<Trees>,
  i: number,
  reason: number,
  vlan: number,
  peer: number,
  actions: ControlActions,
): void => {
  if ((machines.inconsistent(state.machines)[i] & reason) !== 0) return
  actions.trace(Trace.PEER_VLAN.code, i % state.ports, vlan, peer, 0)
}

/** The BPDU and VLAN in a frame, or the code in `Discard` of why there is none. */
const sstpOf = ({ payload }: EthernetFrame): Sstp.SstpBpdu | number => {
  if (!(payload instanceof Uint8Array)) return payload.protocol === "sstp" ? (payload as Sstp.SstpBpdu) : Discard.MALFORMED
  const parsed = Sstp.parse(payload)
  return Result.isSuccess(parsed) ? parsed.success : Discard.ofCodecError(parsed.failure.reason)
}

const give = <Trees>(
  machines: Machines<Trees>,
  state: State<Trees>,
  tree: number,
  port: number,
  bpdu: Bpdu.Bpdu,
  now: SimTime,
  actions: ControlActions,
): void => {
  if (machines.inconsistent(state.machines)[tree * state.ports + port] !== Inconsistency.CONSISTENT) {
    return discard(machines, state, port, Discard.INCONSISTENT_PORT, actions)
  }
  machines.receive(state.machines, tree, port, bpdu, now, actions)
}
