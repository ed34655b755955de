/**
 * 802.1D-2004 17.21: the procedures that the machines' figures call, one function each, by the standard's names and in its order. Each
 * changes the state it is given, for the port in a tree at position `i`, and asks for the rest through the actions.
 *
 * Ours and not the standard's: `changed` (the instant for the word "settled"), `dirty` (which ports the engine must look at), counters, traces.
 */
import type { ControlActions } from "@l2lab/l2/ControlProtocol"
import type { SimTime } from "@l2lab/sim/SimTime"
import { RST_ROLES } from "../Bpdu.ts"
import * as StpTime from "../StpTime.ts"
import * as Trace from "../Trace.ts"
import * as BpduFrames from "./BpduFrames.ts"
import * as Conditions from "./Conditions.ts"
import * as PriorityVectors from "./PriorityVectors.ts"
import {
  ALTERNATE_PORT,
  BACKUP_PORT,
  DESIGNATED_PORT,
  DISABLED_PORT,
  INFERIOR_DESIGNATED_INFO,
  INFERIOR_ROOT_ALTERNATE_INFO,
  INFO_AGED,
  INFO_DISABLED,
  INFO_MINE,
  INFO_RECEIVED,
  LOOK_AT_ALL,
  LOOK_AT_TOPOLOGY_CHANGE,
  MSG_RST,
  MSG_TCN,
  NO_PORT,
  OTHER_INFO,
  portOf,
  REPEATED_DESIGNATED_INFO,
  ROOT_PORT,
  sameTimes,
  assignTimes,
  type State,
  SUPERIOR_DESIGNATED_INFO,
  treeOf,
  updateTimes,
} from "./State.ts"

const ROLE_UNKNOWN = RST_ROLES.indexOf("unknown")
const ROLE_DESIGNATED = RST_ROLES.indexOf("designated")

/** The least Hello Time that a bridge goes by (table 17-1†). */
const MINIMUM_HELLO_TIME = 256

/** 17.21.1: whether the message (`INFO_RECEIVED`), or the designated vector (`INFO_MINE`), is as good as what the port holds of the same kind. */
export const betterOrSameInfo = (s: State, i: number, newInfoIs: number): boolean => {
  if (newInfoIs !== s.infoIs[i]) return false
  return newInfoIs === INFO_RECEIVED
    ? PriorityVectors.compare(s.msgPriority, i, s.portPriority, i, 0) <= 0
    : PriorityVectors.compare(s.designatedPriority, i, s.portPriority, i, 0) <= 0
}

/** 17.21.2: no port of the tree waits for its role to be computed. */
export const clearReselectTree = (s: State, tree: number): void => {
  s.reselect.fill(0, tree * s.ports, (tree + 1) * s.ports)
}

/** 17.21.3 to 17.21.6: disableForwarding, disableLearning, enableForwarding and enableLearning, as one wish about both. */
export const setPortState = (
  s: State,
  i: number,
  learning: boolean,
  forwarding: boolean,
  now: SimTime,
  actions: ControlActions,
): void => {
  const [tree, port] = [treeOf(s, i), portOf(s, i)]
  const from = stateCode(s.learning[i] === 1, s.forwarding[i] === 1)
  const to = stateCode(learning, forwarding)
  actions.setPortState(port, tree, learning, forwarding)
  if (from === to) return
  s.lastChangeAt[tree] = now
  actions.trace(Trace.PORT_STATE.code, port, tree, from, to)
}

const stateCode = (learning: boolean, forwarding: boolean): number =>
  forwarding ? Trace.STATE_FORWARDING : learning ? Trace.STATE_LEARNING : Trace.STATE_DISCARDING

/** 17.21.7: tell of a topology change for a while, if the port does not do so already. */
export const newTcWhile = (s: State, i: number, now: SimTime, actions: ControlActions, cause: number): void => {
  if (s.tcWhile[i] !== 0) return
  noteTopologyChange(s, i, now, actions, cause)
  if (s.sendRSTP[i] === 1) {
    s.tcWhile[i] = Conditions.helloTime(s, i) + 1
    s.newInfo[i] = 1
  } else {
    const tree = treeOf(s, i)
    s.tcWhile[i] = Math.ceil((s.rootTimes.maxAge[tree] + s.rootTimes.forwardDelay[tree]) / 256)
  }
}

