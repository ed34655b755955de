/**
 * UDLD's machine as a table: what a port is at, and what takes it elsewhere. RFC 5171 tells of it in words (sections 5 and 7†) and draws no
 * figure; the phases are those that `show udld` prints, and extended detection is what switches' debugging output shows†.
 */
import { HEARS_ME, IS_ME, MODES, type State } from "./State.ts"
import { judgePort } from "./Judgement.ts"
import type { Phase } from "./Trace.ts"

/** What happens to a port. */
export type Happening =
  /** It comes up with UDLD on, or UDLD is switched on; it goes down, or UDLD is switched off. */
  | "start"
  | "end"
  /** A message of a neighbour that was not known; of a known one that begins anew; any other. */
  | "new-neighbour"
  | "resynchronise"
  | "message"
  /** Time to judge. */
  | "timeout"
  /** One of several neighbours is forgotten; the last is, because it was silent, or because it said so. */
  | "one-gone"
  | "silence"
  | "flushed"
  /** An aggressive port has asked often enough. */
  | "retried"

/** From a phase to another, or to itself, which begins it anew. */
export interface Arc {
  readonly on: Happening
  readonly when?: (state: State, port: number) => boolean
  readonly to: Phase
}

const doesNotHearMe = (state: State, port: number): boolean => state.said[port] !== HEARS_ME
const allHearMe = (state: State, port: number): boolean => judgePort(state, port) === HEARS_ME
const isLoop = (state: State, port: number): boolean => judgePort(state, port) === IS_ME

/** The last neighbour is gone: ask for others. */
const ALONE: ReadonlyArray<Arc> = [
  { on: "silence", to: "link-up" },
  { on: "flushed", to: "link-up" },
]

/** The arcs out of each phase; the first one whose condition holds is taken. */
export const MACHINE: Readonly<Record<Phase, ReadonlyArray<Arc>>> = {
  inactive: [{ on: "start", to: "link-up" }],
  "link-up": [
    { on: "end", to: "inactive" },
    { on: "new-neighbour", to: "detection" },
    { on: "retried", to: "disabled" },
  ],
  detection: [
    { on: "end", to: "inactive" },
    { on: "new-neighbour", to: "detection" },
    { on: "timeout", when: allHearMe, to: "advertisement" },
    { on: "timeout", when: isLoop, to: "disabled" },
    { on: "timeout", to: "extended-detection" },
    ...ALONE,
  ],
  // Nobody may say once more that it does not hear the port. Who begins anew is no exception: a deaf neighbour does nothing else.
  "extended-detection": [
    { on: "end", to: "inactive" },
    { on: "new-neighbour", to: "detection" },
    { on: "resynchronise", when: doesNotHearMe, to: "disabled" },
    { on: "message", when: doesNotHearMe, to: "disabled" },
    { on: "resynchronise", when: allHearMe, to: "advertisement" },
    { on: "message", when: allHearMe, to: "advertisement" },
    { on: "one-gone", when: allHearMe, to: "advertisement" },
    ...ALONE,
  ],
  advertisement: [
    { on: "end", to: "inactive" },
    { on: "new-neighbour", to: "detection" },
    { on: "resynchronise", to: "detection" },
    { on: "message", when: doesNotHearMe, to: "detection" },
    ...ALONE,
  ],
  // Its link goes down at once, and that ends nothing: what was found stays to be read until the port comes up again.
  disabled: [{ on: "start", to: "link-up" }],
}

/** The arc that a port takes; undefined: it stays. */
export const arcOf = (state: State, port: number, phase: Phase, on: Happening): Arc | undefined =>
  MACHINE[phase].find((arc) => arc.on === on && (arc.when?.(state, port) ?? true))

/** Whether a port that has lost its neighbour goes on asking, and then gives up: only where the link had been proven. */
export const retries = (state: State, port: number): boolean =>
  MODES[state.mode[port]] === "aggressive" && state.proven[port] === 1
