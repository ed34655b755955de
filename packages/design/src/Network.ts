/**
 * A design with everything said: generators expanded, defaults filled in, quantities as numbers, every cable on its port, every
 * address given. What the rules judge and what a world is built from. Plain data.
 */
import type { StaticEntry, SwitchPort } from "@l2lab/l2/BridgeConfig"
import type { PortRole } from "@l2lab/l2/Announcing"
import type { Mode as UdldMode } from "@l2lab/l2/udld/State"
import type { ControlPlaneConfig } from "@l2lab/l2/ControlPlane"
import type { ErrdisableConfig } from "@l2lab/l2/Errdisable"
import type { LinkStateGroup } from "@l2lab/l2/LinkState"
import type { MacAddress } from "@l2lab/l2/MacAddress"
import type { MacMoveConfig } from "@l2lab/l2/MacMove"
import type { PortSecurityConfig } from "@l2lab/l2/PortSecurity"
import type { StormControlConfig } from "@l2lab/l2/StormControl"
import type { Ipv4Address } from "@l2lab/l3/Ipv4Address"
import type { PortGuards, ToolkitConfig } from "@l2lab/stp/toolkit/Settings"
import type { VmotionConfig } from "@l2lab/migration/VmotionConfig"
import type { DurationNs } from "@l2lab/sim/SimTime"
import type { Path } from "./DesignError.ts"
import type { DtpSettings } from "./Dtp.ts"
import type { Pair, PairMember } from "./Pairs.ts"
import type { ChannelSettings } from "./PortChannels.ts"
import type { Protocol } from "./SpanningTreeBlocks.ts"
import type { VtpSettings } from "./Vtp.ts"
import type { UdldSettings } from "./Udld.ts"

/** A VLAN of the design. */
export interface Vlan {
  readonly id: number
  /** As given; `default` for VLAN 1, else `VLAN0010`. */
  readonly name: string
}

/** What a tree has of its own, and what a switch has for all its trees. */
export interface TreeSettings {
  readonly priority: number
  readonly helloTimeNs: DurationNs
  readonly maxAgeNs: DurationNs
  readonly forwardDelayNs: DurationNs
  /** Where the design says it: the nearest block that has the key. Keys that no block has are absent. */
  readonly paths: Readonly<Record<string, Path>>
}

/** Settings of the trees of some VLANs. */
export interface VlanTreeSettings extends TreeSettings {
  /** Sorted. */
  readonly vlans: ReadonlyArray<number>
}

/** Spanning tree settings of one switch. */
export interface SpanningTreeSettings extends TreeSettings {
  readonly protocol: Protocol
  readonly pathCost: "short" | "long"
  readonly profile: "standard" | "linux" | "openvswitch"
  readonly transmitHoldCount: number
  /** Which ports that do not say are edge ports: those in access mode, or trunks to hosts as well. */
  readonly edgePorts: "none" | "access" | "hosts"
  /** Most trees of the platform; absent: no limit. */
  readonly maximumInstances?: number
  /** VLANs that have something of their own. */
  readonly ofVlans: ReadonlyArray<VlanTreeSettings>
  readonly region: RegionSettings
  readonly maxHops: number
  readonly pvstSimulation: boolean
  /** Guards that the switch says something of, ports apart. */
  readonly guards?: ToolkitConfig
  /** Instances that have something of their own. */
  readonly ofInstances: ReadonlyArray<InstanceTreeSettings>
}

/** A region of multiple spanning trees. */
export interface RegionSettings {
  readonly name: string
  readonly revision: number
  /** By number; the CIST is not among them. */
  readonly instances: ReadonlyArray<{ readonly mstid: number; readonly vlans: ReadonlyArray<number> }>
}

/** Settings of one instance. */
export interface InstanceTreeSettings {
  readonly mstid: number
  readonly priority: number
  readonly path: Path
}

/** What a port has of its own in some instances, 0 being the CIST within the region. */
export interface InstancePortSettings {
  /** Sorted. */
  readonly mstids: ReadonlyArray<number>
  readonly cost?: number
  readonly priority?: number
  readonly path: Path
}

/** What a port has of its own in the trees of some VLANs. */
export interface VlanPortSettings {
  /** Sorted. */
  readonly vlans: ReadonlyArray<number>
  readonly cost?: number
  readonly priority?: number
  readonly path: Path
}

