/** Log lines of inconsistencies that no guard makes: VLANs and types of trunks, PVST simulation, disputes. */
import { assert, describe, it } from "@effect/vitest"
import { WORLD, type WorldCommand } from "@l2lab/sim/WorldCommand"
import { access, type Cable, type NodeSpec, trunk, VlanNetwork } from "../pvst/VlanNetwork.ts"
import { bridge, log } from "./Guards.ts"

const CABLE: Cable = [
  [0, 0],
  [1, 0],
]

const pvst = (port: NodeSpec["ports"][number], run: NodeSpec["run"] = "pvst", config: NodeSpec["config"] = {}): NodeSpec => ({
  run,
  vlans: [1, 2, 10],
  ports: [port],
  config,
})

const of = (lan: VlanNetwork, node: number): ReadonlyArray<string> => log(lan).filter((line) => line.startsWith(`n${node} `))

describe("PVID", () => {
  it("says which VLAN came in which, what is blocked, and when it is well again", () => {
    const lan = new VlanNetwork([pvst(trunk(1, 1, 2)), pvst(trunk(2, 1, 2), "pvst", { priority: 4096 })], [CABLE])
    lan.run(10)
    const lines = of(lan, 0)
    assert.include(
      lines,
      "n0 %SPANTREE-2-RECV_PVID_ERR: Received BPDU with inconsistent peer vlan id 2 on GigabitEthernet0/1 VLAN0001.",
    )
    assert.include(lines, "n0 %SPANTREE-2-BLOCK_PVID_PEER: Blocking GigabitEthernet0/1 on VLAN0002. Inconsistent peer vlan.")
    assert.include(lines, "n0 %SPANTREE-2-BLOCK_PVID_LOCAL: Blocking GigabitEthernet0/1 on VLAN0001. Inconsistent local vlan.")
    lan.plug(0, false)
    lan.run(1)
    assert.include(
      of(lan, 0),
      "n0 %SPANTREE-2-UNBLOCK_CONSIST_PORT: Unblocking GigabitEthernet0/1 on T0. Port consistency restored.",
    )
  })
})

describe("TYPE", () => {
  it("says that a trunk speaks to an access port, once", () => {
    const lan = new VlanNetwork([pvst(access(10)), pvst(trunk(1, 1, 10), "pvst", { priority: 4096 })], [CABLE])
    lan.run(10)
    assert.deepStrictEqual(of(lan, 0), [
      "n0 %SPANTREE-7-RECV_1Q_NON_TRUNK: Received 802.1Q BPDU on non trunk GigabitEthernet0/1 VLAN0010.",
      "n0 %SPANTREE-7-BLOCK_PORT_TYPE: Blocking GigabitEthernet0/1 on VLAN0010. Inconsistent port type.",
    ])
  })
})

describe("PVST simulation", () => {
  it("says what claimed to be a better root than the region", () => {
    const region = pvst(trunk(1, 1, 10), "mstp", { priority: 4096, pvstSimulation: true } as never)
    const neighbour = pvst(trunk(1, 1, 10), "pvst", { vlans: { 10: { priority: 0 } } })
    const lan = new VlanNetwork([region, neighbour], [CABLE])
    lan.run(10)
    assert.deepStrictEqual(of(lan, 0), [
      "n0 %SPANTREE-2-PVSTSIM_FAIL: Blocking designated port Gi0/1: Inconsistent superior PVST BPDU received on VLAN 10, claiming root 10:0200.0002.0000",
    ])
    lan.plug(0, false)
    lan.run(1)
    assert.include(of(lan, 0), "n0 %SPANTREE-2-PVSTSIM_OK: PVST Simulation inconsistency cleared on port GigabitEthernet0/1.")
  })
})

describe.each(["rstp2004", "mstp", "rapid-pvst"] as const)("dispute, %s", (kind) => {
  it("a designated port that is not heard finds out, stops forwarding, and says so", () => {
    const lan = new VlanNetwork(
      [bridge(kind, "tt", undefined, { priority: 4096 }), bridge(kind, "tt")],
      [
        CABLE,
        [
          [0, 1],
          [1, 1],
        ],
      ],
    )
    lan.run(60)
    assert.deepStrictEqual(log(lan), [])
    const command: WorldCommand = { type: "link.direction", link: 1, from: "a", alive: false }
    lan.simulation.command(WORLD, command)
    lan.run(60)
    assert.include(of(lan, 0), "n0 %STP-2-DISPUTE_DETECTED: Dispute detected on port GigabitEthernet0/2 on T0.")
    assert.isFalse(lan.forwards(0, 1, 10) && lan.forwards(1, 1, 10))
  })
})
