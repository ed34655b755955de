/** 802.1Q-2005 13.30: Bridge Detection (BDM). A port that hears of no bridge while it proposes in the CIST is an edge. */
import type { Figure } from "../Machine.ts"
import { wakePort } from "./Procedures.ts"
import type { State } from "./State.ts"

/** The figure of 13.30. */
export const BDM: Figure<State> = {
  abbreviation: "BDM",
  clause: "13.30",
  begin: (s, port) => (s.adminEdge[port] === 1 ? "EDGE" : "NOT_EDGE"),
  states: {
    EDGE: {
      entry: (s, port) => {
        s.operEdge[port] = 1
        wakePort(s, port)
      },
      exits: [
        {
          when: (s, port) =>
            ((s.portEnabled[port] === 0 || s.autoEdge[port] === 0) && s.adminEdge[port] === 0) || s.operEdge[port] === 0,
          to: "NOT_EDGE",
        },
      ],
    },
    NOT_EDGE: {
      entry: (s, port) => {
        s.operEdge[port] = 0
        wakePort(s, port)
      },
      exits: [
        {
          when: (s, port) =>
            (s.portEnabled[port] === 0 && s.adminEdge[port] === 1) ||
            (s.edgeDelayWhile[port] === 0 && s.autoEdge[port] === 1 && s.sendRSTP[port] === 1 && s.proposing[port] === 1),
          to: "EDGE",
        },
      ],
    },
  },
}
