/**
 * The reliable channel between two chassis: messages arrive whole, once and in their order, or not at all when the channel is opened anew. Segments are numbered,
 * acknowledged all together up to one, and sent again from the first that is not (go-back-N) when no word of it comes in time.
 *
 * Each side numbers its sessions at random; a segment of another session than the last begins one if it is the first, and is ignored if not.
 */
import type { Digest } from "@l2lab/sim/Digest"
import { MILLISECOND, NEVER, type DurationNs, type SimTime } from "@l2lab/sim/SimTime"
import { MOST_SEGMENT_OCTETS, type Segment } from "./VirtualSwitchHeader.ts"

/** Silence after which segments are sent again; doubled each time, up to the longest. Round trips take microseconds. */
export const RETRANSMIT_AFTER: DurationNs = 10 * MILLISECOND
export const LONGEST_WAIT: DurationNs = 160 * MILLISECOND
/** Segments that may be under way. */
export const WINDOW = 64
/** Segments that are acknowledged one by one, at the latest, within a message. */
const ACKNOWLEDGE_EVERY = 16

/** A segment that has not been acknowledged. Never changes. */
interface Unacknowledged {
  readonly isFirst: boolean
  readonly isLast: boolean
  readonly octets: Uint8Array
}

export interface Channel {
  /** This side's session, 0 = closed; and the other's, 0 = not heard. */
  session: number
  peer: number
  /** What waits or is under way, its first item's number, and how many of it were sent. */
  readonly queue: Array<Unacknowledged>
  first: number
  sent: number
  /** The number of the segment that is to come in, and what has of its message. */
  expected: number
  readonly partial: Array<Uint8Array>
  retransmitAt: SimTime
  wait: DurationNs
  // Counters.
  messagesSent: number
  messagesReceived: number
  retransmissions: number
}

/** Closed. */
export const make = (): Channel => ({
  session: 0,
  peer: 0,
  queue: [],
  first: 0,
  sent: 0,
  expected: 0,
  partial: [],
  retransmitAt: NEVER,
  wait: RETRANSMIT_AFTER,
  messagesSent: 0,
  messagesReceived: 0,
  retransmissions: 0,
})

/** An independent copy; octets never change and are shared. */
export const copy = (channel: Channel): Channel => ({
  ...channel,
  queue: channel.queue.slice(),
  partial: channel.partial.slice(),
})

/** Fold it into a digest. */
export const fingerprint = (channel: Channel, digest: Digest, now: SimTime): void => {
  const { expected, first, messagesReceived, messagesSent, partial, peer, queue, retransmissions, sent, session } = channel
  digest.numbers([session, peer, first, sent, expected, messagesSent, messagesReceived, retransmissions, channel.wait])
  digest.number(channel.retransmitAt === NEVER ? NEVER : channel.retransmitAt - now)
  for (const { octets } of queue) digest.numbers(octets)
  for (const octets of partial) digest.numbers(octets)
}

/** Open this side anew: what was under way is forgotten. `random` is a 32-bit number. What the other side says goes on where `keepsPeer`. */
export const open = (channel: Channel, random: number, keepsPeer: boolean): void => {
  channel.session = random >>> 0 || 1
  channel.queue.length = 0
  channel.first = channel.sent = 0
  channel.retransmitAt = NEVER
  channel.wait = RETRANSMIT_AFTER
  if (keepsPeer) return
  channel.peer = channel.expected = 0
  channel.partial.length = 0
}

/** Nobody is there. */
export const close = (channel: Channel): void => {
  open(channel, 1, false)
  channel.session = 0
}

/** Queue a message of at least an octet. */
export const send = (channel: Channel, message: Uint8Array): void => {
  if (channel.session === 0) return
  channel.messagesSent++
  for (let at = 0; at < message.length; at += MOST_SEGMENT_OCTETS) {
    channel.queue.push({
      isFirst: at === 0,
      isLast: at + MOST_SEGMENT_OCTETS >= message.length,
      octets: message.subarray(at, at + MOST_SEGMENT_OCTETS),
    })
  }
}

const segmentOf = (channel: Channel, part: Unacknowledged, sequence: number): Segment => ({
  protocol: "virtual-switch-segment",
  session: channel.session,
  peer: channel.peer,
  sequence,
  acknowledge: channel.expected,
  ...part,
})

const NOTHING: Unacknowledged = { isFirst: false, isLast: false, octets: new Uint8Array(0) }

/** A sign of life, which also tells what has come in. */
export const beat = (channel: Channel): Segment => segmentOf(channel, NOTHING, 0)

/** Send what may be under way. */
export const transmit = (channel: Channel, now: SimTime, say: (segment: Segment) => void): void => {
  const { queue } = channel
  while (channel.sent < queue.length && channel.sent < WINDOW) {
    say(segmentOf(channel, queue[channel.sent], channel.first + channel.sent))
    channel.sent++
  }
  if (channel.sent === 0) channel.retransmitAt = NEVER
  else if (channel.retransmitAt === NEVER) channel.retransmitAt = now + channel.wait
}

/** The time is up: everything is sent again. */
export const retransmit = (channel: Channel, now: SimTime, say: (segment: Segment) => void): void => {
  channel.retransmissions += channel.sent
  channel.sent = 0
  channel.wait = Math.min(channel.wait * 2, LONGEST_WAIT)
  channel.retransmitAt = NEVER
  transmit(channel, now, say)
}

const acknowledged = (channel: Channel, upTo: number, now: SimTime): void => {
  const count = upTo - channel.first
  if (count <= 0 || count > channel.sent) return
  channel.queue.splice(0, count)
  channel.first = upTo
  channel.sent -= count
  channel.wait = RETRANSMIT_AFTER
  channel.retransmitAt = channel.sent === 0 ? NEVER : now + channel.wait
}

/** What a segment that came in brings: a message that is complete by it, and whether the other side began a new session with it. */
export interface Received {
  readonly message: Uint8Array | undefined
  readonly isNewSession: boolean
}

const NOTHING_RECEIVED: Received = { message: undefined, isNewSession: false }

/** A segment came in. */
export const receive = (channel: Channel, segment: Segment, now: SimTime, say: (segment: Segment) => void): Received => {
  // Meant for a session of this side that is over.
  if (channel.session === 0 || (segment.peer !== 0 && segment.peer !== channel.session)) return NOTHING_RECEIVED
  const isNewSession = segment.session !== channel.peer
  const hasData = segment.octets.length > 0
  if (isNewSession) {
    if (!hasData || segment.sequence !== 0) return NOTHING_RECEIVED
    channel.peer = segment.session
    channel.expected = 0
    channel.partial.length = 0
  } else if (segment.peer === channel.session) acknowledged(channel, segment.acknowledge, now)
  let message: Uint8Array | undefined
  if (hasData) {
    const isNext = segment.sequence === channel.expected
    if (isNext) message = take(channel, segment)
    if (!isNext || segment.isLast || channel.expected % ACKNOWLEDGE_EVERY === 0) say(segmentOf(channel, NOTHING, 0))
  }
  transmit(channel, now, say)
  return { message, isNewSession }
}

/** Take the segment that was to come; the message that it ends. */
const take = (channel: Channel, segment: Segment): Uint8Array | undefined => {
  const { partial } = channel
  channel.expected++
  if (segment.isFirst) partial.length = 0
  partial.push(segment.octets)
  if (!segment.isLast) return undefined
  channel.messagesReceived++
  const parts = partial.splice(0)
  if (parts.length === 1) return parts[0]
  const message = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    message.set(part, at)
    at += part.length
  }
  return message
}
