/**
 * What a port's transmitter does beyond the common case, which `Simulation.transmit` has inline: rates at which an octet does not last
 * whole nanoseconds, frames that overtake, directions that lose or damage, links that go down with frames in flight.
 */
import type { WireFrame } from "./Device.ts"
import type { EventQueue } from "./EventQueue.ts"
import * as HalfDuplex from "./HalfDuplex.ts"
import * as PortRow from "./PortRow.ts"
import * as Prng from "./Prng.ts"
import type { SimTime } from "./SimTime.ts"
import { directionOf, type World, type WorldPort } from "./World.ts"

const { BUSY, CONTROL_BUSY, DENOMINATOR, GAP_OCTETS, MAXIMUM_OCTETS, NUMERATOR, REMAINDER, STRIDE } = PortRow

/** Occupy the transmitter for a frame from `start`; the instant at which its last octet has left, rounded up. Keeps the remainder. */
export const serialize = (rows: Float64Array, row: number, start: SimTime, octets: number): SimTime => {
  const numerator = rows[row + NUMERATOR]
  const denominator = rows[row + DENOMINATOR]
  const remainder = rows[row + BUSY] >= start ? rows[row + REMAINDER] : 0
  const sent = remainder + octets * numerator
  const busy = sent + GAP_OCTETS * numerator
  const whole = Math.floor(busy / denominator)
  rows[row + BUSY] = start + whole
  rows[row + REMAINDER] = busy - whole * denominator
  return start + Math.ceil(sent / denominator)
}

/**
 * A control frame overtakes the data that waits: it follows the frame in service, for which the longest frame of the link or what is
 * left of the backlog stands, whichever ends first. The data behind it pays through the transmitter's busy time.
 */
export const serializeControl = (rows: Float64Array, row: number, now: SimTime, octets: number): SimTime => {
  const perOctet = rows[row + NUMERATOR] / rows[row + DENOMINATOR]
  const inService = Math.ceil((rows[row + MAXIMUM_OCTETS] + 4 + GAP_OCTETS) * perOctet)
  const start = Math.max(Math.min(rows[row + BUSY], now + inService), rows[row + CONTROL_BUSY])
  rows[row + CONTROL_BUSY] = start + Math.ceil((octets + GAP_OCTETS) * perOctet)
  serialize(rows, row, rows[row + BUSY], octets)
  return start + Math.ceil(octets * perOctet)
}

/** By when a control frame that a port has just sent is at the other end. */
export const controlArrivesBy = (rows: Float64Array, row: number, now: SimTime): SimTime =>
  rows[row + (rows[row + CONTROL_BUSY] > now ? CONTROL_BUSY : BUSY)] + rows[row + PortRow.LATENCY]

/**
 * From when to when the other end hears a frame that leaves until `end`, the gap behind it included. `start` is when it begins to leave; undefined for
 * one that has overtaken others.
 */
export const carrierOf = (
  rows: Float64Array,
  row: number,
  end: SimTime,
  octets: number,
  start: SimTime | undefined,
): readonly [from: SimTime, ready: SimTime] => {
  const perOctet = rows[row + NUMERATOR] / rows[row + DENOMINATOR]
  const latency = rows[row + PortRow.LATENCY]
  return start === undefined
    ? [end - Math.ceil(octets * perOctet) + latency, end + Math.ceil(GAP_OCTETS * perOctet) + latency]
    : [start + latency, rows[row + BUSY] + latency]
}

/** Whether what the port sends may meet another fate than DELIVER. */
export const isImpaired = (world: World, port: WorldPort): boolean => {
  const { alive, lossRatio, corruptionRatio } = directionOf(world, port)
  return !alive || lossRatio > 0 || corruptionRatio > 0
}

/** The half-duplex transmitter of a port's link, at whichever end; null where both ends take it for the same. */
export const halfOf = <F extends WireFrame>(world: World<F>, port: WorldPort): HalfDuplex.HalfDuplex<F> | null =>
  world.links[world.linkOfPort[port]].half

/** A frame that the port sent never arrives. */
export const countLost = (rows: Float64Array, row: number, octets: number): void => {
  rows[row + PortRow.LOST_FRAMES]++
  rows[row + PortRow.LOST_OCTETS] += octets
}

/** Fates of a frame: it arrives, or never does. */
export const DELIVER = 0
export const LOSE = 1
/** It arrives with a bad frame check sequence. */
export const CORRUPT = 2

/** What becomes of a frame that the port sends: drawn from the direction's own random stream. */
export const fate = (world: World, port: WorldPort): number => {
  const direction = directionOf(world, port)
  if (!direction.alive) return LOSE
  const stream = (world.names.length + port) * Prng.WORDS
  if (direction.lossRatio > 0 && Prng.unit(Prng.next(world.random, stream)) < direction.lossRatio) return LOSE
  if (direction.corruptionRatio > 0 && Prng.unit(Prng.next(world.random, stream)) < direction.corruptionRatio) return CORRUPT
  return DELIVER
}

/** The link went down: what waits at its half-duplex end is lost with it. */
export const loseWaiting = <F extends WireFrame>(rows: Float64Array, half: HalfDuplex.HalfDuplex<F>): void => {
  const row = half.port * STRIDE
  for (const { octets } of HalfDuplex.clear(half)) {
    rows[row + PortRow.TX_FRAMES]++
    rows[row + PortRow.TX_OCTETS] += octets
    countLost(rows, row, octets)
  }
}

/** The link went down: what `from` has sent towards `to` and has not arrived is lost, and its queue is empty. Frames lost. */
export const loseInFlight = <F extends WireFrame>(
  rows: Float64Array,
  frames: EventQueue<F>,
  from: WorldPort,
  to: WorldPort,
  now: SimTime,
): number => {
  const row = from * STRIDE
  let lost = 0
  for (const slot of frames.pending()) {
    const frame = frames.frame[slot]
    const target = frames.targetOf(slot)
    if (frame === null || (target !== to && target !== -1 - to)) continue
    frames.payload[2 * slot] = -1 - to
    frames.frame[slot] = null
    rows[row + PortRow.LOST_OCTETS] += PortRow.octetsOnWire(frame.wireOctets, frames.extraOf(slot))
    lost++
  }
  rows[row + PortRow.LOST_FRAMES] += lost
  rows[row + BUSY] = Math.min(rows[row + BUSY], now)
  rows[row + REMAINDER] = 0
  rows[row + CONTROL_BUSY] = Math.min(rows[row + CONTROL_BUSY], now)
  return lost
}
