/** LACPDUs and marker PDUs: octets both ways, and what is refused. */
import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import * as Lacpdu from "../../src/lacp/Lacpdu.ts"

const PDU: Lacpdu.Lacpdu = {
  protocol: "lacp",
  actor: { systemPriority: 0x8000, system: 0x020000010000, key: 1, portPriority: 0x8001, port: 2, state: 0x3d },
  partner: { systemPriority: 0x4000, system: 0xfe00000200ff, key: 0x0101, portPriority: 0x80, port: 0x102, state: 0x47 },
  collectorMaxDelay: 5,
}

// By hand, field by field.
const OCTETS = [
  "0101",
  ["0114", "8000", "020000010000", "0001", "8001", "0002", "3d", "000000"],
  ["0214", "4000", "fe00000200ff", "0101", "0080", "0102", "47", "000000"],
  ["0310", "0005", "00".repeat(12)],
  "0000",
  "00".repeat(50),
]
  .flat()
  .join("")

const MARKER: Lacpdu.Marker = {
  protocol: "lacp-marker",
  isResponse: false,
  port: 3,
  system: 0x020000010000,
  transaction: 0xfedcba98,
}
const MARKER_OCTETS = ["0201", "0110", "0003", "020000010000", "fedcba98", "0000", "0000", "00".repeat(90)].join("")

const hex = (octets: Uint8Array): string => Buffer.from(octets).toString("hex")
const reasonOf = (octets: Uint8Array): string => {
  const parsed = Lacpdu.parse(octets)
  return Result.isFailure(parsed) ? parsed.failure.reason : "taken"
}
const changed = (at: number, value: number): Uint8Array => Lacpdu.emit(PDU).fill(value, at, at + 1)

describe("LACPDU", () => {
  it("has these 110 octets, and is read from them", () => {
    assert.strictEqual(hex(Lacpdu.emit(PDU)), OCTETS)
    assert.strictEqual(Lacpdu.emit(PDU).length, 110)
    assert.deepStrictEqual(Result.getOrThrow(Lacpdu.parse(Lacpdu.emit(PDU))), PDU)
  })

  it("says why octets are refused, at every length and in every field that is looked at", () => {
    for (let length = 0; length < 110; length++) assert.strictEqual(reasonOf(Lacpdu.emit(PDU).subarray(0, length)), "Truncated")
    assert.strictEqual(reasonOf(changed(0, 10)), "UnknownType")
    assert.strictEqual(reasonOf(changed(1, 0)), "BadVersion")
    assert.strictEqual(reasonOf(changed(1, 2)), "taken")
    for (const at of [2, 3, 22, 23, 42, 43]) assert.strictEqual(reasonOf(changed(at, 0x55)), "BadField")
    for (const at of [19, 46, 80]) assert.strictEqual(reasonOf(changed(at, 0x55)), "taken")
  })

  it.prop(
    "never throws on any octets",
    [Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 255 })))],
    ([octets]) => {
      const given = Uint8Array.from(octets)
      for (const lead of [[], [1, 1, 1, 20], [2, 1, 1, 16]]) {
        const longer = Uint8Array.from([...lead, ...given, ...given, ...new Uint8Array(60)])
        assert.isDefined(Lacpdu.codec.parse(longer))
        assert.isDefined(Lacpdu.markerCodec.parse(longer))
      }
    },
  )

  it("is told in one line", () => {
    assert.strictEqual(
      Lacpdu.format(PDU),
      "LACP actor 32768.02:00:00:01:00:00 key 1 port 32769.2 (active, aggregatable, in sync, collecting, distributing), " +
        "partner 16384.fe:00:00:02:00:ff key 257 port 128.258 (active, short, aggregatable, defaulted)",
    )
  })
})

describe("marker PDU", () => {
  it("has these octets, and is read from them", () => {
    assert.strictEqual(hex(Lacpdu.markerCodec.emit(MARKER)), MARKER_OCTETS)
    for (const isResponse of [true, false]) {
      const marker = { ...MARKER, isResponse }
      assert.deepStrictEqual(Result.getOrThrow(Lacpdu.markerCodec.parse(Lacpdu.markerCodec.emit(marker))), marker)
    }
  })
})
