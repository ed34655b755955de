/**
 * Every pair of protocols on the same networks, whichever of the two is the root: VLAN 1's tree, which all share, is the one of shortest
 * paths; in every VLAN what forwards joins all bridges and has no loop; so after a failure, and when it is repaired.
 */
import { assert, describe, it } from "@effect/vitest"
import { SECOND } from "@l2lab/sim/SimTime"
import * as Loop from "../src/Loop.ts"
import { Network } from "./simulation/Network.ts"
import type { StandardProtocol } from "./simulation/Protocols.ts"
import * as Topology from "./simulation/Topology.ts"

const PROTOCOLS: ReadonlyArray<StandardProtocol> = ["stp", "rstp", "mstp-alone", "mstp", "pvst", "rapid-pvst"]
const PAIRS = PROTOCOLS.flatMap((one) => PROTOCOLS.map((other) => [one, other] as const))

const TIMERS = { helloTime: 2, maxAge: 20, forwardDelay: 15 }

interface Shape {
  readonly name: string
  readonly topology: Topology.Topology
  /** Which protocol of the pair each bridge runs. */
  readonly which: ReadonlyArray<0 | 1>
  /** A cable whose loss leaves all bridges joined. */
  readonly cable: number
}

const SHAPES: ReadonlyArray<Shape> = [
  { name: "triangle", topology: Topology.ringOf(3), which: [0, 1, 1], cable: 0 },
  { name: "ring of 4, by turns", topology: Topology.ringOf(4), which: [0, 1, 0, 1], cable: 0 },
  { name: "ring of 4, two and two", topology: Topology.ringOf(4), which: [0, 0, 1, 1], cable: 3 },
  {
    name: "dumbbell of two triangles with two cables between",
    topology: Topology.cabled(6, [
      [0, 1],
      [1, 2],
      [2, 0],
      [3, 4],
      [4, 5],
      [5, 3],
      [1, 3],
      [1, 3],
    ]),
    which: [0, 0, 0, 1, 1, 1],
    cable: 6,
  },
]

/** Whether what forwards in a VLAN joins all bridges. */
const joinsAll = (network: Network, position: number): boolean => {
  const { length } = network.vlans
  const own = network.places().filter(({ bridge }) => bridge % length === position)
  const bridges = new Set([0])
  const lans = new Set<number>()
  for (let before = -1; before < bridges.size + lans.size;) {
    before = bridges.size + lans.size
    for (const { lan, node } of own) {
      if (bridges.has(node)) lans.add(lan)
      if (lans.has(lan)) bridges.add(node)
    }
  }
  return bridges.size === network.topology.bridges.length
}

const check = (network: Network, when: string, isTextbook: boolean): void => {
  network.run(network.now + 120 * SECOND)
  if (isTextbook) assert.deepEqual(network.faults([1]), [], when)
  assert.isFalse(Loop.hasLoop(network.places()), `a loop ${when}`)
  network.vlans.forEach((vlan, position) => assert.isTrue(joinsAll(network, position), `VLAN ${vlan} is whole ${when}`))
  const roots = new Set(network.topology.bridges.map((_, bridge) => network.view(bridge, 1).root.address))
  assert.strictEqual(roots.size, 1, `one root ${when}`)
  const settledAt = network.now
  network.run(network.now + 30 * SECOND)
  assert.isAtMost(network.lastChangeAt, settledAt, `at rest ${when}`)
}

describe.each(SHAPES)("$name", ({ cable, topology, which }) => {
  it.each(PAIRS)("%s and %s", (one, other) => {
    const protocols = which.map((n) => (n === 0 ? one : other))
    const network = new Network(topology, protocols, TIMERS, { seed: 1, autoEdge: true })
    // Where bridges of one region are neighbours, what it costs to cross it is nothing to the others: another textbook's tree.
    const isTextbook = !protocols.includes("mstp")
    check(network, "at first", isTextbook)
    network.tell({ type: "link.disconnect", link: cable })
    check(network, "with a cable cut", isTextbook)
    network.tell({ type: "link.connect", link: cable })
    check(network, "with the cable back", isTextbook)
    network.tell({ type: "node.power-off", node: which.length - 1, keepCarrier: true })
    network.run(network.now + 60 * SECOND)
    network.powerOn(which.length - 1)
    check(network, "after a bridge was silent", isTextbook)
  })
})
