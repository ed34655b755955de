/**
 * The scheduler: takes the earliest event of a world, hands it to the device it concerns, and is itself the outbox that the device
 * writes to: requests go straight into the event queue. `Simulation` adds what is done to a world from outside.
 *
 * One event per hop: a transmission computes when its last octet will have left and arrives at the other end, and queues that.
 * What is rare hides behind one byte per port (`hook`): capture, loss, a dead direction, a port that is down, octet rewriting.
 */
import type { Outbox, PortIndex, Tci, TimerId, WireFrame } from "./Device.ts"
import { Digest } from "./Digest.ts"
import * as DuplexLine from "./DuplexLine.ts"
import { EventQueue } from "./EventQueue.ts"
import * as Hook from "./Hook.ts"
import * as HalfDuplex from "./HalfDuplex.ts"
import type { CaptureDirection, Listener } from "./Listener.ts"
import * as PortRow from "./PortRow.ts"
import * as Prng from "./Prng.ts"
import { Seat } from "./Seat.ts"
import { NEVER, type SimTime } from "./SimTime.ts"
import type { Stop } from "./Stop.ts"
import * as Target from "./Target.ts"
import * as Trace from "./Trace.ts"
import * as Transmitter from "./Transmitter.ts"
import * as World from "./World.ts"

export type { Stop } from "./Stop.ts"
export type { CaptureDirection, Listener } from "./Listener.ts"

/** So many void timer events may lie in the queue beyond one for each timer. */
const VOID_EVENTS = 1024

const { CAPTURE, DOWN, DUPLEX, IMPAIRED, REWRITE } = Hook
const { STRIDE, BUSY, NUMERATOR, DENOMINATOR, LATENCY, QUEUE_LIMIT, MAXIMUM_OCTETS } = PortRow
const { TX_FRAMES, TX_OCTETS, GAP_OCTETS } = PortRow

/** The loop, the queues and the outbox; see `Simulation`. */
export abstract class Scheduler<F extends WireFrame> implements Outbox<F> {
  readonly registry: World.Registry<F>
  /** Read it freely; only `save` makes its scalars and queues true. */
  readonly world: World.World<F>
  now: SimTime
  tracing = false
  /** Whether anyone listens to significant events, which are few. */
  listening = false

  protected readonly frames: EventQueue<F>
  protected readonly timers: EventQueue<F>
  protected sequence: number
  protected events: number
  /** Pending timer events that an earlier deadline superseded: a cache, counted anew from the queue. */
  private voidEvents = 0
  protected readonly digest: Digest
  protected readonly seats: ReadonlyArray<Seat<F>>
  protected readonly seatOfPort: ReadonlyArray<Seat<F>>
  protected readonly hook: Uint8Array
  protected readonly rows: Float64Array
  protected readonly peer: Int32Array
  protected readonly portBase: Int32Array
  protected readonly timerBase: Int32Array
  protected readonly timerAt: Float64Array
  protected readonly timerOrder: Float64Array
  protected readonly timerArmed: Float64Array
  protected readonly timerGeneration: Int32Array

  /** The device whose handler runs. */
  protected seat: Seat<F>

  private halting = false
  /** A device boots: none of its ports has been reported up. */
  protected booting = false
  private wakes: Array<number> = []
  private listener: Listener<F> = {}
  protected rewrite: ((frame: F, tci: Tci) => F) | undefined

