/** 802.1D-2004 17.23: Port Receive (PRX). Takes a BPDU in, notes which version it is, and hands it on. */
import type { Figure } from "../Machine.ts"
import type { State } from "./State.ts"
import { updtBPDUVersion } from "./Procedures.ts"

/** The figure of 17.23. */
export const PRX: Figure<State> = {
  abbreviation: "PRX",
  clause: "17.23",
  begin: () => "DISCARD",
  global: [
    { when: (s, i) => (s.rcvdBPDU[i] === 1 || s.edgeDelayWhile[i] !== s.migrateTime) && s.portEnabled[i] === 0, to: "DISCARD" },
  ],
  states: {
    DISCARD: {
      entry: (s, i) => {
        s.rcvdBPDU[i] = 0
        s.rcvdRSTP[i] = 0
        s.rcvdSTP[i] = 0
        s.rcvdMsg[i] = 0
        s.edgeDelayWhile[i] = s.migrateTime
      },
      exits: [{ when: (s, i) => s.rcvdBPDU[i] === 1 && s.portEnabled[i] === 1, to: "RECEIVE" }],
    },
    RECEIVE: {
      entry: (s, i) => {
        updtBPDUVersion(s, i)
        s.operEdge[i] = 0
        s.rcvdBPDU[i] = 0
        s.rcvdMsg[i] = 1
        s.edgeDelayWhile[i] = s.migrateTime
      },
      exits: [{ when: (s, i) => s.rcvdBPDU[i] === 1 && s.portEnabled[i] === 1 && s.rcvdMsg[i] === 0, to: "RECEIVE" }],
    },
  },
}
