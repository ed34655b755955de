import { assert, describe, it } from "@effect/vitest"
import * as Crc32 from "../src/Crc32.ts"

describe("Crc32", () => {
  it("the check value of CRC-32 in every catalogue", () => {
    assert.strictEqual(Crc32.of(new TextEncoder().encode("123456789")), 0xcbf43926)
    assert.strictEqual(Crc32.of(new Uint8Array(0)), 0)
  })

  it("agrees with zlib's, on a range too", async () => {
    const { crc32 } = await import("node:zlib")
    const octets = Uint8Array.from({ length: 1518 }, (_, i) => (i * 7919) & 0xff)
    for (let length = 0; length < 1518; length += 13)
      assert.strictEqual(Crc32.of(octets, 3, 3 + length), crc32(octets.subarray(3, 3 + length)))
  })

  it("a frame with its FCS is intact; with any one bit flipped it is not", () => {
    const frame = new Uint8Array(64).fill(0x5a)
    Crc32.write(Crc32.of(frame, 0, 60), frame, 60)
    assert.isTrue(Crc32.isIntact(frame))
    for (let bit = 0; bit < 512; bit++) {
      frame[bit >> 3] ^= 1 << (bit & 7)
      assert.isFalse(Crc32.isIntact(frame))
      frame[bit >> 3] ^= 1 << (bit & 7)
    }
  })
})
