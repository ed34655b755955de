/** Files that this package does not write but others do: the other byte order, other resolutions, several sections. */
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import * as PcapReader from "../src/PcapReader.ts"

const octetsOf = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(/\s/g, ""), "hex"))
const read = (text: string): PcapReader.ReadCapture => Result.getOrThrow(PcapReader.parse(octetsOf(text)))
const reasonOf = (text: string): string => {
  const result = PcapReader.parse(octetsOf(text))
  return Result.isFailure(result) ? `${result.failure.reason} at ${result.failure.offset}: ${result.failure.detail}` : "read"
}

describe("classic pcap", () => {
  const LITTLE = "d4c3b2a1 0200 0400 00000000 00000000 00000400 01000000"

  it("big-endian microseconds and nanoseconds", () => {
    const rest = "0002 0004 00000000 00000000 00040000 00000001 00000002 00000003 00000001 0000003c ff"
    for (const [magic, format, nanoseconds] of [
      ["a1b2c3d4", "pcap-us", 3000],
      ["a1b23c4d", "pcap-ns", 3],
    ] as const) {
      const { bigEndian, packets, ...capture } = read(magic + rest)
      assert.strictEqual(capture.format, format)
      assert.isTrue(bigEndian)
      assert.strictEqual(packets[0].seconds, 2)
      assert.strictEqual(packets[0].nanoseconds, nanoseconds)
      assert.strictEqual(packets[0].originalLength, 60)
    }
  })

  it("refusals", () => {
    assert.strictEqual(reasonOf("00"), "NotACapture at 0: need 4 octets to tell the format, have 1")
    assert.include(reasonOf("deadbeef"), "deadbeef, begin neither")
    assert.strictEqual(reasonOf("d4c3b2a1"), "Truncated at 0: need 24 octets for the file header, have 4")
    assert.strictEqual(reasonOf(LITTLE.replace("0400", "0300")), "BadVersion at 4: expected version 2.4, got 2.3")
    assert.include(reasonOf(`${LITTLE} 00000000 40420f00 00000000 00000000`), "BadStamp at 24")
    assert.include(reasonOf(`${LITTLE} 00000000 00000000 02000000 01000000 0000`), "BadLength at 24")
    assert.include(reasonOf(`${LITTLE} 00000000 00000000 02000000 02000000 00`), "Truncated at 24: need 2")
  })
})

describe("pcapng", () => {
  const SECTION = "0a0d0d0a 1c000000 4d3c2b1a 0100 0000 ffffffffffffffff 1c000000"
  const INTERFACE = "01000000 14000000 0100 0000 00000000 14000000"
  const PACKET = "06000000 20000000 00000000 00000000 40420f00 00000000 00000000 20000000"

  it("microseconds where no resolution is stated", () => {
    const [packet] = read(SECTION + INTERFACE + PACKET).packets
    assert.deepStrictEqual([packet.seconds, packet.nanoseconds], [1, 0])
  })

  it("a resolution that is a power of two, and an offset in seconds", () => {
    // 0x8a: 2^-10 s; the stamp is 1536 of these, 1.5 s; the offset is 100 s.
    const description = "01000000 2c000000 0100 0000 00000000 0900 0100 8a 000000 0e00 0800 6400000000000000 00000000 2c000000"
    const [packet] = read(SECTION + description + PACKET.replace("40420f00", "00060000")).packets
    assert.deepStrictEqual([packet.seconds, packet.nanoseconds], [101, 500_000_000])
  })

  it("big-endian, a simple packet, and blocks nobody knows", () => {
    const capture = read(`0a0d0d0a 0000001c 1a2b3c4d 0001 0000 ffffffffffffffff 0000001c
      00000bad 00000010 12345678 00000010
      00000001 00000014 0001 0000 00000002 00000014
      00000003 00000014 00000005 01020000 00000014`)
    assert.isTrue(capture.bigEndian)
    assert.deepStrictEqual([...capture.packets[0].octets], [1, 2])
    assert.strictEqual(capture.packets[0].originalLength, 5)
  })

  it("interfaces are numbered anew in each section", () => {
    const capture = read(SECTION + INTERFACE + PACKET + SECTION + INTERFACE + PACKET)
    assert.deepStrictEqual(
      capture.packets.map((packet) => packet.interface),
      [0, 1],
    )
    assert.strictEqual(capture.sections.length, 2)
  })

  it("refusals", () => {
    assert.strictEqual(reasonOf(SECTION + PACKET), "BadInterface at 28: a packet of interface 0, of which the section has 0")
    assert.include(reasonOf(SECTION.replace("4d3c2b1a", "00000000")), "NotACapture at 0")
    assert.include(reasonOf(SECTION.replace("0100", "0200")), "BadVersion at 0")
    assert.include(reasonOf(`${SECTION} 01000000 15000000 00000000`), "BadLength at 28: a block of 21 octets")
    assert.include(reasonOf(`${SECTION} 01000000 0c000000 10000000`), "BadLength at 28: a block of 12 octets whose end says 16")
    assert.include(reasonOf(`${SECTION} 0100`), "Truncated at 28: need 12")
    assert.include(
      reasonOf(`${SECTION} 01000000 1c000000 0100 0000 00000000 0900 0900 00000000 1c000000`),
      "BadOption at 28: option 9 of 9 octets, of which the block has 4",
    )
    assert.include(
      reasonOf(`${SECTION} 01000000 1c000000 0100 0000 00000000 0900 0200 00000000 1c000000`),
      "BadOption at 28: option 9 of 2 octets; it has 1",
    )
  })
})
