/**
 * The design file as a Schema: what people write, key by key. Keys are camelCase throughout (`spanningTree`, `portGroups`), values that
 * are words are lower case. Every key of every block is optional unless its description says otherwise.
 *
 * The Schema keeps the file's form (a rate stays the text `10G`): `Expand` turns it into numbers and fills in the defaults, and
 * `rules/` judges what no single value shows.
 */
import { Schema } from "effect"
import { mapping, optional, required } from "./Key.ts"
import { HostNode, HubNode, HYPERVISOR_KEYS, HypervisorNode, SWITCH_KEYS, SwitchNode, Vm, VM_KEYS } from "./NodeBlocks.ts"
import { Pair } from "./PairBlocks.ts"
import { FarmChannelBlock } from "./PortChannels.ts"
import { SpanningTree } from "./SpanningTreeBlocks.ts"
import { End, integer, Network, Rate, Ratio, Size, Text, Time, VlanId, VlanList, YesNo } from "./Scalars.ts"

const Duplex = Schema.Literals(["full", "half"])

const LINK_KEYS = {
  rate: optional(Rate, {
    description: "Rate of the link in both directions, bits per second.",
    default: "1G",
    examples: ["100M", "10G"],
  }),
  latency: optional(Time, { description: "Propagation delay; 500 ns is 100 m of cable.", default: "500ns" }),
  mtu: optional(integer("an MTU from 64 to 65535 octets", 64, 65535), {
    description:
      "Most octets of client data in a frame (header, tag and FCS not counted); a larger frame is dropped at the sender.",
    default: 1500,
  }),
  queue: optional(Size, {
    description: "Octets that may wait at each end before frames are dropped at the tail.",
    default: "1MiB",
  }),
  loss: optional(Ratio, {
    description: "Share of frames lost at random, in both directions.",
    default: 0,
    examples: [0.001, "0.1%"],
  }),
  corruption: optional(Ratio, { description: "Share of frames that arrive with a bad FCS, in both directions.", default: 0 }),
  duplex: optional(
    Schema.Union([
      Duplex,
      Schema.Tuple([Duplex, Duplex]).annotate({ expected: "what each end takes the link for, like [half, full]" }),
    ]).annotate({ expected: "full, half, or what each end takes the link for, like [half, full]" }),
    {
      description:
        "What the ends take the link for, in the order of `ends` where they differ, which is a duplex mismatch; a spanning tree takes a full-duplex link as point-to-point.",
      default: "full",
    },
  ),
}

/** What `defaults.link` says of every link that does not say otherwise. */
export const LinkSettings = Schema.Struct(LINK_KEYS).annotate({ expected: "a block of link settings like {rate: 10G}" })
export type LinkSettings = typeof LinkSettings.Type

const EndPair = Schema.Tuple([End, End]).annotate({ expected: 'two ends like ["sw1:1", "sw2:1"]' })

/** A link in full. */
export const LinkBlock = Schema.Struct({
  ends: required(EndPair, {
    description: "The two ends, `node:port` with ports from 1, or a node's name for its next free port. Required.",
    examples: [["sw1:1", "sw2:1"]],
  }),
  name: optional(Text, {
    description: "Name in captures and of the link's random streams.",
    otherwise: "its ends, `sw1:1--sw2:1`",
  }),
  ...LINK_KEYS,
}).annotate({ expected: 'a block like {ends: ["sw1:1", "sw2:1"], rate: 10G}' })
export type LinkBlock = typeof LinkBlock.Type

/** A link: its two ends, or the block. */
export const Link = Schema.Union([EndPair, LinkBlock]).annotate({
  expected: 'a link: two ends like ["sw1:1", "sw2:1"], or a block like {ends: ["sw1:1", "sw2:1"], rate: 10G}',
})

/** A node: empty (`sw1:`, a switch), or the block of its kind. */
export const Node = Schema.NullOr(Schema.Union([SwitchNode, HubNode, HostNode, HypervisorNode])).annotate({
  expected: "a block of settings like {kind: switch}, or nothing",
})
export type Node = typeof Node.Type

