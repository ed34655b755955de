/** Pairs whose cables do not join them, that take each other for one, or that will not be what they are meant to be. */
import { LEAST_VSL_MTU } from "@l2lab/vss/chassis/ChassisConfig"
import type { SwitchPort } from "@l2lab/l2/BridgeConfig"
import { type Bundle, bundlesIn, nameOfEnd, ownerAt } from "../Bundling.ts"
import { error, type Path, type Problem, warning } from "../DesignError.ts"
import { type LinkEnd, linkOfPort, type Network, otherEnd, type SwitchNode } from "../Network.ts"
import type { Both, Pair, VpcPair, VssPair } from "../Pairs.ts"
import { protocolOf } from "../PortChannels.ts"
import type { Rule } from "./Rules.ts"

const MEMBERS = [0, 1] as const

/** The ports of a list at both switches, with where the list stands. */
const endsOf = (pair: Pair, ports: Both<ReadonlyArray<number>>): ReadonlyArray<LinkEnd> =>
  MEMBERS.flatMap((member) => ports[member].map((port) => ({ node: pair.nodes[member], port })))

const is = (a: LinkEnd, b: LinkEnd): boolean => a.node === b.node && a.port === b.port

/** What is at the other end of a cable that should lead to the other switch of the pair. */
const wrongEnd = (network: Network, pair: VssPair, end: LinkEnd, far: LinkEnd): string => {
  for (const other of network.pairs) {
    if (other.type !== "vss" || other === pair || !endsOf(other, other.vsl).some((end) => is(end, far))) continue
    return other.domains[0] === pair.domains[0]
      ? `to ${nameOfEnd(network, far)} of ${other.name}, a pair with the same domain ${pair.domains[0]}: chassis of two pairs would make a third; give the pairs domains of their own, and cable each to itself`
      : `to ${nameOfEnd(network, far)} of ${other.name}, whose domain is ${other.domains[0]}, not ${pair.domains[0]}: the link is rejected; cable it to the other chassis`
  }
  const member = pair.nodes.indexOf(far.node)
  const isVsl = endsOf(pair, pair.vsl).some((other) => is(other, far))
  const what =
    member < 0
      ? "which is no chassis of it"
      : isVsl && far.node === end.node
        ? "a port of the same chassis"
        : "which is no port of its virtual switch link"
  return `to ${nameOfEnd(network, far)}, ${what}: the link stays unused; cable it to a port of the vsl of the other chassis`
}

/** Cables of virtual switch links lead from one chassis to the other, and carry whole frames in frames. */
export const virtualSwitchLink: Rule = {
  name: "virtual-switch-link",
  check: (network) => {
    const links = linkOfPort(network)
    return network.pairs.flatMap((pair): ReadonlyArray<Problem> => {
      if (pair.type !== "vss") return []
      const path = [...pair.path, "vsl"]
      const ends = endsOf(pair, pair.vsl)
      return ends.flatMap((end): ReadonlyArray<Problem> => {
        const name = `virtual-switch-link: ${nameOfEnd(network, end)} of the vsl of ${pair.name}`
        const index = links[end.node][end.port]
        if (index < 0) return [warning(path, `${name} has no cable: add one to links, or take the port out`)]
        const link = network.links[index]
        const far = otherEnd(link, end.node, end.port)
        const isRight = far.node !== end.node && ends.some((other) => is(other, far))
        if (!isRight) return [warning(link.path, `${name} is cabled ${wrongEnd(network, pair, end, far)}`)]
        return link.mtu < LEAST_VSL_MTU && end.node === link.a.node
          ? [
              warning(
                [...link.path, "mtu"],
                `virtual-switch-link: ${link.name} carries ${link.mtu} octets, and frames of 1518 are ${LEAST_VSL_MTU} on the vsl of ${pair.name}: they are dropped there; write mtu: 9216, or leave it out`,
              ),
            ]
          : []
      })
    })
  },
}

