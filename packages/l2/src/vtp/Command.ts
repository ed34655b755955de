/** Commands to VTP. */
import type { Command } from "@l2lab/sim/Device"
import type { Order } from "./Agent.ts"

/** `vtp mode`, `vtp domain`, `vtp password`, each where it is given. */
export interface VtpSet extends Command, Order {
  readonly type: "vtp.set"
}

/** Whether a command is one. */
export const isVtpSet = (command: Command): command is VtpSet => command.type === "vtp.set"
