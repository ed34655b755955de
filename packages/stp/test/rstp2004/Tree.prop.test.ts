/**
 * Random networks of rapid bridges against a tree computed another way: after any sequence of failures, repairs and changes, once settled,
 * every port's role is what shortest paths give, and what forwards has no loop.
 */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { type Place, reference } from "../ReferenceTree.ts"
import { RapidLan, type RapidSpec } from "./RapidLan.ts"

const within = (minimum: number, maximum: number) => Schema.Int.check(Schema.isBetween({ minimum, maximum }))

const Change = Schema.Struct({
  what: Schema.Literals(["down", "up", "bridge-priority", "cost", "port-priority"]),
  bridge: within(0, 6),
  port: within(0, 3),
  value: within(0, 9),
})
const Changes = Schema.Array(Change).check(Schema.isMaxLength(4))
const PortSettings = { cost: within(1, 3), priority: within(7, 8) }

/** Cables between bridges, loops and parallels included. */
const Cabled = Schema.Struct({
  priorities: Schema.Array(within(7, 8)).check(Schema.isMinLength(2), Schema.isMaxLength(7)),
  cables: Schema.Array(Schema.Struct({ a: within(0, 6), b: within(0, 6), ...PortSettings })).check(Schema.isMaxLength(12)),
  changes: Changes,
  seed: within(1, 1_000_000),
})

/** Bridges on LANs with any number of ports. */
const Shared = Schema.Struct({
  bridges: Schema.Array(
    Schema.Struct({
      priority: within(7, 8),
      ports: Schema.Array(Schema.Struct({ lan: within(0, 5), ...PortSettings })).check(
        Schema.isMinLength(1),
        Schema.isMaxLength(5),
      ),
    }),
  ).check(Schema.isMinLength(2), Schema.isMaxLength(6)),
  changes: Changes,
  seed: within(1, 1_000_000),
})

const addressOf = (bridge: number): number => 0x020000000000 + bridge * 256

/** Build, change, and compare after each change. */
const conduct = (
  bridges: ReadonlyArray<{
    readonly priority: number
    readonly ports: ReadonlyArray<{ readonly lan: number; readonly cost: number; readonly priority: number }>
  }>,
  changes: typeof Changes.Type,
  seed: number,
  config: RapidSpec["config"] | undefined,
): void => {
  const priorities = bridges.map((bridge) => bridge.priority * 4096)
  const ports = bridges.map((bridge) => bridge.ports.map((port) => ({ ...port, priority: port.priority * 16 })))
  const lan = new RapidLan(
    bridges.map((_, index) => ({
      id: { priority: priorities[index], address: addressOf(index) },
      ports: ports[index],
      ...(config !== undefined && { config }),
    })),
    seed,
  )
  const down = new Set<string>()
  const check = (): void => {
    lan.run(100)
    const ids = priorities.map((priority, bridge) => priority * 2 ** 20 + bridge)
    const places = ports.flatMap((own, bridge): ReadonlyArray<Place> =>
      own.flatMap((port, index) =>
        down.has(`${bridge}.${index}`)
          ? []
          : [{ bridge, port: index, lan: port.lan, cost: port.cost, portId: port.priority * 256 + index + 1 }],
      ),
    )
    reference(ids, places).forEach(({ cost, root, rootPort, roles }, bridge) => {
      const tree = lan.tree(bridge)
      assert.strictEqual(tree.root.address, addressOf(ids.indexOf(root)))
      assert.strictEqual(tree.rootPathCost, cost)
      assert.strictEqual(tree.rootPort, rootPort)
      for (const port of tree.ports) {
        const where = `b${bridge} port ${port.port}`
        const isOwn = port.designatedBridge.address === addressOf(bridge)
        const role = roles[port.port] === "Blocked" ? (isOwn ? "Backup" : "Alternate") : roles[port.port]
        assert.strictEqual(port.role, down.has(`${bridge}.${port.port}`) ? "Disabled" : role, where)
        assert.strictEqual(port.state, port.role === "Root" || port.role === "Designated" ? "forwarding" : "discarding", where)
      }
    })
  }
  check()
  for (const change of changes) {
    const bridge = change.bridge % bridges.length
    if (ports[bridge].length === 0) continue
    const port = change.port % ports[bridge].length
    switch (change.what) {
      case "down":
        lan.plug(bridge, port, false)
        down.add(`${bridge}.${port}`)
        break
      case "up":
        lan.plug(bridge, port, true)
        down.delete(`${bridge}.${port}`)
        break
      case "bridge-priority":
        priorities[bridge] = change.value * 4096
        lan.manage(bridge, { type: "stp.set-bridge-priority", priority: priorities[bridge] })
        break
      case "port-priority":
        ports[bridge][port].priority = change.value * 16
        lan.manage(bridge, { type: "stp.set-port-priority", port, priority: change.value * 16 })
        break
      case "cost":
        ports[bridge][port].cost = change.value + 1
        lan.manage(bridge, { type: "stp.set-path-cost", port, cost: change.value + 1 })
        break
    }
    check()
  }
}

describe("802.1D-2004 on random networks", () => {
  it.prop(
    "of cables settles into the tree of shortest paths",
    { network: Cabled },
    ({ network: { cables, changes, priorities, seed } }) => {
      const bridges = priorities.map((priority) => ({
        priority,
        ports: [] as Array<{ lan: number; cost: number; priority: number }>,
      }))
      cables.forEach(({ a, b, cost, priority }, lan) => {
        for (const end of [a, b]) bridges[end % bridges.length].ports.push({ lan, cost, priority })
      })
      conduct(bridges, changes, seed, undefined)
    },
    { arbitrary: { runs: 100, size: 20 }, timeout: 30_000 },
  )

  it.prop(
    "of shared LANs settles into the tree of shortest paths",
    { network: Shared },
    ({ network: { bridges, changes, seed } }) =>
      conduct(bridges, changes, seed, { ports: Array.from({ length: 5 }, () => ({ adminPointToPointMAC: false })) }),
    { arbitrary: { runs: 100, size: 20 }, timeout: 30_000 },
  )
})
