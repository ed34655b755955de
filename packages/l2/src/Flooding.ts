/**
 * What a bridge floods because it does not know where a unicast destination lies, by VLAN; and what each topology change of a tree cost: the
 * entries that it had the filtering database forget, and what was flooded from then on.
 *
 * The relay adds, `noteTopologyChange` remembers where the counters stood; what came since is the difference. Entries that go with a link,
 * or because management said so, are none of a topology change's.
 */
import type { Digest } from "@l2lab/sim/Digest"
import { NEVER, type DurationNs, type SimTime } from "@l2lab/sim/SimTime"
import type { BridgeState } from "./BridgeState.ts"
import * as FilteringDatabase from "./FilteringDatabase.ts"

/** Topology changes of a tree that are remembered, the latest included. */
export const REMEMBERED = 16

/** What a topology change cost, from its coming to the next one, or until now. */
export interface ChangeCost {
  readonly at: SimTime
  /** The bridge port that it came by, -1 where none is to blame; why, as the control protocol numbers it. */
  readonly port: number
  readonly cause: number
  /** Times that a port's entries were forgotten at once. */
  readonly flushes: number
  /** Entries forgotten by that, or aged out because the ageing time was cut. */
  readonly forgotten: number
  /** Unknown unicast in all VLANs of the tree: frames flooded, and the octets that left the bridge by that. */
  readonly frames: number
  readonly octets: number
  /** When the last of them was flooded (all is learnt again, or nobody asks); absent: none was. */
  readonly floodedUntil?: SimTime
}

/**
 * Counters that only grow, and where they stood at the latest topology change: a row of numbers for each VLAN and each tree, in two arrays, since
 * a farm has thousands of bridges and each array is an object more to lay out.
 */
export interface Flooding {
  /** The ageing time where no topology change has cut it. */
  readonly ageing: DurationNs
  /** By VLAN index * PER_VLAN + FRAMES, … */
  readonly vlans: Float64Array
  /** By tree * PER_TREE + FLUSHES, … */
  readonly trees: Float64Array
  /** Flushes of ports that left their tree; null until one has. */
  loose: LooseFlushes | null
  /** By tree: the changes before the latest, at most REMEMBERED - 1, oldest first; absent: none. Each list is replaced whole. */
  readonly before: Array<ReadonlyArray<ChangeCost> | undefined>
}

/** A VLAN's row: frames flooded, the octets that left the bridge by that, when last, and the first two at the latest topology change. */
const FRAMES = 0
const OCTETS = 1
const LAST_AT = 2
const FRAMES_AT_CHANGE = 3
const OCTETS_AT_CHANGE = 4
const PER_VLAN = 5

/** A tree's row: times that a topology change had a port flushed, the entries that were forgotten by changes, both at the latest change; */
const FLUSHES = 0
const FORGOTTEN = 1
const FLUSHES_AT_CHANGE = 2
const FORGOTTEN_AT_CHANGE = 3
/** the topology changes, and the instant of the latest (NEVER: none yet), its port and its cause. */
const CHANGES = 4
const CHANGED_AT = 5
const PORT = 6
const CAUSE = 7
const PER_TREE = 8

/** By tree: flushes of ports that left it, in the instant `at`: those of a change that may come in the same instant. */
export interface LooseFlushes {
  readonly flushes: Float64Array
  readonly forgotten: Float64Array
  readonly at: Float64Array
}

const NONE: ReadonlyArray<ChangeCost> = []

/** Nothing counted. */
export const make = (vlans: number, trees: number, ageing: DurationNs): Flooding => {
  const rows = new Float64Array(trees * PER_TREE)
  for (let row = 0; row < rows.length; row += PER_TREE) {
    rows[row + CHANGED_AT] = NEVER
    rows[row + PORT] = -1
  }
  return { ageing, vlans: new Float64Array(vlans * PER_VLAN), trees: rows, loose: null, before: [] }
}

const makeLoose = (trees: number): LooseFlushes => ({
  flushes: new Float64Array(trees),
  forgotten: new Float64Array(trees),
  at: new Float64Array(trees).fill(NEVER),
})

const copyLoose = ({ at, flushes, forgotten }: LooseFlushes): LooseFlushes => ({
  flushes: flushes.slice(),
  forgotten: forgotten.slice(),
  at: at.slice(),
})

