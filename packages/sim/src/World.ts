/**
 * A world: everything that is emulated, as plain data. Device states, links, pending events (a node, a kind, numbers, a frame; never
 * a closure), random streams, the command log. Snapshot, restore, fork, replay and shipping to a worker stand on this one thing.
 *
 * `Simulation` runs a world. While it does, it caches a few scalars of it: only a world that `Simulation.save` returned is whole.
 */
import type { AnyDeviceKind, Command, PortIndex, WireFrame } from "./Device.ts"
import type { Digest } from "./Digest.ts"
import * as EventQueue from "./EventQueue.ts"
import * as HalfDuplex from "./HalfDuplex.ts"
import * as PortRow from "./PortRow.ts"
import * as Prng from "./Prng.ts"
import { NEVER, type DurationNs, type SimTime } from "./SimTime.ts"

/** Index of a node in its world. */
export type NodeIndex = number
/** Index of a link in its world. */
export type LinkIndex = number
/** Index of a link port in its world: the node's `portBase` plus the port's index within the device. */
export type WorldPort = number

/** The format of saved worlds; a world of another format is refused. */
export const FORMAT_VERSION = 2

/** A node of a world that is to be made. */
export interface NodeSpec {
  readonly name: string
  /** A kind of the registry. */
  readonly kind: string
  /** What the kind's `make` wants. Plain data; never changed. */
  readonly config: unknown
}

/** One end of a link: a node, and a link port of its device. */
export interface LinkEnd {
  readonly node: NodeIndex
  readonly port: PortIndex
}

/** A link of a world that is to be made. */
export interface LinkSpec {
  /** Names the link's random streams; by default its ends, `sw1:0--sw2:0`. */
  readonly name?: string
  readonly a: LinkEnd
  readonly b: LinkEnd
  /** Bits per second; 1 Gb/s by default. */
  readonly rateBps?: number
  /** Propagation delay; 500 ns (100 m) by default. */
  readonly latencyNs?: DurationNs
  /** Most octets of client data in a frame; 1500 by default. */
  readonly mtu?: number
  /** Octets that may wait at each transmitter; 1 MiB by default. */
  readonly queueOctets?: number
  /** Share of frames lost at random in both directions; 0 by default. */
  readonly lossRatio?: number
  /** Share of frames that arrive with a bad FCS, in both directions; 0 by default. */
  readonly corruptionRatio?: number
  /** Of both ends, or of `a` and `b`; full by default. Ends that differ are a duplex mismatch (`HalfDuplex.ts`). */
  readonly fullDuplex?: boolean | readonly [a: boolean, b: boolean]
}

/** All that a world is made from. */
export interface WorldSpec {
  /** Seed of all random streams: an integer of 32 bits; 1 by default. */
  readonly seed?: number
  readonly nodes: ReadonlyArray<NodeSpec>
  readonly links: ReadonlyArray<LinkSpec>
}

/** The kinds that a world may hold, and how frames are fingerprinted. A value that is handed over, never a global. */
export interface Registry<F extends WireFrame> {
  readonly kinds: ReadonlyMap<string, AnyDeviceKind<F>>
  readonly fingerprintFrame: (frame: F, digest: Digest) => void
}

/** A link between two ports: the rare facts; what a transmission needs is in the port rows. */
export interface Link<F extends WireFrame = WireFrame> {
  readonly name: string
  readonly a: WorldPort
  readonly b: WorldPort
  /** Whether the cable is in. */
  connected: boolean
  /** What each direction does to frames, by transmitting end. */
  readonly from: readonly [Direction, Direction]
  /** The transmitter of the half-duplex end where the other is full duplex; null where both take the link for the same. */
  half: HalfDuplex.HalfDuplex<F> | null
}

/** The direction that a port transmits in. */
export const directionOf = (world: Pick<World, "links" | "linkOfPort">, port: WorldPort): Direction => {
  const link = world.links[world.linkOfPort[port]]
  return link.from[link.a === port ? 0 : 1]
}

/** Give a link whose ends differ about duplex its half-duplex transmitter, idle, or take it away. */
export const settleDuplex = <F extends WireFrame>(link: Link<F>): void => {
  const [a, b] = link.from
  link.half = a.fullDuplex === b.fullDuplex ? null : HalfDuplex.make(a.fullDuplex ? link.b : link.a)
}

/** One direction of a link. */
export interface Direction {
  /** A dead direction loses every frame while the carrier stays up (a broken fibre that nobody notices). */
  alive: boolean
  lossRatio: number
  corruptionRatio: number
  /** What the transmitting end takes the link for. */
  fullDuplex: boolean
  /** What it has counted of a duplex mismatch. */
  readonly counters: HalfDuplex.Counters
}

/** A command as it was given: when, after how many events, to whom. */
export interface CommandRecord {
  readonly at: SimTime
  /** Events that the world had processed: places the command exactly among the events of one instant. */
  readonly afterEvents: number
  /** The node whose device gets the command; -1 for a command to the world itself. */
  readonly node: NodeIndex
  readonly command: Command
}

