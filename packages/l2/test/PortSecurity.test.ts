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
})
