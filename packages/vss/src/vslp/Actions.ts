/** What VSLP has its chassis do. */
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import type { TimerId } from "@l2lab/sim/Device"
import type { SimTime } from "@l2lab/sim/SimTime"
import type { RedundancyMode, Role } from "./VslpPdu.ts"

/** Why a chassis boots anew, by number. */
export const RELOAD_REASONS = ["both active", "recovery over", "preempted"] as const
export type ReloadReason = (typeof RELOAD_REASONS)[number]

/** Everything VSLP can do. Valid only during the call that it is passed to. */
export interface VslpActions {
  /** Send a frame on a VSL link in the egress's control class, untagged. */
  send(vslLink: number, frame: EthernetFrame): void
  /** Timers of VSLP's own range: 0 .. `timers` - 1. */
  startTimer(id: TimerId, at: SimTime): void
  stopTimer(id: TimerId): void
  /** From the end of this call on a VSL link carries all that chassis send each other, or nothing but VSLP. */
  memberChanged(vslLink: number, usable: boolean): void
  /**
   * The chassis is something else from now on; `peerRole` is what it knows of the other, `init` if there is none. `mode` is how a standby stands by
   * (of an active chassis: how its standby does): in `rpr` its modules but those of the VSL are down.
   */
  roleChanged(role: Role, peerRole: Role, mode: RedundancyMode): void
  /** No VSL link is left, or the peer says it has booted anew: everything of the peer is gone. A new role follows in the same call where there is one. */
  peerLost(): void
  /** Boot anew: the chassis drops its whole state, as in power off and on. It does so at the end of this call. */
  reload(why: ReloadReason): void
  /** A 32-bit unsigned number from the device's random stream. */
  random(): number
  trace(code: number, a: number, b: number, c: number, d: number): void
  detail(code: number, a: number, b: number, c: number, d: number): void
  readonly tracing: boolean
}
