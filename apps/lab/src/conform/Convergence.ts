/**
 * When ports last changed, seen as the recorder of a case saw it. The kernel reports every change of a state. Records with roles were
 * taken by looking every 200 ms: a port that changes and changes back within that time may have been seen doing so or not. Both
 * answers are kept: the last change, and the last one that lasted.
 */
import type { TraceEvent } from "@l2lab/sim/TraceEvent"
import type { SimTime } from "@l2lab/sim/SimTime"
import * as StpTrace from "@l2lab/stp/Trace"
import type { GoldenRecord } from "./Record.ts"

const LOOK_NS = 200_000_000

/** What one port did lately: changes no further apart than a look are one, and count only if something came of them. */
interface Recent {
  readonly before: number
  after: number
  at: SimTime
}

export interface Watch {
  /** Roles are recorded, by looking. */
  readonly withRoles: boolean
  readonly recent: Map<string, Recent>
  lastAt: SimTime
  lastingAt: SimTime
}

export const make = (record: GoldenRecord): Watch => ({
  withRoles: record.steps.some((step) =>
    Object.values(step.observed ?? {}).some((bridge) => Object.values(bridge.ports ?? {}).some((port) => port.role != null)),
  ),
  recent: new Map(),
  lastAt: 0,
  lastingAt: 0,
})

/** Forget what was before `at`. */
export const restart = (watch: Watch, at: SimTime): void => {
  watch.recent.clear()
  watch.lastAt = at
  watch.lastingAt = at
}

/** Take notice of a trace event. */
export const see = (watch: Watch, event: TraceEvent): void => {
  const isState = event.code === StpTrace.PORT_STATE.code
  if (!isState && !(watch.withRoles && event.code === StpTrace.ROLE.code)) return
  watch.lastAt = event.at
  const key = `${event.node}:${event.a}:${event.code}`
  const recent = watch.recent.get(key)
  if (recent !== undefined && event.at - recent.at < LOOK_NS) {
    recent.after = event.d
    recent.at = event.at
    return
  }
  if (recent !== undefined) settle(watch, recent)
  watch.recent.set(key, { before: event.c, after: event.d, at: event.at })
}

const settle = (watch: Watch, recent: Recent): void => {
  if (recent.before !== recent.after) watch.lastingAt = Math.max(watch.lastingAt, recent.at)
}

/** The last change, the instant of the last `restart` if there was none. */
export const lastAt = (watch: Watch): SimTime => watch.lastAt

/** The same without changes that were taken back within a look, where the record is one that looks. */
export const lastingAt = (watch: Watch): SimTime => {
  if (!watch.withRoles) return watch.lastAt
  for (const recent of watch.recent.values()) settle(watch, recent)
  return watch.lastingAt
}
