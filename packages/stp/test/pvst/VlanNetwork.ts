/** Networks of bridges with VLANs, cabled port to port, that run any of the spanning trees, in emulated time. */
import { bridgeKind } from "@l2lab/l2/Bridge"
import type { BridgeConfig, SwitchPort, VlanId } from "@l2lab/l2/BridgeConfig"
import type { BridgeState } from "@l2lab/l2/BridgeState"
import * as EthernetFrame from "@l2lab/l2/EthernetFrame"
import * as FrameCodec from "@l2lab/l2/FrameCodec"
import * as Hub from "@l2lab/l2/Hub"
import * as PayloadCodec from "@l2lab/l2/PayloadCodec"
import * as Protocol from "@l2lab/l2/Protocol"
import { DeviceKind, type AnyDeviceKind, type Command } from "@l2lab/sim/Device"
import type { Digest } from "@l2lab/sim/Digest"
import { SECOND } from "@l2lab/sim/SimTime"
import { Simulation } from "@l2lab/sim/Simulation"
import type { TraceEvent } from "@l2lab/sim/TraceEvent"
import type { WorldSpec } from "@l2lab/sim/World"
import { WORLD, type WorldCommand } from "@l2lab/sim/WorldCommand"
import * as Bpdu from "../../src/Bpdu.ts"
import * as QueryMstp from "../../src/mstp/Query.ts"
import type { MstpConfig } from "../../src/mstp/Settings.ts"
import type { State as StateMstp } from "../../src/mstp/State.ts"
import * as Query from "../../src/pvst/Query.ts"
import * as Settings from "../../src/pvst/Settings.ts"
import * as Sstp from "../../src/pvst/Sstp.ts"
import * as Query2004 from "../../src/rstp2004/Query.ts"
import type { State as State2004 } from "../../src/rstp2004/State.ts"
import type { WithToolkitConfig } from "../../src/toolkit/Guarded.ts"
import { Mstp, Pvst, RapidPvst, Rstp2004, Stp1998 } from "../../src/toolkit/Kinds.ts"
import * as Rlq from "../../src/toolkit/Rlq.ts"
import * as Query1998 from "../../src/stp1998/Query.ts"
import type { State as State1998 } from "../../src/stp1998/State.ts"

export const codecs = PayloadCodec.registry([Bpdu.codec, Sstp.codec, ...Rlq.codecs])

/** A device that sends what a command hands to it and counts what comes. */
export interface SendFrame extends Command {
  readonly type: "station.send"
  readonly frame: EthernetFrame.EthernetFrame
  readonly tci: number
}

const Station = new DeviceKind<{ received: number }, EthernetFrame.EthernetFrame, Record<string, never>>({
  kind: "station",
  ports: () => 1,
  timers: () => 0,
  make: () => ({ received: 0 }),
  onBoot: () => {},
  onFrame: (state, _port, frame) => {
    if (frame.protocol === Protocol.EXPERIMENTAL) state.received++
  },
  onTimer: () => {},
  onLink: () => {},
  onCommand: (_state, command, _now, out) => out.transmit(0, (command as SendFrame).frame, (command as SendFrame).tci),
  copy: (state) => ({ ...state }),
  fingerprint: (state, digest) => digest.number(state.received),
})

const kinds: ReadonlyArray<AnyDeviceKind<EthernetFrame.EthernetFrame>> = [
  bridgeKind([Pvst, RapidPvst, Stp1998, Rstp2004, Mstp]),
  Hub.kind,
  Station,
]
const fingerprintFrame = ({ destination, payload, protocol, source }: EthernetFrame.EthernetFrame, digest: Digest): void => {
  for (const value of [destination, source, protocol]) digest.number(value)
  digest.numbers(PayloadCodec.isStructured(payload) ? codecs.byName.get(payload.protocol)!.emit(payload) : payload)
}
const registry = { kinds: new Map(kinds.map((kind) => [kind.kind, kind])), fingerprintFrame }

export const trunk = (native: VlanId, ...allowed: ReadonlyArray<VlanId>): SwitchPort => ({ mode: "trunk", native, allowed })
export const access = (vlan: VlanId): SwitchPort => ({ mode: "access", vlan })

/** A bridge, a hub or a station. */
export interface NodeSpec {
  readonly run: "pvst" | "rapid-pvst" | "stp1998" | "rstp2004" | "mstp" | "none" | "hub" | "station"
  readonly ports: ReadonlyArray<SwitchPort>
  readonly vlans?: ReadonlyArray<VlanId>
  readonly config?: Settings.PvstConfig & WithToolkitConfig
}

/** One end of a cable: node and port. */
export type End = readonly [node: number, port: number]
export type Cable = readonly [a: End, b: End]

const addressOf = (node: number): number => 0x020000000000 + (node + 1) * 0x10000

/** Costs of ports are those between regions. */
const mstpConfig = ({ ports, ...config }: Settings.PvstConfig = {}): MstpConfig => ({
  pathCostMethod: "short",
  ...config,
  ...(ports !== undefined && { ports: ports.map(({ pathCost, ...port }) => ({ ...port, externalPathCost: pathCost ?? 4 })) }),
})

const bridgeConfig = (spec: NodeSpec, node: number): BridgeConfig => {
  const vlans = spec.vlans ?? [...new Set(spec.ports.flatMap((port) => (port.mode === "access" ? [port.vlan] : port.allowed)))]
  const sorted = vlans.toSorted((a, b) => a - b)
  return {
    address: addressOf(node),
    ports: spec.ports,
    vlans: sorted,
    ...(spec.run === "mstp" && {
      trees: 1 + Object.keys((spec.config as MstpConfig | undefined)?.region?.instances ?? {}).length,
    }),
    ...(spec.run.endsWith("pvst") && { treeOfVlan: Settings.treeOfVlan(sorted, spec.config ?? {}) }),
    // Without a spanning tree: an unmanaged switch, which passes on what it does not know.
    ...(spec.run === "none" && { reserved: "flood" }),
    protocols:
      spec.run === "none"
        ? []
        : [{ kind: spec.run, config: spec.run === "mstp" ? mstpConfig(spec.config) : (spec.config ?? {}) }],
  }
}

