/** 802.1D-2004 17.24: Port Protocol Migration (PPM). Chooses between RST BPDUs and those of 1998, by what the neighbours speak. */
import { rstpVersion } from "./Conditions.ts"
import type { Figure } from "../Machine.ts"
import type { State } from "./State.ts"

/** The figure of 17.24. */
export const PPM: Figure<State> = {
  abbreviation: "PPM",
  clause: "17.24",
  begin: () => "CHECKING_RSTP",
  states: {
    CHECKING_RSTP: {
      entry: (s, i) => {
        s.mcheck[i] = 0
        s.sendRSTP[i] = rstpVersion(s) ? 1 : 0
        s.mdelayWhile[i] = s.migrateTime
      },
      exits: [
        { when: (s, i) => s.mdelayWhile[i] !== s.migrateTime && s.portEnabled[i] === 0, to: "CHECKING_RSTP" },
        { when: (s, i) => s.mdelayWhile[i] === 0, to: "SENSING" },
      ],
    },
    SENSING: {
      entry: (s, i) => {
        s.rcvdRSTP[i] = 0
        s.rcvdSTP[i] = 0
      },
      exits: [
        {
          when: (s, i) =>
            s.portEnabled[i] === 0 || s.mcheck[i] === 1 || (rstpVersion(s) && s.sendRSTP[i] === 0 && s.rcvdRSTP[i] === 1),
          to: "CHECKING_RSTP",
        },
        { when: (s, i) => s.sendRSTP[i] === 1 && s.rcvdSTP[i] === 1, to: "SELECTING_STP" },
      ],
    },
    SELECTING_STP: {
      entry: (s, i) => {
        s.sendRSTP[i] = 0
        s.mdelayWhile[i] = s.migrateTime
      },
      exits: [{ when: (s, i) => s.mdelayWhile[i] === 0 || s.portEnabled[i] === 0 || s.mcheck[i] === 1, to: "SENSING" }],
    },
  },
}
