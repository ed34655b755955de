/**
 * The spanning trees of bridges of regions, RSTP and STP bridges joined by cables, computed without any protocol: vectors spread over the
 * cables that are there, round by round, until nothing improves. Nothing old can survive, since every computation begins from nothing.
 */

/** A bridge, its port priorities and costs; costs and priorities of MSTIs by MSTID. */
export interface ReferenceBridge {
  readonly id: number
  /** Undefined: the bridge knows no regions. */
  readonly region: string | undefined
  readonly protocol: "mstp" | "rstp2004" | "stp1998"
  /** By MSTID, with the MSTID in it. */
  readonly mstiId: ReadonlyMap<number, number>
  readonly on: boolean
}

/** One end of a cable. */
export interface ReferencePort {
  readonly bridge: number
  readonly port: number
  readonly portId: number
  readonly externalCost: number
  readonly internalCost: number
  readonly msti: ReadonlyMap<number, { readonly cost: number; readonly portId: number }>
}

export type ReferenceCable = readonly [ReferencePort, ReferencePort]

/** What is expected of a port in a tree; a port that is on no cable is not expected anything of. */
export interface Expected {
  readonly role: "Root" | "Designated" | "Alternate" | "Backup" | "Master"
}

export interface ExpectedTree {
  readonly root: number
  readonly externalCost: number
  readonly regionalRoot: number
  readonly internalCost: number
  readonly rootPort: number | undefined
  readonly ports: ReadonlyMap<number, Expected>
}

/** Root, external cost, regional root, internal cost, designated bridge, designated port. */
type Vector = readonly [number, number, number, number, number, number]

/** More rounds than vectors can take to spread over any network of a test. */
const ROUNDS = 1_000

const compare = (a: ReadonlyArray<number>, b: ReadonlyArray<number>): number => {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i] - b[i]
  return 0
}

interface Best {
  /** The root vector, and the number of the port it came in on. */
  readonly vector: Vector
  readonly rootPortId: number
  readonly rootPort: number | undefined
}

const isInternal = (a: ReferenceBridge, b: ReferenceBridge): boolean => a.region !== undefined && a.region === b.region

/** What a bridge says on a port, to a neighbour: a region looks like its regional root, but to STP bridges each of its bridges like itself. */
const said = (bridge: ReferenceBridge, to: ReferenceBridge, best: Best, portId: number): Vector => {
  const [root, external, regionalRoot, internal] = best.vector
  if (bridge.region === undefined) return [root, external, bridge.id, 0, bridge.id, portId]
  if (to.protocol === "stp1998") return [root, external, bridge.id, internal, bridge.id, portId]
  return [root, external, regionalRoot, internal, bridge.id, portId]
}

/** The same as the neighbour understands it. */
const understood = (vector: Vector, to: ReferenceBridge, from: ReferenceBridge): Vector => {
  if (to.region !== undefined && from.region !== undefined) return vector
  return [vector[0], vector[1], vector[2], 0, vector[2], vector[5]]
}

/** The CIST, by bridge. Bridges that are off are left out of it. */
export const cist = (
  bridges: ReadonlyArray<ReferenceBridge>,
  cables: ReadonlyArray<ReferenceCable>,
): ReadonlyMap<number, ExpectedTree> => {
  const live = cables.filter((cable) => cable.every(({ bridge }) => bridges[bridge].on))
  const own = (bridge: ReferenceBridge): Best => ({
    vector: [bridge.id, 0, bridge.id, 0, bridge.id, 0],
    rootPortId: 0,
    rootPort: undefined,
  })
  let bests = bridges.map(own)
  for (let round = 0; ; round++) {
    if (round > ROUNDS) throw new Error("vectors do not come to rest")
    const next = bridges.map(own)
    for (const cable of live) {
      for (const [near, far] of [cable, [cable[1], cable[0]] as const]) {
        const [to, from] = [bridges[near.bridge], bridges[far.bridge]]
        if (near.bridge === far.bridge) continue
        const heard = understood(said(from, to, bests[far.bridge], far.portId), to, from)
        // Nobody takes the way to the root from one who is not designated on the cable.
        const mine = said(to, from, bests[near.bridge], near.portId)
        if (compare(heard, understoodSelf(mine, from, to)) >= 0) continue
        const [root, external, regionalRoot, internal, designated, port] = heard
        const path: Vector = isInternal(to, from)
          ? [root, external, regionalRoot, internal + near.internalCost, designated, port]
          : [root, external + near.externalCost, to.id, 0, designated, port]
        const best = next[near.bridge]
        const difference = compare(path, best.vector)
        if (difference < 0 || (difference === 0 && near.portId < best.rootPortId)) {
          next[near.bridge] = { vector: path, rootPortId: near.portId, rootPort: near.port }
        }
      }
    }
    if (next.every((best, i) => compare(best.vector, bests[i].vector) === 0 && best.rootPort === bests[i].rootPort)) break
    bests = next
  }
  return new Map(
    bridges.flatMap((bridge, index): ReadonlyArray<readonly [number, ExpectedTree]> => {
      if (!bridge.on) return []
      const { vector, rootPort } = bests[index]
      const ports = new Map<number, Expected>()
      for (const cable of live) {
        for (const [near, far] of [cable, [cable[1], cable[0]] as const]) {
          if (near.bridge !== index) continue
          const from = bridges[far.bridge]
          const mine = understoodSelf(said(bridge, from, bests[index], near.portId), from, bridge)
          const theirs = understood(said(from, bridge, bests[far.bridge], far.portId), bridge, from)
          const isDesignated = compare(mine, theirs) < 0
          const role =
            near.port === rootPort ? "Root" : isDesignated ? "Designated" : far.bridge === index ? "Backup" : "Alternate"
          ports.set(near.port, { role })
        }
      }
      return [
        [
          index,
          { root: vector[0], externalCost: vector[1], regionalRoot: vector[2], internalCost: vector[3], rootPort, ports },
        ] as const,
      ]
    }),
  )
}

