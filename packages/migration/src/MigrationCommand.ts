/** What a host can be told about migrations. The command goes to the host that runs the VM. */
import type { Ipv4Address } from "@l2lab/l3/Ipv4Address"
import type { Command } from "@l2lab/sim/Device"

/** Move a VM to another host. */
export interface VmotionStart extends Command {
  readonly type: "vmotion.start"
  /** The VM's id. */
  readonly vm: number
  /** Address of the destination's vMotion vmkernel interface. */
  readonly to: Ipv4Address
}

/** Give a migration up. From HANDOVER on it is too late: the command is ignored. */
export interface VmotionCancel extends Command {
  readonly type: "vmotion.cancel"
  readonly vm: number
}

/** All commands of migrations. */
export type MigrationCommand = VmotionStart | VmotionCancel

const TYPES: ReadonlySet<string> = new Set<MigrationCommand["type"]>(["vmotion.start", "vmotion.cancel"])

/** Whether a command is one of these. */
export const isMigrationCommand = (command: Command): command is MigrationCommand => TYPES.has(command.type)
