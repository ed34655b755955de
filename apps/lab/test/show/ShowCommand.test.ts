/** `lab show` from its command line to its exit code, on the shipped designs. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { design, lab, type Document, json, roles } from "./Shown.ts"

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
})
