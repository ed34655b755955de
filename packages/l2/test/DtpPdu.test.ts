/** DTP's messages: octets both ways, and what is refused. */
import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import * as DtpPdu from "../src/dtp/DtpPdu.ts"

const PDU: DtpPdu.DtpPdu = {
  protocol: "dtp",
  domain: "FARM",
  isTrunk: true,
  admin: "desirable",
  encapsulation: "802.1q",
  adminEncapsulation: "negotiated",
  neighbour: 0x020000010001,
}

// By hand, field by field.
const OCTETS = [
  ["01"],
  ["0001", "0009", "4641524d00"],
  ["0002", "0005", "83"],
  ["0003", "0005", "a0"],
  ["0004", "000a", "020000010001"],
]
  .flat()
  .join("")

const hex = (octets: Uint8Array): string => Buffer.from(octets).toString("hex")
const reasonOf = (octets: Uint8Array): string => {
  const parsed = DtpPdu.parse(octets)
  return Result.isFailure(parsed) ? parsed.failure.reason : "taken"
}

describe("DTP", () => {
  it("has these octets, and is read from them", () => {
    assert.strictEqual(hex(DtpPdu.emit(PDU)), OCTETS)
    assert.deepStrictEqual(Result.getOrThrow(DtpPdu.parse(DtpPdu.emit(PDU))), PDU)
    for (const admin of ["on", "off", "auto"] as const) {
      for (const domain of ["", "x".repeat(32)]) {
        const pdu = {
          ...PDU,
          admin,
          domain,
          isTrunk: false,
          encapsulation: "native" as const,
          adminEncapsulation: "802.1q" as const,
        }
        assert.deepStrictEqual(Result.getOrThrow(DtpPdu.parse(DtpPdu.emit(pdu))), pdu)
      }
    }
  })

  it("says why octets are refused, at every length", () => {
    const whole = DtpPdu.emit(PDU)
    for (let length = 0; length < whole.length; length++) assert.notStrictEqual(reasonOf(whole.subarray(0, length)), "taken")
    assert.strictEqual(reasonOf(whole.with(0, 2)), "BadVersion")
    assert.strictEqual(reasonOf(whole.with(4, 3)), "BadLength", "a field shorter than its head")
    assert.strictEqual(reasonOf(whole.with(4, 255)), "BadLength")
    assert.strictEqual(reasonOf(whole.with(14, 0x87)), "BadStatus")
    assert.strictEqual(reasonOf(whole.with(19, 0xff)), "BadType")
    assert.strictEqual(reasonOf(whole.with(11, 9)), "Incomplete", "a status that is none")
    assert.strictEqual(reasonOf(Uint8Array.of(1)), "Incomplete")
  })

  const Octet = Schema.Int.pipe(Schema.check(Schema.isBetween({ minimum: 0, maximum: 255 })))
  it.prop(
    "of any octets is read or refused",
    { octets: Schema.Array(Octet), at: Octet, value: Octet },
    ({ at, octets, value }) => {
      DtpPdu.parse(Uint8Array.from(octets))
      DtpPdu.parse(Uint8Array.from([1, ...octets]))
      const whole = DtpPdu.emit(PDU)
      const parsed = DtpPdu.parse(whole.with(at % whole.length, value))
      if (Result.isSuccess(parsed))
        assert.deepStrictEqual(Result.getOrThrow(DtpPdu.parse(DtpPdu.emit(parsed.success))), parsed.success)
    },
  )
})
