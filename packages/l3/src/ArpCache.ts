/**
 * The ARP cache of one adapter: which MAC address a neighbour has, and how it is found out and kept true.
 *
 * RFC 826 leaves ageing open and RFC 1122 2.3.2.1 only asks that stale entries go; what is here is close to Linux, in small
 * (docs/DEVIATIONS.md):
 *
 *     state       a packet for it          its deadline means        on the deadline               ARP heard from it
 *     INCOMPLETE  waits (32 at most, the   ask again                 broadcast request; after the  REACHABLE, what waited goes out
 *                 oldest gives way)                                  third: forgotten, FAILED
 *     REACHABLE   goes out                 confirmed until then      nothing: no timer runs        confirmed for 60 s from now
 *     PROBE       goes out                 ask again                 unicast request; after the    REACHABLE
 *                                                                    third: forgotten
 *
 * A REACHABLE entry whose deadline has passed is still used; the first packet that uses it makes it a PROBE and sends a unicast
 * request after itself. So a sender loses nothing while its neighbour lives, and an idle stack sends nothing. Requests are one
 * second apart, which also is the rate at which RFC 1122 2.3.2.1 caps them. When the table is full the entry confirmed longest ago
 * gives way.
 *
 * Rows are dense columns in no meaningful order: a cache holds a few neighbours and is searched linearly, the row that was found
 * last being tried first.
 */
import type { MacAddress } from "@l2lab/l2/MacAddress"
import type { Digest } from "@l2lab/sim/Digest"
import type { DurationNs, SimTime } from "@l2lab/sim/SimTime"
import { NEVER, SECOND } from "@l2lab/sim/SimTime"
import * as Arp from "./Arp.ts"
import * as Ipv4 from "./Ipv4.ts"
import type { Ipv4Address } from "./Ipv4Address.ts"
import type { StackActions } from "./StackActions.ts"
import * as Trace from "./Trace.ts"

/** States of an entry: asked for and not yet known, believed, and believed while it is being asked again. */
export const INCOMPLETE = 0
export const REACHABLE = 1
export const PROBE = 2

/** How long an entry is believed after its neighbour was heard. */
export const REACHABLE_TIME: DurationNs = 60 * SECOND
/** Time between two requests for one neighbour. */
export const RETRY_TIME: DurationNs = SECOND
/** Requests before a neighbour is given up. */
export const REQUESTS = 3
/** Packets that wait for one neighbour. RFC 1122 2.3.2.2† asks for one at least; Linux holds about a hundred. */
export const WAITING_LIMIT = 32
/** Entries of a cache. */
export const CAPACITY = 1024

/** Who we are on this adapter: what a cache needs to ask and to answer. */
export interface Adapter {
  readonly mac: MacAddress
  readonly address: Ipv4Address
}

/** A packet that waits for its next hop to be resolved. */
export interface WaitingPacket {
  readonly nextHop: Ipv4Address
  readonly payload: Ipv4.Ipv4Payload
  readonly octets: number
}

/** Plain data; rows 0 .. count - 1 of the columns are in use. */
export interface ArpCache {
  count: number
  address: Uint32Array
  mac: Float64Array
  state: Uint8Array
  deadline: Float64Array
  /** Requests sent since the entry became INCOMPLETE or PROBE. */
  requests: Uint8Array
  /** In order of arrival. */
  waiting: Array<WaitingPacket>
  /** Packets that were given up: their neighbour did not answer, or too many waited. */
  dropped: number
  /** The row that was found last: a hint. */
  recent: number
}

/** One entry as a query gives it. */
export interface ArpEntry {
  readonly address: Ipv4Address
  /** Undefined while it is not known. */
  readonly mac: MacAddress | undefined
  readonly state: "incomplete" | "reachable" | "probe"
  /** Packets that wait for it. */
  readonly waiting: number
}

const INITIAL_ROWS = 4

/** An empty cache. */
export const make = (): ArpCache => ({
  count: 0,
  address: new Uint32Array(INITIAL_ROWS),
  mac: new Float64Array(INITIAL_ROWS),
  state: new Uint8Array(INITIAL_ROWS),
  deadline: new Float64Array(INITIAL_ROWS),
  requests: new Uint8Array(INITIAL_ROWS),
  waiting: [],
  dropped: 0,
  recent: 0,
})

/** The row of `address`, or -1. */
export const find = (cache: ArpCache, address: Ipv4Address): number => {
  const addresses = cache.address
  const recent = cache.recent
  if (recent < cache.count && addresses[recent] === address) return recent
  for (let row = 0; row < cache.count; row++) {
    if (addresses[row] === address) {
      cache.recent = row
      return row
    }
  }
  return -1
}

/** All entries, for queries. */
export const entries = (cache: ArpCache): ReadonlyArray<ArpEntry> =>
  Array.from({ length: cache.count }, (_, row) => ({
    address: cache.address[row],
    mac: cache.state[row] === INCOMPLETE ? undefined : cache.mac[row],
    state: cache.state[row] === INCOMPLETE ? "incomplete" : cache.state[row] === REACHABLE ? "reachable" : "probe",
    waiting: cache.waiting.filter((packet) => packet.nextHop === cache.address[row]).length,
  }))

