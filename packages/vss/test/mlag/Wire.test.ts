/** The octets of what the peers send each other. They are our own, and golden: they change with a reason. */
import * as EthernetFrame from "@l2lab/l2/EthernetFrame"
import * as Prng from "@l2lab/sim/Prng"
import * as Bpdu from "@l2lab/stp/Bpdu"
import * as Protocol from "@l2lab/l2/Protocol"
import { Result } from "effect"
import { assert, describe, it } from "vitest"
import * as MlagPdu from "../../src/mlag/MlagPdu.ts"
import type { MlagRecord } from "../../src/mlag/MlagRecord.ts"

const SENDER = { protocol: "mlag", domain: 10, system: 0x020000100000 } as const

const hex = (octets: Uint8Array): string => Array.from(octets, (octet) => octet.toString(16).padStart(2, "0")).join("")
const octetsOf = (text: string): Uint8Array => Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))

const data = (record: MlagRecord): MlagPdu.MlagPdu => ({ ...SENDER, kind: "data", session: 0x01020305, sequence: 7, record })

const TCN = EthernetFrame.make(Bpdu.GROUP_ADDRESS, 0x020000100009, Protocol.BPDU, Bpdu.TCN, 3 + Bpdu.octetLength(Bpdu.TCN))

const GOLDEN: ReadonlyArray<readonly [what: string, pdu: MlagPdu.MlagPdu, octets: string]> = [
  ["keepalive", { ...SENDER, kind: "keepalive", role: "primary", count: 258 }, "01210014faae000a020000100000010000000102"],
  [
    "hello",
    { ...SENDER, kind: "hello", role: "secondary", isSticky: true, rolePriority: 32_667, session: 0xdeadbeef, heard: 5 },
    "0122001add6a000a02000010000002017f9bdeadbeef00000005",
  ],
  ["acknowledgment", { ...SENDER, kind: "ack", session: 3, acknowledged: 9 }, "01230016fca0000a0200001000000000000300000009"],
  [
    "parameters",
    data({ type: "parameters", isFirst: true, parameters: [{ vpc: 101, name: 8, value: "trunk" }] }),
    "012400219a46000a02000010000001020305000000070101006508057472756e6b",
  ],
  [
    "legs",
    data({
      type: "legs",
      legs: [
        { vpc: 101, up: true },
        { vpc: 4096, up: false },
      ],
    }),
    "0124001d8195000a020000100000010203050000000702006501100000",
  ],
  [
    "states",
    data({ type: "states", states: [{ vpc: 101, tree: 300, bits: 12, role: 2 }] }),
    "0124001c646a000a0200001000000102030500000007030065012c2c",
  ],
  [
    "flushes",
    data({ type: "flushes", flushes: [{ vpc: 101, tree: 1 }] }),
    "0124001b8e98000a02000010000001020305000000070400650001",
  ],
  [
    "addresses",
    data({ type: "macs", macs: [{ address: 0x060000000001, vlan: 10, vpc: 101, age: 59 }] }),
    "01240023488a000a020000100000010203050000000705060000000001000a0065003b",
  ],
  ["err-disable", data({ type: "errdisable", vpc: 101, cause: 2 }), "0124001a8d97000a020000100000010203050000000706006502"],
  [
    "a BPDU",
    { ...SENDER, kind: "bpdu", session: 1, isIn: true, vpc: 101, frame: TCN, tci: -1 },
    "012500527025000a02000010000000000001010000650180c2000000020000100009000742420300000080000000000000000000000000000000000000000000000000000000000000000000000000000000",
  ],
]

const parsed = (octets: Uint8Array): MlagPdu.MlagPdu => {
  const result = MlagPdu.parse(octets)
  if (Result.isFailure(result)) throw new Error(result.failure.detail)
  return result.success
}

const refusal = (octets: Uint8Array): string => {
  const result = MlagPdu.parse(octets)
  return Result.isFailure(result) ? `${result.failure.reason}: ${result.failure.detail}` : "taken"
}

