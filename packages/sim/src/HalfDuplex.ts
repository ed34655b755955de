/**
 * The half-duplex end of a link whose other end takes it for full duplex: carrier sense, collisions, backoff (IEEE 802.3 clause 4†).
 *
 * The full-duplex end never listens: it sends when it has something, and its transmitter is the arithmetic of every other port. This end does wait
 * while it hears something and for the gap behind that; when something begins to come in while it sends, it stops, jams, and sends the frame again
 * after a random number of slots, sixteen times at most; beyond the first 64 octets (which cannot happen where both ends listen) the frame is
 * given up at once. A backlog at the other end begins its next frame at the very instant at which this end may: then every attempt collides.
 *
 * What of its frame had left reaches the full-duplex end as a fragment: a runt below 64 octets, a bad frame check sequence above. What came
 * in meanwhile is lost at this end. Left out: the last eight octets of a frame (its preamble, which arrival times leave out too) do not collide.
 *
 * An explicit queue and two events a frame, unlike other transmitters: the link's rare case, behind its ports' hook bytes. Plain data.
 */
import type { Digest } from "./Digest.ts"
import type { Tci, WireFrame } from "./Device.ts"
import * as PortRow from "./PortRow.ts"
import { NEVER, type SimTime } from "./SimTime.ts"

/** Slot: 512 bit times. */
const SLOT_OCTETS = 64
const PREAMBLE_OCTETS = 8
const JAM_OCTETS = 4
const GAP_OCTETS = 12
/**
 * What a switch's processor sends leaves up to so much later, at random. Two ends that start in one instant would else say everything in the same ones,
 * for ever, and every hello would meet every answer, which real processors are not exact enough for.
 */
const PROCESSOR_JITTER_NS = 1_000_000

const ATTEMPT_LIMIT = 16
const BACKOFF_LIMIT = 10

// What the transmitter is about.
const IDLE = 0
/** For the line to be free, for the end of a backoff, or of the gap between frames. */
const WAITING = 1
const SENDING = 2

/** A frame that has not left. */
interface Queued<F> {
  readonly frame: F
  readonly tci: Tci
  /** On the wire. */
  readonly octets: number
  readonly control: boolean
}

/** Something comes in from `from` on; from `ready` on, the gap behind it over, the line is free. The frame is complete at `at`. */
interface Carrier {
  readonly from: SimTime
  readonly ready: SimTime
  readonly at: SimTime
}

/** What the two ends count. */
export interface Counters {
  /** Of the half-duplex end: collisions, late ones among them, frames given up after sixteen, frames that had to wait. */
  collisions: number
  lateCollisions: number
  excessiveCollisions: number
  deferred: number
  /** Of the full-duplex end: fragments shorter than any frame. */
  runts: number
}

/** All of them 0. */
export const noCounters = (): Counters => ({
  collisions: 0,
  lateCollisions: 0,
  excessiveCollisions: 0,
  deferred: 0,
  runts: 0,
})

/** The transmitter. */
export interface HalfDuplex<F> {
  /** The world port of this end. */
  readonly port: number
  /** In the order in which they are to leave. */
  readonly waiting: Array<Queued<F>>
  phase: number
  /** Collisions of the first that waits, and whether it had to wait for the line. */
  attempts: number
  hasDeferred: boolean
  /** When it began to leave, when its last octet would, and when something begins to come in meanwhile; NEVER. */
  since: SimTime
  until: SimTime
  collisionAt: SimTime
  /** The gap behind its own last frame is over. */
  readyAt: SimTime
  /** The one event; NEVER. */
  wakeAt: SimTime
  /** Sorted. */
  readonly carriers: Array<Carrier>
  /** When frames would be complete that came in during a collision. */
  readonly spoilt: Array<SimTime>
}

/** An idle transmitter of a world port. */
export const make = <F>(port: number): HalfDuplex<F> => ({
  port,
  waiting: [],
  phase: IDLE,
  attempts: 0,
  hasDeferred: false,
  since: 0,
  until: 0,
  collisionAt: NEVER,
  readyAt: 0,
  wakeAt: NEVER,
  carriers: [],
  spoilt: [],
})

/** An independent copy. Frames and carriers never change and are shared. */
export const copy = <F>(half: HalfDuplex<F>): HalfDuplex<F> => ({
  ...half,
  waiting: half.waiting.slice(),
  carriers: half.carriers.slice(),
  spoilt: half.spoilt.slice(),
})

