/**
 * Generators. `farm` makes what the design's `farm` block asks for; the others make whole designs of the shapes that tests and
 * benchmarks want. All of them write a design as a person would, so everything goes through the same expansion.
 */
import * as Ipv4Address from "@l2lab/l3/Ipv4Address"
import type { Design, Farm as FarmBlock, LinkBlock, Node } from "./Design.ts"
import type { PortChannelBlock } from "./PortChannels.ts"
import type { NestedVm } from "./NodeBlocks.ts"
import type { PairBlock, PairChannelBlock } from "./PairBlocks.ts"
import { error, type Path, type Problem } from "./DesignError.ts"
import * as IpNetwork from "./IpNetwork.ts"

/** What a farm consists of. */
export interface Farm {
  readonly nodes: ReadonlyArray<readonly [name: string, block: Exclude<Node, null>]>
  readonly links: ReadonlyArray<LinkBlock>
  /** `dist`, where the distribution layer is a pair. */
  readonly pairs: Readonly<Record<string, PairBlock>>
  readonly vms: ReadonlyArray<{ readonly name: string; readonly host: string; readonly vm: NestedVm }>
  /** Networks that are too small for what is to have addresses in them. */
  readonly problems: ReadonlyArray<Problem>
}

const DEFAULT_VMS = { vlan: 10, network: "10.10.0.0/16" }
const DEFAULT_VMOTION = { vlan: 20, network: "10.20.0.0/16" }

/** VMs have the addresses from this one on, so that what is written out by hand has the first hundred. */
const FIRST_VM = 101

/** The nth address (from 1) of a network like `10.10.0.0/16`, with its prefix length. */
export const addressIn = (network: string, n: number): string => {
  const parsed = IpNetwork.parse(network)
  if ("problem" in parsed) throw new Error(parsed.problem)
  return `${Ipv4Address.format((IpNetwork.networkOf(parsed) + n) >>> 0)}/${parsed.prefixLength}`
}

/**
 * A server farm: `dist-1..d` fully meshed, `acc-1..a` with an uplink to two neighbouring distribution switches (or to one), `esx-1..h`
 * with each uplink to another access switch, VMs host after host. Host i is plugged into the access switches from (i - 1) x uplinks on,
 * round and round, so that hosts of one group share their switches. A distribution layer that is a pair has its switches joined by its VSL or peer-link, and
 * by a cable for fast hellos or keepalives; access switch a is bundled to both as Po(10 + a).
 */
