import { assert, describe, it } from "@effect/vitest"
import type { BridgeConfig } from "@l2lab/l2/BridgeConfig"
import * as MacAddress from "@l2lab/l2/MacAddress"
import * as Ipv4Address from "@l2lab/l3/Ipv4Address"
import { Result } from "effect"
import * as Addresses from "@l2lab/design/Addresses"
import * as Compile from "@l2lab/design/Compile"
import * as Directory from "@l2lab/design/Directory"
import * as Generators from "@l2lab/design/Generators"
import type { NetworkNode, SwitchNode } from "@l2lab/design/Network"

const compile = (text: string): Compile.Compiled => {
  const compiled = Compile.text(text, "test.l2.yml")
  if (Result.isFailure(compiled)) throw compiled.failure
  return compiled.success
}

const switchNamed = (compiled: Compile.Compiled, name: string): SwitchNode => {
  const node = compiled.network.nodes.find((candidate) => candidate.name === name)
  assert.strictEqual(node?.kind, "switch")
  return node as SwitchNode
}

const macOf = (node: NetworkNode): string =>
  MacAddress.format(node.kind === "host" ? node.station.mac : node.kind === "hub" ? 0 : node.address)

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

describe("a farm whose uplinks are bundles", () => {
  it("has a port-channel at both ends of each, and between distribution switches, and its spanning tree sees one port for each", () => {
    const { directory, network, warnings } = compile(
      "farm: { distribution: 2, access: 3, interlinks: 2, hosts: 2, portChannel: { cables: 3, rate: fast } }\n",
    )
    assert.deepStrictEqual(warnings, [])
    const channels = (name: string) =>
      directory.nodes[directory.nodeByName.get(name)!].bridgePorts.flatMap(({ members, peer, shortName }) =>
        members === undefined ? [] : [`${shortName} ${members.map((port) => port + 1).join(",")} ${peer}`],
      )
    assert.deepStrictEqual(channels("acc-2"), ["Po1 1,2,3 dist-1:6", "Po2 4,5,6 dist-2:6"])
    assert.deepStrictEqual(channels("dist-1"), [
      "Po1 3,4,5 acc-1:1",
      "Po2 6,7,8 acc-2:1",
      "Po3 9,10,11 acc-3:1",
      "Po4002 1,2 dist-2:1",
    ])
    assert.strictEqual(network.links.length, 2 + 3 * 2 * 3 + 4)
    const [{ channels: settings }] = network.nodes.filter((node) => node.kind === "switch")
    assert.deepStrictEqual(
      settings?.channels.map(({ mode, rate }) => `${mode} ${rate}`),
      Array.from({ length: 4 }, () => "active fast"),
    )
  })
})

describe("the farm", () => {
  const farm = compile(
    "farm: { distribution: 2, access: 4, hosts: 6, hostUplinks: 2, vmsPerHost: 3 }\nnodes: { dist-1: { mac: 02:00:00:aa:a0:00 } }\n",
  )

  it("has the parts that were asked for", () => {
    const names = farm.network.nodes.map((node) => node.name)
    assert.deepStrictEqual(names, [
      "dist-1",
      "dist-2",
      "acc-1",
      "acc-2",
      "acc-3",
      "acc-4",
      "esx-1",
      "esx-2",
      "esx-3",
      "esx-4",
      "esx-5",
      "esx-6",
    ])
    assert.strictEqual(farm.directory.vms.length, 18)
    assert.deepStrictEqual(
      farm.directory.vms.slice(2, 5).map((vm) => [vm.id, vm.name, names[vm.node]]),
      [
        [3, "web-3", "esx-1"],
        [4, "web-4", "esx-2"],
        [5, "web-5", "esx-2"],
      ],
    )
  })

  it("is dual-homed: every access switch hangs on both distribution switches, every host on two access switches", () => {
    const ends = farm.network.links.map(({ name, rateBps }) => `${name} ${rateBps / 1e9}G`)
    assert.deepStrictEqual(ends.slice(0, 3), ["dist-1:1--dist-2:1 10G", "acc-1:1--dist-1:2 10G", "acc-1:2--dist-2:2 10G"])
    assert.deepStrictEqual(ends.slice(9, 15), [
      "esx-1:1--acc-1:3 1G",
      "esx-1:2--acc-2:3 1G",
      "esx-2:1--acc-3:3 1G",
      "esx-2:2--acc-4:3 1G",
      "esx-3:1--acc-1:4 1G",
      "esx-3:2--acc-2:4 1G",
    ])
    assert.strictEqual(ends.length, 1 + 4 * 2 + 6 * 2)
  })

  it("makes dist-1 the root and dist-2 the next, and takes what the design adds", () => {
    assert.deepStrictEqual(
      ["dist-1", "dist-2", "acc-1"].map((name) => switchNamed(farm, name).spanningTree.priority),
      [4096, 8192, 32_768],
    )
    assert.strictEqual(macOf(switchNamed(farm, "dist-1")), "02:00:00:aa:a0:00")
  })

  it("a thousand dual-homed access switches are two thousand links and one between the distribution switches", () => {
    const big = Compile.sure(Generators.farmDesign({ access: 1000 }))
    assert.strictEqual(big.plan.nodes.length, 1002)
    assert.strictEqual(big.plan.links.length, 2001)
    assert.deepStrictEqual(
      big.network.nodes.slice(0, 3).map((node) => node.ports),
      [1001, 1001, 2],
    )
    assert.strictEqual(new Set(big.network.nodes.map(macOf)).size, 1002)
  })
})

