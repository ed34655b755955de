/** Frames and octets round trip; octets of any kind are read or refused. */
import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import * as EthernetFrame from "../src/EthernetFrame.ts"
import * as FrameCodec from "../src/FrameCodec.ts"
import * as PayloadCodec from "../src/PayloadCodec.ts"
import * as Protocol from "../src/Protocol.ts"
import * as VlanTag from "../src/VlanTag.ts"

const between = (minimum: number, maximum: number) => Schema.Int.pipe(Schema.check(Schema.isBetween({ minimum, maximum })))
const Octets = Schema.Array(between(0, 255))

/** A payload of any length in meaning: its own length in two octets, then its octets. */
interface Blob extends EthernetFrame.StructuredPayload {
  readonly octets: ReadonlyArray<number>
}
const blobCodec = (name: string, encapsulation: number): PayloadCodec.PayloadCodec<Blob> => ({
  name,
  encapsulation,
  octetLength: ({ octets }) => octets.length + 2,
  emit: ({ octets }) => Uint8Array.from([octets.length >> 8, octets.length & 0xff, ...octets]),
  parse: (octets) => {
    const length = (octets[0] << 8) | octets[1]
    return octets.length < 2 || length > octets.length - 2
      ? Result.fail({ reason: "Truncated", detail: `need ${length} octets, have ${octets.length}` })
      : Result.succeed({ protocol: name, octets: [...octets.subarray(2, 2 + length)] })
  },
  format: ({ octets }) => `${octets.length} octets`,
})
const SNAP = Protocol.snap(0x00000c, 0x010b)
const ENCAPSULATIONS = [Protocol.EXPERIMENTAL, Protocol.BPDU, SNAP] as const
const CODECS = PayloadCodec.registry(ENCAPSULATIONS.map((encapsulation) => blobCodec(`blob-${encapsulation}`, encapsulation)))
const NO_CODECS = PayloadCodec.registry([])

const FrameSpec = Schema.Struct({
  destination: between(0, 2 ** 48 - 1),
  source: between(0, 2 ** 48 - 1),
  encapsulation: Schema.Literals(ENCAPSULATIONS),
  // Lengths about the least frame and about the longest length field.
  length: Schema.Union([between(0, 60), between(1480, 1520)]),
  fill: between(0, 255),
  tci: between(-1, 65535),
  tags: Schema.Array(Schema.Struct({ tpid: Schema.Literals([0x8100, 0x88a8]), tci: between(0, 65535) })).pipe(
    Schema.check(Schema.isMaxLength(8)),
  ),
})

const stackOn = (frame: EthernetFrame.EthernetFrame, spec: typeof FrameSpec.Type): EthernetFrame.EthernetFrame => {
  let stacked = frame
  for (const tag of spec.tags) stacked = VlanTag.push(stacked, tag.tci, tag.tpid)
  // An outermost customer tag inside an untagged frame is the same octets as that tag beside the frame.
  return spec.tci < 0 && stacked.protocol === Protocol.VLAN ? VlanTag.push(stacked, 1, VlanTag.SERVICE) : stacked
}

