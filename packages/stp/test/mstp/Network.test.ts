/** Networks of regions: trees of their own inside, one bridge to those outside. */
import { assert, describe, it } from "@effect/vitest"
import { addressOf, region, RegionLan } from "./RegionLan.ts"

const priority = (mstid: number) => ({ mstis: { [mstid]: { priority: 4096 } } })

describe("a region of three bridges in a ring", () => {
  const ring = () =>
    new RegionLan([{ lans: [0, 2] }, { lans: [0, 1], config: priority(1) }, { lans: [1, 2], config: priority(2) }])

  it("has a tree for each instance, which forwards within a second of a cold start", () => {
    const lan = ring()
    lan.run(2)
    assert.deepEqual(
      [0, 1, 2].map((mstid) => lan.tree(0, mstid).root.address),
      [addressOf(0), addressOf(1), addressOf(2)],
    )
    assert.deepEqual(lan.describe(2, 0), ["Alternate discarding", "Root forwarding"])
    assert.deepEqual(lan.describe(2, 1), ["Root forwarding", "Alternate discarding"])
    assert.deepEqual(lan.describe(2, 2), ["Designated forwarding", "Designated forwarding"])
    lan.run(30)
    assert.isBelow(lan.lastChangeSince(0), 1)
  })

  it("loses a cable: the trees that went by it go another way within a second, the others do not notice", () => {
    const lan = ring()
    lan.run(20)
    const at = lan.simulation.now
    lan.plug(2, 1, false)
    lan.plug(0, 1, false)
    lan.run(20)
    assert.isBelow(lan.lastChangeSince(at), 1)
    for (const mstid of [0, 1, 2]) assert.include(lan.describe(2, mstid)[0], "forwarding")
    assert.deepEqual(lan.describe(1, 1), ["Designated forwarding", "Designated forwarding"])
  })
})

describe("two regions", () => {
  // b0 is the CIST root, in the west. The east has two ways there; b2's is the better one.
  const two = () =>
    new RegionLan([
      { lans: [0, 1], region: "west" },
      { lans: [1, 2, 4], config: priority(1) },
      { lans: [0, 2], config: { ...priority(2), ports: [{ externalPathCost: 10_000 }] } },
    ])

  it("meet in the CIST: to MSTIs its root port is the Master Port, and the region's other way blocks in all of them", () => {
    const lan = two()
    lan.run(20)
    assert.deepEqual(lan.describe(2, 0), ["Root forwarding", "Designated forwarding"])
    assert.strictEqual(lan.describe(2, 1)[0], "Master forwarding")
    assert.strictEqual(lan.describe(2, 2)[0], "Master forwarding")
    for (const mstid of [0, 1, 2]) assert.strictEqual(lan.describe(1, mstid)[0], "Alternate discarding")
  })

  it("look like one bridge each: the regional root of the east is the bridge with the best way out", () => {
    const lan = two()
    lan.run(20)
    assert.strictEqual(lan.tree(1, 0).root.address, addressOf(0))
    assert.strictEqual(lan.tree(1, 0).regionalRoot.address, addressOf(2))
  })

  it("another Master Port takes over within a second when the best way out fails", () => {
    const lan = two()
    lan.run(20)
    const at = lan.simulation.now
    lan.plug(2, 0, false)
    lan.run(20)
    assert.isBelow(lan.lastChangeSince(at), 1)
    for (const mstid of [1, 2]) assert.strictEqual(lan.describe(1, mstid)[0], "Master forwarding")
  })

  it("become one when their names do", () => {
    const lan = two()
    lan.run(20)
    lan.manage(0, { type: "stp.set-region", region: region("east") })
    lan.run(20)
    assert.deepEqual(
      [1, 2].map((mstid) => lan.tree(0, mstid).root.address),
      [addressOf(1), addressOf(2)],
    )
    for (const bridge of [0, 1, 2]) assert.notInclude(lan.describe(bridge, 1).join(), "Master")
  })

  it("pass on the way to their Master Port after a change of name as before", () => {
    const lan = new RegionLan([
      { protocol: "rstp2004", lans: [0], config: { priority: 4096 } },
      { lans: [0, 1], config: { mstis: { 1: { priority: 4096 } }, ports: [{}, { adminPointToPointMAC: true }] } },
      { lans: [1], config: { ports: [{ adminPointToPointMAC: true }] } },
    ])
    for (const name of ["east", "west"]) {
      for (const bridge of [1, 2]) lan.manage(bridge, { type: "stp.set-region", region: region(name) })
      lan.run(20)
      assert.deepEqual(lan.describe(1, 1), ["Master forwarding", "Designated forwarding"], name)
      assert.strictEqual(lan.state(2).mastered[lan.state(2).ports], 1, name)
    }
  })
})

