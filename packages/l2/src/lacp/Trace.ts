/** What LACP traces. */
import { define } from "@l2lab/sim/TraceEvent"
import { defineMachine, type MachineTrace } from "../Machine.ts"

/** States of the machines, by the abbreviations of machines. */
export const MACHINE_STATES: ReadonlyArray<string> = Object.entries({
  RX: "INITIALIZE PORT_DISABLED EXPIRED LACP_DISABLED DEFAULTED CURRENT",
  PTX: "NO_PERIODIC FAST_PERIODIC SLOW_PERIODIC PERIODIC_TX",
  MUX: "DETACHED WAITING ATTACHED COLLECTING_DISTRIBUTING",
  ACH: "ACTOR_CHURN_MONITOR NO_ACTOR_CHURN ACTOR_CHURN",
  PCH: "PARTNER_CHURN_MONITOR NO_PARTNER_CHURN PARTNER_CHURN",
}).flatMap(([machine, states]) => states.split(" ").map((state) => `${machine} ${state}`))

/** Why a port is, or is not, part of its bundle, by number. */
export const STANDINGS = ["unselected", "selected", "standby", "individual", "suspended"] as const
export type Standing = (typeof STANDINGS)[number]

/** Selection gave a port another standing; `beside`: the port whose partner its group is bundled with, where its own is another, else -1. */
export const SELECTION = define(
  0x190,
  "lacp.selection",
  ["port", "port"],
  ["from", STANDINGS],
  ["to", STANDINGS],
  ["beside", "port"],
)
/** A PDU came in by a port that cannot be read; told of the first. */
export const REFUSED = define(0x193, "lacp.refused", ["port", "port"])
/** A PDU came in by a port that is of the port's own system; told of the first. */
export const OWN_SYSTEM = define(0x194, "lacp.own-system", ["port", "port"])
/** A port was not in sync for a minute. */
export const CHURN = define(0x191, "lacp.churn", ["port", "port"], ["of", ["actor", "partner"]])
/** Detail. A state machine went from one state to another. */
export const MACHINE = defineMachine(0x192, "lacp.machine", MACHINE_STATES)

/** What the machines are traced as. */
export const TRACE: MachineTrace = { code: MACHINE.code, states: MACHINE_STATES }

export const TRACE_DEFINITIONS = [SELECTION, REFUSED, OWN_SYSTEM, CHURN, MACHINE]
