/**
 * An end station: one adapter on link port 0 and an IPv4 stack. Also a source and sink of plain traffic that costs as little as can
 * be: `traffic.start` sends one reused frame at exact intervals, and what comes in under the experimental EtherType is only counted.
 *
 * A station sits on an access port, or with a `tag` on a trunk: then it sends with that VLAN's tag and hears only frames with it.
 * A *silent* station never sends anything, whatever it is told: its address is in no table, and what is for it is flooded.
 */
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import * as Frame from "@l2lab/l2/EthernetFrame"
import type { MacAddress } from "@l2lab/l2/MacAddress"
import * as MacAddresses from "@l2lab/l2/MacAddress"
import * as Protocol from "@l2lab/l2/Protocol"
import type { Command, LinkStatus, Outbox, Tci } from "@l2lab/sim/Device"
import { DeviceKind } from "@l2lab/sim/Device"
import type { Digest } from "@l2lab/sim/Digest"
import type { DurationNs, SimTime } from "@l2lab/sim/SimTime"
import { NEVER } from "@l2lab/sim/SimTime"
import * as NetworkStack from "./NetworkStack.ts"
import type { Datagram, StackActions } from "./StackActions.ts"
import * as StackCommand from "./StackCommand.ts"
import * as Trace from "./Trace.ts"

/** Plain data, from the design. */
export interface EndStationConfig extends NetworkStack.StackConfig {
  /** Never speaks. */
  readonly silent?: boolean
  /** VLAN 1..4094 in which a station on a trunk sends and hears tagged frames. */
  readonly tag?: number
}

/** Send raw frames at exact intervals under the experimental EtherType. Traffic that still runs is replaced. */
export interface TrafficStart extends Command {
  readonly type: "traffic.start"
  readonly destination: MacAddress
  /** Octets of each frame from destination address to FCS inclusive, at least 64. */
  readonly octets: number
  /** Time from one frame's start to the next; at least 1 ns. */
  readonly everyNs: DurationNs
  /** Number of frames; without it until `traffic.stop`. */
  readonly count?: number
  /** Time to the first frame; 0 unless told. */
  readonly delayNs?: DurationNs
}

/** Send no more traffic. */
export interface TrafficStop extends Command {
  readonly type: "traffic.stop"
}

/** What an end station can be told: what its stack can, and traffic. */
export type EndStationCommand = StackCommand.StackCommand | TrafficStart | TrafficStop

/** Traffic that is being sent. */
export interface Traffic {
  readonly frame: EthernetFrame
  readonly everyNs: DurationNs
  /** Frames still to be sent; Infinity without a count. */
  remaining: number
  /** Deadline of the next. */
  nextAt: SimTime
}

/** Plain data. */
export interface EndStationState {
  readonly config: EndStationConfig
  /** The own address as the fast path compares it. */
  readonly macHigh: number
  readonly macLow: number
  /** What travels beside the frames that it sends: -1 or its tag. */
  readonly tci: Tci
  readonly stack: NetworkStack.NetworkStack
  traffic: Traffic | undefined
  /** Frames of plain traffic received, and their octets: beside what the fast path compares, in the same cache line. */
  trafficReceived: number
  trafficReceivedOctets: number
  /** By index of `COUNTERS`. */
  readonly counters: Float64Array
}

/** What a station counts, in the order of `EndStationState.counters`. Octets are those on the wire, FCS included, tag not. */
export const COUNTERS = [
  /** Frames of other stations and of groups that it passes over. */
  "filtered",
  /** Frames with a tag on an access port, or without its tag on a trunk. */
  "wrongTag",
  "trafficSent",
  /** UDP datagrams that nobody on a plain station serves. */
  "datagrams",
  "datagramOctets",
] as const

const FILTERED = 0
const WRONG_TAG = 1
const TRAFFIC_SENT = 2
const DATAGRAMS = 3
const DATAGRAM_OCTETS = 4

const TRAFFIC_TIMER = NetworkStack.TIMERS

