/** `show udld` and `show udld neighbors`: every state a port can be in, within 80 columns, and the same for machines. */
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { Effect } from "effect"
import { lab } from "../support/cli.ts"
import { temporaryFolder } from "../support/folder.ts"

const folder = temporaryFolder()
const file = join(folder, "udld.l2.yml")
writeFileSync(
  file,
  `spanningTree: { protocol: stp }
nodes:
  sw1: { ports: 5, udld: { mode: normal, messageTime: 7s }, port: { 2: { udld: aggressive }, 4: { udld: normal }, 5: { udld: false } }, mac: "02:00:00:00:10:00" }
  sw2: { udld: normal, port: { 2: { udld: aggressive } }, mac: "02:00:00:00:20:00" }
  hub: { kind: hub }
  sw3: { udld: normal, mac: "02:00:00:00:30:00" }
links: [["sw1:1", "sw2:1"], ["sw1:2", "sw2:2"], ["sw1:3", "hub:1"], ["sw2:3", "hub:2"], ["sw3:1", "hub:3"]]
`,
)

const run = (...args: ReadonlyArray<string>) => Effect.runPromise(lab(...args))

const show = async (...words: ReadonlyArray<string>) => {
  const { code, err, out } = await run("show", file, ...words)
  expect([code, err]).toEqual([0, ""])
  if (words[0] === "udld")
    expect(
      out
        .split("\n")
        .slice(1)
        .filter((line) => line.length > 80),
    ).toEqual([])
  return out
}

