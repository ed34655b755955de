/**
 * Which VLANs exist on a bridge, which ports carry them and how. VLAN ids are mapped once to a small index (the position in the
 * configured list), and everything else is an array over that index, never 4,094 wide.
 */
import type { BridgeConfig, SwitchPort, VlanId } from "./BridgeConfig.ts"

/** Bits of `membership`; the relay's byte for (VLAN, port) has the port state's bits beside them. */
export const MEMBER = 1
/** Frames leave the port with a tag. */
export const TAGGED = 2

/** The index of a VLAN that does not exist. */
export const NO_VLAN = 0xffff

export interface VlanTable {
  /** Index by VLAN id (4,096 entries), NO_VLAN where the VLAN does not exist. Never written: a table is replaced whole. */
  readonly indexOf: Uint16Array
  /** VLAN id by index; those that do not exist, but may come to, too. */
  readonly ids: Uint16Array
  /** Filtering database by index. */
  readonly fidOf: Uint16Array
  /** Spanning tree by index. */
  readonly treeOf: Uint16Array
  /** One tree, and a filtering database of its own for each VLAN: then FID and index are the same, and the relay looks neither up. */
  readonly plain: boolean
  /** Filtering database and tree by index, in one number for the relay: tree * 65536 + FID. */
  readonly placeOf: Int32Array
  /** By port: the VLAN of untagged frames; 0 = they are refused. */
  readonly pvid: Uint16Array
  /** By port: the index of that VLAN; NO_VLAN where they are refused or the VLAN does not exist. */
  readonly indexOfUntagged: Uint16Array
  /** By index * ports + port: MEMBER, TAGGED. */
  readonly membership: Uint8Array
  /** VLAN indexes sorted by tree, and where each tree's begin (with one more at the end). */
  readonly byTree: Uint16Array
  readonly treeStart: Uint16Array
}

// All switches of a farm have the same list of VLANs: its index is built once and shared. A cache; nothing depends on its content.
const indexes = new WeakMap<ReadonlyArray<VlanId>, Uint16Array>()

const indexOf = (vlans: ReadonlyArray<VlanId>): Uint16Array => {
  let index = indexes.get(vlans)
  if (index === undefined) {
    index = new Uint16Array(4096).fill(NO_VLAN)
    for (const [i, vlan] of vlans.entries()) index[vlan] = i
    indexes.set(vlans, index)
  }
  return index
}

/** Everything that follows from the trees of the VLANs. */
const byTrees = (
  treeOf: Uint16Array,
  fidOf: Uint16Array,
): Pick<VlanTable, "treeOf" | "plain" | "placeOf" | "byTree" | "treeStart"> => {
  const byTree = Uint16Array.from(treeOf.keys()).sort((x, y) => treeOf[x] - treeOf[y] || x - y)
  const treeStart = new Uint16Array(Math.max(0, ...treeOf) + 2)
  for (const tree of treeOf) treeStart[tree + 1]++
  for (let tree = 1; tree < treeStart.length; tree++) treeStart[tree] += treeStart[tree - 1]
  return {
    treeOf,
    plain: treeOf.every((tree) => tree === 0) && fidOf.every((fid, v) => fid === v),
    placeOf: Int32Array.from(treeOf, (tree, v) => tree * 65536 + fidOf[v]),
    byTree,
    treeStart,
  }
}

/** The same table with its VLANs in other trees. */
export const withTrees = (table: VlanTable, treeOfVlan: (vlan: VlanId) => number): VlanTable => ({
  ...table,
  ...byTrees(Uint16Array.from(table.ids, treeOfVlan), table.fidOf),
})

/** The VLAN of untagged frames; 0 where a trunk has none. */
export const untaggedVlan = (port: SwitchPort): VlanId => {
  if (port.mode === "access") return port.vlan
  return port.tagNative === true || !port.allowed.includes(port.native) ? 0 : port.native
}

/**
 * The tag of CDP and VTP on a port, -1 for none: they go in VLAN 1, with its tag where a trunk's untagged frames are another VLAN's, also where the
 * trunk carries no VLAN 1 otherwise (so Cisco's best practices for Catalysts have it). Priority 7†.
 */
export const controlTag = (port: SwitchPort): number =>
  port.mode === "trunk" && (port.native !== 1 || port.tagNative === true) ? (7 << 13) | 1 : -1

/** Everything that follows from which VLANs exist and from how ports treat them. */
const byPorts = (
  index: Uint16Array,
  vlans: ReadonlyArray<VlanId> | Uint16Array,
  ports: ReadonlyArray<SwitchPort>,
): Pick<VlanTable, "indexOf" | "pvid" | "indexOfUntagged" | "membership"> => {
  const membership = new Uint8Array(vlans.length * ports.length)
  for (const [p, port] of ports.entries()) {
    for (const vlan of port.mode === "access" ? [port.vlan] : port.allowed) {
      if (index[vlan] === NO_VLAN) continue
      const tagged = port.mode === "trunk" && (vlan !== port.native || port.tagNative === true)
      membership[index[vlan] * ports.length + p] = tagged ? MEMBER | TAGGED : MEMBER
    }
  }
  const pvid = Uint16Array.from(ports, untaggedVlan)
  return {
    indexOf: index,
    pvid,
    indexOfUntagged: pvid.map((vlan) => (vlan === 0 ? NO_VLAN : index[vlan])),
    membership,
  }
}

/** The index of those VLANs of a table that exist. */
const existingIndex = (ids: ReadonlyArray<VlanId> | Uint16Array, existing: ReadonlyArray<VlanId>): Uint16Array => {
  const exists = new Set(existing)
  const index = new Uint16Array(4096).fill(NO_VLAN)
  ids.forEach((vlan, i) => {
    if (exists.has(vlan)) index[vlan] = i
  })
  return index
}

/** The same table with these VLANs existing, as far as it has room for them, on ports that treat them so. */
export const withPorts = (table: VlanTable, existing: ReadonlyArray<VlanId>, ports: ReadonlyArray<SwitchPort>): VlanTable => ({
  ...table,
  ...byPorts(existingIndex(table.ids, existing), table.ids, ports),
})

/** The VLANs that exist, sorted. */
export const existingOf = ({ ids, indexOf: index }: VlanTable): ReadonlyArray<VlanId> =>
  Array.from(ids).filter((vlan) => index[vlan] !== NO_VLAN)

/** What follows from a list of VLANs alone, each in a filtering database of its own and all in tree 0: shared like their index. */
const shared = new WeakMap<ReadonlyArray<VlanId>, ReturnType<typeof byVlans>>()

const byVlans = ({ fidOfVlan, treeOfVlan, vlans }: BridgeConfig): Omit<VlanTable, keyof ReturnType<typeof byPorts>> => {
  const fidOf = Uint16Array.from(fidOfVlan ?? vlans.keys())
  return { ids: Uint16Array.from(vlans), fidOf, ...byTrees(Uint16Array.from(treeOfVlan ?? vlans.map(() => 0)), fidOf) }
}

const ofVlans = (config: BridgeConfig): ReturnType<typeof byVlans> => {
  if (config.treeOfVlan !== undefined || config.fidOfVlan !== undefined) return byVlans(config)
  let table = shared.get(config.vlans)
  if (table === undefined) {
    table = byVlans(config)
    shared.set(config.vlans, table)
  }
  return table
}

/** The table of a bridge with this configuration. */
export const make = (config: BridgeConfig): VlanTable => {
  const { existing, ports, vlans } = config
  return {
    ...ofVlans(config),
    ...byPorts(existing === undefined ? indexOf(vlans) : existingIndex(vlans, existing), vlans, ports),
  }
}
