/** Guards in some trees of several: a port blocked in one VLAN, or one instance of a region, goes on in the others. */
import { assert, describe, it } from "@effect/vitest"
import * as Inconsistency from "../../src/Inconsistency.ts"
import * as Query from "../../src/mstp/Query.ts"
import type { State } from "../../src/mstp/State.ts"
import { type Cable, trunk, VlanNetwork } from "../pvst/VlanNetwork.ts"
import { bridge, type Kind, log, TREES } from "./Guards.ts"

const CABLE: Cable = [
  [0, 0],
  [1, 0],
]

/** Why a port is blocked, by tree. */
const why = (lan: VlanNetwork, kind: Kind, node: number, port: number): ReadonlyArray<string> => {
  const state = lan.bridge(node).protocols[0] as never
  return Array.from(
    { length: TREES[kind].trees(state) },
    (_, tree) => Inconsistency.WORDS[TREES[kind].inconsistent(state)[tree * lan.bridge(node).ports + port]],
  )
}

describe.each(["pvst", "rapid-pvst"] as const)("%s", (kind) => {
  it("root guard blocks the VLAN whose root is claimed", () => {
    const rogue = bridge(kind, "t", undefined, { vlans: { 10: { priority: 0 } } })
    const lan = new VlanNetwork([bridge(kind, "t", { ports: [{ guard: "root" }] }, { priority: 4096 }), rogue], [CABLE])
    lan.run(40)
    assert.deepStrictEqual(why(lan, kind, 0, 0), ["none", "root"])
    assert.isTrue(lan.forwards(0, 0, 1))
    assert.isFalse(lan.forwards(0, 0, 10))
    assert.deepStrictEqual(log(lan), ["n0 %SPANTREE-2-ROOTGUARD_BLOCK: Root guard blocking port GigabitEthernet0/1 on T1."])
  })

  it("loop guard blocks the VLAN that is silent: one that the other end carries no longer", () => {
    const lan = new VlanNetwork(
      [bridge(kind, "t", {}, { priority: 4096 }), bridge(kind, "t", { loopGuardDefault: true })],
      [CABLE],
    )
    lan.run(40)
    lan.manage(0, { type: "bridge.set-switch-port", port: 0, settings: trunk(1, 1) } as never)
    lan.run(60)
    assert.deepStrictEqual(why(lan, kind, 1, 0), ["none", "loop"])
    assert.isTrue(lan.forwards(1, 0, 1))
    assert.isFalse(lan.forwards(1, 0, 10))
    lan.manage(1, { type: "bridge.set-switch-port", port: 0, settings: trunk(1, 1) } as never)
    lan.run(1)
    assert.deepStrictEqual(why(lan, kind, 1, 0), ["none", "none"])
  })

  it("loop guard adds nothing where the other end's VLANs are wrong: what is not taken is no silence", () => {
    const lan = new VlanNetwork(
      [bridge(kind, "t", {}, { priority: 4096 }), bridge(kind, "t", { loopGuardDefault: true })],
      [CABLE],
    )
    lan.run(40)
    lan.manage(0, { type: "bridge.set-switch-port", port: 0, settings: trunk(10, 1, 10) } as never)
    lan.run(60)
    assert.deepStrictEqual(why(lan, kind, 1, 0), ["pvid", "pvid"])
    assert.notInclude(log(lan).join(), "LOOPGUARD")
  })

  it("an edge hears BPDUs of one VLAN, and goes on being one in the other", () => {
    const edge = bridge(kind, "t", {}, { ports: [{ adminEdge: true }] })
    const lan = new VlanNetwork([edge, { run: kind, vlans: [10], ports: [trunk(1, 10)] }], [CABLE])
    lan.run(10)
    const state = lan.bridge(0).protocols[0] as never
    assert.deepStrictEqual(
      [0, 1].map((tree) => TREES[kind].isEdge(state, tree, 0)),
      [true, false],
    )
  })
})

describe("bridge assurance, rapid-pvst", () => {
  it("blocks a VLAN that one end does not carry, from the beginning or from when the other end carries it", () => {
    const network = { ports: [{ network: true }] }
    const one = { ...bridge("rapid-pvst", "t", network), ports: [trunk(1, 1)] }
    const lan = new VlanNetwork([bridge("rapid-pvst", "t", network, { priority: 4096 }), one], [CABLE])
    lan.run(30)
    assert.deepStrictEqual(why(lan, "rapid-pvst", 0, 0), ["none", "bridge-assurance"])
    assert.deepStrictEqual(why(lan, "rapid-pvst", 1, 0), ["none", "none"])
    assert.isTrue(lan.forwards(0, 0, 1))
    lan.manage(0, { type: "bridge.set-switch-port", port: 0, settings: trunk(1, 1) } as never)
    lan.run(30)
    assert.deepStrictEqual(why(lan, "rapid-pvst", 0, 0), ["none", "none"])
    lan.manage(0, { type: "bridge.set-switch-port", port: 0, settings: trunk(1, 1, 10) } as never)
    lan.run(5.9)
    assert.deepStrictEqual(why(lan, "rapid-pvst", 0, 0), ["none", "none"])
    lan.run(0.2)
    assert.deepStrictEqual(why(lan, "rapid-pvst", 0, 0), ["none", "bridge-assurance"])
  })
})

describe("mstp", () => {
  const region = { region: { name: "R", instances: { 1: [[10, 10]] } } }

  it("root guard blocks the instance whose root is claimed, and all of them for a claim in the CIST", () => {
    const guarded = bridge("mstp", "t", { ports: [{ guard: "root" }] }, { priority: 4096, ...region } as never)
    for (const [rogue, blocked] of [
      [{ ...region, mstis: { 1: { priority: 0 } } }, ["none", "root"]],
      [{ ...region, priority: 0 }, ["root", "root"]],
    ] as const) {
      const lan = new VlanNetwork([guarded, bridge("mstp", "t", undefined, rogue as never)], [CABLE])
      lan.run(40)
      assert.deepStrictEqual(why(lan, "mstp", 0, 0), blocked)
      assert.isTrue(Query.snapshot(lan.bridge(0).protocols[0] as State, 1).isRegionalRoot)
      assert.strictEqual(lan.forwards(0, 0, 1), blocked[0] === "none")
      assert.isFalse(lan.forwards(0, 0, 10))
    }
  })

  it("loop guard and bridge assurance block all instances: one BPDU is all instances' word", () => {
    for (const [toolkit, reason] of [
      [{ loopGuardDefault: true }, "loop"],
      [{ ports: [{ network: true }] }, "bridge-assurance"],
    ] as const) {
      const lan = new VlanNetwork(
        [
          bridge("mstp", "t", { ports: [{ network: true }] }, { priority: 4096, ...region } as never),
          bridge("mstp", "t", toolkit, region as never),
        ],
        [CABLE],
      )
      lan.run(40)
      lan.manage(0, { type: "bridge.control-plane", hung: true } as never)
      lan.run(30)
      assert.deepStrictEqual(why(lan, "mstp", 1, 0), [reason, reason])
      lan.manage(0, { type: "bridge.control-plane", hung: false } as never)
      lan.run(10)
      assert.deepStrictEqual(why(lan, "mstp", 1, 0), ["none", "none"])
    }
  })
})
