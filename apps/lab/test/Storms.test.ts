/** Storms that are watched, stopped and slowed down, as `lab.storm` tells of them. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Lab, type StormReport } from "../src/Lab.ts"
import { runOn } from "./support/designs.ts"

const LOOP = `
spanningTree: { protocol: none }
defaults: { link: { rate: 10M } }
nodes:
  sw1:
  sw2:
  pc1: { kind: host, address: 10.0.0.1/24 }
  pc2: { kind: host, address: 10.0.0.2/24 }
links:
  - ["sw1:1", "sw2:1"]
  - ["sw1:2", "sw2:2"]
  - [pc1, "sw1:3"]
  - [pc2, "sw2:3"]
`

const TREE = LOOP.replace("protocol: none", "protocol: rstp")

/** Run a program and give what it reported and what was said. */
const reported = (design: string, program: Effect.Effect<StormReport, unknown, Lab>) =>
  Effect.gen(function* () {
    let report: StormReport | undefined
    const ran = yield* runOn(
      design,
      Effect.gen(function* () {
        report = yield* Effect.orDie(program)
      }),
    )
    assert.isUndefined(ran.report.failure)
    return { report: report!, ran: ran.report, said: ran.report.said.map(({ text }) => text) }
  })

const storm = Effect.gen(function* () {
  const lab = yield* Lab
  yield* Effect.sleep("1 second")
  yield* lab.host("pc1").broadcast
})

describe("lab.storm", () => {
  it.effect("runs a storm for exactly as long as asked, and ends it by pulling a cable", () =>
    Effect.gen(function* () {
      const { ran, report, said } = yield* reported(
        LOOP,
        Effect.gen(function* () {
          const lab = yield* Lab
          yield* storm
          const seen = yield* lab.storm.run({ lasting: "100 millis" })
          yield* Effect.sleep("2 seconds")
          const after = yield* (yield* lab.storm.watch).report
          assert.deepStrictEqual([after.loads, after.loops], [[], []])
          return seen
        }),
      )
      assert.strictEqual(report.until - report.from, 100e6)
      assert.deepStrictEqual(
        report.loops.map(({ from, ports, vlans }) => [from, ports, vlans]),
        [[1e9, ["sw1:1", "sw1:2", "sw2:1", "sw2:2"], [1]]],
      )
      assert.deepStrictEqual([report.end, report.cables], ["stopped", ["sw1:2--sw2:2"]])
      assert.isTrue(report.full.some(({ from, share }) => from === "sw2:3" && share > 0.95))
      for (const { framesPerSecond } of report.loads) assert.isAtMost(framesPerSecond, 14_900)
      assert.isTrue(said.some((text) => text.startsWith("STOPPED here by pulling sw1:2--sw2:2")))
      assert.isTrue(ran.commandLog.some(({ command }) => command.type === "link.disconnect"))
    }),
  )

  it.effect("slows one down, and says so", () =>
    Effect.gen(function* () {
      const { report, said } = yield* reported(
        LOOP,
        Effect.gen(function* () {
          const lab = yield* Lab
          yield* storm
          const first = yield* lab.storm.run({ lasting: "100 millis", afterwards: { rate: 100_000 } })
          const watch = yield* lab.storm.watch
          yield* Effect.sleep("2 seconds")
          const slow = yield* watch.report
          assert.isAtMost(slow.framesPerSecond, first.framesPerSecond / 20)
          assert.isAbove(slow.framesPerSecond, 100, "it goes on")
          return first
        }),
      )
      assert.deepStrictEqual([report.end, report.cables], ["throttled", ["sw1:1--sw2:1", "sw1:2--sw2:2"]])
      assert.isTrue(said.some((text) => text.startsWith("THROTTLED here to 100,000 bit/s on sw1:1--sw2:1, sw1:2--sw2:2")))
    }),
  )

  it.effect("tells that there is none", () =>
    Effect.gen(function* () {
      const { report, said } = yield* reported(
        TREE,
        Effect.gen(function* () {
          const lab = yield* Lab
          yield* lab.converged
          yield* lab.host("pc1").broadcast
          return yield* lab.storm.run({ lasting: "1 second" })
        }),
      )
      assert.deepStrictEqual([report.end, report.cables, report.loops, report.full], ["goes on", [], [], []])
      assert.isTrue(said.includes("STORM  nobody forwards in a ring"))
    }),
  )

  it.effect("cannot be slowed down to nothing", () =>
    Effect.gen(function* () {
      const exit = yield* Effect.exit(
        runOn(
          LOOP,
          Effect.flatMap(Lab, (lab) => lab.storm.run({ lasting: "1 second", afterwards: { rate: 0 } })),
        ),
      )
      assert.match(String(exit), /a storm cannot be slowed down to 0 bits a second: give a whole number/)
    }),
  )
})
