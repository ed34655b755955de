/**
 * What the world does with a whole protocol state that is made of columns: copy it, and fold it into a fingerprint. A state is a record of
 * numbers, strings, typed arrays (columns), ordinary arrays (caches, whose items never change) and records of such. What is called `config` never
 * changes, and is shared.
 */
import type { Digest } from "@l2lab/sim/Digest"
import type { SimTime } from "@l2lab/sim/SimTime"

/** Anything with columns; the values are looked at one by one. */
type Columns = Readonly<Record<string, unknown>>

/** What a state was made from. */
const CONFIG = "config"

const isSliceable = (value: unknown): value is { readonly slice: () => unknown } =>
  Array.isArray(value) || ArrayBuffer.isView(value)

const isColumn = (value: unknown): value is ArrayLike<number> & Iterable<number> =>
  ArrayBuffer.isView(value) && !(value instanceof DataView)

/** An independent copy; cached items are immutable and shared. Spread first, so that copy and original share a hidden class. */
export const copy = <S extends object>(state: S): S => {
  const twin = { ...state }
  for (const [name, value] of Object.entries(state)) {
    if (name === CONFIG) continue
    if (isSliceable(value)) Object.assign(twin, { [name]: value.slice() })
    else if (typeof value === "object" && value !== null) Object.assign(twin, { [name]: copy(value) })
  }
  return twin
}

/** Everything but the caches; the columns named in `times` hold instants and are taken relative to `now`. */
export const fingerprint = (state: object, digest: Digest, now: SimTime, times: ReadonlySet<string>): void => {
  for (const [name, value] of Object.entries(state as Columns)) {
    if (name === CONFIG) continue
    if (typeof value === "number") digest.number(value)
    else if (typeof value === "string") digest.string(value)
    else if (Array.isArray(value)) continue // caches
    else if (!isColumn(value)) fingerprint(value as object, digest, now, times)
    else if (times.has(name)) for (const at of value) digest.number(at - now)
    else digest.numbers(value)
  }
}
