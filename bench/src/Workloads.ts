/**
 * The workloads, on the emulator as it is: real bridges with VLANs, ageing, counters and queue limits, real end stations. All links run
 * at 1 Gb/s over 100 m (500 ns); frames have 64 octets unless told otherwise.
 */
import { bridgeKind } from "@l2lab/l2/Bridge"
import type { BridgeConfig } from "@l2lab/l2/BridgeConfig"
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import { BROADCAST } from "@l2lab/l2/MacAddress"
import * as Errdisable from "@l2lab/l2/Errdisable"
import * as MacMove from "@l2lab/l2/MacMove"
import { END_STATION, type EndStationConfig, type EndStationState, type TrafficStart } from "@l2lab/l3/EndStation"
import * as PortRow from "@l2lab/sim/PortRow"
import { Simulation } from "@l2lab/sim/Simulation"
import type { LinkSpec, NodeSpec, Registry } from "@l2lab/sim/World"

const VLANS = [1]

export const REGISTRY: Registry<EthernetFrame> = {
  kinds: new Map<string, ReturnType<typeof bridgeKind> | typeof END_STATION>([
    ["bridge", bridgeKind([])],
    ["host", END_STATION],
  ]) as unknown as Registry<EthernetFrame>["kinds"],
  fingerprintFrame: () => {},
}

/** What a design turns on in every switch unless told otherwise. */
export const DESIGN_DEFAULTS = {
  errdisable: { recovery: [], intervalNs: Errdisable.DEFAULT_INTERVAL, linkFlap: Errdisable.USUAL_LINK_FLAP },
  macMove: MacMove.USUAL,
} satisfies Partial<BridgeConfig>

const bridge = (name: string, index: number, ports: number, more: Partial<BridgeConfig> = {}): NodeSpec => ({
  name,
  kind: "bridge",
  config: {
    address: 0x021000000000 + index * 4096,
    ports: Array.from({ length: ports }, () => ({ mode: "access", vlan: 1 })),
    vlans: VLANS,
    protocols: [],
    ...more,
  } satisfies BridgeConfig,
})

const address = (i: number): number => 0x020000000000 + i

const station = (name: string, i: number): NodeSpec => ({
  name,
  kind: "host",
  config: { mac: address(i), address: 0x0a000000 + i, prefixLength: 8 } satisfies EndStationConfig,
})

const link = (a: number, portA: number, b: number, portB: number): LinkSpec => ({
  a: { node: a, port: portA },
  b: { node: b, port: portB },
})

const traffic = (simulation: Simulation<EthernetFrame>, node: number, command: Omit<TrafficStart, "type">): void =>
  simulation.command(node, { type: "traffic.start", ...command } as TrafficStart)

const received = (simulation: Simulation<EthernetFrame>, node: number): number =>
  (simulation.world.states[node] as EndStationState).trafficReceived

/** A workload that stands ready to run. */
export interface Ready {
  readonly simulation: Simulation<EthernetFrame>
  readonly run: () => void
  /** What the workload counts, after the run. */
  readonly units: () => number
}

/** Switches of W1's line. */
const LINE = 10

/** The bundles of a switch of W1's line: its cables towards the host `near`, and those towards `far`. */
const bundlesOf = (i: number, cables: number): Partial<BridgeConfig> => {
  const bundle = (first: number) => ({
    members: Array.from({ length: cables }, (_, n) => first + n),
    isStatic: true,
    switchPort: { mode: "access", vlan: 1 } as const,
    loadBalance: "src-dst-mac" as const,
  })
  return { bundles: [...(i > 0 ? [bundle(0)] : []), ...(i < LINE - 1 ? [bundle(cables)] : [])] }
}

/**
 * W1: a line of 10 switches, one frame back to teach them, then paced unicast frames. Units: delivered frames x 10 switches. With several `cables`
 * between two switches these are bundled.
 */
export const forward = (octets: number, frames: number, cables = 1): Ready => {
  const nodes: Array<NodeSpec> = []
  const links: Array<LinkSpec> = []
  for (let i = 0; i < LINE; i++) nodes.push(bridge(`s${i}`, i, 2 * cables, cables === 1 ? {} : bundlesOf(i, cables)))
  const near = nodes.push(station("near", 1)) - 1
  const far = nodes.push(station("far", 2)) - 1
  links.push(link(near, 0, 0, 0))
  for (let i = 0; i < LINE - 1; i++) for (let n = 0; n < cables; n++) links.push(link(i, cables + n, i + 1, n))
  links.push(link(LINE - 1, cables, far, 0))
  const simulation = Simulation.boot({ nodes, links }, REGISTRY)
  traffic(simulation, far, { destination: address(1), octets, everyNs: 1, count: 1 })
  traffic(simulation, near, {
    destination: address(2),
    octets,
    everyNs: (octets + PortRow.GAP_OCTETS) * 8 + 1000,
    count: frames,
    delayNs: 1_000_000,
  })
  return { simulation, run: () => simulation.run(Infinity), units: () => received(simulation, far) * LINE }
}

/** W2: 1 core, 10 distribution, 100 access switches, 1,000 hosts; the i-th broadcast from host i. Units: frames delivered to hosts. */
export const flood = (broadcasts: number): Ready => {
  const nodes: Array<NodeSpec> = []
  const links: Array<LinkSpec> = []
  const hosts: Array<number> = []
  const core = nodes.push(bridge("core", 0, 10)) - 1
  for (let i = 0; i < 10; i++) {
    const distribution = nodes.push(bridge(`d${i}`, 1 + i, 11)) - 1
    links.push(link(core, i, distribution, 10))
    for (let j = 0; j < 10; j++) {
      const access = nodes.push(bridge(`a${i}${j}`, 11 + i * 10 + j, 11)) - 1
      links.push(link(distribution, j, access, 10))
      for (let k = 0; k < 10; k++) {
        const host = nodes.push(station(`h${hosts.length}`, hosts.length)) - 1
        hosts.push(host)
        links.push(link(access, k, host, 0))
      }
    }
  }
  const simulation = Simulation.boot({ nodes, links }, REGISTRY)
  for (let i = 0; i < broadcasts; i++) {
    traffic(simulation, hosts[i], { destination: BROADCAST, octets: 64, everyNs: 1, count: 1, delayNs: 1_000_000 + 20_000 * i })
  }
  return {
    simulation,
    run: () => simulation.run(Infinity),
    units: () => hosts.reduce((sum, host) => sum + received(simulation, host), 0),
  }
}

/**
 * W4: a triangle without spanning tree and one broadcast that circulates both ways, so that its sender moves at every hop. Units: frames
 * received by switch ports. `more`: what the switches do besides.
 */
export const storm = (hops: number, more?: Partial<BridgeConfig>): Ready => {
  const nodes = [...[0, 1, 2].map((i) => bridge(`s${i}`, i, 3, more)), ...[0, 1, 2].map((i) => station(`h${i}`, i))]
  const links = [0, 1, 2].flatMap((i) => [link(i, 0, (i + 1) % 3, 1), link(i, 2, 3 + i, 0)])
  const simulation = Simulation.boot({ nodes, links }, REGISTRY)
  traffic(simulation, 3, { destination: BROADCAST, octets: 64, everyNs: 1, count: 1 })
  const units = (): number => {
    let sum = 0
    for (let port = 0; port < 9; port++) sum += simulation.statistics(port).framesReceived
    return sum
  }
  const run = (): void => {
    // Every hop is two events: the frame at a switch, and its copy at that switch's host.
    for (let left = hops; left > 0; left = hops - units()) simulation.run(Infinity, left * 2)
  }
  return { simulation, run, units }
}
