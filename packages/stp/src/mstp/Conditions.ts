/**
 * 802.1Q-2005 13.25: the conditions and parameters that the machines' figures speak of, computed from the state. All are of one port in one
 * tree, by its position in the columns; times are those of the CIST in every tree.
 */
import type { Ticks256 } from "../StpTime.ts"
import {
  ALTERNATE_PORT,
  CIST,
  DESIGNATED_PORT,
  INFO_RECEIVED,
  MASTER_PORT,
  POINT_TO_POINT_AUTO,
  POINT_TO_POINT_FORCE_TRUE,
  portOf,
  ROOT_PORT,
  type State,
  treeOf,
} from "./State.ts"

/** Timers count whole seconds: a part of a second counts as one. */
const seconds = (ticks: Ticks256): number => Math.ceil(ticks / 256)

/** Whether the position is one of the CIST. */
export const isCist = (s: State, i: number): boolean => i < s.ports

/**
 * Whether an MSTI may go its own way on the port. Not where the CIST leads to another region; nor where this bridge is designated in the CIST and the
 * neighbour, or on a shared LAN some neighbour, may be of another: what is beyond the CIST alone knows. Where another bridge of the region is designated the
 * LAN is the region's.
 */
export const isInRegion = (s: State, i: number): boolean => {
  if (isCist(s, i)) return true
  const port = portOf(s, i)
  if (isBoundaryReceiver(s, port)) return false
  return s.role[port] !== DESIGNATED_PORT || (s.rcvdInternal[port] === 1 && s.operPointToPointMAC[port] === 1)
}

/** 13.25.1: every port has the role selected for it, and all (but root ports, where this is a root or alternate port) are in step with it. */
export const allSynced = (s: State, i: number): boolean => {
  const role = s.role[i]
  const sparesRoots = role === ROOT_PORT || role === ALTERNATE_PORT
  if (!sparesRoots && role !== DESIGNATED_PORT && role !== MASTER_PORT) return false
  const first = treeOf(s, i) * s.ports
  for (let p = first; p < first + s.ports; p++) {
    if (s.selected[p] === 0 || s.role[p] !== s.selectedRole[p] || s.updtInfo[p] === 1) return false
    if (s.synced[p] === 0 && (sparesRoots ? s.role[p] !== ROOT_PORT : p !== i)) return false
  }
  return true
}

/** 13.25.3†: a CIST port with the standing that lets it send periodically: Designated, or Root and telling of a topology change. */
export const cistDesignatedOrTCpropagatingRootPort = (s: State, port: number): boolean =>
  isDesignatedOrTCpropagatingRootPort(s, port)

/** 13.25.9†: the same of any MSTI. */
export const mstiDesignatedOrTCpropagatingRootPort = (s: State, port: number): boolean => {
  for (let tree = 1; tree <= s.instances; tree++) {
    if (isDesignatedOrTCpropagatingRootPort(s, tree * s.ports + port)) return true
  }
  return false
}

const isDesignatedOrTCpropagatingRootPort = (s: State, i: number): boolean =>
  s.role[i] === DESIGNATED_PORT || (s.role[i] === ROOT_PORT && s.tcWhile[i] !== 0)

/** 13.25.10†: the port is the Master Port of an MSTI. */
export const mstiMasterPort = (s: State, port: number): boolean => {
  for (let tree = 1; tree <= s.instances; tree++) if (s.role[tree * s.ports + port] === MASTER_PORT) return true
  return false
}

/** 13.25.2†: the selected roles of the port are current in every tree. */
export const allTransmitReady = (s: State, port: number): boolean => {
  for (let tree = CIST; tree <= s.instances; tree++) {
    const i = tree * s.ports + port
    if (s.selected[i] === 0 || s.updtInfo[i] === 1) return false
  }
  return true
}

/** 802.1D-2004 17.20.4†: MigrateTime on a point-to-point link, else MaxAge. */
export const edgeDelay = (s: State, i: number): number =>
  s.operPointToPointMAC[portOf(s, i)] === 1 ? s.migrateTime : maxAge(s, i)

/** 802.1D-2004 17.20.5†: HelloTime towards bridges that speak RST BPDUs, else FwdDelay. */
export const forwardDelay = (s: State, i: number): number => (s.sendRSTP[portOf(s, i)] === 1 ? helloTime(s, i) : fwdDelay(s, i))

/** 13.25.6: the Forward Delay of the CIST's designatedTimes. */
export const fwdDelay = (s: State, i: number): number => seconds(s.designatedTimes.forwardDelay[portOf(s, i)])

/** 13.25.7: the Hello Time of the CIST's designatedTimes, which is the bridge's own. */
export const helloTime = (s: State, i: number): number => seconds(s.designatedTimes.helloTime[portOf(s, i)])

/** 13.25.8: the Max Age of the CIST's designatedTimes. */
export const maxAge = (s: State, i: number): number => seconds(s.designatedTimes.maxAge[portOf(s, i)])

/** 802.1D-2004 17.20.10†: no other port of the tree was the root port lately. */
export const reRooted = (s: State, i: number): boolean => {
  const first = treeOf(s, i) * s.ports
  for (let p = first; p < first + s.ports; p++) if (p !== i && s.rrWhile[p] !== 0) return false
  return true
}

/** 802.1D-2004 17.20.11: the bridge may speak RST BPDUs. */
export const rstpVersion = (s: State): boolean => s.forceProtocolVersion >= 2

/** 13.25.12, 13.25.13: there is a message for the tree, and of an MSTI's the CIST has seen its part. */
export const rcvdXstMsg = (s: State, i: number): boolean => s.rcvdMsg[i] === 1 && (isCist(s, i) || s.rcvdMsg[portOf(s, i)] === 0)

/** 13.25.14†: there is a message for any tree. */
export const rcvdAnyMsg = (s: State, port: number): boolean => {
  for (let tree = CIST; tree <= s.instances; tree++) if (s.rcvdMsg[tree * s.ports + port] === 1) return true
  return false
}

/** 13.25.16, 13.25.17: portPriority waits for designatedPriority, in the tree or in the CIST. */
export const updtXstInfo = (s: State, i: number): boolean => s.updtInfo[i] === 1 || s.updtInfo[portOf(s, i)] === 1

/** 13.26.23 g)†: the port leads to another region, by what the CIST holds. Frames of all trees pass it alike. */
export const isBoundaryReceiver = (s: State, port: number): boolean =>
  s.infoIs[port] === INFO_RECEIVED && s.infoInternal[port] === 0

/** 6.4.3: operPointToPointMAC of a link that is full duplex or not. */
export const pointToPoint = (s: State, port: number, fullDuplex: boolean): boolean =>
  s.adminPointToPointMAC[port] === POINT_TO_POINT_AUTO ? fullDuplex : s.adminPointToPointMAC[port] === POINT_TO_POINT_FORCE_TRUE
