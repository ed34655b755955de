/**
 * What a bridge floods because it does not know where a unicast destination lies, by VLAN; and what each topology change of a tree cost: the
 * entries that it had the filtering database forget, and what was flooded from then on.
 *
 * The relay adds, `noteTopologyChange` remembers where the counters stood; what came since is the difference. Entries that go with a link,
 * or because management said so, are none of a topology change's.
 */
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

/** Counters that only grow, and where they stood at the latest topology change. */
export interface Flooding {
  /** The ageing time where no topology change has cut it. */
  readonly ageing: DurationNs
  /** By VLAN index: frames flooded, the octets that left the bridge by that, and when last. */
  readonly frames: Float64Array
  readonly octets: Float64Array
  readonly lastAt: Float64Array
  readonly framesAtChange: Float64Array
  readonly octetsAtChange: Float64Array
  /** By tree: times that a topology change had a port flushed, and the entries that were forgotten by changes. */
  readonly flushes: Float64Array
  readonly forgotten: Float64Array
  readonly flushesAtChange: Float64Array
  readonly forgottenAtChange: Float64Array
  /** Flushes of ports that left their tree; null until one has. */
  loose: LooseFlushes | null
  /** By tree: topology changes, and the instant of the latest (NEVER: none yet), its port and cause. */
  readonly changes: Float64Array
  readonly changedAt: Float64Array
  readonly port: Int32Array
  readonly cause: Uint8Array
  /** By tree: the changes before the latest, at most REMEMBERED - 1, oldest first; absent: none. Each list is replaced whole. */
  readonly before: Array<ReadonlyArray<ChangeCost> | undefined>
}

/** By tree: flushes of ports that left it, in the instant `at`: those of a change that may come in the same instant. */
export interface LooseFlushes {
  readonly flushes: Float64Array
  readonly forgotten: Float64Array
  readonly at: Float64Array
}

const NONE: ReadonlyArray<ChangeCost> = []

/** Nothing counted. */
export const make = (vlans: number, trees: number, ageing: DurationNs): Flooding => ({
  ageing,
  frames: new Float64Array(vlans),
  octets: new Float64Array(vlans),
  lastAt: new Float64Array(vlans),
  framesAtChange: new Float64Array(vlans),
  octetsAtChange: new Float64Array(vlans),
  flushes: new Float64Array(trees),
  forgotten: new Float64Array(trees),
  flushesAtChange: new Float64Array(trees),
  forgottenAtChange: new Float64Array(trees),
  loose: null,
  changes: new Float64Array(trees),
  changedAt: new Float64Array(trees).fill(NEVER),
  port: new Int32Array(trees).fill(-1),
  cause: new Uint8Array(trees),
  before: [],
})

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
  frames: flooding.frames.slice(),
  octets: flooding.octets.slice(),
  lastAt: flooding.lastAt.slice(),
  framesAtChange: flooding.framesAtChange.slice(),
  octetsAtChange: flooding.octetsAtChange.slice(),
  flushes: flooding.flushes.slice(),
  forgotten: flooding.forgotten.slice(),
  flushesAtChange: flooding.flushesAtChange.slice(),
  forgottenAtChange: flooding.forgottenAtChange.slice(),
  loose: flooding.loose === null ? null : copyLoose(flooding.loose),
  changes: flooding.changes.slice(),
  changedAt: flooding.changedAt.slice(),
  port: flooding.port.slice(),
  cause: flooding.cause.slice(),
  before: flooding.before.slice(),
})

/** A topology change had a port of a tree flushed, which forgot so many entries. */
export const noteFlush = ({ flooding }: BridgeState, tree: number, forgotten: number): void => {
  flooding.flushes[tree]++
  flooding.forgotten[tree] += forgotten
}

/** A port that left the tree was flushed. Whether a topology change has to do with it shows before the instant is over. */
export const noteLooseFlush = (state: BridgeState, tree: number, forgotten: number, now: SimTime): void => {
  const { flooding } = state
  if (flooding.changedAt[tree] === now) return noteFlush(state, tree, forgotten)
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
  state.flooding.forgotten[tree] += agedEarly(state, tree, now)
  FilteringDatabase.setAgeing(state.fdb, tree, ageing, now)
}

