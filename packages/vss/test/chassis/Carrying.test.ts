/** Two chassis forward as one switch. */
import { assert, describe, it } from "@effect/vitest"
import * as VirtualSwitchLink from "../../src/chassis/VirtualSwitchLink.ts"
import { Farm } from "./Farm.ts"

const sent = (farm: Farm, s: 0 | 1, kind: number): number => farm.chassis(s).vsl.sentFrames[kind]

/** Hosts 0 and 1 are at the chassis, the others at access switches. */
describe("two chassis as one switch", () => {
  for (const bundling of ["on", "active"] as const) {
    for (const octets of [false, true]) {
      it(`carry what everybody says to everybody, once: bundles ${bundling}${octets ? ", in octets" : ""}`, () => {
        const farm = new Farm({ bundling, access: 3, uplinks: 2 }, octets).run(40)
        assert.strictEqual(farm.modes, "active, standby hot")
        for (let round = 0; round < 2; round++) {
          farm
            .everybodySpeaks()
            .forEach((counts, from) =>
              counts.forEach((count, to) => assert.strictEqual(count, from === to ? 0 : 1, `from ${from} to ${to}`)),
            )
        }
        assert.deepStrictEqual(farm.cam(0), farm.cam(1))
        assert.strictEqual(farm.cam(0).length, farm.hosts)
        if (!octets) assert.strictEqual(farm.replayed(), farm.fingerprint)
        else
          assert.strictEqual(
            new Farm({ bundling, access: 3, uplinks: 2 }).run(40).fingerprint,
            new Farm({ bundling, access: 3, uplinks: 2 }, true).run(40).fingerprint,
          )
      })
    }
  }

  it("send a flood over the virtual switch link once, and what has a way on the same chassis not at all", () => {
    const farm = new Farm({ access: 4, orphans: 2 }).run(40)
    const before = [0, 1].map((s) => sent(farm, s as 0 | 1, VirtualSwitchLink.FLOODED))
    farm.say(0)
    farm.run(0.01)
    const flooded = [0, 1].map((s) => sent(farm, s as 0 | 1, VirtualSwitchLink.FLOODED) - before[s])
    assert.deepStrictEqual(flooded, [1, 0])
    for (let h = 2; h < farm.hosts; h++) farm.say(h)
    farm.run(0.1)
    const unicast = sent(farm, 0, VirtualSwitchLink.UNICAST) + sent(farm, 1, VirtualSwitchLink.UNICAST)
    const words = [4, 5, 6, 7].map((h) => farm.say(0, h))
    farm.run(0.01)
    assert.deepStrictEqual(
      words.map((word, i) => farm.heard(4 + i, word)),
      [1, 1, 1, 1],
    )
    assert.strictEqual(sent(farm, 0, VirtualSwitchLink.UNICAST) + sent(farm, 1, VirtualSwitchLink.UNICAST), unicast)
    // The other chassis' own hosts are reached over it.
    const word = farm.say(0, 2)
    farm.run(0.01)
    assert.strictEqual(farm.heard(2, word), 1)
    assert.strictEqual(sent(farm, 0, VirtualSwitchLink.UNICAST) + sent(farm, 1, VirtualSwitchLink.UNICAST), unicast + 1)
  })

  it("reach a bundle that has members on the other chassis only over the virtual switch link", () => {
    const farm = new Farm({ access: 2 }).run(40)
    farm.everybodySpeaks()
    farm.cut(farm.uplink(0, 0)).run(5)
    const word = farm.say(0, 2)
    farm.run(0.01)
    assert.strictEqual(farm.heard(2, word), 1)
    farm
      .everybodySpeaks()
      .forEach((counts, from) =>
        counts.forEach((count, to) => assert.strictEqual(count, from === to ? 0 : 1, `from ${from} to ${to}`)),
      )
  })
})
