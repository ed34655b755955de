/** What rules about spanning tree settings share: whom a setting concerns, where it stands, and how hard its limits are. */
import { error, type Path, type Problem, warning } from "../DesignError.ts"
import type { Network, SpanningTreeSettings, SwitchNode } from "../Network.ts"

/** The switches that run spanning tree, each kind of settings once: the same on two hundred switches is one mistake, and the first stands for all. */
export const distinct = (network: Network): ReadonlyArray<readonly [SwitchNode, others: number]> => {
  const first = new Map<string, [SwitchNode, number]>()
  for (const node of network.nodes) {
    if (node.kind !== "switch" || node.spanningTree.protocol === "none") continue
    const key = JSON.stringify(node.spanningTree)
    const known = first.get(key)
    if (known === undefined) first.set(key, [node, 0])
    else known[1]++
  }
  return [...first.values()]
}

/** The switch, and how many others it stands for. */
export const who = (node: SwitchNode, others: number): string => (others === 0 ? node.name : `${node.name} and ${others} more`)

/** Where a key stands: in the nearest block that has it. */
export const nearest = ({ paths }: SpanningTreeSettings, key: string): Path => paths[key] ?? ["spanningTree", key]

/** A limit of the standard that is broken: refused in a design, warned of in a record of what exists. */
export const limit = (network: Network, path: Path, why: string, cure: string): Problem =>
  network.asBuilt
    ? warning(path, `${why}; it is emulated as it stands`)
    : error(path, `${why}; ${cure} (asBuilt: true takes it as it stands)`)
