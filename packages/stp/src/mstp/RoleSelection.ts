/** 802.1Q-2005 13.26.23, updtRolesTree: the root of a tree, the way to it, and with them every port's role. */
import type { ControlActions } from "@l2lab/l2/ControlProtocol"
import type { SimTime } from "@l2lab/sim/SimTime"
import * as Trace from "../Trace.ts"
import * as Conditions from "./Conditions.ts"
import * as PriorityVectors from "./PriorityVectors.ts"
import { askReselect, nextAge, syncMaster } from "./Procedures.ts"
import {
  ALTERNATE_PORT,
  assignTimes,
  BACKUP_PORT,
  CIST,
  DESIGNATED_PORT,
  DISABLED_PORT,
  INFO_AGED,
  INFO_DISABLED,
  INFO_MINE,
  INFO_RECEIVED,
  MASTER_PORT,
  NO_PORT,
  ROOT_PORT,
  sameTimes,
  type State,
} from "./State.ts"

/** The largest cost that 32 bits hold. */
const MAXIMUM_COST = 0xffff_ffff

/** Root path priority vectors that are looked at; of no meaning between calls. */
const candidate = PriorityVectors.make(1)

/** 13.26.23. */
export const updtRolesTree = (s: State, tree: number, now: SimTime, actions: ControlActions): void => {
  const { rootPriority } = s
  const before = {
    rootPriority: rootPriority.rootPriority[tree],
    rootAddress: rootPriority.rootAddress[tree],
    externalRootPathCost: rootPriority.externalRootPathCost[tree],
    regionalRootPriority: rootPriority.regionalRootPriority[tree],
    regionalRootAddress: rootPriority.regionalRootAddress[tree],
  }
  s.rootPort[tree] = selectRoot(s, tree)
  const isOtherRegionalRoot =
    rootPriority.regionalRootAddress[tree] !== before.regionalRootAddress ||
    rootPriority.regionalRootPriority[tree] !== before.regionalRootPriority
  const isOtherRoot =
    rootPriority.rootAddress[tree] !== before.rootAddress || rootPriority.rootPriority[tree] !== before.rootPriority
  if (isOtherRegionalRoot || isOtherRoot) {
    s.lastChangeAt[tree] = now
    // What a tree's root is: of the CIST the root of all regions, of an MSTI its regional root.
    const priority = tree === CIST ? rootPriority.rootPriority[tree] : rootPriority.regionalRootPriority[tree]
    const address = tree === CIST ? rootPriority.rootAddress[tree] : rootPriority.regionalRootAddress[tree]
    if (tree !== CIST || isOtherRoot) actions.trace(Trace.ROOT_CHANGED.code, tree, priority, address, s.rootPort[tree])
  }
  setRootTimes(s, tree)
  const first = tree * s.ports
  for (let i = first; i < first + s.ports; i++) {
    setDesignatedPriority(s, i, tree)
    setDesignatedTimes(s, i, tree)
  }
  const leadsOutside = rootPriority.externalRootPathCost[tree] !== 0 || before.externalRootPathCost !== 0
  if (tree === CIST && isOtherRegionalRoot && leadsOutside) syncMaster(s)
  for (let i = first; i < first + s.ports; i++) selectRole(s, i, i - first, tree)
  if (tree === CIST) for (let port = 0; port < s.ports; port++) tellMstis(s, port)
}

/** 13.26.23 a), b): the bridge itself is the root, unless a port knows a better one; the root priority vector is the best there is. */
const selectRoot = (s: State, tree: number): number => {
  const { bridgePriority, rootPriority, portPriority } = s
  const priority = bridgePriority[tree]
  if (tree === CIST) PriorityVectors.setRoot(rootPriority, tree, priority, s.address, 0)
  PriorityVectors.setRegionalRoot(rootPriority, tree, priority, s.address, 0)
  PriorityVectors.setDesignated(rootPriority, tree, priority, s.address, 0)
  const first = tree * s.ports
  let best = NO_PORT
  for (let port = 0; port < s.ports; port++) {
    const i = first + port
    if (s.infoIs[i] !== INFO_RECEIVED || s.restrictedRole[port] === 1 || portPriority.bridgeAddress[i] === s.address) continue
    if (tree !== CIST && Conditions.isBoundaryReceiver(s, port)) continue
    setRootPathPriority(s, i, port, tree)
    const difference = PriorityVectors.compare(candidate, 0, rootPriority, tree)
    if (difference > 0 || (difference === 0 && (best === NO_PORT || s.portId[i] > s.portId[first + best]))) continue
    PriorityVectors.assign(rootPriority, tree, candidate, 0)
    best = port
  }
  return best
}

/** 13.9†, 13.10†: what the port holds, with the cost of its LAN: an internal one, or an external one where the region begins at this bridge. */
const setRootPathPriority = (s: State, i: number, port: number, tree: number): void => {
  PriorityVectors.assign(candidate, 0, s.portPriority, i)
  const { externalRootPathCost, internalRootPathCost } = candidate
  if (tree !== CIST || s.infoInternal[port] === 1) {
    internalRootPathCost[0] = Math.min(MAXIMUM_COST, internalRootPathCost[0] + s.internalPortPathCost[i])
  } else {
    externalRootPathCost[0] = Math.min(MAXIMUM_COST, externalRootPathCost[0] + s.externalPortPathCost[port])
    PriorityVectors.setRegionalRoot(candidate, 0, s.bridgePriority[tree], s.address, 0)
  }
}

