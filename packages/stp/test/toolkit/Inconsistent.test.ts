/** Root guard, loop guard and bridge assurance, for the protocols that have them: defaults, trips, log lines, recovery, and what they do to each other. */
import { assert, describe, it } from "@effect/vitest"
import * as Fingerprint from "@l2lab/sim/Fingerprint"
import { WORLD, type WorldCommand } from "@l2lab/sim/WorldCommand"
import * as EthernetFrame from "@l2lab/l2/EthernetFrame"
import * as Protocol from "@l2lab/l2/Protocol"
import * as Bpdu from "../../src/Bpdu.ts"
import { access, type SendFrame, VlanNetwork } from "../pvst/VlanNetwork.ts"
import type { WithToolkit } from "../../src/toolkit/Guarded.ts"
import { bridge, configBpdu, isEdge, type Kind, KINDS, log, sentAt, why } from "./Guards.ts"

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

  it("root guard holds for as long as the claim would be believed: max age, or three hello times", () => {
    const rogue = bridge(kind, "t", undefined, { priority: 0 })
    const lan = new VlanNetwork([bridge(kind, "t", { ports: [{ guard: "root" }] }, { priority: 4096 }), rogue], [cable])
    lan.run(40)
    lan.simulation.command(WORLD, { type: "link.direction", link: 0, from: "b", alive: false } as WorldCommand)
    const most = kind === "stp1998" || kind === "pvst" ? 20 : 6
    lan.run(most - 2.5)
    assert.deepStrictEqual(why(lan, kind, 0, 0), ["root"])
    lan.run(2.6)
    assert.deepStrictEqual(why(lan, kind, 0, 0), [])
    // Then it listens and learns, and does not go on as if nothing had been.
    assert.isFalse(lan.forwards(0, 0, 10))
    lan.run(35)
    assert.isTrue(lan.forwards(0, 0, 10))
  })

  it("root guard has nothing against bridges below it, nor against a root behind other ports", () => {
    const guard = { ports: [{ guard: "root" as const }] }
    const lan = new VlanNetwork(
      [bridge(kind, "tt", guard), bridge(kind, "t"), bridge(kind, "t", undefined, { priority: 0 })],
      [
        cable,
        [
          [0, 1],
          [2, 0],
        ],
      ],
    )
    lan.run(60)
    assert.deepStrictEqual(log(lan), [])
    assert.isTrue(lan.forwards(0, 0, 10))
    assert.strictEqual(lan.rootOf(1, 1), 2)
  })

  it("an edge port with root guard is no edge any more once somebody claimed to be the root", () => {
    const guard = { ports: [{ guard: "root" as const }] }
    const config = { priority: 4096, ports: [{ adminEdge: true, autoEdge: false }] }
    const lan = new VlanNetwork([bridge(kind, "t", guard, config), bridge(kind, "t", undefined, { priority: 0 })], [cable])
    lan.run(10)
    assert.deepStrictEqual(why(lan, kind, 0, 0), ["root"])
    assert.isFalse(lan.forwards(0, 0, 10))
    lan.simulation.command(WORLD, { type: "link.direction", link: 0, from: "b", alive: false } as WorldCommand)
    lan.run(25)
    assert.deepStrictEqual(why(lan, kind, 0, 0), [])
    assert.isFalse(isEdge(lan, kind, 0, 0))
  })

  it("root guard goes before loop guard by default: silence behind the port blocks nothing", () => {
    const toolkit = { loopGuardDefault: true, ports: [undefined, { guard: "root" as const }] }
    const lan = new VlanNetwork([bridge(kind, "t", toolkit, { priority: 4096 }), bridge(kind, "tt")], [cable])
    const guards = lan.bridge(0).protocols[0] as WithToolkit
    assert.strictEqual(guards.toolkit!.loopGuard[0], 2)
    assert.strictEqual(twoCables(toolkit).bridge(1).protocols.length, 1)
    assert.strictEqual((twoCables(toolkit).bridge(1).protocols[0] as WithToolkit).toolkit!.loopGuard[1], 0)
  })

  it("root guard is about claims: what a root, alternate or backup port says is none", () => {
    for (const [role, expected] of [
      ["alternate", []],
      ["root", []],
      ["designated", ["root"]],
    ] as const) {
      const lan = new VlanNetwork(
        [bridge(kind, "a", { ports: [{ guard: "root" }] }, { priority: 4096 }), { run: "station", ports: [access(10)] }],
        [cable],
      )
      lan.run(40)
      const config = configBpdu(0)
      // To 802.1D-1998 all Configuration BPDUs are claims, and others none of its own.
      const is1998 = kind === "stp1998" || kind === "pvst"
      const flags = { proposal: false, agreement: true, learning: true, forwarding: true }
      const bpdu = is1998 ? config : ({ ...config, ...flags, kind: "rst", role } as Bpdu.Bpdu)
      const frame = EthernetFrame.make(Bpdu.GROUP_ADDRESS, 9, Protocol.BPDU, bpdu, 3 + Bpdu.octetLength(bpdu))
      lan.manage(1, { type: "station.send", frame, tci: -1 } as SendFrame)
      lan.run(0.1)
      assert.deepStrictEqual(why(lan, kind, 0, 0), is1998 ? ["root"] : expected)
    }
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
  const twoCables = (toolkit: Parameters<typeof bridge>[2], fullDuplex = true): VlanNetwork =>
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
      1,
      fullDuplex,
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

  it("without loop guard, or where a port is told to have none, it forwards", () => {
    for (const toolkit of [undefined, { loopGuardDefault: true, ports: [undefined, { guard: "none" as const }] }]) {
      const lan = twoCables(toolkit)
      lan.run(60)
      hear(lan, false)
      lan.run(60)
      assert.isTrue(lan.forwards(1, 1, 10))
      assert.notInclude(log(lan).join(), "LOOPGUARD")
    }
  })

  it("loop guard watches the root port too: another way is used instead", () => {
    const lan = twoCables({ loopGuardDefault: true })
    lan.run(60)
    assert.strictEqual(lan.tree(1, 10).rootPort, 0)
    lan.simulation.command(WORLD, { type: "link.direction", link: 0, from: "a", alive: false } as WorldCommand)
    lan.run(60)
    assert.deepStrictEqual(why(lan, kind, 1, 0), ["loop"])
    assert.strictEqual(lan.tree(1, 10).rootPort, 1)
    assert.isTrue(lan.forwards(1, 1, 10))
    assert.isFalse(lan.forwards(1, 0, 10))
  })

  it("loop guard is for point-to-point links: on a shared one, set or by default, it blocks nothing", () => {
    for (const toolkit of [{ loopGuardDefault: true }, { ports: [undefined, { guard: "loop" as const }] }]) {
      const lan = twoCables(toolkit, false)
      lan.run(100)
      hear(lan, false)
      lan.run(100)
      assert.deepStrictEqual(why(lan, kind, 1, 1), [])
      assert.isTrue(lan.forwards(1, 1, 10))
    }
  })

  it("loop guard never trips on a port that filters BPDUs: it is told nothing", () => {
    const lan = twoCables({ ports: [undefined, { guard: "loop", bpduFilter: true }] })
    lan.run(60)
    hear(lan, false)
    lan.run(60)
    assert.deepStrictEqual(log(lan), [])
    assert.isTrue(lan.forwards(1, 1, 10))
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

  it("a fork between the silence and the block goes on alike, and so does one while root guard blocks", () => {
    const lan = twoCables({ loopGuardDefault: true, ports: [{ guard: "none" }] })
    lan.run(60)
    hear(lan, false)
    lan.run(3)
    const rogue = new VlanNetwork(
      [bridge(kind, "t", { ports: [{ guard: "root" }] }, { priority: 4096 }), bridge(kind, "t", undefined, { priority: 0 })],
      [cable],
    )
    rogue.run(30)
    rogue.plug(0, false)
    rogue.plug(0, true)
    for (const network of [lan, rogue]) {
      const fork = network.simulation.fork()
      network.run(60)
      fork.run(network.simulation.now)
      assert.strictEqual(Fingerprint.of(fork), Fingerprint.of(network.simulation))
      assert.isNotEmpty(log(network))
    }
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

  it("one whose other end is no network port is blocked: a root port has nothing to say", () => {
    const lan = new VlanNetwork([bridge(kind, "t", network, { priority: 4096 }), bridge(kind, "t", {})], [cable])
    lan.run(30)
    assert.deepStrictEqual(why(lan, kind, 0, 0), ["bridge-assurance"])
    assert.isFalse(lan.forwards(0, 0, 10))
    assert.include(log(lan), "n0 %SPANTREE-2-BRIDGE_ASSURANCE_BLOCK: Bridge Assurance blocking port GigabitEthernet0/1 on T0.")
  })

  it("one that hears nothing for three hello times is blocked then, and free as soon as it hears again", () => {
    const lan = new VlanNetwork([bridge(kind, "t", network, { priority: 4096 }), bridge(kind, "t", network)], [cable])
    lan.run(30)
    const silence: WorldCommand = { type: "link.direction", link: 0, from: "b", alive: false }
    lan.simulation.command(WORLD, silence)
    lan.run(3.9)
    assert.deepStrictEqual(log(lan), [])
    lan.run(2.2)
    assert.deepStrictEqual(why(lan, kind, 0, 0), ["bridge-assurance"])
    assert.isFalse(lan.forwards(0, 0, 10))
    lan.simulation.command(WORLD, { ...silence, alive: true } as WorldCommand)
    lan.run(2.1)
    assert.deepStrictEqual(why(lan, kind, 0, 0), [])
    assert.include(
      log(lan),
      "n0 %SPANTREE-2-BRIDGE_ASSURANCE_UNBLOCK: Bridge Assurance unblocking port GigabitEthernet0/1 on T0.",
    )
    lan.run(40)
    assert.isTrue(lan.forwards(0, 0, 10))
  })

  it("shared links are not watched", () => {
    const lan = new VlanNetwork([bridge(kind, "t", network, { priority: 4096 }), bridge(kind, "t", {})], [cable], 1, false)
    lan.run(60)
    lan.simulation.command(WORLD, { type: "link.direction", link: 0, from: "b", alive: false } as WorldCommand)
    lan.run(60)
    assert.deepStrictEqual(why(lan, kind, 0, 0), [])
    assert.isTrue(lan.forwards(0, 0, 10))
  })

  it("a link that goes down and comes back gives the other end three hello times anew", () => {
    const lan = new VlanNetwork([bridge(kind, "t", network, { priority: 4096 }), bridge(kind, "t", {})], [cable])
    lan.run(30)
    lan.plug(0, false)
    lan.run(1)
    assert.deepStrictEqual(why(lan, kind, 0, 0), [])
    lan.plug(0, true)
    lan.run(5.9)
    assert.deepStrictEqual(why(lan, kind, 0, 0), [])
    lan.run(5)
    assert.deepStrictEqual(why(lan, kind, 0, 0), ["bridge-assurance"])
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

describe.each(["stp1998", "pvst"] as const)("bridge assurance, %s", (kind) => {
  it("is not for protocols whose root ports are silent: a network port is a port as others", () => {
    const network = { ports: [{ network: true }] }
    const lan = new VlanNetwork([bridge(kind, "t", network, { priority: 4096 }), bridge(kind, "t", network)], [cable])
    lan.run(60)
    assert.deepStrictEqual(log(lan), [])
    assert.isTrue(lan.forwards(0, 0, 10))
  })
})