describe("hops", () => {
  it("end the tree of a region: bridges further from the root than max hops have another", () => {
    const lan = new RegionLan(Array.from({ length: 9 }, (_, n) => ({ lans: [n, n + 1], config: { maxHops: 6 } })))
    lan.run(60)
    const roots = Array.from({ length: 9 }, (_, n) => lan.tree(n, 0).regionalRoot.address)
    assert.deepEqual(
      roots.slice(0, 6),
      Array.from({ length: 6 }, () => addressOf(0)),
    )
    assert.notStrictEqual(roots[8], addressOf(0))
  })
})

describe("beside bridges of other protocols", () => {
  it.each(["rstp2004", "stp1998"] as const)("%s is outside of the region, and the root that it is is the CIST's", (protocol) => {
    const lan = new RegionLan([{ protocol, lans: [0, 1], config: { priority: 4096 } }, { lans: [0, 2] }, { lans: [1, 2] }])
    lan.run(protocol === "stp1998" ? 60 : 20)
    assert.strictEqual(lan.tree(2, 0).root.address, addressOf(0))
    assert.strictEqual(lan.tree(2, 0).regionalRoot.address, addressOf(1))
    assert.deepEqual(lan.describe(1, 1), ["Master forwarding", "Designated forwarding"])
    assert.deepEqual(lan.describe(2, 1), ["Alternate discarding", "Root forwarding"])
  })

  it("topology changes go over to bridges of 1998 as notifications, and come back as flags", () => {
    const lan = new RegionLan([
      { protocol: "stp1998", lans: [0, 1], config: { priority: 4096 } },
      { lans: [0, 2, 5] },
      { lans: [1, 2] },
      { lans: [5] },
    ])
    lan.run(60)
    const before = lan.tree(1, 0).topologyChangeCount
    assert.isFalse(lan.tree(2, 0).ports[0].sendRSTP)
    lan.plug(2, 1, false)
    lan.plug(1, 1, false)
    lan.run(60)
    assert.deepEqual(lan.describe(2, 1), ["Master forwarding", "Disabled discarding"])
    assert.isAbove(lan.tree(2, 0).ports[0].tcnSent, 0)
    assert.isAbove(lan.tree(1, 0).topologyChangeCount, before)
    assert.isFalse(lan.tree(1, 0).topologyChange)
  })
})

describe("ports", () => {
  const shared = { adminPointToPointMAC: false } as const

  it("a bridge's second port on a shared LAN is a Backup Port in every tree", () => {
    const lan = new RegionLan([
      { lans: [0, 0], config: { ports: [shared, shared] } },
      { lans: [0], config: { ports: [shared] } },
    ])
    lan.run(60)
    for (const mstid of [0, 1, 2]) {
      assert.deepEqual(lan.describe(0, mstid), ["Designated forwarding", "Backup discarding"])
      assert.deepEqual(lan.describe(1, mstid), ["Root forwarding"])
    }
  })

  it("is an edge while it hears nobody, in all trees, until its link goes down", () => {
    const lan = new RegionLan([{ lans: [0] }])
    lan.run(1.5)
    lan.plug(0, 0, false)
    lan.plug(0, 0, true)
    lan.run(10)
    assert.isTrue(lan.tree(0, 1).ports[0].operEdge)
    for (const mstid of [0, 1, 2]) assert.deepEqual(lan.describe(0, mstid), ["Designated forwarding"])
    assert.strictEqual(lan.tree(0, 0).topologyChangeCount, 0)
    lan.plug(0, 0, false)
    lan.run(1)
    assert.isFalse(lan.tree(0, 1).ports[0].operEdge)
  })

  it("towards a bridge of 1998 below the region they send Configuration BPDUs and wait for both forward delays", () => {
    const lan = new RegionLan([{ lans: [0, 1] }, { protocol: "stp1998", lans: [0, 2] }, { lans: [1] }])
    lan.run(25)
    assert.deepEqual(lan.describe(0, 1), ["Designated learning", "Designated forwarding"])
    lan.run(35)
    assert.deepEqual(lan.describe(0, 1), ["Designated forwarding", "Designated forwarding"])
    const { configSent, sendRSTP, tcnReceived } = lan.tree(0, 0).ports[0]
    assert.isFalse(sendRSTP)
    assert.isAbove(configSent, 10)
    // The neighbour's own ports came to forward, and it said so.
    assert.isAbove(tcnReceived, 0)
    assert.isAbove(lan.tree(2, 0).topologyChangeCount + lan.tree(2, 0).ports[0].flushes, 0)
  })

  it("that learn stop when their links go down", () => {
    const lan = new RegionLan([{ lans: [0, 1] }, { protocol: "stp1998", lans: [0] }, { lans: [1] }])
    lan.run(25)
    lan.plug(0, 0, false)
    lan.run(1)
    for (const mstid of [0, 1, 2]) assert.deepEqual(lan.describe(0, mstid), ["Disabled discarding", "Designated forwarding"])
  })

  it("a new Master Port passes its proposal on to ports that nobody has agreed with", () => {
    // The neighbour in the region is on a shared LAN, where an agreement proves nothing.
    const lan = new RegionLan([
      { lans: [0], region: "west", config: { priority: 4096 } },
      { lans: [0, 1], config: { ports: [{}, shared] } },
      { lans: [1], config: { ports: [shared] } },
    ])
    lan.plug(1, 0, false)
    lan.run(60)
    lan.manage(1, { type: "stp.set-bridge-priority", msti: 1, priority: 8192 })
    lan.run(5)
    assert.deepEqual(lan.describe(1, 1), ["Disabled discarding", "Designated forwarding"])
    lan.plug(1, 0, true)
    lan.run(0.5)
    assert.deepEqual(lan.describe(1, 1), ["Master forwarding", "Designated discarding"])
    lan.run(40)
    assert.deepEqual(lan.describe(1, 1), ["Master forwarding", "Designated forwarding"])
  })

  it("the Master Port in a dispute of the CIST at the region's edge begins anew", () => {
    const lan = new RegionLan([
      { lans: [0], region: "west", config: { priority: 4096, ports: [shared] } },
      { lans: [0, 1], config: { ports: [shared] } },
      { lans: [1] },
      { lans: [2], region: "south", config: { ports: [shared] } },
    ])
    lan.run(60)
    assert.deepEqual(lan.describe(1, 1), ["Master forwarding", "Designated forwarding"])
    // Someone who forwards as the root of a tree of his own comes to the LAN and speaks before he has heard anyone.
    lan.slide(3, 0, 0)
    lan.manage(3, { type: "stp.set-bridge-priority", priority: 61_440 })
    lan.run(0.1)
    // The figure lets a Master Port whose region is in step go on at once: all that is to be seen is that it has dealt with the dispute.
    assert.isTrue(lan.tree(1, 0).ports[0].disputed)
    assert.isFalse(lan.tree(1, 1).ports[0].disputed)
    assert.deepEqual(lan.describe(1, 1), ["Master forwarding", "Designated forwarding"])
    lan.run(60)
    for (const mstid of [0, 1, 2]) assert.notInclude(lan.describe(1, mstid).join(), "discarding")
  })
})

