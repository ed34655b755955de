/** BackboneFast, which PVST+ alone has: what it saves, what it asks; and that Wireshark reads its octets, and UplinkFast's. */
import { assert, describe, it } from "@effect/vitest"
import * as EthernetFrame from "@l2lab/l2/EthernetFrame"
import * as Protocol from "@l2lab/l2/Protocol"
import { WORLD, type WorldCommand } from "@l2lab/sim/WorldCommand"
import * as Bpdu from "../../src/Bpdu.ts"
import * as Query from "../../src/toolkit/Query.ts"
import * as Rlq from "../../src/toolkit/Rlq.ts"
import * as UplinkFast from "../../src/toolkit/UplinkFast.ts"
import * as Trace from "../../src/Trace.ts"
import { octetsOf, type SendFrame, VlanNetwork } from "../pvst/VlanNetwork.ts"
import { COMPLAINTS, dissect, installed } from "../Tshark.ts"
import { state, until } from "./Fast.ts"
import { bridge, configBpdu, log } from "./Guards.ts"

/** A triangle: n0 is the root, n1 has lost its cable to it, n2 blocks the one to n1. */
const triangle = (toolkit?: Parameters<typeof bridge>[2], ofRoot = toolkit): VlanNetwork =>
  new VlanNetwork(
    [
      bridge("pvst", "tt", ofRoot, { priority: 4096 }),
      bridge("pvst", "tt", toolkit, { priority: 8192 }),
      bridge("pvst", "tt", toolkit),
    ],
    [
      [
        [0, 0],
        [1, 0],
      ],
      [
        [0, 1],
        [2, 0],
      ],
      [
        [1, 1],
        [2, 1],
      ],
    ],
  )

