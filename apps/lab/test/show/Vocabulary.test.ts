/** One vocabulary of `lab show`: what help and README tell can be asked and can happen, and all that can be asked is told. */
import { readFileSync } from "node:fs"
import * as Compile from "@l2lab/design/Compile"
import { assert, describe, it } from "vitest"
import * as Change from "../../src/show/Change.ts"
import * as Question from "../../src/show/Question.ts"
import { TOPICS } from "../../src/show/Topics.ts"
import { CHANGE_FORMS, CHANGES, QUESTIONS } from "../../src/show/Vocabulary.ts"

const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8")

const { directory } = Compile.sure({
  vlans: [10],
  spanningTree: { protocol: "rapid-pvst" },
  nodes: { sw1: {}, sw2: {}, pc1: { address: "10.0.0.1/24" }, pc2: { address: "10.0.0.2/24" } },
  links: [
    ["sw1:1", "sw2:1"],
    ["pc1", "sw1:2"],
    ["pc2", "sw2:2"],
    ["core-1:1", "core-2:1"],
  ],
  pairs: { core: { type: "vss", domain: 1, vsl: ["core-1:1", "core-2:1"], switch: { 1: { cards: { 1: [1] } } } } },
})

describe("the words of lab show", () => {
  it.each(CHANGES)("--after %s", (change) => {
    assert.isObject(Change.parse(change, directory))
  })

  it("stand in the README as in the help", () => {
    assert.include(readme, `\n${CHANGE_FORMS}\n`)
    assert.include(readme, `\n${QUESTIONS}\n`)
  })

  it("have all questions of the toolkit", () => {
    const written = QUESTIONS.split(/, (?![^(]*\))/).flatMap((text) => {
      const [, first = "", behind] = /^([^(]+?)(?: \((.*)\))?$/.exec(text) ?? []
      const heads = first.split(" or ")
      return heads.flatMap((head) => [head, ...(behind?.split(", ") ?? []).map((word) => `${head} ${word}`)])
    })
    for (const question of written) assert.isObject(Question.parse([question]), question)
    const told = written.map((question) => question.replace(/ Gi0\/1$/, ""))
    const missing = TOPICS.map(({ words }) => words).filter((words) => !told.includes(words))
    assert.deepStrictEqual(missing, [])
  })

  it("are obeyed, or put in order by the sentence", () => {
    assert.include(String(Change.parse("udld reset sw1", directory)), 'write "udld sw1 reset"')
    assert.lengthOf((Change.parse("announce pc1", directory) as Change.Change).commands, 1)
    assert.lengthOf((Change.parse("announce", directory) as Change.Change).commands, 2)
    assert.include(String(Change.parse("announce pc9", directory)), 'no station "pc9"')
  })
})
