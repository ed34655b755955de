/** A drawn network in emulated time, and beside it what is true of it: which cables are in, which bridges on, what the tree should be. */
import { bridgeKind } from "@l2lab/l2/Bridge"
import * as BridgeState from "@l2lab/l2/BridgeState"
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import * as Hub from "@l2lab/l2/Hub"
import type { AnyDeviceKind, Command } from "@l2lab/sim/Device"
import { type DurationNs, MILLISECOND, NEVER, SECOND, type SimTime } from "@l2lab/sim/SimTime"
import { Simulation } from "@l2lab/sim/Simulation"
import type { TraceEvent } from "@l2lab/sim/TraceEvent"
import * as World from "@l2lab/sim/World"
import { WORLD, type WorldCommand } from "@l2lab/sim/WorldCommand"
import * as Loop from "../../src/Loop.ts"
import * as Trace from "../../src/Trace.ts"
import { type Expected, reference } from "../ReferenceTree.ts"
import { ALL, type ProtocolName } from "./Broken.ts"
import { Intruder } from "./Intruder.ts"
import { MSTI, type Timers, type View } from "./Protocols.ts"
import type { Topology } from "./Topology.ts"

/** A cable of the world: the two ends of a segment, or one end and a repeater. */
interface Cable {
  readonly segment: number
  /** Positions in the segment's ends. */
  readonly ends: ReadonlyArray<number>
}

export const addressOf = (bridge: number): number => 0x020000000000 + bridge * 256

/** What is behind a loop. */
export interface Explanation {
  /** What was stale when it began; undefined if nothing was. */
  readonly stale: string | undefined
  /** Since when nothing is stale any more; NEVER while something is. */
  freshSince: SimTime
  /** How long news may be under way since then: over as many LANs as the tree is deep, and where a port has used up its BPDUs of a second. */
  newsNs: DurationNs
}

/** While a loop lasts, what is stale is looked at this often, and less often the longer it lasts. */
const LOOK_AGAIN = 20 * MILLISECOND
const LOOK_LESS = 20

/** What a BPDU takes over a cable beyond its latency, with room for others before it. */
const SERIALIZATION = 10_000

const bridgeAt = (address: number): number => Math.round((address - addressOf(0)) / 256)

/** Priority and number of a bridge as one number, so that identifiers compare. */
const idOf = (priority: number, bridge: number): number => priority * 2 ** 20 + bridge

export interface NetworkOptions {
  readonly seed: number
  readonly autoEdge: boolean
  readonly onTrace?: (event: TraceEvent) => void
  /** Every repeater has an intruder at a port of its own. */
  readonly hasIntruders?: boolean
}

export class Network {
  readonly topology: Topology
  readonly protocols: ReadonlyArray<ProtocolName>
  /** VLANs that all bridges carry on all ports; the first is the native one. */
  readonly vlans: ReadonlyArray<number>
  readonly simulation: Simulation<EthernetFrame>
  readonly cables: ReadonlyArray<Cable>
  /** What management has set, by bridge and port. */
  readonly priorities: Array<number>
  readonly costs: ReadonlyArray<Array<number>>
  readonly portPriorities: ReadonlyArray<Array<number>>
  /** Nodes. */
  readonly intruders: Array<number> = []
  readonly watch = Loop.watch()
  /** By the instant at which a loop began. */
  readonly explained = new Map<SimTime, Explanation>()
  /** The instant at which a role or a port state last changed. */
  lastChangeAt: SimTime = 0
  private readonly segmentOf: ReadonlyArray<Int32Array>
  private readonly cableOf: ReadonlyArray<Int32Array>
  private expected: ReadonlyArray<Expected> | undefined

