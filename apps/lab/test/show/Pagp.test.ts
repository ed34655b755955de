/** `lab show pagp ...`, and port-channels of PAgP in `show etherchannel`, in the layout of Catalyst switches. */
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { labProcess } from "../support/cli.ts"
import { temporaryFolder } from "../support/folder.ts"

const folder = temporaryFolder()
const file = join(folder, "pagp.l2.yml")
writeFileSync(
  file,
  `
nodes:
  sw1:
    mac: 02:00:00:00:10:00
    portChannel:
      1: { ports: [1, 2], mode: desirable }
      2: { ports: [3, 4], mode: desirable }
      3: { ports: [5, 6], mode: auto, silent: false }
  sw2:
    mac: 02:00:00:00:20:00
    enhancedPagp: false
    loadBalance: src-mac
    portChannel: { 9: { ports: [1, 2], mode: auto, learnMethod: physical-port } }
  sw3:
links:
  - ["sw1:1", "sw2:1"]
  - ["sw1:2", "sw2:2"]
  - ["sw1:3", "sw3:1"]
  - ["sw1:4", "sw3:2"]
  - ["sw1:5", "sw3:3"]
  - ["sw1:6", "sw3:4"]
`,
)

const ask = async (node: string, ...words: ReadonlyArray<string>): Promise<ReadonlyArray<string>> => {
  const { out } = await labProcess(["show", file, ...words, "--node", node, "--at", "100500ms"])
  const lines = out.split("\n")
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(80)
  return lines
}

const from = (lines: ReadonlyArray<string>, heading: string): ReadonlyArray<string> => {
  const at = lines.indexOf(heading)
  expect(at).toBeGreaterThanOrEqual(0)
  return lines.slice(at)
}

describe("show pagp", { timeout: 30_000 }, () => {
  it("neighbor: who is heard, from which port, and what it says of itself", async () => {
    const lines = await ask("sw1", "pagp", "neighbor")
    expect(from(lines, "Channel group 1 neighbors").slice(0, 5)).toEqual([
      "Channel group 1 neighbors",
      "          Partner              Partner          Partner         Partner Group",
      "Port      Name                 Device ID        Port       Age  Flags   Cap.",
      "Gi0/1     sw2                  0200.0000.2000   Gi0/1       10s SACP    10009",
      "Gi0/2     sw2                  0200.0000.2000   Gi0/2       10s SACP    10009",
    ])
    expect(from(await ask("sw2", "pagp", "neighbor"), "Channel group 9 neighbors")[3]).toBe(
      "Gi0/1     sw1                  0200.0000.1000   Gi0/1       10s SC      10001",
    )
  })

  it("counters: what was sent and heard, and what could not be read", async () => {
    const lines = from(await ask("sw1", "pagp", "counters"), "Channel group: 1")
    expect(lines[1]).toBe("Gi0/1     5       5        0       0       0")
    expect(lines[4]).toBe("Gi0/3     101     0        0       0       0")
  })

  it("dual-active: which neighbours understand enhanced PAgP", async () => {
    const lines = await ask("sw2", "pagp", "dual-active")
    expect(lines).toContain("PAgP dual-active detection enabled: No")
    expect(from(await ask("sw1", "pagp", "dual-active"), "Channel group 1").slice(1, 4)).toEqual([
      "          Dual-Active     Partner              Partner   Partner",
      "Port      Detect Capable  Name                 Port      Version",
      "Gi0/1     No              sw2                  Gi0/1     N/A",
    ])
    expect(lines).toContain("Gi0/1     Yes             sw1                  Gi0/1     1.1")
  })

  it("is PAgP in show etherchannel: bundled, a port of its own, not used at all", async () => {
    const lines = await ask("sw1", "etherchannel", "summary")
    expect(from(lines, "Group  Port-channel  Protocol    Ports").slice(2, 5)).toEqual([
      "1      Po1(SU)         PAgP      Gi0/1(P)    Gi0/2(P)",
      "2      Po2(SD)         PAgP      Gi0/3(I)    Gi0/4(I)",
      "3      Po3(SD)         PAgP      Gi0/5(s)    Gi0/6(s)",
    ])
    expect(await ask("sw1", "etherchannel", "port-channel")).toContain("  0      55      Gi0/1     Desirable-Sl        4")
  })
})
