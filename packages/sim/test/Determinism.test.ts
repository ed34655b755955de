/**
 * The determinism contract on a ring of devices that chatter at random over links that differ: the same seed goes the same way, through
 * snapshots, forks, replays and onlookers, and luck is everyone's own.
 */
import { assert, describe, it } from "vitest"
import type { PortIndex } from "../src/Device.ts"
import * as Fingerprint from "../src/Fingerprint.ts"
import * as Replay from "../src/Replay.ts"
import { MICROSECOND } from "../src/SimTime.ts"
import { Simulation } from "../src/Simulation.ts"
import * as Snapshot from "../src/Snapshot.ts"
import * as World from "../src/World.ts"
import { WORLD, type WorldCommand } from "../src/WorldCommand.ts"
import { type ChatterState, REGISTRY, ring, type TestFrame } from "./Probe.ts"

const END = 3000 * MICROSECOND
const MIDDLE = 1234 * MICROSECOND

const boot = (seed = 1, nodes = 6): Simulation<TestFrame> => Simulation.boot(ring(nodes, seed), REGISTRY)

const finish = (simulation: Simulation<TestFrame>, until = END): string => {
  simulation.run(until)
  return Fingerprint.of(simulation)
}

/** Faults and repairs at fixed instants, as a script would give them. */
const FAULTS: ReadonlyArray<readonly [at: number, command: WorldCommand]> = [
  [100 * MICROSECOND, { type: "link.disconnect", link: 0 }],
  [200 * MICROSECOND, { type: "link.connect", link: 0 }],
  [200 * MICROSECOND, { type: "link.direction", link: 1, from: "b", alive: false }],
  [400 * MICROSECOND, { type: "node.power-off", node: 3, keepCarrier: false }],
  [500 * MICROSECOND, { type: "node.power-off", node: 4, keepCarrier: true }],
  [700 * MICROSECOND, { type: "node.power-on", node: 3 }],
  [900 * MICROSECOND, { type: "port.disable", node: 5, port: 1 }],
  [1300 * MICROSECOND, { type: "node.power-on", node: 4 }],
  [1400 * MICROSECOND, { type: "link.impair", link: 2, from: "a", lossRatio: 0.5, corruptionRatio: 0.5 }],
  [1500 * MICROSECOND, { type: "port.enable", node: 5, port: 1 }],
]

const runWithFaults = (simulation: Simulation<TestFrame>, until = END): string => {
  for (const [at, command] of FAULTS) {
    if (at < simulation.now || at > until) continue
    simulation.run(at)
    simulation.command(WORLD, command)
  }
  return finish(simulation, until)
}

describe("the same seed", () => {
  it("goes the same way, and another seed another", () => {
    assert.strictEqual(finish(boot(1)), finish(boot(1)))
    assert.notStrictEqual(finish(boot(1)), finish(boot(2)))
  })

  it("goes the same way through faults and repairs", () => {
    const [one, two] = [boot(), boot()]
    assert.strictEqual(runWithFaults(one), runWithFaults(two))
    assert.notStrictEqual(Fingerprint.of(one), finish(boot()))
    assert.isAbove(one.eventCount, 3000, "something happened")
  })

  it("goes the same way however the run is cut into pieces", () => {
    const whole = finish(boot())
    const pieces = boot()
    while (pieces.run(END, 17) !== "reached");
    assert.strictEqual(Fingerprint.of(pieces), whole)
    const instants = boot()
    for (let at = 0; at <= END; at += 777) instants.run(at)
    assert.strictEqual(finish(instants), whole)
    const halted = boot()
    halted.listen({ onTrace: () => halted.halt() })
    while (halted.run(END) !== "reached");
    assert.strictEqual(Fingerprint.of(halted), whole)
  })

  it("has a fingerprint that tells of any state, counter, timer, frame on its way or draw", () => {
    const simulation = boot()
    simulation.run(MIDDLE)
    const prints = new Set([Fingerprint.of(simulation)])
    const differs = (change: (world: World.World<TestFrame>) => void): void => {
      const world = Snapshot.take(simulation)
      change(world)
      prints.add(Fingerprint.ofWorld(world, REGISTRY))
    }
    differs((world) => (world.states[0] as ChatterState).sum++)
    differs((world) => world.rows[6]++)
    differs((world) => {
      const timer = world.timerAt.findIndex((at) => at !== Infinity)
      world.timerAt[timer] += 1
    })
    differs((world) => world.random[0]++)
    differs((world) => {
      world.power[1] = World.SILENT
    })
    differs((world) => {
      world.enabled[2] = 0
    })
    differs((world) => {
      world.links[3].from[1].lossRatio = 0.7
    })
    differs((world) => {
      world.traceDigest = [world.traceDigest[0] + 1, world.traceDigest[1]]
    })
    assert.strictEqual(prints.size, 9)
  })
})

