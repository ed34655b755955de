/** What a topology change costs, VLAN by VLAN: entries forgotten, and unknown unicast flooded until they are learnt again. */
import { assert, describe, it } from "@effect/vitest"
import type { BridgeState } from "@l2lab/l2/BridgeState"
import * as Flooding from "@l2lab/l2/Flooding"
import { BROADCAST } from "@l2lab/l2/MacAddress"
import { SECOND } from "@l2lab/sim/SimTime"
import { CAUSE_FLAG, CAUSE_NOTIFICATION, CAUSE_PORT } from "../../src/Trace.ts"
import { access, type NodeSpec, trunk, VlanNetwork } from "./VlanNetwork.ts"

const VLANS = [10, 20]

/** Two switches with two cables, one preferred by each VLAN, and a pair of stations in each VLAN. */
const build = (run: NodeSpec["run"]): VlanNetwork => {
  const trunks = [trunk(1, ...VLANS), trunk(1, ...VLANS)]
  const edges = { ports: [{}, {}, { adminEdge: true }, { adminEdge: true }] }
  const costs = { 10: { ports: [{ pathCost: 4 }, { pathCost: 9 }] }, 20: { ports: [{ pathCost: 9 }, { pathCost: 4 }] } }
  const ports = [...trunks, access(10), access(20)]
  const station: NodeSpec = { run: "station", ports: [access(10)] }
  return new VlanNetwork(
    [
      { run, ports, config: { priority: 4096, ...edges } },
      { run, ports, config: { ...edges, vlans: costs } },
      station,
      station,
      station,
      station,
    ],
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
      [
        [0, 3],
        [3, 0],
      ],
      [
        [1, 2],
        [4, 0],
      ],
      [
        [1, 3],
        [5, 0],
      ],
    ],
  )
}

const address = (node: number): number => 0x020000000000 + (node + 1) * 0x10000

describe.each(["pvst", "rapid-pvst"] as const)("%s", (run) => {
  it("charges a failure to the VLAN that used the cable, and not to the one that only blocked on it", () => {
    const network = build(run)
    network.run(120)
    for (const [a, b] of [
      [2, 4],
      [3, 5],
    ]) {
      network.send(a, address(b))
      network.run(0.1)
      network.send(b, address(a))
      network.run(0.1)
    }
    const costs = (node: number) =>
      Flooding.ofVlans(network.bridge(node), network.simulation.now).map(({ sinceChange, topologyChanges }) => ({
        topologyChanges,
        octets: sinceChange?.octets ?? -1,
        forgotten: sinceChange?.forgotten ?? -1,
      }))
    const before = costs(1)
    network.plug(0, false)
    network.run(40)
    // From the lower stations to the upper ones: the lower switch has forgotten where these are, in VLAN 10.
    network.send(4, address(2))
    network.send(5, address(3))
    network.run(0.1)
    const [ten, twenty] = costs(1)
    assert.isAbove(ten.topologyChanges, before[0].topologyChanges)
    // Out of the trunk that is left: one copy of 64 octets.
    assert.strictEqual(ten.octets, 64)
    assert.deepEqual(twenty, before[1])
  })
})

describe.each(["stp1998", "rstp2004", "mstp", "pvst", "rapid-pvst"] as const)("%s", (run) => {
  it("tells its relay of each topology change, so that what follows is counted as its cost", () => {
    const ring: ReadonlyArray<readonly [number, number]> = [
      [0, 1],
      [1, 2],
      [2, 0],
    ]
    const ports = [access(1), access(1), access(1)]
    const edges = { ports: [{}, {}, { adminEdge: true }] }
    const network = new VlanNetwork(
      [
        ...[0, 1, 2].map((node): NodeSpec => ({ run, ports, config: { ...edges, priority: node * 4096 } })),
        { run: "station", ports: [access(1)] },
      ],
      [
        ...ring.map(
          ([a, b]) =>
            [
              [a, 0],
              [b, 1],
            ] as const,
        ),
        [
          [1, 2],
          [3, 0],
        ],
      ],
    )
    network.run(120)
    const changes = (node: number) => Flooding.ofVlans(network.bridge(node), network.simulation.now)[0]
    const before = [0, 1, 2].map((node) => changes(node).topologyChanges)
    const own = (node: number) => network.tree(node, 1).topologyChangeCount
    assert.deepEqual(before, [0, 1, 2].map(own))
    network.send(3, 0x02ffff000001)
    network.run(1)
    assert.strictEqual(changes(1).sinceChange!.octets, 64 * openPorts(network, 1))
    assert.strictEqual(changes(2).sinceChange!.frames, 1)
    // The cable between root and station's switch: that one goes the other way round.
    network.plug(0, false)
    network.run(60)
    assert.isAbove(changes(2).topologyChanges, before[2])
    assert.deepEqual(
      [0, 1, 2].map((node) => changes(node).topologyChanges),
      [0, 1, 2].map(own),
    )
    assert.strictEqual(changes(2).sinceChange!.frames, 0)
    assert.strictEqual(changes(2).frames, 1)
  })
})

