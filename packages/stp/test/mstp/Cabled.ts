/** Bridges of any protocol joined by cables, in emulated time. */
import { bridgeKind } from "@l2lab/l2/Bridge"
import type { BridgeState } from "@l2lab/l2/BridgeState"
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import { SECOND } from "@l2lab/sim/SimTime"
import { Simulation } from "@l2lab/sim/Simulation"
import type { TraceEvent } from "@l2lab/sim/TraceEvent"
import { WORLD, type WorldCommand } from "@l2lab/sim/WorldCommand"
import type { MstpCommand } from "../../src/mstp/Command.ts"
import { Mstp } from "../../src/mstp/Entity.ts"
import * as Query from "../../src/mstp/Query.ts"
import type { MstpConfig } from "../../src/mstp/Settings.ts"
import type { State } from "../../src/mstp/State.ts"
import { Pvst, RapidPvst } from "../../src/pvst/Entity.ts"
import { Rstp2004 } from "../../src/rstp2004/Entity.ts"
import * as SpanningTree from "../../src/SpanningTree.ts"
import { Stp1998 } from "../../src/stp1998/Entity.ts"

const kind = bridgeKind([Mstp, Rstp2004, Stp1998, Pvst, RapidPvst])
export const registry = { kinds: new Map([[kind.kind, kind]]), fingerprintFrame: () => {} }

export interface CabledBridge {
  readonly address: number
  readonly protocol: SpanningTree.SpanningTreeKind
  /** Number of ports. */
  readonly ports: number
  readonly config: object
  /** Room for trees. */
  readonly trees?: number
  readonly vlans?: ReadonlyArray<number>
  readonly treeOfVlan?: ReadonlyArray<number>
}

/** A cable between ports, each named by bridge and port. */
export interface CableSpec {
  readonly a: readonly [bridge: number, port: number]
  readonly b: readonly [bridge: number, port: number]
}

export class Cabled {
  readonly simulation: Simulation<EthernetFrame>
  readonly events: Array<TraceEvent> = []

  constructor(bridges: ReadonlyArray<CabledBridge>, cables: ReadonlyArray<CableSpec>, seed?: number) {
    this.simulation = Simulation.boot(
      {
        ...(seed !== undefined && { seed }),
        nodes: bridges.map((bridge, index) => ({
          name: `b${index}`,
          kind: "bridge",
          config: {
            address: bridge.address,
            ports: Array.from({ length: bridge.ports }, () => ({
              mode: "trunk",
              native: 1,
              allowed: bridge.vlans ?? [1],
            })),
            vlans: bridge.vlans ?? [1],
            ...(bridge.treeOfVlan !== undefined && { treeOfVlan: bridge.treeOfVlan }),
            ...(bridge.trees !== undefined && { trees: bridge.trees }),
            protocols: [{ kind: bridge.protocol, config: bridge.config }],
          },
        })),
        links: cables.map(({ a, b }) => ({ a: { node: a[0], port: a[1] }, b: { node: b[0], port: b[1] } })),
      },
      registry,
    )
    this.simulation.listen({ onTrace: (event) => this.events.push(event) })
  }

  run(seconds: number): void {
    this.simulation.run(this.simulation.now + Math.round(seconds * SECOND))
  }

  bridge(bridge: number): BridgeState {
    return this.simulation.world.states[bridge] as BridgeState
  }

  running(bridge: number): SpanningTree.SpanningTree {
    return SpanningTree.of(this.bridge(bridge))!
  }

  mstp(bridge: number): State {
    return this.bridge(bridge).protocols[0] as State
  }

  tree(bridge: number, mstid = 0): Query.TreeSnapshot {
    const state = this.mstp(bridge)
    return Query.snapshot(state, Query.treeOfMstid(state, mstid)!)
  }

  /** `Root forwarding` for each port. */
  describe(bridge: number, mstid = 0): ReadonlyArray<string> {
    return this.tree(bridge, mstid).ports.map((port) => `${port.role} ${port.state}`)
  }

  plug(cable: number, connected: boolean): void {
    this.tell({ type: connected ? "link.connect" : "link.disconnect", link: cable })
  }

  power(bridge: number, on: boolean): void {
    this.tell(on ? { type: "node.power-on", node: bridge } : { type: "node.power-off", node: bridge, keepCarrier: false })
  }

  private tell(command: WorldCommand): void {
    this.simulation.command(WORLD, command)
  }

  manage(bridge: number, command: MstpCommand): void {
    this.simulation.command(bridge, command)
  }
}

/** An MSTP bridge. */
export const mstpBridge = (n: number, ports: number, config: MstpConfig, more: Partial<CabledBridge> = {}): CabledBridge => ({
  address: 0x020000000000 + n * 256,
  protocol: "mstp",
  ports,
  config,
  trees: 1 + Object.keys(config.region?.instances ?? {}).length,
  ...more,
})
