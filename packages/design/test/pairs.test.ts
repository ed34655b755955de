/** Pairs in a design: what the devices of both switches are told, what people call their ports, and what a farm of a pair is. */
import { assert, describe, it } from "@effect/vitest"
import type { ChassisConfig } from "@l2lab/vss/chassis/ChassisConfig"
import type { MlagConfig } from "@l2lab/vss/mlag/Settings"
import { Result } from "effect"
import * as Compile from "../src/Compile.ts"
import { format } from "../src/DesignError.ts"
import { bridgePortOf, findBridgePort, findPort, linkPlace } from "../src/Directory.ts"

const compile = (text: string): Compile.Compiled => {
  const compiled = Compile.text(text, "x.l2.yml")
  if (Result.isFailure(compiled)) throw new Error(compiled.failure.findings.map(format).join("\n"))
  return compiled.success
}

const configOf = <C>({ plan }: Compile.Compiled, name: string): C => plan.nodes.find((node) => node.name === name)?.config as C

const VSS = `
spanningTree: {protocol: rstp}
pairs:
  core:
    type: vss
    domain: 10
    vsl: ["core-1:1", "core-1:2", "core-2:1", "core-2:2"]
    switch:
      1: {priority: 110, preempt: true, cards: {3: ["1-2"], 5: ["3-6"]}}
      2: {preempt: 7min}
    dualActive: {fastHello: ["core-1:3", "core-2:3"], exclude: ["core-1:6"]}
    virtualMac: 00:08:e3:ff:fd:34
    spanningTree: {priority: 4096}
    loadBalance: src-dst-ip
    portChannel:
      10: {ports: ["core-1:4", "core-2:4"], rate: fast, priorities: {"core-2:4": 7}}
nodes:
  core-1: {ports: 6, port: {6: {mode: access, vlan: 1}}}
  acc-1: {portChannel: {1: {ports: [1, 2]}}}
links:
  - {ends: ["core-1:1", "core-2:1"], rate: 10G}
  - {ends: ["core-1:2", "core-2:2"], rate: 10G, mtu: 2000}
  - ["core-1:3", "core-2:3"]
  - ["acc-1:1", "core-1:4"]
  - ["acc-1:2", "core-2:4"]
`

describe("a vss in a design", () => {
  const compiled = compile(VSS)
  const one = configOf<ChassisConfig>(compiled, "core-1")
  const two = configOf<ChassisConfig>(compiled, "core-2")

  it("is two chassis with one bridge, whose ports are those of both", () => {
    assert.deepStrictEqual(compiled.warnings, [])
    assert.deepStrictEqual(
      compiled.plan.nodes.map(({ kind, name }) => `${name} ${kind}`),
      ["core-1 chassis", "acc-1 bridge", "core-2 chassis"],
    )
    assert.deepStrictEqual(one.bridge, two.bridge)
    assert.deepStrictEqual(one.ports, [6, 4])
    assert.strictEqual(one.bridge.ports.length, 10)
    const [bundle] = one.bridge.bundles ?? []
    assert.deepStrictEqual(bundle.members, [3, 9])
    assert.strictEqual(bundle.loadBalance, "src-dst-ip")
    const lacp = one.bridge.protocols.find(({ kind }) => kind === "lacp")?.config as { readonly ports: ReadonlyArray<unknown> }
    assert.deepStrictEqual(lacp.ports[9], { mode: "active", rate: "fast", priority: 7 })
    const rstp = one.bridge.protocols[0].config as { readonly priority: number; readonly ports: ReadonlyArray<unknown> }
    assert.strictEqual(rstp.priority, 4096)
    assert.strictEqual(rstp.ports.length, 11)
  })

  it("tells each chassis what is its own", () => {
    const { address: firstAddress, ...first } = one.vslp
    const { address: secondAddress, ...second } = two.vslp
    assert.notStrictEqual(firstAddress, secondAddress)
    assert.deepStrictEqual(first, { domain: 10, switchNumber: 1, links: [0, 1], priority: 110, preemptDelay: 15 * 60e9 })
    assert.deepStrictEqual(second, { domain: 10, switchNumber: 2, links: [0, 1], preemptDelay: 7 * 60e9 })
    assert.deepStrictEqual(one.cards, [
      [0, 1],
      [2, 3, 4, 5],
    ])
    assert.isUndefined(two.cards)
    assert.deepStrictEqual([one.excluded, two.excluded], [[5], undefined])
    assert.strictEqual(one.virtualAddress, 0x0008e3fffd34)
    assert.strictEqual(one.loadBalance, "src-dst-ip")
  })

  it("has VSL cables carry whole frames in frames, unless they say otherwise", () => {
    assert.deepStrictEqual(
      compiled.plan.links.map(({ mtu }) => mtu),
      [9216, 2000, 1500, 1500, 1500],
    )
  })

  it("calls ports switch/slot/port, and finds them by the pair too", () => {
    const { directory } = compiled
    const names = directory.nodes[2].bridgePorts.map(({ end, shortName }) => `${end} ${shortName}`)
    assert.deepStrictEqual(names, [
      "core-1:1 Te1/3/1",
      "core-1:2 Te1/3/2",
      "core-1:3 Gi1/5/3",
      "core-1:4 Gi1/5/4",
      "core-1:5 Gi1/5/5",
      "core-1:6 Gi1/5/6",
      "core-2:1 Te2/1/1",
      "core-2:2 Te2/1/2",
      "core-2:3 Gi2/1/3",
      "core-2:4 Gi2/1/4",
      "core:Po10 Po10",
    ])
    assert.deepStrictEqual(findPort(directory, "core:Gi2/1/4"), { node: 2, port: 3 })
    assert.deepStrictEqual(findPort(directory, "core-2:4"), { node: 2, port: 3 })
    assert.isUndefined(findPort(directory, "core:4"))
    assert.deepStrictEqual(findBridgePort(directory, "core-2:4"), { node: 2, port: 9, places: [{ node: 2, port: 3 }] })
    assert.deepStrictEqual(findBridgePort(directory, "core:Po10")?.places, [
      { node: 0, port: 3 },
      { node: 2, port: 3 },
    ])
    assert.deepStrictEqual(linkPlace(directory, 0, 9), { node: 2, port: 3 })
    assert.strictEqual(bridgePortOf(directory, 2, 3), 9)
    assert.strictEqual(directory.nodes[1].bridgePorts.at(-1)?.peer, "core:Po10")
  })
})

