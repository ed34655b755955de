/**
 * W6: two chassis that are one switch, and 200 access switches with a cable to each of them, bundled by LACP at its fast rate; RSTP everywhere. Cold start
 * to 60 s of virtual time.
 */
import { bridgeKind } from "@l2lab/l2/Bridge"
import type { BridgeConfig, ProtocolConfig } from "@l2lab/l2/BridgeConfig"
import type { BridgeState } from "@l2lab/l2/BridgeState"
import type { BundleConfig } from "@l2lab/l2/bundle/Bundles"
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import { Lacp } from "@l2lab/l2/lacp/Entity"
import type { LacpConfig } from "@l2lab/l2/lacp/State"
import type { AnyDeviceKind } from "@l2lab/sim/Device"
import { SECOND } from "@l2lab/sim/SimTime"
import { Simulation } from "@l2lab/sim/Simulation"
import type { LinkSpec, NodeSpec, Registry, WorldSpec } from "@l2lab/sim/World"
import { Rstp2004 } from "@l2lab/stp/rstp2004/Entity"
import { chassisKind } from "@l2lab/vss/chassis/Chassis"
import { USUAL_VSL_MTU, type ChassisConfig } from "@l2lab/vss/chassis/ChassisConfig"
import { modeOf, type ChassisState } from "@l2lab/vss/chassis/ChassisState"
import { processorSeconds } from "./Measure.ts"
import * as Trees from "./Trees.ts"

const PROTOCOLS = [Rstp2004, Lacp]

export const REGISTRY: Registry<EthernetFrame> = {
  kinds: new Map<string, AnyDeviceKind<EthernetFrame>>([
    ["bridge", bridgeKind(PROTOCOLS)],
    ["chassis", chassisKind(PROTOCOLS)],
  ]),
  fingerprintFrame: () => {},
}

const ACCESS_PORT = { mode: "access", vlan: 1 } as const
/** Cables of the virtual switch link. */
const VSL = 2

/** Bundles of these members each, by LACP at its fast rate. */
const bundled = (groups: ReadonlyArray<ReadonlyArray<number>>, priority: number): Pick<BridgeConfig, "bundles" | "protocols"> => {
  const ports: Array<{ readonly mode: "active"; readonly rate: "fast" } | undefined> = []
  for (const members of groups) for (const port of members) ports[port] = { mode: "active", rate: "fast" }
  const lacp: LacpConfig = {
    groups: groups.map((members, bundle) => ({ bundle, key: bundle + 1, members })),
    ports: Array.from(ports),
  }
  const bundle = (members: ReadonlyArray<number>): BundleConfig => ({
    members,
    isStatic: false,
    switchPort: ACCESS_PORT,
    loadBalance: "src-dst-mac",
  })
  const protocols: ReadonlyArray<ProtocolConfig> = [
    { kind: "rstp2004", config: { priority } },
    { kind: "lacp", config: lacp },
  ]
  return { bundles: groups.map(bundle), protocols }
}

const plain = (ports: number, index: number): Pick<BridgeConfig, "address" | "ports" | "vlans"> => ({
  address: 0x021000000000 + index * 4096,
  ports: Array.from({ length: ports }, () => ACCESS_PORT),
  vlans: [1],
})

/** The pair and so many access switches. */
export const farm = (access: number): WorldSpec => {
  const own = VSL + access
  const bridge: BridgeConfig = {
    ...plain(2 * own, 0),
    ...bundled(
      Array.from({ length: access }, (_, a) => [VSL + a, own + VSL + a]),
      4096,
    ),
  }
  const chassis = (switchNumber: 1 | 2): NodeSpec => ({
    name: `core${switchNumber}`,
    kind: "chassis",
    config: {
      bridge,
      ports: [own, own],
      vslp: { domain: 10, switchNumber, address: 0x022000000000 + switchNumber * 0x10000, links: [0, 1] },
    } satisfies ChassisConfig,
  })
  const nodes = [chassis(1), chassis(2)]
  const links: Array<LinkSpec> = Array.from({ length: VSL }, (_, port) => ({
    a: { node: 0, port },
    b: { node: 1, port },
    mtu: USUAL_VSL_MTU,
  }))
  for (let a = 0; a < access; a++) {
    const config: BridgeConfig = { ...plain(2, a + 1), ...bundled([[0, 1]], 32_768) }
    const node = nodes.push({ name: `a${a}`, kind: "bridge", config }) - 1
    for (const s of [0, 1]) links.push({ a: { node, port: s }, b: { node: s, port: VSL + a } })
  }
  return { nodes, links }
}

export interface MultichassisRow {
  readonly workload: "W6"
  readonly access: number
  /** Wall seconds to lay out and boot the world, and to run it. */
  readonly buildSeconds: number
  readonly runSeconds: number
  /** Processor seconds of both, all threads. */
  readonly processorSeconds: number
  readonly events: number
  readonly eventsPerSecond: number
  /** What the chassis are doing in the end, and members that are in their bundles: that it did the work. */
  readonly modes: string
  readonly members: number
  readonly peakMegabytes: number
}

/** Run it. */
export const measure = (access: number): MultichassisRow => {
  const [start, busy] = [Trees.wallSeconds(), processorSeconds()]
  const simulation = Simulation.boot(farm(access), REGISTRY)
  const built = Trees.wallSeconds()
  simulation.run(60 * SECOND)
  const [end, busyUntil] = [Trees.wallSeconds(), processorSeconds()]
  const [one, other, ...switches] = simulation.world.states
  return {
    workload: "W6",
    access,
    buildSeconds: built - start,
    runSeconds: end - built,
    processorSeconds: busyUntil - busy,
    events: simulation.eventCount,
    eventsPerSecond: simulation.eventCount / (end - built),
    modes: [one, other].map((state) => modeOf(state as ChassisState)).join(", "),
    members: switches.reduce<number>((sum, state) => sum + (state as BridgeState).bundles!.active[0], 0),
    peakMegabytes: Trees.peakMegabytes(),
  }
}

/** Access switches of the farm that figures are about. */
export const SIZE = 200
