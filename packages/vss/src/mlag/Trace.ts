/** What the peers of a pair trace. */
import { defineMachine, type MachineTrace } from "@l2lab/l2/Machine"
import { define } from "@l2lab/sim/TraceEvent"
import { ROLES } from "./MlagPdu.ts"

/** States of the machine. */
const MACHINE_STATES: ReadonlyArray<string> = "INTACT HOLD LISTEN DUAL_ACTIVE TAKE_OVER RECOVER"
  .split(" ")
  .map((state) => `PLL ${state}`)

/** Why legs of vPCs are down, by bit of `reasons`. */
export const REASONS = ["vPC is not restored yet", "Peer-link is down", "configuration mismatch"] as const
/** The most telling of the reasons. */
export const reasonOf = (reasons: number): string =>
  (reasons & 4) !== 0 ? REASONS[2] : (reasons & 2) !== 0 ? REASONS[1] : (reasons & 1) !== 0 ? REASONS[0] : ""
/** Roles by number. */
export const ROLE_NAMES: ReadonlyArray<string> = ROLES
/** Why a peer is not taken for one, by number. */
export const REFUSALS = ["domain", "system"] as const

export const ROLE = define(0x420, "mlag.role", ["from", ROLES], ["to", ROLES], ["sticky", "number"])
/** The peers have, or have lost, each other on the peer-link. */
export const ADJACENCY = define(0x421, "mlag.adjacency", ["state", ["lost", "formed"]], ["domain", "number"])
export const PEER_LINK = define(0x422, "mlag.peer-link", ["port", "port"], ["state", ["down", "up"]], ["domain", "number"])
export const KEEPALIVE = define(0x423, "mlag.keepalive", ["state", ["failed", "received"]], ["domain", "number"])
/** The secondary hears a primary that it has no peer-link to: its legs go down. */
export const DUAL_ACTIVE = define(0x424, "mlag.dual-active", ["legs", "number"], ["orphans", "number"])
/** A leg is taken out of service, or put back. `reasons`: bits of REASONS. */
export const LEG = define(
  0x425,
  "mlag.leg",
  ["vpc", "number"],
  ["state", ["suspended", "in service"]],
  ["reasons", "number"],
  ["domain", "number"],
)
/** A leg of a vPC came up or went down, here (0) or at the peer (1). */
export const LEG_STATE = define(0x426, "mlag.leg-state", ["vpc", "number"], ["state", ["down", "up"]], ["at", ["here", "peer"]])
/** A consistency parameter is another at the peer, or no longer is; `vpc` 0: of the whole switch; `parameter`: a position in `Consistency.NAMES`. */
export const CONSISTENCY = define(
  0x427,
  "mlag.consistency",
  ["vpc", "number"],
  ["state", ["mismatch", "same"]],
  ["parameter", "number"],
  ["type", "number"],
)
/** Whoever is at the other end of the peer-link is no peer. */
export const REFUSED = define(0x428, "mlag.peer-refused", ["why", REFUSALS], ["own", "number"], ["theirs", "number"])
/** Legs come back `after` from now. */
export const DELAY_RESTORE = define(0x429, "mlag.delay-restore", ["after", "ns"])
export const AUTO_RECOVERY = define(0x42a, "mlag.auto-recovery", ["domain", "number"])
/** Detail. A frame that came over the peer-link was not sent out of a vPC whose leg at the peer is up. */
export const AVOIDED = define(0x42b, "mlag.loop-avoided", ["port", "port"])
/** Detail. The machine went from one state to another. */
export const MACHINE = defineMachine(0x42c, "mlag.machine", MACHINE_STATES)

/** What the machine is traced as. */
export const TRACE: MachineTrace = { code: MACHINE.code, states: MACHINE_STATES }

export const TRACE_DEFINITIONS = [
  ROLE,
  ADJACENCY,
  PEER_LINK,
  KEEPALIVE,
  DUAL_ACTIVE,
  LEG,
  LEG_STATE,
  CONSISTENCY,
  REFUSED,
  DELAY_RESTORE,
  AUTO_RECOVERY,
  AVOIDED,
  MACHINE,
]
