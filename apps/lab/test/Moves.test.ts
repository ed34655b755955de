/** Several orders for one VM: each is answered for itself. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import * as Check from "../src/Check.ts"
import { Lab } from "../src/Lab.ts"
import { PAIR, runOn } from "./support/designs.ts"

describe("a second order for a VM on its way", () => {
  it.effect("is refused, and the first one goes on to its end", () =>
    Effect.gen(function* () {
      const { report } = yield* runOn(
        PAIR,
        Effect.gen(function* () {
          const lab = yield* Lab
          const first = yield* Effect.forkChild(Effect.result(lab.vm("web-1").vmotion({ to: "esx-2" })))
          yield* Effect.sleep("1 millis")
          const second = yield* Effect.result(lab.vm("web-1").vmotion({ to: "esx-2" }))
          yield* Check.equals("second", second._tag, "Failure")
          const { _tag: outcome } = yield* Fiber.join(first)
          yield* Check.equals("first", outcome, "Success")
          yield* Check.equals("host", yield* lab.vm("web-1").host, "esx-2")
        }),
      )
      assert.deepStrictEqual(
        report.checks.filter((check) => !check.passed),
        [],
      )
      assert.strictEqual(report.exitCode, 0)
    }),
  )
})

describe("zero pages", () => {
  const touched = PAIR.replace("memory: 4MiB,", "memory: 4MiB, touched: 2MiB,")

  it.effect("are told of apart, and not counted as octets that travelled", () =>
    Effect.gen(function* () {
      const { report } = yield* runOn(
        touched,
        Effect.gen(function* () {
          const lab = yield* Lab
          const move = yield* lab.vm("web-1").vmotion({ to: "esx-2" })
          yield* Check.equals("pages", move.rounds[0].pages, 1024)
          yield* Check.equals("of these zero", move.rounds[0].zeroPages, 512)
        }),
      )
      assert.deepStrictEqual(
        report.checks.filter((check) => !check.passed),
        [],
      )
      const said = report.said.map(({ text }) => text).join("\n")
      assert.match(said, /512 pages are zero and go in one message; 2,048 KiB travel/)
      assert.match(said, /pre-copy 1 +1,024 pages +2,048 KiB/)
    }),
  )
})
