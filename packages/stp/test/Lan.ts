/** Networks of bridges that run 802.1D-1998, on LANs, in emulated time; and the device that is all LANs of a network. */
import { bridgeKind } from "@l2lab/l2/Bridge"
import type { BridgeState } from "@l2lab/l2/BridgeState"
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import { DeviceKind, type AnyDeviceKind, type Command } from "@l2lab/sim/Device"
import { SECOND } from "@l2lab/sim/SimTime"
import { Simulation } from "@l2lab/sim/Simulation"
import { WORLD, type WorldCommand } from "@l2lab/sim/WorldCommand"
import type * as BridgeIdentifier from "../src/BridgeIdentifier.ts"
import type { Stp1998Command } from "../src/stp1998/Command.ts"
import { Stp1998 } from "../src/stp1998/Entity.ts"
import * as Query from "../src/stp1998/Query.ts"
import type { Stp1998Config } from "../src/stp1998/Settings.ts"
import type { State } from "../src/stp1998/State.ts"

/** All LANs of a network in one device: it repeats to the ports that are on the same LAN. */
export interface EtherState {
  readonly lanOf: Int32Array
}

/** Plug a port into another LAN. */
export interface Move extends Command {
  readonly type: "ether.move"
  readonly port: number
  readonly lan: number
}

/** The device kind `ether`. */
export const Ether = new DeviceKind<EtherState, EthernetFrame, { readonly lanOf: ReadonlyArray<number> }>({
  kind: "ether",
  ports: (config) => config.lanOf.length,
  timers: () => 0,
  make: (config) => ({ lanOf: Int32Array.from(config.lanOf) }),
  onBoot: () => {},
  onFrame: (state, port, frame, tci, _now, out) => {
    for (let other = 0; other < state.lanOf.length; other++) {
      if (other !== port && state.lanOf[other] === state.lanOf[port]) out.transmit(other, frame, tci)
    }
  },
  onTimer: () => {},
  onLink: () => {},
  onCommand: (state, command) => {
    const { lan, port } = command as Move
    state.lanOf[port] = lan
  },
  copy: (state) => ({ lanOf: state.lanOf.slice() }),
  fingerprint: (state, digest) => digest.numbers(state.lanOf),
})

const kinds: ReadonlyArray<AnyDeviceKind<EthernetFrame>> = [bridgeKind([Stp1998]), Ether]
const registry = { kinds: new Map(kinds.map((kind) => [kind.kind, kind])), fingerprintFrame: () => {} }

export interface PortSpec {
  readonly lan: number
  readonly cost?: number
  readonly priority?: number
}

export interface BridgeSpec {
  readonly id: BridgeIdentifier.BridgeIdentifier
  readonly ports: ReadonlyArray<PortSpec>
}

/** A network of bridges on LANs. The last node of its world is the ether; port k of it is the k-th bridge port of all. */
export class Lan {
  readonly simulation: Simulation<EthernetFrame>
  readonly firstPort: ReadonlyArray<number>
  private readonly ether: number

  constructor(bridges: ReadonlyArray<BridgeSpec>, settings: Stp1998Config = {}) {
    const ports = bridges.flatMap((bridge, node) => bridge.ports.map((port, index) => ({ node, index, ...port })))
    let first = 0
    this.firstPort = bridges.map((bridge) => (first += bridge.ports.length) - bridge.ports.length)
    this.ether = bridges.length
    this.simulation = Simulation.boot(
      {
        nodes: [
          ...bridges.map((bridge, index) => ({
            name: `b${index}`,
            kind: "bridge",
            config: {
              address: bridge.id.address,
              ports: bridge.ports.map(() => ({ mode: "access", vlan: 1 })),
              vlans: [1],
              protocols: [
                {
                  kind: Stp1998.kind,
                  config: {
                    ...settings,
                    priority: bridge.id.priority,
                    ports: bridge.ports.map(({ cost, priority }) => ({
                      pathCost: cost ?? 10,
                      ...(priority !== undefined && { priority }),
                    })),
                  } satisfies Stp1998Config,
                },
              ],
            },
          })),
          { name: "ether", kind: "ether", config: { lanOf: ports.map((port) => port.lan) } },
        ],
        links: ports.map(({ index, node }, k) => ({ a: { node, port: index }, b: { node: this.ether, port: k } })),
      },
      registry,
    )
  }

  run(seconds: number): void {
    this.simulation.run(this.simulation.now + Math.round(seconds * SECOND))
  }

  state(bridge: number): State {
    return (this.simulation.world.states[bridge] as BridgeState).protocols[0] as State
  }

  tree(bridge: number): Query.TreeSnapshot {
    return Query.snapshot(this.state(bridge), 0, this.simulation.now)
  }

  /** LAN of a bridge's port. */
  lanOf(bridge: number, port: number): number {
    return (this.simulation.world.states[this.ether] as EtherState).lanOf[this.firstPort[bridge] + port]
  }

  /** The cable goes out and into another LAN. */
  move(bridge: number, port: number, lan: number): void {
    this.down(bridge, port)
    const move: Move = { type: "ether.move", port: this.firstPort[bridge] + port, lan }
    this.simulation.command(this.ether, move)
    this.up(bridge, port)
  }

  down(bridge: number, port: number): void {
    const command: WorldCommand = { type: "link.disconnect", link: this.firstPort[bridge] + port }
    this.simulation.command(WORLD, command)
  }

  up(bridge: number, port: number): void {
    const command: WorldCommand = { type: "link.connect", link: this.firstPort[bridge] + port }
    this.simulation.command(WORLD, command)
  }

  manage(bridge: number, command: Stp1998Command): void {
    this.simulation.command(bridge, command)
  }
}
