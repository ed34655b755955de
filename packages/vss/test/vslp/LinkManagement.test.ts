/** LMP: which links may be used, and what becomes of those that are cabled wrong. */
import * as EthernetFrame from "@l2lab/l2/EthernetFrame"
import * as Protocol from "@l2lab/l2/Protocol"
import { assert, describe, it } from "@effect/vitest"
import { view } from "../../src/vslp/Query.ts"
import * as VslpPdu from "../../src/vslp/VslpPdu.ts"
import { chassis, Pair, pair } from "./Pair.ts"

const alone = (cables: ConstructorParameters<typeof Pair>[1] = []): Pair => new Pair([chassis(1)], cables)

describe("a link that is cabled right", () => {
  it("is operational within two round trips, and each end knows whom it hears", () => {
    const both = pair().run(0.001)
    for (const node of [0, 1]) assert.strictEqual(both.links(node), "OPERATIONAL OPERATIONAL")
    const { isVslUp, links } = view(both.nodes[0].state, both.now)
    assert.isTrue(isVslUp)
    assert.deepInclude(links[1], {
      state: "operational",
      isUsable: true,
      isControlLink: false,
      failure: "none",
      peer: { switchNumber: 2, address: 0x020000000200, vslLink: 1 },
    })
    assert.closeTo(links[0].helloInSeconds!, 0.499, 1e-9)
    assert.closeTo(links[0].deadInSeconds!, 1.5, 0.01)
  })

  it("carries a hello every half second, and nothing else once roles are settled but one RRP PDU a second", () => {
    const both = pair().run(10)
    const before = both.said.length
    both.run(10)
    const since = both.said.slice(before)
    assert.strictEqual(since.filter(({ node, pdu }) => node === 0 && pdu.protocol === "lmp").length, 40)
    assert.strictEqual(since.filter(({ node, pdu }) => node === 0 && pdu.protocol === "rrp").length, 10)
  })

  it("may cross: the first link of one is the second of the other", () => {
    const crossed = new Pair(
      [chassis(1), chassis(2)],
      [
        [
          [0, 0],
          [1, 1],
        ],
        [
          [0, 1],
          [1, 0],
        ],
      ],
    ).run(3)
    assert.strictEqual(crossed.states, "ACTIVE STANDBY_HOT")
    assert.strictEqual(crossed.links(1), "OPERATIONAL OPERATIONAL")
  })

  it("makes no difference to octets", () => {
    const both = pair()
    both.octets = true
    both.plug(false, 0, 1).plug(true, 0, 1).run(5)
    assert.strictEqual(both.states, "ACTIVE STANDBY_HOT")
    assert.strictEqual(view(both.nodes[0].state, both.now).links[0].refused, 0)
  })
})

describe("a link that passes one way only", () => {
  for (const from of [0, 1] as const) {
    it(`never comes up where ${from === 0 ? "the second" : "the first"} end is deaf`, () => {
      const both = pair({}, {}, 1)
      both.plug(false, 0)
      both.wires[0].alive[from] = false
      both.plug(true, 0).run(5)
      assert.strictEqual(both.links(1 - from), "DETECT")
      assert.strictEqual(both.links(from), "UNIDIRECTIONAL")
      assert.strictEqual(both.failure(from), "unidirectional link")
      assert.include(both.nodes[from].log, "%VSLP-3-VSLP_LMP_FAIL_REASON: Te1/0: Unidirectional link, the peer does not hear us")
      assert.strictEqual(both.roles, "init init")
      assert.strictEqual(both.run(30).links(1 - from), "SILENT")
      both.wires[0].alive[from] = true
      assert.strictEqual(both.run(1).links(from), "OPERATIONAL")
    })
  }

  it("that is in use is given up by the deaf end after three hellos that stay away, by the other as soon as it is told", () => {
    const both = pair().run(5)
    both.wires[0].alive[1] = false
    both.run(0.9)
    assert.strictEqual(both.links(0), "OPERATIONAL OPERATIONAL")
    both.run(0.7)
    assert.strictEqual(both.links(0), "DETECT OPERATIONAL")
    assert.strictEqual(both.failure(0), "hello timeout")
    assert.strictEqual(both.links(1), "CHECK OPERATIONAL")
    assert.strictEqual(both.run(2).links(1), "UNIDIRECTIONAL OPERATIONAL")
    assert.strictEqual(both.roles, "active standby")
    // RRP has moved to the other link.
    assert.include(both.nodes[0].log, "%VSL-5-VSL_CNTRL_LINK: New VSL Control Link Te1/1")
  })
})

