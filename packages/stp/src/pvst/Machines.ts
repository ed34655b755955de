/** What PVST+ needs of the machines that it runs once a VLAN: 802.1D-1998's, or for Rapid PVST+ 802.1D-2004's. */
import type { VlanId } from "@l2lab/l2/BridgeConfig"
import type { BridgeView, ControlActions, ControlProtocolKind } from "@l2lab/l2/ControlProtocol"
import type { SimTime } from "@l2lab/sim/SimTime"
import type * as Bpdu from "../Bpdu.ts"
import { Rstp2004 } from "../rstp2004/Entity.ts"
import * as InitialState2004 from "../rstp2004/InitialState.ts"
import * as Management2004 from "../rstp2004/Management.ts"
import * as Reception2004 from "../rstp2004/Reception.ts"
import type { State as State2004 } from "../rstp2004/State.ts"
import { Stp1998 } from "../stp1998/Entity.ts"
import * as Management1998 from "../stp1998/Management.ts"
import * as Operation1998 from "../stp1998/Operation.ts"
import * as S1998 from "../stp1998/State.ts"
import * as Timers1998 from "../stp1998/Timers.ts"
import * as Settings from "./Settings.ts"

/** The machines of one of the two standards, over any number of trees. */
export interface Machines<Trees> {
  readonly kind: "pvst" | "rapid-pvst"
  /** Boots, ticks, follows links and obeys commands for all trees at once. */
  readonly protocol: Pick<ControlProtocolKind<Trees, never>, "onBoot" | "onTimer" | "onPort" | "onCommand">
  readonly timers: (instances: number, ports: number) => number
  readonly make: (config: Settings.PvstConfig, bridge: BridgeView, vlanOfTree: ReadonlyArray<VlanId>) => Trees
  /** Columns: membership and inconsistency by (tree, port), BPDUs that were not taken by port and reason. */
  readonly member: (machines: Trees) => Uint8Array
  readonly inconsistent: (machines: Trees) => Uint8Array
  readonly discarded: (machines: Trees) => Float64Array
  readonly receive: (machines: Trees, tree: number, port: number, bpdu: Bpdu.Bpdu, now: SimTime, actions: ControlActions) => void
  readonly setMember: (
    machines: Trees,
    tree: number,
    port: number,
    member: boolean,
    now: SimTime,
    actions: ControlActions,
  ) => void
  readonly setInconsistent: (
    machines: Trees,
    tree: number,
    port: number,
    bits: number,
    now: SimTime,
    actions: ControlActions,
  ) => void
}

/** PVST+. */
export const MACHINES_1998: Machines<S1998.State> = {
  kind: "pvst",
  protocol: Stp1998,
  timers: Timers1998.count,
  make: (config, bridge, vlanOfTree) => S1998.make(Settings.stp1998Config(config, vlanOfTree), bridge, vlanOfTree.length),
  member: (machines) => machines.member,
  inconsistent: (machines) => machines.inconsistent,
  discarded: (machines) => machines.discarded,
  receive: Operation1998.receivedBpdu,
  setMember: Management1998.setMember,
  setInconsistent: Management1998.setInconsistent,
}

/** Rapid PVST+. */
export const MACHINES_2004: Machines<State2004> = {
  kind: "rapid-pvst",
  protocol: Rstp2004,
  timers: () => 1,
  make: (config, bridge, vlanOfTree) =>
    InitialState2004.make(Settings.rstp2004Config(config, vlanOfTree, bridge.bridgePorts), bridge, vlanOfTree.length),
  member: (machines) => machines.member,
  inconsistent: (machines) => machines.inconsistent,
  discarded: (machines) => machines.discarded,
  receive: Reception2004.receive,
  setMember: Management2004.setMember,
  setInconsistent: Management2004.setInconsistent,
}
