/**
 * Networks with more bridges in a row than max age allows: the tree ends where the message age reaches max age, and whoever is beyond is
 * under another root. That is the expected result, not a fault.
 */
import { assert, describe, it } from "@effect/vitest"
import { addressOf } from "./simulation/Network.ts"
import type { StandardProtocol, Timers } from "./simulation/Protocols.ts"
import { Observed } from "./simulation/Times.ts"
import * as Topology from "./simulation/Topology.ts"

const TIMERS: ReadonlyArray<Timers> = [
  { helloTime: 1, maxAge: 6, forwardDelay: 4 },
  { helloTime: 2, maxAge: 10, forwardDelay: 6 },
]

/** A chain that is longer than max age, best bridge first, once it has come to what it comes to. */
const chain = (protocol: StandardProtocol, timers: Timers): Observed => {
  const bridges = timers.maxAge + 5
  const cables = Array.from({ length: bridges - 1 }, (_, n) => [n, n + 1] as const)
  const observed = new Observed(Topology.cabled(bridges, cables), protocol, timers, 1)
  observed.run(120)
  return observed
}

/** The root that each bridge believes in. */
const roots = ({ network }: Observed): ReadonlyArray<number> =>
  network.topology.bridges.map((_, bridge) => (network.view(bridge, 1).root.address - addressOf(0)) / 256)

describe.each(TIMERS)("max age $maxAge s", (timers) => {
  const { maxAge } = timers

  it.each(["rstp", "rapid-pvst", "mstp-alone"] as const)(
    "%s: the tree ends max age hops from the root, each second of age a hop",
    (protocol) => {
      const observed = chain(protocol, timers)
      const expected = roots(observed).map((_, bridge) => (bridge <= maxAge ? 0 : maxAge + 1))
      assert.deepEqual(roots(observed), expected)
      observed.run(60)
      assert.deepEqual(roots(observed), expected)
      assert.deepEqual(observed.network.watch.loops, [])
    },
  )

  it.each(["stp", "pvst"] as const)(
    "%s: it ends sooner, since waiting for the hold timer makes information older too",
    (protocol) => {
      const observed = chain(protocol, timers)
      for (let second = 0; second < 40; second++) {
        observed.run(1)
        const seen = roots(observed)
        const last = seen.lastIndexOf(0)
        // A second for each bridge, and at most another of hold time; where it ends the last information comes and goes.
        assert.isAtMost(last, maxAge)
        assert.isAtLeast(last, Math.floor(maxAge / 2) - 1)
        assert.isTrue(seen.slice(0, last).every((root) => root === 0))
        assert.isAtLeast(new Set(seen).size, 2)
      }
      assert.deepEqual(observed.network.watch.loops, [])
    },
  )

  it("mstp: within a region hops are counted, not seconds", () => {
    assert.deepEqual([...new Set(roots(chain("mstp", timers)))], [0])
  })
})
