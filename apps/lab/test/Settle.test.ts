/** Settled means settled: nothing changes afterwards, and what was disturbed is waited for, however silently. */
import * as Compile from "@l2lab/design/Compile"
import type { Design } from "@l2lab/design/Design"
import * as Fingerprint from "@l2lab/sim/Fingerprint"
import { SECOND } from "@l2lab/sim/SimTime"
import { WORLD, type WorldCommand } from "@l2lab/sim/WorldCommand"
import * as SpanningTree from "@l2lab/stp/SpanningTree"
import { assert, describe, it } from "vitest"
import { boot, type Emulation } from "../src/Emulation.ts"
import * as Settle from "../src/Settle.ts"

const TRIANGLE: Design = {
  nodes: {
    sw1: { spanningTree: { priority: 4096 } },
    sw2: {},
    sw3: {},
    pc1: { kind: "host", address: "10.0.0.1/24" },
  },
  links: [
    ["sw1:1", "sw2:1"],
    ["sw1:2", "sw3:1"],
    ["sw2:2", "sw3:2"],
    ["pc1", "sw2:3"],
  ],
}

const emulate = (design: Design = TRIANGLE): Emulation => boot(Compile.sure(design))

const world = ({ simulation }: Emulation, command: WorldCommand): void => simulation.command(WORLD, command)

/** The role of every port of every bridge that is on. */
const roles = ({ simulation }: Emulation): ReadonlyArray<string> =>
  simulation.world.names.flatMap((name, node) => {
    const state = Settle.spanningTreeOf(simulation, node)
    return state === undefined
      ? []
      : SpanningTree.snapshot(state, 0, simulation.now).ports.map((port) => `${name} ${port.portNo} ${port.role} ${port.state}`)
  })

/** Run on for ten minutes and see that no role and no state changes any more. */
const isAtRest = (emulation: Emulation): void => {
  const before = roles(emulation)
  const { lastChangeAt } = Settle.standing(emulation.simulation)
  Settle.runTo(emulation.simulation, emulation.simulation.now + 600 * SECOND)
  assert.deepStrictEqual(roles(emulation), before)
  assert.strictEqual(Settle.standing(emulation.simulation).lastChangeAt, lastChangeAt)
}

const MAX_AGE_AND_TWICE_FORWARD_DELAY = (20 + 2 * 15) * SECOND

