/** The workloads do what their names say, and the bare loop does the same: else a ratio of the two means nothing. No time is measured here. */
import { assert, describe, it } from "vitest"
import * as BareLoop from "../src/BareLoop.ts"
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

  it("W3 settles into one tree that blocks one uplink of every access switch", () => {
    const row = Trees.measure("farm", () => Trees.farm(20))
    assert.deepStrictEqual([row.bridges, row.roots, row.blocked], [22, 1, 20])
    assert.strictEqual(Trees.grid(7).links.length, 84)
  })

  it("a CAM entry takes no more than 64 octets at 100,000 entries", () => {
    assert.isAtMost(Tables.bytesPerEntry(100_000), 64)
  })
})

it("the report keeps to 80 columns", () => {
  const paired = { workload: "W1", title: "forward, 1500 octets", unit: "switch hops", units: 1, events: 1, rounds: 1 }
  const lines = Report.lines({
    paired: [{ ...paired, perSecond: 12.3e6, barePerSecond: 23.4e6, ratio: 1.23 }],
    trees: [Trees.measure("farm of 1,000", () => Trees.farm(2))],
    capture: [{ octets: 1500, ratio: 1 }],
    bytesPerEntry: 62.9,
    forkMilliseconds: 123.45,
  })
  for (const line of lines) assert.isAtMost(line.length, 80, line)
})
