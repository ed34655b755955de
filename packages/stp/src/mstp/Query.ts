/**
 * Answers about running multiple spanning trees, for show commands, checks and tests: plain values computed from the state, which they never
 * change. Names and numbers are the standard's; ports are printed by their numbers.
 */
import { NEVER, type DurationNs, type SimTime } from "@l2lab/sim/SimTime"
import * as BridgeIdentifier from "../BridgeIdentifier.ts"
import * as Discard from "../Discard.ts"
import * as Inconsistency from "../Inconsistency.ts"
import type { ConfigurationId } from "../MstBpdu.ts"
import type { PortIdentifier } from "../PortIdentifier.ts"
import * as StpTime from "../StpTime.ts"
import * as Conditions from "./Conditions.ts"
import * as Procedures from "./Procedures.ts"
import type { Mstid, VlanRange } from "./Settings.ts"
import { CIST, DISABLED_PORT, index, NO_PORT, type State, type Times as TimesColumns } from "./State.ts"

/** A port state by its name. */
export type PortStateName = "discarding" | "learning" | "forwarding"

/** A port role by its name (13.12). */
export type RoleName = "Disabled" | "Root" | "Designated" | "Alternate" | "Backup" | "Master"

const ROLE_NAMES: ReadonlyArray<RoleName> = ["Disabled", "Root", "Designated", "Alternate", "Backup", "Master"]

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
  /** Of the CIST the external cost; of an MSTI the internal one. */
  readonly cost: number
  readonly internalCost: number
  /** The CIST root, or the MSTI's regional root. */
  readonly designatedRoot: BridgeIdentifier.BridgeIdentifier
  /** The external cost to the CIST root, or the internal one to the MSTI's regional root. */
  readonly designatedCost: number
  readonly designatedRegionalRoot: BridgeIdentifier.BridgeIdentifier
  readonly designatedInternalCost: number
  readonly designatedBridge: BridgeIdentifier.BridgeIdentifier
  readonly designatedPort: PortIdentifier
  /** The port leads to another region, or to bridges that know no regions. */
  readonly isBoundary: boolean
  /** 13.24 f): up, and in use. */
  readonly portEnabled: boolean
  readonly infoIs: (typeof INFO_NAMES)[number]
  readonly infoInternal: boolean
  readonly rcvdInternal: boolean
  readonly operEdge: boolean
  readonly operPointToPointMAC: boolean
  /** Whether the port sends MST BPDUs, not those of 802.1D-1998. */
  readonly sendRSTP: boolean
  readonly proposing: boolean
  readonly agreed: boolean
  readonly disputed: boolean
  /** Seconds until what the port was told is forgotten, and until it goes on to its next state; 0 = not running. */
  readonly rcvdInfoWhile: number
  readonly fdWhile: number
  /** BPDUs of the port, which carry all trees. */
  readonly mstSent: number
  readonly mstReceived: number
  readonly rstReceived: number
  readonly configSent: number
  readonly configReceived: number
  readonly tcnSent: number
  readonly tcnReceived: number
  readonly flushes: number
  /** SSTP frames of PVST+, where the bridge stands for their trees. */
  readonly sstpSent: number
  readonly sstpReceived: number
  /** PVST+ bridges are behind the port: a boundary, and one where the CIST stands for their VLANs. */
  readonly isPvstBoundary: boolean
  /** Why the port is kept blocked whatever its role. */
  readonly inconsistencies: ReadonlyArray<Inconsistency.Name>
  readonly discarded: number
  readonly discardedByReason: Readonly<Partial<Record<Discard.Reason, number>>>
}

/** Everything about one tree of a bridge. */
export interface TreeSnapshot {
  readonly tree: number
  /** 0 = the CIST. */
  readonly mstid: Mstid
  /** The VLANs that follow the tree. */
  readonly vlans: ReadonlyArray<VlanRange>
  readonly bridge: BridgeIdentifier.BridgeIdentifier
  /** The CIST root, or the MSTI's regional root. */
  readonly root: BridgeIdentifier.BridgeIdentifier
  readonly isRoot: boolean
  /** The external cost to the CIST root, or the internal one to the MSTI's regional root. */
  readonly rootPathCost: number
  readonly regionalRoot: BridgeIdentifier.BridgeIdentifier
  readonly isRegionalRoot: boolean
  readonly internalRootPathCost: number
  /** Bridge port, from 0; absent at the root, and of an MSTI at the regional root. */
  readonly rootPort?: number
  /** The times in use, which are the CIST root's, and this bridge's own. */
  readonly times: Times
  readonly bridgeTimes: Times
  readonly maxHops: number
  readonly remainingHops: number
  /** A port tells of a topology change. */
  readonly topologyChange: boolean
  readonly topologyChangeCount: number
  /** Absent before the first. */
  readonly lastTopologyChangeAt?: SimTime
  readonly lastTopologyChangePort?: number
  readonly lastChangeAt: SimTime
  readonly ports: ReadonlyArray<PortSnapshot>
}

