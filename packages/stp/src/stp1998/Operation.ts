/**
 * 802.1D-1998 8.7: the operation of the protocol. What happens when a BPDU is received and when a timer expires, in the standard's order.
 * Every function is given a timer or a port that the adapter has told apart; nothing is decided outside this file and `Procedures`.
 */
import type { ControlActions } from "@l2lab/l2/ControlProtocol"
import type { SimTime } from "@l2lab/sim/SimTime"
import type { Bpdu, ConfigBpdu } from "../Bpdu.ts"
import * as Discard from "../Discard.ts"
import * as Trace from "../Trace.ts"
import {
  isDesignatedForSomePort,
  isDesignatedPort,
  isRepetitionOfPortInfo,
  isRootBridge,
  supersedesPortInfo,
} from "./Predicates.ts"
import * as Procedures from "./Procedures.ts"
import * as State from "./State.ts"
import * as Timers from "./Timers.ts"

/** A BPDU came in, of whatever kind. */
export const receivedBpdu = (
  state: State.State,
  tree: number,
  port: number,
  bpdu: Bpdu,
  now: SimTime,
  actions: ControlActions,
): void => {
  if (bpdu.kind === "config") receivedConfigurationBpdu(state, tree, port, bpdu, now, actions)
  else if (bpdu.kind === "tcn") receivedTopologyChangeNotificationBpdu(state, tree, port, now, actions)
  else Discard.count(state.discarded, port, Discard.UNKNOWN_TYPE, actions)
}

/** 8.7.1, 9.3.4†. Information as old as its own max age is not received at all. */
export const receivedConfigurationBpdu = (
  state: State.State,
  tree: number,
  port: number,
  message: ConfigBpdu,
  now: SimTime,
  actions: ControlActions,
): void => {
  const i = State.index(state, tree, port)
  if (state.state[i] === State.DISABLED) return Discard.count(state.discarded, port, Discard.PORT_DISABLED, actions)
  // `Discard.isExpired`, written out: a call here costs a tenth of a large farm's time.
  if (message.messageAge >= message.maxAge) return Discard.count(state.discarded, port, Discard.TOO_OLD, actions)
  // The port's own words, come back.
  if (message.bridgeAddress === state.address && message.portIdentifier === state.portId[i]) {
    return Discard.count(state.discarded, port, Discard.OWN, actions)
  }
  state.configReceived[i]++
  state.operEdge[i] = 0
  if (actions.tracing) actions.detail(Trace.CONFIG_RECEIVED.code, port, tree, message.rootAddress, message.rootPathCost)
  const isRepetition = isRepetitionOfPortInfo(state, i, message)
  if (isRepetition || supersedesPortInfo(state, tree, port, message)) {
    // What follows from all that ports hold follows still: a settled network consists of such messages. (Watched bridges go the whole way.)
    const isNews = !isRepetition || state.selectionDue[tree] === 1
    if (!isNews && !actions.tracing) Timers.start(state, tree, port, Timers.MESSAGE_AGE, now, actions, message.messageAge)
    else takeInformation(state, tree, port, message, now, actions)
    if (port === state.rootPort[tree]) {
      Procedures.recordConfigurationTimeoutValues(state, tree, port, message, now, actions)
      Procedures.configurationBpduGeneration(state, tree, now, actions)
      if (message.topologyChangeAcknowledgment) Procedures.topologyChangeAcknowledged(state, tree, actions)
    }
  } else if (isDesignatedPort(state, tree, port)) {
    Procedures.replyToConfigurationBpdu(state, tree, port, now, actions)
  }
}

/** 8.7.1, the part for information that supersedes the port's: roles and states anew. */
const takeInformation = (
  state: State.State,
  tree: number,
  port: number,
  message: ConfigBpdu,
  now: SimTime,
  actions: ControlActions,
): void => {
  const wasRoot = isRootBridge(state, tree)
  Procedures.recordConfigurationInformation(state, tree, port, message, now, actions)
  Procedures.configurationUpdate(state, tree, now, actions)
  Procedures.portStateSelection(state, tree, now, actions)
  if (wasRoot && !isRootBridge(state, tree)) ceaseToBeRoot(state, tree, now, actions)
}

/** 8.7.1, the part for a bridge that was the root until now. A change that it flagged itself is from now on the new root's to flag. */
const ceaseToBeRoot = (state: State.State, tree: number, now: SimTime, actions: ControlActions): void => {
  Timers.stop(state, tree, State.NO_PORT, Timers.HELLO, actions)
  if (state.topologyChangeDetected[tree] === 0) return
  Timers.stop(state, tree, State.NO_PORT, Timers.TOPOLOGY_CHANGE, actions)
  Procedures.transmitTopologyChangeNotificationBpdu(state, tree, actions)
  Timers.start(state, tree, State.NO_PORT, Timers.TCN, now, actions)
}

