/**
 * Answers about a running rapid spanning tree, for show commands, checks and tests: plain values computed from the state, which they never
 * change. Names and numbers are the standard's; ports are printed by their numbers.
 */
import { NEVER, type DurationNs, type SimTime } from "@l2lab/sim/SimTime"
import * as BridgeIdentifier from "../BridgeIdentifier.ts"
import * as Discard from "../Discard.ts"
import type { PortIdentifier } from "../PortIdentifier.ts"
import * as StpTime from "../StpTime.ts"
import * as Procedures from "./Procedures.ts"
import * as State from "./State.ts"

/** A port state by its name. */
export type PortStateName = "discarding" | "learning" | "forwarding"

/** A port role by its name (17.7†). */
export type RoleName = "Disabled" | "Root" | "Designated" | "Alternate" | "Backup"

const ROLE_NAMES: ReadonlyArray<RoleName> = ["Disabled", "Root", "Designated", "Alternate", "Backup"]

const INFO_NAMES = ["Disabled", "Received", "Mine", "Aged"] as const

/** Hello time, max age and forward delay. */
export interface Times {
  readonly helloTime: StpTime.Seconds
  readonly maxAge: StpTime.Seconds
  readonly forwardDelay: StpTime.Seconds
}

/** Everything about one port in one tree. */
export interface PortSnapshot {
  /** Bridge port, from 0. */
  readonly port: number
  readonly portNo: number
  readonly priority: number
  readonly portIdentifier: PortIdentifier
  readonly state: PortStateName
  readonly role: RoleName
  readonly cost: number
  readonly designatedRoot: BridgeIdentifier.BridgeIdentifier
  readonly designatedCost: number
  readonly designatedBridge: BridgeIdentifier.BridgeIdentifier
  readonly designatedPort: PortIdentifier
  /** 17.19.18: up, and in use. */
  readonly portEnabled: boolean
  readonly infoIs: (typeof INFO_NAMES)[number]
  readonly operEdge: boolean
  readonly operPointToPointMAC: boolean
  /** Whether the port sends RST BPDUs, not those of 802.1D-1998. */
  readonly sendRSTP: boolean
  readonly proposing: boolean
  readonly agreed: boolean
  readonly disputed: boolean
  readonly rstSent: number
  readonly rstReceived: number
  readonly configSent: number
  readonly configReceived: number
  readonly tcnSent: number
  readonly tcnReceived: number
  readonly flushes: number
  /** BPDUs that were not taken, and how many of them for which reason. */
  readonly discarded: number
  readonly discards: ReturnType<typeof Discard.byReason>
}

/** Everything about one tree of a bridge. */
export interface TreeSnapshot {
  readonly tree: number
  readonly bridge: BridgeIdentifier.BridgeIdentifier
  readonly root: BridgeIdentifier.BridgeIdentifier
  readonly isRoot: boolean
  readonly rootPathCost: number
  /** Bridge port, from 0; absent at the root. */
  readonly rootPort?: number
  /** The times in use, which are the root's, and this bridge's own. */
  readonly times: Times
  readonly bridgeTimes: Times
  /** A port tells of a topology change. */
  readonly topologyChange: boolean
  readonly topologyChangeCount: number
  /** Absent before the first. */
  readonly lastTopologyChangeAt?: SimTime
  readonly lastTopologyChangePort?: number
  readonly lastChangeAt: SimTime
  readonly ports: ReadonlyArray<PortSnapshot>
}

/** A port's role in a tree. */
export const roleOf = (state: State.State, tree: number, port: number): RoleName =>
  ROLE_NAMES[state.role[State.index(state, tree, port)]]

/** A port's state in a tree. */
export const portStateOf = (state: State.State, tree: number, port: number): PortStateName => {
  const i = State.index(state, tree, port)
  return state.forwarding[i] === 1 ? "forwarding" : state.learning[i] === 1 ? "learning" : "discarding"
}

/** The instant at which a role, a port state, or a vector of the tree last changed on this bridge. */
export const lastChangeAt = (state: State.State, tree: number): SimTime => state.lastChangeAt[tree]

/** Whether a port of the tree tells of a topology change. Part of the word "settled". */
export const isTopologyChanging = (state: State.State, tree: number): boolean => Procedures.isTopologyChanging(state, tree)

