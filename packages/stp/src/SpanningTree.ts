/**
 * The spanning tree that a bridge runs, whichever it is: the same questions to every protocol of this package, for show commands, for
 * waiting until a network has settled, for comparing with recordings. A protocol that is added is added here.
 */
import type { SwitchPort, VlanId } from "@l2lab/l2/BridgeConfig"
import type { BridgeState } from "@l2lab/l2/BridgeState"
import type { MacAddress } from "@l2lab/l2/MacAddress"
import { SECOND, type DurationNs, type SimTime } from "@l2lab/sim/SimTime"
import type { BridgeIdentifier } from "./BridgeIdentifier.ts"
import * as Inconsistency from "./Inconsistency.ts"
import type { PathCostMethod } from "./PathCost.ts"
import type { ConfigurationId } from "./MstBpdu.ts"
import * as QueryMstp from "./mstp/Query.ts"
import type { Mstid, VlanRange } from "./mstp/Settings.ts"
import type { State as StateMstp } from "./mstp/State.ts"
import type { PortIdentifier } from "./PortIdentifier.ts"
import type { State as PvstState } from "./pvst/State.ts"
import * as Query2004 from "./rstp2004/Query.ts"
import { POINT_TO_POINT_AUTO, type State as State2004 } from "./rstp2004/State.ts"
import type { WithToolkit } from "./toolkit/Guarded.ts"
import * as Guards from "./toolkit/Query.ts"
import type { Toolkit } from "./toolkit/State.ts"
import * as Query1998 from "./stp1998/Query.ts"
import type { State as State1998 } from "./stp1998/State.ts"

/** The state of a bridge's spanning tree, with the kind of the protocol that it belongs to. */
export type SpanningTree =
  | { readonly kind: "stp1998"; readonly state: State1998 }
  | { readonly kind: "rstp2004"; readonly state: State2004 }
  | { readonly kind: "mstp"; readonly state: StateMstp }
  | { readonly kind: "pvst"; readonly state: PvstState<State1998> }
  | { readonly kind: "rapid-pvst"; readonly state: PvstState<State2004> }

/** The kinds of control protocols that are spanning trees. */
export type SpanningTreeKind = SpanningTree["kind"]

/** The kinds as registries and bridges know them. */
export const KINDS: ReadonlyArray<string> = [
  "stp1998",
  "rstp2004",
  "mstp",
  "pvst",
  "rapid-pvst",
] satisfies ReadonlyArray<SpanningTreeKind>

/** A role as its own standard has it: 1998 does not divide its blocked ports. */
export type RoleName = Query1998.RoleName | Query2004.RoleName | QueryMstp.RoleName

/** A state as its own standard has it: 2004 has one, discarding, for 1998's first three. */
export type PortStateName = Query1998.PortStateName | Query2004.PortStateName

/** Hello time, max age and forward delay, in seconds. */
export type Times = Query1998.Times

/** What guards a bridge has; `portfast`: all its access ports are edge ports. */
export type GuardDefaults = Guards.Defaults & { readonly portfast: boolean }

/** What every protocol can tell of a port in a tree. */
export interface PortSnapshot {
  /** Bridge port, from 0. */
  readonly port: number
  readonly portNo: number
  readonly priority: number
  readonly portIdentifier: PortIdentifier
  readonly state: PortStateName
  readonly role: RoleName
  readonly cost: number
  readonly designatedRoot: BridgeIdentifier
  readonly designatedCost: number
  readonly designatedBridge: BridgeIdentifier
  readonly designatedPort: PortIdentifier
  /** Whether the port carries the tree's VLAN. */
  readonly isMember: boolean
  /** No bridge is behind the port: it forwards at once, and its coming and going is no topology change. */
  readonly operEdge: boolean
  /** Whether at most one bridge is at the other end; absent where the protocol does not ask. */
  readonly pointToPoint?: boolean
  /** Whether management said so, not the link's duplex. */
  readonly linkTypeSet: boolean
  /** The port speaks 802.1D-1998, because the protocol is that or because the neighbour's is. */
  readonly speaksStp: boolean
  /** Of MSTP only: the cost within the region; whether the port leads out of it, and whether to bridges that run PVST+. */
  readonly internalCost?: number
  readonly isBoundary?: boolean
  readonly isPvstBoundary?: boolean
  /** Why the port is kept blocked whatever its role; empty where nothing is wrong. */
  readonly inconsistencies: ReadonlyArray<Inconsistency.Name>
  /** Absent where the bridge has no guards. */
  readonly guards?: Guards.PortGuards
  readonly bpdusSent: number
  readonly bpdusReceived: number
  /** Seconds until what the port was told is forgotten, until it goes on to its next state, and until it may send again; 0 = not running. */
  readonly messageAge: number
  readonly forwardDelay: number
  readonly hold: number
  /** BPDUs that were not taken, in all trees together, and why. */
  readonly discarded: number
  readonly discards: Query2004.PortSnapshot["discards"]
  /** Times that what was learnt on the port was forgotten for a topology change; 1998 lets it age instead. */
  readonly flushes: number
}