const VPC = `
spanningTree: {protocol: rapid-pvst}
pairs:
  agg:
    type: vpc
    domain: 20
    peerLink: Po1
    keepalive: ["agg-1:3", "agg-2:3"]
    switch: {1: {priority: 100}}
    peerSwitch: true
    autoRecovery: 300s
    delayRestore: 10s
    orphanSuspend: ["agg-2:6"]
    portChannel:
      1: {ports: ["agg-1:1", "agg-1:2", "agg-2:1", "agg-2:2"]}
      10: {ports: ["agg-1:4", "agg-2:4"], mode: passive}
nodes:
  agg-1: {ports: 6, portChannel: {7: {ports: [5], vpc: 70}}}
  agg-2: {ports: 6, portChannel: {8: {ports: [5], vpc: 70}}}
  acc-1: {portChannel: {1: {ports: [1, 2]}}}
  acc-2: {portChannel: {1: {ports: [1, 2]}}}
links:
  - ["agg-1:1", "agg-2:1"]
  - ["agg-1:2", "agg-2:2"]
  - ["agg-1:3", "agg-2:3"]
  - ["acc-1:1", "agg-1:4"]
  - ["acc-1:2", "agg-2:4"]
  - ["acc-2:1", "agg-1:5"]
  - ["acc-2:2", "agg-2:5"]
`

