/** Pairs of switches: what the design says of them, put together with the switches that they consist of. */
import type { MacAddress } from "@l2lab/l2/MacAddress"
import type { DurationNs } from "@l2lab/sim/SimTime"
import { MOST_FAST_HELLO } from "@l2lab/vss/dualactive/Settings"
import { USUAL_VSL_MTU } from "@l2lab/vss/chassis/ChassisConfig"
import { MOST_DOMAIN } from "@l2lab/vss/vslp/Settings"
import { error, type Path, type Problem } from "./DesignError.ts"
import * as Hypervisors from "./Hypervisors.ts"
import type { LinkEnd, NetworkNode, SwitchNode } from "./Network.ts"
import type { PairChannelBlock, PairType, VpcBlock, VssBlock } from "./PairBlocks.ts"
import { notOfPair, type PairDraft } from "./PairDrafts.ts"
import type { PortChannelBlock } from "./PortChannels.ts"
import { endOf, rangeOf } from "./Scalars.ts"
import { timeNsOf } from "./Units.ts"

/** What is said of each of the two. */
export type Both<A> = readonly [A, A]

interface PairBase {
  readonly name: string
  readonly path: Path
  /** Indices of its nodes, switch 1 first. */
  readonly nodes: Both<number>
  /** The same at both, unless the design wants it otherwise. */
  readonly domains: Both<number>
}

/** Line cards of a chassis. */
export interface Card {
  readonly slot: number
  /** Own ports, from 0. */
  readonly ports: ReadonlyArray<number>
}

/** A virtual switching system. Ports are each switch's own, from 0. */
export interface VssPair extends PairBase {
  readonly type: "vss"
  /** Both as one switch: ports of switch 1, then of switch 2. */
  readonly joint: SwitchNode
  readonly vsl: Both<ReadonlyArray<number>>
  readonly fastHello: Both<ReadonlyArray<number>>
  readonly bfd: Both<ReadonlyArray<number>>
  readonly pagp: boolean
  readonly excluded: Both<ReadonlyArray<number>>
  readonly priorities: Both<number | undefined>
  readonly preemptDelays: Both<DurationNs | undefined>
  readonly versions: Both<string | undefined>
  readonly cards: Both<ReadonlyArray<Card>>
  readonly redundancy: "sso" | "rpr"
  readonly virtualMac?: MacAddress
}

/** Two vPC peers. Ports are each switch's own, from 0. */
export interface VpcPair extends PairBase {
  readonly type: "vpc"
  /** Bridge ports: a port, or its port-channel behind all ports. */
  readonly peerLink: Both<number>
  readonly keepalive: Both<number> | undefined
  readonly priorities: Both<number | undefined>
  readonly orphanSuspend: Both<ReadonlyArray<number>>
  readonly block: VpcBlock
}

/** A pair, told apart by `type`. */
export type Pair = VssPair | VpcPair

/** Which of the two of a pair a switch is. */
export interface PairMember {
  /** Position in the network's pairs. */
  readonly pair: number
  readonly type: PairType
  readonly member: 0 | 1
}

const NAME = "pair"

/** What the ports of a pair are used for, each once. */
class Ports {
  private readonly uses = new Map<string, string>()
  private readonly draft: PairDraft
  private readonly counts: Both<number>
  private readonly problems: Array<Problem>

  constructor(draft: PairDraft, counts: Both<number>, problems: Array<Problem>) {
    this.draft = draft
    this.counts = counts
    this.problems = problems
  }

  /** The place of a port; undefined, and told of, where there is none. `use`: what it is taken for, where that goes once. */
  find(text: string, path: Path, use?: string): { readonly member: 0 | 1; readonly port: number } | undefined {
    const { switches } = this.draft
    const end = endOf(text)
    const member = end === undefined ? -1 : switches.indexOf(end.node)
    if (end?.port === undefined || (member !== 0 && member !== 1)) {
      this.problems.push(error(path, notOfPair(text, switches)))
      return undefined
    }
    const count = this.counts[member]
    if (end.port < 1 || end.port > count) {
      const why = end.port < 1 ? "ports count from 1" : `${end.node} has ${count} ports; name a lower one, or raise ports`
      this.problems.push(error(path, `${NAME}: ${text} does not exist: ${why}`))
      return undefined
    }
    const before = this.uses.get(text)
    if (use !== undefined && before !== undefined) {
      this.problems.push(error(path, `${NAME}: ${text} is ${before} already: it cannot be ${use} too, take another port`))
      return undefined
    }
    if (use !== undefined) this.uses.set(text, use)
    return { member, port: end.port - 1 }
  }

