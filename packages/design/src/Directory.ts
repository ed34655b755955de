/** What people call things: names of ports, VLANs, VMs and addresses, for tables, captures and scripts. Plain data beside a world. */
import type { MacAddress } from "@l2lab/l2/MacAddress"
import type { Ipv4Address } from "@l2lab/l3/Ipv4Address"
import type { NodeKind } from "./NodeBlocks.ts"
import type { PairType } from "./PairBlocks.ts"
import type { Pair, VssPair } from "./Pairs.ts"
import { endOf } from "./Scalars.ts"
import type { Protocol } from "./SpanningTreeBlocks.ts"
import * as InterfaceName from "./InterfaceName.ts"
import { type Bundle, bundleAt, bundlesIn, nameOfEnd, ownerAt } from "./Bundling.ts"
import { untagged } from "./rules/vlans.ts"
import { type LinkEnd, linkOfPort, type Network, type NetworkNode, otherEnd, type Vlan } from "./Network.ts"

/** A link port as people know it. */
export interface PortEntry extends InterfaceName.InterfaceName {
  /** `sw1:1`: as designs and captures call it. */
  readonly end: string
  /** Index of its link, -1 without a cable; and which end of it the port is. */
  readonly link: number
  readonly linkEnd?: "a" | "b"
  /** The port at the other end of its cable, `sw2:1`; absent without one. */
  readonly peer?: string
  readonly description?: string
  /** Of a port-channel: its link ports, from 0. */
  readonly members?: ReadonlyArray<number>
}

/** A node as people know it. */
export interface NodeEntry {
  readonly name: string
  readonly kind: NodeKind
  /** The bridge's, host's or hypervisor's own address; absent for a hub. */
  readonly mac?: MacAddress
  readonly ports: ReadonlyArray<PortEntry>
  /** By bridge port: the ports, and behind them the port-channels of a switch (`sw1:Po1`). */
  readonly bridgePorts: ReadonlyArray<PortEntry>
  /** Of a switch: what it runs, its VLANs, and the instances of its region. */
  readonly spanningTree?: SpanningTreeEntry
  /** Of a switch of a pair. */
  readonly pair?: PairPlace
}

/** Where in a pair a switch is. */
export interface PairPlace {
  /** Position in the directory's pairs. */
  readonly pair: number
  /** Which of its two, from 0. */
  readonly member: 0 | 1
  /** The bridge port that is its first port: of a chassis, whose bridge has the ports of both. */
  readonly firstPort: number
  /** Slots of a chassis' line cards. */
  readonly cards: ReadonlyArray<number>
}

/** Two switches as one. */
export interface PairEntry {
  readonly name: string
  readonly type: PairType
  readonly nodes: readonly [number, number]
}

/** The trees of a switch as people name them. */
export interface SpanningTreeEntry {
  readonly protocol: Protocol
  readonly vlans: ReadonlyArray<number>
  readonly instances: ReadonlyArray<number>
}

/** Who answers at an IPv4 address when the design starts. */
export interface StationEntry {
  /** `pc1`, `web-1`, `esx-1 vmk0`. */
  readonly name: string
  readonly kind: "host" | "vm" | "vmkernel"
  /** Index of the node that it lives in; a VM may move. */
  readonly node: number
  readonly mac: MacAddress
  readonly address: Ipv4Address
  readonly prefixLength: number
  /** The VLAN that its frames are in at the switch; -1 where that refuses them, 1 where there is none. */
  readonly vlan: number
  /** Id of a VM. */
  readonly vm?: number
}

/** A VM as people know it, where it starts. */
export interface VmEntry {
  readonly id: number
  readonly name: string
  /** Index of the hypervisor that it starts on. */
  readonly node: number
  readonly portGroup: string
  readonly mac: MacAddress
  readonly address: Ipv4Address
}

export interface Directory {
  readonly name: string
  readonly vlans: ReadonlyArray<Vlan>
  /** By node index. */
  readonly nodes: ReadonlyArray<NodeEntry>
  /** By link index. */
  readonly links: ReadonlyArray<string>
  readonly vms: ReadonlyArray<VmEntry>
  readonly stations: ReadonlyArray<StationEntry>
  readonly pairs: ReadonlyArray<PairEntry>
  readonly pairByName: ReadonlyMap<string, PairEntry>
  readonly nodeByName: ReadonlyMap<string, number>
  readonly vmByName: ReadonlyMap<string, VmEntry>
  readonly vmById: ReadonlyMap<number, VmEntry>
  readonly stationByAddress: ReadonlyMap<Ipv4Address, StationEntry>
  readonly stationByMac: ReadonlyMap<MacAddress, StationEntry>
}

