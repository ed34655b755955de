/** Farms and other shapes, the addresses that nodes get, and what they are called. */
import { assert, describe, it } from "@effect/vitest"
import * as MacAddress from "@l2lab/l2/MacAddress"
import * as Ipv4Address from "@l2lab/l3/Ipv4Address"
import { Result } from "effect"
import * as Addresses from "@l2lab/design/Addresses"
import * as Compile from "@l2lab/design/Compile"
import * as Directory from "@l2lab/design/Directory"
import * as Generators from "@l2lab/design/Generators"
import { compile, switchNamed, macOf } from "./Compiled.ts"

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