  /** Run a world, which the simulation takes over. Worlds of another format version are refused. */
  constructor(world: World.World<F>, registry: World.Registry<F>) {
    if (world.formatVersion !== World.FORMAT_VERSION) {
      throw new Error(
        `this world has the format ${world.formatVersion}; this version of l2lab reads format ${World.FORMAT_VERSION} only`,
      )
    }
    this.registry = registry
    this.world = world
    // Fields that hold large numbers are made doubles before they are integers, so that V8 does not change their representation in mid-run.
    this.now = 0.5
    this.now = world.now
    this.sequence = 0.5
    this.sequence = world.sequence
    this.events = 0.5
    this.events = world.events
    this.frames = EventQueue.restore(world.frames)
    this.timers = EventQueue.restore(world.timers)
    this.digest = Digest.resume(world.traceDigest)
    this.seats = world.kinds.map((name, node) => new Seat(node, world, Seat.kindNamed(registry, name)))
    this.seatOfPort = Array.from(world.nodeOfPort, (node) => this.seats[node])
    this.seat = this.seats[0]
    this.hook = new Uint8Array(world.peer.length)
    this.rows = world.rows
    this.peer = world.peer
    this.portBase = world.portBase
    this.timerBase = world.timerBase
    this.timerAt = world.timerAt
    this.timerOrder = world.timerOrder
    this.timerArmed = world.timerArmed
    this.timerGeneration = world.timerGeneration
    for (let port = 0; port < this.hook.length; port++) this.refreshHook(port)
    for (let i = 0; i < this.timers.size; i++) {
      const slot = this.timers.slot[i]
      const timer = this.timers.targetOf(slot)
      if (timer >= 0 && this.timerGeneration[timer] !== this.timers.extraOf(slot)) this.voidEvents++
    }
  }

  // ---------------------------------------------------------------------------------------------------------------- outbox

  transmit(port: PortIndex, frame: F, tci: Tci): void {
    const worldPort = this.seat.firstPort + port
    if (this.hook[worldPort] !== 0) {
      this.transmitHooked(worldPort, frame, tci, false)
      return
    }
    const rows = this.rows
    const row = worldPort * STRIDE
    const now = this.now
    const busy = rows[row + BUSY]
    let start = now
    if (busy > now) {
      if (busy - now > rows[row + QUEUE_LIMIT]) {
        rows[row + PortRow.TAIL_DROPS]++
        return
      }
      start = busy
    }
    let octets = frame.wireOctets
    if (octets > rows[row + MAXIMUM_OCTETS]) {
      rows[row + PortRow.MTU_DROPS]++
      return
    }
    if (tci >= 0) octets += 4
    rows[row + TX_FRAMES]++
    rows[row + TX_OCTETS] += octets
    const numerator = rows[row + NUMERATOR]
    let end: number
    if (rows[row + DENOMINATOR] === 1) {
      end = start + octets * numerator
      rows[row + BUSY] = end + GAP_OCTETS * numerator
    } else end = Transmitter.serialize(rows, row, start, octets)
    this.frames.pushNewest(end + rows[row + LATENCY], this.sequence++, this.peer[worldPort], tci, frame)
  }

  transmitControl(port: PortIndex, frame: F, tci: Tci): void {
    const worldPort = this.seat.firstPort + port
    const row = worldPort * STRIDE
    if (this.rows[row + BUSY] > this.now || (this.hook[worldPort] & DUPLEX) !== 0)
      this.transmitHooked(worldPort, frame, tci, true)
    else this.transmit(port, frame, tci)
  }

  /** Everything that a transmission may meet and mostly does not. */
  private transmitHooked(worldPort: World.WorldPort, original: F, tci: Tci, control: boolean): void {
    const rows = this.rows
    const row = worldPort * STRIDE
    const hook = this.hook[worldPort]
    const now = this.now
    if ((hook & DOWN) !== 0) return // nothing leaves a port without carrier; devices know and hardly try
    const frame = (hook & REWRITE) !== 0 ? this.rewrite!(original, tci) : original
    const busy = rows[row + BUSY]
    const waiting = busy > now
    if (waiting && !control && busy - now > rows[row + QUEUE_LIMIT]) {
      rows[row + PortRow.TAIL_DROPS]++
      return
    }
    if (frame.wireOctets > rows[row + MAXIMUM_OCTETS]) {
      rows[row + PortRow.MTU_DROPS]++
      return
    }
    const octets = PortRow.octetsOnWire(frame.wireOctets, tci)
    if ((hook & DUPLEX) !== 0 && DuplexLine.takes(this, worldPort, frame, tci, octets, control)) return
    if ((hook & CAPTURE) !== 0) this.show(worldPort, "out", frame, tci)
    const start = waiting ? busy : now
    const overtakes = waiting && control
    const end = overtakes ? Transmitter.serializeControl(rows, row, now, octets) : Transmitter.serialize(rows, row, start, octets)
    if ((hook & DUPLEX) !== 0) DuplexLine.hears(this, worldPort, end, octets, overtakes ? undefined : start)
    this.depart(worldPort, frame, tci, octets, end + rows[row + LATENCY], false)
  }

