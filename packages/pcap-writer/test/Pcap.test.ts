/** Classic pcap: its octets, and the arithmetic of seconds. */
import { assert, describe, it } from "@effect/vitest"
import * as Capture from "../src/Capture.ts"
import type { CaptureFormat } from "../src/CaptureFormat.ts"

const hex = (octets: Uint8Array): string => Buffer.from(octets).toString("hex")
const golden = (text: string): string => text.replaceAll(/\s/g, "")

const capture = (format: CaptureFormat, packet: Omit<Capture.Packet, "interface">): string => {
  const capture = Capture.make({ format })
  const id = Capture.addInterface(capture, { name: "left out", comment: "left out" })
  Capture.packet(capture, { interface: id, ...packet })
  return hex(Capture.take(capture))
}

describe("octets", () => {
  const octets = Uint8Array.of(1, 2, 3)

  it("nanoseconds", () => {
    assert.strictEqual(
      capture("pcap-ns", { at: 2_000_000_001, octets, comment: "left out", direction: "in" }),
      golden(`4d3cb2a1 0200 0400 00000000 00000000 00000400 01000000
        02000000 01000000 03000000 03000000 010203`),
    )
  })

  it("microseconds, rounded down", () => {
    assert.strictEqual(
      capture("pcap-us", { at: 2_000_001_999, octets, originalLength: 60 }),
      golden(`d4c3b2a1 0200 0400 00000000 00000000 00000400 01000000
        02000000 01000000 03000000 3c000000 010203`),
    )
  })
})

describe("seconds", () => {
  it("are exact at both sides of every whole second, up to the last instant", () => {
    const buffer = Capture.make({ format: "pcap-ns", epochSeconds: 7 })
    const id = Capture.addInterface(buffer, { name: "x" })
    const check = (at: number) => {
      Capture.takeCopy(buffer)
      Capture.packet(buffer, { interface: id, at, octets: new Uint8Array(0) })
      assert.strictEqual(buffer.view.getUint32(0, true), Number(BigInt(at) / 1_000_000_000n) + 7)
      assert.strictEqual(buffer.view.getUint32(4, true), Number(BigInt(at) % 1_000_000_000n))
    }
    for (const second of [1, 2, 8_388_607, 8_388_608, 8_388_609, 9_007_198, 9_007_199])
      for (const near of [-1, 0, 1]) check(second * 1_000_000_000 + near)
    // A walk over all magnitudes at odd distances.
    for (let second = 1; second < 9_007_199; second += 9973) check(second * 1_000_000_000 - 1)
    check(2 ** 53 - 1)
  })
})
