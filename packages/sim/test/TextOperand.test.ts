/** Texts in operands come back. */
import { assert, describe, it } from "@effect/vitest"
import * as TextOperand from "../src/TextOperand.ts"

const through = (text: string): string => TextOperand.unpack(...[0, 1, 2, 3].map((index) => TextOperand.pack(text, index)))

describe("a text in operands", () => {
  it("comes back, up to 32 characters, with blanks and all that prints", () => {
    const printable = String.fromCharCode(...Array.from({ length: 95 }, (_, i) => 0x20 + i))
    for (const text of [
      "",
      "FARM",
      " a b ",
      "~".repeat(32),
      printable.slice(0, 32),
      printable.slice(32, 64),
      printable.slice(64),
    ]) {
      assert.strictEqual(through(text), text)
    }
    assert.strictEqual(through("x".repeat(40)), "x".repeat(32))
  })

  it("is a safe integer, and shows a question mark for what does not print", () => {
    assert.isTrue(Number.isSafeInteger(TextOperand.pack("~".repeat(8))))
    assert.strictEqual(through("f\u00fcr\n"), "f?r?")
  })
})
