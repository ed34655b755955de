/** What VSLP traces, and the words that it has for states and reasons. */
import { defineMachine, type MachineTrace } from "@l2lab/l2/Machine"
import { define } from "@l2lab/sim/TraceEvent"
import { RELOAD_REASONS } from "./Actions.ts"
import { MODES, ROLES, STANDBY_STATES } from "./VslpPdu.ts"

/** States of the machines, by the abbreviations of machines. */
export const MACHINE_STATES: ReadonlyArray<string> = Object.entries({
  LMP: "DOWN DETECT SILENT CHECK OPERATIONAL UNIDIRECTIONAL REJECTED",
  RRP: "PRE_PARSE BRING_UP NEGOTIATE ACTIVE STANDBY_COLD STANDBY_HOT RECOVERY RELOADING",
}).flatMap(([machine, states]) => states.split(" ").map((state) => `${machine} ${state}`))

/** Why a VSL link is not used, by number. The first five are no fault of the cabling. */
export const FAILURES = [
  "none",
  "link down",
  "no hello received",
  "hello timeout",
  "unidirectional link",
  "looped back",
  "domain mismatch",
  "switch number conflict",
  "another chassis than on the other links",
  "no chassis at the other end",
] as const
/** One of them. */
export type Failure = (typeof FAILURES)[number]

/** Why a frame was refused, by number. */
export const REFUSALS = [
  "none",
  "Truncated",
  "BadVersion",
  "UnknownType",
  "BadLength",
  "BadChecksum",
  "BadField",
  "NotPeer",
] as const

/** What two chassis differ in, by bits: version 1, configuration 2, redundancy mode 4. */
export const MISMATCHES = [
  "nothing",
  "software versions",
  "configurations",
  "software versions and configurations",
  "redundancy modes",
  "software versions and redundancy modes",
  "configurations and redundancy modes",
  "software versions, configurations and redundancy modes",
] as const

/** A VSL link may be used, or no longer; and how many may now. */
export const MEMBER = define(0x400, "vslp.member", ["port", "port"], ["usable", "number"], ["members", "number"])
/** The chassis has another role, or hears that its peer has; and how the standby stands by. */
export const ROLE = define(0x401, "vslp.role", ["from", ROLES], ["to", ROLES], ["peer", ROLES], ["mode", MODES])
/** No link to the peer is left. */
export const VSL_DOWN = define(0x402, "vslp.vsl-down", ["role", ROLES])
/** A link is not used, or no longer; with what the other end says that it is. */
export const LINK_FAILED = define(
  0x403,
  "vslp.link-failed",
  ["port", "port"],
  ["why", FAILURES],
  ["number", "number"],
  ["address", "mac"],
)
/** The peer differs from us in what it must not for SSO. */
export const MISMATCH = define(0x404, "vslp.mismatch", ["what", MISMATCHES])
/** A link brings frames that are refused, for the first time or for another reason than before. */
export const REFUSED = define(0x405, "vslp.refused", ["port", "port"], ["why", REFUSALS])
/** How far the standby is: this chassis (0), or its peer (1). */
export const STANDBY = define(0x406, "vslp.standby", ["peer", "number"], ["state", STANDBY_STATES])
/** The chassis boots anew. */
export const RELOAD = define(0x407, "vslp.reload", ["why", RELOAD_REASONS])
/** RRP, and whatever chassis tell each other, goes by this link from now on. */
export const CONTROL_LINK = define(0x408, "vslp.control-link", ["port", "port"])
/** Nobody answered for as long as a chassis waits at boot. */
export const ALONE = define(0x409, "vslp.alone")
/** Detail. A state machine went from one state to another. */
export const MACHINE = defineMachine(0x40a, "vslp.machine", MACHINE_STATES)

/** What the machines are traced as. */
export const TRACE: MachineTrace = { code: MACHINE.code, states: MACHINE_STATES }

export const TRACE_DEFINITIONS = [
  MEMBER,
  ROLE,
  VSL_DOWN,
  LINK_FAILED,
  MISMATCH,
  REFUSED,
  STANDBY,
  RELOAD,
  CONTROL_LINK,
  ALONE,
  MACHINE,
]
