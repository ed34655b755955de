/** Port-channels (EtherChannels) as keys of a design, and what a bridge's configuration has of them. */
import type { BridgeConfig } from "@l2lab/l2/BridgeConfig"
import type { BundleConfig } from "@l2lab/l2/bundle/Bundles"
import * as LoadBalance from "@l2lab/l2/bundle/LoadBalance"
import * as Lacp from "@l2lab/l2/lacp/State"
import * as Pagp from "@l2lab/l2/pagp/State"
import { Schema } from "effect"
import { bundlesIn } from "./Bundling.ts"
import { error, type Path, type Problem } from "./DesignError.ts"
import { mapping, optional, required } from "./Key.ts"
import type { Network, PortSettings, SwitchNode } from "./Network.ts"
import { integer, YesNo } from "./Scalars.ts"

/** Members of a bundle without hot standby, static or PAgP's: Catalysts take eight. */
export const MOST_STATIC = 8
/** The highest port priority of PAgP. */
const HIGHEST_PAGP_PRIORITY = 255
/** The highest number of a channel group. */
export const HIGHEST_NUMBER = 4096

const PortNumber = integer("a port number from 1 to 4000", 1, 4000)
const Priority = integer("a priority from 0 to 65535", 0, 65_535)
const Members = integer("a number of members from 1 to 8", 1, 8)

/** One port-channel. */
export const PortChannelBlock = Schema.Struct({
  ports: required(Schema.Array(PortNumber).annotate({ expected: "a list of port numbers like [1, 2]" }), {
    description: "Its members, by number. Required. What the first of them is told as a port holds for the port-channel.",
    examples: [[1, 2]],
  }),
  mode: optional(Schema.Literals(["active", "passive", "desirable", "auto", "on"]), {
    description:
      "`active` negotiates with LACP, `passive` does if it is asked; `desirable` and `auto` are the same with PAgP; `on` bundles without asking (`channel-group 1 mode ...`).",
    default: "active",
  }),
  rate: optional(Schema.Literals(["slow", "fast"]), {
    description:
      "Every 30 s, or every second: how often LACP asks its partner to speak (`lacp rate`), or PAgP itself speaks when all agree (`pagp rate`).",
    default: "slow",
  }),
  priorities: optional(mapping(Priority, "a mapping from port numbers to priorities, like {1: 100}"), {
    description:
      "Priorities of members, by port number. With LACP the lowest carry frames, the rest stand by (`lacp port-priority`); with PAgP, 0 to 255, the lowest says who the partner is.",
    otherwise: `${Lacp.DEFAULT_PORT_PRIORITY} each, with PAgP ${Pagp.DEFAULT_PRIORITY}`,
    examples: [{ 1: 100 }],
  }),
  silent: optional(YesNo, {
    description:
      "With PAgP: a member that hears no PAgP for 15 s is a port of its own; otherwise it is not used at all (`channel-group 1 mode desirable non-silent`).",
    default: true,
  }),
  learnMethod: optional(Schema.Literals(["aggregation-port", "physical-port"]), {
    description: "With PAgP: what the members say of how they learn addresses (`pagp learn-method`).",
    default: "aggregation-port",
  }),
  maxBundle: optional(Members, {
    description: "Members that carry frames at once (`lacp max-bundle`).",
    default: Lacp.MOST_ACTIVE,
  }),
  minLinks: optional(Members, {
    description: "With fewer members the port-channel is down (`port-channel min-links`).",
    default: 1,
  }),
  suspendIndividual: optional(YesNo, {
    description:
      "A member that hears no LACP carries nothing; otherwise it is a port of its own (`lacp suspend-individual` of Nexus switches).",
    default: false,
  }),
  hashDistribution: optional(Schema.Literals(["fixed", "adaptive"]), {
    description:
      "What a member that comes or goes does to the others: all conversations are dealt anew, or only those that were its own (`port-channel hash-distribution`).",
    default: "fixed",
  }),
  bandwidth: optional(Schema.Literals(["members", "whole"]), {
    description:
      "What its path cost is made from: the members that it has at the time, so that a lost one may move the root port, or all of them.",
    default: "members",
  }),
  vpc: optional(integer("a vPC from 1 to 4096", 1, HIGHEST_NUMBER), {
    description: "At a peer of a `vpc` pair: the port-channel is its part of this vPC (`vpc 10`).",
    otherwise: "none: it is the switch's own",
  }),
  guard: optional(YesNo, {
    description:
      "Take the members out of service if the other end does not bundle them (`spanning-tree etherchannel guard misconfig`).",
    default: true,
  }),
}).annotate({ expected: "a block like {ports: [1, 2], mode: active}" })
export type PortChannelBlock = typeof PortChannelBlock.Type