/** What holds for all nodes of a kind, all links or all VMs that do not say otherwise. */
export const Defaults = Schema.Struct({
  link: optional(LinkSettings, { description: "For links.", examples: [{ rate: "1G", latency: "500ns" }] }),
  switch: optional(Schema.Struct(SWITCH_KEYS).annotate({ expected: "a block of switch settings like {ageing: 300s}" }), {
    description: "For switches, those of the farm too.",
  }),
  hypervisor: optional(
    Schema.Struct(HYPERVISOR_KEYS).annotate({ expected: "a block of hypervisor settings like {memory: 64GiB}" }),
    {
      description: "For hypervisors.",
    },
  ),
  vm: optional(Schema.Struct(VM_KEYS).annotate({ expected: "a block of VM settings like {memory: 1GiB}" }), {
    description: "For VMs.",
  }),
}).annotate({ expected: "a block of defaults like {link: {rate: 10G}}" })
export type Defaults = typeof Defaults.Type

/** A guest network or the vMotion network of a farm: VLAN and addresses. */
const FARM_NETWORK = {
  vlan: optional(VlanId, { description: "VLAN of the network.", otherwise: "10 for vms, 20 for vmotion" }),
  network: optional(Network, {
    description: "Addresses are handed out from here, one after the other.",
    otherwise: "10.10.0.0/16 for vms, 10.20.0.0/16 for vmotion",
  }),
}

const FarmNetwork = Schema.Struct(FARM_NETWORK).annotate({ expected: "a block like {vlan: 10, network: 10.10.0.0/16}" })

const count = (most: number, least = 0) => integer(`a number from ${least} to ${most}`, least, most)

/** The generator of server farms. */
export const Farm = Schema.Struct({
  distribution: optional(
    Schema.Union([count(16, 1), Schema.Literals(["vss", "vpc"])]).annotate({
      expected: "a number of switches from 1 to 16, or vss or vpc for a pair",
    }),
    {
      description:
        "Distribution switches `dist-1`, `dist-2`, ..., fully meshed; or `vss` or `vpc`: `dist-1` and `dist-2` are the pair `dist`, and access switches are bundled to both.",
      default: 2,
    },
  ),
  access: optional(count(3900, 0), { description: "Access switches `acc-1`, `acc-2`, ...", default: 2 }),
  dualHomed: optional(YesNo, {
    description: "Whether each access switch has an uplink to two distribution switches, else to one.",
    default: true,
  }),
  hosts: optional(count(3900), {
    description: "Hypervisors `esx-1`, `esx-2`, ..., each plugged into neighbouring access switches.",
    default: 0,
  }),
  hostUplinks: optional(count(8, 1), { description: "Uplinks of each host, each to another access switch.", default: 2 }),
  interlinks: optional(count(8), {
    description: "Links between each two distribution switches; of a pair its VSL or peer-link.",
    otherwise: "1, of a pair 2",
  }),
  portChannel: optional(FarmChannelBlock, {
    description:
      "Bundles: each uplink is a port-channel of several cables (`Po1` towards the first distribution switch, `Po2` towards the second), and so are the links between two distribution switches. Of a pair the access switches' one bundle, by so many cables to each of its switches.",
    otherwise: "one cable each, bundled to pairs only",
  }),
  interlinkRate: optional(Rate, { description: "Rate of the links between distribution switches.", default: "10G" }),
  uplinkRate: optional(Rate, { description: "Rate of the access switches' uplinks.", default: "10G" }),
  hostRate: optional(Rate, { description: "Rate of the hosts' uplinks.", default: "1G" }),
  rootPriority: optional(integer("a bridge priority from 0 to 61440", 0, 61440), {
    description: "Bridge priority of `dist-1`; `dist-2` has 4096 more and takes over. The others have the design's.",
    default: 4096,
  }),
  vmsPerHost: optional(count(1000), { description: "VMs `web-1`, `web-2`, ... on each host, host after host.", default: 0 }),
  vmName: optional(Text, { description: "What the VMs are called before the number.", default: "web" }),
  vms: optional(
    Schema.Union([FarmNetwork, Schema.Array(FarmNetwork).check(Schema.isMinLength(1))]).annotate({
      expected: "a block like {vlan: 10, network: 10.10.0.0/16}, or a list of such blocks",
    }),
    {
      description:
        "Port group `vms`: its VLAN, and the network of the VMs' addresses. Of a list each entry is a port group (`vms`, `vms-2`, ...), and the VMs are in them in turn.",
    },
  ),
  vmotion: optional(Schema.Struct(FARM_NETWORK).annotate({ expected: "a block like {vlan: 20, network: 10.20.0.0/16}" }), {
    description: "Port group `vmotion`: its VLAN, and the network of the hosts' vMotion interfaces.",
  }),
}).annotate({ expected: "a block like {access: 12, dualHomed: true, hosts: 20}" })
export type Farm = typeof Farm.Type

