/**
 * The one seam of the emulator: what a device is to the world.
 *
 * State in, requests out. A handler is a synchronous function that changes only the state it is given and writes its requests
 * to the outbox; it never calls another device, so there is no re-entrancy, ever. State is plain data (numbers, strings,
 * booleans, arrays, typed arrays, records): that is what makes snapshot, fork, replay and shipping to a worker one thing.
 *
 * Handlers are invariant to time translation: `now` is only compared with or added to, never reduced modulo a period.
 */
import type { Digest } from "./Digest.ts"
import type { SimTime } from "./SimTime.ts"

/**
 * What `sim` knows of a frame. Octets from destination address to FCS inclusive, without the outer tag that travels beside it; at least
 * 64, since whoever makes a short frame pads it, as adapters do.
 */
export interface WireFrame {
  readonly wireOctets: number
}

/** The outer 802.1Q tag control information that travels beside a frame: 0..65535, or -1 for an untagged frame. */
export type Tci = number

/** The index of a link port within its device: 0 .. ports - 1. */
export type PortIndex = number

/**
 * A timer of a device: 0 .. timers - 1. A packed number: a device gives each of its components a range of its own.
 * A timer is one deadline; starting it again replaces the deadline.
 */
export type TimerId = number

/** What a device is told of one of its link ports when it comes up or goes down. */
export interface LinkStatus {
  readonly up: boolean
  /** Bits per second. */
  readonly rateBps: number
  readonly fullDuplex: boolean
}

/** A command is plain data with a name: it is recorded, and a recorded log replays a run without its script. */
export interface Command {
  readonly type: string
}

/** What a device is told when management shuts one of its ports, whether the port had a carrier or not. Part of the command to the world, and not recorded on its own. */
export interface PortShut extends Command {
  readonly type: "port.shut"
  readonly port: PortIndex
}

/**
 * Where a handler writes its requests. The world implements it and writes straight into the event queue; in a test it is a
 * recorder (`testing/RecordingOutbox`). Valid only during the call that it is passed to.
 */
export interface Outbox<F extends WireFrame = WireFrame> {
  /** Queue `frame` on link port `port`; tail drop, MTU and loss are the link's business. */
  transmit(port: PortIndex, frame: F, tci: Tci): void
  /** The same in the egress's control class: it waits for at most the frame in service (BPDU, LACP, UDLD, VSLP). */
  transmitControl(port: PortIndex, frame: F, tci: Tci): void
  /** (Re)start a timer: it fires at `at`, which must not lie before now. Timers that fire at one instant fire in the order in which they were started. */
  startTimer(id: TimerId, at: SimTime): void
  /** Stop a timer; stopping one that does not run does nothing. */
  stopTimer(id: TimerId): void
  /**
   * Take one of the device's own link ports out of service (errdisable), or back into it. The carrier follows at both ends. A port that
   * management shut stays shut; a cold boot forgets what the device shut. A port that is taken out of service in `onBoot` does not come up at all.
   */
  setPortEnabled(port: PortIndex, enabled: boolean): void
  /** A 32-bit unsigned number from the device's own random stream. */
  random(): number
  /**
   * Record something significant and rare (a port changed state, a VM was stunned). `code` comes from `TraceEvent.define`;
   * the meaning of the four numbers is stated there. Always folded into the world's trace digest, whether anyone listens or not.
   */
  trace(code: number, a: number, b: number, c: number, d: number): void
  /** Record a detail (a CAM entry moved). Reaches listeners only; ask `tracing` first where composing it costs something. Never part of a fingerprint. */
  detail(code: number, a: number, b: number, c: number, d: number): void
  /** Whether anyone listens to details. */
  readonly tracing: boolean
}

/** Everything the world must know of a kind of device. `Config` is the plain data that the design gives for each node of the kind. */
export interface DeviceDefinition<State, F extends WireFrame, Config> {
  /** The name that a saved world refers to, for instance `bridge`. */
  readonly kind: string
  /** Number of link ports of a device with this configuration. */
  readonly ports: (config: Config) => number
  /** Number of timers of a device with this configuration. */
  readonly timers: (config: Config) => number
  /** Cold boot: fresh state. Power off and on is the world discarding the state and making it again. */
  readonly make: (config: Config, now: SimTime) => State
  /** Called once after `make`, before any port is reported up. */
  readonly onBoot: (state: State, now: SimTime, out: Outbox<F>) => void
  readonly onFrame: (state: State, port: PortIndex, frame: F, tci: Tci, now: SimTime, out: Outbox<F>) => void
  readonly onTimer: (state: State, timer: TimerId, now: SimTime, out: Outbox<F>) => void
  readonly onLink: (state: State, port: PortIndex, link: LinkStatus, now: SimTime, out: Outbox<F>) => void
  /** Commands that the kind does not know are ignored. */
  readonly onCommand: (state: State, command: Command, now: SimTime, out: Outbox<F>) => void
  /** An independent copy that shares nothing mutable (copy-on-write sharing counts as not mutable). `structuredClone` is its oracle in tests. */
  readonly copy: (state: State) => State
  /** Fold all that distinguishes this state into `digest`, `now` being the instant that times may be taken relative to. Caches stay out. */
  readonly fingerprint: (state: State, digest: Digest, now: SimTime) => void
}

/**
 * A device kind as the world holds it. Every definition goes through this one class, so that all kinds share a hidden class
 * and the world's calls stay monomorphic in shape: eight kinds then cost nothing, one class each costs a tenth.
 */
export class DeviceKind<State = unknown, F extends WireFrame = WireFrame, Config = unknown> implements DeviceDefinition<
  State,
  F,
  Config
> {
  readonly kind: string
  readonly ports: (config: Config) => number
  readonly timers: (config: Config) => number
  readonly make: (config: Config, now: SimTime) => State
  readonly onBoot: (state: State, now: SimTime, out: Outbox<F>) => void
  readonly onFrame: (state: State, port: PortIndex, frame: F, tci: Tci, now: SimTime, out: Outbox<F>) => void
  readonly onTimer: (state: State, timer: TimerId, now: SimTime, out: Outbox<F>) => void
  readonly onLink: (state: State, port: PortIndex, link: LinkStatus, now: SimTime, out: Outbox<F>) => void
  readonly onCommand: (state: State, command: Command, now: SimTime, out: Outbox<F>) => void
  readonly copy: (state: State) => State
  readonly fingerprint: (state: State, digest: Digest, now: SimTime) => void

  constructor(definition: DeviceDefinition<State, F, Config>) {
    this.kind = definition.kind
    this.ports = definition.ports
    this.timers = definition.timers
    this.make = definition.make
    this.onBoot = definition.onBoot
    this.onFrame = definition.onFrame
    this.onTimer = definition.onTimer
    this.onLink = definition.onLink
    this.onCommand = definition.onCommand
    this.copy = definition.copy
    this.fingerprint = definition.fingerprint
  }
}

/**
 * A device kind with its state and configuration types forgotten, as registries hold it.
 * (The world hands a kind only the state that the same kind made.)
 */
// oxlint-disable-next-line typescript/no-explicit-any
export type AnyDeviceKind<F extends WireFrame = WireFrame> = DeviceKind<any, F, any>
