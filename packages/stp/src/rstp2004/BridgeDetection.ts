/** 802.1D-2004 17.25: Bridge Detection (BDM). A port that hears of no bridge while it proposes is an edge. */
import { adminEdge, autoEdge } from "./Conditions.ts"
import type { Figure } from "../Machine.ts"
import type { State } from "./State.ts"

/** The figure of 17.25. */
export const BDM: Figure<State> = {
  abbreviation: "BDM",
  clause: "17.25",
  begin: (s, i) => (adminEdge(s, i) ? "EDGE" : "NOT_EDGE"),
  states: {
    EDGE: {
      entry: (s, i) => {
        s.operEdge[i] = 1
      },
      exits: [{ when: (s, i) => (s.portEnabled[i] === 0 && !adminEdge(s, i)) || s.operEdge[i] === 0, to: "NOT_EDGE" }],
    },
    NOT_EDGE: {
      entry: (s, i) => {
        s.operEdge[i] = 0
      },
      exits: [
        {
          when: (s, i) =>
            (s.portEnabled[i] === 0 && adminEdge(s, i)) ||
            (s.edgeDelayWhile[i] === 0 && autoEdge(s, i) && s.sendRSTP[i] === 1 && s.proposing[i] === 1),
          to: "EDGE",
        },
      ],
    },
  },
}
