/** 802.1Q-2005 13.35: Port State Transition (PST). Makes the relay do what roles have decided, tree by tree. */
import { CONSISTENT } from "../Inconsistency.ts"
import type { Figure, When } from "../Machine.ts"
import { setPortState } from "./Procedures.ts"
import type { State } from "./State.ts"

/** What the roles have decided, unless the port is inconsistent (`PvstSimulation.ts`, `toolkit`; no standard). */
const mayLearn: When<State> = (s, i) => s.learn[i] === 1 && s.inconsistent[i] === CONSISTENT

/** The figure of 13.35. */
export const PST: Figure<State> = {
  abbreviation: "PST",
  clause: "13.35",
  begin: () => "DISCARDING",
  states: {
    DISCARDING: {
      entry: (s, i, now, actions) => {
        setPortState(s, i, false, false, now, actions)
        s.learning[i] = 0
        s.forwarding[i] = 0
      },
      exits: [{ when: mayLearn, to: "LEARNING" }],
    },
    LEARNING: {
      entry: (s, i, now, actions) => {
        setPortState(s, i, true, false, now, actions)
        s.learning[i] = 1
      },
      exits: [
        { when: (s, i) => !mayLearn(s, i), to: "DISCARDING" },
        { when: (s, i) => s.forward[i] === 1, to: "FORWARDING" },
      ],
    },
    FORWARDING: {
      entry: (s, i, now, actions) => {
        setPortState(s, i, true, true, now, actions)
        s.forwarding[i] = 1
      },
      exits: [{ when: (s, i) => s.forward[i] === 0 || !mayLearn(s, i), to: "DISCARDING" }],
    },
  },
}
