/** The blocks of a design file that describe nodes and VMs, as Schemas. Spanning tree has its own page. */
import { Schema } from "effect"
import { mapping, optional, required } from "./Key.ts"
import { LINK_STATE_KEYS } from "./LinkStateGroups.ts"
import { CHANNEL_KEYS, LOAD_BALANCE_KEYS } from "./PortChannels.ts"
import { PORT_DISCOVERY_KEYS, SWITCH_DISCOVERY_KEYS } from "./Discovery.ts"
import { RELAY_KEYS } from "./RelayGuards.ts"
import { TRAFFIC_KEYS } from "./TrafficKeys.ts"
import { DTP_KEYS, DTP_PORT_KEYS } from "./Dtp.ts"
import { VTP_KEYS } from "./Vtp.ts"
import { PORT_UDLD_KEYS, SWITCH_UDLD_KEYS } from "./Udld.ts"
import { PORT_KEYS, SpanningTree } from "./SpanningTreeBlocks.ts"
import { Address, integer, InterfaceAddress, Mac, Size, Text, Time, VlanId, VlanList, Vmnic, YesNo } from "./Scalars.ts"

/** One port of a switch. */
export const SwitchPort = Schema.Struct({
  description: optional(Text, { description: "A note for people.", otherwise: "none" }),
  mode: optional(Schema.Literals(["access", "trunk", "dynamic-auto", "dynamic-desirable"]), {
    description:
      "`access` carries one VLAN untagged, `trunk` carries many, all but the native one tagged; `dynamic-desirable` asks the other end for a trunk (DTP), `dynamic-auto` grants one.",
    otherwise: "trunk towards switches and hypervisors, access otherwise",
  }),
  vlan: optional(VlanId, { description: "VLAN of an access port.", otherwise: "the host's vlan, else 1" }),
  native: optional(VlanId, { description: "VLAN that travels untagged on a trunk.", default: 1 }),
  allowed: optional(VlanList, {
    description: "VLANs that a trunk carries; the native VLAN only if it is listed.",
    otherwise: "all VLANs of the switch",
  }),
  tagNative: optional(YesNo, { description: "Tag the native VLAN too, and refuse untagged frames.", default: false }),
  ...DTP_PORT_KEYS,
  shutdown: optional(YesNo, { description: "Start with the port administratively down.", default: false }),
  ...PORT_KEYS,
  ...TRAFFIC_KEYS,
  ...PORT_DISCOVERY_KEYS,
  ...PORT_UDLD_KEYS,
}).annotate({ expected: "a block of port settings like {mode: access, vlan: 10}" })
export type SwitchPort = typeof SwitchPort.Type

const Ports = integer("a number of ports from 1 to 4000", 1, 4000)

/** Keys of a switch that `defaults.switch` has too. */
export const SWITCH_KEYS = {
  ports: optional(Ports, { description: "Number of ports.", otherwise: "as many as the links and port settings need" }),
  spanningTree: optional(SpanningTree, {
    description: "Spanning tree of this switch, over the design's `spanningTree`.",
    otherwise: "the design's",
  }),
  vlans: optional(VlanList, {
    description: "VLANs that exist on the switch; frames of others are dropped.",
    otherwise: "all VLANs of the design",
  }),
  ageing: optional(Time, { description: "Ageing time of learnt addresses; 0s = they stay.", default: "300s" }),
  cam: optional(integer("a number of entries from 1 to 4000000", 1, 4_000_000), {
    description: "Addresses that the switch can hold.",
    default: 16384,
  }),
  reserved: optional(Schema.Literals(["drop", "flood"]), {
    description: "Frames to 01-80-C2-00-00-00..0F that no protocol takes: a bridge drops them, an unmanaged switch floods them.",
    default: "drop",
  }),
  controlClass: optional(YesNo, {
    description:
      "Whether BPDUs go before waiting data; with false they wait in the ordinary queue, as on platforms without a control class.",
    default: true,
  }),
  ...RELAY_KEYS,
  ...VTP_KEYS,
  ...DTP_KEYS,
  ...SWITCH_DISCOVERY_KEYS,
  ...SWITCH_UDLD_KEYS,
  ...LOAD_BALANCE_KEYS,
}

