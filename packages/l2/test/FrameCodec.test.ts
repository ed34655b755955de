/** Golden octets: recorded frames and frames written out by hand. */
import { execFileSync, spawnSync } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { afterAll } from "vitest"
import * as EthernetFrame from "../src/EthernetFrame.ts"
import * as FrameCodec from "../src/FrameCodec.ts"
import * as GroupAddress from "../src/GroupAddress.ts"
import * as MacAddress from "../src/MacAddress.ts"
import * as PayloadCodec from "../src/PayloadCodec.ts"
import * as Protocol from "../src/Protocol.ts"
import * as VlanTag from "../src/VlanTag.ts"

const NO_CODECS = PayloadCodec.registry([])
const octetsOf = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(/\s/g, ""), "hex"))
const hex = (octets: Uint8Array): string => Buffer.from(octets).toString("hex")
const zeros = (count: number): string => "00".repeat(count)
const parse = (octets: Uint8Array, codecs = NO_CODECS) => Result.getOrThrow(FrameCodec.parse(octets, codecs))
const refusal = (text: string): string => {
  const { detail, reason } = Result.getOrThrow(Result.flip(FrameCodec.parse(octetsOf(text), NO_CODECS)))
  return `${reason}: ${detail}`
}

/** A payload in meaning for these tests: one number, in four octets behind a marker, under EtherType 0x88b5 and under an LLC. */
interface Counter extends EthernetFrame.StructuredPayload {
  readonly count: number
}
const counterCodec = (name: string, encapsulation: number): PayloadCodec.PayloadCodec<Counter> => ({
  name,
  encapsulation,
  octetLength: () => 5,
  emit: ({ count }) => Uint8Array.of(0xc7, count >>> 24, count >>> 16, count >>> 8, count),
  parse: (octets) =>
    octets.length < 5
      ? Result.fail({ reason: "Truncated", detail: `need 5 octets, have ${octets.length}` })
      : octets[0] !== 0xc7
        ? Result.fail({ reason: "BadMarker", detail: `marker ${octets[0]} is not 199` })
        : Result.succeed({ protocol: name, count: new DataView(octets.buffer, octets.byteOffset).getUint32(1) }),
  format: ({ count }) => `count ${count}`,
})
const CODECS = PayloadCodec.registry([counterCodec("counter", Protocol.EXPERIMENTAL), counterCodec("counter-llc", Protocol.BPDU)])

const BROADCAST_ARP = "ffffffffffff 020000000001 0806 0001080006040001020000000001c0000201000000000000c0000202" + zeros(18)
// What a Linux bridge sent: 802.3, LLC 42-42-03, length 0x26, not padded (recorded on a virtual link).
const KERNEL_BPDU = "0180c2000000 02ff00000001 0026 424203 0000000000800002000000fff000000000800002000000fff080010000060001000200"

