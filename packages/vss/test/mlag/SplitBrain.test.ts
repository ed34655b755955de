/** Peer-link and keepalive both lost: two primaries, and what that does. It is no fault that anybody injects: neither hears the other. */
import * as ErrdisableCause from "@l2lab/l2/ErrdisableCause"
import { SECOND } from "@l2lab/sim/SimTime"
import { assert, describe, it } from "vitest"
import { copies, Farm, linesWith, views } from "./PairFarm.ts"

const BOTH = ["primary up up", "secondary, operational primary up up"]

describe("a split brain", () => {
  it("is two primaries: orphans of one peer are cut off from those of the other, and nothing heals it", () => {
    const farm = new Farm().run(60).cut("peer-link", "keepalive").run(9)
    assert.deepStrictEqual(views(farm), BOTH)
    assert.deepStrictEqual(views(farm.run(30)), BOTH)
    const found = farm.probe()
    assert.include(found, "2>3 0 0")
    assert.include(found, "3>2 0 0")
    assert.isNotEmpty(
      found.filter((pair) => /^[01]>[23]/.test(pair)),
      "a host behind a vPC reaches the orphan that its hash leads to, and not the other",
    )
  })

  it("shows two bridges at one bundle: the access switch hears both, until its EtherChannel guard takes the bundle down", () => {
    const farm = new Farm({ watch: true }).run(60).cut("peer-link", "keepalive").run(40)
    const since = farm.simulation.now - 10 * SECOND
    const senders = new Set(farm.bpdus.filter(({ at, port }) => at > since && port >= 3).map(({ node }) => node))
    assert.deepStrictEqual([senders, farm.bridge(2).bundles!.active[0]], [new Set([0, 1]), 2])
    farm.run(120)
    assert.strictEqual(farm.bridge(2).bundles!.active[0], 0)
    const causes = new Set(Array.from(farm.bridge(2).errdisable.cause, ErrdisableCause.nameOf))
    assert.deepStrictEqual(causes, new Set(["none", "channel-misconfig"]))
  })

  it("happens by the peer-link alone where it carries the keepalives too", () => {
    const farm = new Farm({ inBand: true }).run(60).cut("peer-link").run(9)
    assert.deepStrictEqual(views(farm), BOTH)
    assert.deepStrictEqual(linesWith(farm, "SUSP_ALL"), [])
  })

  it("heals: who took the role keeps it, the other begins anew as secondary", () => {
    const farm = new Farm().run(60).cut("peer-link", "keepalive").run(60).mend("peer-link", "keepalive").run(4)
    assert.deepStrictEqual(views(farm), ["primary, operational secondary down* down*", "secondary, operational primary up up"])
    farm.run(60)
    assert.deepStrictEqual(views(farm), ["primary, operational secondary up up", "secondary, operational primary up up"])
    assert.deepStrictEqual(farm.probe(), [])
  })

  it("with the keepalive lost first, and long before, is one all the same", () => {
    const farm = new Farm().run(60).cut("keepalive").run(100)
    assert.deepStrictEqual(views(farm), ["primary up up", "secondary up up"])
    assert.deepStrictEqual(views(farm.cut("peer-link").run(9)), BOTH)
  })

  it("with the keepalive lost after the secondary went down: auto-recovery brings the vPCs of both up", () => {
    const farm = new Farm().run(60).cut("peer-link").run(20)
    assert.deepStrictEqual(views(farm), ["primary up up", "secondary down down"])
    assert.deepStrictEqual(views(farm.cut("keepalive").run(10)), BOTH)
  })

  it("with another way between the peers brings frames twice to hosts on vPCs, and their own back to them", () => {
    const farm = new Farm({ hybrid: true }).run(60)
    const { moves } = farm.bridge(2).fdb
    farm.cut("peer-link", "keepalive").run(30)
    const found = copies(farm.probe())
    assert.include(found, "2>0 2 1")
    assert.include(found, "0 hears itself")
    assert.isAbove(farm.bridge(2).fdb.moves, moves)
  })
})