/** What MSTP adds to a tree. */
export interface Instance {
  /** 0 = the CIST, whose `root` is that of all regions; an MSTI's is its regional root. */
  readonly mstid: Mstid
  /** The VLANs that follow the tree, existing or not. */
  readonly vlans: ReadonlyArray<VlanRange>
  readonly regionalRoot: BridgeIdentifier
  readonly isRegionalRoot: boolean
  readonly internalRootPathCost: number
  readonly maxHops: number
  readonly remainingHops: number
}

/** What every protocol can tell of a tree. */
export interface TreeSnapshot {
  /** The relay's number of it. */
  readonly tree: number
  /** Of MSTP only. */
  readonly instance?: Instance
  readonly bridge: BridgeIdentifier
  readonly root: BridgeIdentifier
  readonly isRoot: boolean
  readonly rootPathCost: number
  /** Bridge port, from 0; absent at the root. */
  readonly rootPort?: number
  /** The times in use, which are the root's, and this bridge's own. */
  readonly times: Times
  readonly bridgeTimes: Times
  /** BPDUs that a port may send within a second; absent where the protocol has another rule. */
  readonly transmitHoldCount?: number
  /** Whether a topology change is under way: told by the root, or (802.1D-1998) found here and not yet acknowledged. */
  readonly topologyChange: boolean
  readonly topologyChangeDetected: boolean
  /** Seconds until the next hello of a root, the end of the topology change, the next notification of it; 0 = not running. */
  readonly timers: { readonly hello: number; readonly topologyChange: number; readonly notification: number }
  readonly topologyChangeCount: number
  /** Absent before the first. */
  readonly lastTopologyChangeAt?: SimTime
  /** The bridge port that it came from; absent where no single port is to blame. */
  readonly lastTopologyChangePort?: number
  readonly lastChangeAt: SimTime
  readonly ports: ReadonlyArray<PortSnapshot>
}

/** The spanning tree of a bridge; undefined if it runs none. */
export const of = (bridge: BridgeState): SpanningTree | undefined => {
  const position = bridge.config.protocols.findIndex((protocol) => KINDS.includes(protocol.kind))
  if (position < 0) return undefined
  return { kind: bridge.config.protocols[position].kind, state: bridge.protocols[position] } as SpanningTree
}

/** The machines that run a bridge's trees. */
type Machines =
  | { readonly standard: 1998; readonly state: State1998 }
  | { readonly standard: 2004; readonly state: State2004 }
  | { readonly standard: 2005; readonly state: StateMstp }

const machinesOf = (running: SpanningTree): Machines => {
  switch (running.kind) {
    case "stp1998":
      return { standard: 1998, state: running.state }
    case "rstp2004":
      return { standard: 2004, state: running.state }
    case "mstp":
      return { standard: 2005, state: running.state }
    case "pvst":
      return { standard: 1998, state: running.state.machines }
    case "rapid-pvst":
      return { standard: 2004, state: running.state.machines }
  }
}

/** Number of trees in use. */
export const treesOf = (running: SpanningTree): number => {
  const machines = machinesOf(running)
  return machines.standard === 2005 ? QueryMstp.treesOf(machines.state) : machines.state.trees
}

/** The tree that a VLAN of the bridge follows; undefined where it has none: it does not exist there, or is one too many for the platform. */
export const treeOfVlan = (running: SpanningTree, vlan: VlanId): number | undefined => {
  switch (running.kind) {
    case "stp1998":
    case "rstp2004":
      return 0
    case "mstp":
      return running.state.treeOfVlan[vlan]
    case "pvst":
    case "rapid-pvst": {
      const tree = running.state.treeOfVlan[vlan]
      return tree < running.state.instances ? tree : undefined
    }
  }
}

