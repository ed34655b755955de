/** Rapid bridges together: how long the events take that 802.1D-2004 was made for, and what mixed networks come to. */
import { assert, describe, it } from "@effect/vitest"
import { SECOND } from "@l2lab/sim/SimTime"
import * as Trace from "../../src/Trace.ts"
import { RapidLan, type RapidSpec } from "./RapidLan.ts"

const id = (n: number, priority = 32_768) => ({ priority, address: 0x020000000000 + n * 256 })

const bridge = (n: number, lans: ReadonlyArray<number>, more: Partial<RapidSpec> = {}): RapidSpec => ({
  id: id(n),
  ports: lans.map((lan) => ({ lan })),
  ...more,
})

describe("two bridges", () => {
  it("agree and forward within a second of a cold start", () => {
    const lan = new RapidLan([bridge(1, [0]), bridge(2, [0])])
    lan.run(10)
    assert.deepEqual([lan.describe(0), lan.describe(1)], [["Designated forwarding"], ["Root forwarding"]])
    assert.isBelow(lan.lastChangeSince(0), 1)
    assert.isTrue(lan.port(0, 0).agreed)
  })

  it("with two cables: one forwards, and the other takes over within milliseconds", () => {
    const lan = new RapidLan([bridge(1, [0, 1]), bridge(2, [0, 1])])
    lan.run(20)
    assert.deepEqual(lan.describe(1), ["Root forwarding", "Alternate discarding"])
    const at = lan.simulation.now
    for (const end of [0, 1]) lan.plug(end, 0, false)
    lan.run(20)
    assert.deepEqual(lan.describe(1), ["Disabled discarding", "Root forwarding"])
    assert.isBelow(lan.lastChangeSince(at), 0.005)
    const back = lan.simulation.now
    for (const end of [0, 1]) lan.plug(end, 0, true)
    lan.run(20)
    assert.deepEqual(lan.describe(1), ["Root forwarding", "Alternate discarding"])
    assert.isBelow(lan.lastChangeSince(back), 1)
  })

  it("wait 2 x forward delay on a shared LAN, where an agreement proves nothing", () => {
    const shared = { config: { ports: [{ adminPointToPointMAC: false }] } } as const
    const lan = new RapidLan([bridge(1, [0], shared), bridge(2, [0], shared)])
    lan.run(60)
    assert.deepEqual(lan.describe(0), ["Designated forwarding"])
    // FwdDelay from MaxAge down while nobody agrees, then a hello time to learn.
    assert.isAbove(lan.lastChangeSince(0), 15)
  })

  it("a neighbour that falls silent is given up after three hellos", () => {
    const lan = new RapidLan([bridge(1, [0]), bridge(2, [0])])
    lan.run(20)
    const at = lan.simulation.now
    lan.slide(0, 0, 9)
    lan.run(20)
    assert.deepEqual(lan.describe(1), ["Designated forwarding"])
    const role = lan.events.find((event) => event.node === 1 && event.at > at && event.code === Trace.ROLE.code)!
    assert.isAtLeast((role.at - at) / SECOND, 4)
    assert.isAtMost((role.at - at) / SECOND, 6.1)
  })
})

describe("a ring of six", () => {
  const ring = (): RapidLan => new RapidLan(Array.from({ length: 6 }, (_, n) => bridge(n + 1, [n, (n + 5) % 6])))
  /** The cable between the first two bridges, at both ends. */
  const plug = (lan: RapidLan, up: boolean): void => {
    lan.plug(0, 0, up)
    lan.plug(1, 1, up)
  }
  const settle = (lan: RapidLan, seconds: number): number => {
    const at = lan.simulation.now
    lan.run(seconds)
    return lan.lastChangeSince(at)
  }
  const blocked = (lan: RapidLan): number =>
    [0, 1, 2, 3, 4, 5].flatMap((n) => lan.describe(n)).filter((port) => port === "Alternate discarding").length

  it("loses a link and is whole again within a second, and so when it comes back", () => {
    const lan = ring()
    settle(lan, 30)
    assert.strictEqual(blocked(lan), 1)
    const at = lan.simulation.now
    plug(lan, false)
    lan.run(30)
    assert.isBelow(lan.lastChangeSince(at), 1)
    assert.strictEqual(blocked(lan), 0)
    const back = lan.simulation.now
    plug(lan, true)
    lan.run(30)
    assert.isBelow(lan.lastChangeSince(back), 1)
    assert.strictEqual(blocked(lan), 1)
  })

  it("has what was learnt forgotten at once when a link fails", () => {
    const lan = ring()
    settle(lan, 30)
    const before = lan.port(4, 0).flushes + lan.port(4, 1).flushes
    plug(lan, false)
    lan.run(1)
    assert.isAbove(lan.port(4, 0).flushes + lan.port(4, 1).flushes, before)
  })
})

describe("mixed networks", () => {
  for (const [name, more] of [
    ["an 802.1D-1998 bridge", { protocol: "stp1998" }],
    ["a bridge forced to version 0", { config: { forceProtocolVersion: 0 } }],
  ] as const) {
    it(`rapid bridges fall back towards ${name}, and on that port only`, () => {
      const lan = new RapidLan([bridge(1, [0, 1]), bridge(2, [1, 2]), bridge(3, [2, 0], more)])
      lan.run(80)
      assert.isTrue(lan.port(0, 1).sendRSTP)
      assert.isFalse(lan.port(0, 0).sendRSTP)
      // One forced to version 0 understands RST BPDUs and says nothing on its alternate port: that neighbour need not fall back.
      assert.strictEqual(lan.port(1, 1).sendRSTP, !("protocol" in more))
      assert.deepEqual(lan.describe(0), ["Designated forwarding", "Designated forwarding"])
      assert.deepEqual(lan.describe(1), ["Root forwarding", "Designated forwarding"])
      const [alternate, root] = lan.describe(2)
      assert.strictEqual(root, "Root forwarding")
      assert.include(["Blocked blocking", "Alternate discarding"], alternate)
    })

    it(`${name} as the root`, () => {
      const lan = new RapidLan([bridge(1, [0, 1], more), bridge(2, [1, 2]), bridge(3, [2, 0])])
      lan.run(120)
      assert.deepEqual(lan.describe(0), ["Designated forwarding", "Designated forwarding"])
      assert.deepEqual(lan.describe(1), ["Root forwarding", "Designated forwarding"])
      assert.deepEqual(lan.describe(2), ["Alternate discarding", "Root forwarding"])
      assert.isFalse(lan.tree(1).topologyChange)
    })
  }
})
