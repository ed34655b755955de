/** What `sim` itself traces: carriers, power, losses. */
import { define } from "./TraceEvent.ts"

export const CARRIER = define(0x001, "sim.carrier", ["port", "port"], ["state", ["down", "up"]])
export const POWER = define(0x002, "sim.power", ["state", ["off", "on", "silent"]])
/** Detail: frames that were in flight when their link went down. */
export const IN_FLIGHT_LOST = define(0x003, "sim.in-flight-lost", ["port", "port"], ["frames", "number"])

export const TRACE_DEFINITIONS = [CARRIER, POWER, IN_FLIGHT_LOST]
