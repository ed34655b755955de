/** What PAgP traces. */
import { define } from "@l2lab/sim/TraceEvent"
import { defineMachine, type MachineTrace } from "../Machine.ts"

/** What a port is at, by number. */
export const PHASES = ["DOWN", "WAITING", "INDIVIDUAL", "NEGOTIATING", "BUNDLED", "SHARED"] as const
export type Phase = (typeof PHASES)[number]

/** A port is part of its bundle, or no longer; why. */
export const STANDINGS = ["down", "waiting", "individual", "negotiating", "suspended", "bundled", "shared"] as const
export type Standing = (typeof STANDINGS)[number]

/** A port has another standing; `beside`: the port that its group's bundle is chosen by, -1 = none. */
export const STANDING = define(
  0x198,
  "pagp.standing",
  ["port", "port"],
  ["from", STANDINGS],
  ["to", STANDINGS],
  ["beside", "port"],
)
/** Enhanced PAgP: a neighbour tells back another active switch than before on a port; 0 = none. */
export const ACTIVE_ID = define(0x199, "pagp.active-id", ["port", "port"], ["was", "mac"], ["is", "mac"])
/** A message came in by a port that cannot be read; told of the first. */
export const REFUSED = define(0x19b, "pagp.refused", ["port", "port"])
/** Detail. The machine of a port went from one phase to another. */
export const MACHINE = defineMachine(0x19a, "pagp.machine", PHASES)

/** What the machine is traced as. */
export const TRACE: MachineTrace = { code: MACHINE.code, states: PHASES.map((phase) => `PGP ${phase}`) }

export const TRACE_DEFINITIONS = [STANDING, ACTIVE_ID, REFUSED, MACHINE]
