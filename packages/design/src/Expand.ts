/** From a design to a network: generators run, defaults filled in, cables on ports, addresses given. Every problem is reported at once. */
import { Result } from "effect"
import * as Addresses from "./Addresses.ts"
import * as Cabling from "./Cabling.ts"
import type { Design, LinkSettings } from "./Design.ts"
import type { HypervisorNode, NestedVm, SwitchNode } from "./NodeBlocks.ts"
import { draftNodes, NAME, type NodeDraft } from "./NodeDrafts.ts"
import * as Dtp from "./Dtp.ts"
import { error, type Path, type Problem } from "./DesignError.ts"
import * as Discovery from "./Discovery.ts"
import * as Generators from "./Generators.ts"
import * as Hypervisors from "./Hypervisors.ts"
import type { LinkEnd, Network, NetworkLink, NetworkNode } from "./Network.ts"
import * as RelayGuards from "./RelayGuards.ts"
import * as SpanningTrees from "./SpanningTrees.ts"
import * as PairDrafts from "./PairDrafts.ts"
import * as Pairs from "./Pairs.ts"
import * as LinkStateGroups from "./LinkStateGroups.ts"
import * as PortChannels from "./PortChannels.ts"
import * as SwitchPorts from "./SwitchPorts.ts"
import { didYouMean } from "./Suggestion.ts"
import * as Udld from "./Udld.ts"
import { rateBpsOf, ratioOf, sizeOctetsOf, timeNsOf } from "./Units.ts"
import * as VlanSet from "./VlanSet.ts"
import * as Vtp from "./Vtp.ts"

/** Expand a design. `name` is what it is called when it does not say. */
export const expand = (design: Design, name = "design"): Result.Result<Network, ReadonlyArray<Problem>> => {
  const problems: Array<Problem> = []
  const farm = design.farm === undefined ? undefined : Generators.farm(design.farm)
  if (farm !== undefined) problems.push(...farm.problems)
  const pairs = PairDrafts.drafts(design, farm?.pairs, problems)
  const nodes = draftNodes(design, farm, pairs, problems)
  const vms = draftVms(design, farm, nodes, problems)
  const links = draftLinks(design, farm)
  problems.push(...SpanningTrees.problemsOfDesign(design, nodes))
  const vlans = VlanSet.ofDesign(design.vlans, mentions(design, nodes))
  problems.push(...vlans.problems)

  const cabling = Cabling.plug(
    nodes.map((node) => socketOf(node, design.defaults, pairs)),
    links,
    new Map(pairs.map(({ name, switches }) => [name, switches])),
  )
  problems.push(...cabling.problems)

  const taken = Addresses.noneTaken()
  for (const node of nodes) {
    const mac = "mac" in node.block ? node.block.mac : undefined
    if (mac !== undefined && node.kind !== "hub") Addresses.take(taken, node.kind, Hypervisors.macOf(mac))
  }
  for (const drafts of vms.values()) {
    for (const { block } of drafts) if (block.mac !== undefined) Addresses.take(taken, "vm", Hypervisors.macOf(block.mac))
  }

  const neighbours = neighbourTable(nodes, cabling)
  const settled = Pairs.settle(
    pairs,
    nodes.map((draft, index) =>
      settleNode(draft, cabling.ports[index], design, vlans, neighbours[index], vms.get(draft.name) ?? [], taken, problems),
    ),
    (path, block, portChannel, settings) =>
      PortChannels.settle(path.at(-1) as string, path, { ...block, portChannel }, design.defaults?.switch, settings, problems),
    problems,
  )
  const network: Network = {
    name: design.name ?? name,
    seed: design.seed ?? 1,
    asBuilt: design.asBuilt ?? false,
    vlans: vlans.list,
    ...settled,
    links: settleLinks(design.defaults?.link, nodes, links, cabling, Pairs.vslMtu(settled.pairs)),
    defaultRateBps: rateBpsOf(design.defaults?.link?.rate ?? DEFAULT_RATE),
  }
  return problems.length > 0 ? Result.fail(problems) : Result.succeed(network)
}

const DEFAULT_RATE = "1G"

// Nodes ---------------------------------------------------------------------------------------------------------------------------

