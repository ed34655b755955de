/** The scenario API on every spanning tree: waiting, the page, and orders while it runs. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import * as Check from "../src/Check.ts"
import { Lab } from "../src/Lab.ts"
import { lab } from "./support/cli.ts"
import { runOn } from "./support/designs.ts"
import { temporaryFolder } from "./support/folder.ts"

const folder = temporaryFolder()

const shipped = (name: string): string => readFileSync(new URL(`../../../designs/${name}.l2.yml`, import.meta.url), "utf8")

const failed = (report: { readonly checks: ReadonlyArray<{ readonly passed: boolean }> }) =>
  report.checks.filter((check) => !check.passed)

describe("a scenario", () => {
  it.effect("runs on rapid spanning tree: a cable is pulled and nobody notices", () =>
    Effect.gen(function* () {
      const { report } = yield* runOn(
        shipped("rstp"),
        Effect.gen(function* () {
          const lab = yield* Lab
          yield* lab.converged
          const ping = yield* lab.host("pc1").ping("pc2", { every: "10 millis" })
          yield* Effect.sleep("2 seconds")
          yield* lab.link("sw1:2", "sw3:1").down
          yield* Effect.sleep("2 seconds")
          yield* Check.atMost("outage", yield* ping.longestGap, "1 second")
          yield* lab.converged
          yield* Check.equals("way", (yield* lab.tree).switches[2].rootPort?.port, "sw3:2")
        }),
      )
      assert.deepStrictEqual(failed(report), [])
      assert.isUndefined(report.failure)
    }),
  )

  it.effect("moves the root of one VLAN, of all, and back by a cost", () =>
    Effect.gen(function* () {
      const rootOf = (vlan: number) =>
        Effect.map(
          Effect.flatMap(Lab, (lab) => lab.tree),
          ({ trees }) => trees.find(({ vlans }) => vlans.includes(vlan))?.roots.map((root) => root.switch),
        )
      const { report } = yield* runOn(
        shipped("rapid-pvst"),
        Effect.gen(function* () {
          const lab = yield* Lab
          yield* lab.converged
          yield* lab.switch("acc-2").stpPriority(0, { vlan: 30 })
          yield* lab.converged
          yield* Check.equals("root of VLAN 30", yield* rootOf(30), ["acc-2"])
          yield* Check.equals("root of VLAN 10", yield* rootOf(10), ["dist-1"])
          yield* lab.switch("acc-1").stpPriority(0)
          yield* lab.converged
          yield* Check.equals("root of VLAN 10 now", yield* rootOf(10), ["acc-1"])
          yield* lab.port("acc-2:1").stpCost(1000, { vlan: 20 })
          yield* lab.converged
          const { trees } = yield* lab.tree
          const row = trees.find(({ vlans }) => vlans.includes(20))?.switches.find((one) => one.switch === "acc-2")
          yield* Check.equals("way of VLAN 20", row?.rootPort?.port, "acc-2:3")
        }),
      )
      assert.deepStrictEqual(failed(report), [])
      assert.isUndefined(report.failure)
    }),
  )

  it.effect("moves the root of one instance, and leaves the others", () =>
    Effect.gen(function* () {
      const { report } = yield* runOn(
        shipped("mst"),
        Effect.gen(function* () {
          const lab = yield* Lab
          yield* lab.converged
          yield* lab.switch("sw3").stpPriority(0, { mst: 2 })
          yield* lab.converged
          const roots = (yield* lab.tree).trees.map(({ roots: all, vlans }) => [vlans[0], all[0].switch])
          yield* Check.equals("roots", roots, [
            [1, "sw1"],
            [10, "sw1"],
            [20, "sw3"],
          ])
          yield* lab.port("sw3:1").stpCost(200_000)
          yield* lab.port("sw3:1").stpPriority(64, { mst: 1 })
          yield* lab.converged
          yield* Check.equals("way of the CIST", (yield* lab.tree).switches[2].rootPort?.port, "sw3:2")
        }),
      )
      assert.deepStrictEqual(failed(report), [])
      assert.isUndefined(report.failure)
    }),
  )

  const REFUSED: ReadonlyArray<
    readonly [design: string, order: (lab: Lab["Service"]) => Effect.Effect<void, unknown>, sentence: RegExp]
  > = [
    ["rstp", (lab) => lab.switch("sw1").stpPriority(5), /5 is no bridge priority: it goes in steps of 4096/],
    ["rstp", (lab) => lab.switch("old").stpPriority(70_000), /70000 is no bridge priority: it is a whole number from 0 to 65535/],
    ["rstp", (lab) => lab.port("sw1:1").stpCost(0), /0 is no cost: it is a whole number from 1 to 200000000/],
    ["rstp", (lab) => lab.switch("sw1").stpPriority(0, { vlan: 1 }), /sw1 runs rstp, which has no tree of VLAN 1/],
    ["rapid-pvst", (lab) => lab.switch("acc-1").stpPriority(0, { vlan: 77 }), /acc-1 has no VLAN 77/],
    ["rapid-pvst", (lab) => lab.switch("acc-1").stpPriority(0, { mst: 1 }), /acc-1 runs rapid-pvst, which has no instances/],
    ["mst", (lab) => lab.switch("of1").stpPriority(0, { mst: 2 }), /the region of of1 has no instance 2: it has 1/],
    ["mst", (lab) => lab.port("server:1").stpPriority(0), /server is a host, and has no spanning tree/],
  ]
  for (const [design, order, sentence] of REFUSED) {
    it.effect(`is told ${sentence.source}`, () =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(runOn(shipped(design), Effect.flatMap(Lab, order)))
        assert.match(error.message, sentence)
      }),
    )
  }
})

describe.each(["rstp", "pvst", "rapid-pvst", "mst"])("designs/%s.l2.yml", (name) => {
  const design = fileURLToPath(new URL(`../../../designs/${name}.l2.yml`, import.meta.url))

  it.live("runs, settles, goes the same way through octets, and its trace says whose tree a line is about", () =>
    Effect.gen(function* () {
      const trace = join(folder, `${name}.ndjson`)
      const plain = yield* lab("run", design, "--json", "--trace", trace)
      assert.strictEqual(plain.code, 0, plain.err)
      const octets = yield* lab("run", design, "--json", "--octets")
      assert.strictEqual(JSON.parse(octets.out).fingerprint, JSON.parse(plain.out).fingerprint)
      const roles = readFileSync(trace, "utf8")
        .split("\n")
        .filter((line) => line.includes('"stp.role"'))
        .map(
          (line) =>
            JSON.parse(line) as { readonly node: string; readonly tree: number; readonly vlan?: number; readonly mst?: number },
        )
      assert.isNotEmpty(roles)
      for (const { mst, node, tree, vlan } of roles) {
        if (name === "pvst") assert.strictEqual(vlan, node === "old" ? undefined : [1, 10, 20][tree])
        else if (name === "rapid-pvst") assert.strictEqual(vlan, [1, 10, 20, 30, 40, 99][tree])
        else if (name === "mst") assert.strictEqual(mst, tree)
        else assert.deepStrictEqual([tree, vlan, mst], [0, undefined, undefined])
      }
    }),
  )
})
