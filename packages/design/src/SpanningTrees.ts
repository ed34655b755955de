/** What the blocks of a design say of a switch's spanning tree, put together: the nearest block has the last word, key by key. */
import type { Design } from "./Design.ts"
import { error, type Path, type Problem } from "./DesignError.ts"
import type { InstanceTreeSettings, RegionSettings, SpanningTreeSettings, VlanTreeSettings } from "./Network.ts"
import type { Region, SpanningTree, VlanTree } from "./SpanningTreeBlocks.ts"
import { timeNsOf } from "./Units.ts"
import * as PortGuards from "./PortGuards.ts"
import * as VlanSet from "./VlanSet.ts"

/** A block of the design that speaks of a switch, and where it stands; the nearest comes last. */
export type Written = readonly [block: SpanningTree | undefined, path: Path]

/** Settings of one switch that has these VLANs. */
export const settle = (blocks: ReadonlyArray<Written>, vlans: ReadonlyArray<number>): SpanningTreeSettings => {
  const block: SpanningTree = Object.assign({}, ...blocks.map(([written]) => written))
  const paths: Record<string, Path> = {}
  for (const [written, path] of blocks) {
    // Of what a farm generates only the priority of its roots is anyone's word.
    const isFarm = path[0] === "farm"
    for (const key of Object.keys(written ?? {})) paths[key] = isFarm ? ["farm", "rootPriority"] : [...path, key]
  }
  const protocol = block.protocol ?? "stp"
  const forAll = {
    priority: block.priority ?? 32_768,
    helloTimeNs: timeNsOf(block.helloTime ?? "2s"),
    maxAgeNs: timeNsOf(block.maxAge ?? "20s"),
    forwardDelayNs: timeNsOf(block.forwardDelay ?? "15s"),
    paths,
  }
  return {
    protocol,
    ...forAll,
    pathCost: block.pathCost ?? (protocol === "rstp" || protocol === "mst" ? "long" : "short"),
    profile: block.profile ?? "standard",
    transmitHoldCount: block.transmitHoldCount ?? 6,
    edgePorts: block.edgePorts ?? "none",
    ...(block.maximumInstances === undefined ? {} : { maximumInstances: block.maximumInstances }),
    ofVlans: ofVlans(blocks, vlans, forAll),
    region: regionOf(Object.assign({}, ...blocks.map(([written]) => written?.region))),
    maxHops: block.maxHops ?? 20,
    ...PortGuards.ofBridge(block),
    pvstSimulation: block.pvstSimulation ?? true,
    ofInstances: ofInstances(blocks),
  }
}

const regionOf = ({ instances, name, revision }: Region): RegionSettings => ({
  name: name ?? "",
  revision: revision ?? 0,
  instances: Object.entries(instances ?? {})
    .map(([mstid, vlans]) => ({ mstid: Number(mstid), vlans: vlansOf(vlans) }))
    .sort((a, b) => a.mstid - b.mstid),
})

const vlansOf = (vlans: NonNullable<Region["instances"]>[string]): ReadonlyArray<number> =>
  typeof vlans === "string" ? (VlanSet.idsOfKey(vlans) ?? []) : VlanSet.ids(typeof vlans === "number" ? [vlans] : vlans)

const ofInstances = (blocks: ReadonlyArray<Written>): ReadonlyArray<InstanceTreeSettings> => {
  const settings = new Map<number, InstanceTreeSettings>()
  for (const [written, path] of blocks) {
    for (const [key, { priority }] of Object.entries(written?.instances ?? {})) {
      if (priority === undefined) continue
      for (const mstid of VlanSet.idsOfKey(key) ?? []) settings.set(mstid, { mstid, priority, path: [...path, "instances", key] })
    }
  }
  return [...settings.values()].sort((a, b) => a.mstid - b.mstid)
}

/** VLANs that have something of their own, those with the same settings together. */
const ofVlans = (
  blocks: ReadonlyArray<Written>,
  vlans: ReadonlyArray<number>,
  forAll: Omit<VlanTreeSettings, "vlans">,
): ReadonlyArray<VlanTreeSettings> => {
  const entries = blocks.flatMap(([written, path]) =>
    Object.entries(written?.vlans ?? {}).map(([key, own]) => ({
      own,
      path: [...path, "vlans", key],
      ids: new Set(VlanSet.idsOfKey(key) ?? []),
    })),
  )
  if (entries.length === 0) return []
  const groups = new Map<string, { readonly vlans: Array<number>; readonly settings: Omit<VlanTreeSettings, "vlans"> }>()
  for (const id of vlans) {
    const chosen = entries.filter((entry) => entry.ids.has(id))
    if (chosen.length === 0) continue
    const key = chosen.map((entry) => entries.indexOf(entry)).join()
    const known = groups.get(key)
    if (known !== undefined) {
      known.vlans.push(id)
      continue
    }
    const own: VlanTree = Object.assign({}, ...chosen.map((entry) => entry.own))
    const paths: Record<string, Path> = { ...forAll.paths }
    for (const entry of chosen) for (const name of Object.keys(entry.own)) paths[name] = [...entry.path, name]
    groups.set(key, {
      vlans: [id],
      settings: {
        priority: own.priority ?? forAll.priority,
        helloTimeNs: own.helloTime === undefined ? forAll.helloTimeNs : timeNsOf(own.helloTime),
        maxAgeNs: own.maxAge === undefined ? forAll.maxAgeNs : timeNsOf(own.maxAge),
        forwardDelayNs: own.forwardDelay === undefined ? forAll.forwardDelayNs : timeNsOf(own.forwardDelay),
        paths,
      },
    })
  }
  return [...groups.values()].map(({ vlans: ids, settings }) => ({ vlans: ids, ...settings }))
}

