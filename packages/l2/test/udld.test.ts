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
