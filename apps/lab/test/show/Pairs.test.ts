/** `show switch virtual` and `show vpc`, and what the other questions say of pairs. */
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { registry } from "@l2lab/design/Registry"
import * as Fingerprint from "@l2lab/sim/Fingerprint"
import * as Replay from "@l2lab/sim/Replay"
import { SECOND } from "@l2lab/sim/SimTime"
import { describe, expect, it } from "vitest"
import { boot } from "../../src/Emulation.ts"
import * as Change from "../../src/show/Change.ts"
import { labProcess } from "../support/cli.ts"
import { compiled } from "../support/designs.ts"
import { temporaryFolder } from "../support/folder.ts"

const folder = temporaryFolder()

const VSS = `
spanningTree: { protocol: rstp }
pairs:
  core:
    type: vss
    domain: 10
    vsl: ["core-1:1", "core-1:2", "core-2:1", "core-2:2"]
    switch: { 1: { priority: 110 }, 2: { preempt: 5min } }
    dualActive: { fastHello: ["core-1:3", "core-2:3"], bfd: ["core-1:4", "core-2:4"] }
    portChannel: { 10: { ports: ["core-1:5", "core-2:5"], rate: fast } }
nodes:
  acc: { portChannel: { 1: { ports: [1, 2], rate: fast } }, cdp: true }
  pc: { address: 10.0.0.1/24 }
links:
  - { ends: ["core-1:1", "core-2:1"], rate: 10G }
  - { ends: ["core-1:2", "core-2:2"], rate: 10G }
  - ["core-1:3", "core-2:3"]
  - ["core-1:4", "core-2:4"]
  - ["acc:1", "core-1:5"]
  - ["acc:2", "core-2:5"]
  - [pc, acc]
`

const VPC = `
spanningTree: { protocol: rapid-pvst, edgePorts: access }
pairs:
  agg:
    type: vpc
    domain: 20
    peerLink: Po1
    keepalive: ["agg-1:3", "agg-2:3"]
    switch: { 1: { priority: 100 } }
    portChannel:
      1: { ports: ["agg-1:1", "agg-1:2", "agg-2:1", "agg-2:2"] }
      10: { ports: ["agg-1:4", "agg-2:4"], rate: fast }
nodes:
  agg-1: { mac: 02:00:00:00:10:00 }
  agg-2: { mac: 02:00:00:00:20:00 }
  acc: { portChannel: { 1: { ports: [1, 2], rate: fast } } }
  lone: { address: 10.0.0.9/24 }
links:
  - ["agg-1:1", "agg-2:1"]
  - ["agg-1:2", "agg-2:2"]
  - ["agg-1:3", "agg-2:3"]
  - ["acc:1", "agg-1:4"]
  - ["acc:2", "agg-2:4"]
  - [lone, "agg-2:5"]
`

const files = { vss: join(folder, "vss.l2.yml"), vpc: join(folder, "vpc.l2.yml") }
writeFileSync(files.vss, VSS)
writeFileSync(files.vpc, VPC)

const flags = (words: string, after: ReadonlyArray<string>): ReadonlyArray<string> => [
  ...words.split(" "),
  ...after.flatMap((each) => ["--after", each]),
]

/** What is printed, without the lines about the run; no line is wider than a page. */
const ask = async (design: keyof typeof files, words: string, ...after: ReadonlyArray<string>): Promise<string> => {
  const { err, out } = await labProcess(["show", files[design], ...flags(words, after)])
  expect(err).toBe("")
  const lines = out.split("\n").filter((line) => !line.startsWith("! "))
  expect(lines.filter((line) => line.length > 80)).toEqual([])
  return lines.join("\n")
}

const json = async (design: keyof typeof files, words: string, ...after: ReadonlyArray<string>) => {
  const { out } = await labProcess(["show", files[design], "--json", ...flags(words, after)])
  return JSON.parse(out).switches as ReadonlyArray<Record<string, any>>
}

