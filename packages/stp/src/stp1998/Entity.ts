/**
 * 802.1D-1998 spanning tree as a control protocol that a bridge may run: frames to BPDUs, timer numbers to names, commands to procedures.
 * No decision is taken here. One tree, tree 0; a protocol that runs a tree per VLAN will share everything but this file and the
 * encapsulation.
 */
import { ControlProtocolKind, type BridgePortStatus, type BridgeView, type ControlActions } from "@l2lab/l2/ControlProtocol"
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import * as Protocol from "@l2lab/l2/Protocol"
import type { Command } from "@l2lab/sim/Device"
import type { SimTime } from "@l2lab/sim/SimTime"
import * as Bpdu from "../Bpdu.ts"
import * as Discard from "../Discard.ts"
import { readFrame } from "../ReadFrame.ts"
import * as Columns from "./Columns.ts"
import { isStp1998Command } from "./Command.ts"
import * as Management from "./Management.ts"
import * as Operation from "./Operation.ts"
import type { Stp1998Config } from "./Settings.ts"
import * as State from "./State.ts"
import * as Timers from "./Timers.ts"

/** 802.1D knows one tree, and the relay's first one is it. */
const TREES = 1
const TREE = 0

const onPdu = (
  state: State.State,
  port: number,
  frame: EthernetFrame,
  tci: number,
  now: SimTime,
  actions: ControlActions,
): void => {
  const bpdu = readFrame(frame, tci)
  if (typeof bpdu === "number") return Discard.count(state.discarded, port, bpdu, actions)
  Operation.receivedBpdu(state, TREE, port, bpdu, now, actions)
}

const onTimer = (state: State.State, timer: number, now: SimTime, actions: ControlActions): void => {
  const tree = Timers.treeOf(state, timer)
  const port = Timers.portOf(state, timer)
  const name = Timers.nameOf(state, timer)
  Timers.expired(state, tree, port, name)
  switch (name) {
    case Timers.HELLO:
      return Operation.helloTimerExpiry(state, tree, now, actions)
    case Timers.TCN:
      return Operation.topologyChangeNotificationTimerExpiry(state, tree, now, actions)
    case Timers.TOPOLOGY_CHANGE:
      return Operation.topologyChangeTimerExpiry(state, tree, actions)
    case Timers.MESSAGE_AGE:
      return Operation.messageAgeTimerExpiry(state, tree, port, now, actions)
    case Timers.FORWARD_DELAY:
      return Operation.forwardDelayTimerExpiry(state, tree, port, now, actions)
    case Timers.HOLD:
      return Operation.holdTimerExpiry(state, tree, port, now, actions)
  }
}

const onPort = (state: State.State, port: number, status: BridgePortStatus, now: SimTime, actions: ControlActions): void => {
  if (status.up) Management.linkUp(state, port, status.rateBps, now, actions)
  else Management.linkDown(state, port, now, actions)
}

const onCommand = (state: State.State, command: Command, now: SimTime, actions: ControlActions): void => {
  if (!isStp1998Command(command)) return
  switch (command.type) {
    case "stp.set-bridge-priority":
      return Management.setBridgePriority(state, command.tree ?? TREE, command.priority, now, actions)
    case "stp.set-port-priority":
      return Management.setPortPriority(state, command.tree ?? TREE, command.port, command.priority, now, actions)
    case "stp.set-path-cost": {
      const cost = command.cost ?? State.COST_BY_RATE
      return Management.setPathCost(state, command.tree ?? TREE, command.port, cost, state.rateBps[command.port], now, actions)
    }
    case "stp.set-port-enabled":
      return Management.setPortEnabled(state, command.port, command.enabled, now, actions)
    case "stp.set-change-detection":
      return Management.setChangeDetection(state, command.tree ?? TREE, command.port, command.enabled)
    case "stp.set-bridge-times":
      return Management.setBridgeTimes(state, command.tree ?? TREE, command, now, actions)
  }
}

/** The control protocol `stp1998`, for registries of bridge kinds. */
export const Stp1998 = new ControlProtocolKind<State.State, Stp1998Config>({
  kind: "stp1998",
  bpdus: true,
  timers: (_config, bridge: BridgeView) => Timers.count(TREES, bridge.bridgePorts),
  make: (config, bridge) => State.make(config, bridge, TREES),
  claims: (frame) => frame.destination === Bpdu.GROUP_ADDRESS && frame.protocol === Protocol.BPDU,
  onBoot: (state, now, actions) => {
    for (let tree = 0; tree < state.trees; tree++) Management.initialization(state, tree, now, actions)
  },
  onPdu,
  onTimer,
  onPort,
  onCommand,
  copy: Columns.copy,
  fingerprint: Columns.fingerprint,
})
