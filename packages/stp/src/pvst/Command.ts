/**
 * The management commands of PVST+ and Rapid PVST+: those of the machines, of a VLAN. Without `vlan` (or `tree`) a command is for all VLANs that have a
 * tree. Priorities are the four bits that are set; the VLAN is added.
 */
import type { VlanId } from "@l2lab/l2/BridgeConfig"
import type { Rstp2004Command } from "../rstp2004/Command.ts"
import type { Stp1998Command } from "../stp1998/Command.ts"

/** What the spanning trees of a bridge can be told. */
export type PvstCommand = (Stp1998Command | Rstp2004Command) & { readonly vlan?: VlanId; readonly tree?: number }

/** Whether a command may be of this protocol. */
export const isPvstCommand = (command: { readonly type: string }): command is PvstCommand => command.type.startsWith("stp.")