describe("settling", () => {
  it("takes a window without a change after the last one: a cold start", () => {
    const emulation = emulate()
    const { settled, at, lastChangeAt } = Settle.settle(emulation.simulation)
    assert.isTrue(settled)
    assert.strictEqual(lastChangeAt, 30 * SECOND)
    assert.strictEqual(at, lastChangeAt + MAX_AGE_AND_TWICE_FORWARD_DELAY)
    assert.strictEqual(emulation.simulation.now, at)
    assert.lengthOf(
      roles(emulation).filter((role) => role.endsWith("Blocked blocking")),
      1,
    )
    isAtRest(emulation)
  })

  it("is over at once when it is asked again, and where nobody runs spanning tree", () => {
    const emulation = emulate()
    const first = Settle.settle(emulation.simulation)
    assert.deepStrictEqual(Settle.settle(emulation.simulation), first)
    const plain = emulate({ ...TRIANGLE, spanningTree: { protocol: "none" } })
    assert.deepStrictEqual(Settle.settle(plain.simulation), { settled: true, lastChangeAt: 0, at: 0 })
  })

  it("follows the timers of the tree", () => {
    const emulation = emulate({ ...TRIANGLE, spanningTree: { helloTime: "1s", maxAge: "6s", forwardDelay: "4s" } })
    const { at, lastChangeAt } = Settle.settle(emulation.simulation)
    assert.strictEqual(lastChangeAt, 8 * SECOND)
    assert.strictEqual(at, (8 + 6 + 2 * 4) * SECOND)
  })

  it("takes 3 x hello + 2 x forward delay where rapid spanning tree runs, and max age for 3 x hello beside an 802.1D-1998 bridge", () => {
    const rapid = emulate({ ...TRIANGLE, spanningTree: { protocol: "rstp" } })
    const { at, lastChangeAt } = Settle.settle(rapid.simulation)
    // The host's port waits until it counts as an edge, or for 2 x forward delay.
    assert.isAtMost(lastChangeAt, 4 * SECOND)
    assert.strictEqual(at, lastChangeAt + (3 * 2 + 2 * 15) * SECOND)
    isAtRest(rapid)
    const mixed = emulate({
      ...TRIANGLE,
      spanningTree: { protocol: "rstp" },
      nodes: { ...TRIANGLE.nodes, sw3: { spanningTree: { protocol: "stp" } } },
    })
    const { at: mixedAt, lastChangeAt: mixedChangeAt } = Settle.settle(mixed.simulation)
    assert.isAtLeast(mixedChangeAt, 30 * SECOND)
    assert.isAtLeast(mixedAt, mixedChangeAt + MAX_AGE_AND_TWICE_FORWARD_DELAY)
    isAtRest(mixed)
  })

  it("waits for a root that has fallen silent, which nobody notices for twenty seconds", () => {
    const emulation = emulate()
    Settle.settle(emulation.simulation)
    const disturbedAt = emulation.simulation.now
    world(emulation, { type: "node.power-off", node: 0, keepCarrier: true })
    const { settled, at, lastChangeAt } = Settle.settle(emulation.simulation)
    assert.isTrue(settled)
    assert.isAtLeast(lastChangeAt, disturbedAt + 30 * SECOND)
    assert.isAtLeast(at, lastChangeAt + MAX_AGE_AND_TWICE_FORWARD_DELAY)
    assert.isFalse(roles(emulation).some((role) => role.startsWith("sw1")))
    isAtRest(emulation)
  })

  it("waits for a direction that died", () => {
    const emulation = emulate()
    Settle.settle(emulation.simulation)
    const before = roles(emulation)
    world(emulation, { type: "link.direction", link: 1, from: "a", alive: false })
    Settle.settle(emulation.simulation)
    assert.notDeepEqual(roles(emulation), before)
  })

  it("waits until the topology change is over everywhere", () => {
    const emulation = emulate()
    Settle.settle(emulation.simulation)
    world(emulation, { type: "link.disconnect", link: 0 })
    assert.isTrue(Settle.settle(emulation.simulation).settled)
    for (let node = 0; node < 3; node++) {
      const state = Settle.spanningTreeOf(emulation.simulation, node)
      assert.isTrue(state !== undefined && !SpanningTree.isTopologyChanging(state, 0))
    }
    isAtRest(emulation)
  })

  it("is not disturbed by what hosts are told", () => {
    const emulation = emulate()
    const first = Settle.settle(emulation.simulation)
    emulation.simulation.run(first.at + 7 * SECOND)
    emulation.simulation.command(3, { type: "arp.announce" })
    assert.deepStrictEqual(Settle.settle(emulation.simulation), { ...first, at: first.at + 7 * SECOND })
  })

  it("gives up at the limit and says so", () => {
    const emulation = emulate()
    const { settled, at } = Settle.settle(emulation.simulation, 20 * SECOND)
    assert.isFalse(settled)
    assert.strictEqual(at, 20 * SECOND)
  })

  it("is only watching: a run that waits goes the way of one that does not", () => {
    const [watched, plain] = [emulate(), emulate()]
    const { at } = Settle.settle(watched.simulation)
    plain.simulation.run(at)
    assert.strictEqual(Fingerprint.of(watched.simulation), Fingerprint.of(plain.simulation))
  })
})

/** Switches in a row, the best one first. */
const row = (switches: number, protocol: "stp" | "rstp"): Design => ({
  spanningTree: { protocol },
  nodes: Object.fromEntries(
    Array.from({ length: switches }, (_, i) => [`sw${i + 1}`, i === 0 ? { spanningTree: { priority: 4096 } } : {}]),
  ),
  links: Array.from({ length: switches - 1 }, (_, i): [string, string] => [`sw${i + 1}:2`, `sw${i + 2}:1`]),
})

describe("a chain wider than max age", () => {
  it.each([
    ["stp", 11, true],
    ["stp", 12, false],
    ["rstp", 12, true],
  ] as const)("%s, %i switches: settles within 300 s: %s", (protocol, switches, settles) => {
    const { simulation } = emulate(row(switches, protocol))
    assert.strictEqual(Settle.settle(simulation, 300 * SECOND).settled, settles)
  })

  it("two halves that are joined once they have settled do settle", () => {
    const emulation = emulate(row(12, "stp"))
    const { directory, simulation } = emulation
    const { link } = directory.nodes[directory.nodeByName.get("sw6") ?? -1].ports[1]
    world(emulation, { type: "link.disconnect", link })
    assert.isTrue(Settle.settle(simulation, 300 * SECOND).settled)
    world(emulation, { type: "link.connect", link })
    assert.isTrue(Settle.settle(simulation, 300 * SECOND).settled)
  })
})
