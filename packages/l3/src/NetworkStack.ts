/**
 * An IPv4 stack on one Ethernet adapter: ARP, ICMP echo and ping, UDP. A component: whatever holds it (an end station, a guest, a
 * vmkernel interface) keeps its state, gives it a range of `TIMERS` timers and a `StackActions`, and hands it every frame that its
 * adapter sees, untagged.
 *
 * What it leaves out: fragmentation (a packet past the MTU is refused and counted; fragments that come in are dropped and counted),
 * multicast groups, IP options, ICMP errors (a datagram for a port that nobody serves is dropped by its receiver without a word),
 * and loopback (nothing can be sent to the own address).
 *
 * A transport joins as a body kind of `Ipv4.ts`, an arm in `onIpv4` and timers added to `TIMERS`; it sends through `Ipv4Output.ts`.
 */
import type { EthernetFrame, Payload } from "@l2lab/l2/EthernetFrame"
import * as MacAddress from "@l2lab/l2/MacAddress"
import { isStructured } from "@l2lab/l2/PayloadCodec"
import * as Protocol from "@l2lab/l2/Protocol"
import type { Digest } from "@l2lab/sim/Digest"
import type { SimTime } from "@l2lab/sim/SimTime"
import { NEVER } from "@l2lab/sim/SimTime"
import type { ArpPayload } from "./Arp.ts"
import * as Arp from "./Arp.ts"
import * as ArpCache from "./ArpCache.ts"
import type { IcmpEcho } from "./Icmp.ts"
import * as Icmp from "./Icmp.ts"
import * as Ipv4 from "./Ipv4.ts"
import type { Ipv4Address } from "./Ipv4Address.ts"
import { LIMITED_BROADCAST } from "./Ipv4Address.ts"
import { isBroadcast, sendPacket } from "./Ipv4Output.ts"
import type { NetworkStack, StackConfig } from "./NetworkStackState.ts"
import * as State from "./NetworkStackState.ts"
import type { PingRun } from "./Ping.ts"
import * as Ping from "./Ping.ts"
import * as PingRuns from "./PingRuns.ts"
import * as Rarp from "./Rarp.ts"
import type { StackActions } from "./StackActions.ts"
import type { StackCommand, UdpSend } from "./StackCommand.ts"
import * as Trace from "./Trace.ts"
import * as Udp from "./Udp.ts"

export type { NetworkStack, StackConfig } from "./NetworkStackState.ts"
export { COUNTERS, TIMERS } from "./NetworkStackState.ts"

/** A stack's counters by name. `droppedUnresolved`: packets whose neighbour did not answer, or for which too many waited. */
export type Counters = Readonly<Record<(typeof State.COUNTERS)[number] | "droppedUnresolved", number>>

/** A cold stack: adapter down, nothing in the caches. */
export const make = (config: StackConfig, _now: SimTime): NetworkStack => ({
  config,
  up: false,
  frozen: false,
  arp: ArpCache.make(),
  pings: [],
  pingDueAt: NEVER,
  nextIdentification: 1,
  counters: new Float64Array(State.COUNTERS.length),
})

/** The adapter has its link. Nothing is sent for it. */
export const onUp = (stack: NetworkStack, _now: SimTime, _actions: StackActions): void => {
  stack.up = true
}

/** The adapter has lost its link: neighbours are forgotten, as Linux does without carrier; ping runs go on and count their losses. */
export const onDown = (stack: NetworkStack, _now: SimTime, actions: StackActions): void => {
  stack.up = false
  ArpCache.flush(stack.arp, State.ARP_TIMER, actions)
}

/** The largest UDP payload that fits into one packet. */
export const maximumDatagramOctets = (stack: NetworkStack): number =>
  (stack.config.mtu ?? State.DEFAULT_MTU) - Ipv4.HEADER_OCTETS - Udp.HEADER_OCTETS

/**
 * Send a UDP datagram. False when it cannot leave: link down, stack frozen, no route, or larger than the MTU. While the
 * destination's MAC address is being resolved a bounded number of packets waits, the oldest giving way; once it is known nothing
 * is lost here, also while the entry is being confirmed anew. `payloadOctets` is what the payload takes on the wire.
 */
export const sendDatagram = (
  stack: NetworkStack,
  to: Ipv4Address,
  sourcePort: number,
  destinationPort: number,
  payload: Payload,
  payloadOctets: number,
  now: SimTime,
  actions: StackActions,
): boolean =>
  sendPacket(
    stack,
    to,
    Ipv4.UDP,
    { kind: "udp", sourcePort, destinationPort, payload, payloadOctets },
    Udp.HEADER_OCTETS + payloadOctets,
    now,
    actions,
  )

/** Broadcast a RARP request for the own MAC address, as ESXi does for a VM that has moved. */
export const announceRarp = (stack: NetworkStack, actions: StackActions): void => announce(stack, true, actions)

