/** Two active chassis: who hears of it, on which way, how soon, and who makes way. */
import { assert, describe, it } from "@effect/vitest"
import { MILLISECOND, SECOND } from "@l2lab/sim/SimTime"
import * as Fingerprint from "@l2lab/sim/Fingerprint"
import { isDualActive } from "../../src/dualactive/DualActive.ts"
import * as Trace from "../../src/dualactive/Trace.ts"
import { addressOf, Chassis, type PairSpec } from "./Chassis.ts"

const settled = (spec: PairSpec): Chassis => new Chassis(spec).run(5)

/** When, in seconds since the VSL was cut, a chassis went into recovery mode; undefined if it did not. */
const recoveryAfter = (pair: Chassis, node: number, cutAt: number): number | undefined => {
  const event = pair.events.find(({ at, code, node: of }) => code === Trace.RECOVERY.code && of === node && at >= cutAt)
  return event === undefined ? undefined : (event.at - cutAt) / SECOND
}

const isOtherUp = (pair: Chassis, node: number): boolean => {
  const { up } = pair.state(node)
  return up[up.length - 1] === 1
}

describe("without detection", () => {
  it("both are active, for as long as the VSL is cut", () => {
    const pair = settled({ cables: [] }).cut().run(60)
    assert.strictEqual(pair.roles, "active active")
    assert.strictEqual(pair.view(0).detectedBy, "none")
    assert.strictEqual(pair.cut(true).run(5).roles, "active standby")
    assert.deepEqual(pair.reloads, [0, 1])
  })
})

describe("by fast hello", () => {
  it("the ports are capable while both chassis are there", () => {
    const pair = settled({ cables: ["fast-hello", "fast-hello"] })
    for (const node of [0, 1]) {
      assert.deepEqual(
        pair.view(node).fastHello.map(({ isCapable, port, state }) => ({ isCapable, port, state })),
        [
          { isCapable: true, port: 2, state: "capable" },
          { isCapable: true, port: 3, state: "capable" },
        ],
      )
    }
    assert.deepEqual(pair.view(0).fastHello[0].peer, { role: "standby", isVslDown: false })
    assert.include(pair.log(0), "%FASTHELLO-5-FH_UP: Fast-Hello interface Te1/2 became dual-active detection capable")
    const at = pair.simulation.now
    pair.world({ type: "link.disconnect", link: 2 }).run(1)
    assert.deepEqual(pair.log(0, at), ["%FASTHELLO-2-FH_DOWN: Fast-Hello interface Te1/2 lost dual-active detection capability"])
    assert.strictEqual(pair.roles, "active standby")
  })

  it("the old active makes way within a frame's time, keeps its detection ports, and comes back as standby", () => {
    const pair = settled({ cables: ["fast-hello"] })
    const cutAt = pair.simulation.now
    pair.cut().run(1)
    assert.strictEqual(pair.roles, "recovery active")
    assert.isBelow(recoveryAfter(pair, 0, cutAt)!, 0.000_01)
    assert.isUndefined(recoveryAfter(pair, 1, cutAt))
    assert.isFalse(isOtherUp(pair, 0))
    assert.isTrue(pair.view(0).isInRecovery)
    assert.strictEqual(pair.view(0).detectedBy, "fast hello")
    assert.deepEqual(pair.log(0, cutAt).slice(-2), [
      "%SW_DA-1-DETECTION: detected dual-active condition",
      "%SW_DA-1-RECOVERY: Dual-active condition detected: Starting recovery-mode, all non-VSL interfaces have been shut down",
    ])
    assert.deepEqual(pair.view(1).fastHello[0].peer, { role: "recovery", isVslDown: true })
    pair.run(120)
    assert.strictEqual(pair.roles, "recovery active")
    pair.cut(true).run(5)
    assert.strictEqual(pair.roles, "standby active")
    assert.deepEqual(pair.reloads, [1, 0])
    assert.isTrue(isOtherUp(pair, 0))
    assert.isFalse(pair.view(0).isInRecovery)
    assert.strictEqual(pair.view(1).detectedBy, "none")
  })

  it("makes the old active yield whatever its number and priority", () => {
    const pair = settled({ cables: ["fast-hello"], vslp: [{}, { priority: 200 }] })
    assert.strictEqual(pair.roles, "standby active")
    assert.strictEqual(pair.cut().run(1).roles, "active recovery")
  })

  it("of two that never were a pair the second makes way", () => {
    const pair = new Chassis({ cables: ["fast-hello"] }).cut().run(40)
    assert.strictEqual(pair.roles, "active recovery")
  })

  it("a chassis that boots alone makes way for who took over, and for an old active", () => {
    const pair = settled({ cables: ["fast-hello"] })
    pair.world({ type: "link.disconnect", link: 2 }).cut().run(1)
    assert.strictEqual(pair.roles, "active active")
    pair.world({ type: "node.power-off", node: 0, keepCarrier: false }).run(1)
    pair.world({ type: "node.power-on", node: 0 }).run(1)
    pair.world({ type: "link.connect", link: 2 }).run(40)
    assert.strictEqual(pair.roles, "recovery active")
    const other = settled({ cables: ["fast-hello"] })
    other.world({ type: "node.power-off", node: 1, keepCarrier: false }).run(1)
    other.cut().world({ type: "node.power-on", node: 1 }).run(40)
    assert.strictEqual(other.roles, "active recovery")
  })

  it("a hello that was under way when the VSL went is not taken for a second active", () => {
    const pair = settled({ cables: ["fast-hello"], latencyNs: 20 * MILLISECOND })
    const cutAt = pair.simulation.now
    pair.cut().run(0.015)
    assert.isUndefined(recoveryAfter(pair, 0, cutAt))
    pair.run(0.01)
    assert.closeTo(recoveryAfter(pair, 0, cutAt)!, 0.02, 0.001)
  })

  it("a peer that is gone is no second active", () => {
    const pair = settled({ cables: ["fast-hello"] })
    pair.world({ type: "node.power-off", node: 1, keepCarrier: true }).run(120)
    assert.strictEqual(pair.view(0).detectedBy, "none")
    assert.isFalse(pair.view(0).fastHello[0].isCapable)
  })

  for (const [what, detection, why] of [
    ["another domain", { domain: 20 }, "domain mismatch"],
    ["the same number", { switchNumber: 1 as const }, "switch number conflict"],
    ["another pair of the same domain", { address: 0x0a }, "another chassis than on the other links"],
  ] as const) {
    it(`a port that leads to ${what} tells of nobody`, () => {
      const pair = settled({ cables: ["fast-hello"], detection: [{}, detection] })
      assert.strictEqual(pair.view(0).fastHello[0].state, "rejected")
      assert.strictEqual(pair.view(0).fastHello[0].failure, why)
      assert.match(
        pair.log(0).find((line) => line.includes("FH_REJECTED"))!,
        new RegExp(`^%FASTHELLO-3-FH_REJECTED: Fast-Hello interface Te1/2: ${why}`),
      )
      assert.strictEqual(pair.cut().run(1).roles, "active active")
    })
  }
})

