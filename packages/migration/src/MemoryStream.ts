/**
 * A reliable, ordered stream of messages over UDP: what carries memory and state until there is TCP. One segment is one message is
 * one datagram. Acknowledgements are cumulative, one for every second segment, and at once for a `push` and for whatever comes out
 * of order; a third duplicate or the retransmission timer sends the oldest segment again, and while a loss is being repaired every
 * partial acknowledgement shows the next hole (as NewReno does, RFC 6582). The timer follows RFC 6298 with limits of its own.
 *
 * The window grows while round trips stay short and shrinks when they grow by more than `QUEUE_TARGET_NS`: the segments then wait in
 * a queue somewhere, and a longer queue carries nothing faster. So a stream fills its narrowest link and drops nothing at the tail,
 * and gives way to other traffic, which TCP would not. A loss halves the window.
 */
import type { Digest } from "@l2lab/sim/Digest"
import { type DurationNs, MICROSECOND, MILLISECOND, NEVER, SECOND, type SimTime } from "@l2lab/sim/SimTime"
import type { StreamMessage } from "./VmotionMessage.ts"

/** Most segments in flight, and most that a receiver keeps out of order: a power of two. */
export const RING = 512

const MASK = RING - 1

const INITIAL_WINDOW = 10
const LEAST_WINDOW = 4
/** Round trips may be this much longer than the shortest. */
const QUEUE_TARGET_NS: DurationNs = 500 * MICROSECOND
const DUPLICATES = 3

/** Retransmission timer: before the first measurement, and its limits. The upper one decides how soon a healed path is noticed. */
const INITIAL_TIMEOUT_NS: DurationNs = SECOND
const LEAST_TIMEOUT_NS: DurationNs = 30 * MILLISECOND
const MOST_TIMEOUT_NS: DurationNs = SECOND

/** The sending end of a stream; plain data. */
export interface StreamSender {
  /** Ring by sequence: what is in flight. */
  readonly messages: Array<StreamMessage | null>
  /** Ring by sequence: when it was sent; NEVER when it was sent more than once and so measures nothing (Karn). */
  readonly sentAt: Float64Array
  /** The oldest segment that is not acknowledged. */
  base: number
  /** The next new segment. */
  next: number
  /** Segments that may be in flight. A fraction grows by parts. */
  window: number
  /** Below it the window grows by one for each segment acknowledged. */
  threshold: number
  duplicates: number
  /** A loss is being repaired until this segment is acknowledged; -1 = none is. */
  recoverUntil: number
  /** 0 before the first measurement. */
  smoothedNs: DurationNs
  variationNs: DurationNs
  shortestNs: DurationNs
  timeoutNs: DurationNs
  /** Segments sent again. */
  retransmissions: number
  /** Times that the retransmission timer fired. */
  timeouts: number
}

/** The receiving end of a stream; plain data. */
export interface StreamReceiver {
  /** Ring by sequence: what came before its turn. */
  readonly messages: Array<StreamMessage | null>
  /** The segment that is expected next. */
  next: number
  /** The next one after the highest that came: beyond `next` there is a hole. */
  highest: number
  /** In-order segments that no acknowledgement has told of. */
  untold: number
}

/** A sender that has sent nothing. */
export const makeSender = (): StreamSender => ({
  messages: Array.from({ length: RING }, () => null),
  sentAt: new Float64Array(RING),
  base: 0,
  next: 0,
  window: INITIAL_WINDOW,
  threshold: RING,
  duplicates: 0,
  recoverUntil: -1,
  smoothedNs: 0,
  variationNs: 0,
  shortestNs: NEVER,
  timeoutNs: INITIAL_TIMEOUT_NS,
  retransmissions: 0,
  timeouts: 0,
})

/** A receiver that has heard nothing. */
export const makeReceiver = (): StreamReceiver => ({
  messages: Array.from({ length: RING }, () => null),
  next: 0,
  highest: 0,
  untold: 0,
})

/** Segments that were sent and are not acknowledged. */
export const inFlight = (sender: StreamSender): number => sender.next - sender.base

/** Whether another segment may leave. */
export const hasRoom = (sender: StreamSender): boolean => sender.next - sender.base < sender.window

/** Whether the segment that leaves next fills the window, so that an answer is wanted for it. */
export const isLastOfWindow = (sender: StreamSender): boolean => sender.next - sender.base + 1 >= sender.window

/** Take a new segment, whose sequence is `sender.next`, into the books; the caller sends it. */
export const enqueue = (sender: StreamSender, message: StreamMessage, now: SimTime): void => {
  const slot = sender.next & MASK
  sender.messages[slot] = message
  sender.sentAt[slot] = now
  sender.next++
}

/** Forget the shortest round trip: from here on segments are of another size. */
export const remeasure = (sender: StreamSender): void => {
  sender.shortestNs = NEVER
}

const measure = (sender: StreamSender, roundTripNs: DurationNs): void => {
  if (sender.smoothedNs === 0) {
    sender.smoothedNs = roundTripNs
    sender.variationNs = roundTripNs / 2
  } else {
    sender.variationNs += (Math.abs(sender.smoothedNs - roundTripNs) - sender.variationNs) / 4
    sender.smoothedNs += (roundTripNs - sender.smoothedNs) / 8
  }
  if (roundTripNs < sender.shortestNs) sender.shortestNs = roundTripNs
  sender.timeoutNs = Math.min(MOST_TIMEOUT_NS, Math.max(LEAST_TIMEOUT_NS, Math.ceil(sender.smoothedNs + 4 * sender.variationNs)))
}

