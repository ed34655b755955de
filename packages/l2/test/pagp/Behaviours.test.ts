/** What Cisco's configuration guides say of PAgP, in time: who bundles with whom, how fast, and what becomes of those who do not. */
import * as Fingerprint from "@l2lab/sim/Fingerprint"
import { assert, describe, it } from "vitest"
import { network, pair, roles, said, standings } from "./Pair.ts"

const BOTH = ["bundled bundled", "bundled bundled"]

describe("modes", () => {
  const TABLE: ReadonlyArray<readonly [a: "desirable" | "auto", b: "desirable" | "auto" | "on", bundles: boolean]> = [
    ["desirable", "desirable", true],
    ["desirable", "auto", true],
    ["auto", "desirable", true],
    ["auto", "auto", false],
    ["desirable", "on", false],
    ["auto", "on", false],
  ]
  for (const [a, b, bundles] of TABLE) {
    it(`${a} and ${b} ${bundles ? "bundle" : "do not bundle"}`, () => {
      const two = pair({ mode: a }, { mode: b }).run(2)
      assert.strictEqual(standings(two, 0) === "bundled bundled", bundles)
      if (bundles) assert.deepEqual([roles(two, 0), roles(two, 1)], BOTH)
      // Silent ports without a partner are ports of their own, after a while.
      two.run(20)
      assert.strictEqual(roles(two, 0), bundles ? "bundled bundled" : "alone alone")
    })
  }

  it("auto says nothing unless it is spoken to", () => {
    const two = pair({ mode: "auto" }).run(200)
    assert.deepEqual([said(two, 0).length, said(two, 1).length], [0, 0])
    assert.deepEqual([standings(two, 0), roles(two, 0)], ["individual individual", "alone alone"])
  })

  it("a silent port waits 15 s for a partner, and is then a port of its own; one that is non-silent is not used at all", () => {
    const two = pair({}, { mode: "none" }).run(14.9)
    assert.deepEqual([standings(two, 0), roles(two, 0)], ["waiting waiting", "out out"])
    two.run(0.2)
    assert.deepEqual([standings(two, 0), roles(two, 0)], ["individual individual", "alone alone"])
    const strict = pair({ port: { nonSilent: true } }, { mode: "none" }).run(300)
    assert.deepEqual([standings(strict, 0), roles(strict, 0)], ["waiting waiting", "out out"])
  })

  it("non-silent ports bundle with a partner all the same", () => {
    const two = pair({ port: { nonSilent: true } }).run(1)
    assert.deepEqual([roles(two, 0), roles(two, 1)], BOTH)
  })
})

describe("hellos", () => {
  it("go every second while nobody answers, and every 30 s once both agree; with rate fast every second", () => {
    const lone = pair({}, { mode: "none" }).run(50.5)
    const first = said(lone, 0).length
    assert.strictEqual(said(lone.run(50), 0).length - first, 50)
    const two = pair().run(10)
    const before = said(two, 0).length
    two.run(90)
    assert.strictEqual(said(two, 0).length - before, 3)
    const [{ pdu }] = said(two, 0).slice(-1)
    assert.deepEqual([pdu.slowHello, pdu.consistent, pdu.auto, pdu.partnerCount], [true, true, false, 1])
    const fast = pair({ port: { rate: "fast" } }).run(10)
    const fastBefore = said(fast, 0).length
    fast.run(90)
    assert.strictEqual(said(fast, 0).length - fastBefore, 90)
    assert.isFalse(said(fast, 0).at(-1)!.pdu.slowHello)
  })

  it("that are missing: after 105 s, or 3.5 s of fast ones, the partner is gone, and its end learns of it", () => {
    for (const [rate, wait] of [
      ["slow", 105],
      ["fast", 3.5],
    ] as const) {
      const two = pair({ port: { rate } }).run(10)
      two.world({ type: "link.direction", link: 0, from: "a", alive: false })
      const last = said(two, 0).at(-1)!.at
      two.run(last + wait - 10 - 0.1)
      assert.strictEqual(standings(two, 1), "bundled bundled")
      two.run(0.2)
      assert.strictEqual(standings(two, 1), "waiting bundled")
      // sw2 says at once that it hears nobody: sw1 goes on alone, and does not bundle what is dead.
      assert.deepEqual([standings(two, 0), roles(two, 0)], ["negotiating bundled", "out bundled"])
      two.run(16)
      assert.deepEqual([standings(two, 1), roles(two, 1)], ["individual bundled", "alone bundled"])
      two.world({ type: "link.direction", link: 0, from: "a", alive: true }).run(2)
      assert.deepEqual([roles(two, 0), roles(two, 1)], BOTH)
    }
  })

  it("are in agreement within a few exchanges: no port carries frames that its partner would not take for longer than a cable's latency", () => {
    const two = pair().run(0.01)
    assert.deepEqual([roles(two, 0), roles(two, 1)], BOTH)
    assert.isAtMost(said(two, 0).length, 4)
  })
})

