/**
 * Why a port is kept from learning and forwarding in a tree whatever its role there: it goes on as a Designated Port that discards and
 * speaks, and what it hears does not count. Reasons are bits, so that several can hold at once; the last one to go frees the port, which
 * then begins where any Designated Port begins.
 */

/** Nothing keeps the port. */
export const CONSISTENT = 0
/** PVST+: a BPDU came in a VLAN other than the one that it was sent in (`*PVID_Inc`). */
export const PVID = 1
/** PVST+: a BPDU of a trunk came in on a port that is none (`*TYPE_Inc`). */
export const TYPE = 2

/** MSTP beside PVST+: a VLAN's BPDU does not fit the CIST that stands for it (`*PVST_Inc`). */
export const PVST = 4

/** Root guard: someone behind the port claims to be better than what the port is designated for (`*ROOT_Inc`). */
export const ROOT = 8
/** Loop guard: the port was told where the root is, and is told no more (`*LOOP_Inc`). */
export const LOOP = 16
/** Bridge assurance: the other end of a network port is silent (`*BA_Inc`). */
export const BRIDGE_ASSURANCE = 32

/** Names by bit, as `show spanning-tree inconsistentports` has them. */
export const REASONS = [
  { bit: PVID, name: "pvid", label: "Port VLAN ID Mismatch", mark: "*PVID_Inc" },
  { bit: TYPE, name: "type", label: "Port Type Inconsistent", mark: "*TYPE_Inc" },
  { bit: PVST, name: "pvst", label: "PVST Sim. Inconsistent", mark: "*PVST_Inc" },
  { bit: ROOT, name: "root", label: "Root Inconsistent", mark: "*ROOT_Inc" },
  { bit: LOOP, name: "loop", label: "Loop Inconsistent", mark: "*LOOP_Inc" },
  { bit: BRIDGE_ASSURANCE, name: "bridge-assurance", label: "Bridge Assurance Inconsistent", mark: "*BA_Inc" },
] as const

/** `pvid`, `root` … */
export type Name = (typeof REASONS)[number]["name"]

/** The names of the bits that are set. */
export const names = (bits: number): ReadonlyArray<Name> => REASONS.flatMap(({ bit, name }) => ((bits & bit) === 0 ? [] : [name]))

/** Every set of bits as a word, by its value: `none`, `pvid`, `type`, `pvid+type`. */
export const WORDS: ReadonlyArray<string> = Array.from(
  { length: 1 << REASONS.length },
  (_, bits) => names(bits).join("+") || "none",
)