/** 13.26.23 c): one hop less within the region; one more bridge for the CIST where it is entered, and all hops again. */
const setRootTimes = (s: State, tree: number): void => {
  const { bridgeTimes, rootTimes } = s
  const port = s.rootPort[tree]
  if (port === NO_PORT) return assignTimes(rootTimes, tree, bridgeTimes, tree)
  assignTimes(rootTimes, tree, s.portTimes, tree * s.ports + port)
  if (tree !== CIST || s.infoInternal[port] === 1) {
    rootTimes.remainingHops[tree] = Math.max(0, rootTimes.remainingHops[tree] - 1)
  } else {
    rootTimes.messageAge[tree] = nextAge(rootTimes.messageAge[tree])
    rootTimes.remainingHops[tree] = bridgeTimes.remainingHops[tree]
  }
}

/** 13.26.23 d): what the bridge says on the port. To bridges of 802.1D-1998 it is its own regional root, which a Configuration BPDU calls the bridge. */
const setDesignatedPriority = (s: State, i: number, tree: number): void => {
  const { designatedPriority } = s
  PriorityVectors.assign(designatedPriority, i, s.rootPriority, tree)
  PriorityVectors.setDesignated(designatedPriority, i, s.bridgePriority[tree], s.address, s.portId[i])
  if (tree === CIST && s.sendRSTP[i] === 0) {
    const internalRootPathCost = s.rootPriority.internalRootPathCost[tree]
    PriorityVectors.setRegionalRoot(designatedPriority, i, s.bridgePriority[tree], s.address, internalRootPathCost)
  }
}

/** 13.26.23 e): timers that are held at a value follow when it changes. Hello Time is the bridge's own. */
const setDesignatedTimes = (s: State, i: number, tree: number): void => {
  const { forwardDelay, helloTime, maxAge } = s.designatedTimes
  if (
    forwardDelay[i] !== s.rootTimes.forwardDelay[tree] ||
    maxAge[i] !== s.rootTimes.maxAge[tree] ||
    helloTime[i] !== s.bridgeTimes.helloTime[tree]
  ) {
    // The MSTIs' timers go by the CIST's times.
    for (let t = CIST; t <= s.instances; t++) s.dirty[t * s.ports + (i - tree * s.ports)] = 1
    s.woken.fill(1, 0, s.instances + 1)
  }
  assignTimes(s.designatedTimes, i, s.rootTimes, tree)
  helloTime[i] = s.bridgeTimes.helloTime[tree]
}

const isDesignatedCurrent = (s: State, i: number): boolean =>
  PriorityVectors.compare(s.portPriority, i, s.designatedPriority, i) === 0 && sameTimes(s.portTimes, s.designatedTimes, i)

/** 13.26.23 f) to m). */
const selectRole = (s: State, i: number, port: number, tree: number): void => {
  if (s.infoIs[i] === INFO_DISABLED) {
    s.selectedRole[i] = DISABLED_PORT
    return
  }
  // g): where the CIST comes in from another region, frames of all trees pass alike (13.13 f)†).
  if (tree !== CIST && Conditions.isBoundaryReceiver(s, port)) {
    s.selectedRole[i] = s.selectedRole[port] === ROOT_PORT ? MASTER_PORT : s.selectedRole[port]
    s.updtInfo[i] = s.infoIs[i] !== INFO_MINE || !isDesignatedCurrent(s, i) ? 1 : 0
    return
  }
  switch (s.infoIs[i]) {
    case INFO_AGED: // h)
      s.selectedRole[i] = DESIGNATED_PORT
      s.updtInfo[i] = 1
      return
    case INFO_MINE: // i)
      s.selectedRole[i] = DESIGNATED_PORT
      if (!isDesignatedCurrent(s, i)) s.updtInfo[i] = 1
      return
  }
  if (port === s.rootPort[tree]) {
    s.selectedRole[i] = ROOT_PORT // j)
    s.updtInfo[i] = 0
  } else if (PriorityVectors.compare(s.designatedPriority, i, s.portPriority, i) < 0) {
    s.selectedRole[i] = DESIGNATED_PORT // m)
    s.updtInfo[i] = 1
  } else {
    s.selectedRole[i] = s.portPriority.bridgeAddress[i] === s.address ? BACKUP_PORT : ALTERNATE_PORT // l), k)
    s.updtInfo[i] = 0
  }
}

/** The MSTIs' roles follow the CIST's at the edge of the region; the standard leaves open who tells them of a change. */
const tellMstis = (s: State, port: number): void => {
  const role = Conditions.isBoundaryReceiver(s, port) ? s.selectedRole[port] + 1 : 0
  if (s.boundaryRole[port] === role) return
  s.boundaryRole[port] = role
  for (let tree = 1; tree <= s.instances; tree++) askReselect(s, tree * s.ports + port)
}
