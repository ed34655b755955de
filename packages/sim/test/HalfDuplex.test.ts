/** A duplex mismatch: who waits, who collides, what is lost and what is counted where. */
import { assert, describe, it } from "vitest"
import * as Fingerprint from "../src/Fingerprint.ts"
import { NEVER } from "../src/SimTime.ts"
import { Simulation } from "../src/Simulation.ts"
import * as Trace from "../src/Trace.ts"
import type { LinkSpec } from "../src/World.ts"
import { WORLD, type WorldCommand } from "../src/WorldCommand.ts"
import { arrivals, forget, pair, type ProbeCommand, REGISTRY, seen, type TestFrame } from "./Probe.ts"

/** A takes the link for half duplex, B for full. At 10 Mb/s an octet takes 800 ns. */
const A = 0
const B = 1
const OCTET = 800
const LATENCY = 500
const SLOT = 64 * OCTET

const boot = (link: Partial<LinkSpec> = {}, seed = 1): Simulation<TestFrame> => {
  const spec = pair({ rateBps: 10e6, latencyNs: LATENCY, fullDuplex: [false, true], ...link })
  const simulation = Simulation.boot({ ...spec, seed }, REGISTRY)
  forget(simulation)
  return simulation
}

const send = (simulation: Simulation<TestFrame>, node: number, octets: number, more: object = {}) =>
  simulation.command(node, { type: "send", port: 0, octets, ...more } as ProbeCommand)

const world = (simulation: Simulation<TestFrame>, command: WorldCommand): void => simulation.command(WORLD, command)

const idsAt = (simulation: Simulation<TestFrame>, node: number): ReadonlyArray<number> =>
  arrivals(simulation, node).map(([, id]) => id)

/** The sums hold: what one end sent is received, damaged or lost, and nothing else. */
const assertSums = (simulation: Simulation<TestFrame>) => {
  const [a, b] = [simulation.statistics(0), simulation.statistics(1)]
  assert.strictEqual(b.framesReceived, arrivals(simulation, B).length)
  assert.strictEqual(a.framesReceived, arrivals(simulation, A).length)
  assert.strictEqual(a.framesSent, b.framesReceived + b.fcsErrors + a.lost)
  assert.strictEqual(b.framesSent, a.framesReceived + b.lost)
  assert.strictEqual(a.collisions, b.runts + b.fcsErrors, "a fragment each")
  assert.strictEqual(a.fcsErrors + a.runts + b.collisions + b.deferred, 0)
}

