/**
 * The row of doubles that the world keeps for every link port.
 *
 * A transmitter is one number, the instant until which it is busy: queue depth is `busyUntil - now`, which gives tail drop
 * without a dequeue event, one event per hop. At rates where an octet does not last a whole number of nanoseconds (51.2 ns for
 * 64 octets at 10 Gb/s) a remainder keeps the arithmetic exact; arrivals are rounded up.
 */

/** Doubles per port. */
export const STRIDE = 16

// The first eight columns are all that a common transmission touches: one cache line.
/** Instant until which the transmitter is busy, inter-frame gap included: integer ns. */
export const BUSY = 0
/** An octet lasts NUMERATOR / DENOMINATOR ns: 8e9 / rate, reduced. */
export const NUMERATOR = 1
export const DENOMINATOR = 2
/** Propagation delay in ns. */
export const LATENCY = 3
/** A frame that would wait longer than this (ns) is dropped at the tail. */
export const QUEUE_LIMIT = 4
/** Largest frame that the port sends, in octets without the outer tag. */
export const MAXIMUM_OCTETS = 5
/** Frames and octets sent. What was received is not counted apart: it is what the other end sent and was not lost (`PortStatistics`). */
export const TX_FRAMES = 6
export const TX_OCTETS = 7
/** What BUSY leaves out, in units of 1 / DENOMINATOR ns. */
export const REMAINDER = 8
/** Instant until which frames of the control class occupy the transmitter. */
export const CONTROL_BUSY = 9
/** Frames refused because the egress queue was full. */
export const TAIL_DROPS = 10
/** Frames refused because they are longer than the link's MTU allows. */
export const MTU_DROPS = 11
/** Sent by this port and never arrived: lost at random, in flight when the link went down, or sent into a dead direction. */
export const LOST_FRAMES = 12
export const LOST_OCTETS = 13
/** Arrived here with a bad frame check sequence, and were dropped for it. */
export const FCS_ERROR_FRAMES = 14
export const FCS_ERROR_OCTETS = 15

/** Preamble, start delimiter and inter-frame gap: octets that every frame occupies beyond its own. */
export const GAP_OCTETS = 20

/** The least frame on the wire, FCS and tag included; shorter ones are padded at the link. */
export const MINIMUM_OCTETS = 64

/** Octets that a frame has beyond its client data, without the outer tag: 12 + 2 + 4. */
export const FRAME_OVERHEAD_OCTETS = 18

/** Octets that a frame takes on the wire with the tag `tci` beside it, padding included. */
export const octetsOnWire = (frameOctets: number, tci: number): number => {
  const octets = tci >= 0 ? frameOctets + 4 : frameOctets
  return octets < MINIMUM_OCTETS ? MINIMUM_OCTETS : octets
}

const greatestCommonDivisor = (a: number, b: number): number => (b === 0 ? a : greatestCommonDivisor(b, a % b))

/** NUMERATOR and DENOMINATOR for a rate in bits per second. */
export const octetTime = (rateBps: number): readonly [numerator: number, denominator: number] => {
  const divisor = greatestCommonDivisor(8e9, rateBps)
  return [8e9 / divisor, rateBps / divisor]
}

/** The rate in bits per second of the port whose row starts at `offset`. */
export const rateOf = (rows: Float64Array, offset: number): number =>
  (8e9 / rows[offset + NUMERATOR]) * rows[offset + DENOMINATOR]

/** Give the port another rate: what is being sent and what waits leaves as it would have, its queue holds as many octets as before. */
export const setRate = (rows: Float64Array, offset: number, rateBps: number): void => {
  const before = rateOf(rows, offset)
  const [numerator, denominator] = octetTime(rateBps)
  rows[offset + NUMERATOR] = numerator
  rows[offset + DENOMINATOR] = denominator
  rows[offset + QUEUE_LIMIT] = Math.ceil((rows[offset + QUEUE_LIMIT] * before) / rateBps)
  rows[offset + REMAINDER] = 0
}
