/** Whatever the text, the answer is a design or sentences with places: never an exception, never a line break in a sentence. */
import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import { readdirSync, readFileSync } from "node:fs"
import * as Compile from "@l2lab/design/Compile"

const DESIGNS = new URL("../../../designs/", import.meta.url)
const SHIPPED = readdirSync(DESIGNS)
  .filter((name) => name.endsWith(".l2.yml"))
  .sort()
  .map((name) => readFileSync(new URL(name, DESIGNS), "utf8"))

const judge = (text: string): void => {
  const compiled = Compile.text(text, "x.l2.yml")
  if (Result.isSuccess(compiled)) return
  const { findings, message } = compiled.failure
  assert.isAtLeast(findings.length, 1)
  const lines = text.split(/\r\n|\n|\r/)
  for (const finding of findings) {
    assert.isTrue(finding.line >= 1 && finding.column >= 1, `${finding.line}:${finding.column}`)
    assert.isAtMost(finding.line, Math.max(1, lines.length + 1))
  }
  for (const line of message.split("\n")) assert.match(line, /^x\.l2\.yml:(\d+:\d+)?.+/)
}

// Pieces that designs are made of, so that random texts get past the YAML parser and deep into the Schema and the expansion.
const PIECES =
  `nodes links vms farm vlans defaults spanningTree port portGroups vmkernel host kind ends sw1 sw2 esx-1 pc a __proto__
constructor hypervisor switch hub { } [ ] " ' &a *a | > !!str ? # 1 0 -1 4095 1e9 .nan .inf ~ true 10G 5 20-30 sw1:1 sw2:0 10.0.0.1/24
02:00:00:00:00:01 ü 😀 \u0000 \ufeff \u2028`
    .split(/[ \n]/)
    .concat(
      ": ",
      ":\n",
      "\n",
      "\n  ",
      "\n    ",
      "- ",
      ", ",
      "<<: ",
      "---\n",
      "\t",
      "\r\n",
      "access: ",
      "hosts: ",
      "address: ",
      "rate: ",
      "ports: ",
    )

const Cut = Schema.Struct({
  which: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: SHIPPED.length - 1 })),
  at: Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 1 })),
})

const Pieces = Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: PIECES.length - 1 })))

describe("any text", () => {
  it.prop("random characters", [Schema.String], ([text]) => judge(text), { arbitrary: { runs: 300, size: 60, seed: 1 } })

  it.prop("random pieces of designs", [Pieces], ([pieces]) => judge(pieces.map((piece) => PIECES[piece]).join("")), {
    arbitrary: { runs: 400, size: 40, seed: 2 },
  })

  it.prop("shipped designs, cut off", [Cut], ([{ which, at }]) => judge(SHIPPED[which].slice(0, at * SHIPPED[which].length)), {
    arbitrary: { runs: 150, seed: 3 },
  })

  it.prop(
    "shipped designs with a piece put in, or one character changed",
    [Cut, Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: PIECES.length - 1 })), Schema.Boolean],
    ([{ which, at }, piece, replace]) => {
      const text = SHIPPED[which]
      const offset = Math.floor(at * text.length)
      judge(text.slice(0, offset) + PIECES[piece] + text.slice(offset + (replace ? 1 : 0)))
    },
    { arbitrary: { runs: 250, seed: 4 } },
  )

  it("every prefix of the smallest design", () => {
    const text = SHIPPED.toSorted((a, b) => a.length - b.length)[0]
    for (let end = 0; end <= text.length; end++) judge(text.slice(0, end))
  })
})
