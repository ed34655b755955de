/** Port-channels among the interfaces of a switch: `show interfaces`, `status`, `trunk` and `switchport`, and orders before them. */
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
spanningTree: { protocol: rstp, pathCost: long }
nodes:
  sw1: { spanningTree: { priority: 4096 }, portChannel: { 1: { ports: [1, 2], rate: fast } } }
  sw2: { mac: 02:00:00:00:20:00, portChannel: { 1: { ports: [1, 2], rate: fast } } }
  sw3:
links: [["sw1:1", "sw2:1"], ["sw1:2", "sw2:2"], ["sw1:3", "sw3:1"], ["sw2:3", "sw3:2"]]
`,
)

const ask = async (words: string, ...after: ReadonlyArray<string>): Promise<ReadonlyArray<string>> => {
  const { out, err } = await labProcess([
    "show",
    file,
    ...words.split(" "),
    "--node",
    "sw2",
    ...after.flatMap((a) => ["--after", a]),
  ])
  expect(err).toBe("")
  return out.split("\n")
}

describe("a port-channel among the interfaces", { timeout: 60_000 }, () => {
  it("has a row in interfaces status, with the rate of its members", async () => {
    expect((await ask("interfaces status")).filter((line) => line.startsWith("Po") && line.includes("sw1"))).toEqual([
      "Po1       sw1:1              connected    trunk        full     2G",
    ])
    const short = await ask("interfaces status", "link sw2:1 down")
    expect(short.filter((line) => /^(Po1|Gi0\/1)/.test(line)).map((line) => line.trimEnd().replace(/ +/g, " "))).toEqual([
      "Gi0/1 sw1:1 notconnect trunk auto auto",
      "Po1 sw1:1 connected trunk full 1000",
    ])
    expect((await ask("interfaces status", "port sw2:Po1 shutdown")).filter((line) => line.includes("disabled")).length).toBe(3)
  })

  it("has a block in interfaces, with the counters of its members together, and can be asked for by name", async () => {
    const lines = await ask("interfaces Po1")
    expect(lines).toContain("Port-channel1 is up, line protocol is up (connected)")
    expect(lines).toContain("  Members in this channel: Gi0/1 Gi0/2")
    expect(lines.some((line) => line.includes("address is 0200.0000.2004"))).toBe(true)
    const packets = (from: ReadonlyArray<string>): number =>
      from.reduce((sum, line) => sum + Number(/(\d+) packets input/.exec(line)?.[1] ?? 0), 0)
    expect(packets(lines)).toBe(packets(await ask("interfaces Gi0/1")) + packets(await ask("interfaces Gi0/2")))
    expect(packets(lines)).toBeGreaterThan(0)
  })

  it("is the trunk, and its members are said to be part of it", async () => {
    const trunks = await ask("interfaces trunk Po1")
    expect(trunks.filter((line) => line.startsWith("Po1"))[0]).toMatch(/^Po1 +on +802\.1q +trunking +1$/)
    expect((await ask("interfaces trunk")).filter((line) => line.startsWith("Gi0/1"))).toEqual([])
    const ports = await ask("interfaces switchport")
    expect(ports[ports.indexOf("Name: Gi0/1") + 3]).toBe("Operational Mode: trunk (member of bundle Po1)")
    expect(ports[ports.indexOf("Name: Po1") + 3]).toBe("Operational Mode: trunk")
  })

  it("takes orders: cost, priority, guards, and what happens to its cables", async () => {
    const rootPort = (lines: ReadonlyArray<string>): string => lines.find((line) => / Root FWD/.test(line)) ?? "none"
    expect(rootPort(await ask("spanning-tree"))).toMatch(/^Po1 /)
    expect(rootPort(await ask("spanning-tree", "cost sw2:Po1 100000"))).toMatch(/^Gi0\/3 /)
    expect((await ask("spanning-tree", "priority sw2:Po1 64")).find((line) => line.startsWith("Po1"))).toMatch(/ 64\.\d/)
    expect(rootPort(await ask("spanning-tree", "link sw2:Po1 down"))).toMatch(/^Gi0\/3 /)
    expect(rootPort(await ask("spanning-tree", "link sw2:Po1 down", "link sw2:Po1 up"))).toMatch(/^Po1 /)
    expect(await ask("interfaces status err-disabled", "bpduguard sw2:Port-channel1 enable")).toEqual(
      expect.arrayContaining([expect.stringMatching(/^Gi0\/1 .*bpduguard/), expect.stringMatching(/^Gi0\/2 .*bpduguard/)]),
    )
  })

  it("is refused where there is none, in words", async () => {
    const { err } = await labProcess(["show", file, "interfaces", "--after", "port sw2:Po7 shutdown"])
    expect(err).toContain('there is no port "sw2:Po7"')
  })
})
