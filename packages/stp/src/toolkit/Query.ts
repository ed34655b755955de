/** Read-only questions to the guards. Nothing here changes a state. */
import { BACKBONE_COUNTS, BY_DEFAULT, OFF, ON, type Toolkit } from "./State.ts"

/** How a guard came to be on: set on the port, or by the bridge's default. */
export type How = "on" | "default"

/** The guards that are on at a port. */
export interface PortGuards {
  readonly bpduGuard?: How
  readonly bpduFilter?: How
  readonly rootGuard?: How
  readonly loopGuard?: How
  readonly network: boolean
}

/** The guards of a bridge, ports apart. */
export interface Defaults {
  readonly bpduGuard: boolean
  readonly bpduFilter: boolean
  readonly loopGuard: boolean
  readonly bridgeAssurance: boolean
  /** Multicasts a second; absent: no UplinkFast. */
  readonly uplinkFastRate?: number
  readonly uplinkFastMulticasts: number
  readonly backboneFast: boolean
  /** Absent where it is off. */
  readonly backboneFastCounts?: BackboneFastCounts
}

/** What BackboneFast did, on all ports and in all trees. */
export type BackboneFastCounts = Readonly<Record<(typeof BACKBONE_COUNTS)[number], number>>

const how = (value: number, isDefault: number, applies: boolean): How | undefined =>
  value === ON ? "on" : value === BY_DEFAULT && isDefault === 1 && applies ? "default" : undefined

/** Of a port that operates as an edge or not, on a point-to-point link or not. */
export const ofPort = (toolkit: Toolkit, port: number, isEdge: boolean, isPointToPoint: boolean): PortGuards => {
  const guards = {
    bpduGuard: how(toolkit.bpduGuard[port], toolkit.bpduGuardDefault, isEdge),
    bpduFilter: how(toolkit.bpduFilter[port], toolkit.bpduFilterDefault, isEdge),
    rootGuard: how(toolkit.rootGuard[port], 0, false),
    loopGuard: how(toolkit.loopGuard[port], toolkit.loopGuardDefault, isPointToPoint && !isEdge),
  }
  return {
    ...Object.fromEntries(Object.entries(guards).filter(([, value]) => value !== undefined)),
    network: toolkit.network[port] !== OFF,
  }
}

/** Of a bridge without guards. */
const NONE: Defaults = {
  bpduGuard: false,
  bpduFilter: false,
  loopGuard: false,
  bridgeAssurance: true,
  uplinkFastMulticasts: 0,
  backboneFast: false,
}

/** Of the bridge. */
export const defaults = (toolkit: Toolkit | undefined): Defaults => (toolkit === undefined ? NONE : ofToolkit(toolkit))

const backboneFastCounts = ({ backboneCounts }: Toolkit): BackboneFastCounts =>
  Object.fromEntries(BACKBONE_COUNTS.map((what, i) => [what, backboneCounts[i]])) as BackboneFastCounts

const ofToolkit = (toolkit: Toolkit): Defaults => ({
  bpduGuard: toolkit.bpduGuardDefault === 1,
  bpduFilter: toolkit.bpduFilterDefault === 1,
  loopGuard: toolkit.loopGuardDefault === 1,
  bridgeAssurance: toolkit.bridgeAssurance === 1,
  ...(toolkit.uplinkFast === 1 && { uplinkFastRate: toolkit.dummyRate }),
  uplinkFastMulticasts: toolkit.dummiesSent[0],
  backboneFast: toolkit.backboneFast === 1,
  ...(toolkit.backboneFast === 1 && { backboneFastCounts: backboneFastCounts(toolkit) }),
})
