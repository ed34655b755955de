/**
 * Virtual time. An instant is an integer number of nanoseconds since the world's start, held in a `number`: integers are
 * exact up to 2^53 ns, which is 104 days. Nothing in the core ever sees another clock.
 */

/** An instant of virtual time: integer nanoseconds since the start of the world. */
export type SimTime = number

/** A span of virtual time in integer nanoseconds. */
export type DurationNs = number

/** Spans of time in nanoseconds. */
export const MICROSECOND: DurationNs = 1_000
export const MILLISECOND: DurationNs = 1_000_000
export const SECOND: DurationNs = 1_000_000_000

/** The deadline of a timer that does not run, and the arrival time of a frame that never arrives. */
export const NEVER: SimTime = Infinity

/** Seconds to nanoseconds, rounded to the nearest nanosecond. */
export const seconds = (value: number): DurationNs => Math.round(value * SECOND)

/** Milliseconds to nanoseconds, rounded to the nearest nanosecond. */
export const milliseconds = (value: number): DurationNs => Math.round(value * MILLISECOND)

/** An instant as fixed-width text that sorts and reads well: `12.345678901` seconds, nine decimals. */
export const format = (at: SimTime): string => {
  const whole = Math.floor(at / SECOND)
  return `${whole}.${String(at - whole * SECOND).padStart(9, "0")}`
}
