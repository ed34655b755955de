/** The workloads do what their names say, and the bare loop does the same: else a ratio of the two means nothing. No time is measured here. */
import { assert, describe, it } from "vitest"
import * as BareLoop from "../src/BareLoop.ts"
import * as Multichassis from "../src/Multichassis.ts"
import * as PerVlan from "../src/PerVlan.ts"
import * as Report from "../src/Report.ts"
import * as Tables from "../src/Tables.ts"
import * as Trees from "../src/Trees.ts"
import * as Workloads from "../src/Workloads.ts"

describe("workloads", () => {
  it("W1 delivers every frame over ten switches", () => {
    const work = Workloads.forward(1500, 300)
    work.run()
    assert.strictEqual(work.units(), 3000)
    const bare = BareLoop.forward(1500, 300)
    bare.run()
    assert.strictEqual(bare.delivered - 1, 300)
    assert.strictEqual(bare.hops, 300 * 10 + 10)
  })

  it("W1 does by bundles what it does by single cables", () => {
    const work = Workloads.forward(64, 300, 2)
    work.run()
    assert.strictEqual(work.units(), 3000)
  })

  it("W2 delivers every broadcast to 999 hosts", () => {
    const work = Workloads.flood(20)
    work.run()
    assert.strictEqual(work.units(), 20 * 999)
    const bare = BareLoop.flood(20)
    bare.run()
    assert.strictEqual(bare.delivered, 20 * 999)
  })

  it("W4 goes round until it is told to stop", () => {
    const work = Workloads.storm(5000)
    work.run()
    assert.isAtLeast(work.units(), 5000)
    assert.isAtMost(work.units(), 5010)
    const bare = BareLoop.storm(5000)
    bare.run()
    assert.strictEqual(bare.hops, 5000)
  })

  for (const protocol of ["stp1998", "rstp2004"] as const) {
    it(`W3 settles into one tree that blocks one uplink of every access switch, by ${protocol}`, () => {
      const row = Trees.measure("farm", protocol, (bridge) => Trees.farm(20, bridge))
      assert.deepStrictEqual([row.bridges, row.roots, row.blocked], [22, 1, 20])
      assert.strictEqual(Trees.grid(7, Trees.running(protocol)).links.length, 84)
    })
  }

  it("W5 blocks one uplink of every access switch in every VLAN, until the root fails and the other core switch is it", () => {
    const row = PerVlan.measure({ access: 6, vlans: 5 })
    assert.deepStrictEqual([row.bridges, row.blocked, row.blockedAfter], [8, 30, 0])
    assert.deepStrictEqual([row.roots, row.rootsAfter], [["core1"], ["core2"]])
    // Every designated port of 13 trunks says hello in every VLAN every other second, and of 7 when one core switch is gone.
    assert.isAtLeast(row.bpdus, (13 + 6) * 5 * 14)
    assert.isAbove(row.settledMilliseconds, 0)
    assert.isBelow(row.settledMilliseconds, 1000)
  })

  it("W6 bundles every access switch to both chassis, one of which stands by", () => {
    const row = Multichassis.measure(5)
    assert.deepStrictEqual([row.members, row.modes], [10, "active, standby hot"])
  })

  it("a CAM entry takes no more than 64 octets at 100,000 entries", () => {
    assert.isAtMost(Tables.bytesPerEntry(100_000), 64)
  })
})

it("the report keeps to 80 columns", () => {
  const paired = { workload: "W1", title: "forward, 1500 octets", unit: "switch hops", units: 1, events: 1, rounds: 1 }
  const lines = Report.lines({
    paired: [{ ...paired, perSecond: 12.3e6, barePerSecond: 23.4e6, ratio: 1.23 }],
    trees: [Trees.measure("farm of 1,000", "rstp2004", (bridge) => Trees.farm(2, bridge))],
    perVlan: [{ ...PerVlan.measure({ access: 2, vlans: 2 }), access: 200, vlans: 100, bpdus: 1_234_567, blocked: 20_000 }],
    multichassis: [{ ...Multichassis.measure(2), access: 200, members: 400 }],
    capture: [{ octets: 1500, ratio: 1 }],
    bytesPerEntry: 62.9,
    forkMilliseconds: 123.45,
  })
  for (const line of lines) assert.isAtMost(line.length, 80, line)
})
