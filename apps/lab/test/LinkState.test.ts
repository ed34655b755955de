/** Link-state tracking as a hypervisor with two adapters sees it: without it a VM sends into a switch that leads nowhere. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import * as Check from "../src/Check.ts"
import { Lab } from "../src/Lab.ts"
import { labProcess } from "./support/cli.ts"
import { runOn } from "./support/designs.ts"
import { temporaryFolder } from "./support/folder.ts"

const design = (group: string): string => `
spanningTree: { protocol: rstp, edgePorts: hosts }
nodes:
  core: { spanningTree: { priority: 4096 }, portChannel: { 1: { ports: [1, 2], rate: fast } } }
  acc1: { portChannel: { 1: { ports: [1, 2], rate: fast } }${group} }
  acc2:
  client: { address: 10.0.0.1/24 }
  esx: { kind: hypervisor, vms: { vm: { address: 10.0.0.2/24 } } }
links: [["core:1", "acc1:1"], ["core:2", "acc1:2"], ["core:3", "acc2:1"], [client, "core:4"], [esx, "acc1:3"], [esx, "acc2:3"]]
`

/** How long the VM is dark when acc1 loses both of its uplinks. */
const outage = (text: string) =>
  Effect.gen(function* () {
    let seconds = 0
    const { report } = yield* runOn(
      text,
      Effect.gen(function* () {
        const lab = yield* Lab
        yield* lab.converged
        const ping = yield* lab.host("client").ping("vm", { every: "100 millis" })
        yield* Effect.sleep("2 seconds")
        yield* lab.link("core:1", "acc1:1").down
        yield* Effect.sleep("2 seconds")
        yield* Check.equals("with one uplink left, lost", yield* ping.lost, 0)
        yield* lab.link("core:2", "acc1:2").down
        yield* Effect.sleep("20 seconds")
        seconds = (yield* ping.lost) / 10
      }),
    )
    assert.isUndefined(report.failure)
    return seconds
  })

describe("link-state tracking", () => {
  it.effect("has a VM move to its other adapter when its switch leads nowhere", () =>
    Effect.gen(function* () {
      assert.isAbove(yield* outage(design("")), 15)
      assert.isBelow(yield* outage(design(", linkStateGroup: { 1: { upstream: [Po1], downstream: [3] } }")), 2)
    }),
  )

  it("is shown as Catalysts do", { timeout: 30_000 }, async () => {
    const file = join(temporaryFolder(), "tracking.l2.yml")
    writeFileSync(file, design(", linkStateGroup: { 1: { upstream: [Po1], downstream: [3] } }"))
    const ask = async (...words: ReadonlyArray<string>) =>
      (await labProcess(["show", file, "link", "state", "group", ...words, "--node", "acc1", "--at", "20s"])).out.split("\n")
    assert.include(await ask(), "Link State Group: 1      Status: Enabled, Up")
    const down = await ask("detail", "--after", "link core:1 down", "--after", "link core:2 down")
    assert.includeMembers(down, [
      "Link State Group: 1      Status: Enabled, Down",
      "Upstream Interfaces   : Po1(Dwn)",
      "Downstream Interfaces : Gi0/3(Dis)",
    ])
  })
})
