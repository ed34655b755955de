/**
 * The filtering database against a model that is slow and plain: a Map that is swept whenever time passes, and that forgets for good
 * what is flushed or has aged out. Long random histories of everything that can be done to the table, several copies alive at once.
 */
import * as Prng from "@l2lab/sim/Prng"
import { assert, describe, it } from "vitest"
import * as FilteringDatabase from "../src/FilteringDatabase.ts"
import * as MacAddress from "../src/MacAddress.ts"

interface ModelEntry {
  readonly address: number
  readonly fid: number
  port: number
  seen: number
}

interface Model {
  readonly capacity: number
  readonly ageing: Array<number>
  entries: Map<string, ModelEntry>
}

const STATIC_SEEN = Infinity
const PORTS = 4
/** FIDs 0 and 1 follow tree 0, FID 2 follows tree 1. */
const TREE_OF_FID = [0, 0, 1]

const keyOf = (address: number, fid: number): string => `${fid} ${address}`

/** Forget what has aged out: it never comes back, whatever happens to the ageing time. */
const age = (model: Model, now: number): void => {
  for (const [key, entry] of model.entries) {
    const ageing = model.ageing[TREE_OF_FID[entry.fid]]
    if (ageing > 0 && entry.seen < now - ageing) model.entries.delete(key)
  }
}

const modelLearn = (model: Model, address: number, fid: number, port: number, now: number): number => {
  const entry = model.entries.get(keyOf(address, fid))
  if (entry === undefined) {
    if (model.entries.size >= model.capacity) return FilteringDatabase.REFUSED
    model.entries.set(keyOf(address, fid), { address, fid, port, seen: now })
    return FilteringDatabase.ADDED
  }
  if (entry.seen === STATIC_SEEN) return FilteringDatabase.FIXED
  const moved = entry.port !== port
  entry.port = port
  entry.seen = now
  return moved ? FilteringDatabase.MOVED : FilteringDatabase.REFRESHED
}

const modelEntries = (model: Model): ReadonlyArray<FilteringDatabase.Entry> =>
  [...model.entries.values()]
    .map((entry) => ({ ...entry, isStatic: entry.seen === STATIC_SEEN }))
    .sort((x, y) => x.fid - y.fid || x.address - y.address)

/** Draws of one named stream, as the emulator draws them. */
const dice = (seed: number) => {
  const state = new Uint32Array(Prng.WORDS)
  Prng.seed(state, 0, seed, "dice")
  return (sides: number): number => Prng.next(state, 0) % sides
}

interface Pair {
  readonly fdb: FilteringDatabase.FilteringDatabase
  readonly model: Model
}

