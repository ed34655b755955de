/**
 * The filtering database (the CAM): which bridge port leads to a MAC address in a filtering database id (FID).
 *
 * An open-addressing hash over two typed arrays, 24 octets a slot. It never sweeps to age or to flush:
 *
 * 1. An entry carries the instant it was last seen and the flush epoch of its (tree, port) at that time.
 * 2. Flushing a port increments its epoch: what carries another epoch is dead.
 * 3. It is alive while `seen >= max(now - ageing, notBefore)` of its tree. A change of the ageing time first raises `notBefore` to
 *    `now - old ageing`: what had expired stays expired when the time grows again after a topology change.
 * 4. Dead slots are found again by the same address, and swept only when the table must grow or is at its capacity.
 * 5. Static entries have `seen` = Infinity and no epoch, so that they neither age nor flush, and are not moved by learning.
 * 6. At its capacity, with nothing dead, it does not learn a new address and counts that; its traffic goes on being flooded.
 *
 * Copies share the arrays until one side writes (copy-on-write): a fork of a farm costs nothing per entry.
 */
import type { Digest } from "@l2lab/sim/Digest"
import type { DurationNs, SimTime } from "@l2lab/sim/SimTime"
import * as MacAddress from "./MacAddress.ts"

/** Port value of an entry that discards. */
export const DISCARD = -1
/** No entry: `lookup` found nothing alive. */
export const UNKNOWN = -2

export interface FilteringDatabase {
  /** Most entries, dead ones not counted. */
  readonly capacity: number
  /** Bridge ports: the width of the (tree, port) arrays. */
  readonly ports: number
  /** Ageing time by tree; 0 = entries never age. */
  readonly ageing: Float64Array
  /** Entries last seen before this are dead, by tree. */
  readonly notBefore: Float64Array
  /** The shortest ageing time of all trees (Infinity: no entry ages) and the latest of `notBefore`: what is fresh by these is alive in any tree. */
  shortestAgeing: DurationNs
  latestNotBefore: SimTime
  /** The tree that each filtering database follows; replaced whole by `follow`. */
  treeOfFid: Uint16Array
  /** Flush epoch by (tree, port): tree * ports + port. */
  readonly epochs: Int32Array
  /** Entries learnt on (tree, port) since its last flush and still on it, aged ones included. */
  readonly learnt: Int32Array
  /** Until this instant nothing in a full table can have aged: no use in sweeping it. */
  fullUntil: SimTime
  /** Whether another copy uses the same slot arrays. */
  shared: boolean
  /** Occupied slots, dead ones included. */
  used: number
  /** Number of slots - 1; slots are a power of two. */
  mask: number
  /** Four integers a slot: KEY_LOW, KEY_HIGH, PORT, EPOCH. */
  slots: Int32Array
  /** When last seen, by slot. */
  seen: Float64Array
  /** Times that an address was seen on another port than its entry said. */
  moves: number
  /** The port that the latest move left; valid right after `learn` returned MOVED. */
  movedFrom: number
  /** New addresses that were not learnt because the table was full. */
  refusals: number
  /** Entries forgotten by flushes, aged ones included. */
  flushed: number
  /** Flushes carried out, one for each (tree, port). */
  flushes: number
}

// Columns of `slots`: an entry lies in one cache line, and beside it only the instant it was last seen.
/** Low 32 bits of the address. */
const KEY_LOW = 0
/** FID * 65536 + high 16 bits of the address; EMPTY in an empty slot. */
const KEY_HIGH = 1
/** Bridge port, or DISCARD. */
const PORT = 2
/** Flush epoch of (tree, port) when last seen, or STATIC, or REMOVED. */
const EPOCH = 3

const EMPTY = -1
const STATIC = -1
const REMOVED = -2

/** What `learn` did. */
export const REFRESHED = 0
export const ADDED = 1
export const MOVED = 2
export const REFUSED = 3
/** A static entry stands for the address. */
export const FIXED = 4

const emptySlots = (count: number): Int32Array => {
  const slots = new Int32Array(count * 4)
  for (let slot = 0; slot < count; slot++) slots[slot * 4 + KEY_HIGH] = EMPTY
  return slots
}

