/** Regions and instances, against text written by hand after the familiar form. */
import { assert, describe, it } from "vitest"
import * as SpanningTree from "../../src/show/SpanningTree.ts"
import * as SpanningTreeDetail from "../../src/show/SpanningTreeDetail.ts"
import * as SpanningTreeMst from "../../src/show/SpanningTreeMst.ts"
import * as SpanningTreeRoot from "../../src/show/SpanningTreeRoot.ts"
import * as SpanningTreeSummary from "../../src/show/SpanningTreeSummary.ts"
import type { InstanceView, SpanningTreeView, SwitchTreesView } from "../../src/show/SpanningTreeView.ts"
import { ACCESS, address, port } from "./views.ts"

const REGIONAL_ROOT = { priority: 8192, address: address("0200.0000.0200") }

const INSTANCE: InstanceView = {
  mstid: 0,
  vlans: "1-9,11-19,21-4094",
  regionalRoot: REGIONAL_ROOT,
  isRegionalRoot: false,
  internalRootPathCost: 20000,
  maxHops: 20,
  remainingHops: 19,
}

const CIST: SpanningTreeView = {
  ...ACCESS,
  vlans: [1],
  protocol: "mstp",
  instance: INSTANCE,
  transmitHoldCount: 6,
  rootPathCost: 40000,
  bridgeTimes: { helloTime: 1, maxAge: 6, forwardDelay: 4 },
  ports: [
    port({ role: "root", cost: 20000 }),
    port({ portNo: 2, role: "alternate", state: "discarding", cost: 20000, boundary: "RSTP" }),
    port({ portNo: 3, cost: 20000, boundary: "STP", peerStp: true }),
    port({ portNo: 4, cost: 20000, edge: true }),
    port({ portNo: 5, cost: 20000, boundary: "PVST", state: "discarding", inconsistencies: ["pvst"] }),
  ],
}

const own = (mstid: number) => ({ priority: 32768 + mstid, address: ACCESS.bridge.address })

const MSTI: SpanningTreeView = {
  ...CIST,
  vlans: [10],
  instance: { ...INSTANCE, mstid: 1, vlans: "10" },
  root: { priority: 4097, address: REGIONAL_ROOT.address },
  bridge: own(1),
  rootPathCost: 20000,
  ports: [port({ role: "root", cost: 20000 }), port({ portNo: 2, role: "master", cost: 20000, boundary: "RSTP" })],
}

const OWN: SpanningTreeView = {
  ...CIST,
  vlans: [20],
  instance: { ...INSTANCE, mstid: 2, vlans: "20", regionalRoot: own(2), isRegionalRoot: true, internalRootPathCost: 0 },
  root: own(2),
  bridge: own(2),
  rootPathCost: 0,
  ports: [],
}

const SWITCH: SwitchTreesView = {
  mode: "mst",
  pathCostMethod: "long",
  region: { name: "FARM", revision: 3, digest: "ac36177f50283cd4b83821d8ab26de62" },
  trees: [CIST, MSTI, OWN],
  vlansWithoutTree: [],
}

const text = (lines: ReadonlyArray<string>): string => lines.join("\n")

const atMost80 = (lines: ReadonlyArray<string>): void => {
  for (const line of lines) assert.isAtMost(line.length, 80, line)
}

const MST1 = `
##### MST1    vlans mapped:   10
Bridge        address 0200.0000.0300  priority      32769 (32768 sysid 1)
Root          address 0200.0000.0200  priority      4097  (4096 sysid 1)
              port    Gi0/1           cost          20000     rem hops 19

Interface        Role Sts Cost      Prio.Nbr Type
---------------- ---- --- --------- -------- --------------------------------
Gi0/1            Root FWD 20000     128.1    P2p
Gi0/2            Mstr FWD 20000     128.2    P2p Bound(RSTP)
`