  /** A frame has left: it arrives at `at`, unless the direction has another fate for it. */
  depart(port: World.WorldPort, frame: F, tci: Tci, octets: number, at: SimTime, damaged: boolean): void {
    const row = port * STRIDE
    this.rows[row + TX_FRAMES]++
    this.rows[row + TX_OCTETS] += octets
    const fate = (this.hook[port] & IMPAIRED) === 0 ? Transmitter.DELIVER : Transmitter.fate(this.world, port)
    if (fate === Transmitter.LOSE) return Transmitter.countLost(this.rows, row, octets)
    const target = this.peer[port]
    this.frames.pushNewest(at, this.sequence++, damaged || fate === Transmitter.CORRUPT ? -1 - target : target, tci, frame)
  }

  /** Show a frame to the listener, if it wants to see the port's. */
  show(port: World.WorldPort, direction: CaptureDirection, frame: F, tci: Tci): void {
    if ((this.hook[port] & CAPTURE) !== 0) this.listener.onFrame?.(port, direction, frame, tci, this.now)
  }

  wakeHalfDuplexAt(at: SimTime, port: World.WorldPort): void {
    this.timers.push(at, this.sequence++, Target.HALF_DUPLEX, port)
  }

  onCollision(port: World.WorldPort, attempts: number, late: boolean): void {
    this.seat = this.seatOfPort[port]
    this.detail(Trace.COLLISION.code, port - this.seat.firstPort, attempts, late ? 1 : 0, 0)
  }

  startTimer(id: TimerId, at: SimTime): void {
    if (at < this.now) throw new Error(`timer ${id} of ${this.world.names[this.seat.node]} was started for the past`)
    const timer = this.seat.firstTimer + id
    const order = this.sequence++
    this.timerAt[timer] = at
    this.timerOrder[timer] = order
    // A queued event that comes no later re-arms itself at the new deadline with this sequence number: a restart touches no queue.
    if (this.timerArmed[timer] <= at) return
    if (this.timerArmed[timer] !== NEVER) this.supersede()
    this.timerArmed[timer] = at
    this.timers.push(at, order, timer, ++this.timerGeneration[timer])
  }

  /** An earlier deadline voids a queued event. Void events are thrown out before they outnumber the timers, so that the queue stays bounded. */
  private supersede(): void {
    if (++this.voidEvents <= this.timerAt.length + VOID_EVENTS) return
    const { timers } = this
    timers.discard((slot) => timers.targetOf(slot) >= 0 && this.timerGeneration[timers.targetOf(slot)] !== timers.extraOf(slot))
    // The event that is being superseded now still has its timer's generation.
    this.voidEvents = 1
  }

  stopTimer(id: TimerId): void {
    this.timerAt[this.seat.firstTimer + id] = NEVER
  }

  setPortEnabled(port: PortIndex, enabled: boolean): void {
    // A port that a device shuts as it boots, before its carrier is looked at, never comes up.
    if (this.booting && !enabled) return this.keepDown(this.seat.firstPort + port)
    // Never at once: the other end's handler must not run inside this one's.
    const target = enabled ? Target.PORT_ENABLE : Target.PORT_DISABLE
    this.timers.push(this.now, this.sequence++, target, this.seat.firstPort + port)
  }

  random(): number {
    return Prng.next(this.world.random, this.seat.node * Prng.WORDS)
  }