describe("show udld", () => {
  it("of a port: its state, its times and whom it knows", async () => {
    const out = await show("udld", "Gi0/2", "--node", "sw1", "--at", "60s")
    expect(out.split("\n").slice(1)).toEqual([
      "sw1#show udld Gi0/2",
      "",
      "Interface Gi0/2",
      "---",
      "Port enable administrative configuration setting: Enabled / in aggressive mode",
      "Port enable operational state: Enabled / in aggressive mode",
      "Current bidirectional state: Bidirectional",
      "Current operational state: Advertisement - Single neighbor detected",
      "Message interval: 7000 ms",
      "Time out interval: 5000 ms",
      "",
      "    Entry 1",
      "    ---",
      "    Expiration time: 33000 ms",
      "    Cache Device index: 1",
      "    Current neighbor state: Bidirectional",
      "    Device ID: 020000002000",
      "    Port ID: Gi0/2",
      "    Neighbor echo 1 device: 020000001000",
      "    Neighbor echo 1 port: Gi0/2",
      "",
      "    TLV Message interval: 15 sec",
      "    TLV Time out interval: 5",
      "    TLV CDP Device name: sw2",
      "",
      "",
    ])
  })

  it("of all ports: several neighbours, no cable, not enabled", async () => {
    const out = await show("udld", "--node", "sw1", "--at", "60s")
    const of = (port: string) => out.slice(out.indexOf(`Interface ${port}\n`)).split("\nInterface ")[1 - 1]
    expect(of("Gi0/3")).toContain("Current operational state: Advertisement - Multiple neighbors detected\n")
    expect(of("Gi0/3")).toContain("    Entry 2\n")
    expect(of("Gi0/4")).toContain(
      "Current bidirectional state: Unknown\nCurrent operational state: Link down\nMessage interval: 7000 ms\nTime out interval: 5000 ms\nNo neighbor cache information stored\n",
    )
    expect(of("Gi0/5").trimEnd().split("\n").slice(2)).toEqual([
      "Port enable administrative configuration setting: Disabled",
      "Port enable operational state: Disabled",
      "Current bidirectional state: Unknown",
    ])
  })

  it("while it detects, and when it has lost its neighbour", async () => {
    expect(await show("udld", "Gi0/1", "--node", "sw1", "--at", "3s")).toContain(
      "Current bidirectional state: Undetermined\nCurrent operational state: Detection\n",
    )
    const lost = await show("udld", "Gi0/1", "--node", "sw2", "--after", "link sw1:1 mute", "--at", "18s")
    expect(lost).toContain("Current bidirectional state: Undetermined\nCurrent operational state: Link up\n")
    const doubted = await show("udld", "Gi0/1", "--node", "sw1", "--after", "link sw1:1 mute", "--at", "22s")
    expect(doubted).toContain("Current bidirectional state: Undetermined\nCurrent operational state: Extended detection\n")
    expect(doubted).toContain("    Current neighbor state: Unknown\n")
  })

  it("of a port that it took out of service, until udld reset", async () => {
    const mute = ["--after", "link sw1:1 mute"]
    const out = await show("udld", "Gi0/1", "--node", "sw1", ...mute, "--at", "60s")
    expect(out.slice(out.indexOf("Interface Gi0/1\n")).split("\n")).toEqual([
      "Interface Gi0/1",
      "---",
      "Port enable administrative configuration setting: Enabled",
      "Port enable operational state: Enabled",
      "Current bidirectional state: Unidirectional",
      "Current operational state: Disabled port",
      "",
      "",
    ])
    expect(await show("interfaces", "status", "err-disabled", "--node", "sw1", ...mute, "--at", "60s")).toMatch(
      /^Gi0\/1 +sw2:1 +err-disabled udld$/m,
    )
    expect(
      await show("udld", "Gi0/1", "--node", "sw1", "--after", "udld sw1 reset", "--after", "link sw1:1 heal", "--at", "20s"),
    ).toContain("Bidirectional")
  })

  it("neighbors, in one table", async () => {
    const out = await show("udld", "nei", "--node", "sw1", "--at", "60s")
    expect(out.split("\n").slice(1)).toEqual([
      "sw1#show udld neighbors",
      "Port     Device Name     Device ID     Port ID      Neighbor State",
      "----     -----------     ---------     -------      --------------",
      "Gi0/1    020000002000      1           Gi0/1        Bidirectional",
      "Gi0/2    020000002000      1           Gi0/2        Bidirectional",
      "Gi0/3    020000002000      1           Gi0/3        Bidirectional",
      "Gi0/3    020000003000      2           Gi0/1        Bidirectional",
      "",
      "Total number of bidirectional entries displayed: 4",
      "",
      "",
    ])
  })

  it("for machines", async () => {
    const { code, out } = await run("show", file, "udld", "Gi0/3", "--node", "sw1", "--at", "60s", "--json")
    expect(code).toBe(0)
    const [{ udld }] = JSON.parse(out).switches
    expect(udld).toHaveLength(1)
    expect(udld[0]).toMatchObject({
      interface: "Gi0/3",
      mode: "normal",
      phase: "advertisement",
      link: "bidirectional",
      messageIntervalSeconds: 7,
      timeoutIntervalSeconds: 5,
      refused: 0,
    })
    expect(
      udld[0].neighbours.map(({ deviceName, hearsMe }: { deviceName: string; hearsMe: boolean }) => [deviceName, hearsMe]),
    ).toEqual([
      ["sw2", true],
      ["sw3", true],
    ])
    const table = await run("show", file, "udld", "neighbors", "--node", "sw3", "--at", "60s", "--json")
    expect(JSON.parse(table.out).switches[0].udldNeighbors).toHaveLength(2)
  })

  it("of a switch that runs none says that it is disabled", async () => {
    const none = join(folder, "none.l2.yml")
    writeFileSync(none, "nodes: { sw1: , sw2: }\nlinks: [[sw1, sw2]]\n")
    const { out } = await run("show", none, "udld", "--node", "sw1")
    expect(out).toContain("Port enable operational state: Disabled\nCurrent bidirectional state: Unknown\n")
  })
})

describe("what can happen", () => {
  const REFUSED: ReadonlyArray<readonly [change: string, sentence: RegExp]> = [
    ["udld sw1 restart", /UDLD can be told to "reset" .*, not to "restart"/],
    ["udld hub reset", /hub is a hub: UDLD runs on switches/],
    ["udld sw9 reset", /the design has no node "sw9"/],
    ["udld sw1", /write .*"udld sw1 reset"/],
    ["link sw1:4 mute", /no cable is in sw1:4/],
    ["link sw1:1 deaf", /a link can go "down" or "up", or be "mute" \(what sw1:1 sends is lost\) and "heal", not "deaf"/],
  ]
  it.each(REFUSED)("%s: one sentence, exit code 2", async (change, sentence) => {
    const { code, err } = await run("show", file, "udld", "--after", change)
    expect(code).toBe(2)
    expect(err).toMatch(sentence)
    expect(err.trimEnd()).not.toContain("\n")
  })
})
