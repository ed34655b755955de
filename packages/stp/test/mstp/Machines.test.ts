/** The machines of 802.1Q-2005 clause 13 on one bridge: what a BPDU of its region, of another one, or of an older bridge does in each tree. */
import { assert, describe, it } from "@effect/vitest"
import * as Columns from "../../src/Columns.ts"
import * as Query from "../../src/mstp/Query.ts"
import type { MstpConfig } from "../../src/mstp/Settings.ts"
import { BETTER, config, OWN, WORSE } from "../stp1998/Bridge.ts"
import { rst } from "../rstp2004/Bridge.ts"
import { answer, Bridge, foreign, mst, REGION } from "./Bridge.ts"

const TREES = [0, 1, 2]

/** A bridge between a root on port 0 and a worse neighbour on port 1, all forwarding, whose topology changes are over. */
const settled = (settings: MstpConfig = {}): Bridge => {
  const bridge = new Bridge(settings)
  for (const at of [0.1, 2, 4, 6, 8, 10, 12]) {
    bridge.until(at)
    bridge.receive(0, mst())
    bridge.receive(1, answer({}, {}, BETTER))
  }
  for (const mstid of TREES) {
    assert.deepEqual(bridge.tree(mstid).slice(0, 2), ["Root forwarding", "Designated forwarding"])
    assert.isFalse(Query.isTopologyChanging(bridge.state, mstid))
  }
  bridge.actions.flushed = []
  bridge.actions.take()
  return bridge
}

