/** A world with a pair forked, saved and replayed in the middle of what happens to it. */
import * as Fingerprint from "@l2lab/sim/Fingerprint"
import { SECOND } from "@l2lab/sim/SimTime"
import { Simulation } from "@l2lab/sim/Simulation"
import { assert, describe, it } from "vitest"
import { Farm, registry, TREES, type Tree } from "./PairFarm.ts"

const STORIES: ReadonlyArray<readonly [what: string, act: (farm: Farm) => void, seconds: number]> = [
  ["the delay of restored legs", () => {}, 4],
  ["a lost peer-link, while the secondary holds", (farm) => farm.run(60).cut("peer-link"), 1],
  ["a lost peer-link, when the legs go down", (farm) => farm.run(60).cut("peer-link"), 3.5],
  ["a dead primary, before anybody knows", (farm) => farm.run(60).off(0), 2],
  ["a dead primary, just succeeded", (farm) => farm.run(60).off(0), 8.001],
  ["a split brain", (farm) => farm.run(60).cut("peer-link", "keepalive"), 20],
  ["a split brain that heals", (farm) => farm.run(60).cut("peer-link", "keepalive").run(20).mend("peer-link", "keepalive"), 2.5],
]

const story = (tree: Tree, act: (farm: Farm) => void, seconds: number): Farm => {
  const farm = new Farm({
    tree,
    legs: 2,
    hybrid: tree !== "none",
    suspendIndividual: tree === "none",
    peers: [{ peerSwitch: tree === "mstp" }, { peerSwitch: tree === "mstp" }],
  })
  act(farm)
  farm.say(0)
  farm.say(3, 1)
  return farm.run(seconds)
}

describe("in the middle of", () => {
  for (const [i, [what, act, seconds]] of STORIES.entries()) {
    it(`${what}: fork, saved world and replay go on as the original does`, () => {
      const farm = story(TREES[i % TREES.length], act, seconds)
      const fork = farm.simulation.fork()
      const saved = new Simulation(structuredClone(farm.simulation.save()), registry)
      assert.strictEqual(Fingerprint.of(fork), farm.fingerprint)
      farm.run(30)
      farm.probe()
      for (const other of [fork, saved]) {
        assert.notStrictEqual(Fingerprint.of(other), farm.fingerprint)
        for (const { at, command, node } of farm.simulation.world.commandLog.filter((each) => each.at >= other.now)) {
          other.run(at)
          other.command(node, command)
        }
        other.run(farm.simulation.now)
        assert.strictEqual(Fingerprint.of(other), farm.fingerprint)
      }
      assert.strictEqual(farm.replayed(), farm.fingerprint)
    })
  }

  it("nothing: two runs of one seed are one, another seed is another", () => {
    const run = (seed: number): string => new Farm({ seed }).run(30).fingerprint
    assert.strictEqual(run(7), run(7))
    assert.notStrictEqual(run(7), run(8))
    assert.isAbove(new Farm().run(30).simulation.now, 29 * SECOND)
  })
})
