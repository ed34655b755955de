/** Small designs and scenarios on them, run in process. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Compile from "@l2lab/design/Compile"
import { SECOND } from "@l2lab/sim/SimTime"
import { Effect, Layer, Result } from "effect"
import { assert } from "vitest"
import { Output } from "../../src/Output.ts"
import * as Run from "../../src/run/Run.ts"
import type { Services } from "../../src/Scenario.ts"

/** Three switches in a ring, sw1 its root, a PC at each of the others. */
export const TRIANGLE = `
name: triangle
nodes:
  sw1: { spanningTree: { priority: 4096 } }
  sw2:
  sw3:
  pc1: { kind: host, address: 10.0.0.1/24 }
  pc2: { kind: host, address: 10.0.0.2/24 }
links:
  - ["sw1:1", "sw2:1"]
  - ["sw1:2", "sw3:1"]
  - ["sw2:2", "sw3:2"]
  - [pc1, "sw2:3"]
  - [pc2, "sw3:3"]
`

/** Two switches without spanning tree, a client, two hypervisors and a small VM: it moves within a second. */
export const PAIR = `
name: pair
vlans: { 10: vms, 20: vmotion }
spanningTree: { protocol: none }
defaults: { hypervisor: { uplinks: 1, memory: 1GiB, portGroups: { vms: 10, vmotion: 20 } } }
nodes:
  sw1:
  sw2:
  esx-1: { kind: hypervisor, vmkernel: { vmk0: { portGroup: vmotion, address: 10.0.20.1/24, services: [vmotion] } } }
  esx-2: { kind: hypervisor, vmkernel: { vmk0: { portGroup: vmotion, address: 10.0.20.2/24, services: [vmotion] } } }
  esx-3: { kind: hypervisor }
  client: { kind: host, address: 10.0.10.5/24, vlan: 10 }
links:
  - ["sw1:1", "sw2:1"]
  - ["esx-1:1", "sw1:2"]
  - ["esx-2:1", "sw2:2"]
  - ["esx-3:1", "sw2:3"]
  - [client, "sw1:4"]
vms:
  web-1: { host: esx-1, memory: 4MiB, address: 10.0.10.101/24, writes: { pagesPerSecond: 500, workingSet: 1MiB } }
`

/** A design from its text. */
export const compiled = (text: string): Compile.Compiled => {
  const result = Compile.text(text, "test.l2.yml")
  if (Result.isFailure(result)) throw result.failure
  return result.success
}

export interface Ran {
  readonly report: Run.Report
  readonly err: string
}

/** Run a program on a design. */
export const runOn = (
  text: string,
  program: Effect.Effect<unknown, unknown, Services>,
  options: Partial<Run.Options> = {},
): Effect.Effect<Ran, Effect.Error<ReturnType<typeof Run.run>>> =>
  Effect.gen(function* () {
    const err: Array<string> = []
    const job: Run.Job = { name: "test", compiled: compiled(text), program, invocation: "npx --no lab run test" }
    const report = yield* Run.run(job, { limitNs: 600 * SECOND, verbosity: "json", ...options }).pipe(
      Effect.provide(Output.collect([], err)),
    )
    return { report, err: err.join("") }
  }).pipe(Effect.provide(Layer.mergeAll(NodeServices.layer)))

/** Run a program on a design: it ends, has checked something, and all of that holds. */
export const holds = (text: string, program: Effect.Effect<unknown, unknown, Services>, octets = false) =>
  Effect.gen(function* () {
    const { report } = yield* runOn(text, program, octets ? { octets } : {})
    assert.isUndefined(report.failure)
    assert.isNotEmpty(report.checks)
    assert.deepStrictEqual(
      report.checks.filter((check) => !check.passed),
      [],
    )
    return report
  })
