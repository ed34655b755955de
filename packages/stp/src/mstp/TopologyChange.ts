/** 802.1Q-2005 13.36: Topology Change (TCM). Detects, tells, passes on, and has what was learnt forgotten, tree by tree. */
import { UCT, type Figure, type When } from "../Machine.ts"
import { CAUSE_FLAG, CAUSE_NOTIFICATION, CAUSE_PORT } from "../Trace.ts"
import { isCist } from "./Conditions.ts"
import * as Procedures from "./Procedures.ts"
import { DESIGNATED_PORT, MASTER_PORT, portOf, ROOT_PORT, type State } from "./State.ts"

const isActiveRole: When<State> = (s, i) => s.role[i] === ROOT_PORT || s.role[i] === DESIGNATED_PORT || s.role[i] === MASTER_PORT

/** Notifications and acknowledgments of 802.1D-1998 bridges are the CIST's business. */
const isTold: When<State> = (s, i) =>
  s.rcvdTc[i] === 1 || s.tcProp[i] === 1 || (isCist(s, i) && (s.rcvdTcn[i] === 1 || s.rcvdTcAck[i] === 1))

/** The figure of 13.36. */
export const TCM: Figure<State> = {
  abbreviation: "TCM",
  clause: "13.36",
  begin: () => "INACTIVE",
  states: {
    INACTIVE: {
      entry: (s, i, _now, actions) => {
        Procedures.setFdbFlush(s, i, actions, true)
        s.tcWhile[i] = 0
        if (isCist(s, i)) s.tcAck[i] = 0
      },
      exits: [{ when: (s, i) => s.learn[i] === 1 && s.fdbFlush[i] === 0, to: "LEARNING" }],
    },
    LEARNING: {
      entry: (s, i) => {
        if (isCist(s, i)) {
          s.rcvdTcn[i] = 0
          s.rcvdTcAck[i] = 0
        }
        s.rcvdTc[i] = 0
        s.tcProp[i] = 0
      },
      exits: [
        {
          when: (s, i) => isActiveRole(s, i) && s.forward[i] === 1 && s.operEdge[portOf(s, i)] === 0,
          to: "DETECTED",
        },
        { when: isTold, to: "LEARNING" },
        { when: (s, i) => !isActiveRole(s, i) && s.learn[i] === 0 && s.learning[i] === 0, to: "INACTIVE" },
      ],
    },
    DETECTED: {
      entry: (s, i, now, actions) => {
        Procedures.newTcWhile(s, i, now, actions, CAUSE_PORT)
        Procedures.setTcPropTree(s, i)
        Procedures.setNewInfoXst(s, i)
      },
      exits: [{ when: UCT, to: "ACTIVE" }],
    },
    NOTIFIED_TCN: {
      entry: (s, i, now, actions) => Procedures.newTcWhile(s, i, now, actions, CAUSE_NOTIFICATION),
      exits: [{ when: UCT, to: "NOTIFIED_TC" }],
    },
    NOTIFIED_TC: {
      entry: (s, i) => {
        if (isCist(s, i)) {
          s.rcvdTcn[i] = 0
          if (s.role[i] === DESIGNATED_PORT) s.tcAck[i] = 1
        }
        s.rcvdTc[i] = 0
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
        { when: (s, i) => !isActiveRole(s, i) || s.operEdge[portOf(s, i)] === 1, to: "LEARNING" },
        { when: (s, i) => isCist(s, i) && s.rcvdTcn[i] === 1, to: "NOTIFIED_TCN" },
        { when: (s, i) => s.rcvdTc[i] === 1, to: "NOTIFIED_TC" },
        { when: (s, i) => s.tcProp[i] === 1 && s.operEdge[portOf(s, i)] === 0, to: "PROPAGATING" },
        { when: (s, i) => isCist(s, i) && s.rcvdTcAck[i] === 1, to: "ACKNOWLEDGED" },
      ],
    },
  },
}
