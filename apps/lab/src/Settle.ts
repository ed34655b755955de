/**
 * Waiting until a network has settled. Settled: no role, port state or vector changed for max age + 2 x forward delay on any bridge
 * that speaks 802.1D, counted from the last command that could have disturbed one, and no topology change is under way. A network
 * without spanning tree is settled at once.
 *
 * Nothing is polled: a spanning tree tells when it last changed, so virtual time jumps to the earliest instant at which it can count as
 * settled, and the question is asked again there.
 */
import type { BridgeState } from "@l2lab/l2/BridgeState"
import type { WireFrame } from "@l2lab/sim/Device"
import { SECOND, type DurationNs, type SimTime } from "@l2lab/sim/SimTime"
import type { Simulation } from "@l2lab/sim/Simulation"
import { WORLD } from "@l2lab/sim/WorldCommand"
import * as Query from "@l2lab/stp/stp1998/Query"
import type { State } from "@l2lab/stp/stp1998/State"

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
}

/** The 802.1D state of a node; undefined if it is off, is no bridge, or runs no spanning tree. */
export const spanningTreeOf = <F extends WireFrame>({ world }: Simulation<F>, node: number): State | undefined => {
  if (world.kinds[node] !== "bridge") return undefined
  const state = world.states[node] as BridgeState | null
  if (state === null) return undefined
  const position = state.config.protocols.findIndex((protocol) => protocol.kind === "stp1998")
  return position < 0 ? undefined : (state.protocols[position] as State)
}

/** When the world, a bridge or a hub was last given a command; 0 if never. Commands to hosts disturb no tree. */
const lastDisturbanceAt = <F extends WireFrame>({ world }: Simulation<F>): SimTime => {
  const record = world.commandLog.findLast(
    ({ node }) => node === WORLD || world.kinds[node] === "bridge" || world.kinds[node] === "hub",
  )
  return record?.at ?? 0
}

/** How the network stands at the simulation's present instant. Reads only. */
export const standing = <F extends WireFrame>(simulation: Simulation<F>): Standing => {
  const { now } = simulation
  const disturbedAt = lastDisturbanceAt(simulation)
  let lastChangeAt = disturbedAt
  let askAgainAt = now
  for (let node = 0; node < simulation.world.states.length; node++) {
    const state = spanningTreeOf(simulation, node)
    if (state === undefined) continue
    for (let tree = 0; tree < state.trees; tree++) {
      const changedAt = Math.max(disturbedAt, Query.lastChangeAt(state, tree))
      lastChangeAt = Math.max(lastChangeAt, changedAt)
      askAgainAt = Math.max(askAgainAt, changedAt + Query.settlingTime(state, tree))
      // A topology change lasts for tens of seconds and ends with a BPDU from the root: asking once a second is often enough.
      if (Query.isTopologyChanging(state, tree)) askAgainAt = Math.max(askAgainAt, now + SECOND)
    }
  }
  return askAgainAt > now ? { lastChangeAt, askAgainAt } : { lastChangeAt }
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
