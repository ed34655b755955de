/**
 * 802.1Q-2005 multiple spanning trees as a control protocol that a bridge may run: frames to BPDUs, a tick a second, commands to procedures. No
 * decision is taken here. The bridge must have room for as many trees as its region has MSTIs, and one more for the CIST.
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
import { isMstpCommand } from "./Command.ts"
import * as Engine from "./Engine.ts"
import * as InitialState from "./InitialState.ts"
import * as Management from "./Management.ts"
import * as PvstSimulation from "./PvstSimulation.ts"
import * as Reception from "./Reception.ts"
import type { MstpConfig } from "./Settings.ts"
import { CIST, COST_BY_RATE, type State } from "./State.ts"

/** The one timer: a second has passed. */
const TICK = 0

/** Columns of instants, which are fingerprinted relative to now. */
const TIMES: ReadonlySet<string> = new Set<keyof State>(["lastChangeAt", "lastTopologyChangeAt"])

const onBoot = (state: State, now: SimTime, actions: ControlActions): void => {
  actions.setVlanTrees((vlan) => state.treeOfVlan[vlan])
  Engine.begin(state, now, actions)
  // Bridges are not switched on together: each counts its seconds from an instant of its own.
  actions.startTimer(TICK, now + 1 + (actions.random() % SECOND))
}

const onPdu = (
  state: State,
  port: number,
  frame: EthernetFrame,
  tci: number,
  now: SimTime,
  actions: ControlActions,
): false | void => {
  if (PvstSimulation.isSstp(frame)) return PvstSimulation.receive(state, port, frame, now, actions)
  const bpdu = readFrame(frame, tci)
  if (typeof bpdu === "number") return Discard.count(state.discarded, port, bpdu, actions)
  Reception.receive(state, port, bpdu, now, actions)
}

const onTimer = (state: State, _timer: number, now: SimTime, actions: ControlActions): void => {
  actions.startTimer(TICK, now + SECOND)
  PvstSimulation.second(state, now, actions)
  Engine.second(state, now, actions)
}

const onPort = (state: State, port: number, status: BridgePortStatus, now: SimTime, actions: ControlActions): void => {
  if (status.up) Management.linkUp(state, port, status.rateBps, status.fullDuplex, now, actions)
  else {
    PvstSimulation.forget(state, port, now, actions)
    Management.linkDown(state, port, now, actions)
  }
}

const onCommand = (state: State, command: Command, now: SimTime, actions: ControlActions): void => {
  if (!isMstpCommand(command)) return
  switch (command.type) {
    case "stp.set-bridge-priority":
      return Management.setBridgePriority(state, command.msti ?? CIST, command.priority, now, actions)
    case "stp.set-port-priority":
      return Management.setPortPriority(state, command.msti ?? CIST, command.port, command.priority, now, actions)
    case "stp.set-path-cost": {
      const cost = command.cost ?? COST_BY_RATE
      if (command.external === true) return Management.setExternalPathCost(state, command.port, cost, now, actions)
      return Management.setInternalPathCost(state, command.msti ?? CIST, command.port, cost, now, actions)
    }
    case "stp.set-port-enabled":
      return Management.setPortEnabled(state, command.port, command.enabled, now, actions)
    case "stp.set-bridge-times":
      return Management.setBridgeTimes(state, command, now, actions)
    case "stp.check-migration":
      PvstSimulation.forget(state, command.port, now, actions)
      return Management.checkMigration(state, command.port, now, actions)
    case "stp.set-region":
      return Management.setRegion(state, command.region, now, actions)
  }
}

/** The control protocol `mstp`, for registries of bridge kinds. */
export const Mstp = new ControlProtocolKind<State, MstpConfig>({
  kind: "mstp",
  bpdus: true,
  timers: () => 1,
  make: InitialState.make,
  claims: (frame) =>
    PvstSimulation.isSstp(frame) || (frame.destination === Bpdu.GROUP_ADDRESS && frame.protocol === Protocol.BPDU),
  onBoot,
  onPdu,
  onTimer,
  onPort,
  onVlans: PvstSimulation.follow,
  onCommand,
  copy: Columns.copy,
  fingerprint: (state, digest, now) => Columns.fingerprint(state, digest, now, TIMES),
})
