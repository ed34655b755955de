/** From a network to what a world is made from, and the directory for people. Linear in nodes, ports and links. */
import type { BridgeConfig } from "@l2lab/l2/BridgeConfig"
import type { HubConfig } from "@l2lab/l2/Hub"
import type { EndStationConfig } from "@l2lab/l3/EndStation"
import type { HostConfig, PortGroupConfig } from "@l2lab/hypervisor/HostConfig"
import type { LinkSpec, NodeSpec, WorldSpec } from "@l2lab/sim/World"
import type { WorldCommand } from "@l2lab/sim/WorldCommand"
import type { MstiPortSettings, MstpConfig, PortSettings as MstPortSettings, VlanRange } from "@l2lab/stp/mstp/Settings"
import * as PvstSettings from "@l2lab/stp/pvst/Settings"
import type { PvstConfig, VlanSettings } from "@l2lab/stp/pvst/Settings"
import type { PortSettings as RstpPortSettings, Rstp2004Config } from "@l2lab/stp/rstp2004/Settings"
import type { PortSettings as StpPortSettings, Stp1998Config } from "@l2lab/stp/stp1998/Settings"
import * as PairDevices from "./PairDevices.ts"
import { type Directory, interfacesOf, of as directoryOf } from "./Directory.ts"
import * as Discovery from "./Discovery.ts"
import { toolkitOf } from "./PortGuards.ts"
import * as Dtp from "./Dtp.ts"
import * as PortChannels from "./PortChannels.ts"
import * as Vtp from "./Vtp.ts"
import {
  type HypervisorNode,
  linkOfPort,
  type Network,
  type NetworkNode,
  type PortSettings,
  type SpanningTreeSettings,
  type SwitchNode,
} from "./Network.ts"
import * as Udld from "./Udld.ts"

/** What a world is made from: `World.make` of `@l2lab/sim` takes it as it is. */
export interface WorldPlan extends WorldSpec {
  readonly seed: number
  /** To be given to the world at the start, before anything happens: ports that begin shut down. */
  readonly commands: ReadonlyArray<WorldCommand>
}

/** A plan and what people call its parts. */
export interface Built {
  readonly plan: WorldPlan
  readonly directory: Directory
}

/** Build a network. */
export const build = (network: Network): Built => ({ plan: planOf(network), directory: directoryOf(network) })

/** The plan alone. */
export const planOf = (network: Network): WorldPlan => ({
  seed: network.seed,
  nodes: nodeSpecs(network),
  links: network.links.map(
    ({ name, a, b, rateBps, latencyNs, mtu, queueOctets, lossRatio, corruptionRatio, fullDuplex }): LinkSpec => ({
      name,
      a,
      b,
      rateBps,
      latencyNs,
      mtu,
      queueOctets,
      lossRatio,
      corruptionRatio,
      fullDuplex,
    }),
  ),
  commands: network.nodes.flatMap((node, index) =>
    node.kind === "switch"
      ? node.settings.flatMap((port, p): ReadonlyArray<WorldCommand> =>
          port.shutdown ? [{ type: "port.disable", node: index, port: p }] : [],
        )
      : [],
  ),
})

/** The kinds of devices that nodes become, as `Registry` holds them. */
export const DEVICE_KIND = { switch: "bridge", hub: "hub", host: "host", hypervisor: "hypervisor-host" } as const
/** Those that the switches of pairs become. */
export const PAIR_DEVICE_KIND = { vss: "chassis", vpc: "mlag-peer" } as const

const nodeSpecs = (network: Network): ReadonlyArray<NodeSpec> => {
  const links = linkOfPort(network)
  const spoken: Spoken = { udld: Udld.runsIn(network), pagp: PortChannels.speaksPagp(network) }
  return network.nodes.map((node, index): NodeSpec => {
    if (node.kind === "switch" && node.pair !== undefined) return pairSpec(network, links, node, index, spoken)
    return {
      name: node.name,
      kind: DEVICE_KIND[node.kind],
      config: configOf(node, () => interfacesOf(network, index, links[index]), spoken),
    }
  })
}

/** A switch of a pair. Both chassis of a virtual switching system have the bridge that they are together. */
const pairSpec = (
  network: Network,
  links: ReadonlyArray<Int32Array>,
  node: SwitchNode,
  index: number,
  spoken: Spoken,
): NodeSpec => {
  const { member, pair: position, type } = node.pair!
  const pair = network.pairs[position]
  const kind = PAIR_DEVICE_KIND[type]
  const named = (at: number) => interfacesOf(network, at, links[at])
  if (pair.type === "vpc") {
    const bridge = bridgeConfig(node, () => named(index), spoken)
    return { name: node.name, kind, config: PairDevices.peerConfig(pair, node, member, bridge) }
  }
  const bridge = bridgeConfig(pair.joint, () => pair.nodes.flatMap(named), spoken)
  return { name: node.name, kind, config: PairDevices.chassisConfig(pair, network, member, bridge) }
}