  constructor(topology: Topology, protocols: ReadonlyArray<ProtocolName>, timers: Timers, options: NetworkOptions) {
    this.topology = topology
    this.protocols = protocols
    this.vlans = protocols.some((name) => ALL[name].isPerVlan) ? [1, MSTI] : [1]
    const { bridges, segments } = topology
    this.priorities = bridges.map(({ priority }) => priority)
    this.costs = bridges.map(({ ports }) => ports.map(({ cost }) => cost))
    this.portPriorities = bridges.map(({ ports }) => ports.map(({ priority }) => priority))
    this.segmentOf = bridges.map(({ ports }) => new Int32Array(ports.length))
    this.cableOf = bridges.map(({ ports }) => new Int32Array(ports.length))
    const cables: Array<Cable> = []
    const links: Array<World.LinkSpec> = []
    const hubs: Array<World.NodeSpec> = []
    segments.forEach(({ ends, isShared, latencyNs }, segment) => {
      for (const { bridge, port } of ends) this.segmentOf[bridge][port] = segment
      const cable = (positions: ReadonlyArray<number>, a: World.LinkEnd, b: World.LinkEnd): void => {
        for (const position of positions) this.cableOf[ends[position].bridge][ends[position].port] = cables.length
        cables.push({ segment, ends: positions })
        links.push({ a, b, latencyNs })
      }
      const at = (position: number): World.LinkEnd => ({ node: ends[position].bridge, port: ends[position].port })
      if (!isShared) return cable([0, 1], at(0), at(1))
      const node = bridges.length + hubs.length
      const hasIntruder = options.hasIntruders === true
      hubs.push({ name: `hub${segment}`, kind: "hub", config: { ports: ends.length + (hasIntruder ? 1 : 0) } })
      ends.forEach((_, position) => cable([position], at(position), { node, port: position }))
      if (!hasIntruder) return
      hubs.push({ name: `intruder${segment}`, kind: Intruder.kind, config: {} })
      cable([], { node, port: ends.length }, { node: node + 1, port: 0 })
      this.intruders.push(node + 1)
    })
    this.cables = cables
    const kinds: ReadonlyArray<AnyDeviceKind<EthernetFrame>> = [
      bridgeKind([...new Set(protocols.map((name) => ALL[name].kind))]),
      Hub.kind,
      Intruder,
    ]
    this.simulation = Simulation.boot(
      {
        seed: options.seed,
        nodes: [
          ...bridges.map((bridge, index) => ({
            name: `b${index}`,
            kind: "bridge",
            config: ALL[protocols[index]].bridge({
              ...timers,
              address: addressOf(index),
              priority: bridge.priority,
              autoEdge: options.autoEdge,
              vlans: this.vlans,
              ports: bridge.ports.map((port, p) => ({ ...port, isShared: segments[this.segmentOf[index][p]].isShared })),
            }),
          })),
          ...hubs,
        ],
        links,
      },
      { kinds: new Map(kinds.map((kind) => [kind.kind, kind])), fingerprintFrame: () => {} },
      (simulation) =>
        simulation.listen({
          onTrace: (event) => {
            const { code } = event
            options.onTrace?.(event)
            if (code !== Trace.PORT_STATE.code && code !== Trace.ROLE.code) return
            this.lastChangeAt = simulation.now
            simulation.halt()
          },
        }),
    )
    this.look()
  }

  get now(): SimTime {
    return this.simulation.now
  }

  // ------------------------------------------------------------------------------------------------------------- commands

  /** Let time pass; whenever a port has changed its state, look whether there is a loop, and while one lasts look often. */
  run(until: SimTime): void {
    while (this.now < until) {
      const loop = Loop.lasting(this.watch)
      const lookAgain = loop === undefined ? until : this.now + Math.max(LOOK_AGAIN, (this.now - loop.from) / LOOK_LESS)
      this.simulation.run(Math.min(until, Math.round(lookAgain)))
      this.look()
    }
  }

  /** A command to the world, after which something else may be true. */
  tell(command: WorldCommand): void {
    this.simulation.command(WORLD, command)
    this.expected = undefined
    this.look()
  }

  /** A command to a bridge. */
  manage(bridge: number, command: Command): void {
    for (const each of ALL[this.protocols[bridge]].commands(command)) this.simulation.command(bridge, each)
    this.expected = undefined
    this.look()
  }

  setBridgePriority(bridge: number, priority: number): void {
    this.priorities[bridge] = priority
    this.manage(bridge, { type: "stp.set-bridge-priority", priority } as Command)
  }

  setPathCost(bridge: number, port: number, cost: number): void {
    this.costs[bridge][port] = cost
    this.manage(bridge, { type: "stp.set-path-cost", port, cost } as Command)
  }

  setPortPriority(bridge: number, port: number, priority: number): void {
    this.portPriorities[bridge][port] = priority
    this.manage(bridge, { type: "stp.set-port-priority", port, priority } as Command)
  }

  /** A cold boot forgets what management set; here the configuration is saved. */
  powerOn(bridge: number): void {
    this.tell({ type: "node.power-on", node: bridge })
    this.setBridgePriority(bridge, this.priorities[bridge])
    this.costs[bridge].forEach((cost, port) => this.setPathCost(bridge, port, cost))
    this.portPriorities[bridge].forEach((priority, port) => this.setPortPriority(bridge, port, priority))
  }

