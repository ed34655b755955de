/**
 * 802.1D-1998 8.6: the elements of procedure, one function each, in the standard's order and by the standard's names. Each changes the
 * state it is given, at (tree, port), and asks for the rest through the actions.
 *
 * Ours and not the standard's: `changed` (the instant for the word "settled"), roles, counters, traces.
 */
import type { ControlActions } from "@l2lab/l2/ControlProtocol"
import type { SimTime } from "@l2lab/sim/SimTime"
import type { Vector, ConfigBpdu } from "../Bpdu.ts"
import * as StpTime from "../StpTime.ts"
import * as Trace from "../Trace.ts"
import { CONSISTENT } from "../Inconsistency.ts"
import * as BpduFrames from "./BpduFrames.ts"
import { isBetterRootPort, isDesignatedPort, isRootBridge, isRootPortCandidate, shallBeDesignatedPort } from "./Predicates.ts"
import {
  BLOCKING,
  DISABLED,
  FORWARDING,
  LEARNING,
  LISTENING,
  NO_PORT,
  ROLE_BLOCKED,
  ROLE_DESIGNATED,
  ROLE_ROOT,
  type State,
} from "./State.ts"
import * as Timers from "./Timers.ts"

/** 8.6.1: send the port's Configuration BPDU, now or when its hold timer expires. Information that is too old is not passed on. */
export const transmitConfigurationBpdu = (
  state: State,
  tree: number,
  port: number,
  now: SimTime,
  actions: ControlActions,
): void => {
  const i = tree * state.ports + port
  if (Timers.isRunning(state, tree, port, Timers.HOLD)) {
    state.configPending[i] = 1
    return
  }
  const messageAge = isRootBridge(state, tree) ? 0 : ageToPassOn(state, tree, now)
  if (messageAge >= state.maxAge[tree]) return
  if (actions.tracing) {
    actions.detail(Trace.CONFIG_SENT.code, port, tree, state.designatedRootAddress[tree], state.rootPathCost[tree])
  }
  state.configSent[i]++
  BpduFrames.sendConfig(state, tree, port, messageAge, actions)
  state.topologyChangeAcknowledge[i] = 0
  state.configPending[i] = 0
  Timers.start(state, tree, port, Timers.HOLD, now, actions)
}

/** 8.6.1.3: age of the root port's information, in whole ticks, and the increment, which covers the part of a tick that was cut off. */
const ageToPassOn = (state: State, tree: number, now: SimTime): StpTime.Ticks256 => {
  const age = now - state.messageAgeTimer[tree * state.ports + state.rootPort[tree]]
  return StpTime.fromNs(age) + state.messageAgeIncrement
}

/** 8.6.2: make received information the port's, and start its age from the age that it came with. */
export const recordConfigurationInformation = (
  state: State,
  tree: number,
  port: number,
  message: Vector,
  now: SimTime,
  actions: ControlActions,
): void => {
  const i = tree * state.ports + port
  assignDesignated(
    state,
    tree,
    i,
    message.rootPriority,
    message.rootAddress,
    message.rootPathCost,
    message.bridgePriority,
    message.bridgeAddress,
    message.portIdentifier,
    now,
  )
  Timers.start(state, tree, port, Timers.MESSAGE_AGE, now, actions, message.messageAge)
}

/** 8.6.3: the root's times and its word on the topology change are the bridge's. */
export const recordConfigurationTimeoutValues = (
  state: State,
  tree: number,
  port: number,
  message: ConfigBpdu,
  now: SimTime,
  actions: ControlActions,
): void => {
  setTimeoutValues(state, tree, message.maxAge, message.helloTime, message.forwardDelay, now, actions)
  if (message.topologyChange && state.topologyChange[tree] === 0) noteTopologyChange(state, tree, port, CAUSE_FLAG, now, actions)
  setTopologyChange(state, tree, message.topologyChange, actions)
}

/** 8.6.4: a Configuration BPDU on every designated port. */
export const configurationBpduGeneration = (state: State, tree: number, now: SimTime, actions: ControlActions): void => {
  for (let port = 0; port < state.ports; port++) {
    if (state.state[tree * state.ports + port] === DISABLED || !isDesignatedPort(state, tree, port)) continue
    transmitConfigurationBpdu(state, tree, port, now, actions)
  }
}

