/** Bridges with a tree per VLAN among themselves. */
import { assert, describe, it } from "@effect/vitest"
import { type NodeSpec, trunk, VlanNetwork } from "./VlanNetwork.ts"

const KINDS = ["pvst", "rapid-pvst"] as const

/** A triangle of trunks for VLANs 1..4. */
const triangle = (configs: ReadonlyArray<NodeSpec["config"]>, run: (typeof KINDS)[number]): VlanNetwork =>
  new VlanNetwork(
    configs.map((config = {}) => ({ run, ports: [trunk(1, 1, 2, 3, 4), trunk(1, 1, 2, 3, 4)], config })),
    [
      [
        [0, 0],
        [1, 0],
      ],
      [
        [1, 1],
        [2, 1],
      ],
      [
        [2, 0],
        [0, 1],
      ],
    ],
  )

describe.each(KINDS)("%s", (run) => {
  it("has a root for odd VLANs and another for even ones, and uses every cable", () => {
    const network = triangle(
      [
        { vlans: { 1: { priority: 4096 }, 3: { priority: 4096 } } },
        { vlans: { 2: { priority: 4096 }, 4: { priority: 4096 } } },
        {},
      ],
      run,
    )
    network.run(60)
    for (const vlan of [1, 2, 3, 4]) {
      for (const node of [0, 1, 2]) assert.strictEqual(network.rootOf(node, vlan), vlan % 2 === 1 ? 0 : 1)
    }
    const used = [1, 2, 3, 4].map((vlan) => [0, 1].map((port) => network.forwards(2, port, vlan)))
    assert.deepEqual(used, [
      [true, false],
      [false, true],
      [true, false],
      [false, true],
    ])
    assert.strictEqual(network.tree(2, 3).bridge.priority, 32_768 + 3)
    assert.strictEqual(network.tree(2, 3).root.priority, 4096 + 3)
  })
})