/** A bridge's own word as it compares with what it hears: in the form in which both are understood. */
const understoodSelf = (mine: Vector, from: ReferenceBridge, to: ReferenceBridge): Vector =>
  to.region !== undefined && from.region !== undefined ? mine : [mine[0], mine[1], mine[2], 0, mine[2], mine[5]]

/** An MSTI, by bridge of the region: over the cables inside it, and where the CIST crosses its edge as the CIST does. */
export const msti = (
  bridges: ReadonlyArray<ReferenceBridge>,
  cables: ReadonlyArray<ReferenceCable>,
  mstid: number,
  ofCist: ReadonlyMap<number, ExpectedTree>,
): ReadonlyMap<number, ExpectedTree> => {
  const members = bridges.map((bridge) => (bridge.on ? bridge.mstiId.get(mstid) : undefined))
  const live = cables.filter((cable) => cable.every(({ bridge }) => bridges[bridge].on))
  const inside = live.filter(([a, b]) => isInternal(bridges[a.bridge], bridges[b.bridge]) && members[a.bridge] !== undefined)
  interface MstiBest {
    readonly vector: readonly [number, number, number, number]
    readonly rootPortId: number
    readonly rootPort: number | undefined
  }
  const own = (id: number | undefined): MstiBest => ({
    vector: [id ?? 0, 0, id ?? 0, 0],
    rootPortId: 0,
    rootPort: undefined,
  })
  const word = (bridge: number, { vector: [root, cost] }: MstiBest, portId: number): MstiBest["vector"] => [
    root,
    cost,
    members[bridge]!,
    portId,
  ]
  let bests = members.map(own)
  for (let round = 0; ; round++) {
    if (round > ROUNDS) throw new Error("vectors do not come to rest")
    const next = members.map(own)
    for (const cable of inside) {
      for (const [near, far] of [cable, [cable[1], cable[0]] as const]) {
        if (near.bridge === far.bridge) continue
        const heard = word(far.bridge, bests[far.bridge], far.msti.get(mstid)!.portId)
        const { cost, portId } = near.msti.get(mstid)!
        if (compare(heard, word(near.bridge, bests[near.bridge], portId)) >= 0) continue
        const path = [heard[0], heard[1] + cost, heard[2], heard[3]] as const
        const best = next[near.bridge]
        const difference = compare(path, best.vector)
        if (difference < 0 || (difference === 0 && portId < best.rootPortId)) {
          next[near.bridge] = { vector: path, rootPortId: portId, rootPort: near.port }
        }
      }
    }
    if (next.every((best, i) => compare(best.vector, bests[i].vector) === 0 && best.rootPort === bests[i].rootPort)) break
    bests = next
  }
  return new Map(
    members.flatMap((id, index): ReadonlyArray<readonly [number, ExpectedTree]> => {
      if (id === undefined) return []
      const { vector, rootPort } = bests[index]
      const ports = new Map<number, Expected>()
      for (const cable of live) {
        for (const [near, far] of [cable, [cable[1], cable[0]] as const]) {
          if (near.bridge !== index) continue
          if (!isInternal(bridges[index], bridges[far.bridge])) {
            const { role } = ofCist.get(index)!.ports.get(near.port)!
            ports.set(near.port, { role: role === "Root" ? "Master" : role })
            continue
          }
          const mine = word(index, bests[index], near.msti.get(mstid)!.portId)
          const theirs = word(far.bridge, bests[far.bridge], far.msti.get(mstid)!.portId)
          const isDesignated = compare(mine, theirs) < 0
          const role =
            near.port === rootPort ? "Root" : isDesignated ? "Designated" : far.bridge === index ? "Backup" : "Alternate"
          ports.set(near.port, { role })
        }
      }
      return [
        [index, { root: vector[0], externalCost: 0, regionalRoot: vector[0], internalCost: vector[1], rootPort, ports }] as const,
      ]
    }),
  )
}