/** When the next request is due; NEVER when nobody is being asked for. */
export const nextDeadline = (cache: ArpCache): SimTime => {
  let next = NEVER
  for (let row = 0; row < cache.count; row++) {
    if (cache.state[row] !== REACHABLE && cache.deadline[row] < next) next = cache.deadline[row]
  }
  return next
}

const grow = (cache: ArpCache): void => {
  const rows = cache.address.length * 2
  const address = new Uint32Array(rows)
  const mac = new Float64Array(rows)
  const state = new Uint8Array(rows)
  const deadline = new Float64Array(rows)
  const requests = new Uint8Array(rows)
  address.set(cache.address)
  mac.set(cache.mac)
  state.set(cache.state)
  deadline.set(cache.deadline)
  requests.set(cache.requests)
  cache.address = address
  cache.mac = mac
  cache.state = state
  cache.deadline = deadline
  cache.requests = requests
}

/** Drop the packets that wait for `nextHop` and count them. */
const discardWaiting = (cache: ArpCache, nextHop: Ipv4Address): number => {
  const before = cache.waiting.length
  cache.waiting = cache.waiting.filter((packet) => packet.nextHop !== nextHop)
  const gone = before - cache.waiting.length
  cache.dropped += gone
  return gone
}

/** Forget the entry in `row`; the last row moves there. */
const remove = (cache: ArpCache, row: number): void => {
  const last = cache.count - 1
  cache.address[row] = cache.address[last]
  cache.mac[row] = cache.mac[last]
  cache.state[row] = cache.state[last]
  cache.deadline[row] = cache.deadline[last]
  cache.requests[row] = cache.requests[last]
  cache.count = last
}

/** The row to be given up for a new entry: the REACHABLE one confirmed longest ago, else the one whose deadline comes first. */
const oldest = (cache: ArpCache): number => {
  let victim = 0
  for (let row = 1; row < cache.count; row++) {
    const settledRow = cache.state[row] === REACHABLE
    const settledVictim = cache.state[victim] === REACHABLE
    if (settledRow === settledVictim ? cache.deadline[row] < cache.deadline[victim] : settledRow) victim = row
  }
  return victim
}

const insert = (cache: ArpCache, address: Ipv4Address): number => {
  if (cache.count === CAPACITY) {
    const victim = oldest(cache)
    discardWaiting(cache, cache.address[victim])
    remove(cache, victim)
  }
  if (cache.count === cache.address.length) grow(cache)
  const row = cache.count++
  cache.address[row] = address
  cache.mac[row] = 0
  cache.requests[row] = 0
  return row
}

const arm = (cache: ArpCache, timer: number, actions: StackActions): void => {
  const next = nextDeadline(cache)
  if (next === NEVER) actions.stopTimer(timer)
  else actions.startTimer(timer, next)
}

/** Send the next request for the entry in `row`: to everyone, or to where the neighbour was last known to be. */
const ask = (cache: ArpCache, row: number, adapter: Adapter, now: SimTime, actions: StackActions): void => {
  cache.requests[row]++
  cache.deadline[row] = now + RETRY_TIME
  const target = cache.address[row]
  actions.send(
    cache.state[row] === PROBE
      ? Arp.request(adapter.mac, adapter.address, target, cache.mac[row])
      : Arp.request(adapter.mac, adapter.address, target),
  )
}

const enqueue = (cache: ArpCache, nextHop: Ipv4Address, payload: Ipv4.Ipv4Payload, octets: number): void => {
  let first = -1
  let same = 0
  for (let i = 0; i < cache.waiting.length; i++) {
    if (cache.waiting[i].nextHop !== nextHop) continue
    if (first < 0) first = i
    same++
  }
  if (same >= WAITING_LIMIT) {
    cache.waiting.splice(first, 1)
    cache.dropped++
  }
  cache.waiting.push({ nextHop, payload, octets })
}

/** Send a packet to a neighbour, at once or when its MAC address is known. `timer` is the timer that this cache has for its own. */
export const transmit = (
  cache: ArpCache,
  adapter: Adapter,
  nextHop: Ipv4Address,
  payload: Ipv4.Ipv4Payload,
  octets: number,
  timer: number,
  now: SimTime,
  actions: StackActions,
): void => {
  const row = find(cache, nextHop)
  if (row < 0) {
    const fresh = insert(cache, nextHop)
    cache.state[fresh] = INCOMPLETE
    enqueue(cache, nextHop, payload, octets)
    ask(cache, fresh, adapter, now, actions)
    arm(cache, timer, actions)
    return
  }
  if (cache.state[row] === INCOMPLETE) {
    enqueue(cache, nextHop, payload, octets)
    return
  }
  actions.send(Ipv4.frame(cache.mac[row], adapter.mac, payload, octets))
  if (cache.state[row] === REACHABLE && now >= cache.deadline[row]) {
    cache.state[row] = PROBE
    ask(cache, row, adapter, now, actions)
    arm(cache, timer, actions)
  }
}

