/** What dual-active detection traces, and the words that it has for states and reasons. */
import { defineMachine, type MachineTrace } from "@l2lab/l2/Machine"
import { define } from "@l2lab/sim/TraceEvent"
import { FAILURES, REFUSALS } from "../vslp/Trace.ts"

/** States of the machines, by the abbreviations of machines. */
export const MACHINE_STATES: ReadonlyArray<string> = Object.entries({
  FH: "DOWN DETECT CAPABLE REJECTED",
  BFD: "ADMIN_DOWN DOWN INIT UP",
}).flatMap(([machine, states]) => states.split(" ").map((state) => `${machine} ${state}`))

/** What told of the other active chassis, by number. */
export const METHODS = ["none", "fast hello", "BFD", "PAgP"] as const
/** One of them. */
export type Method = (typeof METHODS)[number]

/** A fast-hello port can tell of a peer that is active, or no longer. */
export const CAPABLE = define(0x440, "dual-active.capable", ["port", "port"], ["capable", "number"])
/** A fast-hello port has a wrong end. */
export const REJECTED = define(
  0x441,
  "dual-active.rejected",
  ["port", "port"],
  ["why", FAILURES],
  ["number", "number"],
  ["address", "mac"],
)
/** A BFD session came up, or went down. */
export const SESSION = define(0x442, "dual-active.bfd-session", ["port", "port"], ["up", "number"], ["discriminator", "number"])
/** Another chassis is active too; whether this one makes way. */
export const DETECTED = define(0x443, "dual-active.detected", ["by", METHODS], ["yields", "number"])
/** All ports go down that are not excepted, until the VSL is back. */
export const RECOVERY = define(0x444, "dual-active.recovery", ["by", METHODS])
/** A detection port brings frames that are refused, for the first time or for another reason than before. */
export const REFUSED = define(0x445, "dual-active.refused", ["port", "port"], ["why", REFUSALS])
/** Detail. A state machine went from one state to another. */
export const MACHINE = defineMachine(0x446, "dual-active.machine", MACHINE_STATES)

/** What the machines are traced as. */
export const TRACE: MachineTrace = { code: MACHINE.code, states: MACHINE_STATES }

export const TRACE_DEFINITIONS = [CAPABLE, REJECTED, SESSION, DETECTED, RECOVERY, REFUSED, MACHINE]
