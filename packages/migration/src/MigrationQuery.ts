/** What a host knows of migrations, read from its state. Changes nothing. */
import * as Host from "@l2lab/hypervisor/Host"
import type { MigrationRecord, VmotionState } from "./MigrationState.ts"

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
