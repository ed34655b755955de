/** `show dtp`, `show interfaces trunk` and `show interfaces switchport` of a running switch. */
import { readFileSync } from "node:fs"
import { assert, describe, it } from "vitest"
import { boot } from "../../src/Emulation.ts"
import * as LogBook from "../../src/report/LogBook.ts"
import * as Dtp from "../../src/show/Dtp.ts"
import type { Asked } from "../../src/show/Topic.ts"
import * as Trunks from "../../src/show/Trunks.ts"
import { compiled, TRIANGLE } from "../support/designs.ts"

const DESIGN = readFileSync(new URL("../../scenarios/rogue-trunk/design.l2.yml", import.meta.url), "utf8")

/** The rogue has been at the desk (port 3 of acc) for 20 s. */
const asked = (port?: number, text = DESIGN, node = 1): Asked => {
  const emulation = boot(compiled(text))
  emulation.simulation.run(40e9)
  if (text === DESIGN) emulation.simulation.command(-1, { type: "port.enable", node: 1, port: 2 } as { readonly type: string })
  emulation.simulation.run(60e9)
  return { emulation, node, log: LogBook.make(emulation.directory), port }
}

const TRUNK = `
Port        Mode             Encapsulation  Status        Native vlan
Gi0/1       on               802.1q         trunking      1
Gi0/3       auto             802.1q         trunking      1

Port        Vlans allowed on trunk
Gi0/1       1,10,20
Gi0/3       1,10,20

Port        Vlans allowed and active in management domain
Gi0/1       1,10,20
Gi0/3       1,10,20

Port        Vlans in spanning tree forwarding state and not pruned
Gi0/1       1,10,20
Gi0/3       1,10,20
`

const SWITCHPORT = `Name: Gi0/3
Switchport: Enabled
Administrative Mode: dynamic auto
Operational Mode: trunk
Administrative Trunking Encapsulation: negotiate
Operational Trunking Encapsulation: dot1q
Negotiation of Trunking: On
Access Mode VLAN: 10 (office)
Trunking Native Mode VLAN: 1 (default)
Administrative Native VLAN tagging: disabled
Voice VLAN: none
Trunking VLANs Enabled: 1,10,20
`

const DTP = `DTP information for GigabitEthernet0/3:
  TOS/TAS/TNS:                              TRUNK/AUTO/TRUNK
  TOT/TAT/TNT:                              802.1Q/NEGOTIATE/802.1Q
  Neighbor address 1:                       022F3CAEA001
  Neighbor address 2:                       000000000000
  Hello timer expiration (sec/state):       13/RUNNING
  Access timer expiration (sec/state):      283/RUNNING
  Negotiation timer expiration (sec/state): never/STOPPED
  Multidrop timer expiration (sec/state):   never/STOPPED
  FSM state:                                S6:TRUNK
  # times multi & trunk                     0
  Enabled:                                  yes
  In STP:                                   no

  Statistics
  ----------
  4 packets received (4 good)
  0 packets dropped
      0 nonegotiate, 0 bad version, 0 domain mismatches,
      0 bad TLVs, 0 bad TAS, 0 bad TAT, 0 bad TOT, 0 other
  5 packets output (5 good)
  0 trunk timeouts
  2 link ups
  1 link downs
`

describe("show of trunks that were negotiated", () => {
  it("interfaces trunk", () => {
    const lines = Trunks.interfacesTrunk.lines(asked())
    assert.strictEqual(lines.join("\n"), TRUNK)
    assert.deepStrictEqual(Trunks.interfacesTrunk.lines(asked(1)), [""], "an access port is none")
    assert.deepStrictEqual(Trunks.interfacesTrunk.json(asked(2)), {
      trunks: [
        {
          interface: "Gi0/3",
          mode: "dynamic-auto",
          native: 1,
          allowed: [1, 10, 20],
          active: [1, 10, 20],
          forwarding: [1, 10, 20],
        },
      ],
    })
  })

  it("wraps long lists", () => {
    const many = TRIANGLE.replace(
      "name: triangle",
      `name: many\nvlans: [${Array.from({ length: 60 }, (_, i) => 2 * i + 1).join(", ")}]`,
    )
    const lines = Trunks.interfacesTrunk.lines(asked(0, many, 0))
    assert.match(lines[5], /^Gi0\/1 {7}1,3,5,/)
    assert.match(lines[6], /^ {12}\d+,/)
    for (const line of lines) assert.isAtMost(line.length, 80)
  })

  it("interfaces switchport", () => {
    assert.strictEqual(Trunks.interfacesSwitchport.lines(asked(2)).join("\n"), SWITCHPORT)
    const lines = Trunks.interfacesSwitchport.lines(asked(3))
    assert.include(lines, "Administrative Mode: static access")
    assert.include(lines, "Operational Mode: down")
    assert.include(lines, "Negotiation of Trunking: Off")
    const plain = Trunks.interfacesSwitchport.lines(asked(0, TRIANGLE, 0))
    assert.include(plain, "Administrative Mode: trunk")
    assert.include(plain, "Negotiation of Trunking: Off")
    for (const line of [...lines, ...plain]) assert.isAtMost(line.length, 80)
  })

  it("dtp interface", () => {
    assert.strictEqual(Dtp.dtpInterface.lines(asked(2)).join("\n"), DTP)
    const [view] = Dtp.dtpInterface.json(asked(2))["dtpInterfaces"] as ReadonlyArray<object>
    assert.deepInclude(view, { interface: "Gi0/3", operating: "trunk", mode: "dynamic-auto", neighbourMode: "dynamic-desirable" })
  })

  it("dtp, and that there is none", () => {
    assert.include(Dtp.dtp.lines(asked()), "        3 interfaces using DTP")
    assert.deepStrictEqual(Dtp.dtp.json(asked()), { dtp: { helloSeconds: 30, timeoutSeconds: 300, interfaces: 3 } })
    const none = asked(undefined, TRIANGLE, 0)
    assert.deepStrictEqual(Dtp.dtp.lines(none), ["DTP is not running"])
    assert.deepStrictEqual(Dtp.dtpInterface.lines(none), ["DTP is not running"])
    assert.deepStrictEqual([Dtp.dtp.json(none), Dtp.dtpInterface.json(none)], [{ dtp: null }, { dtpInterfaces: [] }])
  })
})
