/**
 * An IPv4 stack on one Ethernet adapter: ARP, ICMP echo and ping, UDP. A component: whatever holds it (an end station, a guest, a
 * vmkernel interface) keeps its state, gives it a range of `TIMERS` timers and a `StackActions`, and hands it every frame that its
 * adapter sees, untagged.
 *
 * What it leaves out: fragmentation (a packet past the MTU is refused and counted; fragments that come in are dropped and counted),
 * multicast groups, IP options, ICMP errors (a datagram for a port that nobody serves is dropped by its receiver without a word),
 * and loopback (nothing can be sent to the own address).
 *
 * A transport joins as a body kind of `Ipv4.ts` and an arm in `onIpv4`; its timers extend `TIMERS`.
 */
import type { EthernetFrame, Payload } from "@l2lab/l2/EthernetFrame"
import { isStructured } from "@l2lab/l2/PayloadCodec"
import * as MacAddress from "@l2lab/l2/MacAddress"
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
import * as Ipv4Addresses from "./Ipv4Address.ts"
import type { PingRun, PingState } from "./Ping.ts"
import * as Ping from "./Ping.ts"
import * as Rarp from "./Rarp.ts"
import type { StackActions } from "./StackActions.ts"
import type { PingStart, StackCommand, UdpSend } from "./StackCommand.ts"
import * as Trace from "./Trace.ts"
import * as Udp from "./Udp.ts"

/** Plain data, from the design. */
export interface StackConfig {
  readonly mac: MacAddress.MacAddress
  readonly address: Ipv4Address
  /** 0..32. */
  readonly prefixLength: number
  /** Where packets for other networks go; without it there is no way to them. */
  readonly gateway?: Ipv4Address
  /** Octets of the largest IPv4 packet; 1500 unless told. */
  readonly mtu?: number
}

/** State of a stack: plain data, owned by the holder, changed only by the functions of this module. */
export interface NetworkStack {
  readonly config: StackConfig
  up: boolean
  /** While it is, deadlines are held as remaining times. */
  frozen: boolean
  readonly arp: ArpCache.ArpCache
  /** In order of their start. */
  readonly pings: Array<PingState>
  /** Deadline of the loss timer; NEVER when it does not run. */
  pingDueAt: SimTime
  /** Identification of the next packet, 0..65535. */
  nextIdentification: number
  /** By index of `COUNTERS`. */
  readonly counters: Float64Array
}

/** Timers that a stack uses: ids 0 .. TIMERS - 1. */
export const TIMERS = 3

const ARP_TIMER = 0
const PING_SEND_TIMER = 1
const PING_DUE_TIMER = 2

/** MTU of Ethernet. */
export const DEFAULT_MTU = 1500

/** Time to live of what we send (RFC 1700†). */
export const TIME_TO_LIVE = 64

/** What a stack counts, in the order of `NetworkStack.counters`. */
export const COUNTERS = [
  "framesReceived",
  "packetsSent",
  "packetsReceived",
  "datagramsDelivered",
  "echoRequestsAnswered",
  "announcementsSent",
  /** Not sent: link down or stack frozen. */
  "droppedDown",
  /** Not sent: for another network, and there is no gateway; or for the own address. */
  "droppedNoRoute",
  /** Not sent: larger than the MTU. */
  "droppedTooLarge",
  /** Received while frozen. */
  "droppedFrozen",
  /** Received: own frames that came back. */
  "droppedOwn",
  /** Received: of a protocol, or in a form, that is not served here. */
  "droppedUnknown",
  "droppedFragments",
  /** Received: IPv4 packets for other addresses. */
  "droppedNotForUs",
] as const

const FRAMES_RECEIVED = 0
const PACKETS_SENT = 1
const PACKETS_RECEIVED = 2
const DATAGRAMS_DELIVERED = 3
const ECHO_REQUESTS_ANSWERED = 4
const ANNOUNCEMENTS_SENT = 5
const DROPPED_DOWN = 6
const DROPPED_NO_ROUTE = 7
const DROPPED_TOO_LARGE = 8
const DROPPED_FROZEN = 9
const DROPPED_OWN = 10
const DROPPED_UNKNOWN = 11
const DROPPED_FRAGMENTS = 12
const DROPPED_NOT_FOR_US = 13

/** A cold stack: adapter down, nothing in the caches. */
export const make = (config: StackConfig, _now: SimTime): NetworkStack => ({
  config,
  up: false,
  frozen: false,
  arp: ArpCache.make(),
  pings: [],
  pingDueAt: NEVER,
  nextIdentification: 1,
  counters: new Float64Array(COUNTERS.length),
})

