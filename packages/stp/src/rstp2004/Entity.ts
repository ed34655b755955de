/**
 * 802.1D-2004 rapid spanning tree as a control protocol that a bridge may run: frames to BPDUs, a tick a second, commands to procedures. No
 * decision is taken here. One tree, tree 0.
 */
import { ControlProtocolKind, type BridgePortStatus, type ControlActions } from "@l2lab/l2/ControlProtocol"
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import * as Protocol from "@l2lab/l2/Protocol"
import type { Command } from "@l2lab/sim/Device"
import { SECOND, type SimTime } from "@l2lab/sim/SimTime"
import * as Bpdu from "../Bpdu.ts"
import * as Columns from "../Columns.ts"
import * as Discard from "../Discard.ts"
import { readFrame } from "../ReadFrame.ts"
import { isRstp2004Command } from "./Command.ts"
import * as Engine from "./Engine.ts"
import * as InitialState from "./InitialState.ts"
import * as Management from "./Management.ts"
import * as Reception from "./Reception.ts"
import type { Rstp2004Config } from "./Settings.ts"
import * as State from "./State.ts"

/** 802.1D knows one tree, and the relay's first one is it. */
const TREES = 1
const TREE = 0

/** The one timer: a second has passed. */
const TICK = 0

/** Columns of instants, which are fingerprinted relative to now. */
const TIMES: ReadonlySet<string> = new Set<keyof State.State>(["lastChangeAt", "lastTopologyChangeAt"])

const onBoot = (state: State.State, now: SimTime, actions: ControlActions): void => {
  for (let tree = 0; tree < state.trees; tree++) Engine.begin(state, tree, now, actions)
  // Bridges are not switched on together: each counts its seconds from an instant of its own.
  actions.startTimer(TICK, now + 1 + (actions.random() % SECOND))
}

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
  Reception.receive(state, TREE, port, bpdu, now, actions)
}

const onTimer = (state: State.State, _timer: number, now: SimTime, actions: ControlActions): void => {
  actions.startTimer(TICK, now + SECOND)
  for (let tree = 0; tree < state.trees; tree++) Engine.second(state, tree, now, actions)
}

const onPort = (state: State.State, port: number, status: BridgePortStatus, now: SimTime, actions: ControlActions): void => {
  if (status.up) Management.linkUp(state, port, status.rateBps, status.fullDuplex, now, actions)
  else Management.linkDown(state, port, now, actions)
}

const onCommand = (state: State.State, command: Command, now: SimTime, actions: ControlActions): void => {
  if (!isRstp2004Command(command)) return
  switch (command.type) {
    case "stp.set-bridge-priority":
      return Management.setBridgePriority(state, command.tree ?? TREE, command.priority, now, actions)
    case "stp.set-port-priority":
      return Management.setPortPriority(state, command.tree ?? TREE, command.port, command.priority, now, actions)
    case "stp.set-path-cost":
      return Management.setPathCost(state, command.tree ?? TREE, command.port, command.cost ?? State.COST_BY_RATE, now, actions)
    case "stp.set-port-enabled":
      return Management.setPortEnabled(state, command.port, command.enabled, now, actions)
    case "stp.set-bridge-times":
      return Management.setBridgeTimes(state, command.tree ?? TREE, command, now, actions)
    case "stp.check-migration":
      return Management.checkMigration(state, command.port, now, actions)
  }
}

/** The control protocol `rstp2004`, for registries of bridge kinds. */
export const Rstp2004 = new ControlProtocolKind<State.State, Rstp2004Config>({
  kind: "rstp2004",
  bpdus: true,
  timers: () => 1,
  make: (config, bridge) => InitialState.make(config, bridge, TREES),
  claims: (frame) => frame.destination === Bpdu.GROUP_ADDRESS && frame.protocol === Protocol.BPDU,
  onBoot,
  onPdu,
  onTimer,
  onPort,
  onCommand,
  copy: Columns.copy,
  fingerprint: (state, digest, now) => Columns.fingerprint(state, digest, now, TIMES),
})
