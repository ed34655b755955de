/** Real files, and a file system that fails on purpose. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { NodeFileSystem } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Exit, Fiber, FileSystem, PlatformError, Result, Stream } from "effect"
import { afterAll } from "vitest"
import * as Capture from "../src/Capture.ts"
import * as PcapReader from "../src/PcapReader.ts"
import * as PcapService from "../src/PcapService.ts"

const directory = mkdtempSync(join(tmpdir(), "pcap-writer-"))
afterAll(() => rmSync(directory, { recursive: true }))

const read = (path: string): PcapReader.ReadCapture => Result.getOrThrow(PcapReader.parse(readFileSync(path)))
const octets = Uint8Array.of(1, 2, 3, 4, 5)

/** A platform error as Node's file system gives it. */
const systemError = (code: string): PlatformError.PlatformError =>
  PlatformError.systemError({
    _tag: "Unknown",
    module: "FileSystem",
    method: "write",
    cause: Object.assign(new Error(code), { code }),
  })

/** A disk of `capacity` octets behind Effect's FileSystem. `gate` holds each write up until it succeeds. */
const makeDisk = (capacity: number, gate: Effect.Effect<void> = Effect.void) => {
  const disk = { contents: new Uint8Array(0), truncations: 0 }
  const file = {
    write: (chunk: Uint8Array) =>
      Effect.andThen(
        gate,
        Effect.suspend(() => {
          const count = Math.min(chunk.length, 50, capacity - disk.contents.length)
          if (count === 0) return Effect.fail(systemError("ENOSPC"))
          disk.contents = Uint8Array.from([...disk.contents, ...chunk.subarray(0, count)])
          return Effect.succeed(count)
        }),
      ),
    truncate: (length?: number) =>
      Effect.sync(() => {
        disk.truncations++
        disk.contents = disk.contents.slice(0, length ?? 0)
      }),
  }
  // Only what the service calls is there.
  // oxlint-disable-next-line typescript/no-explicit-any
  const layer = FileSystem.layerNoop({ open: () => Effect.succeed(file as any) })
  return { disk, layer }
}

describe("a file", () => {
  it.effect("holds everything when its scope has closed", () =>
    Effect.gen(function* () {
      const path = join(directory, "whole.pcapng")
      yield* Effect.scoped(
        Effect.gen(function* () {
          const { capture, drainIfNeeded } = yield* PcapService.open(path, { highWaterOctets: 1000 })
          const port = Capture.addInterface(capture, { name: "sw1:1" })
          for (let at = 0; at < 1000; at++) {
            Capture.packet(capture, { interface: port, at, octets })
            yield* drainIfNeeded
          }
        }),
      )
      assert.strictEqual(read(path).packets.length, 1000)
    }).pipe(Effect.provide(NodeFileSystem.layer)),
  )

  it.effect("is a valid capture from the moment it is open, and replaces an older one", () =>
    Effect.gen(function* () {
      const path = join(directory, "fresh.pcap")
      for (let round = 0; round < 2; round++)
        yield* PcapService.withFile(path, {}, ({ capture }) =>
          Effect.sync(() => {
            assert.strictEqual(read(path).packets.length, 0)
            const port = Capture.addInterface(capture, { name: "a" })
            for (let at = 0; at < 3 - round; at++) Capture.packet(capture, { interface: port, at, octets })
          }),
        )
      assert.strictEqual(read(path).packets.length, 2)
    }).pipe(Effect.provide(NodeFileSystem.layer)),
  )

  it.effect("interrupted: whole packets that were buffered are flushed", () =>
    Effect.gen(function* () {
      for (const scoped of [true, false]) {
        const path = join(directory, `interrupted-${scoped}.pcapng`)
        const started = yield* Deferred.make<void>()
        const body = ({ capture }: PcapService.CaptureFile) =>
          Effect.gen(function* () {
            const port = Capture.addInterface(capture, { name: "a" })
            for (let at = 0; at < 7; at++) Capture.packet(capture, { interface: port, at, octets })
            yield* Deferred.succeed(started, undefined)
            return yield* Effect.never
          })
        const program = scoped
          ? Effect.scoped(Effect.flatMap(PcapService.open(path), body))
          : PcapService.withFile(path, {}, body)
        const fiber = yield* Effect.forkChild(program)
        yield* Deferred.await(started)
        yield* Fiber.interrupt(fiber)
        assert.isTrue(Exit.isFailure(yield* Fiber.await(fiber)))
        assert.strictEqual(read(path).packets.length, 7)
      }
    }).pipe(Effect.provide(NodeFileSystem.layer)),
  )

  it.effect("interrupted in the middle of a write: the write ends first and nothing is written twice", () =>
    Effect.gen(function* () {
      const writing = yield* Deferred.make<void>()
      const permit = yield* Deferred.make<void>()
      let gated = false
      const gate = Effect.suspend(() =>
        gated ? Effect.andThen(Deferred.succeed(writing, undefined), Deferred.await(permit)) : Effect.void,
      )
      const { disk, layer } = makeDisk(100_000, gate)
      const fiber = yield* PcapService.withFile("slow.pcapng", {}, ({ capture, drain }) =>
        Effect.gen(function* () {
          const port = Capture.addInterface(capture, { name: "a" })
          for (let at = 0; at < 20; at++) Capture.packet(capture, { interface: port, at, octets })
          gated = true
          yield* drain
          return yield* Effect.never
        }),
      ).pipe(Effect.provide(layer), Effect.forkChild)
      yield* Deferred.await(writing)
      const interrupting = yield* Effect.forkChild(Fiber.interrupt(fiber))
      yield* Effect.yieldNow
      yield* Deferred.succeed(permit, undefined)
      yield* Fiber.join(interrupting)
      assert.strictEqual(Result.getOrThrow(PcapReader.parse(disk.contents)).packets.length, 20)
    }),
  )
})

