/**
 * The forms of `show spanning-tree`, brought together. For machines: `spanningTrees` (plain and detail), `spanningTreeSummary`,
 * `spanningTreeRoots`, `inconsistentPorts`, `blockedPorts`, `spanningTreeInterface`, `mst` and `mstConfiguration` (both null for a switch that knows no regions).
 */
import { SECOND } from "@l2lab/sim/SimTime"
import type { Emulation } from "../Emulation.ts"
import * as InconsistentPorts from "./InconsistentPorts.ts"
import type { Question } from "./Question.ts"
import * as SpanningTree from "./SpanningTree.ts"
import * as SpanningTreeBlocked from "./SpanningTreeBlocked.ts"
import * as SpanningTreeDetail from "./SpanningTreeDetail.ts"
import * as SpanningTreeInterface from "./SpanningTreeInterface.ts"
import * as SpanningTreeMst from "./SpanningTreeMst.ts"
import * as SpanningTreeQuery from "./SpanningTreeQuery.ts"
import * as SpanningTreeRoot from "./SpanningTreeRoot.ts"
import * as SpanningTreeSummary from "./SpanningTreeSummary.ts"

type TreeQuestion = Extract<Question, { readonly show: "spanning-tree" }>

/** The questions about each of several VLANs. */
const each = ({ vlans, ...question }: TreeQuestion): ReadonlyArray<TreeQuestion> =>
  vlans === undefined ? [question] : vlans.map((vlan) => ({ ...question, vlan }))

/** What a switch that is on prints; `port`: the full name of the port that is asked about. */
export const lines = (emulation: Emulation, node: number, question: TreeQuestion, port = ""): ReadonlyArray<string> =>
  each(question).flatMap((one) => linesOf(emulation, node, one, port))

const linesOf = (
  emulation: Emulation,
  node: number,
  { form, mstid, vlan }: TreeQuestion,
  port: string,
): ReadonlyArray<string> => {
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
    case "blockedports":
      return SpanningTreeBlocked.lines(trees)
    case "interface":
      return SpanningTreeInterface.lines(trees, port, "table")
    case "interface detail":
      return SpanningTreeInterface.lines(trees, port, "detail")
    case "interface portfast":
      return SpanningTreeInterface.lines(trees, port, "portfast")
    case "mst":
      return SpanningTreeMst.lines(view, mstid)
    case "mst detail":
      return SpanningTreeMst.lines(view, mstid, true)
    case "mst configuration":
      return SpanningTreeMst.configurationLines(view)
    case "mst configuration digest":
      return SpanningTreeMst.configurationLines(view, true)
  }
}

/** The same for machines; lists of several VLANs as one. */
export const json = (emulation: Emulation, node: number, question: TreeQuestion, port = ""): object => {
  const all = each(question).map((one) => jsonOf(emulation, node, one, port))
  return all.reduce((whole, part) =>
    Object.fromEntries(Object.entries(whole).map(([key, value]) => [key, [value, part[key]].flat()])),
  )
}

const jsonOf = (
  emulation: Emulation,
  node: number,
  { form, mstid, vlan }: TreeQuestion,
  port: string,
): Readonly<Record<string, unknown>> => {
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
    case "blockedports":
      return { blockedPorts: SpanningTreeBlocked.json(trees) }
    case "interface":
    case "interface detail":
    case "interface portfast":
      return { spanningTreeInterface: SpanningTreeInterface.json(trees, port) }
    case "mst":
    case "mst detail":
      return { mst: SpanningTreeMst.json(view, mstid) }
    case "mst configuration":
    case "mst configuration digest":
      return { mstConfiguration: SpanningTreeMst.configurationJson(view) }
  }
}
