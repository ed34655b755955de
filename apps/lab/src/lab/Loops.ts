/**
 * Forwarding loops: whether the ports that forward a VLAN join switches and cables in a ring, since when, until when. No switch knows; this
 * is seen by somebody who sees all of them, from their traces. Looking on changes nothing.
 */
import { bridgePortOf } from "@l2lab/design/Directory"
import * as BridgeState from "@l2lab/l2/BridgeState"
import * as Bundles from "@l2lab/l2/bundle/Bundles"
import { MEMBER, TAGGED } from "@l2lab/l2/VlanTable"
import { NEVER, type SimTime } from "@l2lab/sim/SimTime"
import * as L2Trace from "@l2lab/l2/Trace"
import * as SimTrace from "@l2lab/sim/Trace"
import type { TraceEvent } from "@l2lab/sim/TraceEvent"
import * as Loop from "@l2lab/stp/Loop"
import * as StpTrace from "@l2lab/stp/Trace"
import * as Effect from "effect/Effect"
import * as ChassisTrace from "@l2lab/vss/chassis/Trace"
import * as MlagTrace from "@l2lab/vss/mlag/Trace"
import type { LoopWatch, SeenLoop } from "../Lab.ts"
import * as Bridges from "../Bridges.ts"
import { few, formatNs, naturally } from "../report/Quantity.ts"
import { type Session, worldPortsNamed } from "./Session.ts"

/** Ports of a ring that a line names. */
export const PORTS_SHOWN = 12

/** Frames without a tag, among the tags that a cable carries. */
const UNTAGGED = 0

/** Numbers for whatever is asked for, from 0. */
const numbering = (): ((key: string) => number) => {
  const known = new Map<string, number>()
  return (key) => {
    const number = known.get(key) ?? known.size
    known.set(key, number)
    return number
  }
}

/** Which bridge a node is to frames: the two of a pair are one, unless both chassis are active or the vPC peers have lost each other. */
const bridgeNamed = (session: Session, node: number): string => {
  const { directory, simulation } = session
  const { pair } = directory.nodes[node]
  const isOne =
    Bridges.peerOf(simulation.world, node)?.adjacent === 1 ||
    (Bridges.chassisOf(simulation.world, node) !== undefined && Bridges.consolesOf(session, node).length === 1)
  return pair !== undefined && isOne ? `pair ${pair.pair}` : String(node)
}

/** By world port: the LAN that its cable leads to; cables that meet at a hub are one, and those of a bundle. */
const lans = (session: Session): Int32Array => {
  const { world } = session.simulation
  const lan = Int32Array.from({ length: world.peer.length }, (_, port) => port)
  const find = (port: number): number => {
    while (lan[port] !== port) port = lan[port]
    return port
  }
  world.links.forEach(({ a, b, connected }) => {
    if (connected) lan[find(a)] = find(b)
  })
  world.kinds.forEach((kind, node) => {
    if (kind !== "hub") return
    for (let port = world.portBase[node] + 1; port < world.portBase[node + 1]; port++) lan[find(port)] = find(port - 1)
  })
  world.kinds.forEach((_, node) => {
    const bundles = bridgeAt(session, node)?.bundles
    if (bundles === undefined || bundles === null) return
    // Cables to two that are not one stay apart: what comes by one of a bundle does not leave by another.
    const first = new Map<string, number>()
    for (let link = 0; link < bundles.links; link++) {
      const bundle = bundles.bundleOf[link]
      if (bundle < 0 || bundles.role[link] !== Bundles.IN) continue
      const port = Bridges.worldPortOf(session, node, link)
      const far = world.peer[port] < 0 ? "" : bridgeNamed(session, world.nodeOfPort[world.peer[port]])
      const other = first.get(`${bundle} ${far}`)
      if (other === undefined) first.set(`${bundle} ${far}`, port)
      else lan[find(port)] = find(other)
    }
  })
  return lan.map((_, port) => find(port))
}

