/** Networks of rapid bridges, bridges forced to version 0, and 802.1D-1998 bridges on LANs, in emulated time. */
import { bridgeKind } from "@l2lab/l2/Bridge"
import type { BridgeState } from "@l2lab/l2/BridgeState"
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import type { AnyDeviceKind } from "@l2lab/sim/Device"
import { SECOND } from "@l2lab/sim/SimTime"
import { Simulation } from "@l2lab/sim/Simulation"
import type { TraceEvent } from "@l2lab/sim/TraceEvent"
import { WORLD, type WorldCommand } from "@l2lab/sim/WorldCommand"
import type { Rstp2004Command } from "../../src/rstp2004/Command.ts"
import { Rstp2004 } from "../../src/rstp2004/Entity.ts"
import * as Query2004 from "../../src/rstp2004/Query.ts"
import type { Rstp2004Config } from "../../src/rstp2004/Settings.ts"
import type { State as State2004 } from "../../src/rstp2004/State.ts"
import { Stp1998 } from "../../src/stp1998/Entity.ts"
import * as Query1998 from "../../src/stp1998/Query.ts"
import type { State as State1998 } from "../../src/stp1998/State.ts"
import { type BridgeSpec, Ether, type Move } from "../Lan.ts"

const kinds: ReadonlyArray<AnyDeviceKind<EthernetFrame>> = [bridgeKind([Rstp2004, Stp1998]), Ether]
const registry = { kinds: new Map(kinds.map((kind) => [kind.kind, kind])), fingerprintFrame: () => {} }

export interface RapidSpec extends BridgeSpec {
  readonly protocol?: "rstp2004" | "stp1998"
  readonly config?: Rstp2004Config
}

export class RapidLan {
  readonly simulation: Simulation<EthernetFrame>
  readonly events: Array<TraceEvent> = []
  private readonly firstPort: ReadonlyArray<number>
  private readonly specs: ReadonlyArray<RapidSpec>

  constructor(specs: ReadonlyArray<RapidSpec>, seed?: number) {
    this.specs = specs
    const ports = specs.flatMap((bridge, node) => bridge.ports.map((port, index) => ({ node, index, ...port })))
    let first = 0
    this.firstPort = specs.map((bridge) => (first += bridge.ports.length) - bridge.ports.length)
    this.simulation = Simulation.boot(
      {
        ...(seed !== undefined && { seed }),
        nodes: [
          ...specs.map((bridge, index) => ({
            name: `b${index}`,
            kind: "bridge",
            config: {
              address: bridge.id.address,
              ports: bridge.ports.map(() => ({ mode: "access", vlan: 1 })),
              vlans: [1],
              protocols: [
                {
                  kind: bridge.protocol ?? "rstp2004",
                  config: {
                    ...bridge.config,
                    priority: bridge.id.priority,
                    ports: bridge.ports.map(({ cost, priority }, port) => ({
                      ...bridge.config?.ports?.[port],
                      pathCost: cost ?? 10,
                      ...(priority !== undefined && { priority }),
                    })),
                  },
                },
              ],
            },
          })),
          { name: "ether", kind: "ether", config: { lanOf: ports.map((port) => port.lan) } },
        ],
        links: ports.map(({ index, node }, k) => ({ a: { node, port: index }, b: { node: specs.length, port: k } })),
      },
      registry,
    )
    this.simulation.listen({ onTrace: (event) => this.events.push(event) })
  }

  run(seconds: number): void {
    this.simulation.run(this.simulation.now + Math.round(seconds * SECOND))
  }

  /** Seconds from `at` to the last change of a port's role or state on any bridge; 0 if there was none. */
  lastChangeSince(at: number): number {
    const last = this.events.findLast((event) => event.code === 0x201 || event.code === 0x202)
    return last === undefined || last.at < at ? 0 : (last.at - at) / SECOND
  }

  tree(bridge: number): Query2004.TreeSnapshot | Query1998.TreeSnapshot {
    const [protocol] = (this.simulation.world.states[bridge] as BridgeState).protocols
    return this.specs[bridge].protocol === "stp1998"
      ? Query1998.snapshot(protocol as State1998, 0, this.simulation.now)
      : Query2004.snapshot(protocol as State2004, 0)
  }

  /** A port of a rapid bridge. */
  port(bridge: number, port: number): Query2004.PortSnapshot {
    const [protocol] = (this.simulation.world.states[bridge] as BridgeState).protocols
    return Query2004.portSnapshot(protocol as State2004, 0, port)
  }

  /** `Root forwarding` for each port. */
  describe(bridge: number): ReadonlyArray<string> {
    return this.tree(bridge).ports.map((port) => `${port.role} ${port.state}`)
  }

  plug(bridge: number, port: number, up: boolean): void {
    const link = this.firstPort[bridge] + port
    const command: WorldCommand = up ? { type: "link.connect", link } : { type: "link.disconnect", link }
    this.simulation.command(WORLD, command)
  }

  /** The cable goes into another LAN, without its link going down. */
  slide(bridge: number, port: number, lan: number): void {
    const move: Move = { type: "ether.move", port: this.firstPort[bridge] + port, lan }
    this.simulation.command(this.specs.length, move)
  }

  manage(bridge: number, command: Rstp2004Command): void {
    this.simulation.command(bridge, command)
  }
}