/** 8.6.5: tell a bridge that believes something worse. */
export const replyToConfigurationBpdu = (state: State, tree: number, port: number, now: SimTime, actions: ControlActions): void =>
  transmitConfigurationBpdu(state, tree, port, now, actions)

/** 8.6.6: notify the designated bridge on the root port's segment of a topology change. */
export const transmitTopologyChangeNotificationBpdu = (state: State, tree: number, actions: ControlActions): void => {
  const port = state.rootPort[tree]
  if (port === NO_PORT) return
  if (actions.tracing) actions.detail(Trace.TCN_SENT.code, port, tree, 0, 0)
  state.tcnSent[tree * state.ports + port]++
  BpduFrames.sendTcn(state, tree, port, actions)
}

/** 8.6.7: choose root and root port, then the ports that are designated. */
export const configurationUpdate = (state: State, tree: number, now: SimTime, actions: ControlActions): void => {
  rootSelection(state, tree, now, actions)
  designatedPortSelection(state, tree, now)
}

/** 8.6.8: the port with the best way to a root better than this bridge; without one the bridge is the root. */
export const rootSelection = (state: State, tree: number, now: SimTime, actions: ControlActions): void => {
  state.selectionDue[tree] = 0
  let best = NO_PORT
  for (let port = 0; port < state.ports; port++) {
    if (!isRootPortCandidate(state, tree, port)) continue
    if (best === NO_PORT || isBetterRootPort(state, tree, port, best)) best = port
  }
  if (best === NO_PORT) {
    assignRoot(state, tree, NO_PORT, state.bridgePriority[tree], state.address, 0, now, actions)
    return
  }
  const i = tree * state.ports + best
  const cost = state.designatedCost[i] + state.pathCost[i]
  assignRoot(state, tree, best, state.portDesignatedRootPriority[i], state.portDesignatedRootAddress[i], cost, now, actions)
}

const assignRoot = (
  state: State,
  tree: number,
  port: number,
  priority: number,
  address: number,
  cost: number,
  now: SimTime,
  actions: ControlActions,
): void => {
  const sameRoot = state.designatedRootPriority[tree] === priority && state.designatedRootAddress[tree] === address
  if (sameRoot && state.rootPort[tree] === port && state.rootPathCost[tree] === cost) return
  state.designatedRootPriority[tree] = priority
  state.designatedRootAddress[tree] = address
  state.rootPathCost[tree] = cost
  state.rootPort[tree] = port
  state.lastChangeAt[tree] = now
  if (!sameRoot) actions.trace(Trace.ROOT_CHANGED.code, tree, priority, address, port)
}

/** 8.6.9: every port with a right to it becomes designated. */
export const designatedPortSelection = (state: State, tree: number, now: SimTime): void => {
  for (let port = 0; port < state.ports; port++) {
    if (state.state[tree * state.ports + port] === DISABLED) continue
    if (shallBeDesignatedPort(state, tree, port)) becomeDesignatedPort(state, tree, port, now)
  }
}

/** 8.6.10: the port's information is this bridge's own. */
export const becomeDesignatedPort = (state: State, tree: number, port: number, now: SimTime): void => {
  const i = tree * state.ports + port
  assignDesignated(
    state,
    tree,
    i,
    state.designatedRootPriority[tree],
    state.designatedRootAddress[tree],
    state.rootPathCost[tree],
    state.bridgePriority[tree],
    state.address,
    state.portId[i],
    now,
  )
}

