/**
 * Captures under Effect: a scoped file, and streams.
 *
 * The producer stays synchronous and appends to `file.capture`; between its steps it runs `file.drainIfNeeded`. The file holds whole
 * packets only at any time that matters: when the scope closes (also by interruption) everything buffered is flushed, and a write
 * that fails half-way is cut back to the last whole packet. Files are written by Effect's FileSystem service, so
 * `@effect/platform-node`, Bun's or a test's own will do.
 */
import { Effect, Exit, FileSystem, Option, type PlatformError, Result, Schema, type Scope, Semaphore, Stream } from "effect"
import * as Capture from "./Capture.ts"
import { type CaptureFormat, formatOf } from "./CaptureFormat.ts"
import type { Interface } from "./Pcapng.ts"
import * as WholeBlocks from "./WholeBlocks.ts"

/** A capture file cannot be opened or written. The message says what, where, and what to do. */
export class CaptureError extends Schema.TaggedError<CaptureError>()("CaptureError", {
  path: Schema.String,
  operation: Schema.Literals(["name", "open", "write"]),
  /** Why, as a phrase: `no space left on device (ENOSPC)`. */
  why: Schema.String,
  /** What to do, as a sentence. */
  cure: Schema.String,
  /** Whole packets that are in the file. */
  keptPackets: Schema.Int,
  /** Whether the file, as it was left, is a valid capture. */
  valid: Schema.Boolean,
}) {
  override get message() {
    if (this.operation === "name") return `${this.why}`
    if (this.operation === "open") return `cannot open the capture file ${this.path}: ${this.why}. ${this.cure}`
    const left = this.valid
      ? `The file is valid and holds the ${this.keptPackets} packets up to there.`
      : `What is in the file is not a whole capture.`
    return `cannot write the capture to ${this.path}: ${this.why}. ${left} ${this.cure}`
  }
}

/** Options of a file; its format is that of the path's ending unless given. */
export type FileOptions = Omit<Capture.Options, "format"> & { readonly format?: CaptureFormat | undefined }

/** An open capture file. */
export interface CaptureFile {
  readonly path: string
  /** Append packets here. */
  readonly capture: Capture.Capture
  /** Write out everything buffered. After a failure each call fails the same way, and what was buffered is discarded. */
  readonly drain: Effect.Effect<void, CaptureError>
  /** The same if the capture asks for it (`Capture.needsDrain`). */
  readonly drainIfNeeded: Effect.Effect<void, CaptureError>
  /** Whether a drain has failed. */
  readonly failed: () => boolean
}

/**
 * Open a capture file for the scope's time; an existing file is replaced and the header is written at once. When the scope closes what is
 * buffered is written out; a failure of that last write is logged, since a finalizer cannot fail: run `drain` at the end, or
 * `withFile`, to have it as an error.
 */
export const open = (
  path: string,
  options: FileOptions = {},
): Effect.Effect<CaptureFile, CaptureError, FileSystem.FileSystem | Scope.Scope> =>
  Effect.gen(function* () {
    const format = options.format === undefined ? formatOf(path) : Result.succeed(options.format)
    if (Result.isFailure(format))
      return yield* new CaptureError({ path, operation: "name", why: format.failure, cure: "", keptPackets: 0, valid: false })
    const fs = yield* FileSystem.FileSystem
    const file = yield* fs.open(path, { flag: "w" }).pipe(Effect.mapError((error) => openError(path, error)))
    const capture = Capture.make({ ...options, format: format.success })
    const drain = yield* makeDrain(path, file, capture)
    yield* Effect.addFinalizer(() =>
      // A failure that a caller was told of already is not told twice.
      drain.failed() ? Effect.void : drain.run.pipe(Effect.catch((error) => Effect.logError(error.message))),
    )
    yield* drain.run
    return {
      path,
      capture,
      drain: drain.run,
      drainIfNeeded: Effect.suspend(() => (Capture.needsDrain(capture) ? drain.run : Effect.void)),
      failed: drain.failed,
    }
  })

/** Open a capture file, run `body` with it, and write out the rest, also when `body` fails or is interrupted. A failed last write is an error. */
export const withFile = <A, E, R>(
  path: string,
  options: FileOptions,
  body: (file: CaptureFile) => Effect.Effect<A, E, R>,
): Effect.Effect<A, E | CaptureError, Exclude<R, Scope.Scope> | FileSystem.FileSystem> =>
  Effect.scoped(
    Effect.flatMap(open(path, options), (file) =>
      // When the body failed because the capture did, one error tells it.
      Effect.onExit(body(file), (exit) => (Exit.isFailure(exit) && file.failed() ? Effect.void : file.drain)),
    ),
  )

/** Options of a stream of packets. */
export interface StreamOptions extends Capture.Options {
  /** The interfaces that packets refer to, by position. */
  readonly interfaces: ReadonlyArray<Interface>
}

/** Turn packets into the octets of a capture, chunk by chunk: headers first, then whole blocks of up to about `highWaterOctets`. */
export const encode =
  (options: StreamOptions) =>
  <E, R>(packets: Stream.Stream<Capture.Packet, E, R>): Stream.Stream<Uint8Array<ArrayBuffer>, E, R> =>
    Stream.suspend(() => {
      const capture = Capture.make(options)
      for (const spec of options.interfaces) Capture.addInterface(capture, spec)
      const head = Capture.takeCopy(capture)
      const body = Stream.flatMap(Stream.chunks(packets), (batch) =>
        Stream.fromIterable(encodeBatch(capture, batch), { chunkSize: 1 }),
      )
      return Stream.concat(Stream.succeed(head), body)
    })

