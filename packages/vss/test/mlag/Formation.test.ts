/** A pair comes up: with each spanning tree, with LACP or without, its frames as octets or in meaning. */
import * as LacpQuery from "@l2lab/l2/lacp/Query"
import { SECOND } from "@l2lab/sim/SimTime"
import { assert, describe, it } from "vitest"
import * as Query from "../../src/mlag/Query.ts"
import { Farm, linesWith, TREES, views } from "./PairFarm.ts"

describe("a pair comes up", () => {
  for (const tree of TREES) {
    it(`with ${tree}: primary by priority, all legs up, one copy of each frame to each host`, () => {
      const farm = new Farm({ tree }).run(60)
      assert.deepStrictEqual(views(farm), ["primary up up", "secondary up up"])
      assert.deepStrictEqual(farm.probe(), [])
      assert.deepStrictEqual(farm.probe(), [], "once everybody is known")
    })
  }

  it("as one system to LACP, with port numbers that differ", () => {
    const farm = new Farm({ legs: 2 }).run(20)
    const partners = LacpQuery.groupsOf(farm.bridge(2), farm.simulation.now)[0].ports.map(({ partner }) => partner!)
    assert.deepStrictEqual(
      partners.map(({ key, system, systemPriority }) => [systemPriority, system.toString(16), key]),
      partners.map(() => [32_667, "2304eebe0a", 0x8000 + 101]),
    )
    assert.strictEqual(new Set(partners.map(({ port }) => port)).size, 4)
    assert.strictEqual(farm.bridge(2).bundles!.active[0], 4)
  })

  it("with static bundles", () => {
    const farm = new Farm({ isStatic: true, legs: 2 }).run(60)
    assert.deepStrictEqual([views(farm), farm.probe()], [["primary up up", "secondary up up"], []])
  })

  it("with the keepalive over the peer-link", () => {
    const farm = new Farm({ inBand: true }).run(60)
    assert.deepStrictEqual([views(farm), farm.probe()], [["primary up up", "secondary up up"], []])
  })

  it("the same through octets", () => {
    const plain = new Farm({ tree: "rapid-pvst" }).run(40)
    const octets = new Farm({ tree: "rapid-pvst", octets: true }).run(40)
    for (const farm of [plain, octets]) farm.probe()
    for (const farm of [plain, octets]) farm.cut("peer-link").run(10)
    assert.strictEqual(octets.fingerprint, plain.fingerprint)
  })

  it("primary by the lower role priority, then by the lower address", () => {
    assert.deepStrictEqual(views(new Farm({ peers: [{}, { rolePriority: 100 }] }).run(30)), ["secondary up up", "primary up up"])
    assert.strictEqual(Query.role(new Farm().run(30).peer(1)).localPriority, 32_667)
  })

  it("restores its vPCs 30 s after the peer-link is up, unless told otherwise", () => {
    const farm = new Farm({ peers: [{ delayRestoreNs: 30 * SECOND }, { delayRestoreNs: 30 * SECOND }] }).run(20)
    assert.deepStrictEqual(views(farm), ["primary down down", "secondary down down"])
    assert.closeTo(Query.vpc(farm.peer(0), farm.simulation.now).restoresInSeconds!, 12, 0.1)
    assert.deepStrictEqual(views(farm.run(20)), ["primary up up", "secondary up up"])
    assert.deepStrictEqual(
      linesWith(farm, "p1", "VPC 101").map((line) => line.slice(0, 4)),
      ["32.0"],
    )
  })

  it("not before a keepalive was heard; then alone, after 240 s of auto-recovery", () => {
    const farm = new Farm().cut("keepalive").run(200)
    assert.deepStrictEqual(views(farm), ["none established down down", "none established down down"])
    assert.strictEqual(Query.vpc(farm.peer(0), farm.simulation.now).peerStatus, "peer-keepalive was never received")
  })

  it("alone after 240 s; the peer that comes then is secondary, whatever its priority", () => {
    const farm = new Farm({ peers: [{}, { rolePriority: 1 }] }).off(1).run(239)
    assert.deepStrictEqual(views(farm), ["none established down down", "off"])
    assert.deepStrictEqual(views(farm.run(5)), ["primary up up", "off"])
    farm.on(1).run(60)
    assert.deepStrictEqual(views(farm), ["secondary, operational primary up up", "primary, operational secondary up up"])
    assert.deepStrictEqual(farm.probe(), [])
    const none = new Farm({ peers: [{ autoRecovery: false }] }).off(1).run(600)
    assert.deepStrictEqual(views(none), ["none established down down", "off"])
  })

  it("has no peer in another domain", () => {
    const farm = new Farm({ peers: [{}, { domain: 11 }] }).run(30)
    assert.deepStrictEqual(views(farm), ["none established down down", "none established down down"])
    assert.include(farm.lines.join("\n"), "vPC domain mismatch, 10 here and 11 at the other end")
  })
})
