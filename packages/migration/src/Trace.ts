/** Trace events of migrations: area 6. Times in between are the events' own. */
import { define } from "@l2lab/sim/TraceEvent"
import { NAMES } from "./Reason.ts"

const AREA = 6 * 256

/** Source states, then destination states, as STATE shows them. */
export const SOURCE_STATES = ["CHECKING", "PREPARING", "PRECOPY", "STUN", "SENDING_LAST", "HANDOVER", "DONE", "FAILED"] as const
/** States of the destination's end, in their order. */
export const DESTINATION_STATES = ["CHECKING", "SHELL", "RECEIVING", "RESUMING", "RUNNING", "ABORTED"] as const

/** Source: the command was accepted. */
export const STARTED = define(AREA + 0, "migration.started", ["vm", "number"], ["to", "ipv4"], ["pages", "number"])

/** Source: the destination has no objection. */
export const CHECKED = define(AREA + 1, "migration.checked", ["vm", "number"], ["by", "ipv4"])

/** Destination: the shell exists. */
export const SHELL = define(AREA + 2, "migration.shell", ["vm", "number"], ["from", "ipv4"])

/** Source: a pre-copy round begins. Of its pages `zero` are zero pages, which take a few octets together. */
export const ROUND_STARTED = define(
  AREA + 3,
  "migration.round-started",
  ["vm", "number"],
  ["round", "number"],
  ["pages", "number"],
  ["zero", "number"],
)

/** Source: the destination has every page of the round; meanwhile `dirty` pages were written. */
export const ROUND = define(
  AREA + 4,
  "migration.round",
  ["vm", "number"],
  ["round", "number"],
  ["dirty", "number"],
  ["duration", "ns"],
)

/** Source: the vCPUs stand still; `dirty` pages are to be sent. */
export const STUNNED = define(AREA + 5, "migration.stunned", ["vm", "number"], ["dirty", "number"])

/** Source: last pages and device state have arrived; the destination is told to resume. The point of no return. */
export const LAST_SENT = define(
  AREA + 6,
  "migration.last-sent",
  ["vm", "number"],
  ["pages", "number"],
  ["state octets", "number"],
)

/** Destination: the vCPUs run. */
export const RESUMED = define(AREA + 7, "migration.resumed", ["vm", "number"], ["from", "ipv4"])

/** Source: the VM is gone from here. */
export const REMOVED = define(AREA + 8, "migration.removed", ["vm", "number"], ["to", "ipv4"], ["duration", "ns"])

/** Source: refused or given up; the VM goes on here if it ran. */
export const FAILED = define(AREA + 9, "migration.failed", ["vm", "number"], ["reason", NAMES], ["in", SOURCE_STATES])

/** Destination: given up; the shell is gone. */
export const ABORTED = define(AREA + 10, "migration.aborted", ["vm", "number"], ["reason", NAMES], ["in", DESTINATION_STATES])

/** A session's state. Detail. */
export const STATE = define(
  AREA + 11,
  "migration.state",
  ["vm", "number"],
  ["role", ["source", "destination"]],
  ["state", "number"],
)

/** A segment was sent again. Detail. */
export const RETRANSMITTED = define(
  AREA + 12,
  "migration.retransmitted",
  ["vm", "number"],
  ["sequence", "number"],
  ["because", ["duplicate acknowledgements", "timeout"]],
)

/** Source: the command waits until another migration has ended. */
export const QUEUED = define(AREA + 13, "migration.queued", ["vm", "number"], ["to", "ipv4"], ["ahead", "number"])

/** All of them, for the registry of a world. */
export const TRACE_DEFINITIONS = [
  STARTED,
  CHECKED,
  SHELL,
  ROUND_STARTED,
  ROUND,
  STUNNED,
  LAST_SENT,
  RESUMED,
  REMOVED,
  FAILED,
  ABORTED,
  STATE,
  RETRANSMITTED,
  QUEUED,
]
