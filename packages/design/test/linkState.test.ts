/** Link-state tracking in a design: what a bridge is told, and what is refused. */
import { assert, describe, it } from "@effect/vitest"
import type { BridgeConfig } from "@l2lab/l2/BridgeConfig"
import { Result } from "effect"
import * as Compile from "../src/Compile.ts"
import { format } from "../src/DesignError.ts"

const compile = (groups: string) =>
  Compile.text(
    `nodes:
  sw1: { ports: 8, portChannel: { 3: { ports: [1, 2] } }, linkStateGroup: ${groups} }
  sw2: { portChannel: { 3: { ports: [1, 2] } } }
links: [["sw1:1", "sw2:1"], ["sw1:2", "sw2:2"]]
`,
    "x.l2.yml",
  )

const findings = (groups: string): ReadonlyArray<string> => {
  const compiled = compile(groups)
  return (Result.isFailure(compiled) ? compiled.failure.findings : compiled.success.warnings).map(format)
}

describe("a link-state group in a design", () => {
  it("names ports, ranges and port-channels, and is the bridge's by bridge port", () => {
    const compiled = compile("{ 1: { upstream: [Po3, 3], downstream: [4-6, 8] } }")
    if (Result.isFailure(compiled)) throw new Error(compiled.failure.findings.map(format).join("\n"))
    assert.deepEqual((compiled.success.plan.nodes[0].config as BridgeConfig).linkStateGroups, [
      { number: 1, upstream: [8, 2], downstream: [3, 4, 5, 7] },
    ])
    assert.isUndefined((compiled.success.plan.nodes[1].config as BridgeConfig).linkStateGroups)
  })

  const CASES: ReadonlyArray<readonly [groups: string, said: string]> = [
    ["{ 11: { upstream: [3], downstream: [4] } }", '"11" is no number of a link-state group: write 1 to 10'],
    ["{ 1: { upstream: [], downstream: [4] } }", "group 1 of sw1 has no upstream ports: name some"],
    ["{ 1: { upstream: [3], downstream: [] } }", "group 1 of sw1 has no downstream ports: name some"],
    ["{ 1: { upstream: [9], downstream: [4] } }", "port 9 does not exist: sw1 has 8 ports; name a lower one, or raise ports"],
    ["{ 1: { upstream: [2], downstream: [4] } }", "port 2 is in Po3: name the port-channel"],
    ["{ 1: { upstream: [3], downstream: [1-4] } }", "port 1-4 is in Po3: name the port-channel"],
    ["{ 1: { upstream: [Po1], downstream: [4] } }", "sw1 has no Po1: give it portChannel 1, or name another"],
    [
      "{ 1: { upstream: [uplink], downstream: [4] } }",
      '"uplink" is no port: write a number, a range like 1-24, or a port-channel like Po1',
    ],
    ["{ 1: { upstream: [5-3], downstream: [4] } }", "the range 5-3 runs backwards: write 3-5"],
    [
      "{ 1: { upstream: [3], downstream: [4] }, 2: { upstream: [5], downstream: [3] } }",
      "3 of sw1 is in group 1 already: a port is in one place of one group",
    ],
    ["{ 1: { upstream: [3], downstream: [3] } }", "3 of sw1 is in group 1 already: a port is in one place of one group"],
  ]
  for (const [groups, said] of CASES) {
    it(`is refused: ${said}`, () => {
      const [found] = findings(groups)
      assert.match(found, /^x\.l2\.yml:2:\d+: nodes\.sw1\.linkStateGroup\./)
      assert.include(found, `link-state-group: ${said}`)
    })
  }
})
