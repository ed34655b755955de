/** The octets of each block, written out by hand from draft-ietf-opsawg-pcapng. */
import { assert, describe, it } from "@effect/vitest"
import * as Capture from "../src/Capture.ts"
import * as OctetBuffer from "../src/OctetBuffer.ts"
import * as Pcapng from "../src/Pcapng.ts"

const hex = (octets: Uint8Array): string => Buffer.from(octets).toString("hex")
/** Hexadecimal digits with blanks between the fields. */
const golden = (text: string): string => text.replaceAll(/\s/g, "")

/** What `write` appends to a buffer full of left-overs. */
const written = (write: (buffer: OctetBuffer.OctetBuffer) => void): string => {
  const buffer = OctetBuffer.make(1024)
  buffer.octets.fill(0xa5)
  write(buffer)
  return hex(buffer.octets.subarray(0, buffer.used))
}

describe("blocks", () => {
  it("a section header without options is 28 octets, of unstated length", () => {
    assert.strictEqual(
      written((buffer) => Pcapng.writeSection(buffer, {})),
      golden("0a0d0d0a 1c000000 4d3c2b1a 0100 0000 ffffffffffffffff 1c000000"),
    )
  })

  it("a section header with options: comment, hardware, os, application, in that order, padded", () => {
    assert.strictEqual(
      written((buffer) => Pcapng.writeSection(buffer, { application: "l2lab", os: "x", hardware: "hw", comment: ["abc", ""] })),
      golden(`0a0d0d0a 48000000 4d3c2b1a 0100 0000 ffffffffffffffff
        0100 0300 616263 00
        0100 0000
        0200 0200 6877 0000
        0300 0100 78 000000
        0400 0500 6c326c6162 000000
        0000 0000
        48000000`),
    )
  })

  it("an interface description: link type, snap length, name, and nanoseconds always", () => {
    assert.strictEqual(
      written((buffer) => Pcapng.writeInterface(buffer, { name: "sw1:1" }, 1)),
      golden("01000000 2c000000 0100 0000 00000000 0200 0500 7377313a31 000000 0900 0100 09 000000 0000 0000 2c000000"),
    )
  })

  it("an interface description with everything; the speed has 64 bits", () => {
    assert.strictEqual(
      written((buffer) =>
        Pcapng.writeInterface(
          buffer,
          {
            name: "a",
            description: "up",
            comment: "c",
            hardware: "nic",
            macAddress: Uint8Array.of(2, 0, 0, 0, 0, 1),
            rateBps: 10_000_000_000,
            fcsOctets: 4,
            snapLength: 96,
          },
          1,
        ),
      ),
      golden(`01000000 60000000 0100 0000 60000000
        0100 0100 63 000000
        0200 0100 61 000000
        0300 0200 7570 0000
        0600 0600 020000000001 0000
        0800 0800 00e40b5402000000
        0900 0100 09 000000
        0d00 0100 04 000000
        0f00 0300 6e6963 00
        0000 0000
        60000000`),
    )
  })

  it("a packet without options is padded to four octets", () => {
    assert.strictEqual(
      written((buffer) => {
        const at = Pcapng.beginPacket(buffer, 3, 0x01020304, 0x05060708, 5, 9, 0, undefined)
        buffer.octets.set([1, 2, 3, 4, 5], at)
      }),
      golden("06000000 28000000 03000000 04030201 08070605 05000000 09000000 0102030405 000000 28000000"),
    )
  })

  it("a direction is the flags option: 1 inbound, 2 outbound", () => {
    const packet = (direction: Pcapng.DirectionFlags) =>
      written((buffer) => void Pcapng.beginPacket(buffer, 0, 0, 0, 0, 0, direction, undefined))
    const head = "06000000 2c000000 00000000 00000000 00000000 00000000 00000000"
    assert.strictEqual(packet(1), golden(`${head} 0200 0400 01000000 0000 0000 2c000000`))
    assert.strictEqual(packet(2), golden(`${head} 0200 0400 02000000 0000 0000 2c000000`))
  })

  it("comments stand before the flags, each an option", () => {
    assert.strictEqual(
      written((buffer) => {
        const at = Pcapng.beginPacket(buffer, 0, 0, 0, 2, 2, 2, ["RARP", "é"])
        buffer.octets.set([0xee, 0xff], at)
      }),
      golden(`06000000 40000000 00000000 00000000 00000000 02000000 02000000 eeff 0000
        0100 0400 52415250
        0100 0200 c3a9 0000
        0200 0400 02000000
        0000 0000
        40000000`),
    )
  })

  it("an empty list of comments makes no options", () => {
    const plain = written((buffer) => void Pcapng.beginPacket(buffer, 0, 0, 0, 0, 0, 0, undefined))
    assert.strictEqual(
      written((buffer) => void Pcapng.beginPacket(buffer, 0, 0, 0, 0, 0, 0, [])),
      plain,
    )
  })

  it("a text longer than an option holds is cut at a character", () => {
    const buffer = OctetBuffer.make(16)
    Pcapng.writeSection(buffer, { comment: "é".repeat(40_000) })
    // 65,535 is odd, so the last character that fits ends at 65,534.
    assert.strictEqual(buffer.view.getUint16(26, true), 65_534)
    assert.strictEqual(buffer.view.getUint32(4, true), buffer.used)
    assert.strictEqual(buffer.used % 4, 0)
  })

  it("options that make the buffer grow land in the buffer that grew", () => {
    for (let capacity = 1; capacity < 120; capacity++) {
      const small = OctetBuffer.make(capacity)
      const large = OctetBuffer.make(1024)
      const spec = { name: "name", fcsOctets: 4, rateBps: 1, macAddress: Uint8Array.of(1, 2, 3, 4, 5, 6), comment: "c" }
      for (const buffer of [small, large]) {
        Pcapng.writeInterface(buffer, spec, 1)
        Pcapng.beginPacket(buffer, 0, 0, 0, 0, 0, 1, "d")
      }
      assert.strictEqual(hex(small.octets.subarray(0, small.used)), hex(large.octets.subarray(0, large.used)))
    }
  })
})

describe("stamps", () => {
  /** The two halves as the packet block has them, put together again. */
  const stampOf = (at: number, epochSeconds = 0): bigint => {
    const capture = Capture.make({ format: "pcapng", epochSeconds })
    const id = Capture.addInterface(capture, { name: "x" })
    Capture.take(capture)
    Capture.packet(capture, { interface: id, at, octets: new Uint8Array(0) })
    return (BigInt(capture.view.getUint32(12, true)) << 32n) | BigInt(capture.view.getUint32(16, true))
  }
  const instants = [0, 1, 999_999_999, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1, 2 ** 52 + 1, 2 ** 53 - 1]

  it("are exact up to 2^53 nanoseconds", () => {
    for (const at of instants) assert.strictEqual(stampOf(at), BigInt(at))
  })

  it("are exact beyond any epoch, with the carry between the halves", () => {
    for (const epoch of [1, 1_199_145_600, 4_285_960_096])
      for (const at of instants) assert.strictEqual(stampOf(at, epoch), BigInt(at) + BigInt(epoch) * 1_000_000_000n)
    // The lower half of this epoch is 2^32 - 1,294,967,296 + ... : a carry happens at 4 s.
    assert.strictEqual(stampOf(2 ** 32 - 1, 4), 2n ** 32n - 1n + 4_000_000_000n)
  })
})