/** How a generated farm bundles its cables. */
export const FarmChannelBlock = Schema.Struct({
  cables: optional(Members, { description: "Cables of each uplink, bundled: 1 to 8.", default: 2 }),
  mode: optional(Schema.Literals(["active", "desirable", "on"]), {
    description: "As of a port-channel, at both ends.",
    default: "active",
  }),
  rate: optional(Schema.Literals(["slow", "fast"]), { description: "As of a port-channel.", default: "slow" }),
}).annotate({ expected: "a block like {cables: 2, mode: active}" })

/** Keys of a switch itself. */
export const CHANNEL_KEYS = {
  portChannel: optional(mapping(PortChannelBlock, "a mapping from numbers to port-channels, like {1: {ports: [1, 2]}}"), {
    description: "Bundles of ports (EtherChannels), by number from 1.",
    otherwise: "none",
    examples: [{ 1: { ports: [1, 2], mode: "active" } }],
  }),
}

/** Keys of a switch that `defaults.switch` has too. */
export const LOAD_BALANCE_KEYS = {
  loadBalance: optional(Schema.Literals(LoadBalance.METHODS), {
    description: "What the switch's port-channels share their load by (`port-channel load-balance`).",
    default: LoadBalance.DEFAULT_METHOD,
  }),
  lacpPriority: optional(Priority, {
    description: "LACP priority of the switch: the lower of two decides which members stand by (`lacp system-priority`).",
    default: Lacp.DEFAULT_SYSTEM_PRIORITY,
  }),
  enhancedPagp: optional(YesNo, {
    description:
      "Whether PAgP on the switch understands a pair's word on which of its two is active, and passes it on, by which a pair finds out that both are.",
    default: true,
  }),
}

/** How a port-channel comes about. */
export type Mode = NonNullable<PortChannelBlock["mode"]>

/** What members speak; undefined: nothing. */
export const protocolOf = (mode: Mode): "LACP" | "PAgP" | undefined =>
  mode === "on" ? undefined : mode === "desirable" || mode === "auto" ? "PAgP" : "LACP"

/** A port-channel with everything said. */
export interface PortChannel extends Omit<PortChannelBlock, "ports" | "priorities"> {
  /** `channel-group 1`. */
  readonly number: number
  readonly mode: Mode
  /** Indices of its ports, rising. */
  readonly members: ReadonlyArray<number>
  /** By port index. */
  readonly priorities: ReadonlyMap<number, number>
  /** What the bridge port is told: as its first member. */
  readonly settings: PortSettings
  readonly path: Path
}

/** The port-channels of a switch, and what its LACP is. */
export interface ChannelSettings {
  readonly channels: ReadonlyArray<PortChannel>
  readonly loadBalance: LoadBalance.Method
  readonly lacpPriority: number
  readonly enhancedPagp: boolean
}

type Keys = {
  readonly portChannel?: Readonly<Record<string, PortChannelBlock>> | undefined
  readonly loadBalance?: LoadBalance.Method | undefined
  readonly lacpPriority?: number | undefined
  readonly enhancedPagp?: boolean | undefined
}

const NAME = "port-channel"

/** Keys that are the other protocol's, and priorities that PAgP does not have. */
const foreignKeys = (key: string, block: PortChannelBlock, path: Path): ReadonlyArray<Problem> => {
  const mode = block.mode ?? "active"
  const protocol = protocolOf(mode)
  const others = protocol === "PAgP" ? (["maxBundle", "suspendIndividual"] as const) : (["silent", "learnMethod"] as const)
  const its = protocol === "PAgP" ? "LACP" : "PAgP"
  return [
    ...others
      .filter((name) => block[name] !== undefined)
      .map((name) => error([...path, name], `${NAME}: ${name} is ${its}'s, and Po${key} has mode ${mode}: remove it`, "key")),
    ...Object.entries(block.priorities ?? {})
      .filter(([, priority]) => protocol === "PAgP" && priority > HIGHEST_PAGP_PRIORITY)
      .map(([port, priority]) =>
        error(
          [...path, "priorities", port],
          `${NAME}: ${priority} is no priority of PAgP: write 0 to ${HIGHEST_PAGP_PRIORITY} for port ${port} of Po${key}`,
        ),
      ),
  ]
}

