import { assert, describe, it } from "@effect/vitest"
import * as Cbor from "@l2lab/migration/Cbor"
import { Result, Schema } from "effect"
import { between } from "./between.ts"

const hex = (octets: Uint8Array) => Buffer.from(octets).toString("hex")
const octetsOf = (text: string) => Uint8Array.from(Buffer.from(text, "hex"))

describe("golden octets", () => {
  // RFC 8949 Appendix A, as far as it is used here.
  const cases: ReadonlyArray<readonly [unknown, string]> = [
    [0, "00"],
    [10, "0a"],
    [23, "17"],
    [24, "1818"],
    [100, "1864"],
    [1000, "1903e8"],
    [1_000_000, "1a000f4240"],
    [1_000_000_000_000, "1b000000e8d4a51000"],
    [-1, "20"],
    [-100, "3863"],
    [-1000, "3903e7"],
    [1.1, "fb3ff199999999999a"],
    [-4.1, "fbc010666666666666"],
    [Infinity, "fb7ff0000000000000"],
    [false, "f4"],
    [true, "f5"],
    [null, "f6"],
    [undefined, "f7"],
    [Uint8Array.of(1, 2, 3, 4), "4401020304"],
    ["", "60"],
    ["IETF", "6449455446"],
    ["ü", "62c3bc"],
    [[1, [2, 3], [4, 5]], "8301820203820405"],
    [{ a: 1, b: [2, 3] }, "a26161016162820203"],
    // RFC 8746: little-endian typed arrays.
    [Float64Array.of(1.5), "d85648000000000000f83f"],
    [Uint32Array.of(1, 0xffffffff), "d8464801000000ffffffff"],
  ]
  for (const [value, expected] of cases)
    it(expected, () => {
      assert.strictEqual(hex(Cbor.emit(value)), expected)
      assert.deepStrictEqual(Result.getOrThrow(Cbor.parse(octetsOf(expected))), value)
    })
})

describe("refused with a reason", () => {
  const cases: ReadonlyArray<readonly [string, string]> = [
    ["", "Truncated"],
    ["1818ff", "BadLength"],
    ["5803ffff", "Truncated"],
    ["9b7fffffffffffffff", "BadNumber"],
    ["a1f600", "BadKey"],
    ["a2616100616100", "BadKey"],
    ["a1695f5f70726f746f5f5f00", "BadKey"],
    ["c000", "BadTag"],
    ["d8564100", "BadLength"],
    ["61ff", "BadText"],
    ["f90000", "BadValue"],
    ["81".repeat(100), "TooDeep"],
  ]
  for (const [text, reason] of cases)
    it(`${text.slice(0, 24)}: ${reason}`, () => {
      const parsed = Cbor.parse(octetsOf(text))
      assert.isTrue(Result.isFailure(parsed))
      if (Result.isFailure(parsed)) assert.strictEqual(parsed.failure.reason, reason)
    })
})

const Value: Schema.Codec<unknown> = Schema.Union([
  Schema.Int,
  Schema.Finite,
  Schema.String,
  Schema.Boolean,
  Schema.Null,
  Schema.Array(Schema.Int),
  Schema.Record(Schema.String, Schema.Union([Schema.Finite, Schema.Array(Schema.String)])),
])

it.prop(
  "what is plain data comes back",
  { values: Schema.Array(Value) },
  ({ values }) => {
    // Half a surrogate pair has no UTF-8.
    const clean = /__proto__|\\ud[89a-f]/.test(JSON.stringify(values)) ? [] : values
    const octets = Cbor.emit(clean)
    assert.deepStrictEqual(Result.getOrThrow(Cbor.parse(octets)), clean)
    for (let length = 0; length < octets.length; length++) assert.isTrue(Result.isFailure(Cbor.parse(octets.slice(0, length))))
  },
  { arbitrary: { runs: 200, seed: 61 } },
)

it.prop(
  "parse is total",
  { octets: Schema.Array(between(0, 255)) },
  ({ octets }) => {
    const parsed = Cbor.parse(Uint8Array.from(octets))
    if (Result.isFailure(parsed)) assert.isAbove(parsed.failure.detail.length, 0)
  },
  { arbitrary: { runs: 1000, seed: 62, size: 40 } },
)
