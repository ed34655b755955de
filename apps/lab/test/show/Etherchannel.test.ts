/** `lab show etherchannel ...` and `lacp ...`, in the layout of Catalyst switches. */
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { labProcess } from "../support/cli.ts"
import { temporaryFolder } from "../support/folder.ts"

const folder = temporaryFolder()
const file = join(folder, "channels.l2.yml")
writeFileSync(
  file,
  `
nodes:
  sw1:
    mac: 02:00:00:00:10:00
    loadBalance: src-dst-ip
    portChannel:
      1: { ports: [1, 2], rate: fast, maxBundle: 1 }
      2: { ports: [3, 4], mode: "on" }
      3: { ports: [5, 6], suspendIndividual: true }
      4: { ports: [7, 8], minLinks: 2 }
  sw2: { mac: 02:00:00:00:20:00, portChannel: { 9: { ports: [1, 2], mode: passive } } }
  sw3: { portChannel: { 2: { ports: [3, 4], mode: "on" } } }
  sw4:
  sw5: { portChannel: { 4: { ports: [7, 8] } } }
links:
  - ["sw1:1", "sw2:1"]
  - ["sw1:2", "sw2:2"]
  - ["sw1:3", "sw3:3"]
  - ["sw1:4", "sw3:4"]
  - ["sw1:5", "sw4:1"]
  - ["sw1:6", "sw4:2"]
  - ["sw1:7", "sw5:7"]
  - ["sw1:8", "sw5:8"]
`,
)

const ask = async (...words: ReadonlyArray<string>): Promise<ReadonlyArray<string>> => {
  const { out } = await labProcess(["show", file, ...words, "--node", "sw1", "--at", "100500ms"])
  const lines = out.split("\n")
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(80)
  return lines
}

describe("show etherchannel", { timeout: 30_000 }, () => {
  it("summary: who is bundled, stands by, is suspended, down, or alone", async () => {
    const lines = await ask("etherchannel", "summary")
    expect(lines).toContain("Number of channel-groups in use: 4")
    expect(lines.slice(lines.indexOf("Group  Port-channel  Protocol    Ports"), -1)).toEqual([
      "Group  Port-channel  Protocol    Ports",
      "------+-------------+-----------+-----------------------------------------------",
      "1      Po1(SU)         LACP      Gi0/1(P)    Gi0/2(H)",
      "2      Po2(SU)          -        Gi0/3(P)    Gi0/4(P)",
      "3      Po3(SD)         LACP      Gi0/5(s)    Gi0/6(s)",
      "4      Po4(SU)         LACP      Gi0/7(P)    Gi0/8(P)",
      "",
    ])
    const after = await ask("etherchannel", "summary", "--after", "link sw1:7 down")
    expect(after).toContain("4      Po4(SD)         LACP      Gi0/7(D)    Gi0/8(M)")
  })

  it("port-channel: which of the eight buckets each member has", async () => {
    const lines = await ask("etherchannel", "port-channel")
    expect(lines).toContain("Port-channel: Po1    (Primary Aggregator)")
    expect(lines).toContain("HotStandBy port     = Gi0/2")
    expect(lines.filter((line) => line.includes("Gi0/3") || line.includes("Gi0/4"))).toEqual([
      "  0      55      Gi0/3     On                  4",
      "  1      AA      Gi0/4     On                  4",
    ])
  })

  it("load-balance: what conversations are told apart by", async () => {
    expect(await ask("etherchannel", "load-balance")).toEqual(
      expect.arrayContaining([
        "        src-dst-ip",
        "Non-IP: Source XOR Destination MAC address",
        "  IPv4: Source XOR Destination IP address",
      ]),
    )
  })
})

describe("show lacp", { timeout: 30_000 }, () => {
  it("neighbor: who is at the other end", async () => {
    expect(await ask("lacp", "neighbor")).toEqual(
      expect.arrayContaining([
        "Channel group 1 neighbors",
        "Port      Flags   Priority  Dev ID          Age    key    Key    Number  State",
        "Gi0/1     SP      32768     0200.0000.2000   0s    0x0    0x9    0x1     0x3C",
        "Gi0/2     SP      32768     0200.0000.2000   0s    0x0    0x9    0x2     0xC",
      ]),
    )
  })

  it("counters, and the same for machines", async () => {
    const lines = await ask("lacp", "counters")
    expect(lines).toContain("Channel group: 3")
    expect(lines.find((line) => line.startsWith("Gi0/5"))).toMatch(/^Gi0\/5 +\d+ +0 +0 +0 +0 +0 +0$/)
    const { out } = await labProcess(["show", file, "lacp", "counters", "--node", "sw1", "--json"])
    expect(JSON.parse(out).switches[0].lacp[0].ports[0]).toMatchObject({ interface: "Gi0/1", standing: "selected", refused: 0 })
  })
})
