/**
 * Ping runs: echo probes at a fixed interval, and what became of each. Probes are counted from 0 and matched with their answers by
 * (identifier, sequence); no time travels in them. This file keeps the account; `NetworkStack.ts` sends.
 *
 * A probe is *outstanding* until it is answered (*received*) or its time is out (*lost*). An answer to a lost probe is *late*: the
 * probe stays lost, but the answer ends the gap, since it shows that the path works.
 *
 * Instants in a run (when a probe was sent, when an answer came) are the world's, also for a guest that was stunned in between: an
 * outage is what really passed. Only deadlines (the next probe, when a probe counts as lost) are the guest's and stop with it.
 */
import type { Digest } from "@l2lab/sim/Digest"
import type { DurationNs, SimTime } from "@l2lab/sim/SimTime"
import { NEVER, SECOND } from "@l2lab/sim/SimTime"
import type { Ipv4Address } from "./Ipv4Address.ts"

/** A stretch without answers, closed by an answer. */
export interface PingGap {
  /** Arrival of the last answer before it. */
  readonly from: SimTime
  /** Arrival of the answer that ended it. */
  readonly to: SimTime
  /** Probes sent between the two answered ones that had no answer when it ended. */
  readonly unanswered: number
}

/** What a query tells of a run. */
export interface PingRun {
  readonly run: number
  readonly target: Ipv4Address
  readonly everyNs: DurationNs
  readonly timeoutNs: DurationNs
  /** More probes are to be sent. */
  readonly active: boolean
  readonly startedAt: SimTime
  readonly sent: number
  /** Answered within the timeout. */
  readonly received: number
  /** Not answered within the timeout. */
  readonly lost: number
  /** Neither answered nor timed out yet. */
  readonly outstanding: number
  /** Answers to probes that had been counted as lost. */
  readonly late: number
  /** Answers to probes that had been answered. */
  readonly duplicates: number
  /** The longest time from one answer to the next: the outage, at a resolution of `everyNs`. 0 before the second answer. */
  readonly longestGapNs: DurationNs
  /** When the first lost probe was sent; undefined when none was lost. */
  readonly firstLostAt: SimTime | undefined
  readonly firstAnsweredAt: SimTime | undefined
  /** A run that was cut off and never recovered has its open outage from here. */
  readonly lastAnsweredAt: SimTime | undefined
  /** Gaps of more than one and a half intervals, oldest first; the last 64. */
  readonly gaps: ReadonlyArray<PingGap>
  /** All such gaps, also those no longer listed. */
  readonly gapCount: number
  /** Round trip times of received probes; 0 before the first. */
  readonly rttMinNs: DurationNs
  readonly rttAverageNs: DurationNs
  readonly rttMaxNs: DurationNs
}

/** Gaps that a run lists. */
export const GAP_LIMIT = 64

/** States of a probe in the ring. */
const OUTSTANDING = 1
const RECEIVED = 2
const LOST = 3

/** Sequence numbers on the wire have 16 bits, so no more probes than these can be told apart. */
const RING_LIMIT = 32768

/** State of a run: plain data. Sequences here do not wrap. */
export interface PingState {
  readonly run: number
  readonly target: Ipv4Address
  /** The identifier of its echo requests, 0..65535. */
  readonly identifier: number
  readonly everyNs: DurationNs
  readonly timeoutNs: DurationNs
  /** Data of every probe; shared, never changed. */
  readonly data: Uint8Array
  readonly startedAt: SimTime
  /** Probes still to be sent; Infinity without a count, 0 when the run has ended. */
  remaining: number
  /** Deadline; NEVER when none is to come. */
  nextSendAt: SimTime
  /** Its end has been traced. */
  ended: boolean
  sent: number
  received: number
  lost: number
  late: number
  duplicates: number
  /** No probe before this sequence is outstanding. */
  oldest: number
  /** Rings by sequence modulo their length, a power of two: when sent, the deadline of its answer, and what became of it. */
  readonly sentAt: Float64Array
  readonly dueAt: Float64Array
  readonly outcome: Uint8Array
  /** Sequence of the newest answered probe, -1 before the first. */
  newestAnswered: number
  /** NEVER before the first answer. */
  firstAnsweredAt: SimTime
  lastAnsweredAt: SimTime
  /** NEVER when none was lost. */
  firstLostAt: SimTime
  longestGapNs: DurationNs
  gapCount: number
  /** The last `GAP_LIMIT`, oldest first. */
  readonly gaps: Array<PingGap>
  rttMinNs: DurationNs
  rttMaxNs: DurationNs
  rttSumNs: DurationNs
}

