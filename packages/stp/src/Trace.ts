/**
 * What spanning tree traces. Changes of states, roles, roots and topology are significant and enter the digest; every BPDU sent and
 * received is a detail for listeners.
 */
import { defineMachine } from "@l2lab/l2/Machine"
import { define } from "@l2lab/sim/TraceEvent"
import * as Inconsistency from "./Inconsistency.ts"

/** Port states in the order of their codes (`stp1998/State`). */
export const PORT_STATES = ["disabled", "blocking", "listening", "learning", "forwarding"] as const
/** Port roles in the order of their codes. */
export const PORT_ROLES = ["disabled", "root", "designated", "blocked"] as const
/** How a bridge came to know of a topology change. */
export const TOPOLOGY_CHANGE_CAUSES = ["port", "new-root", "notification", "flag"] as const

/** Why a BPDU was not taken, in the order of the codes in `Discard`. */
export const DISCARD_REASONS = [
  "malformed",
  "unknown-type",
  "too-old",
  "port-disabled",
  "tagged",
  "own",
  "truncated",
  "bad-protocol",
  // Of a tree per VLAN: no VLAN said; a VLAN that the port does not carry; another than the one it came in; a trunk's on an access port; any on a
  // port that is kept blocked.
  "no-pvid",
  "vlan-not-carried",
  "pvid-mismatch",
  "port-type",
  "inconsistent-port",
  // Of an RST or MST BPDU, which is taken all the same: it says nothing that is not over.
  "expired",
] as const

/** The same lists as traced: 802.1D-2004 has one state for 1998's first three, and two roles for its last one. */
const TRACED_PORT_STATES = [...PORT_STATES, "discarding"] as const
const TRACED_PORT_ROLES = [...PORT_ROLES, "alternate", "backup", "master"] as const

/** Codes of 802.1D-2004's port states, and of its roles by their values in `rstp2004/State`. */
export const STATE_LEARNING = TRACED_PORT_STATES.indexOf("learning")
export const STATE_FORWARDING = TRACED_PORT_STATES.indexOf("forwarding")
export const STATE_DISCARDING = TRACED_PORT_STATES.indexOf("discarding")
export const ROLE_OF_2004: ReadonlyArray<number> = (
  ["disabled", "root", "designated", "alternate", "backup", "master"] as const
).map((role) => TRACED_PORT_ROLES.indexOf(role))

/** Codes of causes. */
export const CAUSE_PORT = 0
export const CAUSE_NOTIFICATION = 2
export const CAUSE_FLAG = 3

/** States of the machines of 802.1D-2004 and 802.1Q-2005, by the abbreviations of machines: what a machine's state is called in a trace. */
export const MACHINE_STATES: ReadonlyArray<string> = Object.entries({
  PRX: "DISCARD RECEIVE",
  PPM: "CHECKING_RSTP SENSING SELECTING_STP",
  BDM: "EDGE NOT_EDGE",
  PIM: "DISABLED AGED UPDATE SUPERIOR_DESIGNATED REPEATED_DESIGNATED INFERIOR_DESIGNATED NOT_DESIGNATED OTHER CURRENT RECEIVE",
  PRT:
    "INIT_PORT DISABLE_PORT DISABLED_PORT ROOT_PROPOSED ROOT_AGREED REROOT ROOT_FORWARD ROOT_LEARN REROOTED ROOT_PORT " +
    "DESIGNATED_PROPOSE DESIGNATED_SYNCED DESIGNATED_RETIRED DESIGNATED_FORWARD DESIGNATED_LEARN DESIGNATED_DISCARD " +
    "DESIGNATED_PORT BLOCK_PORT BACKUP_PORT ALTERNATE_PROPOSED ALTERNATE_AGREED ALTERNATE_PORT " +
    "MASTER_PROPOSED MASTER_AGREED MASTER_SYNCED MASTER_RETIRED MASTER_FORWARD MASTER_LEARN MASTER_DISCARD MASTER_PORT " +
    "ROOT_SYNCED DESIGNATED_AGREED",
  PST: "DISCARDING LEARNING FORWARDING",
  TCM: "INACTIVE LEARNING DETECTED NOTIFIED_TCN NOTIFIED_TC PROPAGATING ACKNOWLEDGED ACTIVE",
  PTX: "TRANSMIT_INIT TRANSMIT_PERIODIC IDLE TRANSMIT_CONFIG TRANSMIT_TCN TRANSMIT_RSTP",
  PRS: "INIT_BRIDGE ROLE_SELECTION INIT_TREE",
}).flatMap(([machine, states]) => states.split(" ").map((state) => `${machine} ${state}`))

