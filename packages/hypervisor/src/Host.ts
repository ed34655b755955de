/**
 * The state of a host: plain data, owned by the host device. A host is one device: its NICs are the link ports, and everything
 * inside it (vSwitches, vmkernel interfaces, VMs, services) is state of that device with timers of its range.
 */
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import * as NetworkStack from "@l2lab/l3/NetworkStack"
import type { Outbox } from "@l2lab/sim/Device"
import type { SimTime } from "@l2lab/sim/SimTime"
import type { StackActions } from "@l2lab/l3/StackActions"
import * as GuestMemory from "./GuestMemory.ts"
import type { HostConfig, VmConfig, VmkernelConfig } from "./HostConfig.ts"
import * as PhysicalNic from "./PhysicalNic.ts"
import * as PortGroup from "./PortGroup.ts"
import * as VirtualPort from "./VirtualPort.ts"

/**
 * - `off`: in the inventory, nothing runs.
 * - `running`: its vCPUs run.
 * - `stunned`: its vCPUs stand still, it hears nothing and sends nothing; where it goes on is decided by a migration.
 * - `shell`: a place for a VM that is on its way here: memory and slot are reserved, its port is not connected.
 */
export type VmState = "off" | "running" | "stunned" | "shell"

/** VM_STATE's second operand, for `VmState` and `removed`. */
export const VM_STATES: ReadonlyArray<VmState | "removed"> = ["off", "running", "stunned", "shell", "removed"]

/** A VM, or the place of one, in a slot of this host. */
export interface VirtualMachine {
  readonly config: VmConfig
  state: VmState
  /** Index of its port group on this host. */
  readonly portGroup: number
  /** The guest's IP stack; null while it is off or a shell. */
  stack: NetworkStack.NetworkStack | null
  /** Null while it is off. */
  memory: GuestMemory.GuestMemory | null
}

/** Frames between two virtual ports of one host, waiting to be delivered, oldest first. Columns. */
export interface LocalFrames {
  readonly at: Array<SimTime>
  readonly from: Array<number>
  /** The port it is for, VirtualPort.NONE = every port of the VLAN but the sender's. */
  readonly to: Array<number>
  readonly frame: Array<EthernetFrame>
}

/** Frames that a host dropped, by reason. */
export interface HostCounters {
  /** Came in by a NIC that belongs to no vSwitch. */
  noSwitch: number
  /** No port of the vSwitch has the destination address in this VLAN: flooded by the physical switch, meant for others. */
  unknownDestination: number
  /** Came in by another uplink than the one that the port uses (reverse policy). */
  wrongUplink: number
  /** Came in with the source address of a port of this host (reflection filter). */
  reflected: number
  /** No uplink of the port's team has link. */
  noUplink: number
  /** Arrived for a VM that is stunned. */
  notRunning: number
  /** Sent by a VM whose port is not connected. */
  notConnected: number
}

/** Everything that a host is. */
export interface HostState {
  readonly config: HostConfig
  readonly portGroups: ReadonlyArray<PortGroup.PortGroup>
  readonly nics: PhysicalNic.PhysicalNics
  readonly ports: VirtualPort.VirtualPorts
  /** The stacks of the vmkernel interfaces: virtual ports 0 .. vmkernel.length - 1. */
  readonly vmkernel: ReadonlyArray<NetworkStack.NetworkStack>
  /** By slot; the VM of slot s is on virtual port vmkernel.length + s. */
  readonly machines: Array<VirtualMachine | null>
  readonly local: LocalFrames
  readonly counters: HostCounters
  /** The states of the services, in the order of the configuration. */
  readonly services: Array<unknown>
}

/** What host functions work with during one handler: the state, the instant and where requests go. */
export interface HostContext {
  readonly host: HostState
  readonly now: SimTime
  readonly out: Outbox<EthernetFrame>
  /** What the stack on a virtual port speaks through. */
  stackActions(port: number): StackActions
}

// Timers: one for local delivery, then a range for each virtual port, then the services.
export const TIMER_LOCAL = 0
/** Timers of a virtual port: those of its stack, and one for announcements. */
export const PORT_TIMERS = NetworkStack.TIMERS + 1
/** Within a port's range, behind the timers of its stack: the next frame of an announcement. */
export const TIMER_ANNOUNCE = NetworkStack.TIMERS
/** The device timer where the ranges of the virtual ports begin. */
export const FIRST_PORT_TIMER = 1

