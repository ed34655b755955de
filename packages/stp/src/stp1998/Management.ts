/**
 * 802.1D-1998 8.8: what management does to the bridge's spanning tree, in the standard's order, and what a link's coming and going
 * means to it.
 */
import type { ControlActions } from "@l2lab/l2/ControlProtocol"
import type { SimTime } from "@l2lab/sim/SimTime"
import { CONSISTENT } from "../Inconsistency.ts"
import * as PortIdentifier from "../PortIdentifier.ts"
import * as StpTime from "../StpTime.ts"
import * as Trace from "../Trace.ts"
import * as Operation from "./Operation.ts"
import { isDesignatedPort, isRootBridge } from "./Predicates.ts"
import * as Procedures from "./Procedures.ts"
import type { Stp1998Config } from "./Settings.ts"
import * as State from "./State.ts"
import * as Timers from "./Timers.ts"

/** 8.8.1: the bridge begins as the root of a tree of its own. Its ports are Disabled until their links come up (`linkUp`). */
export const initialization = (state: State.State, tree: number, now: SimTime, actions: ControlActions): void => {
  state.maxAge[tree] = state.bridgeMaxAge[tree]
  state.helloTime[tree] = state.bridgeHelloTime[tree]
  state.forwardDelay[tree] = state.bridgeForwardDelay[tree]
  for (let port = 0; port < state.ports; port++) {
    Procedures.becomeDesignatedPort(state, tree, port, now)
    actions.setPortState(port, tree, false, false)
  }
  Procedures.portStateSelection(state, tree, now, actions)
  Procedures.configurationBpduGeneration(state, tree, now, actions)
  Timers.start(state, tree, State.NO_PORT, Timers.HELLO, now, actions)
}

/** 8.8.1.2†: a port begins anew, in the given state. Whether it detects changes is a setting and stays. */
const initializePort = (
  state: State.State,
  tree: number,
  port: number,
  to: number,
  now: SimTime,
  actions: ControlActions,
): void => {
  const i = State.index(state, tree, port)
  Procedures.becomeDesignatedPort(state, tree, port, now)
  Procedures.setPortState(state, tree, port, to, now, actions)
  state.topologyChangeAcknowledge[i] = 0
  state.configPending[i] = 0
  state.operEdge[i] = state.adminEdge[port]
  Timers.stop(state, tree, port, Timers.MESSAGE_AGE, actions)
  Timers.stop(state, tree, port, Timers.FORWARD_DELAY, actions)
  Timers.stop(state, tree, port, Timers.HOLD, actions)
}

/** 8.8.2 Enable Port. Of the port state selection that ends it only this port's part can find anything to do: nothing else has changed. */
export const enablePort = (state: State.State, tree: number, port: number, now: SimTime, actions: ControlActions): void => {
  const i = State.index(state, tree, port)
  if (state.state[i] !== State.DISABLED || state.member[i] === 0) return
  initializePort(state, tree, port, State.BLOCKING, now, actions)
  Procedures.selectPortState(state, tree, port, now, actions)
}

/** 8.8.3 Disable Port. Losing the way to the root may make the bridge the root. */
export const disablePort = (state: State.State, tree: number, port: number, now: SimTime, actions: ControlActions): void => {
  const i = State.index(state, tree, port)
  if (state.state[i] === State.DISABLED) return
  const wasRoot = isRootBridge(state, tree)
  Procedures.becomeDesignatedPort(state, tree, port, now)
  Procedures.setPortState(state, tree, port, State.DISABLED, now, actions)
  Procedures.setRole(state, tree, port, State.ROLE_DISABLED, now, actions)
  state.topologyChangeAcknowledge[i] = 0
  state.configPending[i] = 0
  Timers.stop(state, tree, port, Timers.MESSAGE_AGE, actions)
  Timers.stop(state, tree, port, Timers.FORWARD_DELAY, actions)
  Procedures.configurationUpdate(state, tree, now, actions)
  Procedures.portStateSelection(state, tree, now, actions)
  if (!wasRoot && isRootBridge(state, tree)) Operation.becomeRoot(state, tree, now, actions)
}

/** 8.8.4 Set Bridge Priority. */
export const setBridgePriority = (
  state: State.State,
  tree: number,
  priority: number,
  now: SimTime,
  actions: ControlActions,
): void => {
  if (state.bridgePriority[tree] === priority) return
  const wasRoot = isRootBridge(state, tree)
  for (let port = 0; port < state.ports; port++) {
    if (!isDesignatedPort(state, tree, port)) continue
    state.designatedBridgePriority[State.index(state, tree, port)] = priority
  }
  state.bridgePriority[tree] = priority
  state.lastChangeAt[tree] = now
  Procedures.configurationUpdate(state, tree, now, actions)
  Procedures.portStateSelection(state, tree, now, actions)
  if (!wasRoot && isRootBridge(state, tree)) Operation.becomeRoot(state, tree, now, actions)
}

/** 8.8.5 Set Port Priority. */
export const setPortPriority = (
  state: State.State,
  tree: number,
  port: number,
  priority: number,
  now: SimTime,
  actions: ControlActions,
): void => {
  const i = State.index(state, tree, port)
  const portId = PortIdentifier.make(priority, state.portNo[port])
  state.portPriority[i] = priority
  if (state.portId[i] === portId) return
  if (isDesignatedPort(state, tree, port)) state.designatedPort[i] = portId
  state.portId[i] = portId
  state.selectionDue[tree] = 1
  state.lastChangeAt[tree] = now
  const ownSegment =
    state.designatedBridgePriority[i] === state.bridgePriority[tree] && state.designatedBridgeAddress[i] === state.address
  if (!ownSegment || portId >= state.designatedPort[i]) return
  Procedures.becomeDesignatedPort(state, tree, port, now)
  Procedures.portStateSelection(state, tree, now, actions)
}