/** An empty table for `ports` bridge ports. `treeOfFid` tells the tree of each FID; there are as many trees as it names, or `atLeast` so many. */
export const make = (
  ports: number,
  treeOfFid: ReadonlyArray<number>,
  capacity: number,
  ageing: DurationNs,
  atLeast = 1,
): FilteringDatabase => {
  const slots = 16
  const trees = Math.max(atLeast, Math.max(0, ...treeOfFid) + 1)
  return {
    capacity,
    ports,
    ageing: new Float64Array(trees).fill(ageing),
    notBefore: new Float64Array(trees),
    shortestAgeing: ageing === 0 ? Infinity : ageing,
    latestNotBefore: 0,
    treeOfFid: Uint16Array.from(treeOfFid),
    epochs: new Int32Array(trees * ports),
    learnt: new Int32Array(trees * ports),
    fullUntil: 0,
    shared: false,
    used: 0,
    mask: slots - 1,
    slots: emptySlots(slots),
    seen: new Float64Array(slots),
    moves: 0,
    movedFrom: 0,
    refusals: 0,
    flushed: 0,
    flushes: 0,
  }
}

const slotOf = (low: number, high: number): number => {
  const hash = Math.imul(low ^ Math.imul(high, 0x85ebca6b), 0x9e3779b1)
  return hash ^ (hash >>> 15)
}

/** The instant before which an entry of the tree is dead at `now`. */
export const horizon = (fdb: FilteringDatabase, tree: number, now: SimTime): SimTime => {
  const ageing = fdb.ageing[tree]
  const oldest = ageing === 0 ? 0 : now - ageing
  return oldest > fdb.notBefore[tree] ? oldest : fdb.notBefore[tree]
}

/** Whether an entry that was last seen at `seen` has not aged out; mostly two numbers tell, without asking for its tree. */
const isFresh = (fdb: FilteringDatabase, seen: SimTime, tree: number, now: SimTime): boolean =>
  (now - seen <= fdb.shortestAgeing && seen >= fdb.latestNotBefore) || seen >= horizon(fdb, tree, now)

/**
 * Learn that the address (`low`, `high`: its two halves) was seen on `port` in filtering database `fid` of `tree`. Returns what
 * that did. The common case, an entry that is refreshed, writes one number.
 */
export const learn = (
  fdb: FilteringDatabase,
  low: number,
  high: number,
  fid: number,
  tree: number,
  port: number,
  now: SimTime,
): number => {
  const { mask, slots } = fdb
  const key = (fid << 16) | high
  const row = tree * fdb.ports
  let slot = slotOf(low, key) & mask
  for (;;) {
    const h = slots[slot * 4 + KEY_HIGH]
    if (h === key && slots[slot * 4 + KEY_LOW] === low) break
    if (h === EMPTY) return add(fdb, slot, low, key, row, port, now)
    slot = (slot + 1) & mask
  }
  if (fdb.shared) unshare(fdb) // the entry stays in its slot; only reads of the old array follow
  if (slots[slot * 4 + PORT] === port && slots[slot * 4 + EPOCH] === fdb.epochs[row + port]) {
    fdb.seen[slot] = now
    return REFRESHED
  }
  return relocate(fdb, slot, row, tree, port, now)
}

/** An entry exists, but for another port or from before a flush. */
const relocate = (fdb: FilteringDatabase, slot: number, row: number, tree: number, port: number, now: SimTime): number => {
  const { slots, epochs, learnt } = fdb
  const at = slot * 4
  const old = slots[at + PORT]
  const epoch = slots[at + EPOCH]
  if (epoch === STATIC) return FIXED
  slots[at + PORT] = port
  slots[at + EPOCH] = epochs[row + port]
  learnt[row + port]++
  const seen = fdb.seen[slot]
  fdb.seen[slot] = now
  if (epoch !== epochs[row + old]) return ADDED
  learnt[row + old]--
  if (!isFresh(fdb, seen, tree, now)) return ADDED
  fdb.moves++
  fdb.movedFrom = old
  return MOVED
}

