/**
 * What a scenario's README quotes, its run prints: log lines by their mnemonics; numbers of four and more digits; fractions with a unit; and in columns headed
 * `virtual time`, `figure` or `after …` whole seconds too. An instant counts as printed if a line stands beside it.
 */
import { readdirSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "vitest"
import { labProcess } from "./support/cli.ts"

const folder = fileURLToPath(new URL("../scenarios/", import.meta.url))

/** Figures that no line is for: what goes on between lines, settings, what follows from others. */
const UNPRINTED: Readonly<Record<string, ReadonlyArray<string>>> = {
  "count-to-infinity": ["1 ms", "43.6 s", "455.5 us"],
  portfast: ["15 s"],
  "two-switch-loop": ["1,012"],
  udld: ["0 s", "5 s"],
  "unidirectional-link": ["47.5 s"],
}

const FIGURE_COLUMN = /^(virtual time|figure|after.*)$/

/** Cells below the heads of such columns. */
const figureCells = (readme: string): ReadonlyArray<string> => {
  let heads: ReadonlyArray<string> | undefined
  return readme.split("\n").flatMap((line) => {
    if (!line.startsWith("| ")) {
      heads = undefined
      return []
    }
    const cells = line
      .slice(1, -1)
      .split("|")
      .map((cell) => cell.trim())
    const columns = (heads ??= cells)
    return cells.filter((_, i) => cells !== heads && FIGURE_COLUMN.test(columns[i] ?? ""))
  })
}

const all = (text: string, pattern: RegExp): ReadonlyArray<string> => [...text.matchAll(pattern)].map(([found]) => found)

/** What a README quotes. */
const quotedIn = (readme: string): ReadonlyArray<string> => [
  ...all(readme, /%[A-Z0-9_]+-\d-[A-Z0-9_]+/g),
  ...all(readme, /(?<![\d.,])\d{1,3}(,\d{3})+(?![\d.])/g),
  ...all(readme, /(?<![\d.,])\d+\.\d+ (s|ms|us)\b/g),
  ...figureCells(readme).flatMap((cell) => all(cell, /(?<![\d.,])\d+ (s|ms|us)\b/g)),
]

/** Whether a run's output has it. */
const isPrinted = (figure: string, output: string): boolean => {
  const [number, unit] = figure.split(" ")
  const plain = output.replaceAll(/(\d),(?=\d{3})/g, "$1")
  if (number.startsWith("%")) return output.includes(number)
  if (unit === undefined) return new RegExp(`(?<![\\d.])${number.replaceAll(",", "")}(?!\\d)`).test(plain)
  if (new RegExp(`(?<![\\d.,])${figure}\\b`).test(output)) return true
  if (unit !== "s") return false
  // Beside a line, rounded; or as what a check of so many seconds found.
  const digits = number.split(".")[1]?.length ?? 0
  const instants = [...output.matchAll(/^ *(\d+\.\d{3}) s {2}/gm)].map(([, instant]) => Number(instant))
  return (
    instants.some((at) => at.toFixed(digits) === number || (digits === 0 && Math.floor(at) === Number(number))) ||
    new RegExp(`seconds[^]*: \\[?${number}\\]?( \\(|\\n)`).test(output)
  )
}

/** But the one that takes a minute. */
const scenarios = readdirSync(folder)
  .filter((name) => name !== "stp-fault-domain")
  .sort()

describe("a scenario's README", () => {
  it.each(scenarios)("%s quotes what its run prints", { timeout: 180_000 }, async (scenario) => {
    const readme = readFileSync(`${folder}${scenario}/README.md`, "utf8").replaceAll(/```[^]*?```/g, "")
    const { code, out } = await labProcess(["run", scenario])
    expect(code).toBe(0)
    const silent = UNPRINTED[scenario] ?? []
    const figures = quotedIn(readme)
    expect(figures.filter((figure) => !silent.includes(figure) && !isPrinted(figure, out))).toEqual([])
    expect(
      silent.filter((figure) => !figures.includes(figure) || isPrinted(figure, out)),
      "no longer unprinted",
    ).toEqual([])
  })
})
