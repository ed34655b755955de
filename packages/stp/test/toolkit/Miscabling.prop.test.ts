/**
 * With BPDU guard on every edge port, cables between edge ports, whatever they are, loop for no longer than a hello time and the way of a BPDU through
 * them. Networks, cables and instants are drawn from a seed, which stands in the name of what fails.
 */
import { assert, describe, it } from "@effect/vitest"
import { MILLISECOND, SECOND } from "@l2lab/sim/SimTime"
import * as Prng from "@l2lab/sim/Prng"
import * as Loop from "../../src/Loop.ts"
import type { ToolkitConfig } from "../../src/toolkit/Settings.ts"
import { type Cable, VlanNetwork } from "../pvst/VlanNetwork.ts"
import { bridge, type Kind, KINDS, log } from "./Guards.ts"

/** The hello time, and more than a BPDU needs through a cable and out of a queue. */
const BOUND = 2 * SECOND + 10 * MILLISECOND

const EDGE_PORTS = 5
const SEEDS = 25

interface Drawn {
  readonly lan: VlanNetwork
  readonly cables: ReadonlyArray<Cable>
  /** Cables before it are right, from it on between edge ports. */
  readonly firstWrong: number
  readonly pick: (below: number) => number
}

/** Bridges in a tree, each with edge ports; some of these are joined in pairs, not plugged in yet. */
const draw = (kind: Kind, seed: number, toolkit: (trunks: number) => ToolkitConfig): Drawn => {
  const random = new Uint32Array(Prng.WORDS)
  Prng.seed(random, 0, seed, "miscabling")
  const pick = (below: number): number => Prng.next(random, 0) % below
  const bridges = 2 + pick(4)
  const trunks = Array.from({ length: bridges }, () => 0)
  const right: Array<Cable> = []
  for (let node = 1; node < bridges; node++) {
    const up = pick(node)
    right.push([
      [up, trunks[up]++],
      [node, trunks[node]++],
    ])
  }
  const free = trunks.flatMap((used, node) => Array.from({ length: EDGE_PORTS }, (_, port) => [node, used + port] as const))
  const wrong: Array<Cable> = []
  const pairs = 1 + pick(Math.min(5, Math.floor(free.length / 2)))
  for (let pair = 0; pair < pairs; pair++) {
    const [a] = free.splice(pick(free.length), 1)
    const [b] = free.splice(pick(free.length), 1)
    wrong.push([a, b])
  }
  const cables = [...right, ...wrong]
  const lan = new VlanNetwork(
    trunks.map((used) =>
      bridge(kind, "t".repeat(used) + "a".repeat(EDGE_PORTS), toolkit(used), {
        priority: 4096 * (1 + pick(8)),
        ports: Array.from({ length: used + EDGE_PORTS }, (_, port) => ({ adminEdge: port >= used })),
      }),
    ),
    cables,
    seed,
  )
  for (let cable = right.length; cable < cables.length; cable++) lan.plug(cable, false)
  return { lan, cables, firstWrong: right.length, pick }
}

const loops = ({ cables, lan }: Drawn): boolean =>
  Loop.hasLoop(
    cables.flatMap((ends, cable) =>
      ends.every(([node, port]) => lan.bridge(node).up[port] === 1)
        ? ends.flatMap(([node, port]) => (lan.forwards(node, port, 10) ? [{ bridge: node, lan: cable, node, port }] : []))
        : [],
    ),
  )

/** Plug the wrong cables in one after the other; the longest that a loop was seen, looked at every 5 ms. */
const longest = (drawn: Drawn): number => {
  const { cables, firstWrong, lan, pick } = drawn
  lan.run(50)
  let most = 0
  for (let cable = firstWrong; cable < cables.length; cable++) {
    lan.plug(cable, true)
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
    for (let seed = 1; seed <= SEEDS; seed++) {
      const drawn = draw(kind, seed, () => ({ bpduGuardDefault: true }))
      assert.isAtMost(longest(drawn), BOUND, `seed ${seed}`)
      assert.isFalse(loops(drawn), `seed ${seed}`)
      assert.isNotEmpty(log(drawn.lan), `seed ${seed}: no guard tripped`)
    }
  })

  it("with BPDU filter on the same ports they do: the property can fail", () => {
    const drawn = draw(kind, 1, (trunks) => ({
      bpduGuardDefault: true,
      ports: Array.from({ length: trunks + EDGE_PORTS }, (_, port) => ({ bpduFilter: port >= trunks })),
    }))
    assert.isAbove(longest(drawn), BOUND)
  })
})