const add = (fdb: FilteringDatabase, slot: number, low: number, key: number, row: number, port: number, now: SimTime): number => {
  const full = fdb.used >= fdb.capacity
  if (full || fdb.used >= maximumLoad(fdb.mask + 1)) {
    if (full && (now < fdb.fullUntil || !sweep(fdb, false, now))) {
      fdb.refusals++
      return REFUSED
    }
    if (!full) sweep(fdb, true, now)
    return learn(fdb, low, key & 0xffff, key >>> 16, row / fdb.ports, port, now)
  }
  if (fdb.shared) unshare(fdb)
  fdb.used++
  const { slots } = fdb
  slots[slot * 4 + KEY_LOW] = low
  slots[slot * 4 + KEY_HIGH] = key
  slots[slot * 4 + PORT] = port
  slots[slot * 4 + EPOCH] = fdb.epochs[row + port]
  fdb.seen[slot] = now
  fdb.learnt[row + port]++
  return ADDED
}

const maximumLoad = (size: number): number => (size * 5) >> 3

const isAlive = (fdb: FilteringDatabase, slot: number, now: SimTime): boolean => {
  const epoch = fdb.slots[slot * 4 + EPOCH]
  if (epoch === STATIC) return true
  const tree = fdb.treeOfFid[fdb.slots[slot * 4 + KEY_HIGH] >>> 16]
  return epoch === fdb.epochs[tree * fdb.ports + fdb.slots[slot * 4 + PORT]] && fdb.seen[slot] >= horizon(fdb, tree, now)
}

/** Rebuild the table with the living entries only, with `mayGrow` into twice the slots where they fill more than half. Whether that made room. */
const sweep = (fdb: FilteringDatabase, mayGrow: boolean, now: SimTime): boolean => {
  const { slots, seen, used } = fdb
  const oldSize = fdb.mask + 1
  const living = new Int32Array(used)
  let count = 0
  let firstExpiry = Infinity
  for (let slot = 0; slot < oldSize; slot++) {
    const high = slots[slot * 4 + KEY_HIGH]
    if (high === EMPTY) continue
    const tree = fdb.treeOfFid[high >>> 16]
    const place = tree * fdb.ports + slots[slot * 4 + PORT]
    if (isAlive(fdb, slot, now)) {
      living[count++] = slot
      if (fdb.ageing[tree] > 0) firstExpiry = Math.min(firstExpiry, seen[slot] + fdb.ageing[tree])
    } else if (slots[slot * 4 + EPOCH] === fdb.epochs[place]) fdb.learnt[place]--
  }
  const size = mayGrow && count * 2 > maximumLoad(oldSize) ? oldSize * 2 : oldSize
  // What is learnt into the room that was made may expire before all that lives now: only a table that stays full knows how long.
  fdb.fullUntil = count === used ? firstExpiry : 0
  if (count === used && size === oldSize) return false
  fdb.shared = false
  fdb.used = count
  const mask = size - 1
  const moved = emptySlots(size)
  const movedSeen = new Float64Array(size)
  for (let i = 0; i < count; i++) {
    const from = living[i] * 4
    let slot = slotOf(slots[from + KEY_LOW], slots[from + KEY_HIGH]) & mask
    while (moved[slot * 4 + KEY_HIGH] !== EMPTY) slot = (slot + 1) & mask
    for (let column = 0; column < 4; column++) moved[slot * 4 + column] = slots[from + column]
    movedSeen[slot] = seen[living[i]]
  }
  fdb.mask = mask
  fdb.slots = moved
  fdb.seen = movedSeen
  return true
}

/** Take the slot arrays for this copy alone before they are written. */
const unshare = (fdb: FilteringDatabase): void => {
  fdb.shared = false
  fdb.slots = fdb.slots.slice()
  fdb.seen = fdb.seen.slice()
}

/** The port that leads to an address: a bridge port, DISCARD, or UNKNOWN when no entry is alive. */
export const lookup = (fdb: FilteringDatabase, low: number, high: number, fid: number, tree: number, now: SimTime): number => {
  const { mask, slots } = fdb
  const key = (fid << 16) | high
  let slot = slotOf(low, key) & mask
  for (;;) {
    const h = slots[slot * 4 + KEY_HIGH]
    if (h === key && slots[slot * 4 + KEY_LOW] === low) {
      const port = slots[slot * 4 + PORT]
      const epoch = slots[slot * 4 + EPOCH]
      if (epoch === STATIC) return port
      if (epoch !== fdb.epochs[tree * fdb.ports + port]) return UNKNOWN
      return isFresh(fdb, fdb.seen[slot], tree, now) ? port : UNKNOWN
    }
    if (h === EMPTY) return UNKNOWN
    slot = (slot + 1) & mask
  }
}

