/**
 * The state of PAgP on a bridge: plain data in columns by link port. Timers are deadlines: NEVER for one that does not run, PAST for one that has run
 * out. Times as Cisco's documents have them: a hello every second or every 30 s; who is not heard for three and a half of them is gone (CISCO-PAGP-MIB,
 * pagpHelloFrequency: 3.5 s and 105 s).
 */
import { NEVER, SECOND, type DurationNs, type SimTime } from "@l2lab/sim/SimTime"
import type { BridgeView } from "../ControlProtocol.ts"
import type { DiscoveryIdentity } from "../DiscoveryIdentity.ts"
import type { MacAddress } from "../MacAddress.ts"
import { LEARN_METHODS, type LearnMethod, type Party } from "./PagpPdu.ts"

/** A timer that has run out. */
export const PAST: SimTime = -Infinity

/** Between hellos: while partners do not agree, and when they do. */
export const FAST_HELLO: DurationNs = SECOND
export const SLOW_HELLO: DurationNs = 30 * SECOND
/** How long a partner may be silent that speaks so. */
export const FAST_TIMEOUT: DurationNs = 3.5 * SECOND
export const SLOW_TIMEOUT: DurationNs = 105 * SECOND
/** How long a silent port waits for a partner before it is a port of its own: about 15 s, as remembered†. */
export const SILENT_WAIT: DurationNs = 15 * SECOND

/** `pagp port-priority` of a port that says none. */
export const DEFAULT_PRIORITY = 128
/** What ports of one channel group have in common on the wire: this, and the group's number†. */
const GROUP_CAPABILITY = 0x10000

/** One bundle that PAgP looks after. */
export interface GroupConfig {
  /** The bundle's number among the bridge's. */
  readonly bundle: number
  /** Number of the channel group, 1..4096. */
  readonly number: number
  /** Link ports, rising; eight at most. */
  readonly members: ReadonlyArray<number>
  /** `pagp learn-method`: what the members say of how they learn; `aggregation-port` by default. */
  readonly learnMethod?: Exclude<LearnMethod, "none">
  /** Whether the neighbour is told who is active, where this switch is one of a pair (`dual-active trust channel-group`); true by default. */
  readonly trusted?: boolean
}

/** One member. */
export interface PortConfig {
  /** Speaks first, or only when spoken to. */
  readonly mode: "desirable" | "auto"
  /** Without a partner the port is not used at all; by default it is then a port of its own (`silent`). */
  readonly nonSilent?: boolean
  /** Hellos every second even when all agree (`pagp rate fast`); `slow` by default. */
  readonly rate?: "fast" | "slow"
  /** `pagp port-priority`, 0..255; 128 by default. */
  readonly priority?: number
}

/** What a design says of PAgP on one bridge. */
export interface PagpConfig {
  /** The switch's name, and those of its link ports. */
  readonly identity: Pick<DiscoveryIdentity, "name" | "interfaces">
  readonly groups: ReadonlyArray<GroupConfig>
  /** By link port; undefined where PAgP does not run. */
  readonly ports: ReadonlyArray<PortConfig | undefined>
  /** Whether it understands enhanced PAgP and tells its neighbours who they said is active; true by default. */
  readonly dualActive?: boolean
  /** What the active switch of a pair calls itself, at the start: its MAC address. Absent: the bridge is none. */
  readonly activeId?: MacAddress
}

/** What is known of partners: columns by link port, `device` 0 = nobody. */
export interface Partners {
  readonly device: Float64Array
  readonly learns: Float64Array
  readonly priority: Float64Array
  readonly port: Float64Array
  readonly groupCapability: Float64Array
  readonly group: Float64Array
}

export interface State {
  readonly config: PagpConfig
  readonly ports: number
  readonly device: MacAddress
  /** By port: its group, -1 = none. */
  readonly group: Int16Array
  // Of the link.
  readonly portEnabled: Uint8Array
  readonly rateBps: Float64Array
  readonly fullDuplex: Uint8Array
  // Of the partner: who it is, and what it said of itself and of this port.
  readonly partner: Partners
  readonly partnerSlow: Uint8Array
  readonly partnerAuto: Uint8Array
  readonly partnerConsistent: Uint8Array
  readonly namesMe: Uint8Array
  /** By port: the partner's names, for people; "" = unknown. Beside `partner`, never without it. */
  readonly names: Array<string>
  /** Another neighbour than the partner is heard on the port until then; PAST. */
  readonly otherUntil: Float64Array
  /** Selection lets the port share its group's bundle. */
  readonly chosen: Uint8Array
  /** Need to transmit. */
  readonly ntt: Uint8Array
  readonly phase: Uint8Array
  // Timers.
  readonly helloTimer: Float64Array
  readonly quitTimer: Float64Array
  readonly interfaceTimer: Float64Array
  /** By group: when the next of its timers runs out. */
  readonly dueAt: Float64Array
  /** When the partner was last heard; NEVER. */
  readonly heardAt: Float64Array
  // Enhanced PAgP.
  /** What this switch calls itself as the active one of a pair; 0 = it is none. */
  activeId: MacAddress
  /** By group: the active switch of the pair at its other end, as that said last; 0 = none. */
  readonly knownActive: Float64Array
  /** By port: who is active here, as the neighbour tells back; 0 = none, -1 = it does not understand. */
  readonly saidActive: Float64Array
  // Counters.
  readonly sent: Float64Array
  readonly heard: Float64Array
  readonly flushesHeard: Float64Array
  readonly flushesReturned: Float64Array
  /** Messages that could not be read, and those that this switch sent itself. */
  readonly refused: Float64Array
  readonly ownHeard: Float64Array
}

