/** Neighbours as `lab show` prints them, line by line in the layout of Catalyst switches, and for machines. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { main } from "../../src/Cli.ts"
import { Output } from "../../src/Output.ts"
import { temporaryFolder } from "../support/folder.ts"

const folder = temporaryFolder()
const file = join(folder, "neighbours.l2.yml")
writeFileSync(
  file,
  `spanningTree: { protocol: rstp, edgePorts: access }
vlans: [99]
nodes:
  sw1: { lldp: true, cdp: { holdtime: 100s }, mac: "02:00:00:00:01:00", port: { 1: { native: 99, description: to the hall } } }
  switch-with-a-long-name: { lldp: { interval: 10s }, cdp: true, mac: "02:00:00:00:02:00" }
  quiet: { mac: "02:00:00:00:03:00" }
  pc: { address: 10.0.10.1/24 }
links:
  - ["sw1:1", "switch-with-a-long-name:1"]
  - { ends: ["sw1:2", "switch-with-a-long-name:2"], rate: 10G }
  - ["sw1:3", "quiet:1"]
  - [pc, "sw1:4"]
`,
)

const lab = (...args: ReadonlyArray<string>) => {
  const out: Array<string> = []
  const err: Array<string> = []
  return Effect.runPromise(
    main(["show", file, ...args]).pipe(
      Effect.provide(Layer.merge(NodeServices.layer, Output.collect(out, err))),
      Effect.map((code) => ({ code, out: out.join(""), err: err.join("") })),
    ),
  )
}

/** What is printed behind the headline, in 80 columns. */
const show = async (...args: ReadonlyArray<string>): Promise<string> => {
  const { code, out } = await lab(...args)
  expect(code).toBe(0)
  if (!args.includes("--json")) for (const line of out.split("\n")) expect(line.length).toBeLessThanOrEqual(80)
  return out.replace(/^! .*\n/, "")
}

describe("show lldp", () => {
  it("neighbors", async () => {
    expect(await show("lldp", "neighbors", "--node", "sw1")).toBe(`sw1#show lldp neighbors

Capability codes:
    (R) Router, (B) Bridge, (T) Telephone, (C) DOCSIS Cable Device
    (W) WLAN Access Point, (P) Repeater, (S) Station, (O) Other

Device ID           Local Intf     Hold-time  Capability      Port ID
switch-with-a-long- Gi0/1          40         B               Gi0/1
switch-with-a-long- Te0/2          40         B               Te0/2

Total entries displayed: 2

`)
  })

  it("neighbors detail of one port", async () => {
    expect(await show("lldp", "nei", "det", "Gi0/1", "--node", "switch-with-a-long-name", "--at", "20s"))
      .toBe(`switch-with-a-long-name#show lldp neighbors detail Gi0/1
------------------------------------------------
Local Intf: Gi0/1
Chassis id: 0200.0000.0100
Port id: Gi0/1
Port Description: to the hall
System Name: sw1

System Description:
l2lab, an emulated switch

Time remaining: 105 seconds
System Capabilities: B
Enabled Capabilities: B
Management Addresses:
    Other: 0200.0000.0100
Auto Negotiation - not supported
Physical media capabilities - not advertised
Media Attachment Unit type - not advertised
Vlan ID: 99

Total entries displayed: 1

`)
  })

  it("by itself, and where it does not run", async () => {
    expect(await show("lldp", "--node", "switch-with-a-long-name")).toContain(
      "    LLDP advertisements are sent every 10 seconds\n    LLDP hold time advertised is 40 seconds\n",
    )
    for (const words of [["lldp"], ["lldp", "neighbors"], ["lldp", "neighbors", "detail"]]) {
      expect(await show(...words, "--node", "quiet")).toBe(`quiet#show ${words.join(" ")}\n% LLDP is not enabled\n\n`)
    }
  })

  it("for machines: null where it does not run", async () => {
    const { switches } = JSON.parse(await show("lldp", "neighbors", "--json", "--at", "20s"))
    expect(switches[0].lldpNeighbors[0]).toEqual({
      interface: "Gi0/1",
      chassisId: "0200.0000.0200",
      portId: "Gi0/1",
      portDescription: "GigabitEthernet0/1",
      systemName: "switch-with-a-long-name",
      systemDescription: "l2lab, an emulated switch",
      timeToLive: 40,
      secondsLeft: 35,
      systemCapabilities: ["B"],
      enabledCapabilities: ["B"],
      managementAddress: "0200.0000.0200",
      managementFamily: "mac",
      portVlanId: 1,
    })
    expect(switches[2].lldpNeighbors).toBe(null)
  })
})

describe("show cdp", () => {
  it("neighbors; a long name has a line of its own", async () => {
    expect(await show("cdp", "neighbors", "--node", "sw1", "--at", "20s")).toBe(`sw1#show cdp neighbors
Capability Codes: R - Router, T - Trans Bridge, B - Source Route Bridge
                  S - Switch, H - Host, I - IGMP, r - Repeater, P - Phone,
                  D - Remote, C - CVTA, M - Two-port Mac Relay

Device ID        Local Intrfce     Holdtme    Capability  Platform  Port ID
switch-with-a-long-name
                 Gig 0/1           165               S    l2lab     Gig 0/1
switch-with-a-long-name
                 Ten 0/2           165               S    l2lab     Ten 0/2

Total cdp entries displayed : 2

`)
  })

  it("neighbors detail of one port", async () => {
    expect(await show("cdp", "neighbors", "detail", "1", "--node", "switch-with-a-long-name", "--at", "20s"))
      .toBe(`switch-with-a-long-name#show cdp neighbors detail 1
-------------------------
Device ID: sw1
Entry address(es):
Platform: l2lab,  Capabilities: Switch
Interface: GigabitEthernet0/1,  Port ID (outgoing port): GigabitEthernet0/1
Holdtime : 85 sec

Version :
l2lab, an emulated switch

advertisement version: 2
VTP Management Domain: ''
Native VLAN: 99
Duplex: full
Management address(es):

Total cdp entries displayed : 1

`)
  })

  it("by itself, and where it does not run", async () => {
    expect(await show("cdp", "--node", "sw1")).toContain("        Sending a holdtime value of 100 seconds\n")
    expect(await show("cdp", "neighbors", "--node", "quiet")).toBe("quiet#show cdp neighbors\n% CDP is not enabled\n\n")
  })

  it("a mismatch is logged at both ends", async () => {
    const out = await show("logging", "--node", "sw1", "--at", "3s", "--json")
    const { logging } = JSON.parse(out).switches[0]
    expect(logging.filter(({ facility }: { readonly facility: string }) => facility === "CDP")).toEqual([
      {
        at: expect.any(Number),
        facility: "CDP",
        severity: 4,
        mnemonic: "NATIVE_VLAN_MISMATCH",
        text: "%CDP-4-NATIVE_VLAN_MISMATCH: Native VLAN mismatch discovered on GigabitEthernet0/1 (99), with switch-with-a-long-name GigabitEthernet0/1 (1).",
      },
    ])
  })
})

describe("a question that cannot be", () => {
  it("is told what is missing, exit code 2", async () => {
    for (const [words, sentence] of [
      [["cdp", "neighbours"], /show cdp does not know what to do with "neighbours"/],
      [["lldp", "neighbors", "Gi0/9"], /no switch that was asked has an interface "Gi0\/9"/],
    ] as const) {
      const { code, err } = await lab(...words)
      expect(code).toBe(2)
      expect(err).toMatch(sentence)
    }
  })
})
