import { assert, describe, it } from "vitest"
import * as Columns from "../../src/show/Columns.ts"

describe("columns", () => {
  it("wraps a list, never beyond the width unless one item is longer", () => {
    assert.deepStrictEqual(Columns.wrap([], 10), [""])
    assert.deepStrictEqual(Columns.wrap(["a"], 1), ["a"])
    assert.deepStrictEqual(Columns.wrap(["aaaa", "bbbb", "cc"], 10), ["aaaa, bbbb", "cc"])
    assert.deepStrictEqual(Columns.wrap(["aaaaaaaaaaaa", "b"], 5), ["aaaaaaaaaaaa", "b"])
  })

  it("writes ranges", () => {
    assert.strictEqual(Columns.ranges([]), "")
    assert.strictEqual(Columns.ranges([1, 10, 20, 21, 22, 4094]), "1,10,20-22,4094")
  })

  it("writes seconds without needless decimals", () => {
    assert.strictEqual(Columns.seconds(30e9), "30")
    assert.strictEqual(Columns.seconds(1_500_000_000), "1.5")
    assert.strictEqual(Columns.seconds(1_234_567_890), "1.235")
  })
})
