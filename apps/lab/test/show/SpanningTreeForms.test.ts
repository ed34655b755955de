/** The other forms of `show spanning-tree`, each against text written by hand after the familiar form. */
import { assert, describe, it } from "vitest"
import * as InconsistentPorts from "../../src/show/InconsistentPorts.ts"
import * as SpanningTreeBlocked from "../../src/show/SpanningTreeBlocked.ts"
import * as SpanningTreeDetail from "../../src/show/SpanningTreeDetail.ts"
import * as SpanningTreeInterface from "../../src/show/SpanningTreeInterface.ts"
import * as SpanningTreeRoot from "../../src/show/SpanningTreeRoot.ts"
import * as SpanningTreeSummary from "../../src/show/SpanningTreeSummary.ts"
import type { SpanningTreeView, SwitchTreesView } from "../../src/show/SpanningTreeView.ts"
import { ACCESS, address, port, ROOT } from "./views.ts"

const text = (lines: ReadonlyArray<string>): string => lines.join("\n")

const atMost80 = (lines: ReadonlyArray<string>): void => {
  for (const line of lines) assert.isAtMost(line.length, 80, line)
}

describe("show spanning-tree detail", () => {
  const RAPID: SpanningTreeView = {
    ...ACCESS,
    protocol: "rstp",
    transmitHoldCount: 6,
    topologyChange: true,
    timers: { hello: 0, topologyChange: 2, notification: 0 },
    ports: [
      port({
        role: "root",
        designatedCost: 0,
        designatedBridge: ACCESS.root,
        designatedPort: { priority: 128, portNo: 7 },
        messageAge: 6,
        bpdusSent: 3,
        bpdusReceived: 41,
      }),
      port({ portNo: 2, edge: true, linkTypeSet: true, bpdusDiscarded: 2 }),
      port({ portNo: 3, role: "alternate", state: "discarding", pointToPoint: false, peerStp: true, forwardDelay: 14.2 }),
      port({ portNo: 4, state: "discarding", inconsistencies: ["pvid"] }),
    ],
  }

  it("prints a bridge below the root, and its ports", () => {
    const lines = SpanningTreeDetail.lines([RAPID], 368.1)
    assert.strictEqual(
      text(lines),
      `
 VLAN0001 is executing the rstp compatible Spanning Tree protocol
  Bridge Identifier has priority 32768, sysid 0, address 0200.0000.0300
  Configured hello time 1, max age 10, forward delay 7, transmit hold-count 6
  Current root has priority 4096, address 0200.0000.0100
  Root port is 1 (GigabitEthernet0/1), cost of root path is 4
  Topology change flag set, detected flag not set
  Number of topology changes 2 last change occurred 00:05:37 ago
          from GigabitEthernet0/3
  What topology changes cost here, the latest first:
  Ago       From      By           Flushes Forgotten Flooded    Octets  For (s)
  00:05:37  Gi0/3     flag               1        12       2       256    1.250
  00:06:06  -         new-root           0         0       0         0        -
  Times:  hold 1, topology change 35, notification 2
          hello 2, max age 20, forward delay 15
  Timers: hello 0, topology change 2, notification 0, aging 300

 Port 1 (GigabitEthernet0/1) of VLAN0001 is root forwarding
   Port path cost 4, Port priority 128, Port Identifier 128.1.
   Designated root has priority 4096, address 0200.0000.0100
   Designated bridge has priority 4096, address 0200.0000.0100
   Designated port id is 128.7, designated path cost 0
   Timers: message age 6, forward delay 0, hold 0
   Link type is point-to-point by default
   BPDU: sent 3, received 41

 Port 2 (GigabitEthernet0/2) of VLAN0001 is designated forwarding
   Port path cost 4, Port priority 128, Port Identifier 128.2.
   Designated root has priority 4096, address 0200.0000.0100
   Designated bridge has priority 32768, address 0200.0000.0300
   Designated port id is 128.2, designated path cost 4
   Timers: message age 0, forward delay 0, hold 0
   The port is in the portfast edge mode
   Link type is point-to-point
   BPDU: sent 12, received 0, not taken 2

 Port 3 (GigabitEthernet0/3) of VLAN0001 is alternate blocking
   Port path cost 4, Port priority 128, Port Identifier 128.3.
   Designated root has priority 4096, address 0200.0000.0100
   Designated bridge has priority 32768, address 0200.0000.0300
   Designated port id is 128.3, designated path cost 4
   Timers: message age 0, forward delay 15, hold 0
   Link type is shared by default, Peer is STP
   BPDU: sent 12, received 0

 Port 4 (GigabitEthernet0/4) of VLAN0001 is broken (Port VLAN ID Mismatch)
   Port path cost 4, Port priority 128, Port Identifier 128.4.
   Designated root has priority 4096, address 0200.0000.0100
   Designated bridge has priority 32768, address 0200.0000.0300
   Designated port id is 128.4, designated path cost 4
   Timers: message age 0, forward delay 0, hold 0
   Link type is point-to-point by default
   BPDU: sent 12, received 0
`,
    )
    atMost80(lines)
  })

  it("prints a root that has seen no topology change", () => {
    assert.strictEqual(
      text(SpanningTreeDetail.lines([ROOT], 40)),
      `
 VLAN0010 is executing the ieee compatible Spanning Tree protocol
  Bridge Identifier has priority 24576, sysid 10, address 0200.0000.0100
  Configured hello time 2, max age 20, forward delay 15
  We are the root of the spanning tree
  Topology change flag not set, detected flag not set
  Number of topology changes 0
  Times:  hold 1, topology change 35, notification 2
          hello 2, max age 20, forward delay 15
  Timers: hello 0, topology change 0, notification 0, aging 15
`,
    )
  })

  it("says so where no tree runs", () => {
    assert.deepStrictEqual(SpanningTreeDetail.lines([], 0, 30), ["", "Spanning tree instance(s) for vlan 30 does not exist.", ""])
  })
})

