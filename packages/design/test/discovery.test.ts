/** Keys for LLDP and CDP: what they become, and what is refused by which rule. */
import { assert, describe, it } from "@effect/vitest"
import type { BridgeConfig } from "@l2lab/l2/BridgeConfig"
import { Result } from "effect"
import * as Compile from "@l2lab/design/Compile"
import { format } from "@l2lab/design/DesignError"

const compiled = (sw1: string, more = "") =>
  Compile.text(`nodes: { sw1: ${sw1}, sw2: }\nlinks: [[sw1, sw2]]\n${more}`, "x.l2.yml")

const protocolsOf = (sw1: string, more = ""): BridgeConfig["protocols"] => {
  const result = compiled(sw1, more)
  if (Result.isFailure(result)) throw result.failure
  return (result.success.plan.nodes[0].config as BridgeConfig).protocols.slice(1)
}

const identity = {
  name: "sw1",
  interfaces: ["GigabitEthernet0/1"],
  platform: "l2lab",
  version: "l2lab, an emulated switch",
}

describe("LLDP and CDP in a design", () => {
  it("do not run by default", () => assert.deepStrictEqual(protocolsOf(""), []))

  it("run with their usual times where asked for", () => {
    for (const keys of ["{ lldp: true, cdp: true }", "{ lldp: {}, cdp: {} }"]) {
      assert.deepStrictEqual(protocolsOf(keys), [
        { kind: "lldp", config: { identity, intervalSeconds: 30, holdMultiplier: 4, reinitSeconds: 2 } },
        { kind: "cdp", config: { identity, intervalSeconds: 60, holdSeconds: 180 } },
      ])
    }
  })

  it("have the times and ports that the design gives them, and its descriptions", () => {
    const [lldp, cdp] = protocolsOf(
      "{ ports: 3, lldp: { interval: 10s, holdMultiplier: 2, reinit: 1s }, cdp: { interval: 5s, holdtime: 10s }, port: { 1: { description: up }, 2: { lldp: { receive: false }, cdp: false } } }",
    )
    assert.deepInclude(lldp.config, {
      intervalSeconds: 10,
      holdMultiplier: 2,
      reinitSeconds: 1,
      ports: [undefined, { receive: false }],
    })
    assert.deepInclude(cdp.config, {
      intervalSeconds: 5,
      holdSeconds: 10,
      ports: [undefined, { transmit: false, receive: false }],
    })
    const { descriptions, interfaces } = (lldp.config as { readonly identity: { descriptions?: unknown; interfaces: unknown } })
      .identity
    assert.deepStrictEqual(descriptions, ["up", undefined, undefined])
    assert.deepStrictEqual(interfaces, ["GigabitEthernet0/1", "GigabitEthernet0/2", "GigabitEthernet0/3"])
  })

  it("run on all switches by the defaults, but where a switch says otherwise", () => {
    const defaults = "defaults: { switch: { lldp: true } }\n"
    assert.lengthOf(protocolsOf("", defaults), 1)
    assert.lengthOf(protocolsOf("{ lldp: false }", defaults), 0)
  })
})

const REFUSED: ReadonlyArray<readonly [sw1: string, RegExp]> = [
  [
    "{ lldp: { interval: 4s } }",
    /x\.l2\.yml:1:.*lldp\.interval: lldp-times: the interval of sw1 cannot be 4 s: write whole seconds from 5s to 32768s/,
  ],
  ["{ lldp: { interval: 5500ms } }", /lldp-times: the interval of sw1 cannot be 5.5 s: write whole seconds/],
  ["{ lldp: { reinit: 11s } }", /lldp-times: the silence of sw1's ports cannot be 11 s: write whole seconds from 1s to 10s/],
  ["{ lldp: { holdMultiplier: 1 } }", /1 is out of range: write a number of intervals from 2 to 10/],
  ["{ cdp: { interval: 255s } }", /cdp-times: the interval of sw1 cannot be 255 s: write whole seconds from 5s to 254s/],
  ["{ cdp: { holdtime: 300s } }", /cdp-times: the hold time of sw1 cannot be 300 s: write whole seconds from 10s to 255s/],
  [
    "{ cdp: { holdtime: 60s } }",
    /holdtime: cdp-times: neighbours of sw1 forget it after 60 s and hear of it every 60 s: write a longer/,
  ],
  [
    "{ port: { 1: { lldp: false } } }",
    /discovery-ports: sw1:1 is told of lldp, which sw1 does not run: add lldp: true to the switch/,
  ],
  ["{ lldp: true, port: { 1: { cdp: true } } }", /port\.1\.cdp: discovery-ports: sw1:1 is told of cdp/],
  ["{ lldp: yes please }", /lldp.*write true, false, or a block like|yes please/],
]

describe("a design with neighbours that cannot be", () => {
  for (const [sw1, sentence] of REFUSED) {
    it(`is refused: ${sw1}`, () => {
      const result = compiled(sw1)
      assert.isTrue(Result.isFailure(result), "the design was taken")
      if (!Result.isFailure(result)) return
      const findings = result.failure.findings.map(format)
      assert.lengthOf(findings, 1)
      assert.match(findings[0], sentence)
    })
  }

  it("is refused where the defaults say it", () => {
    const result = compiled("", "defaults: { switch: { cdp: { interval: 1s } } }\n")
    const findings = Result.isFailure(result) ? result.failure.findings.map(format) : []
    assert.match(findings[0] ?? "", /x\.l2\.yml:3:.*defaults\.switch\.cdp\.interval: cdp-times/)
  })
})
