/**
 * The processor of a bridge: the queue that PDUs wait in for it, and what a broadcast storm leaves of it.
 *
 * Without a rate PDUs are taken at once. With one, each frame that the processor gets occupies it for 1/rate: `busyUntil` is its clock, as a
 * port's is, and what is ahead of a frame follows from it. Only a PDU that is taken costs an event. Frames of a storm that are copied to the
 * processor (a platform does that in VLANs where it has an address of its own) only move the clock, or are dropped: they mean nothing here,
 * and take what PDUs would have needed.
 */
import type { Outbox } from "@l2lab/sim/Device"
import type { Digest } from "@l2lab/sim/Digest"
import { SECOND, type DurationNs, type SimTime } from "@l2lab/sim/SimTime"
import type { BridgeState } from "./BridgeState.ts"
import type { VlanId } from "./BridgeConfig.ts"
import type { EthernetFrame } from "./EthernetFrame.ts"

/** Kinds of frames that come to the processor, by number. */
export const KINDS = ["PDU", "broadcast", "multicast"] as const
const PDU = 0
const BROADCAST = 1
const MULTICAST = 2

/** What a configuration says of it. */
export interface ControlPlaneConfig {
  /** Frames that the processor takes in a second; absent: no limit. */
  readonly rate?: number
  /** Frames that may wait for it; 100 by default. */
  readonly queue?: number
  /** What is copied to the processor besides PDUs. */
  readonly punts?: ReadonlyArray<"broadcast" | "multicast">
  /** The VLANs in which it is: those where the bridge has an address of its own; VLAN 1 by default. */
  readonly vlans?: ReadonlyArray<VlanId>
  /** PDUs that a port may hand to the processor in a second, with as many at once; absent: no limit. */
  readonly pduRatePerPort?: number
}

/** Frames that wait where the configuration does not say. */
export const DEFAULT_QUEUE = 100

/** A PDU that waits for the processor. */
export interface WaitingPdu {
  readonly port: number
  readonly frame: EthernetFrame
  readonly tci: number
  /** When it will have been dealt with. */
  readonly at: SimTime
}

/** What happened to a port while the processor hung, as bits of `changed`. */
export const WENT_DOWN = 1
export const CAME_UP = 2

/** The state. */
export interface ControlPlane {
  /** Nothing is taken, sent or timed; the relay goes on. */
  hung: boolean
  /** Time of the processor for a frame, 0 = none. */
  readonly serviceNs: DurationNs
  busyUntil: SimTime
  readonly waiting: Array<WaitingPdu>
  /** By kind: frames that the processor got, and that found its queue full. */
  readonly taken: Float64Array
  readonly dropped: Float64Array
  /** PDUs that came while the processor hung. */
  unheard: number
  /** By port: PDUs beyond the port's rate, and when the port has used up what it may send at once. */
  readonly limited: Float64Array
  readonly limitedUntil: Float64Array
  /** While it hangs: timers that ran out, in that order, and what happened to ports. */
  readonly overdue: Array<number>
  readonly changed: Uint8Array
}

/** An idle processor. */
export const make = (ports: number, { rate }: ControlPlaneConfig = {}): ControlPlane => ({
  hung: false,
  serviceNs: rate === undefined ? 0 : Math.ceil(SECOND / rate),
  busyUntil: 0,
  waiting: [],
  taken: new Float64Array(KINDS.length),
  dropped: new Float64Array(KINDS.length),
  unheard: 0,
  limited: new Float64Array(ports),
  limitedUntil: new Float64Array(ports),
  overdue: [],
  changed: new Uint8Array(ports),
})

/** Whether a configuration asks for anything at all. */
export const isLimited = (config: ControlPlaneConfig | undefined): boolean =>
  config?.rate !== undefined || config?.pduRatePerPort !== undefined

/** An independent copy. Frames never change and are shared. */
export const copy = (plane: ControlPlane): ControlPlane => ({
  ...plane,
  waiting: plane.waiting.slice(),
  taken: plane.taken.slice(),
  dropped: plane.dropped.slice(),
  limited: plane.limited.slice(),
  limitedUntil: plane.limitedUntil.slice(),
  overdue: plane.overdue.slice(),
  changed: plane.changed.slice(),
})