describe("a vpc in a design", () => {
  const compiled = compile(VPC)

  it("is two peers with a bridge each; port-channels of the pair are vPCs of both, but for the peer-link", () => {
    assert.deepStrictEqual(compiled.warnings, [])
    const one = configOf<MlagConfig>(compiled, "agg-1")
    const { bridge, ...own } = one
    assert.deepStrictEqual(own, {
      domain: 20,
      peer: 1,
      peerLink: 6,
      keepalive: 2,
      vpcs: [
        { id: 70, bundle: 1 },
        { id: 10, bundle: 2 },
      ],
      rolePriority: 100,
      peerSwitch: true,
      autoRecoveryNs: 300e9,
      delayRestoreNs: 10e9,
    })
    assert.deepStrictEqual(
      bridge.bundles?.map(({ members }) => members),
      [[0, 1], [4], [3]],
    )
    const two = configOf<MlagConfig>(compiled, "agg-2")
    assert.deepStrictEqual(two.orphanSuspend, [5])
    assert.strictEqual(two.peer, 2)
    assert.isUndefined(two.rolePriority)
  })

  it("leads to the pair from an access switch, and to the other peer by the peer-link", () => {
    const { nodes } = compiled.directory
    const at = (node: number, name: string) => nodes[node].bridgePorts.find(({ shortName }) => shortName === name)?.peer
    assert.strictEqual(at(2, "Po1"), "agg:Po10")
    assert.strictEqual(at(0, "Po1"), "agg-2:1")
  })

  it("takes one port of each as the peer-link, and keepalives over it", () => {
    const text = VPC.replace("peerLink: Po1", 'peerLink: ["agg-1:1", "agg-2:1"]')
      .replace('keepalive: ["agg-1:3", "agg-2:3"]', "keepalive: peer-link")
      .replace(/ {6}1: .*\n/, "")
    const config = configOf<MlagConfig>(compile(text), "agg-2")
    assert.strictEqual(config.peerLink, 0)
    assert.strictEqual(config.keepalive, "peer-link")
  })
})

describe("a farm of a pair", () => {
  const farm = (type: string, more = "") =>
    compile(`spanningTree: {protocol: rapid-pvst}\nfarm: {distribution: ${type}, access: 3, hosts: 2, vmsPerHost: 1${more}}\n`)

  it("bundles its access switches to both, and joins the two", () => {
    for (const type of ["vss", "vpc"] as const) {
      const { directory, plan, warnings } = farm(type)
      assert.deepStrictEqual(warnings, [], type)
      assert.deepStrictEqual(
        plan.links.slice(0, 9).map(({ name }) => name),
        [
          "dist-1:1--dist-2:1",
          "dist-1:2--dist-2:2",
          "dist-1:3--dist-2:3",
          "acc-1:1--dist-1:4",
          "acc-1:2--dist-2:4",
          "acc-2:1--dist-1:5",
          "acc-2:2--dist-2:5",
          "acc-3:1--dist-1:6",
          "acc-3:2--dist-2:6",
        ],
        type,
      )
      const acc = directory.nodes[directory.nodeByName.get("acc-3")!]
      assert.strictEqual(acc.bridgePorts.at(-1)?.peer, "dist:Po13", type)
    }
    assert.deepStrictEqual(
      configOf<MlagConfig>(farm("vpc"), "dist-2").vpcs.map(({ id }) => id),
      [11, 12, 13],
    )
    assert.deepStrictEqual(
      configOf<ChassisConfig>(farm("vss"), "dist-1").bridge.bundles?.map(({ members }) => members),
      [
        [3, 9],
        [4, 10],
        [5, 11],
      ],
    )
  })

  it("takes what its bundles are told, and several cables to each switch", () => {
    const config = configOf<ChassisConfig>(farm("vss", ", interlinks: 1, portChannel: {cables: 2, rate: fast}"), "dist-1")
    assert.deepStrictEqual(config.vslp.links, [0])
    assert.deepStrictEqual(config.bridge.bundles?.[0].members, [2, 3, 10, 11])
    const lacp = config.bridge.protocols.find(({ kind }) => kind === "lacp")?.config as { readonly ports: ReadonlyArray<unknown> }
    assert.deepStrictEqual(lacp.ports[2], { mode: "active", rate: "fast" })
  })

  it("has ordinary bundles where its access switches have one uplink, and none for single cables", () => {
    const { plan, warnings } = farm("vpc", ", dualHomed: false, portChannel: {cables: 2}")
    assert.deepStrictEqual(warnings, [])
    for (const { config, kind } of plan.nodes) if (kind === "mlag-peer") assert.deepStrictEqual((config as MlagConfig).vpcs, [])
    assert.isUndefined(configOf<ChassisConfig>(farm("vss", ", dualHomed: false"), "dist-1").bridge.bundles)
  })

  it("is what pairs say of it besides", () => {
    const compiled = compile(
      "spanningTree: {protocol: rstp}\nfarm: {distribution: vss, access: 1}\npairs: {dist: {type: vss, domain: 77, redundancy: rpr}}\n",
    )
    const { vslp } = configOf<ChassisConfig>(compiled, "dist-2")
    assert.strictEqual(vslp.domain, 77)
    assert.strictEqual(vslp.redundancy, "rpr")
    assert.deepStrictEqual(vslp.links, [0, 1])
  })
})
