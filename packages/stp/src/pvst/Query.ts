/**
 * Answers about running PVST+ or Rapid PVST+, VLAN by VLAN: what the machines of the VLAN's tree answer, and which of its ports are inconsistent. Plain
 * values; the state is never changed.
 */
import type { VlanId } from "@l2lab/l2/BridgeConfig"
import type { DurationNs, SimTime } from "@l2lab/sim/SimTime"
import * as Inconsistency from "../Inconsistency.ts"
import * as Query2004 from "../rstp2004/Query.ts"
import type { State as State2004 } from "../rstp2004/State.ts"
import * as Query1998 from "../stp1998/Query.ts"
import type { State as State1998 } from "../stp1998/State.ts"
import { SYSTEM_ID_MASK } from "./Settings.ts"
import * as State from "./State.ts"

/** PVST+ (`pvst`) or Rapid PVST+. */
export type PvstState = State.State

/** What a VLAN adds to the answers about its tree. */
export interface OfVlan {
  readonly vlan: VlanId
  /** The bridge priority without the VLAN: 0..61440. */
  readonly priority: number
  /** The extended system id: the VLAN. */
  readonly systemId: number
}

/** What a VLAN adds to the answers about a port in its tree. */
export interface OfVlanPort {
  /** The port carries the VLAN. Ports that do not are left out of `ports`. */
  readonly encapsulation: "ieee" | "sstp" | "ieee+sstp"
  /** Why the port is kept blocked; empty for a consistent one. */
  readonly inconsistencies: ReadonlyArray<Inconsistency.Name>
  readonly sstpSent: number
  readonly sstpReceived: number
}

type With<Snapshot extends { readonly ports: ReadonlyArray<unknown> }> = Omit<Snapshot, "ports"> &
  OfVlan & { readonly ports: ReadonlyArray<Snapshot["ports"][number] & OfVlanPort> }

/** Everything about a VLAN's tree on one bridge, by the machines that run it. */
export type VlanSnapshot =
  | ({ readonly protocol: "pvst" } & With<Query1998.TreeSnapshot>)
  | ({ readonly protocol: "rapid-pvst" } & With<Query2004.TreeSnapshot>)

const ENCAPSULATIONS = { 1: "ieee", 2: "sstp", 3: "ieee+sstp" } as const

/** Whether a bridge runs Rapid PVST+. */
export const isRapid = (state: PvstState): state is State.State<State2004> => state.isRapid === 1

/** VLANs that have a tree, sorted. */
export const vlans = (state: PvstState): ReadonlyArray<VlanId> => Array.from(state.vlanOfTree)

/** VLANs beyond the platform's limit, sorted: their ports forward without a tree. */
export const vlansWithoutTree = (state: PvstState): ReadonlyArray<VlanId> => {
  const list: Array<VlanId> = []
  for (const [vlan, tree] of state.treeOfVlan.entries()) if (tree !== State.NO_TREE && tree >= state.instances) list.push(vlan)
  return list
}

/** The tree of a VLAN; undefined if it does not exist on the bridge, or runs without one. */
export const treeOf = (state: PvstState, vlan: VlanId): number | undefined => {
  const tree = state.treeOfVlan[vlan]
  return tree === undefined || tree >= state.instances ? undefined : tree
}

/** Everything about a VLAN's tree, with timers as of `now`; undefined if the VLAN has none here. */
export const snapshot = (state: PvstState, vlan: VlanId, now: SimTime): VlanSnapshot | undefined => {
  const tree = treeOf(state, vlan)
  if (tree === undefined) return undefined
  if (isRapid(state)) {
    const of = Query2004.snapshot(state.machines, tree)
    return { protocol: "rapid-pvst", ...of, ...ofVlan(of.bridge.priority), ports: ofVlanPorts(state, tree, of.ports) }
  }
  const of = Query1998.snapshot(state.machines as State1998, tree, now)
  return { protocol: "pvst", ...of, ...ofVlan(of.bridge.priority), ports: ofVlanPorts(state, tree, of.ports) }
}

const ofVlan = (priority: number): OfVlan => ({
  vlan: priority & SYSTEM_ID_MASK,
  priority: priority & ~SYSTEM_ID_MASK,
  systemId: priority & SYSTEM_ID_MASK,
})

const ofVlanPorts = <Port extends { readonly port: number }>(
  state: PvstState,
  tree: number,
  ports: ReadonlyArray<Port>,
): ReadonlyArray<Port & OfVlanPort> =>
  ports.flatMap((port) => {
    const i = tree * state.ports + port.port
    const encapsulation = ENCAPSULATIONS[state.encapsulation[i] as keyof typeof ENCAPSULATIONS]
    if (encapsulation === undefined) return []
    const own: OfVlanPort = {
      encapsulation,
      inconsistencies: Inconsistency.names(state.machines.inconsistent[i]),
      sstpSent: state.sstpSent[i],
      sstpReceived: state.sstpReceived[i],
    }
    return [{ ...port, ...own }]
  })

/** A port that is kept blocked in a VLAN. */
export interface InconsistentPort {
  readonly vlan: VlanId
  /** Bridge port, from 0. */
  readonly port: number
  readonly inconsistencies: ReadonlyArray<Inconsistency.Name>
}

/** All of them, by VLAN and port. */
export const inconsistentPorts = (state: PvstState): ReadonlyArray<InconsistentPort> => {
  const list: Array<InconsistentPort> = []
  for (const [i, bits] of state.machines.inconsistent.entries()) {
    if (bits === Inconsistency.CONSISTENT) continue
    const vlan = state.vlanOfTree[Math.floor(i / state.ports)]
    list.push({ vlan, port: i % state.ports, inconsistencies: Inconsistency.names(bits) })
  }
  return list
}

/** The instant at which a role, a port state, or a vector of a tree last changed on this bridge. */
export const lastChangeAt = (state: PvstState, tree: number): SimTime => state.machines.lastChangeAt[tree]

/** Whether a topology change is under way in a tree. Part of the word "settled". */
export const isTopologyChanging = (state: PvstState, tree: number): boolean =>
  isRapid(state)
    ? Query2004.isTopologyChanging(state.machines, tree)
    : Query1998.isTopologyChanging(state.machines as State1998, tree)

/** For how long nothing may have changed before a tree counts as settled. */
export const settlingTime = (state: PvstState, tree: number): DurationNs =>
  isRapid(state) ? Query2004.settlingTime(state.machines, tree) : Query1998.settlingTime(state.machines as State1998, tree)

/** BPDUs that the bridge's trees have sent on all ports. VLAN 1's on a trunk are two frames and count once. */
export const bpdusSent = (state: PvstState): number =>
  isRapid(state) ? Query2004.bpdusSent(state.machines) : Query1998.bpdusSent(state.machines as State1998)