describe("by BFD", () => {
  it("the session is down while the VSL is up, and comes up when it is not: within one to two seconds", () => {
    const pair = settled({ cables: ["bfd"] }).run(60)
    assert.deepInclude(pair.view(0).bfd[0], {
      port: 2,
      state: "admin_down",
      sent: 0,
      intervalNs: 100 * MILLISECOND,
      multiplier: 3,
    })
    const cutAt = pair.simulation.now
    pair.cut().run(5)
    assert.strictEqual(pair.roles, "recovery active")
    const after = recoveryAfter(pair, 0, cutAt)!
    assert.isAtLeast(after, 0.75)
    assert.isAtMost(after, 2)
    for (const node of [0, 1]) {
      const session = pair.view(node).bfd[0]
      assert.strictEqual(session.state, "up")
      assert.strictEqual(session.remoteDiscriminator, pair.view(1 - node).bfd[0].localDiscriminator)
      assert.match(
        pair.log(node, cutAt).find((line) => line.startsWith("%BFDFSM"))!,
        /BFD session ld:\d+ is going UP$/,
      )
    }
    pair.cut(true).run(5)
    assert.strictEqual(pair.roles, "standby active")
    assert.strictEqual(pair.view(0).bfd[0].state, "admin_down")
  })

  it("a session that is up sends ten packets a second, less a chance quarter of each wait", () => {
    const pair = settled({ cables: ["bfd"] })
      .cut()
      .run(5)
    const { sent } = pair.view(0).bfd[0]
    pair.run(10)
    assert.closeTo(pair.view(0).bfd[0].sent - sent, 10 / 0.0875, 5)
  })

  it("a session whose cable is cut, or passes one way, goes down and comes up again", () => {
    const pair = settled({ cables: ["bfd"] })
      .cut()
      .run(5)
    const at = pair.simulation.now
    pair.world({ type: "link.direction", link: 2, from: "a", alive: false }).run(0.31)
    assert.strictEqual(pair.view(1).bfd[0].state, "down")
    pair.run(0.1)
    assert.notStrictEqual(pair.view(0).bfd[0].state, "up")
    assert.match(pair.log(0, at)[0], /^%BFDFSM-6-BFD_SESS_DOWN: BFD-SYSLOG: BFD session ld:\d+ is going DOWN$/)
    pair.world({ type: "link.direction", link: 2, from: "a", alive: true }).run(3)
    assert.strictEqual(pair.view(1).bfd[0].state, "up")
    pair.world({ type: "link.disconnect", link: 2 }).run(1)
    assert.strictEqual(pair.view(0).bfd[0].state, "admin_down")
  })

  it("packets of another session, or of nobody who was told of, are refused", () => {
    const pair = settled({
      cables: ["bfd"],
      detection: [{}, { ports: [{ by: "bfd", port: 2, address: 7, local: 0x0a000063, peer: 0x0a000001 }] }],
    })
    pair.cut().run(5)
    assert.isAbove(pair.view(0).bfd[0].refused, 3)
    assert.strictEqual(pair.roles, "active active")
    assert.include(pair.log(0), "%SW_DA-4-BAD_PDU: Dual-active detection frames on Te1/2 are refused (NotPeer)")
  })
})