/** Ports for detection or keepalives that a cable does not join to each other. */
const notJoined = (
  network: Network,
  links: ReadonlyArray<Int32Array>,
  pair: Pair,
  ports: Both<ReadonlyArray<number>>,
  rule: string,
  path: Path,
): ReadonlyArray<Problem> => {
  const ends = endsOf(pair, ports)
  return ends.flatMap((end): ReadonlyArray<Problem> => {
    const index = links[end.node][end.port]
    const far = index < 0 ? undefined : otherEnd(network.links[index], end.node, end.port)
    if (far !== undefined && far.node !== end.node && ends.some((other) => is(other, far))) return []
    const where = far === undefined ? "has no cable" : `is cabled to ${nameOfEnd(network, far)}`
    return [
      warning(
        path,
        `${rule}: ${nameOfEnd(network, end)} of ${pair.name} ${where}: it hears nothing there; join the ports of both switches that stand here by a cable`,
      ),
    ]
  })
}

const isTrusted = (at: ReadonlyArray<Bundle>, { joint }: VssPair): boolean =>
  at.some(({ channel, owner }) => owner === joint && protocolOf(channel.mode) === "PAgP")

/** How the two of a pair find out that both are active. */
export const detection: Rule = {
  name: "dual-active",
  check: (network) => {
    const links = linkOfPort(network)
    const bundles = bundlesIn(network)
    return network.pairs.flatMap((pair): ReadonlyArray<Problem> => {
      if (pair.type === "vpc") {
        const path = [...pair.path, "keepalive"]
        if (pair.keepalive !== undefined) {
          const [one, two] = pair.keepalive
          return notJoined(network, links, pair, [[one], [two]], "dual-active", path)
        }
        return [
          warning(
            pair.path,
            `dual-active: the keepalives of ${pair.name} go over its peer-link and are lost with it: both peers then go on alone; give them a cable of their own with keepalive`,
            "key",
          ),
        ]
      }
      const path = [...pair.path, "dualActive"]
      const wrong = [
        ...notJoined(network, links, pair, pair.fastHello, "dual-active", [...path, "fastHello"]),
        ...notJoined(network, links, pair, pair.bfd, "dual-active", [...path, "bfd"]),
      ]
      const detects = endsOf(pair, pair.fastHello).length + endsOf(pair, pair.bfd).length > 0
      if (detects || (pair.pagp && isTrusted(bundles, pair))) return wrong
      return [
        warning(
          pair.path,
          `dual-active: ${pair.name} has nothing to find out with that both its chassis are active, which they are once the virtual switch link is lost: add dualActive with fastHello or bfd, or a port-channel with PAgP`,
          "key",
        ),
      ]
    })
  },
}

/** Two pairs of one type and one domain that a cable or a port-channel joins, and pairs whose two have different ones. */
export const domains: Rule = {
  name: "pair-domain",
  check: (network) => {
    const pairOf = ({ node }: LinkEnd): Pair | undefined => {
      const at = network.nodes[node]
      return at.kind === "switch" && at.pair !== undefined ? network.pairs[at.pair.pair] : undefined
    }
    const told = new Set<string>()
    const joined = network.links.flatMap(({ a, b }): ReadonlyArray<Problem> => {
      const [one, two] = [pairOf(a), pairOf(b)]
      if (one === undefined || two === undefined || one === two || one.type !== two.type) return []
      const key = [one.name, two.name].sort().join(" ")
      if (one.domains[0] !== two.domains[0] || told.has(key)) return []
      told.add(key)
      return [
        warning(
          [...two.path, "domain"],
          `pair-domain: ${one.name} and ${two.name} are cabled to each other and both have domain ${one.domains[0]}: one is taken for the other; give each a domain of its own`,
        ),
      ]
    })
    const within = network.pairs.flatMap((pair): ReadonlyArray<Problem> => {
      const [one, two] = pair.domains
      if (one === two) return []
      const [first, second] = pair.nodes.map((node) => network.nodes[node].name)
      return [
        warning(
          [...pair.path, "switch"],
          `pair-domain: ${first} has domain ${one} and ${second} has ${two}: they will not be a pair; write one domain for ${pair.name}`,
        ),
      ]
    })
    return [...joined, ...within]
  },
}

