/** Spanning tree timers. They are emulated as they stand; whoever breaks the standard's limits is told. */
import { type Problem, warning } from "../DesignError.ts"
import type { Network, SpanningTreeSettings, SwitchNode } from "../Network.ts"
import type { Rule } from "./Rules.ts"

const SECOND = 1e9

/** 802.1D-1998 table 8-3†: least and most seconds. */
const LIMITS = {
  helloTime: ["helloTimeNs", 1, 10],
  maxAge: ["maxAgeNs", 6, 40],
  forwardDelay: ["forwardDelayNs", 4, 30],
} as const

// The same settings on two hundred switches are one mistake: the first switch stands for all.
const distinct = (network: Network): ReadonlyArray<readonly [SwitchNode, others: number]> => {
  const first = new Map<string, [SwitchNode, number]>()
  for (const node of network.nodes) {
    if (node.kind !== "switch" || node.spanningTree.protocol === "none") continue
    const { helloTimeNs, maxAgeNs, forwardDelayNs, timersPath } = node.spanningTree
    const key = `${helloTimeNs} ${maxAgeNs} ${forwardDelayNs} ${timersPath.join(".")}`
    const known = first.get(key)
    if (known === undefined) first.set(key, [node, 0])
    else known[1]++
  }
  return [...first.values()]
}

const who = (node: SwitchNode, others: number): string => (others === 0 ? node.name : `${node.name} and ${others} more`)

/** Each timer within the limits of the standard. */
export const ranges: Rule = {
  name: "timer-ranges",
  check: (network) =>
    distinct(network).flatMap(([node, others]) =>
      Object.entries(LIMITS).flatMap(([key, [field, least, most]]): ReadonlyArray<Problem> => {
        const seconds = node.spanningTree[field] / SECOND
        return seconds >= least && seconds <= most
          ? []
          : [
              warning(
                [...node.spanningTree.timersPath, key],
                `${key} of ${who(node, others)} is ${seconds}s; 802.1D-1998 allows ${least}s to ${most}s`,
              ),
            ]
      }),
    ),
}

/** The two relations between the timers, as sentences for those that break them: 2 x (forwardDelay - 1) >= maxAge >= 2 x (helloTime + 1), 8.10.2†. */
export const brokenRelations = ({ helloTimeNs, maxAgeNs, forwardDelayNs }: SpanningTreeSettings): ReadonlyArray<string> => {
  const maxAge = maxAgeNs / SECOND
  const upper = (2 * (forwardDelayNs - SECOND)) / SECOND
  const lower = (2 * (helloTimeNs + SECOND)) / SECOND
  return [
    ...(upper >= maxAge
      ? []
      : [
          `maxAge ${maxAge}s is more than 2 x (forwardDelay - 1s) = ${upper}s: a port may forward before all have forgotten the old tree; raise forwardDelay to ${maxAge / 2 + 1}s or lower maxAge`,
        ]),
    ...(maxAge >= lower
      ? []
      : [
          `maxAge ${maxAge}s is less than 2 x (helloTime + 1s) = ${lower}s: losing one BPDU may rebuild the tree; raise maxAge to ${lower}s or lower helloTime`,
        ]),
  ]
}

/** The relations between hello time, max age and forward delay that the standard asks for. */
export const relations: Rule = {
  name: "timer-relations",
  check: (network) =>
    distinct(network).flatMap(([node, others]) =>
      brokenRelations(node.spanningTree).map((sentence) =>
        warning(node.spanningTree.timersPath, `timers of ${who(node, others)}: ${sentence}`),
      ),
    ),
}