describe("show spanning-tree mst", () => {
  it("prints every instance", () => {
    const lines = SpanningTreeMst.lines(SWITCH)
    assert.strictEqual(
      text(lines),
      `
##### MST0    vlans mapped:   1-9,11-19,21-4094
Bridge        address 0200.0000.0300  priority      32768 (32768 sysid 0)
Root          address 0200.0000.0100  priority      4096  (4096 sysid 0)
              port    Gi0/1           path cost     40000
Regional Root address 0200.0000.0200  priority      8192  (8192 sysid 0)
                                      internal cost 20000     rem hops 19
Operational   hello time 2 , forward delay 15, max age 20, txholdcount 6
Configured    hello time 1 , forward delay 4 , max age 6 , max hops    20

Interface        Role Sts Cost      Prio.Nbr Type
---------------- ---- --- --------- -------- --------------------------------
Gi0/1            Root FWD 20000     128.1    P2p
Gi0/2            Altn BLK 20000     128.2    P2p Bound(RSTP)
Gi0/3            Desg FWD 20000     128.3    P2p Bound(STP)
Gi0/4            Desg FWD 20000     128.4    P2p Edge
Gi0/5            Desg BKN*20000     128.5    P2p Bound(PVST) *PVST_Inc
${MST1}
##### MST2    vlans mapped:   20
Bridge        address 0200.0000.0300  priority      32770 (32768 sysid 2)
Root          this switch for MST2

Interface        Role Sts Cost      Prio.Nbr Type
---------------- ---- --- --------- -------- --------------------------------
`,
    )
    atMost80(lines)
  })

  it("prints one", () => {
    assert.strictEqual(text(SpanningTreeMst.lines(SWITCH, 1)), MST1)
    assert.deepStrictEqual(SpanningTreeMst.lines(SWITCH, 3), ["", "Spanning tree instance(s) for mst 3 does not exist.", ""])
  })

  it("prints the root of all regions, and a regional root", () => {
    const root = { ...CIST, root: ACCESS.bridge, ports: [] }
    assert.deepStrictEqual(SpanningTreeMst.lines({ ...SWITCH, trees: [root] }).slice(2, 6), [
      "Bridge        address 0200.0000.0300  priority      32768 (32768 sysid 0)",
      "Root          this switch for the CIST",
      "Operational   hello time 2 , forward delay 15, max age 20, txholdcount 6",
      "Configured    hello time 1 , forward delay 4 , max age 6 , max hops    20",
    ])
    const regional = { ...CIST, instance: { ...INSTANCE, isRegionalRoot: true }, ports: [] }
    assert.deepStrictEqual(SpanningTreeMst.lines({ ...SWITCH, trees: [regional] }).slice(3, 6), [
      "Root          address 0200.0000.0100  priority      4096  (4096 sysid 0)",
      "              port    Gi0/1           path cost     40000",
      "Regional Root this switch",
    ])
  })

  it("wraps long lists of VLANs, and says so where none follow", () => {
    const many = Array.from({ length: 30 }, (_, i) => String(1000 + 2 * i)).join(",")
    const lines = SpanningTreeMst.lines({ ...SWITCH, trees: [{ ...OWN, instance: { ...INSTANCE, mstid: 2, vlans: many } }] })
    assert.deepStrictEqual(lines.slice(1, 3), [
      "##### MST2    vlans mapped:   1000,1002,1004,1006,1008,1010,1012,1014",
      "                              1016,1018,1020,1022,1024,1026,1028,1030",
    ])
    atMost80(lines)
    const none = SpanningTreeMst.lines({ ...SWITCH, trees: [{ ...OWN, instance: { ...INSTANCE, mstid: 2, vlans: "" } }] })
    assert.strictEqual(none[1], "##### MST2    vlans mapped:   none")
  })

  it("says so of a switch that knows no regions, and gives machines null", () => {
    const other: SwitchTreesView = { mode: "rstp", pathCostMethod: "long", trees: [ACCESS], vlansWithoutTree: [] }
    assert.deepStrictEqual(SpanningTreeMst.lines(other), ["", "% Switch is not in mst mode", ""])
    assert.deepStrictEqual(SpanningTreeMst.configurationLines(undefined), ["", "% Switch is not in mst mode", ""])
    assert.isNull(SpanningTreeMst.json(other))
    assert.isNull(SpanningTreeMst.configurationJson(other))
  })

  it("gives machines one object an instance", () => {
    const [tree, ...more] = SpanningTreeMst.json(SWITCH, 1) as ReadonlyArray<Record<string, unknown>>
    assert.lengthOf(more, 0)
    assert.strictEqual(tree.name, "MST1")
    assert.deepStrictEqual(tree.instance, {
      mstid: 1,
      vlans: "10",
      regionalRoot: { priority: 8192, address: "02:00:00:00:02:00" },
      isRegionalRoot: false,
      internalRootPathCost: 20000,
      maxHops: 20,
      remainingHops: 19,
    })
  })
})