/** Fold it; `foldFrame` folds a frame. */
export const fingerprint = <F>(
  half: HalfDuplex<F>,
  digest: Digest,
  now: SimTime,
  foldFrame: (frame: F, digest: Digest) => void,
): void => {
  const relative = (at: SimTime): void => digest.number(at === NEVER ? NEVER : Math.max(0, at - now))
  digest.numbers([half.phase, half.attempts, half.hasDeferred ? 1 : 0])
  if (half.phase === SENDING) digest.number(half.since - now)
  for (const at of [half.until, half.collisionAt, half.readyAt, half.wakeAt, ...half.spoilt]) relative(at)
  for (const { at, from, ready } of half.carriers) for (const instant of [at, from, ready]) relative(instant)
  for (const { control, frame, octets, tci } of half.waiting) {
    digest.numbers([octets, tci, control ? 1 : 0])
    foldFrame(frame, digest)
  }
}

/** What the transmitter asks of the world it is in. */
export interface Line<F extends WireFrame> {
  readonly now: SimTime
  readonly rows: Float64Array
  readonly counters: Counters
  readonly otherCounters: Counters
  /** A frame leaves for the first time. */
  readonly onLeaving: (frame: F, tci: Tci) => void
  /** The frame has left as a whole, or cut short (`damaged`): it arrives at `at`. */
  readonly arrive: (frame: F, tci: Tci, octets: number, at: SimTime, damaged: boolean) => void
  readonly onCollision: (attempts: number, late: boolean) => void
  /** Have `wake` be called at `at`. */
  readonly wakeAt: (at: SimTime) => void
  /** From the random stream of this direction. */
  readonly random: () => number
}

const lasts = (rows: Float64Array, row: number, octets: number): number =>
  Math.ceil((octets * rows[row + PortRow.NUMERATOR]) / rows[row + PortRow.DENOMINATOR])

const rowOf = ({ port }: HalfDuplex<unknown>): number => port * PortRow.STRIDE

const sleepUntil = <F extends WireFrame>(half: HalfDuplex<F>, line: Line<F>, at: SimTime): void => {
  half.wakeAt = at
  line.wakeAt(at)
}

/** What others go by as the transmitter's backlog: all that waits, as if the line were free. */
const noteBacklog = <F extends WireFrame>(half: HalfDuplex<F>, { now, rows }: Line<F>): void => {
  const row = rowOf(half)
  let octets = 0
  for (const each of half.waiting) octets += each.octets + PortRow.GAP_OCTETS
  rows[row + PortRow.BUSY] = (half.phase === SENDING ? half.since : now) + lasts(rows, row, octets)
  rows[row + PortRow.REMAINDER] = 0
}

/** A frame to send. One of the control class goes before waiting data, and behind the frame in service. */
export const enqueue = <F extends WireFrame>(
  half: HalfDuplex<F>,
  line: Line<F>,
  frame: F,
  tci: Tci,
  octets: number,
  control: boolean,
): void => {
  const { waiting } = half
  const inService = half.phase === SENDING || half.attempts > 0 ? 1 : 0
  const firstData = waiting.findIndex((queued, i) => i >= inService && !queued.control)
  waiting.splice(control && firstData >= 0 ? firstData : waiting.length, 0, { frame, tci, octets, control })
  if (half.phase === IDLE) {
    if (control) {
      half.phase = WAITING
      sleepUntil(half, line, line.now + (line.random() % PROCESSOR_JITTER_NS))
    } else attempt(half, line)
  }
  noteBacklog(half, line)
}

/** The line is free when nothing that has begun to come in, and no gap, is on it. What begins this very instant nobody has heard yet. */
const freeAt = <F>({ carriers, readyAt }: HalfDuplex<F>, now: SimTime): SimTime => {
  let at = Math.max(now, readyAt)
  for (const { from, ready } of carriers) if (from < at && at < ready) at = ready
  return at
}

const forgetPast = <F>({ carriers }: HalfDuplex<F>, now: SimTime): void => {
  let past = 0
  while (past < carriers.length && carriers[past].ready <= now) past++
  carriers.splice(0, past)
}

/** Send the first frame that waits, if the line is free. */
const attempt = <F extends WireFrame>(half: HalfDuplex<F>, line: Line<F>): void => {
  const { now, rows } = line
  forgetPast(half, now)
  half.phase = IDLE
  if (half.waiting.length === 0) return
  const at = freeAt(half, now)
  if (at > now) {
    if (!half.hasDeferred && at > half.readyAt) line.counters.deferred++
    half.hasDeferred = half.hasDeferred || at > half.readyAt
    half.phase = WAITING
    return sleepUntil(half, line, at)
  }
  const [{ frame, octets, tci }] = half.waiting
  if (half.attempts === 0) line.onLeaving(frame, tci)
  half.phase = SENDING
  half.since = now
  half.until = now + lasts(rows, rowOf(half), octets)
  half.collisionAt = half.carriers.find(({ from }) => from >= now && from < half.until)?.from ?? NEVER
  sleepUntil(half, line, half.collisionAt === NEVER ? half.until : stoppedAt(half, line))
}

