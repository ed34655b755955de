/**
 * What the package's tests show, found by running them once more: every arc of every machine taken, or said why not; every clause in scope
 * claimed and exercised; pages up to date.
 */
import { spawnSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { assert, beforeAll, describe, it } from "@effect/vitest"
import * as Arcs from "../report/Arcs.ts"
import * as Clauses from "../report/Clauses.ts"
import * as Evidence from "../report/Evidence.ts"
import { SCOPES } from "../report/Scope.ts"

const MAIN = fileURLToPath(new URL("../report/main.ts", import.meta.url))

let evidence: ReadonlyArray<Evidence.TestEvidence> = []
beforeAll(() => {
  evidence = Evidence.gather()
}, 600_000)

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

describe("clause map", { timeout: 120_000 }, () => {
  const page = (): string => readFileSync(new URL("../../../docs/CLAUSES.md", import.meta.url), "utf8")

  it("is what npm run clauses writes: each clause in scope with what implements it, and tests in which that ran", () => {
    const before = page()
    const now = Clauses.map(evidence, before)
    assert.deepEqual(now.faults, [])
    const lines = now.page.split("\n")
    const stale = before.split("\n").filter((line) => !lines.includes(line))
    assert.deepEqual(stale, [], "run npm run clauses")
    assert.isTrue(now.page === before, "run npm run clauses")
  })

  it("finds a clause that nothing claims, and a claim that no test exercises", () => {
    const scopes = SCOPES.map((scope) => ({ ...scope, inScope: [...scope.inScope, "99.1"] }))
    const idle = evidence.map((test) => {
      const { "rstp2004/Procedures.ts#recordDispute": _, ...functions } = test.functions
      return { ...test, functions }
    })
    const { faults } = Clauses.map(idle, page(), scopes)
    assert.deepEqual(faults, [
      ...SCOPES.map(({ edition }) => `${edition} 99.1 is in scope, and no comment in the sources begins with it`),
      "802.1D-2004 17.21.10: no test exercises recordDispute in rstp2004/Procedures.ts",
    ])
  })

  it("names another test when one that it named does not call the function any more", () => {
    const [, named] = /\| 17\.21\.10 \| .*? \| `(.*?)`: (.*?)(?:<br>| \|)/.exec(page()) ?? []
    assert.isDefined(named)
    const others = evidence.filter(({ file }) => file !== `test/${named}`)
    const row = Clauses.map(others, page())
      .page.split("\n")
      .find((line) => line.startsWith("| 17.21.10 |"))
    assert.isDefined(row)
    assert.notInclude(row, named)
  })
})

describe("pages", { timeout: 60_000 }, () => {
  it("of figures are what npm run figures writes", () => {
    const { status, stdout } = spawnSync(process.execPath, [MAIN, "figures", "--check"], { encoding: "utf8" })
    assert.strictEqual(status, 0, stdout)
  }, 30_000)
})