/** The timeout unless told: the longer of two intervals and one second. */
export const defaultTimeoutNs = (everyNs: DurationNs): DurationNs => Math.max(2 * everyNs, SECOND)

/** A run whose first probe is due now. */
export const make = (
  run: number,
  target: Ipv4Address,
  everyNs: DurationNs,
  timeoutNs: DurationNs,
  count: number,
  data: Uint8Array,
  now: SimTime,
): PingState => {
  // At least twice what can be outstanding, so that a late answer still finds its probe.
  let ring = 64
  while (ring < RING_LIMIT && ring < 2 * (timeoutNs / everyNs + 2)) ring *= 2
  return {
    run,
    target,
    identifier: run & 0xffff,
    everyNs,
    timeoutNs,
    data,
    startedAt: now,
    remaining: count,
    nextSendAt: now,
    ended: false,
    sent: 0,
    received: 0,
    lost: 0,
    late: 0,
    duplicates: 0,
    oldest: 0,
    sentAt: new Float64Array(ring),
    dueAt: new Float64Array(ring),
    outcome: new Uint8Array(ring),
    newestAnswered: -1,
    firstAnsweredAt: NEVER,
    lastAnsweredAt: NEVER,
    firstLostAt: NEVER,
    longestGapNs: 0,
    gapCount: 0,
    gaps: [],
    rttMinNs: 0,
    rttMaxNs: 0,
    rttSumNs: 0,
  }
}

/** When the oldest outstanding probe counts as lost; NEVER when none is outstanding. */
export const nextDueAt = (ping: PingState): SimTime =>
  ping.oldest === ping.sent ? NEVER : ping.dueAt[ping.oldest & (ping.dueAt.length - 1)]

const advance = (ping: PingState): void => {
  const mask = ping.outcome.length - 1
  while (ping.oldest < ping.sent && ping.outcome[ping.oldest & mask] !== OUTSTANDING) ping.oldest++
}

/** Count the oldest outstanding probe as lost; its sequence. */
const lose = (ping: PingState): number => {
  const sequence = ping.oldest
  const slot = sequence & (ping.outcome.length - 1)
  ping.outcome[slot] = LOST
  ping.lost++
  if (ping.firstLostAt === NEVER) ping.firstLostAt = ping.sentAt[slot]
  advance(ping)
  return sequence
}

/** A probe leaves now: its sequence, not wrapped. A ring too short for its timeout gives up its oldest probe early. */
export const send = (ping: PingState, now: SimTime): number => {
  if (ping.sent - ping.oldest >= ping.outcome.length) lose(ping)
  const sequence = ping.sent++
  const slot = sequence & (ping.outcome.length - 1)
  ping.sentAt[slot] = now
  ping.dueAt[slot] = now + ping.timeoutNs
  ping.outcome[slot] = OUTSTANDING
  ping.remaining--
  ping.nextSendAt = ping.remaining > 0 ? now + ping.everyNs : NEVER
  return sequence
}

/** Send no more. */
export const stop = (ping: PingState): void => {
  ping.remaining = 0
  ping.nextSendAt = NEVER
}

/** Whether every probe has been sent and decided. */
export const isOver = (ping: PingState): boolean => ping.remaining === 0 && ping.oldest === ping.sent

/** If the oldest outstanding probe's time is out, count it as lost and give its sequence; else -1. Call until -1. */
export const expire = (ping: PingState, now: SimTime): number => (nextDueAt(ping) <= now ? lose(ping) : -1)

/**
 * An answer with this sequence number (16 bits) came. The gap that it ended in ns where that is more than one and a half intervals,
 * else 0; -1 when it answers no probe that is remembered.
 */