/** What a tree is called among others: `VLAN 10`, `CIST`, `MST1`; empty where a bridge has one only. */
export const nameOfTree = (running: SpanningTree, tree: number): string => {
  switch (running.kind) {
    case "stp1998":
    case "rstp2004":
      return ""
    case "mstp":
      return tree === 0 ? "CIST" : `MST${QueryMstp.mstidsOf(running.state)[tree] ?? tree}`
    case "pvst":
    case "rapid-pvst":
      return `VLAN ${running.state.vlanOfTree[tree] ?? "?"}`
  }
}

/** The bridge's own address. */
export const addressOf = (running: SpanningTree): MacAddress => machinesOf(running).state.address

/** The table that ports without a cost of their own take it from. */
export const pathCostMethodOf = (running: SpanningTree): PathCostMethod => machinesOf(running).state.pathCostMethod

/** The region of a bridge that knows regions: its MST Configuration Identifier; undefined for all others. */
export const regionOf = (running: SpanningTree): ConfigurationId | undefined =>
  running.kind === "mstp" ? QueryMstp.configurationIdOf(running.state) : undefined

/** The instant at which a role, a port state, or a vector of a tree last changed on the bridge. */
export const lastChangeAt = (running: SpanningTree, tree: number): SimTime => machinesOf(running).state.lastChangeAt[tree]

/** For how long nothing may have changed before a tree counts as settled. */
export const settlingTime = (running: SpanningTree, tree: number): DurationNs => {
  const { standard, state } = machinesOf(running)
  switch (standard) {
    case 1998:
      return Query1998.settlingTime(state, tree)
    case 2004:
      return Query2004.settlingTime(state, tree)
    case 2005:
      return QueryMstp.settlingTime(state, tree)
  }
}

/** Whether a topology change is under way in a tree. */
export const isTopologyChanging = (running: SpanningTree, tree: number): boolean => {
  const { standard, state } = machinesOf(running)
  switch (standard) {
    case 1998:
      return Query1998.isTopologyChanging(state, tree)
    case 2004:
      return Query2004.isTopologyChanging(state, tree)
    case 2005:
      return QueryMstp.isTopologyChanging(state, tree)
  }
}

/** A port's role in a tree. */
export const roleOf = (running: SpanningTree, tree: number, port: number): RoleName => {
  const { standard, state } = machinesOf(running)
  switch (standard) {
    case 1998:
      return Query1998.roleOf(state, tree, port)
    case 2004:
      return Query2004.roleOf(state, tree, port)
    case 2005:
      return QueryMstp.roleOf(state, tree, port)
  }
}

/** Whether management says that no bridge is behind a port (PortFast). */
export const isEdge = (running: SpanningTree, port: number): boolean => machinesOf(running).state.adminEdge[port] === 1

/** The bridge port that leads to a tree's root; -1 at the root. */
export const rootPortOf = (running: SpanningTree, tree: number): number => machinesOf(running).state.rootPort[tree]

/** BPDUs that the bridge has sent on all ports, in all trees. */
export const bpdusSent = (running: SpanningTree): number => {
  const { standard, state } = machinesOf(running)
  switch (standard) {
    case 1998:
      return Query1998.bpdusSent(state)
    case 2004:
      return Query2004.bpdusSent(state)
    case 2005:
      return QueryMstp.bpdusSent(state)
  }
}

/** Everything about one tree. */
export const snapshot = (running: SpanningTree, tree: number, now: SimTime): TreeSnapshot => {
  const of = plainSnapshot(running, tree, now)
  const toolkit = toolkitOf(running)
  if (toolkit === undefined) return of
  const { adminEdge } = machinesOf(running).state
  return {
    ...of,
    ports: of.ports.map((port) => ({
      ...port,
      guards: Guards.ofPort(
        toolkit,
        port.port,
        port.operEdge && adminEdge[port.port] === 1,
        port.pointToPoint ?? toolkit.fullDuplex[port.port] === 1,
      ),
    })),
  }
}

const plainSnapshot = (running: SpanningTree, tree: number, now: SimTime): TreeSnapshot => {
  const { standard, state } = machinesOf(running)
  switch (standard) {
    case 1998:
      return of1998(state, tree, now)
    case 2004:
      return of2004(state, tree)
    case 2005:
      return of2005(state, tree)
  }
}

const toolkitOf = (running: SpanningTree): Toolkit | undefined => (running.state as WithToolkit).toolkit