const configOf = (
  node: NetworkNode,
  interfaces: () => ReadonlyArray<string>,
  spoken: Spoken,
): BridgeConfig | HubConfig | EndStationConfig | HostConfig => {
  switch (node.kind) {
    case "switch":
      return bridgeConfig(node, interfaces, spoken)
    case "hub":
      return { ports: node.ports } satisfies HubConfig
    case "host":
      return {
        ...node.station,
        ...(node.silent ? { silent: true } : {}),
        ...(node.tag === undefined ? {} : { tag: node.tag }),
      } satisfies EndStationConfig
    case "hypervisor":
      return hostConfig(node)
  }
}

/** What any switch of the network speaks: those that do not take its messages and drop them. */
interface Spoken {
  readonly udld: boolean
  readonly pagp: boolean
}

/** The bridge of a switch. `interfaces` are what it calls its ports, where it tells neighbours. */
export const bridgeConfig = (
  node: SwitchNode,
  interfaces: () => ReadonlyArray<string> = () => [],
  { pagp, udld }: Spoken = { udld: false, pagp: false },
): BridgeConfig => {
  const whole = PortChannels.withChannels(node)
  return {
    address: node.address,
    ports: node.settings.map((port) => port.vlans),
    ...PortChannels.bundlesOf(node),
    vlans: node.room,
    ...(node.vtp === undefined ? {} : { existing: node.vlans, vtpDomain: node.vtp.domain }),
    ageingNs: node.ageingNs,
    capacity: node.camEntries,
    staticEntries: node.staticEntries,
    protocols: [
      ...spanningTreeOf(whole),
      ...Vtp.protocolOf(whole),
      ...Dtp.protocolOf(whole),
      ...PortChannels.protocolsOf(node, interfaces, pagp),
      ...Discovery.protocolsOf(node, interfaces),
      ...Udld.protocolsOf(node, interfaces, udld),
    ],
    ...treesOf(node),
    reserved: node.reserved,
    ...(node.errdisable === undefined ? {} : { errdisable: node.errdisable }),
    ...controlPlaneOf(whole),
    ...(node.linkStateGroups === undefined ? {} : { linkStateGroups: node.linkStateGroups }),
    ...(node.macMove === undefined ? {} : { macMove: node.macMove }),
    ...ofPorts(whole, "stormControl"),
    ...ofPorts(whole, "portSecurity"),
    // The default is left to the bridge.
    ...(node.controlClass ? {} : { controlClass: false }),
  }
}

/** The processor's limits, with the rates of ports that have one of their own. */
const controlPlaneOf = ({ controlPlane, settings }: SwitchNode): Pick<BridgeConfig, "controlPlane"> => {
  if (settings.every(({ pduRate }) => pduRate === undefined)) return controlPlane === undefined ? {} : { controlPlane }
  return { controlPlane: { ...controlPlane, pduRates: settings.map(({ pduRate }) => pduRate) } }
}

/** A key of the bridge that has something for some of its ports. */
const ofPorts = <K extends "stormControl" | "portSecurity">(node: SwitchNode, key: K): Pick<BridgeConfig, K> | object =>
  node.settings.some((port) => port[key] !== undefined) ? { [key]: node.settings.map((port) => port[key]) } : {}

const spanningTreeOf = (node: SwitchNode): BridgeConfig["protocols"] => {
  switch (node.spanningTree.protocol) {
    case "none":
      return []
    case "stp":
      return [{ kind: "stp1998", config: { ...stp1998Config(node), ...toolkitOf(node) } }]
    case "rstp":
      return [{ kind: "rstp2004", config: { ...rstp2004Config(node), ...toolkitOf(node) } }]
    case "pvst":
    case "rapid-pvst":
      return [{ kind: node.spanningTree.protocol, config: { ...pvstConfig(node), ...toolkitOf(node) } }]
    case "mst":
      return [{ kind: "mstp", config: { ...mstpConfig(node), ...toolkitOf(node) } }]
  }
}

