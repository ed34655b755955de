/** `lab show` from its command line to its exit code, on the shipped designs. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { fileURLToPath } from "node:url"
import { main } from "../../src/Cli.ts"
import { Output } from "../../src/Output.ts"

const design = (name: string): string => fileURLToPath(new URL(`../../../../designs/${name}.l2.yml`, import.meta.url))

const lab = (...args: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    const out: Array<string> = []
    const err: Array<string> = []
    const code = yield* main(["show", ...args]).pipe(Effect.provide(Layer.merge(NodeServices.layer, Output.collect(out, err))))
    return { code, out: out.join(""), err: err.join("") }
  })

interface Document {
  readonly at: number
  readonly settled: boolean | null
  readonly switches: ReadonlyArray<{
    readonly name: string
    readonly power: string
    readonly spanningTrees?: ReadonlyArray<{
      readonly isRoot: boolean
      readonly ports: ReadonlyArray<{ readonly interface: string; readonly role: string; readonly state: string }>
    }>
    readonly macAddressTable?: {
      readonly entries: ReadonlyArray<{ readonly vlan: number; readonly interface: string; readonly ageSeconds: number }>
    }
    readonly interfaces?: ReadonlyArray<{ readonly shortName: string; readonly status: string; readonly peer: string | null }>
  }>
}

const json = (...args: ReadonlyArray<string>) =>
  Effect.map(lab(...args, "--json"), ({ code, out, err }) => {
    assert.strictEqual(err, "")
    assert.strictEqual(code, 0)
    return JSON.parse(out) as Document
  })

/** `sw1 Gi0/1 root forwarding` of every port that is up. */
const roles = ({ switches }: Document): ReadonlyArray<string> =>
  switches.flatMap(({ name, spanningTrees = [] }) =>
    spanningTrees.flatMap(({ ports }) => ports.map((port) => `${name} ${port.interface} ${port.role} ${port.state}`)),
  )

