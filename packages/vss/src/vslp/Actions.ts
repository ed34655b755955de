/** What VSLP has its chassis do. */
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import type { TimerId } from "@l2lab/sim/Device"
import type { SimTime } from "@l2lab/sim/SimTime"
import type { RedundancyMode, Role } from "./VslpPdu.ts"

/** Why a chassis boots anew, by number. */
export const RELOAD_REASONS = ["none", "both were active", "recovery is over", "preempted", "switchover"] as const
/** One of them. */
export type ReloadReason = (typeof RELOAD_REASONS)[number]

/** Everything VSLP can do. Valid only during the call that it is passed to. */
export interface VslpActions {
  /** Send a frame on a VSL link in the egress's control class, untagged. */
  send(vslLink: number, frame: EthernetFrame): void
  /** Timers of VSLP's own range: 0 .. `timers` - 1. */
  startTimer(id: TimerId, at: SimTime): void
  stopTimer(id: TimerId): void
  /** From now on a VSL link carries all that chassis send each other, or nothing but VSLP. */
  memberChanged(vslLink: number, usable: boolean): void
  /**
   * The chassis is something else, its peer is, or they stand otherwise to each other. `peerRole` is what the peer said last, `init` if it said nothing since
   * it was lost. `mode` is how the standby of the two stands by: in `rpr` its modules but those of the VSL are down.
   */
  roleChanged(role: Role, peerRole: Role, mode: RedundancyMode): void
  /** No VSL link leads to the peer any more: all of its is gone. Where that changes the role, `roleChanged` follows in the same call. */
  peerLost(): void
  /** Boot anew, as power off and on would. VSLP does nothing more in this call; the chassis may finish it as it likes, before it drops its state. */
  reload(why: ReloadReason): void
  /** A 32-bit unsigned number from the device's random stream. */
  random(): number
  /** As `Outbox.trace` and `Outbox.detail` of `@l2lab/sim/Device`. */
  trace(code: number, a: number, b: number, c: number, d: number): void
  detail(code: number, a: number, b: number, c: number, d: number): void
  readonly tracing: boolean
}
