/**
 * 802.1D-2004 17.22: Port Timers (PTI). Counts every timer of a port down once a second. The standard has one for each port; all ports
 * of a tree count in the same instant, so one does it for all of them here, and its `i` is the tree. Nothing is decided here.
 *
 * What a machine would set back in the same instant is not counted: all timers of a port that is not enabled, and those that Port Role
 * Transitions holds at a value. A port is looked at when one of the others runs out: by nothing else that they say does an arc go.
 */
import type { Entry, Figure } from "../Machine.ts"
import { UCT } from "../Machine.ts"
import * as Trace from "../Trace.ts"
import { ALTERNATE_PORT, BACKUP_PORT, LOOK_AT_ALL, LOOK_AT_TRANSMIT, LOOK_NOT, ROOT_PORT, type State } from "./State.ts"

/** A second less. Whether the timer ran out by it. */
const runsOut = (timer: Uint16Array, i: number): boolean => timer[i] !== 0 && --timer[i] === 0

const countDown: Entry<State> = (s, tree, _now, actions) => {
  const first = tree * s.ports
  let wasChanging = false
  let isChanging = false
  for (let i = first; i < first + s.ports; i++) {
    if (s.portEnabled[i] === 0) continue
    let look = LOOK_NOT
    if (runsOut(s.helloWhen, i)) look = LOOK_AT_TRANSMIT
    if (s.txCount[i] !== 0) {
      s.txCount[i]--
      if (s.newInfo[i] === 1) look = LOOK_AT_TRANSMIT
    }
    if (s.tcWhile[i] !== 0) {
      wasChanging = true
      s.tcWhile[i]--
      if (s.tcWhile[i] !== 0) isChanging = true
    }
    if (runsOut(s.rcvdInfoWhile, i)) look = LOOK_AT_ALL
    if (runsOut(s.mdelayWhile, i)) look = LOOK_AT_ALL
    if (runsOut(s.edgeDelayWhile, i)) look = LOOK_AT_ALL
    // 17.29.2, 17.29.4: a Root Port holds rrWhile, a blocked one fdWhile, a Backup Port rbWhile. Who is looked at may be about to lose the role.
    const isLookedAt = look === LOOK_AT_ALL
    const role = s.role[i]
    if ((isLookedAt || role !== ROOT_PORT) && runsOut(s.rrWhile, i)) look = LOOK_AT_ALL
    if ((isLookedAt || role < ALTERNATE_PORT) && runsOut(s.fdWhile, i)) look = LOOK_AT_ALL
    if ((isLookedAt || role !== BACKUP_PORT) && runsOut(s.rbWhile, i)) look = LOOK_AT_ALL
    if (look === LOOK_NOT) continue
    s.dirty[i] = look
    s.woken[tree] = 1
  }
  if (wasChanging && !isChanging) actions.trace(Trace.TOPOLOGY_CHANGE_OVER.code, tree, 0, 0, 0)
  // 17.19.1: the end of rapid ageing, in STP compatibility mode.
  if (s.rapidAgeingWhile[tree] > 0 && --s.rapidAgeingWhile[tree] === 0) {
    actions.setAgeing(tree, actions.configuredAgeing(tree))
  }
}

/** The figure of 17.22. */
export const PTI: Figure<State> = {
  abbreviation: "PTI",
  clause: "17.22",
  isOfTree: true,
  isUntraced: true,
  begin: () => "ONE_SECOND",
  states: {
    ONE_SECOND: {
      entry: (s, tree) => {
        s.tick[tree] = 0
      },
      exits: [{ when: (s, tree) => s.tick[tree] === 1, to: "TICK" }],
    },
    TICK: {
      entry: countDown,
      exits: [{ when: UCT, to: "ONE_SECOND" }],
    },
  },
}
