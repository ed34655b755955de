/** Commands to the protocols by which neighbours find each other. Ports count from 0. */
import type { Command } from "@l2lab/sim/Device"

export type DiscoveryCommand =
  /** `lldp transmit` and `receive`, `cdp enable`, on a port, and with `no`. */
  { readonly type: "lldp.set-enabled" | "cdp.set-enabled"; readonly port: number; readonly enabled: boolean }

/** Whether a command is one of these to the protocol. */
export const isFor = (protocol: "lldp" | "cdp", command: Command): command is DiscoveryCommand =>
  command.type === `${protocol}.set-enabled`

/** Management is about to shut a port, which is still up. */
export const isShut = (command: Command): command is Command & { readonly port: number } => command.type === "port.shut"
