/**
 * 802.1Q-2005 13.26: the procedures that the machines' figures call, one function each, by the standard's names and in its order, but for
 * updtRolesTree (`RoleSelection.ts`). Each changes the state it is given, for the port in a tree at position `i`, and asks for
 * the rest through the actions.
 *
 * Ours and not the standard's: `lastChangeAt` (the instant for the word "settled"), `dirty`, `woken` and `touched` (what the engine must look
 * at), counters, traces.
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
  assignTimes,
  CIST,
  DESIGNATED_PORT,
  DISABLED_PORT,
  INFERIOR_DESIGNATED_INFO,
  INFERIOR_ROOT_ALTERNATE_INFO,
  INFO_RECEIVED,
  MASTER_PORT,
  MSG_CONFIG,
  MSG_MST,
  MSG_TCN,
  OTHER_INFO,
  portOf,
  REPEATED_DESIGNATED_INFO,
  ROOT_PORT,
  sameTimes,
  type State,
  SUPERIOR_DESIGNATED_INFO,
  treeOf,
} from "./State.ts"

const ROLE_MASTER = RST_ROLES.indexOf("unknown")
const ROLE_DESIGNATED = RST_ROLES.indexOf("designated")

/** 13.26.1: whether the message (`INFO_RECEIVED`), or the designated vector (`INFO_MINE`), is as good as what the port holds of the same kind. */
export const betterorsameInfo = (s: State, i: number, newInfoIs: number): boolean => {
  if (newInfoIs !== s.infoIs[i]) return false
  const { compare } = PriorityVectors
  return newInfoIs === INFO_RECEIVED
    ? compare(s.msgPriority, i, s.portPriority, i) <= 0
    : compare(s.designatedPriority, i, s.portPriority, i) <= 0
}

/** 13.26.2. */
export const clearAllRcvdMsgs = (s: State, port: number): void => {
  for (let tree = CIST; tree <= s.instances; tree++) s.rcvdMsg[tree * s.ports + port] = 0
}

/** 13.26.3: no port of the tree waits for its role to be computed. */
export const clearReselectTree = (s: State, tree: number): void => {
  s.reselect.fill(0, tree * s.ports, (tree + 1) * s.ports)
}

/** 13.26.4: the BPDU is an MST BPDU of a bridge with the same MST Configuration Identifier. */
export const fromSameRegion = (s: State, port: number): boolean => s.msgKind[port] === MSG_MST && s.msgSameRegion[port] === 1

