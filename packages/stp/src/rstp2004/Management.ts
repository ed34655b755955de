/** What management (17.13) and the coming and going of links mean to the machines of a bridge. */
import type { ControlActions } from "@l2lab/l2/ControlProtocol"
import type { SimTime } from "@l2lab/sim/SimTime"
import * as PortIdentifier from "../PortIdentifier.ts"
import * as StpTime from "../StpTime.ts"
import * as Trace from "../Trace.ts"
import * as Conditions from "./Conditions.ts"
import * as Engine from "./Engine.ts"
import * as Procedures from "./Procedures.ts"
import type { Rstp2004Config } from "./Settings.ts"
import * as State from "./State.ts"

/** Have the roles of a tree computed anew, as if each port had asked. */
const reselectTree = (s: State.State, tree: number, now: SimTime, actions: ControlActions): void => {
  const first = tree * s.ports
  s.reselect.fill(1, first, first + s.ports)
  s.selected.fill(0, first, first + s.ports)
  s.dirty.fill(State.LOOK_AT_ALL, first, first + s.ports)
  s.woken[tree] = 1
  s.lastChangeAt[tree] = now
  Engine.run(s, tree, now, actions)
}

/** The same, asked for by one port. */
const reselectPort = (s: State.State, tree: number, i: number, now: SimTime, actions: ControlActions): void => {
  s.lastChangeAt[tree] = now
  Procedures.askReselect(s, i)
  Engine.runOne(s, tree, i, now, actions)
}

/** 17.13.7†: the bridge's priority. */
export const setBridgePriority = (
  s: State.State,
  tree: number,
  priority: number,
  now: SimTime,
  actions: ControlActions,
): void => {
  if (s.bridgePriority[tree] === priority) return
  s.bridgePriority[tree] = priority
  reselectTree(s, tree, now, actions)
}

/** 17.13.10†: the priority part of a port's identifier. */
export const setPortPriority = (
  s: State.State,
  tree: number,
  port: number,
  priority: number,
  now: SimTime,
  actions: ControlActions,
): void => {
  const i = State.index(s, tree, port)
  const portId = PortIdentifier.make(priority, s.portNo[port])
  s.priority[i] = priority
  if (s.portId[i] === portId) return
  s.portId[i] = portId
  reselectPort(s, tree, i, now, actions)
}

/** 17.13.11: a port's cost; COST_BY_RATE = by the link's rate. */
export const setPathCost = (
  s: State.State,
  tree: number,
  port: number,
  cost: number,
  now: SimTime,
  actions: ControlActions,
): void => {
  const i = State.index(s, tree, port)
  s.configuredCost[i] = cost
  const pathCost = State.costOf(s, i, s.rateBps[port])
  if (s.portPathCost[i] === pathCost) return
  s.portPathCost[i] = pathCost
  // No way to the root leads through a port that is down: nothing to choose anew.
  if (s.portEnabled[i] === 1) reselectPort(s, tree, i, now, actions)
}

/** 17.13.5, 17.13.6 and 17.13.8: the times that the bridge gives to all others while it is the root. What is absent stays. */
export const setBridgeTimes = (
  s: State.State,
  tree: number,
  times: Pick<Rstp2004Config, "helloTime" | "maxAge" | "forwardDelay">,
  now: SimTime,
  actions: ControlActions,
): void => {
  if (times.maxAge !== undefined) s.bridgeTimes.maxAge[tree] = StpTime.fromSeconds(times.maxAge)
  if (times.helloTime !== undefined) s.bridgeTimes.helloTime[tree] = StpTime.fromSeconds(times.helloTime)
  if (times.forwardDelay !== undefined) s.bridgeTimes.forwardDelay[tree] = StpTime.fromSeconds(times.forwardDelay)
  reselectTree(s, tree, now, actions)
}

