/** What LLDP traces. */
import { define } from "@l2lab/sim/TraceEvent"

/** A neighbour is heard that was not; `chassis` is 0 where it is known by something else than an address. */
export const LLDP_HEARD = define(0x140, "lldp.heard", ["port", "port"], ["chassis", "mac"])
/** A neighbour said good-bye, or was not heard for too long. */
export const LLDP_GONE = define(0x141, "lldp.gone", ["port", "port"], ["chassis", "mac"])

export const TRACE_DEFINITIONS = [LLDP_HEARD, LLDP_GONE]
