/** Fast hellos and BFD control packets: octets both ways, and what is refused. */
import { assert, describe, it } from "@effect/vitest"
import { MILLISECOND } from "@l2lab/sim/SimTime"
import { Result, Schema } from "effect"
import * as BfdPdu from "../../src/dualactive/BfdPdu.ts"
import * as FastHelloPdu from "../../src/dualactive/FastHelloPdu.ts"
import { forged, hex, reasonOf } from "../Octets.ts"

const HELLO: FastHelloPdu.FastHello = {
  protocol: "fast-hello",
  domain: 10,
  switchNumber: 2,
  address: 0x020000000200,
  role: "active",
  isVslDown: true,
  hears: true,
  standing: "took over",
}
// By hand, field by field; the checksum by another program.
const HELLO_OCTETS = ["01", "08", "0012", "ede0", "0a", "02", "020000000200", "01", "03", "02", "00"].join("")

describe("a fast hello", () => {
  const octets = FastHelloPdu.emit(HELLO)

  it("has these octets, and is read from them", () => {
    assert.strictEqual(hex(octets), HELLO_OCTETS)
    for (const role of ["init", "active", "standby", "recovery"] as const) {
      for (const standing of FastHelloPdu.STANDINGS) {
        for (const flag of [true, false]) {
          const hello = { ...HELLO, role, standing, isVslDown: flag, hears: !flag }
          assert.deepStrictEqual(Result.getOrThrow(FastHelloPdu.parse(FastHelloPdu.emit(hello))), hello)
        }
      }
    }
  })

  it("is refused cut short, changed on its way, and with fields that no chassis sends", () => {
    for (let length = 0; length < octets.length; length++) {
      assert.strictEqual(reasonOf(octets.subarray(0, length), FastHelloPdu.parse), "Truncated")
    }
    for (let at = 4; at < octets.length; at++) {
      assert.strictEqual(reasonOf(octets.slice().fill(octets[at] ^ 1, at, at + 1), FastHelloPdu.parse), "BadChecksum")
    }
    for (const [at, value, reason] of [
      [0, 0, "BadVersion"],
      [1, 1, "UnknownType"],
      [3, 17, "BadLength"],
      [6, 0, "BadField"],
      [7, 3, "BadField"],
      [14, 4, "BadField"],
      [16, 3, "BadField"],
    ] as const) {
      assert.strictEqual(reasonOf(forged(octets, at, value), FastHelloPdu.parse), reason, `octet ${at}: ${value}`)
    }
  })

  it("is told in one line", () => {
    assert.strictEqual(FastHelloPdu.codec.format(HELLO), "fast hello domain 10 switch 2 02:00:00:00:02:00 active, VSL down")
  })
})

const PACKET: BfdPdu.BfdPacket = {
  protocol: "bfd",
  diagnostic: BfdPdu.NO_DIAGNOSTIC,
  state: "Up",
  poll: false,
  final: false,
  detectMult: 3,
  myDiscriminator: 0xdeadbeef,
  yourDiscriminator: 0x21126809,
  desiredMinTx: 31_000,
  requiredMinRx: 127_000,
}
/** A vector of FreeRADIUS' tests of its BFD dictionary; it has 255 in the last field, where packets here say that they want no echoes. */
const VECTOR = ["20c00318", "deadbeef", "21126809", "0000001f", "0000007f", "000000ff"].join("")
const OCTETS = `${VECTOR.slice(0, 40)}00000000`

const changed = (at: number, value: number): Uint8Array => BfdPdu.emit(PACKET).fill(value, at, at + 1)

describe("a BFD control packet", () => {
  it("has these octets, and is read from them", () => {
    assert.strictEqual(hex(BfdPdu.emit(PACKET)), OCTETS)
    assert.deepStrictEqual(Result.getOrThrow(BfdPdu.parse(Uint8Array.from(Buffer.from(VECTOR, "hex")))), PACKET)
    for (const state of BfdPdu.STATES) {
      for (const flag of [true, false]) {
        const packet = {
          ...PACKET,
          state,
          poll: flag,
          final: !flag,
          diagnostic: BfdPdu.ADMIN_DOWN,
          requiredMinRx: 100 * MILLISECOND,
        }
        assert.deepStrictEqual(Result.getOrThrow(BfdPdu.parse(BfdPdu.emit(packet))), packet)
      }
    }
  })

  it("is refused as RFC 5880 6.8.6 says", () => {
    for (let length = 0; length < 24; length++) {
      assert.strictEqual(reasonOf(BfdPdu.emit(PACKET).subarray(0, length), BfdPdu.parse), "Truncated")
    }
    for (const [at, value, reason] of [
      [0, 0x40, "BadVersion"],
      [1, 0xc4, "BadField"],
      [1, 0xc1, "BadField"],
      [2, 0, "BadField"],
      [3, 23, "BadLength"],
      [3, 25, "BadLength"],
    ] as const) {
      assert.strictEqual(reasonOf(changed(at, value), BfdPdu.parse), reason, `octet ${at}: ${value}`)
    }
    assert.strictEqual(reasonOf(BfdPdu.emit({ ...PACKET, myDiscriminator: 0 }), BfdPdu.parse), "BadField")
    for (const state of BfdPdu.STATES) {
      const reason = reasonOf(BfdPdu.emit({ ...PACKET, yourDiscriminator: 0, state }), BfdPdu.parse)
      assert.strictEqual(reason, state === "Init" || state === "Up" ? "BadField" : "taken")
    }
  })

  it("counts only from its peer, to us, and from nearby", () => {
    const frame = BfdPdu.frame(PACKET, 7, 0x0a000001, 0x0a000002)
    assert.deepStrictEqual(BfdPdu.read(frame, 0x0a000002, 0x0a000001), PACKET)
    assert.isUndefined(BfdPdu.read(frame, 0x0a000001, 0x0a000002))
    const payload = frame.payload as unknown as { packet: object; protocol: string }
    const far = { ...frame, payload: { ...payload, packet: { ...payload.packet, timeToLive: 254 } } }
    assert.isUndefined(BfdPdu.read(far, 0x0a000002, 0x0a000001))
  })

  it("is told in one line", () => {
    assert.strictEqual(BfdPdu.codec.format!(PACKET), "BFD Up, my discriminator 3735928559, your discriminator 554854409")
  })
})

it.prop(
  "neither parser throws on any octets",
  [Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 255 })))],
  ([octets]) => {
    for (const lead of [[], [1, 8, 0, 18], [0x20, 0xc0, 3, 24]]) {
      const given = Uint8Array.from([...lead, ...octets, ...new Uint8Array(20)])
      assert.isDefined(FastHelloPdu.parse(given))
      assert.isDefined(BfdPdu.parse(given))
    }
  },
)
