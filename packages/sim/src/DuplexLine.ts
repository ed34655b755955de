/** The world as the half-duplex end of a link sees it. */
import type { Tci, WireFrame } from "./Device.ts"
import type * as HalfDuplex from "./HalfDuplex.ts"
import type { CaptureDirection } from "./Listener.ts"
import * as Prng from "./Prng.ts"
import type { SimTime } from "./SimTime.ts"
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