describe("management", () => {
  it("costs within the region move one tree, the external cost moves the region's way out", () => {
    // b1, b2 and b3 are a ring; b1 and b2 have a way to the west each.
    const lan = new RegionLan([
      { lans: [0, 1], region: "west", config: { priority: 4096 } },
      { lans: [0, 2, 4], config: { mstis: { 1: { priority: 4096 } } } },
      { lans: [1, 2, 3] },
      { lans: [3, 4] },
    ])
    lan.run(20)
    assert.strictEqual(lan.tree(3, 1).rootPort, 1)
    lan.manage(3, { type: "stp.set-path-cost", msti: 1, port: 1, cost: 200_000 })
    lan.run(5)
    assert.strictEqual(lan.tree(3, 1).rootPort, 0)
    assert.strictEqual(lan.tree(3, 0).rootPort, 1)
    assert.strictEqual(lan.describe(1, 1)[0], "Master forwarding")
    lan.manage(1, { type: "stp.set-path-cost", port: 0, cost: 500_000, external: true })
    lan.run(20)
    assert.strictEqual(lan.describe(1, 1)[0], "Alternate discarding")
    assert.strictEqual(lan.describe(2, 1)[0], "Master forwarding")
    lan.manage(1, { type: "stp.set-path-cost", port: 0, cost: 10_000, external: true })
    lan.run(5)
    assert.strictEqual(lan.describe(1, 1)[0], "Master forwarding")
  })

  it("the CIST root's times are those of all regions", () => {
    const lan = new RegionLan([{ lans: [0], region: "west", config: { priority: 4096 } }, { lans: [0] }])
    lan.run(10)
    lan.manage(0, { type: "stp.set-bridge-times", maxAge: 30, forwardDelay: 20 })
    lan.run(1)
    assert.deepEqual(lan.tree(1, 0).times, { helloTime: 2, maxAge: 30, forwardDelay: 20 })
    assert.strictEqual(lan.tree(1, 0).bridgeTimes.maxAge, 20)
  })

  it("a port priority chooses between two cables in one tree", () => {
    const lan = new RegionLan([{ lans: [0, 1] }, { lans: [0, 1] }])
    lan.run(10)
    assert.deepEqual(lan.describe(1, 2), ["Root forwarding", "Alternate discarding"])
    lan.manage(0, { type: "stp.set-port-priority", msti: 2, port: 1, priority: 16 })
    lan.run(5)
    assert.deepEqual(lan.describe(1, 2), ["Alternate discarding", "Root forwarding"])
    assert.deepEqual(lan.describe(1, 1), ["Root forwarding", "Alternate discarding"])
  })

  it("tries MST BPDUs again when it is asked to", () => {
    const lan = new RegionLan([{ lans: [0] }, { protocol: "stp1998", lans: [0] }])
    lan.run(40)
    assert.isFalse(lan.tree(0, 0).ports[0].sendRSTP)
    lan.manage(0, { type: "stp.check-migration", port: 0 })
    lan.run(1)
    assert.isTrue(lan.tree(0, 0).ports[0].sendRSTP)
  })
})
