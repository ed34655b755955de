/** The behaviours of LACP that Open vSwitch's tests/lacp.at has, as tests of this LACP; and those of hot standby, min-links and lone members. */
import * as Fingerprint from "@l2lab/sim/Fingerprint"
import { assert, describe, it } from "vitest"
import * as Lacpdu from "../../src/lacp/Lacpdu.ts"
import * as L2Trace from "../../src/Trace.ts"
import { at, isUp, pair, roles, said, stateOf } from "./Pair.ts"

const BOTH = ["bundled bundled", "bundled bundled"]

describe("what Open vSwitch tests of LACP", () => {
  it("configuration: a port without LACP says nothing, and its group's settings are what its LACPDUs say", () => {
    const network = pair({ systemPriority: 11, priorities: [21, 22], group: { key: 34 }, rate: "fast" }).run(1)
    const { actor } = said(network, 0, 1)[0].pdu
    assert.deepEqual(
      { ...actor, state: Lacpdu.stateWords(actor.state) },
      {
        systemPriority: 11,
        system: 0x020000010000,
        key: 34,
        portPriority: 22,
        port: 2,
        state: "active, short, aggregatable",
      },
    )
    assert.strictEqual(said(network, 0, 2).length, 0)
    assert.strictEqual(said(pair({ mode: "on" }).run(40), 0).length, 0)
  })

  it("negotiation, first step: an active port speaks of its own accord, a passive one only when spoken to", () => {
    const alone = pair({ mode: "passive" }).run(100)
    assert.deepEqual([said(alone, 0).length, said(alone, 1).length], [0, 0])
    assert.deepEqual([roles(alone, 0), at(alone, 0)], ["alone alone", "DEFAULTED COLLECTING_DISTRIBUTING individual"])
    const asked = pair({ mode: "active" }, { mode: "passive" }).run(10)
    assert.deepEqual([roles(asked, 0), roles(asked, 1)], BOTH)
  })

  it("negotiation, second step: partners learn of each other, wait two seconds, say that they are in sync, and only then carry frames", () => {
    const network = pair().run(1)
    assert.strictEqual(at(network, 0), "CURRENT WAITING selected")
    assert.deepEqual([roles(network, 0), isUp(network, 0)], ["out out", false])
    network.run(2)
    assert.strictEqual(at(network, 0), "CURRENT COLLECTING_DISTRIBUTING selected")
    assert.deepEqual([roles(network, 0), roles(network, 1)], BOTH)
    assert.isTrue(isUp(network, 0) && isUp(network, 1))
    const words = said(network, 0).map(({ pdu }) => Lacpdu.stateWords(pdu.actor.state))
    assert.strictEqual(words.at(-1), "active, aggregatable, in sync, collecting, distributing")
    assert.isTrue(words.includes("active, aggregatable, in sync"))
  })

  it("negotiation, third step: who asks for it is told once a second, who does not every thirty seconds", () => {
    const network = pair({ rate: "fast" }, { rate: "slow" }).run(10)
    const before = [said(network, 0).length, said(network, 1).length]
    network.run(60)
    assert.deepEqual([said(network, 0).length - before[0], said(network, 1).length - before[1]], [2, 60])
  })

  it("liveness: a partner that is not heard for three intervals is given up", () => {
    const network = pair({ rate: "fast" }).run(10)
    network.world({ type: "link.direction", link: 0, from: "a", alive: false }).run(3.5)
    // sw2 hears nothing on its first port and takes it out. It is still in sync, so sw1 goes on: what it sends there is lost.
    assert.deepEqual([roles(network, 0), roles(network, 1)], ["bundled bundled", "out bundled"])
    assert.strictEqual(at(network, 1), "EXPIRED ATTACHED selected")
    // Three seconds later sw2 has given its partner up, and says so.
    network.run(3)
    assert.strictEqual(at(network, 0), "CURRENT ATTACHED selected")
    assert.deepEqual([roles(network, 0), roles(network, 1)], ["out bundled", "out bundled"])
    network.run(3)
    assert.strictEqual(at(network, 1), "DEFAULTED COLLECTING_DISTRIBUTING individual")
    network.world({ type: "link.direction", link: 0, from: "a", alive: true }).run(5)
    assert.deepEqual([roles(network, 0), roles(network, 1)], BOTH)
  })

  it("liveness: a link that goes down is out of the bundle at once, and back a while after it has come up", () => {
    const network = pair().run(5)
    network.world({ type: "link.disconnect", link: 0 }).run(0.001)
    assert.deepEqual([roles(network, 0), roles(network, 1), isUp(network, 0)], ["out bundled", "out bundled", true])
    network.world({ type: "link.connect", link: 0 }).run(3)
    assert.deepEqual([roles(network, 0), roles(network, 1)], BOTH)
  })
})

