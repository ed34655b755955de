/**
 * Networks as text, one worked example a file, run with real bridges in emulated time:
 *
 *     bridge 1 8000.00:00:00:00:00:97 = c:5 a d:5     # a port on each LAN, with its path cost (10 by default)
 *     run 100                                         # seconds
 *     check 0 = root
 *     check 1 = F F:10 F                              # port states; `:10` marks the root port and the cost to the root
 *     move 1.2 b                                      # plug port 2 into another LAN; `down` pulls its cable
 *     priority 1 24576
 *     port-priority 1.2 144
 *
 * A LAN is whatever ports are on it: two make a cable, more a shared segment, one an empty one; `-` is a LAN of the port's own.
 * States: F forwarding, Le learning, Li listening, B blocking (discarding, as 2004 has it), D disabled.
 */
import { bridgeKind } from "@l2lab/l2/Bridge"
import type { BridgeState } from "@l2lab/l2/BridgeState"
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import { DeviceKind, type AnyDeviceKind, type Command } from "@l2lab/sim/Device"
import { SECOND } from "@l2lab/sim/SimTime"
import { Simulation } from "@l2lab/sim/Simulation"
import { WORLD, type WorldCommand } from "@l2lab/sim/WorldCommand"
import * as BridgeIdentifier from "../src/BridgeIdentifier.ts"
import { Rstp2004 } from "../src/rstp2004/Entity.ts"
import * as RapidQuery from "../src/rstp2004/Query.ts"
import type { State as RapidState } from "../src/rstp2004/State.ts"
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

const kinds: ReadonlyArray<AnyDeviceKind<EthernetFrame>> = [bridgeKind([Stp1998, Rstp2004]), Ether]
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
  /** Its bridges run 802.1D-2004. */
  readonly isRapid: boolean
  private readonly ether: number

  constructor(bridges: ReadonlyArray<BridgeSpec>, settings: Stp1998Config = {}, isRapid = false) {
    this.isRapid = isRapid
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
                  kind: isRapid ? Rstp2004.kind : Stp1998.kind,
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

  /** The tree of a bridge that runs 802.1D-2004. */
  rapidTree(bridge: number): RapidQuery.TreeSnapshot {
    return RapidQuery.snapshot((this.simulation.world.states[bridge] as BridgeState).protocols[0] as RapidState, 0)
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

// ----------------------------------------------------------------------------------------------------------------- text

const LETTERS = { disabled: "D", blocking: "B", discarding: "B", listening: "Li", learning: "Le", forwarding: "F" } as const

/** Run a text, with bridges of 802.1D-1998 or of 802.1D-2004. The list of what does not hold, each with its line. */
export const run = (text: string, isRapid = false): ReadonlyArray<string> => {
  const faults: Array<string> = []
  const lans = new Map<string, number>()
  const numbers = new Map<string, number>()
  const bridges: Array<BridgeSpec> = []
  let lone = -1
  const lanNamed = (name: string): number => {
    if (name === "-") return lone--
    if (!lans.has(name)) lans.set(name, lans.size)
    return lans.get(name)!
  }
  let lan: Lan | undefined
  const network = (): Lan => (lan ??= new Lan(bridges, {}, isRapid))
  const portAt = (word: string): readonly [bridge: number, port: number] => {
    const [bridge, port] = word.split(".")
    return [numbers.get(bridge)!, Number(port) - 1]
  }
  for (const [index, raw] of text.split("\n").entries()) {
    const [words] = raw.split("#")
    const [verb, ...rest] = words.trim().split(/\s+/)
    switch (verb) {
      case "":
        break
      case "bridge": {
        const [number, id, , ...ports] = rest
        numbers.set(number, bridges.length)
        bridges.push({
          id: BridgeIdentifier.parse(id)!,
          ports: ports.map((word) => {
            const [name, cost] = word.split(":")
            return { lan: lanNamed(name), ...(cost !== undefined && { cost: Number(cost) }) }
          }),
        })
        break
      }
      case "run":
        network().run(Number(rest[0]))
        break
      case "check": {
        const [number, , ...expected] = rest
        const seen = describe(network(), numbers.get(number)!)
        if (seen !== expected.join(" "))
          faults.push(`line ${index + 1}: bridge ${number} is "${seen}", not "${expected.join(" ")}"`)
        break
      }
      case "move": {
        const [bridge, port] = portAt(rest[0])
        if (rest[1] === "down") network().down(bridge, port)
        else network().move(bridge, port, lanNamed(rest[1]))
        break
      }
      case "priority":
        network().manage(numbers.get(rest[0])!, { type: "stp.set-bridge-priority", priority: Number(rest[1]) })
        break
      case "port-priority": {
        const [bridge, port] = portAt(rest[0])
        network().manage(bridge, { type: "stp.set-port-priority", port, priority: Number(rest[1]) })
        break
      }
      default:
        faults.push(`line ${index + 1}: "${verb}" is no verb`)
    }
  }
  return faults
}

/** `root` for a root whose ports all forward, else the states with the root port marked. */
const describe = (lan: Lan, bridge: number): string => {
  const { isRoot, ports, rootPathCost, rootPort } = lan.isRapid ? lan.rapidTree(bridge) : lan.tree(bridge)
  if (isRoot && ports.every((port) => port.state === "forwarding")) return "root"
  return ports
    .map((port) => (port.role === "Disabled" ? "D" : LETTERS[port.state]) + (port.port === rootPort ? `:${rootPathCost}` : ""))
    .join(" ")
}
