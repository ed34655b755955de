/**
 * `lab conform`: run recorded cases of real spanning tree implementations in emulated time, frame by frame, and tell where the
 * emulation comes to anything else. One line a case, the first difference of each that fails, `N passed, M failed` at the end.
 */
import type { ProfileName } from "@l2lab/stp/stp1998/Settings"
import { type CaptureError, withFile, type CaptureFile } from "@l2lab/pcap-writer/PcapService"
import { SECOND } from "@l2lab/sim/SimTime"
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import { badInput, EXIT, type ExitCode, type InputError } from "../Failure.ts"
import { Output } from "../Output.ts"
import * as Case from "./Case.ts"
import * as Compare from "./Compare.ts"
import * as GoldenFile from "./GoldenFile.ts"
import * as Octets from "./Octets.ts"
import type { Line } from "./Record.ts"

export interface Options {
  /** Golden files, at least one. */
  readonly paths: ReadonlyArray<string>
  /** Only the cases with these ids; all if absent or empty. */
  readonly cases?: ReadonlyArray<string> | undefined
  /** Capture every bridge port of the one case chosen. */
  readonly pcap?: string | undefined
  /** Send every frame through emit and parse. */
  readonly octets?: boolean | undefined
  /** Instead of the profile that a record's source speaks of. */
  readonly profile?: ProfileName | undefined
  /** Virtual seconds after which waiting for a step to settle is given up; 1000 by default. */
  readonly limitSeconds?: number | undefined
  /** One JSON document instead of text. */
  readonly json?: boolean | undefined
  /** Failed cases and the sums only. */
  readonly quiet?: boolean | undefined
}

/** A file's cases with their results. */
export interface FileResult {
  readonly path: string
  readonly passed: number
  readonly failed: number
  readonly cases: ReadonlyArray<Case.CaseResult>
}

/**
 * Run the cases and print. Succeeds with the exit code: 0 all passed, 1 some failed, 3 there was nothing to check. Fails with a
 * sentence for files that cannot be read as golden data, and for a capture that cannot be written.
 */
export const run = (options: Options): Effect.Effect<ExitCode, InputError | CaptureError, FileSystem.FileSystem | Output> =>
  Effect.gen(function* () {
    const { out } = yield* Output
    const files = yield* Effect.forEach(options.paths, (path) => Effect.map(GoldenFile.read(path), (lines) => ({ path, lines })))
    const chosen = yield* choose(files, options)
    const results: Array<FileResult> = []
    for (const { lines, path } of chosen) {
      if (options.json !== true && chosen.length > 1) out.write(`${path}\n`)
      const cases: Array<Case.CaseResult> = []
      for (const line of lines) {
        const result = yield* runCase(line, options)
        cases.push(result)
        if (options.json !== true) out.write(formatCase(result, options.quiet === true))
      }
      const passed = cases.filter((result) => result.passed).length
      results.push({ path, passed, failed: cases.length - passed, cases })
    }
    const passed = results.reduce((sum, file) => sum + file.passed, 0)
    const failed = results.reduce((sum, file) => sum + file.failed, 0)
    if (options.json === true) out.write(`${JSON.stringify({ passed, failed, files: results.map(toJson) }, null, 2)}\n`)
    else {
      out.write(formatTimes(results.flatMap((file) => file.cases)))
      out.write(`${passed} passed, ${failed} failed\n`)
    }
    if (failed > 0) return EXIT.checkFailed
    return passed > 0 ? EXIT.ok : EXIT.nothingChecked
  })

interface Lines {
  readonly path: string
  readonly lines: ReadonlyArray<Line>
}

/** The cases asked for, by file. */
const choose = (files: ReadonlyArray<Lines>, options: Options): Effect.Effect<ReadonlyArray<Lines>, InputError> => {
  const wanted = new Set(options.cases)
  const all = files.flatMap((file) => file.lines)
  for (const id of wanted) {
    if (all.some((line) => line.id === id)) continue
    const near = all.find((line) => line.id.startsWith(id))?.id ?? all[0]?.id
    return Effect.fail(badInput(`no case is called "${id}"${near === undefined ? "" : `; there is "${near}"`}`))
  }
  const chosen =
    wanted.size === 0 ? files : files.map(({ lines, path }) => ({ path, lines: lines.filter((line) => wanted.has(line.id)) }))
  const count = chosen.reduce((sum, file) => sum + file.lines.length, 0)
  if (options.pcap !== undefined && count !== 1) {
    const example = all[0] === undefined ? "" : `, for instance --case ${all[0].id}`
    return Effect.fail(badInput(`a capture holds one case and ${count} are chosen: name one with --case${example}`))
  }
  return Effect.succeed(wanted.size === 0 ? chosen : chosen.filter((file) => file.lines.length > 0))
}

