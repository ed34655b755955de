/** The virtual switch link is lost: the old active finds out that there are two, makes way, and comes back as standby. Or nobody finds out. */
import { assert, describe, it } from "@effect/vitest"
import * as Fingerprint from "@l2lab/sim/Fingerprint"
import { SECOND } from "@l2lab/sim/SimTime"
import { Farm, type FarmSpec } from "./Farm.ts"

const RSTP: FarmSpec = { access: 3, stp: { kind: "rstp2004", config: { priority: 4096 } } }

/** How dual active is detected, and within which time. */
const METHODS: ReadonlyArray<readonly [name: string, spec: FarmSpec, seconds: number]> = [
  ["fast hello", { detection: ["fast-hello"] }, 0.5],
  ["two fast hellos", { detection: ["fast-hello", "fast-hello"] }, 0.5],
  ["IP-BFD", { detection: ["bfd"] }, 3],
  ["enhanced PAgP", { bundling: "desirable", pagpDetection: true }, 1],
]

const isHeard = (farm: Farm, from: number, to: number): boolean => {
  const word = farm.say(from, to)
  farm.run(0.01)
  return farm.heard(to, word) === 1
}

describe("the virtual switch link is lost", () => {
  for (const [name, spec, seconds] of METHODS) {
    it(`${name}: the old active shuts its ports within ${seconds} s, bundles go on, and it comes back as standby`, () => {
      const farm = new Farm({ ...RSTP, ...spec }).run(60)
      assert.strictEqual(farm.modes, "active, standby hot")
      const roles = farm.accessRoles(0)
      farm.everybodySpeaks()
      farm.cut(0).cut(1)
      assert.isBelow(farm.gap(2, 3, seconds), seconds)
      assert.strictEqual(farm.modes, "recovery, active")
      farm.run(5)
      for (let a = 0; a < 3; a++) assert.strictEqual(farm.access(a).bundles!.active[0], 1)
      assert.deepStrictEqual(farm.accessRoles(0), roles)
      assert.isTrue(isHeard(farm, 2, 4) && isHeard(farm, 1, 3) && !isHeard(farm, 0, 3))
      farm.mend(0).mend(1).run(40)
      assert.strictEqual(farm.modes, "standby hot, active")
      assert.strictEqual(farm.chassis(0).reloads, 1)
      const counts = farm.everybodySpeaks()
      counts.forEach((row, from) =>
        row.forEach((count, to) => assert.strictEqual(count, from === to ? 0 : 1, `${from} to ${to}`)),
      )
      assert.strictEqual(farm.replayed(), farm.fingerprint)
    })

    it(`${name}: forks in the middle of it, and octets, go the same way`, () => {
      const farm = new Farm({ ...RSTP, ...spec }).run(60)
      farm.cut(0).cut(1)
      for (let step = 0; step < 4; step++) {
        farm.run(0.03)
        const fork = farm.simulation.fork()
        fork.run(fork.now + SECOND)
        const other = farm.simulation.fork()
        other.run(other.now + SECOND)
        assert.strictEqual(Fingerprint.of(fork), Fingerprint.of(other))
      }
      const run = (octets: boolean): string => {
        const own = new Farm({ ...RSTP, ...spec }, octets).run(60)
        own.cut(0).cut(1).run(3)
        return own.fingerprint
      }
      assert.strictEqual(run(true), run(false))
    })
  }

  it("excluded ports stay up in recovery mode, and forward nothing", () => {
    const farm = new Farm({ ...RSTP, detection: ["fast-hello"], config: { excluded: [5] } }).run(60)
    farm.cut(0).cut(1).run(2)
    assert.strictEqual(farm.modes, "recovery, active")
    const { up } = farm.chassis(0).links
    assert.deepStrictEqual(Array.from(up), [0, 0, 0, 0, 0, 1, 1])
    assert.isFalse(isHeard(farm, 0, 3))
  })

  it("excluded ports say nothing: nobody has a root port towards a chassis that relays nothing", () => {
    const farm = new Farm({ ...RSTP, bundling: "none", detection: ["fast-hello"], config: { excluded: [2] } }).run(60)
    assert.include(farm.accessRoles(0), "0:0 Root 12")
    farm.cut(0).cut(1).run(10)
    assert.strictEqual(farm.modes, "recovery, active")
    assert.strictEqual(farm.chassis(0).links.up[2], 1)
    assert.include(farm.accessRoles(0), "0:1 Root 12")
    assert.isTrue(isHeard(farm, 2, 3))
  })

  it("without detection: two active bridges of one address, and hosts that do not reach each other", () => {
    const farm = new Farm(RSTP).run(60)
    farm.everybodySpeaks()
    farm.cut(0).cut(1).run(10)
    assert.strictEqual(farm.modes, "active, active")
    assert.strictEqual(farm.chassis(0).bridge.address, farm.chassis(1).bridge.address)
    assert.isFalse(isHeard(farm, 0, 1))
    const lost = [2, 3, 4].filter((from) => [0, 1].some((to) => !isHeard(farm, from, to)))
    assert.isAbove(lost.length, 0)
  })

  it("the chassis that is lost, and not the link, is no dual active", () => {
    for (const [name, spec] of METHODS) {
      const farm = new Farm({ ...RSTP, ...spec }).run(60)
      farm.off(0).run(10)
      assert.strictEqual(farm.modes, "off, active", name)
      farm.on(0).run(60)
      assert.strictEqual(farm.modes, "standby hot, active", name)
    }
  })
})
