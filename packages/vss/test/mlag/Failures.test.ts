/** What fails, and what the pair does about it. Hosts 0 and 1 are behind access switches, 2 and 3 are orphans of the first and the second peer. */
import * as FilteringDatabase from "@l2lab/l2/FilteringDatabase"
import type { Command } from "@l2lab/sim/Device"
import { SECOND } from "@l2lab/sim/SimTime"
import { assert, describe, it } from "vitest"
import * as Query from "../../src/mlag/Query.ts"
import { copies, Farm, linesWith, TREES, views } from "./PairFarm.ts"

/** Pairs of hosts that have a peer's orphan at one end. */
const isOf =
  (orphan: number) =>
  (pair: string): boolean =>
    pair.startsWith(`${orphan}>`) || pair.includes(`>${orphan} `)

/** A pair that has been up for a while, and knows all hosts. */
const settled = (...args: ConstructorParameters<typeof Farm>): Farm => {
  const farm = new Farm(...args).run(60)
  assert.deepStrictEqual(farm.probe(), [])
  return farm
}

describe("a leg", () => {
  for (const tree of TREES) {
    it(`that goes down costs nothing but what is in flight, with ${tree}`, () => {
      const farm = settled({ tree, legs: 2 })
      farm.cut("leg 0 0").run(0.001)
      assert.deepStrictEqual([views(farm)[0], farm.probe()], ["primary down* up", []])
      farm.mend("leg 0 0").run(10)
      assert.deepStrictEqual(farm.probe(), [])
      farm.cut("leg 0 1").run(0.001)
      assert.deepStrictEqual([views(farm)[1], farm.probe()], ["secondary down* up", []])
      farm.mend("leg 0 1").cut("leg 1 1 0").run(5)
      assert.deepStrictEqual(farm.probe(), [])
    })
  }

  it("lets addresses of its vPC lead over the peer-link until it is back", () => {
    const farm = settled()
    const portOf = (): string => {
      const { bridge } = farm.peer(0)
      const entries = FilteringDatabase.entries(bridge.fdb, farm.simulation.now)
      const port = entries.find(({ address }) => address === farm.address(0))!.port
      return port === farm.peer(0).config.peerLink
        ? "peer-link"
        : `vPC ${farm.peer(0).config.vpcs[farm.peer(0).vpcOfPort[port]]?.id}`
    }
    assert.strictEqual(portOf(), "vPC 101")
    farm.cut("leg 0 0").run(0.01)
    assert.strictEqual(portOf(), "peer-link")
    farm.mend("leg 0 0").run(5)
    assert.strictEqual(portOf(), "vPC 101")
  })

  it("at either peer brings a host's frames, and it has not moved: no counter, and no log line, says so", () => {
    const farm = settled()
    const moves = (): ReadonlyArray<number> => [farm.bridge(0).fdb.moves, farm.bridge(1).fdb.moves]
    const before = moves()
    for (let i = 0; i < 5; i++) farm.probe()
    farm.cut("leg 0 0").run(1).probe()
    farm.mend("leg 0 0").run(5).probe()
    assert.deepStrictEqual(moves(), before)
  })

  it("at both peers down is a vPC down; what was behind it is cut off", () => {
    const farm = settled().cut("leg 0").run(1)
    assert.deepStrictEqual(views(farm), ["primary down up", "secondary down up"])
    assert.deepStrictEqual(
      farm.probe().filter((pair) => !isOf(0)(pair)),
      [],
    )
  })
})

describe("the peer-link", () => {
  it("with one member left is a peer-link", () => {
    const farm = settled().cut("peer-link 0").run(0.1)
    assert.deepStrictEqual([views(farm), farm.probe()], [["primary up up", "secondary up up"], []])
  })

  for (const tree of TREES) {
    it(`is lost, the keepalive lives: the secondary's legs go down after the hold-timeout and one keepalive, with ${tree}`, () => {
      const farm = settled({ tree }).cut("peer-link").run(2.9)
      const cutAt = farm.simulation.now / SECOND - 2.9
      assert.deepStrictEqual(views(farm), ["primary up up", "secondary up up"])
      farm.run(1.2)
      assert.deepStrictEqual(views(farm), ["primary up up", "secondary down down"])
      const at = Number(linesWith(farm, "VPC_SUSP_ALL_VPC")[0].split(" ")[0]) - cutAt
      assert.isTrue(at > 2.9 && at < 4.1, `${at} s`)
      assert.deepStrictEqual(
        farm
          .run(60)
          .probe()
          .filter((pair) => !isOf(3)(pair)),
        [],
        "only the secondary's orphan is cut off",
      )
      farm.mend("peer-link").run(60)
      assert.deepStrictEqual([views(farm), farm.probe()], [["primary up up", "secondary up up"], []])
    })
  }

  it("takes orphan ports with it that are told to go, and gives them back at once", () => {
    const orphanSuspend = [5]
    const farm = settled({ peers: [{ orphanSuspend }, { orphanSuspend }] })
      .cut("peer-link")
      .run(6)
    assert.deepStrictEqual([farm.bridge(0).up[5], farm.bridge(1).up[5]], [1, 0])
    farm.mend("peer-link").run(3)
    assert.deepStrictEqual([farm.bridge(1).up[5], views(farm)[1]], [1, "secondary down* down*"])
  })

  it("back within the hold-timeout changes nothing", () => {
    const farm = settled({ isStatic: true }).cut("peer-link").run(1).mend("peer-link").run(2)
    assert.deepStrictEqual([views(farm), farm.probe()], [["primary up up", "secondary up up"], []])
    assert.deepStrictEqual(linesWith(farm, "SUSP_ALL"), [])
  })
})

