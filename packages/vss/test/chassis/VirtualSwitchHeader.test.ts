/** Frames on a virtual switch link: octets both ways, and what is refused. */
import { assert, describe, it } from "@effect/vitest"
import * as EthernetFrame from "@l2lab/l2/EthernetFrame"
import * as PayloadCodec from "@l2lab/l2/PayloadCodec"
import * as Protocol from "@l2lab/l2/Protocol"
import * as VlanTag from "@l2lab/l2/VlanTag"
import { Result, Schema } from "effect"
import * as VirtualSwitchHeader from "../../src/chassis/VirtualSwitchHeader.ts"

const CODEC = VirtualSwitchHeader.carriedCodec(PayloadCodec.registry([]))
const SEGMENTS = VirtualSwitchHeader.segmentCodec

const FRAME = EthernetFrame.make(0x060000000002, 0x060000000001, Protocol.EXPERIMENTAL, new Uint8Array(46).fill(0x5a), 46)
const CARRIED: VirtualSwitchHeader.Carried = {
  protocol: "virtual-switch-header",
  purpose: "relay",
  ingress: 0x0102,
  egress: VirtualSwitchHeader.FLOOD,
  tci: 0x600a,
  frame: FRAME,
}
// By hand, field by field.
const CARRIED_OCTETS = [
  ["01", "03", "00", "01", "0102", "ffff", "600a", "003c", "000000000000"],
  ["060000000002", "060000000001", "88b5", "5a".repeat(46)],
]
  .flat()
  .join("")

const SEGMENT: VirtualSwitchHeader.Segment = {
  protocol: "virtual-switch-segment",
  session: 0xfedcba98,
  peer: 0x01020304,
  sequence: 7,
  acknowledge: 300,
  isFirst: true,
  isLast: false,
  octets: Uint8Array.of(1, 2, 3),
}
const SEGMENT_OCTETS = ["01", "04", "01", "00", "fedcba98", "01020304", "00000007", "0000012c", "0003", "010203"].join("")

const hex = (octets: Uint8Array): string => Buffer.from(octets).toString("hex")
const octetsOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "hex"))
const reasonOf = <P extends EthernetFrame.StructuredPayload>(codec: PayloadCodec.PayloadCodec<P>, octets: Uint8Array): string => {
  const parsed = codec.parse(octets)
  return Result.isFailure(parsed) ? parsed.failure.reason : "taken"
}
const forged = (text: string, at: number, value: number): Uint8Array => {
  const octets = octetsOf(text)
  octets[at] = value
  return octets
}

describe("a frame behind a Virtual Switch Header", () => {
  it("is these octets, and they are it", () => {
    assert.strictEqual(hex(CODEC.emit(CARRIED)), CARRIED_OCTETS)
    assert.strictEqual(CODEC.octetLength(CARRIED), CARRIED_OCTETS.length / 2)
    assert.deepStrictEqual(Result.getOrThrow(CODEC.parse(octetsOf(CARRIED_OCTETS))), CARRIED)
  })

  it("is 32 octets longer than the frame", () => {
    const carrying = VirtualSwitchHeader.carry(0x020000000001, CARRIED)
    assert.strictEqual(carrying.wireOctets, FRAME.wireOctets + VirtualSwitchHeader.HEADER_OCTETS)
  })

  it("keeps tags behind the outer one, and untagged frames", () => {
    const tagged = VlanTag.push(FRAME, 0x2014)
    for (const carried of [
      { ...CARRIED, frame: tagged },
      { ...CARRIED, tci: -1, purpose: "send" as const, egress: 3, ingress: 3 },
    ]) {
      assert.deepStrictEqual(Result.getOrThrow(CODEC.parse(CODEC.emit(carried))), carried)
    }
  })

  it("is refused cut short, of another version or type, without a purpose, or longer than it is", () => {
    for (let length = 0; length < CARRIED_OCTETS.length / 2; length++) {
      assert.notStrictEqual(reasonOf(CODEC, octetsOf(CARRIED_OCTETS).subarray(0, length)), "taken", `${length} octets`)
    }
    assert.strictEqual(reasonOf(CODEC, forged(CARRIED_OCTETS, 0, 2)), "BadVersion")
    assert.strictEqual(reasonOf(CODEC, forged(CARRIED_OCTETS, 1, 4)), "UnknownType")
    assert.strictEqual(reasonOf(CODEC, forged(CARRIED_OCTETS, 2, 9)), "BadField")
    assert.strictEqual(reasonOf(CODEC, forged(CARRIED_OCTETS, 10, 1)), "BadLength")
  })

  it("reads as one line", () => {
    assert.match(CODEC.format(CARRIED), /^VSH relay from 259 flood: 06:00:00:00:00:01 > 06:00:00:00:00:02, vlan 10, p 3/)
    assert.match(CODEC.format({ ...CARRIED, purpose: "punt", egress: 4 }), /^VSH punt from 259 to 5: /)
  })
})

describe("a segment", () => {
  it("is these octets, and they are it", () => {
    assert.strictEqual(hex(SEGMENTS.emit(SEGMENT)), SEGMENT_OCTETS)
    assert.deepStrictEqual(Result.getOrThrow(SEGMENTS.parse(octetsOf(`${SEGMENT_OCTETS}0000`))), SEGMENT)
  })

  it("is refused cut short, too long, of no session", () => {
    for (let length = 0; length < SEGMENT_OCTETS.length / 2; length++) {
      assert.notStrictEqual(reasonOf(SEGMENTS, octetsOf(SEGMENT_OCTETS).subarray(0, length)), "taken", `${length} octets`)
    }
    assert.strictEqual(reasonOf(SEGMENTS, forged(SEGMENT_OCTETS, 21, 4)), "BadLength")
    const silent = octetsOf(SEGMENT_OCTETS)
    silent.fill(0, 4, 8)
    assert.strictEqual(reasonOf(SEGMENTS, silent), "BadField")
  })

  it("reads as one line", () => {
    assert.strictEqual(SEGMENTS.format(SEGMENT), "VSL segment 7 of 3 octets, acknowledges 300")
    assert.strictEqual(SEGMENTS.format({ ...SEGMENT, octets: new Uint8Array(0) }), "VSL acknowledges 300")
  })
})

const isStable = <P extends EthernetFrame.StructuredPayload>(codec: PayloadCodec.PayloadCodec<P>, octets: Uint8Array): void => {
  const parsed = codec.parse(octets)
  if (Result.isFailure(parsed)) return
  assert.deepStrictEqual(Result.getOrThrow(codec.parse(codec.emit(parsed.success))), parsed.success)
}

describe("octets of any kind", () => {
  const Octet = Schema.Int.pipe(Schema.check(Schema.isBetween({ minimum: 0, maximum: 255 })))
  it.prop("are read or refused, and what is read is written as it was", [Schema.Array(Octet)], ([list]) => {
    for (const type of [3, 4]) {
      const octets = Uint8Array.from([1, type, ...list])
      isStable(CODEC, octets)
      isStable(SEGMENTS, octets)
    }
  })
})
