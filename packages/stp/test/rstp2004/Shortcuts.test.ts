/**
 * What an RSTP bridge leaves out to be fast (ports that nothing happened to, roles that cannot have changed, messages that say nothing new) is
 * left out without a trace: random networks with random faults go the same way, to the last bit, by bridges that look at everything again
 * after each step; and by bridges that are watched, which take no message for known.
 */
import { assert, describe, it } from "@effect/vitest"
import { bridgeKind } from "@l2lab/l2/Bridge"
import type { BridgeConfig } from "@l2lab/l2/BridgeConfig"
import { type ControlActions, ControlProtocolKind } from "@l2lab/l2/ControlProtocol"
import * as EthernetFrame from "@l2lab/l2/EthernetFrame"
import type { Command } from "@l2lab/sim/Device"
import * as Fingerprint from "@l2lab/sim/Fingerprint"
import { MILLISECOND, SECOND, type SimTime } from "@l2lab/sim/SimTime"
import { Simulation } from "@l2lab/sim/Simulation"
import type { LinkSpec, NodeSpec, Registry, WorldSpec } from "@l2lab/sim/World"
import { WORLD, type WorldCommand } from "@l2lab/sim/WorldCommand"
import * as Bpdu from "../../src/Bpdu.ts"
import type { Rstp2004Command } from "../../src/rstp2004/Command.ts"
import * as Engine from "../../src/rstp2004/Engine.ts"
import { Rstp2004 } from "../../src/rstp2004/Entity.ts"
import { LOOK_AT_ALL, type State } from "../../src/rstp2004/State.ts"
import { Draw } from "../simulation/Draw.ts"

/** Look at everything: every machine of every port, and every port's role. */
const lookAgain = (state: State, now: SimTime, actions: ControlActions): void => {
  state.repeated.fill(null)
  state.reselect.fill(1)
  state.selected.fill(0)
  state.dirty.fill(LOOK_AT_ALL)
  state.woken.fill(1)
  for (let tree = 0; tree < state.trees; tree++) Engine.run(state, tree, now, actions)
}

const Thorough: typeof Rstp2004 = new ControlProtocolKind({
  ...Rstp2004,
  onPdu: (state, port, frame, tci, now, actions) => {
    Rstp2004.onPdu(state, port, frame, tci, now, actions)
    lookAgain(state, now, actions)
  },
  onTimer: (state, timer, now, actions) => {
    Rstp2004.onTimer(state, timer, now, actions)
    lookAgain(state, now, actions)
  },
  onPort: (state, port, status, now, actions) => {
    Rstp2004.onPort(state, port, status, now, actions)
    lookAgain(state, now, actions)
  },
  onCommand: (state, command, now, actions) => {
    Rstp2004.onCommand(state, command, now, actions)
    lookAgain(state, now, actions)
  },
})

const registryOf = (protocol: typeof Rstp2004): Registry<EthernetFrame.EthernetFrame> => {
  const kind = bridgeKind([protocol])
  return {
    kinds: new Map([[kind.kind, kind]]),
    fingerprintFrame: ({ payload }, digest) => digest.numbers(Bpdu.emit(payload as Bpdu.Bpdu)),
  }
}

/** Bridges and cables, parallel ones and loops included. */
const draw = (from: Draw): WorldSpec => {
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
      protocols: [{ kind: Rstp2004.kind, config: { forceProtocolVersion: from.chance(85) ? 2 : 0, autoEdge: from.chance(50) } }],
    } satisfies BridgeConfig,
  }))
  return { seed: from.between(1, 1_000_000), nodes, links }
}

const fault = (from: Draw, { links, nodes }: WorldSpec): readonly [node: number, Command] => {
  const node = from.between(0, nodes.length - 1)
  const link = from.between(0, links.length - 1)
  const world = (command: WorldCommand): readonly [number, Command] => [WORLD, command]
  const bridge = (command: Rstp2004Command): readonly [number, Command] => [node, command]
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
          bridge({ type: "stp.check-migration", port }),
          bridge({ type: "stp.set-port-enabled", port, enabled: from.chance(70) }),
        ]),
    bridge({ type: "stp.set-bridge-times", helloTime: from.between(1, 2), maxAge: 20, forwardDelay: from.between(11, 15) }),
  ])
}

describe("an RSTP bridge that looks at few ports", () => {
  it("goes the way of one that looks at all, and of one that is watched: 20 networks", { timeout: 60_000 }, () => {
    const registries = [registryOf(Rstp2004), registryOf(Thorough), registryOf(Rstp2004)]
    for (let seed = 1; seed <= 20; seed++) {
      const from = new Draw(seed, "shortcuts")
      const spec = draw(from)
      const runs = registries.map((registry) => Simulation.boot(spec, registry))
      let watched = 0
      runs[2].listen({ onTrace: () => watched++ })
      for (let step = 0; step < 15; step++) {
        const pause = from.one([10 * MILLISECOND, SECOND, 4 * SECOND, 30 * SECOND])
        const [node, command] = fault(from, spec)
        const fingerprints = runs.map((simulation, which) => {
          simulation.run(simulation.now + pause)
          const text = Fingerprint.ofWorld(simulation.save(), registries[which])
          simulation.command(node, command)
          return text
        })
        assert.deepStrictEqual(fingerprints.slice(1), [fingerprints[0], fingerprints[0]], `seed ${seed}, step ${step}`)
      }
      assert.isAbove(watched, 0)
    }
  })
})