describe.each(["stp1998", "rstp2004", "mstp", "pvst", "rapid-pvst"] as const)("%s", (run) => {
  it("tells what each topology change cost: when, by which port, addresses forgotten, octets flooded until they were learnt again", () => {
    const ports = [access(1), access(1), access(1)]
    const edges = { ports: [{}, {}, { adminEdge: true }] }
    const station: NodeSpec = { run: "station", ports: [access(1)] }
    const ring = [0, 1, 2].map((node) => [[node, 0] as const, [(node + 1) % 3, 1] as const] as const)
    const network = new VlanNetwork(
      [...[0, 1, 2].map((node): NodeSpec => ({ run, ports, config: { ...edges, priority: node * 4096 } })), station, station],
      [
        ...ring,
        [
          [1, 2],
          [3, 0],
        ],
        [
          [0, 2],
          [4, 0],
        ],
      ],
    )
    const costs = (node: number) => Flooding.ofChanges(network.bridge(node), 0, network.simulation.now)
    const talk = (from: number, to: number): void => {
      network.send(from, to < 0 ? BROADCAST : address(to))
      network.run(0.1)
    }
    network.run(120)
    talk(3, -1)
    talk(4, -1)
    talk(3, 4)
    const before = [0, 1, 2].map((node) => costs(node).length)
    const cutAt = network.simulation.now
    network.plug(0, false)
    network.run(80)
    // The third bridge is on the way now, and has forgotten both stations.
    talk(3, 4)
    talk(4, 3)
    const [learntAgain] = costs(2).slice(-1)
    talk(3, 4)
    talk(4, 3)
    assert.deepEqual(costs(2).slice(-1), [learntAgain])
    assert.deepInclude(learntAgain, { frames: 1, octets: 64 })
    assert.approximately((learntAgain.floodedUntil! - cutAt) / SECOND, 80, 0.1)
    const since = costs(2).slice(before[2])
    assert.isAtLeast(since.length, 1)
    // Both stations, each once: a topology change that comes in two steps may find the second one already forgotten.
    assert.strictEqual(
      since.reduce((sum, { forgotten }) => sum + forgotten, 0),
      2,
      JSON.stringify(since),
    )
    for (const [i, { at, cause, port }] of since.entries()) {
      assert.isAtLeast(at, i === 0 ? cutAt : since[i - 1].at)
      assert.isBelow(at, cutAt + 60 * SECOND)
      assert.include([0, 1], port)
      assert.include([CAUSE_PORT, CAUSE_NOTIFICATION, CAUSE_FLAG], cause)
    }
    // The cable is back: what is past stays as it was, and nothing that was flooded is lost between changes.
    network.plug(0, true)
    network.run(80)
    talk(3, -1)
    for (const node of [0, 1, 2]) {
      const all = costs(node)
      const { frames, topologyChanges } = Flooding.ofVlans(network.bridge(node), network.simulation.now)[0]
      assert.strictEqual(all.length, topologyChanges)
      assert.isAbove(all.length, before[node])
      assert.strictEqual(
        all.reduce((sum, cost) => sum + cost.frames, 0),
        frames,
      )
    }
    assert.deepEqual(costs(2)[before[2] + since.length - 1], learntAgain)
    const copy = network.simulation.fork()
    assert.deepEqual(Flooding.ofChanges(copy.world.states[2] as BridgeState, 0, copy.now), costs(2))
  })
})

/** Ports that a frame from the station at port 2 is flooded to. */
const openPorts = (network: VlanNetwork, node: number): number => [0, 1].filter((port) => network.forwards(node, port, 1)).length