export const farm = (block: FarmBlock): Farm => {
  const pair = typeof block.distribution === "string" ? block.distribution : undefined
  const distribution = typeof block.distribution === "number" ? block.distribution : 2
  const access = block.access ?? 2
  const hosts = block.hosts ?? 0
  const vmsPerHost = block.vmsPerHost ?? 0
  const vmNetworks = (isList(block.vms) ? block.vms : [block.vms ?? {}]).map((network) => ({ ...DEFAULT_VMS, ...network }))
  const portGroupOf = (n: number): string => (n === 0 ? "vms" : `vms-${n + 1}`)
  const vmotionNetwork = { ...DEFAULT_VMOTION, ...block.vmotion }
  const rootPriority = block.rootPriority ?? 4096
  const nodes: Array<readonly [string, Exclude<Node, null>]> = []
  const links: Array<LinkBlock> = []
  const bundles = new FarmBundles(block, links)
  const vms: Array<Farm["vms"][number]> = []

  const uplinks = Math.min(block.dualHomed === false ? 1 : 2, distribution)
  const cables = block.portChannel?.cables ?? 1
  if (pair !== undefined) links.push(...joining(block))
  for (let d = 1; d <= distribution; d++) {
    const priority = Math.min(rootPriority + 4096 * (d - 1), 61_440)
    // The two of a VSS have one configuration, which stands in the pair.
    nodes.push([`dist-${d}`, d <= 2 && pair !== "vss" ? { kind: "switch", spanningTree: { priority } } : { kind: "switch" }])
    if (pair !== undefined) continue
    for (let other = 1; other < d; other++) {
      bundles.join(
        [`dist-${other}`, FIRST_INTERLINK + d],
        [`dist-${d}`, FIRST_INTERLINK + other],
        block.interlinks ?? 1,
        block.interlinkRate ?? "10G",
      )
    }
  }
  for (let a = 1; a <= access; a++) {
    const isBundled = pair !== undefined && uplinks * cables > 1
    const ports = Array.from({ length: uplinks * cables }, (_, n) => n + 1)
    nodes.push([`acc-${a}`, { kind: "switch", ...(isBundled && { portChannel: { 1: { ports, ...howOf(block) } } }) }])
    for (let u = 0; u < uplinks; u++) {
      // With two distribution switches every access switch has its first port at dist-1 and its second at dist-2.
      const d = distribution === 2 && uplinks === 2 ? u : (a - 1 + u) % distribution
      if (pair !== undefined) {
        for (let n = 0; n < cables; n++) {
          links.push({
            ends: [`acc-${a}:${u * cables + n + 1}`, `dist-${d + 1}:${apart(block) + (a - 1) * cables + n + 1}`],
            rate: block.uplinkRate ?? "10G",
          })
        }
        continue
      }
      bundles.join(
        [`acc-${a}`, u + 1],
        [`dist-${d + 1}`, a],
        block.portChannel?.cables ?? (block.portChannel ? 2 : 1),
        block.uplinkRate ?? "10G",
      )
    }
  }
  const hostUplinks = block.hostUplinks ?? 2
  let vmNumber = 0
  for (let h = 1; h <= hosts; h++) {
    const name = `esx-${h}`
    nodes.push([
      name,
      {
        kind: "hypervisor",
        uplinks: hostUplinks,
        portGroups: {
          ...Object.fromEntries(vmNetworks.map(({ vlan }, n) => [portGroupOf(n), vlan])),
          vmotion: vmotionNetwork.vlan,
        },
        vmkernel: { vmk0: { portGroup: "vmotion", address: addressIn(vmotionNetwork.network, h), services: ["vmotion"] } },
      },
    ])
    // Without access switches hosts go to the distribution layer.
    const layer = access > 0 ? "acc" : "dist"
    const width = access > 0 ? access : distribution
    for (let u = 0; u < hostUplinks; u++) {
      links.push({
        ends: [`${name}:${u + 1}`, `${layer}-${(((h - 1) * hostUplinks + u) % width) + 1}`],
        rate: block.hostRate ?? "1G",
      })
    }
    for (let v = 0; v < vmsPerHost; v++) {
      const group = vmNumber % vmNetworks.length
      vms.push({
        name: `${block.vmName ?? "web"}-${++vmNumber}`,
        host: name,
        // Two entries may name one network, which is why no address is given twice.
        vm: { portGroup: portGroupOf(group), address: addressIn(vmNetworks[group].network, FIRST_VM - 1 + vmNumber) },
      })
    }
  }
  bundles.settle(nodes)
  const problems = [
    ...(pair !== undefined && interlinksOf(block) === 0
      ? [
          error(
            ["farm", "interlinks"],
            `pair: a ${pair} has a ${pair === "vss" ? "virtual switch link" : "peer-link"}: write interlinks: 1 or more`,
          ),
        ]
      : []),
    ...vmNetworks.flatMap(({ network }, n) =>
      roomFor(["farm", "vms", ...(isList(block.vms) ? [n] : []), "network"], network, FIRST_VM, vms.length, "VMs"),
    ),
    ...roomFor(["farm", "vmotion", "network"], vmotionNetwork.network, 1, hosts, "vMotion interfaces"),
  ]
  const pairs = pair === undefined ? {} : { dist: pairBlock(block, pair, uplinks, cables) }
  return { nodes, links, pairs, vms, problems }
}

const interlinksOf = (block: FarmBlock): number => block.interlinks ?? 2

/** Ports of each switch of a pair that lead to the other. */
const apart = (block: FarmBlock): number => interlinksOf(block) + 1

/** The cables of a pair: its VSL or peer-link, and one for what must not share their fate. */
const joining = (block: FarmBlock): ReadonlyArray<LinkBlock> => [
  ...Array.from({ length: interlinksOf(block) }, (_, n): LinkBlock => ({
    ends: [`dist-1:${n + 1}`, `dist-2:${n + 1}`],
    rate: block.interlinkRate ?? "10G",
  })),
  { ends: [`dist-1:${apart(block)}`, `dist-2:${apart(block)}`], rate: "1G" },
]

