/** Rings that no spanning tree opens: one broadcast circles in them for ever. */
import { type Problem, warning } from "../DesignError.ts"
import { bundleAt, bundlesIn } from "../Bundling.ts"
import type { LinkEnd, Network, NetworkLink, NetworkNode } from "../Network.ts"
import type { Rule } from "./Rules.ts"

/**
 * How a node takes part in rings: `tree` runs spanning tree; `passes` has none and passes BPDUs on, so that its neighbours see through
 * it; `hides` has none and drops BPDUs, so that nobody knows of the path through it; `ends` forwards nothing.
 */
const partOf = (node: NetworkNode): "tree" | "passes" | "hides" | "ends" => {
  switch (node.kind) {
    case "switch":
      if (node.spanningTree.protocol !== "none") return "tree"
      return node.reserved === "flood" ? "passes" : "hides"
    case "hub":
      return "passes"
    case "host":
    case "hypervisor":
      return "ends"
  }
}

const isShut = (network: Network, end: { readonly node: number; readonly port: number }): boolean => {
  const node = network.nodes[end.node]
  return node.kind === "switch" && node.settings[end.port].shutdown
}

/** The bundle that a cable is in at both ends. */
const bundleOf = (at: ReturnType<typeof bundleAt>, { a, b }: NetworkLink): string | undefined => {
  const [one, other] = [at(a), at(b)]
  return one === undefined || other === undefined ? undefined : `${one.key} ${other.key}`
}

/** Nodes by which of them they are to frames: both chassis of a virtual switching system, and both peers of a vPC pair, are the first of them. */
const asOne = ({ nodes, pairs }: Network): ReadonlyArray<number> =>
  nodes.map((node, index) => (node.kind === "switch" && node.pair !== undefined ? pairs[node.pair.pair].nodes[0] : index))

/** Sets of nodes; `join` is false when the two are in one set already, which is a ring. */
const disjointSets = (count: number) => {
  const parent = Int32Array.from({ length: count }, (_, index) => index)
  const find = (node: number): number => {
    let at = node
    while (parent[at] !== at) {
      parent[at] = parent[parent[at]]
      at = parent[at]
    }
    return at
  }
  return {
    join: (a: number, b: number): boolean => {
      const [rootA, rootB] = [find(a), find(b)]
      parent[rootA] = rootB
      return rootA !== rootB
    },
  }
}

/**
 * Two ways to a ring that stays closed. One consists of hubs and BPDU-passing switches only: there is nobody to open it. In the other
 * is a switch that hides it: what spanning tree sees ends in a tree that still joins all its bridges, so a second path between any two
 * of them through the hider closes a ring.
 */
export const loops: Rule = {
  name: "loops",
  check: (network) => {
    const parts = network.nodes.map(partOf)
    const whole = asOne(network)
    const at = bundleAt(bundlesIn(network))
    const isJoint = (a: LinkEnd, b: LinkEnd): boolean => whole[a.node] === whole[b.node] && a.node !== b.node
    const bundles = new Set<string>()
    const links = network.links.filter((link) => {
      const { a, b } = link
      // What joins the two of a pair is within it.
      if (isJoint(a, b)) return false
      if (parts[a.node] === "ends" || parts[b.node] === "ends" || isShut(network, a) || isShut(network, b)) return false
      const bundle = bundleOf(at, link)
      if (bundle === undefined) return true
      // All cables of a bundle are one.
      const isFirst = !bundles.has(bundle)
      bundles.add(bundle)
      return isFirst
    })
    const hidden = ({ a, b }: NetworkLink): boolean => parts[a.node] === "hides" || parts[b.node] === "hides"
    const problems: Array<Problem> = []
    const tell = (link: NetworkLink): void => {
      problems.push(
        warning(
          link.path,
          `${link.name} closes a ring that no spanning tree opens: the first broadcast will storm; run spanning tree on all its switches, or mean it`,
        ),
      )
    }
    const passing = disjointSets(parts.length)
    const seen = disjointSets(parts.length)
    for (const link of links) {
      if (hidden(link)) continue
      if (
        parts[link.a.node] === "passes" &&
        parts[link.b.node] === "passes" &&
        !passing.join(whole[link.a.node], whole[link.b.node])
      )
        tell(link)
      seen.join(whole[link.a.node], whole[link.b.node])
    }
    for (const link of links) if (hidden(link) && !seen.join(whole[link.a.node], whole[link.b.node])) tell(link)
    return problems
  },
}

/** A cable with both ends in one node is legal, and mostly a slip of the pen. */
export const selfLinks: Rule = {
  name: "self-links",
  check: (network) =>
    network.links.flatMap((link): ReadonlyArray<Problem> => {
      if (link.a.node !== link.b.node) return []
      const { name } = network.nodes[link.a.node]
      return [
        warning(
          link.path,
          `both ends of this cable are in ${name}, ports ${link.a.port + 1} and ${link.b.port + 1}: name another node at one end, or mean it`,
        ),
      ]
    }),
}