/** 8.7.2. */
export const receivedTopologyChangeNotificationBpdu = (
  state: State.State,
  tree: number,
  port: number,
  now: SimTime,
  actions: ControlActions,
): void => {
  const i = State.index(state, tree, port)
  if (state.state[i] === State.DISABLED) return Discard.count(state.discarded, port, Discard.PORT_DISABLED, actions)
  state.tcnReceived[i]++
  state.operEdge[i] = 0
  if (actions.tracing) actions.detail(Trace.TCN_RECEIVED.code, port, tree, 0, 0)
  if (!isDesignatedPort(state, tree, port)) return
  Procedures.topologyChangeDetection(state, tree, port, Procedures.CAUSE_NOTIFICATION, now, actions)
  Procedures.acknowledgeTopologyChange(state, tree, port, now, actions)
}

/** 8.7.3. */
export const helloTimerExpiry = (state: State.State, tree: number, now: SimTime, actions: ControlActions): void => {
  Procedures.configurationBpduGeneration(state, tree, now, actions)
  Timers.start(state, tree, State.NO_PORT, Timers.HELLO, now, actions)
}

/** 8.7.4. */
export const messageAgeTimerExpiry = (
  state: State.State,
  tree: number,
  port: number,
  now: SimTime,
  actions: ControlActions,
): void => {
  actions.trace(Trace.AGED_OUT.code, port, tree, 0, 0)
  const wasRoot = isRootBridge(state, tree)
  Procedures.becomeDesignatedPort(state, tree, port, now)
  Procedures.configurationUpdate(state, tree, now, actions)
  Procedures.portStateSelection(state, tree, now, actions)
  if (!wasRoot && isRootBridge(state, tree)) becomeRoot(state, tree, now, actions)
}

/** 8.7.4, 8.8.3, 8.8.4: a bridge that has become the root goes by its own times and is a topology change. */
export const becomeRoot = (state: State.State, tree: number, now: SimTime, actions: ControlActions): void => {
  Procedures.setTimeoutValues(
    state,
    tree,
    state.bridgeMaxAge[tree],
    state.bridgeHelloTime[tree],
    state.bridgeForwardDelay[tree],
    now,
    actions,
  )
  Procedures.topologyChangeDetection(state, tree, State.NO_PORT, Procedures.CAUSE_NEW_ROOT, now, actions)
  Timers.stop(state, tree, State.NO_PORT, Timers.TCN, actions)
  Procedures.configurationBpduGeneration(state, tree, now, actions)
  Timers.start(state, tree, State.NO_PORT, Timers.HELLO, now, actions)
}

/** 8.7.5. */
export const forwardDelayTimerExpiry = (
  state: State.State,
  tree: number,
  port: number,
  now: SimTime,
  actions: ControlActions,
): void => {
  const i = State.index(state, tree, port)
  if (state.state[i] === State.LISTENING) {
    Procedures.setPortState(state, tree, port, State.LEARNING, now, actions)
    Timers.start(state, tree, port, Timers.FORWARD_DELAY, now, actions)
  } else if (state.state[i] === State.LEARNING) {
    Procedures.setPortState(state, tree, port, State.FORWARDING, now, actions)
    if (isDesignatedForSomePort(state, tree) && state.changeDetectionEnabled[i] === 1) {
      Procedures.topologyChangeDetection(state, tree, port, Procedures.CAUSE_PORT, now, actions)
    }
  }
}

/** 8.7.6: notify again until someone acknowledges. */
export const topologyChangeNotificationTimerExpiry = (
  state: State.State,
  tree: number,
  now: SimTime,
  actions: ControlActions,
): void => {
  Procedures.transmitTopologyChangeNotificationBpdu(state, tree, actions)
  Timers.start(state, tree, State.NO_PORT, Timers.TCN, now, actions)
}

/** 8.7.7: the root has flagged the change long enough. */
export const topologyChangeTimerExpiry = (state: State.State, tree: number, actions: ControlActions): void => {
  state.topologyChangeDetected[tree] = 0
  Procedures.setTopologyChange(state, tree, false, actions)
}

/** 8.7.8. */
export const holdTimerExpiry = (state: State.State, tree: number, port: number, now: SimTime, actions: ControlActions): void => {
  if (state.configPending[State.index(state, tree, port)] === 1) {
    Procedures.transmitConfigurationBpdu(state, tree, port, now, actions)
  }
}
