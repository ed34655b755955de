/** What a link does to frames: time on the wire, queue, MTU, loss, damage, and the many ways of being down. */
import { assert, describe, it } from "vitest"
import * as Fingerprint from "../src/Fingerprint.ts"
import * as PortRow from "../src/PortRow.ts"
import * as Prng from "../src/Prng.ts"
import { NEVER } from "../src/SimTime.ts"
import { Simulation } from "../src/Simulation.ts"
import type { LinkSpec } from "../src/World.ts"
import { WORLD, type WorldCommand } from "../src/WorldCommand.ts"
import { arrivals, forget, pair, type ProbeCommand, REGISTRY, seen, type TestFrame } from "./Probe.ts"

const A = 0
const B = 1

const boot = (link: Partial<LinkSpec> = {}): Simulation<TestFrame> => {
  const simulation = Simulation.boot(pair(link), REGISTRY)
  forget(simulation)
  return simulation
}

const send = (
  simulation: Simulation<TestFrame>,
  node: number,
  command: Omit<Extract<ProbeCommand, { type: "send" }>, "type" | "port">,
) => simulation.command(node, { type: "send", port: 0, ...command } as ProbeCommand)

const somethingHappens = (simulation: Simulation<TestFrame>): void => {
  simulation.command(A, { type: "start", timer: 0, at: simulation.now + 5 } as ProbeCommand)
  simulation.run(simulation.now + 10)
}

const world = (simulation: Simulation<TestFrame>, command: WorldCommand): void => simulation.command(WORLD, command)

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

