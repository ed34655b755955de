/**
 * Writing a capture out synchronously, to anything that takes octets. `node:fs` fits as it stands:
 *
 *     const fd = fs.openSync("farm.pcapng", "w")
 *     const out = PcapSink.make(capture, {
 *       write: (chunk) => fs.writeSync(fd, chunk),
 *       truncate: (octets) => fs.ftruncateSync(fd, octets),
 *     })
 *     if (Capture.needsDrain(capture)) PcapSink.drain(out)
 *
 * For files and streams under Effect see `PcapService`.
 */
import { Result } from "effect"
import * as Capture from "./Capture.ts"
import * as WholeBlocks from "./WholeBlocks.ts"

/** Something that takes octets. */
export interface Sink {
  /**
   * Take octets from the start of `chunk`, at least one; how many were taken. Fewer than all is no failure: the rest is offered again.
   * A failure is a throw, or 0.
   */
  readonly write: (chunk: Uint8Array) => number
  /** Forget all but the first `octets` octets of everything taken. Absent where that cannot be done (a pipe). */
  readonly truncate?: ((octets: number) => void) | undefined
}

/** How a capture's way out failed. */
export interface SinkFailure {
  readonly cause: unknown
  /** Octets and packets that the sink holds whole. */
  readonly keptOctets: number
  readonly keptPackets: number
  /** Whether the sink ends with a whole block: it did anyway, or it was truncated to that. */
  readonly whole: boolean
}

/** A capture and the sink it goes to. */
export interface Drain {
  readonly capture: Capture.Capture
  readonly sink: Sink
  /** Octets and packets that went out whole. */
  keptOctets: number
  keptPackets: number
  failure: SinkFailure | undefined
}

/** Join a capture to a sink; nothing is written yet. */
export const make = (capture: Capture.Capture, sink: Sink): Drain => ({
  capture,
  sink,
  keptOctets: 0,
  keptPackets: 0,
  failure: undefined,
})

/**
 * Write out everything buffered; the number of octets. After a failure the sink is left with whole blocks only, later calls give
 * the same failure again, and what they find buffered is discarded, so that a producer that goes on does not fill the memory.
 */
export const drain = (drain: Drain): Result.Result<number, SinkFailure> => {
  const { capture, sink } = drain
  const chunk = Capture.take(capture)
  if (drain.failure !== undefined) {
    Capture.release(capture, chunk)
    return Result.fail(drain.failure)
  }
  let written = 0
  try {
    while (written < chunk.length) {
      const count = sink.write(written === 0 ? chunk : chunk.subarray(written))
      if (!(count > 0)) throw new Error("the sink took no octets")
      written += count
    }
  } catch (cause) {
    drain.failure = fail(drain, chunk, written, cause)
    return Result.fail(drain.failure)
  }
  keep(drain, chunk, written)
  Capture.release(capture, chunk)
  return Result.succeed(written)
}

const keep = (drain: Drain, chunk: Uint8Array, written: number): number => {
  const whole = WholeBlocks.count(drain.capture.format, chunk, written, drain.keptOctets === 0)
  drain.keptOctets += whole.octets
  drain.keptPackets += whole.packets
  return whole.octets
}

const fail = (drain: Drain, chunk: Uint8Array, written: number, cause: unknown): SinkFailure => {
  let whole = keep(drain, chunk, written) === written
  if (!whole && drain.sink.truncate !== undefined) {
    try {
      drain.sink.truncate(drain.keptOctets)
      whole = true
    } catch {
      // The write's failure is the one to report; `whole` says that this one failed too.
    }
  }
  return { cause, keptOctets: drain.keptOctets, keptPackets: drain.keptPackets, whole }
}
