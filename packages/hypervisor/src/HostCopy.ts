/** Copying and fingerprinting a host's state, service states by their kinds. */
import * as NetworkStack from "@l2lab/l3/NetworkStack"
import type { Digest } from "@l2lab/sim/Digest"
import type { SimTime } from "@l2lab/sim/SimTime"
import * as GuestMemory from "./GuestMemory.ts"
import * as Host from "./Host.ts"
import type { AnyHostServiceKind } from "./HostService.ts"
import * as PhysicalNic from "./PhysicalNic.ts"
import * as VirtualPort from "./VirtualPort.ts"

type Kinds = ReadonlyMap<string, AnyHostServiceKind>

const copyMachine = (machine: Host.VirtualMachine): Host.VirtualMachine => ({
  ...machine,
  stack: machine.stack === null ? null : NetworkStack.copy(machine.stack),
  memory: machine.memory === null ? null : GuestMemory.copy(machine.memory),
})

/** An independent copy; configuration and frames are immutable and shared. */
export const copy = (host: Host.HostState, kinds: Kinds): Host.HostState => ({
  config: host.config,
  portGroups: host.portGroups,
  nics: PhysicalNic.copy(host.nics),
  ports: VirtualPort.copy(host.ports),
  vmkernel: host.vmkernel.map(NetworkStack.copy),
  machines: host.machines.map((machine) => (machine === null ? null : copyMachine(machine))),
  local: {
    at: host.local.at.slice(),
    from: host.local.from.slice(),
    to: host.local.to.slice(),
    frame: host.local.frame.slice(),
  },
  counters: { ...host.counters },
  services: host.services.map((service, i) => kinds.get(host.config.services[i].kind)?.copy(service)),
})

/** Fold what distinguishes this state into `digest`; the port hash is a cache and stays out. */
export const fingerprint = (host: Host.HostState, kinds: Kinds, digest: Digest, now: SimTime): void => {
  digest.numbers(host.nics.up)
  const { ports } = host
  for (let port = 0; port < ports.connected.length; port++) {
    digest.int(ports.connected[port])
    if (ports.connected[port] === 0) continue
    digest.int(ports.macHigh[port])
    digest.int(ports.macLow[port])
    digest.int(ports.portGroup[port])
    digest.int(ports.uplink[port])
    digest.int(ports.announced[port])
    if (ports.announced[port] >= 0) digest.number(ports.announcedAt[port] - now)
  }
  for (const stack of host.vmkernel) NetworkStack.fingerprint(stack, digest, now)
  for (const machine of host.machines) {
    digest.int(machine === null ? -1 : machine.config.id)
    if (machine === null) continue
    digest.int(Host.VM_STATES.indexOf(machine.state))
    digest.int(machine.portGroup)
    if (machine.stack !== null) NetworkStack.fingerprint(machine.stack, digest, now)
    if (machine.memory !== null) GuestMemory.fingerprint(machine.memory, digest, now)
  }
  digest.int(host.local.at.length)
  for (let i = 0; i < host.local.at.length; i++) {
    digest.number(host.local.at[i] - now)
    digest.int(host.local.from[i])
    digest.int(host.local.to[i])
    digest.number(host.local.frame[i].destination)
    digest.number(host.local.frame[i].source)
    digest.int(host.local.frame[i].wireOctets)
  }
  for (const count of Object.values(host.counters)) digest.number(count)
  host.services.forEach((service, i) => kinds.get(host.config.services[i].kind)?.fingerprint(service, digest, now))
}
