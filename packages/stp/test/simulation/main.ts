/**
 * Many seeds from the command line, or one again with all that happened:
 *
 *     npm run --silent stp-sim -- --protocol rstp --runs 5000
 *     npm run --silent stp-sim -- --protocol rstp --seed 137 --trace
 */
import { SECOND } from "@l2lab/sim/SimTime"
import type { TraceEvent } from "@l2lab/sim/TraceEvent"
import { parseArgs } from "node:util"
import * as Trace from "../../src/Trace.ts"
import { addressOf } from "./Network.ts"
import { ALL } from "./Broken.ts"
import { formatLoop, MIXED, type Mix, type Result, replayLine, run } from "./Run.ts"

const MIXES: ReadonlyArray<string> = [...Object.keys(ALL), ...Object.keys(MIXED)]

/** A sentence, and the exit code of bad input. */
const refuse = (sentence: string): never => {
  process.stderr.write(`${sentence}\n`)
  process.exit(2)
}

const options = {
  protocol: { type: "string" },
  seed: { type: "string" },
  runs: { type: "string" },
  trace: { type: "boolean" },
} as const
const { values } = ((): ReturnType<typeof parseArgs<{ options: typeof options }>> => {
  try {
    return parseArgs({ options })
  } catch (error) {
    return refuse(`${String(error)}. Flags are --protocol NAME, --seed N, --runs N and --trace.`)
  }
})()

const whole = (name: string, text: string | undefined, otherwise: number): number => {
  if (text === undefined) return otherwise
  return /^\d{1,9}$/.test(text) ? Number(text) : refuse(`--${name} ${text}: give a whole number, such as 137`)
}

const protocol = values.protocol ?? "rstp"
if (!MIXES.includes(protocol)) refuse(`--protocol ${protocol}: there is ${MIXES.join(", ")}`)
const mix = protocol as Mix
const first = whole("seed", values.seed, 1)
const runs = whole("runs", values.runs, values.seed === undefined ? 1000 : 1)

const definitions = new Map(Trace.TRACE_DEFINITIONS.map((definition) => [definition.code, definition]))
const print = (line: string): void => void process.stdout.write(`${line}\n`)

const printEvent = ({ a, at, b, c, code, d, node }: TraceEvent): void => {
  const definition = definitions.get(code)
  if (definition === undefined) return
  const words = definition.operands.map(([name, format], n) => {
    const value = [a, b, c, d][n]
    if (Array.isArray(format)) return `${name} ${String(format[value])}`
    return format === "mac" ? `${name} b${(value - addressOf(0)) / 256}` : `${name} ${value}`
  })
  print(`${(at / SECOND).toFixed(9)} b${node} ${definition.name} ${words.join(", ")}`)
}

const report = (result: Result): void => {
  print(JSON.stringify(result.options))
  for (const fault of result.done) print(`  ${fault}`)
  for (const loop of result.loops) print(`  loop: ${formatLoop(loop)}`)
  print(`  last change ${(result.settledAfterNs / SECOND).toFixed(3)} s after the last fault, bound ${result.boundNs / SECOND} s`)
  if (result.failure !== undefined) print(`FAILED: ${result.failure}\n  again: ${replayLine(result.options)}`)
}

let failures = 0
let loops = 0
let longest = 0
let slowest = 0
for (let seed = first; seed < first + runs; seed++) {
  const result = run(seed, mix, values.trace === true ? printEvent : undefined)
  if (result.failure !== undefined) failures++
  loops += result.loops.length
  for (const { from, until } of result.loops) longest = Math.max(longest, until - from)
  slowest = Math.max(slowest, result.settledAfterNs / result.boundNs)
  if (result.failure !== undefined || runs === 1) report(result)
}
print(
  `${mix}: ${runs} networks from seed ${first}, ${failures} failed; ${loops} loops, the longest of ${(longest / SECOND).toFixed(3)} s; ` +
    `settled within ${(slowest * 100).toFixed(0)} % of the bound`,
)
process.exitCode = failures > 0 ? 1 : 0
