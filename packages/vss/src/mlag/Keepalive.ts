/**
 * Keepalives: one every second on the link that is for them. As long as the peer-link is there, a lost keepalive is a line in the log; what the secondary makes of them without it
 * is in `PeerLoss.ts`.
 */
import * as Channel from "./Channel.ts"
import type { MlagActions } from "./MlagActions.ts"
import * as MlagPdu from "./MlagPdu.ts"
import * as PeerLoss from "./PeerLoss.ts"
import * as Role from "./Role.ts"
import { DEFAULT_AUTO_RECOVERY, DEFAULT_KEEPALIVE_INTERVAL, DEFAULT_KEEPALIVE_TIMEOUT } from "./Settings.ts"
import { ALIVE_SINCE, HEARD_AT, NONE, PRIMARY, type State } from "./State.ts"
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
  if (!PeerLoss.isUncertain(s)) return
  if (s.keepalivesSent % HELLO_TIME !== 0) return
  for (const { frame, tci, v } of s.bpdus.values()) actions.emit(s.portOfVpc[v], frame, tci)
}

/** An interval has passed. */
export const tick = (s: State, actions: MlagActions): void => {
  speak(s, actions)
  speakForBoth(s, actions)
  actions.startTimer("keepalive", actions.now + (s.config.keepaliveIntervalNs ?? DEFAULT_KEEPALIVE_INTERVAL))
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
  s.heardOne = 1
}

/** None has come for the timeout. */
export const lose = (s: State, actions: MlagActions): void => {
  s.alive = 0
  actions.trace(Trace.KEEPALIVE.code, 0, s.config.domain, 0, 0)
}

/** A peer that has come up alone waits for the other no longer, unless it hears that one lives. */
export const recoverAlone = (s: State, actions: MlagActions): void => {
  if (s.role !== NONE) return
  if (s.alive === 1) return startRecovery(s, actions)
  actions.trace(Trace.AUTO_RECOVERY.code, s.config.domain, 0, 0, 0)
  Role.takeOver(s, actions)
  s.sticky = 1
}

/** A peer that has come up begins to wait for the other. */
export const startRecovery = (s: State, actions: MlagActions): void => {
  if (s.config.autoRecovery === false || s.role === PRIMARY) return
  actions.startTimer("autoRecovery", actions.now + (s.config.autoRecoveryNs ?? DEFAULT_AUTO_RECOVERY))
}