/** Number of trees in use: the CIST and the MSTIs. */
export const treesOf = (s: State): number => 1 + s.instances

/** The MST Configuration Identifier (13.7). */
export const configurationIdOf = (s: State): ConfigurationId => s.configurationId

/** MSTID of each tree in use, by tree. */
export const mstidsOf = (s: State): ReadonlyArray<Mstid> => Array.from(s.mstid.subarray(0, 1 + s.instances))

/** The tree of an MSTID; undefined where the region has none such. */
export const treeOfMstid = (s: State, mstid: Mstid): number | undefined => {
  const tree = mstidsOf(s).indexOf(mstid)
  return tree < 0 ? undefined : tree
}

/** A port's role in a tree. */
export const roleOf = (s: State, tree: number, port: number): RoleName => ROLE_NAMES[s.role[index(s, tree, port)]]

/** A port's state in a tree. */
export const portStateOf = (s: State, tree: number, port: number): PortStateName => {
  const i = index(s, tree, port)
  return s.forwarding[i] === 1 ? "forwarding" : s.learning[i] === 1 ? "learning" : "discarding"
}

/** 13.5.2†: whether the port's LAN belongs to another region, by the bridge that is designated there; of a designated port by who was heard last. */
export const isBoundary = (s: State, port: number): boolean => {
  if (s.role[port] === DISABLED_PORT) return false
  if (Conditions.isBoundaryReceiver(s, port) || s.sendRSTP[port] === 0) return true
  const hasHeard = s.mstReceived[port] + s.rstReceived[port] > 0
  return hasHeard && s.operEdge[port] === 0 && s.rcvdInternal[port] === 0
}

/** The instant at which a role, a port state, or a vector of the tree last changed on this bridge. */
export const lastChangeAt = (s: State, tree: number): SimTime => s.lastChangeAt[tree]

/** Whether a port of the tree tells of a topology change. Part of the word "settled". */
export const isTopologyChanging = (s: State, tree: number): boolean => Procedures.isTopologyChanging(s, tree)

/**
 * For how long nothing may have changed before a tree counts as settled: 3 x hello time + 2 x forward delay, and max age + 2 x forward
 * delay where a port speaks 802.1D-1998.
 */
export const settlingTime = (s: State, _tree: number): DurationNs => {
  const speaksStp = s.portEnabled.some((enabled, port) => enabled === 1 && s.sendRSTP[port] === 0)
  const silence = speaksStp ? s.rootTimes.maxAge[CIST] : 3 * s.bridgeTimes.helloTime[CIST]
  return StpTime.toNs(silence + 2 * s.rootTimes.forwardDelay[CIST])
}

/** BPDUs that the bridge has sent on all ports. */
export const bpdusSent = (s: State): number => {
  let sum = 0
  for (let port = 0; port < s.ports; port++) sum += s.mstSent[port] + s.configSent[port] + s.tcnSent[port]
  return sum
}

/** The VLANs of a tree, as ranges. */
export const vlansOf = (s: State, tree: number): ReadonlyArray<VlanRange> => {
  const ranges: Array<VlanRange> = []
  for (let vlan = 1; vlan < s.treeOfVlan.length - 1; vlan++) {
    if (s.treeOfVlan[vlan] !== tree) continue
    const first = vlan
    while (vlan + 1 < s.treeOfVlan.length - 1 && s.treeOfVlan[vlan + 1] === tree) vlan++
    ranges.push([first, vlan])
  }
  return ranges
}

