/** 802.1D-2004 17.27: Port Information (PIM). Keeps what a port holds of the tree: received, its own, or aged out. */
import { UCT, type Figure } from "../Machine.ts"
import * as Procedures from "./Procedures.ts"
import {
  INFERIOR_DESIGNATED_INFO,
  INFERIOR_ROOT_ALTERNATE_INFO,
  INFO_AGED,
  INFO_DISABLED,
  INFO_MINE,
  INFO_RECEIVED,
  MSG_TCN,
  OTHER_INFO,
  REPEATED_DESIGNATED_INFO,
  SUPERIOR_DESIGNATED_INFO,
  type State,
} from "./State.ts"

/** The figure of 17.27. */
export const PIM: Figure<State> = {
  abbreviation: "PIM",
  clause: "17.27",
  begin: () => "DISABLED",
  global: [{ when: (s, i) => s.portEnabled[i] === 0 && s.infoIs[i] !== INFO_DISABLED, to: "DISABLED" }],
  states: {
    DISABLED: {
      entry: (s, i) => {
        s.rcvdMsg[i] = 0
        s.proposing[i] = 0
        s.proposed[i] = 0
        s.agree[i] = 0
        s.agreed[i] = 0
        s.rcvdInfoWhile[i] = 0
        s.infoIs[i] = INFO_DISABLED
        Procedures.askReselect(s, i)
      },
      exits: [
        { when: (s, i) => s.rcvdMsg[i] === 1, to: "DISABLED" },
        { when: (s, i) => s.portEnabled[i] === 1, to: "AGED" },
      ],
    },
    AGED: {
      entry: (s, i) => {
        s.infoIs[i] = INFO_AGED
        Procedures.askReselect(s, i)
      },
      exits: [{ when: (s, i) => s.selected[i] === 1 && s.updtInfo[i] === 1, to: "UPDATE" }],
    },
    UPDATE: {
      entry: (s, i, now) => {
        s.proposing[i] = 0
        s.proposed[i] = 0
        s.agreed[i] = s.agreed[i] === 1 && Procedures.betterOrSameInfo(s, i, INFO_MINE) ? 1 : 0
        s.synced[i] &= s.agreed[i]
        Procedures.takeDesignated(s, i, now)
        s.updtInfo[i] = 0
        s.infoIs[i] = INFO_MINE
        s.newInfo[i] = 1
      },
      exits: [{ when: UCT, to: "CURRENT" }],
    },
    SUPERIOR_DESIGNATED: {
      entry: (s, i, now) => {
        s.agreed[i] = 0
        s.proposing[i] = 0
        Procedures.recordProposal(s, i)
        Procedures.setTcFlags(s, i)
        s.agree[i] = s.agree[i] === 1 && Procedures.betterOrSameInfo(s, i, INFO_RECEIVED) ? 1 : 0
        Procedures.recordPriority(s, i, now)
        Procedures.recordTimes(s, i)
        Procedures.updtRcvdInfoWhile(s, i)
        s.infoIs[i] = INFO_RECEIVED
        Procedures.askReselect(s, i)
        s.rcvdMsg[i] = 0
      },
      exits: [{ when: UCT, to: "CURRENT" }],
    },
    REPEATED_DESIGNATED: {
      entry: (s, i) => {
        Procedures.recordProposal(s, i)
        Procedures.setTcFlags(s, i)
        Procedures.updtRcvdInfoWhile(s, i)
        s.rcvdMsg[i] = 0
      },
      exits: [{ when: UCT, to: "CURRENT" }],
    },
    INFERIOR_DESIGNATED: {
      entry: (s, i, _now, actions) => {
        Procedures.recordDispute(s, i, actions)
        s.rcvdMsg[i] = 0
      },
      exits: [{ when: UCT, to: "CURRENT" }],
    },
    NOT_DESIGNATED: {
      entry: (s, i) => {
        Procedures.recordAgreement(s, i)
        Procedures.setTcFlags(s, i)
        s.rcvdMsg[i] = 0
      },
      exits: [{ when: UCT, to: "CURRENT" }],
    },
    OTHER: {
      entry: (s, i) => {
        // A notification is no priority vector; that it came must not be lost (17.21.17).
        if (s.msgKind[i] === MSG_TCN) Procedures.setTcFlags(s, i)
        s.rcvdMsg[i] = 0
      },
      exits: [{ when: UCT, to: "CURRENT" }],
    },
    CURRENT: {
      exits: [
        { when: (s, i) => s.selected[i] === 1 && s.updtInfo[i] === 1, to: "UPDATE" },
        {
          when: (s, i) => s.infoIs[i] === INFO_RECEIVED && s.rcvdInfoWhile[i] === 0 && s.updtInfo[i] === 0 && s.rcvdMsg[i] === 0,
          to: "AGED",
        },
        { when: (s, i) => s.rcvdMsg[i] === 1 && s.updtInfo[i] === 0, to: "RECEIVE" },
      ],
    },
    RECEIVE: {
      entry: (s, i) => {
        s.rcvdInfo[i] = Procedures.rcvInfo(s, i)
      },
      exits: [
        { when: (s, i) => s.rcvdInfo[i] === SUPERIOR_DESIGNATED_INFO, to: "SUPERIOR_DESIGNATED" },
        { when: (s, i) => s.rcvdInfo[i] === REPEATED_DESIGNATED_INFO, to: "REPEATED_DESIGNATED" },
        { when: (s, i) => s.rcvdInfo[i] === INFERIOR_DESIGNATED_INFO, to: "INFERIOR_DESIGNATED" },
        { when: (s, i) => s.rcvdInfo[i] === INFERIOR_ROOT_ALTERNATE_INFO, to: "NOT_DESIGNATED" },
        { when: (s, i) => s.rcvdInfo[i] === OTHER_INFO, to: "OTHER" },
      ],
    },
  },
}
