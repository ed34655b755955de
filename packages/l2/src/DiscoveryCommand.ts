/** Commands to the protocols by which neighbours find each other. Ports count from 0. */
import type { Command } from "@l2lab/sim/Device"

/** The protocols that these are for. */
export type DiscoveryProtocol = "lldp" | "cdp"

export type DiscoveryCommand =
  /** `lldp run`, `cdp run`, and with `no`. */
  | { readonly type: `${DiscoveryProtocol}.run`; readonly on: boolean }
  /** `lldp transmit` and `lldp receive` on a port, and with `no`; `cdp enable` is both. What is absent stays as it was. */
  | {
      readonly type: `${DiscoveryProtocol}.set-port`
      readonly port: number
      readonly transmit?: boolean
      readonly receive?: boolean
    }

/** Whether a command is one of these to the protocol. */
export const isFor = (protocol: DiscoveryProtocol, command: Command): command is DiscoveryCommand =>
  command.type === `${protocol}.run` || command.type === `${protocol}.set-port`

/** Management is about to shut a port, which is still up. */
export const isShut = (command: Command): command is Command & { readonly port: number } => command.type === "port.shut"
