/** What a protocol has heard of its neighbours, port by port, until it grows too old. Entries never change; the array that holds them does. */
import type { Digest } from "@l2lab/sim/Digest"
import { NEVER, type SimTime } from "@l2lab/sim/SimTime"

/** One neighbour on one port. */
export interface Neighbour<Info> {
  readonly port: number
  /** What tells neighbours on a port apart. */
  readonly key: string
  readonly info: Info
  readonly expiresAt: SimTime
}

/** By port, and on a port in the order in which they were first heard. */
export type NeighbourTable<Info> = Array<Neighbour<Info>>

/** Neighbours that a port remembers; more are not taken, so that a flood of made-up ones fills no memory. */
export const MOST_A_PORT = 32

const indexOf = <Info>(table: NeighbourTable<Info>, port: number, key: string): number =>
  table.findIndex((known) => known.port === port && known.key === key)

/** The neighbour of this key. */
export const find = <Info>(table: NeighbourTable<Info>, port: number, key: string): Neighbour<Info> | undefined =>
  table[indexOf(table, port, key)]

/** All neighbours on a port. */
export const onPort = <Info>(table: NeighbourTable<Info>, port: number): ReadonlyArray<Neighbour<Info>> =>
  table.filter((known) => known.port === port)

/** Note what was heard. False: the port remembers as many as it can. */
export const note = <Info>(table: NeighbourTable<Info>, neighbour: Neighbour<Info>): boolean => {
  const at = indexOf(table, neighbour.port, neighbour.key)
  if (at >= 0) {
    table[at] = neighbour
    return true
  }
  if (onPort(table, neighbour.port).length >= MOST_A_PORT) return false
  const behind = table.findIndex((known) => known.port > neighbour.port)
  table.splice(behind < 0 ? table.length : behind, 0, neighbour)
  return true
}

/** Forget a neighbour. False: there was none. */
export const forget = <Info>(table: NeighbourTable<Info>, port: number, key: string): boolean => {
  const at = indexOf(table, port, key)
  if (at >= 0) table.splice(at, 1)
  return at >= 0
}

/** Forget all of a port. */
export const forgetPort = <Info>(table: NeighbourTable<Info>, port: number): void => {
  for (let i = table.length - 1; i >= 0; i--) if (table[i].port === port) table.splice(i, 1)
}

/** Forget who was not heard for too long, and give them. */
export const expire = <Info>(table: NeighbourTable<Info>, now: SimTime): ReadonlyArray<Neighbour<Info>> => {
  const gone = table.filter((known) => known.expiresAt <= now)
  for (const { port, key } of gone) forget(table, port, key)
  return gone
}

/** When the next one grows too old; NEVER. */
export const nextExpiry = <Info>(table: NeighbourTable<Info>): SimTime => {
  let next = NEVER
  for (const { expiresAt } of table) if (expiresAt < next) next = expiresAt
  return next
}

/** Fold the table; `say` folds what was heard, where it matters. */
export const fingerprint = <Info>(
  table: NeighbourTable<Info>,
  digest: Digest,
  now: SimTime,
  say?: (info: Info, digest: Digest) => void,
): void => {
  digest.int(table.length)
  for (const { expiresAt, info, key, port } of table) {
    digest.int(port)
    digest.string(key)
    digest.number(expiresAt === NEVER ? NEVER : expiresAt - now)
    say?.(info, digest)
  }
}
