/**
 * Keepalives, and what the secondary concludes from them once it has lost the peer-link. It ignores them for the hold-timeout; if it hears one within the
 * timeout that follows, the primary lives, and its own legs go down; if not, the primary is dead, and it takes its place (Cisco's "Nexus vPC basic behaviour", community document 3942350).
 * As long as the peer-link is there, a lost keepalive is a line in the log.
 */
import * as Channel from "./Channel.ts"
import * as Legs from "./Legs.ts"
import type { MlagActions } from "./MlagActions.ts"
import * as MlagPdu from "./MlagPdu.ts"
import * as Role from "./Role.ts"
import { DEFAULT_AUTO_RECOVERY, DEFAULT_HOLD_TIMEOUT, DEFAULT_KEEPALIVE_INTERVAL, DEFAULT_KEEPALIVE_TIMEOUT } from "./Settings.ts"
import {
  ALIVE_SINCE,
  DUAL_ACTIVE,
  HEARD_AT,
  HOLDING,
  LISTENING,
  NONE,
  PEER_LINK_DOWN,
  PRIMARY,
  SECONDARY,
  type State,
} from "./State.ts"
import * as Trace from "./Trace.ts"

/** Intervals between BPDUs of a port. */
const HELLO_TIME = 2

/** Send one. */
export const speak = (s: State, actions: MlagActions): void => {
  s.keepalivesSent++
  const count = s.keepalivesSent % 2 ** 32
  actions.sendKeepalive({ ...Channel.senderOf(s), kind: "keepalive", role: MlagPdu.ROLES[s.role], count })
}

/**
 * With peer-switch both peers are one bridge, and a secondary that has lost the primary goes on saying what that one said last, every hello time, until it knows
 * more: nobody takes the bridge for dead.
 */
const speakForBoth = (s: State, actions: MlagActions): void => {
  if (s.dual !== HOLDING && s.dual !== LISTENING) return
  if (s.keepalivesSent % HELLO_TIME !== 0) return
  for (const { frame, tci, v } of s.bpdus.values()) actions.emit(s.portOfVpc[v], frame, tci)
}

/** An interval has passed. */
export const tick = (s: State, actions: MlagActions): void => {
  speak(s, actions)
  speakForBoth(s, actions)
  actions.startTimer("keepalive", actions.now + (s.config.keepaliveIntervalNs ?? DEFAULT_KEEPALIVE_INTERVAL))
}

/** The secondary hears a primary that it has no peer-link to. */
const goDown = (s: State, actions: MlagActions): void => {
  s.dual = DUAL_ACTIVE
  actions.stopTimer("listen")
  const orphans = Legs.setOrphans(s, false, actions)
  actions.trace(Trace.DUAL_ACTIVE.code, s.reasons.length, orphans, 0, 0)
  Legs.replaceReasons(s, 0, PEER_LINK_DOWN, actions)
}

/** One came in. */
export const hear = (s: State, actions: MlagActions): void => {
  s.keepalivesHeard++
  s.times[HEARD_AT] = actions.now
  s.everAlive = 1
  actions.startTimer("keepaliveLost", actions.now + (s.config.keepaliveTimeoutNs ?? DEFAULT_KEEPALIVE_TIMEOUT))
  if (s.alive === 0) {
    s.alive = 1
    s.times[ALIVE_SINCE] = actions.now
    actions.trace(Trace.KEEPALIVE.code, 1, s.config.domain, 0, 0)
  }
  if (s.dual === LISTENING) goDown(s, actions)
}

/** None has come for the timeout. */
export const lose = (s: State, actions: MlagActions): void => {
  s.alive = 0
  actions.trace(Trace.KEEPALIVE.code, 0, s.config.domain, 0, 0)
  // The primary dies behind a lost peer-link, or so it seems.
  if (s.dual === DUAL_ACTIVE && s.config.autoRecovery !== false) recover(s, actions)
}

/** The peer-link was lost: the secondary waits before it concludes anything. */
export const hold = (s: State, actions: MlagActions): void => {
  if (s.role !== SECONDARY) return
  s.dual = HOLDING
  actions.startTimer("hold", actions.now + (s.config.holdTimeoutNs ?? DEFAULT_HOLD_TIMEOUT))
}

/** The hold-timeout is over. */
export const listen = (s: State, actions: MlagActions): void => {
  s.dual = LISTENING
  actions.startTimer("listen", actions.now + (s.config.keepaliveTimeoutNs ?? DEFAULT_KEEPALIVE_TIMEOUT))
}

/** The timeout is over too: the primary is dead. */
export const conclude = (s: State, actions: MlagActions): void => Role.takeOver(s, actions)

const recover = (s: State, actions: MlagActions): void => {
  actions.trace(Trace.AUTO_RECOVERY.code, s.config.domain, 0, 0, 0)
  Role.takeOver(s, actions)
}

/** A peer that has come up alone waits for the other no longer, unless it hears that one lives. */
export const recoverAlone = (s: State, actions: MlagActions): void => {
  if (s.role !== NONE) return
  if (s.alive === 1) return startRecovery(s, actions)
  recover(s, actions)
  s.sticky = 1
}

/** A peer that has come up begins to wait for the other. */
export const startRecovery = (s: State, actions: MlagActions): void => {
  if (s.config.autoRecovery === false || s.role === PRIMARY) return
  actions.startTimer("autoRecovery", actions.now + (s.config.autoRecoveryNs ?? DEFAULT_AUTO_RECOVERY))
}