describe("within the region", () => {
  it("the bridge of a silent network is root of all trees, and an edge after 3 s", () => {
    const bridge = new Bridge()
    bridge.until(4.6)
    for (const mstid of TREES) assert.deepEqual(bridge.tree(mstid), Array(3).fill("Designated forwarding"))
    assert.isTrue(bridge.port(0).operEdge)
    assert.isFalse(bridge.port(0).isBoundary)
  })

  it("one BPDU speaks of all trees, and each takes its own part", () => {
    const bridge = new Bridge()
    bridge.receive(0, mst({}, { 1: {}, 2: { regionalRootAddress: WORSE } }))
    assert.deepEqual(
      TREES.map((mstid) => bridge.port(0, mstid).role),
      ["Root", "Root", "Designated"],
    )
    const said = bridge.said(1)
    assert.strictEqual(said.mstis.length, 2)
    assert.deepEqual([said.rootAddress, said.bridgeAddress, said.cistBridgeAddress], [BETTER, BETTER, OWN])
    assert.strictEqual(said.internalRootPathCost, 20_000)
    assert.strictEqual(said.remainingHops, 19)
    assert.deepEqual(
      said.mstis.map((msti) => [
        msti.regionalRootAddress,
        msti.regionalRootPriority,
        msti.internalRootPathCost,
        msti.remainingHops,
      ]),
      [
        [BETTER, 32_769, 20_000, 19],
        [OWN, 32_770, 0, 20],
      ],
    )
  })

  it("a proposal in one tree is agreed to in that tree, at once when nothing else forwards there", () => {
    const bridge = new Bridge()
    bridge.receive(0, mst({ proposal: true }, { 1: { proposal: true }, 2: {} }))
    const said = bridge.said(0)
    assert.isTrue(said.agreement)
    assert.strictEqual(said.role, "root")
    assert.deepEqual(
      said.mstis.map(({ agreement }) => agreement),
      [true, true],
    )
    for (const mstid of TREES) assert.strictEqual(bridge.port(0, mstid).state, "forwarding")
  })

  it("an agreement counts for an MSTI only if both speak of the same CIST root and regional root (13.26.7)", () => {
    const agreed = (bridge: Bridge): ReadonlyArray<boolean> => TREES.map((mstid) => bridge.port(1, mstid).agreed)
    const same = new Bridge()
    same.receive(1, answer())
    assert.deepEqual(agreed(same), [true, true, true])
    const other = new Bridge()
    other.receive(1, answer({ bridgeAddress: WORSE }))
    assert.deepEqual(agreed(other), [true, false, false])
    const shared = new Bridge({}, [])
    shared.link(1, true, false)
    shared.receive(1, answer())
    assert.deepEqual(agreed(shared), [false, false, false])
  })

  it("a worse designated bridge that learns is in dispute, tree by tree (13.26.8)", () => {
    const bridge = new Bridge()
    bridge.until(4.6)
    bridge.receive(
      1,
      mst(
        { rootAddress: WORSE, cistBridgeAddress: WORSE, bridgeAddress: WORSE, learning: false },
        { 1: { regionalRootAddress: WORSE }, 2: { regionalRootAddress: WORSE, learning: false } },
      ),
    )
    assert.deepEqual(
      TREES.map((mstid) => bridge.port(1, mstid).state),
      ["forwarding", "discarding", "forwarding"],
    )
  })

  it("information lives as long as hops remain in its own tree (13.26.22)", () => {
    const bridge = new Bridge()
    bridge.receive(0, mst({ remainingHops: 20 }, { 1: { remainingHops: 1 }, 2: { remainingHops: 2 } }))
    assert.deepEqual(
      TREES.map((mstid) => bridge.port(0, mstid).role),
      ["Root", "Designated", "Root"],
    )
    assert.strictEqual(bridge.said(1).mstis[1].remainingHops, 1)
  })

  it("an MSTI that the BPDU no longer mentions is forgotten after three hellos", () => {
    const bridge = new Bridge()
    bridge.receive(0, mst())
    assert.strictEqual(bridge.port(0, 2).role, "Root")
    for (const at of [2, 4, 6, 8]) {
      bridge.until(at)
      bridge.receive(0, mst({}, { 1: {} }))
    }
    assert.deepEqual(
      TREES.map((mstid) => bridge.port(0, mstid).role),
      ["Root", "Root", "Designated"],
    )
  })

  it("a topology change is one of its tree alone", () => {
    const bridge = settled()
    bridge.receive(1, answer({}, { topologyChange: true }, BETTER))
    assert.deepEqual([...new Set(bridge.actions.flushed.map(([, tree]) => tree))], [1, 2])
    const said = bridge.said(0)
    assert.deepEqual([said.topologyChange, ...said.mstis.map((msti) => msti.topologyChange)], [false, true, true])
  })

  it("a port that may not pass topology changes on keeps them (13.24 i))", () => {
    const bridge = settled({ ports: [{}, { restrictedTcn: true }] })
    bridge.receive(1, answer({ topologyChange: true }, { topologyChange: true }, BETTER))
    assert.deepEqual(bridge.actions.flushed, [])
  })

  it("a port that may not be the way to the root is an alternate one (13.24 h))", () => {
    const bridge = new Bridge({ ports: [{ restrictedRole: true }] })
    bridge.receive(0, mst())
    for (const mstid of TREES) assert.strictEqual(bridge.port(0, mstid).role, "Alternate")
  })
})

