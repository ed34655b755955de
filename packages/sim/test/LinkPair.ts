/** Two probes at a link, for tests of links. */
import { Simulation } from "../src/Simulation.ts"
import type { LinkSpec } from "../src/World.ts"
import { WORLD, type WorldCommand } from "../src/WorldCommand.ts"
import { forget, pair, type ProbeCommand, REGISTRY, type TestFrame } from "./Probe.ts"

export const A = 0
export const B = 1

export const boot = (link: Partial<LinkSpec> = {}): Simulation<TestFrame> => {
  const simulation = Simulation.boot(pair(link), REGISTRY)
  forget(simulation)
  return simulation
}

export const send = (
  simulation: Simulation<TestFrame>,
  node: number,
  command: Omit<Extract<ProbeCommand, { type: "send" }>, "type" | "port">,
) => simulation.command(node, { type: "send", port: 0, ...command } as ProbeCommand)

export const somethingHappens = (simulation: Simulation<TestFrame>): void => {
  simulation.command(A, { type: "start", timer: 0, at: simulation.now + 5 } as ProbeCommand)
  simulation.run(simulation.now + 10)
}

export const world = (simulation: Simulation<TestFrame>, command: WorldCommand): void => simulation.command(WORLD, command)
