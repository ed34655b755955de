/** Priorities, costs and settings of spanning tree that their protocol does not have. */
import { error, type Problem } from "../DesignError.ts"
import type { Network, PortSettings, SwitchNode } from "../Network.ts"
import type { Rule } from "./Rules.ts"
import { distinct, limit, nearest, who } from "./settings.ts"

/** 802.1t and all that came after it keep the lower bits of both priorities for other ends (17.13.7†, 17.13.10†). */
const BRIDGE_PRIORITY_STEP = 4096
const PORT_PRIORITY_STEP = 16

const MOST_TRANSMIT_HOLD_COUNT = 10

const MOST_SHORT_COST = 65_535

/** The steps of a value next to one that is none of them. */
const steps = (value: number, step: number, most: number): string => {
  const below = Math.min(Math.floor(value / step) * step, most)
  const above = below + step
  return above > most ? `${below}` : `${below} or ${above}`
}

/** Bridge priority in steps of 4096, and the transmit hold count, of protocols that have them. */
export const bridgeSettings: Rule = {
  name: "spanning-tree-bridge-settings",
  check: (network) =>
    distinct(network).flatMap(([node, others]): ReadonlyArray<Problem> => {
      const { priority, protocol, transmitHoldCount } = node.spanningTree
      if (protocol === "stp") return notIn1998(node, others)
      const path = nearest(node.spanningTree, "priority")
      return [
        ...(priority % BRIDGE_PRIORITY_STEP === 0
          ? []
          : [
              limit(
                network,
                path,
                `the bridge priority of ${who(node, others)} is ${priority}, and ${protocol} has steps of 4096`,
                `write ${steps(priority, BRIDGE_PRIORITY_STEP, 61_440)}`,
              ),
            ]),
        ...(transmitHoldCount <= MOST_TRANSMIT_HOLD_COUNT
          ? []
          : [
              limit(
                network,
                nearest(node.spanningTree, "transmitHoldCount"),
                `transmitHoldCount of ${who(node, others)} is ${transmitHoldCount}, and the standard allows 1 to 10`,
                "write 6, or another of these",
              ),
            ]),
      ]
    }),
}

/** What a block says that 802.1D-1998 does not have, where it was said to this very switch. What the design says to all is for the others. */
const notIn1998 = (node: SwitchNode, others: number): ReadonlyArray<Problem> =>
  (["transmitHoldCount", "edgePorts"] as const).flatMap((key) => {
    const path = node.spanningTree.paths[key]
    if (path === undefined || path[0] !== "nodes") return []
    return [error(path, `${who(node, others)} runs stp, which has no ${key}: remove it, or write protocol: rstp`, "key")]
  })

const RAPID_KEYS = ["edge", "autoEdge", "linkType"] as const

/** Settings of ports that the switch's protocol does not have, or that its limits do not allow. */
export const portSettings: Rule = {
  name: "spanning-tree-port-settings",
  check: (network) =>
    network.nodes.flatMap((node): ReadonlyArray<Problem> => {
      if (node.kind !== "switch" || node.spanningTree.protocol === "none") return []
      // A range of ports is one mistake.
      const seen = new Set<string>()
      return node.settings.flatMap((port) => {
        if (port.path === undefined || seen.has(port.path.join("."))) return []
        seen.add(port.path.join("."))
        return judgePort(network, node, port)
      })
    }),
}

const judgePort = (network: Network, node: SwitchNode, port: PortSettings): ReadonlyArray<Problem> => {
  const { protocol, pathCost } = node.spanningTree
  const path = port.path ?? node.path
  const problems: Array<Problem> = []
  if (protocol === "stp") {
    for (const key of RAPID_KEYS) {
      if (port[key] === undefined) continue
      problems.push(
        error([...path, key], `${node.name} runs stp, which has no ${key}: remove it, or write protocol: rstp`, "key"),
      )
    }
  } else if (port.priority % PORT_PRIORITY_STEP !== 0) {
    problems.push(
      limit(
        network,
        [...path, "priority"],
        `the port priority ${port.priority} is none that ${protocol} has: they go in steps of 16`,
        `write ${steps(port.priority, PORT_PRIORITY_STEP, 240)}`,
      ),
    )
  }
  if (pathCost === "short" && port.cost !== undefined && port.cost > MOST_SHORT_COST) {
    problems.push(
      limit(
        network,
        [...path, "cost"],
        `the cost ${port.cost} is beyond 65535, the most of the short costs that ${node.name} has`,
        "write a lower one, or pathCost: long on all switches",
      ),
    )
  }
  return problems
}
