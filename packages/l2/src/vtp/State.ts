/** The state of VTP on a bridge. Plain data; what is an array of records is replaced whole. */
import type { Digest } from "@l2lab/sim/Digest"
import { NEVER, SECOND, type SimTime } from "@l2lab/sim/SimTime"
import type { SwitchPort } from "../BridgeConfig.ts"
import type { BridgeView } from "../ControlProtocol.ts"
import { controlTag } from "../VlanTable.ts"
import * as Database from "./Database.ts"
import * as VlanInfo from "./VlanInfo.ts"
import * as VtpPdu from "./VtpPdu.ts"

/** Who makes VLANs, who takes them, who does neither. */
export type Mode = "server" | "client" | "transparent"

/** What a design says of VTP on one bridge. The VLANs are those of the bridge. */
export interface VtpConfig {
  /** Up to 32 characters; "" = none: a server or client takes the first that it hears of. */
  readonly domain: string
  readonly mode: Mode
  readonly version: 1 | 2
  readonly revision: number
  /** "" = none. */
  readonly password: string
  /** Names of VLANs by id; others have Catalysts' names. */
  readonly names?: Readonly<Record<number, string>>
}

/** As Catalysts have it. */
export const SUMMARY_INTERVAL = 300 * SECOND

/** Nobody has set the clock: switches begin in March 1993. */
export const NO_CLOCK = "930301000000"

/** A database of a higher revision that is on its way. */
export interface Pending {
  readonly port: number
  readonly summary: VtpPdu.Summary
  /** Subset advertisements so far, by number. */
  readonly subsets: ReadonlyArray<ReadonlyArray<VlanInfo.VlanInfo>>
}

/** As in `show vtp counters`; below them, ours. */
export interface Counters {
  summariesReceived: number
  subsetsReceived: number
  requestsReceived: number
  summariesSent: number
  subsetsSent: number
  requestsSent: number
  /** The revision is the switch's own, and the digest is not. */
  revisionErrors: number
  /** A database whose digest is not that of its summary. */
  digestErrors: number
  v1Errors: number
  /** Passed on (transparent). */
  relayed: number
  /** Not taken: of another domain; on a port that is no trunk; unreadable; subsets that nobody waits for. */
  otherDomain: number
  noTrunk: number
  malformed: number
  stray: number
}

const COUNTERS: Counters = {
  summariesReceived: 0,
  subsetsReceived: 0,
  requestsReceived: 0,
  summariesSent: 0,
  subsetsSent: 0,
  requestsSent: 0,
  revisionErrors: 0,
  digestErrors: 0,
  v1Errors: 0,
  relayed: 0,
  otherDomain: 0,
  noTrunk: 0,
  malformed: 0,
  stray: 0,
}

export interface State {
  readonly config: VtpConfig
  readonly ports: number
  domain: string
  mode: Mode
  version: 1 | 2
  revision: number
  updater: number
  timestamp: string
  secret: Uint8Array
  /** The database. */
  vlans: ReadonlyArray<VlanInfo.VlanInfo>
  /** Whether the switch has not yet heard from anyone of its domain: it asks on each trunk that comes up. */
  isFresh: boolean
  /** When the next summary is due; NEVER for a transparent switch. */
  summaryAt: SimTime
  pending: Pending | null
  /** VLANs that the bridge has room for. */
  readonly room: ReadonlySet<number>
  /** VLANs of the bridge that VTP knows nothing of, sorted. */
  extended: ReadonlyArray<number>
  /** By port. */
  readonly up: Uint8Array
  readonly trunk: Uint8Array
  /** The tag of the switch's own frames, -1 = none. */
  readonly tag: Int32Array
  /** Whether the last summary there had a digest that did not fit. */
  readonly mismatch: Uint8Array
  readonly counters: Counters
}

/** A bridge that has just been switched on. */
export const make = (config: VtpConfig, bridge: BridgeView): State => {
  const state: State = {
    config,
    ports: bridge.bridgePorts,
    domain: config.domain,
    mode: config.mode,
    version: config.version,
    revision: config.mode === "transparent" ? 0 : config.revision,
    updater: 0,
    timestamp: NO_CLOCK,
    secret: Database.secretOf(config.password),
    vlans: Database.make(bridge.existing ?? bridge.vlans, (id) => config.names?.[id], config.version),
    isFresh: true,
    summaryAt: NEVER,
    pending: null,
    room: new Set(bridge.vlans),
    extended: (bridge.existing ?? bridge.vlans).filter((id) => id > Database.LAST_VLAN),
    up: new Uint8Array(bridge.bridgePorts),
    trunk: new Uint8Array(bridge.bridgePorts),
    tag: new Int32Array(bridge.bridgePorts),
    mismatch: new Uint8Array(bridge.bridgePorts),
    counters: { ...COUNTERS },
  }
  bridge.switchPorts.forEach((port, index) => configurePort(state, index, port))
  return state
}

/** VTP goes over trunks only, in VLAN 1. */
export const configurePort = (state: State, port: number, settings: SwitchPort): void => {
  state.trunk[port] = settings.mode === "trunk" ? 1 : 0
  state.tag[port] = controlTag(settings)
}

/** Whether a port is a trunk that is up. */
export const isTrunk = (state: State, port: number): boolean => state.trunk[port] === 1 && state.up[port] === 1

/** The summary of the database, with its digest. */
export const summaryOf = (state: State, followers: number): VtpPdu.Summary => {
  const { domain, revision, secret, timestamp, updater, version, vlans } = state
  const summary: VtpPdu.Summary = {
    protocol: "vtp",
    kind: "summary",
    version,
    domain,
    followers,
    revision,
    updater,
    timestamp,
    digest: new Uint8Array(VtpPdu.DIGEST_OCTETS),
    trailer: VtpPdu.TRAILER[version],
  }
  return { ...summary, digest: Database.digestOf(secret, summary, vlans) }
}

/** An independent copy; what is replaced whole is shared. */
export const copy = (state: State): State => ({
  ...state,
  up: state.up.slice(),
  trunk: state.trunk.slice(),
  tag: state.tag.slice(),
  mismatch: state.mismatch.slice(),
  counters: { ...state.counters },
})

/** Fold it into a digest. */
export const fingerprint = (state: State, digest: Digest, now: SimTime): void => {
  for (const text of [state.domain, state.mode, state.timestamp]) digest.string(text)
  for (const number of [state.version, state.revision, state.updater, state.isFresh ? 1 : 0]) digest.number(number)
  digest.number(state.summaryAt === NEVER ? NEVER : state.summaryAt - now)
  digest.numbers(state.secret)
  digest.numbers(state.extended)
  digest.numbers(VlanInfo.emit(state.vlans))
  const { pending } = state
  if (pending !== null) {
    digest.number(pending.port)
    digest.numbers(VtpPdu.emit(pending.summary))
    for (const part of pending.subsets) digest.numbers(VlanInfo.emit(part))
  }
  for (const column of [state.up, state.trunk, state.tag, state.mismatch]) digest.numbers(column)
  for (const count of Object.values(state.counters) as ReadonlyArray<number>) digest.number(count)
}
