/**
 * Random networks of PVST+ and Rapid PVST+ switches whose trunks carry what they like: after any sequence of failures, repairs and changes, once
 * settled, every VLAN's tree is the one that shortest paths give, over the cables that carry the VLAN at both ends.
 */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import type { SwitchPort } from "@l2lab/l2/BridgeConfig"
import { type Place, reference } from "../ReferenceTree.ts"
import { type Cable, trunk, VlanNetwork } from "./VlanNetwork.ts"

const within = (minimum: number, maximum: number) => Schema.Int.check(Schema.isBetween({ minimum, maximum }))

const VLANS = [1, 2, 30] as const
/** VLANs of a trunk's end, a bit each, seven times out of eight all. */
const Carried = within(0, 56)
const End = Schema.Struct({
  bridge: within(0, 5),
  carried: Carried,
  costs: Schema.Array(within(1, 3)).check(Schema.isMinLength(3), Schema.isMaxLength(3)),
})

const Network = Schema.Struct({
  bridges: Schema.Array(
    Schema.Struct({
      rapid: Schema.Boolean,
      priorities: Schema.Array(within(7, 8)).check(Schema.isMinLength(3), Schema.isMaxLength(3)),
    }),
  ).check(Schema.isMinLength(2), Schema.isMaxLength(6)),
  cables: Schema.Array(Schema.Struct({ a: End, b: End })).check(Schema.isMaxLength(10)),
  changes: Schema.Array(
    Schema.Struct({
      what: Schema.Literals(["down", "up", "priority", "cost"]),
      which: within(0, 9),
      vlan: within(0, 2),
      value: within(0, 9),
    }),
  ).check(Schema.isMaxLength(3)),
  seed: within(1, 1_000_000),
})

interface Port {
  readonly cable: number
  readonly carried: ReadonlyArray<number>
  /** By position in VLANS. */
  readonly costs: Array<number>
}

const carriedOf = (bits: number): ReadonlyArray<number> => (bits < 8 ? VLANS.filter((_, v) => (bits & (1 << v)) !== 0) : VLANS)

const conduct = ({ bridges, cables, changes, seed }: typeof Network.Type): void => {
  const ports: Array<Array<Port>> = bridges.map(() => [])
  const wiring = cables.map(({ a, b }, cable): Cable => {
    const [endA, endB] = [a, b].map((end) => {
      const node = end.bridge % bridges.length
      ports[node].push({ cable, carried: carriedOf(end.carried), costs: [...end.costs] })
      return [node, ports[node].length - 1] as const
    })
    return [endA, endB]
  })
  const priorities = bridges.map((bridge) => bridge.priorities.map((priority) => priority * 4096))
  const network = new VlanNetwork(
    bridges.map(({ rapid }, node) => ({
      run: rapid ? "rapid-pvst" : "pvst",
      ports: ports[node].map((port): SwitchPort => trunk(1, ...port.carried)),
      vlans: VLANS,
      config: {
        vlans: Object.fromEntries(
          VLANS.map((vlan, v) => [
            vlan,
            { priority: priorities[node][v], ports: ports[node].map((port) => ({ pathCost: port.costs[v] })) },
          ]),
        ),
      },
    })),
    wiring,
    seed,
  )
  const down = new Set<number>()

  const checkVlan = (vlan: number, v: number): void => {
    const ids = priorities.map((own, node) => own[v] * 2 ** 20 + node)
    const places = ports.flatMap((own, bridge) =>
      own.flatMap((port, index): ReadonlyArray<Place> =>
        down.has(port.cable) || !port.carried.includes(vlan)
          ? []
          : [{ bridge, port: index, lan: port.cable, cost: port.costs[v], portId: 0x8001 + index }],
      ),
    )
    reference(ids, places).forEach(({ cost, root, rootPort, roles }, bridge) => {
      const where = `vlan ${vlan} on n${bridge}`
      const tree = network.tree(bridge, vlan)
      assert.strictEqual(network.rootOf(bridge, vlan), ids.indexOf(root), where)
      assert.strictEqual(tree.rootPathCost, cost, where)
      assert.strictEqual(tree.rootPort, rootPort, where)
      for (const { port, role, state } of tree.ports) {
        const expected = down.has(ports[bridge][port].cable) ? "Disabled" : roles[port]
        assert.strictEqual(role === "Alternate" || role === "Backup" ? "Blocked" : role, expected, `${where} port ${port}`)
        const forwards = expected === "Root" || expected === "Designated"
        assert.strictEqual(state === "forwarding", forwards, `${where} port ${port} ${state}`)
        assert.strictEqual(network.forwards(bridge, port, vlan), forwards, `${where} port ${port}`)
      }
    })
  }
  const check = (): void => {
    network.run(110)
    VLANS.forEach(checkVlan)
  }

  check()
  for (const { value, vlan, what, which } of changes) {
    const node = which % bridges.length
    if (what === "priority") {
      priorities[node][vlan] = value * 4096
      network.manage(node, { type: "stp.set-bridge-priority", vlan: VLANS[vlan], priority: value * 4096 } as { type: string })
    } else if (what === "cost") {
      if (ports[node].length === 0) continue
      const port = value % ports[node].length
      ports[node][port].costs[vlan] = value + 1
      network.manage(node, { type: "stp.set-path-cost", vlan: VLANS[vlan], port, cost: value + 1 } as { type: string })
    } else if (cables.length > 0) {
      const cable = which % cables.length
      network.plug(cable, what === "up")
      if (what === "up") down.delete(cable)
      else down.add(cable)
    }
    check()
  }
}

describe("trees per VLAN on random networks", () => {
  it.prop("are those of shortest paths, each for itself", { network: Network }, ({ network }) => conduct(network), {
    arbitrary: { runs: 100, size: 20 },
    timeout: 30_000,
  })
})
