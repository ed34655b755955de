/** 802.1Q-2005 13.28: Port Receive (PRX). Takes a BPDU in, notes which version it is and whose region's, and hands its parts on. */
import type { Figure } from "../Machine.ts"
import { rcvdAnyMsg } from "./Conditions.ts"
import { clearAllRcvdMsgs, fromSameRegion, setRcvdMsgs, updtBPDUVersion } from "./Procedures.ts"
import type { State } from "./State.ts"

/** The figure of 13.28. */
export const PRX: Figure<State> = {
  abbreviation: "PRX",
  clause: "13.28",
  begin: () => "DISCARD",
  global: [
    {
      when: (s, port) => (s.rcvdBPDU[port] === 1 || s.edgeDelayWhile[port] !== s.migrateTime) && s.portEnabled[port] === 0,
      to: "DISCARD",
    },
  ],
  states: {
    DISCARD: {
      entry: (s, port) => {
        s.rcvdBPDU[port] = 0
        s.rcvdRSTP[port] = 0
        s.rcvdSTP[port] = 0
        clearAllRcvdMsgs(s, port)
        s.edgeDelayWhile[port] = s.migrateTime
      },
      exits: [{ when: (s, port) => s.rcvdBPDU[port] === 1 && s.portEnabled[port] === 1, to: "RECEIVE" }],
    },
    RECEIVE: {
      entry: (s, port) => {
        updtBPDUVersion(s, port)
        s.rcvdInternal[port] = fromSameRegion(s, port) ? 1 : 0
        setRcvdMsgs(s, port)
        s.operEdge[port] = 0
        s.rcvdBPDU[port] = 0
        s.edgeDelayWhile[port] = s.migrateTime
      },
      exits: [{ when: (s, port) => s.rcvdBPDU[port] === 1 && s.portEnabled[port] === 1 && !rcvdAnyMsg(s, port), to: "RECEIVE" }],
    },
  },
}
