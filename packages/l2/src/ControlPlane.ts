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
import { NEVER, SECOND, type DurationNs, type SimTime } from "@l2lab/sim/SimTime"
import type { BridgeState } from "./BridgeState.ts"
import type { VlanId } from "./BridgeConfig.ts"
import * as Errdisable from "./Errdisable.ts"
import * as ErrdisableCause from "./ErrdisableCause.ts"
import type { EthernetFrame } from "./EthernetFrame.ts"
import * as Trace from "./Trace.ts"

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
  /** PDUs that all ports together may hand to it in a second (Catalyst 6500: `mls rate-limit layer2 pdu`), and how many at once; absent: no limit. */
  readonly pduRate?: number
  /** 10 by default. */
  readonly pduBurst?: number
  /** PDUs that a port may hand to it in a second, with as many at once; absent: no limit. */
  readonly pduRatePerPort?: number
  /** The same by port, for those that have a rate of their own. */
  readonly pduRates?: ReadonlyArray<number | undefined>
  /** A port that gets so many BPDUs in each of so many seconds in a row is taken out of service; absent: none is. */
  readonly bpduStorm?: BpduStorm
}

/** BPDUs a second, and for how many seconds in a row. */
export interface BpduStorm {
  readonly rate: number
  readonly seconds: number
}

/** Dell's PowerConnect switches (CLI reference, BPDU Storm Protection): 15 a second or more for three seconds. */
export const USUAL_BPDU_STORM: BpduStorm = { rate: 15, seconds: 3 }

/** Frames that wait where the configuration does not say. */
export const DEFAULT_QUEUE = 100

/** PDUs at once where the configuration gives all ports a rate only†. */
export const DEFAULT_BURST = 10

/** A PDU that waits for the processor. */
export interface WaitingPdu {
  readonly port: number
  /** The link port that it came in by; `port` is its bridge port. */
  readonly link: number
  readonly frame: EthernetFrame
  readonly tci: number
  /** When it will have been dealt with. */
  readonly at: SimTime
}

/** What happened to a bridge port while the processor hung, as bits of `changed`; shifted by LINK, to a link port of a bridge with bundles. */
export const WENT_DOWN = 1
export const CAME_UP = 2
export const LINK = 2
export const EITHER = 3

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
  /**
   * By port, and behind them for all ports together: PDUs beyond the rate, when what may come at once is used up, and when the last was dropped.
   * Empty where no rate is set.
   */
  readonly limited: Float64Array
  readonly limitedUntil: Float64Array
  readonly limitedAt: Float64Array
  /** By port: BPDUs of the second that began at `bpdusSince`, and full seconds in a row before it. Empty where nobody counts them. */
  readonly bpdus: Float64Array
  readonly bpdusSince: Float64Array
  readonly bpduSeconds: Float64Array
  /** While it hangs: timers that ran out, in that order, and by port what happened to it; empty otherwise. */
  readonly overdue: Array<number>
  readonly changed: Array<number>
}

/** All bridges share it. */
const NO_COLUMN = new Float64Array(0)

/** Another column of that length. */
const columnLike = ({ length }: Float64Array): Float64Array => (length === 0 ? NO_COLUMN : new Float64Array(length))

/** An idle processor. */
export const make = (ports: number, config: ControlPlaneConfig = {}): ControlPlane => {
  const { bpduStorm, pduRate, pduRatePerPort, pduRates, rate } = config
  const rates = [pduRate, pduRatePerPort, pduRates].every((each) => each === undefined) ? NO_COLUMN : new Float64Array(ports + 1)
  const counts = bpduStorm === undefined ? NO_COLUMN : new Float64Array(ports)
  return {
    hung: false,
    serviceNs: rate === undefined ? 0 : Math.ceil(SECOND / rate),
    busyUntil: 0,
    waiting: [],
    taken: new Float64Array(KINDS.length),
    dropped: new Float64Array(KINDS.length),
    unheard: 0,
    limited: rates,
    limitedUntil: columnLike(rates),
    limitedAt: columnLike(rates).fill(NEVER),
    bpdus: counts,
    bpdusSince: columnLike(counts),
    bpduSeconds: columnLike(counts),
    overdue: [],
    changed: [],
  }
}

/** Whether a configuration asks for anything at all. */
export const isLimited = (config: ControlPlaneConfig | undefined): boolean =>
  config !== undefined &&
  [config.rate, config.pduRate, config.pduRatePerPort, config.pduRates, config.bpduStorm].some((limit) => limit !== undefined)

