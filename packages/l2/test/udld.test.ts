/** UDLD's messages: octets both ways with their checksum, and what is refused. */
import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import * as UdldPdu from "../src/udld/UdldPdu.ts"

const ECHO: UdldPdu.UdldPdu = {
  protocol: "udld",
  opcode: "echo",
  recommendedTimeout: false,
  resynch: true,
  deviceId: "sw1",
  portId: "Gi0/1",
  echo: [{ deviceId: "sw2", portId: "Gi0/2" }],
  messageInterval: 15,
  timeoutInterval: 5,
  deviceName: "sw1",
  sequenceNumber: 7,
}

describe("UDLD", () => {
  it("comes back from its octets, with and without an echo", () => {
    for (const pdu of [ECHO, { ...ECHO, opcode: "probe" as const, echo: [] }, { ...ECHO, opcode: "flush" as const }]) {
      assert.deepEqual(Result.getOrThrow(UdldPdu.parse(UdldPdu.emit(pdu))), pdu)
    }
  })

  it("has version 1 and its opcode in the first octet, the flags in the second, and a checksum that sums to nothing", () => {
    const octets = UdldPdu.emit(ECHO)
    assert.deepEqual([...octets.subarray(0, 2)], [0x22, 0x02])
    let sum = 0
    for (let i = 0; i < octets.length; i += 2) sum += (octets[i] << 8) | (octets[i + 1] ?? 0)
    while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16)
    assert.strictEqual(sum, 0xffff)
  })

  // tests/udld.pcap of tcpdump, as its udld-v.out reads it: two Catalysts say hello. It gives lengths and checksums of every message.
  const S1 = { deviceId: "FOC1031Z7JG", portId: "Gi0/1" }
  const S2 = { deviceId: "FOC1025X4W3", portId: "Fa0/1" }
  const hello = { protocol: "udld", timeoutInterval: 5 } as const
  const probe = { ...hello, opcode: "probe", recommendedTimeout: true, resynch: false, messageInterval: 15 } as const
  const echo = { ...hello, opcode: "echo", recommendedTimeout: false, resynch: false, messageInterval: 7 } as const
  const CATALYSTS: ReadonlyArray<readonly [UdldPdu.UdldPdu, length: number, checksum: number]> = [
    [{ ...probe, ...S1, resynch: true, echo: [], messageInterval: 7, deviceName: "S1", sequenceNumber: 1 }, 60, 0x6d85],
    [{ ...echo, ...S2, echo: [S1], deviceName: "S2", sequenceNumber: 1 }, 80, 0x805d],
    [{ ...echo, ...S1, echo: [S2], deviceName: "S1", sequenceNumber: 2 }, 80, 0x805d],
    [{ ...probe, ...S2, echo: [S1], deviceName: "S2", sequenceNumber: 1 }, 80, 0x795c],
    [{ ...probe, ...S1, echo: [S2], deviceName: "S1", sequenceNumber: 9 }, 80, 0x7955],
  ]
  it("is as long as a Catalyst's and has its checksum", () => {
    for (const [pdu, length, checksum] of CATALYSTS) {
      const octets = UdldPdu.emit(pdu)
      assert.deepEqual([octets.length, (octets[2] << 8) | octets[3]], [length, checksum])
    }
  })

  it("says why octets are refused, at every length", () => {
    const octets = UdldPdu.emit(ECHO)
    for (let length = 0; length < octets.length; length++) {
      assert.isTrue(Result.isFailure(UdldPdu.parse(octets.subarray(0, length))), `${length} octets`)
    }
    const wrong = octets.slice()
    wrong[octets.length - 1] ^= 1
    const parsed = UdldPdu.parse(wrong)
    assert.strictEqual(Result.isFailure(parsed) ? parsed.failure.reason : "", "BadChecksum")
  })

  it.prop("never throws", { octets: Schema.Uint8Array }, ({ octets }) => {
    UdldPdu.parse(octets)
  })
})
