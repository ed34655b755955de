/** LACPDUs that are no partner's: of another system, of nobody, of oneself, cut short, made up; and marker PDUs. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import * as EthernetFrame from "../../src/EthernetFrame.ts"
import * as GroupAddress from "../../src/GroupAddress.ts"
import { LOG } from "../../src/lacp/Log.ts"
import * as Lacpdu from "../../src/lacp/Lacpdu.ts"
import { actorOf, partnerHas, partnerOf } from "../../src/lacp/State.ts"
import * as Protocol from "../../src/Protocol.ts"
import { bundled, fed, ME, THEM, YOU } from "./Fed.ts"

const raw = (octets: Uint8Array): EthernetFrame.EthernetFrame =>
  EthernetFrame.make(GroupAddress.SLOW_PROTOCOLS, YOU + 1, Protocol.SLOW_PROTOCOLS, octets, octets.length)

/** The log lines that a switch has written. */
const lines = ({ events }: ReturnType<typeof fed>): ReadonlyArray<string> => {
  const names = {
    port: (port: number) => `Gi0/${port + 1}`,
    portInFull: String,
    tree: String,
    sender: String,
  }
  return events.flatMap(([code, a, b, c, d]) =>
    LOG.filter(({ definition }) => definition.code === code).flatMap(({ message, mnemonic }) => {
      const text = message({ at: 0, node: 0, code, a, b, c, d }, names)
      return text === undefined ? [] : [`${mnemonic}: ${text}`]
    }),
  )
}

describe("an LACPDU of another system", () => {
  for (const port of [0, 1]) {
    it(`on member ${port + 1} takes it out of the bundle, and says so; the other goes on, and it is back two seconds after its partner is`, () => {
      const one = bundled()
      assert.strictEqual(one.roles(), "bundled bundled")
      one.hears(port, one.pdu(port, THEM))
      assert.strictEqual(one.roles(), port === 0 ? "out bundled" : "bundled out")
      assert.include(one.standings(), "suspended")
      assert.deepEqual(lines(one), [
        `CANNOT_BUNDLE2: Gi0/${port + 1} is not compatible with Gi0/${2 - port} and will be suspended (LACP partner, key or speed of Gi0/${port + 1} is another)`,
      ])
      for (let seconds = 0; seconds < 3; seconds++) {
        for (const each of [0, 1]) one.hears(each, one.pdu(each, YOU))
        one.wait(1)
      }
      for (const each of [0, 1]) one.hears(each, one.pdu(each, YOU))
      assert.strictEqual(one.roles(), "bundled bundled")
    })
  }

  it("on all members moves the bundle to it, and never holds members of two", () => {
    const one = bundled()
    one.hears(0, one.pdu(0, THEM))
    one.hears(1, one.pdu(1, THEM))
    for (let seconds = 0; seconds < 4; seconds++) {
      one.wait(1)
      for (const port of [0, 1]) one.hears(port, one.pdu(port, THEM))
    }
    assert.strictEqual(one.roles(), "bundled bundled")
    assert.strictEqual(partnerOf(one.state, 0).system, THEM)
  })

  it("under the same name with another key is another group: suspended", () => {
    const one = bundled()
    one.hears(1, one.pdu(1, YOU, { key: 8 }))
    assert.strictEqual(one.roles(), "bundled out")
  })
})

describe("a partner that cannot be one", () => {
  it("oneself (a cable from port to port), or nobody: the member is a port of its own, or suspended", () => {
    for (const system of [ME, 0]) {
      for (const suspendIndividual of [false, true]) {
        const one = fed({ suspendIndividual })
        for (let seconds = 0; seconds < 4; seconds++) {
          one.hears(0, one.pdu(0, system))
          one.wait(1)
        }
        assert.strictEqual(one.roles().split(" ")[0], suspendIndividual ? "out" : "alone", String(system))
        assert.deepEqual(
          lines(one).filter((line) => line.startsWith("OWNSYSTEM")),
          system === ME
            ? [
                "OWNSYSTEM: LACP PDU on Gi0/1 is of this switch's own system: the cable comes back to it, or leads to a pair of the same domain",
              ]
            : [],
        )
      }
    }
  })

  it("that is silent where the group suspends: the log says that LACP does not run there", () => {
    const one = fed({ suspendIndividual: true })
    one.wait(5)
    assert.deepEqual(lines(one), [
      "L3DONTBNDL2: Gi0/1 suspended: LACP currently not enabled on the remote port.",
      "L3DONTBNDL2: Gi0/2 suspended: LACP currently not enabled on the remote port.",
    ])
  })
})