/** An independent copy. */
export const copy = (flooding: Flooding): Flooding => ({
  ageing: flooding.ageing,
  vlans: flooding.vlans.slice(),
  trees: flooding.trees.slice(),
  loose: flooding.loose === null ? null : copyLoose(flooding.loose),
  before: flooding.before.slice(),
})

/** A frame to an address that is not known was flooded: `octets` left the bridge by that. */
export const noteFrame = ({ vlans }: Flooding, vlan: number, octets: number, now: SimTime): void => {
  const row = vlan * PER_VLAN
  vlans[row + FRAMES]++
  vlans[row + OCTETS] += octets
  vlans[row + LAST_AT] = now
}

/** What a VLAN has flooded since the latest topology change of its tree. */
export const sinceChange = ({ vlans }: Flooding, vlan: number): { readonly frames: number; readonly octets: number } => {
  const row = vlan * PER_VLAN
  return {
    frames: vlans[row + FRAMES] - vlans[row + FRAMES_AT_CHANGE],
    octets: vlans[row + OCTETS] - vlans[row + OCTETS_AT_CHANGE],
  }
}

/** A topology change had a port of a tree flushed, which forgot so many entries. */
export const noteFlush = ({ flooding }: BridgeState, tree: number, forgotten: number): void => {
  flooding.trees[tree * PER_TREE + FLUSHES]++
  flooding.trees[tree * PER_TREE + FORGOTTEN] += forgotten
}

/** A port that left the tree was flushed. Whether a topology change has to do with it shows before the instant is over. */
export const noteLooseFlush = (state: BridgeState, tree: number, forgotten: number, now: SimTime): void => {
  const { flooding } = state
  if (flooding.trees[tree * PER_TREE + CHANGED_AT] === now) return noteFlush(state, tree, forgotten)
  const loose = (flooding.loose ??= makeLoose(state.trees))
  if (loose.at[tree] !== now) {
    loose.at[tree] = now
    loose.flushes[tree] = loose.forgotten[tree] = 0
  }
  loose.flushes[tree]++
  loose.forgotten[tree] += forgotten
}

/** Entries of a tree that are forgotten only because a topology change cut the ageing time. */
const agedEarly = ({ fdb, flooding: { ageing: usual } }: BridgeState, tree: number, now: SimTime): number => {
  const ageing = fdb.ageing[tree]
  if (fdb.used === 0 || ageing === 0 || (usual !== 0 && usual <= ageing)) return 0
  // What would live with the usual time is what lived with the present one so much earlier.
  const earlier = usual === 0 ? -Infinity : now - usual + ageing
  return FilteringDatabase.count(fdb, earlier, tree) - FilteringDatabase.count(fdb, now, tree)
}

/** Set a tree's ageing time, to another or to what it is: what it has made expire by now is counted. */
export const setAgeing = (state: BridgeState, tree: number, ageing: DurationNs, now: SimTime): void => {
  state.flooding.trees[tree * PER_TREE + FORGOTTEN] += agedEarly(state, tree, now)
  FilteringDatabase.setAgeing(state.fdb, tree, ageing, now)
}

/** A tree's topology changed: its cost is counted from here, and the change before it is done with. */
export const noteTopologyChange = (state: BridgeState, tree: number, port: number, cause: number, now: SimTime): void => {
  const { fdb, flooding, vlans } = state
  const { loose } = flooding
  if (fdb.ageing[tree] !== flooding.ageing) setAgeing(state, tree, fdb.ageing[tree], now)
  const row = tree * PER_TREE
  const { trees: rows, vlans: counts } = flooding
  if (rows[row + CHANGES] > 0) {
    flooding.before[tree] = [...(flooding.before[tree] ?? NONE).slice(2 - REMEMBERED), latest(state, tree, now)]
  }
  rows[row + CHANGES]++
  rows[row + CHANGED_AT] = now
  rows[row + PORT] = port
  rows[row + CAUSE] = cause
  rows[row + FLUSHES_AT_CHANGE] = rows[row + FLUSHES]
  rows[row + FORGOTTEN_AT_CHANGE] = rows[row + FORGOTTEN]
  if (loose !== null && loose.at[tree] === now) {
    rows[row + FLUSHES] += loose.flushes[tree]
    rows[row + FORGOTTEN] += loose.forgotten[tree]
    loose.at[tree] = NEVER
  }
  for (let i = vlans.treeStart[tree]; i < vlans.treeStart[tree + 1]; i++) {
    const at = vlans.byTree[i] * PER_VLAN
    counts[at + FRAMES_AT_CHANGE] = counts[at + FRAMES]
    counts[at + OCTETS_AT_CHANGE] = counts[at + OCTETS]
  }
}