describe("at the edge of the region", () => {
  it("the way to the CIST root is the Master Port of every MSTI, and costs what the outside costs", () => {
    const bridge = new Bridge()
    bridge.receive(0, foreign({ rootPathCost: 5, internalRootPathCost: 77 }))
    assert.deepEqual(
      TREES.map((mstid) => bridge.port(0, mstid).role),
      ["Root", "Master", "Master"],
    )
    const cist = Query.snapshot(bridge.state, 0)
    assert.deepEqual([cist.rootPathCost, cist.internalRootPathCost], [20_005, 0])
    assert.isTrue(cist.isRegionalRoot)
    assert.isTrue(bridge.port(0).isBoundary)
  })

  it("MSTIs follow the CIST from Master to Alternate and back, and away when the neighbour joins the region", () => {
    const bridge = new Bridge()
    bridge.receive(0, rst())
    assert.strictEqual(bridge.port(0, 1).role, "Master")
    bridge.receive(1, rst({ rootPathCost: 0, portIdentifier: 0x8002, bridgeAddress: BETTER - 1 }))
    assert.deepEqual([bridge.port(0, 1).role, bridge.port(1, 1).role], ["Alternate", "Master"])
    const now = { bridgeAddress: BETTER - 1, cistBridgeAddress: BETTER - 1, portIdentifier: 0x8002 }
    bridge.receive(1, mst(now, { 1: { regionalRootAddress: WORSE }, 2: {} }))
    assert.deepEqual(
      TREES.map((mstid) => bridge.port(1, mstid).role),
      ["Root", "Designated", "Root"],
    )
  })

  it("what others say of the MSTI on a LAN of another region counts for nothing", () => {
    const bridge = new Bridge({}, [])
    bridge.link(0, true, false)
    bridge.receive(0, rst({ rootAddress: BETTER - 1 }))
    bridge.receive(0, mst({ role: "alternate", rootAddress: BETTER - 1 }))
    const before = bridge.state.lastChangeAt[1]
    for (const at of [1, 2, 3]) {
      bridge.until(at)
      bridge.receive(0, rst({ rootAddress: BETTER - 1 }))
      bridge.receive(0, mst({ rootAddress: WORSE, bridgeAddress: WORSE, role: "designated" }))
      assert.strictEqual(bridge.port(0, 1).role, "Master")
    }
    assert.strictEqual(bridge.state.lastChangeAt[1], before)
  })

  it("a proposal, an agreement, a dispute and a topology change from outside are those of all trees", () => {
    const proposed = new Bridge()
    proposed.receive(0, rst({ proposal: true }))
    for (const mstid of TREES) assert.strictEqual(proposed.port(0, mstid).state, "forwarding")

    const agreed = new Bridge()
    agreed.receive(1, rst({ rootAddress: OWN, bridgeAddress: WORSE, rootPathCost: 20_000, role: "root", agreement: true }))
    for (const mstid of TREES) assert.isTrue(agreed.port(1, mstid).agreed)

    const disputed = new Bridge()
    disputed.until(4.6)
    disputed.receive(1, rst({ rootAddress: WORSE }))
    for (const mstid of TREES) assert.strictEqual(disputed.port(1, mstid).state, "discarding")

    const changed = settled()
    changed.receive(1, rst({ rootAddress: WORSE, bridgeAddress: WORSE, role: "root", topologyChange: true }))
    assert.deepEqual([...new Set(changed.actions.flushed.map(([, tree]) => tree))].sort(), TREES)
  })

  it("a region is one bridge to the age of information, and begins with all hops", () => {
    const bridge = new Bridge()
    bridge.receive(0, foreign({ messageAge: 3 * 256, remainingHops: 2 }))
    const said = bridge.said(1)
    assert.deepEqual([said.messageAge, said.remainingHops], [4 * 256, 20])
    const inside = new Bridge()
    inside.receive(0, mst({ messageAge: 3 * 256, remainingHops: 9 }))
    const passed = inside.said(1)
    assert.deepEqual([passed.messageAge, passed.remainingHops], [3 * 256, 8])
  })

  it("the Master Port is told of to the region, by those that lead to it (13.24.5)", () => {
    const bridge = new Bridge()
    bridge.receive(0, rst())
    assert.deepEqual(
      bridge.said(1).mstis.map(({ master }) => master),
      [true, true],
    )
    const next = new Bridge()
    next.receive(0, mst({}, { 1: { master: true }, 2: {} }))
    assert.deepEqual(
      next.said(1).mstis.map(({ master }) => master),
      [true, false],
    )
  })

  it("a neighbour of the region that has the very same vector as one from outside makes the way an internal one", () => {
    const bridge = new Bridge()
    const vector = { rootPathCost: 0, internalRootPathCost: 0, bridgeAddress: BETTER, cistBridgeAddress: BETTER }
    bridge.receive(0, foreign(vector))
    assert.deepEqual([bridge.port(0).infoInternal, bridge.port(0, 1).role], [false, "Master"])
    bridge.receive(0, mst(vector))
    assert.deepEqual([bridge.port(0).infoInternal, bridge.port(0, 1).role], [true, "Root"])
    assert.deepEqual(
      [Query.snapshot(bridge.state, 0).rootPathCost, Query.snapshot(bridge.state, 0).internalRootPathCost],
      [0, 20_000],
    )
  })
})