/** The directory of a network. */
export const of = (network: Network): Directory => {
  const table = linkOfPort(network)
  const stations = network.nodes.flatMap((node, index) => stationsOf(network, table, node, index))
  const vms = network.nodes.flatMap((node, index) =>
    node.kind === "hypervisor"
      ? node.vms.map((vm): VmEntry => ({
          id: vm.id,
          name: vm.name,
          node: index,
          portGroup: vm.portGroup,
          mac: vm.station.mac,
          address: vm.station.address,
        }))
      : [],
  )
  const ports = network.nodes.map((node, index) =>
    Array.from({ length: node.ports }, (_, port) => portEntry(network, node, index, port, table[index][port])),
  )
  const pairs = network.pairs.map(({ name, nodes, type }): PairEntry => ({ name, type, nodes }))
  const bundles = bundlesIn(network)
  return {
    name: network.name,
    vlans: network.vlans,
    nodes: network.nodes.map((node, index): NodeEntry => {
      const pair = vssOf(network, node)
      const links = pair === undefined ? ports[index] : pair.nodes.flatMap((at) => ports[at])
      return {
        name: node.name,
        kind: node.kind,
        ...macOf(node),
        ...treesOf(node),
        ports: ports[index],
        bridgePorts: [...links, ...channelEntries(network, table, bundles, pair?.joint ?? node)],
        ...placeOf(network, node),
      }
    }),
    pairs,
    pairByName: new Map(pairs.map((pair) => [pair.name, pair])),
    links: network.links.map((link) => link.name),
    vms,
    stations,
    nodeByName: new Map(network.nodes.map((node, index) => [node.name, index])),
    vmByName: new Map(vms.map((vm) => [vm.name, vm])),
    vmById: new Map(vms.map((vm) => [vm.id, vm])),
    stationByAddress: new Map(stations.map((station) => [station.address, station])),
    stationByMac: new Map(stations.map((station) => [station.mac, station])),
  }
}

/** The virtual switching system that a node is a chassis of: its bridge has the ports of both. */
const vssOf = ({ pairs }: Network, node: NetworkNode): VssPair | undefined => {
  const pair = node.kind === "switch" && node.pair !== undefined ? pairs[node.pair.pair] : undefined
  return pair?.type === "vss" ? pair : undefined
}

const placeOf = ({ nodes, pairs }: Network, node: NetworkNode): Pick<NodeEntry, "pair"> => {
  if (node.kind !== "switch" || node.pair === undefined) return {}
  const { member, pair } = node.pair
  const whole = pairs[pair]
  if (whole.type !== "vss") return { pair: { pair, member, firstPort: 0, cards: [] } }
  const firstPort = member === 1 ? nodes[whole.nodes[0]].ports : 0
  return { pair: { pair, member, firstPort, cards: whole.cards[member].map(({ slot }) => slot) } }
}

const treesOf = (node: NetworkNode): Pick<NodeEntry, "spanningTree"> =>
  node.kind !== "switch"
    ? {}
    : {
        spanningTree: {
          protocol: node.spanningTree.protocol,
          vlans: node.room,
          instances: node.spanningTree.region.instances.map(({ mstid }) => mstid),
        },
      }

const macOf = (node: NetworkNode): { readonly mac?: MacAddress } => {
  switch (node.kind) {
    case "switch":
    case "hypervisor":
      return { mac: node.address }
    case "host":
      return { mac: node.station.mac }
    case "hub":
      return {}
  }
}

/** The names of a node's port, by the rate of the link that is plugged in, if any; on a chassis with its number and the slot. */
const interfaceName = (network: Network, node: number, link: number, port: number): InterfaceName.InterfaceName =>
  InterfaceName.make(link < 0 ? network.defaultRateBps : network.links[link].rateBps, port + 1, slotOf(network, node, port))

