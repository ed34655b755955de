/** What VSLP traces. */
import { define } from "@l2lab/sim/TraceEvent"
import { ROLES } from "./VslpPdu.ts"

/** A link of the virtual switch link may be used, or no longer. */
export const MEMBER = define(0x400, "vslp.member", ["port", "port"], ["usable", "number"])
/** The chassis has another role, its peer, or how it stands by. */
export const ROLE = define(0x401, "vslp.role", ["from", ROLES], ["to", ROLES], ["peer", ROLES])
/** No link to the peer is left. */
export const PEER_LOST = define(0x402, "vslp.peer-lost", ["role", ROLES])

export const TRACE_DEFINITIONS = [MEMBER, ROLE, PEER_LOST]