describe("round trip", () => {
  it.prop(
    "parse(emit(frame)) is the frame, for payloads in meaning, in every encapsulation and stack",
    { spec: FrameSpec },
    ({ spec }) => {
      const payload: Blob = {
        protocol: `blob-${spec.encapsulation}`,
        octets: Array.from({ length: spec.length }, () => spec.fill),
      }
      const clientOctets = Protocol.headerOctets(spec.encapsulation) + spec.length + 2
      const plain = EthernetFrame.make(spec.destination, spec.source, spec.encapsulation, payload, clientOctets)
      const frame = stackOn(plain, spec)
      const octets = FrameCodec.emit(frame, spec.tci, CODECS)
      assert.strictEqual(octets.length, frame.wireOctets - 4 + (spec.tci < 0 ? 0 : 4))
      assert.isAtLeast(octets.length, 60)
      assert.deepStrictEqual(Result.getOrThrow(FrameCodec.parse(octets, CODECS)), { frame, tci: spec.tci, refused: undefined })
      const withFcs = FrameCodec.emitWithFcs(frame, spec.tci, CODECS)
      assert.deepStrictEqual(Result.getOrThrow(FrameCodec.parseWithFcs(withFcs, CODECS)).frame, frame)
    },
    { arbitrary: { runs: 300, seed: 8023 } },
  )

  it.prop(
    "and for octets: exactly behind LLC and SNAP, with their padding behind a type",
    { spec: FrameSpec },
    ({ spec }) => {
      const payload = new Uint8Array(spec.length).fill(spec.fill)
      const clientOctets = Protocol.headerOctets(spec.encapsulation) + spec.length
      const frame = EthernetFrame.make(spec.destination, spec.source, spec.encapsulation, payload, clientOctets)
      const octets = FrameCodec.emit(frame, spec.tci, NO_CODECS)
      const { frame: back, tci } = Result.getOrThrow(FrameCodec.parse(octets, NO_CODECS))
      assert.strictEqual(tci, spec.tci)
      const padded = Protocol.isEthernet2(spec.encapsulation) ? Math.max(46, spec.length) : spec.length
      const expected = new Uint8Array(padded)
      expected.set(payload)
      assert.deepStrictEqual(back, { ...frame, payload: expected })
    },
    { arbitrary: { runs: 300, seed: 8024 } },
  )
})

describe("any octets", () => {
  // Starts that lead into each branch: type, tag, service tag, length, LLC, SNAP, and a codec's encapsulation.
  const TYPES = [
    "0800",
    "8100000a0800",
    "88a80001810000020806",
    "0005",
    "0003424203",
    "0008aaaa0300000c010b",
    "88b5",
    "88b50003",
    "05ff",
    "8870",
    "",
  ]
  const Start = Schema.Literals(TYPES)

  it.prop(
    "are read or refused with a reason; emit(parse(o)) is o, but for padding, from 60 octets (64 tagged) on",
    { start: Start, rest: Octets, padding: between(0, 70) },
    ({ padding, rest, start }) => {
      const octets = Uint8Array.from([
        ...Buffer.from(`ffffffffffff020000000001${start}`, "hex"),
        ...rest,
        ...new Uint8Array(padding),
      ])
      for (const codecs of [NO_CODECS, CODECS]) {
        const result = FrameCodec.parse(octets, codecs)
        if (Result.isFailure(result)) {
          assert.isAbove(result.failure.detail.length, 0)
          continue
        }
        const { frame, tci } = result.success
        const again = FrameCodec.emit(frame, tci, codecs)
        if (octets.length < (tci < 0 ? 60 : 64)) {
          assert.deepStrictEqual(again.subarray(octets.length), new Uint8Array(again.length - octets.length))
          continue
        }
        assert.strictEqual(again.length, octets.length)
        // Behind what has a length of its own, padding comes back as zeros: compare where it does not, and everything for octets.
        for (let i = 0; i < octets.length; i++) assert.isTrue(again[i] === octets[i] || again[i] === 0)
        assert.deepStrictEqual(Result.getOrThrow(FrameCodec.parse(again, codecs)), {
          ...result.success,
          refused: result.success.refused,
        })
        if (start === "0800" || start === "8100000a0800" || start === "88a80001810000020806" || start === "8870")
          assert.deepStrictEqual(again, octets)
      }
    },
    { arbitrary: { runs: 1000, seed: 8025 } },
  )

  it("tags without end do not exhaust the stack", () => {
    const octets = new Uint8Array(100_000)
    for (let i = 12; i + 1 < octets.length; i += 4) octets.set([0x81, 0x00], i)
    const { frame, refused, tci } = Result.getOrThrow(FrameCodec.parse(octets, NO_CODECS))
    assert.strictEqual(refused?.reason, "TooManyTags")
    assert.strictEqual(VlanTag.stack(frame, tci).length, 9)
    assert.deepStrictEqual(FrameCodec.emit(frame, tci, NO_CODECS), octets)
  })
})
