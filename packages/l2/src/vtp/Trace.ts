/** What VTP traces. */
import { define } from "@l2lab/sim/TraceEvent"

/** Whether the revision of a summary whose digest does not fit is the switch's own, or a higher one. */
export const REVISIONS = ["equal", "higher"] as const

/** The database was overwritten by one of a higher revision, which holds so many VLANs; `from` is who changed it last. */
export const VTP_UPDATED = define(
  0x160,
  "vtp.updated",
  ["port", "port"],
  ["revision", "number"],
  ["vlans", "number"],
  ["from", "ipv4"],
)
/** The switch is of another domain from here on; its name in four parts. */
export const VTP_DOMAIN = define(
  0x161,
  "vtp.domain",
  ["domain", "text"],
  ["domain 2", "text"],
  ["domain 3", "text"],
  ["domain 4", "text"],
)
/** A summary's digest does not fit the database that goes with it: another password, or another database. */
export const VTP_DIGEST = define(0x162, "vtp.digest", ["port", "port"], ["revision", REVISIONS], ["number", "number"])
/** The switch's own database has another revision after a change by management. */
export const VTP_REVISION = define(0x163, "vtp.revision", ["revision", "number"], ["vlans", "number"])

export const TRACE_DEFINITIONS = [VTP_UPDATED, VTP_DOMAIN, VTP_DIGEST, VTP_REVISION]