describe("show spanning-tree root", () => {
  it("prints a line a tree", () => {
    const lines = SpanningTreeRoot.lines([ACCESS, ROOT])
    assert.strictEqual(
      text(lines),
      `
                                           Root Hello Max Fwd
Vlan                   Root ID             Cost  Time Age Dly  Root Port
---------------- -------------------- --------- ----- --- ---  ------------
VLAN0001          4096 0200.0000.0100         4    2   20  15  Gi0/1
VLAN0010         24586 0200.0000.0100         0    2   20  15
`,
    )
    atMost80(lines)
  })

  it("gives machines the same", () => {
    assert.deepStrictEqual(SpanningTreeRoot.json([ACCESS, ROOT], 10)[1], {
      name: "VLAN0010",
      vlans: [10],
      root: { priority: 24586, address: "02:00:00:00:01:00" },
      isRoot: true,
      rootPathCost: 0,
      times: { helloTime: 2, maxAge: 20, forwardDelay: 15 },
      rootPort: null,
    })
  })
})

describe("show spanning-tree summary", () => {
  const SWITCH: SwitchTreesView = { mode: "rapid-pvst", pathCostMethod: "short", trees: [ACCESS, ROOT], vlansWithoutTree: [] }

  it("counts ports by state", () => {
    const lines = SpanningTreeSummary.lines(SWITCH)
    assert.strictEqual(
      text(lines),
      `
Switch is in rapid-pvst mode
Root bridge for: VLAN0010
Extended system ID                      is enabled
Portfast Default                        is disabled
PortFast BPDU Guard Default             is disabled
Portfast BPDU Filter Default            is disabled
Loopguard Default                       is disabled
Bridge Assurance                        is disabled
UplinkFast                              is disabled
BackboneFast                            is disabled
Configured Pathcost method used is short

Name                   Blocking Listening Learning Forwarding STP Active
---------------------- -------- --------- -------- ---------- ----------
VLAN0001                      2         1        1          1          5
VLAN0010                      0         0        0          0          0
---------------------- -------- --------- -------- ---------- ----------
2 vlans                       2         1        1          1          5
`,
    )
    atMost80(lines)
  })

  it("names the VLANs that have no tree", () => {
    const lines = SpanningTreeSummary.lines({ ...SWITCH, vlansWithoutTree: [30, 129, 130, 131] })
    assert.include(lines, "No spanning tree instance for VLAN: 30, 129-131")
  })

  it("wraps a long list of trees whose root the switch is", () => {
    const own = { priority: 0, address: address("0200.0000.0100") }
    const trees = Array.from({ length: 8 }, (_, i): SpanningTreeView => ({ ...ROOT, vlans: [i + 1], root: own, bridge: own }))
    const lines = SpanningTreeSummary.lines({ ...SWITCH, trees })
    assert.deepStrictEqual(lines.slice(2, 4), [
      "Root bridge for: VLAN0001, VLAN0002, VLAN0003, VLAN0004, VLAN0005, VLAN0006",
      "                 VLAN0007, VLAN0008",
    ])
    atMost80(lines)
  })

  it("says so of a switch that is root of nothing, and of one that runs nothing", () => {
    assert.strictEqual(SpanningTreeSummary.lines({ ...SWITCH, mode: "stp", trees: [ACCESS] })[2], "Root bridge for: none")
    assert.strictEqual(
      SpanningTreeSummary.lines({ ...SWITCH, mode: "stp", trees: [ACCESS] })[3],
      "Extended system ID                      is disabled",
    )
    assert.deepStrictEqual(SpanningTreeSummary.lines(undefined), ["", "No spanning tree instance exists.", ""])
    assert.isNull(SpanningTreeSummary.json(undefined))
  })

  it("gives machines the same", () => {
    assert.deepStrictEqual(SpanningTreeSummary.json(SWITCH), {
      mode: "rapid-pvst",
      extendedSystemId: true,
      pathCostMethod: "short",
      guards: null,
      rootBridgeFor: ["VLAN0010"],
      trees: [
        { name: "VLAN0001", vlans: [1, 10, 20], isRoot: false, blocking: 2, listening: 1, learning: 1, forwarding: 1, active: 5 },
        { name: "VLAN0010", vlans: [10], isRoot: true, blocking: 0, listening: 0, learning: 0, forwarding: 0, active: 0 },
      ],
      total: { blocking: 2, listening: 1, learning: 1, forwarding: 1, active: 5 },
      vlansWithoutTree: [],
    })
  })
})

