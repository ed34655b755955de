/** Commands to DTP. Ports count from 0. */
import type { Command } from "@l2lab/sim/Device"
import type { Order } from "./Agent.ts"

/** `switchport mode`, `switchport nonegotiate`, each where it is given. */
export interface DtpSet extends Command, Order {
  readonly type: "dtp.set"
}

/** Whether a command is one. */
export const isDtpSet = (command: Command): command is DtpSet => command.type === "dtp.set"