/** What is wrong with the numbers of one port-channel, before anything can be made of it. */
const numbersOf = (
  name: string,
  key: string,
  block: PortChannelBlock,
  path: Path,
  ports: number,
  channelOf: Map<number, string>,
  problems: Array<Problem>,
): boolean => {
  const found: Array<Problem> = []
  if (!/^[1-9]\d{0,3}$/.test(key) || Number(key) > HIGHEST_NUMBER) {
    found.push(error(path, `${NAME}: "${key}" is no number of a port-channel: write 1 to ${HIGHEST_NUMBER}`, "key"))
  }
  const at = [...path, "ports"]
  if (block.ports.length === 0) found.push(error(at, `${NAME}: Po${key} of ${name} has no ports: name some, like [1, 2]`))
  const protocol = protocolOf(block.mode ?? "active")
  const most = protocol === "LACP" ? Lacp.MOST_MEMBERS : MOST_STATIC
  if (block.ports.length > most) {
    const why = protocol === "LACP" ? "LACP takes 8 and 8 that stand by," : `mode ${block.mode} takes`
    found.push(error(at, `${NAME}: Po${key} of ${name} has ${block.ports.length} ports: ${why} ${most} at most: remove some`))
  }
  block.ports.forEach((port, i) => {
    const before = channelOf.get(port)
    if (port > ports) {
      found.push(
        error([...at, i], `${NAME}: port ${port} does not exist: ${name} has ${ports} ports; name a lower one, or raise ports`),
      )
    } else if (before !== undefined) {
      found.push(error([...at, i], `${NAME}: port ${port} of ${name} is in Po${before} already: a port is in one port-channel`))
    }
    channelOf.set(port, key)
  })
  for (const port of Object.keys(block.priorities ?? {})) {
    if (block.ports.includes(Number(port))) continue
    found.push(
      error(
        [...path, "priorities", port],
        `${NAME}: port ${port} is not among the ports of Po${key}: remove its priority`,
        "key",
      ),
    )
  }
  found.push(...foreignKeys(key, block, path))
  const carrying = Math.min(block.ports.length, block.maxBundle ?? Lacp.MOST_ACTIVE)
  if (block.minLinks !== undefined && block.minLinks > carrying && found.length === 0) {
    found.push(
      error(
        [...path, "minLinks"],
        `${NAME}: Po${key} of ${name} never has ${block.minLinks} members that carry frames, ${carrying} at most: lower minLinks`,
      ),
    )
  }
  problems.push(...found)
  return found.length === 0
}

/** What the keys of a switch become; absent where it has no port-channel. */
export const settle = (
  name: string,
  path: Path,
  own: Keys,
  base: Omit<Keys, "portChannel"> | undefined,
  settings: ReadonlyArray<PortSettings>,
  problems: Array<Problem>,
  /** Where a port-channel stands, if elsewhere. */
  placeOf: (key: string) => Path | undefined = () => undefined,
): { readonly channels?: ChannelSettings } => {
  const channelOf = new Map<number, string>()
  const channels = Object.entries(own.portChannel ?? {}).flatMap(([key, block]): ReadonlyArray<PortChannel> => {
    const at = placeOf(key) ?? [...path, "portChannel", key]
    if (!numbersOf(name, key, block, at, settings.length, channelOf, problems)) return []
    const { ports, priorities, ...rest } = block
    const members = ports.map((port) => port - 1).toSorted((a, b) => a - b)
    return [
      {
        ...rest,
        number: Number(key),
        mode: block.mode ?? "active",
        members,
        priorities: new Map(Object.entries(priorities ?? {}).map(([port, priority]) => [Number(port) - 1, priority])),
        settings: settings[members[0]],
        path: at,
      },
    ]
  })
  if (channels.length === 0) return {}
  return {
    channels: {
      channels: channels.toSorted((a, b) => a.number - b.number),
      loadBalance: own.loadBalance ?? base?.loadBalance ?? LoadBalance.DEFAULT_METHOD,
      lacpPriority: own.lacpPriority ?? base?.lacpPriority ?? Lacp.DEFAULT_SYSTEM_PRIORITY,
      enhancedPagp: own.enhancedPagp ?? base?.enhancedPagp ?? true,
    },
  }
}