describe("links going down", () => {
  it("tells both ends, loses what was in flight and waiting, and starts anew", () => {
    const simulation = boot({ rateBps: 1e9, latencyNs: 10_000 })
    send(simulation, A, { octets: 64, count: 20 })
    simulation.run(11_000)
    world(simulation, { type: "link.disconnect", link: 0 })
    simulation.run(50_000)
    const [first, ...rest] = arrivals(simulation, B)
    assert.strictEqual(first[0], 10_512)
    assert.lengthOf(rest, 0)
    assert.deepInclude(seen(simulation, A), [11_000, "down", 0, 1e9])
    assert.deepInclude(seen(simulation, B), [11_000, "down", 0, 1e9])
    assert.strictEqual(simulation.statistics(0).lost, 19)
    assert.strictEqual(simulation.statistics(1).framesReceived, 1)

    send(simulation, A, { octets: 64, id: 100 })
    simulation.run(60_000)
    assert.lengthOf(arrivals(simulation, B), 1, "nothing leaves a port without carrier")

    world(simulation, { type: "link.connect", link: 0 })
    send(simulation, A, { octets: 64, id: 200 })
    simulation.run(NEVER)
    assert.deepInclude(seen(simulation, B), [60_000, "up", 0, 1e9])
    assert.deepStrictEqual(arrivals(simulation, B).at(-1), [60_000 + 512 + 10_000, 200], "an empty queue")
  })

  it("down and up again at one instant loses what was in flight all the same", () => {
    const simulation = boot({ latencyNs: 10_000 })
    send(simulation, A, { octets: 64 })
    simulation.run(5000)
    world(simulation, { type: "link.disconnect", link: 0 })
    world(simulation, { type: "link.connect", link: 0 })
    simulation.run(NEVER)
    assert.lengthOf(arrivals(simulation, B), 0)
  })

  it("a dead direction loses everything, and nobody is told", () => {
    const simulation = boot()
    world(simulation, { type: "link.direction", link: 0, from: "a", alive: false })
    send(simulation, A, { octets: 64, count: 3 })
    send(simulation, B, { octets: 64, count: 3 })
    simulation.run(NEVER)
    assert.lengthOf(arrivals(simulation, B), 0)
    assert.lengthOf(arrivals(simulation, A), 3)
    assert.deepStrictEqual(
      seen(simulation, A).filter(([, what]) => what === "down"),
      [],
    )
    assert.deepInclude(simulation.statistics(0), { framesSent: 3, lost: 3 })
    world(simulation, { type: "link.direction", link: 0, from: "a", alive: true })
    send(simulation, A, { octets: 64 })
    simulation.run(NEVER)
    assert.lengthOf(arrivals(simulation, B), 1)
  })

  it("shutdown of a port takes the carrier from both ends; so does the device itself", () => {
    for (const how of ["command", "device"] as const) {
      const simulation = boot()
      const set = (enabled: boolean): void => {
        if (how === "device") simulation.command(A, { type: "enable", port: 0, enabled } as ProbeCommand)
        else world(simulation, { type: enabled ? "port.enable" : "port.disable", node: A, port: 0 })
        simulation.run(simulation.now)
      }
      simulation.run(100)
      set(false)
      simulation.run(200)
      set(true)
      for (const node of [A, B]) {
        assert.deepStrictEqual(
          seen(simulation, node),
          [
            [100, "down", 0, 1e9],
            [200, "up", 0, 1e9],
          ],
          `${how}, node ${node}`,
        )
      }
    }
  })

  it("a device that has something to say when its port is shut is heard, then the link goes down", () => {
    for (const queued of [0, 400]) {
      const simulation = boot()
      simulation.command(A, { type: "farewell", octets: 100 } as ProbeCommand)
      somethingHappens(simulation)
      if (queued > 0) simulation.command(A, { type: "send", port: 0, octets: 1000, count: queued } as ProbeCommand)
      const before = simulation.now
      world(simulation, { type: "port.disable", node: A, port: 0 })
      simulation.run(NEVER)
      const last = seen(simulation, B).slice(-2)
      assert.deepStrictEqual(
        last.map(([, what, , id]) => (what === "frame" ? id : what)),
        [99, "down"],
      )
      // It waits for a longest frame at most, and takes its own time: what was queued behind it is lost with the link.
      assert.isBelow(last[1][0] - before, 30_000)
      assert.strictEqual(simulation.statistics(0).framesSent, queued + 1)
      assert.isAtLeast(simulation.statistics(0).lost, queued === 0 ? 0 : queued - 3)
    }
  })

  it("before anything has happened nobody waits for that; and who opens the port again shuts it first", () => {
    const simulation = boot()
    simulation.command(A, { type: "farewell", octets: 100 } as ProbeCommand)
    world(simulation, { type: "port.disable", node: A, port: 0 })
    assert.deepStrictEqual(seen(simulation, B).at(-1)?.[1], "down")
    world(simulation, { type: "port.enable", node: A, port: 0 })
    somethingHappens(simulation)
    world(simulation, { type: "port.disable", node: A, port: 0 })
    world(simulation, { type: "port.disable", node: A, port: 0 })
    assert.deepStrictEqual(seen(simulation, B).at(-1)?.[1], "up", "still")
    world(simulation, { type: "port.enable", node: A, port: 0 })
    simulation.run(NEVER)
    assert.deepStrictEqual(
      seen(simulation, B)
        .slice(-2)
        .map(([, what]) => what),
      ["down", "up"],
      "the good-bye is lost",
    )
    assert.strictEqual(simulation.statistics(0).lost, 2)
  })

  it("a device that is shut on its way out is shut by management when it comes back", () => {
    const simulation = boot()
    simulation.command(A, { type: "farewell", octets: 100 } as ProbeCommand)
    somethingHappens(simulation)
    world(simulation, { type: "port.disable", node: A, port: 0 })
    simulation.command(A, { type: "enable", port: 0, enabled: false } as ProbeCommand)
    simulation.command(A, { type: "enable", port: 0, enabled: true } as ProbeCommand)
    const fork = simulation.fork()
    for (const world of [simulation, fork]) {
      world.run(NEVER)
      assert.deepStrictEqual(seen(world, B).at(-1)?.[1], "down")
    }
    assert.strictEqual(Fingerprint.of(fork), Fingerprint.of(simulation))
  })

  it("both ends shut need both ends opened", () => {
    const simulation = boot()
    world(simulation, { type: "port.disable", node: A, port: 0 })
    world(simulation, { type: "port.disable", node: B, port: 0 })
    world(simulation, { type: "port.enable", node: A, port: 0 })
    assert.lengthOf(seen(simulation, A), 1)
    world(simulation, { type: "port.enable", node: B, port: 0 })
    assert.deepStrictEqual(
      seen(simulation, A).map(([, what]) => what),
      ["down", "up"],
    )
  })
})

