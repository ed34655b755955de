/** Checks, and the exit codes that follow from them. */
import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect } from "effect"
import * as Check from "../src/Check.ts"
import { checkText } from "../src/run/Reporter.ts"
import * as Style from "../src/report/Style.ts"
import { runOn, TRIANGLE } from "./support/designs.ts"

const results = (program: Effect.Effect<unknown, never, Check.Checks>) =>
  Effect.suspend(() => {
    const list: Array<Check.CheckResult> = []
    const record = (result: Check.CheckResult) => Effect.sync(() => void list.push(result))
    return Effect.as(Effect.provideService(program, Check.Checks, { record }), list)
  })

describe("checks", () => {
  it.effect("compare numbers and spans of time, and say what was found", () =>
    Effect.gen(function* () {
      const list = yield* results(
        Effect.gen(function* () {
          yield* Check.that("so", true)
          yield* Check.that("not so", false)
          yield* Check.atMost("equal is enough", 3, 3)
          yield* Check.atMost("too many", 4, 3)
          yield* Check.atLeast("too few", 2, 3)
          yield* Check.atMost("a span", Duration.millis(61.3), "2 seconds")
          yield* Check.atMost("too long", "3 seconds", "2 seconds")
          yield* Check.atLeast("too short", Duration.nanos(850n), "1 millis")
          yield* Check.atMost("a hair too long", Duration.nanos(1_000_019_000n), "1 second")
          yield* Check.equals("lists", [1, { a: 2 }], [1, { a: 2 }])
          yield* Check.equals("words", "esx-1", "esx-2")
        }),
      )
      assert.deepStrictEqual(
        list.map((result) => checkText(result, Style.make("signs"))),
        [
          "✓ so",
          "✗ not so",
          "✓ equal is enough: 3 (at most 3)",
          "✗ too many: 4 (expected at most 3)",
          "✗ too few: 2 (expected at least 3)",
          "✓ a span: 61.3 ms (at most 2 s)",
          "✗ too long: 3 s (expected at most 2 s)",
          "✗ too short: 850 ns (expected at least 1 ms)",
          "✗ a hair too long: 1.000019 s (expected at most 1 s)",
          '✓ lists: [1,{"a":2}]',
          "✗ words: esx-1 (expected esx-2)",
        ],
      )
    }),
  )

  it.effect("show lists as text, unless text would not tell them apart", () =>
    Effect.gen(function* () {
      const list = yield* results(
        Effect.gen(function* () {
          yield* Check.equals<unknown>("flat", ["sw1", 2, true], ["sw1", 2, true])
          yield* Check.equals("in lists", [[1, 10], []], [[1, 10], [20]])
          yield* Check.equals("empty", [], ["sw1"])
          yield* Check.equals<unknown>("a number and its text", [1], ["1"])
          yield* Check.equals<unknown>("a list and its only member", ["sw1"], "sw1")
          yield* Check.equals("commas of their own", ["a, b", "c"], ["a", "b, c"])
          yield* Check.equals("no text at all", [""], [""])
        }),
      )
      assert.deepStrictEqual(
        list.map((result) => checkText(result, Style.make("signs"))),
        [
          "✓ flat: sw1, 2, true",
          "✗ in lists: 1, 10; none (expected 1, 10; 20)",
          "✗ empty: none (expected sw1)",
          '✗ a number and its text: [1] (expected ["1"])',
          '✗ a list and its only member: ["sw1"] (expected sw1)',
          '✗ commas of their own: ["a, b","c"] (expected ["a","b, c"])',
          '✓ no text at all: [""]',
        ],
      )
    }),
  )

  it.effect("tell whether they held", () =>
    Effect.gen(function* () {
      let told: ReadonlyArray<boolean> = []
      yield* results(
        Effect.gen(function* () {
          told = [yield* Check.that("a", true), yield* Check.atMost("b", 2, 1)]
        }),
      )
      assert.deepStrictEqual(told, [true, false])
    }),
  )

  it.effect("decide the exit code: all hold 0, one fails 1, none 3, an unfinished program 1", () =>
    Effect.gen(function* () {
      const code = (program: Effect.Effect<unknown, unknown, Check.Checks>) =>
        Effect.map(runOn(TRIANGLE, program), ({ report }) => report.exitCode)
      assert.strictEqual(yield* code(Check.that("a", true)), 0)
      assert.strictEqual(yield* code(Effect.andThen(Check.that("a", true), Check.that("b", false))), 1)
      assert.strictEqual(yield* code(Effect.void), 3)
      assert.strictEqual(yield* code(Effect.andThen(Check.that("a", true), Effect.fail("no"))), 1)
    }),
  )
})