/** 8.8.6 Set Path Cost; 0 = by the link's rate, which is `rateBps`. */
export const setPathCost = (
  state: State.State,
  tree: number,
  port: number,
  cost: number,
  rateBps: number,
  now: SimTime,
  actions: ControlActions,
): void => {
  const i = State.index(state, tree, port)
  state.configuredCost[i] = cost
  const pathCost = State.costOf(state, i, rateBps)
  if (state.pathCost[i] === pathCost) return
  state.pathCost[i] = pathCost
  state.lastChangeAt[tree] = now
  if (state.state[i] === State.DISABLED) return // no way to the root leads through it: nothing to choose anew
  Procedures.configurationUpdate(state, tree, now, actions)
  Procedures.portStateSelection(state, tree, now, actions)
}

/** 8.8.7, 8.8.8†: Enable and Disable Change Detection. */
export const setChangeDetection = (state: State.State, tree: number, port: number, enabled: boolean): void => {
  state.changeDetectionEnabled[State.index(state, tree, port)] = enabled ? 1 : 0
}

/** 8.5.3.8 .. 8.5.3.10: the times that the bridge gives to all others while it is the root. What is absent stays. */
export const setBridgeTimes = (
  state: State.State,
  tree: number,
  times: Pick<Stp1998Config, "helloTime" | "maxAge" | "forwardDelay">,
  now: SimTime,
  actions: ControlActions,
): void => {
  if (times.maxAge !== undefined) state.bridgeMaxAge[tree] = StpTime.fromSeconds(times.maxAge)
  if (times.helloTime !== undefined) state.bridgeHelloTime[tree] = StpTime.fromSeconds(times.helloTime)
  if (times.forwardDelay !== undefined) state.bridgeForwardDelay[tree] = StpTime.fromSeconds(times.forwardDelay)
  Timers.rearm(state, tree, Timers.TCN, now, actions)
  Timers.rearm(state, tree, Timers.TOPOLOGY_CHANGE, now, actions)
  if (!isRootBridge(state, tree)) return
  Procedures.setTimeoutValues(
    state,
    tree,
    state.bridgeMaxAge[tree],
    state.bridgeHelloTime[tree],
    state.bridgeForwardDelay[tree],
    now,
    actions,
  )
}

/** Keep a port from forwarding in a tree, or let it go on: `bits` of `Inconsistency`. What the port held of the tree is forgotten. */
export const setInconsistent = (
  state: State.State,
  tree: number,
  port: number,
  bits: number,
  now: SimTime,
  actions: ControlActions,
): void => {
  const i = State.index(state, tree, port)
  const was = state.inconsistent[i]
  if (was === bits) return
  state.inconsistent[i] = bits
  state.lastChangeAt[tree] = now
  actions.trace(Trace.INCONSISTENT.code, port, tree, was, bits)
  if (state.state[i] === State.DISABLED || (was !== CONSISTENT && bits !== CONSISTENT)) return
  const wasRoot = isRootBridge(state, tree)
  state.operEdge[i] = 0
  Procedures.becomeDesignatedPort(state, tree, port, now)
  Procedures.configurationUpdate(state, tree, now, actions)
  Procedures.portStateSelection(state, tree, now, actions)
  if (!wasRoot && isRootBridge(state, tree)) Operation.becomeRoot(state, tree, now, actions)
}

/** Management's word on spanning tree's use of a port, in all trees; it counts as soon as the link is up. */
export const setPortEnabled = (
  state: State.State,
  port: number,
  enabled: boolean,
  now: SimTime,
  actions: ControlActions,
): void => {
  state.enabled[port] = enabled ? 1 : 0
  for (let tree = 0; tree < state.trees; tree++) {
    if (enabled && state.up[port] === 1) enablePort(state, tree, port, now, actions)
    if (!enabled) disablePort(state, tree, port, now, actions)
  }
}

/** PortFast, which 1998 does not know: the port begins as an edge, or not, when it is next enabled. */
export const setAdminEdge = (state: State.State, port: number, isEdge: boolean): void => {
  state.adminEdge[port] = isEdge ? 1 : 0
}

/** A port carries the tree's frames from here on, or no longer: its VLAN came or went there. */
export const setMember = (
  state: State.State,
  tree: number,
  port: number,
  member: boolean,
  now: SimTime,
  actions: ControlActions,
): void => {
  const i = State.index(state, tree, port)
  if (state.member[i] === (member ? 1 : 0)) return
  state.member[i] = member ? 1 : 0
  if (!member) disablePort(state, tree, port, now, actions)
  else if (state.up[port] === 1 && state.enabled[port] === 1) enablePort(state, tree, port, now, actions)
}

/** A link came up, or changed its rate while up. */
export const linkUp = (state: State.State, port: number, rateBps: number, now: SimTime, actions: ControlActions): void => {
  state.up[port] = 1
  state.rateBps[port] = rateBps
  for (let tree = 0; tree < state.trees; tree++) {
    setPathCost(state, tree, port, state.configuredCost[State.index(state, tree, port)], rateBps, now, actions)
    if (state.enabled[port] === 1) enablePort(state, tree, port, now, actions)
  }
}

/** A link went down. */
export const linkDown = (state: State.State, port: number, now: SimTime, actions: ControlActions): void => {
  state.up[port] = 0
  for (let tree = 0; tree < state.trees; tree++) disablePort(state, tree, port, now, actions)
}
