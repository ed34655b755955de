/** What UDLD traces, and the words that it has for phases, states and reasons. */
import { define } from "@l2lab/sim/TraceEvent"

/** What a port is at (`Current operational state`), by number. */
export const PHASES = ["inactive", "link-up", "detection", "extended-detection", "advertisement", "disabled"] as const
export type Phase = (typeof PHASES)[number]

/** What UDLD makes of the link (`Current bidirectional state`), by number. */
export const STATES = ["unknown", "undetermined", "bidirectional", "unidirectional", "loop", "mismatch"] as const
export type LinkState = (typeof STATES)[number]

/** Why a port is taken out of service, by number, in the words of the log. */
export const REASONS = [
  "unidirectional link detected",
  "neighbor mismatch detected",
  "transmit/receive loop detected",
  "aggressive mode failure detected",
] as const

/** A port has come to another phase, or to the same once more. */
export const UDLD_PHASE = define(0x170, "udld.phase", ["port", "port"], ["phase", PHASES], ["state", STATES])
/** A port is taken out of service. */
export const UDLD_DISABLED = define(0x171, "udld.disabled", ["port", "port"], ["reason", REASONS])
/** A neighbour is heard that was not, with the address that its port sends from. */
export const UDLD_HEARD = define(0x172, "udld.heard", ["port", "port"], ["source", "mac"])
/** A neighbour said good-bye, or was not heard for too long. */
export const UDLD_GONE = define(0x173, "udld.gone", ["port", "port"], ["why", ["silent", "flushed"]])

export const TRACE_DEFINITIONS = [UDLD_PHASE, UDLD_DISABLED, UDLD_HEARD, UDLD_GONE]
