/**
 * `show spanning-tree interface Gi0/1`: one port in all trees that it carries, as a table, in `detail`, or (`portfast`) whether it operates as an edge
 * in each; in the layout of Catalyst switches. A port whose link is down, or that is out of service, is in no tree.
 */
import * as Columns from "./Columns.ts"
import { ROW_WIDTHS, row } from "./SpanningTree.ts"
import { portLines } from "./SpanningTreeDetail.ts"
import * as View from "./SpanningTreeView.ts"

/** A port in one tree. */
interface InTree {
  readonly view: View.SpanningTreeView
  readonly port: View.SpanningTreePortView
}

const find = (views: ReadonlyArray<View.SpanningTreeView>, name: string): ReadonlyArray<InTree> =>
  views.flatMap((view) => view.ports.filter((port) => port.name === name).map((port) => ({ view, port })))

/** What is asked of the port beyond the table. */
export type Form = "table" | "detail" | "portfast"

const table = (found: ReadonlyArray<InTree>): ReadonlyArray<string> => [
  Columns.line(
    ROW_WIDTHS,
    found[0].view.instance === undefined ? "Vlan" : "Mst Instance",
    "Role",
    "Sts",
    "Cost",
    "Prio.Nbr",
    "Type",
  ),
  Columns.rule(...ROW_WIDTHS),
  ...found.map(({ port, view }) => row(View.nameOf(view), port)),
]

const NAME = 16

/** The port with this full name (`GigabitEthernet0/1`). */
export const lines = (views: ReadonlyArray<View.SpanningTreeView>, name: string, form: Form): ReadonlyArray<string> => {
  const found = find(views, name)
  if (found.length === 0) return [`no spanning tree info available for ${name}`, ""]
  switch (form) {
    case "table":
      return ["", ...table(found), ""]
    case "detail":
      return found.flatMap(({ port, view }) => portLines(View.nameOf(view), view.instance !== undefined, port))
    case "portfast":
      return [...found.map(({ port, view }) => Columns.line([NAME], View.nameOf(view), port.edge ? "enabled" : "disabled")), ""]
  }
}

/** For machines: one object a tree. */
export const json = (views: ReadonlyArray<View.SpanningTreeView>, name: string): ReadonlyArray<object> =>
  find(views, name).map(({ port, view }) => ({ name: View.nameOf(view), vlans: view.vlans, port: View.portJson(port) }))