describe("a partner that is heard on another port", () => {
  it("is forgotten by the one that is down (port_moved), which would else believe in it when its link comes up", () => {
    const one = bundled()
    one.link(0, false)
    assert.deepEqual([one.receive(0), partnerOf(one.state, 0).system], ["PORT_DISABLED", YOU])
    one.hears(1, one.pdu(1, YOU, { port: 11 }))
    assert.strictEqual(partnerOf(one.state, 0).system, 0)
    one.link(0, true)
    assert.strictEqual(one.standings().split(" ")[0], "unselected")
  })

  it("is kept by one whose link is up, and another's word moves nothing", () => {
    const one = bundled()
    one.hears(1, one.pdu(1, YOU, { port: 11 }))
    assert.strictEqual(partnerOf(one.state, 0).system, YOU)
  })
})

describe("octets that are no PDU", () => {
  it("are counted, change nothing, and are told of once a port", () => {
    const one = bundled()
    const whole = Lacpdu.emit({
      protocol: "lacp",
      actor: actorOf(one.state, 0),
      partner: actorOf(one.state, 0),
      collectorMaxDelay: 0,
    })
    for (let length = 0; length < whole.length; length++) one.hears(0, raw(whole.slice(0, length)))
    one.hears(0, raw(Uint8Array.from({ length: 110 }, () => 0xff)))
    assert.deepEqual([one.state.refused[0], one.state.refused[1], one.roles()], [whole.length + 1, 0, "bundled bundled"])
    assert.deepEqual(lines(one), ["BADPDU: LACP PDU on Gi0/1 cannot be read and is dropped"])
  })
})

describe("marker PDUs", () => {
  const marker: Lacpdu.Marker = { protocol: "lacp-marker", isResponse: false, port: 12, system: YOU, transaction: 99 }

  it("are answered with the same words, on a member in the bundle and on one that is out", () => {
    for (const one of [bundled(), fed()]) {
      const [answer, ...more] = one.hears(0, Lacpdu.frame(marker, YOU + 1))
      assert.deepEqual([answer.payload, more.length], [{ ...marker, isResponse: true }, 0])
      assert.deepEqual([one.state.markersHeard[0], one.state.markerResponsesSent[0]], [1, 1])
    }
  })

  it("that answer are not answered: no two switches do it for ever", () => {
    const one = bundled()
    assert.deepEqual(one.hears(0, Lacpdu.frame({ ...marker, isResponse: true }, YOU + 1)), [])
  })
})

const Int = (most: number) => Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: most }))

describe("any LACPDUs in any order", () => {
  it.prop(
    "never bundle members of two partners, nor one whose partner is not in sync",
    [Schema.Array(Schema.Struct({ port: Int(1), who: Int(3), key: Int(1), state: Int(255), names: Int(3), seconds: Int(3) }))],
    ([words]) => {
      const one = bundled()
      for (const { key, names, port, seconds, state, who } of words) {
        const system = [YOU, THEM, ME, 0][who]
        one.hears(port, one.pdu(port, system, { key: 7 + key, state }, names === 0 ? { port: 99 } : {}))
        const inUse = [0, 1].filter((each) => one.roles().split(" ")[each] === "bundled")
        const partners = new Set(inUse.map((each) => `${partnerOf(one.state, each).system} ${partnerOf(one.state, each).key}`))
        assert.isAtMost(partners.size, 1)
        for (const each of inUse) assert.isTrue(partnerHas(one.state, each, Lacpdu.SYNCHRONIZATION))
        one.wait(seconds)
      }
    },
  )
})
