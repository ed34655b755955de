/** VLANs that VTP shares and trunks that DTP negotiates, together with spanning trees and guards, as scenarios see them. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as Check from "../src/Check.ts"
import { Lab } from "../src/Lab.ts"
import type { Services } from "../src/Scenario.ts"
import { runOn } from "./support/designs.ts"

const design = (sw1: string, sw2: string, more = ""): string => `
vlans: [10, 20]
spanningTree: { protocol: rapid-pvst }
nodes:
  sw1: { spanningTree: { priority: 4096 }, ${sw1} }
  sw2: { ${sw2} }
  pc1: { address: 10.0.10.1/24, vlan: 10 }
  pc2: { address: 10.0.10.2/24, vlan: 10 }
links:
  - ["sw1:1", "sw2:1"]
  - [pc1, "sw1:3"]
  - [pc2, "sw2:3"]
${more}`

const holds = (text: string, program: Effect.Effect<unknown, unknown, Services>) =>
  Effect.gen(function* () {
    const { report } = yield* runOn(text, program)
    assert.isUndefined(report.failure)
    assert.isNotEmpty(report.checks)
    assert.deepStrictEqual(
      report.checks.filter((check) => !check.passed),
      [],
    )
  })

describe("a trunk that was negotiated", () => {
  it.effect("beside another is blocked by spanning tree, in every VLAN", () =>
    holds(
      design("port: { 2: { mode: dynamic-auto } }", "port: { 2: { mode: dynamic-desirable } }", '  - ["sw1:2", "sw2:2"]\n'),
      Effect.gen(function* () {
        const lab = yield* Lab
        const loops = yield* lab.watchLoops
        yield* lab.converged
        const { trees } = yield* lab.tree
        const blocked = trees.flatMap(({ switches, vlans }) =>
          switches.flatMap((row) => row.blocked.map(({ port }) => `${port} in ${vlans.join()}`)),
        )
        yield* Check.equals("blocked", blocked, ["sw2:2 in 1,10,20"])
        yield* Check.equals("loops", (yield* loops.seen).length, 0)
        yield* lab.port("sw1:1").shutdown
        const ping = yield* lab.host("pc1").ping("pc2", { every: "100 millis" })
        yield* Effect.sleep("5 seconds")
        yield* Check.atLeast("pings over the other", yield* ping.received, 40)
      }),
    ),
  )

  it.effect("carries VTP, which brings a client its VLANs", () =>
    holds(
      design(
        "vtp: { domain: FARM }, port: { 1: { mode: dynamic-auto } }",
        "vtp: { domain: FARM, mode: client }, port: { 1: { mode: dynamic-desirable } }",
      ),
      Effect.gen(function* () {
        const lab = yield* Lab
        yield* lab.converged
        yield* Check.equals("VLANs of the client", yield* lab.switch("sw2").vlans, [1, 10, 20])
        const ping = yield* lab.host("pc1").ping("pc2")
        yield* Effect.sleep("5 seconds")
        yield* Check.atLeast("pings in VLAN 10", yield* ping.received, 4)
        yield* lab.switch("sw1").setVlans([1, 20])
        yield* Effect.sleep("5 seconds")
        yield* Check.equals("VLANs of the client, one less", yield* lab.switch("sw2").vlans, [1, 20])
      }),
    ),
  )

  it.effect("is none between two VTP domains, and the line says so", () =>
    holds(
      design(
        "vtp: { domain: FARM }, port: { 1: { mode: dynamic-auto, vlan: 10 } }",
        "vtp: { domain: LAB }, port: { 1: { mode: dynamic-desirable, vlan: 10 } }",
      ),
      Effect.gen(function* () {
        const lab = yield* Lab
        yield* lab.converged
        yield* Check.equals(
          "the lines",
          (yield* lab.log.find("%DTP-5-", "sw1")).map(({ text }) => text),
          ["%DTP-5-DOMAINMISMATCH: Unable to perform trunk negotiation on port Gi0/1 because of VTP domain mismatch."],
        )
        const ping = yield* lab.host("pc1").ping("pc2")
        yield* Effect.sleep("5 seconds")
        yield* Check.atLeast("pings in the access VLAN", yield* ping.received, 4)
      }),
    ),
  )

  it.effect("ends where BPDU guard takes its port out of service", () =>
    holds(
      design("port: { 1: { mode: dynamic-auto, bpduGuard: true, shutdown: true } }", "port: { 1: { mode: dynamic-desirable } }"),
      Effect.gen(function* () {
        const lab = yield* Lab
        yield* lab.converged
        yield* lab.port("sw1:1").noShutdown
        yield* Effect.sleep("5 seconds")
        yield* Check.equals("out of service", (yield* lab.log.find("%PM-4-ERR_DISABLE", "sw1")).length, 1)
        const states = (yield* lab.log.find("%DTP-5-", "sw1")).map(({ mnemonic }) => mnemonic)
        yield* Check.equals("trunks that are left", states.filter((state) => state === "TRUNKPORTON").length, states.length / 2)
      }),
    ),
  )

  it.effect("is no business of a switch without DTP, and VTP none of one without that", () =>
    Effect.gen(function* () {
      const plain = design("", "")
      const refused = (program: Effect.Effect<unknown, unknown, Services>) =>
        Effect.map(Effect.exit(runOn(plain, program)), String)
      assert.match(
        yield* refused(Effect.flatMap(Lab, (lab) => lab.port("sw1:1").switchport({ mode: "access" }))),
        /sw1 speaks no DTP: give it dtp: true in the design/,
      )
      assert.match(
        yield* refused(Effect.flatMap(Lab, (lab) => lab.switch("sw1").vtp({ mode: "client" }))),
        /sw1 runs no VTP: give it vtp in the design/,
      )
    }),
  )
})
