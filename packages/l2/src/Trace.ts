/** What `l2` traces. The CAM's doings are details: a storm moves an entry on every hop. */
import { define } from "@l2lab/sim/TraceEvent"
import * as ErrdisableCause from "./ErrdisableCause.ts"

/** Classes of traffic that storm control tells apart, and what it does, by number. */
export const STORM_CLASSES = ["broadcast", "multicast", "unicast", "unknown-unicast"] as const
export const STORM_ACTIONS = ["filter", "shutdown", "trap"] as const

/** Detail. */
export const CAM_LEARNT = define(0x101, "l2.cam-learnt", ["address", "mac"], ["vlan", "number"], ["port", "port"])
/** Detail. An address that was known on one port was seen on another. */
export const CAM_MOVED = define(0x102, "l2.cam-moved", ["address", "mac"], ["vlan", "number"], ["from", "port"], ["to", "port"])
/** Detail. A new address was not learnt because the table is full. */
export const CAM_FULL = define(0x103, "l2.cam-full", ["address", "mac"], ["vlan", "number"], ["port", "port"])
export const CAM_FLUSHED = define(0x104, "l2.cam-flushed", ["port", "port"], ["tree", "number"], ["entries", "number"])
export const AGEING = define(0x105, "l2.ageing", ["tree", "number"], ["ageing", "ns"])
export const ERRDISABLED = define(0x106, "l2.errdisabled", ["port", "port"], ["cause", ErrdisableCause.CAUSES])
/** Detail. Unknown unicast that was flooded in a VLAN from its tree's previous topology change (or from the start) to this one. */
export const FLOODED = define(0x107, "l2.flooded", ["vlan", "number"], ["frames", "number"], ["octets", "number"])
/** The time of a port that was out of service is over: it is brought up again. */
export const ERRDISABLE_RECOVERY = define(0x108, "l2.errdisable-recovery", ["port", "port"], ["cause", ErrdisableCause.CAUSES])
/** A VLAN exists from here on, or no longer. */
export const VLAN_CREATED = define(0x120, "l2.vlan-created", ["vlan", "number"])
export const VLAN_DELETED = define(0x121, "l2.vlan-deleted", ["vlan", "number"])
/** A port treats VLANs otherwise than before; `vlan` is that of its untagged frames. */
export const SWITCH_PORT = define(0x122, "l2.switch-port", ["port", "port"], ["mode", ["access", "trunk"]], ["vlan", "number"])

/** A class of traffic came in faster than the port's threshold; and no longer does, so many frames of it having been filtered so far. */
export const STORM = define(0x109, "l2.storm", ["port", "port"], ["class", STORM_CLASSES], ["action", STORM_ACTIONS])
export const STORM_OVER = define(0x10a, "l2.storm-over", ["port", "port"], ["class", STORM_CLASSES], ["filtered", "number"])
export const PSECURE_VIOLATION = define(0x10b, "l2.psecure-violation", ["port", "port"], ["address", "mac"], ["vlan", "number"])
/** A host has moved between ports several times within a while. */
export const MAC_FLAP = define(0x10c, "l2.mac-flap", ["address", "mac"], ["vlan", "number"], ["from", "port"], ["to", "port"])
export const CONTROL_PLANE = define(0x10d, "l2.control-plane", ["state", ["hung", "running"]], ["overdue", "number"])
/** Detail. A PDU was lost on its way to the processor. */
export const PDU_LOST = define(0x10e, "l2.pdu-lost", ["port", "port"])
/** PDUs come in faster than the port (or with `of` = switch all ports together) may hand them to the processor; told when that begins. */
export const PDU_LIMIT = define(0x10f, "l2.pdu-limit", ["port", "port"], ["of", ["port", "switch"]], ["rate", "number"])

/** What a member of a bundle is to the relay, by number. */
export const MEMBER_ROLES = ["out", "alone", "bundled"] as const
export const MEMBER = define(
  0x130,
  "l2.member",
  ["port", "port"],
  ["bundle", "port"],
  ["from", MEMBER_ROLES],
  ["to", MEMBER_ROLES],
)
/** A bundle came up or went down, with so many members. */
export const BUNDLE = define(
  0x131,
  "l2.bundle",
  ["bundle", "port"],
  ["state", ["down", "up"]],
  ["members", "number"],
  ["rateBps", "number"],
)

/** All upstream ports of a link-state group are down, or no longer. */
export const LINK_STATE_GROUP = define(0x132, "l2.link-state-group", ["group", "number"], ["state", ["down", "up"]])

export const TRACE_DEFINITIONS = [
  CAM_LEARNT,
  CAM_MOVED,
  CAM_FULL,
  CAM_FLUSHED,
  AGEING,
  ERRDISABLED,
  FLOODED,
  ERRDISABLE_RECOVERY,
  VLAN_CREATED,
  VLAN_DELETED,
  SWITCH_PORT,
  STORM,
  STORM_OVER,
  PSECURE_VIOLATION,
  MAC_FLAP,
  CONTROL_PLANE,
  PDU_LOST,
  PDU_LIMIT,
  MEMBER,
  BUNDLE,
  LINK_STATE_GROUP,
]
