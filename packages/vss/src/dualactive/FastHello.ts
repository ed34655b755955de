/** The machine of a fast-hello port: whether it can tell of an active peer. The figure is our own†. */
import { Machine, type Figure } from "@l2lab/l2/Machine"
import { NEVER } from "@l2lab/sim/SimTime"
import type { DualActiveActions } from "./Actions.ts"
import type { State } from "./State.ts"
import * as Trace from "./Trace.ts"

/** The number of a state in its column. */
const DOWN = 0

const isWrong = (s: State, i: number): boolean => s.wrong[i] !== 0
const isTwoWay = (s: State, i: number): boolean => s.isHeard[i] === 1 && s.peerHears[i] === 1

const setCapable = (s: State, i: number, capable: 0 | 1, actions: DualActiveActions): void => {
  s.sayNow[i] = 1
  if (s.capable[i] === capable) return
  s.capable[i] = capable
  actions.trace(Trace.CAPABLE.code, s.config.ports[i].port, capable, 0, 0)
}

const forget = (s: State, i: number): void => {
  s.isHeard[i] = s.peerHears[i] = 0
  s.heardUntil[i] = NEVER
}

const fastHello: Figure<State, DualActiveActions> = {
  abbreviation: "FH",
  clause: "",
  begin: () => "DOWN",
  global: [{ when: (s, i) => s.up[i] === 0 && s.fhState[i] !== DOWN, to: "DOWN" }],
  states: {
    DOWN: {
      entry: (s, i, _now, actions) => {
        forget(s, i)
        s.wrong[i] = s.refusal[i] = 0
        s.wrongUntil[i] = NEVER
        setCapable(s, i, 0, actions)
        s.sayNow[i] = 0
      },
      exits: [{ when: (s, i) => s.up[i] === 1, to: "DETECT" }],
    },
    DETECT: {
      entry: (s, i, _now, actions) => setCapable(s, i, 0, actions),
      exits: [
        { when: isWrong, to: "REJECTED" },
        { when: isTwoWay, to: "CAPABLE" },
      ],
    },
    CAPABLE: {
      entry: (s, i, _now, actions) => setCapable(s, i, 1, actions),
      exits: [
        { when: isWrong, to: "REJECTED" },
        { when: (s, i) => !isTwoWay(s, i), to: "DETECT" },
      ],
    },
    REJECTED: {
      entry: (s, i, _now, actions) => {
        forget(s, i)
        actions.trace(Trace.REJECTED.code, s.config.ports[i].port, s.wrong[i], s.wrongNumber[i], s.wrongAddress[i])
        setCapable(s, i, 0, actions)
      },
      exits: [{ when: (s, i) => !isWrong(s, i), to: "DETECT" }],
    },
  },
}

/** Whether a fast-hello port can tell of an active peer. */
export const FH = new Machine(fastHello, Trace.TRACE)

/** What the machine of a port is at. */
export const fhStateOf = (s: State, i: number): string => FH.stateNames[s.fhState[i]]
