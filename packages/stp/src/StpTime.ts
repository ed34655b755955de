/**
 * Spanning tree time. Protocol times are counted in ticks of 1/256 s, the resolution that BPDUs carry them in (9.2.8†): a tick is
 * exactly 3,906,250 ns, so that nothing is ever rounded between protocol time and virtual time.
 */
import type { DurationNs } from "@l2lab/sim/SimTime"

/** A span of time in units of 1/256 s: 0..65535 in a BPDU. */
export type Ticks256 = number

/** A span of time as management states it, in seconds; fractions are rounded to the nearest tick. */
export type Seconds = number

/** Ticks of protocol time in a second. */
export const TICKS_PER_SECOND: Ticks256 = 256

/** Nanoseconds of one tick. */
export const TICK_NS: DurationNs = 3_906_250

/** The longest span that a BPDU can carry: 255.99 s. */
export const MAXIMUM: Ticks256 = 65_535

/** The nearest tick, kept within what a BPDU can carry. */
export const fromSeconds = (value: Seconds): Ticks256 => Math.max(0, Math.min(MAXIMUM, Math.round(value * TICKS_PER_SECOND)))

/** Ticks as seconds, exactly. */
export const toSeconds = (ticks: Ticks256): Seconds => ticks / TICKS_PER_SECOND

/** Ticks as virtual time, exactly. */
export const toNs = (ticks: Ticks256): DurationNs => ticks * TICK_NS

/** Whole ticks in a span of virtual time, the rest cut off. */
export const fromNs = (span: DurationNs): Ticks256 => Math.floor(span / TICK_NS)