describe("a link with a wrong end", () => {
  it("that leads back to the chassis", () => {
    const looped = alone([
      [
        [0, 0],
        [0, 1],
      ],
    ]).run(1)
    assert.strictEqual(looped.links(0), "REJECTED REJECTED")
    assert.strictEqual(looped.failure(0), "looped back")
    assert.include(looped.nodes[0].log, "%VSLP-3-VSLP_LMP_FAIL_REASON: Te1/1: Link is looped back to this chassis")
  })

  it("that leads to a chassis of another domain", () => {
    const both = pair({ domain: 20 }).run(1)
    assert.strictEqual(both.links(0), "REJECTED REJECTED")
    assert.strictEqual(both.links(1), "REJECTED REJECTED")
    assert.include(
      both.nodes[1].log,
      "%VSLP-3-VSLP_LMP_FAIL_REASON: Te1/0: Virtual switch domain mismatch, peer 0200.0000.0100 is in domain 20",
    )
    // Each is active on its own, as any chassis without a peer.
    assert.strictEqual(both.run(31).roles, "active active")
    assert.deepEqual(both.nodes[0].asked, ["role active peer init sso"])
  })

  it("that leads to a chassis with the same number", () => {
    const both = pair({}, { switchNumber: 1 }).run(1)
    assert.strictEqual(both.failure(0), "switch number conflict")
    assert.include(
      both.nodes[0].log,
      "%VSLP-3-VSLP_LMP_FAIL_REASON: Te1/0: Switch number conflict, peer 0200.0000.0200 is switch 1 too",
    )
  })

  it("that leads to a switch that is no chassis", () => {
    const bpdu = EthernetFrame.make(0x0180c2000000, 0x020000990000, Protocol.BPDU, new Uint8Array(35), 38)
    const other = pair({}, {}, 1)
    other.wires[0].alive[0] = other.wires[0].alive[1] = false
    other.plug(false, 0).plug(true, 0)
    other.wires[0].alive[1] = true
    other.send(1, 0, bpdu)
    other.wires[0].alive[1] = false
    other.run(1)
    assert.strictEqual(other.links(0), "REJECTED")
    assert.strictEqual(other.failure(0), "no chassis at the other end")
    assert.include(other.nodes[0].log, "%VSLP-3-VSLP_LMP_FAIL_REASON: Te1/0: Frames that no chassis of a virtual switch sends")
    assert.strictEqual(other.run(58).links(0), "REJECTED")
    assert.strictEqual(other.run(3).links(0), "DETECT")
    // As long as frames of the kind come, it is told once.
    const told = other.nodes[0].log.length
    for (let i = 0; i < 5; i++) {
      other.wires[0].alive[1] = true
      other.send(1, 0, bpdu)
      other.wires[0].alive[1] = false
      other.run(50)
    }
    assert.lengthOf(other.nodes[0].log, told + 1)
    assert.strictEqual(other.links(0), "REJECTED")
    // A hello says more than what others send.
    other.wires[0].alive[1] = true
    other.send(1, 0, bpdu)
    other.wires[0].alive[0] = true
    assert.strictEqual(other.run(1).links(0), "OPERATIONAL")
  })

  it("is rejected for T5 after the last hello of the wrong kind, and nobody is told to be heard meanwhile", () => {
    const both = pair({}, {}, 1).run(5)
    const { pdu } = both.said.find(({ node, pdu: of }) => node === 1 && of.protocol === "lmp")!
    both.send(1, 0, VslpPdu.frame({ ...(pdu as VslpPdu.LmpHello), domain: 99 }))
    both.run(5)
    assert.strictEqual(both.links(0), "REJECTED")
    assert.strictEqual(both.links(1), "UNIDIRECTIONAL")
    assert.strictEqual(both.run(54).links(0), "REJECTED")
    assert.strictEqual(both.run(2).links(0), "OPERATIONAL")
  })

  it("that leads to another chassis than the other link: two pairs with one domain number", () => {
    const other = { ...chassis(2, 1), address: 0x020000990000 }
    const three = new Pair(
      [chassis(1), chassis(2), other],
      [
        [
          [0, 0],
          [1, 0],
        ],
        [
          [0, 1],
          [2, 0],
        ],
      ],
    )
    three.plug(false, 1).run(2)
    three.plug(true, 1).run(3)
    assert.strictEqual(three.links(0), "OPERATIONAL REJECTED")
    assert.strictEqual(three.failure(0, 1), "another chassis than on the other links")
    assert.strictEqual(three.links(2), "UNIDIRECTIONAL")
    assert.strictEqual(three.roles, "active standby init")
  })

  it("is used once it is cabled right", () => {
    const both = pair({ domain: 20 }).run(1)
    both.nodes[0].config = chassis(1)
    both.off(0)
    both.boot(0)
    assert.strictEqual(both.run(1).links(0), "OPERATIONAL OPERATIONAL")
    assert.strictEqual(both.failure(0), "none")
  })
})

