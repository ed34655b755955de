/**
 * The spanning tree that a bridge runs, whichever it is: the same questions to every protocol of this package, for show commands, for
 * waiting until a network has settled, for comparing with recordings. A protocol that is added is added here.
 */
import type { BridgeState } from "@l2lab/l2/BridgeState"
import { SECOND, type DurationNs, type SimTime } from "@l2lab/sim/SimTime"
import type { BridgeIdentifier } from "./BridgeIdentifier.ts"
import * as QueryMstp from "./mstp/Query.ts"
import type { State as StateMstp } from "./mstp/State.ts"
import type { PortIdentifier } from "./PortIdentifier.ts"
import * as Query2004 from "./rstp2004/Query.ts"
import { POINT_TO_POINT_AUTO, type State as State2004 } from "./rstp2004/State.ts"
import * as Query1998 from "./stp1998/Query.ts"
import type { State as State1998 } from "./stp1998/State.ts"

/** The state of a bridge's spanning tree, with the kind of the protocol that it belongs to. */
export type SpanningTree =
  | { readonly kind: "stp1998"; readonly state: State1998 }
  | { readonly kind: "rstp2004"; readonly state: State2004 }
  | { readonly kind: "mstp"; readonly state: StateMstp }

/** The kinds of control protocols that are spanning trees. */
export type SpanningTreeKind = SpanningTree["kind"]

/** The kinds as registries and bridges know them. */
export const KINDS: ReadonlyArray<string> = ["stp1998", "rstp2004", "mstp"] satisfies ReadonlyArray<SpanningTreeKind>

/** A role as its own standard has it: 1998 does not divide its blocked ports. */
export type RoleName = Query1998.RoleName | Query2004.RoleName | QueryMstp.RoleName

/** A state as its own standard has it: 2004 has one, discarding, for 1998's first three. */
export type PortStateName = Query1998.PortStateName | Query2004.PortStateName

/** Why a port is kept blocked, in the words of `show spanning-tree inconsistentports`. */
export type InconsistencyName = "pvid" | "type"

/** Hello time, max age and forward delay, in seconds. */
export type Times = Query1998.Times

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
  /** No bridge is behind the port: it forwards at once, and its coming and going is no topology change. */
  readonly operEdge: boolean
  /** Whether at most one bridge is at the other end; absent where the protocol does not ask. */
  readonly pointToPoint?: boolean
  /** Whether management said so, not the link's duplex. */
  readonly linkTypeSet: boolean
  /** The port speaks 802.1D-1998, because the protocol is that or because the neighbour's is. */
  readonly speaksStp: boolean
  /** Why the port is kept blocked whatever its role; empty where nothing is wrong. */
  readonly inconsistencies: ReadonlyArray<InconsistencyName>
  readonly bpdusSent: number
  readonly bpdusReceived: number
  /** Seconds until what the port was told is forgotten, until it goes on to its next state, and until it may send again; 0 = not running. */
  readonly messageAge: number
  readonly forwardDelay: number
  readonly hold: number
  /** BPDUs that were not taken. */
  readonly discarded: number
  /** Times that what was learnt on the port was forgotten for a topology change; 1998 lets it age instead. */
  readonly flushes: number
}

