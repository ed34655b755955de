/** What a host knows of migrations, read from its state. Changes nothing. */
import * as Host from "@l2lab/hypervisor/Host"
import type { DurationNs, SimTime } from "@l2lab/sim/SimTime"
import type { MigrationRecord, RoundRecord, VmotionState } from "./MigrationState.ts"

const stateOf = (host: Readonly<Host.HostState>): VmotionState | undefined =>
  // A host's configuration names the kind, and the kind made this state.
  Host.serviceState(host, "vmotion") as VmotionState | undefined

/** The migrations that this host takes or took part in, in either role: what is over, oldest first, then what is under way. */
export const records = (host: Readonly<Host.HostState>): ReadonlyArray<Readonly<MigrationRecord>> => {
  const state = stateOf(host)
  if (state === undefined) return []
  return [...state.history, ...state.sessions.flatMap((session) => (session === null ? [] : [session.record]))]
}

/** The newest migration of this VM in this role, undefined if there was none. */
export const latest = (
  host: Readonly<Host.HostState>,
  vm: number,
  role: MigrationRecord["role"],
): Readonly<MigrationRecord> | undefined => {
  let found: Readonly<MigrationRecord> | undefined
  for (const record of records(host))
    if (record.vm === vm && record.role === role && (found === undefined || record.startedAt >= found.startedAt)) found = record
  return found
}

/** Whether nothing is under way on this host and nothing waits. */
export const isIdle = (host: Readonly<Host.HostState>): boolean => {
  const state = stateOf(host)
  return state === undefined || (state.waiting.length === 0 && state.sessions.every((session) => session === null))
}

/** A migration that is over and went well, put together from what both ends know. */
export interface MigrationReport {
  readonly vm: number
  /** Pre-copy rounds, then the last copy as round 0. */
  readonly rounds: ReadonlyArray<Readonly<RoundRecord>>
  /** Pages sent as content, a page as often as it was sent. */
  readonly pagesSent: number
  /** UDP payload octets of pages and device state, repeats not counted. */
  readonly octetsSent: number
  readonly retransmissions: number
  readonly startedAt: SimTime
  readonly stunnedAt: SimTime
  readonly resumedAt: SimTime
  /** When the first RARP left; NEVER when switches are not notified. */
  readonly rarpAt: SimTime
  /** The source's copy is gone. */
  readonly endedAt: SimTime
  /** From stun to resume: what no network can shorten or hide. The outage that others see is longer: it lasts until frames find the way. */
  readonly stunNs: DurationNs
  readonly totalNs: DurationNs
  /** Whether every page arrived as it was at stun; undefined for memories that are too large to tell (over 1 GiB). */
  readonly memoryEqual: boolean | undefined
}

/** The report of the newest migration of this VM from one host to the other; undefined unless it went well. */
export const report = (
  sourceHost: Readonly<Host.HostState>,
  destinationHost: Readonly<Host.HostState>,
  vm: number,
): MigrationReport | undefined => {
  const source = latest(sourceHost, vm, "source")
  const destination = latest(destinationHost, vm, "destination")
  if (source?.state !== "DONE" || destination?.state !== "RUNNING" || source.migration !== destination.migration) return undefined
  const { rounds, startedAt, stunnedAt, endedAt, retransmissions } = source
  const { resumedAt, rarpAt } = destination
  return {
    vm,
    rounds,
    pagesSent: rounds.reduce((sum, round) => sum + round.pages - round.zeroPages, 0),
    octetsSent: rounds.reduce((sum, round) => sum + round.octets, 0),
    retransmissions,
    startedAt,
    stunnedAt,
    resumedAt,
    rarpAt,
    endedAt,
    stunNs: resumedAt - stunnedAt,
    totalNs: endedAt - startedAt,
    memoryEqual: source.memoryHash === 0 ? undefined : source.memoryHash === destination.memoryHash,
  }
}