describe("show switch virtual", { timeout: 60_000 }, () => {
  it("has both chassis answer, and nobody else", async () => {
    expect(await ask("vss", "switch virtual")).toBe(`core#show switch virtual
Executing the command on VSS member switch role = VSS Active, id = 1

Switch mode                  : Virtual Switch
Virtual switch domain number : 10
Local switch number          : 1
Local switch operational role: Virtual Switch Active
Peer switch number           : 2
Peer switch operational role : Virtual Switch Standby

Executing the command on VSS member switch role = VSS Standby, id = 2

Switch mode                  : Virtual Switch
Virtual switch domain number : 10
Local switch number          : 2
Local switch operational role: Virtual Switch Standby
Peer switch number           : 1
Peer switch operational role : Virtual Switch Active

`)
    expect(await ask("vss", "switch virtual --node acc")).toContain("Switch Mode : Standalone")
    const alone = await ask("vss", "switch virtual --node core-2", "node core-1 off")
    expect(alone).toContain("Executing the command on VSS member switch role = VSS Active, id = 2")
    expect(alone).not.toContain("id = 1")
  })

  it("role: priorities, preemption, sessions, recovery mode", async () => {
    const text = await ask("vss", "switch virtual role")
    expect(text).toMatch(/^LOCAL {3}1 {5}UP {5}FALSE\(N \) {5}110\(110\) {3}ACTIVE {3}0 {7}0$/m)
    expect(text).toMatch(/^REMOTE {2}2 {5}UP {5}TRUE \(Y \) {5}100\(100\) {3}STANDBY {2}\d+ +\d+$/m)
    expect(text).toContain("In dual-active recovery mode: No")
    const lost = await ask("vss", "switch virtual role --node core-1", "link core-1:1 down", "link core-1:2 down")
    expect(lost).toContain("core-1(recovery-mode)#show switch virtual role")
    expect(lost).toContain("In dual-active recovery mode: Yes")
  })

  it("link and its counters: what LMP is at, and what is carried", async () => {
    const text = await ask("vss", "switch virtual link", "link core-1:1 down")
    expect(text).toContain("VSL Status : UP\nVSL Control Link : Te1/1/2\n")
    expect(text).toMatch(/^Te1\/1\/1 {3}down {11}- {6}- {5}link down$/m)
    expect(text).toMatch(/^Te1\/1\/2 {3}operational {4}2 {6}2 {5}-$/m)
    const [{ switchVirtual }] = await json("vss", "switch virtual link counters")
    expect(switchVirtual).toHaveLength(2)
    const [one, two] = switchVirtual
    expect(one.vsl.map(({ name }: { name: string }) => name)).toEqual(["vslp", "synchronization", "pdus", "unicast", "flooded"])
    for (const [i, kind] of one.vsl.entries()) expect(kind.sent).toEqual(two.vsl[i].received)
    expect(one.lost).toEqual({ "no member": 0, rehash: 0, refused: 0 })
    expect(await ask("vss", "switch virtual link counters")).toMatch(/^PDUs +[1-9]\d* +[1-9]\d* +[1-9]\d* +[1-9]\d*$/m)
  })

  it("dual-active: what is there to detect with, and what it did", async () => {
    expect(await ask("vss", "switch virtual dual-active")).toContain(`Pagp dual-active detection enabled: Yes
Bfd dual-active detection enabled: Yes
Fast-hello dual-active detection enabled: Yes

In dual-active recovery mode: No
`)
    const lost = ["link core-1:1 down", "link core-1:2 down"]
    expect(await ask("vss", "switch virtual dual-active summary --node core-1", ...lost)).toContain("  Triggered by: fast hello")
    expect(await ask("vss", "switch virtual dual-active fast-hello", ...lost)).toMatch(
      /^Gi2\/1\/3 {4}capable {3}recovery, no VSL +\d+ +\d+ +-$/m,
    )
    expect(await ask("vss", "switch virtual dual-active bfd", ...lost)).toMatch(
      /^Gi2\/1\/4 +169\.254\.0\.2 +169\.254\.0\.1 +up +100 ms +3$/m,
    )
  })
})