/** Broadcast an ARP request for the own address. */
export const gratuitousArp = (stack: NetworkStack, actions: StackActions): void => announce(stack, false, actions)

const announce = (stack: NetworkStack, byRarp: boolean, actions: StackActions): void => {
  const { mac, address } = stack.config
  if (!stack.up || stack.frozen) {
    stack.counters[State.DROPPED_DOWN]++
    return
  }
  stack.counters[State.ANNOUNCEMENTS_SENT]++
  actions.trace(Trace.ANNOUNCED.code, byRarp ? 1 : 0, mac, 0, 0)
  actions.send(byRarp ? Rarp.announcement(mac) : Arp.gratuitous(mac, address))
}

const onIpv4 = (stack: NetworkStack, packet: Ipv4.Ipv4Packet, now: SimTime, actions: StackActions): void => {
  const config = stack.config
  const toUs = packet.destination === config.address
  if (!toUs && !isBroadcast(config, packet.destination)) {
    stack.counters[State.DROPPED_NOT_FOR_US]++
    return
  }
  if (Ipv4.isFragment(packet)) {
    stack.counters[State.DROPPED_FRAGMENTS]++
    return
  }
  stack.counters[State.PACKETS_RECEIVED]++
  const body = packet.body
  switch (body.kind) {
    case "icmp.echo-request": {
      // An echo request to a broadcast address may be passed over (RFC 1122 3.2.2.6†), and everyone does by now.
      if (!toUs) return
      const reply: IcmpEcho = {
        kind: "icmp.echo-reply",
        identifier: body.identifier,
        sequence: body.sequence,
        data: body.data,
      }
      if (sendPacket(stack, packet.source, Ipv4.ICMP, reply, Icmp.octetLength(reply), now, actions))
        stack.counters[State.ECHO_REQUESTS_ANSWERED]++
      return
    }
    case "icmp.echo-reply":
      if (toUs) PingRuns.onEchoReply(stack, body, packet.source, now, actions)
      return
    case "udp":
      stack.counters[State.DATAGRAMS_DELIVERED]++
      actions.deliver(
        {
          source: packet.source,
          sourcePort: body.sourcePort,
          destination: packet.destination,
          destinationPort: body.destinationPort,
          payload: body.payload,
          payloadOctets: body.payloadOctets,
        },
        now,
      )
      return
    default:
      stack.counters[State.DROPPED_UNKNOWN]++
  }
}

/** Any frame that the adapter sees; those for other destinations are passed over. */
export const onFrame = (stack: NetworkStack, frame: EthernetFrame, now: SimTime, actions: StackActions): void => {
  const mac = stack.config.mac
  if (frame.destination !== mac && frame.destination !== MacAddress.BROADCAST) return
  if (stack.frozen) {
    stack.counters[State.DROPPED_FROZEN]++
    return
  }
  if (!stack.up) return
  if (frame.source === mac) {
    stack.counters[State.DROPPED_OWN]++
    return
  }
  stack.counters[State.FRAMES_RECEIVED]++
  const payload = frame.payload
  if (isStructured(payload)) {
    if (frame.protocol === Protocol.IPV4 && payload.protocol === "ipv4") {
      onIpv4(stack, (payload as Ipv4.Ipv4Payload).packet, now, actions)
      return
    }
    if (frame.protocol === Protocol.ARP && payload.protocol === "arp") {
      ArpCache.onPacket(stack.arp, stack.config, (payload as ArpPayload).packet, State.ARP_TIMER, now, actions)
      return
    }
  }
  stack.counters[State.DROPPED_UNKNOWN]++
}

/** One of the stack's timers fired. */
export const onTimer = (stack: NetworkStack, id: number, now: SimTime, actions: StackActions): void => {
  if (stack.frozen) return
  switch (id) {
    case State.ARP_TIMER:
      ArpCache.onTimer(stack.arp, stack.config, State.ARP_TIMER, now, actions)
      return
    case State.PING_SEND_TIMER:
      PingRuns.onSendTimer(stack, now, actions)
      return
    case State.PING_DUE_TIMER:
      PingRuns.onDueTimer(stack, now, actions)
  }
}

const isCount = (value: number, minimum: number, maximum: number): boolean =>
  Number.isSafeInteger(value) && value >= minimum && value <= maximum

