/**
 * W3: cold start of spanning tree with default timers to 60 s of virtual time, no hosts, by 802.1D and by rapid spanning tree. The grid is
 * 7 x 7 with 84 links; a farm of N is two core switches joined to each other and N access switches, each cabled to both.
 */
import { bridgeKind } from "@l2lab/l2/Bridge"
import type { BridgeConfig } from "@l2lab/l2/BridgeConfig"
import type { BridgeState } from "@l2lab/l2/BridgeState"
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import { SECOND } from "@l2lab/sim/SimTime"
import { Simulation } from "@l2lab/sim/Simulation"
import type { LinkSpec, NodeSpec, Registry, WorldSpec } from "@l2lab/sim/World"
import { Rstp2004 } from "@l2lab/stp/rstp2004/Entity"
import * as Query2004 from "@l2lab/stp/rstp2004/Query"
import type { State as State2004 } from "@l2lab/stp/rstp2004/State"
import { Stp1998 } from "@l2lab/stp/stp1998/Entity"
import * as Query1998 from "@l2lab/stp/stp1998/Query"
import type { State as State1998 } from "@l2lab/stp/stp1998/State"
import { processorSeconds } from "./Measure.ts"

const KIND = bridgeKind([Stp1998, Rstp2004])

export const REGISTRY: Registry<EthernetFrame> = { kinds: new Map([[KIND.kind, KIND]]), fingerprintFrame: () => {} }

/** The spanning tree that the bridges of a network run. */
export type Protocol = "stp1998" | "rstp2004"

/** Makes the bridge of a network, from its name, its number and how many ports it has. */
export type MakeBridge = (name: string, index: number, ports: number) => NodeSpec

const VLANS = [1]

/** Bridges of one VLAN that run a protocol with all its defaults. */
export const running =
  (protocol: Protocol): MakeBridge =>
  (name, index, ports) => ({
    name,
    kind: "bridge",
    config: {
      address: 0x021000000000 + index * 4096,
      ports: Array.from({ length: ports }, () => ({ mode: "access", vlan: 1 })),
      vlans: VLANS,
      protocols: [{ kind: protocol, config: {} }],
    } satisfies BridgeConfig,
  })

export const grid = (side: number, bridge: MakeBridge): WorldSpec => {
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

export const farm = (access: number, bridge: MakeBridge): WorldSpec => {
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
  readonly protocol: Protocol
  readonly bridges: number
  /** Wall seconds to lay out and boot the world, and to run it. */
  readonly buildSeconds: number
  readonly runSeconds: number
  /** Processor seconds of both, the compiler's and the garbage collector's threads included: what a busy machine changes least. */
  readonly processorSeconds: number
  readonly events: number
  readonly eventsPerSecond: number
  readonly bpdus: number
  /** Roots that bridges believe in (1 when settled) and blocked ports: that it did the work. */
  readonly roots: number
  readonly blocked: number
  /** Most memory that the process has had resident until the end of it, in MB of 10^6 octets. */
  readonly peakMegabytes: number
}

/** What a bridge tells of its one tree. */
const toldBy = (protocol: Protocol, { protocols: [own] }: BridgeState) => {
  if (protocol === "stp1998") {
    const state = own as State1998
    const ports = Array.from({ length: state.ports }, (_, port) => Query1998.roleOf(state, 0, port))
    const blocked = ports.filter((role) => role === "Blocked").length
    return { root: state.designatedRootAddress[0], bpdus: Query1998.bpdusSent(state), blocked }
  }
  const state = own as State2004
  const ports = Array.from({ length: state.ports }, (_, port) => Query2004.roleOf(state, 0, port))
  const blocked = ports.filter((role) => role === "Alternate" || role === "Backup").length
  return { root: state.rootPriority.rootAddress[0], bpdus: Query2004.bpdusSent(state), blocked }
}

export const wallSeconds = (): number => Number(process.hrtime.bigint()) / 1e9

/** In MB of 10^6 octets. */
export const peakMegabytes = (): number => (process.resourceUsage().maxRSS * 1024) / 1e6

/** A network, laid out of such bridges. */
export type Layout = (bridge: MakeBridge) => WorldSpec

/** Run one case. */
export const measure = (title: string, protocol: Protocol, layout: Layout): TreeRow => {
  const [start, busy] = [wallSeconds(), processorSeconds()]
  const simulation = Simulation.boot(layout(running(protocol)), REGISTRY)
  const built = wallSeconds()
  simulation.run(60 * SECOND)
  const [end, busyUntil] = [wallSeconds(), processorSeconds()]
  const told = simulation.world.states.map((state) => toldBy(protocol, state as BridgeState))
  return {
    workload: "W3",
    title,
    protocol,
    bridges: told.length,
    buildSeconds: built - start,
    runSeconds: end - built,
    processorSeconds: busyUntil - busy,
    events: simulation.eventCount,
    eventsPerSecond: simulation.eventCount / (end - built),
    bpdus: told.reduce((sum, { bpdus }) => sum + bpdus, 0),
    roots: new Set(told.map(({ root }) => root)).size,
    blocked: told.reduce((sum, { blocked }) => sum + blocked, 0),
    peakMegabytes: peakMegabytes(),
  }
}

export const CASES: ReadonlyArray<readonly [title: string, layout: Layout]> = [
  ["grid of 49", (bridge) => grid(7, bridge)],
  ["farm of 200", (bridge) => farm(200, bridge)],
  ["farm of 500", (bridge) => farm(500, bridge)],
  ["farm of 1,000", (bridge) => farm(1000, bridge)],
]
