/** The adapter: what it claims, copies, fingerprints, forks, octets instead of meaning, management, edges. */
import { assert, describe, it } from "@effect/vitest"
import * as EthernetFrame from "@l2lab/l2/EthernetFrame"
import * as FrameCodec from "@l2lab/l2/FrameCodec"
import * as GroupAddress from "@l2lab/l2/GroupAddress"
import * as Protocol from "@l2lab/l2/Protocol"
import { Digest } from "@l2lab/sim/Digest"
import * as Fingerprint from "@l2lab/sim/Fingerprint"
import { Result } from "effect"
import * as Bpdu from "../../src/Bpdu.ts"
import { Pvst, RapidPvst } from "../../src/pvst/Entity.ts"
import type { PvstCommand } from "../../src/pvst/Command.ts"
import * as Query from "../../src/pvst/Query.ts"
import * as Settings from "../../src/pvst/Settings.ts"
import { Rstp2004 } from "../../src/rstp2004/Entity.ts"
import { Stp1998 } from "../../src/stp1998/Entity.ts"
import * as Trace from "../../src/Trace.ts"
import { OWN, VIEW } from "../stp1998/Bridge.ts"
import { access, codecs, trunk, VlanNetwork } from "./VlanNetwork.ts"

const KINDS = ["pvst", "rapid-pvst"] as const
const kindOf = { pvst: Pvst, "rapid-pvst": RapidPvst }

const frame = (destination: number, protocol: number) => EthernetFrame.make(destination, OWN, protocol, new Uint8Array(46), 46)

describe("claims", () => {
  it("are BPDUs of 802.1D and SSTP frames, and no other protocol of those addresses", () => {
    for (const kind of [Pvst, RapidPvst]) {
      assert.isTrue(kind.claims(frame(Bpdu.GROUP_ADDRESS, Protocol.BPDU)))
      assert.isTrue(kind.claims(frame(GroupAddress.CISCO_SSTP, Protocol.SSTP)))
      assert.isFalse(kind.claims(frame(GroupAddress.CISCO_SSTP, Protocol.BPDU)))
      assert.isFalse(kind.claims(frame(GroupAddress.CISCO, Protocol.snap(0x00000c, 0x2000))))
      assert.isFalse(kind.claims(frame(Bpdu.GROUP_ADDRESS, Protocol.SSTP)))
    }
  })
  it("of 802.1D bridges leave SSTP frames to the relay", () => {
    for (const kind of [Stp1998, Rstp2004]) assert.isFalse(kind.claims(frame(GroupAddress.CISCO_SSTP, Protocol.SSTP)))
  })
})

const square = (run: (typeof KINDS)[number], seed = 1): VlanNetwork => {
  const ports = [trunk(1, 1, 2, 3), trunk(1, 1, 2, 3), access(2)]
  const configs = [{ priority: 4096 }, {}, { vlans: { 2: { priority: 0 } } }, {}]
  return new VlanNetwork(
    configs.map((config) => ({ run, ports, config })),
    [0, 1, 2, 3].map((n) => [
      [n, 1],
      [(n + 1) % 4, 0],
    ]),
    seed,
  )
}

