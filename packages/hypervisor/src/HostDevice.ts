/** The adapter between a host and the device seam: frames to vSwitches, timers to names, requests out. No decision is taken here. */
import type { EthernetFrame, Payload } from "@l2lab/l2/EthernetFrame"
import type { Ipv4Address } from "@l2lab/l3/Ipv4Address"
import * as NetworkStack from "@l2lab/l3/NetworkStack"
import type { Datagram, StackActions } from "@l2lab/l3/StackActions"
import { type Command, DeviceKind, type Outbox } from "@l2lab/sim/Device"
import type { SimTime } from "@l2lab/sim/SimTime"
import * as Host from "./Host.ts"
import { isHostCommand } from "./HostCommand.ts"
import type { HostConfig } from "./HostConfig.ts"
import * as HostCopy from "./HostCopy.ts"
import type { AnyHostServiceKind, HostActions } from "./HostService.ts"
import * as NotifySwitches from "./NotifySwitches.ts"
import * as PhysicalNic from "./PhysicalNic.ts"
import * as VirtualMachine from "./VirtualMachine.ts"
import * as VirtualSwitch from "./VirtualSwitch.ts"

/** The name of the kind in a world. */
export const KIND = "hypervisor-host"

type Kinds = ReadonlyMap<string, AnyHostServiceKind>

/** What the stack on one virtual port speaks through. Holds no state of a host: the context says whose handler is running. */
class PortActions implements StackActions {
  private readonly context: Context
  private readonly port: number

  constructor(context: Context, port: number) {
    this.context = context
    this.port = port
  }

  send(frame: EthernetFrame): void {
    VirtualSwitch.fromPort(this.context, this.port, frame)
  }
  startTimer(id: number, at: SimTime): void {
    this.context.out.startTimer(Host.portTimer(this.port, id), at)
  }
  stopTimer(id: number): void {
    this.context.out.stopTimer(Host.portTimer(this.port, id))
  }
  random(): number {
    return this.context.out.random()
  }
  trace(code: number, a: number, b: number, c: number, d: number): void {
    this.context.out.trace(code, a, b, c, d)
  }
  detail(code: number, a: number, b: number, c: number, d: number): void {
    this.context.out.detail(code, a, b, c, d)
  }
  get tracing(): boolean {
    return this.context.out.tracing
  }
  deliver(datagram: Datagram, now: SimTime): void {
    this.context.deliver(this.port, datagram, now)
  }
}

/** What one service speaks through. */
class ServiceActions implements HostActions {
  readonly context: Context
  private readonly index: number

  constructor(context: Context, index: number) {
    this.context = context
    this.index = index
  }

  sendDatagram(
    vmkernel: number,
    to: Ipv4Address,
    sourcePort: number,
    destinationPort: number,
    payload: Payload,
    payloadOctets: number,
  ): boolean {
    const { host, now } = this.context
    const actions = this.context.stackActions(vmkernel)
    return NetworkStack.sendDatagram(
      host.vmkernel[vmkernel],
      to,
      sourcePort,
      destinationPort,
      payload,
      payloadOctets,
      now,
      actions,
    )
  }
  startTimer(id: number, at: SimTime): void {
    this.context.out.startTimer(this.context.serviceTimer(this.index) + id, at)
  }
  stopTimer(id: number): void {
    this.context.out.stopTimer(this.context.serviceTimer(this.index) + id)
  }
  random(): number {
    return this.context.out.random()
  }
  trace(code: number, a: number, b: number, c: number, d: number): void {
    this.context.out.trace(code, a, b, c, d)
  }
  detail(code: number, a: number, b: number, c: number, d: number): void {
    this.context.out.detail(code, a, b, c, d)
  }
  get tracing(): boolean {
    return this.context.out.tracing
  }
}

/** First timer of service `index`; with the number of services, the end of all. */
const serviceTimer = (kinds: Kinds, config: HostConfig, index: number): number => {
  let timer = Host.firstServiceTimer(config)
  for (let i = 0; i < index; i++) timer += kindOf(kinds, config, i).timers(config.services[i].config, config)
  return timer
}

const kindOf = (kinds: Kinds, config: HostConfig, index: number): AnyHostServiceKind => {
  const kind = kinds.get(config.services[index].kind)
  if (kind === undefined)
    throw new Error(`a host runs the service "${config.services[index].kind}", which its kind does not know`)
  return kind
}

/** The handler that is running: set on entry, read during the call, worth nothing afterwards. One for all hosts of a kind. */
class Context implements Host.HostContext {
  host!: Host.HostState
  now: SimTime = 0
  out!: Outbox<EthernetFrame>
  private readonly kinds: Kinds
  private readonly ports: Array<PortActions> = []
  private readonly services: Array<ServiceActions> = []

  constructor(kinds: Kinds) {
    this.kinds = kinds
  }

  enter(host: Host.HostState, now: SimTime, out: Outbox<EthernetFrame>): this {
    this.host = host
    this.now = now
    this.out = out
    return this
  }
  stackActions(port: number): StackActions {
    while (this.ports.length <= port) this.ports.push(new PortActions(this, this.ports.length))
    return this.ports[port]
  }
  serviceActions(index: number): HostActions {
    while (this.services.length <= index) this.services.push(new ServiceActions(this, this.services.length))
    return this.services[index]
  }
  service(index: number): AnyHostServiceKind {
    return kindOf(this.kinds, this.host.config, index)
  }
  serviceTimer(index: number): number {
    return serviceTimer(this.kinds, this.host.config, index)
  }

