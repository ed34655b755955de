/** What a link does to frames: time on the wire, queue, MTU, loss, damage, and the many ways of being down. */
import { assert, describe, it } from "vitest"
import * as Prng from "../src/Prng.ts"
import { NEVER } from "../src/SimTime.ts"
import { Simulation } from "../src/Simulation.ts"
import type { LinkSpec } from "../src/World.ts"
import { arrivals, forget, pair, REGISTRY, seen, type TestFrame } from "./Probe.ts"
import { A, B, boot, send, world } from "./LinkPair.ts"

describe("time on the wire", () => {
  it("is octets by rate, plus the propagation delay; the gap and preamble of 20 octets keep frames apart", () => {
    const simulation = boot({ rateBps: 1e9, latencyNs: 500 })
    send(simulation, A, { octets: 64, count: 3 })
    simulation.run(NEVER)
    assert.deepStrictEqual(arrivals(simulation, B), [
      [512 + 500, 0],
      [512 + 672 + 500, 1],
      [512 + 2 * 672 + 500, 2],
    ])
  })

  it("counts four octets for a tag", () => {
    const simulation = boot({ rateBps: 1e9, latencyNs: 0 })
    send(simulation, A, { octets: 100, tci: 10 })
    simulation.run(NEVER)
    assert.deepStrictEqual(seen(simulation, B), [[832, "frame", 0, 0, 10]])
    assert.strictEqual(simulation.statistics(0).octetsSent, 104)
  })

  it("adds up exactly at every rate, with random sizes and pauses: arrivals are the exact sums, rounded up", () => {
    const rates = [10e6, 100e6, 1e9, 2.5e9, 7e9, 10e9, 25e9, 40e9, 100e9, 400e9]
    for (const [i, rateBps] of rates.entries()) {
      const simulation = boot({ rateBps, latencyNs: 37, mtu: 9000, queueOctets: 1e9 })
      const random = new Uint32Array(Prng.WORDS)
      Prng.seed(random, 0, i, "sizes")
      // The exact model: the transmitter is busy until `busy / rate` ns, in whole numbers of any length.
      const rate = BigInt(rateBps)
      let busy = 0n
      const expected: Array<readonly [number, number]> = []
      for (let n = 0; n < 500; n++) {
        const octets = 64 + (Prng.next(random, 0) % 1455)
        const now = BigInt(simulation.now) * rate
        if (busy < now) busy = now
        const end = busy + BigInt(octets) * 8_000_000_000n
        busy = end + 20n * 8_000_000_000n
        expected.push([Number((end + rate - 1n) / rate) + 37, n])
        send(simulation, A, { octets, id: n })
        // Mostly back to back, at times with a pause of up to three frames of the largest size.
        if (Prng.next(random, 0) % 5 === 0) {
          simulation.run(simulation.now + (Prng.next(random, 0) % Math.ceil(4 * 1518 * (8e9 / rateBps))))
        }
      }
      simulation.run(NEVER)
      assert.deepStrictEqual(arrivals(simulation, B), expected, `${rateBps} bit/s`)
    }
  })

  it("does not drift over a million octet times at 400 Gb/s: 84 octets last 1.68 ns", () => {
    const simulation = boot({ rateBps: 400e9, latencyNs: 0, queueOctets: 1e9 })
    send(simulation, A, { octets: 64, count: 100_000 })
    simulation.run(NEVER)
    assert.strictEqual(arrivals(simulation, B).at(-1)?.[0], Math.ceil(99_999 * 1.68 + 1.28))
  })

  it("pays for the least frame", () => {
    const simulation = boot({ rateBps: 1e9, latencyNs: 0 })
    simulation.capture(0, true)
    send(simulation, A, { octets: 64 })
    simulation.run(NEVER)
    assert.deepStrictEqual(arrivals(simulation, B), [[512, 0]])
  })
})

describe("queue and MTU", () => {
  it("drops at the tail what would wait for longer than the queue is deep", () => {
    const simulation = boot({ rateBps: 1e9, latencyNs: 0, queueOctets: 1000 })
    // 100 octets take 120 octet times: the tenth frame would wait behind 1080 octets.
    send(simulation, A, { octets: 100, count: 12 })
    simulation.run(NEVER)
    assert.lengthOf(arrivals(simulation, B), 9)
    assert.deepInclude(simulation.statistics(0), { framesSent: 9, tailDrops: 3 })
    assert.deepInclude(simulation.statistics(1), { framesReceived: 9, octetsReceived: 900 })
  })

  it("has room again as the queue drains", () => {
    const simulation = boot({ rateBps: 1e9, latencyNs: 0, queueOctets: 1000 })
    send(simulation, A, { octets: 100, count: 12 })
    simulation.run(960)
    send(simulation, A, { octets: 100, count: 2, id: 100 })
    simulation.run(NEVER)
    assert.deepStrictEqual(
      arrivals(simulation, B)
        .map(([, id]) => id)
        .slice(9),
      [100],
    )
  })

  it("refuses what is longer than the MTU allows, a tag not counted", () => {
    const simulation = boot({ mtu: 1500 })
    send(simulation, A, { octets: 1518, id: 1 })
    send(simulation, A, { octets: 1518, id: 2, tci: 10 })
    send(simulation, A, { octets: 1519, id: 3 })
    send(simulation, A, { octets: 1519, id: 4, control: true })
    simulation.run(NEVER)
    assert.deepStrictEqual(
      arrivals(simulation, B).map(([, id]) => id),
      [1, 2],
    )
    assert.strictEqual(simulation.statistics(0).mtuDrops, 2)
  })
})

