/** 802.1D-2004 17.30: Port State Transition (PST). Makes the relay do what roles have decided. */
import type { Figure } from "../Machine.ts"
import type { State } from "./State.ts"
import { setPortState } from "./Procedures.ts"

/** The figure of 17.30. */
export const PST: Figure<State> = {
  abbreviation: "PST",
  clause: "17.30",
  begin: () => "DISCARDING",
  states: {
    DISCARDING: {
      entry: (s, i, now, actions) => {
        setPortState(s, i, false, false, now, actions)
        s.learning[i] = 0
        s.forwarding[i] = 0
      },
      exits: [{ when: (s, i) => s.learn[i] === 1, to: "LEARNING" }],
    },
    LEARNING: {
      entry: (s, i, now, actions) => {
        setPortState(s, i, true, false, now, actions)
        s.learning[i] = 1
      },
      exits: [
        { when: (s, i) => s.learn[i] === 0, to: "DISCARDING" },
        { when: (s, i) => s.forward[i] === 1, to: "FORWARDING" },
      ],
    },
    FORWARDING: {
      entry: (s, i, now, actions) => {
        setPortState(s, i, true, true, now, actions)
        s.forwarding[i] = 1
      },
      exits: [{ when: (s, i) => s.forward[i] === 0, to: "DISCARDING" }],
    },
  },
}