describe("other shapes", () => {
  it("line, ring, grid and tree", () => {
    const sizes = [Generators.line(10), Generators.ring(3, 1), Generators.grid(7, 7), Generators.tree([10, 10], 10)].map(
      (design) => {
        const { plan } = Compile.sure(design)
        return [plan.nodes.length, plan.links.length]
      },
    )
    assert.deepStrictEqual(sizes, [
      [12, 11],
      [4, 4],
      [49, 84],
      [1111, 1110],
    ])
  })
})

describe("addresses", () => {
  const macs = (text: string): ReadonlyMap<string, string> =>
    new Map(compile(text).network.nodes.map((node) => [node.name, macOf(node)]))

  it("adding nodes changes nobody's address", () => {
    const before = macs("nodes: { sw1:, sw2:, core:, pc: { address: 10.0.0.1/24 } }\n")
    const after = macs(
      "nodes: { zz:, sw9:, sw1:, aa:, sw2:, core:, pc0: { address: 10.0.0.9/24 }, pc: { address: 10.0.0.1/24 }, esx: { kind: hypervisor } }\n",
    )
    for (const [name, mac] of before) assert.strictEqual(after.get(name), mac, name)
  })

  it("sort by number, so that sw1 wins among equals", () => {
    const found = macs("nodes: { sw10:, sw2:, sw1: }\n")
    assert.isTrue(found.get("sw1")! < found.get("sw2")! && found.get("sw2")! < found.get("sw10")!)
  })

  it("bridges leave room for their ports, and everything is locally administered", () => {
    const { network } = Compile.sure(Generators.farmDesign({ access: 300, hosts: 50, vmsPerHost: 4 }))
    const bridges = network.nodes.flatMap((node) => (node.kind === "switch" || node.kind === "hypervisor" ? [node.address] : []))
    const sorted = [...bridges].sort((a, b) => a - b)
    for (let i = 1; i < sorted.length; i++) assert.isAtLeast(sorted[i] - sorted[i - 1], Addresses.BLOCK)
    for (const address of bridges)
      assert.isTrue(MacAddress.isLocal(address) && !MacAddress.isGroup(address) && address % Addresses.BLOCK === 0)
  })

  it("names that meet in one address part", () => {
    const taken = Addresses.noneTaken()
    const made = Array.from({ length: 300 }, () => Addresses.allot(taken, "host", "same"))
    assert.strictEqual(new Set(made).size, made.length)
  })

  it("keep clear of those that the design gives", () => {
    const own = macs("nodes: { sw1: }\n").get("sw1")!
    const taken = macs(`nodes: { sw1:, other: { mac: "${own}" } }\n`)
    assert.notStrictEqual(taken.get("sw1"), own)
    assert.strictEqual(taken.get("other"), own)
    const host = macs(`nodes: { sw1:, pc: { address: 10.0.0.1/24, mac: "${own.slice(0, -1)}5" } }\nlinks: [[sw1, pc]]\n`)
    assert.notStrictEqual(host.get("sw1"), own)
  })
})