describe("the control class", () => {
  it("waits for at most the frame in service, however long the queue", () => {
    const simulation = boot({ rateBps: 1e9, latencyNs: 0 })
    send(simulation, A, { octets: 1518, count: 100 })
    send(simulation, A, { octets: 64, id: 1000, control: true })
    simulation.run(NEVER)
    const [at] = arrivals(simulation, B).find(([, id]) => id === 1000) ?? [0]
    // The longest frame, its tag, the gap, and itself.
    assert.isAtMost(at, (1518 + 4 + 20 + 64) * 8)
    assert.lengthOf(arrivals(simulation, B), 101)
  })

  it("is charged: the data that comes later waits for it", () => {
    const last = (control: boolean): number => {
      const simulation = boot({ rateBps: 1e9, latencyNs: 0 })
      send(simulation, A, { octets: 1518, count: 10 })
      send(simulation, A, { octets: 64, id: 1000, control, count: 5 })
      send(simulation, A, { octets: 1518, id: 2000 })
      simulation.run(NEVER)
      return arrivals(simulation, B).find(([, id]) => id === 2000)?.[0] ?? 0
    }
    assert.strictEqual(last(true), last(false))
  })

  it("keeps its own order", () => {
    const simulation = boot({ rateBps: 10e9, latencyNs: 0 })
    send(simulation, A, { octets: 1518, count: 50 })
    send(simulation, A, { octets: 64, id: 1000, control: true, count: 20 })
    simulation.run(NEVER)
    const control = arrivals(simulation, B).filter(([, id]) => id >= 1000)
    assert.deepStrictEqual(
      control.map(([, id]) => id),
      Array.from({ length: 20 }, (_, i) => 1000 + i),
    )
    assert.strictEqual(new Set(control.map(([at]) => at)).size, 20, "one after the other")
  })

  it("passes a queue that is full", () => {
    const simulation = boot({ rateBps: 1e9, queueOctets: 1000 })
    send(simulation, A, { octets: 1518, count: 10 })
    send(simulation, A, { octets: 64, id: 1000, control: true })
    simulation.run(NEVER)
    assert.isTrue(arrivals(simulation, B).some(([, id]) => id === 1000))
  })

  it("on an idle port is a frame like any other", () => {
    const simulation = boot({ rateBps: 1e9, latencyNs: 0 })
    send(simulation, A, { octets: 64, control: true })
    send(simulation, A, { octets: 64, id: 1 })
    simulation.run(NEVER)
    assert.deepStrictEqual(arrivals(simulation, B), [
      [512, 0],
      [512 + 672, 1],
    ])
  })
})

describe("loss and damage", () => {
  const lossy = (seed: number, link: Partial<LinkSpec>): Simulation<TestFrame> => {
    const simulation = Simulation.boot({ ...pair({ queueOctets: 1e9, ...link }), seed }, REGISTRY)
    forget(simulation)
    send(simulation, A, { octets: 64, count: 10_000 })
    send(simulation, B, { octets: 64, count: 10_000 })
    simulation.run(NEVER)
    return simulation
  }

  it("loses the share that it is told to, in both directions, each by its own luck", () => {
    const simulation = lossy(1, { lossRatio: 0.1 })
    const [forth, back] = [arrivals(simulation, B).length, arrivals(simulation, A).length]
    // A standard deviation of 30; five of them.
    assert.closeTo(forth, 9000, 150)
    assert.closeTo(back, 9000, 150)
    assert.notStrictEqual(forth, back)
    assert.strictEqual(simulation.statistics(0).lost, 10_000 - forth)
    assert.strictEqual(simulation.statistics(1).framesReceived, forth)
  })

  it("loses the same frames with the same seed, others with another", () => {
    const lost = (seed: number) => arrivals(lossy(seed, { lossRatio: 0.05 }), B).map(([, id]) => id)
    assert.deepStrictEqual(lost(1), lost(1))
    assert.notDeepEqual(lost(1), lost(2))
  })

  it("damaged frames take their time, are counted where they arrive, and are not delivered", () => {
    const simulation = lossy(1, { corruptionRatio: 0.2 })
    const received = arrivals(simulation, B).length
    assert.closeTo(received, 8000, 200)
    assert.deepInclude(simulation.statistics(1), { fcsErrors: 10_000 - received, framesReceived: received })
    assert.strictEqual(simulation.statistics(0).lost, 0)
  })

  it("can be changed on the way, one direction for itself", () => {
    const simulation = boot({ queueOctets: 1e9 })
    world(simulation, { type: "link.impair", link: 0, from: "b", lossRatio: 1, corruptionRatio: 0 })
    send(simulation, A, { octets: 64, count: 10 })
    send(simulation, B, { octets: 64, count: 10 })
    simulation.run(NEVER)
    assert.lengthOf(arrivals(simulation, B), 10)
    assert.lengthOf(arrivals(simulation, A), 0)
    world(simulation, { type: "link.impair", link: 0, from: "b", lossRatio: 0, corruptionRatio: 0 })
    send(simulation, B, { octets: 64, count: 10 })
    simulation.run(NEVER)
    assert.lengthOf(arrivals(simulation, A), 10)
  })
})
