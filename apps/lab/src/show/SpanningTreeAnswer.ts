/**
 * The forms of `show spanning-tree`, brought together. For machines: `spanningTrees` (plain and detail), `spanningTreeSummary`,
 * `spanningTreeRoots`, `inconsistentPorts`, `mst` and `mstConfiguration` (both null for a switch that knows no regions).
 */
import { SECOND } from "@l2lab/sim/SimTime"
import type { Emulation } from "../Emulation.ts"
import * as InconsistentPorts from "./InconsistentPorts.ts"
import type { Question } from "./Question.ts"
import * as SpanningTree from "./SpanningTree.ts"
import * as SpanningTreeDetail from "./SpanningTreeDetail.ts"
import * as SpanningTreeMst from "./SpanningTreeMst.ts"
import * as SpanningTreeQuery from "./SpanningTreeQuery.ts"
import * as SpanningTreeRoot from "./SpanningTreeRoot.ts"
import * as SpanningTreeSummary from "./SpanningTreeSummary.ts"

type TreeQuestion = Extract<Question, { readonly show: "spanning-tree" }>

/** What a switch that is on prints. */
export const lines = (emulation: Emulation, node: number, { form, mstid, vlan }: TreeQuestion): ReadonlyArray<string> => {
  const view = SpanningTreeQuery.ofSwitch(emulation, node, vlan)
  const trees = view?.trees ?? []
  switch (form) {
    case "blocks":
      return SpanningTree.lines(trees, vlan)
    case "detail":
      return SpanningTreeDetail.lines(trees, emulation.simulation.now / SECOND, vlan)
    case "root":
      return SpanningTreeRoot.lines(trees, vlan)
    case "summary":
      return SpanningTreeSummary.lines(view, vlan)
    case "inconsistentports":
      return InconsistentPorts.lines(trees)
    case "mst":
      return SpanningTreeMst.lines(view, mstid)
    case "mst configuration":
      return SpanningTreeMst.configurationLines(view)
    case "mst configuration digest":
      return SpanningTreeMst.configurationLines(view, true)
  }
}

/** The same for machines. */
export const json = (emulation: Emulation, node: number, { form, mstid, vlan }: TreeQuestion): object => {
  const view = SpanningTreeQuery.ofSwitch(emulation, node, vlan)
  const trees = view?.trees ?? []
  switch (form) {
    case "blocks":
    case "detail":
      return { spanningTrees: SpanningTree.json(trees, vlan) }
    case "root":
      return { spanningTreeRoots: SpanningTreeRoot.json(trees, vlan) }
    case "summary":
      return { spanningTreeSummary: SpanningTreeSummary.json(view, vlan) }
    case "inconsistentports":
      return { inconsistentPorts: InconsistentPorts.json(trees) }
    case "mst":
      return { mst: SpanningTreeMst.json(view, mstid) }
    case "mst configuration":
    case "mst configuration digest":
      return { mstConfiguration: SpanningTreeMst.configurationJson(view) }
  }
}
