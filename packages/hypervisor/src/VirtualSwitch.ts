/**
 * The vSwitches of a host. A vSwitch knows the addresses of its ports and learns nothing; it never relays from uplink to uplink,
 * so it needs no spanning tree and runs none. Frames between two of its ports stay inside; what it does not know leaves by the
 * sender's uplink. A frame that comes in with the source address of one of its own ports is a reflection and is dropped.
 */
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import * as NetworkStack from "@l2lab/l3/NetworkStack"
import { type DurationNs, MICROSECOND } from "@l2lab/sim/SimTime"
import { type HostContext, TIMER_LOCAL } from "./Host.ts"
import { NO_UPLINK } from "./TeamingPolicy.ts"
import * as Trace from "./Trace.ts"
import * as VirtualPort from "./VirtualPort.ts"

/** How long a frame takes between two ports of one host: a copy in memory. An assumption; nothing is published (docs/DEVIATIONS.md). */
export const LOCAL_DELIVERY_NS: DurationNs = 5 * MICROSECOND

/** DROPPED's first operand. */
const NO_SWITCH = 0
const UNKNOWN_DESTINATION = 1
const WRONG_UPLINK = 2
const NO_LINK = 3
const NOT_RUNNING = 4
const NOT_CONNECTED = 5

const dropped = (context: HostContext, reason: number, frame: EthernetFrame, vlan: number): void => {
  if (context.out.tracing) context.out.detail(Trace.DROPPED.code, reason, frame.destination, vlan, 0)
}

/** Hand a frame to the stack behind a connected port. */
const deliver = (context: HostContext, port: number, frame: EthernetFrame): void => {
  const { host, now } = context
  if (port < host.vmkernel.length) {
    NetworkStack.onFrame(host.vmkernel[port], frame, now, context.stackActions(port))
    return
  }
  const machine = host.machines[port - host.vmkernel.length]
  if (machine === null || machine.state !== "running" || machine.stack === null) {
    host.counters.notRunning++
    dropped(context, NOT_RUNNING, frame, host.ports.vlan[port])
    return
  }
  NetworkStack.onFrame(machine.stack, frame, now, context.stackActions(port))
}

/** A frame came in by a NIC. */
export const fromUplink = (context: HostContext, nic: number, frame: EthernetFrame, tci: number): void => {
  const { host } = context
  const { ports, counters } = host
  const vSwitch = host.nics.vSwitch[nic]
  const vlan = tci < 0 ? 0 : tci & 0x0fff
  if (vSwitch < 0) {
    counters.noSwitch++
    dropped(context, NO_SWITCH, frame, vlan)
    return
  }
  const own = VirtualPort.find(ports, frame.sourceHigh, frame.sourceLow)
  if (own !== VirtualPort.NONE && ports.vSwitch[own] === vSwitch) {
    counters.reflected++
    if (context.out.tracing) context.out.detail(Trace.REFLECTED.code, frame.source, vlan, nic, 0)
    return
  }
  if ((frame.destinationHigh & 0x0100) !== 0) {
    for (let port = 0; port < ports.connected.length; port++) {
      if (ports.connected[port] === 0 || ports.vSwitch[port] !== vSwitch || ports.vlan[port] !== vlan) continue
      if (ports.uplink[port] === nic || ports.onlySelectedUplink[port] === 0) deliver(context, port, frame)
      else counters.wrongUplink++
    }
    return
  }
  const port = VirtualPort.find(ports, frame.destinationHigh, frame.destinationLow)
  if (port === VirtualPort.NONE || ports.vSwitch[port] !== vSwitch || ports.vlan[port] !== vlan) {
    counters.unknownDestination++
    dropped(context, UNKNOWN_DESTINATION, frame, vlan)
  } else if (ports.uplink[port] !== nic && ports.onlySelectedUplink[port] === 1) {
    counters.wrongUplink++
    dropped(context, WRONG_UPLINK, frame, vlan)
  } else deliver(context, port, frame)
}

const deliverLocally = (context: HostContext, from: number, to: number, frame: EthernetFrame): void => {
  const { local } = context.host
  const at = context.now + LOCAL_DELIVERY_NS
  if (local.at.length === 0) context.out.startTimer(TIMER_LOCAL, at)
  local.at.push(at)
  local.from.push(from)
  local.to.push(to)
  local.frame.push(frame)
}

/** Whether another connected port is in the VLAN of this one. */
const hasLocalPeers = (ports: VirtualPort.VirtualPorts, from: number): boolean => {
  for (let port = 0; port < ports.connected.length; port++)
    if (port !== from && sameSegment(ports, from, port) && ports.connected[port] === 1) return true
  return false
}

const sameSegment = (ports: VirtualPort.VirtualPorts, a: number, b: number): boolean =>
  ports.vSwitch[a] === ports.vSwitch[b] && ports.vlan[a] === ports.vlan[b]

/** A stack or the host sends a frame from a virtual port. */
export const fromPort = (context: HostContext, port: number, frame: EthernetFrame): void => {
  const { ports, counters } = context.host
  if (ports.connected[port] === 0) {
    counters.notConnected++
    dropped(context, NOT_CONNECTED, frame, 0)
    return
  }
  if ((frame.destinationHigh & 0x0100) !== 0) {
    if (hasLocalPeers(ports, port)) deliverLocally(context, port, VirtualPort.NONE, frame)
  } else {
    const to = VirtualPort.find(ports, frame.destinationHigh, frame.destinationLow)
    if (to !== VirtualPort.NONE && sameSegment(ports, port, to)) {
      deliverLocally(context, port, to, frame)
      return
    }
  }
  const uplink = ports.uplink[port]
  if (uplink === NO_UPLINK) {
    counters.noUplink++
    dropped(context, NO_LINK, frame, ports.vlan[port])
    return
  }
  context.out.transmit(uplink, frame, ports.tci[port])
}

/** The timer of local delivery fired: hand over what is due. */
export const onLocalTimer = (context: HostContext): void => {
  const { local, ports } = context.host
  let due = 0
  while (due < local.at.length && local.at[due] <= context.now) due++
  const from = local.from.splice(0, due)
  const to = local.to.splice(0, due)
  const frames = local.frame.splice(0, due)
  local.at.splice(0, due)
  if (local.at.length > 0) context.out.startTimer(TIMER_LOCAL, local.at[0])
  for (let i = 0; i < due; i++) {
    if (to[i] !== VirtualPort.NONE) {
      if (ports.connected[to[i]] === 1) deliver(context, to[i], frames[i])
      continue
    }
    for (let port = 0; port < ports.connected.length; port++)
      if (port !== from[i] && ports.connected[port] === 1 && sameSegment(ports, from[i], port)) deliver(context, port, frames[i])
  }
}
