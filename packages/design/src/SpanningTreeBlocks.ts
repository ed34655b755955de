/** What a design says of spanning tree: of a switch, of one of its trees, of a port. */
import { Schema } from "effect"
import { mapping, optional } from "./Key.ts"
import * as PortGuards from "./PortGuards.ts"
import { integer, Time, VlanId, VlanList, YesNo } from "./Scalars.ts"
import * as VlanSet from "./VlanSet.ts"

const seconds = (least: number, most: number, what: string) => `${what} From ${least} s to ${most} s.`

/** What may run on a switch. */
export const PROTOCOLS = ["stp", "rstp", "pvst", "rapid-pvst", "mst", "none"] as const

/** One of them. */
export type Protocol = (typeof PROTOCOLS)[number]

const BridgePriority = integer("a bridge priority from 0 to 65535", 0, 65535)

const PathCost = integer("a path cost from 1 to 200000000", 1, 200_000_000)
const PortPriority = integer("a port priority from 0 to 255", 0, 255)

/** What one VLAN's tree has of its own. */
export const VlanTree = Schema.Struct({
  priority: optional(BridgePriority, { description: "Bridge priority there, in steps of 4096.", otherwise: "the switch's" }),
  helloTime: optional(Time, { description: seconds(1, 10, "Interval of BPDUs there."), otherwise: "the switch's" }),
  maxAge: optional(Time, { description: seconds(6, 40, "Age at which a BPDU is forgotten there."), otherwise: "the switch's" }),
  forwardDelay: optional(Time, {
    description: seconds(4, 30, "Time in listening, and again in learning, there."),
    otherwise: "the switch's",
  }),
}).annotate({ expected: "a block like {priority: 4096}" })
export type VlanTree = typeof VlanTree.Type

/** What one instance of a region has of its own. */
export const InstanceTree = Schema.Struct({
  priority: optional(BridgePriority, { description: "Bridge priority there, in steps of 4096.", default: 32768 }),
}).annotate({ expected: "a block like {priority: 4096}" })
export type InstanceTree = typeof InstanceTree.Type

const NAME_OCTETS = 32

/** 802.1Q-2005 13.7: 32 octets. Other characters than ASCII's are several octets to some and one to others. */
const RegionName = Schema.String.annotate({ expected: "a name of at most 32 octets" }).check(
  Schema.makeFilter(
    (name: string) =>
      !/^[ -~]*$/.test(name)
        ? `"${name}" has characters other than ASCII's: switches do not agree on their octets, use letters and digits`
        : name.length > NAME_OCTETS
          ? `the name of a region has at most ${NAME_OCTETS} octets, and "${name}" has ${name.length}: shorten it`
          : undefined,
    { toJsonSchema: () => ({ pattern: `^[ -~]{0,${NAME_OCTETS}}$` }) },
  ),
)

/** The VLANs of an instance: `10,20-29`, one id, or a list. */
const InstanceVlans = Schema.Union([
  VlanId,
  Schema.String.annotate({ expected: "VLANs like 10,20-29" }).check(
    Schema.makeFilter((vlans: string) => (VlanSet.idsOfKey(vlans) === undefined ? VlanSet.problemOfKey(vlans) : undefined), {
      toJsonSchema: () => ({ pattern: "^[0-9]{1,4}( *- *[0-9]{1,4})?( *, *[0-9]{1,4}( *- *[0-9]{1,4})?)*$" }),
    }),
  ),
  VlanList,
]).annotate({ expected: "VLANs like 10,20-29" })

/** A region of multiple spanning trees. */
export const Region = Schema.Struct({
  name: optional(RegionName, { description: "Name of the region, at most 32 octets.", otherwise: "empty" }),
  revision: optional(integer("a revision from 0 to 65535", 0, 65535), { description: "Revision of the region.", default: 0 }),
  instances: optional(mapping(InstanceVlans, "a mapping from instances to VLANs, like {1: 10,20-29}"), {
    description:
      "The VLANs of each instance from 1 to 4094, 64 instances at most. VLANs that stand nowhere follow the CIST, instance 0.",
    otherwise: "none",
    examples: [{ 1: "10,20-29", 2: [30, 40] }],
  }),
}).annotate({ expected: "a block like {name: FARM, revision: 1, instances: {1: 10,20-29}}" })
export type Region = typeof Region.Type