/** Fold it into a digest. */
export const fingerprint = (plane: ControlPlane, digest: Digest, now: SimTime): void => {
  digest.int(plane.hung ? 1 : 0)
  digest.number(Math.max(0, plane.busyUntil - now))
  for (const { at, frame, port, tci } of plane.waiting) {
    digest.int(port)
    digest.int(tci)
    digest.number(at - now)
    digest.int(frame.sourceHigh)
    digest.int(frame.sourceLow)
    digest.int(frame.wireOctets)
  }
  digest.numbers(plane.taken)
  digest.numbers(plane.dropped)
  digest.number(plane.unheard)
  digest.numbers(plane.limited)
  for (const until of plane.limitedUntil) digest.number(Math.max(0, until - now))
  digest.numbers(plane.overdue)
  digest.numbers(plane.changed)
}

/** Whether as many frames wait as may. */
const isFull = ({ config, controlPlane: plane }: BridgeState, now: SimTime): boolean =>
  plane.busyUntil - now > (config.controlPlane?.queue ?? DEFAULT_QUEUE) * plane.serviceNs

/** A frame of a kind comes to the processor, which needs some time for it: when it will have been dealt with, or -1 where the queue is full. */
const enqueue = (state: BridgeState, kind: number, serviceNs: DurationNs, now: SimTime): SimTime => {
  const { controlPlane: plane } = state
  if (isFull(state, now)) {
    plane.dropped[kind]++
    return -1
  }
  plane.taken[kind]++
  plane.busyUntil = Math.max(plane.busyUntil, now) + serviceNs
  return plane.busyUntil
}

/** Whether a port has handed over as many PDUs as it may. */
const isBeyondRate = (state: BridgeState, port: number, now: SimTime): boolean => {
  const rate = state.config.controlPlane?.pduRatePerPort
  if (rate === undefined) return false
  const { limited, limitedUntil } = state.controlPlane
  const from = Math.max(limitedUntil[port], now)
  const until = from + Math.floor(SECOND / rate)
  // As many as a second brings may come at once.
  if (until > now + SECOND) {
    limited[port]++
    return true
  }
  limitedUntil[port] = until
  return false
}

/** The bridge's own timer for this, from the first of them. */
export const PROCESSOR_TIMER = 1

/** What becomes of a PDU. */
export type Fate = "now" | "later" | "never"

/** A PDU came in: it is dealt with now, waits, or is lost. */
export const admit = (
  state: BridgeState,
  port: number,
  frame: EthernetFrame,
  tci: number,
  now: SimTime,
  out: Outbox<EthernetFrame>,
): Fate => {
  const { controlPlane: plane } = state
  if (plane.hung) {
    plane.unheard++
    return "never"
  }
  if (isBeyondRate(state, port, now)) return "never"
  if (plane.serviceNs === 0) {
    plane.taken[PDU]++
    return "now"
  }
  const at = enqueue(state, PDU, plane.serviceNs, now)
  if (at < 0) return "never"
  plane.waiting.push({ port, frame, tci, at })
  if (plane.waiting.length === 1) out.startTimer(state.ownTimers + PROCESSOR_TIMER, at)
  return "later"
}

/** The processor has dealt with the frames ahead of the first PDU that waits, which it now takes. */
export const next = (state: BridgeState, out: Outbox<EthernetFrame>): WaitingPdu | undefined => {
  const { waiting } = state.controlPlane
  const pdu = waiting.shift()
  if (waiting.length > 0) out.startTimer(state.ownTimers + PROCESSOR_TIMER, waiting[0].at)
  return pdu
}

/**
 * A frame of a group that is relayed: the processor may get a copy, which costs it time, from a half to one and a half of 1/rate. Always the same
 * time would be a beat that a full queue has its room on: hellos, whose interval is a multiple of it, would all find room, or none of them.
 */
export const punt = (state: BridgeState, frame: EthernetFrame, vlan: VlanId, now: SimTime, out: Outbox<EthernetFrame>): void => {
  const { config, controlPlane: plane } = state
  const { punts, vlans } = config.controlPlane ?? {}
  if (punts === undefined || plane.serviceNs === 0 || plane.hung) return
  if (vlans === undefined ? vlan !== 1 : !vlans.includes(vlan)) return
  const broadcast = frame.destinationHigh === 0xffff && frame.destinationLow === -1
  if (!punts.includes(broadcast ? "broadcast" : "multicast")) return
  const service = Math.ceil(plane.serviceNs / 2) + (isFull(state, now) ? 0 : out.random() % plane.serviceNs)
  enqueue(state, broadcast ? BROADCAST : MULTICAST, service, now)
}

/** Stop: what waits is lost. */
export const hang = (state: BridgeState, out: Outbox<EthernetFrame>): void => {
  const { controlPlane: plane } = state
  plane.hung = true
  plane.unheard += plane.waiting.length
  plane.waiting.length = 0
  out.stopTimer(state.ownTimers + PROCESSOR_TIMER)
}