/** A frame seen leaving a port. */
export interface Seen {
  readonly node: number
  readonly port: number
  readonly frame: EthernetFrame.EthernetFrame
  readonly tci: number
  readonly at: number
}

export class VlanNetwork {
  simulation: Simulation<EthernetFrame.EthernetFrame>
  readonly events: Array<TraceEvent> = []
  readonly seen: Array<Seen> = []
  /** What a replay needs, beside the command log. */
  readonly spec: WorldSpec
  readonly registry = registry
  readonly specs: ReadonlyArray<NodeSpec>

  constructor(specs: ReadonlyArray<NodeSpec>, cables: ReadonlyArray<Cable>, seed = 1, fullDuplex = true) {
    this.specs = specs
    this.spec = {
      seed,
      nodes: specs.map((spec, node) => ({
        name: `n${node}`,
        kind: spec.run === "hub" || spec.run === "station" ? spec.run : "bridge",
        config: spec.run === "hub" ? { ports: spec.ports.length } : spec.run === "station" ? {} : bridgeConfig(spec, node),
      })),
      links: cables.map(([a, b]) => ({ a: { node: a[0], port: a[1] }, b: { node: b[0], port: b[1] }, fullDuplex })),
    }
    this.simulation = Simulation.boot(this.spec, registry)
    this.listen()
  }

  private listen(): void {
    this.simulation.listen({
      onTrace: (event) => this.events.push(event),
      onFrame: (worldPort, direction, frame, tci, at) => {
        if (direction !== "out") return
        const { portBase } = this.simulation.world
        const node = portBase.findLastIndex((base) => base <= worldPort)
        this.seen.push({ node, port: worldPort - portBase[node], frame, tci, at })
      },
    })
  }

  /** Keep the frames that leave a port from now on. */
  watch(node: number, port: number): void {
    this.simulation.capture(this.simulation.world.portBase[node] + port, true)
  }

  run(seconds: number): void {
    this.simulation.run(this.simulation.now + Math.round(seconds * SECOND))
  }

  bridge(node: number): BridgeState {
    return this.simulation.world.states[node] as BridgeState
  }

  pvst(node: number): Query.PvstState {
    return this.bridge(node).protocols[0] as Query.PvstState
  }

  /** A VLAN's tree; on a bridge of 802.1D its only one. */
  tree(
    node: number,
    vlan: VlanId,
  ): Query.VlanSnapshot | Query1998.TreeSnapshot | Query2004.TreeSnapshot | QueryMstp.TreeSnapshot {
    const [state] = this.bridge(node).protocols
    switch (this.specs[node].run) {
      case "stp1998":
        return Query1998.snapshot(state as State1998, 0, this.simulation.now)
      case "rstp2004":
        return Query2004.snapshot(state as State2004, 0)
      case "mstp":
        return QueryMstp.snapshot(state as StateMstp, 0)
      default: {
        const snapshot = Query.snapshot(state as Query.PvstState, vlan, this.simulation.now)
        if (snapshot === undefined) throw new Error(`VLAN ${vlan} has no tree on n${node}`)
        return snapshot
      }
    }
  }

  /** `Root forwarding` for each port that is in the tree. */
  describe(node: number, vlan: VlanId): ReadonlyArray<string> {
    return this.tree(node, vlan).ports.map((port) => `${port.role} ${port.state}`)
  }

  /** Whether the relay forwards the VLAN's frames on a port; a hub always does. */
  forwards(node: number, port: number, vlan: VlanId): boolean {
    if (this.specs[node].run === "hub") return true
    const { ports, relay, vlans } = this.bridge(node)
    const bits = relay[vlans.indexOf[vlan] * ports + port]
    return (bits & 9) === 9
  }

  /** The node whose address a VLAN's tree has as its root. */
  rootOf(node: number, vlan: VlanId): number {
    return (this.tree(node, vlan).root.address - addressOf(0)) / 0x10000
  }

  plug(cable: number, up: boolean): void {
    const command: WorldCommand = { type: up ? "link.connect" : "link.disconnect", link: cable }
    this.simulation.command(WORLD, command)
  }

  manage(node: number, command: Command): void {
    this.simulation.command(node, command)
  }

  /** A station sends one frame. */
  send(node: number, destination: number, tci = -1, source = addressOf(node)): void {
    const frame = EthernetFrame.make(destination, source, Protocol.EXPERIMENTAL, new Uint8Array(46), 46)
    const command: SendFrame = { type: "station.send", frame, tci }
    this.simulation.command(node, command)
  }

  received(node: number): number {
    return (this.simulation.world.states[node] as { received: number }).received
  }
}

/** `IEEE config`, `SSTP 10 rst tag 10`: what a frame is, for comparison. */
export const nameOf = ({ frame, tci }: Seen): string => {
  const tag = tci < 0 ? "untagged" : `tag ${tci & 0xfff}`
  const payload = frame.payload as Bpdu.Bpdu | Sstp.SstpBpdu
  if (payload.protocol === "bpdu") return `IEEE ${payload.kind} ${tag}`
  return `SSTP ${payload.pvid ?? "-"} ${payload.bpdu.kind} ${tag}`
}

/** The octets of a frame as captured. */
export const octetsOf = ({ frame, tci }: Pick<Seen, "frame" | "tci">): Uint8Array => FrameCodec.emit(frame, tci, codecs)