/** The adapter has its link. Nothing is sent for it. */
export const onUp = (stack: NetworkStack, _now: SimTime, _actions: StackActions): void => {
  stack.up = true
}

/** The adapter has lost its link: neighbours are forgotten, as Linux does without carrier; ping runs go on and count their losses. */
export const onDown = (stack: NetworkStack, _now: SimTime, actions: StackActions): void => {
  stack.up = false
  ArpCache.flush(stack.arp, ARP_TIMER, actions)
}

/** The largest UDP payload that fits into one packet. */
export const maximumDatagramOctets = (stack: NetworkStack): number =>
  (stack.config.mtu ?? DEFAULT_MTU) - Ipv4.HEADER_OCTETS - Udp.HEADER_OCTETS

const isBroadcast = (config: StackConfig, address: Ipv4Address): boolean =>
  address === Ipv4Addresses.LIMITED_BROADCAST ||
  (address !== Ipv4Addresses.UNSPECIFIED && address === Ipv4Addresses.directedBroadcast(config.address, config.prefixLength))

/** The group address of an IPv4 multicast address: 01:00:5e and its low 23 bits (RFC 1112 6.4†). */
const multicastMac = (address: Ipv4Address): MacAddress.MacAddress => 0x01005e000000 + (address & 0x7fffff)

/** Send a packet of ours. `bodyOctets` is the length of `body` on the wire. */
const sendPacket = (
  stack: NetworkStack,
  to: Ipv4Address,
  ipProtocol: number,
  body: Ipv4.Body,
  bodyOctets: number,
  now: SimTime,
  actions: StackActions,
): boolean => {
  const config = stack.config
  const octets = Ipv4.HEADER_OCTETS + bodyOctets
  if (!stack.up || stack.frozen) {
    stack.counters[DROPPED_DOWN]++
    return false
  }
  if (octets > (config.mtu ?? DEFAULT_MTU)) {
    stack.counters[DROPPED_TOO_LARGE]++
    return false
  }
  const broadcast = isBroadcast(config, to)
  const group = broadcast || Ipv4Addresses.isMulticast(to)
  const nextHop = group || Ipv4Addresses.sameNetwork(to, config.address, config.prefixLength) ? to : config.gateway
  if (nextHop === undefined || nextHop === config.address || to === Ipv4Addresses.UNSPECIFIED) {
    stack.counters[DROPPED_NO_ROUTE]++
    return false
  }
  const payload: Ipv4.Ipv4Payload = {
    protocol: "ipv4",
    packet: {
      typeOfService: 0,
      identification: stack.nextIdentification,
      dontFragment: true,
      moreFragments: false,
      fragmentOffset: 0,
      timeToLive: TIME_TO_LIVE,
      ipProtocol,
      source: config.address,
      destination: to,
      options: Ipv4.NO_OPTIONS,
      body,
    },
  }
  stack.nextIdentification = (stack.nextIdentification + 1) & 0xffff
  stack.counters[PACKETS_SENT]++
  if (group) actions.send(Ipv4.frame(broadcast ? MacAddress.BROADCAST : multicastMac(to), config.mac, payload, octets))
  else ArpCache.transmit(stack.arp, config, nextHop, payload, octets, ARP_TIMER, now, actions)
  return true
}

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
    stack.counters[DROPPED_DOWN]++
    return
  }
  stack.counters[ANNOUNCEMENTS_SENT]++
  actions.trace(Trace.ANNOUNCED.code, byRarp ? 1 : 0, mac, 0, 0)
  actions.send(byRarp ? Rarp.announcement(mac) : Arp.gratuitous(mac, address))
}

/** An echo reply came: whose is it? */
const onEchoReply = (stack: NetworkStack, echo: IcmpEcho, source: Ipv4Address, now: SimTime, actions: StackActions): void => {
  for (const ping of stack.pings) {
    if (ping.identifier !== echo.identifier || ping.target !== source) continue
    const gap = Ping.answer(ping, echo.sequence, now)
    if (gap > 0) actions.trace(Trace.PING_GAP.code, ping.run, ping.target, gap, ping.gaps[ping.gaps.length - 1].unanswered)
    if (gap >= 0) return
  }
  stack.counters[DROPPED_UNKNOWN]++
}

