/** The way that frames take now: cables between two places over ports that forward. Read from relays and carriers, not from the design. */
import { FORWARDING } from "@l2lab/l2/BridgeState"
import { bridgePortOf } from "@l2lab/design/Directory"
import * as Bridges from "../Bridges.ts"
import { badInput, type InputError } from "../Failure.ts"
import { didYouMean } from "@l2lab/design/Suggestion"
import { hypervisorState, locate, type Session } from "./Session.ts"
import * as HypervisorHost from "@l2lab/hypervisor/Host"
import { isUsable } from "@l2lab/vss/chassis/VirtualSwitchLink"

/** World ports where a host, VM or hypervisor is plugged in: of a VM the uplink that it uses, of a hypervisor all of them. */
export const attachments = (session: Session, name: string): ReadonlyArray<number> | InputError => {
  const { directory, simulation } = session
  const { portBase } = simulation.world
  const node = directory.nodeByName.get(name)
  if (node !== undefined) {
    const { kind, ports } = directory.nodes[node]
    return kind === "switch" || kind === "hub"
      ? badInput(`"${name}" is a ${kind}: a way begins and ends at a host, a VM or a hypervisor`)
      : ports.flatMap((port, index) => (port.link < 0 ? [] : [portBase[node] + index]))
  }
  const vm = directory.vmByName.get(name)
  if (vm === undefined) {
    const candidates = [...directory.nodeByName.keys(), ...directory.vmByName.keys()]
    return badInput(`nobody in the design ${directory.name} is called "${name}"${didYouMean(name, candidates)}`)
  }
  const at = locate(session, vm.id)
  const host = at === undefined ? null : hypervisorState(session, at)
  if (at === undefined || host === null) return []
  const uplink = host.ports.uplink[HypervisorHost.portOfSlot(host, HypervisorHost.slotOf(host, vm.id))]
  return uplink < 0 ? [] : [portBase[at] + uplink]
}

/** Whether a port passes data frames on: its carrier is up, and a bridge's spanning tree has it forwarding. */
const forwards = ({ directory, simulation: { world } }: Session, port: number): boolean => {
  if (world.carrier[port] === 0) return false
  const node = world.nodeOfPort[port]
  if (world.kinds[node] === "hub") return true
  const own = port - world.portBase[node]
  const chassis = Bridges.chassisOf(world, node)
  const vslLink = chassis?.config.vslp.links.indexOf(own) ?? -1
  if (chassis !== undefined && vslLink >= 0) return isUsable(chassis.vsl, vslLink)
  const state = Bridges.bridgeOf(world, node)
  return state !== null && (state.portStates[state.bridgePortOf[bridgePortOf(directory, node, own)]] & FORWARDING) !== 0
}

/** The world ports on the way from one attachment to another, both ends of each cable in order; empty when there is no way. */
export const between = (session: Session, from: number, to: number): ReadonlyArray<number> => {
  const { world } = session.simulation
  // Breadth first over the ports at which a frame comes in; in a tree the way found is the only one.
  const steps: Array<Step> = []
  const seen = new Set<number>()
  const step = (egress: number, before: Step | undefined): void => {
    const ingress = world.peer[egress]
    const node = ingress < 0 ? -1 : world.nodeOfPort[ingress]
    // Nothing passes through a host: it is entered by the port asked for, or not at all.
    const passes = node >= 0 && (Bridges.isBridge(world, node) || world.kinds[node] === "hub")
    if (node < 0 || seen.has(node) || (!passes && ingress !== to)) return
    seen.add(node)
    steps.push({ egress, ingress, before })
  }
  seen.add(world.nodeOfPort[from])
  step(from, undefined)
  for (let i = 0; i < steps.length; i++) {
    const { ingress } = steps[i]
    if (ingress === to) return portsOf(steps[i])
    if (!forwards(session, ingress)) continue
    const node = world.nodeOfPort[ingress]
    for (let egress = world.portBase[node]; egress < world.portBase[node + 1]; egress++) {
      if (egress !== ingress && forwards(session, egress)) step(egress, steps[i])
    }
  }
  return []
}

/** One cable of a way. */
interface Step {
  readonly egress: number
  readonly ingress: number
  readonly before: Step | undefined
}

const portsOf = (last: Step): ReadonlyArray<number> => {
  const ports: Array<number> = []
  for (let step: Step | undefined = last; step !== undefined; step = step.before) ports.unshift(step.egress, step.ingress)
  return ports
}
