/** PAgP's messages: octets both ways, and what is refused. */
import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import * as PagpPdu from "../../src/pagp/PagpPdu.ts"

const PDU: PagpPdu.Information = {
  protocol: "pagp",
  slowHello: true,
  auto: true,
  consistent: true,
  local: { device: 0x020000010000, learns: 2, priority: 128, port: 2, groupCapability: 0x10001, group: 0x1b },
  partner: { device: 0xfe00000200ff, learns: 1, priority: 7, port: 0x01020304, groupCapability: 0x10101, group: 0xfedcba98 },
  partnerCount: 1,
  deviceName: "sw1",
  portName: "Gi0/2",
  agportAddress: 0x02000001001a,
  activeId: 0x020000100000,
  toldId: 0x020000200000,
}

// By hand, field by field.
const OCTETS = [
  "0107",
  ["020000010000", "02", "80", "00000002", "00010001", "0000001b"],
  ["fe00000200ff", "01", "07", "01020304", "00010101", "fedcba98"],
  ["0001", "0005"],
  ["0001", "0007", "737731"],
  ["0002", "0009", "4769302f32"],
  ["0003", "000a", "02000001001a"],
  ["0010", "000c", "0101", "020000100000"],
  ["0011", "000c", "0101", "020000200000"],
]
  .flat()
  .join("")

const FLUSH: PagpPdu.Flush = { protocol: "pagp-flush", device: 0x020000010000, partner: 0xfe00000200ff, transaction: 0xfedcba98 }
const FLUSH_OCTETS = ["0200", "020000010000", "fe00000200ff", "fedcba98"].join("")

const hex = (octets: Uint8Array): string => Buffer.from(octets).toString("hex")
const reasonOf = (
  octets: Uint8Array,
  parse: (octets: Uint8Array) => Result.Result<unknown, { reason: string }> = PagpPdu.parse,
) => {
  const parsed = parse(octets)
  return Result.isFailure(parsed) ? parsed.failure.reason : "taken"
}
const changed = (at: number, ...values: ReadonlyArray<number>): Uint8Array => {
  const octets = PagpPdu.emit(PDU)
  octets.set(values, at)
  return octets
}

describe("an information message", () => {
  it("has these octets, and is read from them, padding or not", () => {
    assert.strictEqual(hex(PagpPdu.emit(PDU)), OCTETS)
    assert.strictEqual(PagpPdu.octetLength(PDU), OCTETS.length / 2)
    assert.deepStrictEqual(Result.getOrThrow(PagpPdu.parse(PagpPdu.emit(PDU))), PDU)
    assert.deepStrictEqual(Result.getOrThrow(PagpPdu.parse(Uint8Array.from([...PagpPdu.emit(PDU), 0, 0, 0]))), PDU)
  })

  it("may say less: no names, no address, nothing of who is active", () => {
    const { activeId, agportAddress, deviceName, portName, toldId, ...least } = PDU
    assert.isDefined([activeId, agportAddress, deviceName, portName, toldId])
    assert.deepStrictEqual(Result.getOrThrow(PagpPdu.parse(PagpPdu.emit(least))), least)
    const unknowing = { ...PDU, toldId: 0 }
    assert.deepStrictEqual(Result.getOrThrow(PagpPdu.parse(PagpPdu.emit(unknowing))), unknowing)
  })

  it("says why octets are refused, at every length and in every field that is looked at", () => {
    const whole = PagpPdu.emit(PDU)
    for (let length = 0; length < whole.length; length++) assert.strictEqual(reasonOf(whole.subarray(0, length)), "Truncated")
    assert.strictEqual(reasonOf(changed(0, 3)), "UnknownType")
    assert.strictEqual(reasonOf(changed(2, 0, 0, 0, 0, 0, 0)), "NoParty")
    // A field without room for its own header; more fields than there are; one that reaches behind the end.
    assert.strictEqual(reasonOf(changed(48, 0, 3)), "BadLength")
    assert.strictEqual(reasonOf(changed(44, 0xff, 0xff)), "Truncated")
    assert.strictEqual(reasonOf(changed(48, 0xff, 0xff)), "Truncated")
    // A field of another type is passed over.
    assert.strictEqual(reasonOf(changed(46, 0x7f, 0xff)), "taken")
  })

  it.prop(
    "never throws on any octets",
    [Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 255 })))],
    ([octets]) => {
      for (const lead of [[], [1], [2], [...PagpPdu.emit(PDU).subarray(0, 46)]]) {
        const given = Uint8Array.from([...lead, ...octets, ...octets])
        assert.isDefined(PagpPdu.codec.parse(given))
        assert.isDefined(PagpPdu.flushCodec.parse(given))
      }
    },
  )

  it("is told in one line", () => {
    assert.strictEqual(
      PagpPdu.format(PDU),
      "PAgP 02:00:00:01:00:00 port 2 capability 0x10001, partner fe:00:00:02:00:ff port 16909060 capability 0x10101, " +
        "slow hello, auto, consistent, active switch 02:00:00:10:00:00, was told of active switch 02:00:00:20:00:00",
    )
  })
})

describe("a flush", () => {
  it("has these octets, is read from them, and refused when it is cut short", () => {
    assert.strictEqual(hex(PagpPdu.emitFlush(FLUSH)), FLUSH_OCTETS)
    assert.deepStrictEqual(Result.getOrThrow(PagpPdu.parseFlush(PagpPdu.emitFlush(FLUSH))), FLUSH)
    const whole = PagpPdu.emitFlush(FLUSH)
    for (let length = 0; length < whole.length; length++) {
      assert.strictEqual(reasonOf(whole.subarray(0, length), PagpPdu.parseFlush), "Truncated")
    }
    assert.strictEqual(reasonOf(PagpPdu.emit(PDU), PagpPdu.parseFlush), "UnknownType")
  })
})
