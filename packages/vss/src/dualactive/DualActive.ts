/**
 * Dual-active detection as a component that a chassis mounts beside VSLP, in the same manner. When the virtual switch link is lost the standby takes over, and
 * if the old active lives there are two. It learns so on another way, and makes way: by fast hellos or a BFD session on cables of their own, or from
 * PAgP neighbours, which name who is active. Nothing of it injects anything: it is told what VSLP is told, and hears frames.
 *
 * How a chassis uses it:
 *
 * - `make`, `timers`, `onBoot`, `onTimer`, `copy`, `fingerprint` as of VSLP. `config.ports` are the ports that detection has for itself; they are counted by
 *   their position there, in `onLink`, `onPdu` and in `send`. A chassis relays nothing on them, and keeps them up in recovery mode.
 * - `onPair` whenever VSLP has called `memberChanged`, `peerLost` or `roleChanged`: with whether any VSL link is usable, the role as it is then, and the peer's
 *   address (0 = unknown). In particular within `peerLost`, before the role changes: whether it was active when the VSL went is what decides who makes way.
 * - `onPagp` when a PAgP neighbour names another active chassis, or the same again (`othersActive` of `@l2lab/l2/pagp/Query` lists them); each active chassis calls itself by
 *   its own address there.
 * - `recovery(true)`: shut all ports but the VSL's, detection's, and the excluded ones, and call `Vslp.onRecovery`, after this call or within it.
 */
import * as Columns from "@l2lab/l2/Columns"
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import type { MacAddress } from "@l2lab/l2/MacAddress"
import type { LinkStatus, TimerId } from "@l2lab/sim/Device"
import type { Digest } from "@l2lab/sim/Digest"
import type { SimTime } from "@l2lab/sim/SimTime"
import type { Role } from "../ChassisPdu.ts"
import type { DualActiveActions } from "./Actions.ts"
import * as Agent from "./Agent.ts"
import type { DualActiveConfig } from "./Settings.ts"
import * as State from "./State.ts"

export type { State } from "./State.ts"

/** How many timers a chassis keeps for detection. */
export const timers = (_config: DualActiveConfig): number => 1

/** A chassis that has just been switched on; all its ports are down. */
export const make = (config: DualActiveConfig, _now: SimTime): State.State => State.make(config)

/** An independent copy. */
export const copy = (s: State.State): State.State => Columns.copy(s)

/** Fold all that distinguishes this state. */
export const fingerprint = (s: State.State, digest: Digest, now: SimTime): void =>
  Columns.fingerprint(s, digest, now, State.TIMES)

/** Begin: once after `make`. */
export const onBoot = (s: State.State, now: SimTime, actions: DualActiveActions): void => Agent.begin(s, now, actions)

/** A detection port came up or went down. */
export const onLink = (s: State.State, detection: number, { up }: LinkStatus, now: SimTime, actions: DualActiveActions): void => {
  s.up[detection] = up ? 1 : 0
  Agent.settle(s, now, actions)
}

/** A frame came in on a detection port. */
export const onPdu = (s: State.State, detection: number, frame: EthernetFrame, now: SimTime, actions: DualActiveActions): void =>
  Agent.receive(s, detection, frame, now, actions)

/** The timer has run out. */
export const onTimer = (s: State.State, _timer: TimerId, now: SimTime, actions: DualActiveActions): void =>
  Agent.proceed(s, now, actions)

/** VSLP has something new of the pair. */
export const onPair = (
  s: State.State,
  vslUp: boolean,
  role: Role,
  peerAddress: MacAddress,
  now: SimTime,
  actions: DualActiveActions,
): void => Agent.setPair(s, vslUp, role, peerAddress, now, actions)

/** Whether what a PAgP neighbour names as active (0 = nobody) says that there is another active chassis than the one that calls itself `own` (0 = it does not). */
export const isDualActive = (relayed: MacAddress, own: MacAddress): boolean => relayed !== 0 && own !== 0 && relayed !== own

/** What all PAgP neighbours name as active now; `own` is what this chassis calls itself. */
export const onPagp = (
  s: State.State,
  relayed: ReadonlyArray<MacAddress>,
  own: MacAddress,
  now: SimTime,
  actions: DualActiveActions,
): void => {
  if (s.config.pagp === false) return
  s.pagpOther = relayed.find((id) => isDualActive(id, own)) ?? 0
  Agent.settle(s, now, actions)
}
