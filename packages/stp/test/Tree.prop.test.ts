/**
 * Random networks against a tree computed another way: after any sequence of failures, repairs and changes of priority, once settled,
 * every port's role and vector is what shortest paths give. Until then, at every second, what forwards has no loop.
 */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { Lan, type BridgeSpec } from "./Lan.ts"
import { reference } from "./ReferenceTree.ts"

const within = (minimum: number, maximum: number) => Schema.Int.check(Schema.isBetween({ minimum, maximum }))

// Few values of each, so that every rung of the comparisons gets to decide.
const Port = Schema.Struct({ lan: within(0, 5), cost: within(1, 3), priority: within(7, 8) })
const Bridge = Schema.Struct({
  priority: within(7, 8),
  ports: Schema.Array(Port).check(Schema.isMinLength(1), Schema.isMaxLength(5)),
})
const Change = Schema.Struct({
  what: Schema.Literals(["down", "up", "move", "bridge-priority", "cost"]),
  bridge: within(0, 6),
  port: within(0, 3),
  value: within(0, 9),
})
const Network = Schema.Struct({
  bridges: Schema.Array(Bridge).check(Schema.isMinLength(2), Schema.isMaxLength(7)),
  changes: Schema.Array(Change).check(Schema.isMaxLength(3)),
})

/** Whether the ports that forward join bridges and LANs without a loop. */
const hasLoop = (lan: Lan, bridges: number): boolean => {
  const parent = new Map<string, string>()
  const find = (x: string): string => {
    const up = parent.get(x) ?? x
    return up === x ? x : find(up)
  }
  for (let bridge = 0; bridge < bridges; bridge++) {
    for (const { port, state } of lan.tree(bridge).ports) {
      if (state !== "forwarding") continue
      const a = find(`bridge ${bridge}`)
      const b = find(`lan ${lan.lanOf(bridge, port)}`)
      if (a === b) return true
      parent.set(a, b)
    }
  }
  return false
}

describe("802.1D-1998 on random networks", () => {
  it.prop(
    "settles into the tree of shortest paths, and never forwards in a loop on the way",
    { network: Network },
    ({ network }) => {
      const priorities = network.bridges.map((bridge) => bridge.priority * 4096)
      const addressOf = (bridge: number): number => 0x020000000000 + bridge * 256
      const specs: ReadonlyArray<BridgeSpec> = network.bridges.map((bridge, index) => ({
        id: { priority: priorities[index], address: addressOf(index) },
        ports: bridge.ports.map((port) => ({ lan: port.lan, cost: port.cost, priority: port.priority * 16 })),
      }))
      const lan = new Lan(specs)
      const costs = network.bridges.map((bridge) => bridge.ports.map((port) => port.cost))
      const down = new Set<string>()

      const settle = (): void => {
        for (let second = 0; second < 90; second++) {
          lan.run(1)
          assert.isFalse(hasLoop(lan, specs.length), `a forwarding loop at ${lan.simulation.now / 1e9} s`)
        }
      }
      const check = (): void => {
        // Identifiers as one number, so that they compare.
        const ids = priorities.map((priority, bridge) => priority * 2 ** 20 + bridge)
        const places = specs.flatMap((spec, bridge) =>
          spec.ports.flatMap((port, index) =>
            down.has(`${bridge}.${index}`)
              ? []
              : [
                  {
                    bridge,
                    port: index,
                    lan: lan.lanOf(bridge, index),
                    cost: costs[bridge][index],
                    portId: port.priority! * 256 + index + 1,
                  },
                ],
          ),
        )
        const expected = reference(ids, places)
        expected.forEach(({ cost, root, rootPort, roles }, bridge) => {
          const tree = lan.tree(bridge)
          assert.strictEqual(
            ids.findIndex((_, other) => addressOf(other) === tree.root.address),
            ids.indexOf(root),
          )
          assert.strictEqual(tree.rootPathCost, cost)
          assert.strictEqual(tree.rootPort, rootPort)
          for (const port of tree.ports) {
            if (down.has(`${bridge}.${port.port}`)) {
              assert.strictEqual(port.state, "disabled")
              continue
            }
            assert.strictEqual(port.role, roles[port.port], `b${bridge} port ${port.port}`)
            assert.strictEqual(port.state, port.role === "Blocked" ? "blocking" : "forwarding", `b${bridge} port ${port.port}`)
          }
        })
      }

      settle()
      check()
      for (const change of network.changes) {
        const bridge = change.bridge % specs.length
        const port = change.port % specs[bridge].ports.length
        switch (change.what) {
          case "down":
            lan.down(bridge, port)
            down.add(`${bridge}.${port}`)
            break
          case "up":
            lan.up(bridge, port)
            down.delete(`${bridge}.${port}`)
            break
          case "move":
            lan.move(bridge, port, change.value % 6)
            down.delete(`${bridge}.${port}`)
            break
          case "bridge-priority":
            priorities[bridge] = change.value * 4096
            lan.manage(bridge, { type: "stp.set-bridge-priority", priority: priorities[bridge] })
            break
          case "cost":
            costs[bridge][port] = change.value + 1
            lan.manage(bridge, { type: "stp.set-path-cost", port, cost: change.value + 1 })
            break
        }
        settle()
        check()
      }
    },
    { arbitrary: { runs: 120, size: 20 }, timeout: 30_000 },
  )
})
