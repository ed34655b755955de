/** 802.1Q-2005 13.29: Port Protocol Migration (PPM). Chooses between MST BPDUs and those of 1998, by what the neighbours speak. */
import type { Figure } from "../Machine.ts"
import { rstpVersion } from "./Conditions.ts"
import { askReselect, wakePort } from "./Procedures.ts"
import type { State } from "./State.ts"

/** What the bridge says to 802.1D-1998 bridges differs (13.26.23 d)): a change of `sendRSTP` is one of designatedPriority. */
const setSendRSTP = (s: State, port: number, sendRSTP: boolean): void => {
  const value = sendRSTP ? 1 : 0
  if (s.sendRSTP[port] === value) return
  s.sendRSTP[port] = value
  askReselect(s, port)
  wakePort(s, port)
}

/** The figure of 13.29. */
export const PPM: Figure<State> = {
  abbreviation: "PPM",
  clause: "13.29",
  begin: () => "CHECKING_RSTP",
  states: {
    CHECKING_RSTP: {
      entry: (s, port) => {
        s.mcheck[port] = 0
        setSendRSTP(s, port, rstpVersion(s))
        s.mdelayWhile[port] = s.migrateTime
      },
      exits: [
        { when: (s, port) => s.mdelayWhile[port] !== s.migrateTime && s.portEnabled[port] === 0, to: "CHECKING_RSTP" },
        { when: (s, port) => s.mdelayWhile[port] === 0, to: "SENSING" },
      ],
    },
    SENSING: {
      entry: (s, port) => {
        s.rcvdRSTP[port] = 0
        s.rcvdSTP[port] = 0
      },
      exits: [
        {
          when: (s, port) =>
            s.portEnabled[port] === 0 ||
            s.mcheck[port] === 1 ||
            (rstpVersion(s) && s.sendRSTP[port] === 0 && s.rcvdRSTP[port] === 1),
          to: "CHECKING_RSTP",
        },
        { when: (s, port) => s.sendRSTP[port] === 1 && s.rcvdSTP[port] === 1, to: "SELECTING_STP" },
      ],
    },
    SELECTING_STP: {
      entry: (s, port) => {
        setSendRSTP(s, port, false)
        s.mdelayWhile[port] = s.migrateTime
      },
      exits: [
        { when: (s, port) => s.mdelayWhile[port] === 0 || s.portEnabled[port] === 0 || s.mcheck[port] === 1, to: "SENSING" },
      ],
    },
  },
}
