/** Guards that contradict each other, on one port or on a switch, and guards that nothing can come of. */
import type { PortGuards } from "@l2lab/stp/toolkit/Settings"
import { error, type Path, type Problem, warning } from "../DesignError.ts"
import type { Network, PortSettings, SwitchNode } from "../Network.ts"
import type { Rule } from "./Rules.ts"
import { limit } from "./settings.ts"

const NAME = "contradictory-guards"

/** Keys of ports that are guards, and whether a port says so. */
const KEYS: ReadonlyArray<readonly [key: string, isSaid: (guards: PortGuards) => boolean]> = [
  ["bpduGuard", ({ bpduGuard }) => bpduGuard === true],
  ["bpduFilter", ({ bpduFilter }) => bpduFilter === true],
  ["rootGuard", ({ guard }) => guard === "root"],
  ["loopGuard", ({ guard }) => guard === "loop"],
  ["network", ({ network }) => network === true],
]

const judge = (network: Network, node: SwitchNode, port: PortSettings, path: Path): ReadonlyArray<Problem> => {
  const { bpduFilter, bpduGuard, guard, network: isNetwork } = port.guards ?? {}
  const edge = port.edge === true
  const refuse = (key: string, why: string): Problem => error([...path, key], `${NAME}: ${why}`, "key")
  const problems: Array<Problem> = []
  const { protocol } = node.spanningTree
  if (isNetwork === true && (protocol === "stp" || protocol === "pvst")) {
    problems.push(
      refuse(
        "network",
        `${node.name} runs ${protocol}, whose ports are silent unless they are designated: remove network, or write protocol: rapid-pvst`,
      ),
    )
  }
  if (guard === "root" && port.saysLoopGuard === true) {
    problems.push(
      refuse(
        "loopGuard",
        "rootGuard keeps the root from being behind the port, loopGuard watches the way to it: remove one of the two",
      ),
    )
  }
  if (protocol === "none") {
    const [key] = KEYS.filter(([, field]) => field(port.guards ?? {}))[0] ?? []
    if (key !== undefined) {
      problems.push(
        refuse(key, `${node.name} runs no spanning tree, so ${key} has nothing to watch: remove it, or write protocol: rstp`),
      )
    }
  }
  if (port.linkType === "shared" && (guard === "loop" || isNetwork === true)) {
    const key = guard === "loop" ? "loopGuard" : "network"
    problems.push(
      refuse(key, `${key} is for point-to-point links, and linkType: shared says that this is none: remove one of the two`),
    )
  }
  if (guard === "loop" && edge) {
    problems.push(refuse("loopGuard", "an edge port is told of no root, so loopGuard has nothing to watch: remove it, or edge"))
  }
  if (isNetwork === true && edge) {
    problems.push(refuse("network", "a network port leads to a switch, an edge port to none: remove network, or edge"))
  }
  if (isNetwork === true && bpduFilter === true) {
    problems.push(refuse("bpduFilter", "a network port is never silent, bpduFilter silences it: remove one of the two"))
  }
  if (isNetwork === true && bpduGuard === true) {
    problems.push(
      refuse("bpduGuard", "a network port hears BPDUs, bpduGuard takes it out of service for that: remove one of the two"),
    )
  }
  // IOS takes both, so what exists may be like that.
  if (bpduGuard === true && guard === "loop" && bpduFilter !== true) {
    const why = "loopGuard watches for BPDUs that cease, bpduGuard takes the port out of service for the first one"
    problems.push({ ...limit(network, [...path, "loopGuard"], `${NAME}: ${why}`, "remove one of the two"), at: "key" })
  }
  const warn = (key: string, why: string): Problem => warning([...path, key], `${NAME}: ${why}`, "key")
  if (bpduFilter === true) {
    const deaf = [
      // What the switch has by default is for edge ports only.
      ...(bpduGuard === true || (bpduGuard === undefined && edge && node.spanningTree.guards?.bpduGuardDefault === true)
        ? ["bpduGuard"]
        : []),
      ...(guard === "root" ? ["rootGuard"] : []),
      ...(guard === "loop" ? ["loopGuard"] : []),
    ]
    const which = deaf.length === 1 ? `${deaf[0]}, which never trips` : `${deaf.join(" and ")}, which never trip`
    const whom = deaf.length === 0 ? "spanning tree" : which
    problems.push(
      warn(
        "bpduFilter",
        `bpduFilter keeps all BPDUs from ${whom}: a loop through the port has no end; write bpduFilter: true under spanningTree instead, which ends with a BPDU, or mean it`,
      ),
    )
  }
  if (bpduGuard === true && guard === "root" && bpduFilter !== true) {
    problems.push(
      warn("rootGuard", "bpduGuard takes the port out of service for any BPDU, so rootGuard never trips: one of the two will do"),
    )
  }
  if (isNetwork === true && node.spanningTree.guards?.bridgeAssurance === false) {
    problems.push(warn("network", `${node.name} has bridgeAssurance: false, so nobody watches the network port`))
  }
  if (guard === "root" && !edge && node.spanningTree.guards?.uplinkFast !== undefined) {
    problems.push(
      warn("rootGuard", `uplinkFast cannot use a port with rootGuard, which blocks it as soon as the root is behind it`),
    )
  }
  return problems
}

/** Each block of ports is judged once. */
export const contradictoryGuards: Rule = {
  name: NAME,
  check: (network) =>
    network.nodes.flatMap((node): ReadonlyArray<Problem> => {
      if (node.kind !== "switch") return []
      const seen = new Set<string>()
      return node.settings.flatMap((port) => {
        if (port.path === undefined || port.guards === undefined || seen.has(port.path.join("."))) return []
        seen.add(port.path.join("."))
        return judge(network, node, port, port.path)
      })
    }),
}

const DEFAULT_PRIORITY = 32_768

/**
 * UplinkFast is for switches that are nobody's way to the root, and Catalysts do not enable it in VLANs with a bridge priority of their own. Its rate means
 * nothing without it.
 */
export const uplinkFast: Rule = {
  name: "uplinkfast",
  check: (network) =>
    network.nodes.flatMap((node): ReadonlyArray<Problem> => {
      if (node.kind !== "switch" || node.spanningTree.protocol !== "pvst") return []
      const { guards, ofVlans, paths } = node.spanningTree
      if (guards?.uplinkFast === undefined) {
        return paths["uplinkRate"] === undefined
          ? []
          : [
              error(
                paths["uplinkRate"],
                "uplinkfast: uplinkRate means nothing without uplinkFast: true: write that, or remove it",
                "key",
              ),
            ]
      }
      return [node.spanningTree, ...ofVlans].flatMap((tree): ReadonlyArray<Problem> => {
        const path = tree.paths["priority"]
        if (path === undefined || tree.priority === DEFAULT_PRIORITY) return []
        return [
          error(
            path,
            `uplinkfast: ${node.name} has uplinkFast, which sets the priority to 49152 itself and is not for switches that are to be root: remove the priority, or write uplinkFast: false on ${node.name}`,
            "key",
          ),
        ]
      })
    }),
}