/** Put a static entry in, in place of whatever there was; false when the table is full. It neither ages nor flushes nor moves. */
export const setStatic = (
  fdb: FilteringDatabase,
  address: MacAddress.MacAddress,
  fid: number,
  port: number,
  now: SimTime,
): boolean => {
  const low = MacAddress.low(address)
  const high = MacAddress.high(address)
  const tree = fdb.treeOfFid[fid]
  const key = (fid << 16) | high
  remove(fdb, address, fid) // configuration is no move: the entry is found again as a dead one
  if (learn(fdb, low, high, fid, tree, 0, now) === REFUSED) return false
  const slot = find(fdb, low, key)
  fdb.learnt[tree * fdb.ports]--
  if (fdb.shared) unshare(fdb)
  fdb.slots[slot * 4 + PORT] = port
  fdb.slots[slot * 4 + EPOCH] = STATIC
  fdb.seen[slot] = Infinity
  return true
}

/** Remove an entry, static or dynamic; whether there was one. */
export const remove = (fdb: FilteringDatabase, address: MacAddress.MacAddress, fid: number): boolean => {
  const slot = find(fdb, MacAddress.low(address), (fid << 16) | MacAddress.high(address))
  if (slot < 0 || fdb.slots[slot * 4 + EPOCH] === REMOVED) return false
  const place = fdb.treeOfFid[fid] * fdb.ports + fdb.slots[slot * 4 + PORT]
  if (fdb.slots[slot * 4 + EPOCH] === fdb.epochs[place]) fdb.learnt[place]--
  if (fdb.shared) unshare(fdb)
  fdb.slots[slot * 4 + PORT] = 0
  fdb.slots[slot * 4 + EPOCH] = REMOVED
  fdb.seen[slot] = 0
  fdb.fullUntil = 0
  return true
}

/** The slot of an address, dead or alive; -1 where it has none. `key`: FID * 65536 + high 16 bits. */
export const find = (fdb: FilteringDatabase, low: number, key: number): number => {
  let slot = slotOf(low, key) & fdb.mask
  while (fdb.slots[slot * 4 + KEY_HIGH] !== EMPTY) {
    if (fdb.slots[slot * 4 + KEY_HIGH] === key && fdb.slots[slot * 4 + KEY_LOW] === low) return slot
    slot = (slot + 1) & fdb.mask
  }
  return -1
}

/** Forget what was learnt on a port in a tree's databases; the number of entries forgotten, aged ones included. */
export const flush = (fdb: FilteringDatabase, tree: number, port: number): number => {
  const index = tree * fdb.ports + port
  const forgotten = fdb.learnt[index]
  fdb.epochs[index]++
  fdb.learnt[index] = 0
  fdb.flushed += forgotten
  fdb.flushes++
  fdb.fullUntil = 0
  return forgotten
}

/** Let the FIDs follow other trees. What was learnt is forgotten, since an entry's epoch is its tree's; static entries stay. */
export const follow = (fdb: FilteringDatabase, treeOfFid: ReadonlyArray<number>): void => {
  if (fdb.shared) unshare(fdb)
  for (let slot = 0; slot <= fdb.mask; slot++) {
    if (fdb.slots[slot * 4 + KEY_HIGH] === EMPTY || fdb.slots[slot * 4 + EPOCH] === STATIC) continue
    fdb.slots[slot * 4 + EPOCH] = REMOVED
  }
  fdb.flushed += fdb.learnt.reduce((sum, entries) => sum + entries, 0)
  fdb.learnt.fill(0)
  fdb.treeOfFid = Uint16Array.from(treeOfFid)
  fdb.fullUntil = 0
}