/** Chassis of two software versions, and priorities that do not say who is to be active. */
export const versions: Rule = {
  name: "pair-version",
  check: ({ nodes, pairs }) =>
    pairs.flatMap((pair): ReadonlyArray<Problem> => {
      if (pair.type !== "vss" || pair.versions[0] === pair.versions[1]) return []
      const said = MEMBERS.map((member) => `${nodes[pair.nodes[member]].name} runs ${pair.versions[member] ?? "another version"}`)
      return [
        warning(
          [...pair.path, "switch"],
          `pair-version: ${said.join(" and ")}: the standby stays cold with its modules down (RPR); write the same version, or none`,
        ),
      ]
    }),
}

/** Cables of a peer-link lead from one peer to the other's peer-link; on any other they hear no peer, and all vPCs stay down. */
const peerLinkOf = (network: Network, pair: VpcPair): ReadonlyArray<Problem> => {
  const links = linkOfPort(network)
  const linksOf = (member: 0 | 1): ReadonlyArray<number> => {
    const peer = network.nodes[pair.nodes[member]] as SwitchNode
    const port = pair.peerLink[member]
    return port < peer.ports ? [port] : (peer.channels?.channels[port - peer.ports]?.members ?? [])
  }
  const ends = endsOf(pair, [linksOf(0), linksOf(1)])
  return ends.flatMap((end): ReadonlyArray<Problem> => {
    const name = `vpc: ${nameOfEnd(network, end)} of the peer-link of ${pair.name}`
    const index = links[end.node][end.port]
    if (index < 0) return [warning([...pair.path, "peerLink"], `${name} has no cable: add one to links, or take the port out`)]
    const link = network.links[index]
    const far = otherEnd(link, end.node, end.port)
    if (far.node !== end.node && ends.some((other) => is(other, far))) return []
    return [
      warning(
        link.path,
        `${name} is cabled to ${nameOfEnd(network, far)}, which is not of it: it carries nothing there; cable it to a port of the peer-link of the other peer`,
      ),
    ]
  })
}

/** vPCs of switches that are no peers, that a peer has twice, or that only one peer has; and peer-links that lead elsewhere. */
export const vpcs: Rule = {
  name: "vpc",
  check: (network) => {
    const alone = network.nodes.flatMap((node): ReadonlyArray<Problem> =>
      node.kind !== "switch"
        ? []
        : (node.channels?.channels ?? []).flatMap(({ number, path, vpc }) =>
            vpc === undefined || node.pair !== undefined
              ? []
              : [
                  error(
                    [...path, "vpc"],
                    `vpc: Po${number} of ${node.name} is vPC ${vpc}, and ${node.name} is of no vPC pair: add it to pairs, or remove vpc`,
                  ),
                ],
          ),
    )
    return [
      ...alone,
      ...network.pairs.flatMap((pair) => (pair.type === "vpc" ? [...peerLinkOf(network, pair), ...ofPair(network, pair)] : [])),
    ]
  },
}

/** What of a port's VLANs has to be alike at both peers. */
const untaggedOf = (vlans: SwitchPort): readonly [mode: string, vlan: number] => [
  vlans.mode,
  vlans.mode === "access" ? vlans.vlan : vlans.native,
]

