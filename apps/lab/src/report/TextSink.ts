/** A text file that grows while a run goes on: lines are buffered, and written when enough of them wait. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import type { PlatformError } from "effect/PlatformError"
import type * as Scope from "effect/Scope"
import { badInput, type InputError } from "../Failure.ts"

export interface TextSink {
  readonly path: string
  readonly append: (text: string) => void
  /** Whether so much waits that the producer should pause. */
  readonly needsDrain: () => boolean
  /** Write out what waits. */
  readonly drain: Effect.Effect<void, InputError>
}

const HIGH_WATER_CHARACTERS = 1 << 20

/** Open a file for the scope's time, replacing what was there; what waits when the scope closes is written. */
export const open = (path: string, what: string): Effect.Effect<TextSink, InputError, FileSystem.FileSystem | Scope.Scope> =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const file = yield* fs
      .open(path, { flag: "w" })
      .pipe(Effect.mapError((error) => badInput(`cannot open the ${what} ${path}: ${why(error)}`)))
    const encoder = new TextEncoder()
    let waiting: Array<string> = []
    let characters = 0
    let failed = false
    const drain = Effect.suspend(() => {
      if (waiting.length === 0 || failed) return Effect.void
      const octets = encoder.encode(waiting.join(""))
      waiting = []
      characters = 0
      return file.writeAll(octets).pipe(
        Effect.mapError((error) => {
          failed = true
          return badInput(`cannot write the ${what} to ${path}: ${why(error)}`)
        }),
      )
    }).pipe(Effect.uninterruptible)
    yield* Effect.addFinalizer(() => Effect.ignore(drain))
    return {
      path,
      append: (text) => {
        waiting.push(text)
        characters += text.length
      },
      needsDrain: () => characters >= HIGH_WATER_CHARACTERS,
      drain,
    }
  })

const KNOWN: Readonly<Record<string, string>> = {
  ENOENT: "its directory does not exist; make it first, or name another file",
  ENOTDIR: "part of its path is a file; name a file in a directory that exists",
  EISDIR: "it is a directory; name a file in it",
  EACCES: "permission denied; name a file in a directory that you may write to",
  EPERM: "operation not permitted; name a file in a directory that you may write to",
  EROFS: "the file system is read-only; name a file elsewhere",
  ENOSPC: "no space left on the device; free some space, or write to another disk",
}

const codeOf = ({ reason: { cause } }: PlatformError): string =>
  typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : ""

/** Whether a file could not be read because it is not there. */
export const isMissing = (error: PlatformError): boolean => codeOf(error) === "ENOENT"

/** A file system's failure as a phrase with its cure. */
export const why = (error: PlatformError): string => {
  const code = codeOf(error)
  return KNOWN[code] === undefined ? error.message.split("\n")[0] : `${KNOWN[code]} (${code})`
}
