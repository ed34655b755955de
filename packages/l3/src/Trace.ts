/** What IP stacks and end stations trace. */
import { define } from "@l2lab/sim/TraceEvent"

export const PING_STARTED = define(0x300, "l3.ping-started", ["run", "number"], ["target", "ipv4"], ["every", "ns"])
/** All probes of a run have been sent, and each was answered or lost. */
export const PING_ENDED = define(
  0x301,
  "l3.ping-ended",
  ["run", "number"],
  ["sent", "number"],
  ["received", "number"],
  ["lost", "number"],
)
/** A probe has not been answered in time. Its sequence counts from 0 and does not wrap. */
export const PING_LOST = define(0x302, "l3.ping-lost", ["run", "number"], ["sequence", "number"], ["target", "ipv4"])
/** An answer after more than one and a half intervals without any. */
export const PING_GAP = define(
  0x303,
  "l3.ping-gap",
  ["run", "number"],
  ["target", "ipv4"],
  ["gap", "ns"],
  ["unanswered", "number"],
)
/** Detail: a neighbour's MAC address has become known. */
export const ARP_RESOLVED = define(0x304, "l3.arp-resolved", ["address", "ipv4"], ["mac", "mac"])
/** A known neighbour has another MAC address now. */
export const ARP_MOVED = define(0x305, "l3.arp-moved", ["address", "ipv4"], ["from", "mac"], ["to", "mac"])
/** Nobody answered; the packets that waited are gone. */
export const ARP_FAILED = define(0x306, "l3.arp-failed", ["address", "ipv4"], ["packets", "number"])
/** Somebody else says that this stack's address is his. */
export const ADDRESS_CONFLICT = define(0x307, "l3.address-conflict", ["address", "ipv4"], ["mac", "mac"])
/** The stack told everyone where it is. */
export const ANNOUNCED = define(0x308, "l3.announced", ["by", ["arp", "rarp"]], ["mac", "mac"])
/** A command with values that make no sense changed nothing. */
export const COMMAND_REFUSED = define(0x309, "l3.command-refused", [
  "reason",
  ["frozen", "interval", "payload", "count", "timeout", "port", "destination", "target", "silent"],
])
/** An end station's traffic has sent its last frame, or was stopped; `frames` are all that the station has sent so far. */
export const TRAFFIC_ENDED = define(0x30a, "l3.traffic-ended", ["frames", "number"])

export const TRACE_DEFINITIONS = [
  PING_STARTED,
  PING_ENDED,
  PING_LOST,
  PING_GAP,
  ARP_RESOLVED,
  ARP_MOVED,
  ARP_FAILED,
  ADDRESS_CONFLICT,
  ANNOUNCED,
  COMMAND_REFUSED,
  TRAFFIC_ENDED,
]

/** The words of `l3.command-refused`, as the number that is traced. */
export const REFUSED = {
  frozen: 0,
  interval: 1,
  payload: 2,
  count: 3,
  timeout: 4,
  port: 5,
  destination: 6,
  target: 7,
  silent: 8,
} as const
