/** Bridge and port identifiers, path costs and protocol time: figures of the standard and of switches. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import * as BridgeIdentifier from "../src/BridgeIdentifier.ts"
import * as PathCost from "../src/PathCost.ts"
import * as PortIdentifier from "../src/PortIdentifier.ts"
import * as StpTime from "../src/StpTime.ts"

const Id = Schema.Struct({
  priority: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 0xffff })),
  address: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 0xffffffffffff })),
})

describe("BridgeIdentifier", () => {
  it.prop("text sorts as the identifiers do, and comes back", { a: Id, b: Id }, ({ a, b }) => {
    const textA = BridgeIdentifier.format(a.priority, a.address)
    const textB = BridgeIdentifier.format(b.priority, b.address)
    assert.deepEqual(BridgeIdentifier.parse(textA), a)
    const order = BridgeIdentifier.compare(a.priority, a.address, b.priority, b.address)
    assert.strictEqual(Math.sign(order), textA < textB ? -1 : textA > textB ? 1 : 0)
  })

  it("refuses what is none", () => {
    for (const text of ["", "8000", "8000.", "8000.02:00:00:00:00", "18000.02:00:00:00:00:01", "x000.02:00:00:00:00:01"]) {
      assert.isUndefined(BridgeIdentifier.parse(text), text)
    }
  })
})

describe("PortIdentifier", () => {
  it("is 8 + 8 bits, and 4 + 12 for numbers that need them", () => {
    assert.strictEqual(PortIdentifier.format(PortIdentifier.make(128, 1)), "8001")
    assert.strictEqual(PortIdentifier.format(PortIdentifier.make(96, 255)), "60ff")
    assert.strictEqual(PortIdentifier.format(PortIdentifier.make(128, 256)), "8100")
    assert.strictEqual(PortIdentifier.format(PortIdentifier.make(0x90, 4095)), "9fff")
    assert.strictEqual(PortIdentifier.formatDotted(128, 27), "128.27")
  })
})

describe("PathCost", () => {
  it("has the costs that switches print", () => {
    const short = (rateBps: number) => PathCost.ofRate(rateBps, "short")
    const long = (rateBps: number) => PathCost.ofRate(rateBps, "long")
    assert.deepEqual([10e6, 100e6, 1e9, 10e9, 40e9, 100e9].map(short), [100, 19, 4, 2, 1, 1])
    assert.deepEqual([10e6, 100e6, 1e9, 10e9, 100e9, 1e12].map(long), [2_000_000, 200_000, 20_000, 2_000, 200, 20])
    // Bundles as a vendor's design guide prints them.
    assert.deepEqual([2e9, 4e9, 20e9].map(long), [10_000, 5_000, 1_000])
    assert.strictEqual(short(0), 250)
    assert.strictEqual(long(0), PathCost.MAXIMUM_LONG)
    assert.strictEqual(long(1e15), 1)
  })
})

describe("StpTime", () => {
  it("counts ticks of 1/256 s, a whole number of nanoseconds each", () => {
    assert.strictEqual(StpTime.fromSeconds(20), 5120)
    assert.strictEqual(StpTime.toNs(StpTime.TICKS_PER_SECOND), 1_000_000_000)
    assert.strictEqual(StpTime.fromNs(999_999_999), 255)
    assert.strictEqual(StpTime.fromSeconds(1000), StpTime.MAXIMUM)
    assert.strictEqual(StpTime.fromSeconds(0.5), 128)
  })
})