/** Power states of a node. */
export const OFF = 0
export const ON = 1
/** Off, but its links keep their carrier: neighbours notice nothing but silence. */
export const SILENT = 2

/** Administrative states of a port. */
export const SHUT = 0
export const ENABLED = 1
/** Shut by its own device (errdisable), which a cold boot forgets; what management shut stays shut. */
export const SHUT_BY_DEVICE = 2
/** Being shut by management: still up until what the device has to say at that has left. */
export const SHUTTING = 3

/** Whether a port is up, as far as its own side goes. */
export const isEnabled = (state: number): boolean => state === ENABLED || state === SHUTTING

export interface World<F extends WireFrame = WireFrame> {
  readonly formatVersion: number
  readonly seed: number
  now: SimTime
  /** Frames and timers processed so far; a script's wake-ups do not count. */
  events: number
  /** The next sequence number. */
  sequence: number
  frames: EventQueue.EventQueueData<F>
  timers: EventQueue.EventQueueData<F>

  readonly names: ReadonlyArray<string>
  readonly kinds: ReadonlyArray<string>
  readonly configs: ReadonlyArray<unknown>
  /** By node; null while it is off. */
  readonly states: Array<unknown>
  /** By node: OFF, ON or SILENT. */
  readonly power: Uint8Array
  /** By node, with one more at the end: its first world port. */
  readonly portBase: Int32Array
  /** By node, with one more at the end: its first world timer. */
  readonly timerBase: Int32Array

  /** By world port: PortRow.STRIDE doubles. */
  readonly rows: Float64Array
  readonly nodeOfPort: Int32Array
  /** By world port: the port at the other end of its cable, -1 without one. */
  readonly peer: Int32Array
  /** By world port: its link, -1 without one. */
  readonly linkOfPort: Int32Array
  /** By world port: SHUT, ENABLED, SHUT_BY_DEVICE or SHUTTING. */
  readonly enabled: Uint8Array
  /** By world port: the carrier that its device was last told of. */
  readonly carrier: Uint8Array
  readonly links: ReadonlyArray<Link<F>>

  /** By world timer: deadline (NEVER = stopped), its sequence number, when the queued event fires (NEVER = none), its generation. */
  readonly timerAt: Float64Array
  readonly timerOrder: Float64Array
  readonly timerArmed: Float64Array
  readonly timerGeneration: Int32Array
  readonly nodeOfTimer: Int32Array

  /** Random streams: Prng.WORDS words for each node, then for each world port as transmitter. */
  readonly random: Uint32Array
  /** The digest of all significant trace events so far. */
  traceDigest: readonly [number, number]
  readonly commandLog: Array<CommandRecord>
}

const endName = (spec: WorldSpec, end: LinkEnd): string => `${spec.nodes[end.node]?.name}:${end.port}`

/** The name that a link goes by when it is given none. */
export const linkName = (spec: WorldSpec, link: LinkSpec): string =>
  link.name ?? `${endName(spec, link.a)}--${endName(spec, link.b)}`

/**
 * Lay out a world from its specification: every node is off, nothing is pending. `Simulation.boot` switches it on.
 * A specification that contradicts itself (an unknown kind, a port twice in use) is a bug of the caller and throws; designs are
 * checked long before, with sentences for their authors.
 */