  trace(code: number, a: number, b: number, c: number, d: number): void {
    const digest = this.digest
    digest.number(this.now)
    digest.int(this.seat.node)
    digest.int(code)
    digest.number(a)
    digest.number(b)
    digest.number(c)
    digest.number(d)
    if (this.listening) this.listener.onTrace!({ at: this.now, node: this.seat.node, code, a, b, c, d })
  }

  detail(code: number, a: number, b: number, c: number, d: number): void {
    if (this.tracing) this.listener.onTrace!({ at: this.now, node: this.seat.node, code, a, b, c, d })
  }

  // ------------------------------------------------------------------------------------------------------------- the loop

  /**
   * Process events up to and including instant `until`, at most `budget` of them. On "reached" `now`
   * is `until`; `until` may be NEVER, and the run then ends at the last event.
   */
  run(until: SimTime, budget = Infinity): Stop {
    const frames = this.frames
    const timers = this.timers
    for (let left = budget; left > 0; left--) {
      if (this.halting) {
        this.halting = false
        return "halted"
      }
      const frameTime = frames.key[0]
      const timerTime = timers.key[0]
      if (timerTime < frameTime || (timerTime === frameTime && timers.size > 0 && timers.key[1] < frames.key[1])) {
        if (timerTime > until) return this.reach(until)
        const order = timers.key[1]
        const slot = timers.pop()
        this.now = timerTime
        const target = timers.payload[2 * slot]
        if (target >= 0) {
          this.fireTimer(target, timers.payload[2 * slot + 1], order)
          continue
        }
        if (target === Target.WAKE) {
          this.wakes.push(timers.payload[2 * slot + 1])
          return "wake"
        }
        this.events++
        if (target === Target.HALF_DUPLEX) this.wakeHalfDuplex(timers.extraOf(slot))
        else if (target === Target.PORT_SHUT) this.finishShut(timers.extraOf(slot))
        else this.applyDeviceEnabled(timers.extraOf(slot), target === Target.PORT_ENABLE)
        continue
      }
      if (frameTime > until || frameTime === NEVER) return this.reach(until)
      const slot = frames.pop()
      this.now = frameTime
      this.events++
      const worldPort = frames.payload[2 * slot]
      if (worldPort < 0) {
        this.receiveDamaged(-1 - worldPort, frames.frame[slot], frames.payload[2 * slot + 1])
        continue
      }
      const frame = frames.frame[slot] as F
      const tci = frames.payload[2 * slot + 1]
      if (this.hook[worldPort] !== 0 && this.receiveHooked(worldPort, frame, tci)) continue
      const seat = this.seatOfPort[worldPort]
      this.seat = seat
      if (seat.state !== null) seat.device.onFrame(seat.state, worldPort - seat.firstPort, frame, tci, frameTime, this)
    }
    return "budget"
  }

  private reach(until: SimTime): Stop {
    if (until !== NEVER && until > this.now) this.now = until
    return "reached"
  }

  private fireTimer(timer: number, generation: number, order: number): void {
    this.events++
    if (this.timerGeneration[timer] !== generation) {
      this.voidEvents-- // an earlier deadline superseded this event
      return
    }
    const at = this.timerAt[timer]
    this.timerArmed[timer] = NEVER
    if (at === NEVER) return
    // Restarted since: for later, or for this very instant but behind what was started in between.
    if (order !== this.timerOrder[timer]) {
      this.timerArmed[timer] = at
      this.timers.push(at, this.timerOrder[timer], timer, generation)
      return
    }
    this.timerAt[timer] = NEVER
    const node = this.world.nodeOfTimer[timer]
    const seat = this.enter(node)
    seat.device.onTimer(seat.state, timer - seat.firstTimer, this.now, this)
  }

  /** A frame arrives at a port where something rare holds; true if it is lost. */
  private receiveHooked(port: World.WorldPort, frame: F, tci: Tci): boolean {
    const half = (this.hook[port] & DUPLEX) === 0 ? null : Transmitter.halfOf(this.world, port)
    if (half?.port === port && HalfDuplex.isSpoilt(half, this.now)) {
      Transmitter.countLost(this.rows, this.peer[port] * STRIDE, PortRow.octetsOnWire(frame.wireOctets, tci))
      return true
    }
    this.show(port, "in", frame, tci)
    return false
  }

