/** What a host can be told. Services have commands of their own. */
import type { StackCommand } from "@l2lab/l3/StackCommand"
import type { Command } from "@l2lab/sim/Device"

/** Power a VM on (it announces itself) or off, as pulling its plug does. */
export interface VmPower extends Command {
  readonly type: "vm.power-on" | "vm.power-off"
  /** The VM's id; one that is not on this host is ignored. */
  readonly vm: number
}

/** A command for the IP stack of a guest: start a ping, send a datagram. A guest that does not run hears nothing. */
export interface GuestCommand extends Command {
  readonly type: "vm.guest"
  readonly vm: number
  readonly command: StackCommand
}

/** A command for the IP stack of a vmkernel interface (vmkping). */
export interface VmkernelCommand extends Command {
  readonly type: "vmkernel.stack"
  /** The interface's name: `vmk0`. */
  readonly vmkernel: string
  readonly command: StackCommand
}

/** All commands of hosts. */
export type HostCommand = VmPower | GuestCommand | VmkernelCommand

const TYPES: ReadonlySet<string> = new Set<HostCommand["type"]>(["vm.power-on", "vm.power-off", "vm.guest", "vmkernel.stack"])

/** Whether a command is one of a host's. */
export const isHostCommand = (command: Command): command is HostCommand => TYPES.has(command.type)
