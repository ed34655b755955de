/**
 * The forms of `show spanning-tree`, brought together. For machines: `spanningTrees` (plain and detail), `spanningTreeSummary`,
 * `spanningTreeRoots` and `inconsistentPorts`.
 */
import { SECOND } from "@l2lab/sim/SimTime"
import type { Emulation } from "../Emulation.ts"
import * as InconsistentPorts from "./InconsistentPorts.ts"
import type { Question } from "./Question.ts"
import * as SpanningTree from "./SpanningTree.ts"
import * as SpanningTreeDetail from "./SpanningTreeDetail.ts"
import * as SpanningTreeQuery from "./SpanningTreeQuery.ts"
import * as SpanningTreeRoot from "./SpanningTreeRoot.ts"
import * as SpanningTreeSummary from "./SpanningTreeSummary.ts"

type TreeQuestion = Extract<Question, { readonly show: "spanning-tree" }>

/** What a switch that is on prints. */
export const lines = (emulation: Emulation, node: number, { form, vlan }: TreeQuestion): ReadonlyArray<string> => {
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
  }
}

/** The same for machines. */
export const json = (emulation: Emulation, node: number, { form, vlan }: TreeQuestion): object => {
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
  }
}