/** What is wrong with the blocks of a design, each looked at once. Of nodes `path` is where they stand. */
export const problemsOfDesign = (
  design: Design,
  nodes: ReadonlyArray<{ readonly path: Path; readonly block: object }>,
): ReadonlyArray<Problem> => [
  ...problemsOfBlock(design.spanningTree, ["spanningTree"]),
  ...problemsOfBlock(design.defaults?.switch?.spanningTree, ["defaults", "switch", "spanningTree"]),
  ...nodes.flatMap(({ block, path }) =>
    "spanningTree" in block ? problemsOfBlock(block.spanningTree as SpanningTree, [...path, "spanningTree"]) : [],
  ),
]

const problemsOfBlock = (block: SpanningTree | undefined, path: Path): ReadonlyArray<Problem> => [
  ...problemsOfKeys(Object.keys(block?.vlans ?? {}), [...path, "vlans"]),
  ...problemsOfKeys(Object.keys(block?.instances ?? {}), [...path, "instances"], "instance"),
  ...problemsOfRegion(block?.region?.instances ?? {}, [...path, "region", "instances"]),
]

/** 802.1Q-2005 13.14†: most instances of a region besides the CIST; as many as a BPDU has room for. */
const MOST_INSTANCES = 64

const problemsOfRegion = (instances: NonNullable<Region["instances"]>, path: Path): ReadonlyArray<Problem> => {
  const problems: Array<Problem> = []
  const instanceOf = new Map<number, string>()
  for (const [mstid, vlans] of Object.entries(instances)) {
    const at = [...path, mstid]
    if (mstid === "0") {
      problems.push(error(at, "instance 0 is the CIST, and has all VLANs that stand in no other instance: remove it", "key"))
    } else if (!/^\d{1,5}$/.test(mstid) || VlanSet.idsOfKey(mstid) === undefined) {
      const why = /^\d+$/.test(mstid) ? `instance ${mstid} does not exist` : `"${mstid}" is not the number of an instance`
      problems.push(error(at, `${why}: write a whole number from 1 to 4094`, "key"))
    }
    const ids = vlansOf(vlans)
    const twice = ids.find((id) => instanceOf.has(id))
    if (twice !== undefined) {
      problems.push(
        error(at, `VLAN ${twice} is in instance ${instanceOf.get(twice)} too: a VLAN follows one instance, leave it in one`),
      )
    }
    for (const id of ids) instanceOf.set(id, mstid)
  }
  const count = Object.keys(instances).length
  if (count > MOST_INSTANCES) {
    problems.push(
      error(path, `a region has at most ${MOST_INSTANCES} instances, and this one has ${count}: put VLANs together`, "key"),
    )
  }
  return problems
}

/** Keys like `10,20-29` that mean no VLANs or instances, and numbers that stand in two keys of one mapping. */
export const problemsOfKeys = (
  keys: ReadonlyArray<string>,
  path: Path,
  noun: "VLAN" | "instance" = "VLAN",
  allows0 = false,
): ReadonlyArray<Problem> => {
  const keyOf = new Map<number, string>()
  return keys.flatMap((key): ReadonlyArray<Problem> => {
    if (noun === "instance" && key === "0") {
      if (allows0) return []
      return [error([...path, key], "instance 0 is the CIST, and has what is said for the switch: write priority there", "key")]
    }
    const ids = VlanSet.idsOfKey(key)
    if (ids === undefined) return [error([...path, key], VlanSet.problemOfKey(key, noun), "key")]
    const twice = ids.find((id) => keyOf.has(id))
    const before = twice === undefined ? undefined : keyOf.get(twice)
    for (const id of ids) keyOf.set(id, key)
    return twice === undefined
      ? []
      : [error([...path, key], `${noun} ${twice} stands in ${before} too: let it stand in one of the two`, "key")]
  })
}
