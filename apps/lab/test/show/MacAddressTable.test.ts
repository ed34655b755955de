import * as MacAddress from "@l2lab/l2/MacAddress"
import { assert, describe, it } from "vitest"
import * as MacAddressTable from "../../src/show/MacAddressTable.ts"

const address = (text: string): number => MacAddress.parse(text) ?? -1

const VIEW: MacAddressTable.MacAddressTableView = {
  entries: [
    { vlan: 1, address: address("0050.7966.6800"), type: "dynamic", interface: "Gi0/1", ageSeconds: 2 },
    { vlan: 10, address: address("0c7e.7046.0001"), type: "static", interface: "Gi0/24", ageSeconds: null },
    { vlan: 10, address: address("0c7e.7046.0002"), type: "static", interface: null, ageSeconds: null },
    { vlan: 4094, address: address("fefe.fefe.fefe"), type: "dynamic", interface: "Te0/49", ageSeconds: 299.5 },
  ],
  capacity: 16384,
  refusals: 0,
}

const HEAD = `          Mac Address Table
-------------------------------------------

Vlan    Mac Address       Type        Ports
----    -----------       --------    -----
`

const text = (filter?: MacAddressTable.MacFilter): string => MacAddressTable.lines(VIEW, filter).join("\n")

describe("show mac address-table", () => {
  it("prints all entries", () => {
    assert.strictEqual(
      text(),
      `${HEAD}   1    0050.7966.6800    DYNAMIC     Gi0/1
  10    0c7e.7046.0001    STATIC      Gi0/24
  10    0c7e.7046.0002    STATIC      Drop
4094    fefe.fefe.fefe    DYNAMIC     Te0/49
Total Mac Addresses for this criterion: 4`,
    )
  })

  it("prints the entries of a VLAN, of a type, of an address, or none", () => {
    assert.include(text({ vlan: 10 }), "criterion: 2")
    assert.notInclude(text({ vlan: 10 }), "DYNAMIC")
    assert.include(text({ type: "dynamic" }), "criterion: 2")
    assert.notInclude(text({ type: "dynamic" }), "STATIC")
    assert.strictEqual(
      text({ address: address("0050.7966.6800") }),
      `${HEAD}   1    0050.7966.6800    DYNAMIC     Gi0/1\nTotal Mac Addresses for this criterion: 1`,
    )
    assert.strictEqual(text({ vlan: 99 }), `${HEAD}Total Mac Addresses for this criterion: 0`)
  })

  it("says that the table was full", () => {
    const full = { ...VIEW, capacity: 4, refusals: 17 }
    assert.strictEqual(MacAddressTable.lines(full).at(-1), "Table full (4): not learnt 17 times")
  })

  it("gives machines the same entries", () => {
    assert.deepStrictEqual(MacAddressTable.json(VIEW, { vlan: 1 }), {
      entries: [{ vlan: 1, address: "00:50:79:66:68:00", type: "dynamic", interface: "Gi0/1", ageSeconds: 2 }],
      total: 1,
      capacity: 16384,
      refusals: 0,
    })
  })
})
