/** `lab run`: what the command does once its line has been understood. */
import * as Effect from "effect/Effect"
import { badInput, EXIT, Finished } from "../Failure.ts"
import { Output } from "../Output.ts"
import { found } from "../lab/Session.ts"
import * as PortSelection from "../capture/PortSelection.ts"
import * as Closing from "../report/Closing.ts"
import * as CommandLogFile from "./CommandLogFile.ts"
import { boot } from "./DesignProgram.ts"
import * as DataFiles from "./DataFiles.ts"
import * as Duration from "./Duration.ts"
import * as Folder from "./Folder.ts"
import * as Run from "./Run.ts"
import * as Target from "./Target.ts"

/** The flags of `lab run`. */
export interface RunInput {
  readonly target: string
  readonly seed: number | undefined
  readonly pcap: string | undefined
  readonly capture: string | undefined
  readonly trace: string | undefined
  readonly octets: boolean
  readonly limit: string
  readonly saveLog: string | undefined
  readonly data: string | undefined
  readonly json: boolean
  readonly quiet: boolean
}

/** Run a scenario or a design and report. Fails with `Finished` for every exit code but 0. */
export const run = Effect.fnUntraced(function* (input: RunInput) {
  const report = yield* account(input)
  const output = yield* Output
  const files = input.data === undefined ? [] : yield* DataFiles.save(input.data, report)
  if (input.json) output.out.write(`${JSON.stringify(Closing.json(report), null, 2)}\n`)
  else if (!input.quiet) {
    for (const line of Closing.lines(report, output.style)) output.out.write(`${line}\n`)
    if (input.data !== undefined)
      output.out.write(`data     ${files.length === 0 ? "the scenario keeps none" : files.join(" ")}\n`)
  }
  if (report.exitCode !== EXIT.ok) return yield* new Finished({ code: report.exitCode })
})

/** Run it and give the account, whatever the exit code. */
export const account = Effect.fnUntraced(function* (input: RunInput) {
  if (input.seed !== undefined && !(input.seed >= 0 && input.seed <= 0xffffffff)) {
    return yield* badInput(`--seed ${input.seed}: a seed is an integer from 0 to 4294967295`)
  }
  if (input.capture !== undefined && input.pcap === undefined) {
    return yield* badInput(`--capture ${input.capture}: there is no file to capture to; add --pcap FILE.pcapng`)
  }
  const capture = input.capture === undefined ? undefined : PortSelection.items(input.capture)
  if (capture?.length === 0) return yield* badInput(`--capture "${input.capture}" names no port: write sw1:1, sw1, or all`)
  const limitNs = yield* found(() => Duration.parse("limit", input.limit))
  const target = yield* Target.resolve(input.target)
  const compiled = yield* Target.compile(target.design)
  const job: Run.Job =
    target.kind === "scenario"
      ? {
          name: target.scenario.name,
          description: target.scenario.description,
          compiled,
          capture: target.scenario.capture,
          program: target.scenario.program,
          script: target.file,
          invocation: invocationOf(input),
        }
      : {
          name: compiled.directory.name,
          description: compiled.design.description,
          compiled,
          capture: ["all"],
          program: boot(input.target),
          invocation: invocationOf(input),
        }
  if (input.saveLog !== undefined) yield* CommandLogFile.ensureWritable(input.saveLog)
  if (input.data !== undefined) yield* Folder.make("data", input.data)
  const report = yield* Run.run(job, {
    seed: input.seed,
    pcap: input.pcap,
    capture,
    trace: input.trace,
    octets: input.octets,
    limitNs,
    verbosity: input.json ? "json" : input.quiet ? "quiet" : "text",
  })
  if (input.saveLog !== undefined) yield* CommandLogFile.save(input.saveLog, target.design, report)
  return report
})

const invocationOf = (input: RunInput): string => `npx --no lab run ${input.target}${input.octets ? " --octets" : ""}`
