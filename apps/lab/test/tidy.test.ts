/** The repository in order: who imports whom, what the core keeps its hands off, what must not be left lying about. */
import { assert, describe, it } from "vitest"
import { bannedCalls } from "./tidy/Banned.ts"
import * as Housekeeping from "./tidy/Housekeeping.ts"
import { dependencyRules, importRules } from "./tidy/Imports.ts"
import { format, type Offence, repository } from "./tidy/SourceText.ts"

const files = repository()

const RULES: ReadonlyArray<readonly [rule: string, find: (all: typeof files) => ReadonlyArray<Offence>]> = [
  ["packages import only what lies below them, and no runtime enters the core", importRules],
  ["package.json lists what is imported, and nothing else", dependencyRules],
  ["the core uses no clock, no chance, no console and no Promise of its own", bannedCalls],
  ["files are read in one sitting", Housekeeping.lengths],
  ["no notes to self are left over", Housekeeping.notes],
  ["all tests run, or say why not", Housekeeping.tests],
  ["nothing names a place on one machine", Housekeeping.machinePaths],
  ["every export of a package has a word about it", Housekeeping.docstrings],
]

describe("the repository", () => {
  it("was found", () => {
    assert.isAbove(files.length, 50)
    assert.isTrue(files.some(({ path }) => path === "packages/sim/src/Simulation.ts"))
  })

  for (const [rule, find] of RULES) {
    it(rule, () => {
      const offences = find(files)
      assert.strictEqual(offences.length, 0, `\n${offences.map(format).join("\n")}\n`)
    })
  }
})
