/** The wire format: captured frames with their decode by tshark, truncation, random octets, round trips. */
import * as FrameCodec from "@l2lab/l2/FrameCodec"
import * as PayloadCodec from "@l2lab/l2/PayloadCodec"
import * as Protocol from "@l2lab/l2/Protocol"
import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import { readFileSync } from "node:fs"
import { gunzipSync } from "node:zlib"
import * as Bpdu from "../src/Bpdu.ts"
import * as Wireshark from "./Wireshark.ts"

interface Captured {
  readonly pcap: string
  readonly hex: string
  readonly tshark: Readonly<Record<string, string>>
}

const captured: ReadonlyArray<Captured> = gunzipSync(readFileSync(new URL("fixtures/bpdu-frames.jsonl.gz", import.meta.url)))
  .toString()
  .split("\n")
  .filter((line) => line !== "")
  .map((line) => JSON.parse(line) as Captured)

const octetsOf = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, "hex"))
const codecs = PayloadCodec.registry([Bpdu.codec])

/** Octets before the BPDU: addresses, length, LLC header. */
const HEADER_OCTETS = 17

const parsed = (octets: Uint8Array): Bpdu.Bpdu => Result.getOrThrow(Bpdu.parse(octets))

describe("captured BPDUs", () => {
  it("holds Config, TCN and RST BPDUs of the Linux bridge and Open vSwitch", () => {
    const kinds = Map.groupBy(captured, (frame) => parsed(octetsOf(frame.hex).subarray(HEADER_OCTETS)).kind)
    assert.deepEqual(
      [...kinds].map(([kind, frames]) => [kind, frames.length]),
      [
        ["config", 449],
        ["tcn", 18],
        ["rst", 119],
      ],
    )
  })

  it("decodes every one as tshark does, and emits the same octets again", () => {
    for (const { hex, pcap, tshark } of captured) {
      const octets = octetsOf(hex)
      const bpdu = parsed(octets.subarray(HEADER_OCTETS))
      const { "frame.len": length, "frame.number": number, ...expected } = tshark
      assert.deepEqual(Wireshark.fields(bpdu), expected, `${pcap} frame ${number}`)
      assert.strictEqual(octets.length, Number(length))
      assert.deepEqual(Bpdu.emit(bpdu), octets.subarray(HEADER_OCTETS), `${pcap} frame ${number}`)
      assert.strictEqual(Bpdu.octetLength(bpdu), octets.length - HEADER_OCTETS)
    }
  })

  it("goes through the frame codec as a payload, padded to the least frame", () => {
    for (const { hex } of captured) {
      const octets = octetsOf(hex)
      const { frame, refused } = Result.getOrThrow(FrameCodec.parse(octets, codecs))
      assert.isUndefined(refused)
      assert.strictEqual(frame.protocol, Protocol.BPDU)
      assert.strictEqual(frame.destination, Bpdu.GROUP_ADDRESS)
      assert.strictEqual((frame.payload as Bpdu.Bpdu).protocol, "bpdu")
      const padded = new Uint8Array(60)
      padded.set(octets)
      assert.deepEqual(FrameCodec.emit(frame, -1, codecs), padded)
    }
  })
})

const config = octetsOf(captured.find(({ tshark }) => tshark["type"] === "0x00")!.hex).subarray(HEADER_OCTETS)
const rst = octetsOf(captured.find(({ tshark }) => tshark["type"] === "0x02")!.hex).subarray(HEADER_OCTETS)
const tcn = octetsOf(captured.find(({ tshark }) => tshark["type"] === "0x80")!.hex).subarray(HEADER_OCTETS)

const refusal = (octets: Uint8Array): string => {
  const result = Bpdu.parse(octets)
  return Result.isFailure(result) ? `${result.failure.reason}: ${result.failure.detail}` : "accepted"
}

const altered = (octets: Uint8Array, offset: number, value: number): Uint8Array => {
  const copy = octets.slice()
  copy[offset] = value
  return copy
}

