/**
 * Which uplink each virtual port uses, and telling the physical network about it: whenever a port appears on an uplink, or moves to
 * another, the host broadcasts RARP with the port's address by the new uplink, so that every switch on the VLAN learns the way.
 * The host sends it, not the guest; a switch needs to see the source address only, and neighbours' ARP caches stay true.
 */
import * as Rarp from "@l2lab/l3/Rarp"
import { type DurationNs, MILLISECOND } from "@l2lab/sim/SimTime"
import { type HostContext, portTimer, TIMER_ANNOUNCE } from "./Host.ts"
import * as TeamingPolicy from "./TeamingPolicy.ts"
import * as Trace from "./Trace.ts"
import * as VirtualPort from "./VirtualPort.ts"

/** QEMU's schedule: delay k is 50 + 100 k ms. What ESXi does between repeats is not published; this is an assumption. */
export const ANNOUNCE_AFTER_NS: ReadonlyArray<DurationNs> = [0, 50, 200, 450, 800].map((ms) => ms * MILLISECOND)

const schedule = (context: HostContext): ReadonlyArray<DurationNs> => context.host.config.announceAfterNs ?? ANNOUNCE_AFTER_NS

/** The id of the VM on a virtual port, 0 for a vmkernel interface. */
const vmOn = (context: HostContext, port: number): number =>
  context.host.machines[port - context.host.vmkernel.length]?.config.id ?? 0

/** Start the announcement of a connected port, in place of one that is under way. */
export const announce = (context: HostContext, port: number): void => {
  const { ports, portGroups } = context.host
  if (!portGroups[ports.portGroup[port]].notifySwitches) return
  ports.announcedAt[port] = context.now
  ports.announced[port] = 0
  sendDue(context, port)
}

/** Send what is due of a port's announcement and set the timer for the rest; also the handler of that timer. */
export const sendDue = (context: HostContext, port: number): void => {
  const { ports } = context.host
  const delays = schedule(context)
  let nth = ports.announced[port]
  if (nth < 0) return
  while (nth < delays.length && ports.announcedAt[port] + delays[nth] <= context.now) sendRarp(context, port, nth++)
  ports.announced[port] = nth < delays.length ? nth : -1
  if (nth < delays.length) context.out.startTimer(portTimer(port, TIMER_ANNOUNCE), ports.announcedAt[port] + delays[nth])
  else context.out.stopTimer(portTimer(port, TIMER_ANNOUNCE))
}

const sendRarp = (context: HostContext, port: number, nth: number): void => {
  const { out, host } = context
  const { ports } = host
  const uplink = ports.uplink[port]
  if (uplink === TeamingPolicy.NO_UPLINK) return
  const mac = VirtualPort.macOf(ports, port)
  out.transmit(uplink, Rarp.announcement(mac), ports.tci[port])
  if (nth === 0) out.trace(Trace.RARP.code, mac, ports.vlan[port], uplink, vmOn(context, port))
  else out.detail(Trace.RARP_REPEATED.code, mac, ports.vlan[port], uplink, nth + 1)
}

/** Choose the uplink of a connected port anew. Announces it if it changed. */
export const chooseUplink = (context: HostContext, port: number): void => {
  const { ports, portGroups, nics } = context.host
  const before = ports.uplink[port]
  const after = TeamingPolicy.select(portGroups[ports.portGroup[port]].teaming, nics.up, port, before)
  if (after === before) return
  ports.uplink[port] = after
  context.out.trace(Trace.UPLINK.code, VirtualPort.macOf(ports, port), before, after, ports.vlan[port])
  if (after !== TeamingPolicy.NO_UPLINK) announce(context, port)
}

/** A NIC's link changed: every port of its vSwitch chooses again. */
export const onNicChange = (context: HostContext, nic: number): void => {
  const { ports, nics } = context.host
  for (let port = 0; port < ports.connected.length; port++)
    if (ports.connected[port] === 1 && ports.vSwitch[port] === nics.vSwitch[nic]) chooseUplink(context, port)
}

/** Connect a virtual port to its port group, choose its uplink and announce it. */
export const connect = (context: HostContext, port: number, mac: number, portGroup: number): void => {
  const group = context.host.portGroups[portGroup]
  VirtualPort.connect(context.host.ports, port, mac, portGroup, group.vSwitch, group.vlan, group.tci, group.teaming.reversePolicy)
  chooseUplink(context, port)
}

/** Disconnect a virtual port; its announcement ends. */
export const disconnect = (context: HostContext, port: number): void => {
  VirtualPort.disconnect(context.host.ports, port)
  context.out.stopTimer(portTimer(port, TIMER_ANNOUNCE))
}
