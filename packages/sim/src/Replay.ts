/**
 * Replay: design, seed and command log give the run again without its script. Workers, campaigns and bug reports live on that.
 */
import type { WireFrame } from "./Device.ts"
import type { SimTime } from "./SimTime.ts"
import { Simulation } from "./Simulation.ts"
import type { CommandRecord, Registry, WorldSpec } from "./World.ts"

/**
 * Boot the specification, give each recorded command at its place, and run on until `until`. A log that does not belong to the
 * specification shows itself when a command's place is never reached, which throws.
 */
export const run = <F extends WireFrame>(
  spec: WorldSpec,
  registry: Registry<F>,
  log: ReadonlyArray<CommandRecord>,
  until: SimTime,
): Simulation<F> => {
  const simulation = Simulation.boot(spec, registry)
  for (const [i, record] of log.entries()) {
    if (!simulation.advanceTo(record.at, record.afterEvents)) {
      throw new Error(
        `command ${i} (${record.command.type}) belongs after event ${record.afterEvents}, but the world came to rest before`,
      )
    }
    simulation.command(record.node, record.command)
  }
  simulation.run(until)
  return simulation
}