/** Note that `address` is at `mac`, just heard, and let go what waited for it. */
const confirm = (
  cache: ArpCache,
  adapter: Adapter,
  row: number,
  mac: MacAddress,
  timer: number,
  now: SimTime,
  actions: StackActions,
): void => {
  const address = cache.address[row]
  const state = cache.state[row]
  const known = cache.mac[row]
  cache.state[row] = REACHABLE
  cache.mac[row] = mac
  cache.deadline[row] = now + REACHABLE_TIME
  cache.requests[row] = 0
  if (state !== INCOMPLETE && known !== mac) actions.trace(Trace.ARP_MOVED.code, address, known, mac, 0)
  if (state === INCOMPLETE) {
    if (actions.tracing) actions.detail(Trace.ARP_RESOLVED.code, address, mac, 0, 0)
    const waiting = cache.waiting
    if (waiting.length > 0) {
      cache.waiting = waiting.filter((packet) => packet.nextHop !== address)
      for (const packet of waiting) {
        if (packet.nextHop === address) actions.send(Ipv4.frame(mac, adapter.mac, packet.payload, packet.octets))
      }
    }
  }
  if (state !== REACHABLE) arm(cache, timer, actions)
}

/** An ARP packet came in (RFC 826, packet reception): learn from the sender, answer where we are the target. */
export const onPacket = (
  cache: ArpCache,
  adapter: Adapter,
  packet: Arp.ArpPacket,
  timer: number,
  now: SimTime,
  actions: StackActions,
): void => {
  const sender = packet.senderProtocol
  if (sender === adapter.address) {
    // Answering or learning would only spread the confusion; the frame of an own announcement never comes here.
    actions.trace(Trace.ADDRESS_CONFLICT.code, sender, packet.senderHardware, 0, 0)
    return
  }
  const forUs = packet.targetProtocol === adapter.address
  // A sender without an address (a probe before taking one, RFC 5227 2.1.1†) is answered but cannot be learnt.
  if (sender !== 0) {
    let row = find(cache, sender)
    if (row < 0 && forUs) {
      row = insert(cache, sender)
      cache.state[row] = INCOMPLETE
    }
    if (row >= 0) confirm(cache, adapter, row, packet.senderHardware, timer, now, actions)
  }
  if (forUs && packet.operation === Arp.REQUEST) actions.send(Arp.reply(adapter.mac, adapter.address, packet))
}

/** The cache's timer fired. */
export const onTimer = (cache: ArpCache, adapter: Adapter, timer: number, now: SimTime, actions: StackActions): void => {
  // From the last row down: `remove` moves the last row, which has been seen, into the gap.
  for (let row = cache.count - 1; row >= 0; row--) {
    if (cache.state[row] === REACHABLE || cache.deadline[row] > now) continue
    if (cache.requests[row] < REQUESTS) {
      ask(cache, row, adapter, now, actions)
      continue
    }
    const address = cache.address[row]
    remove(cache, row)
    actions.trace(Trace.ARP_FAILED.code, address, discardWaiting(cache, address), 0, 0)
  }
  arm(cache, timer, actions)
}

/** Forget everything; packets that wait are dropped. */
export const flush = (cache: ArpCache, timer: number, actions: StackActions): void => {
  cache.count = 0
  cache.dropped += cache.waiting.length
  cache.waiting = []
  actions.stopTimer(timer)
}

/** Add `by` to every deadline: `-now` makes them remaining times, `+now` deadlines again. */
export const shift = (cache: ArpCache, by: DurationNs): void => {
  for (let row = 0; row < cache.count; row++) cache.deadline[row] += by
}

/** Start the cache's timer again after `shift`. */
export const resume = (cache: ArpCache, timer: number, actions: StackActions): void => {
  if (nextDeadline(cache) !== NEVER) arm(cache, timer, actions)
}

export const copy = (cache: ArpCache): ArpCache => ({
  count: cache.count,
  address: cache.address.slice(),
  mac: cache.mac.slice(),
  state: cache.state.slice(),
  deadline: cache.deadline.slice(),
  requests: cache.requests.slice(),
  waiting: cache.waiting.slice(),
  dropped: cache.dropped,
  recent: cache.recent,
})

export const fingerprint = (cache: ArpCache, digest: Digest, now: SimTime): void => {
  digest.int(cache.count)
  for (let row = 0; row < cache.count; row++) {
    digest.number(cache.address[row])
    digest.number(cache.mac[row])
    digest.int(cache.state[row])
    digest.number(cache.deadline[row] - now)
    digest.int(cache.requests[row])
  }
  digest.int(cache.waiting.length)
  for (const packet of cache.waiting) {
    digest.number(packet.nextHop)
    digest.int(packet.octets)
    digest.int(packet.payload.packet.identification)
  }
  digest.number(cache.dropped)
}