/** What the latest change has cost until now. */
const latest = (state: BridgeState, tree: number, now: SimTime): ChangeCost => {
  const { flooding, vlans } = state
  let frames = 0
  let octets = 0
  let floodedUntil = 0
  for (let i = vlans.treeStart[tree]; i < vlans.treeStart[tree + 1]; i++) {
    const vlan = vlans.byTree[i]
    const since = sinceChange(flooding, vlan)
    if (since.frames === 0) continue
    frames += since.frames
    octets += since.octets
    floodedUntil = Math.max(floodedUntil, flooding.vlans[vlan * PER_VLAN + LAST_AT])
  }
  const row = tree * PER_TREE
  const { trees: rows } = flooding
  return {
    at: rows[row + CHANGED_AT],
    port: rows[row + PORT],
    cause: rows[row + CAUSE],
    flushes: rows[row + FLUSHES] - rows[row + FLUSHES_AT_CHANGE],
    forgotten: rows[row + FORGOTTEN] - rows[row + FORGOTTEN_AT_CHANGE] + agedEarly(state, tree, now),
    frames,
    octets,
    ...(frames > 0 && { floodedUntil }),
  }
}

/** What each topology change of a tree cost, oldest first: the latest REMEMBERED. */
export const ofChanges = (state: BridgeState, tree: number, now: SimTime): ReadonlyArray<ChangeCost> =>
  state.flooding.trees[tree * PER_TREE + CHANGES] === 0
    ? NONE
    : [...(state.flooding.before[tree] ?? NONE), latest(state, tree, now)]

/** What was counted. */
export interface Counts {
  /** Unknown-unicast frames flooded in the VLAN, and the octets that left the bridge by that. */
  readonly frames: number
  readonly octets: number
  /** Flushes of a port by topology changes of the VLAN's tree, and entries forgotten for them (of all VLANs of the tree). */
  readonly flushes: number
  readonly forgotten: number
}

/** One VLAN's flooding since the bridge was switched on, and since the latest topology change of its tree. */
export interface VlanFlooding extends Counts {
  readonly vlan: number
  readonly tree: number
  readonly topologyChanges: number
  /** Absent before the first change. */
  readonly sinceChange?: Counts & { readonly changedAt: SimTime }
}

/** Every VLAN of a bridge, in the order of their ids. */
export const ofVlans = (state: BridgeState, now: SimTime): ReadonlyArray<VlanFlooding> => {
  const { flooding, vlans } = state
  const early = Array.from({ length: state.trees }, (_, tree) => agedEarly(state, tree, now))
  const { trees: rows, vlans: floods } = flooding
  return Array.from(vlans.ids, (vlan, v) => {
    const tree = vlans.treeOf[v]
    const row = tree * PER_TREE
    const counts: Counts = {
      frames: floods[v * PER_VLAN + FRAMES],
      octets: floods[v * PER_VLAN + OCTETS],
      flushes: rows[row + FLUSHES],
      forgotten: rows[row + FORGOTTEN] + early[tree],
    }
    const changedAt = rows[row + CHANGED_AT]
    return {
      vlan,
      tree,
      ...counts,
      topologyChanges: rows[row + CHANGES],
      ...(changedAt !== NEVER && {
        sinceChange: {
          changedAt,
          ...sinceChange(flooding, v),
          flushes: counts.flushes - rows[row + FLUSHES_AT_CHANGE],
          forgotten: counts.forgotten - rows[row + FORGOTTEN_AT_CHANGE],
        },
      }),
    }
  })
}

/** One number of every row. */
const column = (rows: Float64Array, width: number, at: number): Float64Array => rows.filter((_, i) => i % width === at)

const sum = ({ flooding }: BridgeState, at: number): number =>
  column(flooding.vlans, PER_VLAN, at).reduce((total, value) => total + value, 0)

/** Unknown-unicast frames flooded in all VLANs. */
export const frames = (state: BridgeState): number => sum(state, FRAMES)

/** The octets that left the bridge by that. */
export const octets = (state: BridgeState): number => sum(state, OCTETS)

/** Fold what was counted into a digest. */
export const fingerprint = (state: BridgeState, digest: Digest): void => {
  digest.number(frames(state))
  digest.number(octets(state))
  for (const at of [FLUSHES, FORGOTTEN, CHANGES]) digest.numbers(column(state.flooding.trees, PER_TREE, at))
}