/** VLANs: a list of ids and ranges, or a mapping from ids and ranges to names. */
export const Vlans = Schema.Union([
  VlanList,
  Schema.Record(Schema.String, Schema.NullOr(Text)).annotate({ expected: "a mapping from VLAN ids to names like {10: vms}" }),
]).annotate({ expected: "a list of VLANs like [1, 10, 20-30], or a mapping from ids to names like {10: vms, 20: vmotion}" })

const TOP_KEYS = {
  name: optional(Text, { description: "Name of the design.", otherwise: "the file's name" }),
  description: optional(Text, { description: "A note for people.", otherwise: "none" }),
  seed: optional(integer("a seed from 0 to 4294967295", 0, 4294967295), {
    description: "Seed of all random streams; `--seed` overrides it.",
    default: 1,
  }),
  asBuilt: optional(YesNo, {
    description:
      "The design is a record of a network that exists: spanning tree settings outside the standard's limits are warned of and emulated as they stand, not refused.",
    default: false,
  }),
  defaults: optional(Defaults, { description: "What holds where nothing else is said." }),
  vlans: optional(Vlans, {
    description: "VLANs of the design; VLAN 1 is always there.",
    otherwise: "VLAN 1 and all that are mentioned",
    examples: [[1, 10, "20-30"], { 10: "vms", 20: "vmotion" }],
  }),
  spanningTree: optional(SpanningTree, { description: "Spanning tree of all switches." }),
  links: optional(Schema.Array(Link).annotate({ expected: "a list of links" }), {
    description: "Cables: each two ends, or a block with more.",
    examples: [[["sw1:1", "sw2:1"], { ends: ["sw2:2", "sw3:1"], rate: "10G" }]],
  }),
  vms: optional(mapping(Vm, "a mapping from VM names to their settings"), { description: "VMs by name." }),
  farm: optional(Farm, { description: "A generated server farm, beside the nodes and links that are written out." }),
}

const nodesDoc = {
  description: "Nodes by name; a node with nothing behind its name is a switch.",
  examples: [{ sw1: null, sw2: { ports: 4 } }],
}

const pairsDoc = {
  description: "Two switches as one, by the name of the pair: `vss` or `vpc`.",
  examples: [{ core: { type: "vss", domain: 10, switches: ["core-1", "core-2"], vsl: ["core-1:1", "core-2:1"] } }],
}

/** A design file. */
export const Design = Schema.Struct({
  ...TOP_KEYS,
  nodes: optional(mapping(Node, "a mapping from node names to settings"), nodesDoc),
  pairs: optional(mapping(Pair, "a mapping from names of pairs to their settings"), pairsDoc),
}).annotate({
  expected: "a mapping of keys such as nodes and links",
  title: "l2lab design",
})
export type Design = typeof Design.Type

/** A design file whose nodes and pairs have not been looked at: `DesignFile` judges each by the Schema of its own kind. */
export const DesignFrame = Schema.Struct({
  ...TOP_KEYS,
  nodes: optional(mapping(Schema.Unknown, "a mapping from node names to settings"), nodesDoc),
  pairs: optional(mapping(Schema.Unknown, "a mapping from names of pairs to their settings"), pairsDoc),
}).annotate({ expected: "a mapping of keys such as nodes and links" })
