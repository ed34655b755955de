/** The times that must come out, on virtual time and for several settings of the timers; `npm run stp-times` prints what is measured. */
import { assert, describe, it } from "@effect/vitest"
import { SECOND } from "@l2lab/sim/SimTime"
import * as Trace from "../src/Trace.ts"
import { EVENTS, measure, Observed, table } from "./simulation/Times.ts"
import type { StandardProtocol, Timers } from "./simulation/Protocols.ts"
import * as Topology from "./simulation/Topology.ts"

const TIMERS: ReadonlyArray<Timers> = [
  { helloTime: 2, maxAge: 20, forwardDelay: 15 },
  { helloTime: 2, maxAge: 12, forwardDelay: 8 },
  { helloTime: 2, maxAge: 40, forwardDelay: 30 },
  { helloTime: 3, maxAge: 20, forwardDelay: 15 },
]
const TIMED: ReadonlyArray<StandardProtocol> = ["stp", "pvst"]
const RAPID: ReadonlyArray<StandardProtocol> = ["rstp", "rapid-pvst", "mstp"]

const RECEIVED = new Set([Trace.RST_RECEIVED.code, Trace.CONFIG_RECEIVED.code])

/** What frames take on the way, small beside seconds. */
const WIRE = 0.001

const seconds = (name: string, protocol: StandardProtocol, timers: Timers, seed: number): number => {
  const event = EVENTS.find((one) => one.name === name)
  assert(event !== undefined, name)
  return measure(event, protocol, timers, seed) / SECOND
}

/** Not for 1998, whose hold time of 1 s would let a bridge pass on each hello a second late, and older by that. */
const SHORT: Timers = { helloTime: 1, maxAge: 10, forwardDelay: 6 }

describe.each([...TIMERS, SHORT])("hello $helloTime s, max age $maxAge s, forward delay $forwardDelay s", (timers) => {
  const { forwardDelay, helloTime, maxAge } = timers

  describe.each(timers === SHORT ? [] : TIMED)("%s", (protocol) => {
    it.each(["triangle", "ring of 6"])("a cold start takes 2 x forward delay, %s", (where) => {
      const taken = seconds(`cold start, ${where}`, protocol, timers, 1)
      assert.isAtLeast(taken, 2 * forwardDelay)
      assert.isAtMost(taken, 2 * forwardDelay + helloTime)
    })

    it.each([1, 2, 3])("a root port's own link fails: 2 x forward delay, and at most a hello more, seed %i", (seed) => {
      for (const name of ["a root port's link fails, triangle", "the root dies, its links too, triangle"]) {
        const taken = seconds(name, protocol, timers, seed)
        assert.isAtLeast(taken, 2 * forwardDelay)
        assert.isAtMost(taken, 2 * forwardDelay + helloTime + WIRE)
      }
    })

    it.each([1, 2, 3, 4])("a link further up fails: what is known ages out first, seed %i", (seed) => {
      // The blocked port of the triangle holds what is one hop from the root, its message age being 1 s; that of the ring three.
      for (const [name, messageAge] of [
        ["a link fails that others' ways lead over, triangle", 1],
        ["the root falls silent, triangle", 1],
        ["a root port's link fails, ring of 6", 2],
      ] as const) {
        const taken = seconds(name, protocol, timers, seed)
        assert.isAtLeast(taken, maxAge - messageAge - helloTime + 2 * forwardDelay, name)
        // One relay's hold time: a bridge passes on within 1 s what it hears.
        assert.isAtMost(taken, maxAge + 2 * forwardDelay + 1, name)
      }
    })
  })

  describe.each(RAPID)("%s", (protocol) => {
    it("a cold start, a lost link, a link lost further up: under a second where the root lives and an alternate port is there", () => {
      for (const name of EVENTS.map((event) => event.name).filter((one) => !one.startsWith("the root"))) {
        for (const seed of [1, 2, 3]) assert.isBelow(seconds(name, protocol, timers, seed), 1, `${name}, seed ${seed}`)
      }
    })

    it("a neighbour that falls silent is given up after 3 hellos, counted in whole seconds", () => {
      for (let seed = 1; seed <= 5; seed++) {
        const observed = new Observed(Topology.cabled(2, [[0, 1]]), protocol, timers, seed)
        observed.run(20 + seed / 7)
        const last = observed.events.findLast(({ code, node }) => node === 1 && RECEIVED.has(code))!
        observed.network.tell({ type: "node.power-off", node: 0, keepCarrier: true })
        observed.run(3 * helloTime + 1)
        const taken = observed.lastChangeSince(last.at) / SECOND
        assert.isAbove(taken, 3 * helloTime - 1)
        assert.isAtMost(taken, 3 * helloTime + WIRE)
      }
    })

    it("a root that dies is counted to infinity, and within the bound", () => {
      for (const name of EVENTS.map((event) => event.name).filter((one) => one.startsWith("the root"))) {
        for (const seed of [1, 2, 3]) {
          const taken = seconds(name, protocol, timers, seed)
          assert.isAtMost(taken, maxAge + 2 * forwardDelay + 2 * helloTime, `${name}, seed ${seed}`)
          // Silence is noticed after three hellos; a lost carrier at once.
          if (name.includes("silent")) assert.isAbove(taken, 2 * helloTime - 1, name)
        }
      }
    })
  })
})

/** The table that `npm run stp-times` prints. */
it("is reported: a line for each event, a column for each protocol", () => {
  const [head, names, ...rows] = table(TIMERS[0], ["stp", "rstp"])
  assert.match(head, /hello 2 s, max age 20 s, forward delay 15 s/)
  assert.match(names, /stp +rstp$/)
  assert.lengthOf(rows, EVENTS.length)
  assert.match(rows[0], /cold start, triangle +30\.000 +0\.000$/)
})
