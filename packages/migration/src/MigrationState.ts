/**
 * The state of vMotion on a host: its sessions (each one end of a migration), what waits, and what is over. Plain data in the host's
 * state, so that a migration can be copied, forked and cut at any step.
 *
 *     source        CHECKING -> PREPARING -> PRECOPY -> STUN -> SENDING_LAST -> HANDOVER -> DONE     any but HANDOVER -> FAILED
 *     destination   CHECKING -> SHELL -> RECEIVING -> RESUMING -> RUNNING                           up to RECEIVING -> ABORTED
 *
 * **Which host runs the VM.** Until the source sends RESUME it can give up at any time, and the VM goes on there; the destination
 * never runs a VM without RESUME. From HANDOVER on the source keeps the VM stunned and repeats RESUME until it is answered: RESUMED
 * ends its copy, a VERDICT that the destination gave up (or knows nothing) brings it back to life. So the VM never runs twice. If the
 * network fails for good in the one instant between RESUME and its answer, no host can know what the other did: when RESUME arrived
 * the destination runs the VM; when it did not, the VM stays stunned on the source until the hosts can talk again. A lock on
 * shared storage is what decides this case in life (docs/DEVIATIONS.md).
 */
import type { VmConfig } from "@l2lab/hypervisor/HostConfig"
import type { Ipv4Address } from "@l2lab/l3/Ipv4Address"
import { NEVER, type SimTime } from "@l2lab/sim/SimTime"
import type { VmotionStart } from "./MigrationCommand.ts"
import * as MemoryStream from "./MemoryStream.ts"
import type * as PageCursor from "./PageCursor.ts"
import * as Reason from "./Reason.ts"
import * as Trace from "./Trace.ts"
import type { Settings } from "./VmotionConfig.ts"
import type { PageLayout } from "./VmotionMessage.ts"

/** A state of the source's end. */
export type SourceState = (typeof Trace.SOURCE_STATES)[number]
/** A state of the destination's end. */
export type DestinationState = (typeof Trace.DESTINATION_STATES)[number]

/** Where each state may lead. */
export const SOURCE_ARCS: Readonly<Record<SourceState, ReadonlyArray<SourceState>>> = {
  CHECKING: ["PREPARING", "FAILED"],
  PREPARING: ["PRECOPY", "FAILED"],
  PRECOPY: ["STUN", "FAILED"],
  STUN: ["SENDING_LAST", "FAILED"],
  SENDING_LAST: ["HANDOVER", "FAILED"],
  HANDOVER: ["DONE", "FAILED"],
  DONE: [],
  FAILED: [],
}

/** The same for the destination. */
export const DESTINATION_ARCS: Readonly<Record<DestinationState, ReadonlyArray<DestinationState>>> = {
  CHECKING: ["SHELL", "ABORTED"],
  SHELL: ["RECEIVING", "ABORTED"],
  RECEIVING: ["RESUMING", "ABORTED"],
  RESUMING: ["RUNNING"],
  RUNNING: [],
  ABORTED: [],
}

/** One pre-copy round, or the last copy after stun (round 0). */
export interface RoundRecord {
  readonly round: number
  /** Pages to send, zero pages included. */
  readonly pages: number
  /** Of these, sent as zero pages: a few octets for all of them. */
  readonly zeroPages: number
  readonly startedAt: SimTime
  /** When the peer had all of it; NEVER until then. */
  endedAt: SimTime
  /** UDP payload octets sent for it, repeats not counted. */
  octets: number
  /** Pages written meanwhile. */
  dirtyPages: number
}

/** What is known of a migration at one end: the answer to queries, kept when it is over. Instants are NEVER until they come. */
export interface MigrationRecord {
  readonly role: "source" | "destination"
  readonly migration: number
  readonly vm: number
  /** The other host's vMotion address. */
  readonly peer: Ipv4Address
  state: SourceState | DestinationState
  /** Why it failed, `Reason.OK` otherwise. */
  reason: Reason.Reason
  readonly startedAt: SimTime
  /** Source: the checks passed. */
  checkedAt: SimTime
  /** The shell exists. */
  shellAt: SimTime
  stunnedAt: SimTime
  /** Last pages and device state have arrived; RESUME leaves (source), has arrived (destination). */
  handoverAt: SimTime
  /** Source: it learnt that the destination runs the VM. Destination: the vCPUs run. */
  resumedAt: SimTime
  /** Destination: the first RARP left. */
  rarpAt: SimTime
  /** Source: the VM is gone from here. Both: the end, good or bad. */
  endedAt: SimTime
  /** Octets of the device state. */
  stateOctets: number
  /** Source: pre-copy rounds, then the last copy as round 0. */
  readonly rounds: Array<RoundRecord>
  /** Destination: pages that came, a page as often as it came. */
  pagesReceived: number
  /** Source: segments sent again. */
  retransmissions: number
  /** Hash of the memory at stun (source) and at resume (destination); 0 where versions are not kept. */
  memoryHash: number
  /** Destination: the source knows that the VM runs here. */
  confirmed: boolean
}

