/** Whether pairs of switches have become what they will be. Reading changes nothing. */
import type { SimTime } from "@l2lab/sim/SimTime"
import * as Chassis from "@l2lab/vss/chassis/ChassisState"
import * as Peer from "@l2lab/vss/mlag/Query"
import * as Bridges from "./Bridges.ts"

/** A chassis on its way to being active, hot standby, or alone. */
const FORMING: ReadonlySet<number> = new Set([Chassis.BOOTING, Chassis.STANDBY_COLD, Chassis.RELOADING])

const isChassisForming = (chassis: Chassis.ChassisState): boolean => FORMING.has(chassis.mode)

/** Whether any pair of a world is on its way. */
export const isForming = (world: Bridges.Read, now: SimTime): boolean =>
  world.kinds.some((kind, node) => {
    if (kind === "chassis") {
      const chassis = Bridges.chassisOf(world, node)
      return chassis !== undefined && isChassisForming(chassis)
    }
    const peer = kind === "mlag-peer" ? Bridges.peerOf(world, node) : undefined
    return peer !== undefined && Peer.isForming(peer, now)
  })
