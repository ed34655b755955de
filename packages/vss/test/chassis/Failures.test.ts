/** Parts of a pair fail: a member of the virtual switch link, a member of a bundle, a line card, frames on their way. */
import { assert, describe, it } from "@effect/vitest"
import { MILLISECOND } from "@l2lab/sim/SimTime"
import * as VirtualSwitchLink from "../../src/chassis/VirtualSwitchLink.ts"
import { Farm } from "./Farm.ts"

const RSTP = { kind: "rstp2004", config: { priority: 4096 } }

describe("a member of the virtual switch link fails", () => {
  it("traffic that uses the link is out for the platform's rehash delay, all else is untouched", () => {
    const outages = [50, 100].map((ms) => {
      const farm = new Farm({ access: 2, orphans: 2, stp: RSTP, times: { rehash: ms * MILLISECOND } }).run(60)
      farm.everybodySpeaks()
      // Hosts 0 and 1 are at chassis 1, 2 and 3 at chassis 2.
      farm.cut(farm.vslCable(0))
      const fork = farm.simulation.fork()
      const across = farm.gap(0, 2, 0.3)
      assert.strictEqual(farm.modes, "active, standby hot")
      assert.isAbove(farm.chassis(0).vsl.lost[VirtualSwitchLink.REHASH], ms - 5)
      farm.simulation = fork
      assert.isBelow(farm.gap(4, 5, 0.3), 0.005)
      return across
    })
    assert.approximately(outages[0], 0.05, 0.005)
    assert.approximately(outages[1], 0.1, 0.005)
  })

  it("is no outage when it comes back, and hashing is adaptive", () => {
    const farm = new Farm({ vsl: 3 }).run(40)
    const owners = (): ReadonlyArray<number> => Array.from(farm.chassis(0).vsl.bundles.owner)
    const before = owners()
    farm.everybodySpeaks()
    farm.cut(farm.vslCable(1)).run(1)
    const after = owners()
    before.forEach((owner, bucket) => assert.strictEqual(after[bucket] === owner, owner !== 1, `bucket ${bucket}`))
    farm.mend(farm.vslCable(1))
    assert.isBelow(farm.gap(0, 1, 1), 0.005)
    assert.strictEqual(farm.chassis(0).vsl.bundles.active[0], 3)
  })

  it("the last one of control traffic takes it to another at once", () => {
    const farm = new Farm({ vsl: 2, stp: RSTP }).run(60)
    farm.cut(farm.vslCable(0)).run(10)
    farm.mend(farm.vslCable(0)).run(10)
    farm.cut(farm.vslCable(1)).run(10)
    assert.strictEqual(farm.modes, "active, standby hot")
    assert.strictEqual(farm.chassis(1).switchovers, 0)
  })
})

describe("a member of the virtual switch link is dead in one direction", () => {
  for (const from of ["a", "b"] as const) {
    for (const link of [0, 1]) {
      it(`cable ${link}, from chassis ${from === "a" ? 1 : 2}: it is rejected, and nobody changes a role or a port`, () => {
        const farm = new Farm({ access: 2, stp: RSTP }).run(60)
        const roles = farm.pairRoles(0)
        const changed = farm.accessChangedAt(0)
        farm.order({ type: "link.direction", link, from, alive: false })
        // While LMP has not found it out, ports come and go, and what is said of them gets across.
        farm.cut(farm.uplink(0, 1)).run(0.2)
        assert.strictEqual(farm.chassis(0).bridge.bundles!.active[0], 1)
        farm.mend(farm.uplink(0, 1)).run(20)
        assert.strictEqual(farm.modes, "active, standby hot")
        assert.deepStrictEqual(
          [0, 1].map((s) => farm.chassis(s as 0 | 1).switchovers),
          [0, 0],
        )
        assert.deepStrictEqual(
          [0, 1].map((s) => farm.chassis(s as 0 | 1).vsl.bundles.active[0]),
          [1, 1],
        )
        assert.deepStrictEqual(farm.pairRoles(0), roles)
        assert.deepStrictEqual(farm.accessChangedAt(0), changed)
        farm.everybodySpeaks()
        farm.run(2)
        assert.deepStrictEqual(farm.cam(0), farm.cam(1))
        farm.order({ type: "link.direction", link, from, alive: true }).run(70)
        assert.deepStrictEqual(
          [0, 1].map((s) => farm.chassis(s as 0 | 1).vsl.bundles.active[0]),
          [2, 2],
        )
        assert.strictEqual(farm.replayed(), farm.fingerprint)
      })
    }
  }
})

