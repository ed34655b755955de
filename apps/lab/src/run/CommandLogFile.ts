/** A run without its script: design, seed and command log in one file. Replayed, it goes the same way to the same fingerprint. */
import * as Compile from "@l2lab/design/Compile"
import { registry } from "@l2lab/design/Registry"
import * as Fingerprint from "@l2lab/sim/Fingerprint"
import * as Replay from "@l2lab/sim/Replay"
import type { CommandRecord } from "@l2lab/sim/World"
import { WORLD } from "@l2lab/sim/WorldCommand"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { planWith } from "../Emulation.ts"
import { badInput } from "../Failure.ts"
import { isMissing, why } from "../report/TextSink.ts"
import type { Report } from "./Run.ts"

const FORMAT = "l2lab command log 1"

const Log = Schema.Struct({
  format: Schema.Literal(FORMAT),
  name: Schema.String,
  /** The design file's name, for messages, and its text: the log stands on its own. */
  design: Schema.Struct({ file: Schema.String, text: Schema.String }),
  seed: Schema.Int,
  /** Virtual nanoseconds. */
  endedAt: Schema.Finite,
  /** Events that had been processed then: a script may end its run in the middle of an instant. */
  events: Schema.Int,
  fingerprint: Schema.String,
  commands: Schema.Array(
    Schema.Struct({
      at: Schema.Finite,
      afterEvents: Schema.Int,
      node: Schema.Int,
      command: Schema.StructWithRest(Schema.Struct({ type: Schema.String }), [Schema.Record(Schema.String, Schema.Unknown)]),
    }),
  ),
})

/** A log as it is in the file. */
export type Log = typeof Log.Type

/** Find out, before a run, that its log could not be written; what is in the file stays there. */
export const ensureWritable = (file: string) =>
  FileSystem.FileSystem.use((fs) =>
    Effect.gen(function* () {
      const isThere = yield* fs.exists(file)
      yield* Effect.scoped(fs.open(file, { flag: "a" }))
      if (!isThere) yield* fs.remove(file)
    }),
  ).pipe(Effect.mapError((error) => badInput(`cannot write the command log to ${file}: ${why(error)}`)))

/** Write the log of a run. */
export const save = Effect.fnUntraced(function* (file: string, design: string, report: Report) {
  const fs = yield* FileSystem.FileSystem
  const text = yield* fs
    .readFileString(design)
    .pipe(Effect.mapError((error) => badInput(`cannot read ${design} again: ${why(error)}`)))
  const log: Log = {
    format: FORMAT,
    name: report.name,
    design: { file: design, text },
    seed: report.seed,
    endedAt: report.endedAt,
    events: report.events,
    fingerprint: report.fingerprint,
    commands: report.commandLog.map((record) => ({ ...record, command: { ...record.command } })),
  }
  yield* fs
    .writeFileString(file, `${JSON.stringify(log)}\n`)
    .pipe(Effect.mapError((error) => badInput(`cannot write the command log to ${file}: ${why(error)}`)))
})

/** Read a log; whatever is in the file, the answer is a log or a sentence. */
export const load = Effect.fnUntraced(function* (file: string) {
  const fs = yield* FileSystem.FileSystem
  const text = yield* fs
    .readFileString(file)
    .pipe(
      Effect.mapError((error) =>
        badInput(isMissing(error) ? `there is no file ${file}` : `cannot read the command log ${file}: ${why(error)}`),
      ),
    )
  const decoded = Schema.decodeResult(Schema.fromJsonString(Log))(text)
  if (Result.isFailure(decoded)) {
    return yield* badInput(`${file} is no command log of this version: make one with "npx --no lab run X --save-log ${file}"`)
  }
  return decoded.success
})

/** How a replay went. */
export interface Replayed {
  readonly log: Log
  readonly fingerprint: string
  readonly events: number
}

/** Replay a log. */
export const replay = (log: Log, file: string) =>
  Effect.gen(function* () {
    const compiled = Compile.text(log.design.text, log.design.file)
    if (Result.isFailure(compiled)) return yield* badInput(compiled.failure.message)
    const plan = planWith(compiled.success.plan, log.seed)
    const records: ReadonlyArray<CommandRecord> = log.commands
    const nodes = compiled.success.directory.nodes.length
    const stray = records.findIndex(({ node }) => node < WORLD || node >= nodes)
    if (stray >= 0) {
      return yield* badInput(
        `${file} does not fit its design: command ${stray} is for node ${records[stray].node}, and the design has ${nodes}`,
      )
    }
    const simulation = yield* Effect.try({
      try: () => {
        const replayed = Replay.run(plan, registry(), records, -1)
        replayed.advanceTo(log.endedAt, log.events)
        return replayed
      },
      catch: (cause) => badInput(`${file} does not fit its design: ${cause instanceof Error ? cause.message : String(cause)}`),
    })
    return { log, fingerprint: Fingerprint.of(simulation), events: simulation.eventCount } satisfies Replayed
  })
