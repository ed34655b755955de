/**
 * Log lines of spanning tree, in the words of Catalyst switches (their system message guides; the dispute is Nexus switches'†). An inconsistency that
 * begins or ends is one event with the reasons before and after.
 */
import * as MacAddress from "@l2lab/l2/MacAddress"
import type { LogDefinition } from "@l2lab/sim/LogLine"
import * as Inconsistency from "./Inconsistency.ts"
import * as Trace from "./Trace.ts"

/** A line of severity 2 when a reason comes or goes; `text` of port and tree. */
const onReason = (
  bit: number,
  begins: boolean,
  mnemonic: string,
  text: (port: string, tree: string) => string,
): LogDefinition => ({
  definition: Trace.INCONSISTENT,
  facility: "SPANTREE",
  severity: 2,
  mnemonic,
  message: ({ a, b, c, d }, { portInFull, tree }) => {
    const had = (c & bit) !== 0
    const has = (d & bit) !== 0
    return had !== has && has === begins ? text(portInFull(a), tree(b)) : undefined
  },
})

/** A line of severity 2 when root guard (0) or loop guard (1) is set on a running port. */
const onGuardSet = (guard: number, mnemonic: string, name: string): LogDefinition => ({
  definition: Trace.GUARD_SET,
  facility: "SPANTREE",
  severity: 2,
  mnemonic,
  message: ({ a, b, c, d }, { portInFull, tree }) =>
    c === guard ? `${name} guard ${d === 1 ? "enabled" : "disabled"} on port ${portInFull(a)} on ${tree(b)}.` : undefined,
})

const vlanName = (vlan: number): string => `VLAN${String(vlan).padStart(4, "0")}`

/** A line about a frame of another VLAN, or (`peer` 0) of a trunk. */
const onPeerVlan = (
  severity: number,
  mnemonic: string,
  isOfTrunk: boolean,
  text: (port: string, vlan: number, peer: number) => string,
): LogDefinition => ({
  definition: Trace.PEER_VLAN,
  facility: "SPANTREE",
  severity,
  mnemonic,
  message: ({ a, b, c }, { portInFull }) => ((c === 0) === isOfTrunk ? text(portInFull(a), b, c) : undefined),
})

const pvstSim = (definition: typeof Trace.PVST_SUPERIOR, role: string, worth: string): LogDefinition => ({
  definition,
  facility: "SPANTREE",
  severity: 2,
  mnemonic: "PVSTSIM_FAIL",
  message: ({ a, b, c, d }, { port }) =>
    `Blocking ${role} port ${port(a)}: Inconsistent ${worth} PVST BPDU received on VLAN ${b}, claiming root ${c}:${MacAddress.formatDotted(d)}`,
})

/** The lines, for the registry. */
export const LOG: ReadonlyArray<LogDefinition> = [
  {
    definition: Trace.BPDU_GUARD,
    facility: "SPANTREE",
    severity: 2,
    mnemonic: "BLOCK_BPDUGUARD",
    message: ({ a }, { port }) => `Received BPDU on port ${port(a)} with BPDU Guard enabled. Disabling port.`,
  },
  onGuardSet(0, "ROOTGUARD_CONFIG_CHANGE", "Root"),
  onGuardSet(1, "LOOPGUARD_CONFIG_CHANGE", "Loop"),
  onReason(Inconsistency.ROOT, true, "ROOTGUARD_BLOCK", (port, tree) => `Root guard blocking port ${port} on ${tree}.`),
  onReason(Inconsistency.ROOT, false, "ROOTGUARD_UNBLOCK", (port, tree) => `Root guard unblocking port ${port} on ${tree}.`),
  onReason(Inconsistency.LOOP, true, "LOOPGUARD_BLOCK", (port, tree) => `Loop guard blocking port ${port} on ${tree}.`),
  onReason(Inconsistency.LOOP, false, "LOOPGUARD_UNBLOCK", (port, tree) => `Loop guard unblocking port ${port} on ${tree}.`),
  onReason(
    Inconsistency.BRIDGE_ASSURANCE,
    true,
    "BRIDGE_ASSURANCE_BLOCK",
    (port, tree) => `Bridge Assurance blocking port ${port} on ${tree}.`,
  ),
  onReason(
    Inconsistency.BRIDGE_ASSURANCE,
    false,
    "BRIDGE_ASSURANCE_UNBLOCK",
    (port, tree) => `Bridge Assurance unblocking port ${port} on ${tree}.`,
  ),
  onPeerVlan(
    2,
    "RECV_PVID_ERR",
    false,
    (port, vlan, peer) => `Received BPDU with inconsistent peer vlan id ${peer} on ${port} ${vlanName(vlan)}.`,
  ),
  onPeerVlan(
    2,
    "BLOCK_PVID_PEER",
    false,
    (port, _vlan, peer) => `Blocking ${port} on ${vlanName(peer)}. Inconsistent peer vlan.`,
  ),
  onPeerVlan(2, "BLOCK_PVID_LOCAL", false, (port, vlan) => `Blocking ${port} on ${vlanName(vlan)}. Inconsistent local vlan.`),
  onPeerVlan(7, "RECV_1Q_NON_TRUNK", true, (port, vlan) => `Received 802.1Q BPDU on non trunk ${port} ${vlanName(vlan)}.`),
  onPeerVlan(7, "BLOCK_PORT_TYPE", true, (port, vlan) => `Blocking ${port} on ${vlanName(vlan)}. Inconsistent port type.`),
  onReason(
    Inconsistency.PVID | Inconsistency.TYPE,
    false,
    "UNBLOCK_CONSIST_PORT",
    (port, tree) => `Unblocking ${port} on ${tree}. Port consistency restored.`,
  ),
  pvstSim(Trace.PVST_SUPERIOR, "designated", "superior"),
  pvstSim(Trace.PVST_INFERIOR, "root", "inferior"),
  onReason(Inconsistency.PVST, false, "PVSTSIM_OK", (port) => `PVST Simulation inconsistency cleared on port ${port}.`),
  {
    definition: Trace.DISPUTE,
    facility: "STP",
    severity: 2,
    mnemonic: "DISPUTE_DETECTED",
    message: ({ a, b }, { portInFull, tree }) => `Dispute detected on port ${portInFull(a)} on ${tree(b)}.`,
  },
  {
    definition: Trace.UPLINK_FAST,
    facility: "SPANTREE_FAST",
    severity: 7,
    mnemonic: "PORT_FWD_UPLINK",
    message: ({ a, b }, { portInFull, tree }) => `${tree(b)} ${portInFull(a)} moved to Forwarding (UplinkFast).`,
  },
]
