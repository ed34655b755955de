/**
 * What the secondary concludes once it has lost the peer-link, as a table; the figure is our own†. It ignores keepalives for the hold-timeout; if it hears one within
 * the timeout that follows, the primary lives, and its own legs go down; if not, the primary is dead, and it takes its place (Cisco's
 * "Nexus vPC basic behaviour", community document 3942350). If the primary dies after that, auto-recovery takes its place too.
 */
import { advance, Machine, UCT, type Figure } from "@l2lab/l2/Machine"
import * as Legs from "./Legs.ts"
import type { MlagActions } from "./MlagActions.ts"
import * as Role from "./Role.ts"
import { DEFAULT_HOLD_TIMEOUT, DEFAULT_KEEPALIVE_TIMEOUT } from "./Settings.ts"
import { PEER_LINK_DOWN, SECONDARY, type State } from "./State.ts"
import * as Trace from "./Trace.ts"

const isAlone = ({ adjacent, role }: State): boolean => role === SECONDARY && adjacent === 0
const isNotAlone = (s: State): boolean => !isAlone(s)

const peerLoss: Figure<State, MlagActions> = {
  abbreviation: "PLL",
  clause: "",
  isOfTree: true,
  begin: () => "INTACT",
  states: {
    INTACT: {
      entry: (_s, _i, _now, actions) => {
        actions.stopTimer("hold")
        actions.stopTimer("listen")
      },
      exits: [{ when: isAlone, to: "HOLD" }],
    },
    HOLD: {
      entry: (s, _i, now, actions) => {
        s.holdOver = 0
        actions.startTimer("hold", now + (s.config.holdTimeoutNs ?? DEFAULT_HOLD_TIMEOUT))
      },
      exits: [
        { when: isNotAlone, to: "INTACT" },
        { when: (s) => s.holdOver === 1, to: "LISTEN" },
      ],
    },
    LISTEN: {
      entry: (s, _i, now, actions) => {
        s.heardOne = s.listenOver = 0
        actions.startTimer("listen", now + (s.config.keepaliveTimeoutNs ?? DEFAULT_KEEPALIVE_TIMEOUT))
      },
      exits: [
        { when: isNotAlone, to: "INTACT" },
        { when: (s) => s.heardOne === 1, to: "DUAL_ACTIVE" },
        { when: (s) => s.listenOver === 1, to: "TAKE_OVER" },
      ],
    },
    DUAL_ACTIVE: {
      entry: (s, _i, _now, actions) => {
        actions.stopTimer("listen")
        const orphans = Legs.setOrphans(s, false, actions)
        actions.trace(Trace.DUAL_ACTIVE.code, s.reasons.length, orphans, 0, 0)
        Legs.replaceReasons(s, 0, PEER_LINK_DOWN, actions)
      },
      exits: [
        { when: isNotAlone, to: "INTACT" },
        { when: (s) => s.alive === 0 && s.config.autoRecovery !== false, to: "RECOVER" },
      ],
    },
    TAKE_OVER: {
      entry: (s, _i, _now, actions) => Role.takeOver(s, actions),
      exits: [{ when: UCT, to: "INTACT" }],
    },
    RECOVER: {
      entry: (s, _i, _now, actions) => {
        actions.trace(Trace.AUTO_RECOVERY.code, s.config.domain, 0, 0, 0)
        Role.takeOver(s, actions)
      },
      exits: [{ when: UCT, to: "INTACT" }],
    },
  },
}

/** The machine. */
export const PLL = new Machine(peerLoss, Trace.TRACE)

/** What it is at. */
export const stateOf = ({ lossState }: State): string => PLL.stateNames[lossState[0]]

/** Whether the secondary has lost the primary and does not know yet what to make of it. */
export const isUncertain = (s: State): boolean => stateOf(s) === "HOLD" || stateOf(s) === "LISTEN"

/** Something has changed. */
export const run = (s: State, actions: MlagActions): void => {
  advance(PLL, s.lossState, 0, s, 0, actions.now, actions)
}
