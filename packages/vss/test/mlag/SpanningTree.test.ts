/** Spanning tree and the pair: one bridge on vPCs, a peer-link that is never blocked, BPDUs by who is to send them. */
import { FORWARDING } from "@l2lab/l2/BridgeState"
import * as FilteringDatabase from "@l2lab/l2/FilteringDatabase"
import * as SpanningTree from "@l2lab/stp/SpanningTree"
import { assert, describe, it } from "vitest"
import * as Query from "../../src/mlag/Query.ts"
import { Farm, type FarmSpec, TREES, views } from "./PairFarm.ts"

const ALL = TREES.filter((tree) => tree !== "none")

/** Role and state of a bridge port in the last tree: `Root forwarding`. */
const at = (farm: Farm, node: number, port: number): string => {
  const bridge = farm.bridge(node)
  const tree = bridge.trees - 1
  const forwards = (bridge.portStates[tree * bridge.ports + port] & FORWARDING) !== 0
  return `${SpanningTree.roleOf(SpanningTree.of(bridge)!, tree, port)} ${forwards ? "forwarding" : "blocked"}`
}

const PEER_LINK = 7
const VPC = [8, 9]
const HYBRID = 6

/** Ports that are up and do not forward, `node:port`. */
const blocked = (farm: Farm): ReadonlyArray<string> =>
  Array.from({ length: farm.hosts[0] }, (_, node) => node).flatMap((node) => {
    const { bundles, ports, up } = farm.bridge(node)
    return Array.from({ length: ports }, (_, port) => port)
      .filter((port) => up[port] === 1 && (bundles === null || port >= bundles.links || bundles.role[port] === 1))
      .filter((port) => at(farm, node, port).endsWith("blocked"))
      .map((port) => `${node}:${port}`)
  })

const priorities = (first: number, second: number): FarmSpec => ({ trees: [{ priority: first }, { priority: second }] })

