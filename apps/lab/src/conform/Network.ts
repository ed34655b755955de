/**
 * The network of a record as a world of real bridges, hubs and cables, and its events as commands to that world.
 *
 * A direct segment is one cable; a hub segment is a hub with a cable to each attachment; an edge is a cable to a hub with nobody else
 * on it. A port that a record moves from one segment to another goes through a patch: a hub whose other cables lead to the segments
 * it will ever be on, only one of which is plugged in at a time. A port on no segment has a live link and nobody at its other end.
 */
import { bridgeKind } from "@l2lab/l2/Bridge"
import type { BridgeConfig, ProtocolConfig } from "@l2lab/l2/BridgeConfig"
import type { BridgeState } from "@l2lab/l2/BridgeState"
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import * as Hub from "@l2lab/l2/Hub"
import * as MacAddress from "@l2lab/l2/MacAddress"
import type { AnyDeviceKind } from "@l2lab/sim/Device"
import { Simulation } from "@l2lab/sim/Simulation"
import * as World from "@l2lab/sim/World"
import { WORLD, type WorldCommand } from "@l2lab/sim/WorldCommand"
import type { MstpCommand } from "@l2lab/stp/mstp/Command"
import { Mstp } from "@l2lab/stp/mstp/Entity"
import type { MstpConfig, RegionConfig, VlanRange } from "@l2lab/stp/mstp/Settings"
import * as SpanningTree from "@l2lab/stp/SpanningTree"
import { Rstp2004 } from "@l2lab/stp/rstp2004/Entity"
import type { Rstp2004Config } from "@l2lab/stp/rstp2004/Settings"
import type { Stp1998Command } from "@l2lab/stp/stp1998/Command"
import { Stp1998 } from "@l2lab/stp/stp1998/Entity"
import type { ProfileName, Stp1998Config } from "@l2lab/stp/stp1998/Settings"
import {
  destinationOf,
  eventsOf,
  type GoldenBridge,
  type GoldenEvent,
  type GoldenRecord,
  type GoldenRegion,
  type GoldenStep,
} from "./Record.ts"

/** A cable of the world, and what must hold for it to be plugged in. */
interface Cable {
  readonly link: World.LinkIndex
  /** Attachments (`b1:2`) that must not be down. */
  readonly attachments: ReadonlyArray<string>
  /** Of a patch: the segment that the attachment must be on. */
  readonly segment?: string
}

export interface Network {
  readonly record: GoldenRecord
  readonly simulation: Simulation<EthernetFrame>
  /** World node of each bridge; bridges come first, in the record's order. */
  readonly nodeOf: ReadonlyMap<string, World.NodeIndex>
  readonly cables: ReadonlyArray<Cable>
  /** Attachments without carrier, as `b1:2`. */
  readonly down: Set<string>
  readonly removed: Set<string>
  readonly silent: Set<string>
  /** The segment that each attachment is on now; null = none. */
  readonly segmentOf: Map<string, string | null>
  /** BPDUs sent by bridges that were switched off since, and with their counters. */
  bpdusForgotten: number
  /** Management commands given so far: a bridge that is switched on again finds them in its configuration. */
  readonly management: Map<string, Array<Management>>
}

/** What records have bridges told. */
export type Management = Stp1998Command | MstpCommand

const name = (bridge: string, port: number): string => `${bridge}:${port}`

/** The profile of implementation choices that a record's source speaks of. */
export const profileOf = (source: string | undefined): ProfileName => {
  if (source === undefined) return "standard"
  if (/linux|kernel/i.test(source)) return "linux"
  return /openvswitch|open vswitch|\bovs\b/i.test(source) ? "openvswitch" : "standard"
}

/** Whether a bridge of a record runs 802.1D-2004 or 802.1Q; forced to version 0 it does too. */
export const isRapid = (network: Pick<Network, "record">, bridge: GoldenBridge): boolean =>
  (bridge.mode ?? network.record.protocol) !== "stp"

/** Whether it runs 802.1Q's multiple spanning trees. */
export const isMultiple = (network: Pick<Network, "record">, bridge: GoldenBridge): boolean =>
  (bridge.mode ?? network.record.protocol) === "mstp"

/** A region of a record as a bridge is configured for it. */
const regionConfig = (region: GoldenRegion): RegionConfig => {
  const instances: Record<number, Array<VlanRange>> = {}
  for (const mstid of region.mstis ?? []) instances[mstid] = []
  for (const [first, last, mstid] of region.vlans) if (mstid !== 0) (instances[mstid] ??= []).push([first, last])
  return { name: region.name, revision: region.revision, instances }
}

const regionNamed = (record: GoldenRecord, id: string): RegionConfig =>
  regionConfig(record.regions!.find((region) => region.id === id)!)

