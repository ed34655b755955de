/**
 * LMP, the Link Management Protocol: whether a link of the virtual switch link may be used. It must bring hellos of one chassis, of this domain, with the
 * other number, and that chassis must hear us by it. The figure is our own†; what it does is in Cisco's guides: integrity of the link, unidirectional
 * links rejected, switch numbers exchanged.
 */
import { Machine, type Figure } from "@l2lab/l2/Machine"
import { NEVER } from "@l2lab/sim/SimTime"
import type { VslpActions } from "./Actions.ts"
import { PAST, timesOf, type State } from "./State.ts"
import * as Trace from "./Trace.ts"

/** The number of a state in its column, for conditions that ask where a machine is. */
const DOWN = 0
const PRE_PARSE = 0

/** Whether LMP runs on a link: it has a carrier, and the chassis has read what it is for. */
const isUp = (s: State, i: number): boolean => s.up[i] === 1 && s.rrpState[0] !== PRE_PARSE

const isWrong = (s: State, i: number): boolean => s.wrong[i] !== 0
const isHeard = (s: State, i: number): boolean => s.heardNumber[i] !== 0
const isListed = (s: State, i: number): boolean => s.heardNumber[i] !== 0 && s.listsUs[i] === 1

const setUsable = (s: State, i: number, usable: 0 | 1, actions: VslpActions): void => {
  if (s.usable[i] === usable) return
  s.usable[i] = usable
  const members = s.usable.reduce((sum, bit) => sum + bit, 0)
  actions.trace(Trace.MEMBER.code, s.config.links[i], usable, members, 0)
  actions.memberChanged(i, usable === 1)
}

const fail = (s: State, i: number, why: Trace.Failure, actions: VslpActions): void => {
  s.failure[i] = Trace.FAILURES.indexOf(why)
  const [number, address] = isWrong(s, i) ? [s.wrongNumber[i], s.wrongAddress[i]] : [s.heardNumber[i], s.heardAddress[i]]
  actions.trace(Trace.LINK_FAILED.code, s.config.links[i], s.failure[i], number, address)
  setUsable(s, i, 0, actions)
}

/** Nobody is heard on a link any more. */
const forget = (s: State, i: number): void => {
  s.heardNumber[i] = s.heardLink[i] = s.listsUs[i] = 0
  s.heardAddress[i] = 0
  s.heardUntil[i] = NEVER
}

const stopTimers = (s: State, i: number): void => {
  s.silentWhile[i] = s.checkWhile[i] = NEVER
}

const lmp: Figure<State, VslpActions> = {
  abbreviation: "LMP",
  clause: "",
  begin: () => "DOWN",
  global: [{ when: (s, i) => !isUp(s, i) && s.lmpState[i] !== DOWN, to: "DOWN" }],
  states: {
    DOWN: {
      entry: (s, i, _now, actions) => {
        stopTimers(s, i)
        if (s.usable[i] === 1) fail(s, i, "link down", actions)
        forget(s, i)
        s.wrong[i] = s.refusal[i] = s.helloNow[i] = 0
        s.wrongUntil[i] = NEVER
      },
      exits: [{ when: isUp, to: "DETECT" }],
    },
    DETECT: {
      entry: (s, i, now, actions) => {
        stopTimers(s, i)
        if (s.usable[i] === 1) fail(s, i, "hello timeout", actions)
        forget(s, i)
        s.silentWhile[i] = now + timesOf(s).alone
        s.helloNow[i] = 1
      },
      exits: [
        { when: isWrong, to: "REJECTED" },
        { when: isHeard, to: "CHECK" },
        { when: (s, i) => s.silentWhile[i] === PAST, to: "SILENT" },
      ],
    },
    SILENT: {
      entry: (s, i, _now, actions) => {
        stopTimers(s, i)
        fail(s, i, "no hello received", actions)
      },
      exits: [
        { when: isWrong, to: "REJECTED" },
        { when: isHeard, to: "CHECK" },
      ],
    },
    CHECK: {
      entry: (s, i, now, actions) => {
        stopTimers(s, i)
        if (s.usable[i] === 1) fail(s, i, "unidirectional link", actions)
        s.checkWhile[i] = now + timesOf(s).bidirectional
        s.helloNow[i] = 1
      },
      exits: [
        { when: isWrong, to: "REJECTED" },
        { when: isListed, to: "OPERATIONAL" },
        { when: (s, i) => !isHeard(s, i), to: "DETECT" },
        { when: (s, i) => s.checkWhile[i] === PAST, to: "UNIDIRECTIONAL" },
      ],
    },
    OPERATIONAL: {
      entry: (s, i, _now, actions) => {
        stopTimers(s, i)
        s.failure[i] = 0
        s.helloNow[i] = 1
        setUsable(s, i, 1, actions)
      },
      exits: [
        { when: isWrong, to: "REJECTED" },
        { when: (s, i) => !isHeard(s, i), to: "DETECT" },
        { when: (s, i) => !isListed(s, i), to: "CHECK" },
      ],
    },
    UNIDIRECTIONAL: {
      entry: (s, i, _now, actions) => {
        stopTimers(s, i)
        fail(s, i, "unidirectional link", actions)
      },
      exits: [
        { when: isWrong, to: "REJECTED" },
        { when: isListed, to: "OPERATIONAL" },
        { when: (s, i) => !isHeard(s, i), to: "DETECT" },
      ],
    },
    REJECTED: {
      entry: (s, i, _now, actions) => {
        stopTimers(s, i)
        fail(s, i, Trace.FAILURES[s.wrong[i]], actions)
        forget(s, i)
        s.helloNow[i] = 1
      },
      exits: [{ when: (s, i) => !isWrong(s, i), to: "DETECT" }],
    },
  },
}

/** Whether a link may be used. */
export const LMP = new Machine(lmp, Trace.TRACE)

/** What the machine of a link is at. */
export const lmpStateOf = (s: State, i: number): string => LMP.stateNames[s.lmpState[i]]