/** The group bit in the upper 16 bits of an address. */
const GROUP_BIT = 0x0100

/** The stack's actions on a station's outbox. There is one, set before each use: a handler is never entered from within another. */
class StationActions implements StackActions {
  out!: Outbox<EthernetFrame>
  state!: EndStationState

  send(frame: EthernetFrame): void {
    if (this.state.config.silent !== true) this.out.transmit(0, frame, this.state.tci)
  }

  startTimer(id: number, at: SimTime): void {
    this.out.startTimer(id, at)
  }

  stopTimer(id: number): void {
    this.out.stopTimer(id)
  }

  random(): number {
    return this.out.random()
  }

  trace(code: number, a: number, b: number, c: number, d: number): void {
    this.out.trace(code, a, b, c, d)
  }

  detail(code: number, a: number, b: number, c: number, d: number): void {
    this.out.detail(code, a, b, c, d)
  }

  get tracing(): boolean {
    return this.out.tracing
  }

  deliver(datagram: Datagram): void {
    this.state.counters[DATAGRAMS]++
    this.state.counters[DATAGRAM_OCTETS] += datagram.payloadOctets
  }
}

const shared = new StationActions()

const actionsFor = (state: EndStationState, out: Outbox<EthernetFrame>): StationActions => {
  shared.out = out
  shared.state = state
  return shared
}

const make = (config: EndStationConfig, now: SimTime): EndStationState => ({
  config,
  macHigh: MacAddresses.high(config.mac),
  macLow: MacAddresses.low(config.mac),
  tci: config.tag === undefined ? Frame.UNTAGGED : Frame.tci(config.tag),
  stack: NetworkStack.make(config, now),
  traffic: undefined,
  trafficReceived: 0,
  trafficReceivedOctets: 0,
  counters: new Float64Array(COUNTERS.length),
})

const onFrame = (
  state: EndStationState,
  _port: number,
  frame: EthernetFrame,
  tci: Tci,
  now: SimTime,
  out: Outbox<EthernetFrame>,
): void => {
  // An untagged station takes a priority tag (VLAN 0) for none.
  if (tci !== state.tci && Frame.vlanIdOf(tci) !== (state.config.tag ?? 0)) {
    state.counters[WRONG_TAG]++
    return
  }
  if (
    (frame.destinationLow !== state.macLow || frame.destinationHigh !== state.macHigh) &&
    (frame.destinationHigh & GROUP_BIT) === 0
  ) {
    state.counters[FILTERED]++
    return
  }
  if (frame.protocol === Protocol.EXPERIMENTAL) {
    state.trafficReceived++
    state.trafficReceivedOctets += frame.wireOctets
    return
  }
  if (state.config.silent !== true) NetworkStack.onFrame(state.stack, frame, now, actionsFor(state, out))
}

const onTimer = (state: EndStationState, timer: number, now: SimTime, out: Outbox<EthernetFrame>): void => {
  if (timer !== TRAFFIC_TIMER) {
    NetworkStack.onTimer(state.stack, timer, now, actionsFor(state, out))
    return
  }
  const traffic = state.traffic
  if (traffic === undefined) return
  state.counters[TRAFFIC_SENT]++
  out.transmit(0, traffic.frame, state.tci)
  if (--traffic.remaining > 0) {
    traffic.nextAt = now + traffic.everyNs
    out.startTimer(TRAFFIC_TIMER, traffic.nextAt)
  } else {
    endTraffic(state, out)
  }
}

const endTraffic = (state: EndStationState, out: Outbox<EthernetFrame>): void => {
  if (state.traffic === undefined) return
  state.traffic = undefined
  out.stopTimer(TRAFFIC_TIMER)
  out.trace(Trace.TRAFFIC_ENDED.code, state.counters[TRAFFIC_SENT], 0, 0, 0)
}

const isInteger = (value: number, minimum: number): boolean => Number.isSafeInteger(value) && value >= minimum