/** 17.19.13: try RST BPDUs again on a port, in all trees. */
export const checkMigration = (s: State.State, port: number, now: SimTime, actions: ControlActions): void => {
  if (!Conditions.rstpVersion(s)) return
  for (let tree = 0; tree < s.trees; tree++) {
    const i = State.index(s, tree, port)
    s.mcheck[i] = 1
    Engine.runOne(s, tree, i, now, actions)
  }
}

/** Management's word on spanning tree's use of a port, in all trees; it counts as soon as the link is up. */
export const setPortEnabled = (s: State.State, port: number, enabled: boolean, now: SimTime, actions: ControlActions): void => {
  s.enabled[port] = enabled ? 1 : 0
  updatePortEnabled(s, port, now, actions)
}

/** 17.13.1: whether management takes the port for an edge; Bridge Detection (17.25) looks at it while the port is not enabled. */
export const setAdminEdge = (s: State.State, port: number, isEdge: boolean, now: SimTime, actions: ControlActions): void => {
  s.adminEdge[port] = isEdge ? 1 : 0
  for (let tree = 0; tree < s.trees; tree++) Engine.runOne(s, tree, State.index(s, tree, port), now, actions)
}

/** A link came up, or changed its rate or its duplex while up. */
export const linkUp = (
  s: State.State,
  port: number,
  rateBps: number,
  fullDuplex: boolean,
  now: SimTime,
  actions: ControlActions,
): void => {
  s.up[port] = 1
  s.rateBps[port] = rateBps
  s.operPointToPointMAC[port] = Conditions.pointToPoint(s, port, fullDuplex) ? 1 : 0
  for (let tree = 0; tree < s.trees; tree++) {
    setPathCost(s, tree, port, s.configuredCost[State.index(s, tree, port)], now, actions)
  }
  updatePortEnabled(s, port, now, actions)
}

/** A link went down. */
export const linkDown = (s: State.State, port: number, now: SimTime, actions: ControlActions): void => {
  s.up[port] = 0
  updatePortEnabled(s, port, now, actions)
}

/** A port carries the tree's frames from here on, or no longer: its VLAN came or went there. */
export const setMember = (
  s: State.State,
  tree: number,
  port: number,
  member: boolean,
  now: SimTime,
  actions: ControlActions,
): void => {
  s.member[State.index(s, tree, port)] = member ? 1 : 0
  updateInTree(s, tree, port, now, actions)
}

/** 17.19.18: the link is up, and management allows its use; and the port is one of the tree's. */
const updatePortEnabled = (s: State.State, port: number, now: SimTime, actions: ControlActions): void => {
  for (let tree = 0; tree < s.trees; tree++) updateInTree(s, tree, port, now, actions)
}

const updateInTree = (s: State.State, tree: number, port: number, now: SimTime, actions: ControlActions): void => {
  const i = State.index(s, tree, port)
  const portEnabled = s.up[port] & s.enabled[port] & s.member[i]
  if (s.portEnabled[i] === portEnabled) return
  s.portEnabled[i] = portEnabled
  Engine.runOne(s, tree, i, now, actions)
}

/** Keep a port from forwarding in a tree, or let it go on: `bits` of `Inconsistency`. What the port held of the tree is forgotten. */
export const setInconsistent = (
  s: State.State,
  tree: number,
  port: number,
  bits: number,
  now: SimTime,
  actions: ControlActions,
): void => {
  const i = State.index(s, tree, port)
  const was = s.inconsistent[i]
  if (was === bits) return
  s.inconsistent[i] = bits
  s.lastChangeAt[tree] = now
  actions.trace(Trace.INCONSISTENT.code, port, tree, was, bits)
  s.rcvdInfoWhile[i] = 0
  s.agreed[i] = 0
  s.operEdge[i] = 0
  s.proposing[i] = 0
  s.fdWhile[i] = Conditions.fwdDelay(s, i)
  Engine.runOne(s, tree, i, now, actions)
}