describe("failures say what, where and what to do", () => {
  it.effect("an ending that names no format", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(Effect.scoped(PcapService.open("farm.cap")))
      assert.strictEqual(error._tag, "CaptureError")
      assert.include(error.message, `"farm.cap"`)
      assert.include(error.message, ".pcapng")
    }).pipe(Effect.provide(NodeFileSystem.layer)),
  )

  it.effect("a directory that does not exist, and a directory in place of a file", () =>
    Effect.gen(function* () {
      const missing = join(directory, "no", "such.pcap")
      const first = yield* Effect.flip(Effect.scoped(PcapService.open(missing)))
      assert.strictEqual(
        first.message,
        `cannot open the capture file ${missing}: its directory does not exist (ENOENT). Make the directory first, or name another file.`,
      )
      const second = yield* Effect.flip(Effect.scoped(PcapService.open(directory, { format: "pcapng" })))
      assert.include(second.message, "it is a directory (EISDIR)")
    }).pipe(Effect.provide(NodeFileSystem.layer)),
  )

  it.effect.skipIf(!existsSync("/dev/full"))("a real full device (skipped where there is no /dev/full)", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(Effect.scoped(PcapService.open("/dev/full", { format: "pcapng" })))
      assert.include(error.message, "cannot write the capture to /dev/full: no space left on the device (ENOSPC).")
      assert.isFalse(error.valid)
    }).pipe(Effect.provide(NodeFileSystem.layer)),
  )

  it.effect("a disk that fills up: one error, a valid file, and how many packets are in it", () =>
    Effect.gen(function* () {
      for (let capacity = 80; capacity < 260; capacity++) {
        const { disk, layer } = makeDisk(capacity)
        const error = yield* PcapService.withFile("full.pcapng", { highWaterOctets: 1 }, ({ capture, drainIfNeeded }) =>
          Effect.gen(function* () {
            const port = Capture.addInterface(capture, { name: "a" })
            for (let at = 0; at < 100; at++) {
              Capture.packet(capture, { interface: port, at, octets })
              yield* drainIfNeeded
            }
          }),
        ).pipe(Effect.provide(layer), Effect.flip)
        const { packets } = Result.getOrThrow(PcapReader.parse(disk.contents))
        assert.isTrue(error.valid)
        assert.strictEqual(error.keptPackets, packets.length)
        assert.include(error.message, `holds the ${packets.length} packets up to there`)
        assert.isAtMost(disk.truncations, 1)
      }
    }),
  )

  it.effect("the last write of withFile fails as an error, not in a log", () =>
    Effect.gen(function* () {
      const { layer } = makeDisk(28)
      const error = yield* PcapService.withFile("full.pcapng", {}, ({ capture }) =>
        Effect.sync(() => void Capture.addInterface(capture, { name: "a" })),
      ).pipe(Effect.provide(layer), Effect.flip)
      assert.include(error.message, "ENOSPC")
    }),
  )
})

describe("streams", () => {
  const interfaces = [{ name: "a" }, { name: "b" }]
  const packets = Stream.range(0, 9999).pipe(Stream.map((at) => ({ interface: at % 2, at, octets })))

  it.effect("encode: whole blocks, bounded chunks, the same octets each time it is run", () =>
    Effect.gen(function* () {
      const stream = PcapService.encode({ format: "pcapng", interfaces, highWaterOctets: 4096 })(packets)
      const chunks = yield* Stream.runCollect(stream)
      assert.isAbove(chunks.length, 50)
      for (const chunk of chunks) assert.isAtMost(chunk.length, 4096 + 40)
      const whole = Buffer.concat(chunks)
      assert.strictEqual(Result.getOrThrow(PcapReader.parse(whole)).packets.length, 10_000)
      assert.deepStrictEqual(Buffer.concat(yield* Stream.runCollect(stream)), whole)
    }),
  )

  it.effect("run: a stream into a file is the same octets", () =>
    Effect.gen(function* () {
      const path = join(directory, "stream.pcapng")
      yield* PcapService.run(path, { interfaces, highWaterOctets: 4096 }, packets)
      const chunks = yield* Stream.runCollect(PcapService.encode({ format: "pcapng", interfaces })(packets))
      assert.deepStrictEqual(readFileSync(path), Buffer.concat(chunks))
    }).pipe(Effect.provide(NodeFileSystem.layer)),
  )

  it.effect("a slow consumer holds the producer up: what is produced ahead stays bounded", () =>
    Effect.gen(function* () {
      let produced = 0
      let consumed = 0
      let mostAhead = 0
      const source = Stream.range(0, 2999).pipe(
        Stream.rechunk(10),
        Stream.map((at) => {
          produced++
          return { interface: 0, at, octets }
        }),
      )
      const stream = PcapService.encode({ format: "pcap-ns", interfaces, highWaterOctets: 210 })(source)
      yield* Stream.runForEach(stream, (chunk) =>
        Effect.gen(function* () {
          yield* Effect.yieldNow
          // A record is 21 octets.
          consumed += Math.floor(chunk.length / 21)
          mostAhead = Math.max(mostAhead, produced - consumed)
        }),
      )
      assert.strictEqual(produced, 3000)
      assert.isAtMost(mostAhead, 40)
    }),
  )
})
