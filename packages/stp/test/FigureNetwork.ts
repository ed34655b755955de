/** The bridges and LANs of a figure, of whatever protocols, in emulated time. */
import { bridgeKind } from "@l2lab/l2/Bridge"
import * as BridgeState from "@l2lab/l2/BridgeState"
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import type { AnyDeviceKind, Command } from "@l2lab/sim/Device"
import { SECOND } from "@l2lab/sim/SimTime"
import { Simulation } from "@l2lab/sim/Simulation"
import { ON } from "@l2lab/sim/World"
import { WORLD, type WorldCommand } from "@l2lab/sim/WorldCommand"
import type { BridgeIdentifier } from "../src/BridgeIdentifier.ts"
import { Ether, type Move } from "./Lan.ts"
import { PROTOCOLS, type StandardProtocol, type View } from "./simulation/Protocols.ts"

export interface FigureBridge {
  readonly id: BridgeIdentifier
  readonly protocol: StandardProtocol
  readonly ports: ReadonlyArray<{ readonly lan: number; readonly cost: number }>
}

const kinds: ReadonlyArray<AnyDeviceKind<EthernetFrame>> = [bridgeKind(Object.values(PROTOCOLS).map(({ kind }) => kind)), Ether]
const registry = { kinds: new Map(kinds.map((kind) => [kind.kind, kind])), fingerprintFrame: () => {} }

/** Bridges are added first; the first run boots them. The last node of the world holds all LANs; its port k is the k-th bridge port of all. */
export class FigureNetwork {
  readonly bridges: Array<FigureBridge> = []
  private simulation: Simulation<EthernetFrame> | undefined
  private firstPort: ReadonlyArray<number> = []

  get isRunning(): boolean {
    return this.simulation !== undefined
  }

  private get running(): Simulation<EthernetFrame> {
    if (this.simulation !== undefined) return this.simulation
    const { bridges } = this
    const ports = bridges.flatMap((bridge, node) => bridge.ports.map((port, index) => ({ node, index, ...port })))
    let first = 0
    this.firstPort = bridges.map((bridge) => (first += bridge.ports.length) - bridge.ports.length)
    const crowd = Map.groupBy(ports, ({ lan }) => lan)
    this.simulation = Simulation.boot(
      {
        nodes: [
          ...bridges.map(({ id, ports: own, protocol }, index) => ({
            name: `b${index}`,
            kind: "bridge",
            config: PROTOCOLS[protocol].bridge({
              address: id.address,
              priority: id.priority,
              autoEdge: true,
              vlans: [1],
              ports: own.map(({ cost, lan }) => ({ cost, priority: 128, isShared: crowd.get(lan)!.length > 2 })),
            }),
          })),
          { name: "ether", kind: "ether", config: { lanOf: ports.map(({ lan }) => lan) } },
        ],
        links: ports.map(({ index, node }, k) => ({ a: { node, port: index }, b: { node: bridges.length, port: k } })),
      },
      registry,
    )
    return this.simulation
  }

  run(seconds: number): void {
    const { running } = this
    running.run(running.now + Math.round(seconds * SECOND))
  }

  private link(bridge: number, port: number): number {
    void this.running
    return this.firstPort[bridge] + port
  }

  plug(bridge: number, port: number, isIn: boolean): void {
    const command: WorldCommand = { type: isIn ? "link.connect" : "link.disconnect", link: this.link(bridge, port) }
    this.running.command(WORLD, command)
  }

  /** The cable goes into another LAN; `visibly` it is out for an instant. */
  move(bridge: number, port: number, lan: number, visibly: boolean): void {
    if (visibly) this.plug(bridge, port, false)
    const move: Move = { type: "ether.move", port: this.link(bridge, port), lan }
    this.running.command(this.bridges.length, move)
    if (visibly) this.plug(bridge, port, true)
  }

  power(bridge: number, to: "off" | "silence" | "on"): void {
    const command: WorldCommand =
      to === "on"
        ? { type: "node.power-on", node: bridge }
        : { type: "node.power-off", node: bridge, keepCarrier: to === "silence" }
    this.running.command(WORLD, command)
  }

  manage(bridge: number, command: Command & Readonly<Record<string, unknown>>): void {
    for (const each of PROTOCOLS[this.bridges[bridge].protocol].commands(command)) this.running.command(bridge, each)
  }

  private state(bridge: number): BridgeState.BridgeState | undefined {
    const { world } = this.running
    return world.power[bridge] === ON ? (world.states[bridge] as BridgeState.BridgeState) : undefined
  }

  private view(bridge: number, state: BridgeState.BridgeState): View {
    return PROTOCOLS[this.bridges[bridge].protocol].view(state, 1, this.running.now)
  }

  /** `Root Designated`. A bridge of 1998 has one word for alternate and backup; the LAN's designated bridge tells. */
  roles(bridge: number): string {
    const state = this.state(bridge)
    if (state === undefined) return "off"
    const view = this.view(bridge, state)
    return view.ports.map((port) => port.role).join(" ")
  }

  /** `root` for a root whose ports all forward if so asked, else the states with the root port marked. */
  states(bridge: number, asRoot: boolean): string {
    const state = this.state(bridge)
    if (state === undefined) return "off"
    const view = this.view(bridge, state)
    const states = view.ports.map(({ isListening, role }, port) => {
      const bits = state.portStates[port]
      if (role === "Disabled") return "D"
      if ((bits & BridgeState.FORWARDING) !== 0) return "F"
      return (bits & BridgeState.LEARNING) !== 0 ? "Le" : isListening ? "Li" : "B"
    })
    if (asRoot && view.rootPort === undefined && states.every((one) => one === "F")) return "root"
    return states.map((one, port) => (port === view.rootPort ? `${one}:${view.rootPathCost}` : one)).join(" ")
  }
}
