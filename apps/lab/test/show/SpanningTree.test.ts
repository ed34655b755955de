import { assert, describe, it } from "vitest"
import * as SpanningTree from "../../src/show/SpanningTree.ts"
import type { SpanningTreeView } from "../../src/show/SpanningTreeView.ts"
import { ACCESS, port, ROOT } from "./views.ts"

const ACCESS_TEXT = `
VLAN0001
  Spanning tree enabled protocol ieee
  Root ID    Priority    4096
             Address     0200.0000.0100
             Cost        4
             Port        1 (GigabitEthernet0/1)
             Hello Time   2 sec  Max Age 20 sec  Forward Delay 15 sec

  Bridge ID  Priority    32768  (priority 32768 sys-id-ext 0)
             Address     0200.0000.0300
             Hello Time   1 sec  Max Age 10 sec  Forward Delay 7 sec
             Aging Time  300 sec

Interface           Role Sts Cost      Prio.Nbr Type
------------------- ---- --- --------- -------- --------------------------------
Gi0/1               Root FWD 4         128.1    P2p
Gi0/2               Altn BLK 4         128.2    P2p
Fa0/3               Desg LRN 19        64.3     Shr
Et0/4               Back BLK 100       128.4    Shr
Fou0/1001           Desg LIS 200000000 240.1001 P2p
`

const ROOT_TEXT = `
VLAN0010
  Spanning tree enabled protocol ieee
  Root ID    Priority    24586
             Address     0200.0000.0100
             This bridge is the root
             Hello Time   2 sec  Max Age 20 sec  Forward Delay 15 sec

  Bridge ID  Priority    24586  (priority 24576 sys-id-ext 10)
             Address     0200.0000.0100
             Hello Time   2 sec  Max Age 20 sec  Forward Delay 15 sec
             Aging Time  15 sec

Interface           Role Sts Cost      Prio.Nbr Type
------------------- ---- --- --------- -------- --------------------------------
`

const text = (lines: ReadonlyArray<string>): string => lines.join("\n")

describe("show spanning-tree", () => {
  it("prints a bridge below the root", () => {
    assert.strictEqual(text(SpanningTree.lines([ACCESS])), ACCESS_TEXT)
  })

  it("prints the root", () => {
    assert.strictEqual(text(SpanningTree.lines([ROOT])), ROOT_TEXT)
  })

  it("prints the states and types of rapid spanning tree", () => {
    const view: SpanningTreeView = {
      ...ROOT,
      protocol: "rstp",
      ports: [
        port({ edge: true }),
        port({ portNo: 2, interface: "Gi0/2", peerStp: true }),
        port({ portNo: 3, interface: "Gi0/3", pointToPoint: false, role: "backup", state: "discarding" }),
        port({ portNo: 4, interface: "Gi0/4", pointToPoint: false, edge: true, state: "discarding" }),
        port({ portNo: 5, state: "discarding", inconsistencies: ["pvid", "type"] }),
        port({ portNo: 6, state: "discarding", cost: 200000000, peerStp: true, inconsistencies: ["type"] }),
      ],
    }
    const expected = `${ROOT_TEXT.replace("protocol ieee", "protocol rstp")}Gi0/1               Desg FWD 4         128.1    P2p Edge
Gi0/2               Desg FWD 4         128.2    P2p Peer(STP)
Gi0/3               Back BLK 4         128.3    Shr
Gi0/4               Desg BLK 4         128.4    Shr Edge
Gi0/5               Desg BKN*4         128.5    P2p *PVID_Inc *TYPE_Inc
Gi0/6               Desg BKN*200000000 128.6    P2p Peer(STP) *TYPE_Inc
`
    assert.strictEqual(text(SpanningTree.lines([view])), expected)
  })

  it("names the block after the VLAN that was asked for, if the tree carries it", () => {
    assert.strictEqual(text(SpanningTree.lines([ACCESS], 20)), ACCESS_TEXT.replace("VLAN0001", "VLAN0020"))
    assert.deepStrictEqual(SpanningTree.lines([ACCESS], 30), ["", "Spanning tree instance(s) for vlan 30 does not exist.", ""])
  })

  it("says so where no spanning tree runs", () => {
    assert.deepStrictEqual(SpanningTree.lines([]), ["", "No spanning tree instance exists.", ""])
  })

  it("keeps to 80 columns with the longest names and numbers", () => {
    for (const line of SpanningTree.lines([ACCESS, ROOT])) assert.isAtMost(line.length, 80, line)
  })

  it("gives machines text addresses, null for what is absent, and isRoot", () => {
    const [access, root] = SpanningTree.json([ACCESS, ROOT]) as ReadonlyArray<Record<string, unknown>>
    assert.deepStrictEqual(access.root, { priority: 4096, address: "02:00:00:00:01:00" })
    assert.strictEqual(access.isRoot, false)
    assert.deepStrictEqual(access.rootPort, { portNo: 1, name: "GigabitEthernet0/1", interface: "Gi0/1" })
    assert.strictEqual(root.isRoot, true)
    assert.isNull(root.rootPort)
    assert.isNull(root.lastTopologyChangeAt)
    assert.deepStrictEqual(JSON.parse(JSON.stringify(access)), access)
  })
})
