/**
 * Runs beside tests when they are asked what they show (`Evidence.ts`): writes down, test by test, which functions of the package were
 * called and which arcs of machines were taken.
 */
import { appendFileSync, mkdirSync } from "node:fs"
import { type Profiler, Session } from "node:inspector"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { setFlagsFromString } from "node:v8"
import { afterEach, beforeEach } from "vitest"
import { observeArcs } from "../src/Machine.ts"
import type { TestEvidence } from "./Evidence.ts"
import { protocolOf } from "./Protocols.ts"

const folder = process.env["L2LAB_EVIDENCE"]!
const SOURCES = new URL("../src/", import.meta.url).pathname
const PACKAGE = fileURLToPath(new URL("../", import.meta.url))

// A function that is compiled into its callers is not counted any more, and when that happens is chance.
setFlagsFromString("--no-opt")
setFlagsFromString("--no-maglev")

const session = new Session()
session.connect()
session.post("Profiler.enable")
session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true })

/** How much of a function was run: the rest are blocks that were not, in the outermost range of which no other such block lies. */
const shareOf = ([whole, ...blocks]: ReadonlyArray<Profiler.CoverageRange>): number => {
  let idle = 0
  let end = whole.startOffset
  for (const { count, endOffset, startOffset } of blocks) {
    if (count > 0 || startOffset < end) continue
    idle += endOffset - startOffset
    end = endOffset
  }
  return Number((1 - idle / (whole.endOffset - whole.startOffset)).toFixed(2))
}

/** `rstp2004/Procedures.ts#rcvInfo` for each function called since this was last asked, with the share of it that was run. */
const takeFunctions = (): Readonly<Record<string, number>> => {
  const called: Record<string, number> = {}
  session.post("Profiler.takePreciseCoverage", (error, coverage?: Profiler.TakePreciseCoverageReturnType) => {
    if (error !== null) throw error
    for (const { functions, url } of coverage!.result) {
      const at = url.indexOf(SOURCES)
      if (at < 0) continue
      const file = url.slice(at + SOURCES.length)
      for (const { functionName, ranges } of functions) {
        const name = `${file}#${functionName}`
        if (functionName !== "" && ranges[0].count > 0) called[name] = Math.max(called[name] ?? 0, shareOf(ranges))
      }
    }
  })
  return called
}

let arcs = new Set<string>()
observeArcs((machine, arc) => arcs.add(`${protocolOf(machine)} ${machine.arcNames[arc]}`))

mkdirSync(folder, { recursive: true })

beforeEach(() => {
  arcs = new Set()
  takeFunctions()
})

afterEach(({ task }) => {
  const titles = [task.name]
  for (let { suite } = task; suite !== undefined; suite = suite.suite) if (suite.name !== "") titles.unshift(suite.name)
  const evidence: TestEvidence = {
    file: task.file.filepath.slice(PACKAGE.length),
    titles,
    functions: takeFunctions(),
    arcs: [...arcs],
  }
  appendFileSync(join(folder, `${process.pid}.jsonl`), `${JSON.stringify(evidence)}\n`)
})
