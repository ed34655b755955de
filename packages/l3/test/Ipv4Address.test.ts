import { assert, describe, it } from "@effect/vitest"
import * as Ipv4Address from "@l2lab/l3/Ipv4Address"
import { Schema } from "effect"

const Address = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 0xffffffff }))
const Prefix = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 32 }))

describe("Ipv4Address", () => {
  it("reads and prints dotted decimal", () => {
    assert.strictEqual(Ipv4Address.parse("10.0.0.1"), 0x0a000001)
    assert.strictEqual(Ipv4Address.parse("255.255.255.255"), 0xffffffff)
    assert.strictEqual(Ipv4Address.format(0xc0a80afe), "192.168.10.254")
  })

  it("refuses everything else", () => {
    for (const text of ["", "10.0.0", "10.0.0.0.1", "10.0.0.256", "10.0.0.01", "10.0.0.-1", "10.0.0.1 ", "a.b.c.d", "0x0a.0.0.1"])
      assert.strictEqual(Ipv4Address.parse(text), undefined, text)
  })

  it.prop(
    "text and octets round trip",
    { address: Address },
    ({ address }) => {
      const octets = new Uint8Array(6).fill(0xa5)
      Ipv4Address.write(address, octets, 1)
      assert.strictEqual(Ipv4Address.read(octets, 1), address)
      assert.deepStrictEqual([octets[0], octets[5]], [0xa5, 0xa5])
      assert.strictEqual(Ipv4Address.parse(Ipv4Address.format(address)), address)
    },
    { arbitrary: { seed: 1, runs: 300 } },
  )

  it.prop(
    "a network is what the prefix says, bit by bit",
    { a: Address, b: Address, prefixLength: Prefix },
    ({ a, b, prefixLength }) => {
      const bits = (address: number) => address.toString(2).padStart(32, "0").slice(0, prefixLength)
      assert.strictEqual(Ipv4Address.sameNetwork(a, b, prefixLength), bits(a) === bits(b))
      const near = (a ^ (prefixLength === 32 ? 0 : 1)) >>> 0
      assert.isTrue(Ipv4Address.sameNetwork(a, near, prefixLength))
    },
    { arbitrary: { seed: 2, runs: 300 } },
  )

  it("broadcasts", () => {
    assert.strictEqual(Ipv4Address.directedBroadcast(0x0a010203, 24), 0x0a0102ff)
    assert.strictEqual(Ipv4Address.directedBroadcast(0x0a010203, 20), 0x0a010fff)
    assert.strictEqual(Ipv4Address.directedBroadcast(0xc0000001, 0), 0xffffffff)
    assert.strictEqual(Ipv4Address.directedBroadcast(0x0a010203, 31), Ipv4Address.UNSPECIFIED)
    assert.isTrue(Ipv4Address.isMulticast(0xe0000001))
    assert.isFalse(Ipv4Address.isMulticast(0xdfffffff))
  })
})