/** What guards the bridge has, ports apart; `switchPorts` by port. */
export const guardsOf = (running: SpanningTree, switchPorts: ReadonlyArray<SwitchPort>): GuardDefaults => {
  const { adminEdge } = machinesOf(running).state
  const access = switchPorts.flatMap(({ mode }, port) => (mode === "access" ? [adminEdge[port]] : []))
  return {
    ...Guards.defaults(toolkitOf(running)),
    portfast: access.length > 0 && access.every((edge) => edge === 1),
  }
}

const of1998 = (state: State1998, tree: number, now: SimTime): TreeSnapshot => {
  const view = Query1998.snapshot(state, tree, now)
  return {
    ...view,
    topologyChange: view.topologyChange || view.topologyChangeDetected,
    timers: {
      hello: (view.helloNs ?? 0) / SECOND,
      topologyChange: (view.topologyChangeNs ?? 0) / SECOND,
      notification: (view.tcnNs ?? 0) / SECOND,
    },
    ports: view.ports.map((port) => {
      const i = tree * state.ports + port.port
      return {
        ...port,
        isMember: state.member[i] === 1,
        operEdge: state.operEdge[i] === 1,
        linkTypeSet: false,
        speaksStp: true,
        inconsistencies: Inconsistency.names(state.inconsistent[i]),
        messageAge: (port.messageAgeNs ?? 0) / SECOND,
        forwardDelay: (port.forwardDelayNs ?? 0) / SECOND,
        hold: (port.holdNs ?? 0) / SECOND,
        bpdusSent: port.configSent + port.tcnSent,
        bpdusReceived: port.configReceived + port.tcnReceived,
        flushes: 0,
      }
    }),
  }
}

/** The longest that a timer runs on a port of the tree. */
const longest = (timer: Uint16Array, tree: number, ports: number): number =>
  timer.subarray(tree * ports, (tree + 1) * ports).reduce((most, seconds) => Math.max(most, seconds), 0)

/** Whether a port is on its way to forwarding: on others the forward delay timer stands still. */
const waits = ({ role, state }: Pick<PortSnapshot, "role" | "state">): boolean =>
  (role === "Root" || role === "Designated" || role === "Master") && state !== "forwarding"

const of2004 = (state: State2004, tree: number): TreeSnapshot => {
  const view = Query2004.snapshot(state, tree)
  const first = tree * state.ports
  return {
    ...view,
    transmitHoldCount: state.txHoldCount,
    topologyChangeDetected: false,
    timers: { hello: 0, topologyChange: longest(state.tcWhile, tree, state.ports), notification: 0 },
    ports: view.ports.map((port) => {
      const i = first + port.port
      return {
        ...port,
        isMember: state.member[i] === 1,
        pointToPoint: port.operPointToPointMAC,
        linkTypeSet: state.adminPointToPointMAC[port.port] !== POINT_TO_POINT_AUTO,
        speaksStp: !port.sendRSTP,
        inconsistencies: Inconsistency.names(state.inconsistent[i]),
        messageAge: state.rcvdInfoWhile[i],
        forwardDelay: waits(port) ? state.fdWhile[i] : 0,
        hold: 0,
        bpdusSent: port.rstSent + port.configSent + port.tcnSent,
        bpdusReceived: port.rstReceived + port.configReceived + port.tcnReceived,
      }
    }),
  }
}

const of2005 = (state: StateMstp, tree: number): TreeSnapshot => {
  const { internalRootPathCost, isRegionalRoot, maxHops, mstid, regionalRoot, remainingHops, ...view } = QueryMstp.snapshot(
    state,
    tree,
  )
  return {
    ...view,
    transmitHoldCount: state.txHoldCount,
    topologyChangeDetected: false,
    timers: { hello: 0, topologyChange: longest(state.tcWhile, tree, state.ports), notification: 0 },
    instance: { mstid, vlans: view.vlans, regionalRoot, isRegionalRoot, internalRootPathCost, maxHops, remainingHops },
    ports: view.ports.map((port) => ({
      ...port,
      isMember: true,
      pointToPoint: port.operPointToPointMAC,
      linkTypeSet: state.adminPointToPointMAC[port.port] !== POINT_TO_POINT_AUTO,
      speaksStp: !port.sendRSTP,
      messageAge: port.rcvdInfoWhile,
      forwardDelay: waits(port) ? port.fdWhile : 0,
      hold: 0,
      bpdusSent: port.mstSent + port.configSent + port.tcnSent,
      bpdusReceived: port.mstReceived + port.rstReceived + port.configReceived + port.tcnReceived,
      discards: port.discardedByReason,
    })),
  }
}
