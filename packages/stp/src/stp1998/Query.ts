/**
 * Answers about a running spanning tree, for show commands, checks and tests: plain values computed from the state, which they never
 * change. Names and numbers are the standard's; ports are printed by their numbers.
 */
import { NEVER, type DurationNs, type SimTime } from "@l2lab/sim/SimTime"
import * as BridgeIdentifier from "../BridgeIdentifier.ts"
import * as Discard from "../Discard.ts"
import type { PortIdentifier } from "../PortIdentifier.ts"
import * as StpTime from "../StpTime.ts"
import * as Trace from "../Trace.ts"
import * as State from "./State.ts"
import * as Timers from "./Timers.ts"

/** A port state by its name. */
export type PortStateName = (typeof Trace.PORT_STATES)[number]

/** 1998 knows three roles; a port that is Disabled has none. */
export type RoleName = "Root" | "Designated" | "Blocked" | "Disabled"

const ROLE_NAMES: ReadonlyArray<RoleName> = ["Disabled", "Root", "Designated", "Blocked"]

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
  readonly topologyChangeAcknowledge: boolean
  readonly configPending: boolean
  readonly changeDetectionEnabled: boolean
  /** What is left until the timers expire; absent while they do not run. */
  readonly messageAgeNs?: DurationNs
  readonly forwardDelayNs?: DurationNs
  readonly holdNs?: DurationNs
  readonly configSent: number
  readonly configReceived: number
  readonly tcnSent: number
  readonly tcnReceived: number
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
  readonly topologyChangeDetected: boolean
  readonly topologyChange: boolean
  readonly topologyChangeCount: number
  /** Absent before the first. */
  readonly lastTopologyChangeAt?: SimTime
  /** The bridge port that it came from; absent where no single port is to blame. */
  readonly lastTopologyChangePort?: number
  readonly lastChangeAt: SimTime
  /** What is left until the timers expire; absent while they do not run. */
  readonly helloNs?: DurationNs
  readonly tcnNs?: DurationNs
  readonly topologyChangeNs?: DurationNs
  readonly ports: ReadonlyArray<PortSnapshot>
}

/** A port's role in a tree. */
export const roleOf = (state: State.State, tree: number, port: number): RoleName =>
  ROLE_NAMES[state.role[State.index(state, tree, port)]]

/** A port's state in a tree. */
export const portStateOf = (state: State.State, tree: number, port: number): PortStateName =>
  Trace.PORT_STATES[state.state[State.index(state, tree, port)]]

/** The instant at which a role, a port state, or a vector of the tree last changed on this bridge. */
export const lastChangeAt = (state: State.State, tree: number): SimTime => state.lastChangeAt[tree]

/** Whether a topology change is under way: flagged, or notified and not acknowledged. Part of the word "settled". */
export const isTopologyChanging = (state: State.State, tree: number): boolean =>
  state.topologyChange[tree] === 1 || state.topologyChangeDetected[tree] === 1

/** For how long nothing may have changed before the tree counts as settled: max age + 2 x forward delay. */
export const settlingTime = (state: State.State, tree: number): DurationNs =>
  StpTime.toNs(state.maxAge[tree] + 2 * state.forwardDelay[tree])

/** BPDUs that the bridge has sent on all ports, in all trees. */
export const bpdusSent = (state: State.State): number => {
  let sum = 0
  for (let i = 0; i < state.configSent.length; i++) sum += state.configSent[i] + state.tcnSent[i]
  return sum
}

/** Everything about one tree, with timers as of `now`. */
export const snapshot = (state: State.State, tree: number, now: SimTime): TreeSnapshot => {
  const rootPort = state.rootPort[tree]
  const lastPort = state.lastTopologyChangePort[tree]
  const root = BridgeIdentifier.make(state.designatedRootPriority[tree], state.designatedRootAddress[tree])
  const bridge = BridgeIdentifier.make(state.bridgePriority[tree], state.address)
  return {
    tree,
    bridge,
    root,
    isRoot: root.priority === bridge.priority && root.address === bridge.address,
    rootPathCost: state.rootPathCost[tree],
    ...(rootPort !== State.NO_PORT && { rootPort }),
    times: times(state.helloTime[tree], state.maxAge[tree], state.forwardDelay[tree]),
    bridgeTimes: times(state.bridgeHelloTime[tree], state.bridgeMaxAge[tree], state.bridgeForwardDelay[tree]),
    topologyChangeDetected: state.topologyChangeDetected[tree] === 1,
    topologyChange: state.topologyChange[tree] === 1,
    topologyChangeCount: state.topologyChangeCount[tree],
    ...(state.lastTopologyChangeAt[tree] !== NEVER && { lastTopologyChangeAt: state.lastTopologyChangeAt[tree] }),
    ...(lastPort !== State.NO_PORT && { lastTopologyChangePort: lastPort }),
    lastChangeAt: state.lastChangeAt[tree],
    ...running("helloNs", Timers.remaining(state, tree, 0, Timers.HELLO, now)),
    ...running("tcnNs", Timers.remaining(state, tree, 0, Timers.TCN, now)),
    ...running("topologyChangeNs", Timers.remaining(state, tree, 0, Timers.TOPOLOGY_CHANGE, now)),
    ports: Array.from({ length: state.ports }, (_, port) => portSnapshot(state, tree, port, now)),
  }
}

/** Everything about one port in one tree, with timers as of `now`. */
export const portSnapshot = (state: State.State, tree: number, port: number, now: SimTime): PortSnapshot => {
  const i = State.index(state, tree, port)
  return {
    port,
    portNo: state.portNo[port],
    priority: state.portPriority[i],
    portIdentifier: state.portId[i],
    state: portStateOf(state, tree, port),
    role: roleOf(state, tree, port),
    cost: state.pathCost[i],
    designatedRoot: BridgeIdentifier.make(state.portDesignatedRootPriority[i], state.portDesignatedRootAddress[i]),
    designatedCost: state.designatedCost[i],
    designatedBridge: BridgeIdentifier.make(state.designatedBridgePriority[i], state.designatedBridgeAddress[i]),
    designatedPort: state.designatedPort[i],
    topologyChangeAcknowledge: state.topologyChangeAcknowledge[i] === 1,
    configPending: state.configPending[i] === 1,
    changeDetectionEnabled: state.changeDetectionEnabled[i] === 1,
    ...running("messageAgeNs", Timers.remaining(state, tree, port, Timers.MESSAGE_AGE, now)),
    ...running("forwardDelayNs", Timers.remaining(state, tree, port, Timers.FORWARD_DELAY, now)),
    ...running("holdNs", Timers.remaining(state, tree, port, Timers.HOLD, now)),
    configSent: state.configSent[i],
    configReceived: state.configReceived[i],
    tcnSent: state.tcnSent[i],
    tcnReceived: state.tcnReceived[i],
    discarded: Discard.total(state.discarded, port),
    discards: Discard.byReason(state.discarded, port),
  }
}

const times = (helloTime: StpTime.Ticks256, maxAge: StpTime.Ticks256, forwardDelay: StpTime.Ticks256): Times => ({
  helloTime: StpTime.toSeconds(helloTime),
  maxAge: StpTime.toSeconds(maxAge),
  forwardDelay: StpTime.toSeconds(forwardDelay),
})

const running = <Name extends string>(name: Name, left: DurationNs): { readonly [N in Name]?: DurationNs } =>
  left === NEVER ? {} : ({ [name]: left } as { readonly [N in Name]: DurationNs })
