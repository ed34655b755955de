/** The spanning tree of a whole network on one page: who is root, which way each switch goes there, which ports block, VLAN by VLAN where they differ. */
import type { Directory } from "@l2lab/design/Directory"
import * as VlanSet from "@l2lab/design/VlanSet"
import { existing } from "@l2lab/l2/BridgeVlans"
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import type { Simulation } from "@l2lab/sim/Simulation"
import * as BridgeIdentifier from "@l2lab/stp/BridgeIdentifier"
import * as Inconsistency from "@l2lab/stp/Inconsistency"
import * as SpanningTree from "@l2lab/stp/SpanningTree"
import { some } from "../lab/Session.ts"
import * as Bridges from "../Bridges.ts"
import * as Settle from "../Settle.ts"
import * as VpcTree from "../VpcTree.ts"
import type { Style } from "./Style.ts"
import * as Table from "./Table.ts"

/** A port and the node at the other end of its cable. */
export interface TreePort {
  /** `acc-1:1` */
  readonly port: string
  /** `Te0/1` */
  readonly portName: string
  readonly towards?: string
  /** Why it is blocked whatever its role, as switches mark it: `*PVID_Inc`. Absent where nothing is wrong. */
  readonly inconsistent?: string
}

export interface TreeSwitch {
  readonly switch: string
  /** `1000.02:00:00:00:10:00` */
  readonly bridge: string
  /** The bridge that it believes to be root, and that switch's name if it is one of the design. */
  readonly root: string
  readonly rootSwitch?: string
  readonly rootPathCost: number
  /** Absent at the root. */
  readonly rootPort?: TreePort
  readonly designated: number
  /** Ports that are up and neither root nor designated port. */
  readonly blocked: ReadonlyArray<TreePort>
  /** Ports that are up and on their way to forwarding. */
  readonly changing: number
}

export interface TreeRoot {
  readonly bridge: string
  readonly switch?: string
  readonly believers: number
}

/** One active topology: a tree, or the trees of several VLANs that came out alike, shown by that of the first. */
export interface TreeOutcome {
  /** The VLANs that follow it, sorted. */
  readonly vlans: ReadonlyArray<number>
  /** Distinct roots: one, unless the network is parted or has not agreed yet. */
  readonly roots: ReadonlyArray<TreeRoot>
  /** In the order of the design; switches that are off, run no spanning tree or have none of the VLANs are left out. */
  readonly switches: ReadonlyArray<TreeSwitch>
}

/** VLANs of a switch that have no tree though it runs one for others. */
export interface WithoutTree {
  readonly switch: string
  readonly vlans: ReadonlyArray<number>
}

/** `roots` and `switches` are those of the first of `trees`. */
export interface TreeSummary extends Omit<TreeOutcome, "vlans"> {
  /** By their lowest VLAN. */
  readonly trees: ReadonlyArray<TreeOutcome>
  /** Switches with more VLANs than their platform has trees for: there the ports forward, whatever loops there are. */
  readonly beyond: ReadonlyArray<WithoutTree>
  /** Switches that are on and run none. */
  readonly without: ReadonlyArray<string>
  readonly off: ReadonlyArray<string>
}

