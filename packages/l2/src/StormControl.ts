/**
 * Storm control: how much of a class of traffic a port takes in a second. Above the rising threshold the class is filtered for the rest of
 * the second, and for each further one whose traffic, filtered or not, did not fall below the falling threshold; or the port is taken out of service.
 *
 * A second begins where the one before ended, from the link's coming up on; it is looked at when a frame comes, so that nothing costs an event.
 * Frames for bridges (BPDUs, Cisco's protocols) are neither counted nor filtered, unless the platform cannot tell them apart.
 */
import type { Outbox, Tci } from "@l2lab/sim/Device"
import type { Digest } from "@l2lab/sim/Digest"
import { SECOND, type SimTime } from "@l2lab/sim/SimTime"
import type { BridgeState } from "./BridgeState.ts"
import * as Errdisable from "./Errdisable.ts"
import * as ErrdisableCause from "./ErrdisableCause.ts"
import type { EthernetFrame } from "./EthernetFrame.ts"
import * as Trace from "./Trace.ts"

// Classes by their numbers in `Trace.STORM_CLASSES`; unicast is all of it, known or not.
const BROADCAST = 0
const MULTICAST = 1
const UNICAST = 2
const UNKNOWN_UNICAST = 3

/** Thresholds of one class. */
export interface StormLevel {
  /** Of the port's rate, gaps between frames included; frames a second; bits of frames a second. */
  readonly unit: "percent" | "pps" | "bps"
  readonly rising: number
  /** The rising one by default. */
  readonly falling?: number
}

/** Storm control of one port. */
export interface StormControlConfig {
  readonly broadcast?: StormLevel
  readonly multicast?: StormLevel
  readonly unicast?: StormLevel
  readonly unknownUnicast?: StormLevel
  /** `filter` by default; `trap` filters too and tells. */
  readonly action?: (typeof Trace.STORM_ACTIONS)[number]
  /** The platform counts BPDUs as multicast and filters them with it. */
  readonly takesBpdus?: boolean
}

/** The state: columns by port * 4 + class unless they say otherwise; all of them empty where nothing is controlled. */
export interface StormControl {
  /** By port: whether anything is controlled. */
  readonly on: Uint8Array
  /** 0 = not controlled, 1 = frames are counted, 2 = octets. */
  readonly unit: Uint8Array
  /** Thresholds for a second, in frames or octets. */
  readonly rising: Float64Array
  readonly falling: Float64Array
  /** What came in this second, and in the one before. */
  readonly count: Float64Array
  readonly last: Float64Array
  readonly filtering: Uint8Array
  /** Frames filtered, and times that a storm began. */
  readonly filtered: Float64Array
  readonly storms: Float64Array
  /** By port: when this second began. */
  readonly since: Float64Array
}

const WIDTH = Trace.STORM_CLASSES.length

/** Most frames or bits a second that a threshold may be, as on Catalysts (command reference of the Catalyst 3560: 0.0 to 10000000000.0). */
export const HIGHEST_LEVEL = 10_000_000_000

const levelOf = (config: StormControlConfig | undefined, klass: number): StormLevel | undefined =>
  [config?.broadcast, config?.multicast, config?.unicast, config?.unknownUnicast][klass]

const withPorts = (ports: number, config: ReadonlyArray<StormControlConfig | undefined>): StormControl => {
  const columns = (): Float64Array => new Float64Array(ports * WIDTH)
  return {
    on: Uint8Array.from({ length: ports }, (_, port) => (config[port] === undefined ? 0 : 1)),
    unit: new Uint8Array(ports * WIDTH),
    rising: columns(),
    falling: columns(),
    count: columns(),
    last: columns(),
    filtering: new Uint8Array(ports * WIDTH),
    filtered: columns(),
    storms: columns(),
    since: new Float64Array(ports),
  }
}

/** Of all bridges that control nothing: there is nothing in it to write. */
const OFF = withPorts(0, [])

/** Nothing has come in. */
export const make = (ports: number, config: ReadonlyArray<StormControlConfig | undefined> = []): StormControl =>
  config.length === 0 ? OFF : withPorts(ports, config)

/** An independent copy. */
export const copy = (storm: StormControl): StormControl =>
  storm.on.length === 0
    ? storm
    : {
        on: storm.on,
        unit: storm.unit.slice(),
        rising: storm.rising.slice(),
        falling: storm.falling.slice(),
        count: storm.count.slice(),
        last: storm.last.slice(),
        filtering: storm.filtering.slice(),
        filtered: storm.filtered.slice(),
        storms: storm.storms.slice(),
        since: storm.since.slice(),
      }

/** Fold it into a digest. */
export const fingerprint = (storm: StormControl, digest: Digest, now: SimTime): void => {
  if (storm.rising.length === 0) return
  digest.numbers(storm.rising)
  digest.numbers(storm.count)
  digest.numbers(storm.last)
  digest.numbers(storm.filtering)
  digest.numbers(storm.filtered)
  digest.numbers(storm.storms)
  storm.since.forEach((since, port) => digest.number(storm.on[port] === 0 ? 0 : now - since))
}