const onIpv4 = (stack: NetworkStack, packet: Ipv4.Ipv4Packet, now: SimTime, actions: StackActions): void => {
  const config = stack.config
  const toUs = packet.destination === config.address
  if (!toUs && !isBroadcast(config, packet.destination)) {
    stack.counters[DROPPED_NOT_FOR_US]++
    return
  }
  if (Ipv4.isFragment(packet)) {
    stack.counters[DROPPED_FRAGMENTS]++
    return
  }
  stack.counters[PACKETS_RECEIVED]++
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
        stack.counters[ECHO_REQUESTS_ANSWERED]++
      return
    }
    case "icmp.echo-reply":
      if (toUs) onEchoReply(stack, body, packet.source, now, actions)
      return
    case "udp":
      stack.counters[DATAGRAMS_DELIVERED]++
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
      stack.counters[DROPPED_UNKNOWN]++
  }
}

/** Any frame that the adapter sees; those for other destinations are passed over. */
export const onFrame = (stack: NetworkStack, frame: EthernetFrame, now: SimTime, actions: StackActions): void => {
  const mac = stack.config.mac
  if (frame.destination !== mac && frame.destination !== MacAddress.BROADCAST) return
  if (stack.frozen) {
    stack.counters[DROPPED_FROZEN]++
    return
  }
  if (!stack.up) return
  if (frame.source === mac) {
    stack.counters[DROPPED_OWN]++
    return
  }
  stack.counters[FRAMES_RECEIVED]++
  const payload = frame.payload
  if (isStructured(payload)) {
    if (frame.protocol === Protocol.IPV4 && payload.protocol === "ipv4") {
      onIpv4(stack, (payload as Ipv4.Ipv4Payload).packet, now, actions)
      return
    }
    if (frame.protocol === Protocol.ARP && payload.protocol === "arp") {
      ArpCache.onPacket(stack.arp, stack.config, (payload as ArpPayload).packet, ARP_TIMER, now, actions)
      return
    }
  }
  stack.counters[DROPPED_UNKNOWN]++
}

const armPingSend = (stack: NetworkStack, actions: StackActions): void => {
  let next = NEVER
  for (const ping of stack.pings) if (ping.nextSendAt < next) next = ping.nextSendAt
  if (next === NEVER) actions.stopTimer(PING_SEND_TIMER)
  else actions.startTimer(PING_SEND_TIMER, next)
}

/** The timer is left to fire early where a probe has been answered meanwhile: then it only looks for the next deadline. */
const armPingDue = (stack: NetworkStack, actions: StackActions): void => {
  let next = NEVER
  for (const ping of stack.pings) {
    const due = Ping.nextDueAt(ping)
    if (due < next) next = due
  }
  stack.pingDueAt = next
  if (next === NEVER) actions.stopTimer(PING_DUE_TIMER)
  else actions.startTimer(PING_DUE_TIMER, next)
}

const sendProbe = (stack: NetworkStack, ping: PingState, now: SimTime, actions: StackActions): void => {
  const sequence = Ping.send(ping, now)
  const due = now + ping.timeoutNs
  if (due < stack.pingDueAt) {
    stack.pingDueAt = due
    actions.startTimer(PING_DUE_TIMER, due)
  }
  const request: IcmpEcho = {
    kind: "icmp.echo-request",
    identifier: ping.identifier,
    sequence: sequence & 0xffff,
    data: ping.data,
  }
  // A probe that cannot leave counts as sent: it will not be answered, and that is what the run is there to show.
  sendPacket(stack, ping.target, Ipv4.ICMP, request, Icmp.octetLength(request), now, actions)
}

/** One of the stack's timers fired. */
export const onTimer = (stack: NetworkStack, id: number, now: SimTime, actions: StackActions): void => {
  if (stack.frozen) return
  switch (id) {
    case ARP_TIMER:
      ArpCache.onTimer(stack.arp, stack.config, ARP_TIMER, now, actions)
      return
    case PING_SEND_TIMER:
      for (const ping of stack.pings) if (ping.nextSendAt <= now) sendProbe(stack, ping, now, actions)
      armPingSend(stack, actions)
      return
    case PING_DUE_TIMER:
      for (const ping of stack.pings) {
        for (let sequence = Ping.expire(ping, now); sequence >= 0; sequence = Ping.expire(ping, now))
          actions.trace(Trace.PING_LOST.code, ping.run, sequence, ping.target, 0)
      }
      armPingDue(stack, actions)
  }
}

const isCount = (value: number, minimum: number, maximum: number): boolean =>
  Number.isSafeInteger(value) && value >= minimum && value <= maximum

