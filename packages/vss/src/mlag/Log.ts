/** Log lines of a vPC pair, in the words of NX-OS where logs that were published have them; the others are ours†. */
import type { LogDefinition } from "@l2lab/sim/LogLine"
import * as Consistency from "./Consistency.ts"
import * as Trace from "./Trace.ts"

const line = (
  definition: LogDefinition["definition"],
  severity: number,
  mnemonic: string,
  message: LogDefinition["message"],
  more: Partial<LogDefinition> = {},
): LogDefinition => ({ definition, facility: "VPC", severity, mnemonic, message, ...more })

/** The lines, for the registry. */
export const LOG: ReadonlyArray<LogDefinition> = [
  line(Trace.PEER_LINK, 3, "VPC_PEER_LINK_DOWN", ({ b }) => (b === 0 ? "VPC Peer-link is down" : undefined)),
  line(Trace.PEER_LINK, 5, "VPC_PEER_LINK_UP", ({ b }) => (b === 1 ? "VPC Peer-link is up" : undefined)),
  line(Trace.ADJACENCY, 5, "VPC_PEER_ADJACENCY", ({ a, b }) =>
    a === 1 ? `In domain ${b}, peer adjacency formed ok` : `In domain ${b}, vPC peer is not reachable over cfs`,
  ),
  line(Trace.KEEPALIVE, 2, "PEER_KEEP_ALIVE_RECV_FAIL", ({ a, b }) =>
    a === 0 ? `In domain ${b}, VPC peer keep-alive receive has failed` : undefined,
  ),
  line(Trace.KEEPALIVE, 6, "PEER_KEEP_ALIVE_RECV_SUCCESS", ({ a, b }) =>
    a === 1 ? `In domain ${b}, vPC peer keep-alive receive is successful` : undefined,
  ),
  line(Trace.DUAL_ACTIVE, 2, "VPC_SUSP_ALL_VPC", () => "Peer-link going down, suspending all vPCs on secondary"),
  line(Trace.ROLE, 5, "VPC_ROLE_CHANGE", ({ a, b, c }) => {
    const from = Trace.ROLE_NAMES[a]
    return `vPC role changed from ${from} to ${c === 1 && b === 1 ? "operational " : ""}${Trace.ROLE_NAMES[b]}`
  }),
  line(Trace.LEG, 3, "INTF_CONSISTENCY_FAILED", ({ a, b, c, d }) =>
    b === 0 && c > 1 ? `In domain ${d}, VPC ${a} configuration is not consistent (${Trace.reasonOf(c)})` : undefined,
  ),
  line(Trace.LEG, 5, "VPC_RESTORED", ({ a, b }) => (b === 1 ? `VPC ${a} is in service` : undefined)),
  line(Trace.CONSISTENCY, 2, "GLOBAL_CONSISTENCY_FAILED", ({ a, b, c, d }) =>
    a === 0 && b === 0 && d === 1 ? `Global configuration is not consistent (${Consistency.NAMES[c][0]})` : undefined,
  ),
  line(Trace.CONSISTENCY, 3, "INTF_CONSISTENCY_FAILED", ({ a, b, c, d }) =>
    a > 0 && b === 0 && d === 1 ? `VPC ${a} configuration is not consistent (${Consistency.NAMES[c][0]})` : undefined,
  ),
  line(Trace.CONSISTENCY, 4, "TYPE2_CONSISTENCY_FAILED", ({ a, b, c, d }) => {
    if (b === 1 || d === 1) return undefined
    return `${a === 0 ? "Global" : `VPC ${a}`} type 2 configuration is not consistent (${Consistency.NAMES[c][0]})`
  }),
  line(Trace.CONSISTENCY, 6, "CONSISTENCY_SUCCESS", ({ a, b, c }) =>
    b === 1 ? `${a === 0 ? "Global" : `VPC ${a}`} configuration is consistent (${Consistency.NAMES[c][0]})` : undefined,
  ),
  line(Trace.REFUSED, 2, "VPC_PEER_LINK_BRINGUP_FAILED", ({ a, b, c }) =>
    Trace.REFUSALS[a] === "domain"
      ? `vPC peer-link bring-up failed: vPC domain mismatch, ${b} here and ${c} at the other end`
      : `vPC peer-link bring-up failed: the other end is this switch, of domain ${b}`,
  ),
  line(Trace.DELAY_RESTORE, 5, "VPC_DELAY_RESTORE", ({ a }) => `vPCs are restored in ${a / 1e9} seconds`),
  line(Trace.AUTO_RECOVERY, 3, "VPC_AUTO_RECOVERY", ({ a }) => `In domain ${a}, auto-recovery: the peer is taken for dead`),
]
