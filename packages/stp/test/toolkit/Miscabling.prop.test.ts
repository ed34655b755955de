/**
 * With BPDU guard on every edge port, cables in edge ports, wherever they lead, loop for no longer than a hello time and the way of a BPDU through
 * them. Networks, cables and instants are drawn from a seed, which stands in the name of what fails.
 */
import { assert, describe, it } from "@effect/vitest"
import { MILLISECOND, SECOND } from "@l2lab/sim/SimTime"
import * as Prng from "@l2lab/sim/Prng"
import * as Loop from "../../src/Loop.ts"
import type { ToolkitConfig } from "../../src/toolkit/Settings.ts"
import { access, type Cable, type End, VlanNetwork } from "../pvst/VlanNetwork.ts"
import { bridge, type Kind, KINDS, log } from "./Guards.ts"

/** The hello time, and more than a BPDU needs through a cable and out of a queue. */
const BOUND = 2 * SECOND + 10 * MILLISECOND

const EDGE_PORTS = 5
const SEEDS = 25

interface Drawn {
  readonly lan: VlanNetwork
  readonly cables: ReadonlyArray<Cable>
  /** Cables that are plugged in wrongly, each step at one instant. */
  readonly steps: ReadonlyArray<ReadonlyArray<number>>
  /** Nodes from here on are unmanaged switches. */
  readonly bridges: number
  readonly pick: (below: number) => number
}

/**
 * Bridges in a tree, each with edge ports and one that is none. An engineer joins edge ports with one another, with a port that is no edge, or two to four
 * of them by an unmanaged switch that runs no spanning tree; one mistake after the other, or several at once.
 */
const draw = (kind: Kind, seed: number, toolkit: (trunks: number) => ToolkitConfig): Drawn => {
  const random = new Uint32Array(Prng.WORDS)
  Prng.seed(random, 0, seed, "miscabling")
  const pick = (below: number): number => Prng.next(random, 0) % below
  const bridges = 2 + pick(4)
  const trunks = Array.from({ length: bridges }, () => 0)
  const cables: Array<Cable> = []
  for (let node = 1; node < bridges; node++) {
    const up = pick(node)
    cables.push([
      [up, trunks[up]++],
      [node, trunks[node]++],
    ])
  }
  const free = trunks.flatMap((used, node) => Array.from({ length: EDGE_PORTS }, (_, port): End => [node, used + port]))
  const ordinary = trunks.map((used, node): End => [node, used + EDGE_PORTS])
  const take = (from: Array<End>): End => from.splice(pick(from.length), 1)[0]
  const unmanaged: Array<number> = []
  const mistakes: Array<Array<number>> = []
  for (let mistake = 0, all = 1 + pick(5); mistake < all && free.length >= 4; mistake++) {
    const what = pick(3)
    if (what === 0 || (what === 1 && ordinary.length === 0)) cables.push([take(free), take(free)])
    else if (what === 1) cables.push([take(free), take(ordinary)])
    else {
      const ports = 2 + pick(3)
      for (let port = 0; port < ports; port++) cables.push([take(free), [bridges + unmanaged.length, port]])
      mistakes.push(Array.from({ length: ports }, (_, port) => cables.length - ports + port))
      unmanaged.push(ports)
      continue
    }
    mistakes.push([cables.length - 1])
  }
  // What is to be plugged in, step by step: an unmanaged switch cable by cable or all at once, several mistakes at one instant or one by one.
  const steps: Array<Array<number>> = []
  for (const cable of mistakes.flat()) {
    if (steps.length > 0 && pick(3) === 0) steps.at(-1)!.push(cable)
    else steps.push([cable])
  }
  const lan = new VlanNetwork(
    [
      ...trunks.map((used) =>
        bridge(kind, "t".repeat(used) + "a".repeat(EDGE_PORTS + 1), toolkit(used), {
          priority: 4096 * (1 + pick(8)),
          ports: Array.from({ length: used + EDGE_PORTS + 1 }, (_, port) => ({
            adminEdge: port >= used && port < used + EDGE_PORTS,
          })),
        }),
      ),
      ...unmanaged.map((ports) => ({ run: "none" as const, ports: Array.from({ length: ports }, () => access(10)) })),
    ],
    cables,
    seed,
  )
  for (const cable of mistakes.flat()) lan.plug(cable, false)
  return { lan, cables, steps, bridges, pick }
}

/** An unmanaged switch is one LAN with all its cables. */
const loops = ({ bridges, cables, lan }: Drawn): boolean =>
  Loop.hasLoop(
    cables.flatMap((ends, cable) => {
      if (!ends.every(([node, port]) => lan.bridge(node).up[port] === 1)) return []
      const shared = ends.find(([node]) => node >= bridges)
      return ends.flatMap(([node, port]) =>
        node < bridges && lan.forwards(node, port, 10)
          ? [{ bridge: node, lan: shared === undefined ? cable : cables.length + shared[0], node, port }]
          : [],
      )
    }),
  )

/** Plug the wrong cables in; the longest that a loop was seen, looked at every 5 ms. */
const longest = (drawn: Drawn): number => {
  const { lan, pick, steps } = drawn
  lan.run(50)
  let most = 0
  for (const step of steps) {
    for (const cable of step) lan.plug(cable, true)
    const until = lan.simulation.now + 3 * SECOND + pick(4) * SECOND
    let since: number | undefined
    while (lan.simulation.now < until) {
      since = loops(drawn) ? (since ?? lan.simulation.now) : undefined
      lan.simulation.run(lan.simulation.now + 5 * MILLISECOND)
      if (since !== undefined) most = Math.max(most, lan.simulation.now - since)
    }
  }
  return most
}

describe.each(KINDS)("%s", (kind) => {
  it(`guarded, no wrong cable loops for longer than a hello (${SEEDS} seeds)`, () => {
    let tripped = 0
    for (let seed = 1; seed <= SEEDS; seed++) {
      const drawn = draw(kind, seed, () => ({ bpduGuardDefault: true }))
      assert.isAtMost(longest(drawn), BOUND, `seed ${seed}`)
      assert.isFalse(loops(drawn), `seed ${seed}`)
      if (log(drawn.lan).length > 0) tripped++
    }
    // Where an ordinary port blocks the way, the edge port at its other end hears nothing, and need not.
    assert.isAtLeast(tripped, 0.9 * SEEDS)
  })

  it("with BPDU filter on the same ports they do: the property can fail", () => {
    const drawn = draw(kind, 1, (trunks) => ({
      bpduGuardDefault: true,
      ports: Array.from({ length: trunks + EDGE_PORTS + 1 }, (_, port) => ({ bpduFilter: port >= trunks })),
    }))
    assert.isAbove(longest(drawn), BOUND)
  })
})