  private wakeHalfDuplex(port: World.WorldPort): void {
    const half = Transmitter.halfOf(this.world, port)
    if (half?.port === port) HalfDuplex.wake(half, DuplexLine.of(this, port))
  }

  /** A frame that was in flight when its link went down (null; counted then), or one that arrives with a bad FCS. */
  private receiveDamaged(worldPort: World.WorldPort, frame: F | null, tci: Tci): void {
    if (frame === null) return
    const row = worldPort * STRIDE
    this.rows[row + PortRow.FCS_ERROR_FRAMES]++
    this.rows[row + PortRow.FCS_ERROR_OCTETS] += PortRow.octetsOnWire(frame.wireOctets, tci)
  }

  protected enter(node: World.NodeIndex): Seat<F> {
    this.seat = this.seats[node]
    return this.seat
  }

  /** Put a state into a node's place; null switches it off. */
  protected occupy(node: World.NodeIndex, state: unknown): void {
    this.world.states[node] = state
    this.seats[node].state = state
  }

  /** Make `run` come back before the next event. Callable from listeners. */
  halt(): void {
    this.halting = true
  }

  /** The instant of the next event, NEVER when nothing is pending. */
  get nextEventAt(): SimTime {
    const frames = this.frames.key[0]
    const timers = this.timers.key[0]
    return Math.min(frames, timers)
  }

  /** Events processed since the world's start, a script's wake-ups not counted. */
  get eventCount(): number {
    return this.events
  }

  // ------------------------------------------------------------------------------------------------- scripts and listeners

  /** Have `run` stop with "wake" at `at`. `token` (31 bits) comes back from `takeWakes`; one that nobody knows is to be ignored. */
  wakeAt(at: SimTime, token: number): void {
    this.timers.push(at, this.sequence++, Target.WAKE, token)
  }

  /** The tokens of the wake-ups that came due, in order. */
  takeWakes(): ReadonlyArray<number> {
    const due = this.wakes
    this.wakes = []
    return due
  }

  /** Listen. Listening changes no fingerprint. */
  listen(listener: Listener<F>): void {
    this.listener = listener
    this.tracing = listener.onTrace !== undefined
    this.listening = this.tracing
  }

  /** Choose whether frames at a port are shown to the listener. */
  capture(port: World.WorldPort, on: boolean): void {
    this.hook[port] = on ? this.hook[port] | CAPTURE : this.hook[port] & ~CAPTURE
  }

  /** Pass every frame that is sent through `rewrite` (emit to octets and parse again); undefined ends it. */
  rewriteFrames(rewrite: ((frame: F, tci: Tci) => F) | undefined): void {
    this.rewrite = rewrite
    for (let port = 0; port < this.hook.length; port++) this.refreshHook(port)
  }

  protected refreshHook(port: World.WorldPort): void {
    const rewrite = this.rewrite === undefined ? 0 : REWRITE
    this.hook[port] = (this.hook[port] & CAPTURE) | rewrite | Hook.of(this.world, port)
  }

  /** Have `finishShut` be called at `at`. */
  protected shutAt(at: SimTime, port: World.WorldPort): void {
    this.timers.push(at, this.sequence++, Target.PORT_SHUT, port)
  }

  /** A device that boots wants one of its ports down. */
  private keepDown(port: World.WorldPort): void {
    if (this.world.enabled[port] === World.ENABLED) this.world.enabled[port] = World.SHUT_BY_DEVICE
  }

  /** A device asked for one of its ports to be shut or opened. */
  protected abstract applyDeviceEnabled(port: World.WorldPort, enabled: boolean): void

  /** What there was to say before a port is shut has left. */
  protected abstract finishShut(port: World.WorldPort): void
}