const adjustWindow = (sender: StreamSender, acknowledged: number, roundTripNs: DurationNs): void => {
  const queueNs = roundTripNs - sender.shortestNs
  if (queueNs > QUEUE_TARGET_NS) {
    sender.window = Math.max(LEAST_WINDOW, sender.window - acknowledged / 2)
    sender.threshold = sender.window
  } else if (sender.window < sender.threshold) sender.window = Math.min(RING, sender.window + acknowledged)
  else if (queueNs < QUEUE_TARGET_NS / 2) sender.window = Math.min(RING, sender.window + acknowledged / sender.window)
}

/**
 * Everything before `next` has arrived at the peer. Tells what is to be sent again now: the oldest segment (true) or nothing.
 * Acknowledgements of what was never sent are ignored.
 */
export const onAck = (sender: StreamSender, next: number, now: SimTime): boolean => {
  if (next > sender.next || next < sender.base) return false
  if (next === sender.base) {
    if (sender.next === sender.base || ++sender.duplicates !== DUPLICATES || sender.recoverUntil >= 0) return false
    sender.recoverUntil = sender.next
    sender.window = sender.threshold = Math.max(LEAST_WINDOW, sender.window / 2)
    return true
  }
  const sentAt = sender.sentAt[(next - 1) & MASK]
  const acknowledged = next - sender.base
  for (let sequence = sender.base; sequence < next; sequence++) sender.messages[sequence & MASK] = null
  sender.base = next
  sender.duplicates = 0
  if (sender.recoverUntil >= 0) {
    if (next < sender.recoverUntil) return true
    sender.recoverUntil = -1
  }
  if (sentAt !== NEVER) {
    measure(sender, now - sentAt)
    adjustWindow(sender, acknowledged, now - sentAt)
  }
  return false
}

/** The retransmission timer fired: the oldest segment is to be sent again. The timer's span doubles. */
export const onTimeout = (sender: StreamSender): void => {
  sender.timeouts++
  sender.timeoutNs = Math.min(MOST_TIMEOUT_NS, sender.timeoutNs * 2)
  sender.recoverUntil = sender.next
  sender.duplicates = 0
  sender.threshold = Math.max(LEAST_WINDOW, sender.window / 2)
  sender.window = LEAST_WINDOW
}

/** The oldest segment in flight, to be sent again; null when nothing is in flight. */
export const takeOldest = (sender: StreamSender): StreamMessage | null => {
  if (sender.base === sender.next) return null
  // Nothing that is acknowledged from here on can be told apart from an answer to this copy.
  for (let sequence = sender.base; sequence < sender.next; sequence++) sender.sentAt[sequence & MASK] = NEVER
  sender.retransmissions++
  return sender.messages[sender.base & MASK]
}

/**
 * A segment came in. If it is what was expected, it and those that waited for it can be had from `take`. Tells whether an
 * acknowledgement is to be sent now, after they were taken.
 */
export const onSegment = (receiver: StreamReceiver, message: StreamMessage): boolean => {
  const { sequence } = message
  if (sequence < receiver.next || sequence >= receiver.next + RING) return true
  receiver.messages[sequence & MASK] = message
  if (sequence >= receiver.highest) receiver.highest = sequence + 1
  if (sequence !== receiver.next) return true
  receiver.untold++
  return message.push || receiver.untold >= 2 || receiver.highest > sequence + 1
}

/** The next message in order, null when it is not there. */
export const take = (receiver: StreamReceiver): StreamMessage | null => {
  const slot = receiver.next & MASK
  const message = receiver.messages[slot]
  if (message === null) return null
  receiver.messages[slot] = null
  receiver.next++
  return message
}

/** An independent copy; messages are immutable and shared. */
export const copySender = (sender: StreamSender): StreamSender => ({
  ...sender,
  messages: sender.messages.slice(),
  sentAt: sender.sentAt.slice(),
})

/** An independent copy; messages are immutable and shared. */
export const copyReceiver = (receiver: StreamReceiver): StreamReceiver => ({ ...receiver, messages: receiver.messages.slice() })

/** Fold the state of a sender, instants relative to `now`. */
export const fingerprintSender = (sender: StreamSender, digest: Digest, now: SimTime): void => {
  digest.number(sender.base)
  digest.number(sender.next)
  for (let sequence = sender.base; sequence < sender.next; sequence++) {
    digest.int(sender.messages[sequence & MASK]?.kind ?? 0)
    digest.number(sender.sentAt[sequence & MASK] - now)
  }
  digest.number(sender.window)
  digest.number(sender.threshold)
  digest.number(sender.duplicates)
  digest.number(sender.recoverUntil)
  digest.number(sender.smoothedNs)
  digest.number(sender.variationNs)
  digest.number(sender.shortestNs)
  digest.number(sender.timeoutNs)
  digest.number(sender.retransmissions)
  digest.number(sender.timeouts)
}

/** Fold the state of a receiver. */
export const fingerprintReceiver = (receiver: StreamReceiver, digest: Digest): void => {
  digest.number(receiver.next)
  digest.number(receiver.highest)
  digest.number(receiver.untold)
  for (let sequence = receiver.next; sequence < receiver.highest; sequence++)
    digest.int(receiver.messages[sequence & MASK]?.kind ?? 0)
}