const play = (seed: number, capacity: number, addresses: number, steps: number): void => {
  const roll = dice(seed)
  // Addresses that differ in either half, and some that differ in one bit.
  const addressOf = (n: number): number => 0x020000000000 + (n % 3) * 2 ** 32 * 17 + Math.floor(n / 3) * 0x10001
  const ageing = [10, 40][seed % 2]
  const pairs: Array<Pair> = [
    {
      fdb: FilteringDatabase.make(PORTS, TREE_OF_FID, capacity, ageing),
      model: { capacity, ageing: [ageing, ageing], entries: new Map() },
    },
  ]
  let now = 0
  for (let step = 0; step < steps; step++) {
    const context = `seed ${seed}, step ${step}`
    if (roll(3) === 0) now += roll(8)
    const which = roll(pairs.length)
    const { fdb, model } = pairs[which]
    age(model, now)
    const fid = roll(3)
    const tree = TREE_OF_FID[fid]
    const address = addressOf(roll(addresses))
    const port = roll(PORTS)
    const [low, high] = [MacAddress.low(address), MacAddress.high(address)]
    const action = roll(100)
    if (action < 60) {
      const before = model.entries.get(keyOf(address, fid))?.port
      const [moves, refusals] = [fdb.moves, fdb.refusals]
      const expected = modelLearn(model, address, fid, port, now)
      const got = FilteringDatabase.learn(fdb, low, high, fid, tree, port, now)
      // An entry that aged out on the port where it is now seen again is refreshed as cheaply as a living one.
      const revived = expected === FilteringDatabase.ADDED && got === FilteringDatabase.REFRESHED && before === undefined
      if (!revived) assert.strictEqual(got, expected, `${context}: learn`)
      assert.strictEqual(fdb.moves - moves, expected === FilteringDatabase.MOVED ? 1 : 0, `${context}: moves`)
      if (expected === FilteringDatabase.MOVED) assert.strictEqual(fdb.movedFrom, before, `${context}: movedFrom`)
      assert.strictEqual(fdb.refusals - refusals, expected === FilteringDatabase.REFUSED ? 1 : 0, `${context}: refusals`)
    } else if (action < 80) {
      const got = FilteringDatabase.lookup(fdb, low, high, fid, tree, now)
      assert.strictEqual(got, model.entries.get(keyOf(address, fid))?.port ?? FilteringDatabase.UNKNOWN, `${context}: lookup`)
    } else if (action < 86) {
      const there = [...model.entries.values()].filter(
        (entry) => entry.port === port && TREE_OF_FID[entry.fid] === tree && entry.seen !== STATIC_SEEN,
      )
      for (const entry of there) model.entries.delete(keyOf(entry.address, entry.fid))
      const forgotten = FilteringDatabase.flush(fdb, tree, port)
      assert.isAtLeast(forgotten, there.length, `${context}: flush forgets at least what lived`)
    } else if (action < 89) {
      model.ageing[tree] = [0, 5, 10, 40, 1000][roll(5)]
      FilteringDatabase.setAgeing(fdb, tree, model.ageing[tree], now)
    } else if (action < 92) {
      const target = roll(3) === 0 ? FilteringDatabase.DISCARD : port
      const key = keyOf(address, fid)
      const fits = model.entries.has(key) || model.entries.size < capacity
      assert.strictEqual(FilteringDatabase.setStatic(fdb, address, fid, target, now), fits, `${context}: setStatic`)
      if (fits) model.entries.set(key, { address, fid, port: target, seen: STATIC_SEEN })
    } else if (action < 95) {
      const removed = FilteringDatabase.remove(fdb, address, fid)
      if (model.entries.delete(keyOf(address, fid))) assert.isTrue(removed, `${context}: remove`)
    } else if (action < 97 && pairs.length < 4) {
      pairs.push({
        fdb: FilteringDatabase.copy(fdb),
        model: {
          capacity,
          ageing: model.ageing.slice(),
          entries: new Map([...model.entries].map(([key, entry]) => [key, { ...entry }])),
        },
      })
    } else if (action < 98 && pairs.length > 1) {
      pairs.splice(which, 1)
    }
    for (const [i, pair] of pairs.entries()) {
      age(pair.model, now)
      assert.strictEqual(FilteringDatabase.count(pair.fdb, now), pair.model.entries.size, `${context}: count of copy ${i}`)
      if (step % 16 === 0) {
        assert.deepStrictEqual(FilteringDatabase.entries(pair.fdb, now), modelEntries(pair.model), `${context}: copy ${i}`)
      }
    }
  }
}

describe("filtering database against a Map", () => {
  it("with room for everything", () => {
    for (let seed = 1; seed <= 60; seed++) play(seed, 1000, 40, 400)
  })

  it("at a capacity that random traffic exceeds", () => {
    for (let seed = 1; seed <= 60; seed++) play(seed, 12, 24, 400)
  })

  it("with a capacity of one", () => {
    for (let seed = 1; seed <= 20; seed++) play(seed, 1, 6, 200)
  })

  it("through growth, with thousands of entries", () => {
    for (let seed = 1; seed <= 2; seed++) play(seed, 5000, 4000, 3000)
  })
})
