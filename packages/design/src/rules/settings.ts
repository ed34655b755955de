/** What rules about spanning tree settings share: whom a setting concerns, where it stands, and how hard its limits are. */
import { error, type Path, type Problem, warning } from "../DesignError.ts"
import type { Network, SwitchNode, TreeSettings } from "../Network.ts"
import * as VlanSet from "../VlanSet.ts"

/** 802.1t and all that came after it keep the lower twelve bits of a bridge's priority for the number of the tree (17.13.7†). */
export const BRIDGE_PRIORITY_STEP = 4096

/** The steps of a value next to one that is none of them. */
export const steps = (value: number, step: number, most: number): string => {
  const below = Math.min(Math.floor(value / step) * step, most)
  const above = below + step
  return above > most ? `${below}` : `${below} or ${above}`
}

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

/** Settings of trees that a rule judges alike: a switch's for all, and those of some of its VLANs. */
export interface Judged {
  readonly node: SwitchNode
  /** `sw1`, `sw1 and 2 more`, `VLANs 10, 20-29 of sw1`. */
  readonly who: string
  readonly settings: TreeSettings
  /** Whether the settings themselves say this key; what VLANs only take over from the switch is judged there. */
  readonly says: (key: string) => boolean
}

/** All of them, each kind once. */
export const judged = (network: Network): ReadonlyArray<Judged> =>
  distinct(network).flatMap(([node, others]) => {
    const { spanningTree } = node
    return [
      { node, who: who(node, others), settings: spanningTree, says: () => true },
      ...spanningTree.ofVlans.map((settings): Judged => ({
        node,
        who: `${settings.vlans.length === 1 ? "VLAN" : "VLANs"} ${VlanSet.format(settings.vlans)} of ${who(node, others)}`,
        settings,
        says: (key) => settings.paths[key] !== spanningTree.paths[key],
      })),
    ]
  })

/** The switch, and how many others it stands for. */
export const who = (node: SwitchNode, others: number): string => (others === 0 ? node.name : `${node.name} and ${others} more`)

/** Where a key stands: in the nearest block that has it. */
export const nearest = ({ paths }: Pick<TreeSettings, "paths">, key: string): Path => paths[key] ?? ["spanningTree", key]

/** A limit of the standard that is broken: refused in a design, warned of in a record of what exists. */
export const limit = (
  network: Network,
  path: Path,
  why: string,
  cure: string,
  otherwise = "it is emulated as it stands",
): Problem =>
  network.asBuilt ? warning(path, `${why}; ${otherwise}`) : error(path, `${why}; ${cure} (asBuilt: true warns instead)`)