describe("spanning tree and a vPC pair", () => {
  for (const tree of ALL) {
    it(`${tree}: no port is blocked where all access switches are on vPCs, whoever is the root`, () => {
      for (const spec of [{}, priorities(12_288, 4096), { accessPriority: 0 }]) {
        const farm = new Farm({ tree, ...spec }).run(90)
        assert.deepStrictEqual([blocked(farm), farm.probe()], [[], []])
      }
    })

    it(`${tree}: a switch with a cable to each peer blocks one; it takes over when the other is cut`, () => {
      const farm = new Farm({ tree, hybrid: true }).run(90)
      assert.deepStrictEqual([blocked(farm), farm.probe()], [["4:1"], []])
      farm.cut("hybrid 0").run(60)
      assert.deepStrictEqual([blocked(farm), farm.probe()], [[], []])
      farm.mend("hybrid 0").run(60)
      assert.deepStrictEqual([blocked(farm), farm.probe()], [["4:1"], []])
    })

    it(`${tree}: the peer-link forwards even where the root is behind both peers; a root port is blocked in its place`, () => {
      const farm = new Farm({ tree, hybrid: true, hybridPriority: 0 }).run(90)
      assert.deepStrictEqual([at(farm, 0, PEER_LINK), at(farm, 0, HYBRID)], ["Designated forwarding", "Root forwarding"])
      assert.match(at(farm, 1, PEER_LINK), /^(Alternate|Blocked) forwarding$/)
      assert.deepStrictEqual([at(farm, 1, HYBRID), blocked(farm), farm.probe()], ["Root blocked", ["1:6"], []])
      farm.cut("hybrid 0").run(60)
      assert.deepStrictEqual([blocked(farm), farm.probe()], [[], []])
      farm.mend("hybrid 0").cut("peer-link").run(60)
      assert.deepStrictEqual(farm.probe(), [], "around the lost peer-link")
      farm.mend("peer-link").run(90)
      assert.deepStrictEqual([blocked(farm), farm.probe()], [["1:6"], []])
    })

    it(`${tree}: with peer-switch both peers are one bridge, and stay it when one dies`, () => {
      const peers = [{ peerSwitch: true }, { peerSwitch: true }] as const
      const farm = new Farm({ tree, peers, ...priorities(8192, 8192) }).run(90)
      const root = (): string => {
        const bridge = farm.bridge(2)
        return SpanningTree.snapshot(SpanningTree.of(bridge)!, bridge.trees - 1, farm.simulation.now).root.address.toString(16)
      }
      assert.deepStrictEqual([root(), blocked(farm), farm.probe()], ["2304eebe0a", [], []])
      farm.off(0)
      for (let i = 0; i < 60; i++) {
        assert.strictEqual(root(), "2304eebe0a", `${i} s after`)
        assert.deepStrictEqual(
          farm.probe().filter((pair) => !/2>|>2 /.test(pair)),
          [],
          `${i} s after`,
        )
        farm.run(1)
      }
      farm.on(0).run(90)
      assert.deepStrictEqual([root(), blocked(farm), farm.probe()], ["2304eebe0a", [], []])
    })
  }

  it("the secondary knows the roles that the primary has given vPCs: with the root behind one it has two ways to it", () => {
    for (const tree of ALL) {
      const farm = new Farm({ tree, accessPriority: 0 }).run(90)
      const last = farm.bridge(1).trees - 1
      const roles = VPC.map((port) => Query.treeRoleOf(farm.peer(1), last, port))
      assert.deepStrictEqual([at(farm, 1, PEER_LINK), ...roles], ["Root forwarding", "Root", "Designated"], tree)
      assert.isUndefined(Query.treeRoleOf(farm.peer(0), last, VPC[0]))
    }
  })

  const bpdusSent = (farm: Farm, node: 0 | 1): ReadonlyArray<number> => {
    const [before, links] = [farm.simulation.now, farm.peer(node).vpcOfLink]
    farm.run(20)
    return farm.bpdus
      .filter(({ at: sentAt, node: by, port }) => sentAt > before && by === node && links[port] >= 0)
      .map(({ port }) => port)
  }

  it("BPDUs leave by the primary's legs; by the secondary's only where the primary has none, or with peer-switch", () => {
    const farm = new Farm({ watch: true }).run(40)
    assert.isAbove(bpdusSent(farm, 0).length, 15)
    assert.deepStrictEqual(bpdusSent(farm, 1), [])
    farm.cut("leg 0 0").run(5)
    assert.deepStrictEqual(new Set(bpdusSent(farm, 1)), new Set([3]))
    const peers = [{ peerSwitch: true }, { peerSwitch: true }] as const
    const both = new Farm({ watch: true, peers }).run(40)
    assert.isAbove(bpdusSent(both, 1).length, 15)
  })

  it("BPDUs that come in by the secondary's leg go to the primary", () => {
    const farm = new Farm({ accessPriority: 0 }).cut("leg 0 0").run(60)
    assert.strictEqual(at(farm, 0, VPC[0]).split(" ")[0], "Root")
    assert.isAbove(farm.peer(1).bpdusRelayed, 10)
    assert.deepStrictEqual(farm.probe(), [])
  })

  it("BPDU guard of the primary takes the legs of both out of service", () => {
    const ports = Array.from({ length: 10 }, (_, port) => ({ adminEdge: port === 8 }))
    const tree = { ports, toolkit: { ports: Array.from({ length: 10 }, (_, port) => (port === 8 ? { bpduGuard: true } : {})) } }
    const farm = new Farm({ trees: [tree, tree] }).run(40)
    assert.deepStrictEqual(views(farm), ["primary down up", "secondary down up"])
    assert.deepStrictEqual(
      [farm.bridge(0).errdisable.cause[3], farm.bridge(1).errdisable.cause[3]].map((cause) => cause > 0),
      [true, true],
    )
  })

  it("a topology change leaves each peer knowing the hosts that are the other's alone", () => {
    const ports = Array.from({ length: 8 }, (_, port) => ({ adminEdge: port === 5 }))
    const farm = new Farm({ hybrid: true, trees: [{ ports }, { ports }] }).run(60)
    farm.probe()
    for (const name of ["hybrid 0", "hybrid 1"]) {
      farm.cut(name).run(0.5)
      const known = ([0, 1] as const).map((node) => {
        const { bridge, config } = farm.peer(node)
        const entries = FilteringDatabase.entries(bridge.fdb, farm.simulation.now)
        return entries.find(({ address }) => address === farm.address(4 - node))?.port === config.peerLink
      })
      assert.deepStrictEqual(known, [true, true], name)
      farm.mend(name).run(40)
      farm.probe()
    }
  })

  it("a topology change flushes at both peers", () => {
    const farm = new Farm({ hybrid: true, tree: "rstp2004" }).run(60)
    farm.probe()
    const flushes = farm.bridge(1).fdb.flushes
    farm.cut("hybrid 0").run(5)
    assert.isAbove(farm.bridge(1).fdb.flushes, flushes)
    assert.deepStrictEqual(farm.probe(), [])
  })
})
