/** UplinkFast, which PVST+ alone has: what it saves, what it sends. */
import { assert, describe, it } from "@effect/vitest"
import * as EthernetFrame from "@l2lab/l2/EthernetFrame"
import * as Fingerprint from "@l2lab/sim/Fingerprint"
import { SECOND } from "@l2lab/sim/SimTime"
import * as ToolkitQuery from "../../src/toolkit/Query.ts"
import * as UplinkFast from "../../src/toolkit/UplinkFast.ts"
import { octetsOf, VlanNetwork } from "../pvst/VlanNetwork.ts"
import { state, until } from "./Fast.ts"
import { bridge, log } from "./Guards.ts"

/** n2 has an uplink to n0, the root, and one to n1, and two stations; n5 is a station above, at n0. */
const access = (toolkit?: Parameters<typeof bridge>[2], isAbove = false): VlanNetwork =>
  new VlanNetwork(
    [
      bridge("pvst", "tta", undefined, { priority: 4096, ports: [{}, {}, { adminEdge: true }] }),
      bridge("pvst", "tt", undefined, { priority: 8192 }),
      bridge("pvst", "ttaa", toolkit, { ports: [{}, {}, { adminEdge: true }, { adminEdge: true }] }),
      { run: "station", ports: [{ mode: "access", vlan: 10 }] },
      { run: "station", ports: [{ mode: "access", vlan: 10 }] },
      ...(isAbove ? [{ run: "station" as const, ports: [{ mode: "access" as const, vlan: 10 }] }] : []),
    ],
    [
      [
        [0, 0],
        [1, 0],
      ],
      [
        [2, 0],
        [0, 1],
      ],
      [
        [2, 1],
        [1, 1],
      ],
      [
        [2, 2],
        [3, 0],
      ],
      [
        [2, 3],
        [4, 0],
      ],
      ...(isAbove
        ? [
            [
              [5, 0],
              [0, 2],
            ] as const,
          ]
        : []),
    ],
  )

