/** Priorities, costs and settings of spanning tree that their protocol does not have. */
import { error, type Path, type Problem } from "../DesignError.ts"
import { inName } from "../GuardKeys.ts"
import type { Network, PortSettings, SwitchNode } from "../Network.ts"
import type { Protocol } from "../SpanningTreeBlocks.ts"
import type { Rule } from "./Rules.ts"
import { BRIDGE_PRIORITY_STEP, judged, limit, nearest, steps } from "./settings.ts"

/** 802.1t and all that came after it keep the lower bits of both priorities for other ends (17.13.7†, 17.13.10†). */
const PORT_PRIORITY_STEP = 16

const MOST_TRANSMIT_HOLD_COUNT = 10

/** As mstpd and switches have it: least and most hops (13.22 o†). */
const LEAST_HOPS = 6
const MOST_HOPS = 40

const MOST_SHORT_COST = 65_535

/** Bridge priorities in steps of 4096, and the transmit hold count, of protocols that have them. */
export const bridgeSettings: Rule = {
  name: "spanning-tree-bridge-settings",
  check: (network) =>
    judged(network).flatMap(({ node, says, settings, who }): ReadonlyArray<Problem> => {
      const { protocol, transmitHoldCount } = node.spanningTree
      if (protocol === "stp") return []
      const { priority } = settings
      const problems: Array<Problem> = []
      if (says("priority") && priority % BRIDGE_PRIORITY_STEP !== 0) {
        const perVlan =
          protocol === "rstp"
            ? undefined
            : `it is emulated as ${priority - (priority % BRIDGE_PRIORITY_STEP)}, since the number of the tree is added`
        problems.push(
          limit(
            network,
            nearest(settings, "priority"),
            `the bridge priority of ${who} is ${priority}, and ${protocol} has steps of 4096`,
            `write ${steps(priority, BRIDGE_PRIORITY_STEP, 61_440)}`,
            perVlan,
          ),
        )
      }
      if (settings === node.spanningTree && transmitHoldCount > MOST_TRANSMIT_HOLD_COUNT) {
        problems.push(
          limit(
            network,
            nearest(settings, "transmitHoldCount"),
            `transmitHoldCount of ${who} is ${transmitHoldCount}, and the standard allows 1 to 10`,
            "write 6, or another of these",
          ),
        )
      }
      const { maxHops } = node.spanningTree
      if (settings === node.spanningTree && protocol === "mst" && (maxHops < LEAST_HOPS || maxHops > MOST_HOPS)) {
        problems.push(
          limit(
            network,
            nearest(settings, "maxHops"),
            `maxHops of ${who} is ${maxHops}, and the standard allows ${LEAST_HOPS} to ${MOST_HOPS}`,
            "write 20, or another of these",
          ),
        )
      }
      return problems
    }),
}

/** Keys that not every protocol has, with those that do. */
const BRIDGE_KEYS: Readonly<Record<string, ReadonlyArray<Protocol>>> = {
  transmitHoldCount: ["rstp", "rapid-pvst", "mst"],
  profile: ["stp", "pvst"],
  vlans: ["rapid-pvst", "pvst"],
  maximumInstances: ["rapid-pvst", "pvst"],
  region: ["mst"],
  instances: ["mst"],
  maxHops: ["mst"],
  pvstSimulation: ["mst"],
  uplinkFast: ["pvst"],
  uplinkRate: ["pvst"],
  backboneFast: ["pvst"],
  bridgeAssurance: ["rstp", "rapid-pvst", "mst"],
  bpduGuard: ["stp", "rstp", "pvst", "rapid-pvst", "mst"],
  bpduFilter: ["stp", "rstp", "pvst", "rapid-pvst", "mst"],
  loopGuard: ["stp", "rstp", "pvst", "rapid-pvst", "mst"],
}

/** Those that are guards and have no rule of their own: where they mean nothing they are told of as they are on ports. */
const GUARDS: ReadonlySet<string> = new Set(["bridgeAssurance", "bpduGuard", "bpduFilter", "loopGuard"])

const PORT_KEYS: ReadonlyArray<readonly [key: string, field: keyof PortSettings, protocols: ReadonlyArray<Protocol>]> = [
  ["autoEdge", "autoEdge", ["rstp", "rapid-pvst", "mst"]],
  ["linkType", "linkType", ["rstp", "rapid-pvst", "mst"]],
  ["vlans", "ofVlans", ["rapid-pvst", "pvst"]],
  ["instances", "ofInstances", ["mst"]],
]

const oneOf = (words: ReadonlyArray<string>): string =>
  words.length === 1 ? words[0] : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`

/** A key that none of the switches which it is said to can do anything with. What the design says to all is for those that can. */
export const keysOfProtocols: Rule = {
  name: "spanning-tree-keys-of-protocols",
  check: (network) => {
    const found = new Map<string, { readonly path: Path; readonly key: string; readonly node: SwitchNode; helps: boolean }>()
    for (const node of network.nodes) {
      if (node.kind !== "switch") continue
      const { paths, protocol } = node.spanningTree
      for (const [key, protocols] of Object.entries(BRIDGE_KEYS)) {
        const path = paths[key]
        if (path === undefined) continue
        const place = path.join(".")
        const known = found.get(place) ?? { path, key, node, helps: false }
        known.helps ||= protocols.includes(protocol)
        found.set(place, known)
      }
    }
    return [...found.values()].flatMap(({ helps, key, node, path }) => {
      if (helps) return []
      const { protocol } = node.spanningTree
      const who =
        path[0] === "nodes"
          ? `${node.name} runs ${protocol}`
          : `no switch runs a protocol that has it, ${node.name} runs ${protocol}`
      const cure = `remove it, or write protocol: ${oneOf(BRIDGE_KEYS[key])}`
      const rule = GUARDS.has(key) ? "contradictory-guards: " : ""
      return [inName(error(path, `${rule}${who}, which has no ${key}: ${cure}`, "key"))]
    })
  },
}

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
  for (const [key, field, protocols] of PORT_KEYS) {
    if (port[field] === undefined || protocols.includes(protocol)) continue
    const cure = `remove it, or write protocol: ${oneOf(protocols)}`
    problems.push(error([...path, key], `${node.name} runs ${protocol}, which has no ${key}: ${cure}`, "key"))
  }
  const all = [port, ...(port.ofVlans ?? []), ...(port.ofInstances ?? [])]
  const priorities = all.map((own) => ({ priority: own.priority, path: own.path ?? path }))
  for (const { path: at, priority } of priorities) {
    if (protocol === "stp" || priority === undefined || priority % PORT_PRIORITY_STEP === 0) continue
    problems.push(
      limit(
        network,
        [...at, "priority"],
        `the port priority ${priority} is none that ${protocol} has: they go in steps of 16`,
        `write ${steps(priority, PORT_PRIORITY_STEP, 240)}`,
      ),
    )
  }
  for (const { cost, path: at = path } of all) {
    if (pathCost !== "short" || cost === undefined || cost <= MOST_SHORT_COST) continue
    problems.push(
      limit(
        network,
        [...at, "cost"],
        `the cost ${cost} is beyond 65535, the most of the short costs that ${node.name} has`,
        "write a lower one, or pathCost: long on all switches",
      ),
    )
  }
  return problems
}
