/** From a plan to a running simulation. */
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import { Simulation } from "@l2lab/sim/Simulation"
import type { Registry } from "@l2lab/sim/World"
import { WORLD } from "@l2lab/sim/WorldCommand"
import type { WorldPlan } from "./Build.ts"
import * as Registries from "./Registry.ts"

/** How a plan is switched on. */
export interface StartOptions {
  /** Seed of all random streams; the plan's unless told. */
  readonly seed?: number
  /** Kinds and codecs; everything that this repository has unless told. */
  readonly registry?: Registry<EthernetFrame>
  /** Gets the simulation before anything is on: listen from here to see the very first frames. */
  readonly prepare?: (simulation: Simulation<EthernetFrame>) => void
}

/** Lay out the world of a plan, switch it on at instant 0, and give the plan's commands. */
export const start = (plan: WorldPlan, options: StartOptions = {}): Simulation<EthernetFrame> => {
  const { seed = plan.seed, registry = Registries.registry(), prepare } = options
  const simulation = Simulation.boot({ seed, nodes: plan.nodes, links: plan.links }, registry, prepare)
  for (const command of plan.commands) simulation.command(WORLD, command)
  return simulation
}