/** Parameters 8.5.5.4 .. 8.5.5.7 of a port. */
const assignDesignated = (
  state: State,
  tree: number,
  i: number,
  rootPriority: number,
  rootAddress: number,
  cost: number,
  bridgePriority: number,
  bridgeAddress: number,
  portId: number,
  now: SimTime,
): void => {
  if (
    state.portDesignatedRootPriority[i] === rootPriority &&
    state.portDesignatedRootAddress[i] === rootAddress &&
    state.designatedCost[i] === cost &&
    state.designatedBridgePriority[i] === bridgePriority &&
    state.designatedBridgeAddress[i] === bridgeAddress &&
    state.designatedPort[i] === portId
  ) {
    return
  }
  state.portDesignatedRootPriority[i] = rootPriority
  state.portDesignatedRootAddress[i] = rootAddress
  state.designatedCost[i] = cost
  state.designatedBridgePriority[i] = bridgePriority
  state.designatedBridgeAddress[i] = bridgeAddress
  state.designatedPort[i] = portId
  state.lastChangeAt[tree] = now
}

/** 8.6.11: root port and designated ports towards forwarding, the others to blocking. */
export const portStateSelection = (state: State, tree: number, now: SimTime, actions: ControlActions): void => {
  for (let port = 0; port < state.ports; port++) selectPortState(state, tree, port, now, actions)
}

/** What 8.6.11 does to one port. */
export const selectPortState = (state: State, tree: number, port: number, now: SimTime, actions: ControlActions): void => {
  const i = tree * state.ports + port
  if (state.state[i] === DISABLED) return
  if (port === state.rootPort[tree]) {
    state.configPending[i] = 0
    state.topologyChangeAcknowledge[i] = 0
    setRole(state, tree, port, ROLE_ROOT, now, actions)
    makeForwarding(state, tree, port, now, actions)
  } else if (isDesignatedPort(state, tree, port)) {
    Timers.stop(state, tree, port, Timers.MESSAGE_AGE, actions)
    setRole(state, tree, port, ROLE_DESIGNATED, now, actions)
    if (state.inconsistent[i] === CONSISTENT) makeForwarding(state, tree, port, now, actions)
    else makeBlocking(state, tree, port, now, actions)
  } else {
    state.configPending[i] = 0
    state.topologyChangeAcknowledge[i] = 0
    setRole(state, tree, port, ROLE_BLOCKED, now, actions)
    makeBlocking(state, tree, port, now, actions)
  }
}

/** 8.6.12: a blocking port begins to listen; an edge forwards at once. */
export const makeForwarding = (state: State, tree: number, port: number, now: SimTime, actions: ControlActions): void => {
  const i = tree * state.ports + port
  if (state.state[i] !== BLOCKING) return
  if (state.operEdge[i] === 1) return setPortState(state, tree, port, FORWARDING, now, actions)
  setPortState(state, tree, port, LISTENING, now, actions)
  Timers.start(state, tree, port, Timers.FORWARD_DELAY, now, actions)
}

/** 8.6.13: a port that was on its way to forwarding, or there, blocks. */
export const makeBlocking = (state: State, tree: number, port: number, now: SimTime, actions: ControlActions): void => {
  const i = tree * state.ports + port
  const was = state.state[i]
  if (was === DISABLED || was === BLOCKING) return
  if ((was === FORWARDING || was === LEARNING) && state.changeDetectionEnabled[i] === 1) {
    topologyChangeDetection(state, tree, port, CAUSE_PORT, now, actions)
  }
  setPortState(state, tree, port, BLOCKING, now, actions)
  Timers.stop(state, tree, port, Timers.FORWARD_DELAY, actions)
}

/** 8.4, 8.5.5.2: the port's state, and with it what the relay does on the port. */
export const setPortState = (
  state: State,
  tree: number,
  port: number,
  to: number,
  now: SimTime,
  actions: ControlActions,
): void => {
  const i = tree * state.ports + port
  const from = state.state[i]
  if (from === to) return
  state.state[i] = to
  state.lastChangeAt[tree] = now
  actions.setPortState(port, tree, to >= LEARNING, to === FORWARDING)
  actions.trace(Trace.PORT_STATE.code, port, tree, from, to)
}

/** Keep the role that 8.6.11 has just found. */
export const setRole = (state: State, tree: number, port: number, to: number, now: SimTime, actions: ControlActions): void => {
  const i = tree * state.ports + port
  const from = state.role[i]
  if (from === to) return
  state.role[i] = to
  state.lastChangeAt[tree] = now
  actions.trace(Trace.ROLE.code, port, tree, from, to)
}

