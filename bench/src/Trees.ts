/**
 * W3: cold start of 802.1D with default timers to 60 s of virtual time, no hosts. The grid is 7 x 7 with 84 links; a farm of N is two
 * core switches joined to each other and N access switches, each cabled to both.
 */
import { bridgeKind } from "@l2lab/l2/Bridge"
import type { BridgeConfig } from "@l2lab/l2/BridgeConfig"
import type { BridgeState } from "@l2lab/l2/BridgeState"
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import { SECOND } from "@l2lab/sim/SimTime"
import { Simulation } from "@l2lab/sim/Simulation"
import type { LinkSpec, NodeSpec, Registry, WorldSpec } from "@l2lab/sim/World"
import { Stp1998 } from "@l2lab/stp/stp1998/Entity"
import * as Query from "@l2lab/stp/stp1998/Query"
import type { Stp1998Config } from "@l2lab/stp/stp1998/Settings"
import type { State } from "@l2lab/stp/stp1998/State"

const KIND = bridgeKind([Stp1998])

export const REGISTRY: Registry<EthernetFrame> = { kinds: new Map([[KIND.kind, KIND]]), fingerprintFrame: () => {} }

const VLANS = [1]

const bridge = (name: string, index: number, ports: number): NodeSpec => ({
  name,
  kind: "bridge",
  config: {
    address: 0x021000000000 + index * 4096,
    ports: Array.from({ length: ports }, () => ({ mode: "access", vlan: 1 })),
    vlans: VLANS,
    protocols: [{ kind: Stp1998.kind, config: {} satisfies Stp1998Config }],
  } satisfies BridgeConfig,
})

export const grid = (side: number): WorldSpec => {
  const nodes: Array<NodeSpec> = []
  const links: Array<LinkSpec> = []
  for (let i = 0; i < side * side; i++) nodes.push(bridge(`g${i}`, i, 4))
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const here = row * side + column
      if (column + 1 < side) links.push({ a: { node: here, port: 0 }, b: { node: here + 1, port: 1 } })
      if (row + 1 < side) links.push({ a: { node: here, port: 2 }, b: { node: here + side, port: 3 } })
    }
  }
  return { nodes, links }
}

export const farm = (access: number): WorldSpec => {
  const nodes = [bridge("core1", 0, access + 1), bridge("core2", 1, access + 1)]
  const links: Array<LinkSpec> = [{ a: { node: 0, port: access }, b: { node: 1, port: access } }]
  for (let i = 0; i < access; i++) {
    const node = nodes.push(bridge(`a${i}`, 2 + i, 2)) - 1
    links.push({ a: { node, port: 0 }, b: { node: 0, port: i } }, { a: { node, port: 1 }, b: { node: 1, port: i } })
  }
  return { nodes, links }
}

export interface TreeRow {
  readonly workload: "W3"
  readonly title: string
  readonly bridges: number
  /** Wall seconds to lay out and boot the world, and to run it. */
  readonly buildSeconds: number
  readonly runSeconds: number
  readonly events: number
  readonly eventsPerSecond: number
  readonly bpdus: number
  /** Roots that bridges believe in (1 when settled) and blocked ports: that it did the work. */
  readonly roots: number
  readonly blocked: number
  /** Most memory that the process has had resident until the end of it, in MB of 10^6 octets. */
  readonly peakMegabytes: number
}

const blockedPorts = (state: State): number => {
  let blocked = 0
  for (let port = 0; port < state.ports; port++) if (Query.roleOf(state, 0, port) === "Blocked") blocked++
  return blocked
}

const wallSeconds = (): number => Number(process.hrtime.bigint()) / 1e9

export const measure = (title: string, spec: () => WorldSpec): TreeRow => {
  const start = wallSeconds()
  const world = spec()
  const simulation = Simulation.boot(world, REGISTRY)
  const built = wallSeconds()
  simulation.run(60 * SECOND)
  const end = wallSeconds()
  const states = simulation.world.states.map((state) => (state as BridgeState).protocols[0] as State)
  return {
    workload: "W3",
    title,
    bridges: states.length,
    buildSeconds: built - start,
    runSeconds: end - built,
    events: simulation.eventCount,
    eventsPerSecond: simulation.eventCount / (end - built),
    bpdus: states.reduce((sum, state) => sum + Query.bpdusSent(state), 0),
    roots: new Set(states.map((state) => state.designatedRootAddress[0])).size,
    blocked: states.reduce((sum, state) => sum + blockedPorts(state), 0),
    peakMegabytes: (process.resourceUsage().maxRSS * 1024) / 1e6,
  }
}

export const CASES: ReadonlyArray<readonly [title: string, spec: () => WorldSpec]> = [
  ["grid of 49", () => grid(7)],
  ["farm of 200", () => farm(200)],
  ["farm of 500", () => farm(500)],
  ["farm of 1,000", () => farm(1000)],
]
