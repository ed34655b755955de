/** Two chassis forward as one switch. */
import { assert, describe, it } from "@effect/vitest"
import * as VirtualSwitchLink from "../../src/chassis/VirtualSwitchLink.ts"
import * as EthernetFrame from "@l2lab/l2/EthernetFrame"
import * as Protocol from "@l2lab/l2/Protocol"
import { carry, FLOOD, NO_PORT } from "../../src/chassis/VirtualSwitchHeader.ts"
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

  it("take nothing from a virtual switch link that LMP has not let in", () => {
    const farm = new Farm({ access: 2 }).run(40)
    const said = EthernetFrame.make(0xffffffffffff, 0x0600000000ff, Protocol.EXPERIMENTAL, new Uint8Array(46), 46)
    const forged = carry(0x0200000a0000, {
      protocol: "virtual-switch-header",
      purpose: "relay",
      ingress: NO_PORT,
      egress: FLOOD,
      tci: 1,
      frame: said,
    })
    const flooded = (): number => farm.chassis(1).vsl.receivedFrames[VirtualSwitchLink.FLOODED]
    // One that is in use is believed: what tells the two cases apart is LMP.
    farm.forge(1, 0, forged)
    assert.strictEqual(flooded(), 1)
    farm.cut(farm.vslCable(0)).run(1)
    farm.forge(1, 0, forged)
    assert.strictEqual(flooded(), 1)
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
