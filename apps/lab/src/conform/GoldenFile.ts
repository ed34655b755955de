/** Golden files: one record a line, `.jsonl`, or packed as `.jsonl.gz` (told by the content, not by the name). */
import { gunzipSync } from "node:zlib"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import type * as PlatformError from "effect/PlatformError"
import * as Result from "effect/Result"
import { badInput, type InputError } from "../Failure.ts"
import * as Record from "./Record.ts"

/** The records of a file, all of them, or a sentence that names file and line. */
export const read = (path: string): Effect.Effect<ReadonlyArray<Record.Line>, InputError, FileSystem.FileSystem> =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const octets = yield* fs.readFile(path).pipe(Effect.mapError((error) => badInput(`cannot read ${path}: ${explain(error)}`)))
    const text = yield* Effect.fromResult(unpack(octets)).pipe(
      Effect.mapError((why) => badInput(`${path}: ${why}; a golden file holds one JSON record a line, plain or gzipped`)),
    )
    return yield* Effect.fromResult(parse(path, text))
  })

/** Read the text of a file line by line; the failure is one sentence with file and line. */
export const parse = (path: string, text: string): Result.Result<ReadonlyArray<Record.Line>, InputError> => {
  const lines: Array<Record.Line> = []
  const seen = new Map<string, number>()
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue
    const where = `${path}:${index + 1}`
    const record = Record.parse(line)
    if (Result.isFailure(record)) return Result.fail(badInput(`${where}: ${record.failure}`))
    const { id } = record.success
    if (seen.has(id)) return Result.fail(badInput(`${where}: the id "${id}" was used on line ${seen.get(id)} already`))
    seen.set(id, index + 1)
    lines.push(record.success)
  }
  return Result.succeed(lines)
}

const GZIP_FIRST = 0x1f
const GZIP_SECOND = 0x8b

const unpack = (octets: Uint8Array): Result.Result<string, string> => {
  let plain = octets
  if (octets[0] === GZIP_FIRST && octets[1] === GZIP_SECOND) {
    try {
      plain = gunzipSync(octets)
    } catch {
      return Result.fail("begins as a gzip file but cannot be unpacked: it is damaged or cut off")
    }
  }
  try {
    return Result.succeed(new TextDecoder("utf-8", { fatal: true }).decode(plain))
  } catch {
    return Result.fail("is not text")
  }
}

const explain = (error: PlatformError.PlatformError): string => {
  switch (error.reason._tag) {
    case "NotFound":
      return "no such file"
    case "PermissionDenied":
      return "permission denied"
    default:
      return error.reason._tag === "BadResource" || /EISDIR/.test(error.message) ? "it is not a file" : error.message
  }
}
