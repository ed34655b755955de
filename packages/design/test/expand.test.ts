import { assert, describe, it } from "@effect/vitest"
import type { BridgeConfig } from "@l2lab/l2/BridgeConfig"
import * as Compile from "@l2lab/design/Compile"
import { compile, switchNamed } from "./Compiled.ts"

describe("expansion", () => {
  it("two names and a cable are enough", () => {
    const { network, plan } = compile("nodes: { sw1:, sw2: }\nlinks: [[sw1, sw2]]\n")
    assert.strictEqual(network.name, "test")
    assert.deepStrictEqual(
      network.nodes.map((node) => [node.name, node.kind, node.ports]),
      [
        ["sw1", "switch", 1],
        ["sw2", "switch", 1],
      ],
    )
    assert.deepStrictEqual(plan.links, [
      {
        name: "sw1:1--sw2:1",
        a: { node: 0, port: 0 },
        b: { node: 1, port: 0 },
        rateBps: 1_000_000_000,
        latencyNs: 500,
        mtu: 1500,
        queueOctets: 1_048_576,
        lossRatio: 0,
        corruptionRatio: 0,
        fullDuplex: true,
      },
    ])
    assert.deepStrictEqual(plan.nodes[0], {
      name: "sw1",
      kind: "bridge",
      config: {
        address: switchNamed({ network } as Compile.Compiled, "sw1").address,
        ports: [{ mode: "trunk", native: 1, allowed: [1] }],
        vlans: [1],
        ageingNs: 300e9,
        capacity: 16_384,
        staticEntries: [],
        protocols: [
          {
            kind: "stp1998",
            config: {
              priority: 32_768,
              ports: [],
              helloTime: 2,
              maxAge: 20,
              forwardDelay: 15,
              pathCostMethod: "short",
              profile: "standard",
            },
          },
        ],
        reserved: "drop",
        errdisable: { recovery: [], intervalNs: 300e9, linkFlap: { flaps: 5, withinNs: 10e9 } },
        macMove: { moves: 3, withinNs: 15e9 },
      },
    })
  })

  it("a switch without a control class says so to its bridge, the others say nothing", () => {
    const { plan } = compile(
      "defaults: { switch: { controlClass: false } }\nnodes: { a:, b: { controlClass: true }, c: { controlClass: false } }\nlinks: [[a, b], [b, c]]\n",
    )
    assert.deepStrictEqual(
      plan.nodes.map(({ config }) => (config as BridgeConfig).controlClass),
      [false, undefined, false],
    )
  })

  it("kinds follow from keys", () => {
    const { network } = compile(
      "nodes: { a:, b: { ports: 3 }, c: { kind: hub }, d: { address: 10.0.0.1/24 }, e: { memory: 1GiB }, f: { portGroups: {} } }\n",
    )
    assert.deepStrictEqual(
      network.nodes.map((node) => node.kind),
      ["switch", "switch", "hub", "host", "hypervisor", "hypervisor"],
    )
  })

  it("ends that name a port come first, the others take the lowest free ports in order", () => {
    const { plan } = compile('nodes: { a:, b: }\nlinks: [[a, b], ["a:1", "b:3"], [a, b], [a, "b:1"]]\n')
    assert.deepStrictEqual(
      plan.links.map((link) => link.name),
      ["a:2--b:2", "a:1--b:3", "a:3--b:4", "a:4--b:1"],
    )
  })

  it("VLANs: 1 and those that are mentioned; a range in `allowed` mentions nothing", () => {
    const { network } = compile(
      'nodes:\n  sw: { port: { 1: { vlan: 30 }, 2: { allowed: [40, 100-200] }, 3: { native: 50 } } }\n  pc: { address: 10.0.0.1/24, vlan: 20 }\n  esx: { portGroups: { a: 10, b: { vlan: 11 }, c: } }\nlinks: [["sw:4", esx], ["sw:5", pc]]\n',
    )
    assert.deepStrictEqual(
      network.vlans.map(({ id, name }) => [id, name]),
      [
        [1, "default"],
        [10, "VLAN0010"],
        [11, "VLAN0011"],
        [20, "VLAN0020"],
        [30, "VLAN0030"],
        [40, "VLAN0040"],
        [50, "VLAN0050"],
      ],
    )
  })

  it("ports follow from who is plugged in, and their own word goes before", () => {
    const compiled = compile(`
vlans: { 10: vms, 20: vmotion, 30-31: lab }
nodes:
  sw1: { port: { 5-6: { mode: trunk, native: 10, allowed: [10, 20-99] }, 6: { cost: 7, priority: 16, shutdown: true } } }
  sw2:
  hub: { kind: hub }
  pc: { address: 10.0.0.1/24, vlan: 20 }
  tagged: { address: 10.0.0.2/24, tag: 30 }
  esx: { kind: hypervisor, portGroups: { vms: 10 } }
links: [["sw1:1", sw2], ["sw1:2", hub], ["sw1:3", pc], ["sw1:4", esx], ["sw1:7", tagged]]
`)
    const all = [1, 10, 20, 30, 31]
    const { settings } = switchNamed(compiled, "sw1")
    assert.deepStrictEqual(
      settings.map((port) => port.vlans),
      [
        { mode: "trunk", native: 1, allowed: all },
        { mode: "access", vlan: 1 },
        { mode: "access", vlan: 20 },
        { mode: "trunk", native: 1, allowed: all },
        { mode: "trunk", native: 10, allowed: [10, 20, 30, 31] },
        { mode: "trunk", native: 10, allowed: [10, 20, 30, 31] },
        { mode: "trunk", native: 1, allowed: all },
      ],
    )
    assert.deepStrictEqual(
      compiled.network.vlans.map((vlan) => vlan.name),
      ["default", "vms", "vmotion", "lab-30", "lab-31"],
    )
    assert.deepStrictEqual([settings[5].cost, settings[5].priority, settings[5].shutdown], [7, 16, true])
    assert.deepStrictEqual(compiled.plan.commands, [{ type: "port.disable", node: 0, port: 5 }])
    const bridge = compiled.plan.nodes[0].config as { protocols: ReadonlyArray<{ config: { ports: unknown } }> }
    assert.deepStrictEqual(bridge.protocols[0].config.ports, [
      ...Array.from({ length: 5 }, () => ({ priority: 128 })),
      { priority: 16, pathCost: 7 },
    ])
  })

  it("defaults go from the design to the kind to the node", () => {
    const compiled = compile(`
spanningTree: { priority: 8192, maxAge: 10s, forwardDelay: 10s }
defaults:
  link: { rate: 100M, mtu: 9000, loss: 1% }
  switch: { ageing: 60s, spanningTree: { priority: 12288 } }
nodes:
  sw1: { spanningTree: { priority: 4096, profile: linux, pathCost: long } }
  sw2: { ageing: 0s, cam: 100, reserved: flood, spanningTree: { protocol: none } }
links: [{ ends: [sw1, sw2], rate: 10G, name: trunk }, [sw1, sw2]]
`)
    const [one, two] = [switchNamed(compiled, "sw1"), switchNamed(compiled, "sw2")]
    assert.deepStrictEqual(
      [one.spanningTree.priority, one.spanningTree.maxAgeNs, one.spanningTree.profile, one.ageingNs],
      [4096, 10e9, "linux", 60e9],
    )
    assert.deepStrictEqual([two.spanningTree.priority, two.ageingNs, two.camEntries, two.reserved], [12_288, 0, 100, "flood"])
    assert.deepStrictEqual((compiled.plan.nodes[1].config as { protocols: unknown }).protocols, [])
    assert.deepStrictEqual(
      compiled.plan.links.map((link) => [link.name, link.rateBps, link.mtu, link.lossRatio]),
      [
        ["trunk", 10e9, 9000, 0.01],
        ["sw1:2--sw2:2", 100e6, 9000, 0.01],
      ],
    )
  })

  it("a hypervisor with all that belongs to it", () => {
    const { plan, directory } = compile(`
vlans: [10, 20]
nodes:
  sw:
  esx-1:
    uplinks: 2
    memory: 8GiB
    portGroups: { vms: 10, vmotion: { vlan: 20, active: [vmnic1], standby: [vmnic0] }, plain: }
    vmkernel: { vmk1: { portGroup: vmotion, address: 10.0.20.1/24, mtu: 9000, services: [vmotion] } }
    vmotion: { switchoverGoal: 300ms, concurrent: 8 }
    vms: { inner: { address: 10.0.10.2/24, portGroup: plain, touched: 512MiB, writes: { pagesPerSecond: 7 } } }
links: [["esx-1:1", sw], ["esx-1:2", sw]]
vms:
  web-1: { host: esx-1, portGroup: vms, address: 10.0.10.1/24, gateway: 10.0.10.254, memory: 2GiB, touched: 1GiB, writes: { pagesPerSecond: 100, workingSet: 1MiB } }
`)
    const config = plan.nodes[1].config as Record<string, unknown>
    const address = directory.nodes[1].mac!
    assert.strictEqual(plan.nodes[1].kind, "hypervisor-host")
    assert.deepStrictEqual(
      { ...config, vms: undefined },
      {
        address,
        uplinks: 2,
        memoryMib: 8192,
        vSwitches: [
          {
            name: "vSwitch0",
            uplinks: [0, 1],
            portGroups: [
              { name: "vms", vlan: 10 },
              { name: "vmotion", vlan: 20, teaming: { policy: "explicit", active: [1], standby: [0] } },
              { name: "plain" },
            ],
            notifySwitches: true,
          },
        ],
        vmkernel: [
          {
            name: "vmk1",
            portGroup: "vmotion",
            mac: address + 256,
            address: 0x0a001401,
            prefixLength: 24,
            mtu: 9000,
            services: ["vmotion"],
          },
        ],
        vmSlots: 12,
        vms: undefined,
        services: [{ kind: "vmotion", config: { switchoverGoalNs: 300e6, concurrent: 8 } }],
      },
    )
    assert.deepStrictEqual(config.vms, [
      {
        id: 1,
        name: "web-1",
        portGroup: "vms",
        mac: directory.vmByName.get("web-1")?.mac,
        address: 0x0a000a01,
        prefixLength: 24,
        gateway: 0x0a000afe,
        memoryMib: 2048,
        touchedMib: 1024,
        writes: { pagesPerSecond: 100, workingSetPages: 256 },
        poweredOn: true,
      },
      {
        id: 2,
        name: "inner",
        portGroup: "plain",
        mac: directory.vmByName.get("inner")?.mac,
        address: 0x0a000a02,
        prefixLength: 24,
        memoryMib: 1024,
        touchedMib: 512,
        // Without a working set the guest writes to all that it has touched, and no further.
        writes: { pagesPerSecond: 7, workingSetPages: 131_072 },
        poweredOn: true,
      },
    ])
  })
})