/** Several trees are the relay's business too: which one each VLAN follows, or room for those that the protocol maps VLANs to itself. */
const treesOf = (node: SwitchNode): Pick<BridgeConfig, "treeOfVlan" | "trees"> => {
  const { maximumInstances, protocol, region } = node.spanningTree
  if (protocol === "mst") return { trees: 1 + region.instances.length }
  if (protocol !== "pvst" && protocol !== "rapid-pvst") return {}
  return { treeOfVlan: PvstSettings.treeOfVlan(node.room, maximumInstances === undefined ? {} : { maximumInstances }) }
}

const SECOND = 1e9

/** 802.1D-1998 of a switch. */
export const stp1998Config = (node: SwitchNode): Stp1998Config => {
  const { priority, helloTimeNs, maxAgeNs, forwardDelayNs, pathCost, profile } = node.spanningTree
  // Ports beyond the last that differs from the defaults need not be told.
  const ports = node.settings.map((port) => stpPort(port, node.spanningTree.edgePorts))
  const last = ports.findLastIndex((port) => port.pathCost !== undefined || port.priority !== 128 || port.adminEdge === true)
  return {
    priority,
    ports: ports.slice(0, last + 1),
    helloTime: helloTimeNs / SECOND,
    maxAge: maxAgeNs / SECOND,
    forwardDelay: forwardDelayNs / SECOND,
    pathCostMethod: pathCost,
    profile,
  }
}

const stpPort = (port: PortSettings, edgePorts: EdgePorts): StpPortSettings => ({
  priority: port.priority,
  ...(port.cost === undefined ? {} : { pathCost: port.cost }),
  ...((port.edge ?? isEdgeUnlessToldOtherwise(port, edgePorts)) ? { adminEdge: true } : {}),
})

type EdgePorts = SpanningTreeSettings["edgePorts"]

const isEdgeUnlessToldOtherwise = ({ toHost, vlans }: PortSettings, edgePorts: EdgePorts): boolean =>
  (edgePorts !== "none" && vlans.mode === "access") || (edgePorts === "hosts" && toHost === true)

/** 802.1D-2004 of a switch. */
export const rstp2004Config = (node: SwitchNode): Rstp2004Config => {
  const { edgePorts, priority, helloTimeNs, maxAgeNs, forwardDelayNs, pathCost, transmitHoldCount } = node.spanningTree
  return {
    priority,
    ports: node.settings.map((port) => rstpPort(port, edgePorts)),
    helloTime: helloTimeNs / SECOND,
    maxAge: maxAgeNs / SECOND,
    forwardDelay: forwardDelayNs / SECOND,
    txHoldCount: transmitHoldCount,
    pathCostMethod: pathCost,
  }
}

const rstpPort = (port: PortSettings, edgePorts: EdgePorts): RstpPortSettings => ({
  ...stpPort(port, edgePorts),
  ...(port.autoEdge === undefined ? {} : { autoEdge: port.autoEdge }),
  ...(port.linkType === undefined || port.linkType === "auto"
    ? {}
    : { adminPointToPointMAC: port.linkType === "point-to-point" }),
})

/** PVST+ or Rapid PVST+ of a switch. */
export const pvstConfig = (node: SwitchNode): PvstConfig => {
  const { edgePorts, maximumInstances, profile, protocol, transmitHoldCount } = node.spanningTree
  const { priority, helloTimeNs, maxAgeNs, forwardDelayNs, pathCost } = node.spanningTree
  return {
    priority,
    ports: node.settings.map((port) => rstpPort(port, edgePorts)),
    helloTime: helloTimeNs / SECOND,
    maxAge: maxAgeNs / SECOND,
    forwardDelay: forwardDelayNs / SECOND,
    pathCostMethod: pathCost,
    vlans: ofVlans(node),
    ...(maximumInstances === undefined ? {} : { maximumInstances }),
    ...(protocol === "pvst" ? { profile } : { txHoldCount: transmitHoldCount }),
  }
}

/** What single VLANs have of their own, on the switch and on its ports. */
const ofVlans = (node: SwitchNode): NonNullable<PvstConfig["vlans"]> => {
  const existing = new Set(node.room)
  const vlans: Record<number, VlanSettings> = {}
  for (const { vlans: ids, priority, helloTimeNs, maxAgeNs, forwardDelayNs } of node.spanningTree.ofVlans) {
    for (const id of ids) {
      vlans[id] = {
        priority,
        helloTime: helloTimeNs / SECOND,
        maxAge: maxAgeNs / SECOND,
        forwardDelay: forwardDelayNs / SECOND,
      }
    }
  }
  node.settings.forEach((settings, port) => {
    for (const { vlans: ids, cost, priority } of settings.ofVlans ?? []) {
      for (const id of ids) {
        if (!existing.has(id)) continue
        const ports = [...(vlans[id]?.ports ?? node.settings.map(() => ({})))]
        ports[port] = { ...(cost === undefined ? {} : { pathCost: cost }), ...(priority === undefined ? {} : { priority }) }
        vlans[id] = { ...vlans[id], ports }
      }
    }
  })
  return vlans
}

