/** Worked examples of the standards and of conformance suites, as texts in fixtures/figures. */
import { assert, describe, it } from "@effect/vitest"
import { readdirSync, readFileSync } from "node:fs"
import * as Lan from "./Lan.ts"

const folder = new URL("fixtures/figures/", import.meta.url)

describe("figures", () => {
  for (const file of readdirSync(folder).toSorted()) {
    it(file, () => {
      assert.deepEqual(Lan.run(readFileSync(new URL(file, folder), "utf8")), [])
    })
  }

  // That one asks for listening, which 802.1D-2004 does not have.
  for (const file of readdirSync(folder).toSorted()) {
    if (file === "repeated-network.lan") continue
    it(`${file}, by rapid bridges`, () => {
      assert.deepEqual(Lan.run(readFileSync(new URL(file, folder), "utf8"), true), [])
    })
  }

  it("a figure that is wrong fails with its line", () => {
    const faults = Lan.run("bridge 1 8000.00:00:00:00:00:01 = a\ncheck 1 = F\nrun 40\ncheck 1 = B\ncheck 1 = root\nfly 1")
    assert.deepEqual(faults, [
      'line 2: bridge 1 is "Li", not "F"',
      'line 4: bridge 1 is "root", not "B"',
      'line 6: "fly" is no verb',
    ])
  })
})
