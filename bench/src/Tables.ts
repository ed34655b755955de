/** What filtering databases weigh, and what a fork of a farm full of them costs. */
import * as BridgeState from "@l2lab/l2/BridgeState"
import * as FilteringDatabase from "@l2lab/l2/FilteringDatabase"
import { SECOND } from "@l2lab/sim/SimTime"
import { Simulation } from "@l2lab/sim/Simulation"
import { median } from "./Measure.ts"
import * as Trees from "./Trees.ts"

/** Octets per entry of a table that has learnt `entries` addresses in one VLAN. */
export const bytesPerEntry = (entries: number): number => {
  const fdb = FilteringDatabase.make(48, [0], 2 * entries, 300 * SECOND)
  for (let i = 0; i < entries; i++) FilteringDatabase.learn(fdb, Math.imul(i, 7919) | 0, 0x0200, 0, 0, i % 48, 0)
  return FilteringDatabase.memoryBytes(fdb) / FilteringDatabase.count(fdb, 0)
}

/** Median wall milliseconds of a fork of a settled farm of `access` switches with `entries` addresses learnt on every switch. */
export const forkMilliseconds = (access: number, entries: number, rounds: number): number => {
  const simulation = Simulation.boot(Trees.farm(access, Trees.running("stp1998")), Trees.REGISTRY)
  simulation.run(40 * SECOND)
  for (const state of simulation.world.states as ReadonlyArray<BridgeState.BridgeState>) {
    for (let i = 0; i < entries; i++) {
      FilteringDatabase.learn(state.fdb, Math.imul(i, 7919) | 0, 0x0200, 0, 0, i % state.ports, simulation.now)
    }
  }
  const times: Array<number> = []
  for (let round = 0; round <= rounds; round++) {
    const start = process.hrtime.bigint()
    const child = simulation.fork()
    const elapsed = Number(process.hrtime.bigint() - start) / 1e6
    child.run(child.now + 1) // the child lives: nothing of it was optimised away
    if (round > 0) times.push(elapsed)
  }
  return median(times)
}