const slotOf = (network: Network, index: number, port: number): string => {
  const pair = vssOf(network, network.nodes[index])
  if (pair === undefined) return "0"
  const member = pair.nodes[0] === index ? 0 : 1
  const card = pair.cards[member].find(({ ports }) => ports.includes(port))
  return `${member + 1}/${card?.slot ?? 1}`
}

/** What a switch calls its ports in full, `GigabitEthernet0/1`. `links` are those of its ports, as `linkOfPort` has them. */
export const interfacesOf = (network: Network, node: number, links: Int32Array): ReadonlyArray<string> =>
  Array.from(links, (link, port) => interfaceName(network, node, link, port).name)

const portEntry = (network: Network, node: NetworkNode, index: number, port: number, linkIndex: number): PortEntry => {
  const link = linkIndex < 0 ? undefined : network.links[linkIndex]
  const other = link === undefined ? undefined : otherEnd(link, index, port)
  const name =
    node.kind === "hypervisor"
      ? { name: `vmnic${port}`, shortName: `vmnic${port}` }
      : node.kind === "host"
        ? { name: "eth0", shortName: "eth0" }
        : interfaceName(network, index, linkIndex, port)
  const description = node.kind === "switch" ? node.settings[port].description : undefined
  return {
    ...name,
    end: `${node.name}:${port + 1}`,
    link: linkIndex,
    ...(link === undefined ? {} : { linkEnd: link.a.node === index && link.a.port === port ? ("a" as const) : ("b" as const) }),
    ...(other === undefined ? {} : { peer: `${network.nodes[other.node].name}:${other.port + 1}` }),
    ...(description === undefined ? {} : { description }),
  }
}

/** A port-channel leads to where its first member does; one to a pair to the port-channel that the pair has there. */
const channelEntries = (
  network: Network,
  table: ReadonlyArray<Int32Array>,
  bundles: ReadonlyArray<Bundle>,
  owner: NetworkNode,
): ReadonlyArray<PortEntry> => {
  const at = bundleAt(bundles)
  return bundles
    .filter((bundle) => bundle.owner === owner)
    .map(({ channel: { members, number }, ends: [first] }): PortEntry => {
      const link = table[first.node][first.port]
      const far = link < 0 ? undefined : otherEnd(network.links[link], first.node, first.port)
      const pair = far === undefined ? undefined : pairAt(network, far)
      const isWithin = pair !== undefined && pair === pairAt(network, first)
      const channel = far === undefined || pair === undefined || isWithin ? undefined : at(far)?.channel
      const peer =
        far === undefined
          ? undefined
          : channel === undefined
            ? nameOfEnd(network, far)
            : `${ownerAt(network, far)}:Po${channel.number}`
      return {
        name: `Port-channel${number}`,
        shortName: `Po${number}`,
        end: `${owner.name}:Po${number}`,
        link: -1,
        members,
        ...(peer === undefined ? {} : { peer }),
      }
    })
}

/** The pair that an end is at. */
const pairAt = ({ nodes, pairs }: Network, { node }: LinkEnd): Pair | undefined => {
  const at = nodes[node]
  return at.kind === "switch" && at.pair !== undefined ? pairs[at.pair.pair] : undefined
}

const stationsOf = (
  network: Network,
  cables: ReadonlyArray<Int32Array>,
  node: NetworkNode,
  index: number,
): ReadonlyArray<StationEntry> => {
  if (node.kind !== "host" && node.kind !== "hypervisor") return []
  const untaggedVlan = untaggedVlanAt(network, cables, index)
  if (node.kind === "host")
    return [{ name: node.name, kind: "host", node: index, vlan: node.tag ?? untaggedVlan, ...identity(node.station) }]
  const vlanOf = new Map(node.portGroups.map(({ name, vlan }) => [name, vlan ?? untaggedVlan]))
  return [
    ...node.vmkernel.map((vmk): StationEntry => ({
      name: `${node.name} ${vmk.name}`,
      kind: "vmkernel",
      node: index,
      vlan: vlanOf.get(vmk.portGroup) ?? untaggedVlan,
      ...identity(vmk.station),
    })),
    ...node.vms.map((vm): StationEntry => ({
      name: vm.name,
      kind: "vm",
      node: index,
      vlan: vlanOf.get(vm.portGroup) ?? untaggedVlan,
      vm: vm.id,
      ...identity(vm.station),
    })),
  ]
}