/** The link of a port came up: its thresholds follow from its rate, and a new second begins. */
export const linkUp = (state: BridgeState, port: number, rateBps: number, now: SimTime): void => {
  const { storm } = state
  if (storm.on.length === 0 || storm.on[port] === 0) return
  storm.since[port] = now
  for (let klass = 0; klass < WIDTH; klass++) {
    const level = levelOf(state.config.stormControl?.[port], klass)
    const i = port * WIDTH + klass
    storm.count[i] = storm.last[i] = storm.filtering[i] = 0
    if (level === undefined) continue
    const perUnit = level.unit === "pps" ? 1 : level.unit === "bps" ? 1 / 8 : rateBps / 800
    storm.unit[i] = level.unit === "pps" ? 1 : 2
    storm.rising[i] = level.rising * perUnit
    storm.falling[i] = (level.falling ?? level.rising) * perUnit
  }
}

/** Seconds that are over: what came in the last of them decides whether a class stays filtered. */
const roll = (state: BridgeState, port: number, now: SimTime, out: Outbox<EthernetFrame>): void => {
  const { storm } = state
  const seconds = Math.floor((now - storm.since[port]) / SECOND)
  if (seconds < 1) return
  storm.since[port] += seconds * SECOND
  for (let klass = 0, i = port * WIDTH; klass < WIDTH; klass++, i++) {
    storm.last[i] = seconds === 1 ? storm.count[i] : 0
    storm.count[i] = 0
    if (storm.filtering[i] === 0 || storm.last[i] >= Math.max(storm.falling[i], 1)) continue
    storm.filtering[i] = 0
    out.trace(Trace.STORM_OVER.code, port, klass, storm.filtered[i], 0)
  }
}

/** Whether a frame that came in is filtered. `known` says whether the bridge knows where its (unicast) destination lies. */
export const stops = (
  state: BridgeState,
  port: number,
  frame: EthernetFrame,
  tci: Tci,
  known: boolean,
  now: SimTime,
  out: Outbox<EthernetFrame>,
): boolean => {
  roll(state, port, now, out)
  const { destinationHigh, destinationLow } = frame
  if ((destinationHigh & 0x0100) !== 0) {
    const broadcast = destinationHigh === 0xffff && destinationLow === -1
    return counts(state, port, broadcast ? BROADCAST : MULTICAST, frame, tci, now, out)
  }
  const stopped = counts(state, port, UNICAST, frame, tci, now, out)
  return (!known && counts(state, port, UNKNOWN_UNICAST, frame, tci, now, out)) || stopped
}

const counts = (
  state: BridgeState,
  port: number,
  klass: number,
  frame: EthernetFrame,
  tci: Tci,
  now: SimTime,
  out: Outbox<EthernetFrame>,
): boolean => {
  const { storm } = state
  const i = port * WIDTH + klass
  if (storm.unit[i] === 0) return false
  const config = state.config.stormControl?.[port]
  const gap = levelOf(config, klass)?.unit === "percent" ? 20 : 0
  storm.count[i] += storm.unit[i] === 1 ? 1 : frame.wireOctets + (tci < 0 ? 0 : 4) + gap
  if (storm.filtering[i] === 0) {
    if (storm.count[i] <= storm.rising[i]) return false
    storm.filtering[i] = 1
    storm.storms[i]++
    const action = config?.action ?? "filter"
    out.trace(Trace.STORM.code, port, klass, Trace.STORM_ACTIONS.indexOf(action), 0)
    if (action === "shutdown") Errdisable.disable(state, port, ErrdisableCause.STORM_CONTROL, now, out)
  }
  storm.filtered[i]++
  return true
}

/** What came in during the second that is over last (at the rate of the present one, before it is looked at), in the units of the level. */
export const current = (state: BridgeState, port: number, klass: number, now: SimTime): number => {
  const { storm } = state
  const i = port * WIDTH + klass
  const seconds = Math.floor((now - storm.since[port]) / SECOND)
  const counted = seconds === 0 ? storm.last[i] : seconds === 1 ? storm.count[i] : 0
  const unit = levelOf(state.config.stormControl?.[port], klass)?.unit ?? "pps"
  return unit === "pps" ? counted : unit === "bps" ? counted * 8 : (counted * 800) / Math.max(1, state.rateBps[port])
}

/** Whether a class is filtered at `now`: what was filtered is looked at again when a frame comes. */
export const isFiltering = (state: BridgeState, port: number, klass: number, now: SimTime): boolean => {
  const { storm } = state
  const i = port * WIDTH + klass
  if (storm.filtering[i] === 0) return false
  const seconds = Math.floor((now - storm.since[port]) / SECOND)
  return seconds === 0 || (seconds === 1 && storm.count[i] >= Math.max(storm.falling[i], 1))
}

/** The level of a class on a port, where there is one. */
export const levelAt = (state: BridgeState, port: number, klass: number): StormLevel | undefined =>
  levelOf(state.config.stormControl?.[port], klass)