/** The port-channel that a port is in. */
export const channelAt = ({ channels }: SwitchNode, port: number): PortChannel | undefined =>
  channels?.channels.find(({ members }) => members.includes(port))

/** A switch with its port-channels as ports behind its others, as what runs on bridge ports is told of it. */
export const withChannels = (node: SwitchNode): SwitchNode =>
  node.channels === undefined
    ? node
    : { ...node, settings: [...node.settings, ...node.channels.channels.map(({ settings }) => settings)] }

/** The bundles of a bridge's configuration. */
export const bundlesOf = ({ channels }: SwitchNode): Pick<BridgeConfig, "bundles"> =>
  channels === undefined
    ? {}
    : {
        bundles: channels.channels.map(
          ({ bandwidth, guard, hashDistribution, members, minLinks, mode, settings }): BundleConfig => ({
            members,
            isStatic: mode === "on",
            switchPort: settings.vlans,
            loadBalance: channels.loadBalance,
            ...(minLinks !== undefined && { minLinks }),
            ...(hashDistribution !== undefined && { hashDistribution }),
            ...(bandwidth !== undefined && { rate: bandwidth }),
            ...(guard !== undefined && { guard }),
          }),
        ),
      }

/** Whether any switch speaks PAgP. */
export const speaksPagp = (network: Network): boolean =>
  bundlesIn(network).some(({ channel }) => protocolOf(channel.mode) === "PAgP")

/**
 * LACP and PAgP of a bridge's configuration; none where nothing asks for them. Where any switch of the network speaks PAgP, those that do not take its
 * messages too, and drop them, as Catalysts do; unmanaged ones flood them. `interfaces` are the names of its ports.
 */
export const protocolsOf = (
  node: SwitchNode,
  interfaces: () => ReadonlyArray<string>,
  pagpSomewhere: boolean,
): BridgeConfig["protocols"] => {
  const spoken = new Set((node.channels?.channels ?? []).map(({ mode }) => protocolOf(mode)))
  const hears = pagpSomewhere && node.reserved !== "flood"
  return [
    ...(spoken.has("LACP") ? [{ kind: "lacp", config: lacpOf(node, node.channels!) }] : []),
    ...(spoken.has("PAgP") || hears ? [{ kind: "pagp", config: pagpOf(node, interfaces()) }] : []),
  ]
}

const lacpOf = (node: SwitchNode, { channels, lacpPriority }: ChannelSettings): Lacp.LacpConfig => ({
  systemPriority: lacpPriority,
  groups: channels.flatMap(
    ({ maxBundle, members, minLinks, mode, number, suspendIndividual }, bundle): ReadonlyArray<Lacp.GroupConfig> =>
      protocolOf(mode) !== "LACP"
        ? []
        : [
            {
              bundle,
              key: number,
              members,
              ...(maxBundle !== undefined && { maxBundle }),
              ...(minLinks !== undefined && { minLinks }),
              ...(suspendIndividual !== undefined && { suspendIndividual }),
            },
          ],
  ),
  ports: node.settings.map((_, port): Lacp.PortConfig | undefined => {
    const channel = channelAt(node, port)
    if (channel === undefined || (channel.mode !== "active" && channel.mode !== "passive")) return undefined
    const priority = channel.priorities.get(port)
    return {
      mode: channel.mode,
      ...(channel.rate !== undefined && { rate: channel.rate }),
      ...(priority !== undefined && { priority }),
    }
  }),
})

const pagpOf = (node: SwitchNode, interfaces: ReadonlyArray<string>): Pagp.PagpConfig => ({
  identity: { name: node.name, interfaces },
  groups: (node.channels?.channels ?? []).flatMap(
    ({ learnMethod, members, mode, number }, bundle): ReadonlyArray<Pagp.GroupConfig> =>
      protocolOf(mode) !== "PAgP" ? [] : [{ bundle, number, members, ...(learnMethod !== undefined && { learnMethod }) }],
  ),
  ports: node.settings.map((_, port): Pagp.PortConfig | undefined => {
    const channel = channelAt(node, port)
    if (channel === undefined || (channel.mode !== "desirable" && channel.mode !== "auto")) return undefined
    const priority = channel.priorities.get(port)
    return {
      mode: channel.mode,
      ...(channel.silent === false && { nonSilent: true }),
      ...(channel.rate !== undefined && { rate: channel.rate }),
      ...(priority !== undefined && { priority }),
    }
  }),
  ...(node.channels?.enhancedPagp === false && { dualActive: false }),
})