describe("PDUs that are refused", () => {
  const frame = (octets: Uint8Array) => EthernetFrame.make(0x0180c200000e, 0x02, Protocol.VIRTUAL_SWITCH, octets, octets.length)
  const { said } = pair().run(3)
  const hello = said.find(({ pdu }) => pdu.protocol === "lmp")!.pdu as VslpPdu.LmpHello
  const role = said.find(({ node, pdu }) => node === 1 && pdu.protocol === "rrp")!.pdu as VslpPdu.RrpPdu

  it("are counted, told of once for each reason, and change nothing", () => {
    const both = pair().run(5)
    const octets = VslpPdu.emitLmp(hello)
    const told = both.nodes[0].log.length
    for (const bad of [octets.subarray(0, 10), octets.subarray(0, 12), octets.slice().fill(9, 20, 21)])
      both.send(1, 0, frame(bad))
    // Forged: of a chassis that is not at the other end.
    both.send(1, 0, VslpPdu.frame({ ...role, address: 0x0a, role: "active", priority: 255 }))
    both.run(1)
    assert.deepEqual(both.nodes[0].log.slice(told), [
      "%VSLP-4-BAD_PDU: VSLP frames on Te1/0 are refused (Truncated)",
      "%VSLP-4-BAD_PDU: VSLP frames on Te1/0 are refused (BadChecksum)",
      "%VSLP-4-BAD_PDU: VSLP frames on Te1/0 are refused (NotPeer)",
    ])
    assert.strictEqual(view(both.nodes[0].state, both.now).links[0].refused, 4)
    assert.strictEqual(both.states, "ACTIVE STANDBY_HOT")
  })

  it("do not make a link: an RRP PDU before any hello", () => {
    const both = pair({}, {}, 1)
    both.wires[0].alive[0] = both.wires[0].alive[1] = false
    both.plug(false, 0).plug(true, 0)
    both.wires[0].alive[1] = true
    both.send(1, 0, VslpPdu.frame({ ...role, role: "active" }))
    both.wires[0].alive[1] = false
    both.run(1)
    assert.strictEqual(both.links(0), "DETECT")
    assert.strictEqual(both.roles, "init init")
  })
})