/** How a topology change came to be known: operands of `Trace.TOPOLOGY_CHANGE`. */
export const CAUSE_PORT = 0
export const CAUSE_NEW_ROOT = 1
export const CAUSE_NOTIFICATION = 2
export const CAUSE_FLAG = 3

/** 8.6.14: the root flags the change to all for a while; any other bridge notifies its way to the root until that is acknowledged. */
export const topologyChangeDetection = (
  state: State,
  tree: number,
  port: number,
  cause: number,
  now: SimTime,
  actions: ControlActions,
): void => {
  noteTopologyChange(state, tree, port, cause, now, actions)
  if (isRootBridge(state, tree)) {
    setTopologyChange(state, tree, true, actions)
    Timers.start(state, tree, NO_PORT, Timers.TOPOLOGY_CHANGE, now, actions)
  } else if (state.topologyChangeDetected[tree] === 0) {
    transmitTopologyChangeNotificationBpdu(state, tree, actions)
    Timers.start(state, tree, NO_PORT, Timers.TCN, now, actions)
  }
  state.topologyChangeDetected[tree] = 1
}

/** 8.6.15: the designated bridge on the way to the root has taken the notification over. */
export const topologyChangeAcknowledged = (state: State, tree: number, actions: ControlActions): void => {
  state.topologyChangeDetected[tree] = 0
  Timers.stop(state, tree, NO_PORT, Timers.TCN, actions)
}

/** 8.6.16: take over a notification that came in on the port. */
export const acknowledgeTopologyChange = (
  state: State,
  tree: number,
  port: number,
  now: SimTime,
  actions: ControlActions,
): void => {
  state.topologyChangeAcknowledge[tree * state.ports + port] = 1
  transmitConfigurationBpdu(state, tree, port, now, actions)
}

// ------------------------------------------------------------------------------- assignments that have more than one place

/** 8.5.3.12 and with it 8.3.5†: during a topology change dynamic entries age out after forward delay. */
export const setTopologyChange = (state: State, tree: number, value: boolean, actions: ControlActions): void => {
  if ((state.topologyChange[tree] === 1) === value) return
  state.topologyChange[tree] = value ? 1 : 0
  setAgeing(state, tree, actions)
  if (!value) actions.trace(Trace.TOPOLOGY_CHANGE_OVER.code, tree, 0, 0, 0)
}

const setAgeing = (state: State, tree: number, actions: ControlActions): void => {
  const short = StpTime.toNs(state.forwardDelay[tree]) * state.shortAgeingForwardDelays
  actions.setAgeing(tree, state.topologyChange[tree] === 1 ? short : actions.configuredAgeing(tree))
}

/** 8.5.3.4 .. 8.5.3.6; timers that run follow their new limits. */
export const setTimeoutValues = (
  state: State,
  tree: number,
  maxAge: StpTime.Ticks256,
  helloTime: StpTime.Ticks256,
  forwardDelay: StpTime.Ticks256,
  now: SimTime,
  actions: ControlActions,
): void => {
  if (state.maxAge[tree] !== maxAge) {
    state.maxAge[tree] = maxAge
    Timers.rearm(state, tree, Timers.MESSAGE_AGE, now, actions)
  }
  if (state.helloTime[tree] !== helloTime) {
    state.helloTime[tree] = helloTime
    Timers.rearm(state, tree, Timers.HELLO, now, actions)
  }
  if (state.forwardDelay[tree] !== forwardDelay) {
    state.forwardDelay[tree] = forwardDelay
    Timers.rearm(state, tree, Timers.FORWARD_DELAY, now, actions)
    if (state.topologyChange[tree] === 1) setAgeing(state, tree, actions)
  }
}

const noteTopologyChange = (
  state: State,
  tree: number,
  port: number,
  cause: number,
  now: SimTime,
  actions: ControlActions,
): void => {
  state.topologyChangeCount[tree]++
  state.lastTopologyChangeAt[tree] = now
  state.lastTopologyChangePort[tree] = port
  actions.topologyChange(tree, port, cause)
  actions.trace(Trace.TOPOLOGY_CHANGE.code, port, tree, cause, 0)
}
