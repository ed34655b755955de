/**
 * Why a bridge drops a frame, counted by port. Frames and octets sent and received, tail drops and FCS errors are counted by the
 * world's port rows; here is what only a bridge knows.
 */

/** The frame's VLAN does not exist on the bridge. */
export const UNKNOWN_VLAN = 0
/** The port is not a member of the frame's VLAN. */
export const INGRESS_FILTERED = 1
/** Untagged frames are refused on this port (a trunk whose native VLAN is not allowed, or that tags it). */
export const UNTAGGED_REFUSED = 2
/** The spanning tree has the ingress port blocking, listening, or (after learning the address) learning. */
export const PORT_BLOCKED = 3
/** The address is known to lie where the frame came from. */
export const SAME_PORT = 4
/** The one port that leads to the address does not forward, or is not a member of the VLAN. */
export const EGRESS_BLOCKED = 5
/** A static entry says so. */
export const STATIC_DISCARD = 6
/** A reserved group address that no protocol of this bridge answers to. */
export const RESERVED_ADDRESS = 7
/** The source address is a group address. */
export const GROUP_SOURCE = 8
/** Its class of traffic came in faster than the port's threshold. */
export const STORM_CONTROL = 9
/** The port takes no frames of its source address. */
export const PORT_SECURITY = 10
/** A PDU that its processor was too busy for, or beyond the port's rate, or that came while it hung. */
export const CONTROL_PLANE = 11

/** The names of the reasons, by number. */
export const DROP_REASONS = [
  "unknown VLAN",
  "VLAN not allowed on port",
  "untagged frame refused",
  "port blocked by spanning tree",
  "destination on ingress port",
  "egress port blocked",
  "static discard entry",
  "reserved group address",
  "group source address",
  "storm control",
  "port security",
  "lost before the processor",
] as const

/** Number of reasons: the width of a port's row of counters. */
export const REASONS = DROP_REASONS.length

/** Counters of a bridge with `ports` ports: index port * REASONS + reason. Doubles, since a storm passes 2^32. */
export const make = (ports: number): Float64Array => new Float64Array(ports * REASONS)