/** What every protocol can tell of a tree. */
export interface TreeSnapshot {
  /** The relay's number of it. */
  readonly tree: number
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

/** Number of trees in use. */
export const treesOf = (running: SpanningTree): number =>
  running.kind === "mstp" ? QueryMstp.treesOf(running.state) : running.state.trees

/** The bridge's own address. */
export const addressOf = ({ state }: SpanningTree): number => state.address

/** The instant at which a role, a port state, or a vector of a tree last changed on the bridge. */
export const lastChangeAt = ({ state }: SpanningTree, tree: number): SimTime => state.lastChangeAt[tree]

/** For how long nothing may have changed before a tree counts as settled. */
export const settlingTime = (running: SpanningTree, tree: number): DurationNs => {
  switch (running.kind) {
    case "stp1998":
      return Query1998.settlingTime(running.state, tree)
    case "rstp2004":
      return Query2004.settlingTime(running.state, tree)
    case "mstp":
      return QueryMstp.settlingTime(running.state, tree)
  }
}

/** Whether a topology change is under way in a tree. */
export const isTopologyChanging = (running: SpanningTree, tree: number): boolean => {
  switch (running.kind) {
    case "stp1998":
      return Query1998.isTopologyChanging(running.state, tree)
    case "rstp2004":
      return Query2004.isTopologyChanging(running.state, tree)
    case "mstp":
      return QueryMstp.isTopologyChanging(running.state, tree)
  }
}

/** BPDUs that the bridge has sent on all ports. */
export const bpdusSent = (running: SpanningTree): number => {
  switch (running.kind) {
    case "stp1998":
      return Query1998.bpdusSent(running.state)
    case "rstp2004":
      return Query2004.bpdusSent(running.state)
    case "mstp":
      return QueryMstp.bpdusSent(running.state)
  }
}

/** Everything about one tree. */
export const snapshot = (running: SpanningTree, tree: number, now: SimTime): TreeSnapshot => {
  switch (running.kind) {
    case "stp1998":
      return of1998(Query1998.snapshot(running.state, tree, now))
    case "rstp2004":
      return of2004(running.state, tree)
    case "mstp":
      return ofMstp(running.state, tree)
  }
}

const of1998 = (view: Query1998.TreeSnapshot): TreeSnapshot => ({
  ...view,
  timers: {
    hello: (view.helloNs ?? 0) / SECOND,
    topologyChange: (view.topologyChangeNs ?? 0) / SECOND,
    notification: (view.tcnNs ?? 0) / SECOND,
  },
  ports: view.ports.map((port) => ({
    ...port,
    operEdge: false,
    linkTypeSet: false,
    speaksStp: true,
    inconsistencies: [],
    messageAge: (port.messageAgeNs ?? 0) / SECOND,
    forwardDelay: (port.forwardDelayNs ?? 0) / SECOND,
    hold: (port.holdNs ?? 0) / SECOND,
    bpdusSent: port.configSent + port.tcnSent,
    bpdusReceived: port.configReceived + port.tcnReceived,
    flushes: 0,
  })),
})

/** The longest that a timer runs on a port of the tree. */
const longest = (timer: Uint16Array, tree: number, ports: number): number =>
  timer.subarray(tree * ports, (tree + 1) * ports).reduce((most, seconds) => Math.max(most, seconds), 0)

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
        pointToPoint: port.operPointToPointMAC,
        linkTypeSet: state.adminPointToPointMAC[port.port] !== POINT_TO_POINT_AUTO,
        speaksStp: !port.sendRSTP,
        inconsistencies: [],
        messageAge: state.rcvdInfoWhile[i],
        forwardDelay: state.fdWhile[i],
        hold: 0,
        bpdusSent: port.rstSent + port.configSent + port.tcnSent,
        bpdusReceived: port.rstReceived + port.configReceived + port.tcnReceived,
      }
    }),
  }
}

const ofMstp = (state: StateMstp, tree: number): TreeSnapshot => {
  const view = QueryMstp.snapshot(state, tree)
  return {
    ...view,
    transmitHoldCount: state.txHoldCount,
    topologyChangeDetected: false,
    timers: { hello: 0, topologyChange: longest(state.tcWhile, tree, state.ports), notification: 0 },
    ports: view.ports.map((port) => ({
      ...port,
      pointToPoint: port.operPointToPointMAC,
      speaksStp: !port.sendRSTP,
      messageAge: port.rcvdInfoWhile,
      forwardDelay: port.fdWhile,
      hold: 0,
      linkTypeSet: state.adminPointToPointMAC[port.port] !== POINT_TO_POINT_AUTO,
      inconsistencies: [],
      bpdusSent: port.mstSent + port.configSent + port.tcnSent,
      bpdusReceived: port.mstReceived + port.rstReceived + port.configReceived + port.tcnReceived,
    })),
  }
}