/** A topology change begins for the bridge when the first of its ports tells of one. */
const noteTopologyChange = (s: State, i: number, now: SimTime, actions: ControlActions, cause: number): void => {
  const tree = treeOf(s, i)
  if (isTopologyChanging(s, tree)) return
  s.topologyChangeCount[tree]++
  s.lastTopologyChangeAt[tree] = now
  s.lastTopologyChangePort[tree] = portOf(s, i)
  actions.topologyChange(tree, portOf(s, i), cause)
  actions.trace(Trace.TOPOLOGY_CHANGE.code, portOf(s, i), tree, cause, 0)
}

/** Whether a port of the tree tells of a topology change. */
export const isTopologyChanging = (s: State, tree: number): boolean => {
  const first = tree * s.ports
  for (let p = first; p < first + s.ports; p++) if (s.tcWhile[p] !== 0) return true
  return false
}

/** 17.21.8: what the message is to the port. Its vector and times are in msgPriority and msgTimes already. */
export const rcvInfo = (s: State, i: number): number => {
  if (s.msgKind[i] === MSG_TCN) return OTHER_INFO
  const comparison = PriorityVectors.compare(s.msgPriority, i, s.portPriority, i, 0)
  if (s.msgKind[i] === MSG_RST && s.msgRole[i] !== ROLE_DESIGNATED) {
    return s.msgRole[i] !== ROLE_UNKNOWN && comparison >= 0 ? INFERIOR_ROOT_ALTERNATE_INFO : OTHER_INFO
  }
  if (comparison === 0) return sameTimes(s.msgTimes, s.portTimes, i) ? REPEATED_DESIGNATED_INFO : SUPERIOR_DESIGNATED_INFO
  // 17.6: the port that the information came from may also make it worse.
  if (comparison < 0 || PriorityVectors.isSameTransmitter(s.msgPriority, s.portPriority, i)) return SUPERIOR_DESIGNATED_INFO
  return INFERIOR_DESIGNATED_INFO
}

/** 17.21.9: the neighbour agrees, which counts on a point-to-point link only. */
export const recordAgreement = (s: State, i: number): void => {
  if (Conditions.rstpVersion(s) && s.operPointToPointMAC[portOf(s, i)] === 1 && s.msgAgreement[i] === 1) {
    s.agreed[i] = 1
    s.proposing[i] = 0
  } else {
    s.agreed[i] = 0
  }
}

/**
 * 17.21.10: a bridge with worse information forwards as if it were designated. The text of 2004 sets agreed, which lets both forward;
 * 802.1Q-2005 sets disputed instead, and that is what is done here.
 */
export const recordDispute = (s: State, i: number, actions: ControlActions): void => {
  if (s.msgKind[i] !== MSG_RST || s.msgLearning[i] === 0) return
  if (s.learning[i] === 1) actions.trace(Trace.DISPUTE.code, portOf(s, i), treeOf(s, i), 0, 0)
  s.disputed[i] = 1
  s.agreed[i] = 0
}

/** 17.21.11. */
export const recordProposal = (s: State, i: number): void => {
  if (s.msgKind[i] === MSG_RST && s.msgRole[i] === ROLE_DESIGNATED && s.msgProposal[i] === 1) s.proposed[i] = 1
}

/** 17.21.12. */
export const recordPriority = (s: State, i: number, now: SimTime): void => {
  if (PriorityVectors.compare(s.msgPriority, i, s.portPriority, i, 0) !== 0) s.lastChangeAt[treeOf(s, i)] = now
  PriorityVectors.assign(s.portPriority, s.msgPriority, i)
}

/** 17.21.13. A Hello Time below the least one was raised to it when the message came in. */
export const recordTimes = (s: State, i: number): void => assignTimes(s.portTimes, i, s.msgTimes, i)

/** 17.21.14: all ports of the tree shall agree with the root port's information, or discard. */
export const setSyncTree = (s: State, i: number): void => fillTree(s, i, s.sync)

/** 17.21.15: all ports of the tree that were root ports lately shall make way. */
export const setReRootTree = (s: State, i: number): void => fillTree(s, i, s.reRoot)

const fillTree = (s: State, i: number, column: Uint8Array): void => {
  const tree = treeOf(s, i)
  const first = tree * s.ports
  column.fill(1, first, first + s.ports)
  s.dirty.fill(LOOK_AT_ALL, first, first + s.ports)
  s.woken[tree] = 1
}

