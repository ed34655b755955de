/** Networks of bridges in regions, and of bridges of 802.1D-2004 and 1998 beside them, on LANs, in emulated time. */
import { bridgeKind } from "@l2lab/l2/Bridge"
import type { BridgeState } from "@l2lab/l2/BridgeState"
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import type { AnyDeviceKind } from "@l2lab/sim/Device"
import { SECOND } from "@l2lab/sim/SimTime"
import { Simulation } from "@l2lab/sim/Simulation"
import type { TraceEvent } from "@l2lab/sim/TraceEvent"
import { WORLD, type WorldCommand } from "@l2lab/sim/WorldCommand"
import type { MstpCommand } from "../../src/mstp/Command.ts"
import { Mstp } from "../../src/mstp/Entity.ts"
import * as Query from "../../src/mstp/Query.ts"
import type { MstpConfig, RegionConfig } from "../../src/mstp/Settings.ts"
import type { State } from "../../src/mstp/State.ts"
import { Rstp2004 } from "../../src/rstp2004/Entity.ts"
import * as Query2004 from "../../src/rstp2004/Query.ts"
import type { State as State2004 } from "../../src/rstp2004/State.ts"
import { Stp1998 } from "../../src/stp1998/Entity.ts"
import * as Query1998 from "../../src/stp1998/Query.ts"
import type { State as State1998 } from "../../src/stp1998/State.ts"
import { Ether, type Move } from "../Lan.ts"

const kinds: ReadonlyArray<AnyDeviceKind<EthernetFrame>> = [bridgeKind([Mstp, Rstp2004, Stp1998]), Ether]
const registry = { kinds: new Map(kinds.map((kind) => [kind.kind, kind])), fingerprintFrame: () => {} }

/** VLANs 10 to 19 in MSTI 1, 20 to 29 in MSTI 2. */
export const region = (name: string): RegionConfig => ({ name, revision: 1, instances: { 1: [[10, 19]], 2: [[20, 29]] } })

/** Room for the CIST and the two MSTIs. */
const TREES = 3

export interface RegionSpec {
  readonly protocol?: "mstp" | "rstp2004" | "stp1998"
  /** Of MSTP bridges: the name of the region; `east` without one. */
  readonly region?: string
  readonly config?: MstpConfig
  /** The LAN that each port is on. All costs are 20,000. */
  readonly lans: ReadonlyArray<number>
}

const COST = 20_000

const protocolOf = ({ config = {}, lans, protocol = "mstp", region: name = "east" }: RegionSpec) => {
  if (protocol === "mstp") {
    const ports = lans.map((_, port) => ({ externalPathCost: COST, internalPathCost: COST, ...config.ports?.[port] }))
    return { kind: protocol, config: { region: region(name), ...config, ports } }
  }
  const { priority, ports } = config
  return {
    kind: protocol,
    config: {
      ...(priority !== undefined && { priority }),
      pathCostMethod: "long",
      ports: lans.map((_, port) => ({ pathCost: COST, ...ports?.[port] })),
    },
  }
}

/** The last node of its world is the ether; port k of it is the k-th bridge port of all. Bridges begin with addresses that rise. */
export class RegionLan {
  readonly simulation: Simulation<EthernetFrame>
  readonly events: Array<TraceEvent> = []
  private readonly firstPort: ReadonlyArray<number>
  private readonly specs: ReadonlyArray<RegionSpec>

  constructor(specs: ReadonlyArray<RegionSpec>, seed = 1) {
    this.specs = specs
    const ports = specs.flatMap(({ lans }, node) => lans.map((lan, port) => ({ node, port, lan })))
    let first = 0
    this.firstPort = specs.map(({ lans }) => (first += lans.length) - lans.length)
    this.simulation = Simulation.boot(
      {
        seed,
        nodes: [
          ...specs.map((spec, index) => ({
            name: `b${index}`,
            kind: "bridge",
            config: {
              address: addressOf(index),
              ports: spec.lans.map(() => ({ mode: "trunk", native: 1, allowed: [1, 10, 20] })),
              vlans: [1, 10, 20],
              ...((spec.protocol ?? "mstp") === "mstp" && { trees: TREES }),
              protocols: [protocolOf(spec)],
            },
          })),
          { name: "ether", kind: "ether", config: { lanOf: ports.map(({ lan }) => lan) } },
        ],
        links: ports.map(({ node, port }, k) => ({ a: { node, port }, b: { node: specs.length, port: k } })),
      },
      registry,
    )
    this.simulation.listen({ onTrace: (event) => this.events.push(event) })
  }

  run(seconds: number): void {
    this.simulation.run(this.simulation.now + Math.round(seconds * SECOND))
  }

  state(bridge: number): State {
    return (this.simulation.world.states[bridge] as BridgeState).protocols[0] as State
  }

  /** A tree of an MSTP bridge: 0 is the CIST, else by its MSTID. */
  tree(bridge: number, mstid: number): Query.TreeSnapshot {
    const state = this.state(bridge)
    return Query.snapshot(state, Query.treeOfMstid(state, mstid)!)
  }

  /** `Root forwarding` for each port; bridges that know one tree have it for all. */
  describe(bridge: number, mstid = 0): ReadonlyArray<string> {
    const [state] = (this.simulation.world.states[bridge] as BridgeState).protocols
    const { protocol = "mstp" } = this.specs[bridge]
    const { ports } =
      protocol === "mstp"
        ? this.tree(bridge, mstid)
        : protocol === "rstp2004"
          ? Query2004.snapshot(state as State2004, 0)
          : Query1998.snapshot(state as State1998, 0, this.simulation.now)
    return ports.map((port) => `${port.role} ${port.state}`)
  }

  /** Seconds from `at` to the last change of a port's role or state on any bridge; 0 if there was none. */
  lastChangeSince(at: number): number {
    const last = this.events.findLast((event) => event.code === 0x201 || event.code === 0x202)
    return last === undefined || last.at < at ? 0 : (last.at - at) / SECOND
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

  manage(bridge: number, command: MstpCommand): void {
    this.simulation.command(bridge, command)
  }
}

/** The address of a bridge by its place. */
export const addressOf = (bridge: number): number => 0x020000000000 + (bridge + 1) * 256
