/** What the peers tell each other arrives, whatever the peer-link loses. */
import { SECOND } from "@l2lab/sim/SimTime"
import { assert, describe, it } from "vitest"
import * as EthernetFrame from "@l2lab/l2/EthernetFrame"
import * as GroupAddress from "@l2lab/l2/GroupAddress"
import * as Protocol from "@l2lab/l2/Protocol"
import { RecordingOutbox } from "@l2lab/sim/testing/RecordingOutbox"
import * as MlagPdu from "../../src/mlag/MlagPdu.ts"
import * as Query from "../../src/mlag/Query.ts"
import { Farm, registry, views } from "./PairFarm.ts"

describe("the channel between the peers", () => {
  it("loses nothing on a peer-link that loses a frame in five", () => {
    const farm = new Farm({ isStatic: true, peerLinks: 1 })
    const link = farm.links.get("peer-link 0")!
    for (const from of ["a", "b"] as const) farm.world({ type: "link.impair", link, from, lossRatio: 0.2, corruptionRatio: 0 })
    farm.run(60)
    for (let i = 0; i < 10; i++) farm.cut("leg 0 0").run(2).mend("leg 0 0").run(2)
    assert.deepStrictEqual(views(farm), ["primary up up", "secondary up up"])
    assert.isAbove(Query.counters(farm.peer(0)).retransmitted, 0)
    for (const from of ["a", "b"] as const) farm.world({ type: "link.impair", link, from, lossRatio: 0, corruptionRatio: 0 })
    farm.run(5)
    assert.deepStrictEqual(farm.probe(), [])
    const [first, second] = [farm.peer(0), farm.peer(1)]
    assert.deepStrictEqual([first.channel.waiting.length, second.channel.waiting.length], [0, 0])
    assert.strictEqual(first.channel.acknowledged, second.channel.expected - 1)
  })

  it("has been heard before a leg that came up sends anything: no frame gets out by both", () => {
    const farm = new Farm({ isStatic: true, tree: "none" }).cut("leg 0 0").run(60)
    const link = farm.links.get("peer-link 0")!
    // What the first peer tells goes by this member; frames go by both.
    farm.world({ type: "link.direction", link, from: "a", alive: false })
    farm.mend("leg 0 0").run(0.01)
    const orphan = farm.hosts[2]
    const words = Array.from({ length: 16 }, (_, i) => 1000 + i)
    const heard = (): ReadonlyArray<number> => words.map((word) => farm.heard(0, word))
    for (const word of words) {
      farm.simulation.command(orphan, { type: "say", from: 0x060000000200 + word, to: 0xffffffffffff, word } as never)
    }
    farm.run(0.01)
    assert.isAbove(Math.max(...heard()), 0, "some of them by the other peer's leg")
    assert.strictEqual(Math.max(...heard()), 1)
    farm.world({ type: "link.direction", link, from: "a", alive: true }).run(1)
    assert.deepStrictEqual(farm.probe(), [])
  })

  it("of one direction only is none: the peers part, and find each other again", () => {
    const farm = new Farm({ isStatic: true, peerLinks: 1 }).run(60)
    const link = farm.links.get("peer-link 0")!
    farm.world({ type: "link.direction", link, from: "a", alive: false }).run(12)
    assert.strictEqual(Query.vpc(farm.peer(0), farm.simulation.now).peerStatus, "vPC peer is not reachable over cfs")
    assert.deepStrictEqual(views(farm), ["primary up up", "secondary down down"])
    farm.world({ type: "link.direction", link, from: "a", alive: true }).run(60)
    assert.deepStrictEqual([views(farm), farm.probe()], [["primary up up", "secondary up up"], []])
  })

  it("carries addresses of hosts that move at wire speed without filling up", () => {
    const farm = new Farm().run(60)
    const kind = registry.kinds.get("mlag-peer")!
    const state = kind.copy(farm.peer(0)) as ReturnType<Farm["peer"]>
    const out = new RecordingOutbox<EthernetFrame.EthernetFrame>()
    for (let i = 0; i < 5000; i++) {
      const frame = EthernetFrame.make(0xffffffffffff, 0x060000000100 + (i % 7), Protocol.EXPERIMENTAL, new Uint8Array(46), 46)
      kind.onFrame(state, i % 2 === 0 ? 3 : 4, frame, 10, farm.simulation.now + i, out)
    }
    assert.isAtMost(state.channel.waiting.length, 32)
    assert.strictEqual(state.macs.size, 7)
  })

  it("hears nobody who is not the peer: frames that are forged, of another session or domain, or cut short, are counted", () => {
    const farm = new Farm().run(60)
    const kind = registry.kinds.get("mlag-peer")!
    const state = kind.copy(farm.peer(0)) as ReturnType<Farm["peer"]>
    const out = new RecordingOutbox<EthernetFrame.EthernetFrame>()
    const sender = { protocol: "mlag", domain: 10, system: farm.peer(1).bridge.address } as const
    const hear = (pdu: MlagPdu.MlagPdu | Uint8Array, link = 0): void => {
      const frame =
        pdu instanceof Uint8Array
          ? EthernetFrame.make(GroupAddress.LLDP, sender.system, Protocol.VIRTUAL_SWITCH, pdu, pdu.length)
          : MlagPdu.frame(pdu)
      kind.onFrame(state, link, frame, -1, farm.simulation.now + SECOND, out)
    }
    const down = { type: "legs", legs: [{ vpc: 101, up: false }] } as const
    hear({ ...sender, kind: "data", session: 99, sequence: state.channel.expected, record: down })
    hear({ ...sender, kind: "data", session: state.peer.session, sequence: state.channel.expected + 5, record: down })
    assert.deepStrictEqual([state.peerUp[0], state.refused], [1, 0])
    hear({ ...sender, kind: "data", session: state.peer.session, sequence: state.channel.expected, record: down }, 3)
    hear({ ...sender, kind: "hello", role: "primary", isSticky: true, rolePriority: 1, session: 4, heard: 0, domain: 11 })
    hear({ ...sender, kind: "keepalive", role: "primary", count: 1 }, 3)
    hear(MlagPdu.emit({ ...sender, kind: "ack", session: 1, acknowledged: 1 }).subarray(0, 20))
    assert.deepStrictEqual([state.peerUp[0], state.adjacent, state.refused], [1, 1, 4])
    hear({ ...sender, kind: "data", session: state.peer.session, sequence: state.channel.expected, record: down })
    assert.strictEqual(state.peerUp[0], 0, "and this one is")
  })

  it("brings no frames to a leg but BPDUs of VLANs that there are, and keeps one of each for peer-switch", () => {
    const farm = new Farm({ peers: [{ peerSwitch: true }, { peerSwitch: true }] }).run(60)
    const kind = registry.kinds.get("mlag-peer")!
    const state = kind.copy(farm.peer(1)) as ReturnType<Farm["peer"]>
    const out = new RecordingOutbox<EthernetFrame.EthernetFrame>()
    const [kept, refused] = [state.bpdus.size, state.refused]
    const hear = (destination: number, tci: number): number => {
      const frame = EthernetFrame.make(destination, 0x020000000001, Protocol.BPDU, new Uint8Array([0, 0, 0, 0x80]), 7)
      const sender = { protocol: "mlag", domain: 10, system: farm.peer(0).bridge.address } as const
      const pdu = { ...sender, kind: "bpdu", session: state.peer.session, isIn: false, vpc: 101, frame, tci } as const
      kind.onFrame(state, 0, MlagPdu.frame(pdu), -1, farm.simulation.now, out)
      return state.refused - refused
    }
    for (let low = 0; low < 100; low++) hear(0x060000000000 + low, -1)
    for (let vlan = 2000; vlan < 2100; vlan++) hear(GroupAddress.CISCO_SSTP, vlan)
    assert.deepStrictEqual([state.bpdus.size, state.refused - refused], [kept, 200])
    for (let priority = 0; priority < 8; priority++) hear(GroupAddress.CISCO_SSTP, (priority << 13) | 10)
    assert.deepStrictEqual([state.bpdus.size, state.refused - refused], [kept + 1, 200])
  })
})
