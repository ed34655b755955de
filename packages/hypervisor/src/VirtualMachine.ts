/** What can be done to the VMs of a host: power, and the steps that a migration is made of. */
import * as NetworkStack from "@l2lab/l3/NetworkStack"
import * as GuestMemory from "./GuestMemory.ts"
import * as Host from "./Host.ts"
import type { VmConfig } from "./HostConfig.ts"
import * as NotifySwitches from "./NotifySwitches.ts"
import * as PortGroup from "./PortGroup.ts"
import * as Trace from "./Trace.ts"

/** What the guest's stack is made from. */
export const stackConfig = ({ mac, address, prefixLength, gateway }: VmConfig): NetworkStack.StackConfig => ({
  mac,
  address,
  prefixLength,
  ...(gateway === undefined ? {} : { gateway }),
})

/** What is in a slot; no slot, no machine. */
const at = (host: Host.HostState, slot: number): Host.VirtualMachine | null => host.machines[slot] ?? null

const enter = (context: Host.HostContext, machine: Host.VirtualMachine, state: Host.VmState): void => {
  machine.state = state
  traceState(context, machine, state)
}

const traceState = (context: Host.HostContext, machine: Host.VirtualMachine, state: Host.VmState | "removed"): void =>
  context.out.trace(Trace.VM_STATE.code, machine.config.id, Host.VM_STATES.indexOf(state), 0, 0)

/** Power a VM on; one that is not off, or finds no memory, stays as it is. Tells whether it runs now because of this. */
export const powerOn = (context: Host.HostContext, slot: number): boolean => {
  const { host, now } = context
  const machine = at(host, slot)
  if (machine === null || machine.state !== "off" || Host.freeMemoryMib(host) < machine.config.memoryMib) return false
  const port = Host.portOfSlot(host, slot)
  machine.stack = NetworkStack.make(stackConfig(machine.config), now)
  machine.memory = GuestMemory.make(machine.config)
  GuestMemory.run(machine.memory, now)
  enter(context, machine, "running")
  NotifySwitches.connect(context, port, machine.config.mac, machine.portGroup)
  NetworkStack.onUp(machine.stack, now, context.stackActions(port))
  return true
}

/** Stop the guest's timers, take its port off the vSwitch. */
const halt = (context: Host.HostContext, slot: number, machine: Host.VirtualMachine): void => {
  const port = Host.portOfSlot(context.host, slot)
  if (machine.stack !== null && machine.state === "running")
    NetworkStack.freeze(machine.stack, context.now, context.stackActions(port))
  if (context.host.ports.connected[port] === 1) NotifySwitches.disconnect(context, port)
  machine.stack = null
  machine.memory = null
}

/** Power a VM off as pulling its plug does. A shell is not a VM yet: it stays. Tells whether it was on. */
export const powerOff = (context: Host.HostContext, slot: number): boolean => {
  const machine = at(context.host, slot)
  if (machine === null || machine.state === "off" || machine.state === "shell") return false
  halt(context, slot, machine)
  enter(context, machine, "off")
  return true
}

/** Take a VM or a shell off this host for good; its slot is free. */
export const remove = (context: Host.HostContext, slot: number): void => {
  const machine = at(context.host, slot)
  if (machine === null) return
  halt(context, slot, machine)
  context.host.machines[slot] = null
  traceState(context, machine, "removed")
}

/** Stop the vCPUs: the guest writes nothing, hears nothing and its timers stand still. Its port stays connected. */
export const stun = (context: Host.HostContext, slot: number): void => {
  const machine = at(context.host, slot)
  if (machine === null || machine.state !== "running" || machine.stack === null || machine.memory === null) return
  GuestMemory.pause(machine.memory, context.now)
  NetworkStack.freeze(machine.stack, context.now, context.stackActions(Host.portOfSlot(context.host, slot)))
  enter(context, machine, "stunned")
}

/** Let a stunned VM go on where it is. */
export const resume = (context: Host.HostContext, slot: number): void => {
  const machine = at(context.host, slot)
  if (machine === null || machine.state !== "stunned" || machine.stack === null || machine.memory === null) return
  GuestMemory.run(machine.memory, context.now)
  enter(context, machine, "running")
  NetworkStack.thaw(machine.stack, context.now, context.stackActions(Host.portOfSlot(context.host, slot)))
}

/**
 * Make the shell of a VM that is to arrive: slot and memory are reserved, nothing runs, no page is there. The caller has checked
 * that slot, memory and port group exist. Returns the slot, -1 if there is none.
 */
export const makeShell = (context: Host.HostContext, config: VmConfig): number => {
  const { host } = context
  const slot = Host.freeSlot(host)
  const portGroup = PortGroup.find(host.portGroups, config.portGroup)
  if (slot < 0 || portGroup < 0) return -1
  const machine: Host.VirtualMachine = {
    config,
    state: "shell",
    portGroup,
    stack: null,
    memory: GuestMemory.makeAbsent(config),
  }
  host.machines[slot] = machine
  traceState(context, machine, "shell")
  return slot
}

/**
 * Bring a shell to life with the guest's stack as it arrived, frozen: its vCPUs run, its port is connected, and the host announces
 * its address. Its memory must be complete.
 */
export const start = (context: Host.HostContext, slot: number, stack: NetworkStack.NetworkStack): void => {
  const { host, now } = context
  const machine = at(host, slot)
  if (machine === null || machine.state !== "shell" || machine.memory === null) return
  const port = Host.portOfSlot(host, slot)
  machine.stack = stack
  GuestMemory.run(machine.memory, now)
  GuestMemory.stopLogging(machine.memory, now)
  enter(context, machine, "running")
  NotifySwitches.connect(context, port, machine.config.mac, machine.portGroup)
  NetworkStack.thaw(stack, now, context.stackActions(port))
}