/** MSTP of a switch. */
export const mstpConfig = (node: SwitchNode): MstpConfig => {
  const { edgePorts, maxHops, ofInstances, pvstSimulation, region, transmitHoldCount } = node.spanningTree
  const { priority, helloTimeNs, maxAgeNs, forwardDelayNs, pathCost } = node.spanningTree
  const priorities = new Map(ofInstances.map((own) => [own.mstid, own.priority]))
  return {
    region: {
      name: region.name,
      revision: region.revision,
      instances: Object.fromEntries(region.instances.map(({ mstid, vlans }) => [mstid, rangesOf(vlans)])),
    },
    priority,
    ports: node.settings.map((port) => mstPort(port, edgePorts)),
    mstis: Object.fromEntries(
      region.instances.map(({ mstid }) => [
        mstid,
        {
          ...(priorities.has(mstid) && { priority: priorities.get(mstid)! }),
          ports: node.settings.map((port) => inInstance(port, mstid)),
        },
      ]),
    ),
    helloTime: helloTimeNs / SECOND,
    maxAge: maxAgeNs / SECOND,
    forwardDelay: forwardDelayNs / SECOND,
    txHoldCount: transmitHoldCount,
    maxHops,
    ...(pvstSimulation ? { pvstSimulation } : {}),
    pathCostMethod: pathCost,
  }
}

const mstPort = (port: PortSettings, edgePorts: EdgePorts): MstPortSettings => {
  const { pathCost, ...common } = rstpPort(port, edgePorts)
  const { internalPathCost, priority } = inInstance(port, 0)
  return {
    ...common,
    ...(priority === undefined ? {} : { priority }),
    ...(pathCost === undefined ? {} : { externalPathCost: pathCost }),
    ...(internalPathCost === undefined ? {} : { internalPathCost }),
  }
}

/** What a port has of its own in an instance. */
const inInstance = ({ ofInstances }: PortSettings, mstid: number): MstiPortSettings => {
  const own = ofInstances?.find(({ mstids }) => mstids.includes(mstid))
  return {
    ...(own?.cost === undefined ? {} : { internalPathCost: own.cost }),
    ...(own?.priority === undefined ? {} : { priority: own.priority }),
  }
}

const rangesOf = (sorted: ReadonlyArray<number>): ReadonlyArray<VlanRange> => {
  const ranges: Array<[first: number, last: number]> = []
  for (const vlan of sorted) {
    const last = ranges.at(-1)
    if (last !== undefined && last[1] === vlan - 1) last[1] = vlan
    else ranges.push([vlan, vlan])
  }
  return ranges
}

/** The device of a hypervisor: one vSwitch over all its uplinks. */
export const hostConfig = (node: HypervisorNode): HostConfig => ({
  address: node.address,
  uplinks: node.ports,
  memoryMib: node.memoryMib,
  vSwitches: [
    {
      name: "vSwitch0",
      uplinks: Array.from({ length: node.ports }, (_, nic) => nic),
      portGroups: node.portGroups.map(({ name, vlan, active, standby }): PortGroupConfig => ({
        name,
        ...(vlan === undefined ? {} : { vlan }),
        ...(active === undefined && standby === undefined
          ? {}
          : {
              teaming: {
                policy: "explicit",
                ...(active === undefined ? {} : { active }),
                ...(standby === undefined ? {} : { standby }),
              },
            }),
      })),
      notifySwitches: node.notifySwitches,
    },
  ],
  vmkernel: node.vmkernel.map(({ name, portGroup, station, mtu, services }) => ({ name, portGroup, ...station, mtu, services })),
  vmSlots: node.vmSlots,
  vms: node.vms.map((vm) => ({
    id: vm.id,
    name: vm.name,
    portGroup: vm.portGroup,
    ...vm.station,
    memoryMib: vm.memoryMib,
    touchedMib: vm.touchedMib,
    writes: { pagesPerSecond: vm.pagesPerSecond, workingSetPages: vm.workingSetPages },
    poweredOn: vm.poweredOn,
  })),
  services: node.vmkernel.some((vmk) => vmk.services.includes("vmotion")) ? [{ kind: "vmotion", config: node.vmotion }] : [],
})