describe("members that are not used", () => {
  it("hot standby: the first eight by priority carry frames, the next comes when one goes", () => {
    const network = pair({ priorities: [...Array.from({ length: 8 }, () => 200), 100, 300] }, {}, 10).run(6)
    const inUse = (): string => roles(network, 0).replaceAll("bundled", "P").replaceAll("out", "H").replaceAll(" ", "")
    assert.strictEqual(inUse(), "PPPPPPPHPH")
    assert.strictEqual(roles(network, 0), roles(network, 1))
    assert.strictEqual(at(network, 0, 7), "CURRENT WAITING standby")
    network.world({ type: "link.disconnect", link: 2 }).run(3)
    assert.strictEqual(inUse(), "PPHPPPPPPH")
    assert.strictEqual(roles(network, 0), roles(network, 1))
  })

  it("the system of the lower priority decides whose port priorities count", () => {
    const first = { priorities: [1, 2], group: { maxBundle: 1 } }
    const second = { priorities: [2, 1], group: { maxBundle: 1 } }
    assert.strictEqual(roles(pair(first, second).run(6), 0), "bundled out")
    assert.strictEqual(roles(pair(first, { ...second, systemPriority: 1 }).run(6), 0), "out bundled")
  })

  it("min-links: with too few of them the bundle is down at both ends, though one end would do with one", () => {
    const network = pair({ group: { minLinks: 2 }, bundle: { minLinks: 2 } }, {}).run(6)
    assert.isTrue(isUp(network, 0) && isUp(network, 1))
    network.world({ type: "link.disconnect", link: 0 }).run(2)
    assert.isFalse(isUp(network, 0) || isUp(network, 1))
    network.world({ type: "link.connect", link: 0 }).run(6)
    assert.isTrue(isUp(network, 0) && isUp(network, 1))
  })

  it("a member that hears no LACP is a port of its own, or suspended where the group says so", () => {
    const lone = pair({}, { mode: "none" }).run(10)
    assert.strictEqual(roles(lone, 0), "alone alone")
    assert.strictEqual(at(lone, 0), "DEFAULTED COLLECTING_DISTRIBUTING individual")
    const suspended = pair({ group: { suspendIndividual: true } }, { mode: "none" }).run(10)
    assert.deepEqual([roles(suspended, 0), at(suspended, 0)], ["out out", "DEFAULTED DETACHED suspended"])
  })

  it("a port of its own that finds its partner is a port no longer, and what was learnt on it is forgotten", () => {
    const network = pair({ rate: "fast" })
    network.world({ type: "link.direction", link: 0, from: "a", alive: false }).run(10)
    assert.deepEqual([roles(network, 1), network.bridge(1).up[0]], ["alone bundled", 1])
    network.world({ type: "link.direction", link: 0, from: "a", alive: true }).run(10)
    assert.deepEqual([roles(network, 1), network.bridge(1).up[0]], ["bundled bundled", 0])
    assert.deepEqual(Array.from(network.bridge(1).portStates.slice(0, 2)), [0, 0])
  })

  it("churn: who is out of sync for a minute is told of", () => {
    const network = pair({ group: { suspendIndividual: true } }, { mode: "none" }).run(59)
    assert.strictEqual(stateOf(network, 0).actorChurn[0], 0)
    network.run(5)
    assert.strictEqual(stateOf(network, 0).actorChurn[0], 1)
  })

  it("a group whose members lead to two systems bundles those of the first, and suspends the rest", () => {
    const network = pair({}, { group: { key: 1, members: [0] }, members: [0] }, 2)
    network.run(10)
    assert.strictEqual(roles(network, 0), "bundled alone")
  })
})

describe("the transmit limit", () => {
  it("a port sends three LACPDUs within a second, and no more", () => {
    const network = pair({ rate: "fast" }).run(3)
    for (let i = 0; i < 20; i++) network.world({ type: "link.direction", link: 0, from: "a", alive: i % 2 === 1 }).run(2)
    const times = said(network, 1).map(({ at: sentAt }) => sentAt)
    for (let i = 3; i < times.length; i++) assert.isAtLeast(times[i] - times[i - 3], 0.999_999_999)
  })
})

describe("the world", () => {
  it("is the same replayed, and a fork in the middle of a negotiation goes the same way", () => {
    const network = pair({ rate: "fast" }).run(1.5)
    network.world({ type: "link.disconnect", link: 1 }).run(1)
    const fork = network.simulation.fork()
    network.run(10)
    fork.run(network.simulation.now)
    assert.strictEqual(network.replayed(), network.fingerprint)
    assert.strictEqual(Fingerprint.of(fork), network.fingerprint)
    assert.strictEqual(network.of(L2Trace.BUNDLE).length, 2)
  })
})