/** Ports that are suspended with the secondary's vPCs, as orphans, and are none. */
const noOrphans = (network: Network, pair: VpcPair): ReadonlyArray<Problem> =>
  endsOf(pair, pair.orphanSuspend).flatMap((end): ReadonlyArray<Problem> => {
    const member = pair.nodes[0] === end.node ? 0 : 1
    const peer = network.nodes[end.node] as SwitchNode
    const channel = peer.channels?.channels.find(({ members }) => members.includes(end.port))
    const isPeerLink =
      pair.peerLink[member] === end.port ||
      (channel !== undefined && peer.channels?.channels[pair.peerLink[member] - peer.ports] === channel)
    const what = isPeerLink
      ? "of the peer-link"
      : pair.keepalive?.[member] === end.port
        ? "the keepalive's"
        : channel?.vpc !== undefined
          ? `of vPC ${channel.vpc}`
          : undefined
    return what === undefined
      ? []
      : [
          error(
            [...pair.path, "orphanSuspend"],
            `vpc: ${nameOfEnd(network, end)} is ${what} and no orphan port: name ports of devices that only one peer has, or leave it out`,
          ),
        ]
  })

const ofPair = (network: Network, pair: VpcPair): ReadonlyArray<Problem> => {
  const links = linkOfPort(network)
  const peers = pair.nodes.map((node) => network.nodes[node] as SwitchNode)
  const legs = peers.map(({ channels }) => (channels?.channels ?? []).filter(({ vpc }) => vpc !== undefined))
  const ofLegs = MEMBERS.flatMap((member) => {
    const [name, other] = [peers[member].name, peers[1 - member].name]
    const peer = peers[member]
    return legs[member].flatMap(({ members, mode, number, path, settings, vpc }, i): ReadonlyArray<Problem> => {
      const before = legs[member].findIndex((each) => each.vpc === vpc)
      if (before < i) {
        return [
          error(
            [...path, "vpc"],
            `vpc: Po${legs[member][before].number} and Po${number} of ${name} are both vPC ${vpc}: a peer has one port-channel of each; give one another number`,
          ),
        ]
      }
      if (peer.channels?.channels[pair.peerLink[member] - peer.ports]?.number === number) {
        return [
          error(
            [...path, "vpc"],
            `vpc: Po${number} of ${name} is the peer-link of ${pair.name} and no vPC: remove vpc from it`,
            "key",
          ),
        ]
      }
      if (protocolOf(mode) === "PAgP") {
        return [
          error(
            [...path, "mode"],
            `vpc: Po${number} of ${name} is vPC ${vpc} and ${mode}: peers of a vPC speak LACP or nothing; write mode: active or on`,
            "value",
          ),
        ]
      }
      const theirs = legs[1 - member].find((each) => each.vpc === vpc)
      if (theirs === undefined) {
        return [
          warning(
            path,
            `vpc: vPC ${vpc} has Po${number} of ${name} and no port-channel of ${other}: it is lost with ${name}; give ${other} one with vpc: ${vpc}`,
            "key",
          ),
        ]
      }
      if (member === 1) return []
      const far = (node: number, port: number): string | undefined => {
        const link = links[node][port]
        // Another pair is one device to a vPC.
        return link < 0 ? undefined : ownerAt(network, otherEnd(network.links[link], node, port))
      }
      const [mine, its] = [far(pair.nodes[0], members[0]), far(pair.nodes[1], theirs.members[0])]
      if (mine !== undefined && its !== undefined && mine !== its) {
        return [
          warning(
            path,
            `vpc: vPC ${vpc} leads to ${mine} from ${name} and to ${its} from ${other}: both ports of a vPC end in one device; give one another number`,
            "key",
          ),
        ]
      }
      return JSON.stringify(untaggedOf(settings.vlans)) === JSON.stringify(untaggedOf(theirs.settings.vlans))
        ? []
        : [
            warning(
              path,
              `vpc: vPC ${vpc} has another mode or another untagged VLAN at ${name} than at ${other}: they are not consistent, and the secondary's port is suspended; write the same at both`,
              "key",
            ),
          ]
    })
  })
  return [...ofLegs, ...noOrphans(network, pair)]
}