  /** The ports of a list, by switch. */
  both(texts: ReadonlyArray<string> | undefined, path: Path, use?: string): Both<ReadonlyArray<number>> {
    const lists: Both<Array<number>> = [[], []]
    texts?.forEach((text, i) => {
      const place = this.find(text, [...path, i], use)
      if (place !== undefined) lists[place.member].push(place.port)
    })
    return lists
  }
}

/** The domains of the two; told of where there is none. */
const domainsOf = ({ block, name, path }: PairDraft, problems: Array<Problem>): Both<number> => {
  const { domain } = block
  if (domain === undefined) {
    const most = block.type === "vss" ? MOST_DOMAIN : 1000
    problems.push(error(path, `${NAME}: ${name} has no domain: add one, like domain: 10 (1 to ${most})`, "key"))
  }
  return [block.switch?.[1]?.domain ?? domain ?? 1, block.switch?.[2]?.domain ?? domain ?? 1]
}

/** A switch as it was settled by itself, of which a pair is made. */
type Settled = Both<SwitchNode>

/** Settle a virtual switching system. `settleChannels` makes port-channels of blocks over the ports of both. */
const settleVss = (
  draft: PairDraft,
  block: VssBlock,
  nodes: Both<number>,
  [one, two]: Settled,
  settleChannels: (
    path: Path,
    block: VssBlock,
    channels: Readonly<Record<string, PortChannelBlock>>,
    settings: SwitchNode["settings"],
  ) => Pick<SwitchNode, "channels">,
  problems: Array<Problem>,
): VssPair => {
  const { name, path, switches } = draft
  const ports = new Ports(draft, [one.ports, two.ports], problems)
  const at = (key: string): Path => [...path, key]
  const vsl = ports.both(block.vsl, at("vsl"), "a port of the virtual switch link")
  for (const member of [0, 1] as const) {
    if (vsl[member].length > 0 || (block.vsl ?? []).some((text) => endOf(text)?.node === switches[member])) continue
    problems.push(
      error(
        block.vsl === undefined ? path : at("vsl"),
        `${NAME}: ${name} has no virtual switch link at ${switches[member]}: name ports of both, like vsl: [${switches[0]}:1, ${switches[1]}:1]`,
        "key",
      ),
    )
  }
  const dual = block.dualActive ?? {}
  const fastHello = ports.both(dual.fastHello, [...at("dualActive"), "fastHello"], "a fast-hello port")
  for (const member of [0, 1] as const) {
    if (fastHello[member].length <= MOST_FAST_HELLO) continue
    problems.push(
      error(
        [...at("dualActive"), "fastHello"],
        `${NAME}: ${switches[member]} has ${fastHello[member].length} fast-hello ports: a chassis has ${MOST_FAST_HELLO} at most, remove some`,
      ),
    )
  }
  const bfd = ports.both(dual.bfd, [...at("dualActive"), "bfd"], "a BFD port")
  const excluded = ports.both(dual.exclude, [...at("dualActive"), "exclude"])
  const settings = [...one.settings, ...two.settings]
  const channels = Object.fromEntries(
    Object.entries(block.portChannel ?? {}).map(([key, channel]) => [
      key,
      jointly(channel, one.ports, ports, [...at("portChannel"), key], `a member of Po${key}`),
    ]),
  )
  const { pair: _, path: _own, ...shared } = one
  const joint: SwitchNode = {
    ...shared,
    name,
    path,
    ports: one.ports + two.ports,
    settings,
    ...(one.udld !== undefined && { udld: { ...one.udld, ports: [...one.udld.ports, ...(two.udld?.ports ?? [])] } }),
    ...settleChannels(path, block, channels, settings),
  }
  const bySwitch = <A>(of: (own: NonNullable<NonNullable<VssBlock["switch"]>[1]>) => A): Both<A | undefined> => [
    block.switch?.[1] === undefined ? undefined : of(block.switch[1]),
    block.switch?.[2] === undefined ? undefined : of(block.switch[2]),
  ]
  const preempt = bySwitch(({ preempt: delay }) =>
    delay === undefined || delay === false ? undefined : delay === true ? "15min" : delay,
  )
  const cardsOf = (member: 0 | 1): ReadonlyArray<Card> => {
    const place = [...at("switch"), String(member + 1), "cards"]
    return cards(block.switch?.[member === 0 ? 1 : 2]?.cards ?? {}, switches[member], [one, two][member].ports, place, problems)
  }
  return {
    type: "vss",
    name,
    path,
    nodes,
    domains: domainsOf(draft, problems),
    joint,
    vsl,
    fastHello,
    bfd,
    pagp: dual.pagp ?? true,
    excluded,
    priorities: bySwitch(({ priority }) => priority),
    preemptDelays: [
      preempt[0] === undefined ? undefined : timeNsOf(preempt[0]),
      preempt[1] === undefined ? undefined : timeNsOf(preempt[1]),
    ],
    versions: bySwitch(({ version }) => version),
    cards: [cardsOf(0), cardsOf(1)],
    redundancy: block.redundancy ?? "sso",
    ...(block.virtualMac !== undefined && { virtualMac: Hypervisors.macOf(block.virtualMac) }),
  }
}

