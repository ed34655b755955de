/** The spanning tree of a whole network on one page: who is root, which way each switch goes there, which ports block. */
import type { Directory } from "@l2lab/design/Directory"
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import type { Simulation } from "@l2lab/sim/Simulation"
import * as BridgeIdentifier from "@l2lab/stp/BridgeIdentifier"
import * as Query from "@l2lab/stp/stp1998/Query"
import * as Settle from "../Settle.ts"
import type { Style } from "./Style.ts"
import * as Table from "./Table.ts"

/** A port and the node at the other end of its cable. */
export interface TreePort {
  /** `acc-1:1` */
  readonly port: string
  /** `Te0/1` */
  readonly portName: string
  readonly towards?: string
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

export interface TreeSummary {
  /** Distinct roots: one, unless the network is parted or has not agreed yet. */
  readonly roots: ReadonlyArray<{ readonly bridge: string; readonly switch?: string; readonly believers: number }>
  /** In the order of the design; switches that are off or run no spanning tree are left out. */
  readonly switches: ReadonlyArray<TreeSwitch>
  /** Switches that are on and run none. */
  readonly without: ReadonlyArray<string>
  readonly off: ReadonlyArray<string>
}

/** Read the trees of all switches. */
export const summarize = (simulation: Simulation<EthernetFrame>, directory: Directory): TreeSummary => {
  const states = directory.nodes.map((_, node) => Settle.spanningTreeOf(simulation, node))
  const nameOf = new Map<number, string>()
  states.forEach((state, node) => state !== undefined && nameOf.set(state.address, directory.nodes[node].name))
  const switches: Array<TreeSwitch> = []
  const roots = new Map<string, { bridge: string; switch?: string; believers: number }>()
  states.forEach((state, node) => {
    if (state === undefined) return
    const tree = Query.snapshot(state, 0, simulation.now)
    const root = BridgeIdentifier.format(tree.root.priority, tree.root.address)
    const rootSwitch = nameOf.get(tree.root.address)
    const named = rootSwitch === undefined ? {} : { rootSwitch }
    const known = roots.get(root)
    if (known === undefined)
      roots.set(root, { bridge: root, ...(rootSwitch === undefined ? {} : { switch: rootSwitch }), believers: 1 })
    else known.believers++
    switches.push({
      switch: directory.nodes[node].name,
      bridge: BridgeIdentifier.format(tree.bridge.priority, tree.bridge.address),
      root,
      ...named,
      rootPathCost: tree.rootPathCost,
      ...(tree.rootPort === undefined ? {} : { rootPort: portOf(directory, node, tree.rootPort) }),
      designated: tree.ports.filter((port) => port.role === "Designated").length,
      blocked: tree.ports.filter((port) => port.role === "Blocked").map((port) => portOf(directory, node, port.port)),
      changing: tree.ports.filter((port) => port.state === "listening" || port.state === "learning").length,
    })
  })
  const switchNodes = directory.nodes.flatMap((entry, node) => (entry.kind === "switch" ? [node] : []))
  const names = (chosen: (node: number) => boolean) => switchNodes.filter(chosen).map((node) => directory.nodes[node].name)
  return {
    roots: [...roots.values()],
    switches,
    without: names((node) => states[node] === undefined && simulation.world.states[node] !== null),
    off: names((node) => simulation.world.states[node] === null),
  }
}

const portOf = (directory: Directory, node: number, port: number): TreePort => {
  const entry = directory.nodes[node].ports[port]
  const towards = entry.peer?.split(":")[0]
  return { port: entry.end, portName: entry.shortName, ...(towards === undefined ? {} : { towards }) }
}

const portText = ({ portName, towards }: TreePort, style: Style): string =>
  towards === undefined ? portName : `${portName} ${style.dim(`to ${towards}`)}`

/** The summary as lines of at most 80 columns (names of usual length granted). */
export const render = (summary: TreeSummary, style: Style): ReadonlyArray<string> => {
  const lines: Array<string> = []
  for (const root of summary.roots) {
    const who = root.switch === undefined ? root.bridge : `${style.bold(root.switch)} (${root.bridge})`
    lines.push(
      summary.roots.length === 1 ? `root ${who}` : `root ${who} for ${root.believers} of ${summary.switches.length} switches`,
    )
  }
  if (summary.switches.length > 0) {
    lines.push(
      ...Table.render(
        ["SWITCH", "ROOT PORT", "COST", "DESIGNATED", "BLOCKED"],
        summary.switches.map((row) => [
          row.switch,
          row.rootPort === undefined ? style.good("is the root") : portText(row.rootPort, style),
          String(row.rootPathCost),
          String(row.designated),
          row.blocked.length === 0 ? style.dim("-") : row.blocked.map((port) => style.warn(portText(port, style))).join(", "),
        ]),
        ["left", "left", "right", "right", "left"],
        style,
      ),
    )
  }
  if (summary.without.length > 0) lines.push(`no spanning tree on ${summary.without.join(", ")}`)
  if (summary.off.length > 0) lines.push(`switched off: ${summary.off.join(", ")}`)
  return lines
}
