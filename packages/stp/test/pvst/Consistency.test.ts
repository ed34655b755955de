/** PVID- and type-inconsistent ports: how they arise, what they block, how they heal. */
import { assert, describe, it } from "@effect/vitest"
import * as EthernetFrame from "@l2lab/l2/EthernetFrame"
import { SECOND } from "@l2lab/sim/SimTime"
import * as Bpdu from "../../src/Bpdu.ts"
import * as Query from "../../src/pvst/Query.ts"
import * as Sstp from "../../src/pvst/Sstp.ts"
import * as Trace from "../../src/Trace.ts"
import { rst } from "../rstp2004/Bridge.ts"
import { config } from "../stp1998/Bridge.ts"
import { access, type Cable, type NodeSpec, type SendFrame, trunk, VlanNetwork } from "./VlanNetwork.ts"

const KINDS = ["pvst", "rapid-pvst"] as const

const WIRE: ReadonlyArray<Cable> = [
  [
    [0, 0],
    [1, 0],
  ],
]

/** `10 PVID` for each inconsistent port of a bridge. */
const inconsistent = (network: VlanNetwork, node: number): ReadonlyArray<string> =>
  Query.inconsistentPorts(network.pvst(node)).map(
    ({ inconsistencies, port, vlan }) => `vlan ${vlan} port ${port} ${inconsistencies.join()}`,
  )

describe.each(KINDS)("%s", (run) => {
  it("blocks both VLANs at both ends of a trunk whose ends mean different native VLANs, and no other", () => {
    const network = new VlanNetwork(
      [
        { run, ports: [trunk(1, 1, 2, 3)], config: { priority: 4096 } },
        { run, ports: [trunk(2, 1, 2, 3)] },
      ],
      WIRE,
    )
    network.run(100)
    for (const node of [0, 1]) {
      assert.deepEqual(inconsistent(network, node), ["vlan 1 port 0 pvid", "vlan 2 port 0 pvid"])
      assert.deepEqual(
        [1, 2, 3].map((vlan) => network.forwards(node, 0, vlan)),
        [false, false, true],
      )
      // A port that is kept blocked goes by nothing that it hears: it is designated, and the bridge a root of its own.
      assert.deepEqual(
        [1, 2, 3].map((vlan) => network.rootOf(node, vlan)),
        [node, node, 0],
      )
      assert.strictEqual(network.tree(node, 2).ports[0].role, "Designated")
    }
    const first = network.events.find((event) => event.code === Trace.INCONSISTENT.code)!
    assert.deepEqual([first.c, first.d], [0, 1])
  })

  it("blocks a VLAN on an access port that hears a trunk", () => {
    const network = new VlanNetwork(
      [
        { run, ports: [trunk(1, 1, 10)], config: { priority: 4096 } },
        { run, ports: [access(10)] },
      ],
      WIRE,
    )
    network.run(100)
    assert.deepEqual(inconsistent(network, 1), ["vlan 10 port 0 type"])
    assert.isFalse(network.forwards(1, 0, 10))
    // The trunk hears plain BPDUs, which are VLAN 1's to it.
    assert.deepEqual(inconsistent(network, 0), [])
    assert.isTrue(network.forwards(0, 0, 1))
  })

  it("cannot tell that two access ports are of different VLANs: their trees are one", () => {
    const network = new VlanNetwork(
      [
        { run, ports: [access(10)], config: { priority: 4096 } },
        { run, ports: [access(20)] },
      ],
      WIRE,
    )
    network.run(100)
    assert.strictEqual(network.rootOf(1, 20), 0)
    assert.strictEqual(network.tree(1, 20).root.priority, 4096 + 10)
    assert.isTrue(network.forwards(0, 0, 10) && network.forwards(1, 0, 20))
  })

  it("heals three hellos after the last wrong BPDU, by way of a port's usual states", () => {
    const network = new VlanNetwork(
      [
        { run, ports: [trunk(1, 1, 2, 3)] },
        { run: "hub", ports: [access(1), access(1), access(1)] },
        { run, ports: [trunk(1, 1, 2, 3)], config: { priority: 4096 } },
        { run, ports: [trunk(2, 1, 2, 3)] },
      ],
      [
        [
          [0, 0],
          [1, 0],
        ],
        [
          [2, 0],
          [1, 1],
        ],
        [
          [3, 0],
          [1, 2],
        ],
      ],
    )
    network.run(60)
    assert.deepEqual(inconsistent(network, 0), ["vlan 1 port 0 pvid", "vlan 2 port 0 pvid"])
    network.plug(2, false)
    const cut = network.simulation.now
    network.run(2)
    assert.strictEqual(inconsistent(network, 0).length, 2)
    network.run(6)
    for (const node of [0, 2]) assert.deepEqual(inconsistent(network, node), [])
    // Full duplex towards a hub is taken for point-to-point, so rapid ports may go on at once; those of 1998 listen and learn.
    assert.strictEqual(network.forwards(0, 0, 1), run === "rapid-pvst")
    network.run(60)
    assert.deepEqual(network.describe(0, 2), ["Root forwarding"])
    assert.deepEqual(network.describe(2, 2), ["Designated forwarding"])
    const freed = network.events.filter((event) => event.code === Trace.INCONSISTENT.code && event.d === 0 && event.node !== 3)
    assert.strictEqual(freed.length, 4)
    for (const { at } of freed) assert.isTrue(at > cut + 4 * SECOND && at <= cut + 6 * SECOND)
  })

  it("is over when the link goes down", () => {
    const network = new VlanNetwork(
      [
        { run, ports: [trunk(1, 1, 2)] },
        { run, ports: [trunk(2, 1, 2)] },
      ],
      WIRE,
    )
    network.run(20)
    network.plug(0, false)
    assert.deepEqual(inconsistent(network, 0), [])
    assert.deepEqual(
      network.tree(0, 1).ports.map(({ role }) => role),
      ["Disabled"],
    )
  })

  it("does not cut a VLAN that has another way", () => {
    const network = new VlanNetwork(
      [
        { run, ports: [trunk(1, 1, 2), trunk(1, 1, 2)], config: { priority: 4096 } },
        { run, ports: [trunk(2, 1, 2), trunk(1, 1, 2)] },
      ],
      [
        ...WIRE,
        [
          [0, 1],
          [1, 1],
        ],
      ],
    )
    network.run(100)
    for (const vlan of [1, 2]) {
      assert.strictEqual(network.rootOf(1, vlan), 0)
      assert.deepEqual(
        [0, 1].map((port) => network.forwards(1, port, vlan)),
        [false, true],
      )
    }
  })
})

