/**
 * What a bridge floods because it does not know where a unicast destination lies, by VLAN, and what of that came after the latest topology
 * change of the VLAN's tree: a change's cost. Beside it what topology changes had the filtering database forget.
 *
 * The relay adds, `noteTopologyChange` remembers where the counters stood; what came since is the difference.
 */
import { NEVER, type SimTime } from "@l2lab/sim/SimTime"
import type { BridgeState } from "./BridgeState.ts"

/** Counters that only grow, and where they stood at the latest topology change. */
export interface Flooding {
  /** By VLAN index: frames flooded, and the octets that left the bridge by that. */
  readonly frames: Float64Array
  readonly octets: Float64Array
  readonly framesAtChange: Float64Array
  readonly octetsAtChange: Float64Array
  /** By tree: times that a port was flushed, and the entries that were forgotten by that. */
  readonly flushes: Float64Array
  readonly forgotten: Float64Array
  readonly flushesAtChange: Float64Array
  readonly forgottenAtChange: Float64Array
  /** By tree: topology changes, and the instant of the latest (NEVER: none yet). */
  readonly changes: Float64Array
  readonly changedAt: Float64Array
}

/** Nothing counted. */
export const make = (vlans: number, trees: number): Flooding => ({
  frames: new Float64Array(vlans),
  octets: new Float64Array(vlans),
  framesAtChange: new Float64Array(vlans),
  octetsAtChange: new Float64Array(vlans),
  flushes: new Float64Array(trees),
  forgotten: new Float64Array(trees),
  flushesAtChange: new Float64Array(trees),
  forgottenAtChange: new Float64Array(trees),
  changes: new Float64Array(trees),
  changedAt: new Float64Array(trees).fill(NEVER),
})

/** An independent copy. */
export const copy = (flooding: Flooding): Flooding => ({
  frames: flooding.frames.slice(),
  octets: flooding.octets.slice(),
  framesAtChange: flooding.framesAtChange.slice(),
  octetsAtChange: flooding.octetsAtChange.slice(),
  flushes: flooding.flushes.slice(),
  forgotten: flooding.forgotten.slice(),
  flushesAtChange: flooding.flushesAtChange.slice(),
  forgottenAtChange: flooding.forgottenAtChange.slice(),
  changes: flooding.changes.slice(),
  changedAt: flooding.changedAt.slice(),
})

/** A tree's topology changed: its cost is counted from here. */
export const noteTopologyChange = (state: BridgeState, tree: number, now: SimTime): void => {
  const { flooding, vlans } = state
  flooding.changes[tree]++
  flooding.changedAt[tree] = now
  flooding.flushesAtChange[tree] = flooding.flushes[tree]
  flooding.forgottenAtChange[tree] = flooding.forgotten[tree]
  for (let i = vlans.treeStart[tree]; i < vlans.treeStart[tree + 1]; i++) {
    const vlan = vlans.byTree[i]
    flooding.framesAtChange[vlan] = flooding.frames[vlan]
    flooding.octetsAtChange[vlan] = flooding.octets[vlan]
  }
}

/** What was counted. */
export interface Counts {
  /** Unknown-unicast frames flooded in the VLAN, and the octets that left the bridge by that. */
  readonly frames: number
  readonly octets: number
  /** Flushes of a port in the VLAN's tree, and entries forgotten by them (of all VLANs of the tree). */
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
export const ofVlans = (state: BridgeState): ReadonlyArray<VlanFlooding> => {
  const { flooding, vlans } = state
  return Array.from(vlans.ids, (vlan, v) => {
    const tree = vlans.treeOf[v]
    const counts: Counts = {
      frames: flooding.frames[v],
      octets: flooding.octets[v],
      flushes: flooding.flushes[tree],
      forgotten: flooding.forgotten[tree],
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
