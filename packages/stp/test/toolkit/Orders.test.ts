/** Guards that management sets while a bridge runs, for all five protocols: what they do, the log lines, replay in a fork. */
import { assert, describe, it } from "@effect/vitest"
import * as ErrdisableCause from "@l2lab/l2/ErrdisableCause"
import * as Fingerprint from "@l2lab/sim/Fingerprint"
import { WORLD, type WorldCommand } from "@l2lab/sim/WorldCommand"
import type { GuardCommand } from "../../src/toolkit/Orders.ts"
import type { ToolkitConfig } from "../../src/toolkit/Settings.ts"
import { type Cable, VlanNetwork } from "../pvst/VlanNetwork.ts"
import { bridge, isEdge, KINDS, log, sentAt, why } from "./Guards.ts"

const CABLE: Cable = [
  [0, 0],
  [1, 0],
]

const tell = (lan: VlanNetwork, command: GuardCommand, node = 0): void => lan.manage(node, command)

const silence = (lan: VlanNetwork, alive: boolean): void => {
  const command: WorldCommand = { type: "link.direction", link: 0, from: "b", alive }
  lan.simulation.command(WORLD, command)
}

describe.each(KINDS)("%s", (kind) => {
  /** n0 is told what to do; its design names no guard, or these. */
  const pair = (toolkit?: ToolkitConfig, priorities: readonly [number, number] = [4096, 8192], edge = false): VlanNetwork =>
    new VlanNetwork(
      [
        bridge(kind, "t", toolkit, { priority: priorities[0], ports: [{ adminEdge: edge, autoEdge: false }] }),
        bridge(kind, "t", undefined, { priority: priorities[1] }),
      ],
      [CABLE],
    )

  it("BPDU guard: the next BPDU trips it; taken away, none does", () => {
    const lan = pair(undefined, [8192, 4096])
    lan.run(40)
    tell(lan, { type: "stp.set-bpdu-guard", port: 0, value: "enable" })
    tell(lan, { type: "stp.set-bpdu-guard", port: 0, value: "disable" })
    lan.run(5)
    assert.deepStrictEqual(log(lan), [])
    tell(lan, { type: "stp.set-bpdu-guard", port: 0, value: "enable" })
    lan.run(2.1)
    assert.strictEqual(lan.bridge(0).errdisable.cause[0], ErrdisableCause.BPDUGUARD)
  })

  it("`default` is what the bridge has: BPDU guard on edge ports, if at all", () => {
    const lan = pair({ bpduGuardDefault: true, ports: [{ bpduGuard: false }] }, [8192, 4096], true)
    lan.plug(0, false)
    silence(lan, false)
    lan.plug(0, true)
    lan.run(10)
    tell(lan, { type: "stp.set-bpdu-guard", port: 0, value: "default" })
    silence(lan, true)
    lan.run(2.1)
    assert.strictEqual(lan.bridge(0).errdisable.cause[0], ErrdisableCause.BPDUGUARD)
    const without = pair({ ports: [{ bpduGuard: true }] }, [8192, 4096], true)
    tell(without, { type: "stp.set-bpdu-guard", port: 0, value: "default" })
    without.run(5)
    assert.deepStrictEqual(log(without), [])
  })

  it("BPDU filter: silent and deaf from now on, and not any more", () => {
    const lan = pair()
    lan.run(40)
    tell(lan, { type: "stp.set-bpdu-filter", port: 0, value: "enable" })
    lan.watch(0, 0)
    lan.run(10)
    assert.strictEqual(sentAt(lan, 0, 0).length, 0)
    tell(lan, { type: "stp.set-bpdu-filter", port: 0, value: "disable" })
    lan.run(10)
    assert.isAbove(sentAt(lan, 0, 0).length, 3)
  })

  it("root guard: says that it is set, blocks at the next claim, and lets go when it is taken away", () => {
    const lan = pair(undefined, [8192, 4096])
    lan.run(40)
    assert.strictEqual(lan.rootOf(0, 10), 1)
    tell(lan, { type: "stp.set-guard", port: 0, value: "root" })
    assert.include(log(lan), "n0 %SPANTREE-2-ROOTGUARD_CONFIG_CHANGE: Root guard enabled on port GigabitEthernet0/1 on T0.")
    lan.run(30)
    assert.deepStrictEqual(why(lan, kind, 0, 0), ["root"])
    assert.strictEqual(lan.rootOf(0, 10), 0)
    tell(lan, { type: "stp.set-guard", port: 0, value: "none" })
    assert.deepStrictEqual(why(lan, kind, 0, 0), [])
    assert.include(log(lan), "n0 %SPANTREE-2-ROOTGUARD_CONFIG_CHANGE: Root guard disabled on port GigabitEthernet0/1 on T0.")
    lan.run(40)
    assert.strictEqual(lan.rootOf(0, 10), 1)
    assert.isTrue(lan.forwards(0, 0, 10))
  })

  it("loop guard: blocks at the next silence, and lets go when it is taken away", () => {
    const lan = pair(undefined, [8192, 4096])
    lan.run(40)
    tell(lan, { type: "stp.set-guard", port: 0, value: "loop" })
    assert.include(log(lan), "n0 %SPANTREE-2-LOOPGUARD_CONFIG_CHANGE: Loop guard enabled on port GigabitEthernet0/1 on T0.")
    silence(lan, false)
    lan.run(30)
    assert.deepStrictEqual(why(lan, kind, 0, 0), ["loop"])
    tell(lan, { type: "stp.set-guard", port: 0, value: "default" })
    assert.deepStrictEqual(why(lan, kind, 0, 0), [])
    lan.run(40)
    assert.isTrue(lan.forwards(0, 0, 10))
  })

  it("of root guard and loop guard the later one holds; `default` is loop guard where the bridge has that", () => {
    const lan = pair({ loopGuardDefault: true }, [8192, 4096])
    lan.run(40)
    tell(lan, { type: "stp.set-guard", port: 0, value: "root" })
    lan.run(10)
    assert.deepStrictEqual(why(lan, kind, 0, 0), ["root"])
    tell(lan, { type: "stp.set-guard", port: 0, value: "default" })
    lan.run(40)
    assert.deepStrictEqual(why(lan, kind, 0, 0), [])
    silence(lan, false)
    lan.run(30)
    assert.deepStrictEqual(why(lan, kind, 0, 0), ["loop"])
  })

  it("the bridge's defaults are for ports that are told nothing of their own", () => {
    const lan = pair({ ports: [] }, [8192, 4096])
    lan.run(40)
    lan.manage(0, { type: "stp.set-guard-defaults", loopGuard: true } as GuardCommand)
    assert.include(log(lan), "n0 %SPANTREE-2-LOOPGUARD_CONFIG_CHANGE: Loop guard enabled on port GigabitEthernet0/1 on T0.")
    silence(lan, false)
    lan.run(30)
    assert.deepStrictEqual(why(lan, kind, 0, 0), ["loop"])
    lan.manage(0, { type: "stp.set-guard-defaults", bpduGuard: true, bpduFilter: true } as GuardCommand)
    assert.deepStrictEqual(why(lan, kind, 0, 0), ["loop"], "what is not named stays")
    lan.manage(0, { type: "stp.set-guard-defaults", loopGuard: false } as GuardCommand)
    assert.deepStrictEqual(why(lan, kind, 0, 0), [])
    const none = pair({ loopGuardDefault: true, ports: [{ guard: "none" }] }, [8192, 4096])
    none.run(40)
    none.manage(0, { type: "stp.set-guard-defaults", loopGuard: false } as GuardCommand)
    none.manage(0, { type: "stp.set-guard-defaults", loopGuard: true } as GuardCommand)
    assert.deepStrictEqual(log(none), [])
  })

  it("BPDU guard by default, set while it runs, guards the edge ports", () => {
    for (const own of [undefined, false]) {
      const lan = pair({ ports: own === undefined ? [] : [{ bpduGuard: own }] }, [8192, 4096], true)
      lan.plug(0, false)
      lan.run(1)
      lan.manage(0, { type: "stp.set-guard-defaults", bpduGuard: true } as GuardCommand)
      lan.plug(0, true)
      lan.run(5)
      const expected = own === undefined ? ErrdisableCause.BPDUGUARD : ErrdisableCause.NONE
      assert.strictEqual(lan.bridge(0).errdisable.cause[0], expected)
    }
  })

  it("PortFast counts when the link next comes up, and so does its end", () => {
    const lan = pair()
    lan.run(40)
    tell(lan, { type: "stp.set-portfast", port: 0, mode: "edge" })
    assert.isFalse(isEdge(lan, kind, 0, 0))
    for (const [mode, expected] of [
      ["edge", true],
      ["normal", false],
    ] as const) {
      tell(lan, { type: "stp.set-portfast", port: 0, mode })
      lan.plug(0, false)
      lan.run(1)
      silence(lan, false)
      lan.plug(0, true)
      lan.run(0)
      assert.strictEqual(isEdge(lan, kind, 0, 0), expected)
      assert.strictEqual(lan.forwards(0, 0, 10), expected)
    }
  })

  it("and with its link down it is an edge when that comes up", () => {
    const lan = pair()
    lan.run(40)
    lan.plug(0, false)
    lan.run(1)
    silence(lan, false)
    tell(lan, { type: "stp.set-portfast", port: 0, mode: "edge" })
    lan.plug(0, true)
    lan.run(0)
    assert.isTrue(isEdge(lan, kind, 0, 0))
    assert.isTrue(lan.forwards(0, 0, 10))
  })

  it("a bridge that is told of its first guard while it runs goes on alike in a fork, and after a restore", () => {
    const lan = pair(undefined, [8192, 4096])
    lan.run(40)
    tell(lan, { type: "stp.set-guard", port: 0, value: "root" })
    lan.run(10)
    const fork = lan.simulation.fork()
    silence(lan, false)
    fork.command(WORLD, { type: "link.direction", link: 0, from: "b", alive: false } as WorldCommand)
    lan.run(60)
    fork.run(lan.simulation.now)
    assert.strictEqual(Fingerprint.of(fork), Fingerprint.of(lan.simulation))
    assert.deepStrictEqual(why(lan, kind, 0, 0), [])
    assert.isTrue(lan.forwards(0, 0, 10))
  })
})

describe.each(["rstp2004", "mstp", "rapid-pvst"] as const)("bridge assurance, %s", (kind) => {
  it("a port that becomes a network port is watched from then on, and let go when it is none any more", () => {
    const lan = new VlanNetwork([bridge(kind, "t", undefined, { priority: 4096 }), bridge(kind, "t")], [CABLE])
    lan.run(30)
    tell(lan, { type: "stp.set-portfast", port: 0, mode: "network" }, 0)
    lan.run(7)
    assert.deepStrictEqual(why(lan, kind, 0, 0), ["bridge-assurance"])
    tell(lan, { type: "stp.set-portfast", port: 0, mode: "network" }, 1)
    lan.run(40)
    assert.deepStrictEqual(why(lan, kind, 0, 0), [])
    tell(lan, { type: "stp.set-portfast", port: 0, mode: "normal" }, 1)
    lan.run(10)
    assert.deepStrictEqual(why(lan, kind, 0, 0), ["bridge-assurance"])
    tell(lan, { type: "stp.set-portfast", port: 0, mode: "normal" }, 0)
    assert.deepStrictEqual(why(lan, kind, 0, 0), [])
  })
})
