/** What a switch shows is what it does now: VLANs that are gone, ports that became trunks. */
import { assert, describe, it } from "vitest"
import { boot, type Emulation } from "../../src/Emulation.ts"
import * as SpanningTreeQuery from "../../src/show/SpanningTreeQuery.ts"
import * as InterfaceQuery from "../../src/show/InterfaceQuery.ts"
import * as SwitchQuery from "../../src/show/SwitchQuery.ts"
import * as TreeSummary from "../../src/report/TreeSummary.ts"
import { compiled } from "../support/designs.ts"

const DESIGN = `
vlans: [10, 20]
spanningTree: { protocol: rapid-pvst }
nodes:
  sw1: { spanningTree: { priority: 4096 }, port: { 2: { mode: access, vlan: 10 } } }
  sw2: { port: { 2: { mode: access, vlan: 10 } } }
  pc1: { address: 10.0.10.1/24, vlan: 10 }
  pc2: { address: 10.0.10.2/24, vlan: 10 }
links: [["sw1:1", "sw2:1"], [pc1, "sw1:2"], [pc2, "sw2:2"]]
`

const running = (): Emulation => {
  const emulation = boot(compiled(DESIGN))
  emulation.simulation.run(60e9)
  return emulation
}

const order = ({ simulation }: Emulation, command: { readonly type: string; readonly [key: string]: unknown }): void => {
  simulation.command(0, command)
  simulation.run(simulation.now + 10e9)
}

describe("a running switch", () => {
  it("has no VLAN that is gone, its ports are inactive, and its tree is over", () => {
    const emulation = running()
    order(emulation, { type: "bridge.set-vlans", existing: [1, 20] })
    assert.deepStrictEqual(
      SwitchQuery.vlans(emulation, 0).map(({ id }) => id),
      [1, 20],
    )
    const ports = InterfaceQuery.interfaces(emulation, 0)
    assert.deepStrictEqual(
      ports.map(({ status, vlan }) => [status, vlan]),
      [
        ["connected", "trunk"],
        ["inactive", 10],
      ],
    )
    const trees = SpanningTreeQuery.ofSwitch(emulation, 0)
    assert.deepStrictEqual(
      trees?.trees.map(({ vlans }) => vlans),
      [[1], [20]],
    )
    assert.deepStrictEqual(trees?.vlansWithoutTree, [])
    assert.deepStrictEqual(SpanningTreeQuery.ofSwitch(emulation, 0, 10)?.trees, [])
    const summary = TreeSummary.summarize(emulation.simulation, emulation.directory)
    assert.deepStrictEqual(summary.beyond, [])
    const ten = summary.trees.find(({ vlans }) => vlans.includes(10))
    assert.deepStrictEqual(
      ten?.switches.map((row) => row.switch),
      ["sw2"],
    )
  })

  it("lists a port that became a trunk with the trunks", () => {
    const emulation = running()
    order(emulation, {
      type: "bridge.set-switch-port",
      port: 1,
      settings: { mode: "trunk", native: 1, allowed: [1, 10, 20] },
    })
    assert.deepStrictEqual(
      SwitchQuery.vlans(emulation, 0).map(({ accessPorts, trunkPorts }) => [accessPorts, trunkPorts]),
      [1, 10, 20].map(() => [[], ["Gi0/1", "Gi0/2"]]),
    )
    assert.strictEqual(InterfaceQuery.interfaces(emulation, 0)[1].vlan, "trunk")
  })
})
