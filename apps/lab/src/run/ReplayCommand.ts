/** `lab replay`: what the command does. */
import * as Effect from "effect/Effect"
import { EXIT, Finished } from "../Failure.ts"
import { Output } from "../Output.ts"
import { counted, formatNs } from "../report/Quantity.ts"
import * as CommandLogFile from "./CommandLogFile.ts"

export const replay = Effect.fnUntraced(function* (input: { readonly file: string; readonly json: boolean }) {
  const { out, style } = yield* Output
  const log = yield* CommandLogFile.load(input.file)
  const { fingerprint, events } = yield* CommandLogFile.replay(log, input.file)
  const same = fingerprint === log.fingerprint
  if (input.json) {
    const { name, seed, endedAt } = log
    out.write(`${JSON.stringify({ name, seed, endedAt, events, fingerprint, recorded: log.fingerprint, same }, null, 2)}\n`)
  } else {
    const what = `${log.name}: ${counted(log.commands.length, "command")}, ${formatNs(log.endedAt)} of virtual time, ${counted(events, "event")}`
    out.write(
      same
        ? `${style.tick} ${what}, fingerprint ${fingerprint} as recorded\n`
        : `${style.cross} ${what}: fingerprint ${fingerprint}, recorded ${log.fingerprint}. The log is of another version of l2lab, or this is a bug\n`,
    )
  }
  if (!same) return yield* new Finished({ code: EXIT.checkFailed })
})