/** 17.21.16: the selected roles are current, unless one is to be computed anew already. */
export const setSelectedTree = (s: State, tree: number): void => {
  const first = tree * s.ports
  for (let p = first; p < first + s.ports; p++) if (s.reselect[p] === 1) return
  for (let p = first; p < first + s.ports; p++) {
    if (s.selected[p] === 0 || s.role[p] !== s.selectedRole[p] || s.updtInfo[p] === 1) {
      s.dirty[p] = LOOK_AT_ALL
      s.woken[tree] = 1
    }
    s.selected[p] = 1
  }
}

/** 17.21.17. */
export const setTcFlags = (s: State, i: number): void => {
  if (s.msgKind[i] === MSG_TCN) {
    s.rcvdTcn[i] = 1
    return
  }
  if (s.msgTopologyChange[i] === 1) s.rcvdTc[i] = 1
  if (s.msgTopologyChangeAck[i] === 1) s.rcvdTcAck[i] = 1
}

/** 17.21.18: all other ports of the tree shall pass a topology change on. */
export const setTcPropTree = (s: State, i: number): void => {
  const tree = treeOf(s, i)
  const first = tree * s.ports
  for (let p = first; p < first + s.ports; p++) {
    // A port that has not passed the last one on has no more to do for this one.
    if (p === i || s.tcProp[p] === 1) continue
    s.tcProp[p] = 1
    if (s.dirty[p] < LOOK_AT_TOPOLOGY_CHANGE) s.dirty[p] = LOOK_AT_TOPOLOGY_CHANGE
  }
  s.woken[tree] = 1
}

/** 17.21.19. */
export const txConfig = (s: State, i: number, actions: ControlActions): void => {
  s.configSent[i]++
  const [tree, port] = [treeOf(s, i), portOf(s, i)]
  if (actions.tracing) {
    const { rootAddress, rootPathCost } = s.designatedPriority
    actions.detail(Trace.CONFIG_SENT.code, port, tree, rootAddress[i], rootPathCost[i])
  }
  BpduFrames.sendConfig(s, i, port, actions)
}

/** 17.21.20. */
export const txRstp = (s: State, i: number, actions: ControlActions): void => {
  s.rstSent[i]++
  const [tree, port] = [treeOf(s, i), portOf(s, i)]
  if (actions.tracing) {
    const { rootAddress, rootPathCost } = s.designatedPriority
    actions.detail(Trace.RST_SENT.code, port, tree, rootAddress[i], rootPathCost[i])
  }
  BpduFrames.sendRst(s, i, port, actions)
}

/** 17.21.21. */
export const txTcn = (s: State, i: number, actions: ControlActions): void => {
  s.tcnSent[i]++
  const [tree, port] = [treeOf(s, i), portOf(s, i)]
  if (actions.tracing) actions.detail(Trace.TCN_SENT.code, port, tree, 0, 0)
  BpduFrames.sendTcn(s, i, port, actions)
}

/** 17.21.22: the version that the neighbour speaks. */
export const updtBPDUVersion = (s: State, i: number): void => {
  if (s.msgKind[i] === MSG_RST) s.rcvdRSTP[i] = 1
  else s.rcvdSTP[i] = 1
}

/** Message Age one bridge on: 1 s more, rounded to whole seconds (17.21.23, 17.21.25). */
const nextAge = (messageAge: StpTime.Ticks256): StpTime.Ticks256 => Math.round((messageAge + 256) / 256) * 256

/** 17.21.23: three times Hello Time, or nothing for information that is too old to be passed on. */
export const updtRcvdInfoWhile = (s: State, i: number): void => {
  const { helloTime, maxAge, messageAge } = s.portTimes
  s.rcvdInfoWhile[i] = nextAge(messageAge[i]) <= maxAge[i] ? Math.ceil((3 * helloTime[i]) / 256) : 0
}

/** 17.21.24. */
export const updtRoleDisabledTree = (s: State, tree: number): void => {
  s.selectedRole.fill(DISABLED_PORT, tree * s.ports, (tree + 1) * s.ports)
}

