/** The state of a vPC peer: the bridge that it is, and what it knows of the other. Columns by vPC, in the order of `config.vpcs`, unless they say otherwise. */
import { ownTimersOf, type BridgeState } from "@l2lab/l2/BridgeState"
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import type { MacAddress } from "@l2lab/l2/MacAddress"
import { NEVER } from "@l2lab/sim/SimTime"
import type { MacEntry, MlagRecord, Parameter } from "./MlagRecord.ts"
import { bridgeOf, DEFAULT_PRIORITY, type MlagConfig, portOf } from "./Settings.ts"

/** Roles, as `MlagPdu.ROLES` has them. */
export const NONE = 0
export const PRIMARY = 1
export const SECONDARY = 2

/** Why a leg is out of service: bits, as `Trace.REASONS` has them. */
export const NOT_RESTORED = 1
export const PEER_LINK_DOWN = 2
export const MISMATCH = 4

/** Positions in `times`: when the last keepalive was heard, since when they are, when legs that wait come back. NEVER where there is none. */
export const HEARD_AT = 0
export const ALIVE_SINCE = 1
export const RESTORE_AT = 2
/** Columns of instants. */
export const TIMES: ReadonlySet<string> = new Set(["times"])

/** Timers, from the first of the peer's own, which follow those of its bridge. */
export const TIMER = {
  keepalive: 0,
  keepaliveLost: 1,
  hello: 2,
  adjacencyLost: 3,
  hold: 4,
  listen: 5,
  restore: 6,
  restoreOrphans: 7,
  autoRecovery: 8,
  retransmit: 9,
  sweep: 10,
} as const
/** The name of one. */
export type TimerName = keyof typeof TIMER
/** How many there are. */
export const TIMERS = Object.keys(TIMER).length

/** The peer as it says of itself. */
export interface Peer {
  system: MacAddress
  rolePriority: number
  role: number
  isSticky: number
  /** Its session; 0 = it was not heard. */
  session: number
}

/** The reliable channel of a session. */
export interface Channel {
  /** The number of the next record; up to which they were acknowledged; which the peer's next one has. */
  next: number
  acknowledged: number
  expected: number
  /** Records behind `acknowledged`, in order. They never change. */
  readonly waiting: Array<MlagRecord>
}

/** A BPDU of a vPC. */
export interface LegBpdu {
  readonly v: number
  readonly frame: EthernetFrame
  readonly tci: number
}

export interface State {
  readonly config: MlagConfig
  /** Machines here are of the peer, not of ports. */
  readonly ports: number
  readonly bridge: BridgeState
  /** Bridge port of each vPC's leg, and the vPC of each link port and of each bridge port; -1 = none. */
  readonly portOfVpc: Int16Array
  readonly vpcOfLink: Int16Array
  readonly vpcOfPort: Int16Array

  role: number
  /** The role was taken, not given by priority: the peer that returns does not get it. */
  sticky: number
  rolePriority: number
  /** What spanning tree has for the bridge's address: its own, or with peer-switch the pair's. */
  treeAddress: MacAddress

  /** Whether the peer-link's bridge port is up, and whether the peers have each other on it. */
  linkUp: number
  adjacent: number
  session: number
  readonly peer: Peer
  readonly channel: Channel
  /** State of the machine of `PeerLoss.ts`, and what it goes by: whether its timers are over, and a keepalive was heard meanwhile. */
  readonly lossState: Uint8Array
  holdOver: number
  listenOver: number
  heardOne: number
  /** Whether a keepalive was heard of late, and ever since boot. */
  alive: number
  everAlive: number
  /** HEARD_AT .. RESTORE_AT. */
  readonly times: Float64Array

  /** Bits: why the leg is out of service. */
  readonly reasons: Uint8Array
  /** Whether the leg is up, here and at the peer. */
  readonly localUp: Uint8Array
  readonly peerUp: Uint8Array
  /** The record that told the peer that the leg is up: once it is acknowledged, nobody else sends into the vPC what comes over the peer-link. */
  readonly toldIn: Float64Array
  /** What spanning tree here has been told of the vPC. */
  readonly treeUp: Uint8Array
  /** By link port: 1 = this peer took it out of service; 1 = its bridge believes it up. */
  readonly shut: Uint8Array
  readonly passedUp: Uint8Array

  /** By tree * ports + port: what spanning tree wants of the relay; and what goes on as it was before the role changed, until it says so too. */
  readonly wanted: Uint8Array
  readonly held: Uint8Array
  /** By tree: whether the relay has still to follow. */
  readonly dirty: Uint8Array
  /** By tree: whether anything is held in it. */
  readonly holds: Uint8Array
  /** By tree * vPCs + vPC, role << 4 | bits: what the primary says of the leg here; what this peer, being primary, has told the other. */
  readonly given: Uint8Array
  readonly said: Uint8Array

