/** What the world does with a whole `State`: copy it, and fold it into a fingerprint. */
import type { Digest } from "@l2lab/sim/Digest"
import type { SimTime } from "@l2lab/sim/SimTime"
import type { State } from "./State.ts"

/** Columns of instants, which are fingerprinted relative to now. */
const TIMES: ReadonlySet<string> = new Set<keyof State>([
  "helloTimer",
  "tcnTimer",
  "topologyChangeTimer",
  "messageAgeTimer",
  "forwardDelayTimer",
  "holdTimer",
  "lastChangeAt",
  "lastTopologyChangeAt",
])

/** An independent copy; the cached frames are immutable and shared. Spread first, so that copy and original share a hidden class. */
export const copy = (state: State): State => {
  const twin: State = { ...state }
  for (const [name, value] of Object.entries(state)) if (typeof value === "object") Object.assign(twin, { [name]: value.slice() })
  return twin
}

/** Everything but the caches; instants relative to `now`. */
export const fingerprint = (state: State, digest: Digest, now: SimTime): void => {
  for (const [name, value] of Object.entries(state)) {
    if (typeof value === "number") digest.number(value)
    else if (typeof value === "string") digest.string(value)
    else if (Array.isArray(value)) continue // caches
    else if (TIMES.has(name)) for (const at of value) digest.number(at - now)
    else digest.numbers(value)
  }
}
