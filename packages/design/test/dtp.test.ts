/** DTP in designs: what it becomes, and what is refused or warned of by which rule. */
import { assert, describe, it } from "@effect/vitest"
import type { BridgeConfig } from "@l2lab/l2/BridgeConfig"
import type { DtpConfig } from "@l2lab/l2/dtp/State"
import { Result } from "effect"
import * as Compile from "@l2lab/design/Compile"
import { format } from "@l2lab/design/DesignError"

const text = (sw1: string, sw2 = ""): string =>
  `vlans: [10, 20]\nnodes:\n  sw1: ${sw1}\n  sw2: ${sw2}\nlinks: [["sw1:1", "sw2:1"]]\n`

const compiled = (sw1: string, sw2 = "") => {
  const result = Compile.text(text(sw1, sw2), "x.l2.yml")
  if (Result.isFailure(result)) throw result.failure
  return result.success
}

const configOf = (sw1: string): BridgeConfig => compiled(sw1).plan.nodes[0].config as BridgeConfig

const dtpOf = (sw1: string): DtpConfig | undefined =>
  configOf(sw1).protocols.find(({ kind }) => kind === "dtp")?.config as DtpConfig | undefined

const TRUNK = { mode: "trunk", native: 1, allowed: [1, 10, 20] } as const

describe("dtp", () => {
  it("is off by default, nonegotiate or not", () => {
    assert.isUndefined(dtpOf(""))
    assert.isUndefined(dtpOf("{ port: { 1: { mode: access, nonegotiate: true } } }"))
  })

  it("a dynamic port begins as an access port, and the others speak too", () => {
    const sw1 =
      "{ port: { 1: { mode: dynamic-auto, vlan: 10, allowed: [1, 10] }, 2: { mode: trunk }, 3: { mode: access, nonegotiate: true } } }"
    assert.deepStrictEqual(configOf(sw1).ports[0], { mode: "access", vlan: 10 })
    assert.deepStrictEqual(dtpOf(sw1)?.ports, [
      { mode: "dynamic-auto", negotiate: true, access: { mode: "access", vlan: 10 }, trunk: { ...TRUNK, allowed: [1, 10] } },
      { mode: "trunk", negotiate: true, access: { mode: "access", vlan: 1 }, trunk: TRUNK },
      { mode: "access", negotiate: false, access: { mode: "access", vlan: 1 }, trunk: TRUNK },
    ])
  })

  it("dtp: true has a switch speak without a dynamic port", () => {
    assert.deepStrictEqual(dtpOf("{ dtp: true }")?.ports[0].mode, "trunk")
  })
})

const problems = (sw1: string, sw2 = ""): ReadonlyArray<string> => {
  const result = Compile.text(text(sw1, sw2), "x.l2.yml")
  return (Result.isFailure(result) ? result.failure.findings : result.success.warnings).map(format)
}

describe("contradictions", () => {
  it("a dynamic port cannot be without negotiating", () => {
    const [first, ...more] = problems("{ port: { 1-4: { mode: dynamic-desirable, nonegotiate: true } } }")
    assert.match(first, /x\.l2\.yml:3:.*nonegotiate: dtp-nonegotiate: sw1:1 is dynamic-desirable.*: write mode: trunk or access/)
    assert.lengthOf(more, 0)
  })

  it("nor on a switch without DTP", () => {
    assert.match(
      problems("{ dtp: false, port: { 1: { mode: dynamic-auto } } }").join(),
      /sw1\.dtp: dtp-off: sw1:1 is dynamic-auto, and sw1 speaks no/,
    )
  })

  it("two VTP domains negotiate nothing, which is warned of", () => {
    const port = "port: { 1: { mode: dynamic-desirable } }"
    const [first, ...more] = problems(`{ vtp: { domain: A }, ${port} }`, `{ vtp: { domain: B }, ${port} }`)
    assert.match(first, /dtp-domains: sw1:1 is of VTP domain A and sw2:1 of B: they negotiate no trunk; give both one domain/)
    assert.lengthOf(more, 0)
    assert.deepStrictEqual(problems(`{ vtp: { domain: A }, ${port} }`, `{ ${port} }`), [])
  })

  it("untagged VLANs of two ends are compared as they come to be", () => {
    const auto = "{ port: { 1: { mode: dynamic-auto, vlan: 10 } } }"
    assert.deepStrictEqual(problems(auto, "{ port: { 1: { mode: dynamic-desirable } } }"), [], "two trunks, both native 1")
    assert.match(problems(auto, "{ port: { 1: { mode: dynamic-auto } } }").join(), /VLAN 10 at sw1:1 and in VLAN 1 at sw2:1/)
    assert.match(
      problems(auto, "{ port: { 1: { mode: dynamic-desirable, native: 20 } } }").join(),
      /VLAN 1 at sw1:1 and in VLAN 20/,
    )
  })

  it("a mode that there is not", () => {
    assert.match(problems("{ port: { 1: { mode: dynamic } } }").join(), /mode.*dynamic/)
  })
})