  // ------------------------------------------------------------------------------------------------------------ what is true

  isOn(bridge: number): boolean {
    return this.simulation.world.power[bridge] === World.ON
  }

  isPlugged(cable: number): boolean {
    return this.simulation.world.links[cable].connected
  }

  state(bridge: number): BridgeState.BridgeState {
    return this.simulation.world.states[bridge] as BridgeState.BridgeState
  }

  view(bridge: number, vlan: number): View {
    return ALL[this.protocols[bridge]].view(this.state(bridge), vlan, this.now)
  }

  /** Whether the relay of a bridge forwards on a port in a VLAN, by its position. */
  forwards(bridge: number, port: number, position: number): boolean {
    if (!this.isOn(bridge)) return false
    const state = this.state(bridge)
    return (state.relay[position * state.ports + port] & BridgeState.FORWARDING) !== 0
  }

  /** Whether a port has carrier. */
  isUp(bridge: number, port: number): boolean {
    const { world } = this.simulation
    return World.hasCarrier(world as World.World, world.portBase[bridge] + port)
  }

  segment(bridge: number, port: number): number {
    return this.segmentOf[bridge][port]
  }

  /** What forwards, VLAN by VLAN. */
  places(): Array<Loop.Place> {
    const places: Array<Loop.Place> = []
    const { length } = this.vlans
    this.topology.bridges.forEach(({ ports }, bridge) => {
      if (!this.isOn(bridge)) return
      for (let port = 0; port < ports.length; port++) {
        if (!this.isUp(bridge, port)) continue
        for (let position = 0; position < length; position++) {
          if (!this.forwards(bridge, port, position)) continue
          const lan = this.segmentOf[bridge][port] * length + position
          places.push({ bridge: bridge * length + position, lan, node: bridge, port })
        }
      }
    })
    return places
  }

  private look(): void {
    Loop.observe(this.watch, this.places(), this.now)
    const loop = Loop.lasting(this.watch)
    if (loop === undefined) return
    const stale = this.stale()
    const known = this.explained.get(loop.from) ?? { stale, freshSince: NEVER, newsNs: 0 }
    this.explained.set(loop.from, known)
    if (stale !== undefined) known.freshSince = NEVER
    else if (known.freshSince === NEVER) known.freshSince = this.now
    known.newsNs = Math.max(known.newsNs, this.newsNs())
  }

  private newsNs(): DurationNs {
    const hopNs = Math.max(...this.topology.segments.map(({ latencyNs }) => latencyNs)) + SERIALIZATION
    const isHeld = this.protocols.some((name, bridge) => this.isOn(bridge) && ALL[name].isHeld(this.state(bridge)))
    return hopNs * (1 + Math.max(...this.depths())) + (isHeld ? SECOND : 0)
  }

  /** Whether a loop lasts. */
  get isLooping(): boolean {
    return Loop.lasting(this.watch) !== undefined
  }

  /** The tree that shortest paths give. Bridges that are off, or silent, are roots of nothing. */
  get tree(): ReadonlyArray<Expected> {
    if (this.expected !== undefined) return this.expected
    const places = this.topology.bridges.flatMap(({ ports }, bridge) =>
      this.isOn(bridge)
        ? ports.flatMap((_, port) =>
            this.isUp(bridge, port)
              ? [
                  {
                    bridge,
                    port,
                    lan: this.segmentOf[bridge][port],
                    cost: this.costs[bridge][port],
                    portId: this.portPriorities[bridge][port] * 256 + port + 1,
                  },
                ]
              : [],
          )
        : [],
    )
    this.expected = reference(this.ids(), places)
    return this.expected
  }

  /** Identifiers in a VLAN: with the system id where a bridge has one. Their order is the same in all VLANs. */
  private ids(vlan = 1): ReadonlyArray<number> {
    return this.priorities.map((priority, bridge) => idOf(priority + ALL[this.protocols[bridge]].systemId(vlan), bridge))
  }

  /** Hops from the root to each bridge by the tree of shortest paths. */
  depths(): ReadonlyArray<number> {
    const { tree } = this
    const designated = new Map<number, number>()
    tree.forEach(({ roles }, bridge) =>
      roles.forEach((role, port) => {
        if (role === "Designated") designated.set(this.segmentOf[bridge][port], bridge)
      }),
    )
    const depths: Array<number> = []
    const depth = (bridge: number): number => {
      if (depths[bridge] !== undefined) return depths[bridge]
      const { rootPort } = tree[bridge]
      depths[bridge] = rootPort === undefined ? 0 : 1 + depth(designated.get(this.segmentOf[bridge][rootPort])!)
      return depths[bridge]
    }
    tree.forEach((_, bridge) => depth(bridge))
    return depths
  }