/** The VLAN of the untagged frames of a node's first cable. */
const untaggedVlanAt = (network: Network, cables: ReadonlyArray<Int32Array>, node: number): number => {
  const port = cables[node].findIndex((link) => link >= 0)
  if (port < 0) return 1
  const other = otherEnd(network.links[cables[node][port]], node, port)
  const neighbour = network.nodes[other.node]
  return neighbour.kind === "switch" ? untagged(neighbour, other.port) : 1
}

const identity = ({
  mac,
  address,
  prefixLength,
}: {
  readonly mac: number
  readonly address: number
  readonly prefixLength: number
}) => ({
  mac,
  address,
  prefixLength,
})

/**
 * The node and port (indices from 0) that people mean by `sw1:1`, `sw1:Gi0/1`, `sw1:GigabitEthernet0/1` or `esx-1:vmnic0`; undefined when
 * there is none. For a node's only port its name alone will do.
 */
export const findPort = (directory: Directory, text: string): { readonly node: number; readonly port: number } | undefined => {
  const colon = text.indexOf(":")
  const owner = colon < 0 ? text : text.slice(0, colon)
  const node = directory.nodeByName.get(owner)
  if (node === undefined) {
    // `core:Te2/1/4` is at the chassis that has it.
    const pair = colon < 0 || endOf(text)?.port !== undefined ? undefined : directory.pairByName.get(owner)
    return pair?.type !== "vss"
      ? undefined
      : pair.nodes
          .map((member) => findPort(directory, `${directory.nodes[member].name}${text.slice(colon)}`))
          .find((place) => place !== undefined)
  }
  const { ports } = directory.nodes[node]
  if (colon < 0) return ports.length === 1 ? { node, port: 0 } : undefined
  const number = endOf(text)?.port
  const wanted = text.slice(colon + 1).toLowerCase()
  const port =
    number === undefined
      ? ports.findIndex((entry) => entry.shortName.toLowerCase() === wanted || entry.name.toLowerCase() === wanted)
      : number - 1
  return port >= 0 && port < ports.length ? { node, port } : undefined
}

/** A port of a bridge as people mean it: by its number among bridge ports, and the link ports that it is. */
export interface BridgePlace {
  readonly node: number
  readonly port: number
  /** One, or the members of a port-channel, by node and its own port. */
  readonly places: ReadonlyArray<{ readonly node: number; readonly port: number }>
}

/** Where a link port of a node's bridge is: at the node itself, but for a chassis, whose bridge has the ports of both. */
export const linkPlace = (
  { nodes, pairs }: Directory,
  node: number,
  link: number,
): { readonly node: number; readonly port: number } => {
  const { pair } = nodes[node]
  const whole = pair === undefined ? undefined : pairs[pair.pair]
  if (whole?.type !== "vss") return { node, port: link }
  const [one, two] = whole.nodes
  const first = nodes[one].ports.length
  return link < first ? { node: one, port: link } : { node: two, port: link - first }
}

/** The bridge port that a node's own port is. */
export const bridgePortOf = ({ nodes }: Directory, node: number, port: number): number =>
  port < 0 ? port : port + (nodes[node].pair?.firstPort ?? 0)

/** The same for `sw1:Po1` and `sw1:Port-channel1` too. */
export const findBridgePort = (directory: Directory, text: string): BridgePlace | undefined => {
  const place = findPort(directory, text)
  if (place !== undefined) {
    return { node: place.node, port: bridgePortOf(directory, place.node, place.port), places: [place] }
  }
  const [owner, wanted = ""] = text.split(":")
  const pair = directory.pairByName.get(owner)
  const node = directory.nodeByName.get(owner) ?? (pair?.type === "vss" ? pair.nodes[0] : undefined)
  if (node === undefined) return undefined
  const { bridgePorts } = directory.nodes[node]
  const port = bridgePorts.findIndex(
    ({ members, name, shortName }) =>
      members !== undefined && [name, shortName].some((known) => known.toLowerCase() === wanted.toLowerCase()),
  )
  if (port < 0) return undefined
  return { node, port, places: (bridgePorts[port].members ?? []).map((link) => linkPlace(directory, node, link)) }
}