const kind = <K extends string>(value: K, isDefault: string) =>
  optional(Schema.Literals([value]), { description: `What the node is: ${value}.`, otherwise: isDefault })

const mac = (what: string) => optional(Mac, { description: `MAC address ${what}.`, otherwise: "made from the node's name" })

/** A switch: the default kind. */
export const SwitchNode = Schema.Struct({
  kind: kind("switch", "switch, unless keys of another kind are there"),
  ...SWITCH_KEYS,
  port: optional(mapping(SwitchPort, "a mapping from port numbers to settings, like {1: {mode: access, vlan: 10}}"), {
    description: "Settings of single ports by number from 1, or of ranges like `1-24`.",
    examples: [{ 1: { mode: "access", vlan: 10 }, "2-4": { mode: "trunk", allowed: [10, 20] } }],
  }),
  ...CHANNEL_KEYS,
  ...LINK_STATE_KEYS,
  mac: mac("of the bridge; its ports have the next ones, so leave room"),
}).annotate({ expected: "a block of switch settings like {ports: 4}" })
export type SwitchNode = typeof SwitchNode.Type

/** A hub: repeats every frame to all other ports. */
export const HubNode = Schema.Struct({
  kind: required(Schema.Literals(["hub"]), { description: "What the node is: hub. Required.", examples: ["hub"] }),
  ports: optional(Ports, { description: "Number of ports.", otherwise: "as many as the links need" }),
}).annotate({ expected: "a block of hub settings like {kind: hub, ports: 4}" })
export type HubNode = typeof HubNode.Type

/** A host: one adapter and an IPv4 stack. */
export const HostNode = Schema.Struct({
  kind: kind("host", "host where `address` or `gateway` is there"),
  address: required(InterfaceAddress, { description: "IPv4 address and prefix length. Required.", examples: ["10.0.10.5/24"] }),
  gateway: optional(Address, { description: "Where packets for other networks go.", otherwise: "none" }),
  vlan: optional(VlanId, { description: "VLAN of the access port that the host is plugged into.", default: 1 }),
  tag: optional(VlanId, {
    description: "VLAN in which a host on a trunk sends and hears tagged frames.",
    otherwise: "none, frames go untagged",
  }),
  silent: optional(YesNo, { description: "A silent host never sends anything: its address is in no table.", default: false }),
  mac: mac("of the adapter"),
}).annotate({ expected: "a block of host settings like {kind: host, address: 10.0.10.5/24}" })
export type HostNode = typeof HostNode.Type

/** What a guest writes to its memory while it runs. */
export const Writes = Schema.Struct({
  pagesPerSecond: optional(integer("a number of page writes a second from 0 to 10000000", 0, 10_000_000), {
    description: "Pages (of 4 KiB) written each second of guest run time.",
    default: 0,
  }),
  workingSet: optional(Size, { description: "The part of the memory that the writes fall on.", otherwise: "the touched memory" }),
}).annotate({ expected: "a block like {pagesPerSecond: 2000, workingSet: 64MiB}" })
export type Writes = typeof Writes.Type

/** Keys of a VM that `defaults.vm` has too. */
export const VM_KEYS = {
  memory: optional(Size, { description: "Memory of the guest, in whole MiB.", default: "1GiB" }),
  touched: optional(Size, {
    description: "Memory that the guest has touched since it booted; the rest is zero pages, which travel as a few octets.",
    otherwise: "all of it",
  }),
  portGroup: optional(Text, {
    description: "Port group that the guest's adapter is in.",
    otherwise: "the host's only port group that no vmkernel interface uses",
  }),
  writes: optional(Writes, { description: "How the guest writes to its memory.", otherwise: "no writes" }),
  poweredOn: optional(YesNo, { description: "Whether the VM runs from the start.", default: true }),
}

