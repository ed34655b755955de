/**
 * Snapshots. A snapshot is a saved world that nothing shares: what is shipped to a worker and written to disk. `Simulation.fork`
 * is the fast way to branch within one thread; `structuredClone` here is its oracle.
 */
import type { WireFrame } from "./Device.ts"
import { Simulation } from "./Simulation.ts"
import { type Registry, type World } from "./World.ts"

/** The world as it is now, as data of its own. It holds the world, never a script: a fiber that waits is not in it. */
export const take = <F extends WireFrame>(simulation: Simulation<F>): World<F> => structuredClone(simulation.save())

/** A simulation that goes on from a snapshot, which stays as it is. A snapshot of another format version is refused (throws). */
export const restore = <F extends WireFrame>(snapshot: World<F>, registry: Registry<F>): Simulation<F> =>
  new Simulation(structuredClone(snapshot), registry)
