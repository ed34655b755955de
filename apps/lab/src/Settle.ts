/**
 * Waiting until a network has settled. Settled: no role, port state or vector changed on any bridge, in any tree, for max age + 2 x
 * forward delay where a port speaks 802.1D-1998 (3 x hello + 2 x forward delay otherwise), counted from the last command that could have
 * disturbed one, no topology change is under way, and no pair of switches is still forming. A network without spanning tree is settled at once.
 *
 * Nothing is polled: a spanning tree tells when it last changed, so virtual time jumps to the earliest instant at which it can count as
 * settled, and the question is asked again there.
 */
import type { WireFrame } from "@l2lab/sim/Device"
import { SECOND, type DurationNs, type SimTime } from "@l2lab/sim/SimTime"
import type { Simulation } from "@l2lab/sim/Simulation"
import { WORLD } from "@l2lab/sim/WorldCommand"
import * as SpanningTree from "@l2lab/stp/SpanningTree"
import * as Bridges from "./Bridges.ts"
import * as Pairing from "./Pairing.ts"

/** For how long waiting goes on before it is given up, unless the caller says otherwise. */
export const DEFAULT_LIMIT: DurationNs = 600 * SECOND

/** What waiting came to. */
export interface Outcome {
  /** False if the limit was reached first. */
  readonly settled: boolean
  /** The last instant at which a role, a port state or a vector changed, or a disturbing command was given. */
  readonly lastChangeAt: SimTime
  /** The instant at which the network counted as settled, or waiting was given up. */
  readonly at: SimTime
}

/** How a network stands. */
export interface Standing {
  readonly lastChangeAt: SimTime
  /** When to ask again; absent when the network has settled. */
  readonly askAgainAt?: SimTime
  /** For how long nothing may change: the longest that any tree asks for. */
  readonly windowNs: DurationNs
}

/** The spanning tree of a node; undefined if it is off, is no bridge, or runs none; of two chassis the active one has it. */
export const spanningTreeOf = <F extends WireFrame>(
  { world }: Simulation<F>,
  node: number,
): SpanningTree.SpanningTree | undefined => {
  const state = Bridges.controlOf(world, node)
  return state === null ? undefined : SpanningTree.of(state)
}

/** When the world, a bridge or a hub was last given a command; 0 if never. Commands to hosts disturb no tree. */
const lastDisturbanceAt = <F extends WireFrame>({ world }: Simulation<F>): SimTime => {
  const record = world.commandLog.findLast(
    ({ node }) => node === WORLD || Bridges.isBridge(world, node) || world.kinds[node] === "hub",
  )
  return record?.at ?? 0
}

/** How the network stands at the simulation's present instant. Reads only. */
export const standing = <F extends WireFrame>(simulation: Simulation<F>): Standing => {
  const { now } = simulation
  let lastChangeAt = lastDisturbanceAt(simulation)
  let windowNs = 0
  let isTopologyChanging = Pairing.isForming(simulation.world, now)
  for (let node = 0; node < simulation.world.states.length; node++) {
    const running = spanningTreeOf(simulation, node)
    if (running === undefined) continue
    for (let tree = 0; tree < SpanningTree.treesOf(running); tree++) {
      lastChangeAt = Math.max(lastChangeAt, SpanningTree.lastChangeAt(running, tree))
      windowNs = Math.max(windowNs, SpanningTree.settlingTime(running, tree))
      isTopologyChanging ||= SpanningTree.isTopologyChanging(running, tree)
    }
  }
  // A pair that forms, and a topology change, last for seconds or tens of seconds and end with a timer or a PDU: asking once a second is often enough.
  const askAgainAt = Math.max(windowNs === 0 ? now : lastChangeAt + windowNs, isTopologyChanging ? now + SECOND : now)
  return askAgainAt > now ? { lastChangeAt, windowNs, askAgainAt } : { lastChangeAt, windowNs }
}

/** Let virtual time pass until the network has settled, or for `limit` at most. `run` takes the simulation to an instant. */
export const settle = <F extends WireFrame>(
  simulation: Simulation<F>,
  limit: DurationNs = DEFAULT_LIMIT,
  run: (until: SimTime) => void = (until) => runTo(simulation, until),
): Outcome => {
  const giveUpAt = simulation.now + limit
  for (;;) {
    const { lastChangeAt, askAgainAt } = standing(simulation)
    if (askAgainAt === undefined) return { settled: true, lastChangeAt, at: simulation.now }
    if (simulation.now >= giveUpAt) return { settled: false, lastChangeAt, at: simulation.now }
    run(Math.min(askAgainAt, giveUpAt))
  }
}

/** Run to an instant, past wake-ups that nobody waits for. */
export const runTo = <F extends WireFrame>(simulation: Simulation<F>, until: SimTime): void => {
  while (simulation.run(until) !== "reached") simulation.takeWakes()
}
