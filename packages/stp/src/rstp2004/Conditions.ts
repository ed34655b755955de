/**
 * 802.1D-2004 17.20: the conditions and parameters that the machines' figures speak of, computed from the state. All are of one port in
 * one tree, by its position in the columns.
 */
import type { Ticks256 } from "../StpTime.ts"
import { POINT_TO_POINT_AUTO, POINT_TO_POINT_FORCE_TRUE, ROOT_PORT, type State, portOf, treeOf } from "./State.ts"

/** Timers count whole seconds: a part of a second counts as one. */
const seconds = (ticks: Ticks256): number => Math.ceil(ticks / 256)

/** 17.20.1†. */
export const adminEdge = (s: State, i: number): boolean => s.adminEdge[portOf(s, i)] === 1

/** 17.20.2†. */
export const autoEdge = (s: State, i: number): boolean => s.autoEdge[portOf(s, i)] === 1

/** 17.20.3†: every port of the tree has the role selected for it, and is the root port or in step with it. */
export const allSynced = (s: State, i: number): boolean => {
  const first = treeOf(s, i) * s.ports
  for (let p = first; p < first + s.ports; p++) {
    if (s.selected[p] === 0 || s.role[p] !== s.selectedRole[p]) return false
    if (s.role[p] !== ROOT_PORT && s.synced[p] === 0) return false
  }
  return true
}

/** 17.20.4†: MigrateTime on a point-to-point link, else MaxAge. */
export const edgeDelay = (s: State, i: number): number =>
  s.operPointToPointMAC[portOf(s, i)] === 1 ? s.migrateTime : maxAge(s, i)

/** 17.20.5†: HelloTime towards bridges that speak RST BPDUs, else FwdDelay. */
export const forwardDelay = (s: State, i: number): number => (s.sendRSTP[i] === 1 ? helloTime(s, i) : fwdDelay(s, i))

/** 17.20.6: the Forward Delay of designatedTimes. */
export const fwdDelay = (s: State, i: number): number => seconds(s.designatedTimes.forwardDelay[i])

/** 17.20.7†: the Hello Time of designatedTimes. */
export const helloTime = (s: State, i: number): number => seconds(s.designatedTimes.helloTime[i])

/** 17.20.8†: the Max Age of designatedTimes. */
export const maxAge = (s: State, i: number): number => seconds(s.designatedTimes.maxAge[i])

/** 17.20.10†: no other port of the tree was the root port lately. */
export const reRooted = (s: State, i: number): boolean => {
  const first = treeOf(s, i) * s.ports
  for (let p = first; p < first + s.ports; p++) if (p !== i && s.rrWhile[p] !== 0) return false
  return true
}

/** 17.20.11 and 17.20.12: the bridge may speak RST BPDUs; its opposite is stpVersion. */
export const rstpVersion = (s: State): boolean => s.forceProtocolVersion >= 2

/** 6.4.3: operPointToPointMAC of a link that is full duplex or not. */
export const pointToPoint = (s: State, port: number, fullDuplex: boolean): boolean =>
  s.adminPointToPointMAC[port] === POINT_TO_POINT_AUTO ? fullDuplex : s.adminPointToPointMAC[port] === POINT_TO_POINT_FORCE_TRUE