describe("beside bridges of 802.1D-1998", () => {
  it("speaks as its own regional root to them, with Configuration BPDUs", () => {
    const bridge = new Bridge()
    bridge.receive(0, mst())
    bridge.until(3.6)
    bridge.receive(1, config({ rootAddress: WORSE, bridgeAddress: WORSE }))
    bridge.until(6)
    const said = bridge.sent(1).findLast((bpdu) => bpdu.kind === "config")!
    assert.strictEqual(said.kind, "config")
    assert.strictEqual(said.kind === "config" && said.bridgeAddress, OWN)
    assert.isTrue(bridge.port(1).isBoundary)
    assert.isFalse(bridge.port(1).sendRSTP)
  })

  it("two ports on one such LAN: the lower one is designated, the other a backup", () => {
    const bridge = new Bridge()
    bridge.receive(0, mst())
    bridge.until(3.6)
    const stranger = config({ rootAddress: WORSE, bridgeAddress: WORSE })
    for (const port of [1, 2]) bridge.receive(port, stranger)
    bridge.until(8)
    const says = (portIdentifier: number) =>
      config({ rootAddress: BETTER, bridgeAddress: OWN, rootPathCost: 0, portIdentifier, messageAge: 0 })
    bridge.receive(0, mst())
    bridge.receive(2, says(0x8002))
    bridge.receive(1, says(0x8003))
    assert.deepEqual([bridge.port(1).role, bridge.port(2).role], ["Designated", "Backup"])
    for (const mstid of [1, 2]) assert.strictEqual(bridge.port(2, mstid).role, "Backup")
  })

  it("a notification is one of every tree, and is acknowledged", () => {
    const bridge = new Bridge()
    bridge.receive(0, mst())
    bridge.until(3.6)
    bridge.receive(1, config({ rootAddress: WORSE, bridgeAddress: WORSE }))
    for (let at = 4; at <= 44; at += 2) {
      bridge.until(at)
      bridge.receive(0, mst())
      if (at % 10 === 0) bridge.receive(1, config({ rootAddress: WORSE, bridgeAddress: WORSE, messageAge: 20 * 256 }))
    }
    for (const mstid of TREES) assert.strictEqual(bridge.port(1, mstid).state, "forwarding")
    bridge.actions.take()
    bridge.receive(1, { protocol: "bpdu", kind: "tcn" })
    bridge.until(46)
    const acknowledgment = bridge.actions.sent.filter(({ port }) => port === 1).map(({ bpdu }) => bpdu)
    assert.isTrue(acknowledgment.some((bpdu) => bpdu.kind === "config" && bpdu.topologyChangeAcknowledgment))
    const said = bridge.said(0)
    assert.deepEqual([said.topologyChange, ...said.mstis.map((msti) => msti.topologyChange)], [true, true, true])
  })
})

