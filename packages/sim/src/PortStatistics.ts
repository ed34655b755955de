/**
 * What a link port sent and received. The hot path counts each frame once, where it is sent: received is what the other end sent, less
 * what was lost, damaged, or is still on its way.
 */
import type { WireFrame } from "./Device.ts"
import type { EventQueue } from "./EventQueue.ts"
import * as HalfDuplex from "./HalfDuplex.ts"
import * as PortRow from "./PortRow.ts"
import { directionOf, type World, type WorldPort } from "./World.ts"

/** Counters of one link port. Octets are those on the wire: FCS, tag and padding included, preamble and gap not. */
export interface PortStatistics extends Readonly<HalfDuplex.Counters> {
  readonly framesSent: number
  readonly octetsSent: number
  readonly framesReceived: number
  readonly octetsReceived: number
  /** Refused because the egress queue was full. */
  readonly tailDrops: number
  /** Refused because they are longer than the link's MTU allows. */
  readonly mtuDrops: number
  /** Arrived with a bad frame check sequence. */
  readonly fcsErrors: number
  /** Sent, and lost on the way: at random, with the link going down, into a dead direction. */
  readonly lost: number
}

/** The statistics of world port `port`; takes time in proportion to the frames in flight in the whole world. */
export const of = <F extends WireFrame>(world: World<F>, frames: EventQueue<F>, port: WorldPort): PortStatistics => {
  const { rows } = world
  const row = port * PortRow.STRIDE
  const peer = world.peer[port]
  const peerRow = peer * PortRow.STRIDE
  let framesAway = rows[row + PortRow.FCS_ERROR_FRAMES]
  let octetsAway = rows[row + PortRow.FCS_ERROR_OCTETS]
  for (const slot of frames.pending()) {
    const frame = frames.frame[slot]
    const target = frames.targetOf(slot)
    if (frame === null || (target !== port && target !== -1 - port)) continue
    framesAway++
    octetsAway += PortRow.octetsOnWire(frame.wireOctets, frames.extraOf(slot))
  }
  return {
    framesSent: rows[row + PortRow.TX_FRAMES],
    octetsSent: rows[row + PortRow.TX_OCTETS],
    framesReceived: peer < 0 ? 0 : rows[peerRow + PortRow.TX_FRAMES] - rows[peerRow + PortRow.LOST_FRAMES] - framesAway,
    octetsReceived: peer < 0 ? 0 : rows[peerRow + PortRow.TX_OCTETS] - rows[peerRow + PortRow.LOST_OCTETS] - octetsAway,
    tailDrops: rows[row + PortRow.TAIL_DROPS],
    mtuDrops: rows[row + PortRow.MTU_DROPS],
    fcsErrors: rows[row + PortRow.FCS_ERROR_FRAMES],
    lost: rows[row + PortRow.LOST_FRAMES],
    ...(peer < 0 ? HalfDuplex.noCounters() : directionOf(world, port).counters),
  }
}
