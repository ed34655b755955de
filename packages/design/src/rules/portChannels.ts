/** Port-channels whose members do not go together, or whose two ends do not. */
import { error, type Problem, warning } from "../DesignError.ts"
import { isDynamic } from "../Dtp.ts"
import { linkOfPort, type Network, otherEnd, type SwitchNode } from "../Network.ts"
import { channelAt, type PortChannel, protocolOf } from "../PortChannels.ts"
import type { Rule } from "./Rules.ts"

const NAME = "port-channel"

/** Members are told the same of VLANs, and do not negotiate on their own. */
const judgeMembers = (node: SwitchNode, channel: PortChannel): ReadonlyArray<Problem> => {
  const { members, number, path } = channel
  const first = node.settings[members[0]]
  const other = members.find((port) => JSON.stringify(node.settings[port].vlans) !== JSON.stringify(first.vlans))
  if (other !== undefined) {
    return [
      error(
        [...path, "ports"],
        `${NAME}: ${node.name}:${members[0] + 1} and ${node.name}:${other + 1}, both in Po${number}, treat VLANs differently: give the ports of a port-channel the same mode and VLANs`,
      ),
    ]
  }
  const dynamic = members.find((port) => isDynamic(node.settings[port].dtp?.dynamic))
  return dynamic === undefined
    ? []
    : [
        error(
          [...path, "ports"],
          `${NAME}: ${node.name}:${dynamic + 1} in Po${number} negotiates whether it is a trunk: write mode: trunk or mode: access for the ports of a port-channel`,
        ),
      ]
}

/** Cables of a port-channel are alike. */
const judgeCables = (
  network: Network,
  links: ReadonlyArray<Int32Array>,
  node: SwitchNode,
  index: number,
  channel: PortChannel,
): ReadonlyArray<Problem> => {
  const { members, number, path } = channel
  const cables = members.flatMap((port) => (links[index][port] < 0 ? [] : [{ port, link: network.links[links[index][port]] }]))
  const [first] = cables
  const slow = cables.find(({ link }) => link.rateBps !== first.link.rateBps)
  if (slow !== undefined) {
    return [
      warning(
        [...path, "ports"],
        `${NAME}: the cables at ${node.name}:${first.port + 1} and ${node.name}:${slow.port + 1}, both in Po${number}, have different rates: one of them will be suspended; make them alike`,
      ),
    ]
  }
  const half = protocolOf(channel.mode) !== "LACP" ? undefined : cables.find(({ link }) => link.fullDuplex !== true)
  return half === undefined
    ? []
    : [
        warning(
          [...path, "ports"],
          `${NAME}: the cable at ${node.name}:${half.port + 1} in Po${number} is not full duplex: LACP bundles no such port`,
        ),
      ]
}

/** The two ends bundle the same cables, in modes that find each other. */
const judgeEnds = (
  network: Network,
  links: ReadonlyArray<Int32Array>,
  node: SwitchNode,
  index: number,
  channel: PortChannel,
): Problem | undefined => {
  const { members, mode, number, path } = channel
  const ends = members.flatMap((port) =>
    links[index][port] < 0 ? [] : [otherEnd(network.links[links[index][port]], index, port)],
  )
  const mine = `Po${number} of ${node.name}`
  const others = [...new Set(ends.map((end) => end.node))].map((other) => network.nodes[other])
  if (others.length > 1) {
    return warning(
      [...path, "ports"],
      `${NAME}: the cables of ${mine} lead to ${others.map(({ name }) => name).join(" and ")}, which are no pair: a port-channel ends in one switch`,
    )
  }
  const [other] = others
  if (other === undefined) return undefined
  if (other.kind !== "switch") {
    return warning(
      [...path, "ports"],
      `${NAME}: ${mine} leads to ${other.name}, a ${other.kind}, which bundles nothing: remove the port-channel`,
    )
  }
  const channels = ends.map((end) => channelAt(other, end.port))
  const [its] = channels
  if (channels.some((each) => each !== its)) {
    return warning(
      [...path, "ports"],
      `${NAME}: the cables of ${mine} are not in one port-channel of ${other.name}: put all of them into one, or take none`,
    )
  }
  if (its === undefined) {
    return mode === "on"
      ? warning(
          path,
          `${NAME}: ${mine} bundles without asking, and ${other.name} does not bundle: frames come back by other members; give ${other.name} a port-channel too`,
          "key",
        )
      : undefined
  }
  const [spoken, expected] = [protocolOf(mode), protocolOf(its.mode)]
  if (spoken !== expected) {
    const what =
      spoken === undefined || expected === undefined
        ? `one bundles and the other waits for ${spoken ?? expected}`
        : `one speaks ${spoken} and the other ${expected}`
    return warning(
      [...path, "mode"],
      `${NAME}: ${mine} is ${mode}, Po${its.number} of ${other.name} is ${its.mode}: ${what}; write the same at both ends`,
    )
  }
  return mode === its.mode && (mode === "passive" || mode === "auto")
    ? warning(
        [...path, "mode"],
        `${NAME}: ${mine} and Po${its.number} of ${other.name} are both ${mode}: neither speaks first; make one ${mode === "auto" ? "desirable" : "active"}`,
      )
    : undefined
}

/** Members that learn on themselves want their partner to send by source address. */
const judgeLearning = (node: SwitchNode, { learnMethod, number, path }: PortChannel): ReadonlyArray<Problem> =>
  learnMethod === "physical-port" && node.channels!.loadBalance !== "src-mac"
    ? [
        warning(
          [...path, "learnMethod"],
          `${NAME}: Po${number} of ${node.name} learns on physical ports and shares its load by ${node.channels!.loadBalance}: addresses would move between its members; write loadBalance: src-mac`,
        ),
      ]
    : []

export const portChannels: Rule = {
  name: NAME,
  check: (network) => {
    const links = linkOfPort(network)
    return network.nodes.flatMap((node, index) =>
      node.kind !== "switch"
        ? []
        : (node.channels?.channels ?? []).flatMap((channel) => {
            const ends = judgeEnds(network, links, node, index, channel)
            return [
              ...judgeMembers(node, channel),
              ...judgeCables(network, links, node, index, channel),
              ...judgeLearning(node, channel),
              ...(ends === undefined ? [] : [ends]),
            ]
          }),
    )
  },
}