const GUEST_KEYS = {
  address: required(InterfaceAddress, {
    description: "IPv4 address and prefix length of the guest. Required.",
    examples: ["10.0.10.101/24"],
  }),
  gateway: optional(Address, { description: "Where packets for other networks go.", otherwise: "none" }),
  mac: optional(Mac, { description: "MAC address of the guest's adapter.", otherwise: "made from the VM's name" }),
}

/** A VM inside its hypervisor's block. */
export const NestedVm = Schema.Struct({ ...GUEST_KEYS, ...VM_KEYS }).annotate({
  expected: "a block of VM settings like {address: 10.0.10.101/24}",
})
export type NestedVm = typeof NestedVm.Type

/** A VM in the design's `vms`. */
export const Vm = Schema.Struct({
  host: required(Text, { description: "The hypervisor that the VM starts on. Required.", examples: ["esx-1"] }),
  ...GUEST_KEYS,
  ...VM_KEYS,
}).annotate({ expected: "a block of VM settings like {host: esx-1, address: 10.0.10.101/24}" })
export type Vm = typeof Vm.Type

/** A VMkernel interface of a hypervisor. */
export const Vmkernel = Schema.Struct({
  portGroup: required(Text, { description: "Port group that the interface is in. Required.", examples: ["vmotion"] }),
  address: required(InterfaceAddress, { description: "IPv4 address and prefix length. Required.", examples: ["10.0.20.1/24"] }),
  gateway: optional(Address, { description: "Where packets for other networks go.", otherwise: "none" }),
  mtu: optional(integer("an MTU from 576 to 9000 octets", 576, 9000), {
    description: "Largest IPv4 packet in octets.",
    default: 1500,
  }),
  services: optional(Schema.Array(Schema.Literals(["management", "vmotion"])).annotate({ expected: "a list like [vmotion]" }), {
    description: "What the interface is for: `management`, `vmotion`.",
    default: [],
    examples: [["vmotion"]],
  }),
  mac: optional(Mac, { description: "MAC address of the interface.", otherwise: "made from the host's name" }),
}).annotate({ expected: "a block like {portGroup: vmotion, address: 10.0.20.1/24, services: [vmotion]}" })
export type Vmkernel = typeof Vmkernel.Type

const Vmnics = Schema.Array(Vmnic).annotate({ expected: "a list of adapters like [vmnic0]" })

/** A port group in full. */
export const PortGroupBlock = Schema.Struct({
  vlan: optional(VlanId, {
    description: "VLAN tag of the port group's frames on the uplinks.",
    otherwise: "none, frames go untagged",
  }),
  active: optional(Vmnics, {
    description: "Uplinks in failover order: the first that is up carries everything.",
    otherwise: "the host's, by originating virtual port",
    examples: [["vmnic0"]],
  }),
  standby: optional(Vmnics, {
    description: "Uplinks that carry traffic only when no active one is up.",
    otherwise: "none",
    examples: [["vmnic1"]],
  }),
}).annotate({ expected: "a block like {vlan: 20, active: [vmnic1], standby: [vmnic0]}" })
export type PortGroupBlock = typeof PortGroupBlock.Type

/** A port group: nothing (untagged), a VLAN id, or the block. */
export const PortGroup = Schema.Union([Schema.Null, VlanId, PortGroupBlock]).annotate({
  expected: "a VLAN id, a block like {vlan: 20, active: [vmnic1]}, or nothing for untagged",
})
export type PortGroup = typeof PortGroup.Type