describe("show spanning-tree inconsistentports", () => {
  const BROKEN: SpanningTreeView = {
    ...ROOT,
    ports: [port({}), port({ portNo: 2, inconsistencies: ["pvid"] }), port({ portNo: 3, inconsistencies: ["pvid", "type"] })],
  }

  it("prints a line for each reason", () => {
    const lines = InconsistentPorts.lines([ACCESS, BROKEN])
    assert.strictEqual(
      text(lines),
      `
Name                 Interface                Inconsistency
-------------------- ------------------------ ------------------
VLAN0010             GigabitEthernet0/2       Port VLAN ID Mismatch
VLAN0010             GigabitEthernet0/3       Port VLAN ID Mismatch
VLAN0010             GigabitEthernet0/3       Port Type Inconsistent

Number of inconsistent ports (segments) in the system : 3
`,
    )
    atMost80(lines)
  })

  it("prints an empty table where nothing is wrong, and gives machines a list", () => {
    assert.include(text(InconsistentPorts.lines([ACCESS])), "in the system : 0")
    assert.deepStrictEqual(InconsistentPorts.json([ACCESS]), [])
    assert.deepStrictEqual(InconsistentPorts.json([BROKEN])[0], {
      name: "VLAN0010",
      interface: "GigabitEthernet0/2",
      inconsistency: "pvid",
    })
  })
})

describe("show spanning-tree interface", () => {
  const EDGE = { portNo: 1, edge: true, guards: { network: false, bpduGuard: "default", loopGuard: "on" } } as const
  const TREES: ReadonlyArray<SpanningTreeView> = [
    { ...ROOT, ports: [port(EDGE), port({ portNo: 2 })] },
    { ...ROOT, vlans: [20], ports: [port({ ...EDGE, edge: false, state: "discarding", inconsistencies: ["root"] })] },
    { ...ROOT, vlans: [30], ports: [port({ portNo: 2, state: "discarding", role: "alternate" })] },
  ]

  it("prints the port in each tree that it is of", () => {
    const lines = SpanningTreeInterface.lines(TREES, "GigabitEthernet0/1", "table")
    assert.strictEqual(
      text(lines),
      `
Vlan                Role Sts Cost      Prio.Nbr Type
------------------- ---- --- --------- -------- --------------------------------
VLAN0010            Desg FWD 4         128.1    P2p Edge
VLAN0020            Desg BKN*4         128.1    P2p *ROOT_Inc
`,
    )
    atMost80(lines)
  })

  it("in detail, and whether it is an edge", () => {
    const detail = text(SpanningTreeInterface.lines(TREES, "GigabitEthernet0/1", "detail"))
    assert.include(detail, " Port 1 (GigabitEthernet0/1) of VLAN0010 is designated forwarding\n")
    assert.include(detail, "   The port is in the portfast edge mode\n")
    assert.include(detail, "   Bpdu guard is enabled by default\n   Loop guard is enabled on the port\n")
    assert.include(detail, " Port 1 (GigabitEthernet0/1) of VLAN0020 is broken (Root Inconsistent)\n")
    assert.strictEqual(
      text(SpanningTreeInterface.lines(TREES, "GigabitEthernet0/1", "portfast")),
      "VLAN0010         enabled\nVLAN0020         disabled\n",
    )
  })

  it("says so where the port is in no tree, and for machines names the trees", () => {
    assert.deepStrictEqual(SpanningTreeInterface.lines(TREES, "GigabitEthernet0/9", "detail"), [
      "no spanning tree info available for GigabitEthernet0/9",
      "",
    ])
    assert.deepStrictEqual(
      SpanningTreeInterface.json(TREES, "GigabitEthernet0/2").map((each) => (each as { readonly name: string }).name),
      ["VLAN0010", "VLAN0030"],
    )
  })
})

describe("show spanning-tree blockedports", () => {
  it("lists the ports of each tree that blocks any, and counts them", () => {
    const lines = SpanningTreeBlocked.lines([
      ACCESS,
      ROOT,
      { ...ROOT, vlans: [20], ports: Array.from({ length: 12 }, (_, i) => port({ portNo: 11 + i, state: "discarding" })) },
    ])
    assert.strictEqual(
      text(lines),
      `
Name                 Blocked Interfaces List
-------------------- ------------------------------------
VLAN0001             Gi0/2, Et0/4
VLAN0020             Gi0/11, Gi0/12, Gi0/13, Gi0/14, Gi0/15, Gi0/16, Gi0/17
                     Gi0/18, Gi0/19, Gi0/20, Gi0/21, Gi0/22

Number of blocked ports (segments) in the system : 14
`,
    )
    atMost80(lines)
    assert.deepStrictEqual(SpanningTreeBlocked.json([ACCESS, ROOT]), [
      { name: "VLAN0001", vlans: [1, 10, 20], interfaces: ["Gi0/2", "Et0/4"] },
    ])
  })
})
