/** Random networks of bridges on cables and shared LANs. */
import type { Draw } from "./Draw.ts"

/** A bridge's port on a LAN. */
export interface End {
  readonly bridge: number
  readonly port: number
}

/** A cable between two ports, or a repeater with any number of them. */
export interface Segment {
  readonly ends: ReadonlyArray<End>
  readonly isShared: boolean
  readonly latencyNs: number
}

export interface PortSpec {
  readonly cost: number
  /** 0..240 in steps of 16. */
  readonly priority: number
}

export interface BridgeSpec {
  /** 0..61440 in steps of 4096. */
  readonly priority: number
  readonly ports: ReadonlyArray<PortSpec>
}

export interface Topology {
  readonly shape: Shape
  readonly bridges: ReadonlyArray<BridgeSpec>
  readonly segments: ReadonlyArray<Segment>
}

export const SHAPES = ["tree-and-chords", "ring", "grid", "farm", "shared"] as const
export type Shape = (typeof SHAPES)[number]

/** Which bridges are on which LANs; ports follow. */
type Plan = Array<ReadonlyArray<number>>

const treeAndChords = (draw: Draw, bridges: number): Plan => {
  const plan: Plan = []
  // Each joins one of a few before it, so that trees are deep as often as wide.
  const reach = draw.between(1, bridges)
  for (let n = 1; n < bridges; n++) plan.push([n, draw.between(Math.max(0, n - reach), n - 1)])
  const chords = draw.between(0, Math.ceil(bridges * 0.8))
  for (let n = 0; n < chords; n++) plan.push([draw.between(0, bridges - 1), draw.between(0, bridges - 1)])
  return plan
}

const ring = (draw: Draw, bridges: number): Plan => {
  const plan: Plan = Array.from({ length: bridges }, (_, n) => [n, (n + 1) % bridges])
  const chords = draw.between(0, 3)
  for (let n = 0; n < chords; n++) plan.push([draw.between(0, bridges - 1), draw.between(0, bridges - 1)])
  return plan
}

const grid = (draw: Draw, bridges: number): Plan => {
  const width = Math.max(1, Math.floor(Math.sqrt(bridges)) + draw.between(-1, 1))
  const plan: Plan = []
  for (let n = 0; n < bridges; n++) {
    if ((n + 1) % width !== 0 && n + 1 < bridges) plan.push([n, n + 1])
    if (n + width < bridges) plan.push([n, n + width])
  }
  return plan
}

const farm = (_draw: Draw, bridges: number): Plan => {
  const plan: Plan = [[0, 1]]
  for (let n = 2; n < bridges; n++) plan.push([n, 0], [n, 1])
  return plan
}

const shared = (draw: Draw, bridges: number): Plan => {
  const lans = draw.between(1, Math.ceil(bridges * 0.8))
  const plan: Array<Array<number>> = Array.from({ length: lans }, () => [])
  for (let n = 0; n < bridges; n++) {
    const ports = draw.between(1, 3)
    for (let port = 0; port < ports; port++) draw.one(plan).push(n)
  }
  return plan
}

const PLANS = { "tree-and-chords": treeAndChords, ring, grid, farm, shared } as const

/** Draw one. `isFlat` gives all ports one cost, so that least cost is fewest hops. */
export const draw = (from: Draw, shape: Shape, bridges: number, isFlat: boolean): Topology => {
  const plan = PLANS[shape](from, bridges).filter((lan) => lan.length > 0)
  // Parallel cables here and there.
  const parallels = from.chance(40) ? from.between(1, 3) : 0
  for (let n = 0; n < parallels; n++) plan.push(from.one(plan))
  const ports: Array<Array<PortSpec>> = Array.from({ length: bridges }, () => [])
  const segments = plan.map((lan): Segment => {
    const cost = isFlat ? 10 : from.between(5, 15)
    const latencyNs = from.weighted([
      [500, 6],
      [200_000, 2],
      [5_000_000, 1],
      [60_000_000, 1],
    ])
    return {
      ends: lan.map((bridge) => ({
        bridge,
        port: ports[bridge].push({ cost, priority: from.chance(80) ? 128 : from.between(0, 15) * 16 }) - 1,
      })),
      isShared: shape === "shared",
      latencyNs,
    }
  })
  return {
    shape,
    bridges: ports.map((own) => ({ priority: from.chance(70) ? 32_768 : from.between(0, 15) * 4096, ports: own })),
    segments,
  }
}

/** Bridges numbered in the order of their priorities, the first being the best, joined by cables of one cost. */
export const cabled = (bridges: number, cables: ReadonlyArray<readonly [a: number, b: number]>, latencyNs = 500): Topology => {
  const ports: Array<Array<PortSpec>> = Array.from({ length: bridges }, () => [])
  const segments = cables.map((ends): Segment => ({
    ends: ends.map((bridge) => ({ bridge, port: ports[bridge].push({ cost: 10, priority: 128 }) - 1 })),
    isShared: false,
    latencyNs,
  }))
  return {
    shape: "tree-and-chords",
    bridges: ports.map((own, n) => ({ priority: Math.min(n, 8) * 4096, ports: own })),
    segments,
  }
}

/** Each joined to the next, and the last to the first. */
export const ringOf = (bridges: number): Topology =>
  cabled(
    bridges,
    Array.from({ length: bridges }, (_, n) => [n, (n + 1) % bridges] as const),
  )