describe("what a station can do with frames of its own", () => {
  const bridge = (run: NodeSpec["run"]): VlanNetwork => {
    const network = new VlanNetwork(
      [
        { run, ports: [trunk(1, 1, 10)], vlans: [1, 10, 20], config: {} },
        { run: "station", ports: [access(1)] },
      ],
      WIRE,
    )
    network.run(60)
    return network
  }
  const send = (network: VlanNetwork, frame: EthernetFrame.EthernetFrame, tci: number): void => {
    const command: SendFrame = { type: "station.send", frame, tci }
    network.manage(1, command)
    network.run(0.001)
  }
  const sstp = (bpdu: Sstp.SstpBpdu | Uint8Array): EthernetFrame.EthernetFrame => {
    const frame = Sstp.frame(bpdu instanceof Uint8Array ? Sstp.TCN : bpdu, 0x020000000099)
    return bpdu instanceof Uint8Array ? { ...frame, payload: bpdu } : frame
  }
  const discarded = (network: VlanNetwork) => network.tree(0, 10).ports[0].discarded

  it.each(KINDS)("%s: one BPDU with another VLAN's number blocks for three of its hello times", (run) => {
    const network = bridge(run)
    const bpdu = run === "pvst" ? config({ helloTime: 256 }) : rst({ helloTime: 256 })
    send(network, sstp({ protocol: "sstp", bpdu, pvid: 1 }), 10)
    assert.deepEqual(inconsistent(network, 0), ["vlan 1 port 0 pvid", "vlan 10 port 0 pvid"])
    network.run(2.99)
    assert.strictEqual(inconsistent(network, 0).length, 2)
    network.run(0.02)
    assert.strictEqual(inconsistent(network, 0).length, 0)
    network.run(60)
    assert.isTrue(network.forwards(0, 0, 10))
  })

  it.each(KINDS)("%s: a VLAN that the trunk does not carry is named without harm", (run) => {
    const network = bridge(run)
    send(network, sstp({ protocol: "sstp", bpdu: rst(), pvid: 20 }), 10)
    assert.deepEqual(inconsistent(network, 0), ["vlan 10 port 0 pvid"])
    send(network, sstp({ protocol: "sstp", bpdu: rst(), pvid: 20 }), 20)
    send(network, sstp({ protocol: "sstp", bpdu: rst(), pvid: 30 }), 30)
    assert.deepEqual(inconsistent(network, 0), ["vlan 10 port 0 pvid"])
    const { by, total } = counted(network)
    assert.deepEqual(by, { "vlan-not-carried": 2, "pvid-mismatch": 1 })
    assert.strictEqual(total, discarded(network))
  })

  const counted = (network: VlanNetwork): { readonly by: Record<string, number>; readonly total: number } => {
    const by: Record<string, number> = {}
    for (const event of network.events) {
      if (event.code !== Trace.BPDU_DISCARDED.code) continue
      const why = Trace.DISCARD_REASONS[event.b]
      by[why] = (by[why] ?? 0) + 1
    }
    return { by, total: Object.values(by).reduce((a, b) => a + b, 0) }
  }

  it.each(KINDS)("%s: octets that are no BPDU are counted by reason and change nothing", (run) => {
    const network = bridge(run)
    const good = Sstp.emit({ protocol: "sstp", bpdu: rst(), pvid: 10 })
    const before = network.describe(0, 10)
    const bad = [
      good.subarray(0, 3),
      good.subarray(0, 35),
      good.subarray(0, 36),
      good.subarray(0, 41),
      Uint8Array.from([9, ...good.subarray(1)]),
      Uint8Array.from([0, 0, 2, 0x7f, ...good.subarray(4)]),
      new Uint8Array(0),
      new Uint8Array(1500).fill(0xff),
    ]
    for (const octets of bad) send(network, sstp(octets), 10)
    assert.deepEqual(counted(network).by, { truncated: 4, "no-pvid": 1, "bad-protocol": 2, "unknown-type": 1 })
    assert.strictEqual(discarded(network), bad.length)
    assert.deepEqual(network.describe(0, 10), before)
    assert.deepEqual(inconsistent(network, 0), [])
  })

  it("BPDUs of 802.1D with a VLAN's tag are nobody's", () => {
    const network = bridge("rapid-pvst")
    const { destination, payload, protocol, source, wireOctets } = EthernetFrame.make(
      Bpdu.GROUP_ADDRESS,
      0x020000000099,
      0x10000 + 0x4242,
      rst({ rootPriority: 0 }),
      39,
    )
    assert.strictEqual(wireOctets, 64)
    send(network, EthernetFrame.make(destination, source, protocol, payload, 39), 10)
    assert.deepEqual(counted(network).by, { tagged: 1 })
    assert.strictEqual(network.rootOf(0, 10), 0)
  })
})