/** Trees that a bridge may need: the CIST, and the MSTIs of whatever region it will be in. */
const treesNeeded = (record: GoldenRecord): number =>
  1 + Math.max(0, ...(record.regions ?? []).map((region) => Object.keys(regionConfig(region).instances ?? {}).length))

const mstpConfig = (record: GoldenRecord, bridge: GoldenBridge): MstpConfig => {
  const { timers } = record
  const mstids = new Set((record.regions ?? []).flatMap((region) => Object.keys(regionConfig(region).instances ?? {})))
  const mstiOf = (mstid: string): NonNullable<MstpConfig["mstis"]>[number] => ({
    ...(bridge.msti?.[mstid]?.priority !== undefined && { priority: bridge.msti[mstid].priority }),
    ports: bridge.ports.map((port) => {
      const own = port.msti?.[mstid]
      const cost = own?.cost ?? port.internal_cost ?? port.cost
      return {
        ...(cost !== undefined && { internalPathCost: cost }),
        ...(own?.priority !== undefined && { priority: own.priority }),
      }
    }),
  })
  return {
    priority: bridge.priority ?? 32_768,
    ...(timers && { helloTime: timers.hello_s, maxAge: timers.max_age_s, forwardDelay: timers.forward_delay_s }),
    ...(timers?.max_hops !== undefined && { maxHops: timers.max_hops }),
    ...(bridge.region != null && { region: regionNamed(record, bridge.region) }),
    ports: bridge.ports.map((port) => ({
      portNo: port.no,
      ...(port.cost !== undefined && { externalPathCost: port.cost }),
      ...(port.internal_cost !== undefined && { internalPathCost: port.internal_cost }),
      ...(port.priority !== undefined && { priority: port.priority }),
      adminPointToPointMAC: isShared(record, port) ? false : ("auto" as const),
    })),
    mstis: Object.fromEntries([...mstids].map((mstid) => [mstid, mstiOf(mstid)])),
  }
}

/** Adapters at a repeater are full duplex here; those of the records were told that they are not. */
const isShared = (record: GoldenRecord, port: GoldenBridge["ports"][number]): boolean =>
  record.segments.some(({ name: segment, via }) => via === "hub" && segment === port.segment)

const protocolOf = (record: GoldenRecord, bridge: GoldenBridge, profile: ProfileName): ProtocolConfig => {
  const { timers } = record
  const common = {
    priority: bridge.priority ?? 32_768,
    ...(timers && { helloTime: timers.hello_s, maxAge: timers.max_age_s, forwardDelay: timers.forward_delay_s }),
  }
  const portOf = (port: GoldenBridge["ports"][number]) => ({
    portNo: port.no,
    ...(port.cost !== undefined && { pathCost: port.cost }),
    ...(port.priority !== undefined && { priority: port.priority }),
  })
  if (isMultiple({ record }, bridge)) return { kind: Mstp.kind, config: mstpConfig(record, bridge) }
  if (isRapid({ record }, bridge)) {
    const config: Rstp2004Config = {
      ...common,
      forceProtocolVersion: bridge.mode === "rstp-v0" ? 0 : 2,
      ports: bridge.ports.map((port) => ({
        ...portOf(port),
        adminPointToPointMAC: isShared(record, port) ? false : "auto",
      })),
    }
    return { kind: Rstp2004.kind, config }
  }
  const config: Stp1998Config = {
    ...common,
    profile,
    pathCostMethod: bridge.ports.some((port) => (port.cost ?? 0) > 65_535) ? "long" : "short",
    ports: bridge.ports.map(portOf),
  }
  return { kind: Stp1998.kind, config }
}

const bridgeConfig = (record: GoldenRecord, bridge: GoldenBridge, profile: ProfileName): BridgeConfig => ({
  address: MacAddress.parse(bridge.mac)!,
  ports: bridge.ports.map(() => ({ mode: "access", vlan: 1 })),
  vlans: [1],
  ...(isMultiple({ record }, bridge) && { trees: treesNeeded(record) }),
  protocols: [protocolOf(record, bridge, profile)],
})

const registry: World.Registry<EthernetFrame> = {
  kinds: new Map<string, AnyDeviceKind<EthernetFrame>>([
    ["bridge", bridgeKind([Stp1998, Rstp2004, Mstp])],
    ["hub", Hub.kind],
  ]),
  fingerprintFrame: (frame, digest) => {
    digest.number(frame.source)
    digest.number(frame.protocol)
  },
}

