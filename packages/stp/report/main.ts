/** `npm run arcs`, `npm run figures`, `npm run clauses`: what is told of the protocols from their sources and their tests. */
import { readFileSync, writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import * as AggregationFigures from "./AggregationFigures.ts"
import * as Arcs from "./Arcs.ts"
import * as Clauses from "./Clauses.ts"
import * as Evidence from "./Evidence.ts"
import * as Figures from "./Figures.ts"
import { PROTOCOLS } from "./Protocols.ts"
import * as UdldFigure from "./UdldFigure.ts"

const [name = "", ...flags] = process.argv.slice(2)
const isCheck = flags.includes("--check")

const write = (lines: ReadonlyArray<string>): void => {
  process.stdout.write(lines.map((line) => `${line}\n`).join(""))
}

const arcs = (): void => {
  const evidence = Evidence.gather()
  const faults = Arcs.faults(evidence)
  write([...Arcs.lines(evidence), ...faults])
  if (faults.length > 0) process.exitCode = 1
}

const pathOf = (page: string): string => fileURLToPath(new URL(`../../../docs/${page}`, import.meta.url))

const read = (path: string): string => {
  try {
    return readFileSync(path, "utf8")
  } catch {
    return ""
  }
}

/** Write a page; or only say whether it is what would be written. */
const put = (page: string, text: string): void => {
  const path = pathOf(page)
  const same = read(path) === text
  if (isCheck) {
    if (!same) {
      write([`docs/${page} is not what npm run ${name} writes: run it`])
      process.exitCode = 1
    }
    return
  }
  if (!same) writeFileSync(path, text)
  write([`docs/${page}: ${same ? "as it was" : "written"}`])
}

const figures = (): void => {
  for (const protocol of PROTOCOLS) put(protocol.page, Figures.page(protocol))
  put("machines-udld.md", UdldFigure.page())
  put("machines-lacp.md", AggregationFigures.lacp())
  put("machines-pagp.md", AggregationFigures.pagp())
}

const clauses = (): void => {
  const { faults, page } = Clauses.map(Evidence.gather(), read(pathOf("CLAUSES.md")))
  put("CLAUSES.md", page)
  write(faults)
  if (faults.length > 0) process.exitCode = 1
}

const COMMANDS: Readonly<Record<string, () => void>> = { arcs, clauses, figures }

const command = COMMANDS[name]
if (command === undefined) {
  process.stderr.write(`there is no report "${name}": choose from ${Object.keys(COMMANDS).join(", ")}\n`)
  process.exitCode = 2
} else {
  try {
    command()
  } catch (error) {
    if (!(error instanceof Evidence.TestsFailed)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 1
  }
}