/** Settings of one switch port. */
export interface PortSettings {
  /** How the relay treats the port. */
  readonly vlans: SwitchPort
  /** A host or a hypervisor is plugged in. */
  readonly toHost?: true
  /** Absent: the port is what it is, and negotiates where the switch speaks DTP. */
  readonly dtp?: DtpSettings
  readonly description?: string
  readonly shutdown: boolean
  /** Spanning tree path cost; by rate when absent. */
  readonly cost?: number
  /** Spanning tree port priority. */
  readonly priority: number
  /** What the design says of rapid spanning tree on the port; absent where it says nothing. */
  readonly edge?: boolean
  readonly autoEdge?: boolean
  readonly linkType?: "auto" | "point-to-point" | "shared"
  /** Guards that the port says something of; and whether it asks for loop guard, though another goes before that. */
  readonly guards?: PortGuards
  readonly saysLoopGuard?: boolean
  /** Absent where no VLAN has anything of its own. */
  readonly ofVlans?: ReadonlyArray<VlanPortSettings>
  /** Absent where no instance has anything of its own. */
  readonly ofInstances?: ReadonlyArray<InstancePortSettings>
  /** What the port takes; absent: all that comes. */
  readonly stormControl?: StormControlConfig
  readonly portSecurity?: PortSecurityConfig
  /** PDUs a second that the port hands to the processor; absent: as the switch says. */
  readonly pduRate?: number
  /** What it does of LLDP and CDP; absent: as the switch. */
  readonly lldp?: PortRole
  readonly cdp?: boolean
  /** UDLD, where the port says something of it. */
  readonly udld?: UdldMode
  /** Where the port's settings stand; absent for a port that nothing is said about. */
  readonly path?: Path
}

/** LLDP of a switch. Times in seconds, as written. */
export interface LldpSettings {
  readonly intervalSeconds: number
  readonly holdMultiplier: number
  readonly reinitSeconds: number
  /** Where the key stands. */
  readonly path: Path
}

/** CDP of a switch, likewise. */
export interface CdpSettings {
  readonly intervalSeconds: number
  readonly holdSeconds: number
  readonly path: Path
}

interface NodeBase {
  readonly name: string
  /** Where the node stands in the design; the farm that generated it. */
  readonly path: Path
  /** Number of link ports. */
  readonly ports: number
}

/** A switch: a bridge with everything that its ports are told. */
export interface SwitchNode extends NodeBase {
  readonly kind: "switch"
  readonly address: MacAddress
  /** By port, from 0. Ports without settings of their own share objects. */
  readonly settings: ReadonlyArray<PortSettings>
  /** VLANs that exist on the switch at the start, sorted; and those that it has room for, which are the same without VTP. */
  readonly vlans: ReadonlyArray<number>
  readonly room: ReadonlyArray<number>
  /** Absent: it runs no VTP. */
  readonly vtp?: VtpSettings
  /** Whether it speaks DTP, and where that is said; absent: nobody asks for it. */
  readonly dtp?: { readonly speaks: boolean; readonly path: Path }
  readonly ageingNs: DurationNs
  readonly camEntries: number
  readonly reserved: "drop" | "flood"
  /** Whether BPDUs go before waiting data. */
  readonly controlClass: boolean
  readonly spanningTree: SpanningTreeSettings
  readonly staticEntries: ReadonlyArray<StaticEntry>
  /** How ports that were taken out of service come back; absent: the bridge's default. */
  readonly errdisable?: ErrdisableConfig
  /** What its processor takes; absent: everything. */
  readonly controlPlane?: ControlPlaneConfig
  /** When a host that moves is told of; absent: never. */
  readonly macMove?: MacMoveConfig
  /** Absent where it does not run. */
  readonly lldp?: LldpSettings
  readonly cdp?: CdpSettings
  /** Absent where UDLD runs on no port and nothing is said of it. */
  readonly udld?: UdldSettings
  /** Absent where it bundles nothing. */
  readonly channels?: ChannelSettings
  /** Link-state tracking, by bridge port; absent: no port follows others. */
  readonly linkStateGroups?: ReadonlyArray<LinkStateGroup>
  /** Where blocks of the switch stand that `defaults.switch` may hold too. */
  readonly paths: Readonly<Record<string, Path>>
  /** Absent for a switch by itself. */
  readonly pair?: PairMember
}

