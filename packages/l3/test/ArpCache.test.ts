import { assert, describe, it } from "@effect/vitest"
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import * as MacAddress from "@l2lab/l2/MacAddress"
import * as Protocol from "@l2lab/l2/Protocol"
import * as Arp from "@l2lab/l3/Arp"
import * as ArpCache from "@l2lab/l3/ArpCache"
import * as Ipv4 from "@l2lab/l3/Ipv4"
import type { StackActions } from "@l2lab/l3/StackActions"
import * as Trace from "@l2lab/l3/Trace"
import { Digest } from "@l2lab/sim/Digest"
import { NEVER, SECOND } from "@l2lab/sim/SimTime"
import { RecordingOutbox } from "@l2lab/sim/testing/RecordingOutbox"

const ME: ArpCache.Adapter = { mac: 0x020000000001, address: 0x0a000001 }
const PEER = { mac: 0x020000000002, address: 0x0a000002 }
const TIMER = 7

class Actions extends RecordingOutbox implements StackActions {
  sent: Array<EthernetFrame> = []
  send(frame: EthernetFrame): void {
    this.sent.push(frame)
  }
  deliver(): void {}
  /** The frames since the last call, in words. */
  get words(): ReadonlyArray<string> {
    const sent = this.sent
    this.sent = []
    return sent.map((frame) => {
      const to = frame.destination === MacAddress.BROADCAST ? "all" : MacAddress.format(frame.destination).slice(-2)
      if (frame.protocol !== Protocol.ARP) return `packet ${packetOf(frame).identification} to ${to}`
      return `${(frame.payload as Arp.ArpPayload).packet.operation === Arp.REQUEST ? "request" : "reply"} to ${to}`
    })
  }
}

const packetOf = (frame: EthernetFrame): Ipv4.Ipv4Packet => (frame.payload as Ipv4.Ipv4Payload).packet

const numbered = (identification: number): Ipv4.Ipv4Payload => ({
  protocol: "ipv4",
  packet: {
    typeOfService: 0,
    identification,
    dontFragment: true,
    moreFragments: false,
    fragmentOffset: 0,
    timeToLive: 64,
    ipProtocol: 200,
    source: ME.address,
    destination: PEER.address,
    options: Ipv4.NO_OPTIONS,
    body: { kind: "raw", octets: new Uint8Array(0) },
  },
})

const setup = () => {
  const cache = ArpCache.make()
  const actions = new Actions()
  return {
    cache,
    actions,
    transmit: (identification: number, now: number, to = PEER.address) =>
      ArpCache.transmit(cache, ME, to, numbered(identification), 20, TIMER, now, actions),
    hear: (frame: EthernetFrame, now: number) =>
      ArpCache.onPacket(cache, ME, (frame.payload as Arp.ArpPayload).packet, TIMER, now, actions),
    fire: (now: number) => {
      assert.strictEqual(actions.expire(now), TIMER)
      ArpCache.onTimer(cache, ME, TIMER, now, actions)
    },
  }
}

const reply = (from = PEER) =>
  Arp.frame(ME.mac, {
    operation: Arp.REPLY,
    senderHardware: from.mac,
    senderProtocol: from.address,
    targetHardware: ME.mac,
    targetProtocol: ME.address,
  })

