/** `show spanning-tree root`: whom a switch takes for the root of each tree, and its way there, in the layout of Catalyst switches. */
import * as MacAddress from "@l2lab/l2/MacAddress"
import * as Columns from "./Columns.ts"
import * as View from "./SpanningTreeView.ts"

const NAME = 16
const WIDTHS = [NAME, 20, 9, 5, 3, 3]

const row = (view: View.SpanningTreeView, vlan?: number): string => {
  const { root, rootPort, times } = view
  const cells = [
    View.nameOf(view, vlan).padEnd(NAME),
    String(root.priority).padStart(5),
    MacAddress.formatDotted(root.address),
    String(view.rootPathCost).padStart(9),
    // Times are whole seconds, but for 802.1D-1998's.
    String(times.helloTime).padStart(4),
    String(times.maxAge).padStart(4),
    String(times.forwardDelay).padStart(3),
    rootPort === undefined ? "" : ` ${rootPort.interface}`,
  ]
  return cells.join(" ").trimEnd()
}

/** The table, of all trees or of the one that `vlan` follows. */
export const lines = (views: ReadonlyArray<View.SpanningTreeView>, vlan?: number): ReadonlyArray<string> => {
  const chosen = View.ofVlan(views, vlan)
  if (chosen.length === 0) return View.nothing(vlan)
  return [
    "",
    `${" ".repeat(43)}Root Hello Max Fwd`,
    `${(chosen[0].instance === undefined ? "Vlan" : "MST Instance").padEnd(23)}Root ID             Cost  Time Age Dly  Root Port`,
    `${Columns.rule(...WIDTHS)}  ------------`,
    ...chosen.map((view) => row(view, vlan)),
    "",
  ]
}

/** For machines: one object a tree. */
export const json = (views: ReadonlyArray<View.SpanningTreeView>, vlan?: number): ReadonlyArray<object> =>
  View.ofVlan(views, vlan).map((view) => ({
    name: View.nameOf(view, vlan),
    vlans: view.vlans,
    root: { priority: view.root.priority, address: MacAddress.format(view.root.address) },
    isRoot: View.isRoot(view),
    rootPathCost: view.rootPathCost,
    times: view.times,
    rootPort: view.rootPort ?? null,
  }))