describe("lab show", () => {
  it.live("prints the tree of a switch once the network has settled", () =>
    Effect.gen(function* () {
      const { code, out, err } = yield* lab(design("triangle"), "spanning-tree", "--node", "sw3")
      assert.strictEqual(err, "")
      assert.strictEqual(code, 0)
      // Addresses follow from names: they are no concern of this test.
      assert.strictEqual(
        out.replaceAll(/[0-9a-f]{4}\.[0-9a-f]{4}\.(?=[0-9a-f]{4})/g, "xxxx.xxxx."),
        `! triangle: settled at 80.000 s, the last change at 30.000 s
sw3#show spanning-tree

VLAN0001
  Spanning tree enabled protocol ieee
  Root ID    Priority    4096
             Address     xxxx.xxxx.1000
             Cost        4
             Port        1 (GigabitEthernet0/1)
             Hello Time   2 sec  Max Age 20 sec  Forward Delay 15 sec

  Bridge ID  Priority    32768  (priority 32768 sys-id-ext 0)
             Address     xxxx.xxxx.3000
             Hello Time   2 sec  Max Age 20 sec  Forward Delay 15 sec
             Aging Time  300 sec

Interface           Role Sts Cost      Prio.Nbr Type
------------------- ---- --- --------- -------- --------------------------------
Gi0/1               Root FWD 4         128.1    P2p
Gi0/2               Altn BLK 4         128.2    P2p
Gi0/3               Desg FWD 4         128.3    P2p

`,
      )
    }),
  )

  it.live("prints rapid spanning tree, and who it falls back for", () =>
    Effect.gen(function* () {
      const { code, out, err } = yield* lab(design("rstp"), "spanning-tree", "--node", "sw2")
      assert.deepStrictEqual({ code, err }, { code: 0, err: "" })
      assert.match(out, /^! rstp: settled at (\d+)\.\d{3} s, the last change at (\d+)\.\d{3} s\n/)
      assert.include(out, "\n  Spanning tree enabled protocol rstp\n")
      assert.include(
        out,
        `Interface           Role Sts Cost      Prio.Nbr Type
------------------- ---- --- --------- -------- --------------------------------
Gi0/1               Root FWD 20000     128.1    P2p
Gi0/2               Desg FWD 20000     128.2    P2p
Gi0/3               Desg FWD 20000     128.3    P2p Peer(STP)
`,
      )
    }),
  )

  it.live("rapid spanning tree takes the other way within a millisecond", () =>
    Effect.gen(function* () {
      const cut = yield* json(design("rstp"), "span", "--node", "sw3", "--after", "link sw1:2 down", "--at", "1ms")
      assert.deepStrictEqual(roles(cut), ["sw3 Gi0/2 root forwarding", "sw3 Gi0/3 designated forwarding"])
    }),
  )

  it.live("prints a tree for each VLAN, and the ports whose ends do not agree", () =>
    Effect.gen(function* () {
      const { code, out } = yield* lab(design("rapid-pvst"), "spanning-tree", "--node", "acc-1")
      assert.strictEqual(code, 0)
      assert.deepStrictEqual(out.match(/^VLAN\d+$/gm), ["VLAN0001", "VLAN0010", "VLAN0020", "VLAN0030", "VLAN0040", "VLAN0099"])
      assert.include(
        out,
        `
Interface           Role Sts Cost      Prio.Nbr Type
------------------- ---- --- --------- -------- --------------------------------
Gi0/1               Root FWD 4         128.1    P2p
Gi0/2               Altn BLK 4         128.2    P2p
Gi0/3               Desg BKN*4         128.3    P2p *PVID_Inc
`,
      )
      const vlan20 = yield* lab(design("rapid-pvst"), "span", "vlan", "20", "--node", "acc-1")
      assert.deepStrictEqual(vlan20.out.match(/^(VLAN|Gi).*$/gm), [
        "VLAN0020",
        "Gi0/1               Altn BLK 4         128.1    P2p",
        "Gi0/2               Root FWD 4         128.2    P2p",
        "Gi0/3               Desg FWD 4         128.3    P2p",
      ])
      const inconsistent = yield* lab(design("rapid-pvst"), "span", "inc", "--node", "acc-2")
      assert.include(
        inconsistent.out,
        `VLAN0001             GigabitEthernet0/3       Port VLAN ID Mismatch
VLAN0099             GigabitEthernet0/3       Port VLAN ID Mismatch

Number of inconsistent ports (segments) in the system : 2
`,
      )
      const summary = yield* lab(design("rapid-pvst"), "span", "sum", "--node", "dist-1")
      assert.include(summary.out, "\nSwitch is in rapid-pvst mode\nRoot bridge for: VLAN0001, VLAN0010, VLAN0030, VLAN0099\n")
      assert.include(summary.out, "\n6 vlans                       0         0        0         18         18\n")
    }),
  )

  it.live("prints regions, and what their borders are", () =>
    Effect.gen(function* () {
      const { code, out, err } = yield* lab(design("mst"), "spanning-tree", "mst", "1", "--node", "of1", "--node", "sw3")
      assert.deepStrictEqual({ code, err }, { code: 0, err: "" })
      assert.include(
        out,
        `
Interface        Role Sts Cost      Prio.Nbr Type
---------------- ---- --- --------- -------- --------------------------------
Gi0/1            Desg FWD 20000     128.1    P2p
Gi0/2            Desg FWD 20000     128.2    P2p
Gi0/3            Mstr FWD 20000     128.3    P2p Bound(RSTP)
`,
      )
      assert.include(out, "##### MST1    vlans mapped:   10,30\n")
      const cist = yield* lab(design("mst"), "span", "mst", "0", "--node", "of2")
      assert.match(
        cist.out,
        /\n {14}port {4}Gi0\/1 {11}path cost {5}20000\nRegional Root address .*\n {38}internal cost 20000 {5}rem hops 19\n/,
      )
      assert.include(cist.out, "\nGi0/3            Altn BLK 20000     128.3    P2p Bound(RSTP)\n")
      const configuration = yield* lab(design("mst"), "span", "mst", "configuration", "--node", "sw1", "--node", "sw2")
      const digests = configuration.out.match(/^Digest.*$/gm) ?? []
      assert.lengthOf(digests, 2)
      assert.strictEqual(digests[0], digests[1])
      assert.include(configuration.out, "\n1         10,30\n2         20,40\n")
    }),
  )

  it.live("has every form for machines too", () =>
    Effect.gen(function* () {
      const first = (document: unknown) => (document as { readonly switches: ReadonlyArray<Record<string, unknown>> }).switches[0]
      const ask = (...words: ReadonlyArray<string>) =>
        Effect.map(lab(design("rapid-pvst"), ...words, "--node", "acc-2", "--json"), ({ out }) => first(JSON.parse(out)))
      const summary = yield* ask("span", "summary")
      assert.deepStrictEqual((summary.spanningTreeSummary as { readonly total: unknown }).total, {
        blocking: 12,
        listening: 0,
        learning: 0,
        forwarding: 7,
        active: 19,
      })
      const roots = yield* ask("span", "vlan", "20", "root")
      assert.deepStrictEqual(
        (roots.spanningTreeRoots as ReadonlyArray<{ readonly name: string; readonly rootPort: unknown }>).map(
          ({ name, rootPort }) => [name, rootPort],
        ),
        [["VLAN0020", { portNo: 2, name: "GigabitEthernet0/2", interface: "Gi0/2" }]],
      )
      assert.deepStrictEqual((yield* ask("span", "inc")).inconsistentPorts, [
        { name: "VLAN0001", interface: "GigabitEthernet0/3", inconsistency: "pvid" },
        { name: "VLAN0099", interface: "GigabitEthernet0/3", inconsistency: "pvid" },
      ])
      const [tree] = (yield* ask("span", "vlan", "10", "detail")).spanningTrees as ReadonlyArray<Record<string, unknown>>
      assert.include(tree, { name: "VLAN0010", protocol: "rstp", isRoot: false, topologyChanges: 1 })
      const [cost] = tree.topologyChangeCosts as ReadonlyArray<Record<string, unknown>>
      assert.deepInclude(cost, { cause: "port", forgotten: 0, floodedFrames: 0, floodedOctets: 0, floodedFor: null })
    }),
  )

  it.live("tells what a topology change has cost", () =>
    Effect.gen(function* () {
      // Both PCs have spoken when sw2 loses its way to the root, and has what sw1 learnt forgotten.
      const changes = ["ping pc1 pc2", "link sw1:1 down"].flatMap((change) => ["--after", change])
      const { out } = yield* lab(design("rstp"), "span", "detail", "--node", "sw1", ...changes)
      assert.match(
        out,
        /\n {2}Number of topology changes \d+ last change occurred 00:\d\d:\d\d ago\n {10}from GigabitEthernet0\/2\n/,
      )
      assert.match(out, /\n {2}\d\d:\d\d:\d\d {2}Gi0\/2 {5}\S+ +[1-9]\d* +\d+ +\d+ +\d+ +\S+\n/)
    }),
  )

  it.live("looks at an instant", () =>
    Effect.gen(function* () {
      const at20 = yield* json(design("triangle"), "span", "--at", "20s")
      assert.strictEqual(at20.at, 20)
      assert.isNull(at20.settled)
      assert.include(roles(at20), "sw1 Gi0/1 designated learning")
      assert.include(roles(at20), "sw3 Gi0/2 alternate blocking")
    }),
  )

  it.live("lets things happen in order, and settles in between", () =>
    Effect.gen(function* () {
      const cut = yield* json(design("triangle"), "span", "--after", "link sw1:2 down")
      assert.isTrue(cut.settled)
      assert.deepStrictEqual(
        roles(cut).filter((line) => line.startsWith("sw3")),
        ["sw3 Gi0/2 root forwarding", "sw3 Gi0/3 designated forwarding"],
      )
      const healed = yield* json(design("triangle"), "span", "--after", "link sw1:2 down", "--after", "link sw3:1 up")
      assert.deepStrictEqual(roles(healed), roles(yield* json(design("triangle"), "span")))
      assert.isAbove(healed.at, cut.at)
    }),
  )

  it.live("says why no switch knows an address", () =>
    Effect.gen(function* () {
      const silent = yield* lab(design("triangle"), "mac", "address-table")
      assert.match(silent.out, /! no address has been learnt: add --after announce/)
      const asked = ["mac", "address-table", "--after", "announce", "--after", "link sw1:1 down"]
      const aged = yield* lab(design("triangle"), ...asked, "--node", "sw1", "--node", "sw2")
      assert.match(aged.out, /! what was learnt has aged out since \(300 s; 15 s in a topology change\)/)
      assert.notMatch(aged.out, /no address has been learnt/)
    }),
  )

  it.live("warns of the design as a run does", () =>
    Effect.gen(function* () {
      const { code, err } = yield* lab(design("loop"), "vlan", "--at", "1s")
      assert.strictEqual(code, 0)
      assert.match(err, /^warning: .*loop\.l2\.yml:15:5: .*closes\s+a\s+ring/s)
    }),
  )

  it.live("breaks what it says for people at 80 columns, and for programs nowhere", () =>
    Effect.gen(function* () {
      const asked = ["vlan", "--at", "1s", ...["link sw1:1 down", "link sw1:1 up"].flatMap((change) => ["--after", change])]
      const { out } = yield* lab(design("triangle"), ...asked, "--after", "link sw2:2 down", "--node", "sw1")
      const head = out.split("\n").filter((line) => line.startsWith("! "))
      assert.isAbove(head.length, 2)
      for (const line of head) assert.isAtMost(line.length, 80)
      assert.match(
        head.map((line) => line.slice(2)).join(" "),
        /^triangle after link sw1:1 down, link sw1:1 up, link sw2:2 down: at .*, the last/,
      )
      // The file's place stays whole and first, whatever its length; a path that fills a line is nobody's to break.
      const broken = (yield* lab(design("loop"), "vlan", "--at", "1s")).err.trimEnd().split("\n")
      assert.isAbove(broken.length, 1)
      assert.match(broken[0], /^warning: \S*loop\.l2\.yml:15:5:/)
      for (const line of broken.slice(1)) assert.match(line, /^ {2}\S.{0,77}$/)
      const whole = (yield* lab(design("loop"), "vlan", "--at", "1s", "--json")).err
      assert.match(whole, /^warning: \S*loop\.l2\.yml:15:5: .* or mean it\n$/)
    }),
  )

  it.live("waits until silence is noticed: a root that dies with its links up", () =>
    Effect.gen(function* () {
      const silent = yield* json(design("triangle"), "span", "--after", "node sw1 silent")
      assert.deepStrictEqual(
        silent.switches.map(({ name, power, spanningTrees }) => [name, power, spanningTrees?.[0].isRoot]),
        [
          ["sw1", "silent", undefined],
          ["sw2", "on", true],
          ["sw3", "on", false],
        ],
      )
    }),
  )

  it.live("an instant after a change is counted from it", () =>
    Effect.gen(function* () {
      const soon = yield* json(design("triangle"), "span", "--after", "link sw1:2 down", "--at", "5s")
      assert.strictEqual(soon.at, 85)
      assert.include(roles(soon), "sw3 Gi0/2 root listening")
    }),
  )

  it.live("shuts ports, and shows which are", () =>
    Effect.gen(function* () {
      const status = (document: Document) =>
        document.switches[0].interfaces?.map((port) => `${port.shortName} ${port.status} ${port.peer}`)
      const down = yield* json(design("triangle"), "int", "status", "--node", "sw1", "--after", "port sw1:1 shutdown")
      assert.deepStrictEqual(status(down), ["Gi0/1 disabled sw2:1", "Gi0/2 connected sw3:1"])
      const peer = yield* json(design("triangle"), "int", "status", "--node", "sw2", "--after", "port sw1:1 shutdown")
      assert.strictEqual(status(peer)?.[0], "Gi0/1 notconnect sw1:1")
      const up = yield* json(
        design("triangle"),
        "int status",
        "--node=sw1",
        "--after=port sw1:1 shutdown",
        "--after=port sw1:1 no shutdown",
      )
      assert.deepStrictEqual(status(up), ["Gi0/1 connected sw2:1", "Gi0/2 connected sw3:1"])
    }),
  )

  it.live("knows nobody in a network at rest, and everybody once they have announced themselves", () =>
    Effect.gen(function* () {
      const quiet = yield* lab(design("line"), "mac", "address-table")
      assert.include(quiet.out, "Total Mac Addresses for this criterion: 0")
      assert.include(quiet.out, "--after announce")
      const spoken = yield* json(design("line"), "mac", "address-table", "--after", "announce", "--node", "sw2")
      assert.deepStrictEqual(
        spoken.switches[0].macAddressTable?.entries.map((entry) => [entry.vlan, entry.interface]),
        [
          [10, "Fa0/1"],
          [10, "Fa0/2"],
          [20, "Fa0/1"],
          [20, "Fa0/2"],
        ],
      )
      const vlan20 = yield* json(design("line"), "mac add vlan 20", "--after", "announce", "--node", "sw2")
      assert.lengthOf(vlan20.switches[0].macAddressTable?.entries ?? [], 2)
    }),
  )

  it.live("a ping is learnt along its path", () =>
    Effect.gen(function* () {
      const document = yield* json(design("line"), "mac", "address-table", "--after", "ping pc1 pc2")
      for (const { name, macAddressTable } of document.switches) assert.lengthOf(macAddressTable?.entries ?? [], 2, name)
    }),
  )

  it.live("prints interfaces and VLANs", () =>
    Effect.gen(function* () {
      const interfaces = yield* lab(design("line"), "interfaces", "fa0/3", "--node", "sw4")
      assert.include(interfaces.out, "sw4#show interfaces fa0/3\nFastEthernet0/3 is up, line protocol is up (connected)\n")
      assert.include(interfaces.out, "  Description: second floor\n  Cable to phone2:1\n")
      assert.match(interfaces.out, /\n {5}[1-9]\d* packets output, /)
      const vlans = yield* lab(design("line"), "vlan", "--node", "sw4")
      assert.include(
        vlans.out,
        "10   office                           active    Fa0/2\n20   voice                            active    Fa0/3\n",
      )
    }),
  )

  it.live("keeps to 80 columns", () =>
    Effect.gen(function* () {
      for (const what of [
        "spanning-tree",
        "span summary",
        "span detail",
        "span root",
        "span inconsistentports",
        "span mst",
        "mac address-table",
        "interfaces",
        "interfaces status",
        "vlan",
      ]) {
        const { out } = yield* lab(design("farm-2008"), what, "--node", "dist-1", "--node", "acc-12", "--at", "31s")
        for (const line of out.split("\n")) assert.isAtMost(line.length, 80, line)
      }
    }),
  )

  it.live("sets priorities and costs, of all trees or of one", () =>
    Effect.gen(function* () {
      const rootsOf = (name: string, node: string, ...after: ReadonlyArray<string>) =>
        Effect.map(
          lab(design(name), "span", "root", "--node", node, ...after.flatMap((change) => ["--after", change])),
          ({ out }) =>
            out.match(/^(VLAN|MST)\d+ .*$/gm)?.map((row) =>
              row
                .replace(/ {2,}/g, " ")
                .split(" ")
                .filter((_, i) => i !== 2),
            ),
        )
      assert.deepStrictEqual(yield* rootsOf("triangle", "sw3", "priority sw3 0"), [["VLAN0001", "0", "0", "2", "20", "15"]])
      assert.deepStrictEqual(yield* rootsOf("rstp", "sw3", "cost sw3:1 500000"), [
        ["VLAN0001", "4096", "40000", "2", "20", "15", "Gi0/2"],
      ])
      assert.deepStrictEqual(yield* rootsOf("rstp", "sw3", "cost sw3:1 500000", "cost sw3:1 by-rate"), [
        ["VLAN0001", "4096", "20000", "2", "20", "15", "Gi0/1"],
      ])
      const perVlan = yield* rootsOf("rapid-pvst", "acc-1", "priority acc-1 vlan 30 0", "cost acc-1:1 vlan 10 500")
      assert.deepStrictEqual(perVlan?.slice(1, 4), [
        ["VLAN0010", "4106", "6", "2", "20", "15", "Gi0/2"],
        ["VLAN0020", "4116", "4", "2", "20", "15", "Gi0/2"],
        ["VLAN0030", "30", "0", "2", "20", "15"],
      ])
      assert.deepStrictEqual((yield* rootsOf("mst", "sw3", "priority sw3 mst 2 0"))?.[2], ["MST2", "2", "0", "2", "20", "15"])
    }),
  )

  it.live("says where no spanning tree runs", () =>
    Effect.gen(function* () {
      const { code, out } = yield* lab(design("loop"), "span", "--node", "sw1", "--at", "0s")
      assert.strictEqual(code, 0)
      assert.include(out, "No spanning tree instance exists.")
    }),
  )

  it.live("says that the network did not settle, shows how it stands, and exits with 1", () =>
    Effect.gen(function* () {
      const { code, out, err } = yield* lab(design("triangle"), "span", "--limit", "10s")
      assert.strictEqual(code, 1)
      assert.include(out, "Desg LIS")
      assert.match(err, /^lab: the network has not settled within 10 s: .*; raise --limit, or ask for an instant with --at\n$/)
    }),
  )

  it.live("says who loses the root again and again, which no --limit helps against", () =>
    Effect.gen(function* () {
      const ring = fileURLToPath(new URL("../../scenarios/diameter/design.l2.yml", import.meta.url))
      const { code, err } = yield* lab(ring, "span", "root", "--limit", "60s")
      assert.strictEqual(code, 1)
      assert.match(err, /; sw\d+:\d has lost the root at max age \d+ times: .*\? Ask for an instant with --at\n$/)
      assert.notInclude(err, "raise")
    }),
  )

  it.live("a port in all its trees, several VLANs, what is blocked; for machines in one list", () =>
    Effect.gen(function* () {
      const { code, out } = yield* lab(design("rapid-pvst"), "span", "int", "Gi0/2", "--node", "acc-1", "--node", "acc-2")
      assert.strictEqual(code, 0)
      assert.match(out, /acc-1#show spanning-tree interface Gi0\/2\n\nVlan +Role/)
      assert.match(out, /acc-2#show/)
      const vlans = yield* lab(design("rapid-pvst"), "span", "vlan", "10,20", "--node", "acc-1")
      assert.deepStrictEqual(vlans.out.match(/^VLAN\d+$/gm), ["VLAN0010", "VLAN0020"])
      const { switches } = yield* json(design("mst"), "span", "vlan", "10,20,77", "--node", "sw1")
      assert.strictEqual(switches[0].spanningTrees?.length, 2)
      const blocked = yield* lab(design("rapid-pvst"), "span", "blocked", "--node", "acc-1")
      assert.match(blocked.out, /VLAN0010 +Gi0\/2\n/)
      const bad = yield* lab(design("rapid-pvst"), "span", "int", "Gi0/99", "--node", "acc-1")
      assert.match(bad.err, /no switch that was asked has an interface "Gi0\/99"/)
    }),
  )

  it.live("how long the last change kept spanning tree busy is said as finely as rapid trees need it", () =>
    Effect.gen(function* () {
      const { out } = yield* lab(design("rapid-pvst"), "span", "root", "--node", "acc-1", "--after", "link acc-1:1 down")
      assert.match(out, /^! rapid-pvst after link acc-1:1 down: settled at [\d.]+ s, the last change at\n! [\d.]+ s\n/)
      assert.match(out, /^! the last change came [\d.]+ [mu]s after "link acc-1:1 down"$/m)
      const still = yield* lab(design("triangle"), "mac", "address-table", "--node", "sw1", "--after", "announce")
      assert.match(still.out, /^! spanning tree had nothing to do with "announce"$/m)
      const told = yield* lab(design("rapid-pvst"), "span", "root", "--node", "acc-1", "--after", "loopguard acc-1 enable")
      assert.match(told.out, /^! nothing changed after the instant of "loopguard acc-1 enable"$/m)
      const first = yield* lab(design("rapid-pvst"), "span", "root", "--node", "acc-1")
      assert.match(first.out, /the last change at [\d.]+ us$/m)
    }),
  )

  it.live("--after tells guards of running switches: what they do is shown", () =>
    Effect.gen(function* () {
      const after = (...changes: ReadonlyArray<string>) => changes.flatMap((change) => ["--after", change])
      const inconsistent = yield* lab(
        design("triangle"),
        "span",
        "inconsistentports",
        "--node",
        "sw2",
        ...after("guard sw2:1 root"),
        "--at",
        "10s",
      )
      assert.match(inconsistent.out, /VLAN0001 +GigabitEthernet0\/1 +Root Inconsistent/)
      const guarded = yield* lab(design("triangle"), "int", "status", "--node", "sw2", ...after("bpduguard sw2:1 enable"))
      assert.match(guarded.out, /Gi0\/1 .*err-disabled/)
      const defaults = yield* lab(
        design("triangle"),
        "span",
        "summary",
        "--node",
        "sw2",
        ...after("bpduguard sw2 enable", "loopguard sw2 enable", "bpdufilter sw2 enable", "bpdufilter sw2 disable"),
      )
      assert.match(defaults.out, /PortFast BPDU Guard Default +is enabled/)
      assert.match(defaults.out, /Portfast BPDU Filter Default +is disabled/)
      assert.match(defaults.out, /Loopguard Default +is enabled/)
      const edge = yield* lab(
        design("triangle"),
        "span",
        "detail",
        "--node",
        "sw2",
        ...after("portfast sw2:3 edge", "bpdufilter sw2:3 enable", "link sw2:3 down", "link sw2:3 up"),
      )
      assert.include(edge.out, "The port is in the portfast edge mode")
      assert.include(edge.out, "Bpdu filter is enabled")
    }),
  )

  const BAD: ReadonlyArray<readonly [args: ReadonlyArray<string>, sentence: RegExp]> = [
    [["spaning-tree"], /did you mean "spanning-tree"\?/],
    [["span", "--node", "sw9"], /--node sw9: the design has no switch of that name/],
    [["span", "--node", "pc1"], /--node pc1: it is a host, and only switches answer to show/],
    [["span", "--at", "soon"], /--at soon: /],
    [["span", "--limit=-3s"], /--limit -3s: /],
    [["span", "--vlan", "4095"], /"4095" is no VLAN id/],
    [["int", "Gi0/9"], /no switch that was asked has an interface "Gi0\/9": sw1 has Gi0\/1 to Gi0\/2/],
    [["span", "--after", "link sw1:9 down"], /there is no port "sw1:9": sw1 has sw1:1 to sw1:2/],
    [["span", "--after", "link sw7:1 down"], /the design has no node "sw7"/],
    [
      ["span", "--after", "link sw1:1 sideways"],
      /a link can go "down" or "up", or be "mute" \(what sw1:1 sends is lost\) and "heal", not "sideways"/,
    ],
    [["span", "--after", "port sw1:1 up"], /a port can be "shutdown" or "no shutdown", not "up"/],
    [["span", "--after", "node sw1 dead"], /not "dead"/],
    [["span", "--after", "node sw1"], /write "link sw1:1 down"/],
    [["span", "--after", "lnk sw1:1 down"], /nothing called "lnk" can happen; did you mean "link"\?/],
    [["span", "--after", "ping pc1"], /say who pings whom/],
    [["span", "--after", "ping pc1 pc7"], /the design has no station "pc7"/],
    [["span", "--after", "priority sw2 5000000"], /5000000 is no bridge priority: it is a whole number from 0 to 65535/],
    [["span", "--after", "priority sw2"], /write "link sw1:1 down"/],
    [["span", "--after", "priority sw2 vlan 10 0"], /sw2 runs stp, which has no tree of VLAN 10/],
    [["span", "--after", "priority sw2 mst 1 0"], /sw2 runs stp, which has no instances/],
    [["span", "--after", "priority sw2 high"], /"high" is no number/],
    [["span", "--after", "priority sw2 vlan ten 0"], /"vlan ten 0" is not understood/],
    [["span", "--after", "cost sw2 5"], /a cost is a port's: write cost sw2:1 5/],
    [["span", "--after", "cost sw2:9 5"], /there is no port "sw2:9": sw2 has sw2:1 to sw2:3/],
    [["span", "--after", "cost sw7:1 5"], /the design has no node "sw7"/],
    [["span", "--after", "cost pc1:1 5"], /pc1 is a host, and has no spanning tree/],
    [["span", "--after", "bpduguard sw2:9 enable"], /there is no port "sw2:9": sw2 has sw2:1 to sw2:3/],
    [["span", "--after", "bpduguard sw2:1 on"], /bpduguard is followed by enable, disable or default, not by "on"/],
    [["span", "--after", "bpduguard sw2 on"], /bpduguard of a switch is followed by enable or disable, not by "on"/],
    [["span", "--after", "loopguard sw2:1 enable"], /the design has no node "sw2:1"/],
    [["span", "--after", "loopguard pc1 enable"], /pc1 is a host, and has no spanning tree/],
    [["span", "--after", "guard sw2:1 bpdu"], /guard is followed by root, loop, none or default, not by "bpdu"/],
    [["span", "--after", "guard sw2:1"], /write "link sw1:1 down"/],
    [["span", "--after", "portfast pc1:1 edge"], /pc1 is a host, and has no spanning tree/],
    [["span", "--after", "portfast sw2:1 network"], /sw2 runs stp, whose ports are silent .*: it has no network ports/],
    [["span", "--after", "bpdugard sw2:1 enable"], /nothing called "bpdugard" can happen; did you mean "bpduguard"\?/],
    [["span", "--after", "announce sw1"], /the design has no station "sw1"/],
  ]
  for (const [args, sentence] of BAD) {
    it.live(`${args.join(" ")}: one sentence, exit code 2`, () =>
      Effect.gen(function* () {
        const { code, out, err } = yield* lab(design("triangle"), ...args)
        assert.strictEqual(code, 2)
        assert.strictEqual(out, "")
        assert.match(err, /^lab: [^\n]*\n$/)
        assert.match(err, sentence)
      }),
    )
  }

  it.live("a design that is not there", () =>
    Effect.gen(function* () {
      const { code, err } = yield* lab("nowhere.l2.yml", "span")
      assert.strictEqual(code, 2)
      assert.match(err, /there is no such file/)
    }),
  )
})

describe("what switches protect themselves from", () => {
  const flapping = fileURLToPath(new URL("../fixtures/flapping.l2.yml", import.meta.url))
  const flaps = [1, 2, 3].flatMap(() => ["--after", "link sw1:1 down", "--after", "link sw1:1 up"])

  it.effect("a link that flaps is taken out of service, with a reason and a time", () =>
    Effect.gen(function* () {
      const status = yield* lab(flapping, "int", "status", "err", "--node", "sw1", ...flaps, "--at", "1s")
      assert.match(status.out, /Gi0\/1 +sw2:1 +err-disabled link-flap$/m)
      const recovery = yield* lab(flapping, "errdisable", "recovery", "--node", "sw1", ...flaps, "--at", "1s")
      assert.match(recovery.out, /^link-flap +Enabled$/m)
      assert.match(recovery.out, /^udld +Disabled$/m)
      assert.match(recovery.out, /^Timer interval: 60 seconds$/m)
      assert.match(recovery.out, /^Gi0\/1 +link-flap +\d+$/m)
    }),
  )

  it.effect("and logs it, and that it comes back", () =>
    Effect.gen(function* () {
      const { out } = yield* lab(flapping, "logg", "--node", "sw1", ...flaps, "--at", "120s")
      assert.match(out, /: %PM-4-ERR_DISABLE: link-flap error detected on Gi0\/1, putting Gi0\/1 in err-disable state$/m)
      assert.match(out, /: %PM-4-ERR_RECOVER: Attempting to recover from link-flap err-disable state on Gi0\/1$/m)
      assert.match(out, /: %LINK-3-UPDOWN: Interface GigabitEthernet0\/1, changed state to down$/m)
    }),
  )

  it.effect("machines get the same", () =>
    Effect.gen(function* () {
      const { out } = yield* lab(flapping, "errdisable", "rec", "--node", "sw1", "--json")
      const [answer] = (
        JSON.parse(out) as {
          switches: ReadonlyArray<{ errdisableRecovery: { intervalSeconds: number; waiting: ReadonlyArray<unknown> } }>
        }
      ).switches
      assert.strictEqual(answer?.errdisableRecovery.intervalSeconds, 60)
      assert.deepStrictEqual(answer?.errdisableRecovery.waiting, [])
    }),
  )

  it.effect("half a question is told the other half", () =>
    Effect.gen(function* () {
      const { code, err } = yield* lab(flapping, "errdisable", "coffee")
      assert.strictEqual(code, 2)
      assert.match(err, /show errdisable does not know what to do with "coffee": write errdisable detect or errdisable recovery/)
    }),
  )
})
