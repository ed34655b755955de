import { assert, describe, it } from "vitest"
import * as Vlan from "../../src/show/Vlan.ts"

const VIEWS: ReadonlyArray<Vlan.VlanView> = [
  { id: 1, name: "default", accessPorts: Array.from({ length: 9 }, (_, i) => `Gi0/${i + 1}`), trunkPorts: ["Te0/49"] },
  { id: 10, name: "x".repeat(40), accessPorts: [], trunkPorts: ["Te0/49"] },
  { id: 4094, name: "VLAN4094", accessPorts: ["Gi0/10"], trunkPorts: [] },
]

const TEXT = `
VLAN Name                             Status    Ports
---- -------------------------------- --------- -------------------------------
1    default                          active    Gi0/1, Gi0/2, Gi0/3, Gi0/4
                                                Gi0/5, Gi0/6, Gi0/7, Gi0/8
                                                Gi0/9
10   xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx active
4094 VLAN4094                         active    Gi0/10
`

describe("show vlan", () => {
  it("prints the brief table, ports wrapped under their column", () => {
    assert.strictEqual(Vlan.lines(VIEWS).join("\n"), TEXT)
  })

  it("prints one VLAN, or that there is none", () => {
    assert.strictEqual(Vlan.lines(VIEWS, 4094).length, 5)
    assert.deepStrictEqual(Vlan.lines(VIEWS, 7), ["", "VLAN id 7 not found in current VLAN database", ""])
  })

  it("keeps to 80 columns", () => {
    for (const line of Vlan.lines(VIEWS)) assert.isAtMost(line.length, 80, line)
  })

  it("gives machines the trunks too", () => {
    assert.deepStrictEqual(Vlan.json(VIEWS, 10), [VIEWS[1]])
  })
})