describe("management", () => {
  it("another region begins anew with other trees, and takes its own settings along", () => {
    const bridge = new Bridge({ mstis: { 5: { priority: 4096, ports: [{ internalPathCost: 7 }] } } })
    bridge.receive(0, mst())
    bridge.command({ type: "stp.set-region", region: { name: "other", instances: { 5: [[10, 10]] } } })
    assert.deepEqual(Query.mstidsOf(bridge.state), [0, 5])
    assert.strictEqual(Query.snapshot(bridge.state, 1).bridge.priority, 4096 + 5)
    assert.strictEqual(bridge.port(0, 5).internalCost, 7)
    assert.deepEqual([10, 20].map(bridge.actions.treeOfVlan), [1, 0])
    assert.deepEqual(bridge.tree(5), Array(3).fill("Designated discarding"))
    bridge.receive(0, mst())
    assert.strictEqual(bridge.port(0, 5).role, "Master")
  })

  it("forced to version 2 it speaks RST BPDUs and is a region of its own", () => {
    const bridge = new Bridge({ forceProtocolVersion: 2 })
    bridge.receive(0, mst())
    assert.strictEqual(bridge.sent(1).at(-1)!.kind, "rst")
    assert.strictEqual(bridge.port(0, 1).role, "Master")
  })

  it("forced to version 0 it speaks Configuration BPDUs and waits max age and forward delay, as the figure has it", () => {
    const bridge = new Bridge({ forceProtocolVersion: 0 })
    bridge.until(34)
    assert.strictEqual(bridge.tree()[0], "Designated learning")
    bridge.until(36)
    for (const mstid of TREES) assert.strictEqual(bridge.tree(mstid)[0], "Designated forwarding")
    assert.isTrue(bridge.sent(1).every((bpdu) => bpdu.kind === "config"))
  })

  it("costs, priorities and port priorities of an MSTI move that tree alone", () => {
    const bridge = new Bridge()
    bridge.receive(0, mst())
    bridge.receive(1, mst({ portIdentifier: 0x8002 }))
    assert.deepEqual(
      TREES.map((mstid) => bridge.port(0, mstid).role),
      ["Root", "Root", "Root"],
    )
    bridge.command({ type: "stp.set-path-cost", msti: 1, port: 1, cost: 5 })
    assert.deepEqual(
      TREES.map((mstid) => bridge.port(1, mstid).role),
      ["Alternate", "Root", "Alternate"],
    )
    bridge.command({ type: "stp.set-bridge-priority", msti: 2, priority: 0 })
    assert.deepEqual(
      TREES.map((mstid) => bridge.port(1, mstid).role),
      ["Alternate", "Root", "Designated"],
    )
    bridge.command({ type: "stp.set-port-priority", msti: 2, port: 1, priority: 16 })
    assert.strictEqual(bridge.port(1, 2).portIdentifier, 0x1002)
    assert.strictEqual(bridge.said(1).mstis[1].portPriority, 16)
    bridge.command({ type: "stp.set-path-cost", port: 0, cost: 9, external: true })
    assert.strictEqual(bridge.port(0).cost, 9)
  })

  it("a region with more MSTIs than there is room for is a fault of the caller", () => {
    const instances = Object.fromEntries([1, 2, 3, 4].map((mstid) => [mstid, [[mstid, mstid]] as const]))
    assert.throws(() => new Bridge({ region: { instances } }), /room for 3/)
  })
})

describe("what is not taken", () => {
  it("its own words, the too old, the tagged and the malformed are counted by reason", () => {
    const bridge = new Bridge()
    bridge.receive(0, mst({ cistBridgeAddress: OWN, portIdentifier: 0x8001 }))
    bridge.receive(0, config({ messageAge: 20 * 256 }))
    bridge.receive(0, mst(), 10)
    bridge.receive(0, new Uint8Array(3))
    bridge.receive(0, Uint8Array.of(0, 1, 3, 2, 0))
    bridge.link(1, false)
    bridge.receive(1, mst())
    assert.deepEqual(bridge.port(0).discardedByReason, { own: 1, "too-old": 1, tagged: 1, truncated: 1, "bad-protocol": 1 })
    assert.deepEqual(bridge.port(1).discardedByReason, { "port-disabled": 1 })
    assert.strictEqual(bridge.port(0).role, "Designated")
  })

  it("of the age that ends it only where ages count: within a region hops do", () => {
    const bridge = new Bridge()
    bridge.receive(0, mst({ messageAge: 20 * 256 }))
    assert.deepEqual([bridge.port(0).discardedByReason, bridge.port(0).role], [{}, "Root"])
    bridge.receive(1, foreign({ messageAge: 20 * 256 }))
    assert.deepEqual([bridge.port(1).discardedByReason, bridge.port(1).role], [{ expired: 1 }, "Designated"])
  })

  it("MSTIs that the bridge has not, and Master roles, change nothing", () => {
    const bridge = new Bridge()
    bridge.receive(0, mst({}, { 1: { role: "unknown" }, 3: {} }))
    assert.deepEqual(
      TREES.map((mstid) => bridge.port(0, mstid).role),
      ["Root", "Designated", "Designated"],
    )
  })
})

describe("the state", () => {
  it("copies: what happens to one bridge does not to its twin", () => {
    const bridge = new Bridge()
    bridge.receive(0, mst())
    const twin = Columns.copy(bridge.state)
    bridge.command({ type: "stp.set-region", region: { ...REGION, revision: 9 } })
    bridge.command({ type: "stp.set-bridge-priority", msti: 1, priority: 0 })
    assert.strictEqual(twin.configurationId.revision, 7)
    assert.strictEqual(twin.settings[1].priority, 32_768)
    assert.strictEqual(Query.roleOf(twin, 1, 0), "Root")
  })
})