describe("the keepalive", () => {
  it("lost alone is a line in the log", () => {
    const farm = settled().cut("keepalive").run(30)
    assert.deepStrictEqual([views(farm), farm.probe()], [["primary up up", "secondary up up"], []])
    assert.strictEqual(linesWith(farm, "PEER_KEEP_ALIVE_RECV_FAIL").length, 2)
    assert.strictEqual(
      Query.vpc(farm.peer(0), farm.simulation.now).keepaliveStatus,
      "peer is not reachable through peer-keepalive",
    )
  })

  it("lost behind a lost peer-link: auto-recovery takes the primary for dead", () => {
    const farm = settled().cut("peer-link").run(10).off(0).run(4)
    assert.deepStrictEqual(views(farm), ["off", "secondary down down"])
    farm.run(8)
    assert.deepStrictEqual(views(farm), ["off", "secondary, operational primary up up"])
    const stays = settled({ peers: [{}, { autoRecovery: false }] })
      .cut("peer-link")
      .run(10)
      .off(0)
      .run(60)
    assert.deepStrictEqual(views(stays), ["off", "secondary down down"])
  })
})

describe("a peer", () => {
  for (const tree of TREES) {
    it(`dies: vPCs carry on at once, the secondary takes the role after hold-timeout and timeout, with ${tree}`, () => {
      const farm = settled({ tree }).off(0).run(0.001)
      const others = (): ReadonlyArray<string> => farm.probe().filter((pair) => !isOf(2)(pair))
      assert.deepStrictEqual(others(), [])
      assert.deepStrictEqual(views(farm.run(7.8)), ["off", "secondary up up"])
      assert.deepStrictEqual(views(farm.run(0.3)), ["off", "secondary, operational primary up up"])
      for (let second = 0; second < 40; second++) {
        assert.deepStrictEqual(others(), [], `second ${second}`)
        farm.run(1)
      }
      farm.on(0).run(60)
      assert.deepStrictEqual(views(farm), ["primary, operational secondary up up", "secondary, operational primary up up"])
      assert.deepStrictEqual(farm.probe(), [], "and is back, as secondary")
    })
  }

  it("that is secondary dies and returns: nothing happens to others", () => {
    const farm = settled().off(1).run(1)
    assert.deepStrictEqual(
      farm.probe().filter((pair) => !isOf(3)(pair)),
      [],
    )
    farm.on(1)
    for (let i = 0; i < 30; i++)
      assert.deepStrictEqual(
        farm
          .run(1)
          .probe()
          .filter((pair) => !isOf(3)(pair)),
        [],
        `${i} s`,
      )
    assert.deepStrictEqual([views(farm), farm.probe()], [["primary up up", "secondary up up"], []])
  })

  it("that is silent while its links are up is taken for dead too", () => {
    const farm = settled().off(0, true).run(20)
    assert.deepStrictEqual(views(farm), ["off", "secondary, operational primary up up"])
  })

  it("whose processor hangs: the other takes its role, no frame comes twice", () => {
    const farm = settled({ suspendIndividual: true })
    farm.simulation.command(0, { type: "bridge.control-plane", hung: true } as Command)
    for (let i = 0; i < 20; i++) assert.deepStrictEqual(copies(farm.run(1).probe()), [], `${i} s`)
    assert.strictEqual(views(farm)[1], "secondary, operational primary up up")
    farm.simulation.command(0, { type: "bridge.control-plane", hung: false } as Command)
    farm.run(60)
    assert.deepStrictEqual(
      [views(farm), farm.probe()],
      [["primary, operational secondary up up", "secondary, operational primary up up"], []],
    )
  })
})