describe("show spanning-tree mst configuration", () => {
  it("prints the region", () => {
    const lines = SpanningTreeMst.configurationLines(SWITCH)
    assert.strictEqual(
      text(lines),
      `
Name      [FARM]
Revision  3     Instances configured 3
Digest    0xAC36177F50283CD4B83821D8AB26DE62

Instance  Vlans mapped
--------  ---------------------------------------------------------------------
0         1-9,11-19,21-4094
1         10
2         20
-------------------------------------------------------------------------------
`,
    )
    atMost80(lines)
    assert.deepStrictEqual(SpanningTreeMst.configurationLines(SWITCH, true), lines.slice(0, 4).concat(""))
  })

  it("gives machines the same", () => {
    assert.deepStrictEqual(SpanningTreeMst.configurationJson(SWITCH), {
      name: "FARM",
      revision: 3,
      digest: "ac36177f50283cd4b83821d8ab26de62",
      instances: [
        { mstid: 0, vlans: "1-9,11-19,21-4094" },
        { mstid: 1, vlans: "10" },
        { mstid: 2, vlans: "20" },
      ],
    })
  })
})

describe("instances in the other forms", () => {
  it("have their own names, and no ageing time", () => {
    const lines = SpanningTree.lines([MSTI], 10)
    assert.strictEqual(lines[1], "MST1")
    assert.strictEqual(lines[2], "  Spanning tree enabled protocol mstp")
    assert.isFalse(lines.some((line) => line.includes("Aging")))
    assert.include(text(SpanningTreeRoot.lines([CIST, MSTI])), "\nMST Instance           Root ID ")
    assert.include(
      text(SpanningTreeRoot.lines([CIST, MSTI])),
      "\nMST1              4097 0200.0000.0200     20000    2   20  15  Gi0/1\n",
    )
    const summary = SpanningTreeSummary.lines(SWITCH)
    assert.strictEqual(summary[1], "Switch is in mst mode (IEEE Standard)")
    assert.strictEqual(summary.at(-2), "3 msts                        2         0        0          5          7")
    const links = text(SpanningTreeDetail.lines([CIST], 40)).match(/ {3}Link type.*/g)
    assert.deepStrictEqual(links, [
      "   Link type is point-to-point by default, Internal",
      "   Link type is point-to-point by default, Boundary RSTP",
      "   Link type is point-to-point by default, Boundary STP",
      "   Link type is point-to-point by default, Internal",
      "   Link type is point-to-point by default, Boundary PVST",
    ])
  })
})

describe("show spanning-tree mst detail", () => {
  it("prints instances port by port", () => {
    const lines = SpanningTreeMst.lines(SWITCH, 1, true)
    assert.strictEqual(
      text(lines.slice(0, 11)),
      `
##### MST1    vlans mapped:   10
Bridge        address 0200.0000.0300  priority      32769 (32768 sysid 1)
Root          address 0200.0000.0200  priority      4097  (4096 sysid 1)
              port    Gi0/1           cost          20000     rem hops 19

GigabitEthernet0/1 of MST1 is root forwarding
Port info             port id          128.1  priority    128  cost       20000
Designated root       address 0200.0000.0100  priority   4096  cost           4
Designated bridge     address 0200.0000.0300  priority  32768  port id    128.1
Timers: message expires in 0 sec, forward delay 0`,
    )
    assert.strictEqual(lines[11], "Bpdus (MRecords) sent 12, received 0")
    const cist = SpanningTreeMst.lines(SWITCH, 0, true)
    assert.include(cist, "GigabitEthernet0/5 of MST0 is broken (PVST Sim. Inconsistent)")
    assert.include(cist, "Bpdus sent 12, received 0")
    for (const all of [lines, cist]) atMost80(all)
  })
})
