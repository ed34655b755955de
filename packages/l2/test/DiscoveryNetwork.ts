/** Bridges with control protocols on cables, in emulated time, for tests of protocols between neighbours. */
import { assert } from "vitest"
import type { Command } from "@l2lab/sim/Device"
import type { Digest } from "@l2lab/sim/Digest"
import * as Fingerprint from "@l2lab/sim/Fingerprint"
import * as Replay from "@l2lab/sim/Replay"
import { SECOND } from "@l2lab/sim/SimTime"
import { Simulation } from "@l2lab/sim/Simulation"
import type { TraceDefinition, TraceEvent } from "@l2lab/sim/TraceEvent"
import type { Registry, WorldSpec } from "@l2lab/sim/World"
import { WORLD, type WorldCommand } from "@l2lab/sim/WorldCommand"
import { bridgeKind } from "../src/Bridge.ts"
import type { BridgeConfig, SwitchPort } from "../src/BridgeConfig.ts"
import type { BridgeState } from "../src/BridgeState.ts"
import { Cdp } from "../src/cdp/Entity.ts"
import type { DiscoveryIdentity } from "../src/DiscoveryIdentity.ts"
import { Dtp } from "../src/dtp/Entity.ts"
import type { EthernetFrame } from "../src/EthernetFrame.ts"
import { Lacp } from "../src/lacp/Entity.ts"
import { Lldp } from "../src/lldp/Entity.ts"
import { Pagp } from "../src/pagp/Entity.ts"
import { Udld } from "../src/udld/Entity.ts"
import { Vtp } from "../src/vtp/Entity.ts"

export const KIND = bridgeKind([Lldp, Cdp, Vtp, Dtp, Udld, Lacp, Pagp])

const registry: Registry<EthernetFrame> = {
  kinds: new Map([["bridge", KIND]]),
  fingerprintFrame: (frame: EthernetFrame, digest: Digest) => digest.numbers([frame.source, frame.protocol, frame.wireOctets]),
}

/** A bridge of a network: its ports, and the protocols that it runs with what is their own. */
export interface BridgeSpec {
  readonly ports: ReadonlyArray<SwitchPort>
  readonly protocols: Readonly<Record<string, object>>
  readonly more?: Partial<BridgeConfig>
}

/** A frame that left or reached a port. */
export interface Seen {
  readonly at: number
  readonly node: number
  readonly port: number
  readonly frame: EthernetFrame
  readonly tci: number
}

export const identity = (node: number, ports: number): DiscoveryIdentity => ({
  name: `sw${node + 1}`,
  interfaces: Array.from({ length: ports }, (_, port) => `GigabitEthernet0/${port + 1}`),
  platform: "l2lab",
  version: "l2lab, a test",
})

export const addressOf = (node: number): number => 0x020000010000 + node * 0x1000

type End = readonly [node: number, port: number]

/** The bridges by index, and cables between their ports. */
export class DiscoveryNetwork {
  readonly simulation: Simulation<EthernetFrame>
  readonly spec: WorldSpec
  readonly events: Array<TraceEvent> = []
  readonly seen: Array<Seen> = []

  constructor(bridges: ReadonlyArray<BridgeSpec>, cables: ReadonlyArray<readonly [End, End]>, fullDuplex = true) {
    this.spec = {
      seed: 3,
      nodes: bridges.map(({ more, ports, protocols }, node) => ({
        name: `sw${node + 1}`,
        kind: "bridge",
        config: {
          address: addressOf(node),
          ports,
          vlans: [1, 10, 20, 99],
          protocols: Object.entries(protocols).map(([kind, own]) => ({
            kind,
            config: { identity: identity(node, ports.length), ...own },
          })),
          ...more,
        } satisfies BridgeConfig,
      })),
      links: cables.map(([[a, ap], [b, bp]]) => ({ a: { node: a, port: ap }, b: { node: b, port: bp }, fullDuplex })),
    }
    this.simulation = Simulation.boot(this.spec, registry)
    const ports = bridges.flatMap(({ ports: own }, node) => own.map((_, port) => [node, port] as const))
    this.simulation.listen({
      onTrace: (event) => this.events.push(event),
      onFrame: (worldPort, direction, frame, tci, at) => {
        const [node, port] = ports[worldPort]
        if (direction === "out") this.seen.push({ at, node, port, frame, tci })
      },
    })
    ports.forEach((_, worldPort) => this.simulation.capture(worldPort, true))
  }

  run(seconds: number): this {
    this.simulation.run(this.simulation.now + seconds * SECOND)
    return this
  }

  command(node: number, command: Command): this {
    this.simulation.command(node, command)
    return this
  }

  world(command: WorldCommand): this {
    this.simulation.command(WORLD, command)
    return this
  }

  bridge(node: number): BridgeState {
    const state = this.simulation.world.states[node]
    assert.isNotNull(state)
    return state as BridgeState
  }

  /** The state of a protocol, by its position. */
  protocol<State>(node: number, position = 0): State {
    return this.bridge(node).protocols[position] as State
  }

  /** Events of a kind so far. */
  of({ code }: TraceDefinition): ReadonlyArray<TraceEvent> {
    return this.events.filter((event) => event.code === code)
  }

  /** What the same commands come to, given again to a world made anew. */
  replayed(): string {
    const { commandLog } = this.simulation.world
    return Fingerprint.of(Replay.run(this.spec, registry, commandLog, this.simulation.now))
  }

  get fingerprint(): string {
    return Fingerprint.of(this.simulation)
  }
}
