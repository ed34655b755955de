/** Pairs of switches that are one to others, as blocks of a design file: a virtual switching system (`vss`), or two vPC peers (`vpc`). */
import { Schema } from "effect"
import { mapping, optional, required } from "./Key.ts"
import { SWITCH_KEYS } from "./NodeBlocks.ts"
import { PortChannelBlock } from "./PortChannels.ts"
import { End, integer, Mac, Text, Time, YesNo } from "./Scalars.ts"

const Ends = Schema.Array(End).annotate({ expected: "a list of ports like [core-1:1, core-2:1]" })
const Domain = integer("a domain from 1 to 1000", 1, 1000)
const Priority16 = integer("a priority from 1 to 65535", 1, 65_535)

const SWITCHES = {
  switches: optional(Schema.Array(Text).annotate({ expected: "a list of two switches like [core-1, core-2]" }), {
    description: "The two switches: the first is switch 1 of the pair. Those that `nodes` does not have are made.",
    otherwise: "the pair's name with -1 and with -2",
    examples: [["core-1", "core-2"]],
  }),
}

const { ports: _, priorities: _unused, ...CHANNEL } = PortChannelBlock.fields

/** A port-channel of a pair. */
export const PairChannelBlock = Schema.Struct({
  ports: required(Ends, {
    description:
      "Its members at both switches, with their names. Required. What the first of them is told as a port holds for the port-channel.",
    examples: [["core-1:5", "core-2:5"]],
  }),
  priorities: optional(
    mapping(integer("a priority from 0 to 65535", 0, 65_535), "a mapping from ports to priorities, like {core-1:5: 100}"),
    {
      description: "Priorities of members, by port.",
      otherwise: "as for a switch's port-channel",
      examples: [{ "core-1:5": 100 }],
    },
  ),
  ...CHANNEL,
}).annotate({ expected: "a block like {ports: [core-1:5, core-2:5], mode: active}" })
export type PairChannelBlock = typeof PairChannelBlock.Type

const CHANNELS = {
  portChannel: optional(
    mapping(PairChannelBlock, "a mapping from numbers to port-channels, like {10: {ports: [core-1:5, core-2:5]}}"),
    {
      description:
        "Port-channels with members at both switches, by number: multichassis EtherChannels of a `vss`, vPCs of a `vpc` (each peer has the port-channel of that number). With members at one switch only it is an ordinary one.",
      otherwise: "none",
      examples: [{ 10: { ports: ["core-1:5", "core-2:5"], mode: "active" } }],
    },
  ),
}

const CardPorts = Schema.Array(
  Schema.Union([integer("a port number from 1 to 4000", 1, 4000), Text]).annotate({
    expected: "a port number or a range like 1-24",
  }),
).annotate({ expected: "a list of ports like [1-24]" })

/** One chassis of a `vss`. */
const ChassisBlock = Schema.Struct({
  priority: optional(integer("a priority from 1 to 255", 1, 255), {
    description: "The chassis with the higher one becomes active (`switch 1 priority`).",
    default: 100,
  }),
  preempt: optional(Schema.Union([Schema.Boolean, Time]).annotate({ expected: "true, false, or a delay like 15min" }), {
    description:
      "Take the active role from a chassis of lower priority, after this time as hot standby (`switch 1 preempt`); true: after 15 minutes.",
    default: false,
  }),
  version: optional(Text, {
    description: "Software version; with two versions the standby stays cold, its modules down (RPR).",
    otherwise: "the same on both",
  }),
  domain: optional(Domain, {
    description: "The domain, where this switch was configured with another.",
    otherwise: "the pair's",
  }),
  cards: optional(mapping(CardPorts, "a mapping from slots to ports, like {1: [1-24], 2: [25-48]}"), {
    description: "Line cards by slot, each with its ports, which fail together and are named after it.",
    otherwise: "all ports in slot 1",
    examples: [{ 1: ["1-24"], 2: ["25-48"] }],
  }),
}).annotate({ expected: "a block like {priority: 110, preempt: 15min}" })

/** How the two find out that both are active. */
const DualActiveBlock = Schema.Struct({
  fastHello: optional(Ends, {
    description: "Ports whose cable from one chassis to the other carries nothing but fast hellos (`dual-active fast-hello`).",
    default: [],
    examples: [["core-1:3", "core-2:3"]],
  }),
  bfd: optional(Ends, {
    description:
      "Ports whose cable from one chassis to the other carries nothing but BFD, once the virtual switch link is lost (`dual-active pair ... bfd`).",
    default: [],
    examples: [["core-1:4", "core-2:4"]],
  }),
  pagp: optional(YesNo, {
    description: "Believe what neighbours say in enhanced PAgP (`dual-active detection pagp`).",
    default: true,
  }),
  exclude: optional(Ends, {
    description: "Ports that stay up in recovery mode (`dual-active exclude interface`).",
    default: [],
    examples: [["core-1:24", "core-2:24"]],
  }),
}).annotate({ expected: "a block like {fastHello: [core-1:3, core-2:3]}" })

const bySwitch = <S extends Schema.Top>(block: S) =>
  Schema.Struct({
    1: optional(block, { description: "Of the first switch." }),
    2: optional(block, { description: "Of the second." }),
  }).annotate({ expected: "a block like {1: {priority: 110}, 2: {priority: 100}}" })

const { ports: _ports, ...SWITCH } = SWITCH_KEYS

