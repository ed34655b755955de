/** What the model cannot see: memory, cost in slots, counters, sharing. */
import { Digest } from "@l2lab/sim/Digest"
import { assert, describe, it } from "vitest"
import * as FilteringDatabase from "../src/FilteringDatabase.ts"
import * as MacAddress from "../src/MacAddress.ts"

const learn = (fdb: FilteringDatabase.FilteringDatabase, address: number, port: number, now: number): number =>
  FilteringDatabase.learn(fdb, MacAddress.low(address), MacAddress.high(address), 0, 0, port, now)

const lookup = (fdb: FilteringDatabase.FilteringDatabase, address: number, now: number): number =>
  FilteringDatabase.lookup(fdb, MacAddress.low(address), MacAddress.high(address), 0, 0, now)

const fingerprint = (fdb: FilteringDatabase.FilteringDatabase, now: number): string => {
  const digest = new Digest()
  FilteringDatabase.fingerprint(fdb, digest, now)
  return digest.text
}

const ADDRESS = 0x020000000001

describe("filtering database", () => {
  it("takes 64 octets or less for an entry at 100,000 entries", () => {
    const fdb = FilteringDatabase.make(48, [0], 100_000, 300e9)
    for (let i = 0; i < 100_000; i++) learn(fdb, 0x020000000000 + i * 7, i % 48, 1)
    assert.strictEqual(FilteringDatabase.count(fdb, 1), 100_000)
    assert.isAtMost(FilteringDatabase.memoryBytes(fdb) / 100_000, 64)
  })

  it("an entry lives for exactly the ageing time", () => {
    const fdb = FilteringDatabase.make(2, [0], 10, 300)
    learn(fdb, ADDRESS, 1, 1000)
    assert.strictEqual(lookup(fdb, ADDRESS, 1300), 1)
    assert.strictEqual(lookup(fdb, ADDRESS, 1301), FilteringDatabase.UNKNOWN)
  })

  it("what expired under a short ageing time stays expired under the long one", () => {
    const fdb = FilteringDatabase.make(2, [0], 10, 300)
    learn(fdb, ADDRESS, 1, 0)
    FilteringDatabase.setAgeing(fdb, 0, 15, 100)
    FilteringDatabase.setAgeing(fdb, 0, 300, 101)
    assert.strictEqual(lookup(fdb, ADDRESS, 102), FilteringDatabase.UNKNOWN)
  })

  it("the same entry on two ports in turn is a move each time, and says from where", () => {
    const fdb = FilteringDatabase.make(3, [0], 10, 300)
    assert.strictEqual(learn(fdb, ADDRESS, 0, 0), FilteringDatabase.ADDED)
    assert.strictEqual(learn(fdb, ADDRESS, 2, 1), FilteringDatabase.MOVED)
    assert.strictEqual(fdb.movedFrom, 0)
    assert.strictEqual(learn(fdb, ADDRESS, 1, 2), FilteringDatabase.MOVED)
    assert.strictEqual(fdb.movedFrom, 2)
    assert.strictEqual(fdb.moves, 2)
  })

  it("a flush counts what it forgot once, and leaves what moved away", () => {
    const fdb = FilteringDatabase.make(3, [0], 100, 300)
    for (let i = 0; i < 10; i++) learn(fdb, ADDRESS + i, 1, 0)
    for (let i = 0; i < 4; i++) learn(fdb, ADDRESS + i, 2, 1)
    assert.strictEqual(FilteringDatabase.flush(fdb, 0, 1), 6)
    assert.strictEqual(FilteringDatabase.flush(fdb, 0, 1), 0)
    assert.strictEqual(FilteringDatabase.count(fdb, 1), 4)
  })

  it("configuring a static entry over a learnt one is no move", () => {
    const fdb = FilteringDatabase.make(3, [0], 100, 300)
    learn(fdb, ADDRESS, 2, 0)
    assert.isTrue(FilteringDatabase.setStatic(fdb, ADDRESS, 0, 1, 1))
    assert.strictEqual(fdb.moves, 0)
    assert.strictEqual(lookup(fdb, ADDRESS, 1e12), 1)
    assert.strictEqual(FilteringDatabase.flush(fdb, 0, 2), 0)
    assert.strictEqual(FilteringDatabase.flush(fdb, 0, 0), 0)
  })

  it("does not grow when old entries die as fast as new ones come", () => {
    const fdb = FilteringDatabase.make(2, [0], 16_384, 100)
    for (let i = 0; i < 50_000; i++) learn(fdb, ADDRESS + i, 0, i)
    assert.strictEqual(FilteringDatabase.count(fdb, 49_999), 101)
    assert.isAtMost(FilteringDatabase.memoryBytes(fdb), 512 * 24 + 100)
  })

  it("a copy costs no slots until one side writes, and then is independent", () => {
    const fdb = FilteringDatabase.make(2, [0], 100, 300)
    learn(fdb, ADDRESS, 0, 0)
    const twin = FilteringDatabase.copy(fdb)
    assert.strictEqual(twin.slots, fdb.slots)
    learn(twin, ADDRESS, 1, 1)
    assert.notStrictEqual(twin.slots, fdb.slots)
    assert.strictEqual(lookup(fdb, ADDRESS, 1), 0)
    assert.strictEqual(lookup(twin, ADDRESS, 1), 1)
  })

  it("has a fingerprint of what lives in it, not of how it came there", () => {
    const straight = FilteringDatabase.make(2, [0], 1000, 300)
    const winding = FilteringDatabase.make(2, [0], 1000, 300)
    for (let i = 0; i < 100; i++) learn(straight, ADDRESS + i, 1, 1000)
    for (let i = 199; i >= 0; i--) learn(winding, ADDRESS + i, 1, i < 100 ? 1000 : 0)
    assert.strictEqual(fingerprint(winding, 1000), fingerprint(straight, 1000))
    learn(winding, ADDRESS, 1, 1001)
    assert.notStrictEqual(fingerprint(winding, 1001), fingerprint(straight, 1001))
  })

  it("has a fingerprint that tells ages apart that differ by 2^32 ns", () => {
    const [young, old] = [0, 2 ** 32].map((age) => {
      const fdb = FilteringDatabase.make(2, [0], 16, 300e9)
      FilteringDatabase.learn(fdb, 1, 0x0200, 0, 0, 0, 2 ** 33 - age)
      return fdb
    })
    assert.notStrictEqual(fingerprint(young, 2 ** 33), fingerprint(old, 2 ** 33))
  })

  it("has a fingerprint that does not depend on the instant, only on ages", () => {
    const early = FilteringDatabase.make(2, [0], 1000, 300)
    const late = FilteringDatabase.make(2, [0], 1000, 300)
    for (let i = 0; i < 10; i++) {
      learn(early, ADDRESS + i, 1, 10 * i)
      learn(late, ADDRESS + i, 1, 5e15 + 10 * i)
    }
    assert.strictEqual(fingerprint(late, 5e15 + 100), fingerprint(early, 100))
  })
})