describe("parse", () => {
  it("refuses every truncation with the octets it needs", () => {
    for (const whole of [config, rst, tcn]) {
      for (let length = 0; length < whole.length; length++) assert.match(refusal(whole.subarray(0, length)), /^Truncated: a /)
    }
    assert.strictEqual(refusal(config.subarray(0, 34)), "Truncated: a Configuration BPDU needs 35 octets, have 34")
    assert.strictEqual(refusal(rst.subarray(0, 35)), "Truncated: a RST BPDU needs 36 octets, have 35")
    assert.strictEqual(refusal(new Uint8Array(3)), "Truncated: a BPDU needs 4 octets, have 3")
  })

  it("refuses another protocol and unknown types", () => {
    assert.strictEqual(refusal(altered(config, 1, 1)), "BadProtocol: protocol identifier 1, expected 0")
    assert.strictEqual(refusal(altered(config, 3, 0x7f)), "UnknownType: BPDU type 0x7f of version 0")
    assert.strictEqual(refusal(altered(rst, 2, 0)), "UnknownType: BPDU type 0x02 of version 0")
  })

  it("ignores what stands behind the last field and flags without a meaning", () => {
    const padded = new Uint8Array(46).fill(0xa5)
    padded.set(config)
    assert.deepEqual(parsed(padded), parsed(config))
    assert.deepEqual(parsed(altered(config, 4, config[4] | 0x7e)), parsed(config))
  })

  it("reads a later version as the latest that it knows", () => {
    assert.deepEqual(parsed(altered(rst, 2, 3)), parsed(rst))
    assert.deepEqual(parsed(altered(config, 2, 9)), parsed(config))
  })

  it.prop("never throws, and what it accepts comes back after emit", { octets: Schema.Uint8Array }, ({ octets }) => {
    for (const head of [[], [0, 0, 0, 0], [0, 0, 2, 2], [0, 0, 0, 0x80]]) {
      const candidate = new Uint8Array(48)
      candidate.set(octets.subarray(0, 44), 4)
      candidate.set(head)
      const result = Bpdu.parse(head.length === 0 ? octets : candidate)
      if (Result.isFailure(result)) {
        assert.notStrictEqual(result.failure.detail, "")
        continue
      }
      assert.deepEqual(parsed(Bpdu.emit(result.success)), result.success)
    }
  })
})

const U16 = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 0xffff }))
const Address = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 0xffffffffffff }))
const vector = {
  rootPriority: U16,
  rootAddress: Address,
  rootPathCost: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 0xffffffff })),
  bridgePriority: U16,
  bridgeAddress: Address,
  portIdentifier: U16,
  messageAge: U16,
  maxAge: U16,
  helloTime: U16,
  forwardDelay: U16,
}
const AnyBpdu = Schema.Union([
  Schema.Struct({
    protocol: Schema.Literal("bpdu"),
    kind: Schema.Literal("config"),
    topologyChangeAcknowledgment: Schema.Boolean,
    topologyChange: Schema.Boolean,
    ...vector,
  }),
  Schema.Struct({ protocol: Schema.Literal("bpdu"), kind: Schema.Literal("tcn") }),
  Schema.Struct({
    protocol: Schema.Literal("bpdu"),
    kind: Schema.Literal("rst"),
    topologyChange: Schema.Boolean,
    proposal: Schema.Boolean,
    role: Schema.Literals(Bpdu.RST_ROLES),
    learning: Schema.Boolean,
    forwarding: Schema.Boolean,
    agreement: Schema.Boolean,
    ...vector,
  }),
])

describe("emit", () => {
  it.prop(
    "parse takes back whatever can be built",
    { bpdu: AnyBpdu },
    ({ bpdu }) => {
      assert.deepEqual(parsed(Bpdu.emit(bpdu)), bpdu)
    },
    { arbitrary: { runs: 300 } },
  )
})

describe("format", () => {
  it("reads like tcpdump", () => {
    assert.strictEqual(
      Bpdu.format(parsed(config)),
      "STP 802.1D, Config, flags [none], root 8000.02:00:00:00:ff:f0 cost 0, bridge 8000.02:00:00:00:ff:f0 port 8001, " +
        "message-age 0s, max-age 6s, hello-time 1s, forwarding-delay 2s",
    )
    assert.strictEqual(Bpdu.format(parsed(tcn)), "STP 802.1D, Topology Change Notification")
    assert.match(Bpdu.format(parsed(rst)), /^STP 802.1w, Rapid STP, flags \[proposal, designated\], root 8000\./)
  })
})