/** What is known of a relay. Kept beside the world: what an instant came to is looked at when a later one has begun to change it. */
interface Relay {
  readonly ports: number
  /** The world port of each link port. */
  readonly worldPorts: ReadonlyArray<number>
  readonly linkPortOf: Int16Array
  readonly vlans: BridgeState.BridgeState["vlans"]
  /** Which bridge it is to frames: vPC peers that have each other are one, whose legs are one port and whose peer-link is within it. */
  readonly bridge: string
  readonly within: number
  /** By tree * ports + port: 1 where it forwards. */
  readonly forwards: Uint8Array
}

/** What is known of the network. */
interface Known {
  readonly relays: Map<number, Relay>
  lanOf: Int32Array
}

/** Two chassis are one relay, whose ports the active one knows. */
const bridgeAt = ({ simulation: { world } }: Session, node: number): BridgeState.BridgeState | null =>
  Bridges.controlOf(world, node)

/** The bridge port that is the peer-link of vPC peers that have each other. */
const peerLinkOf = ({ simulation: { world } }: Session, node: number): number => {
  const peer = Bridges.peerOf(world, node)
  return peer?.adjacent === 1 ? peer.config.peerLink : -1
}

const relayOf = (session: Session, node: number, state: BridgeState.BridgeState): Relay => ({
  bridge: bridgeNamed(session, node),
  within: peerLinkOf(session, node),
  ports: state.ports,
  worldPorts: Array.from(state.bridgePortOf, (_, link) => Bridges.worldPortOf(session, node, link)),
  linkPortOf: state.linkPortOf,
  vlans: state.vlans,
  forwards: Uint8Array.from(state.portStates, (bits) => ((bits & BridgeState.FORWARDING) === 0 ? 0 : 1)),
})

const lookAround = (session: Session): Known => {
  const relays = new Map<number, Relay>()
  session.directory.nodes.forEach((_, node) => {
    const state = bridgeAt(session, node)
    if (state !== null) relays.set(node, relayOf(session, node, state))
  })
  return { relays, lanOf: lans(session) }
}

/** What an event changes. False if it has nothing to do with forwarding. */
const take = (session: Session, known: Known, { a, b, code, d, node }: TraceEvent): boolean => {
  const state = bridgeAt(session, node)
  const relay = known.relays.get(node)
  switch (code) {
    case SimTrace.POWER.code:
      known.relays.delete(node)
      if (state !== null) known.relays.set(node, relayOf(session, node, state))
      return true
    case StpTrace.PORT_STATE.code:
      if (state === null || relay === undefined) return false
      relay.forwards[b * relay.ports + a] = d === StpTrace.STATE_FORWARDING ? 1 : 0
      // VLANs may have gone over to other trees.
      if (relay.vlans !== state.vlans) known.relays.set(node, { ...relay, vlans: state.vlans })
      return true
    case ChassisTrace.MODE.code:
    case MlagTrace.ADJACENCY.code:
      known.lanOf = lans(session)
      known.relays.delete(node)
      if (state !== null) known.relays.set(node, relayOf(session, node, state))
      return true
    case L2Trace.BUNDLE.code:
    case L2Trace.MEMBER.code:
      known.lanOf = lans(session)
      if (state !== null) known.relays.set(node, relayOf(session, node, state))
      return true
    case SimTrace.CARRIER.code:
      known.lanOf = lans(session)
      if (state !== null && state.bundles !== null) {
        known.relays.set(node, relayOf(session, node, state))
        return true
      }
      // Without a spanning tree a port forwards as soon as it is up.
      if (state?.free === true && relay !== undefined) {
        for (let tree = 0; tree < state.trees; tree++)
          relay.forwards[tree * relay.ports + bridgePortOf(session.directory, node, a)] = b
      }
      return true
    default:
      return false
  }
}

