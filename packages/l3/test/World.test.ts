/** End stations in a world, on two bridges: what the parts do alone they do together, with octets forced or not, forked or not. */
import { assert, describe, it } from "@effect/vitest"
import { bridgeKind } from "@l2lab/l2/Bridge"
import type { BridgeConfig } from "@l2lab/l2/BridgeConfig"
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import * as FrameCodec from "@l2lab/l2/FrameCodec"
import * as PayloadCodec from "@l2lab/l2/PayloadCodec"
import { L3_CODECS } from "@l2lab/l3/codecs"
import type { EndStationConfig, EndStationState, TrafficStart } from "@l2lab/l3/EndStation"
import * as EndStation from "@l2lab/l3/EndStation"
import * as NetworkStack from "@l2lab/l3/NetworkStack"
import type { PingStart } from "@l2lab/l3/StackCommand"
import type { AnyDeviceKind } from "@l2lab/sim/Device"
import * as Fingerprint from "@l2lab/sim/Fingerprint"
import { MILLISECOND, SECOND } from "@l2lab/sim/SimTime"
import { Simulation } from "@l2lab/sim/Simulation"
import * as Snapshot from "@l2lab/sim/Snapshot"
import type { Registry, WorldSpec } from "@l2lab/sim/World"
import { Result } from "effect"
import { A, A_IP, B, B_IP } from "./Cable.ts"

const MS = MILLISECOND

const registry: Registry<EthernetFrame> = {
  kinds: new Map<string, AnyDeviceKind<EthernetFrame>>([
    ["bridge", bridgeKind([])],
    ["host", EndStation.END_STATION],
  ]),
  fingerprintFrame: (frame, digest) => digest.numbers([frame.destination, frame.source, frame.protocol, frame.wireOctets]),
}

const bridge = (address: number): BridgeConfig => ({
  address,
  ports: [
    { mode: "access", vlan: 10 },
    { mode: "trunk", native: 1, allowed: [1, 10] },
    { mode: "trunk", native: 1, allowed: [1, 10] },
  ],
  vlans: [1, 10],
  protocols: [],
})

const host = (config: Partial<EndStationConfig> & Pick<EndStationConfig, "mac" | "address">): EndStationConfig => ({
  prefixLength: 24,
  ...config,
})

/** host-a - sw-1 = sw-2 - host-b (tagged, on a trunk); host-c is silent, on sw-2's access port. */
const SPEC: WorldSpec = {
  seed: 5,
  nodes: [
    { name: "host-a", kind: "host", config: host({ mac: A, address: A_IP }) },
    { name: "host-b", kind: "host", config: host({ mac: B, address: B_IP, tag: 10 }) },
    { name: "host-c", kind: "host", config: host({ mac: 0x020000000003, address: 0x0a000003, silent: true }) },
    { name: "sw-1", kind: "bridge", config: bridge(0x020000010000) },
    { name: "sw-2", kind: "bridge", config: bridge(0x020000020000) },
  ],
  links: [
    { a: { node: 0, port: 0 }, b: { node: 3, port: 0 } },
    { a: { node: 3, port: 1 }, b: { node: 4, port: 1 } },
    { a: { node: 4, port: 2 }, b: { node: 1, port: 0 } },
    { a: { node: 4, port: 0 }, b: { node: 2, port: 0 } },
  ],
}

const stationOf = (simulation: Simulation<EthernetFrame>, node: number) => simulation.world.states[node] as EndStationState

const boot = (): Simulation<EthernetFrame> => {
  const simulation = Simulation.boot(SPEC, registry)
  const ping: PingStart = { type: "ping.start", target: B_IP, everyNs: 100 * MS }
  simulation.command(0, ping)
  const traffic: TrafficStart = {
    type: "traffic.start",
    destination: 0x020000000003,
    octets: 500,
    everyNs: 50 * MS,
    count: 1000,
  }
  simulation.command(1, traffic)
  return simulation
}

const fingerprint = (simulation: Simulation<EthernetFrame>) => Fingerprint.ofWorld(simulation.save(), registry)

describe("stations in a world", () => {
  it("a ping crosses two bridges and a minute's ageing without loss; a silent host hears what is flooded to it", () => {
    const simulation = boot()
    simulation.run(130 * SECOND + 50 * MS)
    const [ping] = NetworkStack.pings(stationOf(simulation, 0).stack)
    assert.deepStrictEqual([ping.sent, ping.received, ping.lost, ping.outstanding], [1301, 1301, 0, 0])
    // Three links each way: 102 octets and a tag or not at 1 Gb/s, 500 ns of cable, no more.
    const oneWay = 3 * 500 + 8 * (102 + 106 + 106)
    assert.strictEqual(ping.rttMinNs, 2 * oneWay)
    assert.strictEqual(EndStation.counters(stationOf(simulation, 2)).trafficReceived, 1000)
    // Flooded, since the silent host is in no table: the pinging one saw them too.
    assert.isAtLeast(EndStation.counters(stationOf(simulation, 0)).filtered, 1000)
  })

  it("goes the same way when every frame is made of octets and read again", () => {
    const codecs = PayloadCodec.registry(L3_CODECS)
    const fingerprints = [false, true].map((octets) => {
      const simulation = boot()
      if (octets)
        simulation.rewriteFrames((frame, tci) => {
          const parsed = Result.getOrThrow(FrameCodec.parse(FrameCodec.emit(frame, tci, codecs), codecs))
          assert.strictEqual(parsed.refused, undefined)
          return parsed.frame
        })
      simulation.run(65 * SECOND + 33 * MS)
      return fingerprint(simulation)
    })
    assert.strictEqual(fingerprints[0], fingerprints[1])
  })

  it("goes on from a snapshot and in a fork as if nothing had been", () => {
    const whole = boot()
    whole.run(70 * SECOND)
    const first = boot()
    first.run(33 * SECOND + 7)
    const fork = first.fork()
    const restored = Snapshot.restore(Snapshot.take(first), registry)
    for (const simulation of [first, fork, restored]) simulation.run(70 * SECOND)
    for (const simulation of [first, fork, restored]) assert.strictEqual(fingerprint(simulation), fingerprint(whole))
  })
})
