/** What the package's tests show, found by running them once more: every arc of every machine taken, or said why not; pages up to date. */
import { spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import { assert, beforeAll, describe, it } from "@effect/vitest"
import * as Arcs from "../report/Arcs.ts"
import * as Evidence from "../report/Evidence.ts"

const MAIN = fileURLToPath(new URL("../report/main.ts", import.meta.url))

let evidence: ReadonlyArray<Evidence.TestEvidence> = []
beforeAll(() => {
  evidence = Evidence.gather()
}, 120_000)

describe("arc coverage", () => {
  it("every arc is taken by a test, or listed with the reason", () => {
    assert.deepEqual(Arcs.faults(evidence), [])
  })

  it("reports each machine, what took its arcs, and why nothing took the others", () => {
    const report = Arcs.lines(evidence)
    assert.include(report, "PTI (17.22): 2 of 2")
    assert.isTrue(report.some((line) => /^ {2}PRT ROOT_PORT -> REROOT +rstp2004\/\w+\.test\.ts: /.test(line)))
    assert.isTrue(report.some((line) => /^ {2}PIM DISABLED -> DISABLED +never: a BPDU on a port/.test(line)))
  })

  it("finds an arc that no test takes, and a reason given for one that is taken", () => {
    const without = evidence.map((test) => ({
      ...test,
      arcs: [...test.arcs.filter((arc) => arc !== "rstp2004 PRT ROOT_PORT -> REROOT"), "rstp2004 PIM DISABLED -> DISABLED"],
    }))
    assert.deepEqual(Arcs.faults(without), [
      "rstp2004: no test takes PRT ROOT_PORT -> REROOT, and nothing says why none can",
      "rstp2004: PIM DISABLED -> DISABLED is said never to be taken, but it is, or there is no such arc",
    ])
  })
})

describe("pages", () => {
  it("of figures are what npm run figures writes", () => {
    const { status, stdout } = spawnSync(process.execPath, [MAIN, "figures", "--check"], { encoding: "utf8" })
    assert.strictEqual(status, 0, stdout)
  }, 30_000)
})
