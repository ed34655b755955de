/** Loops of what forwards, in graphs small enough to see. */
import { assert, describe, it } from "@effect/vitest"
import { NEVER } from "@l2lab/sim/SimTime"
import { Schema } from "effect"
import * as Loop from "../src/Loop.ts"

/** `0.1` is bridge 0 on LAN 1; ports are numbered as they come. */
const places = (text: string): ReadonlyArray<Loop.Place> =>
  text.split(" ").map((word, port) => {
    const [bridge, lan] = word.split(".").map(Number)
    return { bridge, lan, node: bridge, port }
  })

const names = (text: string): ReadonlyArray<string> =>
  Loop.loops(places(text)).map((loop) => loop.map(({ bridge, lan }) => `${bridge}.${lan}`).join(" "))

describe("loops", () => {
  it("a chain has none, nor has a LAN with many bridges", () => {
    assert.deepEqual(names("0.0 1.0 1.1 2.1"), [])
    assert.deepEqual(names("0.0 1.0 2.0 3.0 3.1 4.1"), [])
  })

  it("two cables between two bridges are one, and so are two ports of one bridge on one LAN", () => {
    assert.deepEqual(names("0.0 1.0 0.1 1.1"), ["0.0 1.0 0.1 1.1"])
    assert.deepEqual(names("0.0 0.0"), ["0.0 0.0"])
  })

  it("a cable that forwards at one end only closes none", () => {
    assert.isFalse(Loop.hasLoop(places("0.0 1.0 1.1 2.1 2.2")))
    assert.isTrue(Loop.hasLoop(places("0.0 1.0 1.1 2.1 2.2 0.2")))
  })

  it("what hangs on a loop and what joins two of them is not on one", () => {
    assert.deepEqual(names("0.0 1.0 0.1 1.1 1.2 2.2 2.3 3.3 2.4 3.4 3.5 4.5"), ["0.0 1.0 0.1 1.1", "2.3 3.3 2.4 3.4"])
  })

  it("loops that share a way are one", () => {
    assert.lengthOf(names("0.0 1.0 0.1 1.1 0.2 1.2"), 1)
  })

  const Edge = Schema.Struct({
    bridge: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 6 })),
    lan: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 6 })),
  })
  it.prop(
    "a place is on a loop exactly if taking it away keeps its sides together",
    { edges: Schema.Array(Edge).check(Schema.isMaxLength(14)) },
    ({ edges }) => {
      const all = edges.map(({ bridge, lan }, port) => ({ bridge, lan, node: bridge, port }))
      /** Joined in the plainest way: spread until nothing is added. */
      const isJoined = (rest: ReadonlyArray<Loop.Place>, { bridge, lan }: Loop.Place): boolean => {
        const bridges = new Set([bridge])
        const lans = new Set<number>()
        for (let round = 0; round < 14; round++) {
          for (const place of rest) {
            if (bridges.has(place.bridge)) lans.add(place.lan)
            if (lans.has(place.lan)) bridges.add(place.bridge)
          }
        }
        return lans.has(lan)
      }
      const expected = all.filter((place) =>
        isJoined(
          all.filter((other) => other !== place),
          place,
        ),
      )
      const found = Loop.loops(all).flat()
      assert.deepEqual(
        found.map(({ port }) => port).toSorted((a, b) => a - b),
        expected.map(({ port }) => port),
      )
      assert.strictEqual(Loop.hasLoop(all), expected.length > 0)
    },
    { arbitrary: { runs: 300 } },
  )
})

describe("watch", () => {
  it("tells since when and until when, and who took part", () => {
    const watch = Loop.watch()
    assert.isFalse(Loop.observe(watch, places("0.0 1.0"), 5))
    assert.isTrue(Loop.observe(watch, places("0.0 1.0 0.1 1.1"), 7))
    assert.strictEqual(Loop.lasting(watch)?.from, 7)
    assert.isFalse(Loop.observe(watch, places("0.0 1.0 0.1 1.1 0.2 1.2"), 8))
    assert.isTrue(Loop.observe(watch, places("0.0 1.0"), 9))
    assert.isUndefined(Loop.lasting(watch))
    const [loop] = watch.loops
    assert.deepEqual([loop.from, loop.until, loop.places.length], [7, 9, 6])
  })

  it("does not count what is over in the same instant", () => {
    const watch = Loop.watch()
    Loop.observe(watch, places("0.0 0.0"), 3)
    Loop.observe(watch, places("0.0"), 3)
    assert.deepEqual(watch.loops, [])
    Loop.observe(watch, places("0.0 0.0"), 4)
    assert.deepEqual(
      watch.loops.map(({ until }) => until),
      [NEVER],
    )
  })
})
