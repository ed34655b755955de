/** What differs between the peers, and what becomes of their vPCs. */
import type { Command } from "@l2lab/sim/Device"
import { assert, describe, it } from "vitest"
import { vlanRanges } from "../../src/mlag/Consistency.ts"
import * as Query from "../../src/mlag/Query.ts"
import { Farm, type FarmSpec, linesWith, views } from "./PairFarm.ts"

const differing = (farm: Farm, id: number): ReadonlyArray<string> =>
  Query.consistencyParameters(farm.peer(0), id)
    .filter(({ isSame }) => !isSame)
    .map(({ local, name, peer }) => `${name}: ${local} / ${peer}`)

const region = (name: string): object => ({ region: { name, revision: 1 } })

const strict = (spec: FarmSpec): FarmSpec => ({
  ...spec,
  peers: [{ gracefulConsistencyCheck: false }, { gracefulConsistencyCheck: false }],
})

const LAG = "[(7f9b, 0-23-4-ee-be-a, 8065, 0, 0), (8000, 2-0-0-20-0-0, 1, 0, 0)]"

describe("consistency", () => {
  it("of peers that are alike", () => {
    const farm = new Farm({ tree: "mstp" }).run(30)
    const { consistency, type2Consistency, vpcs } = Query.vpc(farm.peer(1), farm.simulation.now)
    assert.deepStrictEqual([consistency, type2Consistency], ["success", "success"])
    assert.deepStrictEqual([vpcs[0].consistency, vpcs[0].reason, vpcs[0].activeVlans], ["success", "success", [1, 10]])
    assert.deepStrictEqual(
      Query.consistencyParameters(farm.peer(0), 101).map(({ local, name, peer, type }) => [name, type, local, peer]),
      [
        ["lag mode", 1, "active", "active"],
        ["lag-id", 1, LAG, LAG],
        ["Port Mode", 1, "trunk", "trunk"],
        ["Native Vlan", 1, "1", "1"],
        ["Allowed VLANs", 2, "1,10", "1,10"],
        ["Speed", 1, "1000 Mb/s", "1000 Mb/s"],
        ["Duplex", 1, "full", "full"],
        ["STP Port Type, Edge BPDUFilter, Edge BPDUGuard", 2, "Normal", "Normal"],
      ],
    )
  })

  it("type 1 of the whole switch: an MST region suspends all vPCs of the secondary", () => {
    const farm = new Farm({ tree: "mstp", trees: [region("a"), region("b")] }).run(60)
    assert.deepStrictEqual(differing(farm, 0), ["STP MST Region Name: a / b"])
    assert.deepStrictEqual(views(farm), ["primary up up", "secondary down* down*"])
    assert.include(linesWith(farm, "p2", "GLOBAL_CONSISTENCY_FAILED")[0], "STP MST Region Name")
    assert.deepStrictEqual(farm.probe(), [], "nobody is cut off by it")
  })

  it("type 1 of the whole switch: another spanning tree", () => {
    const farm = new Farm({ tree: "rstp2004", secondTree: "stp1998" }).run(90)
    assert.deepStrictEqual(differing(farm, 0), ["STP Mode: RSTP / STP"])
    assert.deepStrictEqual(views(farm), ["primary up up", "secondary down* down*"])
    assert.deepStrictEqual(farm.probe(), [])
  })

  it("type 1 without the graceful check suspends both", () => {
    const farm = new Farm(strict({ tree: "mstp", trees: [region("a"), region("b")] })).run(60)
    assert.deepStrictEqual(views(farm), ["primary down down", "secondary down down"])
  })

  it("type 1 of a vPC: the LACP mode", () => {
    const farm = new Farm({ bundles: [{}, { isStatic: true }] }).run(60)
    assert.deepStrictEqual(differing(farm, 101), ["lag mode: active / on"])
    assert.deepStrictEqual(views(farm), ["primary up up", "secondary down* down*"])
    assert.deepStrictEqual(farm.probe(), [])
  })

  it("type 1 of a vPC: how it treats VLANs, found while it runs, and mended", () => {
    const farm = new Farm().run(60)
    const set = (native: number): void => {
      const settings = { mode: "trunk", native, allowed: [1, 10] } as const
      farm.simulation.command(1, { type: "bridge.set-switch-port", port: farm.peer(1).portOfVpc[0], settings } as Command)
      farm.run(10)
    }
    set(10)
    assert.deepStrictEqual(
      [views(farm), differing(farm, 101)],
      [["primary up up", "secondary down* up"], ["Native Vlan: 1 / 10"]],
    )
    set(1)
    assert.deepStrictEqual(views(farm), ["primary up up", "secondary up up"])
    assert.strictEqual(linesWith(farm, "p2", "CONSISTENCY_SUCCESS").length, 1)
  })

  it("type 1 of a vPC: speed", () => {
    const farm = new Farm().run(60)
    const link = farm.links.get("leg 1 1 0")!
    farm.world({ type: "link.rate", link, rateBps: 1e8 }).cut("leg 1 1 0").run(1).mend("leg 1 1 0").run(10)
    assert.deepStrictEqual(differing(farm, 102), ["Speed: 1000 Mb/s / 100 Mb/s"])
    assert.strictEqual(views(farm)[1], "secondary up down*")
    farm.run(300)
    assert.strictEqual(linesWith(farm, "p2", "INTF_CONSISTENCY_FAILED", "(Speed)").length, 1, "it stays suspended")
    farm.cut("leg 1 0 0").run(15)
    assert.strictEqual(views(farm)[1], "secondary up up", "with the primary's leg gone there is nothing to differ from")
    assert.deepStrictEqual(farm.probe(), [])
  })

  it("type 1 of a vPC: the systems that its two legs lead to", () => {
    // What is left of the cables: vPC 101 leads to the first access switch from the first peer, and to the second from the second.
    const farm = new Farm({ crossed: true }).cut("leg 0 1", "leg 1 0").run(60)
    assert.deepStrictEqual(differing(farm, 101), [`lag-id: ${LAG} / ${LAG.replace("2-0-0-20-0-0", "2-0-0-21-0-0")}`])
    assert.deepStrictEqual(views(farm), ["primary up down", "secondary down* down"])
    farm.run(300)
    assert.strictEqual(linesWith(farm, "p2", "INTF_CONSISTENCY_FAILED", "(lag-id)").length, 1, "it stays suspended")
  })

  it("type 2 is told of, and nothing more", () => {
    const farm = new Farm().run(60)
    farm.simulation.command(1, { type: "bridge.set-vlans", existing: [10] } as Command)
    farm.run(5)
    const { type2Consistency, type2Reason } = Query.vpc(farm.peer(0), farm.simulation.now)
    assert.deepStrictEqual([type2Consistency, type2Reason], ["failed", "Vlans"])
    assert.deepStrictEqual(views(farm), ["primary up up", "secondary up up"])
    assert.strictEqual(linesWith(farm, "p1", "TYPE2_CONSISTENCY_FAILED").length, 1)
  })

  it("is no matter any more when the primary is gone", () => {
    const farm = new Farm({ tree: "mstp", trees: [region("a"), region("b")] }).run(60).off(0).run(15)
    assert.deepStrictEqual(views(farm), ["off", "secondary, operational primary up up"])
  })

  it("system priorities and MACs that differ: the vPCs do not come up", () => {
    const farm = new Farm({ peers: [{ systemPriority: 1 }, {}] }).run(60)
    assert.deepStrictEqual(differing(farm, 0), ["vPC system-priority: 1 / 32667"])
    assert.deepStrictEqual(views(farm), ["primary up up", "secondary down* down*"])
  })

  it("writes VLANs as ranges", () => {
    assert.strictEqual(vlanRanges([1, 3, 4, 5, 9, 10]), "1,3-5,9-10")
    assert.strictEqual(vlanRanges([]), "")
  })
})