/** The attachments that move, each with every segment that it will be on. */
const moves = (record: GoldenRecord): ReadonlyMap<string, ReadonlySet<string>> => {
  const found = new Map<string, Set<string>>()
  for (const step of record.steps) {
    for (const event of eventsOf(step)) {
      if (event.type !== "port-move") continue
      const key = name(event.bridge, event.port)
      if (!found.has(key)) found.set(key, new Set())
      const to = destinationOf(event)
      if (to !== null) found.get(key)!.add(to)
    }
  }
  for (const segment of record.segments) {
    for (const [bridge, port] of segment.attachments) found.get(name(bridge, port))?.add(segment.name)
  }
  return found
}

/** Build the network. All cables are plugged in but those that a patch keeps for later. */
export const make = (record: GoldenRecord, profile: ProfileName): Network => {
  const nodes: Array<World.NodeSpec> = []
  const links: Array<World.LinkSpec> = []
  const cables: Array<Cable> = []
  const nodeOf = new Map<string, number>()
  const portOf = new Map<string, World.LinkEnd>()
  const segmentOf = new Map<string, string | null>()
  for (const bridge of record.bridges) {
    nodeOf.set(bridge.name, nodes.length)
    bridge.ports.forEach((port, index) => {
      portOf.set(name(bridge.name, port.no), { node: nodes.length, port: index })
      segmentOf.set(name(bridge.name, port.no), null)
    })
    nodes.push({ name: bridge.name, kind: "bridge", config: bridgeConfig(record, bridge, profile) })
  }
  const cable = (a: World.LinkEnd, b: World.LinkEnd, attachments: ReadonlyArray<string>, segment?: string): void => {
    cables.push({ link: links.length, attachments, ...(segment !== undefined && { segment }) })
    links.push({ a, b })
  }
  const hub = (label: string, ports: number): number => nodes.push({ name: label, kind: "hub", config: { ports } }) - 1

  const moving = moves(record)
  const patches = new Map<string, number>()
  for (const [key, targets] of moving) {
    const patch = hub(`patch ${key}`, 1 + targets.size)
    patches.set(key, patch)
    cable(portOf.get(key)!, { node: patch, port: 0 }, [key])
  }
  for (const segment of record.segments) {
    const still = segment.attachments.map(([bridge, port]) => name(bridge, port)).filter((key) => !moving.has(key))
    for (const [bridge, port] of segment.attachments) segmentOf.set(name(bridge, port), segment.name)
    const guests = [...moving].filter(([, targets]) => targets.has(segment.name))
    if (segment.via === "direct" && still.length === 2 && guests.length === 0) {
      cable(portOf.get(still[0])!, portOf.get(still[1])!, still)
      continue
    }
    const node = hub(`hub ${segment.name}`, Math.max(1, still.length + guests.length))
    still.forEach((key, index) => cable(portOf.get(key)!, { node, port: index }, [key]))
    guests.forEach(([key, targets], index) => {
      const socket = 1 + [...targets].indexOf(segment.name)
      cable({ node: patches.get(key)!, port: socket }, { node, port: still.length + index }, [key], segment.name)
    })
  }
  for (const [key, segment] of segmentOf) {
    if (segment !== null || moving.has(key)) continue
    cable(portOf.get(key)!, { node: hub(`nobody ${key}`, 1), port: 0 }, [key])
  }
  const network: Network = {
    record,
    simulation: Simulation.boot({ nodes, links }, registry),
    nodeOf,
    cables,
    down: new Set(),
    removed: new Set(),
    silent: new Set(),
    bpdusForgotten: 0,
    segmentOf,
    management: new Map(),
  }
  plug(network)
  return network
}

/** Give the events of a step, at the present instant. */
export const apply = (network: Network, step: GoldenStep): void => {
  for (const event of eventsOf(step)) applyEvent(network, event)
  // The record's own account of what is down and silent is the last word.
  if (step.ports_down) {
    network.down.clear()
    for (const [bridge, port] of step.ports_down) network.down.add(name(bridge, port))
  }
  if (step.silent) {
    network.silent.clear()
    for (const bridge of step.silent) network.silent.add(bridge)
  }
  power(network)
  plug(network)
}

