/**
 * The state of LACP on a bridge: plain data in columns by link port, named as 802.1AX names its variables (5.4.7†, 5.4.8†). Timers are deadlines: NEVER
 * for one that does not run, PAST for one that has run out.
 */
import { NEVER, SECOND, type DurationNs, type SimTime } from "@l2lab/sim/SimTime"
import type { BridgeView } from "../ControlProtocol.ts"
import type { MacAddress } from "../MacAddress.ts"
import { ACTIVITY, AGGREGATION, SYNCHRONIZATION, TIMEOUT, type Lacpdu, type Party } from "./Lacpdu.ts"

/** A timer that has run out. */
export const PAST: SimTime = -Infinity

/** 5.4.4†, and Open vSwitch's LACP_FAST and LACP_SLOW: how often a port speaks; three times that and its partner's word is too old. */
export const FAST_PERIODIC_TIME: DurationNs = SECOND
export const SLOW_PERIODIC_TIME: DurationNs = 30 * SECOND
export const SHORT_TIMEOUT_TIME: DurationNs = 3 * SECOND
export const LONG_TIMEOUT_TIME: DurationNs = 90 * SECOND
export const CHURN_DETECTION_TIME: DurationNs = 60 * SECOND
export const AGGREGATE_WAIT_TIME: DurationNs = 2 * SECOND
/** LACPDUs that a port may send within Fast_Periodic_Time. */
export const TRANSMIT_LIMIT = 3

/** Priority of a system that says none. */
export const DEFAULT_SYSTEM_PRIORITY = 32_768
/** Priority of a port that says none. */
export const DEFAULT_PORT_PRIORITY = 32_768
/** Members that carry frames at once, and that a bundle may have: eight, and eight more in hot standby (Catalyst). */
export const MOST_ACTIVE = 8
export const MOST_MEMBERS = 16

/** One bundle that LACP looks after. */
export interface GroupConfig {
  /** The bundle's number among the bridge's. */
  readonly bundle: number
  /** Administrative key, 1..65535: the number of the channel group. */
  readonly key: number
  /** Link ports, rising. */
  readonly members: ReadonlyArray<number>
  /** `lacp max-bundle`: members that carry frames at once, 1..8; the rest stand by. */
  readonly maxBundle?: number
  /** `port-channel min-links`; fewer, and none of them is used. */
  readonly minLinks?: number
  /** A member that hears no LACP is out of service, and not a port of its own (`lacp suspend-individual`); false by default. */
  readonly suspendIndividual?: boolean
  /** The system that the group is of, where that is not the bridge: a pair of switches to which its partner is bundled as to one. */
  readonly system?: MacAddress
  readonly systemPriority?: number
  /** What port numbers are counted from: the two switches of a pair give different ones. 0 by default. */
  readonly portNumbersFrom?: number
}

/** One member. */
export interface PortConfig {
  /** Speaks first, or only when spoken to. */
  readonly mode: "active" | "passive"
  /** What it asks of its partner: an LACPDU a second, or every 30 s; `slow` by default. */
  readonly rate?: "fast" | "slow"
  readonly priority?: number
}

/** What a design says of LACP on one bridge. */
export interface LacpConfig {
  readonly systemPriority?: number
  readonly groups: ReadonlyArray<GroupConfig>
  /** By link port; undefined where LACP does not run. */
  readonly ports: ReadonlyArray<PortConfig | undefined>
}

/** Values of `selected`. */
export const UNSELECTED = 0
export const SELECTED = 1
export const STANDBY = 2

/** Values of `aggregator`, besides the number of a group: none; one of the port's own. */
export const NO_AGGREGATOR = -1
export const OWN_AGGREGATOR = -2

/** What is known of partners, or believed of them while they are silent: columns by link port. */
export interface Parties {
  readonly systemPriority: Float64Array
  readonly system: Float64Array
  readonly key: Float64Array
  readonly portPriority: Float64Array
  readonly port: Float64Array
  readonly state: Uint8Array
}

