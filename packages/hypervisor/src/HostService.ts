/**
 * The seam by which something that a host does for itself plugs into it (vMotion today). `hypervisor` knows no migration: a host
 * kind is made with a list of service kinds, and a host's configuration says which of them it runs. A service is plain state in
 * the host's state, speaks UDP by the vmkernel interfaces, has a range of the device's timers, and acts through `HostActions`.
 */
import type { Payload } from "@l2lab/l2/EthernetFrame"
import type { Ipv4Address } from "@l2lab/l3/Ipv4Address"
import type { Datagram } from "@l2lab/l3/StackActions"
import type { Command } from "@l2lab/sim/Device"
import type { Digest } from "@l2lab/sim/Digest"
import type { SimTime } from "@l2lab/sim/SimTime"
import type { HostContext } from "./Host.ts"
import type { HostConfig } from "./HostConfig.ts"

/** Everything a service can do. Valid only during the call that it is passed to. */
export interface HostActions {
  /** The host itself, for the functions of `VirtualMachine.ts` and for reading. */
  readonly context: HostContext
  /** Send a datagram by a vmkernel interface; false when it cannot leave (see `NetworkStack.sendDatagram`). */
  sendDatagram(
    vmkernel: number,
    to: Ipv4Address,
    sourcePort: number,
    destinationPort: number,
    payload: Payload,
    payloadOctets: number,
  ): boolean
  /** Timers of the service's own range: 0 .. timers - 1. */
  startTimer(id: number, at: SimTime): void
  stopTimer(id: number): void
  /** A 32-bit unsigned number from the host's random stream. */
  random(): number
  trace(code: number, a: number, b: number, c: number, d: number): void
  detail(code: number, a: number, b: number, c: number, d: number): void
  readonly tracing: boolean
}

/** A kind of service. `Config` is plain data from the design, `State` plain data in the host's state. */
export interface HostServiceDefinition<State, Config> {
  /** For instance `vmotion`; a host's configuration names it. */
  readonly kind: string
  /** UDP ports that the service serves on every vmkernel interface. */
  readonly udpPorts: ReadonlyArray<number>
  /** Number of timers on this host. */
  readonly timers: (config: Config, host: HostConfig) => number
  readonly make: (config: Config, host: HostConfig, now: SimTime) => State
  /** A datagram for one of the service's ports came in by a vmkernel interface. */
  readonly onDatagram: (state: State, vmkernel: number, datagram: Datagram, now: SimTime, actions: HostActions) => void
  readonly onTimer: (state: State, timer: number, now: SimTime, actions: HostActions) => void
  /** Every command that the host gets; unknown ones are ignored. */
  readonly onCommand: (state: State, command: Command, now: SimTime, actions: HostActions) => void
  /** A VM is about to be switched off by a command, or was switched on. */
  readonly onPower: (state: State, vm: number, on: boolean, now: SimTime, actions: HostActions) => void
  readonly copy: (state: State) => State
  readonly fingerprint: (state: State, digest: Digest, now: SimTime) => void
}

/** A service kind as host kinds hold it; one class, so that calls stay cheap. */
export class HostServiceKind<State = unknown, Config = unknown> implements HostServiceDefinition<State, Config> {
  readonly kind: string
  readonly udpPorts: ReadonlyArray<number>
  readonly timers: (config: Config, host: HostConfig) => number
  readonly make: (config: Config, host: HostConfig, now: SimTime) => State
  readonly onDatagram: (state: State, vmkernel: number, datagram: Datagram, now: SimTime, actions: HostActions) => void
  readonly onTimer: (state: State, timer: number, now: SimTime, actions: HostActions) => void
  readonly onCommand: (state: State, command: Command, now: SimTime, actions: HostActions) => void
  readonly onPower: (state: State, vm: number, on: boolean, now: SimTime, actions: HostActions) => void
  readonly copy: (state: State) => State
  readonly fingerprint: (state: State, digest: Digest, now: SimTime) => void

  constructor(definition: HostServiceDefinition<State, Config>) {
    this.kind = definition.kind
    this.udpPorts = definition.udpPorts
    this.timers = definition.timers
    this.make = definition.make
    this.onDatagram = definition.onDatagram
    this.onTimer = definition.onTimer
    this.onCommand = definition.onCommand
    this.onPower = definition.onPower
    this.copy = definition.copy
    this.fingerprint = definition.fingerprint
  }
}

// oxlint-disable-next-line typescript/no-explicit-any
export type AnyHostServiceKind = HostServiceKind<any, any>