describe("by enhanced PAgP", () => {
  it("the old active makes way when a neighbour names another as active", () => {
    const pair = settled({ cables: [] }).cut().run(1)
    assert.strictEqual(pair.pagp(0, addressOf(0)).run(0.1).roles, "active active")
    assert.strictEqual(pair.pagp(0, addressOf(1)).run(0.1).roles, "recovery active")
    assert.strictEqual(pair.view(0).detectedBy, "PAgP")
    assert.strictEqual(pair.view(0).pagpOther, addressOf(1))
    assert.strictEqual(pair.cut(true).run(5).roles, "standby active")
  })

  it("who took over does not heed a neighbour that still names the other, and nobody does while the VSL is up", () => {
    const pair = settled({ cables: [] })
    pair.pagp(0, addressOf(1)).run(1)
    assert.strictEqual(pair.roles, "active standby")
    pair.pagp(0, addressOf(0)).cut().run(1)
    pair.pagp(1, addressOf(0)).run(1)
    assert.strictEqual(pair.roles, "active active")
    assert.strictEqual(pair.view(1).detectedBy, "none")
  })

  it("is not heeded where it is off", () => {
    const off = { pagp: false }
    const pair = settled({ cables: [], detection: [off, off] }).cut()
    assert.strictEqual(pair.pagp(0, addressOf(1)).run(1).roles, "active active")
    assert.isFalse(pair.view(0).isPagpOn)
  })

  it("isDualActive: two ids that differ", () => {
    assert.isTrue(isDualActive(2, 1))
    assert.isFalse(isDualActive(1, 1))
    assert.isFalse(isDualActive(0, 1))
    assert.isFalse(isDualActive(1, 0))
  })
})

describe("of a world", () => {
  const drive = (spec: PairSpec): Chassis => settled(spec).cut().run(3).cut(true).run(4)

  it("a fork in the middle of recovery goes on as the world does, and its commands give it again", () => {
    for (const cables of [["fast-hello"], ["bfd"], ["bfd", "fast-hello"]] as const) {
      const pair = settled({ cables }).cut().run(0.9)
      const fork = pair.simulation.fork()
      fork.run(pair.simulation.now + 3 * SECOND)
      pair.run(3)
      assert.strictEqual(Fingerprint.of(fork), pair.fingerprint)
      assert.strictEqual(pair.replayed(), pair.fingerprint)
    }
  })

  it("is the same when frames are read from octets", () => {
    const cables = ["fast-hello", "bfd"] as const
    const plain = drive({ cables })
    const octets = drive({ cables, octets: true })
    assert.strictEqual(plain.fingerprint, octets.fingerprint)
    assert.strictEqual(plain.roles, "standby active")
    assert.strictEqual(octets.view(0).bfd[0].refused + octets.view(0).fastHello[0].refused, 0)
  })
})
