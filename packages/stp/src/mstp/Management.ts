/** What management (13.22) and the coming and going of links mean to the machines of a bridge. */
import type { ControlActions } from "@l2lab/l2/ControlProtocol"
import type { SimTime } from "@l2lab/sim/SimTime"
import { CONSISTENT } from "../Inconsistency.ts"
import * as PortIdentifier from "../PortIdentifier.ts"
import * as StpTime from "../StpTime.ts"
import * as Trace from "../Trace.ts"
import * as Conditions from "./Conditions.ts"
import * as Engine from "./Engine.ts"
import * as InitialState from "./InitialState.ts"
import * as Procedures from "./Procedures.ts"
import type { MstpConfig, Mstid, RegionConfig } from "./Settings.ts"
import { CIST, costOf, DESIGNATED_PORT, index, type State } from "./State.ts"

/** The tree of an MSTID; undefined where the region has none such. */
const treeOfMstid = (s: State, mstid: Mstid): number | undefined => {
  if (mstid === 0) return CIST
  const tree = s.mstid.indexOf(mstid, 1)
  return tree < 1 || tree > s.instances ? undefined : tree
}

/** Have the roles of a tree computed anew, as if each port had asked. */
const reselectTree = (s: State, tree: number, now: SimTime): void => {
  const first = tree * s.ports
  s.reselect.fill(1, first, first + s.ports)
  s.selected.fill(0, first, first + s.ports)
  s.lastChangeAt[tree] = now
  Procedures.wakeTree(s, tree)
}

/** The same, asked for by one port. */
const reselectPort = (s: State, tree: number, port: number, now: SimTime): void => {
  s.lastChangeAt[tree] = now
  Procedures.askReselect(s, index(s, tree, port))
  Procedures.wake(s, tree, index(s, tree, port))
}

/** The bridge's priority in a tree (13.23 c)†). */
export const setBridgePriority = (s: State, mstid: Mstid, priority: number, now: SimTime, actions: ControlActions): void => {
  InitialState.settingsOf(s, mstid).priority = priority
  const tree = treeOfMstid(s, mstid)
  if (tree === undefined || s.bridgePriority[tree] === (priority | mstid)) return
  s.bridgePriority[tree] = priority | mstid
  reselectTree(s, tree, now)
  Engine.run(s, now, actions)
}

/** The priority part of a port's identifier in a tree. */
export const setPortPriority = (
  s: State,
  mstid: Mstid,
  port: number,
  priority: number,
  now: SimTime,
  actions: ControlActions,
): void => {
  InitialState.settingsOf(s, mstid).portPriority[port] = priority
  const tree = treeOfMstid(s, mstid)
  if (tree === undefined) return
  const i = index(s, tree, port)
  const portId = PortIdentifier.make(priority, s.portNo[port])
  s.priority[i] = priority
  if (s.portId[i] === portId) return
  s.portId[i] = portId
  reselectPort(s, tree, port, now)
  Engine.run(s, now, actions)
}

/** 13.22 q): a port's cost within the region; COST_BY_RATE = by the link's rate. */
export const setInternalPathCost = (
  s: State,
  mstid: Mstid,
  port: number,
  cost: number,
  now: SimTime,
  actions: ControlActions,
): void => {
  InitialState.settingsOf(s, mstid).cost[port] = cost
  const tree = treeOfMstid(s, mstid)
  if (tree === undefined) return
  s.configuredCost[index(s, tree, port)] = cost
  updateInternalPathCost(s, tree, port, now)
  Engine.run(s, now, actions)
}

/** 13.22 p): a port's cost as a way to another region. */
export const setExternalPathCost = (s: State, port: number, cost: number, now: SimTime, actions: ControlActions): void => {
  s.configuredExternalCost[port] = cost
  updateExternalPathCost(s, port, now)
  Engine.run(s, now, actions)
}

const updateInternalPathCost = (s: State, tree: number, port: number, now: SimTime): void => {
  const i = index(s, tree, port)
  const cost = costOf(s, s.configuredCost[i], s.rateBps[port])
  if (s.internalPortPathCost[i] === cost) return
  s.internalPortPathCost[i] = cost
  // No way to the root leads through a port that is down: nothing to choose anew.
  if (s.portEnabled[port] === 1) reselectPort(s, tree, port, now)
}

const updateExternalPathCost = (s: State, port: number, now: SimTime): void => {
  const cost = costOf(s, s.configuredExternalCost[port], s.rateBps[port])
  if (s.externalPortPathCost[port] === cost) return
  s.externalPortPathCost[port] = cost
  if (s.portEnabled[port] === 1) reselectPort(s, CIST, port, now)
}

