/** docs/design-file.md tells the truth: every key with its default and meaning, and every example compiles. */
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { readFileSync } from "node:fs"
import * as Compile from "@l2lab/design/Compile"
import { format } from "@l2lab/design/DesignError"
import * as Reference from "@l2lab/design/Reference"

const page = readFileSync(new URL("../../../docs/design-file.md", import.meta.url), "utf8")

describe("docs/design-file.md", () => {
  it("has a table of every block", () => {
    assert.deepStrictEqual(Reference.missing(page), [])
  })

  it("has every key with its default and meaning as the Schema has them (pnpm --filter @l2lab/design generate writes them)", () => {
    assert.strictEqual(page, Reference.fill(page))
  })

  const examples = [...page.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map((match) => match[1])
  it("has examples", () => {
    assert.isAtLeast(examples.length, 7)
  })
  for (const [index, example] of examples.entries()) {
    it(`example ${index + 1} compiles without a warning`, () => {
      const compiled = Compile.text(example, `example-${index + 1}`)
      if (Result.isFailure(compiled)) throw compiled.failure
      assert.deepStrictEqual(compiled.success.warnings.map(format), [])
    })
  }
})
