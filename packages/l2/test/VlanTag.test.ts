import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import * as EthernetFrame from "../src/EthernetFrame.ts"
import * as Protocol from "../src/Protocol.ts"
import * as VlanTag from "../src/VlanTag.ts"

const Octet = Schema.Int.pipe(Schema.check(Schema.isBetween({ minimum: 0, maximum: 255 })))
const Tci = Schema.Int.pipe(Schema.check(Schema.isBetween({ minimum: 0, maximum: 65535 })))
const Tags = Schema.Array(Schema.Struct({ tpid: Schema.Literals([0x8100, 0x88a8]), tci: Tci }))

const hex = (octets: Uint8Array): string => Buffer.from(octets).toString("hex")

describe("a tag", () => {
  it("service tag 100 over customer tag 10 with priority 5", () => {
    const tags: ReadonlyArray<VlanTag.Tag> = [
      { tpid: VlanTag.SERVICE, tci: EthernetFrame.tci(100) },
      { tpid: VlanTag.CUSTOMER, tci: EthernetFrame.tci(10, 5, true) },
    ]
    assert.strictEqual(hex(VlanTag.emit(tags)), "88a800648100b00a")
    assert.deepStrictEqual(tags.map(VlanTag.format), ["service vlan 100, p 0", "vlan 10, p 5, DEI"])
  })

  it("fields", () => {
    const tci = EthernetFrame.tci(4094, 7, true)
    assert.deepStrictEqual([VlanTag.vlanId(tci), VlanTag.priority(tci), VlanTag.isDropEligible(tci)], [4094, 7, true])
    assert.strictEqual(VlanTag.withVlan(tci, 1), EthernetFrame.tci(1, 7, true))
    assert.isTrue(VlanTag.isPriorityTag(VlanTag.priorityTag(3)))
    assert.isTrue(VlanTag.isPriorityTag(VlanTag.priorityTag(0)))
    assert.isFalse(VlanTag.isPriorityTag(tci))
    assert.isFalse(VlanTag.isPriorityTag(EthernetFrame.UNTAGGED))
    assert.strictEqual(VlanTag.priority(VlanTag.priorityTag(6)), 6)
  })

  it("cut short is refused at every length", () => {
    const octets = Uint8Array.from([...VlanTag.emit([{ tpid: 0x8100, tci: 1 }]), 8, 0])
    for (let length = 0; length < octets.length; length++)
      assert.strictEqual(Result.getOrThrow(Result.flip(VlanTag.parse(octets.subarray(0, length), 0))).reason, "Truncated")
    assert.isTrue(Result.isSuccess(VlanTag.parse(octets, 0)))
  })

  it.prop(
    "a stack of any depth comes back",
    { tags: Tags },
    ({ tags }) => {
      const octets = Uint8Array.from([...new Uint8Array(12), ...VlanTag.emit(tags), 0x08, 0x00])
      assert.deepStrictEqual(Result.getOrThrow(VlanTag.parse(octets)), { tags, end: 12 + 4 * tags.length })
    },
    { arbitrary: { runs: 200, seed: 8021 } },
  )

  it.prop(
    "parse is total",
    { octets: Schema.Array(Octet), at: Octet },
    ({ at, octets }) => void VlanTag.parse(Uint8Array.from(octets), at),
    { arbitrary: { runs: 300, seed: 8022 } },
  )
})

describe("push and pop", () => {
  const frame = EthernetFrame.make(1, 2, Protocol.IPV4, new Uint8Array(100), 100)

  it("each tag is four octets longer; pop undoes push, whatever the stack", () => {
    const once = VlanTag.push(frame, EthernetFrame.tci(10, 3))
    const twice = VlanTag.push(once, EthernetFrame.tci(100), VlanTag.SERVICE)
    assert.strictEqual(twice.wireOctets, frame.wireOctets + 8)
    assert.deepStrictEqual(VlanTag.stack(twice, EthernetFrame.tci(7)), [
      { tpid: 0x8100, tci: 7 },
      { tpid: 0x88a8, tci: 100 },
      { tpid: 0x8100, tci: EthernetFrame.tci(10, 3) },
    ])
    const popped = VlanTag.pop(twice)!
    assert.deepStrictEqual(popped, { tag: { tpid: 0x88a8, tci: 100 }, frame: once })
    assert.deepStrictEqual(VlanTag.pop(popped.frame)!.frame, frame)
    assert.isUndefined(VlanTag.pop(frame))
    assert.deepStrictEqual(VlanTag.stack(frame, -1), [])
  })

  it("a least frame too: 64, 68, and 64 again", () => {
    const least = EthernetFrame.make(1, 2, Protocol.ARP, new Uint8Array(28), 28)
    const tagged = VlanTag.push(least, 5)
    assert.deepStrictEqual([least.wireOctets, tagged.wireOctets], [64, 68])
    assert.deepStrictEqual(VlanTag.pop(tagged)!.frame, least)
  })
})
