/** PVST+ and Rapid PVST+ with each other, with bridges of 802.1D around and between them, and beyond the platform's limit. */
import { assert, describe, it } from "@effect/vitest"
import * as Query from "../../src/pvst/Query.ts"
import { type Place, reference } from "../ReferenceTree.ts"
import { access, type Cable, nameOf, type NodeSpec, trunk, VlanNetwork } from "./VlanNetwork.ts"

const VLANS = [1, 10, 20]
const all = trunk(1, ...VLANS)

/** Cables from port 0, 1, ... of each node in the order in which they are named. */
const cabled = (...pairs: ReadonlyArray<readonly [a: number, b: number]>): ReadonlyArray<Cable> => {
  const next: Array<number> = []
  const port = (node: number): number => {
    next[node] = (next[node] ?? -1) + 1
    return next[node]
  }
  return pairs.map(([a, b]) => [
    [a, port(a)],
    [b, port(b)],
  ])
}

const node = (run: NodeSpec["run"], ports: number, config: NodeSpec["config"] = {}): NodeSpec => ({
  run,
  ports: Array.from({ length: ports }, () => all),
  vlans: VLANS,
  config,
})

/** Number of ways through a cable in a VLAN that both ends forward on. */
const openCables = (network: VlanNetwork, cables: ReadonlyArray<Cable>, vlan: number): number =>
  cables.filter((ends) => ends.every(([n, p]) => network.forwards(n, p, vlan))).length

const FAMILY = ["pvst", "rapid-pvst", "stp1998", "rstp2004", "mstp"] as const
const PVST = ["pvst", "rapid-pvst"] as const
const PAIRS = PVST.flatMap((a) => FAMILY.map((b) => [a, b] as const))

describe.each(PAIRS)("%s with %s", (a, b) => {
  it("has one tree in VLAN 1, loop-free, whoever is its root", () => {
    for (const better of [0, 1, 2]) {
      const cables = cabled([0, 1], [1, 2], [2, 0])
      const priority = (n: number) => (n === better ? { priority: 4096 } : {})
      const network = new VlanNetwork([node(a, 2, priority(0)), node(b, 2, priority(1)), node(a, 2, priority(2))], cables)
      network.run(120)
      for (const n of [0, 1, 2]) assert.strictEqual(network.rootOf(n, 1), better)
      assert.strictEqual(openCables(network, cables, 1), 2, `root ${better}`)
    }
  })
})

describe.each(PAIRS)("%s with %s on shared LANs", (a, b) => {
  it("has in VLAN 1 the tree of shortest paths", () => {
    // Three bridges, each with a port at each of two hubs.
    const shared = { ports: [0, 1].map(() => ({ adminPointToPointMAC: false, pathCost: 10 })) }
    const hub: NodeSpec = { run: "hub", ports: [access(1), access(1), access(1)] }
    const specs = [a, b, a].map((run, n) => node(run, 2, { ...shared, priority: [8192, 4096, 12_288][n] }))
    const network = new VlanNetwork([...specs, hub, hub], cabled([0, 3], [0, 4], [1, 3], [1, 4], [2, 3], [2, 4]))
    network.run(120)
    const places = [0, 1, 2].flatMap((bridge) =>
      [0, 1].map((port): Place => ({ bridge, port, lan: port, cost: 10, portId: 0x8001 + port })),
    )
    // A bridge without VLANs does not add one to its priority: the one that is to win does by far.
    const ids = [8192, 4096, 12_288]
    reference(ids, places).forEach(({ cost, root, roles }, n) => {
      assert.strictEqual(network.rootOf(n, 1), ids.indexOf(root))
      assert.strictEqual(network.tree(n, 1).rootPathCost, cost)
      const seen = network.tree(n, 1).ports.map(({ role }) => (role === "Alternate" || role === "Backup" ? "Blocked" : role))
      assert.deepEqual(seen, roles, `n${n}`)
    })
  })
})

describe("migration", () => {
  it("is of each VLAN's own: a rapid bridge speaks 1998 to an old one in the VLANs that both have, RSTP again after it is gone", () => {
    const network = new VlanNetwork(
      [
        node("rapid-pvst", 1, { priority: 4096 }),
        { run: "hub", ports: [access(1), access(1), access(1)] },
        node("rapid-pvst", 1),
        { run: "pvst", ports: [trunk(1, 1, 10)], vlans: [1, 10] },
      ],
      [
        [
          [0, 0],
          [1, 0],
        ],
        [
          [2, 0],
          [1, 1],
        ],
        [
          [3, 0],
          [1, 2],
        ],
      ],
    )
    network.run(60)
    network.watch(0, 0)
    network.run(10)
    const names = () => [...new Set(network.seen.map(nameOf))].sort()
    assert.deepEqual(names(), ["IEEE config untagged", "SSTP 1 config untagged", "SSTP 10 config tag 10", "SSTP 20 rst tag 20"])
    network.plug(2, false)
    network.manage(0, { type: "stp.check-migration", port: 0 } as { type: string })
    network.manage(2, { type: "stp.check-migration", port: 0 } as { type: string })
    network.run(10)
    network.seen.length = 0
    network.run(10)
    assert.deepEqual(names(), ["IEEE rst untagged", "SSTP 1 rst untagged", "SSTP 10 rst tag 10", "SSTP 20 rst tag 20"])
  })
})

