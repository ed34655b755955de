/** What switches protect themselves with, as scenarios see it: logs, ports out of service and back, forks. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { readFileSync } from "node:fs"
import * as Check from "../src/Check.ts"
import { Lab } from "../src/Lab.ts"
import { runOn } from "./support/designs.ts"

const FLAPPING = readFileSync(new URL("fixtures/flapping.l2.yml", import.meta.url), "utf8")

const failed = (report: { readonly checks: ReadonlyArray<{ readonly passed: boolean }> }) =>
  report.checks.filter((check) => !check.passed)

const flap = Effect.gen(function* () {
  const lab = yield* Lab
  for (let i = 0; i < 3; i++) {
    yield* lab.link("sw1", "sw2").down
    yield* lab.link("sw1", "sw2").up
    yield* Effect.sleep("1 second")
  }
})

describe("ports out of service", () => {
  it.effect("are logged, come back by themselves, and a fork goes its own way", () =>
    Effect.gen(function* () {
      const { report } = yield* runOn(
        FLAPPING,
        Effect.gen(function* () {
          const lab = yield* Lab
          const lines = (part: string) => Effect.map(lab.log.find(part, "sw1"), (entries) => entries.map(({ text }) => text))
          yield* flap
          yield* Check.equals("out", yield* lines("ERR_DISABLE"), [
            "%PM-4-ERR_DISABLE: link-flap error detected on Gi0/1, putting Gi0/1 in err-disable state",
          ])
          yield* lab.fork(
            Effect.gen(function* () {
              const fork = yield* Lab
              yield* Effect.sleep("60 seconds")
              yield* Check.equals("lines in the fork", (yield* fork.log.find("PM-4-", "sw1")).length, 2)
            }),
          )
          yield* Check.equals("not yet back", (yield* lab.log.find("ERR_RECOVER")).length, 0)
          yield* Effect.sleep("60 seconds")
          yield* Check.equals("back", yield* lines("ERR_RECOVER"), [
            "%PM-4-ERR_RECOVER: Attempting to recover from link-flap err-disable state on Gi0/1",
          ])
          yield* Check.equals(
            "the neighbour logs carriers only",
            (yield* lab.log.lines("sw2")).every(({ routine }) => routine),
            true,
          )
          return yield* lab.fingerprint
        }),
      )
      assert.deepStrictEqual(failed(report), [])
      assert.isUndefined(report.failure)
      assert.isTrue(report.said.some(({ text }) => /^sw1 +%PM-4-ERR_DISABLE: link-flap/.test(text)))
    }),
  )

  it.effect("come back with shutdown and no shutdown where recovery is off", () =>
    Effect.gen(function* () {
      const { report } = yield* runOn(
        FLAPPING,
        Effect.gen(function* () {
          const lab = yield* Lab
          yield* lab.switch("sw1").errdisableRecovery("link-flap", false)
          yield* flap
          yield* Effect.sleep("10 minutes")
          const ups = Effect.map(
            lab.log.find("LINK-3-UPDOWN: Interface GigabitEthernet0/1, changed state to up", "sw1"),
            (l) => l.length,
          )
          const before = yield* ups
          yield* lab.port("sw1:1").noShutdown
          yield* Check.equals("no shutdown brings it back", yield* ups, before + 1)
        }),
      )
      assert.deepStrictEqual(failed(report), [])
    }),
  )

  it.effect("a cause that there is not is the script's mistake", () =>
    Effect.gen(function* () {
      const exit = yield* Effect.exit(
        runOn(
          FLAPPING,
          Effect.flatMap(Lab, (lab) => lab.switch("sw1").errdisableRecovery("bpdugard", true)),
        ),
      )
      assert.match(String(exit), /there is no errdisable cause .*bpdugard.*; did you mean .*bpduguard/)
    }),
  )
})