/** 17.21.25: the root, the way to it, and with them every port's role. */
export const updtRolesTree = (s: State, tree: number, now: SimTime, actions: ControlActions): void => {
  const first = tree * s.ports
  const rootPort = selectRootPort(s, tree)
  const rootBefore = s.rootPriority.rootAddress[tree]
  const rootPriorityBefore = s.rootPriority.rootPriority[tree]
  const isNew = updtRoot(s, tree, rootPort) || rootPort !== s.rootPort[tree]
  s.rootPort[tree] = rootPort
  if (s.rootPriority.rootAddress[tree] !== rootBefore || s.rootPriority.rootPriority[tree] !== rootPriorityBefore) {
    s.lastChangeAt[tree] = now
    actions.trace(Trace.ROOT_CHANGED.code, tree, s.rootPriority.rootPriority[tree], s.rootPriority.rootAddress[tree], rootPort)
  }
  for (let i = first; i < first + s.ports; i++) {
    // The role follows from the bridge's vector and times and from what the port holds; a port that is still selected holds what it held.
    if (!isNew && s.selected[i] === 1) continue
    const isOther = PriorityVectors.update(
      s.designatedPriority,
      i,
      s.rootPriority.rootPriority[tree],
      s.rootPriority.rootAddress[tree],
      s.rootPriority.rootPathCost[tree],
      s.bridgePriority[tree],
      s.address,
      s.portId[i],
    )
    if (setDesignatedTimes(s, i, tree) || isOther) s.frame[i] = null
    selectRole(s, i, i - first === rootPort)
  }
}

/** 17.21.25 c) and d)†: the bridge's root priority vector and root times follow from its root port. Whether that changed any of them. */
const updtRoot = (s: State, tree: number, rootPort: number): boolean => {
  if (rootPort === NO_PORT) {
    const priority = s.bridgePriority[tree]
    const { forwardDelay, helloTime, maxAge, messageAge } = s.bridgeTimes
    const isNew = PriorityVectors.update(s.rootPriority, tree, priority, s.address, 0, priority, s.address, 0)
    return updateTimes(s.rootTimes, tree, messageAge[tree], maxAge[tree], helloTime[tree], forwardDelay[tree]) || isNew
  }
  const i = tree * s.ports + rootPort
  const { bridgeAddress, bridgePriority, portId, rootAddress, rootPathCost, rootPriority } = s.portPriority
  const { forwardDelay, helloTime, maxAge, messageAge } = s.portTimes
  const isNew = PriorityVectors.update(
    s.rootPriority,
    tree,
    rootPriority[i],
    rootAddress[i],
    rootPathCost[i] + s.portPathCost[i],
    bridgePriority[i],
    bridgeAddress[i],
    portId[i],
  )
  return updateTimes(s.rootTimes, tree, nextAge(messageAge[i]), maxAge[i], helloTime[i], forwardDelay[i]) || isNew
}

/** 17.21.25 e)†. Timers that are held at a value follow when it changes. Whether that changed any of them. */
const setDesignatedTimes = (s: State, i: number, tree: number): boolean => {
  const { forwardDelay, maxAge, messageAge } = s.rootTimes
  const { forwardDelay: forwardDelayBefore, helloTime, maxAge: maxAgeBefore } = s.designatedTimes
  if (
    forwardDelayBefore[i] !== forwardDelay[tree] ||
    maxAgeBefore[i] !== maxAge[tree] ||
    helloTime[i] !== s.bridgeTimes.helloTime[tree]
  ) {
    s.dirty[i] = LOOK_AT_ALL
    s.woken[tree] = 1
  }
  return updateTimes(s.designatedTimes, i, messageAge[tree], maxAge[tree], s.bridgeTimes.helloTime[tree], forwardDelay[tree])
}

/** 17.21.25 a) to c): the port whose root path priority vector is the best, if it is better than being the root. */
const selectRootPort = (s: State, tree: number): number => {
  const first = tree * s.ports
  let best = NO_PORT
  for (let i = first; i < first + s.ports; i++) {
    if (s.infoIs[i] !== INFO_RECEIVED || s.portPriority.bridgeAddress[i] === s.address) continue
    if (best === NO_PORT ? isBetterThanOwn(s, tree, i) : isBetterPath(s, i, first + best)) best = i - first
  }
  return best
}

const isBetterThanOwn = (s: State, tree: number, i: number): boolean => {
  const { rootAddress, rootPriority } = s.portPriority
  if (rootPriority[i] !== s.bridgePriority[tree]) return rootPriority[i] < s.bridgePriority[tree]
  return rootAddress[i] < s.address
}

