import { assert, describe, it } from "@effect/vitest"
import * as EthernetFrame from "@l2lab/l2/EthernetFrame"
import * as MacAddress from "@l2lab/l2/MacAddress"
import * as Protocol from "@l2lab/l2/Protocol"
import * as EndStation from "@l2lab/l3/EndStation"
import * as NetworkStack from "@l2lab/l3/NetworkStack"
import * as Trace from "@l2lab/l3/Trace"
import { Digest } from "@l2lab/sim/Digest"
import { SECOND } from "@l2lab/sim/SimTime"
import { A, A_IP, B, B_IP, Cable } from "./Cable.ts"

const raw = (destination: number) => EthernetFrame.make(destination, B, Protocol.EXPERIMENTAL, new Uint8Array(46), 46)

describe("EndStation", () => {
  it("is a host of one port and the stack's timers and one", () => {
    const config = { mac: A, address: A_IP, prefixLength: 24 }
    assert.strictEqual(EndStation.END_STATION.kind, "host")
    assert.strictEqual(EndStation.END_STATION.ports(config), 1)
    assert.strictEqual(EndStation.END_STATION.timers(config), NetworkStack.TIMERS + 1)
  })

  it("sends one reused frame at exact intervals and counts what comes in", () => {
    const cable = new Cable()
    cable.command(0, { type: "traffic.start", destination: B, octets: 1500, everyNs: 12_160, count: 1000, delayNs: 7 })
    cable.run(SECOND)
    assert.strictEqual(cable.sent.length, 1000)
    cable.sent.forEach(({ at, frame }, i) => {
      assert.strictEqual(at, 7 + i * 12_160)
      assert.strictEqual(frame, cable.sent[0].frame)
    })
    const { frame } = cable.sent[0]
    assert.deepStrictEqual(
      [frame.wireOctets, frame.source, frame.destination, frame.protocol, (frame.payload as Uint8Array).length],
      [1500, A, B, Protocol.EXPERIMENTAL, 1482],
    )
    assert.strictEqual(EndStation.counters(cable.states[0]).trafficSent, 1000)
    const { trafficReceived, trafficReceivedOctets } = EndStation.counters(cable.states[1])
    assert.deepStrictEqual([trafficReceived, trafficReceivedOctets], [1000, 1_500_000])
    assert.deepStrictEqual(
      cable.traces.map(({ code, operands }) => [code, operands[0]]),
      [[Trace.TRAFFIC_ENDED.code, 1000]],
    )
  })

  it("fingerprints tell when the next frame is due, relative to now, and nothing else of the time", () => {
    const text = (delayNs: number, at: number) => {
      const cable = new Cable()
      cable.run(at)
      cable.command(0, { type: "traffic.start", destination: B, octets: 64, everyNs: 1000, delayNs })
      const digest = new Digest()
      EndStation.END_STATION.fingerprint(cable.states[0], digest, at)
      return digest.text
    }
    assert.strictEqual(text(5, 0), text(5, SECOND))
    assert.notStrictEqual(text(5, 0), text(6, 0))
  })

  it("stops on command, and replaces what runs", () => {
    const cable = new Cable()
    cable.command(0, { type: "traffic.start", destination: B, octets: 64, everyNs: 100 })
    cable.run(950)
    cable.command(0, { type: "traffic.start", destination: MacAddress.BROADCAST, octets: 64, everyNs: 1000 })
    cable.run(4000)
    cable.command(0, { type: "traffic.stop" })
    cable.run(SECOND)
    assert.deepStrictEqual(
      cable.sent.map(({ at }) => at),
      [0, 100, 200, 300, 400, 500, 600, 700, 800, 900, 950, 1950, 2950, 3950],
    )
    assert.strictEqual(EndStation.counters(cable.states[1]).trafficReceived, 14)
  })

  it("passes over frames for others, and hears those for it and for groups", () => {
    const cable = new Cable()
    for (const destination of [A, MacAddress.BROADCAST, 0x01005e000001, B, 0x020000000101, A + 2 ** 32])
      cable.hear(0, raw(destination))
    const { filtered, trafficReceived } = EndStation.counters(cable.states[0])
    assert.deepStrictEqual([trafficReceived, filtered], [3, 3])
  })

  it("an address with the top bit of its lower half set is its own", () => {
    const mac = 0x02ff_80000001
    const cable = new Cable({ mac })
    cable.hear(0, raw(mac))
    assert.strictEqual(EndStation.counters(cable.states[0]).trafficReceived, 1)
  })

  it("on a trunk it sends and hears its own VLAN only", () => {
    const cable = new Cable({ tag: 10 }, { tag: 10 })
    cable.command(0, { type: "ping.start", target: B_IP, everyNs: SECOND, count: 1 })
    cable.run(SECOND)
    assert.isTrue(cable.sent.every(({ tci }) => tci === 10))
    assert.strictEqual(NetworkStack.pings(cable.stacks[0])[0].received, 1)
    for (const tci of [-1, 0, 11, EthernetFrame.tci(4095)]) cable.hear(0, raw(A), tci)
    cable.hear(0, raw(A), EthernetFrame.tci(10, 5))
    const { wrongTag, trafficReceived } = EndStation.counters(cable.states[0])
    assert.deepStrictEqual([wrongTag, trafficReceived], [4, 1])
  })

  it("on an access port it takes untagged and priority-tagged frames", () => {
    const cable = new Cable()
    for (const tci of [-1, EthernetFrame.tci(0, 7), 1, 4095]) cable.hear(0, raw(A), tci)
    const { wrongTag, trafficReceived } = EndStation.counters(cable.states[0])
    assert.deepStrictEqual([wrongTag, trafficReceived], [2, 2])
  })

  it("a silent station never sends, whatever it is told or asked", () => {
    const cable = new Cable({}, { silent: true })
    cable.command(0, { type: "ping.start", target: B_IP, everyNs: SECOND / 10, count: 3 })
    cable.command(1, { type: "ping.start", target: A_IP, everyNs: SECOND / 10, count: 3 })
    cable.command(1, { type: "arp.announce" })
    cable.command(1, { type: "traffic.start", destination: A, octets: 64, everyNs: 1000 })
    cable.hear(1, raw(B))
    cable.run(10 * SECOND)
    assert.isTrue(cable.sent.every(({ from }) => from === 0))
    assert.strictEqual(NetworkStack.pings(cable.stacks[0])[0].lost, 3)
    assert.strictEqual(EndStation.counters(cable.states[1]).trafficReceived, 1)
    assert.strictEqual(cable.traces.filter(({ of, code }) => of === 1 && code === Trace.COMMAND_REFUSED.code).length, 3)
  })

  it("refuses traffic that makes no sense and ignores commands of others", () => {
    const cable = new Cable()
    const start: EndStation.TrafficStart = { type: "traffic.start", destination: B, octets: 64, everyNs: 1000 }
    cable.command(0, { ...start, octets: 63 })
    cable.command(0, { ...start, everyNs: 0 })
    cable.command(0, { ...start, destination: 2 ** 48 })
    cable.command(0, { ...start, count: 0 })
    cable.command(0, { type: "port.enable" })
    cable.run(SECOND)
    assert.deepStrictEqual(
      cable.traces.map(({ operands }) => operands[0]),
      [Trace.REFUSED.payload, Trace.REFUSED.interval, Trace.REFUSED.destination, Trace.REFUSED.count],
    )
    assert.deepStrictEqual(cable.sent, [])
  })

  it("counts datagrams that come to a plain station", () => {
    const cable = new Cable()
    for (const payloadOctets of [100, 20])
      cable.command(0, { type: "udp.send", to: B_IP, sourcePort: 1, destinationPort: 2, payloadOctets })
    cable.run(SECOND)
    const { datagrams, datagramOctets } = EndStation.counters(cable.states[1])
    assert.deepStrictEqual([datagrams, datagramOctets], [2, 120])
  })
})
