/** LMP hellos and RRP PDUs: octets both ways, and what is refused. */
import { assert, describe, it } from "@effect/vitest"
import * as CiscoTlv from "@l2lab/l2/CiscoTlv"
import { Result, Schema } from "effect"
import * as VslpPdu from "../../src/vslp/VslpPdu.ts"
import { forged, hex, reasonOf } from "../Octets.ts"

const SENDER = { domain: 10, switchNumber: 1, address: 0x020000000100 }
const HELLO: VslpPdu.LmpHello = {
  protocol: "lmp",
  ...SENDER,
  link: 1,
  heard: { switchNumber: 2, address: 0xfe00000002ff, link: 3 },
}
const PDU: VslpPdu.RrpPdu = {
  protocol: "rrp",
  domain: 255,
  switchNumber: 2,
  address: 0x020000000200,
  role: "standby",
  standby: "hot",
  mode: "sso",
  priority: 110,
  preempts: true,
  asksForRole: true,
  configuration: 0xfedcba98,
  version: "15.1(2)",
}

// By hand, field by field; the checksums by another program.
const HELLO_OCTETS = ["01", "01", "0018", "ece3", "0a", "01", "020000000100", "01", "02", "fe00000002ff", "03", "00"].join("")
const PDU_OCTETS = [
  ["01", "02", "0021", "8b54", "ff", "02", "020000000200"],
  ["02", "02", "01", "6e", "03", "07", "0000", "fedcba98"],
  "31352e31283229",
]
  .flat()
  .join("")

const isSummed = (octets: Uint8Array): boolean => CiscoTlv.checksum(octets, octets.length, (octet) => octet << 8) === 0

describe("an LMP hello", () => {
  const octets = VslpPdu.emitLmp(HELLO)

  it("has these octets, and is read from them", () => {
    assert.strictEqual(hex(octets), HELLO_OCTETS)
    assert.isTrue(isSummed(octets))
    assert.strictEqual(octets.length, VslpPdu.LMP_OCTETS)
    for (const hello of [HELLO, { ...HELLO, heard: null }]) {
      assert.deepStrictEqual(Result.getOrThrow(VslpPdu.parseLmp(VslpPdu.emitLmp(hello))), hello)
    }
  })

  it("is read with padding behind it", () => {
    const padded = new Uint8Array(46)
    padded.set(octets)
    assert.deepStrictEqual(Result.getOrThrow(VslpPdu.parseLmp(padded)), HELLO)
  })

  it("is refused cut short, changed on its way, and with fields that no chassis sends", () => {
    for (let length = 0; length < octets.length; length++) {
      assert.strictEqual(reasonOf(octets.subarray(0, length), VslpPdu.parseLmp), "Truncated")
    }
    for (let at = 4; at < octets.length; at++) {
      assert.strictEqual(
        reasonOf(octets.slice().fill(octets[at] ^ 1, at, at + 1), VslpPdu.parseLmp),
        "BadChecksum",
        `octet ${at}`,
      )
    }
    for (const [at, value, reason] of [
      [0, 2, "BadVersion"],
      [1, 2, "UnknownType"],
      [3, 23, "BadLength"],
      [3, 25, "Truncated"],
      [6, 0, "BadField"],
      [7, 0, "BadField"],
      [7, 3, "BadField"],
      [15, 3, "BadField"],
    ] as const) {
      assert.strictEqual(reasonOf(forged(octets, at, value), VslpPdu.parseLmp), reason, `octet ${at}: ${value}`)
    }
  })

  it("is told in one line", () => {
    assert.strictEqual(
      VslpPdu.lmpCodec.format(HELLO),
      "LMP hello domain 10 switch 1 02:00:00:00:01:00 link 2, hears switch 2 fe:00:00:00:02:ff link 4",
    )
    assert.match(VslpPdu.lmpCodec.format({ ...HELLO, heard: null }), /hears nobody$/)
  })
})

describe("an RRP PDU", () => {
  const octets = VslpPdu.emitRrp(PDU)

  it("has these octets, and is read from them", () => {
    assert.strictEqual(hex(octets), PDU_OCTETS)
    assert.isTrue(isSummed(octets))
    assert.strictEqual(octets.length, VslpPdu.rrpCodec.octetLength(PDU))
    assert.deepStrictEqual(Result.getOrThrow(VslpPdu.parseRrp(octets)), PDU)
  })

  it("is refused cut short, changed on its way, and with fields that no chassis sends", () => {
    for (let length = 0; length < octets.length; length++) {
      assert.strictEqual(reasonOf(octets.subarray(0, length), VslpPdu.parseRrp), "Truncated")
    }
    for (let at = 4; at < octets.length; at++) {
      assert.strictEqual(
        reasonOf(octets.slice().fill(octets[at] ^ 1, at, at + 1), VslpPdu.parseRrp),
        "BadChecksum",
        `octet ${at}`,
      )
    }
    for (const [at, value, reason] of [
      [1, 1, "UnknownType"],
      [14, 4, "BadField"],
      [15, 3, "BadField"],
      [16, 2, "BadField"],
      [17, 0, "BadField"],
      [19, 6, "BadLength"],
      [19, 33, "BadLength"],
    ] as const) {
      assert.strictEqual(reasonOf(forged(octets, at, value), VslpPdu.parseRrp), reason, `octet ${at}: ${value}`)
    }
  })

  it("carries 32 characters of a version", () => {
    const version = "x".repeat(40)
    const read = Result.getOrThrow(VslpPdu.parseRrp(VslpPdu.emitRrp({ ...PDU, version })))
    assert.strictEqual(read.version, "x".repeat(32))
    assert.strictEqual(VslpPdu.rrpCodec.octetLength({ ...PDU, version }), VslpPdu.emitRrp({ ...PDU, version }).length)
  })

  it("is told in one line", () => {
    assert.strictEqual(
      VslpPdu.rrpCodec.format(PDU),
      'RRP domain 255 switch 2 02:00:00:00:02:00 standby hot priority 110 sso, asks for the active role, version "15.1(2)"',
    )
  })
})

it.prop(
  "neither parser throws on any octets",
  [Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 255 })))],
  ([octets]) => {
    for (const lead of [[], [1, 1, 0, 24], [1, 2, 0, 26]]) {
      const given = Uint8Array.from([...lead, ...octets, ...new Uint8Array(20)])
      assert.isDefined(VslpPdu.parseLmp(given))
      assert.isDefined(VslpPdu.parseRrp(given))
    }
  },
)