/** The device timer of a virtual port's timer. */
export const portTimer = (port: number, timer: number): number => FIRST_PORT_TIMER + port * PORT_TIMERS + timer

/** Number of virtual ports. */
export const portCount = (config: HostConfig): number => config.vmkernel.length + config.vmSlots

/** The first timer after those of the virtual ports. */
export const firstServiceTimer = (config: HostConfig): number => FIRST_PORT_TIMER + portCount(config) * PORT_TIMERS

/** What the stack of a vmkernel interface is made from. */
const stackConfig = ({ mac, address, prefixLength, gateway, mtu }: VmkernelConfig): NetworkStack.StackConfig => ({
  mac,
  address,
  prefixLength,
  ...(gateway === undefined ? {} : { gateway }),
  ...(mtu === undefined ? {} : { mtu }),
})

const broken = (sentence: string): never => {
  throw new Error(sentence)
}

/** A cold host: every VM in its slot and off. A configuration that contradicts itself throws: designs are checked before. */
export const make = (config: HostConfig, now: SimTime): HostState => {
  const portGroups = PortGroup.resolveAll(config)
  const groupOf = (name: string, who: string): number => {
    const index = PortGroup.find(portGroups, name)
    return index >= 0 ? index : broken(`${who} is on the port group "${name}", which its host does not have`)
  }
  if (config.vms.length > config.vmSlots) broken(`a host with ${config.vmSlots} VM slots is given ${config.vms.length} VMs`)
  config.vmkernel.forEach((vmkernel) => groupOf(vmkernel.portGroup, vmkernel.name))
  const machines: Array<VirtualMachine | null> = config.vms.map((vm) => ({
    config: vm,
    state: "off",
    portGroup: groupOf(vm.portGroup, `VM ${vm.id}`),
    stack: null,
    memory: null,
  }))
  while (machines.length < config.vmSlots) machines.push(null)
  return {
    config,
    portGroups,
    nics: PhysicalNic.make(config),
    ports: VirtualPort.make(portCount(config)),
    vmkernel: config.vmkernel.map((vmkernel) => NetworkStack.make(stackConfig(vmkernel), now)),
    machines,
    local: { at: [], from: [], to: [], frame: [] },
    counters: {
      noSwitch: 0,
      unknownDestination: 0,
      wrongUplink: 0,
      reflected: 0,
      noUplink: 0,
      notRunning: 0,
      notConnected: 0,
    },
    services: [],
  }
}

/** The slot of a VM by its id, -1 if it is not on this host. */
export const slotOf = (host: Readonly<HostState>, vm: number): number =>
  host.machines.findIndex((machine) => machine !== null && machine.config.id === vm)

/** The VM with this id, if it is on this host in any state. */
export const machineOf = (host: Readonly<HostState>, vm: number): VirtualMachine | undefined => {
  const slot = slotOf(host, vm)
  return slot < 0 ? undefined : (host.machines[slot] ?? undefined)
}

/** Whether the vCPUs of this VM run on this host. */
export const runs = (host: Readonly<HostState>, vm: number): boolean => machineOf(host, vm)?.state === "running"

/** The virtual port of a slot. */
export const portOfSlot = (host: Readonly<HostState>, slot: number): number => host.vmkernel.length + slot

/** The first empty slot, -1 if the host is full. */
export const freeSlot = (host: Readonly<HostState>): number => host.machines.indexOf(null)

/** MiB of memory that no VM that is on, and no shell, has reserved. */
export const freeMemoryMib = (host: Readonly<HostState>): number => {
  let free = host.config.memoryMib
  for (const machine of host.machines) if (machine !== null && machine.state !== "off") free -= machine.config.memoryMib
  return free
}

/** The index of the first vmkernel interface that is used for `use`, -1 without one. */
export const vmkernelFor = (config: HostConfig, use: "management" | "vmotion"): number =>
  config.vmkernel.findIndex((vmkernel) => vmkernel.services.includes(use))

/** The state of the service of this kind, undefined if the host does not have it. */
export const serviceState = (host: Readonly<HostState>, kind: string): unknown =>
  host.services[host.config.services.findIndex((service) => service.kind === kind)]
