/** `show spanning-tree blockedports`: which ports each tree of a switch blocks, broken ones among them, in the layout of Catalyst switches. */
import * as Columns from "./Columns.ts"
import * as View from "./SpanningTreeView.ts"

const blocked = ({ ports }: View.SpanningTreeView): ReadonlyArray<string> =>
  ports.filter(({ state }) => state === "blocking" || state === "discarding").map((port) => port.interface)

const NAME = 20
const LIST = 36
const WIDTH = 80

/** The table. */
export const lines = (views: ReadonlyArray<View.SpanningTreeView>): ReadonlyArray<string> => [
  "",
  Columns.line([NAME], "Name", "Blocked Interfaces List"),
  Columns.rule(NAME, LIST),
  ...views
    .filter((view) => blocked(view).length > 0)
    .flatMap((view) =>
      Columns.wrap(blocked(view), WIDTH - NAME - 1).map((list, i) =>
        Columns.line([NAME], i === 0 ? View.nameOf(view) : "", list),
      ),
    ),
  "",
  `Number of blocked ports (segments) in the system : ${views.reduce((sum, view) => sum + blocked(view).length, 0)}`,
  "",
]

/** For machines: one object a tree that blocks any. */
export const json = (views: ReadonlyArray<View.SpanningTreeView>): ReadonlyArray<object> =>
  views
    .filter((view) => blocked(view).length > 0)
    .map((view) => ({ name: View.nameOf(view), vlans: view.vlans, interfaces: blocked(view) }))
