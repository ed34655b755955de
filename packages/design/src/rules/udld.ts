/** UDLD where nobody answers, at one end only, or with a message time that no switch takes. */
import { DEFAULT_MESSAGE_TIME, LONGEST_MESSAGE_TIME, SHORTEST_MESSAGE_TIME } from "@l2lab/l2/udld/State"
import { error, type Path, type Problem, warning } from "../DesignError.ts"
import { linkOfPort, type Network, otherEnd, type SwitchNode } from "../Network.ts"
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

/** Each end of a cable that runs UDLD has somebody to talk to. */
const judgePorts = (
  network: Network,
  links: ReadonlyArray<Int32Array>,
  node: SwitchNode,
  index: number,
): ReadonlyArray<Problem> => {
  const seen = new Set<string>()
  return (node.udld?.ports ?? []).flatMap((mode, port): ReadonlyArray<Problem> => {
    const link = links[index][port]
    if (mode === "disabled" || link < 0) return []
    const { path: own, udld: said } = node.settings[port]
    const path = said === undefined || own === undefined ? (node.udld?.path ?? []) : [...own, "udld"]
    // A range of ports, a switch, all switches: one mistake.
    if (seen.has(path.join(" "))) return []
    const end = otherEnd(network.links[link], index, port)
    const other = network.nodes[end.node]
    const where = `${node.name}:${port + 1}`
    const problem =
      other.kind === "host" || other.kind === "hypervisor"
        ? error(path, `${NAME}: ${other.name}, which ${where} leads to, does not speak UDLD: remove it from the port`, "key")
        : other.kind === "hub"
          ? mode === "aggressive"
            ? warning(
                path,
                `${NAME}: ${where} leads to the hub ${other.name}: aggressive is meant for point-to-point links`,
                "key",
              )
            : undefined
          : (other.udld?.ports[end.port] ?? "disabled") === "disabled"
            ? warning(
                path,
                `${NAME}: ${where} runs UDLD, ${other.name}:${end.port + 1} at the other end does not: nothing will be found there`,
                "key",
              )
            : undefined
    if (problem === undefined) return []
    seen.add(path.join(" "))
    return [problem]
  })
}

export const udld: Rule = {
  name: NAME,
  check: (network) => {
    const links = linkOfPort(network)
    const told = new Set<string>()
    return network.nodes
      .flatMap((node, index) => (node.kind === "switch" ? [...judgeTime(node), ...judgePorts(network, links, node, index)] : []))
      .filter(({ path }) => !told.has(path.join(" ")) && told.add(path.join(" ")))
  },
}