describe.each(KINDS)("%s", (run) => {
  const fingerprint = (state: unknown, now: number): string => {
    const digest = new Digest()
    kindOf[run].fingerprint(state as never, digest, now)
    return digest.text
  }

  it("copies what it has and shares nothing that changes", () => {
    const network = square(run)
    network.run(10)
    const { now } = network.simulation
    const state = network.pvst(1)
    const copy = kindOf[run].copy(state as never)
    assert.deepEqual(copy as unknown, structuredClone(state))
    const before = fingerprint(state, now)
    assert.strictEqual(fingerprint(copy, now), before)
    network.plug(0, false)
    network.run(30)
    assert.strictEqual(fingerprint(copy, now), before)
    assert.notStrictEqual(fingerprint(state, network.simulation.now), before)
  })

  it("a fork goes the way of the original, and the same network twice the same way", () => {
    const network = square(run)
    network.run(17)
    const fork = network.simulation.fork()
    const trail: Array<string> = []
    for (const simulation of [network.simulation, fork]) {
      simulation.run(simulation.now + 40e9)
      trail.push(Fingerprint.of(simulation))
    }
    assert.strictEqual(trail[0], trail[1])
    const again = square(run)
    again.run(17)
    again.simulation.run(again.simulation.now + 40e9)
    assert.strictEqual(Fingerprint.of(again.simulation), trail[0])
  })

  it("goes the same way when every frame goes through octets", () => {
    const ends = [false, true].map((octets) => {
      const network = square(run)
      if (octets) {
        network.simulation.rewriteFrames((sent, tci) => {
          const parsed = Result.getOrThrow(FrameCodec.parse(FrameCodec.emit(sent, tci, codecs), codecs))
          assert.isUndefined(parsed.refused)
          return parsed.frame
        })
      }
      network.run(50)
      return Fingerprint.of(network.simulation)
    })
    assert.strictEqual(ends[0], ends[1])
  })

  it("manages one VLAN, or all", () => {
    const network = square(run)
    const manage = (command: PvstCommand) => {
      network.manage(1, command)
      network.run(100)
    }
    manage({ type: "stp.set-bridge-priority", vlan: 3, priority: 0 })
    assert.deepEqual(
      [1, 2, 3].map((vlan) => network.rootOf(0, vlan)),
      [0, 2, 1],
    )
    assert.strictEqual(network.tree(0, 3).root.priority, 3)
    manage({ type: "stp.set-bridge-priority", priority: 0 })
    assert.deepEqual(
      [1, 2, 3].map((vlan) => network.rootOf(0, vlan)),
      [1, 1, 1],
    )
    manage({ type: "stp.set-path-cost", vlan: 2, port: 0, cost: 77 })
    assert.deepEqual(
      [1, 2, 3].map((vlan) => network.tree(1, vlan).ports[0].cost),
      [4, 77, 4],
    )
    manage({ type: "stp.set-bridge-times", vlan: 2, forwardDelay: 4, maxAge: 6, helloTime: 1 })
    assert.deepEqual(
      [1, 2].map((vlan) => network.tree(3, vlan).times.forwardDelay),
      [15, 4],
    )
    manage({ type: "stp.set-bridge-priority", vlan: 99, priority: 0 })
    manage({ type: "stp.set-port-enabled", port: 0, enabled: false })
    assert.strictEqual(network.tree(1, 2).ports[0].role, "Disabled")
    assert.strictEqual(network.tree(1, 3).ports[0].role, "Disabled")
  })

  it("an edge port forwards at once, is no topology change, and is an edge no more when a bridge is heard", () => {
    const edge = { ports: [{}, { adminEdge: true }] }
    const network = new VlanNetwork(
      [
        { run, ports: [trunk(1, 1, 10), access(10)], config: { priority: 4096, ...edge } },
        { run, ports: [trunk(1, 1, 10), access(10)], config: edge },
        { run: "station", ports: [access(10)] },
      ],
      [
        [
          [0, 0],
          [1, 0],
        ],
        [
          [1, 1],
          [2, 0],
        ],
      ],
    )
    network.run(0)
    assert.isTrue(network.forwards(1, 1, 10))
    network.run(100)
    const changes = network.events.filter((event) => event.code === Trace.TOPOLOGY_CHANGE.code).length
    network.plug(1, false)
    network.run(10)
    network.plug(1, true)
    network.run(1)
    assert.isTrue(network.forwards(1, 1, 10))
    network.run(30)
    assert.strictEqual(network.events.filter((event) => event.code === Trace.TOPOLOGY_CHANGE.code).length, changes)
  })

  it("two edges cabled together are found out", () => {
    const edge = { ports: [{ adminEdge: true }, { adminEdge: true }] }
    const network = new VlanNetwork(
      [0, 1].map((n) => ({ run, ports: [access(10), access(10)], config: { ...edge, priority: n * 4096 } })),
      [0, 1].map((port) => [
        [0, port],
        [1, port],
      ]),
    )
    network.run(60)
    assert.deepEqual(
      [0, 1].map((port) => network.forwards(1, port, 10)),
      [true, false],
    )
  })

  it("answers for VLANs with a tree, and names those without", () => {
    const network = new VlanNetwork(
      [{ run, ports: [trunk(1, 1, 10, 20), access(10)], config: { maximumInstances: 2 }, vlans: [1, 10, 20, 30] }],
      [],
    )
    const state = network.pvst(0)
    assert.deepEqual(Query.vlans(state), [1, 10])
    assert.deepEqual(Query.vlansWithoutTree(state), [20, 30])
    assert.isUndefined(Query.snapshot(state, 20, 0))
    assert.isUndefined(Query.snapshot(state, 4000, 0))
    const snapshot = Query.snapshot(state, 10, 0)!
    assert.strictEqual(snapshot.protocol, run)
    assert.deepEqual([snapshot.vlan, snapshot.priority, snapshot.systemId], [10, 32_768, 10])
    assert.deepEqual(
      snapshot.ports.map(({ encapsulation, port }) => [port, encapsulation]),
      [
        [0, "sstp"],
        [1, "ieee"],
      ],
    )
    assert.deepEqual(
      Query.snapshot(state, 1, 0)!.ports.map(({ encapsulation, port }) => [port, encapsulation]),
      [[0, "ieee+sstp"]],
    )
  })
})

describe("composition", () => {
  it("refuses two VLANs in one tree, by a sentence", () => {
    const bridge = { ...VIEW, vlans: [1, 2], treeOfVlan: [0, 0] }
    assert.throws(() => RapidPvst.make({}, bridge, 0), "VLANs 1 and 2 share tree 0: PVST+ needs a tree for each VLAN")
  })
  it("gives VLANs beyond the limit one tree for all", () => {
    assert.deepEqual(Settings.treeOfVlan([1, 5, 9, 20], { maximumInstances: 2 }), [0, 1, 2, 2])
    assert.deepEqual(Settings.treeOfVlan([1, 5], {}), [0, 1])
  })
})
