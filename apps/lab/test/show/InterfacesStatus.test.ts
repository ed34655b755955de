/** `lab show interfaces status` of a switch whose ports are in every state, and the machine's form of it. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { main } from "../../src/Cli.ts"
import { Output } from "../../src/Output.ts"
import { temporaryFolder } from "../support/folder.ts"

const file = join(temporaryFolder(), "status.l2.yml")
writeFileSync(
  file,
  `spanningTree: { protocol: rapid-pvst, edgePorts: access }
vlans: [10]
nodes:
  sw1:
    ports: 6
    port:
      1: { description: to the core of the building }
      3: { vlan: 10, bpduGuard: true }
      4: { shutdown: true, vlan: 10 }
  sw2: { port: { 2: { mode: access, vlan: 10 } } }
  pc: { address: 10.0.10.1/24, vlan: 10 }
links:
  - { ends: ["sw1:1", "sw2:1"], rate: 10G }
  - { ends: [pc, "sw1:2"], rate: 100M, duplex: half }
  - ["sw1:3", "sw2:2"]
  - ["sw1:4", "sw2:3"]
`,
)

const show = async (...args: ReadonlyArray<string>) => {
  const [out, err]: [Array<string>, Array<string>] = [[], []]
  const layer = Layer.merge(NodeServices.layer, Output.collect(out, err))
  expect(await Effect.runPromise(main(["show", file, "interfaces", "status", ...args]).pipe(Effect.provide(layer)))).toBe(0)
  return out.join("")
}

describe("show interfaces status", () => {
  it("has every state a port can be in, in 80 columns", async () => {
    const out = await show("--node", "sw1")
    for (const line of out.split("\n")) expect(line.length).toBeLessThanOrEqual(80)
    expect(out.replace(/^! .*\n/, "")).toBe(`sw1#show interfaces status

Port      Name               Status       Vlan       Duplex  Speed Type
Te0/1     to the core of the connected    trunk        full    10G
Fa0/2     pc:1               connected    10           half    100
Gi0/3     sw2:2              err-disabled 10           auto   auto
Gi0/4     sw2:3              disabled     10           auto   auto
Gi0/5                        notconnect   1            auto   auto
Gi0/6                        notconnect   1            auto   auto

`)
  })

  it("says the same to machines", async () => {
    const { switches } = JSON.parse(await show("--node", "sw1", "--json"))
    expect(
      switches[0].interfaces.map((view: Record<string, unknown>) => [
        view.shortName,
        view.status,
        view.vlan,
        view.fullDuplex,
        view.errdisableCause,
      ]),
    ).toEqual([
      ["Te0/1", "connected", "trunk", true, null],
      ["Fa0/2", "connected", 10, false, null],
      ["Gi0/3", "err-disabled", 10, true, "bpduguard"],
      ["Gi0/4", "disabled", 10, true, null],
      ["Gi0/5", "notconnect", 1, true, null],
      ["Gi0/6", "notconnect", 1, true, null],
    ])
  })
})
