/**
 * The state of VSLP on a chassis: plain data. Columns of LMP go by VSL link; RRP has one of each. Timers are deadlines: NEVER for one that does not run,
 * PAST for one that has run out.
 */
import { NEVER, type SimTime } from "@l2lab/sim/SimTime"
import { CATALYST_6500, DEFAULT_PRIORITY, type VslpConfig, type VslpTimes } from "./Settings.ts"
import { MODES, type RedundancyMode } from "./VslpPdu.ts"

/** A timer that has run out. */
export const PAST: SimTime = -Infinity

/** What the peer said last; `known` is 0 while it has said nothing since it was lost. */
export interface Peer {
  known: number
  switchNumber: number
  address: number
  /** Indexes in ROLES, STANDBY_STATES, MODES. */
  role: number
  standby: number
  mode: number
  priority: number
  /** 0 or 1: it would take the role; it asks for it now. */
  preempts: number
  asks: number
  configuration: number
  version: string
}

export interface State {
  readonly config: VslpConfig
  /** VSL links. */
  readonly ports: number
  readonly priority: number
  // LMP, by VSL link.
  readonly lmpState: Uint8Array
  /** Carrier. */
  readonly up: Uint8Array
  /** What the machine says to the chassis: it may be used. */
  readonly usable: Uint8Array
  /** Who is heard: its switch number (0 = nobody), address, VSL link; and until when that is believed. */
  readonly heardNumber: Uint8Array
  readonly heardAddress: Float64Array
  readonly heardLink: Uint8Array
  readonly heardUntil: Float64Array
  /** Whether whoever is heard says that it hears us on this link. */
  readonly listsUs: Uint8Array
  /** An index in FAILURES that what is heard deserves, 0 = none; what the other end said; and until when that is believed. */
  readonly wrong: Uint8Array
  readonly wrongNumber: Float64Array
  readonly wrongAddress: Float64Array
  readonly wrongUntil: Float64Array
  readonly silentWhile: Float64Array
  readonly checkWhile: Float64Array
  /** Why the link is not used, an index in FAILURES: the last that was traced. */
  readonly failure: Uint8Array
  /** A hello is to go at once, 0 or 1. */
  readonly helloNow: Uint8Array
  /** Index in REFUSALS: the last that was traced. */
  readonly refusal: Uint8Array
  readonly hellosSent: Float64Array
  readonly hellosHeard: Float64Array
  readonly rolesSent: Float64Array
  readonly rolesHeard: Float64Array
  readonly refused: Float64Array
  readonly foreign: Float64Array
  // RRP.
  readonly rrpState: Uint8Array
  readonly preParseWhile: Float64Array
  readonly aloneWhile: Float64Array
  readonly preemptWhile: Float64Array
  readonly peer: Peer
  /** Bits of MISMATCHES. */
  mismatch: number
  /** Some link may be used, 0 or 1: what is made of `usable` before RRP looks. */
  joined: number
  /** The chassis has all checkpoints; it is told to go to recovery; to give up the role. */
  synchronized: number
  recoveryOrdered: number
  switchoverOrdered: number
  /** Index in RELOAD_REASONS. */
  reloadFor: number
  /** What `roleChanged` was called with last. */
  toldRole: number
  toldPeerRole: number
  toldMode: number
  /** The VSL link that RRP goes by, -1 = none. */
  controlLink: number
  /** An RRP PDU is to go at once, 0 or 1. */
  rrpNow: number
  // Of the chassis.
  readonly helloAt: Float64Array
  readonly rrpAt: Float64Array
}

/** Columns of instants. */
export const TIMES: ReadonlySet<string> = new Set([
  "heardUntil",
  "wrongUntil",
  "silentWhile",
  "checkWhile",
  "preParseWhile",
  "aloneWhile",
  "preemptWhile",
  "helloAt",
  "rrpAt",
])

/** The timers that machines look at: they are PAST once they have run out. */
export const TIMERS = ["silentWhile", "checkWhile", "preParseWhile", "aloneWhile", "preemptWhile"] as const

/** A peer that has said nothing. */
export const NOBODY: Peer = {
  known: 0,
  switchNumber: 0,
  address: 0,
  role: 0,
  standby: 0,
  mode: 0,
  priority: 0,
  preempts: 0,
  asks: 0,
  configuration: 0,
  version: "",
}

/** A chassis that has just been switched on. */
export const make = (config: VslpConfig): State => {
  const ports = config.links.length
  const bits = (): Uint8Array => new Uint8Array(ports)
  const numbers = (): Float64Array => new Float64Array(ports)
  const timers = (): Float64Array => new Float64Array(ports).fill(NEVER)
  const timer = (): Float64Array => new Float64Array(1).fill(NEVER)
  return {
    config,
    ports,
    priority: config.priority ?? DEFAULT_PRIORITY,
    lmpState: bits(),
    up: bits(),
    usable: bits(),
    heardNumber: bits(),
    heardAddress: numbers(),
    heardLink: bits(),
    heardUntil: timers(),
    listsUs: bits(),
    wrong: bits(),
    wrongNumber: numbers(),
    wrongAddress: numbers(),
    wrongUntil: timers(),
    silentWhile: timers(),
    checkWhile: timers(),
    failure: bits(),
    helloNow: bits(),
    refusal: bits(),
    hellosSent: numbers(),
    hellosHeard: numbers(),
    rolesSent: numbers(),
    rolesHeard: numbers(),
    refused: numbers(),
    foreign: numbers(),
    rrpState: new Uint8Array(1),
    preParseWhile: timer(),
    aloneWhile: timer(),
    preemptWhile: timer(),
    peer: { ...NOBODY },
    mismatch: 0,
    joined: 0,
    synchronized: 0,
    recoveryOrdered: 0,
    switchoverOrdered: 0,
    reloadFor: 0,
    toldRole: 0,
    toldPeerRole: 0,
    toldMode: MODES.indexOf(config.redundancy ?? "sso"),
    controlLink: -1,
    rrpNow: 0,
    helloAt: timer(),
    rrpAt: timer(),
  }
}

/** The times of the chassis' platform. */
export const timesOf = ({ config }: State): VslpTimes => config.times ?? CATALYST_6500

/** What the chassis is set to. */
export const configuredMode = ({ config }: State): RedundancyMode => config.redundancy ?? "sso"

/** How the standby of the two stands by: RPR where either wants it, or they differ in what they must not. */
export const modeOf = (s: State): RedundancyMode => {
  const { known, mode } = s.peer
  if (known === 0) return configuredMode(s)
  return s.mismatch === 0 && configuredMode(s) === "sso" && MODES[mode] === "sso" ? "sso" : "rpr"
}

/** When the next thing is to do. */
export const nextAt = (s: State): SimTime => {
  let next = Math.min(s.helloAt[0], s.rrpAt[0])
  for (const name of TIMERS) for (const at of s[name]) if (at !== PAST && at < next) next = at
  for (const at of s.heardUntil) next = Math.min(next, at)
  for (const at of s.wrongUntil) next = Math.min(next, at)
  return next
}