describe("emit", () => {
  it("Ethernet II, padded to 60 octets", () => {
    const payload = octetsOf("0001080006040001020000000001c0000201000000000000c0000202")
    const frame = EthernetFrame.make(MacAddress.BROADCAST, 0x020000000001, Protocol.ARP, payload, payload.length)
    assert.strictEqual(hex(FrameCodec.emit(frame, -1, NO_CODECS)), BROADCAST_ARP.replaceAll(" ", ""))
  })

  it("802.3 + LLC: the length field says what padding does not", () => {
    const body = octetsOf(KERNEL_BPDU).subarray(17)
    const frame = EthernetFrame.make(GroupAddress.BRIDGE_GROUP, 0x02ff00000001, Protocol.BPDU, body, body.length + 3)
    assert.strictEqual(hex(FrameCodec.emit(frame, -1, NO_CODECS)), KERNEL_BPDU.replaceAll(" ", "") + zeros(8))
  })

  it("802.3 + SNAP, tagged: 68 octets on the wire", () => {
    const frame = EthernetFrame.make(GroupAddress.CISCO_SSTP, 1, Protocol.snap(0x00000c, 0x010b), Uint8Array.of(1, 2), 10)
    const octets = FrameCodec.emit(frame, EthernetFrame.tci(10, 7), NO_CODECS)
    assert.strictEqual(hex(octets), `01000ccccccd0000000000018100e00a000aaaaa0300000c010b0102${zeros(36)}`)
    assert.strictEqual(octets.length, 64)
  })

  it("a payload that stands for more octets than it has is followed by zeros, up to the frame's length", () => {
    const frame = EthernetFrame.make(1, 2, Protocol.EXPERIMENTAL, Uint8Array.of(9), 1500)
    const octets = FrameCodec.emit(frame, -1, NO_CODECS)
    assert.strictEqual(octets.length, 1514)
    assert.strictEqual(octets[14], 9)
    assert.isTrue(octets.subarray(15).every((octet) => octet === 0))
  })

  it("write fills every octet of a used buffer, and none beside", () => {
    const frame = EthernetFrame.make(1, 2, Protocol.BPDU, { protocol: "counter-llc", count: 5 } as Counter, 8)
    const buffer = new Uint8Array(200).fill(0xa5)
    const length = FrameCodec.write(frame, 100, CODECS, buffer, 7)
    assert.strictEqual(length, FrameCodec.octetLength(frame, 100))
    assert.deepStrictEqual(buffer.subarray(7, 7 + length), FrameCodec.emit(frame, 100, CODECS))
    assert.isTrue(buffer.subarray(0, 7).every((octet) => octet === 0xa5))
    assert.isTrue(buffer.subarray(7 + length).every((octet) => octet === 0xa5))
  })

  it("with FCS: what is on the wire, and what a receiver checks", () => {
    const frame = EthernetFrame.make(1, 2, Protocol.EXPERIMENTAL, Uint8Array.of(1), 1)
    const octets = FrameCodec.emitWithFcs(frame, -1, NO_CODECS)
    assert.strictEqual(octets.length, frame.wireOctets)
    assert.isTrue(Result.isSuccess(FrameCodec.parseWithFcs(octets, NO_CODECS)))
    octets[20] ^= 1
    assert.strictEqual(Result.getOrThrow(Result.flip(FrameCodec.parseWithFcs(octets, NO_CODECS))).reason, "BadFcs")
    assert.strictEqual(Result.getOrThrow(Result.flip(FrameCodec.parseWithFcs(new Uint8Array(17), NO_CODECS))).reason, "Truncated")
  })

  it("a payload whose codec is missing is a mistake in composing the registry", () => {
    const frame = EthernetFrame.make(1, 2, Protocol.ARP, { protocol: "arp" }, 28)
    assert.throws(() => FrameCodec.emit(frame, -1, NO_CODECS), `no codec for the payload "arp"`)
  })
})

describe("parse", () => {
  it("a recorded BPDU of 52 octets is LLC 42-42 and 64 octets on the wire", () => {
    const { frame, tci } = parse(octetsOf(KERNEL_BPDU))
    assert.strictEqual(tci, -1)
    assert.strictEqual(frame.protocol, Protocol.BPDU)
    assert.strictEqual(frame.destination, GroupAddress.BRIDGE_GROUP)
    assert.strictEqual(frame.source, 0x02ff00000001)
    assert.strictEqual(frame.wireOctets, 64)
    assert.strictEqual((frame.payload as Uint8Array).length, 35)
  })

  it("an outer 0x8100 tag goes beside the frame; a service tag and inner tags stay in it", () => {
    const one = parse(octetsOf(`ffffffffffff 020000000001 8100 600a 0800 ${zeros(46)}`))
    assert.deepStrictEqual([one.tci, one.frame.protocol, one.frame.wireOctets], [0x600a, Protocol.IPV4, 64])
    const stacked = parse(octetsOf(`ffffffffffff 020000000001 8100 0005 88a8 0064 8100 000a 0806 ${zeros(46)}`))
    assert.deepStrictEqual(VlanTag.stack(stacked.frame, stacked.tci), [
      { tpid: 0x8100, tci: 5 },
      { tpid: 0x88a8, tci: 100 },
      { tpid: 0x8100, tci: 10 },
    ])
    const service = parse(octetsOf(`ffffffffffff 020000000001 88a8 0064 0800 ${zeros(46)}`))
    assert.deepStrictEqual([service.tci, service.frame.protocol], [-1, Protocol.SERVICE_VLAN])
  })

  it("a codec's refusal leaves octets and is reported", () => {
    const octets = octetsOf(`ffffffffffff 020000000001 88b5 ff ${zeros(45)}`)
    const { frame, refused } = parse(octets, CODECS)
    assert.deepStrictEqual(refused, { reason: "BadMarker", detail: "marker 255 is not 199" })
    assert.deepStrictEqual(frame.payload, octets.subarray(14))
    assert.isUndefined(parse(octets).refused)
  })

  it("client data without a known LLC header keeps all its octets", () => {
    for (const client of ["ffff 0011 0022", "4242 bf 01", "42", "aaaa03 000000"]) {
      const body = octetsOf(client)
      const octets = octetsOf(
        `ffffffffffff 020000000001 ${body.length.toString(16).padStart(4, "0")} ${client} ${zeros(46 - body.length)}`,
      )
      const { frame } = parse(octets)
      assert.strictEqual(frame.protocol, Protocol.IEEE_802_3)
      assert.deepStrictEqual(frame.payload, body)
      assert.deepStrictEqual(FrameCodec.emit(frame, -1, NO_CODECS), octets)
    }
  })

  it("an LLC frame too long for its length field has a type instead, and comes back", () => {
    const payload = new Uint8Array(2000).fill(7)
    const frame = EthernetFrame.make(1, 2, Protocol.llc(0xfe, 0xfe), payload, 2003)
    const octets = FrameCodec.emit(frame, -1, NO_CODECS)
    assert.strictEqual(hex(octets.subarray(12, 17)), "8870fefe03")
    assert.deepStrictEqual(parse(octets).frame, frame)
  })

  it("refusals", () => {
    assert.strictEqual(refusal(zeros(13)), "Truncated: need 14 octets for addresses and type, have 13")
    assert.strictEqual(refusal(`${zeros(12)} 8100 00`), "Truncated: need 18 octets for addresses, tag and type, have 15")
    assert.strictEqual(refusal(`${zeros(12)} 0003 4242`), "BadLength: the length field says 3 octets, 2 follow")
    assert.strictEqual(refusal(`${zeros(12)} 05ff`), "BadType: 1535 in the type/length field is neither a length nor a type")
  })
})

