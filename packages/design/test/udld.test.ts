/** UDLD in a design: which ports run it, what a bridge is told, and what is refused or warned of by the rule `udld`. */
import { assert, describe, it } from "@effect/vitest"
import type { BridgeConfig } from "@l2lab/l2/BridgeConfig"
import type { UdldConfig } from "@l2lab/l2/udld/State"
import { Result } from "effect"
import * as Compile from "../src/Compile.ts"
import { format } from "../src/DesignError.ts"

const compile = (text: string) => {
  const compiled = Compile.text(text, "x.l2.yml")
  if (Result.isFailure(compiled)) throw new Error(compiled.failure.findings.map(format).join("\n"))
  return compiled.success
}

const REST = `
  sw3:
  hub: { kind: hub }
  pc: { address: 10.0.0.1/24 }
  esx: { kind: hypervisor, uplinks: 1 }
links: [["sw1:1", "sw2:1"], ["sw1:2", "sw3:1"], ["sw1:3", "hub:1"], ["sw1:4", pc], ["sw1:5", "esx:1"]]
`

const design = (sw1: string, sw2 = "", top = ""): string => `${top}nodes:\n  sw1: ${sw1}\n  sw2: ${sw2}${REST}`

const udldOf = (text: string, node = 0): UdldConfig | undefined =>
  (compile(text).plan.nodes[node].config as BridgeConfig).protocols.find(({ kind }) => kind === "udld")?.config as
    | UdldConfig
    | undefined

const findings = (text: string): ReadonlyArray<string> => {
  const compiled = Compile.text(text, "x.l2.yml")
  return (Result.isFailure(compiled) ? compiled.failure.findings : compiled.success.warnings).map(format)
}

describe("UDLD in a design", () => {
  it("runs nowhere unless it is asked for", () => {
    assert.isUndefined(udldOf(design("")))
  })

  it("of all switches is that of cables to switches and hubs, of a port what it says", () => {
    const text = design(
      "{ ports: 6, port: { 1: { udld: normal }, 2: { udld: false } } }",
      "{ udld: false, port: { 1: { udld: normal } } }",
      "defaults: { switch: { udld: aggressive } }\n",
    )
    assert.deepEqual(udldOf(text)?.ports, ["normal", "disabled", "aggressive", "disabled", "disabled", "disabled"])
    assert.deepEqual(udldOf(text, 1)?.ports, ["normal"])
    assert.deepEqual(udldOf(text)?.identity.interfaces.slice(0, 2), ["GigabitEthernet0/1", "GigabitEthernet0/2"])
  })

  it("has its message time from the switch", () => {
    assert.strictEqual(udldOf(design("{ udld: { mode: normal, messageTime: 7s } }"))?.messageTime, 7)
    assert.strictEqual(udldOf(design("{ udld: { messageTime: 90s }, port: { 1: { udld: normal } } }"))?.messageTime, 90)
  })

  it("is taken and dropped by switches that do not run it, once one does; unmanaged ones flood it", () => {
    const text = design("{ udld: normal }", "{ reserved: flood }")
    assert.isUndefined(udldOf(text, 1))
    assert.deepEqual(Object.keys(udldOf(text, 2) ?? {}), ["identity"])
  })
})

const FOUND: ReadonlyArray<readonly [text: string, RegExp]> = [
  [
    design("{ udld: { mode: normal, messageTime: 120s } }"),
    /^x\.l2\.yml:2:\d+: nodes\.sw1\.udld\.messageTime: udld: sw1 cannot send messages every 120 s: write a messageTime from 1s to 90s/,
  ],
  [design("{ udld: { mode: normal, messageTime: 1500ms } }"), /udld: sw1 cannot send messages every 1\.5 s: write/],
  [design("{ udld: { messageTime: 0s } }"), /udld: sw1 cannot send messages every 0 s: write/],
  [design("{ udld: { messageTime: 7s } }"), /messageTime: udld: no port of sw1 runs UDLD: add a mode to messageTime/],
  [
    design("{ port: { 4-5: { udld: normal } } }"),
    /port\.4-5\.udld: udld: pc, which sw1:4 leads to, does not speak UDLD: remove it from the port \(the same with sw1:5\)/,
  ],
  [design("{ port: { 5: { udld: aggressive } } }"), /port\.5\.udld: udld: esx, which sw1:5 leads to, does not speak UDLD/],
  [design("{ udld: strict }"), /nodes\.sw1\.udld: udld: "strict" is not a choice here: write normal or aggressive/],
  [
    design("{ port: { 1: { udld: normal } } }"),
    /port\.1\.udld: warning: udld: sw1:1 runs UDLD, sw2:1 at the other end does not: nothing will be found there/,
  ],
  [
    design("{ port: { 3: { udld: aggressive } } }"),
    /warning: udld: sw1:3 leads to the hub hub: aggressive is meant for point-to-point links/,
  ],
]

describe("contradictions", () => {
  for (const [text, sentence] of FOUND) {
    it(text.split("\n")[1].trim(), () => {
      const [first, ...more] = findings(text)
      assert.match(first ?? "", sentence)
      assert.deepStrictEqual(more, [], "said once")
    })
  }

  it("of all switches are told of once", () => {
    assert.lengthOf(findings(design("", "", "defaults: { switch: { udld: { messageTime: 7s } } }\n")), 1)
  })
})
