import { assert, describe, it } from "@effect/vitest"
import * as EthernetFrame from "@l2lab/l2/EthernetFrame"
import * as MacAddress from "@l2lab/l2/MacAddress"
import * as Protocol from "@l2lab/l2/Protocol"
import type { ArpPayload } from "@l2lab/l3/Arp"
import * as Arp from "@l2lab/l3/Arp"
import { WAITING_LIMIT } from "@l2lab/l3/ArpCache"
import * as Ipv4 from "@l2lab/l3/Ipv4"
import * as NetworkStack from "@l2lab/l3/NetworkStack"
import * as Trace from "@l2lab/l3/Trace"
import { SECOND } from "@l2lab/sim/SimTime"
import { A, A_IP, B, B_IP, Cable } from "./Cable.ts"
import { generator } from "./octets.ts"
import { Seed, MS, alone, answerArp, packetOf, kinds, actionsOf } from "./Alone.ts"

describe("ping across a cable", () => {
  it("resolves, asks and answers; the first probe waits for ARP", () => {
    const cable = new Cable()
    cable.command(0, { type: "ping.start", target: B_IP, everyNs: 100 * MS, count: 2 })
    cable.run(SECOND)
    assert.deepStrictEqual(kinds(cable.sent), [
      "A arp to all",
      "B arp",
      "A icmp.echo-request",
      "B icmp.echo-reply",
      "A icmp.echo-request",
      "B icmp.echo-reply",
    ])
    const [ping] = NetworkStack.pings(cable.stacks[0])
    assert.deepStrictEqual([ping.sent, ping.received, ping.lost, ping.outstanding, ping.active], [2, 2, 0, 0, false])
    // Four crossings of 50 us for the first, two for the second; the answers are 100 ms less 100 us apart.
    assert.deepStrictEqual([ping.rttMaxNs, ping.rttAverageNs, ping.rttMinNs], [200_000, 150_000, 100_000])
    assert.strictEqual(ping.longestGapNs, 100 * MS - 100_000)
    assert.deepStrictEqual(
      cable.traces.filter(({ code }) => code === Trace.PING_ENDED.code).map(({ at, operands }) => [at, ...operands]),
      [[100 * MS + 100_000, 1, 2, 2, 0]],
    )
    assert.deepStrictEqual([cable.outs[0].timers.size, cable.outs[1].timers.size], [0, 0])
  })

  it("frames of a ping are as ping(8) makes them", () => {
    const cable = new Cable()
    cable.command(0, { type: "ping.start", target: B_IP, everyNs: 100 * MS, count: 1 })
    cable.run(SECOND)
    const [request, reply] = cable.sent.slice(2)
    assert.strictEqual(request.frame.wireOctets, 18 + 20 + 8 + 56)
    assert.deepStrictEqual([request.frame.source, request.frame.destination], [A, B])
    const asked = packetOf(request.frame)
    assert.deepStrictEqual([asked.source, asked.destination, asked.timeToLive, asked.dontFragment], [A_IP, B_IP, 64, true])
    const answered = packetOf(reply.frame)
    assert.deepStrictEqual(answered.body, { ...asked.body, kind: "icmp.echo-reply" } as Ipv4.Body)
  })

  it("counts an outage in probes and measures it between answers", () => {
    const cable = new Cable()
    cable.command(0, { type: "ping.start", target: B_IP, everyNs: 10 * MS })
    // From 500 ms to 730 ms nothing from B arrives: the probes sent at 500, 510 .. 730 stay without answer (B answers 50 us later).
    cable.carries = ({ at, from }) => from === 0 || at < 500 * MS || at > 731 * MS
    cable.run(5 * SECOND)
    cable.command(0, { type: "ping.stop" })
    cable.run(7 * SECOND)
    const [ping] = NetworkStack.pings(cable.stacks[0])
    assert.strictEqual(ping.lost, 24)
    assert.strictEqual(ping.sent, ping.received + ping.lost)
    assert.strictEqual(ping.firstLostAt, 500 * MS)
    // 490 ms and 740 ms were answered, each 100 us later.
    assert.strictEqual(ping.longestGapNs, 250 * MS)
    assert.deepStrictEqual(ping.gaps, [{ from: 490 * MS + 100_000, to: 740 * MS + 100_000, unanswered: 24 }])
    const losses = cable.traces.filter(({ code }) => code === Trace.PING_LOST.code)
    assert.deepStrictEqual(
      losses.map(({ at, operands }) => [at, operands[1]]),
      Array.from({ length: 24 }, (_, i) => [(1500 + 10 * i) * MS, 50 + i]),
    )
    assert.deepStrictEqual(
      cable.traces.filter(({ code }) => code === Trace.PING_GAP.code).map(({ operands }) => operands),
      [[1, B_IP, 250 * MS, 24]],
    )
  })

  it("a target that is not there loses every probe, and ARP gives up and begins again", () => {
    const cable = new Cable()
    cable.command(0, { type: "ping.start", target: B_IP + 1, everyNs: SECOND, count: 8 })
    cable.run(20 * SECOND)
    const [ping] = NetworkStack.pings(cable.stacks[0])
    assert.deepStrictEqual([ping.sent, ping.received, ping.lost], [8, 0, 8])
    assert.strictEqual(ping.firstAnsweredAt, undefined)
    assert.strictEqual(ping.longestGapNs, 0)
    // Probes at 0..2 s wait for one resolution, the one at 3 s (given up at 3 s, before or after it) for the next, and so on.
    const requests = cable.sent.map(({ at }) => at / SECOND)
    assert.deepStrictEqual(requests, [0, 1, 2, 3, 4, 5, 6, 7, 8])
    assert.strictEqual(NetworkStack.counters(cable.stacks[0]).droppedUnresolved, 8)
  })

  it("goes on through a link that is down, and recovers with a new ARP exchange", () => {
    const cable = new Cable()
    cable.command(0, { type: "ping.start", target: B_IP, everyNs: 100 * MS })
    cable.run(1050 * MS)
    cable.link(0, false)
    cable.run(2050 * MS)
    cable.link(0, true)
    cable.run(4000 * MS)
    const [ping] = NetworkStack.pings(cable.stacks[0])
    assert.strictEqual(ping.lost, 10)
    assert.strictEqual(ping.firstLostAt, 1100 * MS)
    assert.strictEqual(NetworkStack.counters(cable.stacks[0]).droppedDown, 10)
    // The first answer after the outage waits for ARP: 100 us more than the last before it.
    assert.strictEqual(ping.longestGapNs, 1100 * MS + 100_000)
    assert.strictEqual(cable.sent.filter(({ frame }) => frame.destination === MacAddress.BROADCAST).length, 2)
  })

  it("runs at once to several targets and keeps them apart", () => {
    const cable = new Cable()
    cable.command(0, { type: "ping.start", target: B_IP, everyNs: 100 * MS, run: 7 })
    cable.command(0, { type: "ping.start", target: B_IP + 9, everyNs: 70 * MS })
    cable.command(0, { type: "ping.start", target: B_IP, everyNs: 30 * MS, payloadOctets: 1472 })
    cable.run(SECOND)
    cable.command(0, { type: "ping.stop", run: 9 })
    cable.run(4 * SECOND)
    const runs = NetworkStack.pings(cable.stacks[0]).map(({ run, sent, received, active }) => [run, sent, received, active])
    assert.deepStrictEqual(runs, [
      [7, 41, 40, true],
      [8, 58, 0, true],
      [9, 34, 34, false],
    ])
    cable.command(0, { type: "ping.start", target: B_IP, everyNs: 100 * MS, run: 7, count: 1 })
    cable.run(4100 * MS)
    assert.deepStrictEqual(
      NetworkStack.pings(cable.stacks[0]).map(({ run, sent }) => [run, sent]),
      [
        [8, 59],
        [9, 34],
        [7, 1],
      ],
    )
  })

  it("loses nothing while it lasts longer than the cache believes, and asks by unicast once a minute", () => {
    const cable = new Cable()
    cable.command(0, { type: "ping.start", target: B_IP, everyNs: 100 * MS, count: 3000 })
    cable.run(310 * SECOND)
    const [ping] = NetworkStack.pings(cable.stacks[0])
    assert.deepStrictEqual([ping.received, ping.lost], [3000, 0])
    const requests = cable.sent.filter(
      ({ frame }) => frame.protocol === Protocol.ARP && (frame.payload as ArpPayload).packet.operation === Arp.REQUEST,
    )
    assert.strictEqual(requests.filter(({ frame }) => frame.destination === MacAddress.BROADCAST).length, 1)
    assert.isAtLeast(requests.length, 4)
    assert.isAtMost(requests.length, 2 * 5)
  })

  it.prop(
    "whatever the cable does, every probe is accounted for, and a healed cable answers again",
    { seed: Seed },
    ({ seed }) => {
      const random = generator(seed)
      const cable = new Cable()
      const every = (1 + (random() % 200)) * MS
      cable.command(0, { type: "ping.start", target: B_IP, everyNs: every })
      cable.command(1, { type: "ping.start", target: A_IP, everyNs: 2 * every })
      const lossPercent = random() % 60
      cable.carries = () => random() % 100 >= lossPercent
      for (let step = 0; step < 12; step++) {
        const of = (random() & 1) as 0 | 1
        const act = random() % 5
        if (act === 0) cable.link(of, false)
        else if (act === 1) cable.link(of, true)
        else if (act === 2) cable.with(of, ({ stack }, out) => NetworkStack.freeze(stack, cable.now, actionsOf(of, cable, out)))
        else if (act === 3) cable.with(of, ({ stack }, out) => NetworkStack.thaw(stack, cable.now, actionsOf(of, cable, out)))
        else cable.command(of, { type: "arp.flush" })
        cable.run(cable.now + (random() % 3000) * MS)
        for (const stack of cable.stacks) {
          for (const ping of NetworkStack.pings(stack)) {
            assert.strictEqual(ping.sent, ping.received + ping.lost + ping.outstanding)
            assert.isTrue(ping.outstanding >= 0 && ping.outstanding <= Math.ceil(ping.timeoutNs / ping.everyNs))
            assert.isAtMost(ping.late, ping.lost)
          }
        }
      }
      cable.carries = () => true
      for (const of of [0, 1] as const) {
        cable.with(of, ({ stack }, out) => NetworkStack.thaw(stack, cable.now, actionsOf(of, cable, out)))
        cable.link(of, true)
      }
      // A resolution that is under way ends within 3 s, the next begins with the next probe and takes a round trip.
      cable.run(cable.now + 4 * SECOND + 2 * every)
      const before = cable.stacks.map((stack) => NetworkStack.pings(stack)[0])
      cable.run(cable.now + 20 * every)
      cable.stacks.forEach((stack, of) => {
        const [ping] = NetworkStack.pings(stack)
        assert.isAtLeast(ping.received - before[of].received, of === 0 ? 19 : 9)
      })
    },
    { arbitrary: { seed: 7, runs: 60 } },
  )
})

