/** Port-channels whose members do not go together, or whose two ends do not. */
import { type Bundle, bundleAt, bundlesIn, nameOfEnd, ownerAt } from "../Bundling.ts"
import { error, type Problem, warning } from "../DesignError.ts"
import { isDynamic } from "../Dtp.ts"
import { linkOfPort, type Network, otherEnd } from "../Network.ts"
import { protocolOf } from "../PortChannels.ts"
import type { Rule } from "./Rules.ts"

const NAME = "port-channel"

/** Members are told the same of VLANs, and do not negotiate on their own. */
const judgeMembers = (network: Network, { channel, ends, owner }: Bundle): ReadonlyArray<Problem> => {
  const { members, number, path } = channel
  const nameOf = (port: number): string => nameOfEnd(network, ends[members.indexOf(port)])
  const first = owner.settings[members[0]]
  const other = members.find((port) => JSON.stringify(owner.settings[port].vlans) !== JSON.stringify(first.vlans))
  if (other !== undefined) {
    return [
      error(
        [...path, "ports"],
        `${NAME}: ${nameOf(members[0])} and ${nameOf(other)}, both in Po${number}, treat VLANs differently: give the ports of a port-channel the same mode and VLANs`,
      ),
    ]
  }
  const dynamic = members.find((port) => isDynamic(owner.settings[port].dtp?.dynamic))
  return dynamic === undefined
    ? []
    : [
        error(
          [...path, "ports"],
          `${NAME}: ${nameOf(dynamic)} in Po${number} negotiates whether it is a trunk: write mode: trunk or mode: access for the ports of a port-channel`,
        ),
      ]
}

type Cables = ReadonlyArray<Int32Array>

/** Cables of a port-channel are alike. */
const judgeCables = (network: Network, links: Cables, { channel, ends }: Bundle): ReadonlyArray<Problem> => {
  const { mode, number, path } = channel
  const cables = ends.flatMap((end) => {
    const link = links[end.node][end.port]
    return link < 0 ? [] : [{ name: nameOfEnd(network, end), link: network.links[link] }]
  })
  const [first] = cables
  const slow = cables.find(({ link }) => link.rateBps !== first.link.rateBps)
  if (slow !== undefined) {
    return [
      warning(
        [...path, "ports"],
        `${NAME}: the cables at ${first.name} and ${slow.name}, both in Po${number}, have different rates: one of them will be suspended; make them alike`,
      ),
    ]
  }
  const half = protocolOf(mode) !== "LACP" ? undefined : cables.find(({ link }) => link.fullDuplex !== true)
  return half === undefined
    ? []
    : [
        warning(
          [...path, "ports"],
          `${NAME}: the cable at ${half.name} in Po${number} is not full duplex: LACP bundles no such port`,
        ),
      ]
}

/** The two ends bundle the same cables, in modes that find each other. */
const judgeEnds = (network: Network, links: Cables, at: ReturnType<typeof bundleAt>, bundle: Bundle): Problem | undefined => {
  const { channel, owner } = bundle
  const { mode, number, path } = channel
  const ends = bundle.ends.flatMap((end) => {
    const link = links[end.node][end.port]
    return link < 0 ? [] : [otherEnd(network.links[link], end.node, end.port)]
  })
  const mine = `Po${number} of ${owner.name}`
  const others = [...new Set(ends.map((end) => ownerAt(network, end)))]
  if (others.length > 1) {
    return warning(
      [...path, "ports"],
      `${NAME}: the cables of ${mine} lead to ${others.join(" and ")}, which are no pair: a port-channel ends in one switch`,
    )
  }
  if (ends.length === 0) return undefined
  const other = network.nodes[ends[0].node]
  if (other.kind !== "switch") {
    return warning(
      [...path, "ports"],
      `${NAME}: ${mine} leads to ${other.name}, a ${other.kind}, which bundles nothing: remove the port-channel`,
    )
  }
  const theirs = ends.map(at)
  const [its] = theirs
  if (theirs.some((each) => each?.key !== its?.key)) {
    const [found] = theirs.flatMap((each) => (each === undefined ? [] : [each.channel]))
    return warning(
      [...path, "ports"],
      other.pair?.type === "vpc" && theirs.every((each) => each !== undefined)
        ? `${NAME}: ${mine} ends in a port-channel of each peer of ${others[0]}, which are no vPC: give both the same, like vpc: ${found.number}`
        : `${NAME}: the cables of ${mine} are not in one port-channel of ${others[0]}: put all of them into one, or take none`,
    )
  }
  if (its === undefined) {
    return mode === "on"
      ? warning(
          path,
          `${NAME}: ${mine} bundles without asking, and ${others[0]} does not bundle: frames come back by other members; give ${others[0]} a port-channel too`,
          "key",
        )
      : undefined
  }
  const theirName = `Po${its.channel.number} of ${its.owner.name}`
  const [spoken, expected] = [protocolOf(mode), protocolOf(its.channel.mode)]
  if (spoken !== expected) {
    const what =
      spoken === undefined || expected === undefined
        ? `one bundles and the other waits for ${spoken ?? expected}`
        : `one speaks ${spoken} and the other ${expected}`
    return warning(
      [...path, "mode"],
      `${NAME}: ${mine} is ${mode}, ${theirName} is ${its.channel.mode}: ${what}; write the same at both ends`,
    )
  }
  return mode === its.channel.mode && (mode === "passive" || mode === "auto")
    ? warning(
        [...path, "mode"],
        `${NAME}: ${mine} and ${theirName} are both ${mode}: neither speaks first; make one ${mode === "auto" ? "desirable" : "active"}`,
      )
    : undefined
}

/** Members that learn on themselves want their partner to send by source address. */
const judgeLearning = ({ channel: { learnMethod, number, path }, owner }: Bundle): ReadonlyArray<Problem> =>
  learnMethod === "physical-port" && owner.channels!.loadBalance !== "src-mac"
    ? [
        warning(
          [...path, "learnMethod"],
          `${NAME}: Po${number} of ${owner.name} learns on physical ports and shares its load by ${owner.channels!.loadBalance}: addresses would move between its members; write loadBalance: src-mac`,
        ),
      ]
    : []

export const portChannels: Rule = {
  name: NAME,
  check: (network) => {
    const links = linkOfPort(network)
    const bundles = bundlesIn(network)
    const at = bundleAt(bundles)
    return bundles.flatMap((bundle) => {
      const ends = judgeEnds(network, links, at, bundle)
      return [
        ...judgeMembers(network, bundle),
        ...judgeCables(network, links, bundle),
        ...judgeLearning(bundle),
        ...(ends === undefined ? [] : [ends]),
      ]
    })
  },
}
