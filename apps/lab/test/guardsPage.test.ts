/** docs/guards.md names keys, log lines, scenarios and questions: all of them are there, and every guard of the design has its row. */
import { existsSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { log } from "@l2lab/design/Registry"
import { assert, describe, it } from "vitest"
import { TOPICS } from "../src/show/Topics.ts"

const root = fileURLToPath(new URL("../../../", import.meta.url))
const page = readFileSync(`${root}docs/guards.md`, "utf8")
const keys = readFileSync(`${root}docs/design-file.md`, "utf8")

/** Cells of the table below a heading, row by row. */
const rowsOf = (heading: string): ReadonlyArray<ReadonlyArray<string>> => {
  const section = page.split(`## ${heading}\n`)[1].split("\n## ")[0]
  const lines = section.split("\n").filter((line) => line.startsWith("| "))
  return lines.slice(2).map((line) =>
    line
      .slice(1, -1)
      .split("|")
      .map((cell) => cell.trim()),
  )
}

const quoted = (text: string): ReadonlyArray<string> => [...text.matchAll(/`([^`]+)`/g)].map(([, word]) => word)

const guards = rowsOf("Guards")

describe("the page of the guards", () => {
  it("has its rows", () => {
    assert.isAtLeast(guards.length, 20)
    assert.isAtLeast(rowsOf("Accidents").length, 13)
    for (const row of guards) assert.lengthOf(row, 7, row[0])
  })

  it.each(guards.map(([guard, key]) => [guard, key]))("%s: its keys are a design's", (_, key) => {
    const names = quoted(key)
    assert.isAtLeast(names.length, 1)
    for (const name of names) assert.include(keys, `| \`${name}\` |`)
  })

  it("names log lines that switches write", () => {
    const known = new Set(
      [...log.values()].flat().map(({ facility, mnemonic, severity }) => `%${facility}-${severity}-${mnemonic}`),
    )
    const said = quoted(page).filter((word) => word.startsWith("%"))
    assert.isAtLeast(said.length, 20)
    assert.deepStrictEqual(
      said.filter((word) => !known.has(word)),
      [],
    )
  })

  it("leads to scenarios that are there", () => {
    const links = [...page.matchAll(/\]\((\.\.\/apps\/lab\/scenarios\/[^)]+)\)/g)].map(([, link]) => link)
    assert.isAtLeast(links.length, 30)
    assert.deepStrictEqual(
      links.filter((link) => !existsSync(`${root}docs/${link}/scenario.ts`)),
      [],
    )
  })

  it("names questions that lab show answers", () => {
    const asked = quoted(page.split("## What a switch says of itself")[1])
    for (const { words } of TOPICS) {
      if (words.includes(" detail") || words.includes(" counters")) continue
      const [first] = words.split(" ")
      assert.isTrue(
        asked.some((question) => question.startsWith(first)),
        words,
      )
    }
  })
})