/** All places where a port forwards a VLAN, and which VLAN a vertex of a switch is. */
const placesOf = ({ lanOf, relays }: Known): readonly [ReadonlyArray<Loop.Place>, ReadonlyMap<number, number>] => {
  const places: Array<Loop.Place> = []
  const vlanOf = new Map<number, number>()
  const bridgeNumber = numbering()
  const lanNumber = numbering()
  const legs = new Set<string>()
  for (const [node, { bridge: owner, worldPorts, forwards, linkPortOf, ports, vlans, within }] of relays) {
    const { ids, membership, treeOf } = vlans
    for (let port = 0; port < ports; port++) {
      const link = linkPortOf[port]
      if (link < 0 || port === within) continue
      const lan = lanOf[worldPorts[link]]
      for (let v = 0; v < ids.length; v++) {
        const flags = membership[v * ports + port]
        if ((flags & MEMBER) === 0 || forwards[treeOf[v] * ports + port] === 0) continue
        const bridge = bridgeNumber(`${owner} ${ids[v]}`)
        vlanOf.set(bridge, ids[v])
        const wire = lanNumber(`${lan} ${(flags & TAGGED) === 0 ? UNTAGGED : ids[v]}`)
        // The other leg of a vPC leads to the same bundle.
        if (within >= 0 && legs.has(`${bridge} ${wire}`)) continue
        if (within >= 0) legs.add(`${bridge} ${wire}`)
        places.push({ bridge, lan: wire, node, port })
      }
    }
  }
  return [places, vlanOf]
}

/** The ports that forward in a ring at this instant, as `sw1:1`, sorted, ring by ring; none where nothing loops. */
export const ringsNow = (session: Session): ReadonlyArray<ReadonlyArray<string>> => {
  const [places] = placesOf(lookAround(session))
  return Loop.loops(places).map((ring) => {
    const names = ring.map(({ node, port }) => session.directory.nodes[node].bridgePorts[port].end)
    return [...new Set(names)].sort()
  })
}

/** Somebody who watches and says nothing. */
export interface QuietWatch extends LoopWatch {
  /** Ports that forward in a ring now. */
  readonly ring: () => number
  /** When each VLAN first forwarded in a ring. */
  readonly vlanAt: ReadonlyMap<number, SimTime>
}

/** Who watched first: says what is to be said, and knows best since when. */
const firstWatches = new WeakMap<Session, { readonly watch: LoopWatch; readonly since: SimTime }>()

/** Watch from now on, and print a line when a loop begins and when it ends, unless somebody does already. */
export const watchLoops = (session: Session): LoopWatch => {
  if (firstWatches.has(session)) return watchQuietly(session)
  const watch = watchAndTell(session, session.tell)
  firstWatches.set(session, { watch, since: session.simulation.now })
  return watch
}

/** Loops as the first watch of a session has seen them. */
export const seenFirst = (session: Session): LoopWatch["seen"] => firstWatches.get(session)?.watch.seen ?? Effect.succeed([])

/** From when on a session is watched: what loops then may have begun before. */
export const watchedSince = (session: Session): SimTime => firstWatches.get(session)?.since ?? session.simulation.now

/** Ports of a loop, those of each network that nothing joins to the others by themselves. */
export const apart = (session: Session, ports: ReadonlyArray<string>): ReadonlyArray<ReadonlyArray<string>> => {
  const { nodeOfPort, peer } = session.simulation.world
  const groupOf = new Map<number, number>()
  const find = (node: number): number => {
    const group = groupOf.get(node) ?? node
    return group === node ? node : find(group)
  }
  const nodes = ports.map((name) => {
    const [first, ...others] = worldPortsNamed(session, name)
    const node = nodeOfPort[first]
    for (const port of [first, ...others]) if (peer[port] >= 0) groupOf.set(find(nodeOfPort[peer[port]]), find(node))
    return node
  })
  const groups = new Map<number, Array<string>>()
  ports.forEach((name, i) => groups.set(find(nodes[i]), [...(groups.get(find(nodes[i])) ?? []), name]))
  return [...groups.values()]
}

