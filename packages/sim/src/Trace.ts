/** What `sim` itself traces: carriers, power, losses. */
import { define } from "./TraceEvent.ts"

export const CARRIER = define(0x001, "sim.carrier", ["port", "port"], ["state", ["down", "up"]])
export const POWER = define(0x002, "sim.power", ["state", ["off", "on", "silent"]])
/** Detail: frames that were in flight when their link went down. */
export const IN_FLIGHT_LOST = define(0x003, "sim.in-flight-lost", ["port", "port"], ["frames", "number"])

/** Detail: the half-duplex end of a link whose other end is full duplex sent into a frame that came in, for the so-manieth time with this one. */
export const COLLISION = define(0x004, "sim.collision", ["port", "port"], ["attempts", "number"], ["when", ["early", "late"]])

export const TRACE_DEFINITIONS = [CARRIER, POWER, IN_FLIGHT_LOST, COLLISION]