export const PORT_STATE = define(
  0x201,
  "stp.port-state",
  ["port", "port"],
  ["tree", "number"],
  ["from", TRACED_PORT_STATES],
  ["to", TRACED_PORT_STATES],
)
export const ROLE = define(
  0x202,
  "stp.role",
  ["port", "port"],
  ["tree", "number"],
  ["from", TRACED_PORT_ROLES],
  ["to", TRACED_PORT_ROLES],
)
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
/** A port is kept from forwarding in a tree, or is free again. */
export const INCONSISTENT = define(
  0x207,
  "stp.inconsistent",
  ["port", "port"],
  ["tree", "number"],
  ["from", Inconsistency.WORDS],
  ["to", Inconsistency.WORDS],
)
/** BPDU guard: a BPDU came in on a port on which none may. */
export const BPDU_GUARD = define(0x208, "stp.bpdu-guard", ["port", "port"])
/** A designated port heard a bridge with worse information that learns as if it were designated too: it cannot hear this one. */
export const DISPUTE = define(0x209, "stp.dispute", ["port", "port"], ["tree", "number"])
/** A frame of a tree per VLAN told of another VLAN than it came in, or came in on a port that is no trunk: before `stp.inconsistent` says so. */
export const PEER_VLAN = define(0x20a, "stp.peer-vlan", ["port", "port"], ["vlan", "number"], ["peer", "number"])
/** PVST simulation: a VLAN's BPDU claims a better root than the CIST's on a designated port, or a worse one on the root port. */
export const PVST_SUPERIOR = define(
  0x20d,
  "stp.pvst-superior",
  ["port", "port"],
  ["vlan", "number"],
  ["priority", "number"],
  ["root", "mac"],
)
export const PVST_INFERIOR = define(
  0x20e,
  "stp.pvst-inferior",
  ["port", "port"],
  ["vlan", "number"],
  ["priority", "number"],
  ["root", "mac"],
)
/** UplinkFast: another way to the root is used at once. */
export const UPLINK_FAST = define(0x20b, "stp.uplink-fast", ["port", "port"], ["tree", "number"])
/** BackboneFast: a neighbour claims to be the root though a better one was known; what comes of asking for that one. */
export const BACKBONE_FAST = define(
  0x20c,
  "stp.backbone-fast",
  ["port", "port"],
  ["tree", "number"],
  ["outcome", ["inferior", "root-is-there", "root-is-lost"]],
)
/** Management gave a running port root guard or loop guard, or took it away. */
export const GUARD_SET = define(
  0x20f,
  "stp.guard-set",
  ["port", "port"],
  ["tree", "number"],
  ["guard", ["root", "loop"]],
  ["to", ["disabled", "enabled"]],
)

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
/** A BPDU was not taken. */
export const BPDU_DISCARDED = define(0x214, "stp.bpdu-discarded", ["port", "port"], ["why", DISCARD_REASONS])
export const RST_SENT = define(0x215, "stp.rst-sent", ["port", "port"], ["tree", "number"], ["root", "mac"], ["cost", "number"])
export const RST_RECEIVED = define(
  0x216,
  "stp.rst-received",
  ["port", "port"],
  ["tree", "number"],
  ["root", "mac"],
  ["cost", "number"],
)
/** A state machine of 802.1D-2004 went from one state to another. */
export const MACHINE = defineMachine(0x217, "stp.machine", MACHINE_STATES)

export const TRACE_DEFINITIONS = [
  PORT_STATE,
  ROLE,
  ROOT_CHANGED,
  TOPOLOGY_CHANGE,
  TOPOLOGY_CHANGE_OVER,
  AGED_OUT,
  INCONSISTENT,
  BPDU_GUARD,
  DISPUTE,
  PEER_VLAN,
  PVST_SUPERIOR,
  PVST_INFERIOR,
  UPLINK_FAST,
  BACKBONE_FAST,
  GUARD_SET,
  CONFIG_SENT,
  CONFIG_RECEIVED,
  TCN_SENT,
  TCN_RECEIVED,
  BPDU_DISCARDED,
  RST_SENT,
  RST_RECEIVED,
  MACHINE,
]
