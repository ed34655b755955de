/** Both chassis know the same addresses, as long as either sees them, and forget them together. */
import { assert, describe, it } from "@effect/vitest"
import * as CamSync from "../../src/chassis/CamSync.ts"
import { FLOODED, UNICAST } from "../../src/chassis/VirtualSwitchLink.ts"
import { Farm } from "./Farm.ts"
import type { Say } from "./World.ts"

const equal = (farm: Farm): void => assert.deepStrictEqual(farm.cam(0), farm.cam(1))
const knows = (farm: Farm, s: 0 | 1, h: number): boolean =>
  farm.cam(s).some((entry) => entry.startsWith(farm.address(h).toString(16)))

describe("addresses on both chassis", () => {
  it("are known to the other within milliseconds, though no frame goes over the virtual switch link", () => {
    const farm = new Farm({ access: 3, orphans: 2 }).run(40)
    const crossed = (): number => farm.chassis(0).vsl.sentFrames[UNICAST] + farm.chassis(0).vsl.sentFrames[FLOODED]
    // The first word is flooded; the answer goes from host to host of one chassis.
    farm.say(0, 1)
    farm.run(0.01)
    const before = crossed()
    farm.say(1, 0)
    farm.run(0.01)
    assert.strictEqual(crossed(), before)
    assert.isTrue(knows(farm, 1, 0) && knows(farm, 1, 1))
    equal(farm)
  })

  it("do not age out on one chassis while the other sees them", () => {
    const farm = new Farm({ access: 2, orphans: 2 }).run(40)
    farm.everybodySpeaks()
    // Host 0 speaks to its neighbour only, once a minute; nobody else speaks.
    for (let minute = 0; minute < 20; minute++) {
      farm.say(0, 1)
      farm.run(60)
      assert.isTrue(knows(farm, 0, 0) && knows(farm, 1, 0), `after ${minute + 1} minutes`)
    }
    equal(farm)
    assert.strictEqual(farm.cam(0).length, 1)
    farm.run(301)
    assert.deepStrictEqual([farm.cam(0), farm.cam(1)], [[], []])
  })

  it("are told before the other forgets them, where a host speaks once in a long while", () => {
    const farm = new Farm({ access: 2, orphans: 2 }).run(40)
    farm.say(1)
    farm.say(0, 1)
    for (let times = 0; times < 6; times++) {
      farm.run(290)
      farm.say(0, 1)
      farm.run(9.9)
      // The other chassis was last told 300 s ago, but for what is said to keep it from forgetting.
      for (let tenth = 0; tenth < 100; tenth++) {
        farm.run(0.1)
        assert.isTrue(knows(farm, 0, 0) && knows(farm, 1, 0), `time ${times}, ${tenth}`)
      }
    }
  })

  it("that port security holds on a port of one chassis are there for the other too, wherever they turn up and however long they are silent", () => {
    const portSecurity = [undefined, undefined, undefined, { maximum: 1, violation: "restrict" as const }]
    const farm = new Farm({ access: 1, bridge: { portSecurity } }).run(40)
    const secure = `${farm.address(0).toString(16)} 0 3`
    farm.everybodySpeaks()
    const isSecure = (): ReadonlyArray<boolean> => [farm.cam(0).includes(secure), farm.cam(1).includes(secure)]
    assert.deepStrictEqual(isSecure(), [true, true])
    // Its address turns up at the other chassis.
    const say: Say = { type: "say", from: farm.address(0), to: 0xffffffffffff, word: 999 }
    farm.simulation.command(farm.hostNode(1), say)
    farm.run(3)
    assert.deepStrictEqual(isSecure(), [true, true])
    farm.run(900)
    assert.deepStrictEqual([farm.cam(0), farm.cam(1)], [[secure], [secure]])
  })

  it("move from one chassis to the other", () => {
    const farm = new Farm({ access: 2 }).run(40)
    farm.everybodySpeaks()
    const node = farm.hostNode(1)
    farm.simulation.command(node, { type: "say", from: farm.address(0), to: 0xffffffffffff, word: 1000 } as never)
    farm.run(0.01)
    equal(farm)
    const word = farm.say(2, 0)
    farm.run(0.01)
    assert.deepStrictEqual([farm.heard(0, word), farm.heard(1, word)], [0, 1])
    farm.say(0)
    farm.run(0.01)
    equal(farm)
  })

  it("are forgotten together: by a link, by order, by a topology change", () => {
    const farm = new Farm({ access: 2, stp: { kind: "rstp2004", config: { priority: 4096 } } }).run(60)
    farm.everybodySpeaks()
    equal(farm)
    farm.cut(farm.uplink(0, 0)).cut(farm.uplink(0, 1)).run(0.1)
    assert.isFalse(knows(farm, 0, 2) || knows(farm, 1, 2))
    equal(farm)
    farm.simulation.command(0, { type: "bridge.clear-dynamic" })
    farm.run(0.01)
    assert.deepStrictEqual([farm.cam(0), farm.cam(1)], [[], []])
    farm.everybodySpeaks()
    // An order to the standby is one to the pair.
    farm.simulation.command(1, { type: "bridge.clear-dynamic" })
    farm.run(0.01)
    assert.deepStrictEqual([farm.cam(0), farm.cam(1)], [[], []])
  })

  it("come back to a chassis that was away", () => {
    const farm = new Farm({ access: 2 }).run(40)
    farm.everybodySpeaks()
    farm.off(1).run(1)
    farm.on(1).run(60)
    farm.say(0)
    farm.run(2)
    equal(farm)
    assert.isAbove(farm.cam(1).length, 1)
  })

  it("in a storm are told all together once a second, and not at every move", () => {
    const farm = new Farm({ access: 2 }).run(40)
    farm.everybodySpeaks()
    farm.run(2)
    const before = farm.chassis(0).channel.messagesSent
    // The same host is now behind one access switch, now behind the other.
    const say = (h: number): void =>
      farm.simulation.command(farm.hostNode(h), { type: "say", from: 0x060000000999, to: 0xffffffffffff, word: 9 } as never)
    const state = farm.chassis(0)
    for (let i = 0; i < 5000; i++) CamSync.learnt(state, 0x060000000999, 0, i % 2, farm.simulation.now)
    assert.strictEqual(state.cam.learnt.length, CamSync.MOST_WAITING * CamSync.WIDTH)
    for (let i = 0; i < 500; i++) {
      say(2 + (i % 2))
      farm.run(0.001)
    }
    assert.isBelow(farm.chassis(0).channel.messagesSent - before, 20)
    farm.run(2)
    equal(farm)
  })
})
