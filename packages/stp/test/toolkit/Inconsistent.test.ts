/** Root guard, loop guard and bridge assurance, for the protocols that have them: defaults, trips, log lines, recovery, and what they do to each other. */
import { assert, describe, it } from "@effect/vitest"
import * as Fingerprint from "@l2lab/sim/Fingerprint"
import { WORLD, type WorldCommand } from "@l2lab/sim/WorldCommand"
import { VlanNetwork } from "../pvst/VlanNetwork.ts"
import { bridge, type Kind, KINDS, log, sentAt, why } from "./Guards.ts"

const cable = [
  [0, 0],
  [1, 0],
] as const

/** What leaves n0 by the second cable is lost, or arrives again. */
const hear = (lan: VlanNetwork, alive: boolean): void => {
  const command: WorldCommand = { type: "link.direction", link: 1, from: "a", alive }
  lan.simulation.command(WORLD, command)
}

describe.each(KINDS)("%s", (kind: Kind) => {
  it("root guard: who claims to be the root is blocked while he does, and the port listens again when he stops", () => {
    const rogue = bridge(kind, "t", undefined, { priority: 0 })
    const lan = new VlanNetwork([bridge(kind, "t", { ports: [{ guard: "root" }] }, { priority: 4096 }), rogue], [cable])
    lan.run(40)
    assert.deepStrictEqual(why(lan, kind, 0, 0), ["root"])
    assert.isFalse(lan.forwards(0, 0, 10))
    assert.strictEqual(lan.rootOf(0, 1), 0)
    assert.include(log(lan), "n0 %SPANTREE-2-ROOTGUARD_BLOCK: Root guard blocking port GigabitEthernet0/1 on T0.")
    lan.manage(1, { type: "stp.set-bridge-priority", priority: 32_768 } as never)
    lan.run(70)
    assert.deepStrictEqual(why(lan, kind, 0, 0), [])
    assert.isTrue(lan.forwards(0, 0, 10))
    assert.strictEqual(lan.rootOf(1, 1), 0)
    assert.include(log(lan), "n0 %SPANTREE-2-ROOTGUARD_UNBLOCK: Root guard unblocking port GigabitEthernet0/1 on T0.")
  })

  it("without root guard the rogue is the root", () => {
    const lan = new VlanNetwork(
      [bridge(kind, "t", {}, { priority: 4096 }), bridge(kind, "t", undefined, { priority: 0 })],
      [cable],
    )
    lan.run(40)
    assert.strictEqual(lan.rootOf(0, 1), 1)
    assert.deepStrictEqual(log(lan), [])
  })

  // n0 is the root and can be heard no more; n1 has two cables to it.
  const twoCables = (toolkit: Parameters<typeof bridge>[2]): VlanNetwork =>
    new VlanNetwork(
      [bridge(kind, "tt", {}, { priority: 4096 }), bridge(kind, "tt", toolkit)],
      [
        [
          [0, 0],
          [1, 0],
        ],
        [
          [0, 1],
          [1, 1],
        ],
      ],
    )

  it("loop guard: a blocked port that hears nothing any more stays blocked, until it hears something", () => {
    for (const toolkit of [{ loopGuardDefault: true }, { ports: [undefined, { guard: "loop" as const }] }]) {
      const lan = twoCables(toolkit)
      lan.run(60)
      assert.isFalse(lan.forwards(1, 1, 10))
      hear(lan, false)
      lan.run(60)
      assert.deepStrictEqual(why(lan, kind, 1, 1), ["loop"])
      assert.isFalse(lan.forwards(1, 1, 10))
      assert.include(log(lan), "n1 %SPANTREE-2-LOOPGUARD_BLOCK: Loop guard blocking port GigabitEthernet0/2 on T0.")
      hear(lan, true)
      lan.run(60)
      assert.deepStrictEqual(why(lan, kind, 1, 1), [])
      assert.isFalse(lan.forwards(1, 1, 10))
      assert.include(log(lan), "n1 %SPANTREE-2-LOOPGUARD_UNBLOCK: Loop guard unblocking port GigabitEthernet0/2 on T0.")
    }
  })

  it("a link that goes down ends what was wrong behind it", () => {
    const lan = twoCables({ loopGuardDefault: true })
    lan.run(60)
    hear(lan, false)
    lan.run(60)
    lan.plug(1, false)
    lan.run(1)
    assert.deepStrictEqual(why(lan, kind, 1, 1), [])
  })

  it("root guard and loop guard on different ports do not disturb each other, and a fork goes on alike", () => {
    const lan = twoCables({ loopGuardDefault: true, ports: [{ guard: "none" }] })
    lan.run(60)
    hear(lan, false)
    lan.run(3)
    const fork = lan.simulation.fork()
    lan.run(60)
    fork.run(lan.simulation.now)
    assert.strictEqual(Fingerprint.of(fork), Fingerprint.of(lan.simulation))
  })
})

describe.each(["rstp2004", "mstp", "rapid-pvst"] as const)("bridge assurance, %s", (kind) => {
  const network = { ports: [{ network: true }] }

  it("network ports speak both ways", () => {
    const lan = new VlanNetwork([bridge(kind, "t", network, { priority: 4096 }), bridge(kind, "t", network)], [cable])
    lan.watch(1, 0)
    lan.run(30)
    lan.seen.length = 0
    lan.run(60)
    assert.isAtLeast(sentAt(lan, 1, 0).length, 29)
    assert.deepStrictEqual(why(lan, kind, 0, 0), [])
    assert.deepStrictEqual(log(lan), [])
    assert.isTrue(lan.forwards(0, 0, 10))
  })

  it("one that hears nothing for three hello times is blocked, and free when it hears again", () => {
    const lan = new VlanNetwork([bridge(kind, "t", network, { priority: 4096 }), bridge(kind, "t", {})], [cable])
    lan.run(30)
    assert.deepStrictEqual(why(lan, kind, 0, 0), ["bridge-assurance"])
    assert.isFalse(lan.forwards(0, 0, 10))
    assert.include(log(lan), "n0 %SPANTREE-2-BRIDGE_ASSURANCE_BLOCK: Bridge Assurance blocking port GigabitEthernet0/1 on T0.")
  })

  it("a setting of the bridge turns it off", () => {
    const lan = new VlanNetwork(
      [bridge(kind, "t", { ...network, bridgeAssurance: false }, { priority: 4096 }), bridge(kind, "t", {})],
      [cable],
    )
    lan.run(30)
    assert.deepStrictEqual(why(lan, kind, 0, 0), [])
  })
})