describe.each(
  PVST.flatMap((outer) => (["stp1998", "rstp2004", "mstp", "none", "hub"] as const).map((inner) => [outer, inner] as const)),
)("%s around a region of %s", (outer, inner) => {
  // Two switches per VLAN trees, each with a cable into the region of two bridges, and one between them.
  const build = () => {
    const middle: ReadonlyArray<NodeSpec> =
      inner === "hub"
        ? [
            { run: "hub", ports: [all, all] },
            { run: "hub", ports: [all, all] },
          ]
        : [node(inner, 2), node(inner, 2)]
    const cables = cabled([0, 1], [1, 2], [2, 3], [3, 0])
    const specs = [
      node(outer, 2, { priority: 4096 }),
      ...middle,
      node(outer, 2, { priority: 8192, vlans: { 20: { priority: 0 } } }),
    ]
    return { network: new VlanNetwork(specs, cables), cables }
  }

  it("has VLAN 1's tree with the region's, and the other VLANs' trees through it", () => {
    const { network } = build()
    network.run(150)
    for (const [vlan, root] of [
      [1, 0],
      [10, 0],
      [20, 3],
    ]) {
      assert.strictEqual(network.rootOf(0, vlan), root, `vlan ${vlan}`)
      assert.strictEqual(network.rootOf(3, vlan), root, `vlan ${vlan}`)
    }
    if (inner !== "none" && inner !== "hub") for (const n of [1, 2]) assert.strictEqual(network.rootOf(n, 1), 0)
    assert.deepEqual(
      [0, 3].map((n) => Query.inconsistentPorts(network.pvst(n))),
      [[], []],
    )
  })

  it("is cut in one place in every VLAN", () => {
    const { cables, network } = build()
    network.run(150)
    for (const vlan of VLANS) assert.strictEqual(openCables(network, cables, vlan), 3, `vlan ${vlan}`)
  })
})

describe.each(PVST)("%s beyond the platform's limit", (run) => {
  const build = () =>
    new VlanNetwork(
      [
        ...[0, 1, 2].map((n): NodeSpec => ({
          run,
          ports: [all, all, ...(n === 0 ? [trunk(1, ...VLANS)] : [])],
          vlans: VLANS,
          config: { maximumInstances: 2 },
        })),
        { run: "station", ports: [all] },
      ],
      [
        [
          [0, 0],
          [1, 0],
        ],
        [
          [1, 1],
          [2, 0],
        ],
        [
          [2, 1],
          [0, 1],
        ],
        [
          [0, 2],
          [3, 0],
        ],
      ],
    )
  const BROADCAST = 0xffffffffffff

  it("lets the VLANs beyond it forward as soon as ports are up, and the others only in a tree", () => {
    const network = build()
    network.run(1)
    for (const n of [0, 1, 2]) {
      assert.deepEqual(
        [0, 1].map((port) => network.forwards(n, port, 20)),
        [true, true],
      )
    }
    network.run(100)
    for (const vlan of [1, 10]) {
      const open = [0, 1, 2].flatMap((n) => [0, 1].map((port) => network.forwards(n, port, vlan)))
      assert.strictEqual(open.filter((forwards) => !forwards).length, 1)
    }
  })

  it("loops in the VLAN beyond it, and in no other", () => {
    const network = build()
    network.run(100)
    // The station hears its own broadcast again, and again.
    const heard = (vlan: number): number => {
      const before = network.received(3)
      network.send(3, BROADCAST, vlan === 1 ? -1 : vlan)
      network.run(0.01)
      return network.received(3) - before
    }
    assert.strictEqual(heard(1), 0)
    assert.strictEqual(heard(10), 0)
    assert.isAbove(heard(20), 100)
  })

  it("passes the BPDUs of such a VLAN on as data", () => {
    const specs: ReadonlyArray<NodeSpec> = [
      { run, ports: [all], vlans: VLANS, config: { priority: 4096 } },
      { run, ports: [all, all], vlans: VLANS, config: { maximumInstances: 2 } },
      { run, ports: [all], vlans: VLANS },
    ]
    const network = new VlanNetwork(specs, cabled([0, 1], [1, 2]))
    network.run(60)
    assert.strictEqual(network.rootOf(2, 20), 0)
    // Straight from bridge 0: nobody between them added a cost.
    assert.strictEqual(network.tree(2, 20).rootPathCost, 4)
    assert.strictEqual(network.tree(2, 10).rootPathCost, 8)
  })
})
