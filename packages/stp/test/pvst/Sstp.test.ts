/** SSTP frames on the wire: octets written by hand, truncation, TLVs, random octets, round trips, and tshark. */
import { assert, describe, it } from "@effect/vitest"
import * as FrameCodec from "@l2lab/l2/FrameCodec"
import * as GroupAddress from "@l2lab/l2/GroupAddress"
import * as Protocol from "@l2lab/l2/Protocol"
import { Result, Schema } from "effect"
import * as Bpdu from "../../src/Bpdu.ts"
import * as Sstp from "../../src/pvst/Sstp.ts"
import { mst, rst } from "../rstp2004/Bridge.ts"
import { config, OWN } from "../stp1998/Bridge.ts"
import { COMPLAINTS, dissect, installed } from "../Tshark.ts"
import { codecs, octetsOf } from "./VlanNetwork.ts"

const octetsOfHex = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(/\s/g, ""), "hex"))

/** A Configuration BPDU of VLAN 10: 35 octets, one of padding, the TLV. */
const CONFIG = octetsOfHex(`
  0000 00 00 01  800a 020000000100  00000013  800a 020000000200  8002  0100 1400 0200 0f00
  00  0000 0002 000a`)
const CONFIG_MEANING: Sstp.SstpBpdu = {
  protocol: "sstp",
  bpdu: config({
    topologyChange: true,
    rootPriority: 0x800a,
    rootAddress: 0x020000000100,
    rootPathCost: 19,
    bridgePriority: 0x800a,
    bridgeAddress: 0x020000000200,
    portIdentifier: 0x8002,
    messageAge: 256,
  }),
  pvid: 10,
}

/** An RST BPDU of VLAN 10, a proposal: 36 octets, the TLV. */
const RST = octetsOfHex(`
  0000 02 02 0e  600a 020000000100  00000000  600a 020000000100  8001  0000 1400 0200 0f00  00
  0000 0002 000a`)
const RST_MEANING: Sstp.SstpBpdu = {
  protocol: "sstp",
  bpdu: rst({
    proposal: true,
    learning: false,
    forwarding: false,
    rootPriority: 0x600a,
    rootAddress: 0x020000000100,
    bridgePriority: 0x600a,
    bridgeAddress: 0x020000000100,
  }),
  pvid: 10,
}

const TCN = octetsOfHex("0000 00 80")

const CASES: ReadonlyArray<readonly [name: string, octets: Uint8Array, meaning: Sstp.SstpBpdu]> = [
  ["a Configuration BPDU", CONFIG, CONFIG_MEANING],
  ["an RST BPDU", RST, RST_MEANING],
  ["a TCN BPDU", TCN, Sstp.TCN],
]

const parsed = (octets: Uint8Array): Sstp.SstpBpdu => Result.getOrThrow(Sstp.parse(octets))

const refusal = (octets: Uint8Array): string => {
  const result = Sstp.parse(octets)
  return Result.isFailure(result) ? `${result.failure.reason}: ${result.failure.detail}` : "accepted"
}

const withTlv = (hex: string): Uint8Array => Uint8Array.from([...RST.subarray(0, 36), ...octetsOfHex(hex)])

