/** Guards as `lab show` prints them, and what the command line says to those that contradict each other. */
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "vitest"
import { labProcess } from "../support/cli.ts"
import { temporaryFolder } from "../support/folder.ts"

const folder = temporaryFolder()
const file = join(folder, "guards.l2.yml")
writeFileSync(
  file,
  `spanningTree: { protocol: rapid-pvst, edgePorts: access, bpduGuard: true }
vlans: [10]
nodes:
  sw1:
    spanningTree: { priority: 4096, loopGuard: true }
    port: { 1: { mode: trunk, rootGuard: true }, 2: { mode: access, vlan: 10 } }
  rogue: { spanningTree: { priority: 0 } }
  pc: { address: 10.0.10.1/24, vlan: 10 }
links: [["sw1:1", "rogue:1"], [pc, "sw1:2"]]
`,
)

describe("show spanning-tree with guards", () => {
  it("marks what is broken, and says by whom", async () => {
    const { out } = await labProcess(["show", file, "spanning-tree", "vlan", "10", "--node", "sw1"])
    expect(out).toContain("Gi0/1               Desg BKN*4         128.1    P2p *ROOT_Inc\n")
    expect(out).toContain("Gi0/2               Desg FWD 4         128.2    P2p Edge\n")
    const { out: detail } = await labProcess(["show", file, "spanning-tree", "detail", "--node", "sw1"])
    expect(detail).toContain(" Port 1 (GigabitEthernet0/1) of VLAN0010 is broken (Root Inconsistent)\n")
    expect(detail).toContain("   Root guard is enabled on the port\n")
    expect(detail).toContain("   Bpdu guard is enabled by default\n")
  })

  it("lists the guards of a switch in the summary", async () => {
    const { out } = await labProcess(["show", file, "spanning-tree", "summary", "--node", "sw1"])
    expect(out).toContain("Portfast Default                        is enabled\n")
    expect(out).toContain("PortFast BPDU Guard Default             is enabled\n")
    expect(out).toContain("Portfast BPDU Filter Default            is disabled\n")
    expect(out).toContain("Loopguard Default                       is enabled\n")
  })

  it("counts what BackboneFast did, where it is on", async () => {
    const design = fileURLToPath(new URL("../../scenarios/backbonefast/design.l2.yml", import.meta.url))
    const summary = ["show", design, "spanning-tree", "summary", "--after", "link b1:1 down", "--at", "30s", "--node"]
    const { out } = await labProcess([...summary, "b3"])
    expect(out.slice(out.indexOf("BackboneFast statistics"))).toBe(`BackboneFast statistics
-----------------------
Number of transition via backboneFast (all VLANs)           : 2
Number of inferior BPDUs received (all VLANs)               : 2
Number of RLQ request PDUs received (all VLANs)             : 0
Number of RLQ response PDUs received (all VLANs)            : 2
Number of RLQ request PDUs sent (all VLANs)                 : 2
Number of RLQ response PDUs sent (all VLANs)                : 0

`)
    const { out: ofRoot } = await labProcess([...summary, "b1", "--json"])
    expect(JSON.parse(ofRoot).switches[0].spanningTreeSummary.guards.backboneFastCounts).toEqual({
      transitions: 0,
      inferiorBpdus: 0,
      requestsReceived: 2,
      responsesReceived: 0,
      requestsSent: 0,
      responsesSent: 2,
    })
    const { out: without } = await labProcess([...summary, "a3"])
    expect(without).not.toContain("statistics")
  })

  it("refuses guards that contradict each other, with the rule's name, the place, and exit code 2", async () => {
    const bad = join(folder, "bad.l2.yml")
    writeFileSync(bad, "nodes:\n  sw1: { port: { 1: { rootGuard: true, loopGuard: true } } }\n  sw2:\nlinks: [[sw1, sw2]]\n")
    const { code, err } = await labProcess(["show", bad, "spanning-tree"])
    expect(code).toBe(2)
    expect(err).toMatch(/bad\.l2\.yml:2:\d+: nodes\.sw1\.port\.1\.loopGuard: contradictory-guards: .*remove one of the two/)
  })
})