describe("the virtual switch link shows what it carries", () => {
  it("by class, in frames and octets with their headers", () => {
    const farm = new Farm({ access: 1 }).run(40)
    farm.everybodySpeaks()
    const { receivedFrames } = farm.chassis(1).vsl
    const { sentFrames, sentOctets } = farm.chassis(0).vsl
    const before = { frames: sentFrames.slice(), octets: sentOctets.slice() }
    farm.say(0, 1)
    farm.run(0.001)
    const { UNICAST } = VirtualSwitchLink
    assert.strictEqual(sentFrames[UNICAST] - before.frames[UNICAST], 1)
    assert.strictEqual(sentOctets[UNICAST] - before.octets[UNICAST], 64 + 32)
    assert.isAbove(receivedFrames[VirtualSwitchLink.PDUS], 10)
    assert.isAbove(receivedFrames[VirtualSwitchLink.SYNCHRONIZATION], 10)
    assert.isAbove(receivedFrames[VirtualSwitchLink.VSLP], 10)
  })
})

describe("a line card fails", () => {
  it("takes its ports, and nothing else; bundles go on by the other chassis", () => {
    const farm = new Farm({
      access: 3,
      stp: RSTP,
      config: {
        cards: [
          [2, 3],
          [4, 5],
        ],
      },
    }).run(60)
    farm.everybodySpeaks()
    const roles = farm.accessRoles(0)
    farm.simulation.command(0, { type: "chassis.line-card", card: 0, failed: true } as never)
    assert.isBelow(farm.gap(2, 4, 0.5), 0.2)
    assert.strictEqual(farm.access(0).bundles!.active[0], 1)
    assert.strictEqual(farm.access(2).bundles!.active[0], 2)
    assert.deepStrictEqual(farm.accessRoles(0), roles)
    farm.simulation.command(0, { type: "chassis.line-card", card: 0, failed: false } as never)
    farm.run(5)
    assert.strictEqual(farm.access(0).bundles!.active[0], 2)
    // On the standby.
    farm.simulation.command(1, { type: "chassis.line-card", card: 1, failed: true } as never)
    assert.isBelow(farm.gap(2, 4, 0.5), 0.2)
    assert.strictEqual(farm.access(2).bundles!.active[0], 1)
    assert.strictEqual(farm.replayed(), farm.fingerprint)
  })
})

describe("the channel", () => {
  it("a standby whose wish to join was lost for good asks again", () => {
    const farm = new Farm({ access: 1 }).run(40)
    farm.off(1).run(1)
    farm.on(1)
    while (farm.modes !== "active, standby cold") farm.run(0.000_000_1)
    // The active has heard of it, and forgets it: it never answers.
    farm.order({ type: "link.impair", link: 0, from: "a", lossRatio: 1, corruptionRatio: 0 })
    const active = farm.chassis(0)
    while (!active.isTelling) farm.run(0.000_000_1)
    active.channel.queue.length = active.channel.sent = 0
    active.isTelling = false
    farm.order({ type: "link.impair", link: 0, from: "a", lossRatio: 0, corruptionRatio: 0 })
    farm.run(10)
    assert.strictEqual(farm.modes, "active, standby hot")
  })

  it("lets a standby join whatever is lost while the pair boots: 60 seeds", () => {
    for (let seed = 1; seed <= 60; seed++) {
      const farm = new Farm({ vsl: 1, access: 1, seed })
      for (const from of ["a", "b"] as const) {
        farm.order({ type: "link.impair", link: 0, from, lossRatio: 0.6, corruptionRatio: 0 })
      }
      farm.run(8)
      for (const from of ["a", "b"] as const) {
        farm.order({ type: "link.impair", link: 0, from, lossRatio: 0, corruptionRatio: 0 })
      }
      farm.run(80)
      assert.isTrue(["active, standby hot", "standby hot, active"].includes(farm.modes), `seed ${seed}: ${farm.modes}`)
    }
  })

  it("gets everything across a link that loses frames", () => {
    const farm = new Farm({ vsl: 1, access: 4, stp: RSTP }).run(60)
    for (const from of ["a", "b"] as const) {
      farm.order({ type: "link.impair", link: 0, from, lossRatio: 0.1, corruptionRatio: 0 })
    }
    for (let round = 0; round < 20; round++) {
      farm.cut(farm.uplink(round % 4, 1)).run(3)
      farm.mend(farm.uplink(round % 4, 1)).run(3)
    }
    farm.order({ type: "link.impair", link: 0, from: "a", lossRatio: 0, corruptionRatio: 0 })
    farm.order({ type: "link.impair", link: 0, from: "b", lossRatio: 0, corruptionRatio: 0 })
    farm.run(10)
    assert.isAbove(farm.chassis(0).channel.retransmissions + farm.chassis(1).channel.retransmissions, 5)
    assert.strictEqual(farm.modes, "active, standby hot")
    assert.deepStrictEqual(farm.chassis(1).bridge.portStates, farm.chassis(0).bridge.portStates)
    assert.deepStrictEqual(farm.chassis(1).bridge.bundles!.role, farm.chassis(0).bridge.bundles!.role)
    farm.everybodySpeaks()
    farm.run(2)
    assert.deepStrictEqual(farm.cam(0), farm.cam(1))
  })
})
