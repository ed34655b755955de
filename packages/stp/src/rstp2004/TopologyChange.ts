/** 802.1D-2004 17.31: Topology Change (TCM). Detects, tells, passes on, and has what was learnt forgotten. */
import type { ControlActions } from "@l2lab/l2/ControlProtocol"
import { UCT, type Figure, type When } from "../Machine.ts"
import * as Procedures from "./Procedures.ts"
import { DESIGNATED_PORT, ROOT_PORT, type State } from "./State.ts"
import { CAUSE_FLAG, CAUSE_NOTIFICATION, CAUSE_PORT } from "../Trace.ts"

const isActiveRole: When<State> = (s, i) => s.role[i] === ROOT_PORT || s.role[i] === DESIGNATED_PORT

const isTold: When<State> = (s, i) => s.rcvdTc[i] === 1 || s.rcvdTcn[i] === 1 || s.rcvdTcAck[i] === 1 || s.tcProp[i] === 1

/** The figure of 17.31. */
export const TCM: Figure<State> = {
  abbreviation: "TCM",
  clause: "17.31",
  begin: () => "INACTIVE",
  states: {
    INACTIVE: {
      entry: (s, i, _now, actions) => {
        Procedures.setFdbFlush(s, i, actions, true)
        s.tcWhile[i] = 0
        s.tcAck[i] = 0
      },
      exits: [{ when: (s, i) => s.learn[i] === 1 && s.fdbFlush[i] === 0, to: "LEARNING" }],
    },
    LEARNING: {
      entry: (s, i) => {
        s.rcvdTc[i] = 0
        s.rcvdTcn[i] = 0
        s.rcvdTcAck[i] = 0
        s.tcProp[i] = 0
      },
      exits: [
        {
          when: (s, i) => !isActiveRole(s, i) && s.learn[i] === 0 && s.learning[i] === 0 && !isTold(s, i),
          to: "INACTIVE",
        },
        { when: isTold, to: "LEARNING" },
        { when: (s, i) => isActiveRole(s, i) && s.forward[i] === 1 && s.operEdge[i] === 0, to: "DETECTED" },
      ],
    },
    DETECTED: {
      entry: (s, i, now, actions) => {
        Procedures.newTcWhile(s, i, now, actions, CAUSE_PORT)
        Procedures.setTcPropTree(s, i)
        s.newInfo[i] = 1
      },
      exits: [{ when: UCT, to: "ACTIVE" }],
    },
    NOTIFIED_TCN: {
      entry: (s, i, now, actions) => Procedures.newTcWhile(s, i, now, actions, CAUSE_NOTIFICATION),
      exits: [{ when: UCT, to: "NOTIFIED_TC" }],
    },
    NOTIFIED_TC: {
      entry: (s, i) => {
        s.rcvdTcn[i] = 0
        s.rcvdTc[i] = 0
        if (s.role[i] === DESIGNATED_PORT) s.tcAck[i] = 1
        Procedures.setTcPropTree(s, i)
      },
      exits: [{ when: UCT, to: "ACTIVE" }],
    },
    PROPAGATING: {
      entry: (s, i, now, actions) => {
        Procedures.newTcWhile(s, i, now, actions, CAUSE_FLAG)
        Procedures.setFdbFlush(s, i, actions)
        s.tcProp[i] = 0
      },
      exits: [{ when: UCT, to: "ACTIVE" }],
    },
    ACKNOWLEDGED: {
      entry: (s, i) => {
        s.tcWhile[i] = 0
        s.rcvdTcAck[i] = 0
      },
      exits: [{ when: UCT, to: "ACTIVE" }],
    },
    ACTIVE: {
      exits: [
        { when: (s, i) => !isActiveRole(s, i) || s.operEdge[i] === 1, to: "LEARNING" },
        { when: (s, i) => s.rcvdTcn[i] === 1, to: "NOTIFIED_TCN" },
        { when: (s, i) => s.rcvdTc[i] === 1, to: "NOTIFIED_TC" },
        { when: (s, i) => s.tcProp[i] === 1 && s.operEdge[i] === 0, to: "PROPAGATING" },
        { when: (s, i) => s.rcvdTcAck[i] === 1, to: "ACKNOWLEDGED" },
      ],
    },
  },
}

const ACTIVE = Object.keys(TCM.states).indexOf("ACTIVE")

/**
 * What the way from ACTIVE through PROPAGATING comes to for a port that tells of a topology change already. True if it was taken so. (Each port
 * of a core switch goes it for every other one that begins to forward.)
 */
export const passOn = (s: State, i: number, state: number, actions: ControlActions): boolean => {
  if (state !== ACTIVE || s.tcProp[i] === 0 || s.tcWhile[i] === 0 || s.operEdge[i] === 1 || !isActiveRole(s, i)) return false
  if (s.rcvdTc[i] === 1 || s.rcvdTcn[i] === 1 || s.rcvdTcAck[i] === 1) return false
  Procedures.setFdbFlush(s, i, actions)
  s.tcProp[i] = 0
  return true
}
