/** Networks whose trees do not do what their author may think: VLANs without one, and costs that do not compare. */
import { type Problem, warning } from "../DesignError.ts"
import type { Network, SwitchNode } from "../Network.ts"
import * as VlanSet from "../VlanSet.ts"
import type { Rule } from "./Rules.ts"
import { distinct, nearest, who } from "./settings.ts"

/** VLANs beyond the most trees of a platform: nothing opens their rings. */
export const beyondInstances: Rule = {
  name: "vlans-beyond-instances",
  check: (network) => {
    // Switches with the same settings may have other VLANs.
    const first = new Map<string, [SwitchNode, ReadonlyArray<number>, number]>()
    for (const node of network.nodes) {
      if (node.kind !== "switch") continue
      const { maximumInstances, protocol } = node.spanningTree
      if (maximumInstances === undefined || (protocol !== "pvst" && protocol !== "rapid-pvst")) continue
      const beyond = node.vlans.slice(maximumInstances)
      if (beyond.length === 0) continue
      const key = `${nearest(node.spanningTree, "maximumInstances").join(".")} ${beyond.join()}`
      const known = first.get(key)
      if (known === undefined) first.set(key, [node, beyond, 0])
      else known[2]++
    }
    return [...first.values()].map(([node, beyond, others]) => {
      const [noun, run, loop] = beyond.length === 1 ? ["VLAN", "runs", "loops"] : ["VLANs", "run", "loop"]
      return warning(
        nearest(node.spanningTree, "maximumInstances"),
        `${who(node, others)} ${others === 0 ? "has" : "have"} ${node.vlans.length} VLANs and at most ${node.spanningTree.maximumInstances} trees: ${noun} ${VlanSet.format(beyond)} ${run} without one and ${loop} where there is a ring; leave VLANs out with vlans, or mean it`,
      )
    })
  },
}

/** Switches that take their costs from different tables: one cable of the long kind is worth thousands of the short. */
export const costTables: Rule = {
  name: "cost-tables",
  check: (network): ReadonlyArray<Problem> => {
    const settings = distinct(network).map(([node]) => node)
    const long = settings.find((node) => node.spanningTree.pathCost === "long")
    const short = settings.find((node) => node.spanningTree.pathCost === "short")
    if (long === undefined || short === undefined || !areCabled(network)) return []
    return [
      warning(
        short.spanningTree.paths["pathCost"] ?? short.path,
        `${long.name} takes long costs from its rates (1 Gb/s = 20000) and ${short.name} short ones (1 Gb/s = 4): paths do not compare; give all switches one pathCost`,
      ),
    ]
  },
}

/** Whether a cable joins two switches of different tables, with a cost that follows from its rate at one end. */
const areCabled = (network: Network): boolean =>
  network.links.some(({ a, b }) => {
    const [one, other] = [network.nodes[a.node], network.nodes[b.node]]
    if (one.kind !== "switch" || other.kind !== "switch") return false
    if ([one, other].some((node) => node.spanningTree.protocol === "none")) return false
    if (one.spanningTree.pathCost === other.spanningTree.pathCost) return false
    return one.settings[a.port].cost === undefined || other.settings[b.port].cost === undefined
  })