const runCase = (line: Line, options: Options): Effect.Effect<Case.CaseResult, CaptureError, FileSystem.FileSystem> =>
  options.pcap === undefined
    ? conduct(line, options)
    : withFile(options.pcap, { section: { application: "l2lab conform", comment: `case ${line.id}` } }, (file) =>
        conduct(line, options, file),
      )

/** Run one case in slices: between them a capture drains, and Ctrl-C is heard. */
const conduct = Effect.fnUntraced(function* (line: Line, options: Options, file?: CaptureFile) {
  let capture: Octets.BridgePortCapture | undefined
  const slices = Case.conduct(line, {
    profile: options.profile,
    limitSeconds: options.limitSeconds,
    onStep: (step, event) => capture?.announce(`step ${step}: ${event}`),
    listen: (network) => {
      if (options.octets === true) network.simulation.rewriteFrames(Octets.throughOctets)
      if (file === undefined) return {}
      capture = Octets.captureAll(network, file.capture)
      return capture.listener
    },
  })
  for (;;) {
    const next = slices.next()
    if (next.done === true) return next.value
    if (file !== undefined) yield* file.drainIfNeeded
    yield* Effect.yieldNow
  }
})

// ------------------------------------------------------------------------------------------------------------------ text

const seconds = (ns: number): string => (ns / SECOND).toFixed(1)

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`

/** One line of at most 80 columns for a case, and one more for why it failed. */
const formatCase = (result: Case.CaseResult, quiet: boolean): string => {
  if (quiet && result.passed) return ""
  const head = `${result.passed ? "ok    " : "FAILED"} ${result.id.padEnd(28)}`
  if (result.unsupported !== undefined) return `${head}\n       ${result.unsupported}\n`
  const figures = `${plural(result.steps.length, "step").padStart(8)} ${seconds(result.virtualNs).padStart(9)} s ${String(result.bpdus).padStart(8)} BPDUs`
  return `${head}${figures}\n${result.passed ? "" : `       ${reasonOf(result)}\n`}`
}

/** Why a case failed: its first difference, or that it did not settle. */
export const reasonOf = (result: Case.CaseResult): string => {
  if (result.unsupported !== undefined) return result.unsupported
  const step = result.steps.at(-1)
  if (step === undefined) return "no step was run"
  const where = `step ${result.steps.length} (${step.event}):`
  if (step.difference === undefined) return `${where} not settled before the limit`
  return `${where} ${Compare.format(step.difference)}${step.settled ? "" : "; not settled before the limit"}`
}

/** How the times to converge compare, and every step that took much longer or shorter than recorded. */
const formatTimes = (cases: ReadonlyArray<Case.CaseResult>): string => {
  let recorded = 0
  let timely = 0
  let exceptions = ""
  for (const result of cases) {
    result.steps.forEach((step, index) => {
      const isTimely = Case.isTimely(step)
      if (isTimely === undefined) return
      recorded++
      if (isTimely) {
        timely++
        return
      }
      const after = seconds(step.convergedAfterNs)
      const was = seconds(step.recordedConvergedAfterNs!)
      exceptions += `  ${result.id} step ${index + 1} (${step.event}): ${after} s, recorded ${was} s\n`
    })
  }
  if (recorded === 0) return ""
  return `converged as fast as recorded, within 2 x hello + 1 s a hop: ${timely} of ${plural(recorded, "step")}\n${exceptions}`
}

const toJson = (file: FileResult): unknown => ({
  ...file,
  cases: file.cases.map(({ steps, virtualNs, ...rest }) => ({
    ...rest,
    ...(rest.passed ? {} : { reason: reasonOf({ ...rest, steps, virtualNs }) }),
    virtualSeconds: virtualNs / SECOND,
    steps: steps.map((step) => ({
      event: step.event,
      atSeconds: step.atNs / SECOND,
      convergedAfterSeconds: step.convergedAfterNs / SECOND,
      ...(step.recordedConvergedAfterNs !== undefined && {
        recordedConvergedAfterSeconds: step.recordedConvergedAfterNs / SECOND,
        timely: Case.isTimely(step),
      }),
      settled: step.settled,
      ...(step.difference !== undefined && { difference: step.difference }),
    })),
  })),
})
