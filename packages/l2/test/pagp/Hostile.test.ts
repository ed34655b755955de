/** What does not come from a partner: own messages, more than one neighbour, octets that are cut short or forged; and flushes. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import * as EthernetFrame from "../../src/EthernetFrame.ts"
import * as GroupAddress from "../../src/GroupAddress.ts"
import * as PagpPdu from "../../src/pagp/PagpPdu.ts"
import * as Protocol from "../../src/Protocol.ts"
import { alone, ME, message, THEM, YOU } from "./Pair.ts"

const frame = (pdu: PagpPdu.Information | PagpPdu.Flush): EthernetFrame.EthernetFrame => PagpPdu.frame(pdu, YOU + 8)

/** A bundled port. */
const bundled = (side = {}) => {
  const port = alone(side)
  port.hears(frame(message(YOU)))
  assert.strictEqual(port.standing(), "bundled")
  return port
}

describe("messages that are no partner's", () => {
  it("its own, come back from somewhere, are counted and not believed", () => {
    const port = alone()
    port.hears(frame(message(ME)))
    assert.deepEqual([port.standing(), port.state.ownHeard[0], port.state.heard[0]], ["waiting", 1, 0])
  })

  it("octets that are cut short or nonsense are counted, and change nothing", () => {
    const port = bundled()
    const whole = PagpPdu.emit(message(YOU))
    const raw = (octets: Uint8Array) => EthernetFrame.make(GroupAddress.CISCO, YOU + 8, Protocol.PAGP, octets, 8 + octets.length)
    for (let length = 0; length < whole.length; length++) port.hears(raw(whole.slice(0, length)))
    port.hears(raw(Uint8Array.from({ length: 60 }, () => 0xff)))
    assert.deepEqual([port.standing(), port.state.refused[0], port.state.heard[0]], ["bundled", whole.length + 1, 1])
  })

  it("of a second neighbour on the port end the bundle: the port is one of its own until only one is heard", () => {
    const port = bundled()
    port.hears(frame(message(THEM)))
    assert.deepEqual([port.standing(), port.bridge.bridgePortOf[0]], ["shared", 0])
    const [sent] = port.hears(frame(message(YOU, {}, { port: 8 })))
    assert.isUndefined(sent)
    assert.strictEqual(port.state.heard[0], 3)
    // 3.5 s without a word of the second, while the first goes on.
    for (let i = 0; i < 4; i++) {
      port.wait(1)
      port.hears(frame(message(YOU)))
    }
    assert.strictEqual(port.standing(), "bundled")
  })

  it("that name another port or switch do not bundle", () => {
    for (const partner of [{ device: THEM }, { port: 2 }, { device: 0 }]) {
      const port = alone()
      port.hears(frame(message(YOU, { partner: { ...message(YOU).partner, ...partner } })))
      assert.strictEqual(port.standing(), "negotiating", JSON.stringify(partner))
    }
  })

  it("of one that waits to be asked do nothing to one that waits too", () => {
    const port = alone({ mode: "auto" })
    assert.deepEqual(port.hears(frame(message(YOU, { auto: true }))), [])
    assert.strictEqual(port.standing(), "negotiating")
    assert.strictEqual(port.wait(4).standing(), "waiting")
  })

  it("on a port that PAgP does not look after are dropped, not relayed", () => {
    const port = alone({ members: [0] })
    assert.deepEqual(port.hears(frame(message(YOU)), 1), [])
    assert.strictEqual(port.state.heard[1], 0)
  })
})

describe("three switches on one wire", () => {
  it("of which each has another for its partner, and none is named by its own, do not answer each other for ever", () => {
    const [a, b, c] = [YOU, THEM, ME + 0x9000].map((device) => ({ device, one: alone({}, device) }))
    const all = [a, b, c]
    // a hears b first, b hears c, c hears a.
    const named = (device: number) => ({ partner: { ...message(YOU).partner, device } })
    for (const [who, heard] of [
      [a, b],
      [b, c],
      [c, a],
    ]) {
      who.one.hears(PagpPdu.frame(message(heard.device, named(0), { port: 1 }), heard.device + 1))
    }
    const wire = all.flatMap(({ one, device }) =>
      one.command({ type: "pagp.set-active", activeId: 0 } as { type: string }).map((sent) => ({ device, sent })),
    )
    let carried = 0
    for (let next = wire.shift(); next !== undefined && carried < 1000; next = wire.shift(), carried++) {
      const { device, sent } = next
      for (const hearer of all.filter((each) => each.device !== device)) {
        wire.push(...hearer.one.hears(sent).map((answer) => ({ device: hearer.device, sent: answer })))
      }
    }
    assert.isBelow(carried, 30)
    assert.deepEqual(
      all.map(({ one }) => one.standing()),
      ["shared", "shared", "shared"],
    )
  })
})

describe("flushes", () => {
  it("of the neighbour go back as they came; own ones have come back; both are counted", () => {
    const port = bundled()
    const theirs: PagpPdu.Flush = { protocol: "pagp-flush", device: YOU, partner: ME, transaction: 7 }
    assert.deepEqual(
      port.hears(frame(theirs)).map(({ payload }) => payload),
      [theirs],
    )
    assert.deepEqual(port.hears(frame({ ...theirs, device: ME, partner: YOU })), [])
    assert.deepEqual([port.state.flushesHeard[0], port.state.flushesReturned[0]], [2, 1])
  })
})

const Int = (most: number) => Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: most }))

describe("any messages in any order", () => {
  it.prop(
    "never bundle members of two partners, nor one that is not named, or whose partner would not bundle it",
    [
      Schema.Array(
        Schema.Struct({
          port: Int(1),
          who: Int(3),
          capability: Int(1),
          group: Int(1),
          named: Int(3),
          auto: Int(1),
          seconds: Int(4),
        }),
      ),
    ],
    ([words]) => {
      const one = alone()
      for (const { auto, capability, group, named, port, seconds, who } of words) {
        const device = [YOU, YOU, THEM, ME][who]
        const partner = { ...message(YOU).partner, port: named === 0 ? 9 : port + 1 }
        one.hears(
          frame(message(device, { auto: auto === 1, partner }, { port: port + 7, group, groupCapability: 0x10001 + capability })),
          port,
        )
        const { bridge, state } = one
        const inUse = [0, 1].filter((each) => bridge.bridgePortOf[each] === bridge.bundles!.links)
        const partners = new Set(inUse.map((each) => `${state.partner.device[each]} ${state.partner.groupCapability[each]}`))
        assert.isAtMost(partners.size, 1)
        for (const each of inUse) {
          assert.deepEqual([state.namesMe[each], state.partner.group[each] === 0, one.standing(each)], [1, false, "bundled"])
        }
        one.wait(seconds)
      }
    },
  )
})