describe("the directory", () => {
  const { directory } = compile(`
vlans: { 10: vms }
defaults: { link: { rate: 100M } }
nodes:
  sw1: { ports: 4, port: { 4: { description: to the attic } } }
  sw2:
  pc: { address: 10.0.0.1/24 }
  esx: { kind: hypervisor, uplinks: 2, vmkernel: { vmk0: { portGroup: vms, address: 10.0.0.2/24 } }, portGroups: { vms: 10 } }
links: [{ ends: [sw1, sw2], rate: 10G }, { ends: [sw1, pc], rate: 1G }, [sw1, esx]]
vms: { web: { host: esx, portGroup: vms, address: 10.0.0.3/24 } }
`)

  it("names ports as Catalyst users do, by the rate of their link", () => {
    assert.deepStrictEqual(
      directory.nodes[0].ports.map((port) => [port.name, port.shortName, port.end, port.peer, port.description]),
      [
        ["TenGigabitEthernet0/1", "Te0/1", "sw1:1", "sw2:1", undefined],
        ["GigabitEthernet0/2", "Gi0/2", "sw1:2", "pc:1", undefined],
        ["FastEthernet0/3", "Fa0/3", "sw1:3", "esx:1", undefined],
        ["FastEthernet0/4", "Fa0/4", "sw1:4", undefined, "to the attic"],
      ],
    )
    assert.deepStrictEqual(
      directory.nodes[3].ports.map((port) => port.name),
      ["vmnic0", "vmnic1"],
    )
  })

  it("finds ports by number and by name", () => {
    const at = (text: string) => Directory.findPort(directory, text)
    assert.deepStrictEqual(at("sw1:2"), { node: 0, port: 1 })
    assert.deepStrictEqual(at("sw1:gi0/2"), { node: 0, port: 1 })
    assert.deepStrictEqual(at("sw1:TenGigabitEthernet0/1"), { node: 0, port: 0 })
    assert.deepStrictEqual(at("esx:vmnic1"), { node: 3, port: 1 })
    assert.deepStrictEqual(at("pc"), { node: 2, port: 0 })
    assert.strictEqual(at("sw1"), undefined)
    assert.strictEqual(at("sw1:5"), undefined)
    assert.strictEqual(at("sw1:0"), undefined)
    assert.strictEqual(at("nobody:1"), undefined)
  })

  it("knows stations by address", () => {
    const who = (address: number) => directory.stationByAddress.get(address)?.name
    assert.deepStrictEqual([who(0x0a000001), who(0x0a000002), who(0x0a000003)], ["pc", "esx vmk0", "web"])
    assert.strictEqual(directory.stationByMac.get(directory.vmByName.get("web")!.mac)?.vm, 1)
  })

  it("has its VMs in several VLANs in turn, each with its own network", () => {
    const { directory, network } = compile(`
farm:
  access: 2
  hosts: 2
  vmsPerHost: 2
  vms: [{ vlan: 10, network: 10.10.0.0/16 }, { vlan: 11, network: 10.11.0.0/16 }, { vlan: 12, network: 10.12.0.0/16 }]
`)
    assert.deepStrictEqual(
      directory.stations.flatMap(({ address, kind, name, vlan }) =>
        kind === "vm" ? [[name, vlan, Ipv4Address.format(address)]] : [],
      ),
      [
        ["web-1", 10, "10.10.0.101"],
        ["web-2", 11, "10.11.0.102"],
        ["web-3", 12, "10.12.0.103"],
        ["web-4", 10, "10.10.0.104"],
      ],
    )
    assert.deepStrictEqual(
      network.vlans.map(({ id }) => id),
      [1, 10, 11, 12, 20],
    )
    const small = Compile.text(
      "farm: { hosts: 60, vmsPerHost: 3, vms: [{ vlan: 10 }, { vlan: 11, network: 10.1.1.0/24 }] }\n",
      "x.l2.yml",
    )
    assert.isTrue(Result.isFailure(small))
    if (Result.isFailure(small)) {
      assert.match(small.failure.message, /^x\.l2\.yml:1:\d+: farm\.vms\[1\]\.network: 10\.1\.1\.0\/24 has room for 154 VMs/)
    }
  })
})
