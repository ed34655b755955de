/** What switches protect themselves with, as scenarios see it: logs, ports out of service and back, forks. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { readFileSync } from "node:fs"
import { registry } from "@l2lab/design/Registry"
import * as Fingerprint from "@l2lab/sim/Fingerprint"
import * as Replay from "@l2lab/sim/Replay"
import * as Check from "../src/Check.ts"
import { planWith } from "../src/Emulation.ts"
import { Lab, type LabApi } from "../src/Lab.ts"
import { compiled, TRIANGLE, runOn } from "./support/designs.ts"

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

  it.effect("guards of running switches are set by recorded commands, which replay without the script", () =>
    Effect.gen(function* () {
      const design = TRIANGLE.replace("sw2:", "sw2: { spanningTree: { protocol: pvst } }").replace(
        "sw3:",
        "sw3: { spanningTree: { protocol: rapid-pvst } }",
      )
      const { report } = yield* runOn(
        design,
        Effect.gen(function* () {
          const lab = yield* Lab
          const lines = (part: string, name: string) =>
            Effect.map(lab.log.find(part, name), (entries) => entries.map(({ text }) => text))
          yield* lab.converged
          yield* lab.port("sw2:1").rootGuard(true)
          yield* Effect.sleep("5 seconds")
          yield* Check.equals("sw2 says", yield* lines("ROOTGUARD", "sw2"), [
            "%SPANTREE-2-ROOTGUARD_CONFIG_CHANGE: Root guard enabled on port GigabitEthernet0/1 on VLAN0001.",
            "%SPANTREE-2-ROOTGUARD_BLOCK: Root guard blocking port GigabitEthernet0/1 on VLAN0001.",
          ])
          yield* lab.port("sw2:1").rootGuard(false)
          yield* lab.port("sw2:2").loopGuard(true)
          yield* lab.port("sw2:2").loopGuard("default")
          yield* lab.port("sw2:2").loopGuard(false)
          yield* lab.port("sw2:3").portfast(true)
          yield* lab.port("sw2:3").bpduFilter(true)
          yield* lab.port("sw3:2").portfast("network")
          yield* lab.port("sw3:2").portfast(false)
          yield* lab.port("sw3:1").bpduGuard(true)
          yield* Effect.sleep("5 seconds")
          yield* Check.equals("sw3 says", (yield* lines("BLOCK_BPDUGUARD", "sw3")).length, 1)
          yield* lab.switch("sw3").guardDefault("bpduguard", true)
          yield* lab.switch("sw3").guardDefault("loopguard", true)
          yield* lab.port("sw3:1").bpduGuard(false)
          yield* lab.port("sw3:1").shutdown
          yield* lab.port("sw3:1").noShutdown
          yield* Effect.sleep("10 seconds")
          yield* Check.equals("it is left alone now", (yield* lines("BLOCK_BPDUGUARD", "sw3")).length, 1)
        }),
      )
      assert.deepStrictEqual(failed(report), [])
      assert.isUndefined(report.failure)
      const replayed = Replay.run(
        planWith(compiled(design).plan, report.seed),
        registry(),
        structuredClone(report.commandLog),
        -1,
      )
      replayed.advanceTo(report.endedAt, report.events)
      assert.strictEqual(Fingerprint.of(replayed), report.fingerprint)
    }),
  )

  it.effect("orders that a switch cannot take are the script's mistake", () =>
    Effect.gen(function* () {
      for (const [order, sentence] of [
        [(lab: LabApi) => lab.port("pc1:1").bpduGuard(true), /pc1 is a host, and has no spanning tree/],
        [(lab: LabApi) => lab.port("sw1:1").portfast("network"), /sw1 runs stp.*no network ports/],
        [(lab: LabApi) => lab.port("sw1:9").rootGuard(true), /sw1:9/],
        // From a script without types.
        [
          (lab: LabApi) => lab.port("sw1:1").portfast("netwrk" as "network"),
          /portfast of sw1:1 is true, false or .*, not .*netwrk/,
        ],
        [
          (lab: LabApi) => lab.switch("sw1").errdisableRecovery("udld", true, "5 seconds"),
          /from 30 seconds to 86400 seconds, not 5 s/,
        ],
      ] as const) {
        const exit = yield* Effect.exit(runOn(TRIANGLE, Effect.flatMap(Lab, order)))
        assert.match(String(exit), sentence)
      }
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