const socketOf = (node: NodeDraft, defaults: Design["defaults"], pairs: ReadonlyArray<PairDrafts.PairDraft>): Cabling.Socket => {
  const { name, kind } = node
  switch (node.kind) {
    case "switch":
      return {
        name,
        kind,
        ports: node.block.ports ?? defaults?.switch?.ports,
        atLeast: Math.max(SwitchPorts.highestNamed(node.block.port), PairDrafts.highestNamed(pairs, name)),
      }
    case "hub":
      return { name, kind, ports: node.block.ports, atLeast: 0 }
    case "host":
      return { name, kind, ports: 1, atLeast: 1 }
    case "hypervisor":
      return { name, kind, ports: node.block.uplinks ?? defaults?.hypervisor?.uplinks, atLeast: 1 }
  }
}

const settleNode = (
  node: NodeDraft,
  ports: number,
  design: Design,
  designVlans: VlanSet.DesignVlans,
  neighbours: ReadonlyMap<number, SwitchPorts.Neighbour>,
  vms: ReadonlyArray<Hypervisors.VmDraft>,
  taken: Addresses.Taken,
  problems: Array<Problem>,
): NetworkNode => {
  const { name, path } = node
  switch (node.kind) {
    case "switch": {
      const base = design.defaults?.switch
      const block = node.block
      const keys = node.pair?.keys ?? path
      const vlans = Vtp.settle(keys, block, base, designVlans)
      const settings = SwitchPorts.settle(name, path, block.port, ports, vlans.room, (port) => neighbours.get(port), problems)
      const channels = PortChannels.settle(name, path, block, base, settings, problems, (key) => node.pair?.channels.get(key))
      return {
        kind: "switch",
        name,
        path,
        ports,
        address: block.mac === undefined ? Addresses.allot(taken, "switch", name) : Hypervisors.macOf(block.mac),
        settings,
        ...vlans,
        ...Dtp.settle(keys, block, base, settings),
        ageingNs: timeNsOf(block.ageing ?? base?.ageing ?? "300s"),
        camEntries: block.cam ?? base?.cam ?? 16_384,
        reserved: block.reserved ?? base?.reserved ?? "drop",
        controlClass: block.controlClass ?? base?.controlClass ?? true,
        spanningTree: SpanningTrees.settle(
          [
            [design.spanningTree, ["spanningTree"]],
            [base?.spanningTree, ["defaults", "switch", "spanningTree"]],
            [block.spanningTree, [...keys, "spanningTree"]],
          ],
          vlans.room,
        ),
        staticEntries: [],
        ...RelayGuards.settle(keys, block, base),
        ...Discovery.ofSwitch(keys, block, base),
        ...channels,
        ...LinkStateGroups.settle(name, path, block.linkStateGroup, ports, channels.channels?.channels ?? [], problems),
        ...Udld.settle(keys, block.udld, base?.udld, settings, (port) => neighbours.get(port)?.kind),
      }
    }
    case "hub":
      return { kind: "hub", name, path, ports }
    case "host": {
      const mac = node.block.mac === undefined ? Addresses.allot(taken, "host", name) : Hypervisors.macOf(node.block.mac)
      const { vlan, tag, silent } = node.block
      if (vlan !== undefined && tag !== undefined) {
        problems.push(
          error(
            [...path, "tag"],
            `${name} cannot be untagged in VLAN ${vlan} and tagged in VLAN ${tag}: keep vlan or tag`,
            "key",
          ),
        )
      }
      return {
        kind: "host",
        name,
        path,
        ports,
        station: Hypervisors.station(node.block, mac),
        ...(vlan === undefined ? {} : { vlan }),
        ...(tag === undefined ? {} : { tag }),
        silent: silent ?? false,
      }
    }
    case "hypervisor":
      return Hypervisors.settle(name, path, node.block, ports, vms, design.defaults, taken, problems)
  }
}

// VMs -----------------------------------------------------------------------------------------------------------------------------

