/** Two pairs on one vPC, four cables crosswise: a double-sided vPC; and what comes of it when both pairs have one domain number. */
import type { SwitchPort } from "@l2lab/l2/BridgeConfig"
import * as LacpQuery from "@l2lab/l2/lacp/Query"
import { SECOND } from "@l2lab/sim/SimTime"
import { Simulation } from "@l2lab/sim/Simulation"
import type { LinkSpec, NodeSpec } from "@l2lab/sim/World"
import { assert, describe, it } from "vitest"
import type { MlagConfig } from "../../src/mlag/Settings.ts"
import type { State } from "../../src/mlag/State.ts"
import { registry } from "./PairFarm.ts"

const TRUNK: SwitchPort = { mode: "trunk", native: 1, allowed: [1, 10] }
const ACCESS: SwitchPort = { mode: "access", vlan: 10 }

// Ports: 0 the peer-link, 1 the keepalive, 2 and 3 the vPC's, 4 a host's.
const peer = (node: number, domain: number): NodeSpec => {
  const ports = [TRUNK, TRUNK, TRUNK, TRUNK, ACCESS]
  const members = [2, 3]
  const config: MlagConfig = {
    bridge: {
      address: 0x020000100000 + node * 0x10000,
      ports,
      vlans: [1, 10],
      bundles: [{ members, isStatic: false, switchPort: TRUNK, loadBalance: "src-dst-mac" }],
      protocols: [
        { kind: "rstp2004", config: { priority: 8192 + node * 4096 } },
        {
          kind: "lacp",
          config: {
            groups: [{ bundle: 0, key: 1, members }],
            ports: ports.map((_, port) => (members.includes(port) ? { mode: "active", rate: "fast" } : undefined)),
          },
        },
      ],
    },
    domain,
    peer: node % 2 === 0 ? 1 : 2,
    peerLink: 0,
    keepalive: 1,
    vpcs: [{ id: 1, bundle: 0 }],
    delayRestoreNs: 5 * SECOND,
  }
  return { name: `p${node + 1}`, kind: "mlag-peer", config }
}

const boot = (domains: readonly [number, number]) => {
  const nodes = [0, 1, 2, 3].map((node) => peer(node, domains[node < 2 ? 0 : 1]))
  const links: Array<LinkSpec> = [0, 2].flatMap((node) =>
    [0, 1].map((port) => ({ a: { node, port }, b: { node: node + 1, port } })),
  )
  for (const left of [0, 1])
    for (const right of [0, 1]) links.push({ a: { node: left, port: 2 + right }, b: { node: 2 + right, port: 2 + left } })
  for (let node = 0; node < 4; node++) {
    nodes.push({ name: `h${node + 1}`, kind: "host", config: null })
    links.push({ a: { node, port: 4 }, b: { node: 4 + node, port: 0 } })
  }
  const simulation = Simulation.boot({ seed: 1, nodes, links }, registry)
  simulation.run(60 * SECOND)
  /** Copies that each host heard of one that host `h` sent to all. */
  const heard = (h: number, word: number): ReadonlyArray<number> => {
    simulation.command(4 + h, { type: "say", from: 0x060000000001 + h, to: 0xffffffffffff, word } as never)
    simulation.run(simulation.now + SECOND)
    return [0, 1, 2, 3].map((node) => (simulation.world.states[4 + node] as { heard: Map<number, number> }).heard.get(word) ?? 0)
  }
  return { simulation, heard, state: (node: number): State => simulation.world.states[node] as State }
}

describe("two pairs", () => {
  it("of two domains are two switches on one bundle of four cables", () => {
    const { heard, simulation, state } = boot([10, 20])
    for (let node = 0; node < 4; node++) {
      assert.deepStrictEqual([state(node).localUp[0], state(node).peerUp[0], state(node).bridge.bundles!.active[0]], [1, 1, 2])
    }
    for (let h = 0; h < 4; h++)
      assert.deepStrictEqual(
        heard(h, h + 1),
        [0, 1, 2, 3].map((other) => (other === h ? 0 : 1)),
      )
    simulation.command(-1, { type: "link.disconnect", link: 4 } as never)
    simulation.command(-1, { type: "link.disconnect", link: 7 } as never)
    simulation.run(simulation.now + 5 * SECOND)
    for (let h = 0; h < 4; h++)
      assert.deepStrictEqual(
        heard(h, h + 11),
        [0, 1, 2, 3].map((other) => (other === h ? 0 : 1)),
      )
  })

  it("of one domain are one system to LACP, which bundles nothing with itself: the legs are suspended, and nothing loops", () => {
    const { heard, simulation, state } = boot([10, 10])
    for (let node = 0; node < 4; node++) {
      assert.deepStrictEqual([state(node).localUp[0], state(node).bridge.bundles!.active[0]], [0, 0])
      assert.strictEqual(LacpQuery.groupsOf(state(node).bridge, simulation.now)[0].ports[0].standing, "suspended")
    }
    assert.deepStrictEqual(heard(0, 1), [0, 1, 0, 0])
  })
})
