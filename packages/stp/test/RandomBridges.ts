/** Random bridges, cables, and what may happen to them: for tests that have kinds of bridges go the same way. */
import type { BridgeConfig } from "@l2lab/l2/BridgeConfig"
import type { Command } from "@l2lab/sim/Device"
import type { LinkSpec, NodeSpec, WorldSpec } from "@l2lab/sim/World"
import { WORLD, type WorldCommand } from "@l2lab/sim/WorldCommand"
import type { Rstp2004Command } from "../src/rstp2004/Command.ts"
import type { Stp1998Command } from "../src/stp1998/Command.ts"
import type { Draw } from "./simulation/Draw.ts"

/** Bridges and cables, parallel ones and loops included. */
export const draw = (from: Draw, protocol: () => BridgeConfig["protocols"][number]): WorldSpec => {
  const bridges = from.between(2, 8)
  const ports = Array.from({ length: bridges }, () => 0)
  const links: Array<LinkSpec> = []
  for (let cable = from.between(bridges, 2 * bridges + 2); cable > 0; cable--) {
    const [a, b] = [from.between(0, bridges - 1), from.between(0, bridges - 1)]
    links.push({ a: { node: a, port: ports[a]++ }, b: { node: b, port: ports[b]++ }, fullDuplex: from.chance(80) })
  }
  const nodes = ports.map((count, index): NodeSpec => ({
    name: `b${index}`,
    kind: "bridge",
    config: {
      address: 0x020000000000 + index * 256,
      ports: Array.from({ length: count }, () => ({ mode: "access", vlan: 1 })),
      vlans: [1],
      protocols: [protocol()],
    } satisfies BridgeConfig,
  }))
  return { seed: from.between(1, 1_000_000), nodes, links }
}

/** One of them, and the node that it happens to; `checksMigration`: the bridges know `stp.check-migration`. */
export const fault = (from: Draw, { links, nodes }: WorldSpec, checksMigration: boolean): readonly [node: number, Command] => {
  const node = from.between(0, nodes.length - 1)
  const link = from.between(0, links.length - 1)
  const world = (command: WorldCommand): readonly [number, Command] => [WORLD, command]
  const bridge = (command: Rstp2004Command | Stp1998Command): readonly [number, Command] => [node, command]
  const port = 0
  return from.one([
    world({ type: "link.disconnect", link }),
    world({ type: "link.connect", link }),
    world({ type: "link.direction", link, from: "a", alive: false }),
    ...links.map((_, every) => world({ type: "link.direction", link: every, from: "a", alive: true })),
    world({ type: "node.power-off", node, keepCarrier: from.chance(50) }),
    world({ type: "node.power-on", node }),
    bridge({ type: "stp.set-bridge-priority", priority: from.between(7, 9) * 4096 }),
    ...((nodes[node].config as BridgeConfig).ports.length === 0
      ? []
      : [
          bridge({ type: "stp.set-port-priority", port, priority: from.between(7, 9) * 16 }),
          bridge({ type: "stp.set-path-cost", port, cost: from.between(1, 9) * 10_000 }),
          ...(checksMigration ? [bridge({ type: "stp.check-migration", port })] : []),
          bridge({ type: "stp.set-port-enabled", port, enabled: from.chance(70) }),
        ]),
    bridge({ type: "stp.set-bridge-times", helloTime: from.between(1, 2), maxAge: 20, forwardDelay: from.between(11, 15) }),
  ])
}