export const make = <F extends WireFrame>(spec: WorldSpec, registry: Registry<F>): World<F> => {
  const seed = spec.seed ?? 1
  const nodeCount = spec.nodes.length
  const portBase = new Int32Array(nodeCount + 1)
  const timerBase = new Int32Array(nodeCount + 1)
  spec.nodes.forEach((node, i) => {
    const kind = registry.kinds.get(node.kind)
    if (kind === undefined) throw new Error(`node ${node.name} is of the kind "${node.kind}", which the registry does not hold`)
    portBase[i + 1] = portBase[i] + kind.ports(node.config)
    timerBase[i + 1] = timerBase[i] + kind.timers(node.config)
  })
  const portCount = portBase[nodeCount]
  const timerCount = timerBase[nodeCount]
  const world: World<F> = {
    formatVersion: FORMAT_VERSION,
    seed,
    now: 0,
    events: 0,
    sequence: 0,
    frames: EventQueue.empty(1024),
    timers: EventQueue.empty(1024),
    names: spec.nodes.map((node) => node.name),
    kinds: spec.nodes.map((node) => node.kind),
    configs: spec.nodes.map((node) => node.config),
    states: spec.nodes.map(() => null),
    power: new Uint8Array(nodeCount),
    portBase,
    timerBase,
    rows: new Float64Array(portCount * PortRow.STRIDE),
    nodeOfPort: new Int32Array(portCount),
    peer: new Int32Array(portCount).fill(-1),
    linkOfPort: new Int32Array(portCount).fill(-1),
    enabled: new Uint8Array(portCount).fill(ENABLED),
    carrier: new Uint8Array(portCount),
    links: [],
    timerAt: new Float64Array(timerCount).fill(NEVER),
    timerOrder: new Float64Array(timerCount),
    timerArmed: new Float64Array(timerCount).fill(NEVER),
    timerGeneration: new Int32Array(timerCount),
    nodeOfTimer: new Int32Array(timerCount),
    random: new Uint32Array((nodeCount + portCount) * Prng.WORDS),
    traceDigest: [0, 0],
    commandLog: [],
  }
  for (let node = 0; node < nodeCount; node++) {
    world.nodeOfPort.fill(node, portBase[node], portBase[node + 1])
    world.nodeOfTimer.fill(node, timerBase[node], timerBase[node + 1])
    Prng.seed(world.random, node * Prng.WORDS, seed, `node ${spec.nodes[node].name}`)
  }
  const links = world.links as Array<Link<F>>
  for (const link of spec.links) {
    const a = portBase[link.a.node] + link.a.port
    const b = portBase[link.b.node] + link.b.port
    const name = linkName(spec, link)
    for (const [end, port] of [
      [link.a, a],
      [link.b, b],
    ] as const) {
      if (end.port < 0 || port >= portBase[end.node + 1]) throw new Error(`link ${name}: ${endName(spec, end)} is not a port`)
    }
    if (a === b || world.peer[a] >= 0 || world.peer[b] >= 0) throw new Error(`link ${name}: a port can hold one cable only`)
    world.peer[a] = b
    world.peer[b] = a
    world.linkOfPort[a] = world.linkOfPort[b] = links.length
    const { fullDuplex = true } = link
    const direction = (end: 0 | 1): Direction => ({
      alive: true,
      lossRatio: link.lossRatio ?? 0,
      corruptionRatio: link.corruptionRatio ?? 0,
      fullDuplex: typeof fullDuplex === "boolean" ? fullDuplex : fullDuplex[end],
      counters: HalfDuplex.noCounters(),
    })
    const made: Link<F> = { name, a, b, connected: true, from: [direction(0), direction(1)], half: null }
    settleDuplex(made)
    links.push(made)
    for (const [port, end] of [
      [a, "a"],
      [b, "b"],
    ] as const) {
      configurePort(world.rows, port, link)
      Prng.seed(world.random, (nodeCount + port) * Prng.WORDS, seed, `link ${name} ${end}`)
    }
  }
  return world
}

/** Write a link's figures into the row of one of its ports. */
export const configurePort = (
  rows: Float64Array,
  port: WorldPort,
  link: Pick<LinkSpec, "rateBps" | "latencyNs" | "mtu" | "queueOctets">,
): void => {
  const row = port * PortRow.STRIDE
  const [numerator, denominator] = PortRow.octetTime(link.rateBps ?? 1_000_000_000)
  rows[row + PortRow.NUMERATOR] = numerator
  rows[row + PortRow.DENOMINATOR] = denominator
  rows[row + PortRow.LATENCY] = link.latencyNs ?? 500
  rows[row + PortRow.QUEUE_LIMIT] = Math.ceil(((link.queueOctets ?? 1_048_576) * numerator) / denominator)
  rows[row + PortRow.MAXIMUM_OCTETS] = (link.mtu ?? 1500) + PortRow.FRAME_OVERHEAD_OCTETS
}

/** Whether a port has carrier: a cable, both ends enabled, neither node switched off (a silent one keeps it). */
export const hasCarrier = (world: World, port: WorldPort): boolean => {
  const peer = world.peer[port]
  return (
    peer >= 0 &&
    world.links[world.linkOfPort[port]].connected &&
    isEnabled(world.enabled[port]) &&
    isEnabled(world.enabled[peer]) &&
    world.power[world.nodeOfPort[port]] !== OFF &&
    world.power[world.nodeOfPort[peer]] !== OFF
  )
}

const copyDirection = (direction: Direction): Direction => ({ ...direction, counters: { ...direction.counters } })

/**
 * An independent copy of a saved world. States are copied by their kinds (filtering databases copy-on-write); frames and
 * configurations are immutable and shared. Wake-ups of the parent's script stay pending but find nobody.
 */
export const copy = <F extends WireFrame>(world: World<F>, registry: Registry<F>): World<F> => ({
  ...world,
  frames: EventQueue.copy(world.frames),
  timers: EventQueue.copy(world.timers),
  states: world.states.map((state, node) => (state === null ? null : registry.kinds.get(world.kinds[node])!.copy(state))),
  power: world.power.slice(),
  rows: world.rows.slice(),
  enabled: world.enabled.slice(),
  carrier: world.carrier.slice(),
  links: world.links.map((link) => ({
    ...link,
    from: [copyDirection(link.from[0]), copyDirection(link.from[1])],
    half: link.half === null ? null : HalfDuplex.copy(link.half),
  })),
  timerAt: world.timerAt.slice(),
  timerOrder: world.timerOrder.slice(),
  timerArmed: world.timerArmed.slice(),
  timerGeneration: world.timerGeneration.slice(),
  random: world.random.slice(),
  commandLog: world.commandLog.slice(),
})