/** An independent copy. Frames never change and are shared. */
export const copy = (plane: ControlPlane): ControlPlane => ({
  ...plane,
  waiting: plane.waiting.slice(),
  taken: plane.taken.slice(),
  dropped: plane.dropped.slice(),
  limited: plane.limited.slice(),
  limitedUntil: plane.limitedUntil.slice(),
  limitedAt: plane.limitedAt.slice(),
  bpdus: plane.bpdus.slice(),
  bpdusSince: plane.bpdusSince.slice(),
  bpduSeconds: plane.bpduSeconds.slice(),
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
  for (const at of plane.limitedAt) digest.number(at === NEVER || now - at >= SECOND ? -1 : now - at)
  digest.numbers(plane.bpduSeconds)
  plane.bpdus.forEach((count, port) => {
    digest.number(count)
    digest.number(count === 0 ? 0 : now - plane.bpdusSince[port])
  })
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

/** PDUs a second that a port may hand over; undefined: any. */
export const rateOf = ({ config: { controlPlane } }: BridgeState, port: number): number | undefined =>
  controlPlane?.pduRates?.[port] ?? controlPlane?.pduRatePerPort

/** Whether one more PDU is beyond a rate; if not, it is charged. `i`: the port, or behind the ports all of them. */
const isBeyond = (
  state: BridgeState,
  i: number,
  rate: number | undefined,
  burst: number,
  port: number,
  now: SimTime,
  out: Outbox<EthernetFrame>,
): boolean => {
  if (rate === undefined) return false
  const { limited, limitedAt, limitedUntil } = state.controlPlane
  const each = Math.floor(SECOND / rate)
  const until = Math.max(limitedUntil[i], now) + each
  if (until <= now + burst * each) {
    limitedUntil[i] = until
    return false
  }
  limited[i]++
  // Told of when it begins: when nothing was dropped for a second.
  if (limitedAt[i] === NEVER || now - limitedAt[i] >= SECOND) {
    out.trace(Trace.PDU_LIMIT.code, port, i < state.ports ? 0 : 1, rate, 0)
  }
  limitedAt[i] = now
  return true
}

const isBeyondRate = (state: BridgeState, port: number, now: SimTime, out: Outbox<EthernetFrame>): boolean => {
  const { pduBurst = DEFAULT_BURST, pduRate } = state.config.controlPlane ?? {}
  const own = rateOf(state, port)
  return isBeyond(state, port, own, own ?? 0, port, now, out) || isBeyond(state, state.ports, pduRate, pduBurst, port, now, out)
}

/** A BPDU came in: true if too many did for too long, and the port is taken out of service. */
const isBpduStorm = (state: BridgeState, port: number, now: SimTime, out: Outbox<EthernetFrame>): boolean => {
  const storm = state.config.controlPlane?.bpduStorm
  if (storm === undefined) return false
  const { bpdus, bpdusSince, bpduSeconds } = state.controlPlane
  const seconds = Math.floor((now - bpdusSince[port]) / SECOND)
  if (seconds >= 1) {
    bpduSeconds[port] = seconds === 1 && bpdus[port] >= storm.rate ? bpduSeconds[port] + 1 : 0
    bpdus[port] = 0
    bpdusSince[port] += seconds * SECOND
  }
  bpdus[port]++
  if (bpdus[port] < storm.rate || bpduSeconds[port] < storm.seconds - 1) return false
  Errdisable.disable(state, port, ErrdisableCause.BPDU_STORM, now, out)
  return true
}

/** The link of a port came up: its seconds begin here. */
export const linkUp = ({ controlPlane: plane }: BridgeState, port: number, now: SimTime): void => {
  if (plane.bpdus.length === 0) return
  plane.bpdusSince[port] = now
  plane.bpdus[port] = plane.bpduSeconds[port] = 0
}

/** The bridge's own timer for this, from the first of them. */
export const PROCESSOR_TIMER = 1

/** What becomes of a PDU. */
export type Fate = "now" | "later" | "never"

/** A PDU came in, a BPDU or another one: it is dealt with now, waits, or is lost. */
export const admit = (
  state: BridgeState,
  port: number,
  link: number,
  frame: EthernetFrame,
  tci: number,
  isBpdu: boolean,
  now: SimTime,
  out: Outbox<EthernetFrame>,
): Fate => {
  const { controlPlane: plane } = state
  if (plane.hung) {
    plane.unheard++
    return "never"
  }
  if (isBpdu && isBpduStorm(state, port, now, out)) return "never"
  if (isBeyondRate(state, port, now, out)) return "never"
  if (plane.serviceNs === 0) {
    plane.taken[PDU]++
    return "now"
  }
  const at = enqueue(state, PDU, plane.serviceNs, now)
  if (at < 0) return "never"
  plane.waiting.push({ port, link, frame, tci, at })
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
  for (let port = 0; port < state.ports; port++) plane.changed[port] = 0
  plane.unheard += plane.waiting.length
  plane.waiting.length = 0
  out.stopTimer(state.ownTimers + PROCESSOR_TIMER)
}
