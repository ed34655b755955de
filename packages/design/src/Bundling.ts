/** The port-channels of a network with where their cables end, be it at one switch or at the two of a pair. */
import type { LinkEnd, Network, SwitchNode } from "./Network.ts"
import type { PortChannel } from "./PortChannels.ts"

/** A port-channel and who has it. */
export interface Bundle {
  /** A switch, or both of a virtual switching system as one. */
  readonly owner: SwitchNode
  readonly channel: PortChannel
  /** Its members. */
  readonly ends: ReadonlyArray<LinkEnd>
  /** Bundles of one key are one to who is at the other end: the legs of a vPC are two. */
  readonly key: string
}

/** All of them, those of pairs behind those of switches. */
export const bundlesIn = ({ nodes, pairs }: Network): ReadonlyArray<Bundle> => [
  ...nodes.flatMap((node, index): ReadonlyArray<Bundle> =>
    node.kind !== "switch"
      ? []
      : (node.channels?.channels ?? []).map((channel) => ({
          owner: node,
          channel,
          ends: channel.members.map((port) => ({ node: index, port })),
          key:
            channel.vpc === undefined || node.pair === undefined
              ? `${index} Po${channel.number}`
              : `${pairs[node.pair.pair].name} vpc ${channel.vpc}`,
        })),
  ),
  ...pairs.flatMap((pair): ReadonlyArray<Bundle> => {
    if (pair.type !== "vss") return []
    const [one, two] = pair.nodes
    const first = nodes[one].ports
    return (pair.joint.channels?.channels ?? []).map((channel) => ({
      owner: pair.joint,
      channel,
      ends: channel.members.map((port) => (port < first ? { node: one, port } : { node: two, port: port - first })),
      key: `${pair.name} Po${channel.number}`,
    }))
  }),
]

/** Which of the bundles each end of a cable is in. */
export const bundleAt = (bundles: ReadonlyArray<Bundle>): ((end: LinkEnd) => Bundle | undefined) => {
  const found = new Map(bundles.flatMap((bundle) => bundle.ends.map(({ node, port }) => [`${node} ${port}`, bundle] as const)))
  return ({ node, port }) => found.get(`${node} ${port}`)
}

/** Whom a bundle may end at: a switch, or a pair, by name. */
export const ownerAt = ({ nodes, pairs }: Network, { node }: LinkEnd): string => {
  const at = nodes[node]
  return at.kind === "switch" && at.pair !== undefined ? pairs[at.pair.pair].name : at.name
}

/** `sw1:1`. */
export const nameOfEnd = ({ nodes }: Network, { node, port }: LinkEnd): string => `${nodes[node].name}:${port + 1}`