/** Read the trees of all switches. */
export const summarize = (simulation: Simulation<EthernetFrame>, directory: Directory): TreeSummary => {
  const running = directory.nodes.map((_, node) => Settle.spanningTreeOf(simulation, node))
  const nameOf = new Map<number, string>()
  const nameAt = (node: number): string => Bridges.nameOf({ directory, simulation }, node)
  running.forEach((tree, node) => tree !== undefined && nameOf.set(SpanningTree.addressOf(tree), nameAt(node)))
  const outcomes = new Map<string, TreeOutcome>()
  for (const { trees, vlans } of distinctTrees(simulation, running)) {
    const switches = trees.flatMap((tree, node): ReadonlyArray<TreeSwitch> => {
      const state = running[node]
      if (state === undefined || tree < 0) return []
      const own = SpanningTree.snapshot(state, tree, simulation.now)
      return [rowOf(directory, node, nameAt(node), VpcTree.withVpcs(simulation.world, node, state, tree, own), nameOf)]
    })
    if (switches.length === 0) continue
    // VLANs whose trees differ in the system id, or in ports towards stations, have come out alike.
    const key = JSON.stringify(switches, (name, value: unknown) =>
      name === "designated"
        ? undefined
        : (name === "bridge" || name === "root") && typeof value === "string"
          ? value.slice(value.indexOf("."))
          : value,
    )
    const known = outcomes.get(key)
    const all = [...(known?.vlans ?? []), ...vlans].sort((a, b) => a - b)
    outcomes.set(key, { ...(known ?? { roots: rootsOf(switches), switches }), vlans: all })
  }
  const trees = [...outcomes.values()].sort((a, b) => (a.vlans[0] ?? 0) - (b.vlans[0] ?? 0))
  const switchNodes = directory.nodes.flatMap((entry, node) => (entry.kind === "switch" ? [node] : []))
  const names = (chosen: (node: number) => boolean) => switchNodes.filter(chosen).map((node) => directory.nodes[node].name)
  // A chassis that stands by, or is in recovery mode, runs none: that is nobody's choice.
  const isChassis = (node: number): boolean => simulation.world.kinds[node] === "chassis"
  return {
    roots: trees[0]?.roots ?? [],
    switches: trees[0]?.switches ?? [],
    trees,
    beyond: running.flatMap((tree, node): ReadonlyArray<WithoutTree> => {
      if (tree === undefined) return []
      const vlans = vlansOf(simulation.world, node).filter((id) => SpanningTree.treeOfVlan(tree, id) === undefined)
      return vlans.length === 0 ? [] : [{ switch: nameAt(node), vlans }]
    }),
    without: names(
      (node) =>
        running[node] === undefined &&
        simulation.world.states[node] !== null &&
        (!isChassis(node) || Bridges.isActive(simulation.world, node)),
    ),
    off: names((node) => simulation.world.states[node] === null),
  }
}

/** The tree that a VLAN follows on each node, -1 for none, and all VLANs that follow the same ones. */
interface DistinctTrees {
  readonly trees: ReadonlyArray<number>
  readonly vlans: ReadonlyArray<number>
}

const vlansOf = (world: Bridges.Read, node: number): ReadonlyArray<number> => {
  const bridge = Bridges.bridgeOf(world, node)
  return bridge === null ? [] : existing(bridge)
}

const distinctTrees = (
  { world }: Simulation<EthernetFrame>,
  running: ReadonlyArray<SpanningTree.SpanningTree | undefined>,
): ReadonlyArray<DistinctTrees> => {
  const ids = new Set<number>()
  running.forEach((tree, node) => tree !== undefined && vlansOf(world, node).forEach((id) => ids.add(id)))
  const found = new Map<string, { readonly trees: ReadonlyArray<number>; readonly vlans: Array<number> }>()
  for (const id of [...ids].sort((a, b) => a - b)) {
    // The one tree of 802.1D carries all VLANs, those included that its switch does not have.
    const trees = running.map((tree) => (tree === undefined ? -1 : (SpanningTree.treeOfVlan(tree, id) ?? -1)))
    const known = found.get(trees.join())
    if (known === undefined) found.set(trees.join(), { trees, vlans: [id] })
    else known.vlans.push(id)
  }
  return [...found.values()]
}

const rootsOf = (switches: ReadonlyArray<TreeSwitch>): ReadonlyArray<TreeRoot> => {
  const roots = new Map<string, TreeRoot>()
  for (const { root, rootSwitch } of switches) {
    // A bridge of 802.1D in the way of a VLAN takes the same switch for root, in VLAN 1's tree: the number of the tree makes no other of it.
    const key = root.replace(/^(.)...\./, "$1.")
    const known = roots.get(key)
    const named = rootSwitch === undefined ? {} : { switch: rootSwitch }
    roots.set(key, { bridge: known?.bridge ?? root, ...named, believers: (known?.believers ?? 0) + 1 })
  }
  return [...roots.values()]
}

const rowOf = (
  directory: Directory,
  node: number,
  name: string,
  tree: SpanningTree.TreeSnapshot,
  nameOf: ReadonlyMap<number, string>,
): TreeSwitch => {
  const rootSwitch = nameOf.get(tree.root.address)
  const blocked = tree.ports.filter(isBlocked)
  return {
    switch: name,
    bridge: BridgeIdentifier.format(tree.bridge.priority, tree.bridge.address),
    root: BridgeIdentifier.format(tree.root.priority, tree.root.address),
    ...(rootSwitch === undefined ? {} : { rootSwitch }),
    rootPathCost: tree.rootPathCost,
    ...(tree.rootPort === undefined ? {} : { rootPort: portOf(directory, node, tree.rootPort) }),
    designated: tree.ports.filter((port) => port.role === "Designated" && !isBlocked(port)).length,
    blocked: blocked.map((port) => ({ ...portOf(directory, node, port.port), ...markOf(port) })),
    changing: tree.ports.filter((port) => port.role !== "Disabled" && !isBlocked(port) && port.state !== "forwarding").length,
  }
}

