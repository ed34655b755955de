/** The shipped designs, run: what they are made into does what their comments promise. */
import { assert, describe, it } from "@effect/vitest"
import type { BridgeState } from "@l2lab/l2/BridgeState"
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import type { EndStationState } from "@l2lab/l3/EndStation"
import * as NetworkStack from "@l2lab/l3/NetworkStack"
import type { PingStart } from "@l2lab/l3/StackCommand"
import * as Fingerprint from "@l2lab/sim/Fingerprint"
import type { Simulation } from "@l2lab/sim/Simulation"
import { MILLISECOND, SECOND } from "@l2lab/sim/SimTime"
import * as Query from "@l2lab/stp/stp1998/Query"
import type { State } from "@l2lab/stp/stp1998/State"
import { Result } from "effect"
import { readFileSync } from "node:fs"
import * as Compile from "@l2lab/design/Compile"
import * as Generators from "@l2lab/design/Generators"
import { start } from "@l2lab/design/Start"

const load = (name: string): Compile.Compiled => {
  const compiled = Compile.text(
    readFileSync(new URL(`../../../designs/${name}.l2.yml`, import.meta.url), "utf8"),
    `${name}.l2.yml`,
  )
  if (Result.isFailure(compiled)) throw compiled.failure
  return compiled.success
}

const tree = ({ directory }: Compile.Compiled, simulation: Simulation<EthernetFrame>, name: string): Query.TreeSnapshot => {
  const bridge = simulation.world.states[directory.nodeByName.get(name)!] as BridgeState
  return Query.snapshot(bridge.protocols[0] as State, 0, simulation.now)
}

/** The ports that are blocked, `sw3:2`, over the whole design. */
const blocked = (compiled: Compile.Compiled, simulation: Simulation<EthernetFrame>): ReadonlyArray<string> =>
  compiled.directory.nodes.flatMap((node) =>
    node.kind === "switch"
      ? tree(compiled, simulation, node.name).ports.flatMap((port) =>
          port.role === "Blocked"
            ? [compiled.directory.nodes[compiled.directory.nodeByName.get(node.name)!].ports[port.port].end]
            : [],
        )
      : [],
  )

/** Answered probes of ten that `from` sends to `to`, one each 100 ms. */
const ping = (compiled: Compile.Compiled, simulation: Simulation<EthernetFrame>, from: string, to: string): number => {
  const node = compiled.directory.nodeByName.get(from)!
  const target = compiled.directory.stations.find((station) => station.name === to)!.address
  const command: PingStart = { type: "ping.start", target, everyNs: 100 * MILLISECOND, count: 10 }
  simulation.command(node, command)
  simulation.run(simulation.now + 3 * SECOND)
  return NetworkStack.pings((simulation.world.states[node] as EndStationState).stack).at(-1)!.received
}

const settled = (compiled: Compile.Compiled): Simulation<EthernetFrame> => {
  const simulation = start(compiled.plan)
  simulation.run(40 * SECOND)
  return simulation
}

describe("shipped designs", () => {
  it("two-switches: sw1 is root by its lower address, sw2 blocks its second port", () => {
    const compiled = load("two-switches")
    const simulation = settled(compiled)
    assert.isTrue(tree(compiled, simulation, "sw1").isRoot)
    assert.deepStrictEqual(blocked(compiled, simulation), ["sw2:2"])
  })

  it("triangle: one port blocks, and the PCs reach each other", () => {
    const compiled = load("triangle")
    const simulation = settled(compiled)
    assert.isTrue(tree(compiled, simulation, "sw1").isRoot)
    assert.deepStrictEqual(blocked(compiled, simulation), ["sw3:2"])
    assert.strictEqual(ping(compiled, simulation, "pc1", "pc2"), 10)
  })

  it("line: nothing blocks; VLANs keep to themselves", () => {
    const compiled = load("line")
    const simulation = settled(compiled)
    assert.deepStrictEqual(blocked(compiled, simulation), [])
    assert.strictEqual(ping(compiled, simulation, "pc1", "pc2"), 10)
    assert.strictEqual(ping(compiled, simulation, "phone1", "phone2"), 10)
    assert.strictEqual(ping(compiled, simulation, "phone1", "pc2"), 0)
  })

  it("loop: without spanning tree one broadcast becomes a storm", () => {
    const compiled = load("loop")
    const simulation = start(compiled.plan)
    simulation.command(compiled.directory.nodeByName.get("pc1")!, { type: "arp.announce" })
    simulation.run(1 * SECOND, 100_000)
    assert.isAtLeast(simulation.save().events, 100_000)
    assert.strictEqual(compiled.warnings.length, 1)
  })

  it("two-hosts: the client reaches the VM", () => {
    const compiled = load("two-hosts")
    const simulation = settled(compiled)
    assert.strictEqual(ping(compiled, simulation, "client", "web-1"), 10)
  })

  it("farm-2008: dist-1 is root, every access switch blocks its port to dist-2, every VM is where the directory says", () => {
    const compiled = load("farm-2008")
    const kinds = compiled.network.nodes.map((node) => node.kind)
    assert.deepStrictEqual(
      [kinds.filter((kind) => kind === "switch").length, kinds.filter((kind) => kind === "hypervisor").length],
      [14, 20],
    )
    assert.strictEqual(compiled.directory.vms.length, 240)
    assert.deepStrictEqual(compiled.warnings, [])
    const simulation = settled(compiled)
    assert.isTrue(tree(compiled, simulation, "dist-1").isRoot)
    assert.deepStrictEqual(
      blocked(compiled, simulation),
      Array.from({ length: 12 }, (_, i) => `acc-${i + 1}:2`),
    )
    for (const vm of ["web-1", "web-12", "web-13", "web-240"])
      assert.strictEqual(ping(compiled, simulation, "client", vm), 10, vm)
  })

  it("a port that begins shut down stays out of the tree", () => {
    const compiled = Compile.sure({
      nodes: { sw1: { port: { 1: { shutdown: true } } }, sw2: {} },
      links: [
        ["sw1:1", "sw2:1"],
        ["sw1:2", "sw2:2"],
      ],
    })
    const simulation = settled(compiled)
    assert.deepStrictEqual(blocked(compiled, simulation), [])
    assert.deepStrictEqual(
      tree(compiled, simulation, "sw2").ports.map((port) => port.role),
      ["Disabled", "Root"],
    )
  })

  it("the same design twice has the same fingerprint, and another seed another", () => {
    const compiled = Compile.sure(Generators.farmDesign({ access: 4, hosts: 4, vmsPerHost: 2 }))
    const run = (seed: number) => {
      const simulation = start(compiled.plan, { seed })
      simulation.run(5 * SECOND)
      return Fingerprint.of(simulation)
    }
    assert.strictEqual(run(1), run(1))
    assert.notStrictEqual(run(1), run(2))
  })

  it("what is made from a design is plain data", () => {
    const { plan } = load("farm-2008")
    assert.deepStrictEqual(structuredClone(plan), plan)
    assert.deepStrictEqual(JSON.parse(JSON.stringify(plan)), plan)
  })
})