/** A port-channel of both over the ports of both, numbered from 1. */
const jointly = (
  { ports: texts, priorities, ...channel }: PairChannelBlock,
  first: number,
  ports: Ports,
  path: Path,
  use: string,
): PortChannelBlock => {
  const number = (place: { readonly member: 0 | 1; readonly port: number }): number =>
    place.port + 1 + (place.member === 0 ? 0 : first)
  const members = texts.flatMap((text, i) => {
    const place = ports.find(text, [...path, "ports", i], use)
    return place === undefined ? [] : [number(place)]
  })
  const own = Object.entries(priorities ?? {}).flatMap(([text, priority]) => {
    const place = ports.find(text, [...path, "priorities", text])
    return place === undefined ? [] : [[number(place), priority] as const]
  })
  return { ...channel, ports: members, ...(own.length > 0 && { priorities: Object.fromEntries(own) }) }
}

const cards = (
  blocks: Readonly<Record<string, ReadonlyArray<number | string>>>,
  name: string,
  count: number,
  path: Path,
  problems: Array<Problem>,
): ReadonlyArray<Card> => {
  const slotOf = new Map<number, number>()
  return Object.entries(blocks).map(([key, entries]): Card => {
    const slot = Number(key)
    if (!/^[1-9]\d?$/.test(key))
      problems.push(error([...path, key], `${NAME}: "${key}" is no slot of ${name}: write 1 to 99`, "key"))
    const ports = entries.flatMap((entry, i): ReadonlyArray<number> => {
      const range = typeof entry === "number" ? ([entry, entry] as const) : rangeOf(entry)
      const [first, last] = range ?? [1, 0]
      if (first > last || last > count) {
        const why = last > count ? `${name} has ${count} ports` : "write a number, or a range like 1-24"
        problems.push(error([...path, key, i], `${NAME}: "${entry}" are no ports of ${name}: ${why}`))
        return []
      }
      return Array.from({ length: last - first + 1 }, (_, at) => first - 1 + at)
    })
    const twice = ports.find((port) => slotOf.has(port))
    if (twice !== undefined) {
      problems.push(
        error(
          [...path, key],
          `${NAME}: ${name}:${twice + 1} is in slot ${slotOf.get(twice)} already: a port is on one card`,
          "key",
        ),
      )
    }
    for (const port of ports) slotOf.set(port, slot)
    return { slot, ports }
  })
}

/** The bridge port at each peer that the peer-link is. */
const peerLinkOf = (draft: PairDraft, block: VpcBlock, peers: Settled, ports: Ports, problems: Array<Problem>): Both<number> => {
  const { name, path, switches } = draft
  const at: Path = [...path, "peerLink"]
  const { peerLink } = block
  if (peerLink === undefined) {
    problems.push(error(path, `${NAME}: ${name} has no peer-link: add one, like peerLink: Po1`, "key"))
    return [0, 0]
  }
  if (typeof peerLink === "string") {
    const number = /^Po(\d+)$/.exec(peerLink)?.[1]
    if (number === undefined) {
      problems.push(error(at, `${NAME}: "${peerLink}" is no peer-link: write a port-channel like Po1, or a port of each peer`))
      return [0, 0]
    }
    const found = peers.map((peer, member) => {
      const position = peer.channels?.channels.findIndex((channel) => channel.number === Number(number)) ?? -1
      if (position < 0) {
        problems.push(
          error(
            at,
            `${NAME}: ${switches[member]} has no ${peerLink} for the peer-link: give it portChannel ${number}, or name another`,
          ),
        )
      }
      return peer.ports + Math.max(position, 0)
    })
    return [found[0], found[1]]
  }
  const both = ports.both(peerLink, at, "the peer-link")
  if (both[0].length !== 1 || both[1].length !== 1) {
    problems.push(
      error(
        at,
        `${NAME}: the peer-link of ${name} is one port of each peer: bundle more in a port-channel, and write peerLink: Po1`,
      ),
    )
  }
  return [both[0][0] ?? 0, both[1][0] ?? 0]
}

