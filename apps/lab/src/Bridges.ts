/**
 * The bridges of a running network, whatever device they are in: a switch, a vPC peer, a chassis, whose bridge is that of both. Ports of a bridge are the design's bridge
 * ports (`NodeEntry.bridgePorts`); of a chassis they are the pair's. Reading changes nothing.
 */
import { type Directory, linkPlace } from "@l2lab/design/Directory"
import type { BridgeState } from "@l2lab/l2/BridgeState"
import type { WireFrame } from "@l2lab/sim/Device"
import type { World } from "@l2lab/sim/World"
import * as Chassis from "@l2lab/vss/chassis/ChassisState"
import type { State as PeerState } from "@l2lab/vss/mlag/State"

type AnyWorld = World<WireFrame>

/** Kinds of devices that are bridges. */
const KINDS: ReadonlySet<string> = new Set(["bridge", "chassis", "mlag-peer"])

/** Whether a node is one, by its kind of device. */
export const isBridge = ({ kinds }: Pick<AnyWorld, "kinds">, node: number): boolean => KINDS.has(kinds[node])

/** What is read of a world. */
export type Read = Pick<AnyWorld, "kinds" | "states">

/** A chassis that is on; undefined for any other node. */
export const chassisOf = ({ kinds, states }: Read, node: number): Chassis.ChassisState | undefined =>
  kinds[node] === "chassis" && states[node] !== null ? (states[node] as Chassis.ChassisState) : undefined

/** A vPC peer that is on; undefined for any other node. */
export const peerOf = ({ kinds, states }: Read, node: number): PeerState | undefined =>
  kinds[node] === "mlag-peer" && states[node] !== null ? (states[node] as PeerState) : undefined

/** The bridge of a node as it relays; null while it is off or boots, or for a node that is none. */
export const bridgeOf = (world: Read, node: number): BridgeState | null => {
  switch (world.kinds[node]) {
    case "bridge":
      return world.states[node] as BridgeState | null
    case "mlag-peer":
      return peerOf(world, node)?.bridge ?? null
    case "chassis": {
      const chassis = chassisOf(world, node)
      return chassis === undefined || chassis.mode === Chassis.BOOTING || chassis.mode === Chassis.RELOADING
        ? null
        : chassis.bridge
    }
    default:
      return null
  }
}

/** Whether a chassis is the active one; true for any other switch. */
export const isActive = (world: Read, node: number): boolean =>
  world.kinds[node] !== "chassis" || chassisOf(world, node)?.mode === Chassis.ACTIVE

/** The bridge of a node whose protocols run there: of two chassis that of the active one. */
export const controlOf = (world: Read, node: number): BridgeState | null => (isActive(world, node) ? bridgeOf(world, node) : null)

/** What is asked of a network. */
export interface Network {
  readonly directory: Directory
  readonly simulation: { readonly world: AnyWorld }
}

/** The nodes that answer as the switch that a node is: of two chassis those that are active, else the node itself. */
export const consolesOf = ({ directory, simulation: { world } }: Network, node: number): ReadonlyArray<number> => {
  const place = directory.nodes[node].pair
  if (world.kinds[node] !== "chassis" || place === undefined) return [node]
  const active = directory.pairs[place.pair].nodes.filter((each) => isActive(world, each))
  return active.length === 0 ? [node] : active
}

/** Whether a chassis is in recovery mode: a switch by itself, with all ports shut but a few. */
export const isInRecovery = (world: Read, node: number): boolean => chassisOf(world, node)?.mode === Chassis.RECOVERY

/** The one of them that an order goes to: the node's own, if it is one; a chassis in recovery mode is by itself. */
export const consoleOf = (network: Network, node: number): number => {
  const consoles = consolesOf(network, node)
  return isInRecovery(network.simulation.world, node) || consoles.includes(node) ? node : consoles[0]
}

/** The world port of a link port of a node's bridge. */
export const worldPortOf = ({ directory, simulation: { world } }: Network, node: number, link: number): number => {
  const place = linkPlace(directory, node, link)
  return world.portBase[place.node] + place.port
}

/** Whether a switch knows of a link port of its bridge: a chassis of those of the other as long as both are one. */
export const reaches = ({ directory, simulation: { world } }: Network, node: number, link: number): boolean => {
  const chassis = chassisOf(world, node)
  return chassis === undefined || chassis.vslp.joined === 1 || linkPlace(directory, node, link).node === node
}

/** What a switch is called: of two chassis that are one, the pair. */
export const nameOf = (network: Network, node: number): string => {
  const { name, pair } = network.directory.nodes[node]
  if (pair === undefined || network.simulation.world.kinds[node] !== "chassis") return name
  const consoles = consolesOf(network, node)
  return consoles.length > 1 || !consoles.includes(node) ? name : network.directory.pairs[pair.pair].name
}

/** Switches in the order of the design, each once: of two chassis those that are active, or the first. */
export const switchesOf = (network: Network): ReadonlyArray<number> => [
  ...new Set(
    network.directory.nodes.flatMap(({ kind, pair }, node): ReadonlyArray<number> => {
      if (kind !== "switch") return []
      const whole = pair === undefined ? undefined : network.directory.pairs[pair.pair]
      return whole?.type === "vss" ? consolesOf(network, whole.nodes[0]) : [node]
    }),
  ),
]