describe("a duplex mismatch", () => {
  it("does no harm while only one end speaks", () => {
    const simulation = boot()
    send(simulation, A, 1000, { count: 3 })
    simulation.run(1e8)
    send(simulation, B, 1000, { count: 3 })
    simulation.run(NEVER)
    // The very times that a full-duplex end has.
    const full = boot({ fullDuplex: true })
    send(full, A, 1000, { count: 3 })
    full.run(NEVER)
    assert.deepStrictEqual(arrivals(simulation, B), arrivals(full, B))
    assert.deepStrictEqual([arrivals(simulation, A).length, arrivals(simulation, B).length], [3, 3])
    const { collisions, deferred } = simulation.statistics(0)
    assert.deepStrictEqual([collisions, deferred], [0, 0])
    assertSums(simulation)
  })

  it("the half-duplex end waits for what it hears, and for the gap behind it", () => {
    const simulation = boot()
    send(simulation, B, 1000)
    simulation.run(100 * OCTET)
    send(simulation, A, 64)
    simulation.run(NEVER)
    // B's last octet, the gap, the cable; then A's frame and the cable again.
    assert.deepStrictEqual(arrivals(simulation, B), [[1020 * OCTET + LATENCY + 64 * OCTET + LATENCY, 0]])
    assert.strictEqual(simulation.statistics(0).deferred, 1)
    assert.strictEqual(arrivals(simulation, A).length, 1)
    assertSums(simulation)
  })

  it("what it has not heard yet it does not wait for: both begin within the cable's delay", () => {
    const simulation = boot({ latencyNs: 5000 })
    send(simulation, B, 1000)
    simulation.run(2000)
    send(simulation, A, 64)
    simulation.run(5000 + 12 * OCTET)
    assert.strictEqual(simulation.statistics(0).collisions, 1)
    simulation.run(NEVER)
    assert.lengthOf(arrivals(simulation, B), 1, "sent again when the line is free")
    assertSums(simulation)
  })

  it("a late collision loses both frames for good: one end has a bad check sequence, the other nothing", () => {
    const simulation = boot()
    send(simulation, A, 1000)
    simulation.run(500 * OCTET)
    send(simulation, B, 64)
    simulation.run(NEVER)
    assert.deepStrictEqual([arrivals(simulation, A), arrivals(simulation, B)], [[], []])
    const [a, b] = [simulation.statistics(0), simulation.statistics(1)]
    assert.deepStrictEqual([a.collisions, a.lateCollisions, b.fcsErrors, b.runts, b.lost], [1, 1, 1, 0, 1])
    assertSums(simulation)
  })

  it("an early one is sent again after a while; the other end gets a runt", () => {
    const times = new Set<number>()
    for (let seed = 1; seed <= 20; seed++) {
      const simulation = boot({}, seed)
      send(simulation, A, 1000)
      simulation.run(30 * OCTET)
      send(simulation, B, 64)
      simulation.run(NEVER)
      const [a, b] = [simulation.statistics(0), simulation.statistics(1)]
      assert.deepStrictEqual([a.collisions, a.lateCollisions, b.fcsErrors, b.runts, b.lost], [1, 0, 0, 1, 1])
      times.add(arrivals(simulation, B)[0][0])
      assertSums(simulation)
    }
    // At once, that is when the line is free, or a slot after the jam; no other.
    const jammed = 30 * OCTET + LATENCY + 4 * OCTET
    const free = 30 * OCTET + 84 * OCTET + LATENCY
    const expected = [free, Math.max(free, jammed + SLOT)].map((at) => at + 1000 * OCTET + LATENCY)
    assert.deepStrictEqual([...times].sort(), [...new Set(expected)].sort())
  })

  it("a backlog at the other end begins its frames when this end may: sixteen attempts, and the frame is given up", () => {
    const simulation = boot({ queueOctets: 4 * 1024 * 1024 })
    const attempts: Array<number> = []
    simulation.listen({ onTrace: ({ b, code }) => code === Trace.COLLISION.code && attempts.push(b) })
    send(simulation, B, 1500, { count: 1500 })
    simulation.run(1000)
    send(simulation, A, 64, { id: 7 })
    send(simulation, A, 64, { id: 8 })
    simulation.run(1.2e9)
    assert.strictEqual(simulation.statistics(0).excessiveCollisions, 2)
    assert.deepStrictEqual(attempts.slice(0, 16), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16])
    assert.strictEqual(attempts[16], 1, "then the next one has its turn")
    assert.lengthOf(arrivals(simulation, B), 0)
    simulation.run(NEVER)
    assertSums(simulation)
    const { collisions, framesReceived } = simulation.statistics(0)
    assert.strictEqual(framesReceived, 1500 - collisions, "each costs the other end a frame")
  })

  it("backs off for fewer than 2, 4, 8, ... 1,024 slots, by its own luck", () => {
    const spans = new Set<number>()
    for (let seed = 1; seed <= 8; seed++) {
      const simulation = boot({ queueOctets: 4 * 1024 * 1024 }, seed)
      const times: Array<number> = []
      simulation.listen({ onTrace: ({ at, code }) => code === Trace.COLLISION.code && times.push(at) })
      send(simulation, B, 64, { count: 40_000 })
      simulation.run(1000)
      send(simulation, A, 64)
      simulation.run(1.5e9)
      assert.lengthOf(times, 16)
      // The other end's frames last 84 octets: behind the backoff it waits for one of them at most.
      times.slice(1).forEach((at, i) => {
        const slots = (at - (times[i] ?? 0) - 12 * OCTET) / SLOT
        assert.isBelow(slots, 2 ** Math.min(i + 1, 10) + 2, `collision ${i + 2}`)
      })
      spans.add(times[15] - times[0])
      assert.isAbove(times[15] - times[0], 500 * SLOT)
    }
    assert.strictEqual(spans.size, 8)
  })

  it("what waits behind a collision waits on, in its order; the control class goes before data, not before the frame in service", () => {
    const simulation = boot()
    send(simulation, A, 1000, { count: 3 })
    simulation.run(500 * OCTET)
    send(simulation, A, 64, { id: 50, control: true })
    send(simulation, A, 64, { id: 51, control: true })
    simulation.run(NEVER)
    assert.deepStrictEqual(idsAt(simulation, B), [0, 50, 51, 1, 2])

    const other = boot()
    send(other, A, 1000, { count: 3 })
    other.run(500 * OCTET)
    send(other, B, 1500)
    send(other, A, 64, { id: 50, control: true })
    other.run(NEVER)
    assert.deepStrictEqual(idsAt(other, B), [50, 1, 2], "the first one collided late")
    assertSums(other)
  })

  it("what a processor sends leaves up to a millisecond later, so that what two say in one instant does not collide each time", () => {
    const simulation = boot()
    for (let i = 0; i < 100; i++) {
      send(simulation, A, 64, { id: i, control: true })
      send(simulation, B, 64, { control: true })
      simulation.run((i + 1) * 2e9)
    }
    assert.deepStrictEqual(
      idsAt(simulation, B),
      Array.from({ length: 100 }, (_, i) => i),
    )
    const delays = arrivals(simulation, B).map(([at], i) => at - i * 2e9 - 64 * OCTET - LATENCY)
    assert.isAtLeast(Math.min(...delays), 0)
    assert.isAtMost(Math.max(...delays.slice(0, 10)), 1_300_000)
    assert.isAbove(new Set(delays).size, 90)
    const { collisions } = simulation.statistics(0)
    assert.isBelow(collisions, 20)
    assertSums(simulation)
  })

  it("has the queue limit and the backlog of any port", () => {
    const simulation = boot({ queueOctets: 5000 })
    send(simulation, A, 1000, { count: 20 })
    const { tailDrops } = simulation.statistics(0)
    assert.isAtLeast(tailDrops, 13)
    assert.isAtMost(tailDrops, 15)
    simulation.run(NEVER)
    assert.lengthOf(arrivals(simulation, B), 20 - tailDrops)
  })

  it("loses what waits when the link goes down, and begins anew", () => {
    const simulation = boot()
    send(simulation, A, 1000, { count: 4 })
    send(simulation, B, 1000, { count: 2 })
    simulation.run(1500 * OCTET)
    world(simulation, { type: "link.disconnect", link: 0 })
    simulation.run(1e9)
    world(simulation, { type: "link.connect", link: 0 })
    send(simulation, A, 64, { id: 9 })
    simulation.run(NEVER)
    assert.strictEqual(idsAt(simulation, B).at(-1), 9)
    assert.strictEqual(seen(simulation, B).at(-1)?.[0], 1e9 + 64 * OCTET + LATENCY)
    assertSums(simulation)
  })

  it("is over when both agree, and begins when they cease to; the link goes down and up by that", () => {
    const simulation = boot({ fullDuplex: true })
    const disagree = { type: "link.duplex", link: 0, end: "a", fullDuplex: false } as const
    world(simulation, disagree)
    assert.deepStrictEqual(
      seen(simulation, B).map(([, what]) => what),
      ["down", "up"],
    )
    send(simulation, A, 1000)
    simulation.run(simulation.now + 500 * OCTET)
    send(simulation, B, 1000)
    simulation.run(NEVER)
    assert.strictEqual(simulation.statistics(0).lateCollisions, 1)
    world(simulation, { ...disagree, fullDuplex: true })
    send(simulation, A, 1000, { count: 5 })
    send(simulation, B, 1000, { count: 5 })
    simulation.run(NEVER)
    assert.deepStrictEqual([arrivals(simulation, A).length, arrivals(simulation, B).length], [5, 5])
    assert.strictEqual(simulation.statistics(0).lateCollisions, 1, "what was counted stays")
    // A cable that is out stays out.
    world(simulation, { type: "link.disconnect", link: 0 })
    world(simulation, disagree)
    assert.strictEqual(seen(simulation, B).at(-1)?.[1], "down")
  })

  it("two ends that are both half duplex are emulated as two that are full", () => {
    const simulation = boot({ fullDuplex: false })
    send(simulation, A, 1000)
    send(simulation, B, 1000)
    simulation.run(NEVER)
    assert.deepStrictEqual([arrivals(simulation, A).length, arrivals(simulation, B).length], [1, 1])
  })

  it("counts everything somewhere at random, goes the same way each time, in a fork and on another octet's length too", () => {
    for (const rateBps of [10e6, 100e6, 1e9, 3e6]) {
      const run = (seed: number, forkAt = -1) => {
        let simulation = boot({ rateBps, lossRatio: seed % 2 === 0 ? 0 : 0.02, corruptionRatio: 0 }, seed)
        const scale = 10e6 / rateBps
        for (let i = 0; i < 300; i++) {
          if (i === forkAt) simulation = simulation.fork()
          send(simulation, i % 3 === 0 ? B : A, 64 + ((i * 37) % 1400), { control: i % 11 === 0 })
          simulation.run(simulation.now + Math.ceil((i % 7) * 400 * OCTET * scale))
        }
        simulation.run(NEVER)
        return simulation
      }
      for (const seed of [6, 7]) {
        const one = run(seed)
        const [a, b] = [one.statistics(0), one.statistics(1)]
        assert.isAbove(a.lateCollisions, 5)
        assert.isAbove(a.deferred, 5)
        assert.strictEqual(a.framesSent, b.framesReceived + b.fcsErrors + a.lost)
        assert.strictEqual(b.framesSent, a.framesReceived + b.lost)
        assert.strictEqual(Fingerprint.of(run(seed)), Fingerprint.of(one))
        assert.strictEqual(Fingerprint.of(run(seed, 150)), Fingerprint.of(one))
        assert.notStrictEqual(Fingerprint.of(run(seed + 2)), Fingerprint.of(one))
      }
    }
  })
})