  /** Consistency parameters here and at the peer, null until they are known; and which are not alike, `vpc/name` each. */
  own: ReadonlyArray<Parameter>
  theirs: ReadonlyArray<Parameter> | null
  different: ReadonlyArray<string>

  /** With peer-switch, at the secondary: the latest BPDU of each kind that the primary had it send by a leg. */
  readonly bpdus: Map<string, LegBpdu>
  /** Addresses that wait until the channel has room, by address and VLAN. */
  readonly macs: Map<string, MacEntry>

  // Counters.
  avoided: number
  keepalivesSent: number
  keepalivesHeard: number
  recordsSent: number
  recordsHeard: number
  retransmitted: number
  refused: number
  /** Hellos of who is no peer. */
  strangers: number
  bpdusRelayed: number
}

/** In `toldIn`: not yet. */
const NOT_TOLD = Infinity

/** A peer that has just been switched on: its vPCs are out of service, its role is open. */
export const make = (config: MlagConfig, bridge: BridgeState): State => {
  const links = bridge.bridgePortOf.length
  const vpcs = config.vpcs.length
  const trees = bridge.trees * bridge.ports
  const bits = (length = vpcs, value = 0): Uint8Array => new Uint8Array(length).fill(value)
  const portOfVpc = Int16Array.from(config.vpcs, (vpc) => portOf(config, vpc))
  const vpcOfPort = new Int16Array(bridge.ports).fill(-1)
  portOfVpc.forEach((port, v) => (vpcOfPort[port] = v))
  const vpcOfLink = new Int16Array(links).fill(-1)
  config.vpcs.forEach(({ bundle }, v) => bridgeOf(config).bundles![bundle].members.forEach((link) => (vpcOfLink[link] = v)))
  return {
    config,
    ports: 1,
    bridge,
    portOfVpc,
    vpcOfLink,
    vpcOfPort,
    role: NONE,
    sticky: 0,
    rolePriority: config.rolePriority ?? DEFAULT_PRIORITY,
    treeAddress: bridge.address,
    linkUp: 0,
    adjacent: 0,
    session: 0,
    peer: { system: 0, rolePriority: 0, role: NONE, isSticky: 0, session: 0 },
    channel: { next: 1, acknowledged: 0, expected: 1, waiting: [] },
    lossState: bits(1),
    holdOver: 0,
    listenOver: 0,
    heardOne: 0,
    alive: 0,
    everAlive: 0,
    times: new Float64Array(3).fill(NEVER),
    reasons: bits(vpcs, NOT_RESTORED),
    localUp: bits(),
    peerUp: bits(),
    toldIn: new Float64Array(vpcs).fill(NOT_TOLD),
    treeUp: bits(),
    shut: bits(links),
    passedUp: bits(links),
    wanted: bits(trees),
    held: bits(trees),
    dirty: bits(bridge.trees, 1),
    holds: bits(bridge.trees),
    given: bits(bridge.trees * vpcs),
    said: bits(bridge.trees * vpcs, UNSAID),
    own: [],
    theirs: null,
    different: [],
    bpdus: new Map(),
    macs: new Map(),
    avoided: 0,
    keepalivesSent: 0,
    keepalivesHeard: 0,
    recordsSent: 0,
    recordsHeard: 0,
    retransmitted: 0,
    refused: 0,
    strangers: 0,
    bpdusRelayed: 0,
  }
}

/** In `said`: nothing was. */
export const UNSAID = 0xff

/** The position of a vPC by its number; -1 where this peer has none. */
export const vpcOf = ({ config }: State, id: number): number => config.vpcs.findIndex((vpc) => vpc.id === id)

/** The link port that PDUs on the peer-link take; -1 while it is down. */
export const peerLinkOf = ({ bridge, config }: State): number =>
  bridge.up[config.peerLink] === 1 ? bridge.linkPortOf[config.peerLink] : -1

/** Whether a link port is the peer-link, or one of its members. */
export const isPeerLink = ({ bridge, config }: State, link: number): boolean =>
  link === config.peerLink ||
  (bridge.bundles !== null && bridge.bundles.bundleOf[link] === config.peerLink - bridge.bundles.links)

/** The number of the first of the peer's own timers. */
export const firstTimer = ({ bridge }: State): number => bridge.ownTimers + ownTimersOf(bridge.config)
