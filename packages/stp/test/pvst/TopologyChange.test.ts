/** What a topology change costs, VLAN by VLAN: entries forgotten, and unknown unicast flooded until they are learnt again. */
import { assert, describe, it } from "@effect/vitest"
import * as Flooding from "@l2lab/l2/Flooding"
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
      Flooding.ofVlans(network.bridge(node)).map(({ sinceChange, topologyChanges }) => ({
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