describe("who may share a bundle", () => {
  it("a link that goes down is out at once, and back when it has come up", () => {
    const two = pair().run(5)
    two.world({ type: "link.disconnect", link: 0 }).run(0.001)
    assert.deepEqual([roles(two, 0), roles(two, 1), standings(two, 0)], ["out bundled", "out bundled", "down bundled"])
    two.world({ type: "link.connect", link: 0 }).run(1)
    assert.deepEqual([roles(two, 0), roles(two, 1)], BOTH)
  })

  it("two cables to one switch and one to another: those of the first partner bundle, the third is suspended", () => {
    const of = network(
      [{ members: [0, 1, 2] }, {}, {}],
      [
        [
          [0, 0],
          [1, 0],
        ],
        [
          [0, 1],
          [1, 1],
        ],
        [
          [0, 2],
          [2, 0],
        ],
      ],
      3,
    ).run(5)
    assert.deepEqual([standings(of, 0), roles(of, 0)], ["bundled bundled suspended", "bundled bundled out"])
    // The partner of the third does not bundle with who does not want it.
    assert.deepEqual([standings(of, 2), roles(of, 2)], ["negotiating down down", "out out out"])
  })

  it("the first partner is the one that the port of the lowest priority hears, until a bundle exists", () => {
    const cables = [
      [
        [0, 0],
        [1, 0],
      ],
      [
        [0, 1],
        [2, 0],
      ],
    ] as const
    assert.strictEqual(standings(network([{}, {}, {}], cables).run(5), 0), "bundled suspended")
    assert.strictEqual(standings(network([{ priorities: [128, 1] }, {}, {}], cables).run(5), 0), "suspended bundled")
  })

  it("two groups at the other end are two bundles: the second is suspended", () => {
    const two = pair({}, { groups: [[0], [1]] }).run(5)
    assert.deepEqual([standings(two, 0), standings(two, 1)], ["bundled suspended", "bundled negotiating"])
  })

  it("ports of another rate are suspended", () => {
    const two = pair().run(5)
    two.world({ type: "link.disconnect", link: 1 }).world({ type: "link.rate", link: 1, rateBps: 1e8 })
    two.world({ type: "link.connect", link: 1 }).run(5)
    assert.deepEqual([roles(two, 0), standings(two, 0)], ["bundled out", "bundled suspended"])
  })
})

describe("the world", () => {
  it("is the same replayed, and a fork in the middle of a negotiation goes the same way", () => {
    const two = pair({ port: { rate: "fast" } }).run(5)
    two.world({ type: "link.direction", link: 1, from: "a", alive: false }).run(4)
    const fork = two.simulation.fork()
    two.run(30)
    fork.run(two.simulation.now)
    assert.strictEqual(two.replayed(), two.fingerprint)
    assert.strictEqual(Fingerprint.of(fork), two.fingerprint)
  })
})