describe("the other questions about a vss", { timeout: 60_000 }, () => {
  it("are answered by the pair, once", async () => {
    const { out } = await labProcess(["show", files.vss, "spanning-tree", "root"])
    expect(out.match(/^\w+#.*/gm)).toEqual(["acc#show spanning-tree root", "core#show spanning-tree root"])
    expect(await ask("vss", "etherchannel summary --node core")).toContain(
      "10     Po10(SU)        LACP      Gi1/1/5(P)  Gi2/1/5(P)",
    )
    expect(await ask("vss", "lacp neighbor --node core-2")).toMatch(/^Gi2\/1\/5 {3}FA/m)
    expect(await ask("vss", "mac address-table --node core", "announce")).toMatch(/DYNAMIC {5}Po10/)
    expect(await ask("vss", "interfaces Gi2/1/5 --node core")).toContain("GigabitEthernet2/1/5 is up")
    expect(await ask("vss", "control-plane --node core")).toContain("Control plane is running")
  })

  it("are answered by both, each by its own name, where both are active", async () => {
    const file = join(folder, "blind.l2.yml")
    writeFileSync(file, VSS.replace(/ {4}dualActive: .*\n/, "").replace('  - ["core-1:3", "core-2:3"]\n', ""))
    const { out } = await labProcess([
      "show",
      file,
      "etherchannel",
      "summary",
      "--after",
      "link core-1:1 down",
      "--after",
      "link core-1:2 down",
      "--node",
      "core",
    ])
    expect(out.match(/^[\w-]+#/gm)).toEqual(["core-1#", "core-2#"])
    expect(out).toContain("Gi1/1/5(P)  Gi2/1/5(D)")
    expect(out).toContain("Gi1/1/5(D)  Gi2/1/5(P)")
  })

  it("are answered by a chassis in recovery mode beside the pair, which knows nothing of the other's ports", async () => {
    const lost = ["link core-1:1 down", "link core-1:2 down"]
    const text = await ask("vss", "interfaces status --node core", ...lost)
    const [recovery, pair] = text.split("core#")
    expect(recovery).toMatch(/^core-1\(recovery-mode\)#show interfaces status$/m)
    expect(recovery).toMatch(/^Gi1\/1\/3 .* connected /m)
    for (const port of ["Gi1/1/5", "Gi2/1/5", "Gi2/1/3"]) expect(recovery).toMatch(new RegExp(`^${port} .* notconnect `, "m"))
    expect(pair).toMatch(/^Gi2\/1\/5 .* connected /m)
    expect(pair).toMatch(/^Gi1\/1\/3 .* notconnect /m)
  })

  it("are answered by nobody while the pair is off, or boots", async () => {
    expect(await ask("vss", "vlan --node core-1 --at 1s", "node core-2 off", "reload core-1")).toContain("% core is booting")
    expect(await ask("vss", "vlan --node core", "node core off")).toContain("% core is switched off")
  })
})

/** The same design with something wrong in it; warnings go to stderr. */
const askOf = async (text: string, words: string, ...behind: ReadonlyArray<string>): Promise<string> => {
  const file = join(folder, "wrong.l2.yml")
  writeFileSync(file, text)
  const { code, out } = await labProcess(["show", file, ...words.split(" "), ...behind])
  expect(code).toBe(0)
  if (!words.startsWith("logging")) expect(out.split("\n").filter((line) => line.length > 80)).toEqual([])
  return out
}

describe("a vss that is wrong", { timeout: 60_000 }, () => {
  it("does not use a VSL cable that leads elsewhere, and says where it leads", async () => {
    const text = VSS.replace('{ ends: ["core-1:2", "core-2:2"], rate: 10G }', '{ ends: ["core-1:2", "acc:7"], rate: 10G }')
    const links = await askOf(text, "switch virtual link")
    expect(links).toContain("VSL Status : UP\nVSL Control Link : Te1/1/1\n")
    expect(links).toMatch(/^Te1\/1\/2 {3}rejected +- +- +no chassis at the other end$/m)
    expect(await askOf(text, "logging --node core")).toMatch(/%VSLP-3-VSLP_LMP_FAIL_REASON: Te1\/1\/2: Frames that no chassis/)
  })

  it("of two domains is two switches, and bundles to one of them only", async () => {
    const text = VSS.replace("2: { preempt: 5min }", "2: { domain: 11 }")
    expect(await askOf(text, "switch virtual link")).toMatch(/^Te2\/1\/1 {3}rejected +- +- +domain mismatch$/m)
    const summary = await askOf(text, "etherchannel summary --node acc")
    expect(summary).toMatch(/Po1\(SU\) +LACP +Gi0\/1\((P|s)\) +Gi0\/2\((P|s)\)/)
    expect(summary.match(/\(P\)/g)).toHaveLength(1)
  })

  it("of two versions has a cold standby, with its modules down", async () => {
    const text = VSS.replace("1: { priority: 110 }", '1: { priority: 110, version: "15.2" }')
    expect(await askOf(text, "switch virtual role")).toContain(
      "Redundancy mode is RPR: software versions of the two switches differ",
    )
    expect(await askOf(text, "etherchannel summary --node core")).toContain("Gi1/1/5(P)  Gi2/1/5(D)")
    // It takes over when its modules have booted, which is waited for.
    const after = await askOf(text, "etherchannel summary --node core-2 --after", "node core-1 off")
    expect(after).toContain("Gi1/1/5(D)  Gi2/1/5(P)")
  })
})

describe("show vpc", { timeout: 60_000 }, () => {
  it("is what a Nexus prints", async () => {
    expect(await ask("vpc", "vpc --node agg-1")).toBe(`agg-1#show vpc
Legend:
                (*) - local vPC is down, forwarding via vPC peer-link

vPC domain id                     : 20
Peer status                       : peer adjacency formed ok
vPC keep-alive status             : peer is alive
Configuration consistency status  : success
Type-2 consistency status         : success
vPC role                          : primary
Number of vPCs configured         : 1
Peer Gateway                      : Disabled
Dual-active excluded VLANs        : -
Graceful Consistency Check        : Enabled
Auto-recovery status              : Enabled, timer is off.(timeout = 240s)
Delay-restore status              : Timer is off.(timeout = 30s)
Delay-restore Orphan-port status  : Timer is off.(timeout = 0s)

vPC Peer-link status
---------------------------------------------------------------------
id    Port   Status Active vlans
--    ----   ------ -------------------------------------------------
1     Po1    up     1

vPC status
----------------------------------------------------------------------------
Id    Port          Status Consistency Reason                Active vlans
--    ------------  ------ ----------- ------                ---------------
10    Po10          up     success     success               1

Please check "show vpc consistency-parameters interface <port-channel>"
for the consistency reason of down vpc and for type-2 consistency
reasons for any vpc.

`)
  })

  it("tells of a peer-link and of a leg that are lost", async () => {
    const lost = await ask("vpc", "vpc brief --node agg-2", "port agg-1:Po1 shutdown")
    expect(lost).toContain("Peer status                       : peer link is down")
    expect(lost).toMatch(/^1 {5}Po1 {4}down {3}-$/m)
    expect(lost).toMatch(/^10 {4}Po10 {10}down /m)
    const leg = await ask("vpc", "vpc --node agg-1", "port agg-1:4 shutdown")
    expect(leg).toMatch(/^10 {4}Po10 {10}down\* {2}success/m)
    const [view] = await json("vpc", "vpc --node agg-1", "port agg-1:4 shutdown")
    expect(view.vpc.vpcs).toMatchObject([{ id: 10, port: "Po10", status: "down*", peerLegUp: true }])
  })

  it("role, consistency-parameters, peer-keepalive, orphan-ports", async () => {
    expect(await ask("vpc", "vpc role --node agg-2")).toContain(`vPC Role status
----------------------------------------------------
vPC role                        : secondary
Dual Active Detection Status    : 0
vPC system-mac                  : 00:23:04:ee:be:14
vPC system-priority             : 32667
vPC local system-mac            : 02:00:00:00:20:00
vPC local role-priority         : 32667
vPC peer system-mac             : 02:00:00:00:10:00
vPC peer role-priority          : 100
`)
    const both = await ask("vpc", "vpc role --node agg", "link agg-1:3 down", "port agg-1:Po1 shutdown")
    expect(both.match(/^vPC role .*/gm)).toEqual([
      "vPC role                        : primary",
      "vPC role                        : secondary, operational primary",
    ])
    expect(await ask("vpc", "vpc consistency-parameters --node agg-1")).toMatch(/^STP Mode {20}1 {5}Rapid-PVST {13}Rapid-PVST$/m)
    expect(await ask("vpc", "vpc consistency-parameters global --node agg-1")).toMatch(/^VLAN Mapping$/m)
    expect(await ask("vpc", "vpc consistency-parameters Po10 --node agg-1")).toMatch(/^lag mode {20}1 {5}active {17}active$/m)
    expect(await ask("vpc", "vpc consistency-parameters vpc 10 --node agg-1")).toMatch(/^lag mode {20}1 /m)
    expect(await ask("vpc", "vpc consistency-parameters Po10 --node agg-1")).toMatch(/^lag-id {22}1 {5}\[\(7f9b, 0-23-4-ee-be-/m)
    expect((await ask("vpc", "lacp neighbor --node agg-1")).match(/^Channel group .*/gm)).toContain("Channel group 10 neighbors")
    expect((await ask("vpc", "lacp counters --node agg-1")).match(/^Channel group: .*/gm)).toContain("Channel group: 10")
    const keepalive = await ask("vpc", "vpc peer-keepalive --node agg-1")
    expect(keepalive).toContain("vPC keep-alive status             : peer is alive")
    expect(keepalive).toContain("--Sent on interface             : Gi0/3")
    expect(await ask("vpc", "vpc orphan-ports --node agg-2")).toMatch(/^1 {14}Gi0\/5$/m)
    expect((await json("vpc", "vpc orphan-ports --node agg-1"))[0].vpcOrphanPorts).toEqual([])
    expect(await ask("vpc", "vpc --node acc")).toContain("vPC domain id                     : Not configured")
  })
})

describe("the other questions about a vpc", { timeout: 60_000 }, () => {
  it("spanning-tree: a vPC is the same at both peers, whose secondary's own spanning tree does not have it", async () => {
    const trees = await ask("vpc", "spanning-tree vlan 1 --node agg")
    expect(trees.match(/^Po1 .*/gm)).toEqual([
      expect.stringMatching(/^Po1 +Desg FWD \d +128\.\d+ +\(vPC peer-link\) P2p$/),
      expect.stringMatching(/^Po1 +Root FWD \d +128\.\d+ +\(vPC peer-link\) P2p$/),
    ])
    expect(trees.match(/^Po10 .*/gm)).toEqual(
      Array.from({ length: 2 }, () => expect.stringMatching(/^Po10 +Desg FWD 1 +128\.\d+ +\(vPC\) P2p$/)),
    )
    const alone = await ask("vpc", "spanning-tree vlan 1 --node agg-2", "node agg-1 off")
    expect(alone).toMatch(/^Po10 +Desg FWD 1 +128\.\d+ +\(vPC\) P2p$/m)
    expect(await ask("vpc", "spanning-tree vlan 1 --node acc")).not.toContain("(vPC")
  })

  it("the table of a run counts them at both", async () => {
    const { out } = await labProcess(["run", files.vpc])
    expect(out).toMatch(/^ {2}agg-2 +Po1 to agg-1 +\d +2 +-$/m)
  })

  it("lacp neighbor: a vPC's channel group is its port-channel's number", async () => {
    const groups = (await ask("vpc", "lacp neighbor --node agg-2")).match(/^Channel group \d+/gm)
    expect(groups).toEqual(["Channel group 1", "Channel group 10"])
  })
})

describe("what happens to a pair", () => {
  for (const [name, text, changes] of [
    ["vss", VSS, ["control-plane core-1 hang", "switchover core", "link core-1:1 down", "node core-2 off"]],
    ["vpc", VPC, ["port agg-1:Po1 shutdown", "node agg off", "node agg on"]],
  ] as const) {
    it(`goes the same way in a fork and in a replay of its commands: ${name}`, () => {
      const { directory, plan } = compiled(text)
      const { simulation } = boot({ plan, directory })
      simulation.run(60 * SECOND)
      for (const [i, change] of changes.entries()) {
        for (const { command, node } of (Change.parse(change, directory) as Change.Change).commands)
          simulation.command(node, command)
        simulation.run((60 + 0.3 * (i + 1)) * SECOND)
      }
      const fork = simulation.fork()
      for (const each of [simulation, fork]) each.run(80 * SECOND)
      expect(Fingerprint.of(fork)).toBe(Fingerprint.of(simulation))
      const replayed = Replay.run(plan, registry(), simulation.world.commandLog, 80 * SECOND)
      expect(Fingerprint.of(replayed)).toBe(Fingerprint.of(simulation))
    })
  }

  it.each([
    ["switchover agg", VPC, /agg is no chassis of a virtual switching system: there is no switchover of it/],
    ["card core-1 1 fail", VSS, /core-1 has no line cards to fail: give its pair some, like switch: \{ 1: \{ cards: /],
    ["reload core-1 now", VSS, /"reload core-1" is all: leave "now" out/],
    ["control-plane core stop", VSS, /a control plane can "hang" or "resume", not "stop"/],
    ["node cor off", VSS, /the design has no node "cor"; did you mean "core"\?/],
  ])("puts %s in a sentence", (change, text, sentence) => {
    expect(Change.parse(change, compiled(text).directory)).toMatch(sentence)
  })
})
