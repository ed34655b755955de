/**
 * Addresses that move from port to port (MAC flap): noticed when a host has moved several times within a while, and told of once in that
 * while, however often it moves. A few hosts are watched at a time; a storm that moves thousands is told of by those few.
 */
import type { Outbox } from "@l2lab/sim/Device"
import type { Digest } from "@l2lab/sim/Digest"
import { SECOND, type DurationNs, type SimTime } from "@l2lab/sim/SimTime"
import type { EthernetFrame } from "./EthernetFrame.ts"
import type { MacAddress } from "./MacAddress.ts"
import * as Trace from "./Trace.ts"

/** What a configuration says of it. */
export interface MacMoveConfig {
  /** A host that moves so often within the time flaps. */
  readonly moves: number
  readonly withinNs: DurationNs
}

/** Three moves in 15 seconds†: a host that moves once, as a VM does, is none of it. */
export const USUAL: MacMoveConfig = { moves: 3, withinNs: 15 * SECOND }

/** Hosts that are watched at a time. */
const HOSTS = 16

/** The state: columns over the hosts that are watched. */
export interface MacMoves {
  readonly moves: number
  readonly withinNs: DurationNs
  readonly address: Float64Array
  /** 0 = nobody. */
  readonly vlan: Uint16Array
  readonly count: Float64Array
  readonly since: Float64Array
  readonly told: Uint8Array
  /** Moves in all, and those of hosts that there was no room to watch. */
  total: number
  unwatched: number
}

/** Nobody has moved. */
export const make = ({ moves, withinNs }: MacMoveConfig): MacMoves => ({
  moves,
  withinNs,
  address: new Float64Array(HOSTS),
  vlan: new Uint16Array(HOSTS),
  count: new Float64Array(HOSTS),
  since: new Float64Array(HOSTS),
  told: new Uint8Array(HOSTS),
  total: 0,
  unwatched: 0,
})

/** An independent copy. */
export const copy = (watched: MacMoves): MacMoves => ({
  ...watched,
  address: watched.address.slice(),
  vlan: watched.vlan.slice(),
  count: watched.count.slice(),
  since: watched.since.slice(),
  told: watched.told.slice(),
})

/** Fold it into a digest. */
export const fingerprint = (watched: MacMoves, digest: Digest, now: SimTime): void => {
  digest.number(watched.total)
  digest.number(watched.unwatched)
  digest.numbers(watched.address)
  digest.numbers(watched.vlan)
  digest.numbers(watched.count)
  digest.numbers(watched.told)
  watched.since.forEach((since, i) => digest.number(watched.vlan[i] === 0 ? 0 : now - since))
}

/** An address moved from one bridge port to another. */
export const note = (
  watched: MacMoves,
  address: MacAddress,
  vlan: number,
  from: number,
  to: number,
  now: SimTime,
  out: Outbox<EthernetFrame>,
): void => {
  watched.total++
  let i = -1
  let free = -1
  for (let slot = 0; slot < HOSTS; slot++) {
    if (watched.address[slot] === address && watched.vlan[slot] === vlan) {
      i = slot
      break
    }
    if (free < 0 && (watched.vlan[slot] === 0 || now - watched.since[slot] >= watched.withinNs)) free = slot
  }
  if (i < 0) {
    if (free < 0) {
      watched.unwatched++
      return
    }
    i = free
    watched.address[i] = address
    watched.vlan[i] = vlan
    watched.since[i] = now - watched.withinNs
  }
  if (now - watched.since[i] >= watched.withinNs) {
    watched.since[i] = now
    watched.count[i] = 0
    watched.told[i] = 0
  }
  watched.count[i]++
  if (watched.told[i] === 1 || watched.count[i] < watched.moves) return
  watched.told[i] = 1
  out.trace(Trace.MAC_FLAP.code, address, vlan, from, to)
}