describe("stations", () => {
  it("know the VLAN that their frames are in at the switch", () => {
    const { directory } = compile(`
vlans: [1, 10, 20, 30, 40]
nodes:
  sw1: { port: { 2: { mode: trunk, native: 40 } } }
  plain: { address: 10.0.0.1/24 }
  asks: { address: 10.0.10.1/24, vlan: 10 }
  tags: { address: 10.0.20.1/24, tag: 20 }
  esx: { kind: hypervisor, portGroups: { vms: 30, untagged: }, vmkernel: { vmk0: { portGroup: untagged, address: 10.0.40.1/24 } } }
  alone: { address: 10.9.0.1/24 }
vms: { web: { host: esx, portGroup: vms, address: 10.0.30.1/24 } }
links: [[plain, "sw1:1"], [esx, "sw1:2"], [asks, "sw1:3"], [tags, "sw1:4"]]
`)
    assert.deepStrictEqual(
      directory.stations.map(({ name, vlan }) => [name, vlan]),
      [
        ["plain", 1],
        ["asks", 10],
        ["tags", 20],
        ["esx vmk0", 40],
        ["web", 30],
        ["alone", 1],
      ],
    )
  })
})

describe("edge ports where the port does not say", () => {
  const edges = (edgePorts: string): ReadonlyArray<number> => {
    const compiled = compile(`
spanningTree: { protocol: rstp, edgePorts: ${edgePorts} }
vlans: [1, 20]
nodes:
  sw1: { port: { 5: { edge: false } } }
  sw2:
  pc: { address: 10.0.0.1/24 }
  tags: { address: 10.0.20.1/24, tag: 20 }
  esx-1: { kind: hypervisor, uplinks: 1 }
  esx-2: { kind: hypervisor, uplinks: 1 }
links: [[sw2, "sw1:1"], [pc, "sw1:2"], [tags, "sw1:3"], [esx-1, "sw1:4"], [esx-2, "sw1:5"]]
`)
    const bridge = compiled.plan.nodes[0].config as BridgeConfig
    const { ports } = bridge.protocols[0].config as { readonly ports: ReadonlyArray<{ readonly adminEdge?: boolean }> }
    return ports.flatMap(({ adminEdge }, port) => (adminEdge === true ? [port + 1] : []))
  }

  it("are none, those in access mode, or trunks to hosts and hypervisors too", () => {
    assert.deepStrictEqual([edges("none"), edges("access"), edges("hosts")], [[], [2], [2, 3, 4]])
  })
})
