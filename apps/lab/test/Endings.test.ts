/** How runs end that do not come to their end. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import * as Check from "../src/Check.ts"
import { Lab } from "../src/Lab.ts"
import { longestGapNs } from "../src/lab/Stations.ts"
import { PAIR, runOn, TRIANGLE } from "./support/designs.ts"

describe("a run that cannot go on", () => {
  it.effect("a bug of ours is told as one, with the line that shows it again", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(runOn(TRIANGLE, Effect.die(new Error("the relay is upside down")), { seed: 7 }))
      assert.strictEqual(error._tag, "Bug")
      assert.match(
        error.message,
        /^this is a bug of l2lab.*npx --no lab run test --seed 7[^\n]*\nError: the relay is upside down\n {4}at /,
      )
    }),
  )

  it.effect("waiting in a world at rest is told, and what was checked before counts", () =>
    Effect.gen(function* () {
      const { report } = yield* runOn(
        PAIR,
        Effect.gen(function* () {
          const lab = yield* Lab
          yield* Check.that("before", true)
          yield* Stream.runDrain(lab.events)
        }),
      )
      assert.strictEqual(report.exitCode, 1)
      assert.match(report.failure ?? "", /the world came to rest at/)
      assert.deepStrictEqual(report.checks, [{ name: "before", passed: true }])
    }),
  )

  it.effect("a program's own failure is a sentence", () =>
    Effect.gen(function* () {
      const { report } = yield* runOn(TRIANGLE, Effect.fail({ code: 7 }))
      assert.strictEqual(report.failure, 'the scenario failed: {"code":7}')
    }),
  )
})

describe("an outage", () => {
  it.effect("counts silence before the first answer, and silence that lasts", () =>
    Effect.gen(function* () {
      const { report } = yield* runOn(
        PAIR,
        Effect.gen(function* () {
          const lab = yield* Lab
          yield* lab.port("sw1:2").shutdown
          const ping = yield* lab.host("client").ping("web-1", { every: "100 millis" })
          yield* Effect.sleep("3 seconds")
          yield* Check.atLeast("never answered", yield* ping.longestGap, "3 seconds")
          yield* lab.port("sw1:2").noShutdown
          yield* Effect.sleep("3 seconds")
          yield* Check.atLeast("answered late", yield* ping.longestGap, "3 seconds")
          yield* Check.atMost("and then on time", yield* ping.longestGap, "4100 millis")
          yield* ping.stop
          yield* Effect.sleep("1 minute")
          yield* Check.atMost("a stopped ping has no outage", yield* ping.longestGap, "4100 millis")
        }),
      )
      assert.deepStrictEqual(
        report.checks.filter((check) => !check.passed),
        [],
      )
    }),
  )

  it("is not the time until the next answer is due", () => {
    const run = { startedAt: 0, everyNs: 100, firstAnsweredAt: 10, lastAnsweredAt: 1000, longestGapNs: 101, active: true }
    const gap = (now: number) => longestGapNs(run as Parameters<typeof longestGapNs>[0], now)
    assert.strictEqual(gap(1140), 101)
    assert.strictEqual(gap(1160), 160)
  })
})