const markOf = ({ inconsistencies }: SpanningTree.PortSnapshot): Pick<TreePort, "inconsistent"> => {
  const marks = Inconsistency.REASONS.filter(({ name }) => inconsistencies.includes(name)).map(({ mark }) => mark)
  return marks.length === 0 ? {} : { inconsistent: marks.join(" ") }
}

const BLOCKED: ReadonlySet<SpanningTree.RoleName> = new Set<SpanningTree.RoleName>(["Blocked", "Alternate", "Backup"])

/** By its role, or because its two ends do not agree. */
const isBlocked = ({ inconsistencies, role }: SpanningTree.PortSnapshot): boolean =>
  BLOCKED.has(role) || inconsistencies.length > 0

const portOf = (directory: Directory, node: number, port: number): TreePort => {
  const entry = directory.nodes[node].bridgePorts[port]
  const towards = entry.peer?.split(":")[0]
  return { port: entry.end, portName: entry.shortName, ...(towards === undefined ? {} : { towards }) }
}

const portText = ({ inconsistent, portName, towards }: TreePort, style: Style): string =>
  [
    portName,
    ...(towards === undefined ? [] : [style.dim(`to ${towards}`)]),
    ...(inconsistent === undefined ? [] : [inconsistent]),
  ].join(" ")

/** The summary as lines of at most 80 columns (names of usual length granted). */
export const render = (summary: TreeSummary, style: Style): ReadonlyArray<string> => {
  const lines: Array<string> = []
  for (const [i, tree] of summary.trees.entries()) {
    if (summary.trees.length > 1) {
      if (i > 0) lines.push("")
      lines.push(style.bold(`${tree.vlans.length === 1 ? "VLAN" : "VLANs"} ${VlanSet.format(tree.vlans)}`))
    }
    lines.push(...renderTree(tree, summary.trees.length === 1, style))
  }
  const without = Map.groupBy(summary.beyond, ({ vlans }) => VlanSet.format(vlans))
  for (const [vlans, switches] of without) {
    const noun = switches[0].vlans.length === 1 ? "VLAN" : "VLANs"
    lines.push(
      `${style.warn(`no tree for ${noun} ${vlans}`)} on ${some(switches.map((one) => one.switch))}: more than the platform has`,
    )
  }
  if (summary.trees.some(({ switches }) => switches.some((row) => row.blocked.some((port) => port.inconsistent !== undefined)))) {
    lines.push(style.warn("ports marked * are inconsistent and stay blocked: show spanning-tree inconsistentports"))
  }
  if (summary.without.length > 0) lines.push(`no spanning tree on ${summary.without.join(", ")}`)
  if (summary.off.length > 0) lines.push(`switched off: ${summary.off.join(", ")}`)
  return lines
}

/** Designated ports are counted where one tree stands for all: those towards stations make the count another for each VLAN. */
const renderTree = ({ roots, switches }: TreeOutcome, isOnly: boolean, style: Style): ReadonlyArray<string> => [
  ...roots.map((root) => {
    const who = root.switch === undefined ? root.bridge : `${style.bold(root.switch)} (${root.bridge})`
    return roots.length === 1 ? `root ${who}` : `root ${who} for ${root.believers} of ${switches.length} switches`
  }),
  ...Table.render(
    ["SWITCH", "ROOT PORT", "COST", ...(isOnly ? ["DESIGNATED"] : []), "BLOCKED"],
    switches.map((row) => [
      row.switch,
      row.rootPort === undefined ? style.good("is the root") : portText(row.rootPort, style),
      String(row.rootPathCost),
      ...(isOnly ? [String(row.designated)] : []),
      row.blocked.length === 0 ? style.dim("-") : row.blocked.map((port) => style.warn(portText(port, style))).join(", "),
    ]),
    ["left", "left", "right", ...(isOnly ? ["right" as const] : []), "left"],
    style,
  ),
]
