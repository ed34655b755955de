/** Storms that are watched, stopped and slowed down, as `lab.storm` tells of them. */
import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect } from "effect"
import { Lab, type StormOptions, type StormReport } from "../src/Lab.ts"
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

  it.effect("knows since when from whoever watched before", () =>
    Effect.gen(function* () {
      const { report, said } = yield* reported(
        LOOP.replace("  sw1:", "  sw1: { port: { 2: { shutdown: true } } }"),
        Effect.gen(function* () {
          const lab = yield* Lab
          yield* lab.watchLoops
          yield* Effect.sleep("3 seconds")
          yield* lab.port("sw1:2").noShutdown
          yield* Effect.sleep("2 seconds")
          yield* lab.host("pc1").broadcast
          yield* lab.storm.run({ lasting: "50 millis", afterwards: { rate: 100_000 } })
          return yield* lab.storm.run({ lasting: "50 millis" })
        }),
      )
      assert.deepStrictEqual(
        report.loops.map(({ from }) => from),
        [3e9],
      )
      assert.lengthOf(
        said.filter((text) => text.startsWith("STORM  looped since 3.000 s: sw1:1")),
        2,
      )
      assert.lengthOf(
        said.filter((text) => text.startsWith("LOOP")),
        1,
      )
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

  it.effect("gives cables back what was taken from them, when asked", () =>
    Effect.gen(function* () {
      for (const afterwards of ["stop", { rate: 100_000 }] as const) {
        const { ran, said } = yield* reported(
          LOOP,
          Effect.gen(function* () {
            const lab = yield* Lab
            yield* storm
            const first = yield* lab.storm.run({ lasting: "100 millis", afterwards })
            yield* Effect.sleep("1 second")
            yield* first.restore
            yield* lab.host("pc1").broadcast
            yield* Effect.sleep("2 seconds")
            const again = yield* lab.storm.run({ lasting: "100 millis" })
            assert.isAtLeast(again.framesPerSecond, first.framesPerSecond)
            return again
          }),
        )
        const restored =
          afterwards === "stop"
            ? ["RESTORED here: sw1:2--sw2:2 plugged in again"]
            : ["RESTORED here: sw1:1--sw2:1, sw1:2--sw2:2 as fast as before"]
        assert.deepStrictEqual(
          said.filter((text) => text.startsWith("RESTORED")),
          restored,
        )
        const rates = ran.commandLog.flatMap(({ command }) => (command.type === "link.rate" ? [command] : []))
        assert.deepStrictEqual(
          rates.map((command) => (command as unknown as { readonly rateBps: number }).rateBps),
          afterwards === "stop" ? [] : [100_000, 100_000, 10_000_000, 10_000_000],
        )
      }
    }),
  )

  it.effect("ends the rings that it is told to, and leaves others alone", () =>
    Effect.gen(function* () {
      const { report } = yield* reported(
        `${LOOP}  - ["sw3:1", "sw4:1"]\n  - ["sw3:2", "sw4:2"]\n  - [pc3, "sw3:3"]\n`.replace(
          "  pc1:",
          "  sw3:\n  sw4:\n  pc3: { kind: host, address: 10.0.1.1/24 }\n  pc1:",
        ),
        Effect.gen(function* () {
          const lab = yield* Lab
          yield* storm
          yield* lab.host("pc3").broadcast
          const first = yield* lab.storm.run({ lasting: "100 millis", on: "sw3:2" })
          const left = yield* (yield* lab.storm.watch).report
          assert.deepStrictEqual(
            left.loops.map(({ ports }) => ports),
            [["sw1:1", "sw1:2", "sw2:1", "sw2:2"]],
          )
          yield* lab.storm.run({ lasting: "10 millis" })
          return first
        }),
      )
      assert.deepStrictEqual([report.end, report.cables], ["stopped", ["sw3:2--sw4:2"]])
    }),
  )

  const REFUSED: ReadonlyArray<readonly [options: StormOptions, sentence: RegExp]> = [
    [
      { lasting: "1 second", afterwards: { rate: 0 } },
      /storm-rate: a storm cannot be slowed down to 0 bits a second: give a whole/,
    ],
    [{ lasting: "1 second", afterwards: { rate: 1e5 + 0.5 } }, /storm-rate: a storm cannot be slowed down to 100000.5 bits/],
    [
      { lasting: "1 second", afterwards: "halt" as "stop" },
      /storm-end: a storm does not end by "halt": write "stop", or a rate like/,
    ],
    [{ lasting: 0 }, /storm-time: a storm lasts some time, and not for ever: give a time like "1 second"/],
    [{ lasting: Duration.infinity }, /storm-time: /],
    [
      { lasting: "1 second", on: "sw9:1" },
      /storm-port: there is no port "sw9:1": the design has no node "sw9"; did you mean "sw1"/,
    ],
    [{ lasting: "1 second", on: ["sw1:1", "sw1:9"] }, /storm-port: there is no port "sw1:9": sw1 has sw1:1 to sw1:4/],
    [{ lasting: "1 second", on: "sw1:4" }, /storm-port: nothing is cabled to sw1:4: name a port that a storm goes through/],
  ]
  it.effect.each(REFUSED)("refuses %o", ([options, sentence]) =>
    Effect.gen(function* () {
      const design = LOOP.replace("  sw1:", "  sw1: { ports: 4 }")
      const exit = yield* Effect.exit(
        runOn(
          design,
          Effect.flatMap(Lab, (lab) => lab.storm.run(options)),
        ),
      )
      assert.match(String(exit), sentence)
    }),
  )
})