const trafficRefusal = (command: TrafficStart): number => {
  if (!isInteger(command.destination, 0) || command.destination > MacAddresses.BROADCAST) return Trace.REFUSED.destination
  if (!isInteger(command.octets, Frame.MINIMUM_WIRE_OCTETS) || command.octets > 0xffff) return Trace.REFUSED.payload
  if (!isInteger(command.everyNs, 1) || !isInteger(command.delayNs ?? 0, 0)) return Trace.REFUSED.interval
  if (command.count !== undefined && !isInteger(command.count, 1)) return Trace.REFUSED.count
  return -1
}

const startTraffic = (state: EndStationState, command: TrafficStart, now: SimTime, out: Outbox<EthernetFrame>): void => {
  const clientOctets = command.octets - Frame.OVERHEAD_OCTETS
  state.traffic = {
    frame: Frame.make(command.destination, state.config.mac, Protocol.EXPERIMENTAL, new Uint8Array(clientOctets), clientOctets),
    everyNs: command.everyNs,
    remaining: command.count ?? Infinity,
    nextAt: now + (command.delayNs ?? 0),
  }
  out.startTimer(TRAFFIC_TIMER, state.traffic.nextAt)
}

const onCommand = (state: EndStationState, command: Command, now: SimTime, out: Outbox<EthernetFrame>): void => {
  const isTraffic = command.type === "traffic.start" || command.type === "traffic.stop"
  if (!isTraffic && !StackCommand.isStackCommand(command)) return
  if (state.config.silent === true) {
    out.trace(Trace.COMMAND_REFUSED.code, Trace.REFUSED.silent, 0, 0, 0)
    return
  }
  if (StackCommand.isStackCommand(command)) {
    NetworkStack.onCommand(state.stack, command, now, actionsFor(state, out))
    return
  }
  if (command.type === "traffic.stop") {
    endTraffic(state, out)
    return
  }
  const start = command as TrafficStart
  const reason = trafficRefusal(start)
  if (reason >= 0) out.trace(Trace.COMMAND_REFUSED.code, reason, 0, 0, 0)
  else startTraffic(state, start, now, out)
}

const onLink = (state: EndStationState, _port: number, link: LinkStatus, now: SimTime, out: Outbox<EthernetFrame>): void => {
  if (link.up) NetworkStack.onUp(state.stack, now, actionsFor(state, out))
  else NetworkStack.onDown(state.stack, now, actionsFor(state, out))
}

const copy = (state: EndStationState): EndStationState => ({
  ...state,
  stack: NetworkStack.copy(state.stack),
  traffic: state.traffic === undefined ? undefined : { ...state.traffic },
  counters: state.counters.slice(),
})

const fingerprint = (state: EndStationState, digest: Digest, now: SimTime): void => {
  NetworkStack.fingerprint(state.stack, digest, now)
  digest.number(state.traffic === undefined ? 0 : state.traffic.remaining)
  digest.number((state.traffic?.nextAt ?? NEVER) - now)
  digest.number(state.trafficReceived)
  digest.number(state.trafficReceivedOctets)
  digest.numbers(state.counters)
}

/** What a station counted, by name: those of `COUNTERS` and the traffic received. */
export type Counters = Readonly<Record<(typeof COUNTERS)[number] | "trafficReceived" | "trafficReceivedOctets", number>>

/** What was counted so far. */
export const counters = (state: EndStationState): Counters => ({
  ...(Object.fromEntries(COUNTERS.map((name, index) => [name, state.counters[index]])) as Record<
    (typeof COUNTERS)[number],
    number
  >),
  trafficReceived: state.trafficReceived,
  trafficReceivedOctets: state.trafficReceivedOctets,
})

/** The device kind `host`. Its stack is `state.stack`: query it with `NetworkStack.pings`, `neighbours` and `counters`. */
export const END_STATION = new DeviceKind<EndStationState, EthernetFrame, EndStationConfig>({
  kind: "host",
  ports: () => 1,
  timers: () => NetworkStack.TIMERS + 1,
  make,
  onBoot: () => {},
  onFrame,
  onTimer,
  onLink,
  onCommand,
  copy,
  fingerprint,
})
