/** What is told of spanning trees, by every protocol: the page at the end, and the lines while it happens. */
import * as Compile from "@l2lab/design/Compile"
import { Result } from "effect"
import { readFileSync } from "node:fs"
import { WORLD, type WorldCommand } from "@l2lab/sim/WorldCommand"
import * as SpanningTree from "@l2lab/stp/SpanningTree"
import { assert, describe, it } from "vitest"
import { boot, type Emulation } from "../../src/Emulation.ts"
import * as Narration from "../../src/report/Narration.ts"
import * as Style from "../../src/report/Style.ts"
import * as TreeSummary from "../../src/report/TreeSummary.ts"
import * as Settle from "../../src/Settle.ts"

const style = Style.make("plain")

const emulate = (text: string): Emulation => {
  const compiled = Compile.text(text, "test.l2.yml")
  if (Result.isFailure(compiled)) throw compiled.failure
  return boot(compiled.success)
}

const settled = (text: string): Emulation => {
  const emulation = emulate(text)
  assert.isTrue(Settle.settle(emulation.simulation).settled)
  return emulation
}

const shipped = (name: string): string => readFileSync(new URL(`../../../../designs/${name}.l2.yml`, import.meta.url), "utf8")

const page = ({ directory, simulation }: Emulation): ReadonlyArray<string> =>
  TreeSummary.render(TreeSummary.summarize(simulation, directory), style)

/** Addresses follow from names: they are no concern of these tests. */
const withoutAddresses = (lines: ReadonlyArray<string>): ReadonlyArray<string> =>
  lines.map((line) => line.replaceAll(/\.02(:[0-9a-f]{2}){5}/g, ""))

describe("the page", () => {
  it("has one tree for all VLANs", () => {
    assert.deepStrictEqual(withoutAddresses(page(settled(shipped("rstp")))), [
      "root sw1 (1000)",
      "SWITCH  ROOT PORT      COST  DESIGNATED  BLOCKED",
      "sw1     is the root       0           2  -",
      "sw2     Gi0/1 to sw1  20000           2  -",
      "sw3     Gi0/1 to sw1  20000           1  Gi0/2 to sw2",
      "old     Gi0/1 to sw2  40000           1  -",
    ])
  })

  it("has VLANs together whose trees came out alike, and ports that are blocked because their ends do not agree", () => {
    assert.deepStrictEqual(withoutAddresses(page(settled(shipped("rapid-pvst")))).slice(0, 14), [
      "VLANs 1, 99",
      "root dist-1 (1001)",
      "SWITCH  ROOT PORT        COST  BLOCKED",
      "dist-1  is the root         0  -",
      "dist-2  Te0/1 to dist-1     2  -",
      "acc-1   Gi0/1 to dist-1     4  Gi0/2 to dist-2, Gi0/3 to acc-2 *PVID_Inc",
      "acc-2   Gi0/1 to dist-1     4  Gi0/2 to dist-2, Gi0/3 to acc-1 *PVID_Inc",
      "",
      "VLANs 10, 30",
      "root dist-1 (100a)",
      "SWITCH  ROOT PORT        COST  BLOCKED",
      "dist-1  is the root         0  -",
      "dist-2  Te0/1 to dist-1     2  -",
      "acc-1   Gi0/1 to dist-1     4  Gi0/2 to dist-2",
    ])
  })

  it("takes an 802.1D bridge in the way of a VLAN for what it is: one that believes in the same root", () => {
    assert.deepStrictEqual(withoutAddresses(page(settled(shipped("pvst")))), [
      "VLANs 1, 20",
      "root left (1001)",
      "SWITCH  ROOT PORT      COST  BLOCKED",
      "left    is the root       0  -",
      "right   Gi0/1 to left     4  Gi0/2 to old",
      "old     Gi0/1 to left     4  -",
      "",
      "VLAN 10",
      "root left (100a)",
      "SWITCH  ROOT PORT      COST  BLOCKED",
      "left    is the root       0  -",
      "right   Gi0/2 to old      4  Gi0/1 to left",
      "old     Gi0/1 to left     4  -",
    ])
  })

  it("has the instances of regions by their VLANs, each region with a root of its own", () => {
    const summary = TreeSummary.summarize(...both(settled(shipped("mst"))))
    assert.deepStrictEqual(
      summary.trees.map(({ roots, vlans }) => [vlans, roots.map((root) => [root.switch, root.believers])]),
      [
        [[1], [["sw1", 6]]],
        [
          [10, 30],
          [
            ["sw1", 3],
            ["of1", 3],
          ],
        ],
        [
          [20, 40],
          [
            ["sw2", 3],
            ["of1", 3],
          ],
        ],
      ],
    )
    assert.deepStrictEqual(summary.switches, summary.trees[0].switches)
  })

  it("names VLANs beyond a platform's most trees", () => {
    const emulation = settled(
      "vlans: [10, 20, 30]\nspanningTree: { protocol: pvst, maximumInstances: 2 }\nnodes: { sw1:, sw2: }\nlinks: [[sw1, sw2]]\n",
    )
    const { beyond, trees } = TreeSummary.summarize(...both(emulation))
    assert.deepStrictEqual(
      trees.map(({ vlans }) => vlans),
      [[1, 10]],
    )
    assert.deepStrictEqual(beyond, [
      { switch: "sw1", vlans: [20, 30] },
      { switch: "sw2", vlans: [20, 30] },
    ])
    assert.strictEqual(page(emulation).at(-1), "no tree for VLANs 20, 30 on sw1, sw2: more than the platform has")
  })
})

const both = ({ directory, simulation }: Emulation) => [simulation, directory] as const

/** Lines that are told while a settled network loses a cable. */
const told = (text: string, link: number): ReadonlyArray<string> => {
  const { directory, simulation } = settled(text)
  const narrator = Narration.ofSpanningTree(directory, style, (node, tree) => {
    const running = Settle.spanningTreeOf(simulation, node)
    return running === undefined ? "" : SpanningTree.nameOfTree(running, tree)
  })
  const lines: Array<string> = []
  simulation.listen({ onTrace: (event) => void lines.push(...[narrator(event)].filter((line) => line !== undefined)) })
  simulation.tracing = true
  const cut: WorldCommand = { type: "link.disconnect", link }
  simulation.command(WORLD, cut)
  Settle.settle(simulation)
  return lines
}

describe("the lines", () => {
  it("tell of roles and states as 802.1D-2004 calls them", () => {
    const lines = told(shipped("rstp"), 1)
    assert.include(lines, "sw3       Gi0/2 to sw2: alternate -> root")
    assert.include(lines, "sw3       Gi0/2 to sw2 forwards")
    assert.include(lines, "sw3       topology change (port)")
  })

  it("name the VLAN, the CIST or the instance where a switch has several trees", () => {
    const perVlan = told(shipped("rapid-pvst"), 1)
    assert.include(perVlan, "acc-1     VLAN 10   Gi0/2 to dist-2: alternate -> root")
    assert.isFalse(perVlan.some((line) => line.includes("VLAN 20   Gi0/2 to dist-2: ")))
    const regions = told(shipped("mst"), 1)
    assert.include(regions, "sw3       CIST      Gi0/2 to sw2: alternate -> root")
    assert.include(regions, "sw3       MST1      Gi0/2 to sw2: alternate -> root")
    assert.isFalse(regions.some((line) => line.startsWith("sw3       MST2      Gi0/2")))
  })
})
