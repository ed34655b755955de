/** A chassis is lost, and the other goes on: by power, by its processor, by the virtual switch link. */
import { assert, describe, it } from "@effect/vitest"
import * as Fingerprint from "@l2lab/sim/Fingerprint"
import { SECOND } from "@l2lab/sim/SimTime"
import { Farm } from "./Farm.ts"
import { PROTOCOLS } from "./Protocols.ts"

const allHear = (farm: Farm, hosts: ReadonlyArray<number>): void => {
  const counts = farm.everybodySpeaks()
  for (const from of hosts) {
    for (const to of hosts) assert.strictEqual(counts[from][to], from === to ? 0 : 1, `from ${from} to ${to}`)
  }
}

describe("the active chassis is lost", () => {
  for (const [name, spec] of PROTOCOLS) {
    it(`${name}: the standby goes on, no role changes on any port that is left, bundles carry on within a second`, () => {
      const farm = new Farm({ ...spec, access: 3 }).run(90)
      assert.strictEqual(farm.modes, "active, standby hot")
      allHear(farm, [0, 1, 2, 3, 4])
      const pair = new Set(farm.pairRoles(0))
      const access = [0, 1, 2].map((a) => farm.accessRoles(a))
      const changed = [0, 1, 2].map((a) => farm.accessChangedAt(a))
      const address = farm.chassis(0).bridge.address
      farm.off(0)
      const gap = Math.max(farm.gap(2, 3, 1), farm.gap(3, 4, 0.1))
      assert.isBelow(gap, 1)
      assert.strictEqual(farm.modes, "off, active")
      farm.run(60)
      assert.strictEqual(farm.chassis(1).bridge.address, address)
      for (const role of farm.pairRoles(1)) assert.isTrue(pair.has(role), role)
      access.forEach((roles, a) => assert.deepStrictEqual(farm.accessRoles(a), roles))
      changed.forEach((at, a) => assert.deepStrictEqual(farm.accessChangedAt(a), at))
      allHear(farm, [1, 2, 3, 4])
      // It comes back, and stands by.
      farm.on(0).run(90)
      assert.strictEqual(farm.modes, "standby hot, active")
      assert.deepStrictEqual(new Set(farm.pairRoles(1)), pair)
      allHear(farm, [0, 1, 2, 3, 4])
      farm.run(2)
      assert.deepStrictEqual(farm.cam(0), farm.cam(1))
      assert.strictEqual(farm.replayed(), farm.fingerprint)
    })
  }

  it("a processor that hangs: the standby takes over, the other is reset and comes back", () => {
    const farm = new Farm({ ...PROTOCOLS[1][1] }).run(90)
    const roles = farm.accessRoles(0)
    farm.simulation.command(0, { type: "bridge.control-plane", hung: true } as never)
    assert.isBelow(farm.gap(2, 3, 2), 1)
    assert.strictEqual(farm.modes, "reloading, active")
    farm.run(90)
    assert.strictEqual(farm.modes, "standby hot, active")
    assert.deepStrictEqual(farm.accessRoles(0), roles)
    allHear(farm, [0, 1, 2, 3])
  })

  it("timers go on, and the next standby is told of them", () => {
    const farm = new Farm({ ...PROTOCOLS[1][1], access: 2 }).run(90)
    const before = farm.chassis(0).deadlines.slice()
    farm.off(0).run(0.001)
    const { now } = farm.simulation
    const running = before.filter((at, timer) => at > now && at < Infinity && farm.chassis(1).deadlines[timer] === at)
    assert.isAbove(running.length, 0)
  })

  it("link-state tracking goes on: a group that is down stays so, and comes back with an upstream port", () => {
    // Link ports of the pair: 4 and 9 are hosts' at chassis 1 and 2; bundles begin at 10.
    const linkStateGroups = [{ number: 1, upstream: [10], downstream: [4, 9] }]
    const farm = new Farm({ ...PROTOCOLS[1][1], access: 2, bridge: { linkStateGroups } }).run(90)
    farm.cut(farm.uplink(0, 0)).cut(farm.uplink(0, 1)).run(5)
    const isDown = (): ReadonlyArray<number> => [farm.chassis(1).bridge.linkState!.down[0], 1 - farm.chassis(1).links.up[4]]
    farm.off(0).run(5)
    assert.deepStrictEqual(isDown(), [1, 1])
    farm.mend(farm.uplink(0, 1)).run(10)
    assert.deepStrictEqual(isDown(), [0, 0])
  })

  it("forks in the middle of it go on as the original does", () => {
    const farm = new Farm({ ...PROTOCOLS[4][1] }).run(90)
    farm.off(0)
    for (let step = 0; step < 30; step++) {
      farm.run(0.000_05 * (1 + step))
      const fork = farm.simulation.fork()
      fork.run(fork.now + SECOND)
      const own = farm.simulation.fork()
      own.run(own.now + SECOND)
      assert.strictEqual(Fingerprint.of(fork), Fingerprint.of(own))
      if (step % 10 === 0) {
        const copy = structuredClone(farm.simulation.save())
        assert.deepStrictEqual(Object.keys(copy), Object.keys(farm.simulation.world))
      }
    }
    assert.strictEqual(farm.replayed(), farm.fingerprint)
  })
})

describe("the standby chassis is lost", () => {
  it("by its processor: it is reset, and comes back", () => {
    const farm = new Farm({ ...PROTOCOLS[1][1] }).run(90)
    farm.simulation.command(1, { type: "bridge.control-plane", hung: true } as never)
    assert.isBelow(farm.gap(2, 3, 2), 0.2)
    assert.strictEqual(farm.modes, "active, reloading")
    farm.run(30)
    assert.strictEqual(farm.modes, "active, standby hot")
    allHear(farm, [0, 1, 2, 3])
  })

  it("silently, its carrier staying: its ports are given up within a second", () => {
    const farm = new Farm({ ...PROTOCOLS[1][1] }).run(90)
    farm.off(1, true).run(1)
    assert.isFalse(farm.chassis(0).isTelling)
    assert.strictEqual(farm.chassis(0).bridge.bundles!.active[0], 1)
  })

  it("nothing happens but that its ports are gone", () => {
    const farm = new Farm({ ...PROTOCOLS[1][1], access: 3 }).run(90)
    const pair = new Set(farm.pairRoles(0))
    farm.off(1)
    assert.isBelow(farm.gap(2, 3, 1), 0.01)
    farm.run(10)
    for (const role of farm.pairRoles(0)) assert.isTrue(pair.has(role), role)
    allHear(farm, [0, 2, 3, 4])
    farm.on(1).run(60)
    assert.strictEqual(farm.modes, "active, standby hot")
    allHear(farm, [0, 1, 2, 3, 4])
  })
})

describe("the virtual switch link is lost", () => {
  it("makes two active chassis of one address; when it is back, one of them boots anew and stands by", () => {
    const farm = new Farm({ ...PROTOCOLS[1][1] }).run(90)
    farm.cut(0).cut(1).run(1)
    assert.strictEqual(farm.modes, "active, active")
    assert.strictEqual(farm.chassis(0).bridge.address, farm.chassis(1).bridge.address)
    farm.run(30)
    farm.mend(0).mend(1).run(90)
    assert.isTrue(["active, standby hot", "standby hot, active"].includes(farm.modes), farm.modes)
    allHear(farm, [0, 1, 2, 3])
  })
})