/** Why a command makes no sense, as a number of `l3.command-refused`; -1 for one that does. */
const refusal = (stack: NetworkStack, command: StackCommand): number => {
  if (stack.frozen && command.type !== "ping.stop") return Trace.REFUSED.frozen
  if (command.type === "ping.start") {
    const largest = (stack.config.mtu ?? DEFAULT_MTU) - Ipv4.HEADER_OCTETS - Icmp.HEADER_OCTETS
    if (!isCount(command.target, 1, Ipv4Addresses.LIMITED_BROADCAST)) return Trace.REFUSED.target
    if (!isCount(command.everyNs, 1_000, Number.MAX_SAFE_INTEGER)) return Trace.REFUSED.interval
    if (!isCount(command.payloadOctets ?? DEFAULT_DATA_OCTETS, 0, largest)) return Trace.REFUSED.payload
    if (command.count !== undefined && !isCount(command.count, 1, Number.MAX_SAFE_INTEGER)) return Trace.REFUSED.count
    if (command.timeoutNs !== undefined && !isCount(command.timeoutNs, 1, Number.MAX_SAFE_INTEGER)) return Trace.REFUSED.timeout
    if (command.run !== undefined && !isCount(command.run, 0, 0xffff)) return Trace.REFUSED.count
  }
  if (command.type === "udp.send") {
    if (!isCount(command.sourcePort, 0, 0xffff) || !isCount(command.destinationPort, 0, 0xffff)) return Trace.REFUSED.port
    if (!isCount(command.to, 1, Ipv4Addresses.LIMITED_BROADCAST)) return Trace.REFUSED.target
    if (!isCount(command.payloadOctets, 0, maximumDatagramOctets(stack))) return Trace.REFUSED.payload
  }
  return -1
}

const DEFAULT_DATA_OCTETS = 56

const startPing = (stack: NetworkStack, command: PingStart, now: SimTime, actions: StackActions): void => {
  const run = command.run ?? stack.pings.reduce((highest, ping) => Math.max(highest, ping.run), 0) + 1
  const earlier = stack.pings.findIndex((ping) => ping.run === run)
  if (earlier >= 0) stack.pings.splice(earlier, 1)
  const data = new Uint8Array(command.payloadOctets ?? DEFAULT_DATA_OCTETS)
  for (let i = 0; i < data.length; i++) data[i] = i
  const timeoutNs = command.timeoutNs ?? Ping.defaultTimeoutNs(command.everyNs)
  const ping = Ping.make(run, command.target, command.everyNs, timeoutNs, command.count ?? Infinity, data, now)
  stack.pings.push(ping)
  actions.trace(Trace.PING_STARTED.code, run, command.target, command.everyNs, 0)
  sendProbe(stack, ping, now, actions)
  armPingSend(stack, actions)
}

const stopPings = (stack: NetworkStack, run: number | undefined, actions: StackActions): void => {
  for (const ping of stack.pings) {
    if ((run !== undefined && ping.run !== run) || ping.remaining === 0) continue
    Ping.stop(ping)
    actions.trace(Trace.PING_STOPPED.code, ping.run, ping.sent, ping.received, ping.lost)
  }
  if (!stack.frozen) armPingSend(stack, actions)
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
      startPing(stack, command, now, actions)
      return
    case "ping.stop":
      stopPings(stack, command.run, actions)
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
      ArpCache.flush(stack.arp, ARP_TIMER, actions)
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
  for (let id = 0; id < TIMERS; id++) actions.stopTimer(id)
  shift(stack, -now)
  stack.frozen = true
  stack.pingDueAt = NEVER
}

/** Go on from where `freeze` stopped, here or on another host: every deadline lies as far ahead of `now` as it did then. */
export const thaw = (stack: NetworkStack, now: SimTime, actions: StackActions): void => {
  if (!stack.frozen) return
  stack.frozen = false
  shift(stack, now)
  ArpCache.resume(stack.arp, ARP_TIMER, actions)
  armPingSend(stack, actions)
  armPingDue(stack, actions)
}

/** All ping runs, oldest first. */
export const pings = (stack: NetworkStack): ReadonlyArray<PingRun> => stack.pings.map(Ping.report)

/** The ARP cache. */
export const neighbours = (stack: NetworkStack): ReadonlyArray<ArpCache.ArpEntry> => ArpCache.entries(stack.arp)

/** What was counted, by name of `COUNTERS`. `droppedUnresolved` are packets whose neighbour did not answer or for which too many waited. */
export const counters = (stack: NetworkStack): Readonly<Record<(typeof COUNTERS)[number] | "droppedUnresolved", number>> => {
  const record = Object.fromEntries(COUNTERS.map((name, index) => [name, stack.counters[index]]))
  return { ...record, droppedUnresolved: stack.arp.dropped } as Record<(typeof COUNTERS)[number] | "droppedUnresolved", number>
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
