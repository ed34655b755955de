/** Port security: who is let in, what a violation does, what is forgotten when. */
import { SECOND } from "@l2lab/sim/SimTime"
import { assert, describe, it } from "vitest"
import * as ErrdisableCause from "../src/ErrdisableCause.ts"
import type { PortSecurityConfig } from "../src/PortSecurity.ts"
import * as PortCounters from "../src/PortCounters.ts"
import * as Trace from "../src/Trace.ts"
import { A, ALL, B, bpdu, bridge, C, frame } from "./Guarded.ts"

const onPort0 = (config: PortSecurityConfig, other?: PortSecurityConfig) => bridge({ portSecurity: [config, other, undefined] })

describe("port security", () => {
  it("takes one address by default, and the port out of service for a second one", () => {
    const sw = onPort0({})
    assert.strictEqual(sw.receive(0, frame(A, ALL), 1).length, 2)
    assert.strictEqual(sw.receive(0, frame(A, ALL), 2).length, 2)
    assert.strictEqual(sw.receive(0, frame(B, ALL), 3).length, 0)
    assert.strictEqual(sw.state.errdisable.cause[0], ErrdisableCause.PSECURE_VIOLATION)
    assert.deepStrictEqual(
      sw.out.traces(Trace.PSECURE_VIOLATION.code).map(({ a, b }) => [a, b]),
      [[0, B]],
    )
  })

  it("restrict drops, counts, and tells once a second; protect says nothing", () => {
    const sw = onPort0({ violation: "restrict" })
    sw.receive(0, frame(A, ALL), 1)
    for (let i = 0; i < 10; i++) assert.deepStrictEqual(sw.receive(0, frame(B, ALL), 2 + (i * SECOND) / 5), [])
    assert.strictEqual(sw.state.security.violations[0], 10)
    assert.strictEqual(sw.out.traces(Trace.PSECURE_VIOLATION.code).length, 2)
    assert.strictEqual(sw.state.errdisable.cause[0], 0)
    const quiet = onPort0({ violation: "protect" })
    quiet.receive(0, frame(A, ALL), 1)
    quiet.receive(0, frame(B, ALL), 2)
    assert.strictEqual(quiet.state.security.violations[0], 0)
    assert.strictEqual(quiet.drops(0, PortCounters.PORT_SECURITY), 1)
    assert.strictEqual(quiet.out.traces(Trace.PSECURE_VIOLATION.code).length, 0)
  })

  describe("whatever kind its address is of", () => {
    const KINDS: ReadonlyArray<readonly [kind: string, config: PortSecurityConfig]> = [
      ["static", { addresses: [A] }],
      ["sticky", { sticky: true }],
      ["dynamic", {}],
    ]
    for (const [kind, config] of KINDS) {
      it(`${kind}: protect and restrict drop the second one and let the first one in, shutdown closes and comes back`, () => {
        for (const violation of ["protect", "restrict", "shutdown"] as const) {
          const sw = bridge({
            portSecurity: [{ ...config, violation }],
            errdisable: { recovery: ["psecure-violation"], intervalNs: 30 * SECOND },
          })
          assert.strictEqual(sw.receive(0, frame(A, ALL), 1).length, 2)
          assert.strictEqual(sw.receive(0, frame(B, ALL), 2).length, 0)
          assert.strictEqual(sw.drops(0, PortCounters.PORT_SECURITY), 1)
          assert.strictEqual(sw.state.security.violations[0], violation === "protect" ? 0 : 1)
          assert.strictEqual(sw.state.errdisable.cause[0] !== 0, violation === "shutdown")
          if (violation !== "shutdown") {
            assert.strictEqual(sw.receive(0, frame(A, ALL), 3).length, 2, "the first goes on")
            continue
          }
          sw.link(0, false, 100)
          sw.expire(30 * SECOND + 2)
          sw.link(0, true, 31 * SECOND)
          // A learnt address went with the link: who comes first now has the place. The others are kept.
          const stays = kind !== "dynamic"
          assert.deepStrictEqual(
            sw.state.security.secure[0].map(({ address }) => address),
            stays ? [A] : [],
          )
          assert.strictEqual(sw.receive(0, frame(B, ALL), 32 * SECOND).length, stays ? 0 : 2)
          assert.strictEqual(sw.state.errdisable.cause[0], stays ? ErrdisableCause.PSECURE_VIOLATION : 0)
        }
      })
    }
  })

  it("a secure address does not flap: elsewhere it is a violation, or passes and moves nothing", () => {
    const sw = bridge({
      portSecurity: [{}, { maximum: 5, violation: "restrict" }, undefined],
      macMove: { moves: 2, withinNs: 15 * SECOND },
    })
    sw.receive(0, frame(A, ALL), 1)
    for (let i = 0; i < 10; i++) assert.deepStrictEqual(sw.receive(1, frame(A, ALL), 10 + i), [])
    assert.strictEqual(sw.state.security.violations[1], 10)
    for (let i = 0; i < 10; i++) assert.strictEqual(sw.receive(2, frame(A, ALL), 30 + i).length, 2, "a port without security")
    assert.strictEqual(sw.out.traces(Trace.MAC_FLAP.code).length, 0)
    assert.strictEqual(sw.state.fdb.moves, 0)
    assert.deepStrictEqual(sw.receive(1, frame(B, A), 50), [0])
    // Others flap as ever, beside it.
    for (let i = 0; i < 6; i++) sw.receive(2 - (i % 2), frame(C, ALL), 60 + i)
    assert.deepStrictEqual(
      sw.out.traces(Trace.MAC_FLAP.code).map(({ a }) => a),
      [],
      "the secure port holds it from its first frame there on",
    )
    assert.strictEqual(
      sw.state.security.secure[1].some(({ address }) => address === C),
      true,
    )
  })

  it("an address that is secure on one port is a violation on another one that is", () => {
    const sw = onPort0({ maximum: 2 }, { maximum: 2, violation: "restrict" })
    sw.receive(0, frame(A, ALL), 1)
    assert.deepStrictEqual(sw.receive(1, frame(A, ALL), 2), [])
    assert.strictEqual(sw.state.security.violations[1], 1)
  })

  it("frames for a secure address go to its port, and stay there when somebody else claims it", () => {
    const sw = onPort0({})
    sw.receive(0, frame(A, ALL), 1)
    sw.receive(2, frame(A, ALL), 2)
    assert.deepStrictEqual(sw.receive(1, frame(B, A), 3), [0])
  })

  it("configured addresses are there from the start and fill the port", () => {
    const sw = onPort0({ addresses: [C], violation: "restrict" })
    assert.deepStrictEqual(sw.receive(1, frame(B, C), 1), [0])
    assert.deepStrictEqual(sw.receive(0, frame(A, ALL), 2), [])
    assert.strictEqual(sw.receive(0, frame(C, ALL), 3).length, 2)
  })

  it("learnt addresses go with the link, sticky and configured ones stay", () => {
    const sw = onPort0({ maximum: 2, addresses: [C], violation: "restrict" }, { sticky: true, violation: "restrict" })
    sw.receive(0, frame(A, ALL), 1)
    sw.receive(1, frame(B, ALL), 1)
    for (const port of [0, 1]) {
      sw.link(port, false, 2)
      sw.link(port, true, 3)
    }
    assert.deepStrictEqual(
      sw.state.security.secure[0].map(({ address }) => address),
      [C],
    )
    assert.deepStrictEqual(
      sw.state.security.secure[1].map(({ address, type }) => [address, type]),
      [[B, "sticky"]],
    )
    assert.deepStrictEqual(sw.receive(1, frame(A, ALL), 4), [], "the place is taken")
  })

  it("ages since learning, or since the last frame", () => {
    const absolute = onPort0({ violation: "restrict", ageingNs: 60 * SECOND })
    const idle = onPort0({ violation: "restrict", ageingNs: 60 * SECOND, ageingType: "inactivity" })
    for (const sw of [absolute, idle]) {
      sw.receive(0, frame(A, ALL), 0)
      sw.receive(0, frame(A, ALL), 40 * SECOND)
      assert.deepStrictEqual(sw.receive(0, frame(B, ALL), 59 * SECOND), [])
    }
    assert.strictEqual(absolute.receive(0, frame(B, ALL), 61 * SECOND).length, 2)
    assert.deepStrictEqual(idle.receive(0, frame(B, ALL), 61 * SECOND), [])
    assert.strictEqual(idle.receive(0, frame(B, ALL), 101 * SECOND).length, 2)
  })

  it("ageing 0 is no ageing: the second address is a violation", () => {
    const sw = onPort0({ violation: "restrict", ageingNs: 0 })
    sw.receive(0, frame(A, ALL), 1)
    assert.deepStrictEqual(sw.receive(0, frame(B, ALL), 1000 * SECOND), [])
    assert.strictEqual(sw.state.security.violations[0], 1)
  })

  it("is no business of BPDUs, and of no frame that the relay drops anyway", () => {
    const sw = onPort0({})
    sw.receive(0, bpdu(), 1)
    assert.strictEqual(sw.heard.pdus.length, 1)
    sw.receive(0, frame(A, ALL), 2, 99) // a VLAN that does not exist
    assert.deepStrictEqual(sw.state.security.secure[0], [])
  })

  it("is copied and fingerprinted", () => {
    const sw = onPort0({ violation: "restrict" })
    sw.receive(0, frame(A, ALL), 1)
    const copy = sw.kind.copy(sw.state)
    assert.deepStrictEqual(copy.security, structuredClone(sw.state.security))
    const before = sw.print(copy, 5)
    sw.receive(0, frame(B, ALL), 5)
    assert.strictEqual(sw.print(copy, 5), before)
    assert.notStrictEqual(sw.print(sw.state, 5), before)
  })

  it("what decides the next line, the VLAN heard last and the kind of an address are in the fingerprint", () => {
    // Two bridges that differ in when they told of a violation last, or in nothing.
    const told = (first: number) => {
      const sw = onPort0({ violation: "restrict" })
      sw.receive(0, frame(A, ALL), 1)
      sw.receive(0, frame(B, ALL), first)
      sw.receive(0, frame(B, ALL), SECOND)
      return sw
    }
    const [early, late] = [told(2), told(0.9 * SECOND)]
    assert.notStrictEqual(early.print(early.state, SECOND), late.print(late.state, SECOND))
    assert.strictEqual(early.print(early.state, 3 * SECOND), late.print(late.state, 3 * SECOND), "long ago is long ago")
    for (const change of [
      ({ security }: typeof early.state) => (security.lastVlan[0] = 7),
      ({ security }: typeof early.state) => (security.secure[0][0] = { ...security.secure[0][0], type: "configured" }),
    ]) {
      const changed = early.kind.copy(early.state)
      change(changed)
      assert.notStrictEqual(early.print(changed, 3 * SECOND), early.print(early.state, 3 * SECOND))
    }
  })
})