describe("MLAG PDUs", () => {
  for (const [what, pdu, octets] of GOLDEN) {
    it(`${what}: golden octets`, () => {
      const emitted = MlagPdu.emit(pdu)
      assert.strictEqual(hex(emitted), octets)
      assert.strictEqual(emitted.length, MlagPdu.octetLength(pdu))
      assert.deepStrictEqual(parsed(emitted), pdu)
      assert.deepStrictEqual(parsed(Uint8Array.from([...emitted, ...Array<number>(60).fill(0xa5)])), pdu, "with padding behind")
      for (let length = 0; length < emitted.length; length++) assert.match(refusal(emitted.subarray(0, length)), /^Truncated/)
    })
  }

  it("what is refused, and why", () => {
    const hello = MlagPdu.emit(GOLDEN[1][1])
    const changed = (at: number, value: number, isSummed = true): Uint8Array => {
      const octets = hello.slice()
      octets[at] = value
      if (!isSummed) return octets
      octets.set([0, 0], 4)
      let sum = 0
      for (let i = 0; i < octets.length; i += 2) sum += octets[i] * 256 + (octets[i + 1] ?? 0)
      while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16)
      octets.set([(~sum >>> 8) & 0xff, ~sum & 0xff], 4)
      return octets
    }
    assert.strictEqual(refusal(changed(0, 2)), "BadVersion: version 2")
    assert.strictEqual(refusal(changed(1, 1)), "UnknownType: type 1")
    assert.strictEqual(refusal(changed(3, 5)), "BadLength: a length of 5 octets, there are at least 26")
    assert.strictEqual(refusal(changed(20, 99, false)), "BadChecksum: the checksum does not match the octets")
    assert.strictEqual(refusal(changed(7, 0)), "BadField: domain 0")
    assert.strictEqual(refusal(changed(14, 9)), "BadField: role 9")
    assert.strictEqual(refusal(octetsOf("")), "Truncated: need 14 octets, have 0")
  })

  it("records that are refused", () => {
    const record = (...octets: ReadonlyArray<number>): string => {
      const pdu = MlagPdu.emit(data({ type: "legs", legs: [] }))
      const raw = Uint8Array.from([...pdu.subarray(0, pdu.length - 1), ...octets])
      raw.set([0, raw.length, 0, 0], 2)
      let sum = 0
      for (let i = 0; i < raw.length; i += 2) sum += raw[i] * 256 + (raw[i + 1] ?? 0)
      while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16)
      raw.set([(~sum >>> 8) & 0xff, ~sum & 0xff], 4)
      return refusal(raw)
    }
    assert.strictEqual(record(9), "UnknownRecord: record 9")
    assert.strictEqual(record(2, 0, 1), "BadLength: 2 octets of items that have 3 each")
    assert.strictEqual(record(1, 1, 0, 1, 2, 9), "Truncated: a parameter at offset 2, 4 octets are left")
    assert.strictEqual(record(6, 0), "BadLength: 2 octets of a record of 4")
  })

  it("seed 20261125: any octets are read or refused, never thrown at; what is read is written the same", () => {
    const luck = new Uint32Array(Prng.WORDS)
    Prng.seed(luck, 0, 20_261_125, "wire")
    const random = (below: number): number => Prng.next(luck, 0) % below
    for (let run = 0; run < 5000; run++) {
      const octets = MlagPdu.emit(GOLDEN[random(GOLDEN.length)][1])
      for (let i = random(4); i > 0; i--) octets[random(octets.length)] = random(256)
      const result = MlagPdu.parse(octets)
      if (Result.isSuccess(result)) assert.deepStrictEqual(parsed(MlagPdu.emit(result.success)), result.success)
    }
  })

  it("one line each", () => {
    assert.strictEqual(
      MlagPdu.format(GOLDEN[1][1]),
      "MLAG hello domain 10 02:00:00:10:00:00 secondary (sticky) priority 32667, session 3735928559 hears 5",
    )
    for (const [, pdu] of GOLDEN) assert.match(MlagPdu.format(pdu), /^MLAG (keepalive|hello|ack|data|bpdu) domain 10 /)
  })
})