function* encodeBatch(capture: Capture.Capture, batch: ReadonlyArray<Capture.Packet>) {
  for (const packet of batch) {
    Capture.packet(capture, packet)
    if (Capture.needsDrain(capture)) yield Capture.takeCopy(capture)
  }
  if (Capture.bufferedOctets(capture) > 0) yield Capture.takeCopy(capture)
}

/** Run a stream of packets into a file. */
export const run = <E, R>(
  path: string,
  options: Omit<StreamOptions, "format"> & FileOptions,
  packets: Stream.Stream<Capture.Packet, E, R>,
): Effect.Effect<void, E | CaptureError, Exclude<R, Scope.Scope> | FileSystem.FileSystem> =>
  withFile(path, options, (file) => {
    for (const spec of options.interfaces) Capture.addInterface(file.capture, spec)
    return Stream.runForEachArray(packets, (batch) =>
      Effect.forEach(
        batch,
        (packet) => {
          Capture.packet(file.capture, packet)
          return file.drainIfNeeded
        },
        { discard: true },
      ),
    )
  })

/** One fiber at a time drains, and a write once begun is not interrupted: the system call would go on behind our back. */
const makeDrain = Effect.fnUntraced(function* (path: string, file: FileSystem.File, capture: Capture.Capture) {
  const turn = yield* Semaphore.make(1)
  let keptOctets = 0
  let keptPackets = 0
  let failure: CaptureError | undefined

  const writeAll = Effect.fnUntraced(function* (chunk: Uint8Array) {
    let written = 0
    while (written < chunk.length) {
      const result = yield* Effect.result(file.write(chunk.subarray(written)))
      const count = Result.isSuccess(result) ? result.success : 0
      if (count > 0) {
        written += count
        continue
      }
      const whole = WholeBlocks.count(capture.format, chunk, written, keptOctets === 0)
      keptOctets += whole.octets
      keptPackets += whole.packets
      // Truncating frees space, so it works on a full disk; on a pipe or a device it does not.
      const cut = whole.octets === written || Option.isSome(yield* Effect.option(file.truncate(keptOctets)))
      return yield* writeError(path, Result.isFailure(result) ? result.failure : undefined, keptPackets, cut && keptOctets > 0)
    }
    const whole = WholeBlocks.count(capture.format, chunk, written, keptOctets === 0)
    keptOctets += whole.octets
    keptPackets += whole.packets
  })

  const run = Effect.suspend(() => {
    const chunk = Capture.take(capture)
    const writing = failure === undefined ? writeAll(chunk) : Effect.fail(failure)
    return writing.pipe(
      Effect.tapError((error) => Effect.sync(() => (failure = error))),
      Effect.ensuring(Effect.sync(() => Capture.release(capture, chunk))),
    )
  }).pipe(Effect.uninterruptible, turn.withPermits(1))
  return { run, failed: () => failure !== undefined }
})

/** The system's name of an error (`ENOSPC`), where the platform passes it on. */
const codeOf = (error: PlatformError.PlatformError | undefined): string | undefined => {
  const cause = error?.reason.cause
  if (typeof cause !== "object" || cause === null || !("code" in cause)) return undefined
  return typeof cause.code === "string" ? cause.code : undefined
}

/** What the errors mean that people meet here, and what to do about each. */
const KNOWN: Readonly<Record<string, readonly [why: string, cure: string]>> = {
  ENOENT: ["its directory does not exist", "Make the directory first, or name another file."],
  ENOTDIR: ["part of its path is a file, not a directory", "Name a file in a directory that exists."],
  EISDIR: ["it is a directory", "Name a file in it."],
  EACCES: ["permission denied", "Name a file in a directory that you may write to."],
  EPERM: ["operation not permitted", "Name a file in a directory that you may write to."],
  EROFS: ["the file system is read-only", "Name a file on a file system that can be written."],
  ENOSPC: [
    "no space left on the device",
    "Free some space or write the capture to another disk; capturing fewer ports makes it smaller.",
  ],
  EDQUOT: [
    "the disk quota is used up",
    "Free some space or write the capture to another disk; capturing fewer ports makes it smaller.",
  ],
  EFBIG: ["the file would grow larger than the system allows", "Capture fewer ports or a shorter time."],
  EPIPE: ["the reader at the other end of the pipe has gone", "Keep the reader open for as long as the capture runs."],
  EIO: ["the device reports an input/output error", "Write the capture to another disk."],
}

const explain = (error: PlatformError.PlatformError | undefined): { readonly why: string; readonly cure: string } => {
  const code = codeOf(error)
  const known = code === undefined ? undefined : KNOWN[code]
  if (known !== undefined) return { why: `${known[0]} (${code})`, cure: known[1] }
  return {
    why: error === undefined ? "the system took no octets and gave no reason" : (code ?? error.message),
    cure: "Name a file elsewhere and try again.",
  }
}

const openError = (path: string, error: PlatformError.PlatformError): CaptureError =>
  new CaptureError({ path, operation: "open", ...explain(error), keptPackets: 0, valid: false })

const writeError = (
  path: string,
  error: PlatformError.PlatformError | undefined,
  keptPackets: number,
  valid: boolean,
): CaptureError => new CaptureError({ path, operation: "write", ...explain(error), keptPackets, valid })
