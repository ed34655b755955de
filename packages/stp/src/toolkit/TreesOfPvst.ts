/** A tree per VLAN, as the guards see it: the machines of 802.1D, and which frame is of which VLAN's tree. */
import { Result } from "effect"
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import * as GroupAddress from "@l2lab/l2/GroupAddress"
import * as Sstp from "../pvst/Sstp.ts"
import { NO_TREE, type State } from "../pvst/State.ts"
import { VlanActions } from "../pvst/VlanActions.ts"
import { readFrame } from "../ReadFrame.ts"
import type { Heard, Trees } from "./Trees.ts"

const VID = 0x0fff

/** The VLAN that a frame came in on a port, 0 for none. */
export const vlanOf = (state: State<unknown>, port: number, tci: number): number => {
  const tag = tci < 0 ? 0 : tci & VID
  return tag !== 0 && state.isTrunk[port] === 1 ? tag : state.untaggedVlan[port]
}

const heard = (tree: number, instances: number, bpdu: Heard["bpdu"] | number): Heard | undefined =>
  tree === NO_TREE || tree >= instances || typeof bpdu === "number" ? undefined : { tree, bpdu }

/** What is blocked for an inconsistency of VLANs or of types is that guard's business. */
const readSstp = (state: State<unknown>, port: number, { payload }: EthernetFrame, tci: number): Heard | undefined => {
  const parsed = payload instanceof Uint8Array ? Sstp.parse(payload) : Result.succeed(payload as Sstp.SstpBpdu)
  const vlan = vlanOf(state, port, tci)
  if (Result.isFailure(parsed) || state.isTrunk[port] === 0) return undefined
  const { bpdu, pvid } = parsed.success
  return pvid !== undefined && pvid !== vlan ? undefined : heard(state.treeOfVlan[vlan], state.instances, bpdu)
}

/** What the guards ask of a tree per VLAN, of which they know the machines. */
export const treesOfPvst = <Machines>(of: Trees<Machines>): Trees<State<Machines>> => {
  const vlanActions = new VlanActions()
  return {
    isJoint: false,
    speaksBothWays: of.speaksBothWays,
    trees: (s) => of.trees(s.machines),
    ports: (s) => s.ports,
    inconsistent: (s) => of.inconsistent(s.machines),
    setInconsistent: (s, tree, port, bits, now, actions) =>
      of.setInconsistent(s.machines, tree, port, bits, now, vlanActions.at(s, actions)),
    mstidOf: () => 0,
    isMember: (s, tree, port) => of.isMember(s.machines, tree, port),
    isEdge: (s, tree, port) => of.isEdge(s.machines, tree, port),
    setAdminEdge: (s, port, isEdge, now, actions) => of.setAdminEdge(s.machines, port, isEdge, now, vlanActions.at(s, actions)),
    // The one behind the machines' is that of inconsistent VLANs.
    timers: (s) => of.timers(s.machines) + 1,
    isPointToPoint: (s, port, fullDuplex) => of.isPointToPoint(s.machines, port, fullDuplex),
    helloTime: (s, tree, port) => of.helloTime(s.machines, tree, port),
    read: (s, port, frame, tci) =>
      frame.destination === GroupAddress.CISCO_SSTP
        ? readSstp(s, port, frame, tci)
        : heard(s.ieeeTree[port], s.instances, readFrame(frame, tci)),
    isSuperior: (s, tree, port, bpdu) => of.isSuperior(s.machines, tree, port, bpdu),
    lifetime: (s, tree, port, bpdu) => of.lifetime(s.machines, tree, port, bpdu),
    agingOut: (s, timer, found) => of.agingOut(s.machines, timer, found),
    speak: (s, timer, port) => of.speak(s.machines, timer, port),
  }
}
