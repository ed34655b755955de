/** The workload "as designed" has what a design turns on in a switch by itself, and nothing else: the figure says what that costs. */
import { assert, it } from "@effect/vitest"
import * as Workloads from "@l2lab/bench/Workloads"
import * as Compile from "@l2lab/design/Compile"
import type { BridgeConfig } from "@l2lab/l2/BridgeConfig"
import { Result } from "effect"

it("W4 as designed is measured with a design's defaults", () => {
  const compiled = Compile.text("nodes: { sw1: { spanningTree: { protocol: none } }, sw2: }\nlinks: [[sw1, sw2]]\n", "x.l2.yml")
  if (Result.isFailure(compiled)) throw compiled.failure
  const config = compiled.success.plan.nodes[0].config as BridgeConfig
  const own = ["address", "ageingNs", "capacity", "ports", "protocols", "reserved", "staticEntries", "vlans"]
  const defaults = Object.fromEntries(Object.entries(config).filter(([key]) => !own.includes(key)))
  assert.deepStrictEqual(defaults, Workloads.DESIGN_DEFAULTS)
})
