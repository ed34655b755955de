/** The world as the half-duplex end of a link sees it. */
import type { Tci, WireFrame } from "./Device.ts"
import * as HalfDuplex from "./HalfDuplex.ts"
import type { CaptureDirection } from "./Listener.ts"
import * as PortRow from "./PortRow.ts"
import * as Prng from "./Prng.ts"
import type { SimTime } from "./SimTime.ts"
import * as Transmitter from "./Transmitter.ts"
import * as World from "./World.ts"

/** What it wants of the scheduler. */
export interface Host<F extends WireFrame> {
  readonly now: SimTime
  readonly world: World.World<F>
  show(port: World.WorldPort, direction: CaptureDirection, frame: F, tci: Tci): void
  depart(port: World.WorldPort, frame: F, tci: Tci, octets: number, at: SimTime, damaged: boolean): void
  wakeHalfDuplexAt(at: SimTime, port: World.WorldPort): void
  onCollision(port: World.WorldPort, attempts: number, late: boolean): void
}

/** The line of the end `port`, as it is now. */
export const of = <F extends WireFrame>(host: Host<F>, port: World.WorldPort): HalfDuplex.Line<F> => {
  const { now, world } = host
  return {
    now,
    rows: world.rows,
    counters: World.directionOf(world, port).counters,
    otherCounters: World.directionOf(world, world.peer[port]).counters,
    onLeaving: (frame, tci) => host.show(port, "out", frame, tci),
    arrive: (frame, tci, octets, at, damaged) => host.depart(port, frame, tci, octets, at, damaged),
    onCollision: (attempts, late) => host.onCollision(port, attempts, late),
    wakeAt: (at) => host.wakeHalfDuplexAt(at, port),
    random: () => Prng.next(world.random, (world.names.length + port) * Prng.WORDS),
  }
}

/** Give a frame to the half-duplex transmitter of a port; false if the port is its link's full-duplex end. */
export const takes = <F extends WireFrame>(
  host: Host<F>,
  port: World.WorldPort,
  frame: F,
  tci: Tci,
  octets: number,
  control: boolean,
): boolean => {
  const half = Transmitter.halfOf(host.world, port)
  if (half?.port !== port) return false
  HalfDuplex.enqueue(half, of(host, port), frame, tci, octets, control)
  return true
}

/** The half-duplex end hears what a port has begun to send at `start` (undefined: before what waits), and has sent by `end`. */
export const hears = <F extends WireFrame>(
  host: Host<F>,
  port: World.WorldPort,
  end: SimTime,
  octets: number,
  start: SimTime | undefined,
): void => {
  const { world } = host
  const half = Transmitter.halfOf(world, port)
  if (half === null || !World.directionOf(world, port).alive) return
  const row = port * PortRow.STRIDE
  const [from, ready] = Transmitter.carrierOf(world.rows, row, end, octets, start)
  HalfDuplex.hear(half, of(host, half.port), from, ready, end + world.rows[row + PortRow.LATENCY])
}