  /** A datagram came in on a virtual port: services hear those for vmkernel interfaces. Guests run no programs yet. */
  deliver(port: number, datagram: Datagram, now: SimTime): void {
    const { services, vmkernel } = this.host
    if (port >= vmkernel.length) return
    for (let i = 0; i < services.length; i++) {
      const kind = this.service(i)
      if (kind.udpPorts.includes(datagram.destinationPort)) {
        kind.onDatagram(services[i], port, datagram, now, this.serviceActions(i))
        return
      }
    }
  }

  command(command: Command): void {
    const { host, now } = this
    if (isHostCommand(command)) this.hostCommand(command)
    for (let i = 0; i < host.services.length; i++)
      this.service(i).onCommand(host.services[i], command, now, this.serviceActions(i))
  }

  private hostCommand(command: Parameters<typeof isHostCommand>[0]): void {
    if (!isHostCommand(command)) return
    const { host, now } = this
    if (command.type === "vmkernel.stack") {
      const index = host.config.vmkernel.findIndex((vmkernel) => vmkernel.name === command.vmkernel)
      if (index >= 0) NetworkStack.onCommand(host.vmkernel[index], command.command, now, this.stackActions(index))
      return
    }
    const slot = Host.slotOf(host, command.vm)
    const machine = host.machines[slot]
    if (slot < 0 || machine === null) return
    if (command.type === "vm.guest") {
      if (machine.state === "running" && machine.stack !== null)
        NetworkStack.onCommand(machine.stack, command.command, now, this.stackActions(Host.portOfSlot(host, slot)))
    } else if (command.type === "vm.power-on") {
      if (VirtualMachine.powerOn(this, slot)) this.tellServices(command.vm, true)
    } else if (machine.state === "running" || machine.state === "stunned") {
      this.tellServices(command.vm, false)
      VirtualMachine.powerOff(this, slot)
    }
  }

  private tellServices(vm: number, on: boolean): void {
    const { host, now } = this
    for (let i = 0; i < host.services.length; i++) this.service(i).onPower(host.services[i], vm, on, now, this.serviceActions(i))
  }

  boot(): void {
    const { host, now } = this
    host.config.vmkernel.forEach((vmkernel, port) => {
      const portGroup = host.portGroups.findIndex((group) => group.name === vmkernel.portGroup)
      NotifySwitches.connect(this, port, vmkernel.mac, portGroup)
      NetworkStack.onUp(host.vmkernel[port], now, this.stackActions(port))
    })
    // The configuration says which VMs run when the world starts. A host that is switched on later starts none by itself, as ESXi
    // does without autostart: by then they may run elsewhere, and who restarts them is not the host's business.
    if (now > 0) return
    host.machines.forEach((machine, slot) => {
      if (machine !== null && machine.config.poweredOn !== false) VirtualMachine.powerOn(this, slot)
    })
  }

  timer(timer: number): void {
    const { host, now } = this
    if (timer === Host.TIMER_LOCAL) {
      VirtualSwitch.onLocalTimer(this)
      return
    }
    const first = Host.firstServiceTimer(host.config)
    if (timer < first) {
      const port = Math.floor((timer - Host.FIRST_PORT_TIMER) / Host.PORT_TIMERS)
      const id = timer - Host.portTimer(port, 0)
      if (id === Host.TIMER_ANNOUNCE) NotifySwitches.sendDue(this, port)
      else if (port < host.vmkernel.length) NetworkStack.onTimer(host.vmkernel[port], id, now, this.stackActions(port))
      else {
        const stack = host.machines[port - host.vmkernel.length]?.stack
        if (stack !== null && stack !== undefined) NetworkStack.onTimer(stack, id, now, this.stackActions(port))
      }
      return
    }
    let base = first
    for (let i = 0; i < host.services.length; i++) {
      const kind = this.service(i)
      const count = kind.timers(host.config.services[i].config, host.config)
      if (timer < base + count) {
        kind.onTimer(host.services[i], timer - base, now, this.serviceActions(i))
        return
      }
      base += count
    }
  }
}

/** The device kind of hosts that can run these services. */
export const hostKind = (services: ReadonlyArray<AnyHostServiceKind>): DeviceKind<Host.HostState, EthernetFrame, HostConfig> => {
  const kinds = new Map(services.map((service) => [service.kind, service]))
  const context = new Context(kinds)
  return new DeviceKind<Host.HostState, EthernetFrame, HostConfig>({
    kind: KIND,
    ports: (config) => config.uplinks,
    timers: (config) => serviceTimer(kinds, config, config.services.length),
    make: (config, now) => {
      const host = Host.make(config, now)
      config.services.forEach((service, i) => host.services.push(kindOf(kinds, config, i).make(service.config, config, now)))
      return host
    },
    onBoot: (host, now, out) => context.enter(host, now, out).boot(),
    onFrame: (host, port, frame, tci, now, out) => VirtualSwitch.fromUplink(context.enter(host, now, out), port, frame, tci),
    onTimer: (host, timer, now, out) => context.enter(host, now, out).timer(timer),
    onLink: (host, port, link, now, out) => {
      PhysicalNic.setLink(host.nics, port, link)
      NotifySwitches.onNicChange(context.enter(host, now, out), port)
    },
    onCommand: (host, command, now, out) => context.enter(host, now, out).command(command),
    copy: (host) => HostCopy.copy(host, kinds),
    fingerprint: (host, digest, now) => HostCopy.fingerprint(host, kinds, digest, now),
  })
}
