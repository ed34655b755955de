import { assert, describe, it } from "@effect/vitest"
import * as InternetChecksum from "@l2lab/l3/InternetChecksum"
import { Schema } from "effect"
import { fromHex, generator, noise } from "./octets.ts"

const Seed = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 2 ** 31 - 1 }))

/** Folded at every step, as one would do it on paper. */
const onPaper = (octets: Uint8Array): number => {
  let sum = 0
  for (let i = 0; i < octets.length; i += 2) {
    sum += octets[i] * 256 + (i + 1 < octets.length ? octets[i + 1] : 0)
    if (sum > 0xffff) sum -= 0xffff
  }
  return 0xffff - sum
}

const checksum = (octets: Uint8Array) => InternetChecksum.finish(InternetChecksum.sum(octets, 0, octets.length))

describe("InternetChecksum", () => {
  it("is the published one of a known header", () => {
    // 140.124.25.172 > 174.36.30.43, TCP; its checksum is 0x442e, as worked out in many tutorials.
    assert.strictEqual(checksum(fromHex("4500 0030 4422 4000 8006 0000 8c7c 19ac ae24 1e2b")), 0x442e)
    assert.strictEqual(checksum(fromHex("4500 0030 4422 4000 8006 442e 8c7c 19ac ae24 1e2b")), 0)
  })

  it("sums the example of RFC 1071 section 3 to ddf2", () => {
    assert.strictEqual(checksum(fromHex("0001 f203 f4f5 f6f7")), 0xffff - 0xddf2)
  })

  it.prop(
    "agrees with the sum on paper, whole and in parts",
    { seed: Seed },
    ({ seed }) => {
      const random = generator(seed)
      const octets = noise(random, random() % 200)
      const cut = 2 * ((random() % (octets.length / 2 + 1)) | 0)
      const first = InternetChecksum.sum(octets, 0, Math.min(cut, octets.length))
      assert.strictEqual(checksum(octets) % 0xffff, onPaper(octets) % 0xffff)
      assert.strictEqual(
        InternetChecksum.finish(InternetChecksum.sum(octets, Math.min(cut, octets.length), octets.length, first)),
        checksum(octets),
      )
    },
    { arbitrary: { seed: 3, runs: 300 } },
  )
})