/** A tree's topology changed: its cost is counted from here, and the change before it is done with. */
export const noteTopologyChange = (state: BridgeState, tree: number, port: number, cause: number, now: SimTime): void => {
  const { fdb, flooding, vlans } = state
  const { loose } = flooding
  if (fdb.ageing[tree] !== flooding.ageing) setAgeing(state, tree, fdb.ageing[tree], now)
  if (flooding.changes[tree] > 0) {
    flooding.before[tree] = [...(flooding.before[tree] ?? NONE).slice(2 - REMEMBERED), latest(state, tree, now)]
  }
  flooding.changes[tree]++
  flooding.changedAt[tree] = now
  flooding.port[tree] = port
  flooding.cause[tree] = cause
  flooding.flushesAtChange[tree] = flooding.flushes[tree]
  flooding.forgottenAtChange[tree] = flooding.forgotten[tree]
  if (loose !== null && loose.at[tree] === now) {
    flooding.flushes[tree] += loose.flushes[tree]
    flooding.forgotten[tree] += loose.forgotten[tree]
    loose.at[tree] = NEVER
  }
  for (let i = vlans.treeStart[tree]; i < vlans.treeStart[tree + 1]; i++) {
    const vlan = vlans.byTree[i]
    flooding.framesAtChange[vlan] = flooding.frames[vlan]
    flooding.octetsAtChange[vlan] = flooding.octets[vlan]
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
    const since = flooding.frames[vlan] - flooding.framesAtChange[vlan]
    if (since === 0) continue
    frames += since
    octets += flooding.octets[vlan] - flooding.octetsAtChange[vlan]
    floodedUntil = Math.max(floodedUntil, flooding.lastAt[vlan])
  }
  return {
    at: flooding.changedAt[tree],
    port: flooding.port[tree],
    cause: flooding.cause[tree],
    flushes: flooding.flushes[tree] - flooding.flushesAtChange[tree],
    forgotten: flooding.forgotten[tree] - flooding.forgottenAtChange[tree] + agedEarly(state, tree, now),
    frames,
    octets,
    ...(frames > 0 && { floodedUntil }),
  }
}

/** What each topology change of a tree cost, oldest first: the latest REMEMBERED. */
export const ofChanges = (state: BridgeState, tree: number, now: SimTime): ReadonlyArray<ChangeCost> =>
  state.flooding.changes[tree] === 0 ? NONE : [...(state.flooding.before[tree] ?? NONE), latest(state, tree, now)]

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
  const early = Array.from(flooding.changes, (_, tree) => agedEarly(state, tree, now))
  return Array.from(vlans.ids, (vlan, v) => {
    const tree = vlans.treeOf[v]
    const counts: Counts = {
      frames: flooding.frames[v],
      octets: flooding.octets[v],
      flushes: flooding.flushes[tree],
      forgotten: flooding.forgotten[tree] + early[tree],
    }
    const changedAt = flooding.changedAt[tree]
    return {
      vlan,
      tree,
      ...counts,
      topologyChanges: flooding.changes[tree],
      ...(changedAt !== NEVER && {
        sinceChange: {
          changedAt,
          frames: counts.frames - flooding.framesAtChange[v],
          octets: counts.octets - flooding.octetsAtChange[v],
          flushes: counts.flushes - flooding.flushesAtChange[tree],
          forgotten: counts.forgotten - flooding.forgottenAtChange[tree],
        },
      }),
    }
  })
}

const sum = (column: Float64Array): number => column.reduce((total, value) => total + value, 0)

/** Unknown-unicast frames flooded in all VLANs. */
export const frames = (state: BridgeState): number => sum(state.flooding.frames)

/** The octets that left the bridge by that. */
export const octets = (state: BridgeState): number => sum(state.flooding.octets)