const isBetterPath = (s: State, i: number, than: number): boolean => {
  const difference = PriorityVectors.compare(s.portPriority, i, s.portPriority, than, s.portPathCost[i] - s.portPathCost[than])
  return difference === 0 ? s.portId[i] < s.portId[than] : difference < 0
}

/** 17.21.25 f) to l)†. */
const selectRole = (s: State, i: number, isRootPort: boolean): void => {
  switch (s.infoIs[i]) {
    case INFO_DISABLED:
      s.selectedRole[i] = DISABLED_PORT
      return
    case INFO_AGED:
      s.selectedRole[i] = DESIGNATED_PORT
      s.updtInfo[i] = 1
      return
    case INFO_MINE:
      s.selectedRole[i] = DESIGNATED_PORT
      if (
        PriorityVectors.compare(s.designatedPriority, i, s.portPriority, i, 0) !== 0 ||
        !sameTimes(s.portTimes, s.designatedTimes, i)
      ) {
        s.updtInfo[i] = 1
      }
      return
  }
  if (isRootPort) {
    s.selectedRole[i] = ROOT_PORT
    s.updtInfo[i] = 0
  } else if (PriorityVectors.compare(s.designatedPriority, i, s.portPriority, i, 0) < 0) {
    s.selectedRole[i] = DESIGNATED_PORT
    s.updtInfo[i] = 1
  } else {
    s.selectedRole[i] = s.portPriority.bridgeAddress[i] === s.address ? BACKUP_PORT : ALTERNATE_PORT
    s.updtInfo[i] = 0
  }
}

// ------------------------------------------------------------------------------- assignments that have more than one place

/** 17.19.35†: role becomes `role`. */
export const setRole = (s: State, i: number, role: number, now: SimTime, actions: ControlActions): void => {
  const from = s.role[i]
  if (from === role) return
  s.role[i] = role
  const tree = treeOf(s, i)
  s.lastChangeAt[tree] = now
  actions.trace(Trace.ROLE.code, portOf(s, i), tree, Trace.ROLE_OF_2004[from], Trace.ROLE_OF_2004[role])
}

/** 17.19.7: entries learnt on the port go at once, or age rapidly for FwdDelay in STP compatibility mode. `isLeft`: it is no part of the tree. */
export const setFdbFlush = (s: State, i: number, actions: ControlActions, isLeft = false): void => {
  const tree = treeOf(s, i)
  s.fdbFlush[i] = 1
  if (Conditions.rstpVersion(s)) {
    s.flushes[i]++
    actions.flush(portOf(s, i), tree, isLeft)
  } else if (s.portEnabled[i] === 1) {
    s.rapidAgeingWhile[tree] = Conditions.fwdDelay(s, i)
    actions.setAgeing(tree, StpTime.toNs(s.designatedTimes.forwardDelay[i]))
  }
  s.fdbFlush[i] = 0
}

/** 17.19.34: have the port's role, and with it all others, computed anew. */
export const askReselect = (s: State, i: number): void => {
  s.reselect[i] = 1
  s.selected[i] = 0
  s.woken[treeOf(s, i)] = 1
}

/** Root, alternate and backup ports go by what other ports do (17.20.3†, 17.20.10†): they are to be looked at when one did something. */
export const wakeFollowers = (s: State, tree: number): void => {
  const first = tree * s.ports
  for (let p = first; p < first + s.ports; p++) {
    if (s.role[p] !== ROOT_PORT && s.role[p] < ALTERNATE_PORT) continue
    s.dirty[p] = LOOK_AT_ALL
    s.woken[tree] = 1
  }
}

/** PIM's UPDATE: what the port holds is what this bridge says. */
export const takeDesignated = (s: State, i: number, now: SimTime): void => {
  if (PriorityVectors.compare(s.designatedPriority, i, s.portPriority, i, 0) !== 0) s.lastChangeAt[treeOf(s, i)] = now
  PriorityVectors.assign(s.portPriority, s.designatedPriority, i)
  assignTimes(s.portTimes, i, s.designatedTimes, i)
}

/** A Hello Time as a port goes by it (17.21.13). */
export const atLeastMinimumHello = (helloTime: StpTime.Ticks256): StpTime.Ticks256 => Math.max(MINIMUM_HELLO_TIME, helloTime)
