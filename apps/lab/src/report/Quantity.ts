/** Quantities for people. */
import { SECOND, type DurationNs, type SimTime } from "@l2lab/sim/SimTime"

const trimmed = (value: number, digits: number): string => {
  const text = value.toFixed(digits)
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text
}

/** A span of time at a precision that suits its size: `850 ns`, `12.5 us`, `61.3 ms`, `8.73 s`. */
export const formatNs = (ns: DurationNs): string => {
  if (!Number.isFinite(ns)) return "for ever"
  if (ns < 1e3) return `${ns} ns`
  if (ns < 1e6) return `${trimmed(ns / 1e3, 1)} us`
  if (ns < 1e9) return `${trimmed(ns / 1e6, 1)} ms`
  return `${trimmed(ns / 1e9, 2)} s`
}

/** An instant for the margin of a report: seconds with three decimals, `30.004 s`. */
export const formatInstant = (at: SimTime): string => `${(Math.floor(at / 1e6) / 1e3).toFixed(3)} s`

/** An instant in a sentence: one within the first second as finely as rapid trees need it, `15.5 us`. */
export const formatMoment = (at: SimTime): string => (at < SECOND ? formatNs(at) : formatInstant(at))

/** `1,234,567`. */
export const formatCount = (count: number): string => String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ",")

/** `1 switch`, `3 switches`: a count with its noun. */
export const counted = (count: number, one: string, many: string = `${one}s`): string =>
  `${formatCount(count)} ${count === 1 ? one : many}`

/** The order of names that people give: `sw2` before `sw10`. */
export const naturally = (a: string, b: string): number => {
  const [x, y] = [a, b].map((name) => name.match(/\d+|\D+/g) ?? [])
  for (let i = 0; i < x.length && i < y.length; i++) {
    if (x[i] === y[i]) continue
    const difference = Number(x[i]) - Number(y[i])
    return Number.isNaN(difference) || difference === 0 ? (x[i] < y[i] ? -1 : 1) : difference
  }
  return x.length - y.length
}

/** The first few of many, `a, b, c and 9 more`; all of them where they are no more than `most`. */
export const few = (items: ReadonlyArray<string>, most: number, separator = ", "): string =>
  items.length <= most
    ? items.join(separator)
    : `${items.slice(0, most - 1).join(separator)} and ${formatCount(items.length - most + 1)} more`

/** Virtual seconds. */
export const toSeconds = (ns: DurationNs): number => ns / SECOND