describe("SSTP octets", () => {
  it.each(CASES)("%s", (_name, octets, meaning) => {
    assert.deepEqual(Sstp.emit(meaning), octets)
    assert.deepEqual(parsed(octets), meaning)
    assert.strictEqual(Sstp.octetLength(meaning), octets.length)
  })

  it.each(CASES)("%s goes through the frame codec", (_name, octets, meaning) => {
    const frame = Sstp.frame(meaning, OWN)
    assert.strictEqual(frame.wireOctets, meaning.pvid === undefined ? 64 : 68)
    const header = "01000ccccccd 020000000500"
    const length = (8 + octets.length).toString(16).padStart(4, "0")
    const hex = `${header} ${length} aaaa03 00000c 010b ${Buffer.from(octets).toString("hex")}`
    const expected = new Uint8Array(Math.max(60, 22 + octets.length))
    expected.set(octetsOfHex(hex))
    assert.deepEqual(octetsOf({ frame, tci: -1 }), expected)
    const back = Result.getOrThrow(FrameCodec.parse(expected, codecs))
    assert.isUndefined(back.refused)
    assert.strictEqual(back.frame.destination, GroupAddress.CISCO_SSTP)
    assert.strictEqual(back.frame.protocol, Protocol.SSTP)
    assert.deepEqual(back.frame.payload, meaning)
    assert.strictEqual(octetsOf({ frame, tci: 0xe00a }).length, expected.length + 4)
  })

  it("refuses every truncation", () => {
    for (const whole of [CONFIG, RST]) {
      for (let length = 0; length < whole.length; length++)
        assert.match(refusal(whole.subarray(0, length)), /^(Truncated|NoPvid): /)
    }
    assert.strictEqual(refusal(RST.subarray(0, 36)), "NoPvid: no TLV says the VLAN")
    assert.strictEqual(refusal(RST.subarray(0, 41)), "Truncated: a TLV of 2 octets at offset 36, 1 follow")
    assert.strictEqual(refusal(TCN.subarray(0, 3)), "Truncated: a BPDU needs 4 octets, have 3")
  })

  it("passes other TLVs by, and takes nothing for a VLAN that is none", () => {
    assert.strictEqual(parsed(withTlv("0007 0003 aabbcc 0000 0002 000a")).pvid, 10)
    assert.strictEqual(parsed(withTlv("0000 0002 0ffe a5a5")).pvid, 4094)
    assert.strictEqual(refusal(withTlv("0000 0002 0000")), "BadPvid: 0 is not a VLAN: 1..4094")
    assert.strictEqual(refusal(withTlv("0000 0002 0fff")), "BadPvid: 4095 is not a VLAN: 1..4094")
    assert.match(refusal(withTlv("0000 ffff 000a")), /^Truncated: a TLV of 65535 octets/)
    assert.match(refusal(withTlv("0001 0002 000a")), /^NoPvid/)
    assert.match(refusal(withTlv("0000 0000 0000 0000")), /^NoPvid/)
  })

  it("refuses what is no BPDU, and one of MSTP", () => {
    assert.match(refusal(Uint8Array.from([1, ...RST.subarray(1)])), /^BadProtocol/)
    assert.match(refusal(Bpdu.emit(mst())), /^UnknownType/)
  })

  it("reads like tcpdump", () => {
    assert.match(
      Sstp.format(CONFIG_MEANING),
      /^PVST\+ vlan 10, STP 802\.1D, Config, flags \[topology change\], root 800a\.02:00:00:00:01:00/,
    )
    assert.strictEqual(Sstp.format(Sstp.TCN), "PVST+, STP 802.1D, Topology Change Notification")
  })

  it.prop("never throws, and what it accepts comes back after emit", { octets: Schema.Uint8Array }, ({ octets }) => {
    for (const head of [[], [0, 0, 0, 0], [0, 0, 2, 2], [0, 0, 0, 0x80]]) {
      for (const tlv of [[], [0, 0, 0, 2, 0, 7]]) {
        const candidate = new Uint8Array(48)
        candidate.set(octets.subarray(0, 44), 4)
        candidate.set(head)
        candidate.set(tlv, 36)
        const result = Sstp.parse(head.length === 0 ? octets : candidate)
        if (Result.isFailure(result)) assert.notStrictEqual(result.failure.detail, "")
        else assert.deepEqual(parsed(Sstp.emit(result.success)), result.success)
      }
    }
  })
})

const FIELDS = [
  "eth.dst",
  "eth.len",
  "vlan.len",
  "vlan.id",
  "vlan.priority",
  "llc.oui",
  "llc.cisco_pid",
  "stp.type",
  "stp.bridge.ext",
  "stp.pvst.origvlan",
]

describe.skipIf(!installed)("tshark (skipped where tshark or text2pcap is not installed)", () => {
  it("finds the same in SSTP frames, untagged and tagged", () => {
    const frames = CASES.flatMap(([, , meaning]) => [-1, 0xe00a].map((tci) => octetsOf({ frame: Sstp.frame(meaning, OWN), tci })))
    const lines = dissect(frames, [...FIELDS, ...COMPLAINTS])
    const expected = CASES.flatMap(([, octets, { bpdu, pvid }]) =>
      [
        { "eth.len": [String(octets.length + 8)] },
        { "vlan.id": ["10"], "vlan.priority": ["7"], "vlan.len": [String(octets.length + 8)] },
      ].map((tag) => ({
        "eth.dst": ["01:00:0c:cc:cc:cd"],
        ...tag,
        "llc.oui": ["12"],
        "llc.cisco_pid": ["0x010b"],
        "stp.type": [{ config: "0x00", rst: "0x02", tcn: "0x80" }[bpdu.kind]],
        ...(pvid !== undefined && { "stp.bridge.ext": [String(pvid)], "stp.pvst.origvlan": [String(pvid)] }),
      })),
    )
    assert.deepEqual(lines, expected)
  }, 30_000)
})