describe("power", () => {
  it("off: the neighbour loses its carrier, what was sent is lost, and a cold boot follows", () => {
    const simulation = Simulation.boot(pair({ latencyNs: 1000 }, 1), REGISTRY)
    forget(simulation)
    simulation.command(A, { type: "start", timer: 0, at: 5000 } as ProbeCommand)
    send(simulation, A, { octets: 64 })
    send(simulation, B, { octets: 64 })
    simulation.run(500)
    world(simulation, { type: "node.power-off", node: A, keepCarrier: false })
    assert.isNull(simulation.world.states[A])
    simulation.command(A, { type: "crash" }) // nobody listens
    simulation.run(10_000)
    assert.deepStrictEqual(seen(simulation, B), [[500, "down", 0, 1e9]])
    world(simulation, { type: "node.power-on", node: A })
    simulation.run(20_000)
    assert.deepStrictEqual(
      seen(simulation, A),
      [
        [10_000, "boot"],
        [10_000, "up", 0, 1e9],
      ],
      "no timer of its former life",
    )
    assert.deepStrictEqual(seen(simulation, B).at(-1), [10_000, "up", 0, 1e9])
    simulation.command(A, { type: "start", timer: 0, at: 30_000 } as ProbeCommand)
    simulation.run(NEVER)
    assert.deepStrictEqual(seen(simulation, A).at(-1), [30_000, "timer", 0])
  })

  it("silent: neighbours keep their carrier and hear nothing", () => {
    const simulation = boot()
    world(simulation, { type: "node.power-off", node: A, keepCarrier: true })
    send(simulation, B, { octets: 64 })
    simulation.run(10_000)
    assert.deepStrictEqual(seen(simulation, B), [])
    assert.strictEqual(simulation.statistics(1).framesSent, 1)
    world(simulation, { type: "node.power-on", node: A })
    assert.deepStrictEqual(
      seen(simulation, A).map(([, what]) => what),
      ["boot", "up"],
    )
    assert.deepStrictEqual(seen(simulation, B), [], "and notice nothing of its return")
    send(simulation, B, { octets: 64, id: 7 })
    simulation.run(NEVER)
    assert.strictEqual(arrivals(simulation, A)[0][1], 7)
  })

  it("what a silent node had sent is lost when its cable is pulled", () => {
    const simulation = boot({ latencyNs: 10_000 })
    send(simulation, A, { octets: 64 })
    world(simulation, { type: "node.power-off", node: A, keepCarrier: true })
    world(simulation, { type: "link.disconnect", link: 0 })
    simulation.run(NEVER)
    assert.lengthOf(arrivals(simulation, B), 0)
    assert.strictEqual(simulation.statistics(0).lost, 1)
  })

  it("silent and then off: now the neighbour loses its carrier", () => {
    const simulation = boot()
    world(simulation, { type: "node.power-off", node: A, keepCarrier: true })
    world(simulation, { type: "node.power-off", node: A, keepCarrier: false })
    assert.deepStrictEqual(
      seen(simulation, B).map(([, what]) => what),
      ["down"],
    )
    world(simulation, { type: "node.power-off", node: A, keepCarrier: true })
    world(simulation, { type: "node.power-on", node: A })
    assert.deepStrictEqual(
      seen(simulation, B).map(([, what]) => what),
      ["down", "up"],
      "what is off cannot keep its carrier",
    )
  })

  it("a cold boot forgets what the device itself had shut, and not what management had", () => {
    for (const how of ["device", "command"] as const) {
      const simulation = boot()
      if (how === "device") simulation.command(A, { type: "enable", port: 0, enabled: false } as ProbeCommand)
      else world(simulation, { type: "port.disable", node: A, port: 0 })
      simulation.run(0)
      world(simulation, { type: "node.power-off", node: A, keepCarrier: false })
      world(simulation, { type: "node.power-on", node: A })
      assert.deepStrictEqual(
        seen(simulation, B).map(([, what]) => what),
        how === "device" ? ["down", "up"] : ["down"],
        how,
      )
    }
  })

  it("a device opens only what it shut itself", () => {
    const simulation = boot()
    simulation.command(A, { type: "enable", port: 0, enabled: false } as ProbeCommand)
    simulation.run(0)
    world(simulation, { type: "port.disable", node: A, port: 0 })
    simulation.command(A, { type: "enable", port: 0, enabled: true } as ProbeCommand)
    simulation.run(0)
    assert.deepStrictEqual(
      seen(simulation, B).map(([, what]) => what),
      ["down"],
    )
    world(simulation, { type: "port.enable", node: A, port: 0 })
    assert.deepStrictEqual(
      seen(simulation, B).map(([, what]) => what),
      ["down", "up"],
    )
  })

  it("off and on twice over changes nothing", () => {
    const simulation = boot()
    world(simulation, { type: "node.power-on", node: A })
    assert.deepStrictEqual(seen(simulation, A), [])
    world(simulation, { type: "node.power-off", node: A, keepCarrier: false })
    world(simulation, { type: "node.power-off", node: A, keepCarrier: false })
    assert.deepStrictEqual(
      seen(simulation, B).map(([, what]) => what),
      ["down"],
    )
  })
})

describe("statistics", () => {
  it("agree with what the probes saw, frame by frame, while frames are still on their way", () => {
    const simulation = Simulation.boot(
      { ...pair({ lossRatio: 0.2, corruptionRatio: 0.1, queueOctets: 20_000 }), seed: 9 },
      REGISTRY,
    )
    forget(simulation)
    for (let round = 0; round < 50; round++) {
      send(simulation, A, { octets: 64 + round, count: 7, id: round * 100, ...(round % 2 === 0 && { tci: 10 }) })
      simulation.run(simulation.now + 3000)
      assert.strictEqual(simulation.statistics(1).framesReceived, arrivals(simulation, B).length)
      assert.strictEqual(
        simulation.statistics(1).octetsReceived,
        arrivals(simulation, B).reduce((sum, [, id]) => {
          const sent = Math.floor(id / 100)
          return sum + PortRow.octetsOnWire(64 + sent, sent % 2 === 0 ? 10 : -1)
        }, 0),
      )
    }
  })
})