/** 13.26.5: tell of a topology change for a while, if the port does not do so already. */
export const newTcWhile = (s: State, i: number, now: SimTime, actions: ControlActions, cause: number): void => {
  if (s.tcWhile[i] !== 0) return
  noteTopologyChange(s, i, now, actions, cause)
  if (s.sendRSTP[portOf(s, i)] === 1) {
    s.tcWhile[i] = Conditions.helloTime(s, i) + 1
    setNewInfoXst(s, i)
  } else {
    s.tcWhile[i] = Math.ceil((s.rootTimes.maxAge[CIST] + s.rootTimes.forwardDelay[CIST]) / 256)
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

/** 13.26.6: what the message is to the port. Its vector and times are in msgPriority and msgTimes already. */
export const rcvInfo = (s: State, i: number): number => {
  const port = portOf(s, i)
  if (s.msgKind[port] === MSG_TCN) {
    s.rcvdTcn[port] = 1
    for (let tree = 1; tree <= s.instances; tree++) {
      s.rcvdTc[tree * s.ports + port] = 1
      wake(s, tree, tree * s.ports + port)
    }
    return OTHER_INFO
  }
  // An MSTI is to a port what the CIST is that leads to another region (13.13 f)†): what else is said there of the MSTI counts for nothing.
  if (!Conditions.isCist(s, i) && Conditions.isBoundaryReceiver(s, port)) return OTHER_INFO
  if (s.msgRole[i] === ROLE_MASTER) return OTHER_INFO
  const comparison = PriorityVectors.compare(s.msgPriority, i, s.portPriority, i)
  if (s.msgRole[i] !== ROLE_DESIGNATED) return comparison >= 0 ? INFERIOR_ROOT_ALTERNATE_INFO : OTHER_INFO
  if (comparison === 0 && sameTimes(s.msgTimes, s.portTimes, i)) {
    return s.infoIs[i] === INFO_RECEIVED ? REPEATED_DESIGNATED_INFO : INFERIOR_DESIGNATED_INFO
  }
  // 13.9†, 13.10†: the port that the information came from may also make it worse.
  if (comparison <= 0 || PriorityVectors.isSameTransmitter(s.msgPriority, i, s.portPriority, i)) return SUPERIOR_DESIGNATED_INFO
  return INFERIOR_DESIGNATED_INFO
}

/** 13.26.7: the neighbour agrees, which counts on a point-to-point link only; of an MSTI, if both speak of the same CIST root and regional root. */
export const recordAgreement = (s: State, i: number): void => {
  const port = portOf(s, i)
  const isPointToPoint = s.operPointToPointMAC[port] === 1
  if (Conditions.isCist(s, i)) {
    setAgreed(s, i, Conditions.rstpVersion(s) && isPointToPoint && s.msgAgreement[i] === 1)
    if (s.rcvdInternal[port] === 1) return
    for (let tree = 1; tree <= s.instances; tree++) {
      const p = tree * s.ports + port
      s.agreed[p] = s.agreed[i]
      s.proposing[p] = s.proposing[i]
      wake(s, tree, p)
    }
  } else {
    setAgreed(s, i, isPointToPoint && hasPortsCistRoots(s, port) && s.msgAgreement[i] === 1)
  }
}

const setAgreed = (s: State, i: number, agreed: boolean): void => {
  s.agreed[i] = agreed ? 1 : 0
  if (agreed) s.proposing[i] = 0
}

/** Whether the CIST part of the message names the root, the external cost and the regional root that the port holds. */
const hasPortsCistRoots = ({ msgPriority, portPriority }: State, port: number): boolean =>
  msgPriority.rootAddress[port] === portPriority.rootAddress[port] &&
  msgPriority.rootPriority[port] === portPriority.rootPriority[port] &&
  msgPriority.externalRootPathCost[port] === portPriority.externalRootPathCost[port] &&
  msgPriority.regionalRootAddress[port] === portPriority.regionalRootAddress[port] &&
  msgPriority.regionalRootPriority[port] === portPriority.regionalRootPriority[port]

/** 13.26.8: a bridge with worse information learns as if it were designated. At a region's edge the MSTIs share the CIST's dispute. */
export const recordDispute = (s: State, i: number, actions: ControlActions): void => {
  if (s.msgLearning[i] === 0) return
  if (s.learning[i] === 1) actions.trace(Trace.DISPUTE.code, portOf(s, i), treeOf(s, i), 0, 0)
  s.disputed[i] = 1
  s.agreed[i] = 0
  const port = portOf(s, i)
  if (!Conditions.isCist(s, i) || s.rcvdInternal[port] === 1) return
  for (let tree = 1; tree <= s.instances; tree++) {
    s.disputed[tree * s.ports + port] = 1
    s.agreed[tree * s.ports + port] = 0
    wake(s, tree, tree * s.ports + port)
  }
}

/** 13.26.9: whether the neighbour reaches the CIST root through its region's Master Port; nobody outside the region can tell. */
export const recordMastered = (s: State, i: number): void => {
  const port = portOf(s, i)
  if (!Conditions.isCist(s, i)) {
    setMastered(s, i, s.operPointToPointMAC[port] === 1 && s.msgMaster[i] === 1)
  } else if (s.rcvdInternal[port] === 0) {
    for (let tree = 1; tree <= s.instances; tree++) setMastered(s, tree * s.ports + port, false)
  }
}

const setMastered = (s: State, i: number, mastered: boolean): void => {
  const value = mastered ? 1 : 0
  s.masters[treeOf(s, i)] += value - s.mastered[i]
  s.mastered[i] = value
}

/** 13.24.5: of an MSTI, whether the port, by its role, passes on that the region's Master Port is this way. */
export const master = (s: State, i: number): boolean => {
  const tree = treeOf(s, i)
  if (s.masters[tree] === 0 || (s.role[i] !== ROOT_PORT && s.role[i] !== DESIGNATED_PORT)) return false
  const first = tree * s.ports
  for (let p = first; p < first + s.ports; p++) {
    if (s.role[p] === MASTER_PORT) return true
    if (p !== i && s.mastered[p] === 1 && (s.role[p] === ROOT_PORT || s.role[p] === DESIGNATED_PORT)) return true
  }
  return false
}

/** 13.26 f). */
export const recordPriority = (s: State, i: number, now: SimTime): void => {
  if (PriorityVectors.compare(s.msgPriority, i, s.portPriority, i) !== 0) s.lastChangeAt[treeOf(s, i)] = now
  PriorityVectors.assign(s.portPriority, i, s.msgPriority, i)
}

/** 13.26.10. At a region's edge the CIST's proposal is for all MSTIs. */
export const recordProposal = (s: State, i: number): void => {
  if (s.msgProposal[i] === 1) s.proposed[i] = 1
  const port = portOf(s, i)
  if (!Conditions.isCist(s, i) || s.rcvdInternal[port] === 1) return
  for (let tree = 1; tree <= s.instances; tree++) {
    s.proposed[tree * s.ports + port] = s.proposed[i]
    wake(s, tree, tree * s.ports + port)
  }
}

/** 13.26.11. */
export const recordTimes = (s: State, i: number): void => assignTimes(s.portTimes, i, s.msgTimes, i)

/** 13.26.12: hand the BPDU's parts to the trees that they are for. */
export const setRcvdMsgs = (s: State, port: number): void => {
  s.rcvdMsg[port] = 1
  if (s.rcvdInternal[port] === 0) return
  for (let tree = 1; tree <= s.instances; tree++) {
    const i = tree * s.ports + port
    if (s.msgPresent[i] === 0) continue
    s.rcvdMsg[i] = 1
    wake(s, tree, i)
  }
}

/** 13.26.13: all ports of the tree that were root ports lately shall make way. */
export const setReRootTree = (s: State, i: number): void => fillTree(s, i, s.reRoot)

/** 13.26.14: the selected roles are current, unless one is to be computed anew already. */
export const setSelectedTree = (s: State, tree: number): void => {
  const first = tree * s.ports
  for (let p = first; p < first + s.ports; p++) if (s.reselect[p] === 1) return
  for (let p = first; p < first + s.ports; p++) {
    if (s.selected[p] === 0 || s.role[p] !== s.selectedRole[p] || s.updtInfo[p] === 1) wake(s, tree, p)
    s.selected[p] = 1
  }
}

/** 13.26.15: all ports of the tree shall agree with the root port's information, or discard. */
export const setSyncTree = (s: State, i: number): void => fillTree(s, i, s.sync)

const fillTree = (s: State, i: number, column: Uint8Array): void => {
  const tree = treeOf(s, i)
  const first = tree * s.ports
  column.fill(1, first, first + s.ports)
  wakeTree(s, tree)
}

/** 13.26.16. At a region's edge the CIST's topology change is one of all MSTIs. */
export const setTcFlags = (s: State, i: number): void => {
  const port = portOf(s, i)
  if (s.msgTopologyChange[i] === 1) s.rcvdTc[i] = 1
  if (!Conditions.isCist(s, i)) return
  if (s.msgTopologyChangeAck[port] === 1) s.rcvdTcAck[port] = 1
  if (s.msgTopologyChange[i] === 0 || s.rcvdInternal[port] === 1) return
  for (let tree = 1; tree <= s.instances; tree++) {
    s.rcvdTc[tree * s.ports + port] = 1
    wake(s, tree, tree * s.ports + port)
  }
}

/** 13.26.17: all other ports of the tree shall pass a topology change on. */
export const setTcPropTree = (s: State, i: number): void => {
  if (s.restrictedTcn[portOf(s, i)] === 1) return
  const tree = treeOf(s, i)
  const first = tree * s.ports
  for (let p = first; p < first + s.ports; p++) {
    if (p === i) continue
    s.tcProp[p] = 1
    wake(s, tree, p)
  }
}

/** 13.26.18: the region has another way to the CIST root; its MSTIs must be in step with that anew. */
export const syncMaster = (s: State): void => {
  for (let tree = 1; tree <= s.instances; tree++) {
    for (let port = 0; port < s.ports; port++) {
      if (s.infoInternal[port] === 0) continue
      const i = tree * s.ports + port
      s.agree[i] = 0
      s.agreed[i] = 0
      s.synced[i] = 0
      s.sync[i] = 1
      wake(s, tree, i)
    }
  }
}

/** 13.26.19. */
export const txConfig = (s: State, port: number, actions: ControlActions): void => {
  s.configSent[port]++
  if (actions.tracing) {
    const { externalRootPathCost, rootAddress } = s.designatedPriority
    actions.detail(Trace.CONFIG_SENT.code, port, CIST, rootAddress[port], externalRootPathCost[port])
  }
  BpduFrames.sendConfig(s, port, actions)
}

/** 13.26.20: one BPDU for all trees; of a bridge that is forced to version 2, an RST BPDU. */
export const txMstp = (s: State, port: number, actions: ControlActions): void => {
  s.mstSent[port]++
  if (actions.tracing) {
    const { externalRootPathCost, rootAddress } = s.designatedPriority
    actions.detail(Trace.RST_SENT.code, port, CIST, rootAddress[port], externalRootPathCost[port])
  }
  BpduFrames.sendMst(s, port, actions)
}

/** 13.26 a)†. */
export const txTcn = (s: State, port: number, actions: ControlActions): void => {
  s.tcnSent[port]++
  if (actions.tracing) actions.detail(Trace.TCN_SENT.code, port, CIST, 0, 0)
  BpduFrames.sendTcn(s, port, actions)
}

/** 13.26.21: the version that the neighbour speaks. */
export const updtBPDUVersion = (s: State, port: number): void => {
  if (s.msgKind[port] === MSG_CONFIG || s.msgKind[port] === MSG_TCN) s.rcvdSTP[port] = 1
  else s.rcvdRSTP[port] = 1
}

/** Message Age one bridge or one region on: 1 s more, rounded to whole seconds. */
export const nextAge = (messageAge: StpTime.Ticks256): StpTime.Ticks256 => Math.round((messageAge + 256) / 256) * 256

/**
 * 13.26.22: three times Hello Time, or nothing for information that is too old to be passed on: by its age where it came from outside
 * the region, by the hops that remain in the very tree where it came from inside.
 */
export const updtRcvdInfoWhile = (s: State, i: number): void => {
  const port = portOf(s, i)
  const { helloTime, maxAge, messageAge, remainingHops } = s.portTimes
  const isFresh = s.rcvdInternal[port] === 1 ? remainingHops[i] > 1 : nextAge(messageAge[port]) <= maxAge[port]
  s.rcvdInfoWhile[i] = isFresh ? Math.ceil((3 * helloTime[port]) / 256) : 0
}

/** 13.26.24. */
export const updtRolesDisabledTree = (s: State, tree: number): void => {
  s.selectedRole.fill(DISABLED_PORT, tree * s.ports, (tree + 1) * s.ports)
}

/** 802.1D-2004 17.21.3 to 17.21.6: disableForwarding, disableLearning, enableForwarding and enableLearning, as one wish about both. */
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

// ------------------------------------------------------------------------------- assignments that have more than one place

/** newInfoXst: a BPDU is to be sent for the tree. */
export const setNewInfoXst = (s: State, i: number): void => {
  const column = Conditions.isCist(s, i) ? s.newInfo : s.newInfoMsti
  column[portOf(s, i)] = 1
}

/** 13.24 ai)†: role becomes `role`. */
export const setRole = (s: State, i: number, role: number, now: SimTime, actions: ControlActions): void => {
  const from = s.role[i]
  if (from === role) return
  s.role[i] = role
  const tree = treeOf(s, i)
  s.masters[tree] += (role === MASTER_PORT ? 1 : 0) - (from === MASTER_PORT ? 1 : 0)
  s.lastChangeAt[tree] = now
  actions.trace(Trace.ROLE.code, portOf(s, i), tree, Trace.ROLE_OF_2004[from], Trace.ROLE_OF_2004[role])
}

/** 802.1D-2004 17.19.7: entries learnt on the port go at once, or age rapidly for FwdDelay in STP compatibility mode. `isLeft`: it is no part of the tree. */
export const setFdbFlush = (s: State, i: number, actions: ControlActions, isLeft = false): void => {
  const [tree, port] = [treeOf(s, i), portOf(s, i)]
  if (s.operEdge[port] === 1) return
  s.fdbFlush[i] = 1
  if (Conditions.rstpVersion(s)) {
    s.flushes[i]++
    actions.flush(port, tree, isLeft)
  } else if (s.portEnabled[port] === 1) {
    s.rapidAgeingWhile[CIST] = Conditions.fwdDelay(s, i)
    for (let t = CIST; t <= s.instances; t++) actions.setAgeing(t, StpTime.toNs(s.designatedTimes.forwardDelay[port]))
  }
  s.fdbFlush[i] = 0
}

/** 13.24 ah)†: have the port's role, and with it all others of the tree, computed anew. */
export const askReselect = (s: State, i: number): void => {
  s.reselect[i] = 1
  s.selected[i] = 0
  s.woken[treeOf(s, i)] = 1
}

/** 13.24.1: what the port holds of the CIST came from inside the region, or from outside; costs and MSTIs' roles hang on it. */
export const setInfoInternal = (s: State, i: number): void => {
  if (!Conditions.isCist(s, i) || s.infoInternal[i] === s.rcvdInternal[i]) return
  s.infoInternal[i] = s.rcvdInternal[i]
  askReselect(s, i)
}

/** PIM's UPDATE: what the port holds is what this bridge says. Others may have waited for that (updtInfo in 13.25.1). */
export const takeDesignated = (s: State, i: number, now: SimTime): void => {
  if (PriorityVectors.compare(s.designatedPriority, i, s.portPriority, i) !== 0) s.lastChangeAt[treeOf(s, i)] = now
  PriorityVectors.assign(s.portPriority, i, s.designatedPriority, i)
  assignTimes(s.portTimes, i, s.designatedTimes, i)
  wakeFollowers(s, treeOf(s, i))
}

// ------------------------------------------------------------------------------------------------ what the engine looks at

/** Look at a port in a tree before the step is over. */
export const wake = (s: State, tree: number, i: number): void => {
  s.dirty[i] = 1
  s.woken[tree] = 1
}

/** Look at all ports of a tree. */
export const wakeTree = (s: State, tree: number): void => {
  s.dirty.fill(1, tree * s.ports, (tree + 1) * s.ports)
  s.woken[tree] = 1
}

/** Look at a port in all trees. */
export const wakePort = (s: State, port: number): void => {
  for (let tree = CIST; tree <= s.instances; tree++) wake(s, tree, tree * s.ports + port)
}

/** Look at the ports of a tree that go by what others do: those that do not agree yet, or are asked to (13.25.1), and root ports. */
export const wakeFollowers = (s: State, tree: number): void => {
  const first = tree * s.ports
  for (let p = first; p < first + s.ports; p++) {
    if (s.agree[p] === 0 || s.proposed[p] === 1 || s.role[p] === ROOT_PORT || s.role[p] === MASTER_PORT) wake(s, tree, p)
  }
}