  /** What of the bridges is not as the tree of shortest paths has it, in all VLANs or in some. */
  faults(vlans: ReadonlyArray<number> = this.vlans): ReadonlyArray<string> {
    return vlans.flatMap((vlan) => {
      const position = this.vlans.indexOf(vlan)
      const ids = this.ids(vlan)
      return this.tree.flatMap(({ cost, root, rootPort, roles }, bridge) => {
        if (!this.isOn(bridge)) return []
        const found: Array<string> = []
        const view = this.view(bridge, vlan)
        const rootBridge = this.ids().indexOf(root)
        const say = (what: string, is: unknown, should: unknown): void => {
          if (is !== should) found.push(`b${bridge} VLAN ${vlan}: ${what} is ${String(is)}, should be ${String(should)}`)
        }
        say("root", idOf(view.root.priority, bridgeAt(view.root.address)), ids[rootBridge])
        say("cost", view.rootPathCost, cost)
        say("root port", view.rootPort, rootPort)
        view.ports.forEach((port, index) => {
          const expected = roles[index] ?? "Disabled"
          const role = port.role === "Alternate" || port.role === "Backup" ? "Blocked" : port.role
          say(`role of port ${index}`, role, expected)
          say(
            `port ${index} forwarding`,
            this.forwards(bridge, index, position),
            expected === "Root" || expected === "Designated",
          )
        })
        return found
      })
    })
  }

  /**
   * What stale information a bridge holds: of a root, or of a cost to it, that is better than what the network as it stands could give to
   * whoever is said to have given it; or such that whoever follows it goes round in a ring. While it is passed on, bridges count to infinity.
   */
  stale(): string | undefined {
    for (const vlan of this.vlans) {
      const found = this.staleIn(vlan) ?? this.circlingIn(vlan)
      if (found !== undefined) return this.vlans.length === 1 ? found : `VLAN ${vlan}: ${found}`
    }
    return undefined
  }

  private staleIn(vlan: number): string | undefined {
    const shared = this.ids()
    // Identifiers of the VLAN told to those of VLAN 1, in which the tree is kept.
    const told = new Map(this.ids(vlan).map((id, bridge) => [id, shared[bridge]]))
    const idTold = ({ address, priority }: { readonly address: number; readonly priority: number }): number => {
      const id = idOf(priority, bridgeAt(address))
      return told.get(id) ?? id
    }
    const isBetter = (root: number, cost: number, than: Expected): boolean =>
      root < than.root || (root === than.root && cost < than.cost)
    const { tree } = this
    for (let bridge = 0; bridge < tree.length; bridge++) {
      if (!this.isOn(bridge)) continue
      const { ports, root, rootPathCost } = this.view(bridge, vlan)
      if (isBetter(idTold(root), rootPathCost, tree[bridge])) {
        return `b${bridge} believes in root ${bridgeAt(root.address)} at cost ${rootPathCost}`
      }
      for (const [index, port] of ports.entries()) {
        if (port.role === "Disabled") continue
        const from = bridgeAt(port.designatedBridge.address)
        if (!this.isOn(from) || isBetter(idTold(port.designatedRoot), port.designatedCost, tree[from])) {
          return `b${bridge} port ${index} holds root ${bridgeAt(port.designatedRoot.address)} at cost ${port.designatedCost} of b${from}`
        }
      }
    }
    return undefined
  }

  /** Whether somebody's way to the root, from root port to designated bridge and so on, leads round in a ring. */
  private circlingIn(vlan: number): string | undefined {
    const count = this.topology.bridges.length
    const views = this.topology.bridges.map((_, bridge) => (this.isOn(bridge) ? this.view(bridge, vlan) : undefined))
    for (let bridge = 0; bridge < count; bridge++) {
      let hops = 0
      for (let view = views[bridge]; view?.rootPort !== undefined; hops++) {
        if (hops > count) return `b${bridge}'s way to root ${bridgeAt(view.root.address)} leads round in a ring`
        view = views[bridgeAt(view.ports[view.rootPort].designatedBridge.address)]
      }
    }
    return undefined
  }
}
