import { assert, describe, it } from "@effect/vitest"
import * as GuestMemory from "@l2lab/hypervisor/GuestMemory"
import type { VmConfig } from "@l2lab/hypervisor/HostConfig"
import { SECOND } from "@l2lab/sim/SimTime"
import { Schema } from "effect"
import { between } from "./between.ts"

const vm = (changes: Partial<VmConfig> = {}): VmConfig => ({
  id: 7,
  mac: 0x005056000007,
  portGroup: "VM Network",
  address: 1,
  prefixLength: 24,
  memoryMib: 2,
  writes: { pagesPerSecond: 997, workingSetPages: 300 },
  ...changes,
})

const running = (config = vm()): GuestMemory.GuestMemory => {
  const memory = GuestMemory.make(config)
  GuestMemory.run(memory, 0)
  return memory
}

const setBits = (bitmap: Uint32Array): Array<number> => {
  const pages: Array<number> = []
  for (let page = 0; page < bitmap.length * 32; page++) if ((bitmap[page >>> 5] >>> (page & 31)) & 1) pages.push(page)
  return pages
}

describe("the write model", () => {
  it("writes at its rate, also over spans whose product with the rate is beyond 2^53", () => {
    const memory = running(vm({ writes: { pagesPerSecond: 999_983, workingSetPages: 512 } }))
    GuestMemory.advance(memory, 90_000 * SECOND + 1)
    assert.strictEqual(memory.writes, 90_000 * 999_983)
    assert.strictEqual(memory.remainder, 999_983)
  })

  it("writes nothing while the guest stands still", () => {
    const memory = running()
    GuestMemory.pause(memory, SECOND)
    GuestMemory.advance(memory, 5 * SECOND)
    assert.strictEqual(memory.writes, 997)
    GuestMemory.run(memory, 9 * SECOND)
    GuestMemory.advance(memory, 10 * SECOND)
    assert.strictEqual(memory.writes, 2 * 997)
  })

  it("is uniform over the working set, and reaches nothing beyond it", () => {
    const memory = running()
    const hits = new Float64Array(300)
    const writes = 300_000
    for (let write = 1; write <= writes; write++) hits[GuestMemory.pageOfWrite(memory, write)]++
    // Chi-square with 299 degrees of freedom: mean 299, standard deviation 24.
    let chiSquare = 0
    for (const hit of hits) chiSquare += ((hit - 1000) * (hit - 1000)) / 1000
    assert.isBelow(Math.abs(chiSquare - 299), 5 * 24)
  })

  it("pages beyond those that the guest has touched are zero, and a working set is touched", () => {
    const memory = GuestMemory.make(vm({ touchedMib: 1 }))
    assert.deepStrictEqual([memory.pages, memory.touchedPages], [512, 300])
    assert.isTrue(GuestMemory.isZero(memory, 300))
    assert.isFalse(GuestMemory.isZero(memory, 299))
  })
})

it.prop(
  "what is dirty does not depend on when the log was brought up to date",
  { steps: Schema.Array(between(0, 400_000_000)), rate: between(0, 5000) },
  ({ rate, steps }) => {
    const config = vm({ writes: { pagesPerSecond: rate, workingSetPages: 300 } })
    const often = running(config)
    const once = running(config)
    GuestMemory.startLogging(often, 0)
    GuestMemory.startLogging(once, 0)
    let now = 0
    for (const step of steps) GuestMemory.advance(often, (now += step))
    GuestMemory.advance(once, now)
    once.since = often.since
    assert.deepStrictEqual(often, once)
    assert.strictEqual(often.dirtyPages, setBits(often.dirty ?? new Uint32Array(0)).length)
  },
  { arbitrary: { runs: 100, seed: 52 } },
)

describe("the dirty log", () => {
  it("an exchanged log goes on empty; pages of both logs together are those that have versions", () => {
    const memory = running()
    GuestMemory.startLogging(memory, 0)
    GuestMemory.advance(memory, SECOND / 10)
    const first = GuestMemory.exchangeLog(memory, new Uint32Array(GuestMemory.bitmapWords(memory.pages)))
    assert.strictEqual(memory.dirtyPages, 0)
    GuestMemory.advance(memory, SECOND / 5)
    const written = new Set([...setBits(first), ...setBits(memory.dirty ?? first)])
    const versioned = Array.from(memory.versions ?? [], (version, page) => (version > 0 ? page : -1)).filter((page) => page >= 0)
    assert.deepStrictEqual(
      [...written].sort((a, b) => a - b),
      versioned,
    )
    assert.strictEqual(Math.max(...(memory.versions ?? [])), memory.writes)
  })

  it("a full bitmap has exactly the VM's pages; 64 GiB take 2 MiB", () => {
    assert.strictEqual(setBits(GuestMemory.fullBitmap(45)).length, 45)
    assert.strictEqual(setBits(GuestMemory.fullBitmap(64)).length, 64)
    assert.strictEqual(GuestMemory.fullBitmap(64 * 1024 * GuestMemory.PAGES_PER_MIB).byteLength, 2 * 1024 * 1024)
  })

  it("a memory of which nothing has arrived differs from one that nobody has written", () => {
    const written = GuestMemory.make(vm())
    GuestMemory.startLogging(written, 0)
    const absent = GuestMemory.makeAbsent(vm())
    assert.notStrictEqual(GuestMemory.contentHash(written), GuestMemory.contentHash(absent))
    absent.versions?.fill(0)
    assert.strictEqual(GuestMemory.contentHash(written), GuestMemory.contentHash(absent))
  })
})