describe("format", () => {
  it("one line in the manner of tcpdump", () => {
    const frame = EthernetFrame.make(
      GroupAddress.BRIDGE_GROUP,
      0x020000000001,
      Protocol.BPDU,
      { protocol: "counter-llc", count: 5 } as Counter,
      8,
    )
    assert.strictEqual(
      FrameCodec.format(frame, -1, CODECS),
      "02:00:00:00:00:01 > 01:80:c2:00:00:00 (bridge group), STP, length 64: count 5",
    )
    const stacked = VlanTag.push(EthernetFrame.make(1, 2, 0x88b6, new Uint8Array(100), 100), EthernetFrame.tci(10))
    assert.strictEqual(
      FrameCodec.format(stacked, EthernetFrame.tci(20, 3), CODECS),
      "00:00:00:00:00:02 > 00:00:00:00:00:01, vlan 20, p 3, vlan 10, p 0, ethertype 0x88b6, length 126: 100 octets",
    )
    assert.strictEqual(FrameCodec.formatProtocol(Protocol.snap(0x00000c, 0x010b)), "SNAP 00000c-010b")
    assert.strictEqual(FrameCodec.formatProtocol(Protocol.llc(0xf0, 0xf0)), "LLC f0-f0")
    assert.strictEqual(FrameCodec.format(frame, -1, NO_CODECS).split(": ").at(-1), "counter-llc (no codec)")
  })
})

const installed = spawnSync("tshark", ["--version"]).status === 0

describe.skipIf(!installed)(`tshark${installed ? "" : " (skipped: not installed; apt install tshark)"}`, () => {
  const directory = mkdtempSync(join(tmpdir(), "l2-"))
  afterAll(() => rmSync(directory, { recursive: true }))

  /** Protocols and tags as tshark sees them in a frame. */
  const dissect = (octets: Uint8Array): string => {
    const length = octets.length.toString(16).padStart(8, "0")
    // A classic pcap of one packet, big-endian.
    const pcap = octetsOf(`a1b2c3d4 0002 0004 ${zeros(8)} 00040000 00000001 ${zeros(8)} ${length} ${length} ${hex(octets)}`)
    const fields = ["frame.protocols", "vlan.id", "ieee8021ad.id"].flatMap((name) => ["-e", name])
    const file = join(directory, "frame.pcap")
    writeFileSync(file, pcap)
    return execFileSync("tshark", ["-r", file, "-T", "fields", ...fields], { encoding: "utf8", stdio: "pipe" }).trim()
  }

  it("sees the same layers", () => {
    const bpdu = parse(octetsOf(KERNEL_BPDU)).frame
    assert.strictEqual(dissect(FrameCodec.emit(bpdu, -1, NO_CODECS)), "eth:llc:stp")
    const arp = parse(octetsOf(BROADCAST_ARP)).frame
    assert.strictEqual(dissect(FrameCodec.emit(arp, EthernetFrame.tci(10), NO_CODECS)), "eth:ethertype:vlan:ethertype:arp\t10")
    const stacked = VlanTag.push(VlanTag.push(arp, 10), 100, VlanTag.SERVICE)
    assert.strictEqual(
      dissect(FrameCodec.emit(stacked, -1, NO_CODECS)),
      "eth:ethertype:ieee8021ad:ethertype:vlan:ethertype:arp\t10\t100",
    )
  })
})
