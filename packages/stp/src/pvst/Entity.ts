/**
 * PVST+ and Rapid PVST+ as control protocols that a bridge may run: a tree per VLAN, each by the machines of 802.1D-1998 or 802.1D-2004. No decision is
 * taken here. Trees of the relay that have no instance (the platform's limit) forward on every port that is up.
 */
import { ControlProtocolKind, type BridgePortStatus, type BridgeView, type ControlActions } from "@l2lab/l2/ControlProtocol"
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import * as GroupAddress from "@l2lab/l2/GroupAddress"
import * as Protocol from "@l2lab/l2/Protocol"
import type { Command } from "@l2lab/sim/Device"
import type { SimTime } from "@l2lab/sim/SimTime"
import * as Bpdu from "../Bpdu.ts"
import * as Columns from "../Columns.ts"
import type { State as State2004 } from "../rstp2004/State.ts"
import type { State as State1998 } from "../stp1998/State.ts"
import { isPvstCommand, type PvstCommand } from "./Command.ts"
import * as Consistency from "./Consistency.ts"
import { MACHINES_1998, MACHINES_2004, type Machines } from "./Machines.ts"
import * as Reception from "./Reception.ts"
import * as Settings from "./Settings.ts"
import * as State from "./State.ts"
import { VlanActions } from "./VlanActions.ts"

/** Columns of instants of the machines and of what is around them, which are fingerprinted relative to now. */
const TIMES: ReadonlySet<string> = new Set<keyof State.State | keyof State1998 | keyof State2004>([
  "inconsistentUntil",
  "helloTimer",
  "tcnTimer",
  "topologyChangeTimer",
  "messageAgeTimer",
  "forwardDelayTimer",
  "holdTimer",
  "lastChangeAt",
  "lastTopologyChangeAt",
])

const isSstp = (frame: EthernetFrame): boolean => frame.destination === GroupAddress.CISCO_SSTP

/** The trees that a command is for: one, whether its VLAN exists now or not, or (-1) all. */
const treeOfCommand = (state: State.State<unknown>, command: PvstCommand): number => {
  if (command.vlan === undefined) return command.tree ?? -1
  const tree = state.vlanOfTree.indexOf(command.vlan)
  return tree < 0 ? State.NO_TREE : tree
}

/** A command as the machines take it: of a tree, with the VLAN in a bridge priority. */
const forTree = (state: State.State<unknown>, command: PvstCommand, tree: number): PvstCommand =>
  command.type === "stp.set-bridge-priority"
    ? { ...command, tree, priority: Settings.priorityIn(state.vlanOfTree[tree], command.priority) }
    : { ...command, tree }

/** The kind that runs these machines. */
const kindOf = <Trees>(machines: Machines<Trees>): ControlProtocolKind<State.State<Trees>, Settings.PvstConfig> => {
  const { protocol } = machines
  const vlanActions = new VlanActions()
  const instances = (config: Settings.PvstConfig, bridge: BridgeView): number => Settings.instancesOf(bridge.trees, config)

  const onPort = (
    state: State.State<Trees>,
    port: number,
    status: BridgePortStatus,
    now: SimTime,
    actions: ControlActions,
  ): void => {
    for (let tree = state.instances; tree < state.relayTrees; tree++) actions.setPortState(port, tree, status.up, status.up)
    const own = vlanActions.at(state, actions)
    protocol.onPort(state.machines, port, status, now, own)
    if (!status.up) Consistency.linkDown(machines, state, port, now, own)
  }

  const onCommand = (state: State.State<Trees>, command: Command, now: SimTime, actions: ControlActions): void => {
    if (!isPvstCommand(command)) return
    const own = vlanActions.at(state, actions)
    // What is of a port and not of a tree is told once.
    if (command.type === "stp.set-port-enabled" || command.type === "stp.check-migration") {
      return protocol.onCommand(state.machines, command, now, own)
    }
    const one = treeOfCommand(state, command)
    for (let tree = 0; tree < state.instances; tree++) {
      if (one === -1 || one === tree) protocol.onCommand(state.machines, forTree(state, command, tree), now, own)
    }
  }

  /** VLANs that a port carries no longer are disabled on it, those that it carries from here on begin. */
  const onVlans = (state: State.State<Trees>, bridge: BridgeView, now: SimTime, actions: ControlActions): void => {
    const own = vlanActions.at(state, actions)
    const exists = State.existing(bridge)
    State.mapVlans(state, bridge, exists)
    for (let port = 0; port < state.ports; port++) {
      State.configurePort(state, port, bridge.switchPorts[port], exists)
      for (let tree = 0; tree < state.instances; tree++) {
        const member = state.encapsulation[tree * state.ports + port] !== State.ENCAPSULATION_NONE
        if (!member) Consistency.left(machines, state, tree, port, now, own)
        machines.setMember(state.machines, tree, port, member, now, own)
      }
    }
  }

  return new ControlProtocolKind<State.State<Trees>, Settings.PvstConfig>({
    kind: machines.kind,
    bpdus: true,
    timers: (config, bridge) => machines.timers(instances(config, bridge), bridge.bridgePorts) + 1,
    make: (config, bridge) => {
      const vlanOfTree = State.vlansOfTrees(bridge, instances(config, bridge))
      const trees = machines.make(config, bridge, vlanOfTree)
      const state = State.make(trees, machines.kind === "rapid-pvst", bridge, vlanOfTree)
      const member = machines.member(trees)
      for (let i = 0; i < member.length; i++) member[i] = state.encapsulation[i] === State.ENCAPSULATION_NONE ? 0 : 1
      return state
    },
    claims: (frame) =>
      isSstp(frame)
        ? frame.protocol === Protocol.SSTP
        : frame.destination === Bpdu.GROUP_ADDRESS && frame.protocol === Protocol.BPDU,
    onBoot: (state, now, actions) => protocol.onBoot(state.machines, now, vlanActions.at(state, actions)),
    onPdu: (state, port, frame, tci, now, actions) =>
      isSstp(frame)
        ? Reception.receiveSstp(machines, state, port, frame, tci, now, vlanActions.at(state, actions))
        : Reception.receiveIeee(machines, state, port, frame, tci, now, vlanActions.at(state, actions)),
    onTimer: (state, timer, now, actions) => {
      const own = vlanActions.at(state, actions)
      if (timer === Consistency.expiryTimer(machines, state)) Consistency.expire(machines, state, now, own)
      else protocol.onTimer(state.machines, timer, now, own)
    },
    onPort,
    onVlans,
    onCommand,
    copy: Columns.copy,
    fingerprint: (state, digest, now) => Columns.fingerprint(state, digest, now, TIMES),
  })
}

/** The control protocol `pvst`, for registries of bridge kinds. */
export const Pvst = kindOf(MACHINES_1998)

/** The control protocol `rapid-pvst`. */
export const RapidPvst = kindOf(MACHINES_2004)
