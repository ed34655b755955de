/** What a chassis traces. Ports are its own link ports, as in what the world traces of it; what its bridge traces has ports of the pair. */
import { define } from "@l2lab/sim/TraceEvent"

/** What a chassis is doing, by number. */
export const MODES = ["booting", "active", "standby cold", "standby hot", "standby rpr", "recovery", "reloading"] as const
export type Mode = (typeof MODES)[number]

/** Why a chassis boots anew where VSLP has not said so, by number. */
export const RELOADS = ["VSLP", "an order", "the other chassis"] as const

export const MODE = define(0x410, "vss.mode", ["from", MODES], ["to", MODES], ["by", RELOADS])
/** A member of the virtual switch link failed: the others do not carry data for a while. */
export const REHASH = define(0x411, "vss.rehash", ["port", "port"], ["members", "number"], ["out", "ns"])
/** The standby has taken over what the active was doing, so many of its own ports being up, and so many of the other's gone. */
export const SWITCHOVER = define(0x412, "vss.switchover", ["ports", "number"], ["gone", "number"])
/** A line card failed or came back. */
export const LINE_CARD = define(0x413, "vss.line-card", ["card", "number"], ["state", ["failed", "back"]])
/** The standby is as the active is: a message of so many octets made it so. */
export const BULK_SYNC = define(0x414, "vss.bulk-sync", ["octets", "number"])
/** What the other chassis sent is not understood, and dropped. */
export const REFUSED = define(0x415, "vss.refused", ["port", "port"])

export const TRACE_DEFINITIONS = [MODE, REHASH, SWITCHOVER, LINE_CARD, BULK_SYNC, REFUSED]