/**
 * For how long nothing may have changed before the tree counts as settled: 3 x hello time + 2 x forward delay, and max age + 2 x forward
 * delay where a port speaks 802.1D-1998.
 */
export const settlingTime = (state: State.State, tree: number): DurationNs => {
  const silence = speaksStp(state, tree) ? state.rootTimes.maxAge[tree] : 3 * state.bridgeTimes.helloTime[tree]
  return StpTime.toNs(silence + 2 * state.rootTimes.forwardDelay[tree])
}

const speaksStp = (state: State.State, tree: number): boolean => {
  const first = State.index(state, tree, 0)
  for (let i = first; i < first + state.ports; i++) if (state.portEnabled[i] === 1 && state.sendRSTP[i] === 0) return true
  return false
}

/** BPDUs that the bridge has sent on all ports, in all trees. */
export const bpdusSent = (state: State.State): number => {
  let sum = 0
  for (let i = 0; i < state.rstSent.length; i++) sum += state.rstSent[i] + state.configSent[i] + state.tcnSent[i]
  return sum
}

/** Everything about one tree. */
export const snapshot = (state: State.State, tree: number): TreeSnapshot => {
  const rootPort = state.rootPort[tree]
  const lastPort = state.lastTopologyChangePort[tree]
  const { rootAddress, rootPathCost, rootPriority } = state.rootPriority
  return {
    tree,
    bridge: BridgeIdentifier.make(state.bridgePriority[tree], state.address),
    root: BridgeIdentifier.make(rootPriority[tree], rootAddress[tree]),
    isRoot: rootPort === State.NO_PORT,
    rootPathCost: rootPathCost[tree],
    ...(rootPort !== State.NO_PORT && { rootPort }),
    times: times(state.rootTimes, tree),
    bridgeTimes: times(state.bridgeTimes, tree),
    topologyChange: isTopologyChanging(state, tree),
    topologyChangeCount: state.topologyChangeCount[tree],
    ...(state.lastTopologyChangeAt[tree] !== NEVER && { lastTopologyChangeAt: state.lastTopologyChangeAt[tree] }),
    ...(lastPort !== State.NO_PORT && { lastTopologyChangePort: lastPort }),
    lastChangeAt: state.lastChangeAt[tree],
    ports: Array.from({ length: state.ports }, (_, port) => portSnapshot(state, tree, port)),
  }
}

/** Everything about one port in one tree. */
export const portSnapshot = (state: State.State, tree: number, port: number): PortSnapshot => {
  const i = State.index(state, tree, port)
  const vector = state.portPriority
  return {
    port,
    portNo: state.portNo[port],
    priority: state.priority[i],
    portIdentifier: state.portId[i],
    state: portStateOf(state, tree, port),
    role: roleOf(state, tree, port),
    cost: state.portPathCost[i],
    designatedRoot: BridgeIdentifier.make(vector.rootPriority[i], vector.rootAddress[i]),
    designatedCost: vector.rootPathCost[i],
    designatedBridge: BridgeIdentifier.make(vector.bridgePriority[i], vector.bridgeAddress[i]),
    designatedPort: vector.portId[i],
    portEnabled: state.portEnabled[i] === 1,
    infoIs: INFO_NAMES[state.infoIs[i]],
    operEdge: state.operEdge[i] === 1,
    operPointToPointMAC: state.operPointToPointMAC[port] === 1,
    sendRSTP: state.sendRSTP[i] === 1,
    proposing: state.proposing[i] === 1,
    agreed: state.agreed[i] === 1,
    disputed: state.disputed[i] === 1,
    rstSent: state.rstSent[i],
    rstReceived: state.rstReceived[i],
    configSent: state.configSent[i],
    configReceived: state.configReceived[i],
    tcnSent: state.tcnSent[i],
    tcnReceived: state.tcnReceived[i],
    flushes: state.flushes[i],
    discarded: Discard.total(state.discarded, port),
    discards: Discard.byReason(state.discarded, port),
  }
}

const times = ({ forwardDelay, helloTime, maxAge }: State.Times, tree: number): Times => ({
  helloTime: StpTime.toSeconds(helloTime[tree]),
  maxAge: StpTime.toSeconds(maxAge[tree]),
  forwardDelay: StpTime.toSeconds(forwardDelay[tree]),
})
