/**
 * VSLP as a component that a chassis mounts, in the manner of a control protocol: the chassis holds its state, hands it what happens on its VSL links,
 * and does what it asks for. Two chassis that are one switch agree through it which of them is active.
 *
 * How a chassis uses it:
 *
 * - `make(config, now)` when the chassis is made; `timers(config)` timers of the chassis' range are VSLP's, and `onTimer` gets them by their number there.
 * - `onBoot` once after `make`, before any link is reported. The role is `init` then: a chassis forwards nothing before `roleChanged`.
 * - `onLink` whenever a link port of the VSL goes up or down; `vslLink` counts the VSL's links from 0, `config.links` are their link ports.
 * - `onPdu` with each frame on a VSL link that is not the chassis' own (data and messages between chassis): VSLP's PDUs (`claims`), and whatever anybody else
 *   sends, which is how a link to no chassis is known.
 * - `memberChanged` says which VSL links may carry the chassis' own frames. On links that are not usable it sends nothing but what `send` gives it, and drops its
 *   own frames that come in.
 * - `roleChanged("active", ...)`: run the control plane; `("standby", "active", "sso")`: take checkpoints, and call `onSynchronized` when they are complete (the
 *   standby is hot from then on); `("standby", ..., "rpr")`: all ports but the VSL's down; `("recovery", ...)`: see `../dualactive/DualActive`. It comes
 *   again when only the peer's role or the mode changed.
 * - `peerLost` (after the last `memberChanged`): the peer's ports are gone. A standby hears `roleChanged("active", "init", ...)` in the same call: it takes over.
 * - `reload`: boot anew.
 * - `onRecovery` when dual-active detection says that this chassis is the old active; `onSwitchover` when management wants the standby to take over.
 */
import * as Columns from "@l2lab/l2/Columns"
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import type { LinkStatus, TimerId } from "@l2lab/sim/Device"
import type { Digest } from "@l2lab/sim/Digest"
import type { SimTime } from "@l2lab/sim/SimTime"
import type { VslpActions } from "./Actions.ts"
import * as Agent from "./Agent.ts"
import { peerStandbyOf, roleOf } from "./RoleResolution.ts"
import type { VslpConfig } from "./Settings.ts"
import * as State from "./State.ts"

export { peerRoleOf, roleOf } from "./RoleResolution.ts"
export type { State } from "./State.ts"

/** How many timers a chassis keeps for VSLP. */
export const timers = (_config: VslpConfig): number => 1

/** A chassis that has just been switched on; all its links are down. */
export const make = (config: VslpConfig, _now: SimTime): State.State => State.make(config)

/** An independent copy. */
export const copy = (s: State.State): State.State => Columns.copy(s)

/** Fold all that distinguishes this state. */
export const fingerprint = (s: State.State, digest: Digest, now: SimTime): void =>
  Columns.fingerprint(s, digest, now, State.TIMES)

/** Whether a frame is VSLP's, as far as one can see without reading it. */
export const claims = (frame: EthernetFrame): boolean => Agent.claims(frame)

/** Begin: once after `make`. */
export const onBoot = (s: State.State, now: SimTime, actions: VslpActions): void => Agent.begin(s, now, actions)

/** A VSL link came up or went down. */
export const onLink = (s: State.State, vslLink: number, { up }: LinkStatus, now: SimTime, actions: VslpActions): void => {
  s.up[vslLink] = up ? 1 : 0
  Agent.settle(s, now, actions)
}

/** A frame that is not the chassis' own came in on a VSL link. */
export const onPdu = (s: State.State, vslLink: number, frame: EthernetFrame, now: SimTime, actions: VslpActions): void =>
  Agent.receive(s, vslLink, frame, now, actions)

/** The timer has run out. */
export const onTimer = (s: State.State, _timer: TimerId, now: SimTime, actions: VslpActions): void =>
  Agent.proceed(s, now, actions)

/** The standby has all that it needs to take over without a loss. Nothing comes of it on a chassis that is no standby, or in RPR. */
export const onSynchronized = (s: State.State, now: SimTime, actions: VslpActions): void => {
  s.synchronized = 1
  Agent.settle(s, now, actions)
}

/** Both chassis are active, and this one was before the VSL was lost: it waits in recovery mode for the VSL, then boots anew. */
export const onRecovery = (s: State.State, now: SimTime, actions: VslpActions): void => {
  if (roleOf(s) !== "active") return
  s.recoveryOrdered = 1
  Agent.settle(s, now, actions)
}

/** `redundancy force-switchover`: the active boots anew, its standby takes over. False, and nothing happens, where there is no hot standby. */
export const onSwitchover = (s: State.State, now: SimTime, actions: VslpActions): boolean => {
  if (roleOf(s) !== "active" || peerStandbyOf(s) !== "hot") return false
  s.switchoverOrdered = 1
  Agent.settle(s, now, actions)
  return true
}
