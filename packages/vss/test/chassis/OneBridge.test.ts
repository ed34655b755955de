/** To its neighbours a pair is one bridge, in every spanning tree: an ordinary bridge with all its ports is the oracle. */
import { assert, describe, it } from "@effect/vitest"
import type { BridgeState } from "@l2lab/l2/BridgeState"
import { SECOND } from "@l2lab/sim/SimTime"
import * as SpanningTree from "@l2lab/stp/SpanningTree"
import { CATALYST_6500 } from "../../src/vslp/Settings.ts"
import { Farm, type FarmSpec } from "./Farm.ts"
import { PROTOCOLS } from "./Protocols.ts"

const ACCESS = 3

/** What an access switch believes of its trees: ports, costs, who is designated. The root's port numbers are the pair's. */
const beliefs = (bridge: BridgeState, now: number): unknown => {
  const tree = SpanningTree.of(bridge)!
  return Array.from({ length: SpanningTree.treesOf(tree) }, (_, t) => {
    const { ports, root, rootPathCost, rootPort } = SpanningTree.snapshot(tree, t, now)
    const uplinks = ports.map(({ designatedBridge, designatedPort, port, role, state }) => ({
      port,
      role,
      state,
      designatedBridge,
      designatedPort,
    }))
    return { root, rootPathCost, rootPort, uplinks }
  })
}

const compare = (pair: Farm, oracle: Farm, what: string): void => {
  for (let a = 0; a < ACCESS; a++) {
    assert.deepStrictEqual(
      beliefs(pair.access(a), pair.simulation.now),
      beliefs(oracle.access(a), oracle.simulation.now),
      `${what}: access switch ${a + 1}`,
    )
  }
  assert.deepStrictEqual(pair.pairRoles(0), oracle.bridgeRoles, what)
}

describe("a pair is one bridge to its neighbours", () => {
  const [, rstp] = PROTOCOLS[1]
  for (const [name, spec] of [
    ...PROTOCOLS,
    ["rstp2004 on a platform without a control class", { ...rstp, bridge: { controlClass: false } }] as const,
  ]) {
    for (const bundling of ["none", "active"] as const) {
      it(`${name}, ${bundling === "none" ? "uplinks each by itself" : "uplinks in bundles"}`, () => {
        const both: FarmSpec = { ...spec, access: ACCESS, bundling }
        const pair = new Farm(both).run(100)
        const oracle = new Farm({ ...both, isOneBridge: true }).run(100)
        compare(pair, oracle, "at first")
        const steps: ReadonlyArray<readonly [string, number, 0 | 1]> = [
          ["cut", 0, 0],
          ["cut", 1, 1],
          ["mend", 0, 0],
          ["cut", 2, 0],
          ["cut", 2, 1],
          ["mend", 1, 1],
          ["mend", 2, 1],
        ]
        for (const [what, a, s] of steps) {
          for (const farm of [pair, oracle]) {
            if (what === "cut") farm.cut(farm.uplink(a, s))
            else farm.mend(farm.uplink(a, s))
            farm.run(60)
          }
          compare(pair, oracle, `${what} ${a} ${s}`)
        }
      })
    }
  }

  it("no port blocks where every access switch is on a bundle of both chassis, and only the active speaks", () => {
    for (const [name, spec] of PROTOCOLS) {
      const deaf = { times: { ...CATALYST_6500, dead: 1000 * SECOND, fastLink: 1000 * SECOND } }
      const farm = new Farm({ ...spec, access: ACCESS, times: { silence: 1000 * SECOND }, chassis: [deaf, deaf] }).run(100)
      for (let a = 0; a < ACCESS; a++) {
        for (const role of farm.accessRoles(a)) assert.notMatch(role, /Alternate|Backup|Blocked/, name)
      }
      // Its processor stops, which nobody notices: nobody hears a BPDU from the pair any more.
      const heard = (): ReadonlyArray<number> =>
        Array.from({ length: ACCESS }, (_, a) => {
          const { ports } = SpanningTree.snapshot(SpanningTree.of(farm.access(a))!, 0, farm.simulation.now)
          return ports.reduce((sum, { bpdusReceived }) => sum + bpdusReceived, 0)
        })
      farm.run(10)
      const before = heard()
      farm.run(10)
      heard().forEach((count, a) => assert.isAtLeast(count, before[a] + 4, name))
      farm.simulation.command(0, { type: "bridge.control-plane", hung: true } as never)
      const last = heard()
      farm.run(10)
      assert.deepStrictEqual(heard(), last, name)
      assert.strictEqual(farm.modes, "active, standby hot")
    }
  })
})
