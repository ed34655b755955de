/** A sink that is slow, short, or full: memory stays bounded and what was written stays a capture. */
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import * as Capture from "../src/Capture.ts"
import type { CaptureFormat } from "../src/CaptureFormat.ts"
import * as PcapReader from "../src/PcapReader.ts"
import * as PcapSink from "../src/PcapSink.ts"

/** A file in memory of at most `capacity` octets that takes at most `gulp` octets at once. */
const makeDisk = (capacity: number, gulp: number) => {
  const octets = new Uint8Array(capacity)
  const disk = {
    used: 0,
    writes: 0,
    contents: () => octets.subarray(0, disk.used),
    write: (chunk: Uint8Array) => {
      disk.writes++
      const count = Math.min(chunk.length, gulp, capacity - disk.used)
      if (count === 0) throw new Error("ENOSPC")
      octets.set(chunk.subarray(0, count), disk.used)
      disk.used += count
      return count
    },
    truncate: (length: number) => void (disk.used = length),
  }
  return disk
}

const makeCapture = (format: CaptureFormat, highWaterOctets: number): Capture.Capture => {
  const capture = Capture.make({ format, highWaterOctets })
  Capture.addInterface(capture, { name: "sw1:1" })
  return capture
}

const PACKET_OCTETS = 61

const append = (capture: Capture.Capture, at: number): void =>
  Capture.packet(capture, { interface: 0, at, octets: new Uint8Array(PACKET_OCTETS).fill(at), direction: "in" })

describe("drain", () => {
  it("offers again what a short write left", () => {
    const disk = makeDisk(1_000_000, 7)
    const capture = makeCapture("pcapng", 1000)
    const out = PcapSink.make(capture, disk)
    for (let i = 0; i < 100; i++) append(capture, i)
    const buffered = Capture.bufferedOctets(capture)
    assert.deepStrictEqual(PcapSink.drain(out), Result.succeed(buffered))
    assert.strictEqual(disk.writes, Math.ceil(buffered / 7))
    assert.strictEqual(Result.getOrThrow(PcapReader.parse(disk.contents())).packets.length, 100)
    assert.strictEqual(out.keptPackets, 100)
  })

  it("a slow sink: a producer that heeds needsDrain never has more buffered than the mark and one step", () => {
    const capture = makeCapture("pcapng", 4096)
    const disk = makeDisk(4_000_000, 1 << 20)
    const out = PcapSink.make(capture, disk)
    const STEP = 16
    const blockOctets = 32 + PACKET_OCTETS + 3 + 12
    let most = 0
    let pauses = 0
    for (let i = 0; i < 20_000; i++) {
      append(capture, i)
      most = Math.max(most, Capture.bufferedOctets(capture))
      // The producer looks only after every 16th packet, as an event loop looks after an event.
      if (i % STEP === STEP - 1 && Capture.needsDrain(capture)) {
        pauses++
        PcapSink.drain(out)
      }
    }
    PcapSink.drain(out)
    assert.isAtMost(most, 4096 + STEP * blockOctets)
    assert.isAbove(pauses, 100)
    assert.isAtMost(capture.octets.length, 4096 + 65_536)
    assert.strictEqual(Result.getOrThrow(PcapReader.parse(disk.contents())).packets.length, 20_000)
  })
})

describe("a full disk", () => {
  for (const format of ["pcapng", "pcap-ns", "pcap-us"] as const)
    it(`leaves whole packets only, wherever it fills up (${format})`, () => {
      for (let capacity = 200; capacity < 600; capacity++) {
        const disk = makeDisk(capacity, 64)
        const capture = makeCapture(format, 100)
        const out = PcapSink.make(capture, disk)
        let failure: PcapSink.SinkFailure | undefined
        for (let i = 0; i < 20 && failure === undefined; i++) {
          append(capture, i)
          const result = PcapSink.drain(out)
          if (Result.isFailure(result)) failure = result.failure
        }
        const read = Result.getOrThrow(PcapReader.parse(disk.contents()))
        const { cause, keptOctets, keptPackets, whole } = failure!
        assert.strictEqual((cause as Error).message, "ENOSPC")
        assert.strictEqual(keptPackets, read.packets.length)
        assert.strictEqual(keptOctets, disk.used)
        assert.isTrue(whole)
        assert.isAtLeast(disk.used, capacity - 130)
      }
    })

  it("without truncate it says that the last packet may be cut", () => {
    const { write } = makeDisk(300, 64)
    const capture = makeCapture("pcapng", 100)
    const out = PcapSink.make(capture, { write })
    for (let i = 0; i < 5; i++) append(capture, i)
    const { keptPackets, whole } = Result.getOrThrow(Result.flip(PcapSink.drain(out)))
    // 72 octets of header and interface, 2 packets of 108, and 12 octets of a third.
    assert.strictEqual(keptPackets, 2)
    assert.isFalse(whole)
  })

  it("after a failure the same failure comes again and nothing piles up", () => {
    const capture = makeCapture("pcapng", 100)
    const out = PcapSink.make(capture, { write: () => 0 })
    const first = PcapSink.drain(out)
    for (let i = 0; i < 1000; i++) {
      append(capture, i)
      assert.strictEqual(PcapSink.drain(out).toString(), first.toString())
    }
    assert.strictEqual(Capture.bufferedOctets(capture), 0)
    assert.isAtMost(capture.octets.length, 100 + 65_536)
  })
})
