/** What was written is read back; octets of any kind are read or refused, never thrown at. */
import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import * as Capture from "../src/Capture.ts"
import * as PcapReader from "../src/PcapReader.ts"
import * as WholeBlocks from "../src/WholeBlocks.ts"

const Octets = Schema.Array(Schema.Int.pipe(Schema.check(Schema.isBetween({ minimum: 0, maximum: 255 }))))
// Instants of all magnitudes: the mantissa's size is drawn, not only its value.
const Instant = Schema.Struct({
  bits: Schema.Int.pipe(Schema.check(Schema.isBetween({ minimum: 0, maximum: 53 }))),
  share: Schema.Int.pipe(Schema.check(Schema.isBetween({ minimum: 0, maximum: 999_999 }))),
})
const PacketSpec = Schema.Struct({
  interface: Schema.Int.pipe(Schema.check(Schema.isBetween({ minimum: 0, maximum: 2 }))),
  instant: Instant,
  octets: Octets,
  cut: Schema.Int.pipe(Schema.check(Schema.isBetween({ minimum: 0, maximum: 9000 }))),
  direction: Schema.Literals(["in", "out", "none"]),
  comments: Schema.Array(Schema.String),
})
const Format = Schema.Literals(["pcapng", "pcap-ns", "pcap-us"])
const CaptureSpec = Schema.Struct({
  format: Format,
  epochSeconds: Schema.Int.pipe(Schema.check(Schema.isBetween({ minimum: 0, maximum: 4_285_960_096 }))),
  packets: Schema.Array(PacketSpec),
})
type CaptureSpec = typeof CaptureSpec.Type

const instantOf = ({ bits, share }: typeof Instant.Type): number =>
  Math.min(Number.MAX_SAFE_INTEGER, Math.floor(2 ** bits * (0.5 + share / 2_000_000)))

// Text as UTF-8 can carry it: a lone surrogate becomes the replacement character.
const carried = (text: string): string => text.toWellFormed()

const NAMES = ["sw1:1", "", "host ünïcode"]

const packetsOf = (spec: CaptureSpec): Array<Capture.Packet> =>
  spec.packets.map((packet) => ({
    interface: packet.interface,
    at: instantOf(packet.instant),
    octets: Uint8Array.from(packet.octets),
    originalLength: packet.octets.length + packet.cut,
    direction: packet.direction === "none" ? undefined : packet.direction,
    comment: packet.comments,
  }))

const write = (spec: CaptureSpec): Uint8Array => {
  const capture = Capture.make({ format: spec.format, epochSeconds: spec.epochSeconds, section: { application: "test" } })
  for (const name of NAMES) Capture.addInterface(capture, { name, rateBps: 1_000_000_000 })
  for (const packet of packetsOf(spec)) Capture.packet(capture, packet)
  return Capture.take(capture)
}

describe("round trip", () => {
  it.prop(
    "every packet comes back",
    { spec: CaptureSpec },
    ({ spec }) => {
      const read = Result.getOrThrow(PcapReader.parse(write(spec)))
      const classic = spec.format !== "pcapng"
      const grain = spec.format === "pcap-us" ? 1000n : 1n
      assert.strictEqual(read.format, spec.format)
      assert.strictEqual(read.packets.length, spec.packets.length)
      if (!classic)
        assert.deepStrictEqual(
          read.interfaces.map((one) => one.name),
          NAMES,
        )
      for (const [index, sent] of packetsOf(spec).entries()) {
        const got = read.packets[index]
        const at = BigInt(spec.epochSeconds) * 1_000_000_000n + BigInt(sent.at)
        assert.strictEqual(BigInt(got.seconds) * 1_000_000_000n + BigInt(got.nanoseconds), at - (at % grain))
        assert.deepStrictEqual([...got.octets], [...sent.octets])
        assert.strictEqual(got.originalLength, sent.originalLength)
        assert.strictEqual(got.interface, classic ? 0 : sent.interface)
        assert.strictEqual(got.direction, classic ? undefined : sent.direction)
        assert.deepStrictEqual(got.comments, classic ? [] : spec.packets[index].comments.map(carried))
      }
    },
    { arbitrary: { runs: 200, seed: 802 } },
  )
})

describe("bad octets", () => {
  it.prop(
    "are refused with a reason and an offset, never thrown at",
    { octets: Octets, start: Schema.Literals(["0a0d0d0a1c0000004d3c2b1a", "a1b23c4d00020004", "d4c3b2a102000400", ""]) },
    ({ octets, start }) => {
      const file = Uint8Array.from([...Buffer.from(start, "hex"), ...octets])
      const result = PcapReader.parse(file)
      if (Result.isFailure(result)) {
        assert.isAbove(result.failure.detail.length, 0)
        assert.isAtMost(result.failure.offset, file.length)
      }
    },
    { arbitrary: { runs: 500, seed: 1 } },
  )

  it.prop(
    "a capture with one octet changed is read or refused",
    { spec: CaptureSpec, where: Schema.Int.pipe(Schema.check(Schema.isBetween({ minimum: 0, maximum: 1_000_000 }))) },
    ({ spec, where }) => {
      const octets = write(spec)
      octets[where % octets.length] ^= 1 << (where % 8)
      PcapReader.parse(octets)
    },
    { arbitrary: { runs: 500, seed: 2 } },
  )

  it.prop(
    "every truncation is refused, unless it falls between two blocks; and WholeBlocks finds the last such place",
    { spec: CaptureSpec },
    ({ spec }) => {
      const octets = write(spec)
      let whole = 0
      for (let length = 1; length <= octets.length; length++) {
        const cut = octets.subarray(0, length)
        const result = PcapReader.parse(cut)
        if (Result.isSuccess(result)) whole = length
        else assert.strictEqual(result.failure.reason, length < 4 ? "NotACapture" : "Truncated")
        const counted = WholeBlocks.count(spec.format, octets, length, true)
        assert.strictEqual(counted.octets, whole)
        if (Result.isSuccess(result)) assert.strictEqual(counted.packets, result.success.packets.length)
      }
    },
    { arbitrary: { runs: 40, seed: 3 } },
  )
})
