/** Plain data as octets, and what changed between two states of it. */
import { assert, describe, it } from "@effect/vitest"
import * as Prng from "@l2lab/sim/Prng"
import * as Cursor from "../../src/chassis/OctetCursor.ts"
import * as PlainData from "../../src/chassis/PlainData.ts"

type Below = (limit: number) => number

const belowOf = (seed: number): Below => {
  const random = new Uint32Array(Prng.WORDS)
  Prng.seed(random, 0, seed, "data")
  return (limit) => Prng.next(random, 0) % limit
}

const NUMBERS = [0, 1, -1, 127, 128, 2 ** 28, 2 ** 48 - 1, -0, 0.5, Infinity, -Infinity, Number.MAX_SAFE_INTEGER]

const column = (below: Below): PlainData.Column => {
  const length = below(20)
  const values = Array.from({ length }, () => below(4) * below(300))
  return [Uint8Array, Int16Array, Int32Array, Float64Array, Uint16Array, Uint32Array][below(6)].from(values)
}

/** Something of everything that states are made of. */
const value = (below: Below, depth = 0): unknown => {
  switch (below(depth > 3 ? 5 : 8)) {
    case 0:
      return NUMBERS[below(NUMBERS.length)]
    case 1:
      return below(2) === 0
    case 2:
      return ["", "a", "ä€", "x".repeat(below(200))][below(4)]
    case 3:
      return null
    case 4:
      return column(below)
    case 5:
      return Array.from({ length: below(5) }, () => value(below, depth + 1))
    default:
      return record(below, depth + 1)
  }
}

const record = (below: Below, depth = 0): Record<string, unknown> =>
  Object.fromEntries(Array.from({ length: below(6) }, (_, i) => [`field${(i * 7) % 5}`, value(below, depth)]))

/** The same with some of it changed. */
const changed = (below: Below, old: unknown): unknown => {
  if (below(6) === 0) return value(below)
  if (ArrayBuffer.isView(old)) {
    const twin = (old as Float64Array).slice()
    for (let times = below(4); times > 0 && twin.length > 0; times--) twin[below(twin.length)] = below(300)
    return twin
  }
  if (Array.isArray(old)) {
    const items = old.map((item) => changed(below, item))
    if (below(3) === 0) items.push(value(below))
    if (below(3) === 0) items.pop()
    return items
  }
  if (typeof old !== "object" || old === null) return below(3) === 0 ? value(below) : old
  const fields = Object.entries(old).map(([key, field]) => [key, changed(below, field)] as const)
  return Object.fromEntries(fields.filter(() => below(8) > 0))
}

describe("plain data", () => {
  it("comes back from its octets: 500 seeds", () => {
    for (let seed = 1; seed <= 500; seed++) {
      const data = value(belowOf(seed))
      assert.deepStrictEqual(PlainData.parse(PlainData.emit(data)), data, `seed ${seed}`)
      assert.deepStrictEqual(PlainData.clone(data), data, `seed ${seed}`)
    }
  })

  it("is followed by its changes, on both sides: 500 seeds", () => {
    for (let seed = 1; seed <= 500; seed++) {
      const below = belowOf(seed)
      const here = record(below)
      const told = PlainData.clone(here) as object
      const there = PlainData.clone(here) as object
      let now: object = here
      for (let step = 0; step < 4; step++) {
        const next = changed(below, now)
        now = typeof next === "object" && next !== null && !Array.isArray(next) && !ArrayBuffer.isView(next) ? next : now
        const to = new Cursor.Writer()
        const isChanged = PlainData.writeChanges(to, told, now)
        assert.strictEqual(isChanged, to.length > 0)
        assert.deepStrictEqual(told, now, `seed ${seed}`)
        if (!isChanged) continue
        const from = new Cursor.Reader(to.written())
        PlainData.readChanges(from, there)
        assert.strictEqual(from.why, "", `seed ${seed}`)
        assert.deepStrictEqual(there, now, `seed ${seed}`)
      }
    }
  })

  it("leaves out what both sides have, and caches", () => {
    const frame = { wireOctets: 64, payload: new Uint8Array(4) }
    const data = {
      config: { a: 1 },
      frame: [frame, null],
      heard: [{ protocol: "stp" }],
      absent: undefined,
      info: { protocol: "lldp" },
    }
    const read = PlainData.parse(PlainData.emit(data))
    assert.deepStrictEqual(read, { frame: [null, null], heard: [null], info: { protocol: "lldp" } })
  })

  it("costs little where little changed", () => {
    const before = { up: new Uint8Array(1000), at: new Float64Array(1000), name: "x" }
    const after = { ...before, up: before.up.slice(), at: before.at.slice() }
    after.up[998] = after.at[3] = 1
    const to = new Cursor.Writer()
    PlainData.writeChanges(to, PlainData.clone(before) as object, after)
    assert.isBelow(to.length, 40)
  })

  it("is refused where octets are none, and never throws: 2000 seeds", () => {
    for (let seed = 1; seed <= 2000; seed++) {
      const below = belowOf(seed)
      const octets = PlainData.emit(value(below))
      for (let times = 1 + below(3); times > 0; times--) octets[below(octets.length)] = below(256)
      PlainData.parse(octets.subarray(0, below(octets.length + 1)))
      const to = new Cursor.Writer()
      const old = record(below)
      PlainData.writeChanges(to, PlainData.clone({ old }) as object, { old: changed(below, old) })
      const edit = to.written()
      if (edit.length > 0) edit[below(edit.length)] = below(256)
      PlainData.readChanges(new Cursor.Reader(edit), PlainData.clone({ old }) as object)
    }
    assert.strictEqual(PlainData.parse(new Uint8Array(0)), undefined)
    assert.strictEqual(PlainData.parse(Uint8Array.of(0, 0)), undefined)
    assert.strictEqual(PlainData.parse(Uint8Array.of(99)), undefined)
  })
})