/** 13.22 f), i): the times that the bridge gives to all others while it is the root. What is absent stays. */
export const setBridgeTimes = (
  s: State,
  times: Pick<MstpConfig, "helloTime" | "maxAge" | "forwardDelay">,
  now: SimTime,
  actions: ControlActions,
): void => {
  if (times.maxAge !== undefined) s.bridgeTimes.maxAge[CIST] = StpTime.fromSeconds(times.maxAge)
  if (times.helloTime !== undefined) s.bridgeTimes.helloTime[CIST] = StpTime.fromSeconds(times.helloTime)
  if (times.forwardDelay !== undefined) s.bridgeTimes.forwardDelay[CIST] = StpTime.fromSeconds(times.forwardDelay)
  reselectTree(s, CIST, now)
  Engine.run(s, now, actions)
}

/** 13.24.2: try MST BPDUs again on a port. */
export const checkMigration = (s: State, port: number, now: SimTime, actions: ControlActions): void => {
  if (!Conditions.rstpVersion(s)) return
  s.mcheck[port] = 1
  Engine.runOne(s, port, now, actions)
}

/** 13.24 b): the bridge is of another region. All its machines begin anew, since trees and vectors of the old one mean nothing here. */
export const setRegion = (s: State, region: RegionConfig, now: SimTime, actions: ControlActions): void => {
  for (let tree = CIST; tree <= s.instances; tree++) {
    for (let port = 0; port < s.ports; port++) {
      Procedures.setPortState(s, index(s, tree, port), false, false, now, actions)
      s.learning[index(s, tree, port)] = 0
      s.forwarding[index(s, tree, port)] = 0
    }
  }
  InitialState.setRegion(s, region)
  s.lastChangeAt.fill(now)
  actions.setVlanTrees((vlan) => s.treeOfVlan[vlan])
  Engine.begin(s, now, actions)
}

/** Management's word on spanning tree's use of a port; it counts as soon as the link is up. */
export const setPortEnabled = (s: State, port: number, enabled: boolean, now: SimTime, actions: ControlActions): void => {
  s.enabled[port] = enabled ? 1 : 0
  updatePortEnabled(s, port, now, actions)
}

/** 13.22 k)†: whether management takes the port for an edge; Bridge Detection (13.30) looks at it while the port is not enabled. */
export const setAdminEdge = (s: State, port: number, isEdge: boolean, now: SimTime, actions: ControlActions): void => {
  s.adminEdge[port] = isEdge ? 1 : 0
  Engine.runOne(s, port, now, actions)
}

/** A link came up, or changed its rate or its duplex while up. */
export const linkUp = (
  s: State,
  port: number,
  rateBps: number,
  fullDuplex: boolean,
  now: SimTime,
  actions: ControlActions,
): void => {
  s.up[port] = 1
  s.rateBps[port] = rateBps
  s.operPointToPointMAC[port] = Conditions.pointToPoint(s, port, fullDuplex) ? 1 : 0
  updateExternalPathCost(s, port, now)
  for (let tree = CIST; tree <= s.instances; tree++) updateInternalPathCost(s, tree, port, now)
  updatePortEnabled(s, port, now, actions)
  Engine.run(s, now, actions)
}

/** A link went down. */
export const linkDown = (s: State, port: number, now: SimTime, actions: ControlActions): void => {
  s.up[port] = 0
  updatePortEnabled(s, port, now, actions)
}

/** 13.24 f): the link is up, and management allows its use. */
const updatePortEnabled = (s: State, port: number, now: SimTime, actions: ControlActions): void => {
  const portEnabled = s.up[port] & s.enabled[port]
  if (s.portEnabled[port] === portEnabled) return
  s.portEnabled[port] = portEnabled
  Procedures.wakePort(s, port)
  Engine.run(s, now, actions)
}

/**
 * Keep a port from forwarding in a tree, or let it go on: `bits` of `Inconsistency`. What the port held of the tree is forgotten, and a Designated Port that
 * is free again begins as one that was disputed does.
 */
export const setInconsistent = (
  s: State,
  tree: number,
  port: number,
  bits: number,
  now: SimTime,
  actions: ControlActions,
): void => {
  const i = index(s, tree, port)
  const was = s.inconsistent[i]
  if (was === bits) return
  s.inconsistent[i] = bits
  s.lastChangeAt[tree] = now
  actions.trace(Trace.INCONSISTENT.code, port, tree, was, bits)
  s.rcvdInfoWhile[i] = 0
  s.agreed[i] = 0
  s.proposing[i] = 0
  s.operEdge[port] = 0
  if (bits === CONSISTENT && s.role[i] === DESIGNATED_PORT) s.disputed[i] = 1
  Procedures.wake(s, tree, i)
  Engine.run(s, now, actions)
}
