/** A pair comes up: each spanning tree, static or LACP, frames as octets or not. */
import { assert, describe, it } from "vitest"
import * as Query from "../../src/mlag/Query.ts"
import { Farm, type Tree } from "./PairFarm.ts"

const TREES: ReadonlyArray<Tree> = ["none", "stp1998", "rstp2004", "mstp", "pvst", "rapid-pvst"]

describe("a pair comes up", () => {
  for (const tree of TREES) {
    it(`with ${tree}: one copy of each frame to each host, no port blocked`, () => {
      const farm = new Farm({ tree }).run(60)
      assert.deepStrictEqual(
        [Query.vpc(farm.peer(0), farm.simulation.now).role, Query.vpc(farm.peer(1), farm.simulation.now).role],
        ["primary", "secondary"],
      )
      assert.deepStrictEqual(
        Query.vpc(farm.peer(1), farm.simulation.now).vpcs.map(({ status }) => status),
        ["up", "up"],
      )
      assert.deepStrictEqual(farm.probe(), [])
      assert.deepStrictEqual(farm.probe(), [])
    })
  }
})