/** Set a tree's ageing time (0 = no ageing). What has expired by now stays expired. */
export const setAgeing = (fdb: FilteringDatabase, tree: number, ageing: DurationNs, now: SimTime): void => {
  fdb.notBefore[tree] = horizon(fdb, tree, now)
  fdb.ageing[tree] = ageing
  fdb.latestNotBefore = Math.max(...fdb.notBefore)
  fdb.shortestAgeing = Math.min(...Array.from(fdb.ageing, (time) => (time === 0 ? Infinity : time)))
  fdb.fullUntil = 0
}

/** One living entry, as `entries` gives it. */
export interface Entry {
  readonly address: MacAddress.MacAddress
  readonly fid: number
  /** Bridge port, or DISCARD. */
  readonly port: number
  readonly isStatic: boolean
  /** When it was last seen; Infinity for a static entry. */
  readonly seen: SimTime
}

/** The living entries, by FID and address. */
export const entries = (fdb: FilteringDatabase, now: SimTime): ReadonlyArray<Entry> => {
  const list: Array<Entry> = []
  for (let slot = 0; slot <= fdb.mask; slot++) {
    const high = fdb.slots[slot * 4 + KEY_HIGH]
    if (high === EMPTY || !isAlive(fdb, slot, now)) continue
    list.push({
      address: MacAddress.fromParts(high, fdb.slots[slot * 4 + KEY_LOW]),
      fid: high >>> 16,
      port: fdb.slots[slot * 4 + PORT],
      isStatic: fdb.slots[slot * 4 + EPOCH] === STATIC,
      seen: fdb.seen[slot],
    })
  }
  return list.sort((x, y) => x.fid - y.fid || x.address - y.address)
}

/** Number of living entries, of a tree or of all. */
export const count = (fdb: FilteringDatabase, now: SimTime, tree?: number): number => {
  let living = 0
  for (let slot = 0; slot <= fdb.mask; slot++) {
    const high = fdb.slots[slot * 4 + KEY_HIGH]
    const isMeant = high !== EMPTY && (tree === undefined || fdb.treeOfFid[high >>> 16] === tree)
    if (isMeant && isAlive(fdb, slot, now)) living++
  }
  return living
}

/** Octets of memory that the table takes, the small (tree, port) arrays included. */
export const memoryBytes = (fdb: FilteringDatabase): number =>
  [fdb.slots, fdb.seen, fdb.ageing, fdb.notBefore, fdb.epochs, fdb.learnt].reduce((sum, array) => sum + array.byteLength, 0)

/** An independent copy; the slot arrays are shared until either side writes. */
export const copy = (fdb: FilteringDatabase): FilteringDatabase => {
  fdb.shared = true
  return {
    ...fdb,
    ageing: fdb.ageing.slice(),
    notBefore: fdb.notBefore.slice(),
    epochs: fdb.epochs.slice(),
    learnt: fdb.learnt.slice(),
  }
}

/** Living entries and counters. Dead slots, the table's size and who shares what are caches. */
export const fingerprint = (fdb: FilteringDatabase, digest: Digest, now: SimTime): void => {
  for (let tree = 0; tree < fdb.ageing.length; tree++) digest.number(fdb.ageing[tree])
  // The order of slots depends on history only, which equal runs share; sums make it independent even of that.
  let sum = 0
  let mixed = 0
  for (let slot = 0; slot <= fdb.mask; slot++) {
    const high = fdb.slots[slot * 4 + KEY_HIGH]
    if (high === EMPTY || !isAlive(fdb, slot, now)) continue
    const age = fdb.slots[slot * 4 + EPOCH] === STATIC ? -1 : now - fdb.seen[slot]
    const place = Math.imul(fdb.slots[slot * 4 + PORT] + 1, 0x27d4eb2f)
    const word = Math.imul(slotOf(fdb.slots[slot * 4 + KEY_LOW], high) ^ place, 0x165667b1)
    sum = (sum + word) | 0
    const ageWord = ((age % 4294967296) | 0) ^ Math.imul(Math.floor(age / 4294967296), 0x5bd1e995)
    mixed = (mixed + Math.imul(word ^ ageWord, 0x2c1b3c6d)) | 0
  }
  digest.int(sum)
  digest.int(mixed)
  digest.int(fdb.moves)
  digest.int(fdb.refusals)
  digest.int(fdb.flushed)
  digest.int(fdb.flushes)
}
