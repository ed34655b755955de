/** UDLD where nobody answers, at one end only, or with a message time that no switch takes. */
import { DEFAULT_MESSAGE_TIME, LONGEST_MESSAGE_TIME, type Mode, SHORTEST_MESSAGE_TIME } from "@l2lab/l2/udld/State"
import { error, type Path, type Problem, warning } from "../DesignError.ts"
import { linkOfPort, type Network, type NetworkNode, otherEnd, type SwitchNode } from "../Network.ts"
import type { Rule } from "./Rules.ts"

const NAME = "udld"

/** The message time is one that a switch takes, of ports that there are. */
const judgeTime = ({ name, udld }: SwitchNode): ReadonlyArray<Problem> => {
  if (udld?.messageTime === undefined) return []
  const path: Path = [...(udld.path ?? []), "messageTime"]
  const { messageTime: seconds } = udld
  if (!Number.isInteger(seconds) || seconds < SHORTEST_MESSAGE_TIME || seconds > LONGEST_MESSAGE_TIME) {
    return [
      error(
        path,
        `${NAME}: ${name} cannot send messages every ${seconds} s: write a messageTime from ${SHORTEST_MESSAGE_TIME}s to ${LONGEST_MESSAGE_TIME}s in whole seconds, like ${DEFAULT_MESSAGE_TIME}s`,
      ),
    ]
  }
  return udld.ports.every((mode) => mode === "disabled")
    ? [error(path, `${NAME}: no port of ${name} runs UDLD: add a mode to messageTime, like mode: normal, or remove it`, "key")]
    : []
}

/** What is wrong with a port that runs UDLD, by who is at the other end of its cable. */
const judgeEnd = (
  where: string,
  mode: Mode,
  other: NetworkNode,
  otherPort: number,
): readonly [(path: Path, message: string, at: "key") => Problem, string] | undefined => {
  switch (other.kind) {
    case "host":
    case "hypervisor":
      return [error, `${other.name}, which ${where} leads to, does not speak UDLD: remove it from the port`]
    case "hub":
      return mode === "aggressive"
        ? [warning, `${where} leads to the hub ${other.name}: aggressive is meant for point-to-point links`]
        : undefined
    case "switch":
      return (other.udld?.ports[otherPort] ?? "disabled") === "disabled"
        ? [warning, `${where} runs UDLD, ${other.name}:${otherPort + 1} at the other end does not: nothing will be found there`]
        : undefined
  }
}

/** A port of whom something is wrong, and which kind of neighbour makes it so. */
interface Finding {
  readonly where: string
  readonly kind: string
  readonly problem: Problem
}

/** Each end of a cable that runs UDLD has somebody to talk to. */
const judgePorts = (
  network: Network,
  links: ReadonlyArray<Int32Array>,
  node: SwitchNode,
  index: number,
): ReadonlyArray<Finding> =>
  (node.udld?.ports ?? []).flatMap((mode, port): ReadonlyArray<Finding> => {
    const link = links[index][port]
    if (mode === "disabled" || link < 0) return []
    const { path: own, udld: said } = node.settings[port]
    const path = said === undefined || own === undefined ? (node.udld?.path ?? []) : [...own, "udld"]
    const end = otherEnd(network.links[link], index, port)
    const where = `${node.name}:${port + 1}`
    const other = network.nodes[end.node]
    const found = judgeEnd(where, mode, other, end.port)
    return found === undefined
      ? []
      : [
          {
            where,
            kind: other.kind === "hypervisor" ? "host" : other.kind,
            problem: found[0](path, `${NAME}: ${found[1]}`, "key"),
          },
        ]
  })

const MOST_NAMED = 4

/** One problem for all ports that have it by the same words of the design; the first is told of at length. */
const together = (findings: ReadonlyArray<Finding>): ReadonlyArray<Problem> => {
  const groups = Map.groupBy(findings, ({ kind, problem }) => `${problem.path.join(" ")} ${kind}`)
  return [...groups.values()].map(([first, ...others]) => {
    if (others.length === 0) return first.problem
    const named = others.slice(0, MOST_NAMED).map(({ where }) => where)
    const rest = others.length - named.length
    return {
      ...first.problem,
      message: `${first.problem.message} (the same with ${named.join(", ")}${rest === 0 ? "" : ` and ${rest} more`})`,
    }
  })
}

/** A range of ports, a switch, all switches: what is wrong at one place of the design is told once. */
export const udld: Rule = {
  name: NAME,
  check: (network) => {
    const links = linkOfPort(network)
    const told = new Set<string>()
    const times = network.nodes
      .flatMap((node) => (node.kind === "switch" ? judgeTime(node) : []))
      .filter(({ path }) => !told.has(path.join(" ")) && told.add(path.join(" ")))
    const ends = network.nodes.flatMap((node, index) => (node.kind === "switch" ? judgePorts(network, links, node, index) : []))
    return [...times, ...together(ends)]
  },
}