describe("snapshot and fork", () => {
  it("a restored snapshot goes the way of the original, which goes on undisturbed", () => {
    const expected = finish(boot())
    const simulation = boot()
    simulation.run(MIDDLE)
    const snapshot = Snapshot.take(simulation)
    assert.strictEqual(finish(simulation), expected)
    assert.strictEqual(finish(Snapshot.restore(snapshot, REGISTRY)), expected)
    assert.strictEqual(finish(Snapshot.restore(snapshot, REGISTRY)), expected, "a snapshot may be used again")
  })

  it("also in the middle of faults, at any instant", () => {
    const expected = runWithFaults(boot())
    for (const at of [0, 150, 450, 600, 950, 1350, 2999]) {
      const simulation = boot()
      runWithFaults(simulation, at * MICROSECOND - 1)
      const restored = Snapshot.restore(Snapshot.take(simulation), REGISTRY)
      assert.strictEqual(runWithFaults(restored), expected, `snapshot at ${at} us`)
    }
  })

  it("a snapshot survives being written and read", () => {
    const simulation = boot()
    simulation.run(MIDDLE)
    const written = structuredClone(Snapshot.take(simulation))
    assert.strictEqual(finish(Snapshot.restore(written, REGISTRY)), finish(boot()))
  })

  it("a snapshot of another format is refused with a sentence", () => {
    const snapshot = { ...Snapshot.take(boot()), formatVersion: 99 }
    assert.throws(() => Snapshot.restore(snapshot, REGISTRY), /format 99; .* reads format 2 only/)
  })

  it("a fork goes the way of its parent, and what befalls it leaves the parent untouched", () => {
    const expected = finish(boot())
    const parent = boot()
    parent.run(MIDDLE)
    const before = Fingerprint.of(parent)
    const twin = parent.fork()
    const victim = parent.fork()
    const failure: WorldCommand = { type: "node.power-off", node: 0, keepCarrier: false }
    victim.command(WORLD, failure)
    victim.command(1, { type: "chatter.burst" })
    victim.run(END)
    assert.strictEqual(Fingerprint.of(parent), before)
    assert.strictEqual(finish(twin), expected)
    assert.strictEqual(finish(parent), expected)
    assert.notStrictEqual(Fingerprint.of(victim), expected)
    assert.lengthOf(parent.world.commandLog, 0)
  })

  it("the parent going on leaves its fork untouched", () => {
    const parent = boot()
    parent.run(MIDDLE)
    const child = parent.fork()
    const before = Fingerprint.of(child)
    parent.run(END)
    assert.strictEqual(Fingerprint.of(child), before)
  })

  it("a copy of a world is what structuredClone makes of it", () => {
    const simulation = boot()
    runWithFaults(simulation, 600 * MICROSECOND)
    const world = simulation.save()
    assert.deepStrictEqual(World.copy(world, REGISTRY), structuredClone(world))
  })
})

describe("replay", () => {
  it("of the command log gives the run again without its script", () => {
    const simulation = boot()
    const expected = runWithFaults(simulation)
    const log = structuredClone(simulation.world.commandLog)
    assert.lengthOf(log, FAULTS.length)
    assert.strictEqual(Fingerprint.of(Replay.run(ring(6, 1), REGISTRY, log, END)), expected)
  })

  it("puts a command exactly among the events of its instant", () => {
    const simulation = boot()
    simulation.run(END, 1000)
    // In the middle of an instant or not: after exactly this many events.
    simulation.command(2, { type: "chatter.burst" })
    simulation.run(END, 1)
    simulation.command(3, { type: "chatter.burst" })
    const expected = finish(simulation)
    assert.strictEqual(Fingerprint.of(Replay.run(ring(6, 1), REGISTRY, simulation.world.commandLog, END)), expected)
  })

  it("of a log from another world says where it went wrong", () => {
    const command: WorldCommand = { type: "link.disconnect", link: 0 }
    const record = { at: 5, afterEvents: 1e9, node: WORLD, command }
    const quiet = { nodes: [], links: [] }
    assert.throws(
      () => Replay.run(quiet, REGISTRY, [record], END),
      /command 0 \(link\.disconnect\) belongs after event 1000000000/,
    )
  })
})