/** Columns of instants. */
export const TIMES: ReadonlySet<string> = new Set(["otherUntil", "helloTimer", "quitTimer", "interfaceTimer", "dueAt", "heardAt"])

/** The timers that the machine looks at. */
export const TIMERS = ["quitTimer", "interfaceTimer", "otherUntil"] as const

/** A bridge that has just been switched on. */
export const make = (config: PagpConfig, { address, bridgePorts: ports }: BridgeView): State => {
  const numbers = (value = 0): Float64Array => new Float64Array(ports).fill(value)
  const bits = (): Uint8Array => new Uint8Array(ports)
  const group = new Int16Array(ports).fill(-1)
  config.groups.forEach(({ members }, g) => members.forEach((port) => (group[port] = g)))
  return {
    config,
    ports,
    device: address,
    group,
    portEnabled: bits(),
    rateBps: numbers(),
    fullDuplex: bits(),
    partner: {
      device: numbers(),
      learns: numbers(),
      priority: numbers(),
      port: numbers(),
      groupCapability: numbers(),
      group: numbers(),
    },
    partnerSlow: bits(),
    partnerAuto: bits(),
    partnerConsistent: bits(),
    namesMe: bits(),
    names: Array.from({ length: ports }, () => ""),
    otherUntil: numbers(PAST),
    chosen: bits(),
    ntt: bits(),
    phase: bits(),
    helloTimer: numbers(NEVER),
    quitTimer: numbers(NEVER),
    interfaceTimer: numbers(NEVER),
    dueAt: new Float64Array(config.groups.length).fill(NEVER),
    heardAt: numbers(NEVER),
    activeId: config.activeId ?? 0,
    knownActive: new Float64Array(config.groups.length),
    saidActive: numbers(-1),
    sent: numbers(),
    heard: numbers(),
    flushesHeard: numbers(),
    flushesReturned: numbers(),
    refused: numbers(),
    ownHeard: numbers(),
  }
}

/** Whether the port speaks first. */
export const isDesirable = (s: State, i: number): boolean => s.config.ports[i]?.mode === "desirable"
/** Whether it is a port of its own where nobody answers. */
export const isSilent = (s: State, i: number): boolean => s.config.ports[i]?.nonSilent !== true
/** Whether somebody is heard. */
export const hasPartner = (s: State, i: number): boolean => s.partner.device[i] !== 0
/** Whether more than one neighbour is heard on the port. */
export const isShared = (s: State, i: number): boolean => hasPartner(s, i) && s.otherUntil[i] !== PAST

/** Whether the port says anything: of its own accord, or to who does. */
export const speaks = (s: State, i: number): boolean => isDesirable(s, i) || (hasPartner(s, i) && s.partnerAuto[i] === 0)

/** How many: none, one, or more. */
export const partnerCount = (s: State, i: number): number => (hasPartner(s, i) ? (isShared(s, i) ? 2 : 1) : 0)

/** What the port says of itself. Ports count from 1 on the wire, and bundles behind them; one that would not share its bundle has no group. */
export const localOf = (s: State, i: number): Party => {
  const { bundle, learnMethod, number } = s.config.groups[s.group[i]]
  return {
    device: s.device,
    learns: LEARN_METHODS.indexOf(learnMethod ?? "aggregation-port"),
    priority: s.config.ports[i]?.priority ?? DEFAULT_PRIORITY,
    port: i + 1,
    groupCapability: GROUP_CAPABILITY + number,
    group: s.chosen[i] === 1 && !isShared(s, i) ? s.ports + bundle + 1 : 0,
  }
}

/** What it believes of its partner. */
export const partnerOf = ({ partner }: State, i: number): Party => ({
  device: partner.device[i],
  learns: partner.learns[i],
  priority: partner.priority[i],
  port: partner.port[i],
  groupCapability: partner.groupCapability[i],
  group: partner.group[i],
})

const NOBODY: Party = { device: 0, learns: 0, priority: 0, port: 0, groupCapability: 0, group: 0 }

/** Remember a partner so. */
export const setPartner = ({ partner }: State, i: number, party: Party): void => {
  partner.device[i] = party.device
  partner.learns[i] = party.learns
  partner.priority[i] = party.priority
  partner.port[i] = party.port
  partner.groupCapability[i] = party.groupCapability
  partner.group[i] = party.group
}

/** Forget it. */
export const forgetPartner = (s: State, i: number): void => {
  setPartner(s, i, NOBODY)
  s.partnerSlow[i] = s.partnerAuto[i] = s.partnerConsistent[i] = s.namesMe[i] = s.chosen[i] = 0
  s.names[i] = ""
  s.otherUntil[i] = PAST
  s.quitTimer[i] = s.heardAt[i] = NEVER
}
