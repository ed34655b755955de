/** VTP in designs: what it becomes, and what is refused by which rule. */
import { assert, describe, it } from "@effect/vitest"
import type { BridgeConfig } from "@l2lab/l2/BridgeConfig"
import { Result } from "effect"
import * as Compile from "@l2lab/design/Compile"
import { format } from "@l2lab/design/DesignError"

const text = (sw1: string, more = ""): string =>
  `vlans: { 10: office, 20: lab, 2000: far }\n${more}nodes:\n  sw1: ${sw1}\n  sw2:\nlinks: [[sw1, sw2]]\n`

const configOf = (sw1: string, more = ""): BridgeConfig => {
  const compiled = Compile.text(text(sw1, more), "x.l2.yml")
  if (Result.isFailure(compiled)) throw compiled.failure
  return compiled.success.plan.nodes[0].config as BridgeConfig
}

const vtpOf = (config: BridgeConfig): unknown => config.protocols.find(({ kind }) => kind === "vtp")?.config

describe("vtp", () => {
  it("is off by default", () => {
    const config = configOf("")
    assert.isUndefined(vtpOf(config))
    assert.isUndefined(config.existing)
    assert.deepStrictEqual(config.vlans, [1, 10, 20, 2000])
  })

  it("a server has its VLANs with a revision for each, their names, and room for all", () => {
    const config = configOf("{ vlans: [10], vtp: { domain: FARM, password: s3cret } }")
    assert.deepStrictEqual(
      [config.vlans, config.existing],
      [
        [1, 10, 20, 2000],
        [1, 10],
      ],
    )
    assert.deepStrictEqual(vtpOf(config), {
      domain: "FARM",
      mode: "server",
      password: "s3cret",
      version: 2,
      revision: 1,
      names: { 10: "office", 20: "lab", 2000: "far" },
    })
    const [port] = config.ports
    assert.deepStrictEqual(port, { mode: "trunk", native: 1, allowed: [1, 10, 20, 2000] })
  })

  it("a client begins with VLAN 1, or with what it learnt at a revision", () => {
    assert.deepStrictEqual(configOf("{ vtp: { domain: FARM, mode: client } }").existing, [1])
    assert.deepStrictEqual(configOf("{ vlans: [20], vtp: { domain: FARM, mode: client, revision: 9 } }").existing, [1, 20])
  })

  it("has a tree for each VLAN that there is room for", () => {
    const config = configOf("{ vtp: { mode: client }, spanningTree: { protocol: rapid-pvst } }")
    assert.deepStrictEqual(config.treeOfVlan, [0, 1, 2, 3])
  })

  it("may stand in the defaults", () => {
    const more = "defaults: { switch: { vlans: [10], vtp: { domain: FARM } } }\n"
    assert.deepInclude(vtpOf(configOf("{ vtp: { domain: LAB } }", more)) as object, { domain: "LAB" })
    assert.deepInclude(vtpOf(configOf("", more)) as object, { domain: "FARM" })
  })
})

const REFUSED: ReadonlyArray<readonly [sw1: string, RegExp]> = [
  ["{ vlans: [10], vtp: { password: x } }", /x\.l2\.yml:3:.*vtp\.password: vtp-password: sw1 has no domain .*: add domain/],
  [
    "{ vlans: [10], vtp: { domain: FARM, mode: client } }",
    /vtp\.mode: vtp-client-vlans: sw1 is a client, .*: remove its vlans, or give it the revision/,
  ],
  [
    "{ vtp: { mode: transparent, revision: 3 } }",
    /vtp\.revision: vtp-transparent-revision: sw1 is transparent, and its revision is 0: remove/,
  ],
  ["{ vtp: { domain: FARM } }", /vtp-vlans: sw1 is a server, and VTP knows no VLANs above 1005: .*leave 2000 out/],
  ["{ vlans: [10], vtp: { domain: '' } }", /"" is no domain: write 1 to 32 printable characters/],
  ["{ vlans: [10], vtp: { domain: FARM, version: 3 } }", /version.*3/],
  ["{ vlans: [10], vtp: { domain: FARM, revision: -1 } }", /-1 is out of range/],
]

describe("contradictions", () => {
  for (const [sw1, sentence] of REFUSED) {
    it(sw1, () => {
      const compiled = Compile.text(text(sw1), "x.l2.yml")
      assert.isTrue(Result.isFailure(compiled), "the design was taken")
      if (!Result.isFailure(compiled)) return
      const [first, ...more] = compiled.failure.findings.map(format)
      assert.match(first ?? "", sentence)
      assert.deepStrictEqual(more, [], "said once")
    })
  }

  it("VLANs of FDDI and Token Ring are taken", () => {
    const compiled = Compile.text("vlans: [1003]\nnodes: { sw1: { vtp: { domain: FARM } }, sw2: }\nlinks: [[sw1, sw2]]\n", "x")
    assert.match(Result.isFailure(compiled) ? compiled.failure.findings.map(format).join() : "", /vtp-vlans: VLANs 1003 of sw1/)
  })

  it("of the defaults are told of once", () => {
    const more = "defaults: { switch: { vlans: [10], vtp: { password: x } } }\n"
    const compiled = Compile.text(text("", more), "x.l2.yml")
    assert.lengthOf(Result.isFailure(compiled) ? compiled.failure.findings : [], 1)
  })
})