/** Watch from now on. */
export const watchQuietly = (session: Session): QuietWatch => watchAndTell(session, () => {})

const watchAndTell = (session: Session, tell: Session["tell"]): QuietWatch => {
  const known = lookAround(session)
  const watch = Loop.watch()
  const vlans = new Map<SimTime, Set<number>>()
  const vlanAt = new Map<number, SimTime>()
  /** By when the loop began. */
  const joined = new Map<SimTime, SeenLoop["joined"]>()
  /** Something changed at this instant, which may not be over. */
  let changedAt: SimTime | undefined
  /** Ports in a ring, where somebody has asked since the last change. */
  let ring: number | undefined

  const nameOf = ({ node, port }: Loop.Place): string => session.directory.nodes[node].bridgePorts[port].end
  const portsOf = (places: ReadonlyArray<Loop.Place>): ReadonlyArray<string> => [...new Set(places.map(nameOf))].sort(naturally)
  /** Ports that a loop has and had not before. */
  const join = (loop: Loop.Loop, before: Loop.Loop | undefined, at: SimTime): ReadonlyArray<string> => {
    const already = joined.get(loop.from) ?? []
    const more = loop.places.slice(before?.from === loop.from ? before.places.length : 0)
    const ports = portsOf(more).filter((name) => !already.some((earlier) => earlier.ports.includes(name)))
    if (ports.length > 0) joined.set(loop.from, [...already, { at, ports }])
    return ports
  }
  const look = (at: SimTime): void => {
    const before = Loop.lasting(watch)
    const [places, vlanOf] = placesOf(known)
    const isNews = Loop.observe(watch, places, at)
    const loop = Loop.lasting(watch)
    if (loop !== undefined) {
      const seen = vlans.get(loop.from) ?? new Set()
      vlans.set(loop.from, seen)
      for (const place of loop.places) seen.add(vlanOf.get(place.bridge) ?? 0)
      for (const vlan of seen) if (!vlanAt.has(vlan)) vlanAt.set(vlan, at)
    }
    const ports = loop === undefined ? [] : join(loop, before, at)
    for (const ring of loop === undefined ? [] : apart(session, portsOf(loop.places))) {
      const more = ring.filter((name) => ports.includes(name))
      const isWhole = more.length === ring.length
      if (more.length > 0) tell(at, `LOOP   ${few(more, PORTS_SHOWN, " ")} ${isWhole ? "forward in a ring" : "join it"}`)
    }
    if (isNews && loop === undefined && before !== undefined) tell(at, `LOOP   is over after ${formatNs(at - before.from)}`)
  }
  const settle = (): void => {
    if (changedAt === undefined) return
    const at = changedAt
    changedAt = undefined
    ring = undefined
    look(at)
  }

  look(session.simulation.now)
  session.held.push(() => {
    if (changedAt !== undefined && session.simulation.now > changedAt) settle()
  })
  session.trace.subscribeSignificant((event) => {
    if (changedAt !== undefined && event.at > changedAt) settle()
    if (take(session, known, event)) changedAt = event.at
  })
  return {
    vlanAt,
    ring: () => {
      settle()
      ring ??= Loop.lasting(watch) === undefined ? 0 : new Set(Loop.loops(placesOf(known)[0]).flat().map(nameOf)).size
      return ring
    },
    seen: Effect.sync(() => {
      settle()
      return watch.loops.map((loop): SeenLoop => ({
        from: loop.from,
        ...(loop.until !== NEVER && { until: loop.until }),
        ports: portsOf(loop.places),
        joined: joined.get(loop.from) ?? [],
        vlans: [...(vlans.get(loop.from) ?? [])].sort((a, b) => a - b),
      }))
    }),
  }
}