export interface State {
  readonly config: LacpConfig
  readonly ports: number
  readonly system: MacAddress
  readonly systemPriority: number
  /** By port: its group, -1 = none. */
  readonly group: Int16Array
  // Of the link.
  /** `port_enabled`. */
  readonly portEnabled: Uint8Array
  readonly rateBps: Float64Array
  readonly fullDuplex: Uint8Array
  // Of the actor.
  readonly portPriority: Float64Array
  /** `Actor_Oper_Port_State`. */
  readonly actorState: Uint8Array
  /** `Partner_Oper_...`. */
  readonly partner: Parties
  /** The aggregator that the port is attached to, or waits for. */
  readonly aggregator: Int16Array
  readonly selected: Uint8Array
  /** `Ready`: nobody else who waits for the aggregator has still to wait. */
  readonly ready: Uint8Array
  /** What was last told of the port's standing, by `Trace.STANDINGS`. */
  readonly standing: Uint8Array
  /** Need to transmit. */
  readonly ntt: Uint8Array
  readonly actorChurn: Uint8Array
  readonly partnerChurn: Uint8Array
  /** `port_moved`: the partner of a port whose link is down has been heard on another. */
  readonly portMoved: Uint8Array
  /** An LACPDU has come in that the receive machine has not taken yet, 0 or 1. */
  readonly received: Uint8Array
  /** That LACPDU; nothing between events. */
  readonly pdu: Array<Lacpdu>
  // States of the machines.
  readonly receiveState: Uint8Array
  readonly periodicState: Uint8Array
  readonly muxState: Uint8Array
  readonly actorChurnState: Uint8Array
  readonly partnerChurnState: Uint8Array
  // Timers.
  readonly currentWhile: Float64Array
  readonly periodic: Float64Array
  readonly waitWhile: Float64Array
  readonly actorChurnTimer: Float64Array
  readonly partnerChurnTimer: Float64Array
  /** When the TRANSMIT_LIMIT latest LACPDUs went, oldest first: port * TRANSMIT_LIMIT + i. */
  readonly sentAt: Float64Array
  /** When the port may speak again; NEVER where nothing waits. */
  readonly transmitAt: Float64Array
  /** When the next thing is to do on the port, by its timers and `transmitAt`; NEVER. A cache. */
  readonly dueAt: Array<number>
  /** When the partner was last heard; NEVER. */
  readonly heardAt: Float64Array
  // Counters.
  readonly sent: Float64Array
  readonly heard: Float64Array
  /** PDUs of the port's own system: from itself, or from a pair of the same domain. */
  readonly heardOwn: Float64Array
  readonly refused: Float64Array
  readonly markersHeard: Float64Array
  readonly markerResponsesSent: Float64Array
}

/** Columns of instants. */
export const TIMES: ReadonlySet<string> = new Set([
  "currentWhile",
  "periodic",
  "waitWhile",
  "actorChurnTimer",
  "partnerChurnTimer",
  "sentAt",
  "transmitAt",
  "heardAt",
])

/** The timers that machines look at. */
export const TIMERS = ["currentWhile", "periodic", "waitWhile", "actorChurnTimer", "partnerChurnTimer"] as const

/** What a port that runs LACP does of its own accord, as bits of its state. */
const adminState = (config: PortConfig | undefined): number =>
  config === undefined ? 0 : (config.mode === "active" ? ACTIVITY : 0) | (config.rate === "fast" ? TIMEOUT : 0) | AGGREGATION