describe("ArpCache", () => {
  it("asks everyone, keeps what waits in order, and sends it on the answer", () => {
    const { cache, actions, transmit, hear } = setup()
    transmit(1, 0)
    transmit(2, 100)
    assert.deepStrictEqual(actions.words, ["request to all"])
    assert.deepStrictEqual(ArpCache.entries(cache), [{ address: PEER.address, mac: undefined, state: "incomplete", waiting: 2 }])
    hear(reply(), 200)
    assert.deepStrictEqual(actions.words, ["packet 1 to 02", "packet 2 to 02"])
    assert.deepStrictEqual(ArpCache.entries(cache), [{ address: PEER.address, mac: PEER.mac, state: "reachable", waiting: 0 }])
    assert.strictEqual(actions.nextTimerAt, NEVER)
    transmit(3, 300)
    assert.deepStrictEqual(actions.words, ["packet 3 to 02"])
  })

  it("asks three times, a second apart, then gives up and says so", () => {
    const { cache, actions, transmit, fire } = setup()
    transmit(1, 5)
    fire(5 + SECOND)
    fire(5 + 2 * SECOND)
    assert.deepStrictEqual(actions.words, ["request to all", "request to all", "request to all"])
    fire(5 + 3 * SECOND)
    assert.deepStrictEqual(actions.words, [])
    assert.strictEqual(cache.count, 0)
    assert.strictEqual(cache.dropped, 1)
    assert.deepStrictEqual(
      actions.traces(Trace.ARP_FAILED.code).map(({ a, b }) => [a, b]),
      [[PEER.address, 1]],
    )
    assert.strictEqual(actions.nextTimerAt, NEVER)
    transmit(2, 10 * SECOND)
    assert.deepStrictEqual(actions.words, ["request to all"])
  })

  it("asks anew by unicast when an old entry is used, and loses nothing meanwhile", () => {
    const { cache, actions, transmit, hear, fire } = setup()
    hear(reply(), 0)
    assert.strictEqual(actions.nextTimerAt, NEVER)
    transmit(1, 60 * SECOND - 1)
    assert.deepStrictEqual(actions.words, ["packet 1 to 02"])
    transmit(2, 60 * SECOND)
    transmit(3, 60 * SECOND + 1)
    assert.deepStrictEqual(actions.words, ["packet 2 to 02", "request to 02", "packet 3 to 02"])
    assert.strictEqual(ArpCache.entries(cache)[0].state, "probe")
    fire(61 * SECOND)
    assert.deepStrictEqual(actions.words, ["request to 02"])
    hear(reply(), 61 * SECOND + 10)
    assert.strictEqual(ArpCache.entries(cache)[0].state, "reachable")
    assert.strictEqual(actions.nextTimerAt, NEVER)
    transmit(4, 121 * SECOND + 9)
    assert.deepStrictEqual(actions.words, ["packet 4 to 02"])
  })

  it("forgets a neighbour that no longer answers, and begins with a broadcast", () => {
    const { cache, actions, transmit, hear, fire } = setup()
    hear(reply(), 0)
    transmit(1, 70 * SECOND)
    fire(71 * SECOND)
    fire(72 * SECOND)
    fire(73 * SECOND)
    assert.deepStrictEqual(actions.words, ["packet 1 to 02", "request to 02", "request to 02", "request to 02"])
    assert.strictEqual(cache.count, 0)
    transmit(2, 74 * SECOND)
    assert.deepStrictEqual(actions.words, ["request to all"])
  })

  it("RFC 826: learns from a request for us and answers it, whatever it knew", () => {
    const { cache, actions, hear } = setup()
    hear(Arp.request(PEER.mac, PEER.address, ME.address), 0)
    assert.deepStrictEqual(actions.words, ["reply to 02"])
    assert.deepStrictEqual(ArpCache.entries(cache), [{ address: PEER.address, mac: PEER.mac, state: "reachable", waiting: 0 }])
  })

  it("RFC 826: updates from any packet of a known sender, but learns nobody from packets for others", () => {
    const { cache, actions, transmit, hear } = setup()
    hear(Arp.gratuitous(PEER.mac, PEER.address), 0)
    hear(Arp.request(PEER.mac, PEER.address, 0x0a000063), 0)
    assert.strictEqual(cache.count, 0)
    transmit(1, 0)
    hear(Arp.request(PEER.mac, PEER.address, 0x0a000063), 1)
    assert.deepStrictEqual(actions.words, ["request to all", "packet 1 to 02"])
    const moved = 0x0200000000ff
    hear(Arp.gratuitous(moved, PEER.address, Arp.REPLY), 2)
    transmit(2, 3)
    assert.deepStrictEqual(actions.words, ["packet 2 to ff"])
    assert.deepStrictEqual(
      actions.traces(Trace.ARP_MOVED.code).map(({ a, b, c }) => [a, b, c]),
      [[PEER.address, PEER.mac, moved]],
    )
  })

  it("answers a probe that has no address yet and learns nothing from it", () => {
    const { cache, actions, hear } = setup()
    hear(Arp.request(PEER.mac, 0, ME.address), 0)
    assert.deepStrictEqual(actions.words, ["reply to 02"])
    assert.strictEqual(cache.count, 0)
  })

  it("says when somebody else uses our address, and does not answer him", () => {
    const { cache, actions, hear } = setup()
    hear(Arp.gratuitous(PEER.mac, ME.address), 0)
    assert.deepStrictEqual(actions.words, [])
    assert.strictEqual(cache.count, 0)
    assert.deepStrictEqual(
      actions.traces(Trace.ADDRESS_CONFLICT.code).map(({ a, b }) => [a, b]),
      [[ME.address, PEER.mac]],
    )
  })

  it("lets the oldest of too many waiting packets go, per neighbour", () => {
    const { cache, actions, transmit, hear } = setup()
    transmit(1000, 0, 0x0a000003)
    for (let i = 0; i < ArpCache.WAITING_LIMIT + 3; i++) transmit(i, 0)
    assert.strictEqual(cache.dropped, 3)
    void actions.words
    hear(reply(), 1)
    const words = actions.words
    assert.strictEqual(words.length, ArpCache.WAITING_LIMIT)
    assert.deepStrictEqual([words[0], words.at(-1)], ["packet 3 to 02", `packet ${ArpCache.WAITING_LIMIT + 2} to 02`])
    assert.strictEqual(cache.waiting.length, 1)
  })

  it("holds 1024 neighbours; then the one confirmed longest ago gives way", () => {
    const { cache, hear } = setup()
    const at = (i: number) => ({ mac: 0x020000010000 + i, address: 0x0a010000 + i })
    for (let i = 0; i < ArpCache.CAPACITY; i++) hear(reply(at(i)), i)
    hear(reply(at(0)), 5000)
    assert.strictEqual(cache.count, ArpCache.CAPACITY)
    for (let i = 0; i < ArpCache.CAPACITY; i++) {
      const row = ArpCache.find(cache, at(i).address)
      assert.deepStrictEqual([cache.address[row], cache.mac[row]], [at(i).address, at(i).mac])
    }
    hear(reply(at(5000)), 6000)
    assert.strictEqual(cache.count, ArpCache.CAPACITY)
    assert.strictEqual(ArpCache.find(cache, at(1).address), -1)
    assert.isAtLeast(ArpCache.find(cache, at(0).address), 0)
    assert.isAtLeast(ArpCache.find(cache, at(5000).address), 0)
  })

  it("several neighbours are asked by one timer, each in its own time", () => {
    const { actions, transmit, hear, fire } = setup()
    transmit(1, 0)
    transmit(2, SECOND / 2, 0x0a000003)
    fire(SECOND)
    fire(1.5 * SECOND)
    assert.deepStrictEqual(actions.words, ["request to all", "request to all", "request to all", "request to all"])
    hear(reply(), 1.6 * SECOND)
    assert.strictEqual(actions.nextTimerAt, 2.5 * SECOND)
  })

  it("an entry that was asked for and found has all its requests before it again when it is old", () => {
    const { cache, actions, transmit, hear, fire } = setup()
    transmit(1, 0)
    fire(SECOND)
    hear(reply(), 1.5 * SECOND)
    transmit(2, 100 * SECOND)
    for (const at of [101, 102, 103]) fire(at * SECOND)
    assert.deepStrictEqual(actions.words.slice(3), ["packet 2 to 02", "request to 02", "request to 02", "request to 02"])
    assert.strictEqual(cache.count, 0)
  })

  it("a neighbour that is given up leaves the others' addresses, deadlines and requests as they were", () => {
    const { cache, actions, transmit, hear, fire } = setup()
    transmit(1, 0, 0x0a000003)
    hear(reply(), 0)
    transmit(2, 0.25 * SECOND, 0x0a000004)
    transmit(3, 2.75 * SECOND, 0x0a000005)
    for (const at of [1, 1.25, 2, 2.25]) fire(at * SECOND)
    void actions.words
    // The first neighbour goes at 3 s, and the last row, which has asked once, takes its place.
    fire(3 * SECOND)
    fire(3.25 * SECOND)
    assert.deepStrictEqual(ArpCache.entries(cache), [
      { address: 0x0a000005, mac: undefined, state: "incomplete", waiting: 1 },
      { address: PEER.address, mac: PEER.mac, state: "reachable", waiting: 0 },
    ])
    for (const at of [3.75, 4.75, 5.75]) fire(at * SECOND)
    assert.deepStrictEqual(actions.words, ["request to all", "request to all"])
    assert.strictEqual(cache.count, 1)
    transmit(4, 60 * SECOND - 1)
    transmit(5, 60 * SECOND)
    assert.deepStrictEqual(actions.words, ["packet 4 to 02", "packet 5 to 02", "request to 02"])
  })

  it("copies share nothing that changes", () => {
    const { cache, actions, transmit, hear } = setup()
    transmit(1, 0)
    hear(reply({ mac: 0x0200000000aa, address: 0x0a0000aa }), 0)
    const copy = ArpCache.copy(cache)
    assert.deepStrictEqual(copy, structuredClone(cache))
    const text = (of: ArpCache.ArpCache) => {
      const digest = new Digest()
      ArpCache.fingerprint(of, digest, 0)
      return digest.text
    }
    assert.strictEqual(text(copy), text(cache))
    const before = structuredClone(copy)
    hear(reply(), 10)
    ArpCache.flush(cache, TIMER, actions)
    transmit(9, 20, 0x0a0000bb)
    assert.deepStrictEqual(copy, before)
    assert.notStrictEqual(text(copy), text(cache))
  })
})
