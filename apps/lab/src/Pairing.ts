/** Whether pairs of switches have become what they will be: roles, vPCs that wait, members that are about to be bundled. Reading changes nothing. */
import type { BridgeState } from "@l2lab/l2/BridgeState"
import { EXPIRED } from "@l2lab/l2/lacp/Lacpdu"
import * as Lacp from "@l2lab/l2/lacp/Query"
import { NEVER, type SimTime } from "@l2lab/sim/SimTime"
import * as Chassis from "@l2lab/vss/chassis/ChassisState"
import * as Peer from "@l2lab/vss/mlag/Query"
import * as Bridges from "./Bridges.ts"

/** A chassis on its way to being active, hot standby, or alone. */
const FORMING: ReadonlySet<number> = new Set([Chassis.BOOTING, Chassis.STANDBY_COLD, Chassis.RELOADING])

/**
 * Whether LACP is about to take a link of a bridge into its bundle (`WAITING`), or asks who is at its other end (`EXPIRED`, three seconds at most): until then
 * the bundle has less to lose than it seems.
 */
const isBundling = (bridge: BridgeState, now: SimTime): boolean => {
  const lacp = Lacp.stateOf(bridge)
  if (lacp === undefined) return false
  return lacp.waitWhile.some((at) => at > now && at !== NEVER) || lacp.actorState.some((state) => (state & EXPIRED) !== 0)
}

const isChassisForming = (chassis: Chassis.ChassisState, now: SimTime): boolean =>
  FORMING.has(chassis.mode) || chassis.modulesAt !== NEVER || (chassis.mode === Chassis.ACTIVE && isBundling(chassis.bridge, now))

/** Whether any pair of a world is on its way. */
export const isForming = (world: Bridges.Read, now: SimTime): boolean =>
  world.kinds.some((kind, node) => {
    if (kind === "chassis") {
      const chassis = Bridges.chassisOf(world, node)
      return chassis !== undefined && isChassisForming(chassis, now)
    }
    const peer = kind === "mlag-peer" ? Bridges.peerOf(world, node) : undefined
    return peer !== undefined && (Peer.isForming(peer, now) || isBundling(peer.bridge, now))
  })
