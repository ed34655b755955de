/** Running text on a page of 80 columns. */
import { assert, describe, it } from "vitest"
import { few, naturally } from "../../src/report/Quantity.ts"
import * as Style from "../../src/report/Style.ts"
import { commandLines, wrap } from "../../src/report/Table.ts"
import { warningText } from "../../src/run/Reporter.ts"

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

describe("commands", () => {
  it("are broken where a shell goes on, and a flag stays with its value", () => {
    assert.deepStrictEqual(commandLines('lab show a.yml vlan --node acc-1 --after "link a:1 down" --at 2s', 30), [
      "lab show a.yml vlan \\",
      "  --node acc-1 \\",
      '  --after "link a:1 down" \\',
      "  --at 2s",
    ])
  })

  it("stay whole where they fit, or their quotes do not", () => {
    assert.deepStrictEqual(commandLines("lab run x", 20), ["lab run x"])
    assert.deepStrictEqual(commandLines('lab run "x y z', 8), ['lab run "x y z'])
  })
})

describe("naturally", () => {
  it("counts the numbers in names", () => {
    assert.deepStrictEqual(["sw10:1", "sw2:10", "sw2:9", "sw2", "acc-1", "sw02"].sort(naturally), [
      "acc-1",
      "sw02",
      "sw2",
      "sw2:9",
      "sw2:10",
      "sw10:1",
    ])
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

describe("a warning", () => {
  const style = Style.make("plain")
  const place = `designs/${"x".repeat(70)}.l2.yml:12:5:`

  it("is broken at the page, its place kept beside the first word", () => {
    assert.strictEqual(
      warningText("x.l2.yml:12:5: nodes.sw1.port.1.stormControl: one two three four five six seven eight", style, true),
      "warning: x.l2.yml:12:5: nodes.sw1.port.1.stormControl: one two three four five\n  six seven eight",
    )
    assert.strictEqual(warningText(`${place} too long`, style, true), `warning: ${place}\n  too long`)
  })

  it("has no line beyond the page", () => {
    const lines = warningText(`${place} ${"a ".repeat(200)}`, style, true)
      .split("\n")
      .slice(1)
    assert.deepStrictEqual([...new Set(lines.slice(0, -1).map((line) => line.length))], [79])
  })

  it("is one line for programs", () => {
    assert.strictEqual(warningText(`${place} ${place} ${place}`, style, false), `warning: ${place} ${place} ${place}`)
  })
})
