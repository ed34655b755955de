/**
 * Random networks of 2 to 60 bridges with random faults: what forwards never loops with bridges of 802.1D-1998 within its timer
 * assumptions, and with rapid bridges only while stale information of a root goes round; once the faults are over every bridge has the
 * tree of shortest paths within max age + 2 x forward delay + 2 x hello time. A failure prints the line that runs its seed again.
 */
import { assert, describe, it } from "@effect/vitest"
import { BROKEN } from "./Protocols.ts"
import { type Mix, replayLine, type Result, run } from "./Run.ts"

const tell = ({ done, failure, options }: Result): string =>
  `${JSON.stringify(options)}\n${done.join("\n")}\n${failure}\nagain: ${replayLine(options)}`

const SEEDS: Readonly<Record<string, number>> = { stp: 120, rstp: 120, mixed: 80 }

describe("random networks and faults", () => {
  for (const [mix, seeds] of Object.entries(SEEDS)) {
    it(`${seeds} of ${mix}`, { timeout: 60_000 }, () => {
      let largest = 0
      let faults = 0
      let loops = 0
      for (let seed = 1; seed <= seeds; seed++) {
        const result = run(seed, mix as Mix)
        if (result.failure !== undefined) assert.fail(tell(result))
        largest = Math.max(largest, result.options.bridges)
        faults += result.done.length
        loops += result.loops.length
      }
      // The draw is worth something: large networks, many faults, and counting to infinity where there can be any.
      assert.isAtLeast(largest, 50)
      assert.isAbove(faults, seeds)
      if (mix === "rstp") assert.isAbove(loops, 0)
    })
  }

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