const applyEvent = (network: Network, event: GoldenEvent): void => {
  switch (event.type) {
    case "start":
    case "none":
      return
    case "link-down":
    case "link-up":
      for (const key of attachmentsOn(network, event.segment)) setDown(network, key, event.type === "link-down")
      return
    case "port-down":
    case "port-up":
      setDown(network, name(event.bridge, event.port), event.type === "port-down")
      return
    case "bridge-remove":
      network.removed.add(event.bridge)
      for (const key of attachmentsOf(network, event.bridge)) network.down.add(key)
      return
    case "bridge-silent":
      network.silent.add(event.bridge)
      return
    case "bridge-up":
      network.removed.delete(event.bridge)
      network.silent.delete(event.bridge)
      for (const key of attachmentsOf(network, event.bridge)) {
        network.down.delete(key)
        // Both ends of a direct cable come up, unless the other bridge is away.
        const segment = network.record.segments.find((other) => other.name === network.segmentOf.get(key))
        if (segment?.via === "direct") for (const other of attachmentsOn(network, segment.name)) setDown(network, other, false)
      }
      return
    case "set-bridge-priority":
      return manage(network, event.bridge, { type: "stp.set-bridge-priority", ...ofTree(event), priority: event.priority })
    case "set-region":
      return manage(network, event.bridge, { type: "stp.set-region", region: regionNamed(network.record, event.region) })
    case "set-port-cost":
      // What a bridge costs inside a region is nothing to one that knows none.
      if (event.external === false && !isMultiple(network, bridgeNamed(network, event.bridge))) return
      return manage(network, event.bridge, {
        type: "stp.set-path-cost",
        ...ofTree(event),
        ...(event.external === true && { external: true }),
        port: portIndex(network, event.bridge, event.port),
        cost: event.cost,
      })
    case "set-port-priority":
      return manage(network, event.bridge, {
        type: "stp.set-port-priority",
        ...ofTree(event),
        port: portIndex(network, event.bridge, event.port),
        priority: event.priority,
      })
    case "port-move": {
      const key = name(event.bridge, event.port)
      // The bridge sees the cable go and come.
      const wasDown = network.down.has(key)
      network.down.add(key)
      plug(network)
      if (!wasDown) network.down.delete(key)
      network.segmentOf.set(key, destinationOf(event))
    }
  }
}

const ofTree = (event: { readonly msti?: number }): { readonly msti?: number } =>
  event.msti === undefined ? {} : { msti: event.msti }

const attachmentsOf = (network: Network, bridge: string): ReadonlyArray<string> =>
  [...network.segmentOf.keys()].filter((key) => key.startsWith(`${bridge}:`))

const attachmentsOn = (network: Network, segment: string): ReadonlyArray<string> =>
  [...network.segmentOf].filter(([, on]) => on === segment).map(([key]) => key)

const setDown = (network: Network, key: string, down: boolean): void => {
  if (down) network.down.add(key)
  else if (!network.removed.has(key.slice(0, key.lastIndexOf(":")))) network.down.delete(key)
}

const bridgeNamed = (network: Network, bridge: string): GoldenBridge => network.record.bridges.find((one) => one.name === bridge)!

/** The index of a port among its bridge's. */
export const portIndex = (network: Network, bridge: string, portNo: number): number =>
  network.record.bridges.find((one) => one.name === bridge)!.ports.findIndex((port) => port.no === portNo)

const manage = (network: Network, bridge: string, command: Management): void => {
  const log = network.management.get(bridge) ?? []
  network.management.set(bridge, log)
  log.push(command)
  network.simulation.command(network.nodeOf.get(bridge)!, command)
}

const tell = (network: Network, command: WorldCommand): void => network.simulation.command(WORLD, command)

/** Switch bridges off (silently) and on again. */
const power = (network: Network): void => {
  const { simulation } = network
  for (const [bridge, node] of network.nodeOf) {
    const on = simulation.world.power[node] === World.ON
    if (on && network.silent.has(bridge)) {
      network.bpdusForgotten += SpanningTree.bpdusSent(treeOf(network, bridge)!)
      tell(network, { type: "node.power-off", node, keepCarrier: true })
    } else if (!on && !network.silent.has(bridge)) {
      tell(network, { type: "node.power-on", node })
      for (const command of network.management.get(bridge) ?? []) simulation.command(node, command)
    }
  }
}

/** Plug cables in and out until they are as the record's state says. */
const plug = (network: Network): void => {
  const { simulation } = network
  for (const { attachments, link, segment } of network.cables) {
    const elsewhere = segment !== undefined && network.segmentOf.get(attachments[0]) !== segment
    const connected = !elsewhere && !attachments.some((key) => network.down.has(key))
    if (simulation.world.links[link].connected === connected) continue
    tell(network, { type: connected ? "link.connect" : "link.disconnect", link })
  }
}

/** BPDUs that bridges have sent, on all ports. */
export const bpdusSent = (network: Network): number => {
  let sum = network.bpdusForgotten
  for (const bridge of network.nodeOf.keys()) {
    const tree = treeOf(network, bridge)
    if (tree !== undefined) sum += SpanningTree.bpdusSent(tree)
  }
  return sum
}

/** The spanning tree of a bridge; undefined while it is switched off. */
export const treeOf = (network: Network, bridge: string): SpanningTree.SpanningTree | undefined => {
  const state = network.simulation.world.states[network.nodeOf.get(bridge)!] as BridgeState | null
  return state === null ? undefined : SpanningTree.of(state)
}
