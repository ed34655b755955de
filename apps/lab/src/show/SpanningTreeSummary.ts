/** `show spanning-tree summary`: how many ports each tree of a switch has in which state, in the layout of Catalyst switches. */
import * as Columns from "./Columns.ts"
import * as View from "./SpanningTreeView.ts"

/** Ports of a tree by state; `active` are all that are up. */
interface Counts {
  readonly blocking: number
  readonly listening: number
  readonly learning: number
  readonly forwarding: number
  readonly active: number
}

const countsOf = ({ ports }: View.SpanningTreeView): Counts => {
  const among = (...states: ReadonlyArray<View.PortStateView>): number =>
    ports.filter((port) => states.includes(port.state)).length
  return {
    blocking: among("blocking", "discarding"),
    listening: among("listening"),
    learning: among("learning"),
    forwarding: among("forwarding"),
    active: ports.length,
  }
}

const KEYS = ["blocking", "listening", "learning", "forwarding", "active"] as const

const NAME = 22
const WIDTHS = [NAME, 8, 9, 8, 10, 10]

const row = (name: string, counts: Counts): string =>
  [name.padEnd(NAME), ...KEYS.map((key, i) => String(counts[key]).padStart(WIDTHS[i + 1]))].join(" ")

const total = (all: ReadonlyArray<Counts>): Counts => {
  const sum = (key: keyof Counts): number => all.reduce((so, counts) => so + counts[key], 0)
  return {
    blocking: sum("blocking"),
    listening: sum("listening"),
    learning: sum("learning"),
    forwarding: sum("forwarding"),
    active: sum("active"),
  }
}

const setting = (name: string, value: string): string => `${name.padEnd(39)} is ${value}`

const enabled = (on: boolean): string => (on ? "enabled" : "disabled")

/** The guards of the switch, as switches list them whether they are on or not. */
const guardLines = (guards: View.GuardDefaultsView | undefined): ReadonlyArray<string> => [
  setting("Portfast Default", enabled(guards?.portfast ?? false)),
  setting("PortFast BPDU Guard Default", enabled(guards?.bpduGuard ?? false)),
  setting("Portfast BPDU Filter Default", enabled(guards?.bpduFilter ?? false)),
  setting("Loopguard Default", enabled(guards?.loopGuard ?? false)),
  setting("Bridge Assurance", enabled(guards?.bridgeAssurance ?? false)),
  setting("UplinkFast", enabled(guards?.uplinkFastRate !== undefined)),
  ...(guards?.uplinkFastRate === undefined
    ? []
    : [
        setting("Station update rate set to", `${guards.uplinkFastRate} packets/sec.`).replace(" is ", " "),
        setting("Multicasts transmitted via uplinkFast", String(guards.uplinkFastMulticasts)),
      ]),
  setting("BackboneFast", enabled(guards?.backboneFast ?? false)),
]

const STATISTIC = 60

/** What BackboneFast did. */
const backboneFastLines = (guards: View.GuardDefaultsView | undefined): ReadonlyArray<string> => {
  const counts = guards?.backboneFastCounts
  if (counts === undefined) return []
  const line = (what: string, number: number): string => `${`Number of ${what} (all VLANs)`.padEnd(STATISTIC)}: ${number}`
  return [
    "BackboneFast statistics",
    "-----------------------",
    line("transition via backboneFast", counts.transitions),
    line("inferior BPDUs received", counts.inferiorBpdus),
    line("RLQ request PDUs received", counts.requestsReceived),
    line("RLQ response PDUs received", counts.responsesReceived),
    line("RLQ request PDUs sent", counts.requestsSent),
    line("RLQ response PDUs sent", counts.responsesSent),
    "",
  ]
}

const withoutTree = (vlans: ReadonlyArray<number>): ReadonlyArray<string> => {
  if (vlans.length === 0) return []
  const head = "No spanning tree instance for VLAN: "
  const [first, ...rest] = Columns.wrap(Columns.ranges(vlans).split(","), 80 - head.length)
  return [head + first, ...rest.map((line) => " ".repeat(head.length) + line)]
}

const HEAD = "Root bridge for: "

/** Whether priorities carry a system id: the VLAN's, or the instance's. */
const hasSystemId = (mode: View.Mode): boolean => mode !== "stp" && mode !== "rstp"

/** The page, of all trees or of the one that `vlan` follows. */
export const lines = (view: View.SwitchTreesView | undefined, vlan?: number): ReadonlyArray<string> => {
  const trees = view === undefined ? [] : View.ofVlan(view.trees, vlan)
  if (view === undefined || trees.length === 0) return View.nothing(vlan)
  const roots = trees.filter(View.isRoot).map((tree) => View.nameOf(tree, vlan))
  const counts = trees.map(countsOf)
  const [first, ...rest] = Columns.wrap(roots.length === 0 ? ["none"] : roots, 80 - HEAD.length)
  return [
    "",
    `Switch is in ${view.mode} mode${view.mode === "mst" ? " (IEEE Standard)" : ""}`,
    `${HEAD}${first}`,
    ...rest.map((line) => " ".repeat(HEAD.length) + line),
    setting("Extended system ID", hasSystemId(view.mode) ? "enabled" : "disabled"),
    ...guardLines(view.guards),
    `Configured Pathcost method used is ${view.pathCostMethod}`,
    ...withoutTree(view.vlansWithoutTree),
    "",
    Columns.line(WIDTHS, "Name", "Blocking", "Listening", "Learning", "Forwarding", "STP Active"),
    Columns.rule(...WIDTHS),
    ...trees.map((tree, i) => row(View.nameOf(tree, vlan), counts[i])),
    Columns.rule(...WIDTHS),
    row(`${trees.length} ${view.mode === "mst" ? "mst" : "vlan"}${trees.length === 1 ? "" : "s"}`, total(counts)),
    "",
    ...backboneFastLines(view.guards),
  ]
}

/** For machines. */
export const json = (view: View.SwitchTreesView | undefined, vlan?: number): object | null => {
  if (view === undefined) return null
  const trees = View.ofVlan(view.trees, vlan)
  const all = trees.map((tree) => ({
    name: View.nameOf(tree, vlan),
    vlans: tree.vlans,
    isRoot: View.isRoot(tree),
    ...countsOf(tree),
  }))
  return {
    mode: view.mode,
    extendedSystemId: hasSystemId(view.mode),
    pathCostMethod: view.pathCostMethod,
    guards: view.guards ?? null,
    rootBridgeFor: all.filter((tree) => tree.isRoot).map((tree) => tree.name),
    trees: all,
    total: total(all),
    vlansWithoutTree: view.vlansWithoutTree,
  }
}