describe("luck", () => {
  it("an added device with a link of its own changes nobody else's", () => {
    const alone = boot()
    const { nodes, links, seed = 1 } = ring(6, 1)
    const stranger = { name: "stranger", kind: "chatter", config: { ports: 2, pauseNs: 1000 } }
    const other = { name: "other", kind: "chatter", config: { ports: 2, pauseNs: 1000 } }
    const link = { a: { node: 6, port: 0 }, b: { node: 7, port: 0 }, lossRatio: 0.5 }
    const together = Simulation.boot({ seed, nodes: [...nodes, stranger, other], links: [...links, link] }, REGISTRY)
    alone.run(END)
    together.run(END)
    assert.deepStrictEqual(together.world.states.slice(0, 6), alone.world.states)
    for (let port: PortIndex = 0; port < 12; port++) {
      assert.deepStrictEqual(together.statistics(port), alone.statistics(port), `port ${port}`)
    }
  })
})

describe("onlookers", () => {
  const expected = finish(boot())

  it("a capture of every port changes nothing", () => {
    const simulation = boot()
    let frames = 0
    simulation.listen({ onFrame: () => frames++ })
    for (let port = 0; port < 12; port++) simulation.capture(port, true)
    assert.strictEqual(finish(simulation), expected)
    assert.isAbove(frames, 1000)
  })

  it("a capture that begins and ends in mid-run changes nothing", () => {
    const simulation = boot()
    simulation.run(MIDDLE)
    for (let port = 0; port < 12; port++) simulation.capture(port, true)
    simulation.run(MIDDLE + 100 * MICROSECOND)
    for (let port = 0; port < 12; port++) simulation.capture(port, false)
    assert.strictEqual(finish(simulation), expected)
  })

  it("a trace with all details changes nothing", () => {
    const simulation = boot()
    const codes = new Set<number>()
    simulation.listen({ onTrace: ({ code }) => codes.add(code) })
    assert.strictEqual(finish(simulation), expected)
    assert.isTrue(codes.has(0x7f01) && codes.has(0x7f02), "significant events and details")
  })

  it("queries change nothing", () => {
    const simulation = boot()
    for (let at = 0; at <= END; at += 100 * MICROSECOND) {
      simulation.run(at)
      for (let port = 0; port < 12; port++) simulation.statistics(port)
      Fingerprint.of(simulation)
      simulation.save()
    }
    assert.strictEqual(finish(simulation), expected)
  })

  it("frames that are rewritten as they were change nothing", () => {
    const simulation = boot()
    let rewritten = 0
    simulation.rewriteFrames((frame) => {
      rewritten++
      return { ...frame }
    })
    assert.strictEqual(finish(simulation), expected)
    assert.isAbove(rewritten, 500)
  })

  it("a script's wake-ups change nothing, and are in no fork's way", () => {
    const simulation = boot()
    for (let at = 1; at < END; at += 10_007) simulation.wakeAt(at, at)
    while (simulation.run(END) === "wake") simulation.takeWakes()
    assert.strictEqual(Fingerprint.of(simulation), expected)
  })
})

describe("a world that contradicts itself", () => {
  const node = (name: string, kind = "chatter") => ({ name, kind, config: { ports: 1, pauseNs: 1000 } })

  it("is refused with a sentence", () => {
    const link = (a: number, portA: number, b: number, portB: number) => ({
      a: { node: a, port: portA },
      b: { node: b, port: portB },
    })
    const make = (nodes: World.WorldSpec["nodes"], links: World.WorldSpec["links"]) => () =>
      World.make({ nodes, links }, REGISTRY)
    assert.throws(make([node("x", "toaster")], []), /node x is of the kind "toaster"/)
    assert.throws(make([node("x"), node("y")], [link(0, 1, 1, 0)]), /x:1 is not a port/)
    assert.throws(make([node("x"), node("y")], [link(0, -1, 1, 0)]), /x:-1 is not a port/)
    assert.throws(make([node("x")], [link(0, 0, 0, 0)]), /one cable only/)
    assert.throws(make([node("x"), node("y"), node("z")], [link(0, 0, 1, 0), link(2, 0, 1, 0)]), /one cable only/)
  })
})
