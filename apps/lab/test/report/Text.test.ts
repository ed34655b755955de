/** Running text on a page of 80 columns. */
import { assert, describe, it } from "vitest"
import { few } from "../../src/report/Quantity.ts"
import * as Style from "../../src/report/Style.ts"
import { wrap } from "../../src/report/Table.ts"

describe("wrap", () => {
  it("leaves alone what fits, its spaces too", () => {
    assert.strictEqual(wrap("sw1   is the root", 17, "  "), "sw1   is the root")
    assert.strictEqual(wrap("", 10, "  "), "")
    assert.strictEqual(wrap("  indented", 10, "  "), "  indented")
  })

  it("breaks at spaces, and indents what follows", () => {
    assert.strictEqual(wrap("one two  three four", 8, "> "), "one two\n> three\n> four")
  })

  it("gives a word that is too long a line of its own", () => {
    assert.strictEqual(wrap("a %SPANTREE-2-BLOCK_BPDUGUARD: b", 10, " "), "a\n %SPANTREE-2-BLOCK_BPDUGUARD:\n b")
  })

  it("does not count colours", () => {
    const { warn } = Style.make("colour")
    assert.strictEqual(wrap(`${warn("eleven")} ${warn("twelve")}`, 13, ""), `${warn("eleven")} ${warn("twelve")}`)
    assert.strictEqual(wrap(`${warn("eleven")} ${warn("twelve")}`, 12, ""), `${warn("eleven")}\n${warn("twelve")}`)
  })
})

describe("few", () => {
  it("names all, or some and how many more", () => {
    assert.strictEqual(few(["a", "b", "c"], 3), "a, b, c")
    assert.strictEqual(few(["a", "b", "c", "d"], 3), "a, b and 2 more")
    assert.strictEqual(few([], 3), "")
    assert.strictEqual(few(["a", "b", "c"], 2, " "), "a and 2 more")
  })
})