describe("BackboneFast", () => {
  it("an indirect failure takes max age less: 50 s without it, 30 s with it", () => {
    for (const [toolkit, least, most] of [
      [undefined, 46, 51],
      [{ backboneFast: true }, 29, 33],
    ] as const) {
      const lan = triangle(toolkit)
      lan.run(60)
      assert.isFalse(lan.forwards(2, 1, 10))
      lan.plug(0, false)
      const took = until(lan, 2, 1)
      assert.isAtLeast(took, least)
      assert.isAtMost(took, most)
      lan.run(60)
      assert.strictEqual(lan.rootOf(1, 10), 0)
    }
  })

  it("asks by its root port, the root answers, and both are counted", () => {
    const lan = triangle({ backboneFast: true })
    lan.run(60)
    lan.watch(2, 0)
    lan.watch(0, 1)
    lan.plug(0, false)
    lan.run(1)
    const rlqs = lan.seen.filter(({ frame, tci }) => Rlq.isRlq(frame) && (tci & 0xfff) === 10)
    assert.deepStrictEqual(
      rlqs.map(({ frame, node }) => [node, (frame.payload as Rlq.Rlq).protocol]),
      [
        [2, "rlq-request"],
        [0, "rlq-response"],
      ],
    )
    // In VLANs 1 and 10.
    const counts = (node: number) => Query.defaults(state(lan, node).toolkit).backboneFastCounts
    const none = {
      transitions: 0,
      inferiorBpdus: 0,
      requestsReceived: 0,
      responsesReceived: 0,
      requestsSent: 0,
      responsesSent: 0,
    }
    assert.deepStrictEqual(counts(2), { ...none, transitions: 2, inferiorBpdus: 2, requestsSent: 2, responsesReceived: 2 })
    assert.deepStrictEqual(counts(0), { ...none, requestsReceived: 2, responsesSent: 2 })
    assert.isUndefined(Query.defaults(state(triangle(), 2).toolkit).backboneFastCounts)
  })

  it("bridges on the way pass the query on to the root, and the answer down to who asked; nobody else is asked", () => {
    const on = { backboneFast: true }
    const lan = new VlanNetwork(
      [
        bridge("pvst", "tt", on, { priority: 4096 }),
        bridge("pvst", "tt", on, { priority: 16_384 }),
        bridge("pvst", "tta", on, { ports: [{}, {}, { adminEdge: true }] }),
        bridge("pvst", "tt", on, { priority: 8192 }),
        { run: "station", ports: [] },
      ],
      [
        [
          [0, 0],
          [1, 0],
        ],
        [
          [0, 1],
          [3, 0],
        ],
        [
          [3, 1],
          [2, 0],
        ],
        [
          [1, 1],
          [2, 1],
        ],
        [
          [2, 2],
          [4, 0],
        ],
      ],
    )
    lan.run(60)
    assert.isFalse(lan.forwards(2, 1, 10))
    for (const [node, port] of [
      [2, 0],
      [2, 2],
      [3, 0],
      [0, 1],
      [3, 1],
    ] as const) {
      lan.watch(node, port)
    }
    lan.plug(0, false)
    lan.run(1)
    const rlqs = lan.seen.filter(({ frame, tci }) => Rlq.isRlq(frame) && (tci & 0xfff) === 10)
    assert.deepStrictEqual(
      rlqs.map(({ frame, node, port }) => `n${node}:${port} ${(frame.payload as Rlq.Rlq).protocol}`),
      ["n2:0 rlq-request", "n3:0 rlq-request", "n0:1 rlq-response", "n3:1 rlq-response"],
    )
    assert.isAtMost(until(lan, 2, 1), 33)
  })

  it("where there is no other way to ask by, the old root is forgotten at once", () => {
    const bridges = [4096, 8192, 32_768].map((priority, n) =>
      bridge("pvst", n === 1 ? "tt" : "t", { backboneFast: true }, { priority }),
    )
    const lan = new VlanNetwork(bridges, [
      [
        [0, 0],
        [1, 0],
      ],
      [
        [1, 1],
        [2, 0],
      ],
    ])
    lan.run(60)
    assert.strictEqual(lan.rootOf(2, 10), 0)
    lan.plug(0, false)
    lan.run(5)
    assert.strictEqual(lan.rootOf(2, 10), 1)
  })

  it("somebody else's inferior words on a shared segment are not the designated bridge's", () => {
    const lan = new VlanNetwork(
      [
        bridge("pvst", "a", { backboneFast: true }, { priority: 4096 }),
        bridge("pvst", "a", { backboneFast: true }),
        {
          run: "hub",
          ports: [
            { mode: "access", vlan: 10 },
            { mode: "access", vlan: 10 },
            { mode: "access", vlan: 10 },
          ],
        },
        { run: "station", ports: [] },
      ],
      [0, 1, 3].map((node, port) => [
        [node, 0],
        [2, port],
      ]),
    )
    lan.run(60)
    assert.strictEqual(lan.rootOf(1, 10), 0)
    const bpdu = configBpdu(0xf000)
    const frame = EthernetFrame.make(Bpdu.GROUP_ADDRESS, 9, Protocol.BPDU, bpdu, 3 + Bpdu.CONFIG_OCTETS)
    lan.manage(3, { type: "station.send", frame, tci: -1 } as SendFrame)
    lan.run(0.01)
    assert.strictEqual(lan.rootOf(1, 10), 0)
    assert.strictEqual(lan.events.filter(({ code }) => code === Trace.BACKBONE_FAST.code).length, 0)
  })

  it("a port that filters BPDUs hears no queries either", () => {
    for (const bpduFilter of [true, false]) {
      const lan = new VlanNetwork(
        [bridge("pvst", "t", { backboneFast: true, ports: [{ bpduFilter }] }), { run: "station", ports: [] }],
        [
          [
            [0, 0],
            [1, 0],
          ],
        ],
      )
      lan.run(40)
      const { root } = lan.tree(0, 10)
      const bpdu = configBpdu(root.priority, root.address, 4)
      lan.manage(1, {
        type: "station.send",
        frame: Rlq.frame({ protocol: "rlq-request", bpdu }, 9),
        tci: 0xe00a,
      } as SendFrame)
      lan.run(1)
      const { requestsReceived, responsesSent } = Query.defaults(state(lan, 0).toolkit).backboneFastCounts!
      assert.deepStrictEqual([requestsReceived, responsesSent], bpduFilter ? [0, 0] : [1, 1])
    }
  })

  it("saves nothing where the bridge that is asked does not know it", () => {
    const lan = triangle({ backboneFast: true }, {})
    lan.run(60)
    lan.plug(0, false)
    const took = until(lan, 2, 1)
    assert.isAtLeast(took, 46)
    assert.isAtMost(took, 51)
  })

  it("an answer that got lost costs max age once, not every time after that", () => {
    const lan = triangle({ backboneFast: true })
    lan.run(60)
    const answers = (alive: boolean): void =>
      lan.simulation.command(WORLD, { type: "link.direction", link: 1, from: "a", alive } as WorldCommand)
    answers(false)
    lan.plug(0, false)
    lan.run(1)
    answers(true)
    assert.isAtLeast(until(lan, 2, 1), 45)
    lan.plug(0, true)
    lan.run(100)
    assert.isFalse(lan.forwards(2, 1, 10))
    lan.plug(0, false)
    assert.isAtMost(until(lan, 2, 1), 33)
  })

  it("loop guard takes nothing of it for silence", () => {
    const lan = triangle({ backboneFast: true, loopGuardDefault: true })
    lan.run(60)
    lan.plug(0, false)
    assert.isAtMost(until(lan, 2, 1), 33)
    assert.notInclude(log(lan).join(), "LOOPGUARD")
  })

  it("when the root is gone for all, they agree on another one", () => {
    const lan = triangle({ backboneFast: true })
    lan.run(60)
    lan.plug(0, false)
    lan.plug(1, false)
    lan.run(60)
    assert.strictEqual(lan.rootOf(2, 10), 1)
    assert.isTrue(lan.forwards(2, 1, 10))
  })
})

describe("octets", () => {
  it.skipIf(!installed)("Wireshark reads the multicast, the query and the answer", () => {
    const lan = triangle({ backboneFast: true })
    lan.run(60)
    lan.watch(2, 0)
    lan.watch(0, 1)
    lan.plug(0, false)
    lan.run(1)
    const rlqs = lan.seen.filter(({ frame, tci }) => Rlq.isRlq(frame) && (tci & 0xfff) === 10)
    const fields = ["llc.oui", "llc.cisco_pid", "eth.dst", "vlan.id", "stp.root.hw", "stp.bridge.hw", ...COMPLAINTS]
    const read = dissect([...rlqs.map(octetsOf), octetsOf({ frame: UplinkFast.dummyFrame(0x020000000007), tci: 0xe00a })], fields)
    assert.deepInclude(read[0], {
      "llc.oui": ["12"],
      "llc.cisco_pid": ["0x0108"],
      "eth.dst": ["01:00:0c:cc:cc:cd"],
      "vlan.id": ["10"],
      "stp.root.hw": ["02:00:00:01:00:00"],
      "stp.bridge.hw": ["02:00:00:03:00:00"],
    })
    assert.deepInclude(read[1], { "llc.cisco_pid": ["0x0109"], "stp.bridge.hw": ["02:00:00:03:00:00"] })
    assert.deepInclude(read[2], { "llc.cisco_pid": ["0x200a"], "eth.dst": ["01:00:0c:cd:cd:cd"], "vlan.id": ["10"] })
    for (const frame of read) for (const complaint of COMPLAINTS) assert.deepStrictEqual(frame[complaint] ?? [], [])
  })
})
