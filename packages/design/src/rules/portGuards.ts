/** Guards that contradict each other on one port. */
import { error, type Path, type Problem, warning } from "../DesignError.ts"
import type { PortSettings, SwitchNode } from "../Network.ts"
import type { Rule } from "./Rules.ts"

const NAME = "contradictory-guards"

const judge = (node: SwitchNode, port: PortSettings, path: Path): ReadonlyArray<Problem> => {
  const { bpduFilter, bpduGuard, guard, network } = port.guards ?? {}
  const edge = port.edge === true
  const refuse = (key: string, why: string): Problem => error([...path, key], `${NAME}: ${why}`, "key")
  const problems: Array<Problem> = []
  const { protocol } = node.spanningTree
  if (network === true && (protocol === "stp" || protocol === "pvst")) {
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
  if (guard === "loop" && edge) {
    problems.push(refuse("loopGuard", "an edge port is told of no root, so loopGuard has nothing to watch: remove it, or edge"))
  }
  if (network === true && edge) {
    problems.push(refuse("network", "a network port leads to a switch, an edge port to none: remove network, or edge"))
  }
  if (network === true && bpduFilter === true) {
    problems.push(refuse("bpduFilter", "a network port is never silent, bpduFilter silences it: remove one of the two"))
  }
  if (network === true && bpduGuard === true) {
    problems.push(
      refuse("bpduGuard", "a network port hears BPDUs, bpduGuard takes it out of service for that: remove one of the two"),
    )
  }
  if (
    bpduFilter === true &&
    (bpduGuard === true || (bpduGuard === undefined && node.spanningTree.guards?.bpduGuardDefault === true))
  ) {
    problems.push(
      warning(
        [...path, "bpduFilter"],
        `${NAME}: bpduFilter keeps all BPDUs from bpduGuard, which never trips: a loop through the port has no end`,
        "key",
      ),
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
        return judge(node, port, port.path)
      })
    }),
}