/** A virtual switching system. */
export const VssBlock = Schema.Struct({
  type: required(Schema.Literals(["vss"]), { description: "What the pair is: vss. Required.", examples: ["vss"] }),
  domain: optional(integer("a domain from 1 to 255", 1, 255), {
    description: "Number of the virtual switch domain, 1 to 255 (`switch virtual domain`). Required but for a farm's pair.",
    examples: [10],
  }),
  ...SWITCHES,
  vsl: optional(Ends, {
    description:
      "Ports of the virtual switch link, at both switches (`switch virtual link`); their cables are among `links`. Required but for a farm's pair.",
    examples: [["core-1:1", "core-1:2", "core-2:1", "core-2:2"]],
  }),
  switch: optional(bySwitch(ChassisBlock), {
    description: "What the two have of their own (`switch 1 priority 110`).",
    examples: [{ 1: { priority: 110 } }],
  }),
  redundancy: optional(Schema.Literals(["sso", "rpr"]), {
    description: "How the standby stands by: hot, or cold with its modules down (`redundancy mode`).",
    default: "sso",
  }),
  virtualMac: optional(Mac, {
    description: "Address of the pair, whoever is active (`mac-address use-virtual`).",
    otherwise: "that of the chassis which was active first",
  }),
  dualActive: optional(DualActiveBlock, { description: "How the two find out that both are active." }),
  ...CHANNELS,
  ...SWITCH,
}).annotate({ expected: "a block like {type: vss, domain: 10, vsl: [core-1:1, core-2:1]}" })
export type VssBlock = typeof VssBlock.Type

/** One peer of a `vpc`. */
const PeerBlock = Schema.Struct({
  priority: optional(Priority16, {
    description: "The peer with the lower one becomes primary (`role priority`).",
    default: 32_667,
  }),
  domain: optional(Domain, { description: "The domain, where this peer was configured with another.", otherwise: "the pair's" }),
}).annotate({ expected: "a block like {priority: 100}" })

/** Two vPC peers. */
export const VpcBlock = Schema.Struct({
  type: required(Schema.Literals(["vpc"]), { description: "What the pair is: vpc. Required.", examples: ["vpc"] }),
  domain: optional(Domain, {
    description: "Number of the vPC domain, 1 to 1000 (`vpc domain`). Required but for a farm's pair.",
    examples: [10],
  }),
  ...SWITCHES,
  peerLink: optional(
    Schema.Union([Text, Ends]).annotate({ expected: "a port-channel like Po1, or a port of each like [agg-1:1, agg-2:1]" }),
    {
      description:
        "The peer-link (`vpc peer-link`): the port-channel that both peers have by that number, or a port of each. Required but for a farm's pair.",
      examples: ["Po1"],
    },
  ),
  keepalive: optional(
    Schema.Union([Schema.Literal("peer-link"), Ends]).annotate({
      expected: "a port of each like [agg-1:9, agg-2:9], or peer-link",
    }),
    {
      description:
        "Ports that carry nothing but the peers' keepalives, one of each; `peer-link`: they share its fate (`peer-keepalive destination`).",
      default: "peer-link",
      examples: [["agg-1:9", "agg-2:9"]],
    },
  ),
  switch: optional(bySwitch(PeerBlock), {
    description: "What the two have of their own (`role priority 100`).",
    examples: [{ 1: { priority: 100 } }],
  }),
  systemMac: optional(Mac, { description: "Address of the pair in LACP (`system-mac`).", otherwise: "made from the domain" }),
  systemPriority: optional(Priority16, { description: "Priority of the pair in LACP (`system-priority`).", default: 32_667 }),
  peerSwitch: optional(YesNo, {
    description: "One bridge id on vPCs, and both peers send BPDUs (`peer-switch`).",
    default: false,
  }),
  gracefulConsistencyCheck: optional(YesNo, {
    description: "Of a type 1 mismatch only the secondary's ports are suspended (`graceful consistency-check`).",
    default: true,
  }),
  autoRecovery: optional(Schema.Union([Schema.Boolean, Time]).annotate({ expected: "true, false, or a time like 240s" }), {
    description:
      "Bring vPCs up alone if the peer is not there at boot, or was lost for good, after this time; true: 240s (`auto-recovery`).",
    default: true,
  }),
  delayRestore: optional(Time, {
    description: "How long vPCs wait after the peers have found each other (`delay restore`).",
    default: "30s",
  }),
  delayRestoreOrphan: optional(Time, {
    description: "The same for suspended orphan ports (`delay restore orphan-port`).",
    default: "0s",
  }),
  orphanSuspend: optional(Ends, {
    description: "Ports that go down with the secondary's vPCs (`vpc orphan-port suspend`).",
    default: [],
    examples: [["agg-1:12"]],
  }),
  keepaliveInterval: optional(Time, { description: "Between two keepalives.", default: "1s" }),
  keepaliveTimeout: optional(Time, { description: "How long keepalives stay away before they have failed.", default: "5s" }),
  holdTimeout: optional(Time, {
    description: "How long keepalives do not count after the peer-link was lost (`hold-timeout`).",
    default: "3s",
  }),
  ...CHANNELS,
}).annotate({ expected: "a block like {type: vpc, domain: 10, peerLink: Po1}" })
export type VpcBlock = typeof VpcBlock.Type

/** The Schema of each type of pair. */
export const PAIR_SCHEMAS = { vss: VssBlock, vpc: VpcBlock } as const
export type PairType = keyof typeof PAIR_SCHEMAS

/** A pair of either type. */
export const Pair = Schema.Union([VssBlock, VpcBlock]).annotate({
  expected: "a block like {type: vss, domain: 10, vsl: [core-1:1, core-2:1]}",
})
/** One as it is written. */
export type PairBlock = typeof Pair.Type