describe("routes", () => {
  it("another network is reached through the gateway, by its MAC address", () => {
    const { stack, actions } = alone({ gateway: 0x0a0000fe })
    assert.isTrue(NetworkStack.sendDatagram(stack, 0xc0a80101, 1, 2, new Uint8Array(3), 3, 0, actions))
    assert.strictEqual((actions.sent[0].payload as ArpPayload).packet.targetProtocol, 0x0a0000fe)
    answerArp(stack, actions, 0x0200000000fe, 10)
    const [frame] = actions.takeSent()
    assert.strictEqual(frame.destination, 0x0200000000fe)
    assert.strictEqual(packetOf(frame).destination, 0xc0a80101)
  })

  it("says false where nothing can leave, and counts why", () => {
    const { stack, actions } = alone()
    const send = (to: number, octets = 3) =>
      NetworkStack.sendDatagram(stack, to, 1, 2, new Uint8Array(octets), octets, 0, actions)
    assert.isFalse(send(0xc0a80101))
    assert.isFalse(send(A_IP))
    assert.isFalse(send(0))
    assert.isFalse(send(B_IP, 1473))
    assert.isTrue(send(B_IP, 1472))
    NetworkStack.onDown(stack, 0, actions)
    assert.isFalse(send(B_IP))
    const { droppedNoRoute, droppedTooLarge, droppedDown, packetsSent, droppedUnresolved } = NetworkStack.counters(stack)
    assert.deepStrictEqual([droppedNoRoute, droppedTooLarge, droppedDown, packetsSent, droppedUnresolved], [3, 1, 1, 1, 1])
    assert.strictEqual(NetworkStack.maximumDatagramOctets(alone({ mtu: 9000 }).stack), 8972)
  })

  it("broadcasts and groups need no ARP", () => {
    const { stack, actions } = alone()
    for (const to of [0xffffffff, 0x0a0000ff, 0xe1818283])
      assert.isTrue(NetworkStack.sendDatagram(stack, to, 1, 2, new Uint8Array(1), 1, 0, actions))
    assert.deepStrictEqual(
      actions.takeSent().map((frame) => MacAddress.format(frame.destination)),
      ["ff:ff:ff:ff:ff:ff", "ff:ff:ff:ff:ff:ff", "01:00:5e:01:82:83"],
    )
  })

  it("identifications are 16 bits and come round", () => {
    const { stack, actions } = alone()
    for (let i = 0; i < 65_537; i++) NetworkStack.sendDatagram(stack, 0xffffffff, 1, 2, new Uint8Array(0), 0, 0, actions)
    const numbers = actions.takeSent().map((frame) => packetOf(frame).identification)
    assert.deepStrictEqual([numbers[0], numbers[65_534], numbers[65_535], numbers[65_536]], [1, 65_535, 0, 1])
  })

  it("a bulk sender loses nothing while the neighbour answers", () => {
    const { stack, actions } = alone()
    const send = (now: number) => NetworkStack.sendDatagram(stack, B_IP, 1, 2, new Uint8Array(8), 8, now, actions)
    for (let i = 0; i < WAITING_LIMIT; i++) assert.isTrue(send(0))
    answerArp(stack, actions, B, 1)
    let sent = actions.takeSent().length
    for (let i = 0; i < 10_000; i++) {
      const now = i * 20 * MS
      assert.isTrue(send(now))
      const frames = actions.takeSent()
      const request = frames.find((frame) => frame.protocol === Protocol.ARP)
      sent += frames.length - (request === undefined ? 0 : 1)
      if (request !== undefined)
        NetworkStack.onFrame(stack, Arp.reply(B, B_IP, (request.payload as ArpPayload).packet), now + MS, actions)
    }
    assert.strictEqual(sent, WAITING_LIMIT + 10_000)
  })
})