/** A bridge that has just been switched on. */
export const make = (config: LacpConfig, { address, bridgePorts: ports }: BridgeView): State => {
  const numbers = (value = 0): Float64Array => new Float64Array(ports).fill(value)
  const bits = (): Uint8Array => new Uint8Array(ports)
  const group = new Int16Array(ports).fill(-1)
  config.groups.forEach(({ members }, g) => members.forEach((port) => (group[port] = g)))
  return {
    config,
    ports,
    system: address,
    systemPriority: config.systemPriority ?? DEFAULT_SYSTEM_PRIORITY,
    group,
    portEnabled: bits(),
    rateBps: numbers(),
    fullDuplex: bits(),
    portPriority: Float64Array.from({ length: ports }, (_, port) => config.ports[port]?.priority ?? DEFAULT_PORT_PRIORITY),
    actorState: Uint8Array.from({ length: ports }, (_, port) => adminState(config.ports[port])),
    partner: {
      systemPriority: numbers(),
      system: numbers(),
      key: numbers(),
      portPriority: numbers(),
      port: numbers(),
      state: bits(),
    },
    aggregator: new Int16Array(ports).fill(NO_AGGREGATOR),
    selected: bits(),
    ready: bits(),
    standing: bits(),
    ntt: bits(),
    actorChurn: bits(),
    partnerChurn: bits(),
    portMoved: bits(),
    received: bits(),
    pdu: [],
    receiveState: bits(),
    periodicState: bits(),
    muxState: bits(),
    actorChurnState: bits(),
    partnerChurnState: bits(),
    currentWhile: numbers(NEVER),
    periodic: numbers(NEVER),
    waitWhile: numbers(NEVER),
    actorChurnTimer: numbers(NEVER),
    partnerChurnTimer: numbers(NEVER),
    sentAt: new Float64Array(ports * TRANSMIT_LIMIT).fill(PAST),
    transmitAt: numbers(NEVER),
    dueAt: Array.from({ length: ports }, () => NEVER),
    heardAt: numbers(NEVER),
    sent: numbers(),
    heard: numbers(),
    heardOwn: numbers(),
    refused: numbers(),
    markersHeard: numbers(),
    markerResponsesSent: numbers(),
  }
}

/** Whether LACP runs on a port that is up: `LACP_Enabled` is false in half duplex. */
export const lacpEnabled = (s: State, i: number): boolean => s.group[i] >= 0 && s.fullDuplex[i] === 1

/** `Actor_Oper_Port_Key`: the group's, while the port may share it. */
export const keyOf = (s: State, i: number): number => (s.group[i] < 0 ? 0 : s.config.groups[s.group[i]].key)

/** The system that a port is of: the bridge, or the one that its group names. */
export const systemOf = (s: State, i: number): MacAddress =>
  s.group[i] < 0 ? s.system : (s.config.groups[s.group[i]].system ?? s.system)
/** Its priority. */
export const systemPriorityOf = (s: State, i: number): number =>
  s.group[i] < 0 ? s.systemPriority : (s.config.groups[s.group[i]].systemPriority ?? s.systemPriority)

/** What the port says of itself. Ports count from 1 on the wire. */
export const actorOf = (s: State, i: number): Party => ({
  systemPriority: systemPriorityOf(s, i),
  system: systemOf(s, i),
  key: keyOf(s, i),
  portPriority: s.portPriority[i],
  port: (s.group[i] < 0 ? 0 : (s.config.groups[s.group[i]].portNumbersFrom ?? 0)) + i + 1,
  state: s.actorState[i],
})

/** What it believes of its partner. */
export const partnerOf = ({ partner }: State, i: number): Party => ({
  systemPriority: partner.systemPriority[i],
  system: partner.system[i],
  key: partner.key[i],
  portPriority: partner.portPriority[i],
  port: partner.port[i],
  state: partner.state[i],
})

/** Remember a partner so. */
export const setPartner = ({ partner }: State, i: number, party: Party): void => {
  partner.systemPriority[i] = party.systemPriority
  partner.system[i] = party.system
  partner.key[i] = party.key
  partner.portPriority[i] = party.portPriority
  partner.port[i] = party.port
  partner.state[i] = party.state
}

/** `Partner_Admin_...`: what is believed of a silent partner. Nobody, in sync, that does not aggregate. */
export const DEFAULT_PARTNER: Party = {
  systemPriority: 0,
  system: 0,
  key: 0,
  portPriority: 0,
  port: 0,
  state: SYNCHRONIZATION,
}

/** Set or clear bits of the actor's state. */
export const setActor = (s: State, i: number, bit: number, on: boolean): void => {
  s.actorState[i] = on ? s.actorState[i] | bit : s.actorState[i] & ~bit
}

/** Whether a bit of the actor's, or the partner's, state is set. */
export const actorHas = (s: State, i: number, bit: number): boolean => (s.actorState[i] & bit) !== 0
export const partnerHas = (s: State, i: number, bit: number): boolean => (s.partner.state[i] & bit) !== 0
