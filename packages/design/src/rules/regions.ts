/** Regions of multiple spanning trees: instances that exist, and neighbours that were meant to be of one region and are not. */
import { error, type Path, type Problem, warning } from "../DesignError.ts"
import type { Network, RegionSettings, SwitchNode } from "../Network.ts"
import * as VlanSet from "../VlanSet.ts"
import type { Rule } from "./Rules.ts"
import { BRIDGE_PRIORITY_STEP, limit, steps } from "./settings.ts"

const isMst = (node: Network["nodes"][number]): node is SwitchNode =>
  node.kind === "switch" && node.spanningTree.protocol === "mst"

/** A place in the design that speaks of an instance, and the switches that it speaks to. */
interface Said {
  readonly path: Path
  readonly mstid: number
  /** A switch whose region has no such instance, until one is found whose region has. */
  without?: SwitchNode | undefined
}

/** Settings of instances that no region of theirs has, and priorities between the steps. */
export const instances: Rule = {
  name: "mst-instances",
  check: (network) => {
    const said = new Map<string, Said>()
    const problems: Array<Problem> = []
    const seen = new Set<string>()
    for (const node of network.nodes) {
      if (!isMst(node)) continue
      const existing = new Set(node.spanningTree.region.instances.map(({ mstid }) => mstid))
      const note = (mstid: number, path: Path): void => {
        if (mstid === 0) return
        const place = `${mstid} ${path.join(".")}`
        const known = said.get(place)
        if (known === undefined) said.set(place, { path, mstid, without: existing.has(mstid) ? undefined : node })
        else if (existing.has(mstid)) known.without = undefined
      }
      for (const { mstid, path, priority } of node.spanningTree.ofInstances) {
        note(mstid, path)
        const place = path.join(".")
        if (priority % BRIDGE_PRIORITY_STEP === 0 || seen.has(place)) continue
        seen.add(place)
        problems.push(
          limit(
            network,
            [...path, "priority"],
            `the bridge priority of ${node.name} in instance ${mstid} is ${priority}, and mst has steps of 4096`,
            `write ${steps(priority, BRIDGE_PRIORITY_STEP, 61_440)}`,
            `it is emulated as ${priority - (priority % BRIDGE_PRIORITY_STEP)}, since the number of the tree is added`,
          ),
        )
      }
      for (const port of node.settings) {
        for (const { mstids, path } of port.ofInstances ?? []) for (const mstid of mstids) note(mstid, path)
      }
    }
    for (const { mstid, path, without } of said.values()) {
      if (without === undefined) continue
      const { instances: own } = without.spanningTree.region
      const cure =
        own.length === 0
          ? "it has none, add them to region"
          : `it has ${VlanSet.format(own.map((instance) => instance.mstid))}, name one of them or add it to region`
      problems.push(error(path, `the region of ${without.name} has no instance ${mstid}: ${cure}`, "key"))
    }
    return problems
  },
}

/** VLANs that two regions have in different instances. */
const differing = (a: RegionSettings, b: RegionSettings): ReadonlyArray<number> => {
  const table = (region: RegionSettings): ReadonlyMap<number, number> =>
    new Map(region.instances.flatMap(({ mstid, vlans }) => vlans.map((vlan) => [vlan, mstid] as const)))
  const [ofA, ofB] = [table(a), table(b)]
  return [...new Set([...ofA.keys(), ...ofB.keys()])]
    .filter((vlan) => (ofA.get(vlan) ?? 0) !== (ofB.get(vlan) ?? 0))
    .sort((x, y) => x - y)
}

/** Neighbours whose regions have one name and are two all the same: by far the commonest mistake with regions. */
export const oneName: Rule = {
  name: "mst-regions-of-one-name",
  check: (network) =>
    network.links.flatMap((link): ReadonlyArray<Problem> => {
      const a = network.nodes[link.a.node]
      const b = network.nodes[link.b.node]
      if (!isMst(a) || !isMst(b)) return []
      const [ofA, ofB] = [a.spanningTree.region, b.spanningTree.region]
      if (ofA.name === "" || ofA.name !== ofB.name) return []
      const vlans = differing(ofA, ofB)
      const why =
        ofA.revision !== ofB.revision
          ? `revision ${ofA.revision} and ${ofB.revision}`
          : vlans.length > 0
            ? `VLANs ${VlanSet.format(vlans)} in different instances`
            : undefined
      return why === undefined
        ? []
        : [
            warning(
              link.path,
              `${a.name} and ${b.name} both call their region ${ofA.name}, and are in two, with ${why}: make these the same, or give the regions different names`,
            ),
          ]
    }),
}
