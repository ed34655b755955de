/** Links that go down, nodes whose power goes, and what is counted. */
import { assert, describe, it } from "vitest"
import * as Fingerprint from "../src/Fingerprint.ts"
import * as PortRow from "../src/PortRow.ts"
import { NEVER } from "../src/SimTime.ts"
import { Simulation } from "../src/Simulation.ts"
import { arrivals, forget, pair, type ProbeCommand, REGISTRY, seen } from "./Probe.ts"
import { A, B, boot, send, somethingHappens, world } from "./LinkPair.ts"

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
