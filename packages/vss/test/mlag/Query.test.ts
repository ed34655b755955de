/** What `show vpc` and its kin are told; and the machine of the lost peer-link, every arc of it. */
import { type AnyMachine, observeArcs } from "@l2lab/l2/Machine"
import { SECOND } from "@l2lab/sim/SimTime"
import type { Command } from "@l2lab/sim/Device"
import { assert, describe, it } from "vitest"
import { PLL } from "../../src/mlag/PeerLoss.ts"
import * as Query from "../../src/mlag/Query.ts"
import { Farm } from "./PairFarm.ts"

describe("questions", () => {
  it("vpc: a pair that is whole", () => {
    const farm = new Farm().run(60)
    const { peerLink, vpcs, ...rest } = Query.vpc(farm.peer(0), farm.simulation.now)
    assert.deepStrictEqual(rest, {
      domain: 10,
      peerStatus: "peer adjacency formed ok",
      keepaliveStatus: "peer is alive",
      consistency: "success",
      consistencyReason: "",
      type2Consistency: "success",
      type2Reason: "",
      role: "primary",
      vpcsConfigured: 2,
      peerSwitch: false,
      gracefulConsistencyCheck: true,
      autoRecoverySeconds: 240,
      delayRestoreSeconds: 5,
      delayRestoreOrphanSeconds: 0,
      restoresInSeconds: null,
    })
    assert.deepStrictEqual(peerLink, { port: 7, isUp: true, activeVlans: [1, 10] })
    assert.deepStrictEqual(vpcs[1], {
      id: 102,
      port: 9,
      status: "up",
      peerLegUp: true,
      consistency: "success",
      reason: "success",
      activeVlans: [1, 10],
    })
  })

  it("vpc: the secondary without its peer-link", () => {
    const farm = new Farm().run(60).cut("peer-link").run(10)
    const { peerLink, peerStatus, vpcs } = Query.vpc(farm.peer(1), farm.simulation.now)
    assert.deepStrictEqual([peerStatus, peerLink.isUp, peerLink.activeVlans], ["peer link is down", false, []])
    assert.deepStrictEqual([vpcs[0].status, vpcs[0].consistency, vpcs[0].reason], ["down", "failed", "Peer-link is down"])
    assert.deepStrictEqual([Query.role(farm.peer(1)).dualActive, Query.role(farm.peer(0)).dualActive], [true, false])
  })

  it("vpc role", () => {
    const farm = new Farm({ peers: [{}, { rolePriority: 100 }] }).run(60).off(1).run(20)
    assert.deepStrictEqual(Query.role(farm.peer(0)), {
      role: "secondary, operational primary",
      dualActive: false,
      systemMac: 0x002304eebe0a,
      systemPriority: 32_667,
      localMac: 0x020000100000,
      localPriority: 32_667,
      peerMac: 0x020000110000,
      peerPriority: 100,
      isSticky: true,
    })
    farm.simulation.command(0, { type: "mlag.role-priority", priority: 200 } as Command)
    assert.deepStrictEqual([Query.role(farm.peer(0)).isSticky, Query.role(farm.peer(0)).localPriority], [false, 200])
  })

  it("vpc peer-keepalive", () => {
    const farm = new Farm().run(60)
    const { aliveForSeconds, heard, secondsSinceHeard, sent, ...rest } = Query.keepalive(farm.peer(0), farm.simulation.now)
    assert.deepStrictEqual(rest, { isAlive: true, port: 2, intervalSeconds: 1, timeoutSeconds: 5, holdTimeoutSeconds: 3 })
    assert.closeTo(aliveForSeconds!, 60, 0.1)
    assert.isTrue(secondsSinceHeard! < 1.1 && sent >= 60 && heard >= 60)
    assert.strictEqual(Query.keepalive(new Farm({ inBand: true }).run(9).peer(0), 9 * SECOND).port, null)
  })

  it("vpc orphan-ports", () => {
    const farm = new Farm({ hybrid: true }).run(10)
    assert.deepStrictEqual(Query.orphanPorts(farm.peer(0)), [5, 6])
  })

  it("vpc: before the peers have met", () => {
    const farm = new Farm().cut("keepalive").run(10)
    const { consistencyReason, peerStatus, role } = Query.vpc(farm.peer(0), farm.simulation.now)
    assert.deepStrictEqual(
      [role, peerStatus, consistencyReason],
      ["none established", "peer-keepalive was never received", "Consistency Check Not Performed"],
    )
    assert.deepStrictEqual(Query.consistencyParameters(farm.peer(0), 0)[0], {
      name: "STP Mode",
      type: 1,
      local: "RSTP",
      peer: "-",
      isSame: true,
    })
  })
})

it("a peer that hears the other's keepalives alone is on its way for as long as hellos may take, and no longer", () => {
  const farm = new Farm()
  const isForming = () => ([0, 1] as const).map((peer) => Query.isForming(farm.peer(peer), farm.simulation.now))
  farm.cut("peer-link").run(3)
  assert.deepStrictEqual(isForming(), [true, true])
  farm.run(3)
  assert.deepStrictEqual(isForming(), [false, false])
  farm.cut("keepalive").run(6)
  assert.deepStrictEqual(isForming(), [true, true], "auto-recovery will give them a role")
})

it("every arc of the machine of the lost peer-link is taken", () => {
  const taken = new Set<string>()
  const before = observeArcs((machine: AnyMachine, arc) => taken.add(machine.arcNames[arc]))
  try {
    const up = { isStatic: true }
    new Farm(up)
      .run(30)
      .cut("peer-link")
      .run(1)
      .mend("peer-link")
      .run(2)
      .cut("peer-link")
      .run(3.2)
      .run(9)
      .mend("peer-link")
      .run(1)
    new Farm(up).run(30).cut("peer-link").run(10).off(0).run(20)
    new Farm(up).run(30).off(0).run(4).on(0).run(2).off(0).run(20)
    new Farm(up).run(30).off(0).run(20)
    new Farm(up).run(30).cut("peer-link", "keepalive").run(5).mend("peer-link").run(2)
  } finally {
    observeArcs(before)
  }
  assert.deepStrictEqual(
    PLL.arcNames.filter((name) => !taken.has(name)),
    [],
  )
})
