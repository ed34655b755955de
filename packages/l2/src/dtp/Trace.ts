/** What DTP traces. */
import { define } from "@l2lab/sim/TraceEvent"

/** A port became a trunk by negotiation with a neighbour, or is none any more. */
export const DTP_TRUNK = define(0x180, "dtp.trunk", ["port", "port"], ["mode", ["access", "trunk"]], ["neighbour", "mac"])
/** A neighbour of another VTP domain: no trunk is negotiated. */
export const DTP_DOMAIN_MISMATCH = define(0x181, "dtp.domain-mismatch", ["port", "port"], ["neighbour", "mac"])

export const TRACE_DEFINITIONS = [DTP_TRUNK, DTP_DOMAIN_MISMATCH]
