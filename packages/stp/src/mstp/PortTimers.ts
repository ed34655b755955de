/**
 * 802.1Q-2005 13.27: Port Timers (PTI). Counts every timer of a port down once a second. The standard has one for each port; all ports count
 * in the same instant, so one does it for all of them here, and its `i` is the CIST. A port that is not enabled is passed by: its
 * machines would set back what is counted. Nothing is decided here.
 */
import type { ControlActions } from "@l2lab/l2/ControlProtocol"
import { UCT, type Entry, type Figure } from "../Machine.ts"
import * as Trace from "../Trace.ts"
import { wake, wakePort } from "./Procedures.ts"
import { CIST, type State } from "./State.ts"

const countDown: Entry<State> = (s, _cist, _now, actions) => {
  for (let port = 0; port < s.ports; port++) if (s.portEnabled[port] === 1) countPort(s, port)
  for (let tree = CIST; tree <= s.instances; tree++) countTree(s, tree, actions)
  // 802.1D-2004 17.19.1: the end of rapid ageing, in STP compatibility mode.
  if (s.rapidAgeingWhile[CIST] > 0 && --s.rapidAgeingWhile[CIST] === 0) {
    for (let tree = CIST; tree <= s.instances; tree++) actions.setAgeing(tree, actions.configuredAgeing(tree))
  }
}

const countPort = (s: State, port: number): void => {
  if (s.helloWhen[port] > 0) s.helloWhen[port]--
  if (s.txCount[port] > 0) s.txCount[port]--
  s.touched[port] = 1
  if (s.mdelayWhile[port] === 0 && s.edgeDelayWhile[port] === 0) return
  if (s.mdelayWhile[port] > 0) s.mdelayWhile[port]--
  if (s.edgeDelayWhile[port] > 0) s.edgeDelayWhile[port]--
  wakePort(s, port)
}

const countTree = (s: State, tree: number, actions: ControlActions): void => {
  const first = tree * s.ports
  let wasChanging = false
  let isChanging = false
  for (let i = first; i < first + s.ports; i++) {
    if (s.portEnabled[i - first] === 0) continue
    if (s.tcWhile[i] > 0) {
      wasChanging = true
      s.tcWhile[i]--
      if (s.tcWhile[i] > 0) isChanging = true
    }
    if (s.fdWhile[i] === 0 && s.rcvdInfoWhile[i] === 0 && s.rrWhile[i] === 0 && s.rbWhile[i] === 0) continue
    if (s.fdWhile[i] > 0) s.fdWhile[i]--
    if (s.rcvdInfoWhile[i] > 0) s.rcvdInfoWhile[i]--
    if (s.rrWhile[i] > 0) s.rrWhile[i]--
    if (s.rbWhile[i] > 0) s.rbWhile[i]--
    wake(s, tree, i)
  }
  if (wasChanging && !isChanging) actions.trace(Trace.TOPOLOGY_CHANGE_OVER.code, tree, 0, 0, 0)
}

/** The figure of 13.27. */
export const PTI: Figure<State> = {
  abbreviation: "PTI",
  clause: "13.27",
  isOfTree: true,
  isUntraced: true,
  begin: () => "ONE_SECOND",
  states: {
    ONE_SECOND: {
      entry: (s, cist) => {
        s.tick[cist] = 0
      },
      exits: [{ when: (s, cist) => s.tick[cist] === 1, to: "TICK" }],
    },
    TICK: {
      entry: countDown,
      exits: [{ when: UCT, to: "ONE_SECOND" }],
    },
  },
}