interface SessionBase {
  readonly slot: number
  readonly migration: number
  readonly vm: number
  readonly peer: Ipv4Address
  /** Index of the vmkernel interface that it runs over. */
  readonly vmkernel: number
  readonly sender: MemoryStream.StreamSender
  readonly receiver: MemoryStream.StreamReceiver
  /** When something last came from the peer. */
  heardAt: SimTime
  readonly record: MigrationRecord
}

/** The source's end of a migration. */
export interface SourceSession extends SessionBase {
  readonly role: "source"
  state: SourceState
  readonly layout: PageLayout
  /** What of the current round, or of the last copy, is still to be sent. */
  readonly cursor: PageCursor.PageCursor
  /** The end of the current round has been sent behind its last page. */
  roundEnded: boolean
  /** A bitmap without bits, for the next exchange with the dirty log; null while the log is off. */
  spare: Uint32Array | null
  /** Rounds in a row that made no progress. */
  stalled: number
  /** Octets of page content a second, as last measured; 0 before. */
  rateOctets: number
  /** The device state, from stun on. */
  deviceState: Uint8Array | null
  /** Octets of it that have been sent. */
  deviceStateSent: number
}

/** The destination's end of a migration. */
export interface DestinationSession extends SessionBase {
  readonly role: "destination"
  state: DestinationState
  /** The VM as the source described it. */
  readonly offered: VmConfig
  /** One bit a page that has arrived; null before the shell and after resume. */
  arrived: Uint32Array | null
  arrivedPages: number
  deviceState: Uint8Array | null
  deviceStateReceived: number
}

/** One end of a migration. */
export type Session = SourceSession | DestinationSession

/** All of vMotion on one host. */
export interface VmotionState {
  readonly settings: Settings
  /** By slot. */
  readonly sessions: Array<Session | null>
  /** Commands that wait for another migration to end, oldest first. */
  readonly waiting: Array<VmotionStart>
  /** What is over, oldest first. */
  readonly history: Array<MigrationRecord>
}

/** Sessions that a host can have, in both roles, those included that wait for a last acknowledgement. */
export const SLOTS = 16

/** Records that are kept; a destination's that the source has not confirmed stay in any case, since the source may still ask. */
export const HISTORY_LIMIT = 256

// Timers of a session, in a range of its own by slot.
export const TIMER_RETRANSMIT = 0
/** Silence of the peer, and the limit of the switch-over. */
export const TIMER_DEADLINE = 1
/** Next step of its own accord: dirty log, end of stun, end of resume. */
export const TIMER_STEP = 2
/** Timers of each session. */
export const SESSION_TIMERS = 3
/** Timers of the service. */
export const TIMERS = SLOTS * SESSION_TIMERS

/** No migration yet. */
export const make = (settings: Settings): VmotionState => ({
  settings,
  sessions: Array.from({ length: SLOTS }, () => null),
  waiting: [],
  history: [],
})

/** The record of a migration that begins. */
export const makeRecord = (
  role: "source" | "destination",
  migration: number,
  vm: number,
  peer: Ipv4Address,
  now: SimTime,
): MigrationRecord => ({
  role,
  migration,
  vm,
  peer,
  state: "CHECKING",
  reason: Reason.OK,
  startedAt: now,
  checkedAt: NEVER,
  shellAt: NEVER,
  stunnedAt: NEVER,
  handoverAt: NEVER,
  resumedAt: NEVER,
  rarpAt: NEVER,
  endedAt: NEVER,
  stateOctets: 0,
  rounds: [],
  pagesReceived: 0,
  retransmissions: 0,
  memoryHash: 0,
  confirmed: false,
})

/** Put a record among what is over. */
export const remember = (state: VmotionState, record: MigrationRecord): void => {
  state.history.push(record)
  if (state.history.length <= HISTORY_LIMIT) return
  const oldest = state.history.findIndex((item) => item.role === "source" || item.state !== "RUNNING" || item.confirmed)
  if (oldest >= 0) state.history.splice(oldest, 1)
}

/** The session of a migration with this peer, if there is one. */
export const sessionOf = (state: VmotionState, migration: number, peer: Ipv4Address): Session | undefined => {
  for (const session of state.sessions)
    if (session !== null && session.migration === migration && session.peer === peer) return session
  return undefined
}

/** Sessions in a role that are not just waiting for a last acknowledgement. */
export const active = (state: VmotionState, role: Session["role"]): number => {
  let count = 0
  for (const session of state.sessions) if (session !== null && session.role === role && !isOver(session)) count++
  return count
}

/** Whether the outcome is settled at this end. */
export const isOver = (session: Session): boolean =>
  session.state === "DONE" || session.state === "FAILED" || session.state === "RUNNING" || session.state === "ABORTED"
