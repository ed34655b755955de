/** The state of an IP stack and its constants: what `NetworkStack.ts`, `Ipv4Output.ts` and `PingRuns.ts` share. */
import type { MacAddress } from "@l2lab/l2/MacAddress"
import type { SimTime } from "@l2lab/sim/SimTime"
import type { ArpCache } from "./ArpCache.ts"
import type { Ipv4Address } from "./Ipv4Address.ts"
import type { PingState } from "./Ping.ts"

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
  /** While it is, deadlines are held as remaining times. */
  frozen: boolean
  readonly arp: ArpCache
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

/** The timers by id. */
export const ARP_TIMER = 0
export const PING_SEND_TIMER = 1
export const PING_DUE_TIMER = 2

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

/** Indexes of `COUNTERS`. */
export const FRAMES_RECEIVED = 0
export const PACKETS_SENT = 1
export const PACKETS_RECEIVED = 2
export const DATAGRAMS_DELIVERED = 3
export const ECHO_REQUESTS_ANSWERED = 4
export const ANNOUNCEMENTS_SENT = 5
export const DROPPED_DOWN = 6
export const DROPPED_NO_ROUTE = 7
export const DROPPED_TOO_LARGE = 8
export const DROPPED_FROZEN = 9
export const DROPPED_OWN = 10
export const DROPPED_UNKNOWN = 11
export const DROPPED_FRAGMENTS = 12
export const DROPPED_NOT_FOR_US = 13
