/**
 * Whether what forwards has a loop, asked of the network as a whole by somebody who sees all of it: no bridge knows this. A network is
 * here a list of places at which a port that forwards joins a vertex on the bridge's side to one on the LAN's side; what these are is
 * the caller's business (a bridge and a cable; a bridge's VLAN and a tag on a cable). Never part of a bridge, and off the hot path.
 */
import { NEVER, type SimTime } from "@l2lab/sim/SimTime"

/** A port that forwards. */
export interface Place {
  /** What it joins: two vertices, each numbered from 0 without large gaps. */
  readonly bridge: number
  readonly lan: number
  /** Who it is to the caller. */
  readonly node: number
  readonly port: number
}

/** A vertex that stands for itself has no parent. */
const find = (parent: Int32Array, vertex: number): number => {
  let top = vertex
  while (parent[top] !== top) top = parent[top]
  while (parent[vertex] !== top) {
    const next = parent[vertex]
    parent[vertex] = top
    vertex = next
  }
  return top
}

const vertices = (places: ReadonlyArray<Place>): readonly [bridges: number, lans: number] => {
  let bridges = 0
  let lans = 0
  for (const { bridge, lan } of places) {
    if (bridge >= bridges) bridges = bridge + 1
    if (lan >= lans) lans = lan + 1
  }
  return [bridges, lans]
}

/** Whether there is a loop: a place joins what is joined already. */
export const hasLoop = (places: ReadonlyArray<Place>): boolean => {
  const [bridges, lans] = vertices(places)
  const parent = Int32Array.from({ length: bridges + lans }, (_, vertex) => vertex)
  for (const { bridge, lan } of places) {
    const a = find(parent, bridge)
    const b = find(parent, bridges + lan)
    if (a === b) return true
    parent[a] = b
  }
  return false
}

/**
 * The places that lie on a loop, grouped by loop; loops that share a place are one. What hangs on a loop, and what only joins two of
 * them, is left out: a place is on a loop if its two sides stay joined without it.
 */
export const loops = (places: ReadonlyArray<Place>): ReadonlyArray<ReadonlyArray<Place>> => {
  const [bridges, lans] = vertices(places)
  const size = bridges + lans
  const around: Array<Array<number>> = Array.from({ length: size }, () => [])
  places.forEach(({ bridge, lan }, edge) => {
    around[bridge].push(edge)
    around[bridges + lan].push(edge)
  })
  const cut = cuts(places, bridges, around)
  const parent = Int32Array.from({ length: size }, (_, vertex) => vertex)
  places.forEach(({ bridge, lan }, edge) => {
    if (cut[edge] === 0) parent[find(parent, bridge)] = find(parent, bridges + lan)
  })
  const groups = new Map<number, Array<Place>>()
  places.forEach((place, edge) => {
    if (cut[edge] === 1) return
    const group = find(parent, place.bridge)
    const known = groups.get(group)
    if (known === undefined) groups.set(group, [place])
    else known.push(place)
  })
  return [...groups.values()]
}

/** By place: 1 where its two sides would come apart without it. A walk in depth without recursion, after Tarjan. */
const cuts = (places: ReadonlyArray<Place>, bridges: number, around: ReadonlyArray<ReadonlyArray<number>>): Uint8Array => {
  const cut = new Uint8Array(places.length)
  const entered = new Int32Array(around.length)
  const low = new Int32Array(around.length)
  /** Of a vertex on the present way: the place it was entered by, and how many of its own have been looked at. */
  const by = new Int32Array(around.length).fill(-1)
  const seen = new Int32Array(around.length)
  let clock = 0
  for (let start = 0; start < around.length; start++) {
    if (entered[start] !== 0 || around[start].length === 0) continue
    const way = [start]
    entered[start] = low[start] = ++clock
    while (way.length > 0) {
      const here = way[way.length - 1]
      const edge = around[here][seen[here]++]
      if (edge === undefined) {
        way.pop()
        if (by[here] < 0) continue
        const before = way[way.length - 1]
        if (low[here] < low[before]) low[before] = low[here]
        if (low[here] > entered[before]) cut[by[here]] = 1
        continue
      }
      if (edge === by[here]) continue
      const other = here < bridges ? bridges + places[edge].lan : places[edge].bridge
      if (entered[other] !== 0) {
        if (entered[other] < low[here]) low[here] = entered[other]
        continue
      }
      by[other] = edge
      entered[other] = low[other] = ++clock
      way.push(other)
    }
  }
  return cut
}

/** A span of time during which something forwarded in a loop. */
export interface Loop {
  readonly from: SimTime
  /** NEVER while it lasts. */
  readonly until: SimTime
  /** Every place that was on a loop in that span. */
  readonly places: ReadonlyArray<Place>
}

/** Who watches: the loops so far, the last of which may last. Plain data. */
export interface Watch {
  readonly loops: Array<Loop>
}

/** Nothing seen yet. */
export const watch = (): Watch => ({ loops: [] })

/** The loop that lasts, if one does. */
export const lasting = ({ loops: seen }: Watch): Loop | undefined => {
  const last = seen.at(-1)
  return last?.until === NEVER ? last : undefined
}

const isSame = (a: Place, b: Place): boolean => a.node === b.node && a.port === b.port && a.bridge === b.bridge && a.lan === b.lan

/**
 * Tell a watch what forwards from `now` on. True if a loop began or ended. Spans in which something loops without a break are one loop,
 * whose places are all that took part.
 */
export const observe = (to: Watch, places: ReadonlyArray<Place>, now: SimTime): boolean => {
  const open = lasting(to)
  if (!hasLoop(places)) {
    if (open === undefined) return false
    // What is over in the instant in which it began never was: handlers of one instant have not yet all been called.
    to.loops.pop()
    if (open.from < now) to.loops.push({ ...open, until: now })
    return true
  }
  const found = loops(places).flat()
  if (open === undefined) {
    to.loops.push({ from: now, until: NEVER, places: found })
    return true
  }
  const more = found.filter((place) => !open.places.some((known) => isSame(known, place)))
  if (more.length > 0) to.loops[to.loops.length - 1] = { ...open, places: [...open.places, ...more] }
  return false
}