/** A hub: it repeats what it hears. */
export interface HubNode extends NodeBase {
  readonly kind: "hub"
}

/** Who has an IPv4 address. */
export interface Station {
  readonly mac: MacAddress
  readonly address: Ipv4Address
  readonly prefixLength: number
  readonly gateway?: Ipv4Address
}

/** A host with one adapter. */
export interface HostNode extends NodeBase {
  readonly kind: "host"
  readonly station: Station
  /** VLAN that the host wants on its switch port; absent when the design does not say. */
  readonly vlan?: number
  /** VLAN in which it sends and hears tagged frames. */
  readonly tag?: number
  readonly silent: boolean
}

/** A port group of the hypervisor's vSwitch. */
export interface PortGroup {
  readonly name: string
  /** Absent: untagged. */
  readonly vlan?: number
  /** Uplinks in failover order, from 0; absent: all, by originating virtual port. */
  readonly active?: ReadonlyArray<number>
  readonly standby?: ReadonlyArray<number>
}

/** A VMkernel interface of a hypervisor. */
export interface Vmkernel {
  readonly name: string
  readonly path: Path
  readonly portGroup: string
  readonly station: Station
  readonly mtu: number
  readonly services: ReadonlyArray<"management" | "vmotion">
}

/** A VM on the hypervisor that it starts on. Memory in MiB. */
export interface Vm {
  /** From 1, in the order of the design. */
  readonly id: number
  readonly name: string
  readonly path: Path
  readonly portGroup: string
  readonly station: Station
  readonly memoryMib: number
  readonly touchedMib: number
  readonly pagesPerSecond: number
  readonly workingSetPages: number
  readonly poweredOn: boolean
}

/** A hypervisor with its port groups, VMkernel interfaces and VMs. */
export interface HypervisorNode extends NodeBase {
  readonly kind: "hypervisor"
  readonly address: MacAddress
  readonly memoryMib: number
  readonly portGroups: ReadonlyArray<PortGroup>
  readonly notifySwitches: boolean
  /** What the design says of vMotion; the rest are its own defaults. */
  readonly vmotion: VmotionConfig
  readonly vmkernel: ReadonlyArray<Vmkernel>
  readonly vmSlots: number
  readonly vms: ReadonlyArray<Vm>
}

/** Any node, told apart by `kind`. */
export type NetworkNode = SwitchNode | HubNode | HostNode | HypervisorNode

/** One end of a link: index of the node, index of its port from 0. */
export interface LinkEnd {
  readonly node: number
  readonly port: number
}

/** A link with all its figures: bits per second, nanoseconds, octets, ratios from 0 to 1. */
export interface NetworkLink {
  readonly name: string
  readonly path: Path
  readonly a: LinkEnd
  readonly b: LinkEnd
  readonly rateBps: number
  readonly latencyNs: DurationNs
  readonly mtu: number
  readonly queueOctets: number
  readonly lossRatio: number
  readonly corruptionRatio: number
  /** Of both ends, or of `a` and `b`. */
  readonly fullDuplex: boolean | readonly [a: boolean, b: boolean]
}

export interface Network {
  readonly name: string
  readonly seed: number
  /** A record of what exists: limits of the standard that it breaks are warned of only. */
  readonly asBuilt: boolean
  /** Sorted by id. */
  readonly vlans: ReadonlyArray<Vlan>
  readonly nodes: ReadonlyArray<NetworkNode>
  readonly links: ReadonlyArray<NetworkLink>
  readonly pairs: ReadonlyArray<Pair>
  /** Rate that a port without a cable is shown with. */
  readonly defaultRateBps: number
}

/** The other end of each cable: for each node, for each port from 0, the link's index, or -1. */
export const linkOfPort = (network: Network): ReadonlyArray<Int32Array> => {
  const table = network.nodes.map((node) => new Int32Array(node.ports).fill(-1))
  network.links.forEach((link, index) => {
    table[link.a.node][link.a.port] = index
    table[link.b.node][link.b.port] = index
  })
  return table
}

/** The end of `link` that is not (node, port). */
export const otherEnd = (link: NetworkLink, node: number, port: number): LinkEnd =>
  link.a.node === node && link.a.port === port ? link.b : link.a
