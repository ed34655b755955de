/**
 * The yardstick: the least that forwarding, flooding and a storm need in JavaScript. One event a frame and link, a table of addresses
 * on each switch, a transmitter that is busy; no VLANs, no ageing, no queue limits, no counters, nothing that can fail. Written as
 * one would write it for this alone: small classes, a 4-ary heap of event objects, a `Map` keyed by address.
 *
 * What the emulator reaches is given as a ratio to this, taken in the same run: machines are noisy, and both suffer alike.
 */

/** All 48 bits: the broadcast address. */
const BROADCAST = 2 ** 48 - 1
/** 1 Gb/s. */
const NS_PER_OCTET = 8
/** Preamble and gap, 20 octets. */
const GAP_NS = 160
const LATENCY_NS = 500

class Packet {
  readonly to: number
  readonly from: number
  readonly octets: number
  constructor(to: number, from: number, octets: number) {
    this.to = to
    this.from = from
    this.octets = octets
  }
}

class Station {
  readonly forwards: boolean
  readonly plugs: Array<Plug> = []
  readonly table = new Map<number, Learnt>()
  constructor(forwards: boolean) {
    this.forwards = forwards
  }
}

/** One end of a cable. */
class Plug {
  readonly station: Station
  other!: Plug
  busyUntil = 0
  constructor(station: Station) {
    this.station = station
  }
}

class Learnt {
  plug: Plug
  seen: number
  constructor(plug: Plug, seen: number) {
    this.plug = plug
    this.seen = seen
  }
}

/** A packet that arrives at a plug, or a source that is due (no plug). */
class Occurrence {
  readonly at: number
  readonly order: number
  readonly plug: Plug | null
  readonly what: Packet | Source
  constructor(at: number, order: number, plug: Plug | null, what: Packet | Source) {
    this.at = at
    this.order = order
    this.plug = plug
    this.what = what
  }
}

/** Sends `left` packets, one every `gap` ns, from each of its plugs in turn. */
class Source {
  readonly plugs: ReadonlyArray<Plug>
  readonly packets: ReadonlyArray<Packet>
  readonly gap: number
  left: number
  next = 0
  constructor(plugs: ReadonlyArray<Plug>, packets: ReadonlyArray<Packet>, gap: number, left: number) {
    this.plugs = plugs
    this.packets = packets
    this.gap = gap
    this.left = left
  }
}

export class BareLoop {
  private readonly heap: Array<Occurrence> = []
  private size = 0
  private order = 0
  private now = 0
  /** Occurrences so far. */
  events = 0
  /** Packets that switches received. */
  hops = 0
  /** Packets that end stations received. */
  delivered = 0
  /** The loop ends when `hops` gets here. */
  hopLimit = Infinity

  private add(at: number, plug: Plug | null, what: Packet | Source): void {
    const heap = this.heap
    const added = new Occurrence(at, this.order++, plug, what)
    let i = this.size++
    while (i > 0) {
      const up = (i - 1) >> 2
      const above = heap[up]
      if (above.at <= at) break
      heap[i] = above
      i = up
    }
    heap[i] = added
  }

  private take(): Occurrence {
    const heap = this.heap
    const first = heap[0]
    const size = --this.size
    const last = heap[size]
    ;(heap as Array<Occurrence | undefined>)[size] = undefined // what was taken is garbage
    if (size === 0) return first
    let i = 0
    for (;;) {
      const child = 4 * i + 1
      if (child >= size) break
      let best = child
      let least = heap[child]
      const end = child + 4 < size ? child + 4 : size
      for (let j = child + 1; j < end; j++) {
        const other = heap[j]
        if (other.at < least.at || (other.at === least.at && other.order < least.order)) {
          best = j
          least = other
        }
      }
      if (last.at < least.at || (last.at === least.at && last.order < least.order)) break
      heap[i] = least
      i = best
    }
    heap[i] = last
    return first
  }

