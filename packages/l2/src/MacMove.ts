/**
 * Addresses that move from port to port (MAC flap): noticed when a host has moved several times within a while, and told of once in that
 * while, however often it moves. A few hosts are watched at a time; a storm that moves thousands is told of by those few.
 *
 * In a storm every frame is a move. A host is found by a hash, and after a move that was no news, that of a host that was told of, none is
 * looked at for a tenth of a millisecond: so the relay mostly compares two instants.
 */
import type { Outbox } from "@l2lab/sim/Device"
import type { Digest } from "@l2lab/sim/Digest"
import { MICROSECOND, SECOND, type DurationNs, type SimTime } from "@l2lab/sim/SimTime"
import type { VlanId } from "./BridgeConfig.ts"
import type { EthernetFrame } from "./EthernetFrame.ts"
import * as MacAddress from "./MacAddress.ts"
import * as Trace from "./Trace.ts"

/** What a configuration says of it. */
export interface MacMoveConfig {
  /** A host that moves so often within the time flaps. */
  readonly moves: number
  readonly withinNs: DurationNs
}

/** Three moves in 15 seconds†: a host that moves once, as a VM does, is none of it. */
export const USUAL: MacMoveConfig = { moves: 3, withinNs: 15 * SECOND }

/** The time is from a second to an hour†: within less hardly any host moves as often. */
export const SHORTEST_WITHIN: DurationNs = SECOND
export const LONGEST_WITHIN: DurationNs = 3600 * SECOND

/** Hosts that are watched at a time, a power of two, and places in a row where each of them may be. */
const HOSTS = 32
const PLACES = 4

/** After a move that is no news none is looked at for so long. */
const REST: DurationNs = 100 * MICROSECOND

/** The state: columns over the hosts that are watched. */
export interface MacMoves {
  readonly moves: number
  readonly withinNs: DurationNs
  /** Low 32 bits of the address; VLAN * 65536 + its high 16 bits, 0 = nobody. */
  readonly low: Int32Array
  readonly key: Int32Array
  /** Moves since `since`. */
  readonly count: Float64Array
  readonly since: Float64Array
  /** The host was told of, and nothing more counts until then; of others, an earlier time. */
  readonly quietUntil: Float64Array
  /** Moves of hosts that there was no room to watch. */
  unwatched: number
  /** Moves are looked at from then on. */
  restUntil: SimTime
}

/** Nobody has moved. */
export const make = ({ moves, withinNs }: MacMoveConfig): MacMoves => ({
  moves,
  withinNs,
  low: new Int32Array(HOSTS),
  key: new Int32Array(HOSTS),
  count: new Float64Array(HOSTS),
  since: new Float64Array(HOSTS),
  quietUntil: new Float64Array(HOSTS),
  unwatched: 0,
  restUntil: 0,
})

/** An independent copy. */
export const copy = (watched: MacMoves): MacMoves => ({
  ...watched,
  low: watched.low.slice(),
  key: watched.key.slice(),
  count: watched.count.slice(),
  since: watched.since.slice(),
  quietUntil: watched.quietUntil.slice(),
})

/** Fold it into a digest. */
export const fingerprint = (watched: MacMoves, digest: Digest, now: SimTime): void => {
  digest.number(watched.unwatched)
  digest.number(Math.max(0, watched.restUntil - now))
  watched.key.forEach((key, i) => {
    digest.int(key)
    if (key === 0) return
    digest.int(watched.low[i])
    digest.number(watched.count[i])
    digest.number(now - watched.since[i])
    digest.number(Math.max(0, watched.quietUntil[i] - now))
  })
}

/** An address, in its two halves, moved from one bridge port to another; called from `restUntil` on. */
export const note = (
  watched: MacMoves,
  low: number,
  high: number,
  vlan: VlanId,
  from: number,
  to: number,
  now: SimTime,
  out: Outbox<EthernetFrame>,
): void => {
  const key = (vlan << 16) | high
  const i = placeOf(watched, low, key, now)
  if (i < 0) {
    watched.unwatched++
    return
  }
  if (now < watched.quietUntil[i]) {
    watched.restUntil = now + REST
    return
  }
  if (now - watched.since[i] >= watched.withinNs) {
    watched.since[i] = now
    watched.count[i] = 0
  }
  if (++watched.count[i] < watched.moves) return
  watched.quietUntil[i] = watched.since[i] + watched.withinNs
  out.trace(Trace.MAC_FLAP.code, MacAddress.fromParts(high, low), vlan, from, to)
}

/** Where a host is watched, from now on if it was not; -1: there is no room. */
const placeOf = (watched: MacMoves, low: number, key: number, now: SimTime): number => {
  const first = Math.imul(low ^ key, 0x9e3779b1) >>> 24
  let free = -1
  for (let n = 0; n < PLACES; n++) {
    const i = (first + n) & (HOSTS - 1)
    if (watched.low[i] === low && watched.key[i] === key) return i
    if (free < 0 && (watched.key[i] === 0 || now - watched.since[i] >= watched.withinNs)) free = i
  }
  if (free < 0) return -1
  watched.low[free] = low
  watched.key[free] = key
  watched.count[free] = 0
  watched.since[free] = now
  return free
}
