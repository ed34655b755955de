/**
 * 802.1D-2004 17.22: Port Timers (PTI). Counts every timer of a port down once a second. The standard has one for each port; all ports
 * of a tree count in the same instant, so one does it for all of them here, and its `i` is the tree. A port that is not enabled is passed by:
 * its machines would set back what is counted. Nothing is decided here.
 */
import type { Entry, Figure } from "../Machine.ts"
import { UCT } from "../Machine.ts"
import * as Trace from "../Trace.ts"
import { LOOK_AT_ALL, type State } from "./State.ts"

const countDown: Entry<State> = (s, tree, _now, actions) => {
  const first = tree * s.ports
  let wasChanging = false
  let isChanging = false
  s.woken[tree] = 1
  for (let i = first; i < first + s.ports; i++) {
    if (s.portEnabled[i] === 0) continue
    s.dirty[i] = LOOK_AT_ALL
    if (s.helloWhen[i] > 0) s.helloWhen[i]--
    if (s.tcWhile[i] > 0) {
      wasChanging = true
      s.tcWhile[i]--
      if (s.tcWhile[i] > 0) isChanging = true
    }
    if (s.fdWhile[i] > 0) s.fdWhile[i]--
    if (s.rcvdInfoWhile[i] > 0) s.rcvdInfoWhile[i]--
    if (s.rrWhile[i] > 0) s.rrWhile[i]--
    if (s.rbWhile[i] > 0) s.rbWhile[i]--
    if (s.mdelayWhile[i] > 0) s.mdelayWhile[i]--
    if (s.edgeDelayWhile[i] > 0) s.edgeDelayWhile[i]--
    if (s.txCount[i] > 0) s.txCount[i]--
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