/** What collided stops behind its preamble and the jam. */
const stoppedAt = <F extends WireFrame>(half: HalfDuplex<F>, { rows }: Line<F>): SimTime => {
  const row = rowOf(half)
  return Math.max(half.collisionAt, half.since + lasts(rows, row, PREAMBLE_OCTETS)) + lasts(rows, row, JAM_OCTETS)
}

/** The other end has begun a frame, which comes in from `from` on; it is complete at `at`, and `ready` is the end of the gap behind it. */
export const hear = <F extends WireFrame>(
  half: HalfDuplex<F>,
  line: Line<F>,
  from: SimTime,
  ready: SimTime,
  at: SimTime,
): void => {
  const { carriers } = half
  forgetPast(half, line.now)
  let place = carriers.length
  while (place > 0 && carriers[place - 1].from > from) place--
  carriers.splice(place, 0, { from, ready, at })
  if (half.phase !== SENDING || from >= half.until || from >= half.collisionAt) return
  half.collisionAt = from
  sleepUntil(half, line, stoppedAt(half, line))
}

/** Whether the frame that is complete now came in during a collision; it is asked once. */
export const isSpoilt = ({ spoilt }: HalfDuplex<unknown>, now: SimTime): boolean => {
  const place = spoilt.indexOf(now)
  if (place >= 0) spoilt.splice(place, 1)
  return place >= 0
}

/** The frame has left, or is given up: the next one, `gap` octets from now at the earliest. */
const next = <F extends WireFrame>(half: HalfDuplex<F>, line: Line<F>, gap: number): void => {
  half.waiting.shift()
  half.attempts = 0
  half.hasDeferred = false
  half.readyAt = line.now + lasts(line.rows, rowOf(half), gap)
  attempt(half, line)
}

/** The one event. One that was meant for another instant finds nothing to do. */
export const wake = <F extends WireFrame>(half: HalfDuplex<F>, line: Line<F>): void => {
  if (half.wakeAt !== line.now) return
  half.wakeAt = NEVER
  if (half.phase !== SENDING) attempt(half, line)
  else if (half.collisionAt !== NEVER) collide(half, line)
  else {
    const [{ frame, octets, tci }] = half.waiting
    line.arrive(frame, tci, octets, line.now + line.rows[rowOf(half) + PortRow.LATENCY], false)
    next(half, line, PortRow.GAP_OCTETS)
  }
  noteBacklog(half, line)
}

const collide = <F extends WireFrame>(half: HalfDuplex<F>, line: Line<F>): void => {
  const { counters, now, rows } = line
  const row = rowOf(half)
  const [{ frame, octets, tci }] = half.waiting
  const late = half.collisionAt - half.since >= lasts(rows, row, SLOT_OCTETS)
  const spoils = half.carriers.find(({ from }) => from === half.collisionAt)
  if (spoils !== undefined) half.spoilt.push(spoils.at)
  const left = Math.floor(((now - half.since) * rows[row + PortRow.DENOMINATOR]) / rows[row + PortRow.NUMERATOR])
  if (left - PREAMBLE_OCTETS >= PortRow.MINIMUM_OCTETS) line.arrive(frame, tci, octets, now + rows[row + PortRow.LATENCY], true)
  else line.otherCounters.runts++
  counters.collisions++
  half.attempts++
  half.phase = WAITING
  half.collisionAt = NEVER
  line.onCollision(half.attempts, late)
  if (late) counters.lateCollisions++
  else if (half.attempts >= ATTEMPT_LIMIT) counters.excessiveCollisions++
  else {
    const slots = line.random() % 2 ** Math.min(half.attempts, BACKOFF_LIMIT)
    return sleepUntil(half, line, now + lasts(rows, row, slots * SLOT_OCTETS))
  }
  next(half, line, GAP_OCTETS)
}

/** The link went down: what waits and what comes in is gone. Frames that waited. */
export const clear = <F>(half: HalfDuplex<F>): ReadonlyArray<{ readonly octets: number }> => {
  const lost = half.waiting.splice(0)
  half.phase = IDLE
  half.attempts = 0
  half.hasDeferred = false
  half.collisionAt = NEVER
  half.readyAt = 0
  half.wakeAt = NEVER
  half.carriers.length = 0
  half.spoilt.length = 0
  return lost
}