  send(plug: Plug, packet: Packet): void {
    const start = plug.busyUntil > this.now ? plug.busyUntil : this.now
    const end = start + packet.octets * NS_PER_OCTET
    plug.busyUntil = end + GAP_NS
    this.add(end + LATENCY_NS, plug.other, packet)
  }

  private forward(station: Station, plug: Plug, packet: Packet): void {
    this.hops++
    const known = station.table.get(packet.from)
    if (known === undefined) station.table.set(packet.from, new Learnt(plug, this.now))
    else {
      known.plug = plug
      known.seen = this.now
    }
    if (packet.to !== BROADCAST) {
      const target = station.table.get(packet.to)
      if (target !== undefined) {
        if (target.plug !== plug) this.send(target.plug, packet)
        return
      }
    }
    const plugs = station.plugs
    for (let i = 0; i < plugs.length; i++) if (plugs[i] !== plug) this.send(plugs[i], packet)
  }

  run(): void {
    while (this.size > 0 && this.hops < this.hopLimit) {
      const next = this.take()
      this.now = next.at
      this.events++
      const plug = next.plug
      if (plug === null) {
        const source = next.what as Source
        const turn = source.next
        source.next = turn + 1 === source.plugs.length ? 0 : turn + 1
        this.send(source.plugs[turn], source.packets[turn])
        if (--source.left > 0) this.add(this.now + source.gap, null, source)
      } else if (plug.station.forwards) this.forward(plug.station, plug, next.what as Packet)
      else this.delivered++
    }
  }

  start(source: Source, at: number): void {
    this.add(at, null, source)
  }
}

const cable = (a: Station, b: Station): void => {
  const plugA = new Plug(a)
  const plugB = new Plug(b)
  plugA.other = plugB
  plugB.other = plugA
  a.plugs.push(plugA)
  b.plugs.push(plugB)
}

const address = (i: number): number => 0x020000000000 + i

/** W1: a line of ten switches. */
export const forward = (octets: number, frames: number): BareLoop => {
  const loop = new BareLoop()
  const line = Array.from({ length: 10 }, () => new Station(true))
  for (let i = 0; i + 1 < line.length; i++) cable(line[i], line[i + 1])
  const near = new Station(false)
  const far = new Station(false)
  cable(near, line[0])
  cable(far, line[9])
  loop.send(far.plugs[0], new Packet(address(1), address(2), octets))
  loop.start(
    new Source([near.plugs[0]], [new Packet(address(2), address(1), octets)], (octets + 20) * NS_PER_OCTET + 1000, frames),
    1e6,
  )
  return loop
}

/** W2: 111 switches in three levels, 1,000 stations. */
export const flood = (broadcasts: number): BareLoop => {
  const loop = new BareLoop()
  const root = new Station(true)
  const plugs: Array<Plug> = []
  const packets: Array<Packet> = []
  for (let i = 0; i < 10; i++) {
    const distribution = new Station(true)
    cable(root, distribution)
    for (let j = 0; j < 10; j++) {
      const access = new Station(true)
      cable(distribution, access)
      for (let k = 0; k < 10; k++) {
        const station = new Station(false)
        cable(access, station)
        packets.push(new Packet(BROADCAST, address(plugs.length), 64))
        plugs.push(station.plugs[0])
      }
    }
  }
  loop.start(new Source(plugs, packets, 20_000, broadcasts), 1e6)
  return loop
}

/** W4: a triangle and one broadcast. */
export const storm = (hops: number): BareLoop => {
  const loop = new BareLoop()
  loop.hopLimit = hops
  const triangle = [0, 1, 2].map(() => new Station(true))
  for (let i = 0; i < 3; i++) cable(triangle[i], triangle[(i + 1) % 3])
  const stations = triangle.map((bridge) => {
    const station = new Station(false)
    cable(bridge, station)
    return station
  })
  loop.send(stations[0].plugs[0], new Packet(BROADCAST, address(0), 64))
  return loop
}