describe("UplinkFast", () => {
  it("leaves priorities that were set, and costs from 3000 on; lower ones are raised, set before or while it runs", () => {
    const costs = [{ pathCost: 100 }, { pathCost: 3000 }, { pathCost: 2999 }]
    const config = { priority: 8192, vlans: { 10: { priority: 4096 } }, ports: costs }
    const lan = new VlanNetwork([bridge("pvst", "ttt", { uplinkFast: {} }, config)], [])
    assert.strictEqual(lan.tree(0, 1).bridge.priority, 8192 + 1)
    assert.strictEqual(lan.tree(0, 10).bridge.priority, 4096 + 10)
    const two = new VlanNetwork(
      [bridge("pvst", "ttt", { uplinkFast: {} }, { ports: costs }), bridge("pvst", "ttt")],
      [0, 1, 2].map((port) => [
        [0, port],
        [1, port],
      ]),
    )
    const now = () => two.tree(0, 10).ports.map(({ cost }) => cost)
    assert.deepStrictEqual(now(), [3100, 3000, 5999])
    two.manage(0, { type: "stp.set-path-cost", port: 0, cost: 5 } as never)
    two.manage(0, { type: "stp.set-path-cost", port: 1 } as never)
    assert.deepStrictEqual(now(), [3005, 3004, 5999])
  })

  it("at a rate of 0 it sends no multicasts, and forwards at once as ever", () => {
    const lan = access({ uplinkFast: { rate: 0 } })
    lan.run(60)
    lan.send(3, 0xffffffffffff)
    lan.run(1)
    lan.watch(2, 1)
    lan.plug(1, false)
    lan.run(0)
    assert.isTrue(lan.forwards(2, 1, 10))
    lan.run(5)
    assert.strictEqual(lan.seen.filter(({ frame }) => frame.protocol === UplinkFast.PROTOCOL).length, 0)
    assert.strictEqual(ToolkitQuery.defaults(state(lan, 2).toolkit).uplinkFastRate, 0)
    assert.isUndefined(ToolkitQuery.defaults(state(access({}), 2).toolkit).uplinkFastRate)
  })

  it("sends nothing more in anybody's name once that uplink is lost too", () => {
    const lan = access({ uplinkFast: { rate: 1 } })
    lan.run(60)
    lan.send(3, 0xffffffffffff)
    lan.send(4, 0xffffffffffff)
    lan.run(1)
    lan.plug(1, false)
    lan.run(1.5)
    assert.strictEqual(state(lan, 2).toolkit!.dummiesSent[0], 1)
    lan.plug(2, false)
    lan.run(5)
    assert.strictEqual(state(lan, 2).toolkit!.dummiesSent[0], 1)
  })

  it("loop guard does not hold it up, and a fork between two multicasts goes on alike", () => {
    const lan = access({ uplinkFast: { rate: 10 }, loopGuardDefault: true })
    lan.run(60)
    lan.send(3, 0xffffffffffff)
    lan.send(4, 0xffffffffffff)
    lan.run(1)
    lan.plug(1, false)
    lan.run(0.15)
    const fork = lan.simulation.fork()
    lan.run(10)
    fork.run(lan.simulation.now)
    assert.strictEqual(Fingerprint.of(fork), Fingerprint.of(lan.simulation))
    assert.strictEqual(state(lan, 2).toolkit!.dummiesSent[0], 2)
    assert.isTrue(lan.forwards(2, 1, 10))
  })

  it("raises the priority and the costs of ports by their rate", () => {
    const lan = access({ uplinkFast: {} })
    lan.run(40)
    const tree = lan.tree(2, 10)
    assert.strictEqual(tree.bridge.priority, 49_152 + 10)
    assert.deepStrictEqual(
      tree.ports.map(({ cost }) => cost),
      [3004, 3004, 3004, 3004],
    )
    assert.strictEqual(lan.tree(0, 10).ports[0].cost, 4)
  })

  it("without it the other uplink takes 30 s, with it no time at all", () => {
    for (const [toolkit, least, most] of [
      [undefined, 29.9, 30.2],
      [{ uplinkFast: {} }, 0, 0],
    ] as const) {
      const lan = access(toolkit)
      lan.run(60)
      assert.isFalse(lan.forwards(2, 1, 10))
      lan.plug(1, false)
      lan.run(0)
      const took = until(lan, 2, 1)
      assert.isAtLeast(took, least)
      assert.isAtMost(took, most)
    }
  })

  it("sends a multicast in the name of each station, 150 a second, and the bridges above learn where they are", () => {
    const lan = access({ uplinkFast: {} })
    lan.run(60)
    lan.send(3, 0xffffffffffff)
    lan.send(4, 0xffffffffffff)
    lan.run(1)
    lan.watch(2, 1)
    lan.plug(1, false)
    lan.run(1)
    const dummies = lan.seen.filter(({ frame }) => frame.protocol === UplinkFast.PROTOCOL)
    assert.deepStrictEqual(
      dummies.map(({ frame, tci }) => [frame.source, tci & 0xfff]),
      [
        [0x020000040000, 10],
        [0x020000050000, 10],
      ],
    )
    assert.strictEqual(dummies[1].at - dummies[0].at, Math.floor(SECOND / 150))
    assert.strictEqual(state(lan, 2).toolkit!.dummiesSent[0], 2)
    assert.include(log(lan), "n2 %SPANTREE_FAST-7-PORT_FWD_UPLINK: T1 GigabitEthernet0/2 moved to Forwarding (UplinkFast).")
  })

  it("an uplink that returns waits for twice the forward delay and 5 s, then takes over at once", () => {
    const lan = access({ uplinkFast: {} })
    lan.run(60)
    lan.plug(1, false)
    lan.run(60)
    lan.plug(1, true)
    const took = until(lan, 2, 0)
    assert.approximately(took, 35, 0.2)
    assert.isFalse(lan.forwards(2, 1, 10))
    assert.strictEqual(lan.tree(2, 10).rootPort, 0)
  })

  it("on the way back nobody above is claimed to be below, and what was learnt on the other uplink is forgotten", () => {
    const lan = access({ uplinkFast: {} }, true)
    lan.run(60)
    lan.plug(1, false)
    lan.run(60)
    lan.plug(1, true)
    lan.run(34)
    lan.send(3, 0xffffffffffff)
    lan.send(5, 0xffffffffffff)
    lan.watch(2, 0)
    lan.run(3)
    const sources = lan.seen.filter(({ frame }) => frame.protocol === UplinkFast.PROTOCOL).map(({ frame }) => frame.source)
    assert.deepStrictEqual(sources, [0x020000040000])
    const before = lan.received(5)
    lan.send(3, 0x020000060000)
    lan.run(0.1)
    assert.strictEqual(lan.received(5), before + 1)
  })

  it("if the last uplink is lost while one waits, that one does not wait", () => {
    const lan = access({ uplinkFast: {} })
    lan.run(60)
    lan.plug(1, false)
    lan.run(60)
    lan.plug(1, true)
    lan.run(5)
    lan.plug(2, false)
    lan.run(0)
    assert.isTrue(lan.forwards(2, 0, 10))
  })

  it("its multicast has these octets", () => {
    const octets = octetsOf({ frame: UplinkFast.dummyFrame(0x020000000007), tci: EthernetFrame.UNTAGGED })
    // Destination, source, length, SNAP.
    const head = ["01000ccdcdcd", "020000000007", "002e", "aaaa03", "00000c", "200a"].join("")
    assert.strictEqual(Buffer.from(octets).toString("hex"), head + "00".repeat(60 - head.length / 2))
  })
})