/** Why a command makes no sense, as a number of `l3.command-refused`; -1 for one that does. */
const refusal = (stack: NetworkStack, command: StackCommand): number => {
  if (stack.frozen && command.type !== "ping.stop") return Trace.REFUSED.frozen
  if (command.type === "ping.start") {
    const largest = (stack.config.mtu ?? State.DEFAULT_MTU) - Ipv4.HEADER_OCTETS - Icmp.HEADER_OCTETS
    if (!isCount(command.target, 1, LIMITED_BROADCAST)) return Trace.REFUSED.target
    if (!isCount(command.everyNs, 1_000, Number.MAX_SAFE_INTEGER)) return Trace.REFUSED.interval
    if (!isCount(command.payloadOctets ?? PingRuns.DEFAULT_DATA_OCTETS, 0, largest)) return Trace.REFUSED.payload
    if (command.count !== undefined && !isCount(command.count, 1, Number.MAX_SAFE_INTEGER)) return Trace.REFUSED.count
    if (command.timeoutNs !== undefined && !isCount(command.timeoutNs, 1, Number.MAX_SAFE_INTEGER)) return Trace.REFUSED.timeout
    if (command.run !== undefined && !isCount(command.run, 0, 0xffff)) return Trace.REFUSED.count
  }
  if (command.type === "udp.send") {
    if (!isCount(command.sourcePort, 0, 0xffff) || !isCount(command.destinationPort, 0, 0xffff)) return Trace.REFUSED.port
    if (!isCount(command.to, 1, LIMITED_BROADCAST)) return Trace.REFUSED.target
    if (!isCount(command.payloadOctets, 0, maximumDatagramOctets(stack))) return Trace.REFUSED.payload
  }
  return -1
}

const sendZeros = (stack: NetworkStack, command: UdpSend, now: SimTime, actions: StackActions): void => {
  const zeros = new Uint8Array(command.payloadOctets)
  sendDatagram(stack, command.to, command.sourcePort, command.destinationPort, zeros, zeros.length, now, actions)
}

/** Do what a command says; one that makes no sense, or that reaches a frozen stack, changes nothing and is traced. */
export const onCommand = (stack: NetworkStack, command: StackCommand, now: SimTime, actions: StackActions): void => {
  const reason = refusal(stack, command)
  if (reason >= 0) {
    actions.trace(Trace.COMMAND_REFUSED.code, reason, 0, 0, 0)
    return
  }
  switch (command.type) {
    case "ping.start":
      PingRuns.startPing(stack, command, now, actions)
      return
    case "ping.stop":
      PingRuns.stopPings(stack, command.run, actions)
      return
    case "udp.send":
      sendZeros(stack, command, now, actions)
      return
    case "arp.announce":
      gratuitousArp(stack, actions)
      return
    case "rarp.announce":
      announceRarp(stack, actions)
      return
    case "arp.flush":
      ArpCache.flush(stack.arp, State.ARP_TIMER, actions)
  }
}

const shift = (stack: NetworkStack, by: number): void => {
  ArpCache.shift(stack.arp, by)
  for (const ping of stack.pings) Ping.shift(ping, by)
}

/**
 * Stop all timers and remember how long each had to run: a guest's timers stop in stun. Until `thaw` the stack hears and sends
 * nothing, and its state is plain data that means the same at any instant, on any host. Freezing a frozen stack does nothing.
 */
export const freeze = (stack: NetworkStack, now: SimTime, actions: StackActions): void => {
  if (stack.frozen) return
  for (let id = 0; id < State.TIMERS; id++) actions.stopTimer(id)
  shift(stack, -now)
  stack.frozen = true
  stack.pingDueAt = NEVER
}

/** Go on from where `freeze` stopped, here or on another host: every deadline lies as far ahead of `now` as it did then. */
export const thaw = (stack: NetworkStack, now: SimTime, actions: StackActions): void => {
  if (!stack.frozen) return
  stack.frozen = false
  shift(stack, now)
  ArpCache.resume(stack.arp, State.ARP_TIMER, actions)
  PingRuns.resume(stack, actions)
}

/** All ping runs, oldest first. */
export const pings = (stack: NetworkStack): ReadonlyArray<PingRun> => stack.pings.map(Ping.report)

/** The ARP cache. */
export const neighbours = (stack: NetworkStack): ReadonlyArray<ArpCache.ArpEntry> => ArpCache.entries(stack.arp)

/** What was counted. */
export const counters = (stack: NetworkStack): Counters => {
  const record = Object.fromEntries(State.COUNTERS.map((name, index) => [name, stack.counters[index]]))
  return { ...record, droppedUnresolved: stack.arp.dropped } as Counters
}

/** An independent copy; frames and payloads, which never change, are shared. */
export const copy = (stack: NetworkStack): NetworkStack => ({
  ...stack,
  arp: ArpCache.copy(stack.arp),
  pings: stack.pings.map(Ping.copy),
  counters: stack.counters.slice(),
})

/** Fold what distinguishes this state into `digest`; deadlines relative to `now`, those of a frozen stack being so already. */
export const fingerprint = (stack: NetworkStack, digest: Digest, now: SimTime): void => {
  const base = stack.frozen ? 0 : now
  digest.int((stack.up ? 1 : 0) + (stack.frozen ? 2 : 0))
  digest.int(stack.nextIdentification)
  digest.number(stack.pingDueAt - base)
  ArpCache.fingerprint(stack.arp, digest, base)
  digest.int(stack.pings.length)
  for (const ping of stack.pings) Ping.fingerprint(ping, digest, base)
  digest.numbers(stack.counters)
}
