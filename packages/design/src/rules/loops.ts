/** Rings that no spanning tree opens: one broadcast circles in them for ever. */
import { type Problem, warning } from "../DesignError.ts"
import type { Network, NetworkNode } from "../Network.ts"
import type { Rule } from "./Rules.ts"

const floods = (node: NetworkNode): boolean =>
  node.kind === "hub" || (node.kind === "switch" && node.spanningTree.protocol === "none")

const isShut = (network: Network, end: { readonly node: number; readonly port: number }): boolean => {
  const node = network.nodes[end.node]
  return node.kind === "switch" && node.settings[end.port].shutdown
}

/**
 * A ring of hubs and switches without spanning tree. (A ring in which any switch runs spanning tree is opened there, since the others
 * pass its BPDUs on: hubs always, switches when they flood reserved addresses; one that drops them is treated as closed here.)
 */
export const loops: Rule = {
  name: "loops",
  check: (network) => {
    // Union-find over what floods: the link that joins two of one set closes a ring.
    const parent = network.nodes.map((_, index) => index)
    const root = (node: number): number => {
      let at = node
      while (parent[at] !== at) {
        parent[at] = parent[parent[at]]
        at = parent[at]
      }
      return at
    }
    const problems: Array<Problem> = []
    for (const link of network.links) {
      if (!floods(network.nodes[link.a.node]) || !floods(network.nodes[link.b.node])) continue
      if (isShut(network, link.a) || isShut(network, link.b)) continue
      const a = root(link.a.node)
      const b = root(link.b.node)
      if (a !== b) parent[a] = b
      else
        problems.push(
          warning(
            link.path,
            `${link.name} closes a ring without spanning tree: the first broadcast will storm; run stp on these switches, or mean it`,
          ),
        )
    }
    return problems
  },
}