/** The VMs of each hypervisor, numbered: the farm's, the design's, those in hypervisors' own blocks. */
const draftVms = (
  design: Design,
  farm: Generators.Farm | undefined,
  nodes: ReadonlyArray<NodeDraft>,
  problems: Array<Problem>,
): ReadonlyMap<string, ReadonlyArray<Hypervisors.VmDraft>> => {
  const kinds = new Map(nodes.map((node) => [node.name, node.kind]))
  const byHost = new Map<string, Array<Hypervisors.VmDraft>>()
  const paths = new Map<string, Path>()
  let id = 1
  const add = (name: string, host: string, path: Path, block: NestedVm): void => {
    const before = paths.get(name)
    if (before !== undefined || kinds.has(name)) {
      const what = before === undefined ? `a ${kinds.get(name)}` : before[0] === "farm" ? "a VM of the farm" : "another VM"
      problems.push(error(path, `"${name}" is the name of ${what} already: rename one of them`, "key"))
      return
    }
    if (!NAME.test(name)) {
      problems.push(
        error(
          path,
          `"${name}" cannot be a name: names start with a letter and go on with letters, digits, ".", "_" or "-", up to 63 in all`,
          "key",
        ),
      )
    }
    paths.set(name, path)
    const vm = { name, path, block, id: id++ }
    const others = byHost.get(host)
    if (others === undefined) byHost.set(host, [vm])
    else others.push(vm)
  }
  for (const { name, host, vm } of farm?.vms ?? []) add(name, host, ["farm"], vm)
  for (const [name, { host, ...block }] of Object.entries(design.vms ?? {})) {
    const path = ["vms", name]
    const kind = kinds.get(host)
    if (kind !== "hypervisor") {
      const hypervisors = nodes.filter((node) => node.kind === "hypervisor").map((node) => node.name)
      const cure = didYouMean(
        host,
        hypervisors,
        hypervisors.length === 0 ? "; the design has no hypervisor: add one to nodes" : `; hypervisors are ${list(hypervisors)}`,
      )
      problems.push(
        error(
          [...path, "host"],
          kind === undefined ? `there is no node "${host}"${cure}` : `${host} is a ${kind}, not a hypervisor${cure}`,
        ),
      )
    }
    add(name, host, path, block)
  }
  for (const node of nodes) {
    if (node.kind !== "hypervisor") continue
    for (const [name, block] of Object.entries(node.block.vms ?? {})) add(name, node.name, [...node.path, "vms", name], block)
  }
  return byHost
}

/** A few names of many. */
const list = (names: ReadonlyArray<string>): string =>
  names.length <= 6 ? names.join(", ") : `${names.slice(0, 5).join(", ")} and ${names.length - 5} more`

// Links ---------------------------------------------------------------------------------------------------------------------------

const draftLinks = (design: Design, farm: Generators.Farm | undefined): ReadonlyArray<Cabling.LinkDraft> => {
  const drafts: Array<Cabling.LinkDraft> = []
  const farmPath: Path = ["farm"]
  for (const { ends, ...settings } of farm?.links ?? [])
    drafts.push({ ends, endPaths: [farmPath, farmPath], path: farmPath, settings })
  design.links?.forEach((link, index) => {
    const path: Path = ["links", index]
    if ("ends" in link) {
      const { ends, ...settings } = link
      drafts.push({
        ends,
        endPaths: [
          [...path, "ends", 0],
          [...path, "ends", 1],
        ],
        path,
        settings,
      })
    } else
      drafts.push({
        ends: link,
        endPaths: [
          [...path, 0],
          [...path, 1],
        ],
        path,
        settings: {},
      })
  })
  return drafts
}

const settleLinks = (
  base: LinkSettings | undefined,
  nodes: ReadonlyArray<NodeDraft>,
  drafts: ReadonlyArray<Cabling.LinkDraft>,
  cabling: Cabling.Cabling,
  vslMtu: (a: LinkEnd, b: LinkEnd) => number | undefined,
): ReadonlyArray<NetworkLink> => {
  const links: Array<NetworkLink> = []
  drafts.forEach(({ path, settings }, index) => {
    const ends = cabling.ends[index]
    if (ends === undefined) return
    const [a, b] = ends
    links.push({
      name: settings.name ?? `${nodes[a.node].name}:${a.port + 1}--${nodes[b.node].name}:${b.port + 1}`,
      path,
      a,
      b,
      rateBps: rateBpsOf(settings.rate ?? base?.rate ?? DEFAULT_RATE),
      latencyNs: timeNsOf(settings.latency ?? base?.latency ?? "500ns"),
      mtu: settings.mtu ?? vslMtu(a, b) ?? base?.mtu ?? 1500,
      queueOctets: sizeOctetsOf(settings.queue ?? base?.queue ?? "1MiB"),
      lossRatio: ratioOf(settings.loss ?? base?.loss ?? 0),
      corruptionRatio: ratioOf(settings.corruption ?? base?.corruption ?? 0),
      fullDuplex: fullDuplexOf(settings.duplex ?? base?.duplex ?? "full"),
    })
  })
  return links
}

const fullDuplexOf = (duplex: NonNullable<LinkSettings["duplex"]>): NetworkLink["fullDuplex"] =>
  typeof duplex === "string" ? duplex === "full" : [duplex[0] === "full", duplex[1] === "full"]