describe("reception", () => {
  const toUs = (body: Ipv4.Body, ipProtocol: number, fields: Partial<Ipv4.Ipv4Packet> = {}, destination = A) =>
    Ipv4.frame(destination, B, {
      protocol: "ipv4",
      packet: {
        typeOfService: 0,
        identification: 1,
        dontFragment: true,
        moreFragments: false,
        fragmentOffset: 0,
        timeToLive: 64,
        ipProtocol,
        source: B_IP,
        destination: A_IP,
        options: Ipv4.NO_OPTIONS,
        body,
        ...fields,
      },
    })
  const datagram: Ipv4.Body = {
    kind: "udp",
    sourcePort: 5,
    destinationPort: 6,
    payload: { protocol: "anything" },
    payloadOctets: 100,
  }

  it("delivers datagrams as they were sent, structured payloads included", () => {
    const { stack, actions } = alone()
    NetworkStack.onFrame(stack, toUs(datagram, Ipv4.UDP), 0, actions)
    NetworkStack.onFrame(stack, toUs(datagram, Ipv4.UDP, { destination: 0x0a0000ff }, MacAddress.BROADCAST), 0, actions)
    assert.deepStrictEqual(
      actions.delivered.map(({ source, sourcePort, destination, destinationPort, payload, payloadOctets }) => [
        source,
        sourcePort,
        destination,
        destinationPort,
        payload === datagram.payload,
        payloadOctets,
      ]),
      [
        [B_IP, 5, A_IP, 6, true, 100],
        [B_IP, 5, 0x0a0000ff, 6, true, 100],
      ],
    )
  })

  it("drops and counts what is not for it or not understood", () => {
    const { stack, actions } = alone()
    const echo: Ipv4.Body = { kind: "icmp.echo-request", identifier: 1, sequence: 2, data: new Uint8Array(4) }
    const hear = (frame: EthernetFrame.EthernetFrame) => NetworkStack.onFrame(stack, frame, 0, actions)
    hear(toUs(datagram, Ipv4.UDP, {}, 0x0200000000ee))
    assert.strictEqual(NetworkStack.counters(stack).framesReceived, 0)
    hear(toUs(datagram, Ipv4.UDP, { destination: 0x0a000063 }))
    hear(toUs({ kind: "raw", octets: new Uint8Array(9) }, Ipv4.UDP, { moreFragments: true }))
    hear(toUs({ kind: "raw", octets: new Uint8Array(9) }, Ipv4.TCP))
    hear(toUs({ ...echo, kind: "icmp.echo-reply" }, Ipv4.ICMP))
    hear(toUs(echo, Ipv4.ICMP, { destination: 0x0a0000ff }, MacAddress.BROADCAST))
    hear(EthernetFrame.make(A, B, Protocol.IPV4, new Uint8Array(40), 40))
    hear(EthernetFrame.make(MacAddress.BROADCAST, A, Protocol.LLDP, new Uint8Array(46), 46))
    assert.deepStrictEqual(actions.delivered, [])
    assert.deepStrictEqual(actions.sent, [])
    const counted = NetworkStack.counters(stack)
    assert.deepStrictEqual(
      [counted.droppedNotForUs, counted.droppedFragments, counted.droppedUnknown, counted.droppedOwn],
      [1, 1, 3, 1],
    )
  })

  it("hears nothing while its link is down", () => {
    const { stack, actions } = alone()
    NetworkStack.onDown(stack, 0, actions)
    NetworkStack.onFrame(stack, toUs(datagram, Ipv4.UDP), 0, actions)
    assert.deepStrictEqual(actions.delivered, [])
    NetworkStack.onUp(stack, 0, actions)
    NetworkStack.onFrame(stack, toUs(datagram, Ipv4.UDP), 0, actions)
    assert.strictEqual(actions.delivered.length, 1)
  })

  it("answers an echo request from a stranger only after asking for him", () => {
    const { stack, actions } = alone()
    const echo: Ipv4.Body = { kind: "icmp.echo-request", identifier: 1, sequence: 2, data: new Uint8Array(4) }
    NetworkStack.onFrame(stack, toUs(echo, Ipv4.ICMP), 0, actions)
    assert.deepStrictEqual(
      actions.sent.map((frame) => frame.protocol),
      [Protocol.ARP],
    )
    answerArp(stack, actions, B, 1)
    assert.deepStrictEqual(packetOf(actions.takeSent()[0]).body, { ...echo, kind: "icmp.echo-reply" })
  })

  it("an answer from another address than the one that was asked is no answer", () => {
    const { stack, actions } = alone()
    NetworkStack.onCommand(stack, { type: "ping.start", target: B_IP, everyNs: SECOND }, 0, actions)
    const reply: Ipv4.Body = { kind: "icmp.echo-reply", identifier: 1, sequence: 0, data: new Uint8Array(56) }
    NetworkStack.onFrame(stack, toUs(reply, Ipv4.ICMP, { source: B_IP + 1 }), 5, actions)
    assert.strictEqual(NetworkStack.pings(stack)[0].received, 0)
    NetworkStack.onFrame(stack, toUs(reply, Ipv4.ICMP), 6, actions)
    assert.strictEqual(NetworkStack.pings(stack)[0].received, 1)
  })
})