/** How vMotion behaves on a host. */
export const Vmotion = Schema.Struct({
  timeout: optional(Time, {
    description: "How long the other host may be silent before a migration is given up.",
    default: "20s",
  }),
  switchoverGoal: optional(Time, {
    description: "The VM is stunned when what is dirty can be sent within this time.",
    default: "500ms",
  }),
  maximumRounds: optional(integer("a number of rounds from 1 to 10000", 1, 10_000), {
    description: "Most pre-copy rounds.",
    default: 64,
  }),
  concurrent: optional(integer("a number of migrations from 1 to 64", 1, 64), {
    description: "Migrations that leave, and that arrive, at the same time; further ones wait.",
    default: 4,
  }),
}).annotate({ expected: "a block like {switchoverGoal: 500ms, concurrent: 4}" })
export type Vmotion = typeof Vmotion.Type

/** Keys of a hypervisor that `defaults.hypervisor` has too. */
export const HYPERVISOR_KEYS = {
  uplinks: optional(integer("a number of uplinks from 1 to 32", 1, 32), {
    description: "Physical adapters of the vSwitch; `vmnic0` is port 1.",
    otherwise: "as many as the links need",
  }),
  memory: optional(Size, { description: "Memory of the host for its VMs, in whole MiB.", default: "32GiB" }),
  portGroups: optional(mapping(PortGroup, "a mapping from port group names to VLANs, like {vms: 10, vmotion: 20}"), {
    description: "Port groups of the vSwitch, each with its VLAN.",
    otherwise: "`{vms: }`, untagged",
    examples: [{ vms: 10, vmotion: 20 }],
  }),
  notifySwitches: optional(YesNo, {
    description: "Whether the vSwitch announces with RARP every VM that arrives or moves to another uplink.",
    default: true,
  }),
  vmotion: optional(Vmotion, {
    description: "Settings of vMotion, which runs where a VMkernel interface has the service.",
  }),
  vmSlots: optional(integer("a number of VMs from 1 to 4000", 1, 4000), {
    description: "Most VMs that the host can hold, arriving ones included.",
    otherwise: "twice those it starts with, and 8 more",
  }),
}

/** A hypervisor host: uplinks, one vSwitch, port groups, VMkernel interfaces, VMs. */
export const HypervisorNode = Schema.Struct({
  kind: kind("hypervisor", "hypervisor where `uplinks`, `portGroups`, `vmkernel`, `vms` or `memory` is there"),
  ...HYPERVISOR_KEYS,
  vmkernel: optional(
    mapping(
      Vmkernel,
      "a mapping from names to VMkernel interfaces, like {vmk0: {portGroup: vmotion, address: 10.0.20.1/24, services: [vmotion]}}",
    ),
    {
      description: "VMkernel interfaces by name.",
      otherwise: "none",
    },
  ),
  vms: optional(mapping(NestedVm, "a mapping from VM names to their settings"), {
    description: "VMs that start on this host; as the design's `vms`, without `host`.",
    otherwise: "none",
  }),
  mac: mac("from which those of the vSwitch's VMkernel interfaces follow"),
}).annotate({ expected: "a block of hypervisor settings like {kind: hypervisor, uplinks: 2}" })
export type HypervisorNode = typeof HypervisorNode.Type

/** The Schema of each kind of node. */
export const NODE_SCHEMAS = { switch: SwitchNode, hub: HubNode, host: HostNode, hypervisor: HypervisorNode } as const

/** The kinds of nodes. */
export type NodeKind = keyof typeof NODE_SCHEMAS

const HYPERVISOR_SIGNS = ["portGroups", "vmkernel", "vms", "uplinks", "memory"]
const HOST_SIGNS = ["address", "gateway"]

/** The kind of a node by what it says, or by its keys when it does not say; a kind that does not exist comes back as it stands. */
export const kindOf = (node: unknown): string => {
  if (typeof node !== "object" || node === null) return "switch"
  if ("kind" in node && node.kind !== undefined) return String(node.kind)
  if (HYPERVISOR_SIGNS.some((key) => key in node)) return "hypervisor"
  return HOST_SIGNS.some((key) => key in node) ? "host" : "switch"
}
