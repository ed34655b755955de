/** Spanning trees of vPC peers: the secondary's own does not have the pair's vPCs, whose roles the primary told it. Reading changes nothing. */
import { FORWARDING, LEARNING } from "@l2lab/l2/BridgeState"
import * as PathCost from "@l2lab/stp/PathCost"
import type * as SpanningTree from "@l2lab/stp/SpanningTree"
import { pathCostMethodOf } from "@l2lab/stp/SpanningTree"
import * as Mlag from "@l2lab/vss/mlag/Query"
import { VPC_RATE } from "@l2lab/vss/mlag/Settings"
import * as Bridges from "./Bridges.ts"

/** A port that was never up has its cost from this rate. */
const UNKNOWN_RATE_BPS = 100_000_000

const stateOf = (bits: number, { kind }: SpanningTree.SpanningTree): SpanningTree.PortStateName => {
  if ((bits & FORWARDING) !== 0) return "forwarding"
  if ((bits & LEARNING) !== 0) return "learning"
  return kind === "stp1998" || kind === "pvst" ? "blocking" : "discarding"
}

/** The snapshot of a tree, with vPCs as the primary has them; that of any other switch as it is. */
export const withVpcs = (
  world: Bridges.Read,
  node: number,
  running: SpanningTree.SpanningTree,
  tree: number,
  snapshot: SpanningTree.TreeSnapshot,
): SpanningTree.TreeSnapshot => {
  const peer = Bridges.peerOf(world, node)
  if (peer === undefined) return snapshot
  const { portStates, ports: count } = peer.bridge
  const method = pathCostMethodOf(running)
  const ports = snapshot.ports.map((own): SpanningTree.PortSnapshot => {
    const role = Mlag.treeRoleOf(peer, tree, own.port)
    if (role === undefined) return own
    return {
      ...own,
      role,
      state: stateOf(portStates[tree * count + own.port], running),
      cost: own.cost === PathCost.ofRate(UNKNOWN_RATE_BPS, method) ? PathCost.ofRate(VPC_RATE, method) : own.cost,
      pointToPoint: true,
    }
  })
  return { ...snapshot, ports }
}

/** What a port is to a vPC pair: a vPC, whichever peer is asked, or its peer-link. */
export const nameOf = (world: Bridges.Read, node: number, port: number): "vPC" | "vPC peer-link" | undefined => {
  const peer = Bridges.peerOf(world, node)
  if (peer === undefined) return undefined
  if (port === peer.config.peerLink) return "vPC peer-link"
  return peer.vpcOfPort[port] < 0 ? undefined : "vPC"
}