const keepaliveOf = (draft: PairDraft, block: VpcBlock, ports: Ports, problems: Array<Problem>): Both<number> | undefined => {
  const { keepalive } = block
  if (keepalive === undefined || keepalive === "peer-link") return undefined
  const at: Path = [...draft.path, "keepalive"]
  const both = ports.both(keepalive, at, "the keepalive's port")
  if (both[0].length === 1 && both[1].length === 1) return [both[0][0], both[1][0]]
  const [one, two] = draft.switches
  problems.push(
    error(
      at,
      `${NAME}: the keepalive of ${draft.name} has one port at each peer: write it like [${one}:9, ${two}:9], or peer-link`,
    ),
  )
  return undefined
}

/** Settle two vPC peers. */
const settleVpc = (draft: PairDraft, block: VpcBlock, nodes: Both<number>, peers: Settled, problems: Array<Problem>): VpcPair => {
  const { path } = draft
  const ports = new Ports(draft, [peers[0].ports, peers[1].ports], problems)
  // What is in a port-channel is taken.
  for (const peer of peers) {
    for (const { members, number, path: at } of peer.channels?.channels ?? []) {
      for (const member of members) ports.find(`${peer.name}:${member + 1}`, [...at, "ports"], `a member of Po${number}`)
    }
  }
  return {
    type: "vpc",
    name: draft.name,
    path,
    nodes,
    domains: domainsOf(draft, problems),
    peerLink: peerLinkOf(draft, block, peers, ports, problems),
    keepalive: keepaliveOf(draft, block, ports, problems),
    priorities: [block.switch?.[1]?.priority, block.switch?.[2]?.priority],
    orphanSuspend: ports.both(block.orphanSuspend, [...path, "orphanSuspend"]),
    block,
  }
}

/** Settle all pairs, and mark their switches. */
export const settle = (
  pairs: ReadonlyArray<PairDraft>,
  nodes: ReadonlyArray<NetworkNode>,
  settleChannels: Parameters<typeof settleVss>[4],
  problems: Array<Problem>,
): { readonly pairs: ReadonlyArray<Pair>; readonly nodes: ReadonlyArray<NetworkNode> } => {
  const marked = [...nodes]
  const settled = pairs.flatMap((draft): ReadonlyArray<Pair> => {
    if (nodes.some(({ name }) => name === draft.name)) {
      problems.push(error(draft.path, `${NAME}: "${draft.name}" is the name of a node already: rename the pair`, "key"))
    }
    const places = draft.switches.map((name) => nodes.findIndex((node) => node.name === name))
    const [a, b] = places
    const [one, two] = [nodes[a], nodes[b]]
    for (const node of [one, two]) {
      if (node?.kind === "switch") continue
      const path = [...draft.path, "switches"]
      problems.push(error(path, `${NAME}: ${node?.name} is a ${node?.kind}: only switches make a pair`))
    }
    if (one?.kind !== "switch" || two?.kind !== "switch") return []
    const { block } = draft
    const pair =
      block.type === "vss"
        ? settleVss(draft, block, [a, b], [one, two], settleChannels, problems)
        : settleVpc(draft, block, [a, b], [one, two], problems)
    return [pair]
  })
  settled.forEach(({ nodes: two, type }, pair) => {
    two.forEach((node, member) => {
      marked[node] = { ...(marked[node] as SwitchNode), pair: { pair, type, member: member as 0 | 1 } }
    })
  })
  return { pairs: settled, nodes: marked }
}

/** The MTU of cables of virtual switch links, which carry whole frames in frames; undefined for others. */
export const vslMtu = (pairs: ReadonlyArray<Pair>): ((a: LinkEnd, b: LinkEnd) => number | undefined) => {
  const isVsl = ({ node, port }: LinkEnd): boolean =>
    pairs.some(
      (pair) => pair.type === "vss" && pair.nodes.some((own, member) => own === node && pair.vsl[member as 0 | 1].includes(port)),
    )
  return (a, b) => (isVsl(a) || isVsl(b) ? USUAL_VSL_MTU : undefined)
}