/** How bundles of a farm come about. */
const howOf = ({ portChannel: { mode, rate } = {} }: FarmBlock): Pick<PairChannelBlock, "mode" | "rate"> => ({
  ...(mode !== undefined && { mode }),
  ...(rate !== undefined && { rate }),
})

/** The pair `dist`: access switch a is bundled to it as Po(10 + a). */
const pairBlock = (block: FarmBlock, type: "vss" | "vpc", uplinks: number, cables: number): PairBlock => {
  const ends = (port: number): ReadonlyArray<string> => [`dist-1:${port}`, `dist-2:${port}`]
  const interlinks = Array.from({ length: interlinksOf(block) }, (_, n) => ends(n + 1)).flat()
  const bundled = uplinks * cables > 1 ? (block.access ?? 2) : 0
  const bundles = Object.fromEntries(
    Array.from({ length: bundled }, (_, a): readonly [number, PairChannelBlock] => {
      const ports = Array.from({ length: cables }, (__, n) => ends(apart(block) + a * cables + n + 1)).flat()
      const own = uplinks === 2 ? ports : ports.filter((end) => end.startsWith(`dist-${(a % 2) + 1}:`))
      return [11 + a, { ports: own, ...howOf(block) }]
    }),
  )
  const both = { domain: 1, switches: ["dist-1", "dist-2"] }
  return type === "vss"
    ? {
        type,
        ...both,
        vsl: interlinks,
        switch: { 1: { priority: 110 } },
        dualActive: { fastHello: ends(apart(block)) },
        spanningTree: { priority: block.rootPriority ?? 4096 },
        portChannel: bundles,
      }
    : {
        type,
        ...both,
        peerLink: "Po1",
        keepalive: ends(apart(block)),
        switch: { 1: { priority: 100 } },
        portChannel: { 1: { ports: interlinks }, ...bundles },
      }
}

/** Port-channels between distribution switches have the numbers behind those towards access switches. */
const FIRST_INTERLINK = 4000

/** The cables of a farm, and the port-channels that they are in where it bundles. */
class FarmBundles {
  private readonly block: FarmBlock
  private readonly links: Array<LinkBlock>
  /** By switch: how many of its ports are taken, and its port-channels by number. */
  private readonly taken = new Map<string, number>()
  private readonly channels = new Map<string, Record<string, PortChannelBlock>>()

  constructor(block: FarmBlock, links: Array<LinkBlock>) {
    this.block = block
    this.links = links
  }

  /** Lay cables between two switches; each end says which of its port-channels they are. */
  join(one: readonly [name: string, number: number], other: typeof one, cables: number, rate: string): void {
    const isBundled = this.block.portChannel !== undefined
    for (let n = 0; n < cables; n++) {
      const ends = [one, other].map(([name, number]) => (isBundled ? `${name}:${this.take(name, number)}` : name))
      this.links.push({ ends: [ends[0], ends[1]], rate })
    }
  }

  /** The next port of a switch, which is then in a port-channel of it. */
  private take(name: string, number: number): number {
    const port = (this.taken.get(name) ?? 0) + 1
    this.taken.set(name, port)
    const { mode, rate } = this.block.portChannel!
    const own = this.channels.get(name) ?? {}
    this.channels.set(name, own)
    own[number] = {
      ports: [...(own[number]?.ports ?? []), port],
      ...(mode !== undefined && { mode }),
      ...(rate !== undefined && { rate }),
    }
    return port
  }

  /** Give the switches their port-channels. */
  settle(nodes: Array<readonly [string, Exclude<Node, null>]>): void {
    nodes.forEach(([name, block], i) => {
      const portChannel = this.channels.get(name)
      if (portChannel !== undefined) nodes[i] = [name, { ...block, portChannel } as Exclude<Node, null>]
    })
  }
}

const isList = (networks: FarmBlock["vms"]): networks is Extract<FarmBlock["vms"], ReadonlyArray<unknown>> =>
  Array.isArray(networks)