/** Spanning tree of a switch. */
export const SpanningTree = Schema.Struct({
  protocol: optional(Schema.Literals(PROTOCOLS), {
    description:
      "`stp` (802.1D-1998) and `rstp` (802.1D-2004, 802.1w) have one tree for all VLANs, `pvst` (PVST+) and `rapid-pvst` (Rapid PVST+) one for each, `mst` (802.1Q-2005, MSTP) one for each instance of a region; `none` forwards on every port that is up, loops included.",
    default: "stp",
  }),
  priority: optional(BridgePriority, {
    description:
      "Bridge priority, in steps of 4096 but for `stp`. The lowest priority becomes root; among equals the lowest MAC address.",
    default: 32768,
  }),
  helloTime: optional(Time, { description: seconds(1, 10, "Interval of the root's BPDUs."), default: "2s" }),
  maxAge: optional(Time, { description: seconds(6, 40, "Age at which what a BPDU said is forgotten."), default: "20s" }),
  forwardDelay: optional(Time, { description: seconds(4, 30, "Time in listening, and again in learning."), default: "15s" }),
  transmitHoldCount: optional(integer("a number of BPDUs from 1 to 10", 1, 255), {
    description: "BPDUs that a port may send within a second before it waits, not for `stp`. From 1 to 10.",
    default: 6,
  }),
  pathCost: optional(Schema.Literals(["short", "long"]), {
    description: "Table of port costs by rate: `short` (1 Gb/s = 4) of 802.1D-1998, or `long` (1 Gb/s = 20000) of 802.1t.",
    otherwise: "`long` with `rstp` and `mst`, else `short`",
  }),
  vlans: optional(mapping(VlanTree, "a mapping from VLANs to settings, like {10,20-29: {priority: 4096}}"), {
    description: "What single VLANs or ranges have of their own, `pvst` and `rapid-pvst` only.",
    otherwise: "what is said for all",
    examples: [{ "10,20-29": { priority: 4096 } }],
  }),
  region: optional(Region, {
    description: "The region of the switch, `mst` only: switches with the same name, revision and instances are one.",
    otherwise: "that of all switches that say nothing",
    examples: [{ name: "FARM", revision: 1, instances: { 1: "10,20-29", 2: "30" } }],
  }),
  instances: optional(mapping(InstanceTree, "a mapping from instances to settings, like {1: {priority: 4096}}"), {
    description:
      "What the instances of the region have of their own, `mst` only. The CIST, instance 0, has what is said for the switch.",
    otherwise: "bridge priority 32768",
    examples: [{ 1: { priority: 4096 } }],
  }),
  maxHops: optional(integer("a number of bridges from 6 to 40", 1, 255), {
    description: "Bridges that a BPDU's word may cross within the region, `mst` only. From 6 to 40.",
    default: 20,
  }),
  pvstSimulation: optional(YesNo, {
    description:
      "Stand for the trees of `pvst` and `rapid-pvst` switches on trunks to them, and block a trunk where they do not fit, as Catalysts do; with false their BPDUs are data, as 802.1Q has it. `mst` only.",
    default: true,
  }),
  maximumInstances: optional(integer("a number of trees from 1 to 4094", 1, 4094), {
    description:
      "Most trees that the platform has, `pvst` and `rapid-pvst` only: the lowest VLANs have them, and in all others the ports forward, whatever loops there are.",
    otherwise: "no limit",
    examples: [128],
  }),
  edgePorts: optional(Schema.Literals(["none", "access", "hosts"]), {
    description:
      "Which ports are edge ports where the port does not say: `access` means all access ports, `hosts` the trunks to hosts and hypervisors too (`portfast trunk`).",
    default: "none",
  }),
  ...PortGuards.BRIDGE_KEYS,
  profile: optional(Schema.Literals(["standard", "linux", "openvswitch"]), {
    description: "Whom the switch follows where implementations differ, such as how much a relayed BPDU ages at each bridge.",
    default: "standard",
  }),
}).annotate({ expected: "a block of spanning tree settings like {priority: 4096}" })
export type SpanningTree = typeof SpanningTree.Type

/** A port in one tree of several. */
export const PortInTree = Schema.Struct({
  cost: optional(PathCost, { description: "Path cost there.", otherwise: "the port's" }),
  priority: optional(PortPriority, { description: "Port priority there, in steps of 16.", otherwise: "the port's" }),
}).annotate({ expected: "a block like {cost: 10}" })
export type PortInTree = typeof PortInTree.Type

/** Keys of a switch port that are spanning tree's. */
export const PORT_KEYS = {
  cost: optional(PathCost, {
    description: "Spanning tree path cost.",
    otherwise: "by rate, see pathCost",
  }),
  priority: optional(PortPriority, {
    description: "Spanning tree port priority, in steps of 16 but for `stp`.",
    default: 128,
  }),
  edge: optional(Schema.Union([YesNo, Schema.Literal("trunk")]).annotate({ expected: "true, false or trunk" }), {
    description:
      "No bridge is behind the port (`portfast`; of a trunk to a hypervisor also `trunk`): it forwards at once, and is no topology change, until it hears a BPDU.",
    otherwise: "see edgePorts",
  }),
  autoEdge: optional(YesNo, {
    description: "Take the port for an edge port when no BPDU has come for three seconds. Not for `stp` and `pvst`.",
    otherwise: "true with `rstp` and `mst`, false with `rapid-pvst`",
  }),
  linkType: optional(Schema.Literals(["auto", "point-to-point", "shared"]), {
    description:
      "Whether one bridge at most is at the other end; `auto` takes a full-duplex link for it. Not for `stp` and `pvst`.",
    default: "auto",
  }),
  ...PortGuards.PORT_KEYS,
  vlans: optional(mapping(PortInTree, "a mapping from VLANs to settings, like {10,20-29: {cost: 10}}"), {
    description: "Spanning tree of the port in single VLANs or ranges, `pvst` and `rapid-pvst` only.",
    otherwise: "what the port says for all",
    examples: [{ "10,20-29": { cost: 10 } }],
  }),
  instances: optional(mapping(PortInTree, "a mapping from instances to settings, like {1: {cost: 10}}"), {
    description: "Spanning tree of the port in instances of the region, `mst` only; 0 is the CIST within the region.",
    otherwise: "cost by rate, priority 128",
    examples: [{ 1: { cost: 10 } }],
  }),
}
