/** A spanning tree computed another way than any bridge does: shortest paths over bridges and LANs. */

/** A port as the reference sees it. */
export interface Place {
  readonly bridge: number
  readonly port: number
  readonly lan: number
  readonly cost: number
  readonly portId: number
}

/** What shortest paths make of a bridge. */
export interface Expected {
  readonly root: number
  readonly cost: number
  readonly rootPort: number | undefined
  readonly roles: ReadonlyArray<string>
}

type Vector = ReadonlyArray<number>

const compare = (a: Vector, b: Vector): number => {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i] - b[i]
  return 0
}

/** Of two vectors the better one, the first if they are equal. */
const better = (a: Vector, b: Vector): Vector => (compare(a, b) <= 0 ? a : b)

const NOTHING: Vector = [Infinity, Infinity, Infinity, Infinity]

/** Roles by shortest paths (Bellman and Ford) over bridges and LANs. `ids` are unique; the smallest of a connected part is its root. */
export const reference = (ids: ReadonlyArray<number>, places: ReadonlyArray<Place>): ReadonlyArray<Expected> => {
  /** By bridge: root identifier, cost, own identifier. */
  let best: Array<Vector> = ids.map((id) => [id, 0, id])
  const on = Map.groupBy(places, (place) => place.lan)
  const ofBridge = Map.groupBy(places, (place) => place.bridge)
  /** The best a port can hear of on its LAN: from another port, of any bridge. */
  const heard = (place: Place): Vector => {
    let found = NOTHING
    for (const other of on.get(place.lan) ?? []) {
      if (other !== place) found = better(found, [...best[other.bridge], other.portId])
    }
    return found
  }
  const throughPort = (place: Place): Vector => {
    const [root, cost, bridge, port] = heard(place)
    return [root, cost + place.cost, bridge, port, place.portId]
  }
  for (let round = 0, changed = true; changed && round <= ids.length; round++) {
    changed = false
    best = ids.map((id, bridge) => {
      let found: Vector = [Infinity, Infinity]
      for (const place of ofBridge.get(bridge) ?? []) found = better(found, throughPort(place))
      const mine: Vector = found[0] < id ? [found[0], found[1], id] : [id, 0, id]
      if (compare(mine, best[bridge]) !== 0) changed = true
      return mine
    })
  }
  return ids.map((id, bridge) => {
    const own = ofBridge.get(bridge) ?? []
    const [root, cost] = best[bridge]
    const rootPort = root === id ? undefined : own.reduce((a, b) => (compare(throughPort(a), throughPort(b)) <= 0 ? a : b)).port
    const roles: Array<string> = []
    for (const place of own) {
      const isDesignated = compare([...best[bridge], place.portId], heard(place)) < 0
      roles[place.port] = place.port === rootPort ? "Root" : isDesignated ? "Designated" : "Blocked"
    }
    return { root, cost, rootPort, roles }
  })
}