/** Everything about one tree. */
export const snapshot = (s: State, tree: number): TreeSnapshot => {
  const vector = s.rootPriority
  const rootPort = s.rootPort[tree]
  const lastPort = s.lastTopologyChangePort[tree]
  const regionalRoot = BridgeIdentifier.make(vector.regionalRootPriority[tree], vector.regionalRootAddress[tree])
  const isRegionalRoot = regionalRoot.address === s.address
  return {
    tree,
    mstid: s.mstid[tree],
    vlans: vlansOf(s, tree),
    bridge: BridgeIdentifier.make(s.bridgePriority[tree], s.address),
    root: tree === CIST ? BridgeIdentifier.make(vector.rootPriority[tree], vector.rootAddress[tree]) : regionalRoot,
    isRoot: rootPort === NO_PORT,
    rootPathCost: tree === CIST ? vector.externalRootPathCost[tree] : vector.internalRootPathCost[tree],
    regionalRoot,
    isRegionalRoot,
    internalRootPathCost: vector.internalRootPathCost[tree],
    ...(rootPort !== NO_PORT && { rootPort }),
    times: times(s.rootTimes, CIST),
    bridgeTimes: times(s.bridgeTimes, CIST),
    maxHops: s.maxHops,
    remainingHops: s.rootTimes.remainingHops[tree],
    topologyChange: isTopologyChanging(s, tree),
    topologyChangeCount: s.topologyChangeCount[tree],
    ...(s.lastTopologyChangeAt[tree] !== NEVER && { lastTopologyChangeAt: s.lastTopologyChangeAt[tree] }),
    ...(lastPort !== NO_PORT && { lastTopologyChangePort: lastPort }),
    lastChangeAt: s.lastChangeAt[tree],
    ports: Array.from({ length: s.ports }, (_, port) => portSnapshot(s, tree, port)),
  }
}

/** Everything about one port in one tree. */
export const portSnapshot = (s: State, tree: number, port: number): PortSnapshot => {
  const i = index(s, tree, port)
  const vector = s.portPriority
  const regionalRoot = BridgeIdentifier.make(vector.regionalRootPriority[i], vector.regionalRootAddress[i])
  return {
    port,
    portNo: s.portNo[port],
    priority: s.priority[i],
    portIdentifier: s.portId[i],
    state: portStateOf(s, tree, port),
    role: roleOf(s, tree, port),
    cost: tree === CIST ? s.externalPortPathCost[port] : s.internalPortPathCost[i],
    internalCost: s.internalPortPathCost[i],
    designatedRoot: tree === CIST ? BridgeIdentifier.make(vector.rootPriority[i], vector.rootAddress[i]) : regionalRoot,
    designatedCost: tree === CIST ? vector.externalRootPathCost[i] : vector.internalRootPathCost[i],
    designatedRegionalRoot: regionalRoot,
    designatedInternalCost: vector.internalRootPathCost[i],
    designatedBridge: BridgeIdentifier.make(vector.bridgePriority[i], vector.bridgeAddress[i]),
    designatedPort: vector.portId[i],
    isBoundary: isBoundary(s, port),
    portEnabled: s.portEnabled[port] === 1,
    infoIs: INFO_NAMES[s.infoIs[i]],
    infoInternal: s.infoInternal[port] === 1,
    rcvdInternal: s.rcvdInternal[port] === 1,
    operEdge: s.operEdge[port] === 1,
    operPointToPointMAC: s.operPointToPointMAC[port] === 1,
    sendRSTP: s.sendRSTP[port] === 1,
    proposing: s.proposing[i] === 1,
    agreed: s.agreed[i] === 1,
    disputed: s.disputed[i] === 1,
    rcvdInfoWhile: s.rcvdInfoWhile[i],
    fdWhile: s.fdWhile[i],
    mstSent: s.mstSent[port],
    mstReceived: s.mstReceived[port],
    rstReceived: s.rstReceived[port],
    configSent: s.configSent[port],
    configReceived: s.configReceived[port],
    tcnSent: s.tcnSent[port],
    tcnReceived: s.tcnReceived[port],
    flushes: s.flushes[i],
    sstpSent: s.sstpSent[port],
    sstpReceived: s.sstpReceived[port],
    isPvstBoundary: s.sstpHeard[port] === 1,
    inconsistencies: Inconsistency.names(s.inconsistent[i]),
    discarded: Discard.total(s.discarded, port),
    discardedByReason: Discard.byReason(s.discarded, port),
  }
}

const times = ({ forwardDelay, helloTime, maxAge }: TimesColumns, tree: number): Times => ({
  helloTime: StpTime.toSeconds(helloTime[tree]),
  maxAge: StpTime.toSeconds(maxAge[tree]),
  forwardDelay: StpTime.toSeconds(forwardDelay[tree]),
})