export const answer = (ping: PingState, wireSequence: number, now: SimTime): DurationNs => {
  const newest = ping.sent - 1
  const sequence = newest - ((newest - wireSequence) & 0xffff)
  if (ping.sent === 0 || sequence < 0 || ping.sent - sequence > ping.outcome.length) return -1
  const slot = sequence & (ping.outcome.length - 1)
  if (ping.outcome[slot] === RECEIVED) {
    ping.duplicates++
    return 0
  }
  if (ping.outcome[slot] === LOST) {
    // Answered twice it is a duplicate the second time.
    ping.late++
    ping.outcome[slot] = RECEIVED
  } else {
    const rtt = now - ping.sentAt[slot]
    ping.rttMinNs = ping.received === 0 || rtt < ping.rttMinNs ? rtt : ping.rttMinNs
    ping.rttMaxNs = rtt > ping.rttMaxNs ? rtt : ping.rttMaxNs
    ping.rttSumNs += rtt
    ping.received++
    ping.outcome[slot] = RECEIVED
    advance(ping)
  }
  const unanswered = Math.max(0, sequence - ping.newestAnswered - 1)
  if (sequence > ping.newestAnswered) ping.newestAnswered = sequence
  const from = ping.lastAnsweredAt
  ping.lastAnsweredAt = now
  if (from === NEVER) {
    ping.firstAnsweredAt = now
    return 0
  }
  const gap = now - from
  if (gap > ping.longestGapNs) ping.longestGapNs = gap
  if (2 * gap <= 3 * ping.everyNs) return 0
  ping.gapCount++
  if (ping.gaps.length === GAP_LIMIT) ping.gaps.shift()
  ping.gaps.push({ from, to: now, unanswered })
  return gap
}

/** Add `by` to every deadline, as `ArpCache.shift`. */
export const shift = (ping: PingState, by: DurationNs): void => {
  ping.nextSendAt += by
  const mask = ping.dueAt.length - 1
  for (let sequence = ping.oldest; sequence < ping.sent; sequence++) ping.dueAt[sequence & mask] += by
}

const known = (at: SimTime): SimTime | undefined => (at === NEVER ? undefined : at)

/** The run as a query tells it. */
export const report = (ping: PingState): PingRun => ({
  run: ping.run,
  target: ping.target,
  everyNs: ping.everyNs,
  timeoutNs: ping.timeoutNs,
  active: ping.remaining > 0,
  startedAt: ping.startedAt,
  sent: ping.sent,
  received: ping.received,
  lost: ping.lost,
  outstanding: ping.sent - ping.received - ping.lost,
  late: ping.late,
  duplicates: ping.duplicates,
  longestGapNs: ping.longestGapNs,
  firstLostAt: known(ping.firstLostAt),
  firstAnsweredAt: known(ping.firstAnsweredAt),
  lastAnsweredAt: known(ping.lastAnsweredAt),
  gaps: ping.gaps.slice(),
  gapCount: ping.gapCount,
  rttMinNs: ping.rttMinNs,
  rttAverageNs: ping.received === 0 ? 0 : Math.round(ping.rttSumNs / ping.received),
  rttMaxNs: ping.rttMaxNs,
})

export const copy = (ping: PingState): PingState => ({
  ...ping,
  sentAt: ping.sentAt.slice(),
  dueAt: ping.dueAt.slice(),
  outcome: ping.outcome.slice(),
  gaps: ping.gaps.slice(),
})

/** Deadlines are taken relative to `now`; what was measured is a record and stands as it is. */
export const fingerprint = (ping: PingState, digest: Digest, now: SimTime): void => {
  for (const value of [
    ping.run,
    ping.target,
    ping.everyNs,
    ping.timeoutNs,
    ping.data.length,
    ping.startedAt,
    ping.remaining,
    ping.nextSendAt - now,
    ping.sent,
    ping.received,
    ping.lost,
    ping.late,
    ping.duplicates,
    ping.oldest,
    ping.newestAnswered,
    ping.firstAnsweredAt,
    ping.lastAnsweredAt,
    ping.firstLostAt,
    ping.longestGapNs,
    ping.gapCount,
    ping.rttMinNs,
    ping.rttMaxNs,
    ping.rttSumNs,
  ])
    digest.number(value)
  const mask = ping.dueAt.length - 1
  for (let sequence = ping.oldest; sequence < ping.sent; sequence++) {
    digest.number(ping.sentAt[sequence & mask])
    digest.number(ping.dueAt[sequence & mask] - now)
    digest.int(ping.outcome[sequence & mask])
  }
}
