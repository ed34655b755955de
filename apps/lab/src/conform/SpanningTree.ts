/** The spanning tree that a bridge of a record runs, whichever it is: the same questions to 802.1D-1998 and to 802.1D-2004. */
import type { BridgeState } from "@l2lab/l2/BridgeState"
import type { DurationNs, SimTime } from "@l2lab/sim/SimTime"
import { Rstp2004 } from "@l2lab/stp/rstp2004/Entity"
import * as Query2004 from "@l2lab/stp/rstp2004/Query"
import type { State as State2004 } from "@l2lab/stp/rstp2004/State"
import * as Query1998 from "@l2lab/stp/stp1998/Query"
import type { State as State1998 } from "@l2lab/stp/stp1998/State"

/** The state of a bridge's spanning tree, with the name of the protocol that it belongs to. */
export type SpanningTree =
  | { readonly kind: "stp1998"; readonly state: State1998 }
  | { readonly kind: "rstp2004"; readonly state: State2004 }

/** What both snapshots have in common. */
export type TreeSnapshot = Query1998.TreeSnapshot | Query2004.TreeSnapshot

/** The spanning tree of a bridge that runs one protocol. */
export const of = (bridge: BridgeState): SpanningTree => {
  const [protocol] = bridge.protocols
  return bridge.config.protocols[0].kind === Rstp2004.kind
    ? { kind: "rstp2004", state: protocol as State2004 }
    : { kind: "stp1998", state: protocol as State1998 }
}

/** Everything about the tree. */
export const snapshot = (tree: SpanningTree, now: SimTime): TreeSnapshot =>
  tree.kind === "rstp2004" ? Query2004.snapshot(tree.state, 0) : Query1998.snapshot(tree.state, 0, now)

/** The instant at which a role, a port state, or a vector last changed on the bridge. */
export const lastChangeAt = (tree: SpanningTree): SimTime =>
  tree.kind === "rstp2004" ? Query2004.lastChangeAt(tree.state, 0) : Query1998.lastChangeAt(tree.state, 0)

/** For how long nothing may have changed before the tree counts as settled. */
export const settlingTime = (tree: SpanningTree): DurationNs =>
  tree.kind === "rstp2004" ? Query2004.settlingTime(tree.state, 0) : Query1998.settlingTime(tree.state, 0)

/** Whether a topology change is under way. */
export const isTopologyChanging = (tree: SpanningTree): boolean =>
  tree.kind === "rstp2004" ? Query2004.isTopologyChanging(tree.state, 0) : Query1998.isTopologyChanging(tree.state, 0)

/** BPDUs that the bridge has sent on all ports. */
export const bpdusSent = (tree: SpanningTree): number =>
  tree.kind === "rstp2004" ? Query2004.bpdusSent(tree.state) : Query1998.bpdusSent(tree.state)