const neighbourTable = (
  nodes: ReadonlyArray<NodeDraft>,
  cabling: Cabling.Cabling,
): ReadonlyArray<ReadonlyMap<number, SwitchPorts.Neighbour>> => {
  const table = nodes.map(() => new Map<number, SwitchPorts.Neighbour>())
  const neighbours = nodes.map((node) => ({
    name: node.name,
    kind: node.kind,
    vlan: node.kind === "host" ? node.block.vlan : undefined,
    tagged: node.kind === "host" && node.block.tag !== undefined,
    path: node.path,
  }))
  for (const ends of cabling.ends) {
    if (ends === undefined) continue
    const [a, b] = ends
    table[a.node].set(a.port, neighbours[b.node])
    table[b.node].set(b.port, neighbours[a.node])
  }
  return table
}

// VLANs ---------------------------------------------------------------------------------------------------------------------------

/**
 * Every place that mentions a VLAN by its id. A range in a trunk's `allowed`, or of spanning tree's settings, is no mention: `1-4094` means
 * whatever there is.
 */
function* mentions(design: Design, nodes: ReadonlyArray<NodeDraft>): Generator<VlanSet.Mention> {
  yield* mentionsOfVlans(design.defaults?.switch?.vlans, ["defaults", "switch", "vlans"])
  yield* mentionsOfVlans(design.defaults?.switch?.controlPlane?.vlans, ["defaults", "switch", "controlPlane", "vlans"])
  yield* mentionsOfGroups(design.defaults?.hypervisor?.portGroups, ["defaults", "hypervisor", "portGroups"])
  yield* mentionsOfKeys(design.spanningTree?.vlans, ["spanningTree", "vlans"])
  yield* mentionsOfKeys(design.defaults?.switch?.spanningTree?.vlans, ["defaults", "switch", "spanningTree", "vlans"])
  for (const node of nodes) {
    switch (node.kind) {
      case "switch":
        yield* mentionsOfVlans(node.block.vlans, [...node.path, "vlans"])
        yield* mentionsOfVlans(node.block.controlPlane?.vlans, [...node.path, "controlPlane", "vlans"])
        yield* mentionsOfKeys(node.block.spanningTree?.vlans, [...node.path, "spanningTree", "vlans"])
        for (const [key, port] of Object.entries(node.block.port ?? {})) {
          const path = [...node.path, "port", key]
          if (port.vlan !== undefined) yield { id: port.vlan, path: [...path, "vlan"] }
          if (port.native !== undefined) yield { id: port.native, path: [...path, "native"] }
          yield* mentionsOfKeys(port.vlans, [...path, "vlans"])
          for (const [index, item] of (port.allowed ?? []).entries()) {
            if (typeof item === "number") yield { id: item, path: [...path, "allowed", index] }
          }
        }
        break
      case "hub":
        break
      case "host":
        if (node.block.vlan !== undefined) yield { id: node.block.vlan, path: [...node.path, "vlan"] }
        if (node.block.tag !== undefined) yield { id: node.block.tag, path: [...node.path, "tag"] }
        break
      case "hypervisor":
        yield* mentionsOfGroups(node.block.portGroups, node.path[0] === "farm" ? node.path : [...node.path, "portGroups"])
    }
  }
}

function* mentionsOfVlans(vlans: SwitchNode["vlans"], path: Path): Generator<VlanSet.Mention> {
  for (const [index, item] of (vlans ?? []).entries()) for (const id of VlanSet.ids([item])) yield { id, path: [...path, index] }
}

/** Keys like `10,20-29`: their single ids. */
function* mentionsOfKeys(settings: Readonly<Record<string, unknown>> | undefined, path: Path): Generator<VlanSet.Mention> {
  for (const key of Object.keys(settings ?? {})) {
    if (VlanSet.idsOfKey(key) === undefined) continue // told of elsewhere
    for (const part of key.split(",")) if (/^\s*\d+\s*$/.test(part)) yield { id: Number(part), path: [...path, key] }
  }
}

function* mentionsOfGroups(groups: HypervisorNode["portGroups"], path: Path): Generator<VlanSet.Mention> {
  for (const [group, written] of Object.entries(groups ?? {})) {
    if (typeof written === "number") yield { id: written, path: path[0] === "farm" ? path : [...path, group] }
    else if (written?.vlan !== undefined) yield { id: written.vlan, path: [...path, group, "vlan"] }
  }
}
