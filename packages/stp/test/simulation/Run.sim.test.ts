/**
 * Random networks of 2 to 60 bridges with random faults: what forwards never loops with bridges of 802.1D-1998 within its timer
 * assumptions, and with rapid bridges only while stale information of a root goes round; once the faults are over every bridge has the
 * tree of shortest paths within max age + 2 x forward delay + 2 x hello time. A failure prints the line that runs its seed again.
 */
import { assert, describe, it } from "@effect/vitest"
import { BROKEN } from "./Broken.ts"
import { type Mix, replayLine, type Result, run } from "./Run.ts"

const tell = ({ done, failure, options }: Result): string =>
  `${JSON.stringify(options)}\n${done.join("\n")}\n${failure}\nagain: ${replayLine(options)}`

const SEEDS: ReadonlyArray<readonly [mix: Mix, seeds: number]> = [
  ["stp", 80],
  ["rstp", 80],
  ["stp+rstp", 60],
  ["pvst", 40],
  ["rapid-pvst", 40],
  ["pvst+rapid-pvst", 30],
  ["mstp", 40],
  ["mstp-alone", 30],
]

describe("random networks and faults", () => {
  const results: Array<Result> = []

  it.each(SEEDS)("%s, %i networks", { timeout: 60_000 }, (mix, seeds) => {
    for (let seed = 1; seed <= seeds; seed++) {
      const result = run(seed, mix)
      results.push(result)
      if (result.failure !== undefined) assert.fail(tell(result))
    }
  })

  it("what was drawn is worth something: large networks, many faults, counting to infinity", () => {
    assert.isAtLeast(Math.max(...results.map(({ options }) => options.bridges)), 50)
    assert.isAbove(results.flatMap(({ done }) => done).length, 500)
    const loops = results.flatMap((result) => result.loops)
    assert.isTrue(loops.some(({ stale }) => stale !== undefined))
    assert.isTrue(loops.every(({ until }) => Number.isFinite(until)))
  })

  it("a seed is a run: the same twice", () => {
    assert.deepEqual(run(7, "rstp"), run(7, "rstp"))
  })
})

describe("bridges that are wrong on purpose are found out", () => {
  for (const name of Object.keys(BROKEN)) {
    it(name, { timeout: 60_000 }, () => {
      for (let seed = 1; seed <= 300; seed++) if (run(seed, name as Mix).failure?.includes("loop")) return
      assert.fail("300 networks, and nothing was noticed")
    })
  }
})
