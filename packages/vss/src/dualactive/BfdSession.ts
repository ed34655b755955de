/**
 * The machine of a BFD session (RFC 5880 6.2 and 6.8.6), which is administratively down for as long as the virtual switch link is up: that it comes up at all
 * says that the other chassis lives, and has lost the VSL too.
 */
import { Machine, type Figure } from "@l2lab/l2/Machine"
import { MICROSECOND, NEVER, SECOND, type DurationNs, type SimTime } from "@l2lab/sim/SimTime"
import type { DualActiveActions } from "./Actions.ts"
import * as BfdPdu from "./BfdPdu.ts"
import { PAST, roleOf, timesOf, type State } from "./State.ts"
import * as Trace from "./Trace.ts"

/** The number of a state in its column. */
const ADMIN_DOWN = 0

/** A session that is not up says that it sends at most one packet a second (6.8.3). */
const SLOW: DurationNs = SECOND

/** Whether the session runs: the VSL is lost, and this chassis is, or was, active. */
const isEnabled = (s: State, i: number): boolean =>
  s.up[i] === 1 && s.vslUp === 0 && (roleOf(s) === "active" || roleOf(s) === "recovery")

/** Whether a packet with one of these states has come in. */
const brings =
  (...states: ReadonlyArray<BfdPdu.SessionState>) =>
  (s: State, i: number): boolean =>
    s.received[i] !== 0 && states.includes(BfdPdu.STATES[s.received[i] - 1])

const isExpired = (s: State, i: number): boolean => s.detectAt[i] === PAST

/** bfd.DesiredMinTxInterval. */
export const desiredMinTx = (s: State, i: number): DurationNs =>
  sessionStateOf(s, i) === "UP" ? timesOf(s).bfd : Math.max(SLOW, timesOf(s).bfd)
/** bfd.RequiredMinRxInterval. */
export const requiredMinRx = (s: State): DurationNs => timesOf(s).bfd

/**
 * When the next packet goes: the interval from now, less up to a quarter of it by chance, and at least a tenth where one lost packet ends the session (6.8.7);
 * NEVER where the peer wants none.
 */
export const schedule = (s: State, i: number, now: SimTime, actions: DualActiveActions): void => {
  const interval = Math.max(desiredMinTx(s, i), s.remoteMinRxInterval[i])
  const least = timesOf(s).bfdMultiplier === 1 ? interval / 10 : 0
  const less = least + (actions.random() % 1000) * ((interval / 4 - least) / 1000)
  s.transmitAt[i] = s.remoteMinRxInterval[i] === 0 ? NEVER : now + Math.floor(interval - less)
}

/** The session is not up any more; why. */
const setDown = (s: State, i: number, diagnostic: number, actions: DualActiveActions): void => {
  s.localDiag[i] = diagnostic
  if (s.sessionUp[i] === 0) return
  s.sessionUp[i] = 0
  actions.trace(Trace.SESSION.code, s.config.ports[i].port, 0, s.localDiscr[i], 0)
}

/** Initial values (6.8.1). */
const reset = (s: State, i: number): void => {
  s.remoteDiscr[i] = s.polling[i] = s.finalNow[i] = s.received[i] = 0
  s.remoteMinRxInterval[i] = MICROSECOND
  s.remoteDesiredMinTx[i] = s.remoteDetectMult[i] = 0
  s.detectAt[i] = NEVER
}

const session: Figure<State, DualActiveActions> = {
  abbreviation: "BFD",
  clause: "6.2",
  begin: () => "ADMIN_DOWN",
  global: [{ when: (s, i) => !isEnabled(s, i) && s.sessionState[i] !== ADMIN_DOWN, to: "ADMIN_DOWN" }],
  states: {
    ADMIN_DOWN: {
      entry: (s, i, _now, actions) => {
        setDown(s, i, BfdPdu.ADMIN_DOWN, actions)
        reset(s, i)
        s.transmitAt[i] = NEVER
        s.localDiscr[i] = s.sayNow[i] = 0
      },
      exits: [{ when: isEnabled, to: "DOWN" }],
    },
    DOWN: {
      entry: (s, i, now, actions) => {
        const wasRunning = s.localDiscr[i] !== 0
        setDown(s, i, wasRunning ? (isExpired(s, i) ? BfdPdu.EXPIRED : BfdPdu.SIGNALLED) : BfdPdu.NO_DIAGNOSTIC, actions)
        if (!wasRunning) {
          s.localDiscr[i] = (actions.random() | 1) >>> 0
          reset(s, i)
        }
        if (isExpired(s, i)) s.remoteDiscr[i] = 0
        s.received[i] = s.polling[i] = 0
        s.detectAt[i] = NEVER
        s.sayNow[i] = wasRunning ? 1 : 0
        schedule(s, i, now, actions)
      },
      exits: [
        { when: brings("Down"), to: "INIT" },
        { when: brings("Init"), to: "UP" },
      ],
    },
    INIT: {
      entry: (s, i) => {
        s.received[i] = 0
        s.sayNow[i] = 1
      },
      exits: [
        { when: brings("Init", "Up"), to: "UP" },
        { when: (s, i) => brings("AdminDown")(s, i) || isExpired(s, i), to: "DOWN" },
      ],
    },
    UP: {
      entry: (s, i, now, actions) => {
        s.received[i] = s.localDiag[i] = 0
        // Its packets go faster from now on: the peer is asked to take note (6.8.3).
        s.polling[i] = s.sayNow[i] = s.sessionUp[i] = 1
        actions.trace(Trace.SESSION.code, s.config.ports[i].port, 1, s.localDiscr[i], 0)
        schedule(s, i, now, actions)
      },
      exits: [{ when: (s, i) => brings("Down", "AdminDown")(s, i) || isExpired(s, i), to: "DOWN" }],
    },
  },
}

/** A session. */
export const BFD = new Machine(session, Trace.TRACE)

/** What a session is at. */
export const sessionStateOf = (s: State, i: number): string => BFD.stateNames[s.sessionState[i]]