/** Whether `count` addresses from the nth on fit into a network. */
const roomFor = (path: Path, network: string, from: number, count: number, what: string): ReadonlyArray<Problem> => {
  const parsed = IpNetwork.parse(network)
  if ("problem" in parsed) return [error(path, parsed.problem)]
  const room = Math.max(0, IpNetwork.broadcastOf(parsed) - IpNetwork.networkOf(parsed) - from)
  return count > room
    ? [
        error(
          path,
          `${network} has room for ${room} ${what} (from its address ${from} on), the farm has ${count}: give it a shorter prefix`,
        ),
      ]
    : []
}

/** A design that is a farm and nothing else. */
export const farmDesign = (block: FarmBlock, rest: Omit<Design, "farm"> = {}): Design => ({ name: "farm", ...rest, farm: block })

/** Hosts `h1..`, plugged one by one into the switches that `at` names; addresses from 10.0.0.1 on. */
const hostsAt = (at: ReadonlyArray<string>): { readonly nodes: Record<string, Node>; readonly links: Array<LinkBlock> } => {
  const nodes: Record<string, Node> = {}
  const links: Array<LinkBlock> = []
  at.forEach((name, index) => {
    nodes[`h${index + 1}`] = { kind: "host", address: addressIn("10.0.0.0/8", index + 1) }
    links.push({ ends: [`h${index + 1}`, name] })
  })
  return { nodes, links }
}

const switches = (count: number): Record<string, Node> =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`sw${i + 1}`, { kind: "switch" as const }]))

/** A line of switches `sw1..n` with a host at each end (`h1`, `h2`). */
export const line = (count: number, rest: Design = {}): Design => {
  const hosts = hostsAt(["sw1", `sw${count}`])
  const links: Array<LinkBlock> = Array.from({ length: count - 1 }, (_, i) => ({ ends: [`sw${i + 1}`, `sw${i + 2}`] }))
  return { name: `line-${count}`, ...rest, nodes: { ...switches(count), ...hosts.nodes }, links: [...links, ...hosts.links] }
}

/** A ring of switches `sw1..n`, and hosts `h1..h` at the first ones. A ring of three is the triangle. */
export const ring = (count: number, hosts = 0, rest: Design = {}): Design => {
  const stations = hostsAt(Array.from({ length: hosts }, (_, i) => `sw${i + 1}`))
  const links: Array<LinkBlock> = Array.from({ length: count }, (_, i) => ({
    ends: [`sw${i + 1}`, `sw${((i + 1) % count) + 1}`],
  }))
  return {
    name: `ring-${count}`,
    ...rest,
    nodes: { ...switches(count), ...stations.nodes },
    links: [...links, ...stations.links],
  }
}

/** A grid of rows x columns switches, numbered row by row `sw1..`, each linked to its right and lower neighbour. */
export const grid = (rows: number, columns: number, rest: Design = {}): Design => {
  const links: Array<LinkBlock> = []
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      const n = r * columns + c + 1
      if (c + 1 < columns) links.push({ ends: [`sw${n}`, `sw${n + 1}`] })
      if (r + 1 < rows) links.push({ ends: [`sw${n}`, `sw${n + columns}`] })
    }
  }
  return { name: `grid-${rows}x${columns}`, ...rest, nodes: switches(rows * columns), links }
}

/**
 * A tree of switches level by level: `fanOut` [10, 10] is a root `sw1` with ten switches of ten each, 111 in all; `hostsPerLeaf` hosts at
 * each switch of the last level, `h1..`.
 */
export const tree = (fanOut: ReadonlyArray<number>, hostsPerLeaf = 0, rest: Design = {}): Design => {
  const links: Array<LinkBlock> = []
  let count = 1
  let level = [1]
  for (const width of fanOut) {
    const next: Array<number> = []
    for (const parent of level) {
      for (let i = 0; i < width; i++) {
        count++
        next.push(count)
        links.push({ ends: [`sw${parent}`, `sw${count}`] })
      }
    }
    level = next
  }
  const hosts = hostsAt(level.flatMap((leaf) => Array.from({ length: hostsPerLeaf }, () => `sw${leaf}`)))
  return { name: "tree", ...rest, nodes: { ...switches(count), ...hosts.nodes }, links: [...links, ...hosts.links] }
}
