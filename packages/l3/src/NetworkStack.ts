/**
 * An IPv4 stack on one Ethernet adapter: ARP, ICMP echo and ping, UDP. A component: whatever holds it (an end station, a guest, a
 * vmkernel interface) keeps its state, gives it a range of `TIMERS` timers and a `StackActions`, and hands it every frame that its
 * adapter sees, untagged.
 */
import type { EthernetFrame, Payload } from "@l2lab/l2/EthernetFrame"
import type { MacAddress } from "@l2lab/l2/MacAddress"
import type { Digest } from "@l2lab/sim/Digest"
import type { SimTime } from "@l2lab/sim/SimTime"
import type { Ipv4Address } from "./Ipv4Address.ts"
import type { PingRun } from "./Ping.ts"
import type { StackActions } from "./StackActions.ts"
import type { StackCommand } from "./StackCommand.ts"

/** Plain data, from the design. */
export interface StackConfig {
  readonly mac: MacAddress
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
  frozen: boolean
}

/** Timers that a stack uses: ids 0 .. TIMERS - 1. */
export const TIMERS = 4

/** A cold stack: adapter down, nothing in the caches. */
export const make = (config: StackConfig, _now: SimTime): NetworkStack => ({ config, up: false, frozen: false })

/** The adapter has its link. */
export const onUp = (stack: NetworkStack, _now: SimTime, _actions: StackActions): void => {
  stack.up = true
}

/** The adapter has lost its link. */
export const onDown = (stack: NetworkStack, _now: SimTime, _actions: StackActions): void => {
  stack.up = false
}

/** Any frame that the adapter sees; those for other destinations are passed over. */
export const onFrame = (_stack: NetworkStack, _frame: EthernetFrame, _now: SimTime, _actions: StackActions): void => {}

/** One of the stack's timers fired. */
export const onTimer = (_stack: NetworkStack, _id: number, _now: SimTime, _actions: StackActions): void => {}

/** Do what a command says. */
export const onCommand = (_stack: NetworkStack, _command: StackCommand, _now: SimTime, _actions: StackActions): void => {}

/**
 * Send a UDP datagram. False when it cannot leave: link down, stack frozen, no route, or larger than the MTU. While the
 * destination's MAC address is being resolved a bounded number of packets waits, the oldest giving way; once it is known nothing
 * is lost here, also while the entry is being confirmed anew.
 */
export const sendDatagram = (
  _stack: NetworkStack,
  _to: Ipv4Address,
  _sourcePort: number,
  _destinationPort: number,
  _payload: Payload,
  _payloadOctets: number,
  _now: SimTime,
  _actions: StackActions,
): boolean => false

/** Broadcast a RARP request for the own MAC address, as ESXi does for a VM that has moved. */
export const announceRarp = (_stack: NetworkStack, _actions: StackActions): void => {}

/** Broadcast an ARP request for the own address. */
export const gratuitousArp = (_stack: NetworkStack, _actions: StackActions): void => {}

/** Stop all timers and remember how long each had to run: a guest's timers stop in stun. Until `thaw` the stack hears and sends nothing. */
export const freeze = (stack: NetworkStack, _now: SimTime, _actions: StackActions): void => {
  stack.frozen = true
}

/** Go on from where `freeze` stopped, here or on another host. */
export const thaw = (stack: NetworkStack, _now: SimTime, _actions: StackActions): void => {
  stack.frozen = false
}

/** All ping runs, oldest first. */
export const pings = (_stack: NetworkStack): ReadonlyArray<PingRun> => []

/** An independent copy. */
export const copy = (stack: NetworkStack): NetworkStack => ({ ...stack })

/** Fold what distinguishes this state into `digest`; times relative to `now`. */
export const fingerprint = (stack: NetworkStack, digest: Digest, _now: SimTime): void => {
  digest.int(stack.up ? 1 : 0)
  digest.int(stack.frozen ? 1 : 0)
}
