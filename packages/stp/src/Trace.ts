/**
 * What spanning tree traces. Changes of states, roles, roots and topology are significant and enter the digest; every BPDU sent and
 * received is a detail for listeners.
 */
import { define } from "@l2lab/sim/TraceEvent"

/** Port states in the order of their codes (`stp1998/State`). */
export const PORT_STATES = ["disabled", "blocking", "listening", "learning", "forwarding"] as const
/** Port roles in the order of their codes. */
export const PORT_ROLES = ["disabled", "root", "designated", "blocked"] as const
/** How a bridge came to know of a topology change. */
export const TOPOLOGY_CHANGE_CAUSES = ["port", "new-root", "notification", "flag"] as const

export const PORT_STATE = define(
  0x201,
  "stp.port-state",
  ["port", "port"],
  ["tree", "number"],
  ["from", PORT_STATES],
  ["to", PORT_STATES],
)
export const ROLE = define(0x202, "stp.role", ["port", "port"], ["tree", "number"], ["from", PORT_ROLES], ["to", PORT_ROLES])
/** The bridge believes in another root. `port` is its root port, -1 when the bridge is the root itself. */
export const ROOT_CHANGED = define(
  0x203,
  "stp.root-changed",
  ["tree", "number"],
  ["priority", "number"],
  ["address", "mac"],
  ["port", "port"],
)
/** A topology change was detected here, notified by a neighbour, or flagged by the root. `port` is -1 where no single port is to blame. */
export const TOPOLOGY_CHANGE = define(
  0x204,
  "stp.topology-change",
  ["port", "port"],
  ["tree", "number"],
  ["cause", TOPOLOGY_CHANGE_CAUSES],
)
/** The topology change is over: ageing is back to what is configured. */
export const TOPOLOGY_CHANGE_OVER = define(0x205, "stp.topology-change-over", ["tree", "number"])
/** What a port knew of the root grew older than max age. */
export const AGED_OUT = define(0x206, "stp.aged-out", ["port", "port"], ["tree", "number"])

/** Details. */
export const CONFIG_SENT = define(
  0x210,
  "stp.config-sent",
  ["port", "port"],
  ["tree", "number"],
  ["root", "mac"],
  ["cost", "number"],
)
export const CONFIG_RECEIVED = define(
  0x211,
  "stp.config-received",
  ["port", "port"],
  ["tree", "number"],
  ["root", "mac"],
  ["cost", "number"],
)
export const TCN_SENT = define(0x212, "stp.tcn-sent", ["port", "port"], ["tree", "number"])
export const TCN_RECEIVED = define(0x213, "stp.tcn-received", ["port", "port"], ["tree", "number"])
/** A BPDU was not taken: octets that are none, a kind that this protocol does not speak, or older than its own max age. */
export const BPDU_DISCARDED = define(
  0x214,
  "stp.bpdu-discarded",
  ["port", "port"],
  ["why", ["malformed", "unknown-type", "too-old", "port-disabled", "tagged"]],
)

export const TRACE_DEFINITIONS = [
  PORT_STATE,
  ROLE,
  ROOT_CHANGED,
  TOPOLOGY_CHANGE,
  TOPOLOGY_CHANGE_OVER,
  AGED_OUT,
  CONFIG_SENT,
  CONFIG_RECEIVED,
  TCN_SENT,
  TCN_RECEIVED,
  BPDU_DISCARDED,
]
