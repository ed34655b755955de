/**
 * PAgP's machine as a table: what a port is at, and what takes it elsewhere. Cisco publishes what PAgP does in words (configuration guides, the
 * CISCO-PAGP-MIB) and draws no figure; `show pagp internal` numbers its states and says no more of them. The phases and their names are ours†, the times
 * and the outcomes Cisco's.
 */
import { NEVER, type SimTime } from "@l2lab/sim/SimTime"
import { ALONE, IN, OUT } from "../bundle/Bundles.ts"
import type { ControlActions } from "../ControlProtocol.ts"
import { type Figure, Machine } from "../Machine.ts"
import {
  FAST_HELLO,
  forgetPartner,
  hasPartner,
  isDesirable,
  isShared,
  isSilent,
  PAST,
  SILENT_WAIT,
  SLOW_HELLO,
  speaks,
  type State,
} from "./State.ts"
import { PHASES, type Phase, type Standing, TRACE } from "./Trace.ts"

const DOWN = PHASES.indexOf("DOWN")

/** Both ends name each other, one of them speaks first, and selection takes the port at both. */
const isAgreed = (s: State, i: number): boolean =>
  s.namesMe[i] === 1 && s.chosen[i] === 1 && s.partner.group[i] !== 0 && (isDesirable(s, i) || s.partnerAuto[i] === 0)

const hasNobody = (s: State, i: number): boolean => !hasPartner(s, i)

/** Speak at once, and every second from then on, if the port speaks at all. */
const speakFast = (s: State, i: number, now: SimTime): void => {
  s.ntt[i] = speaks(s, i) ? 1 : 0
  s.helloTimer[i] = speaks(s, i) ? now + FAST_HELLO : NEVER
}

const figure: Figure<State> = {
  abbreviation: "PGP",
  clause: "PAgP",
  begin: () => "DOWN",
  global: [{ when: (s, i) => s.portEnabled[i] === 0 && s.phase[i] !== DOWN, to: "DOWN" }],
  states: {
    DOWN: {
      entry: (s, i, _now, actions) => {
        forgetPartner(s, i)
        s.helloTimer[i] = s.interfaceTimer[i] = NEVER
        s.ntt[i] = 0
        actions.setMember(i, OUT)
      },
      exits: [{ when: (s, i) => s.portEnabled[i] === 1, to: "WAITING" }],
    },
    // Nobody is heard.
    WAITING: {
      entry: (s, i, now, actions) => {
        forgetPartner(s, i)
        s.interfaceTimer[i] = isSilent(s, i) ? now + SILENT_WAIT : NEVER
        speakFast(s, i, now)
        actions.setMember(i, OUT)
      },
      exits: [
        { when: hasPartner, to: "NEGOTIATING" },
        { when: (s, i) => s.interfaceTimer[i] === PAST, to: "INDIVIDUAL" },
      ],
    },
    // Nobody was heard for long enough: the other end does not run PAgP.
    INDIVIDUAL: {
      entry: (s, i, _now, actions) => {
        s.interfaceTimer[i] = NEVER
        actions.setMember(i, ALONE)
      },
      exits: [{ when: hasPartner, to: "NEGOTIATING" }],
    },
    NEGOTIATING: {
      entry: (s, i, now, actions) => {
        s.interfaceTimer[i] = NEVER
        speakFast(s, i, now)
        actions.setMember(i, OUT)
      },
      exits: [
        { when: hasNobody, to: "WAITING" },
        { when: isShared, to: "SHARED" },
        { when: isAgreed, to: "BUNDLED" },
      ],
    },
    BUNDLED: {
      entry: (s, i, now, actions: ControlActions) => {
        s.ntt[i] = 1
        s.helloTimer[i] = now + (s.config.ports[i]?.rate === "fast" ? FAST_HELLO : SLOW_HELLO)
        actions.setMember(i, IN)
      },
      exits: [
        { when: hasNobody, to: "WAITING" },
        { when: isShared, to: "SHARED" },
        { when: (s, i) => !isAgreed(s, i), to: "NEGOTIATING" },
      ],
    },
    // More than one neighbour is heard: what is bundled with one of them would be lost on the others.
    SHARED: {
      entry: (s, i, now, actions) => {
        speakFast(s, i, now)
        actions.setMember(i, ALONE)
      },
      exits: [
        { when: hasNobody, to: "WAITING" },
        { when: (s, i) => !isShared(s, i), to: "NEGOTIATING" },
      ],
    },
  },
}

/** The machine of each port. */
export const MACHINE = new Machine(figure, TRACE)

/** What the port is at. */
export const phaseOf = (s: State, i: number): Phase => PHASES[s.phase[i]]

const STANDING: Readonly<Record<Phase, Standing>> = {
  DOWN: "down",
  WAITING: "waiting",
  INDIVIDUAL: "individual",
  NEGOTIATING: "negotiating",
  BUNDLED: "bundled",
  SHARED: "shared",
}

/** Why the port is, or is not, part of its bundle. */
export const standingOf = (s: State, i: number): Standing => {
  const phase = phaseOf(s, i)
  return phase === "NEGOTIATING" && s.chosen[i] === 0 ? "suspended" : STANDING[phase]
}
