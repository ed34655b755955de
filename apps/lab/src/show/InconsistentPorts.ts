/** `show spanning-tree inconsistentports`: ports that are kept blocked because two ends do not agree, in the layout of Catalyst switches. */
import * as Columns from "./Columns.ts"
import { describe } from "./SpanningTreeDetail.ts"
import * as View from "./SpanningTreeView.ts"

/** One port of one tree. */
interface Inconsistency {
  /** `VLAN0010` */
  readonly name: string
  readonly interface: string
  readonly inconsistency: View.InconsistencyView
}

const find = (views: ReadonlyArray<View.SpanningTreeView>): ReadonlyArray<Inconsistency> =>
  views.flatMap((view) =>
    view.ports.flatMap((port) =>
      port.inconsistencies.map((inconsistency) => ({ name: View.nameOf(view), interface: port.name, inconsistency })),
    ),
  )

const WIDTHS = [20, 24, 18]

/** The table. */
export const lines = (views: ReadonlyArray<View.SpanningTreeView>): ReadonlyArray<string> => {
  const found = find(views)
  return [
    "",
    Columns.line(WIDTHS, "Name", "Interface", "Inconsistency"),
    Columns.rule(...WIDTHS),
    ...found.map((entry) => Columns.line(WIDTHS, entry.name, entry.interface, describe(entry.inconsistency))),
    "",
    `Number of inconsistent ports (segments) in the system : ${found.length}`,
    "",
  ]
}

/** For machines. */
export const json = (views: ReadonlyArray<View.SpanningTreeView>): ReadonlyArray<object> => find(views)
