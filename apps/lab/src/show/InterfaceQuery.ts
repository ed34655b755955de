/** The views of `show interfaces`, read from a running switch: its ports, and behind them its port-channels. Reading changes nothing. */
import type { BridgeState } from "@l2lab/l2/BridgeState"
import { isInactive } from "@l2lab/l2/BridgeVlans"
import * as Bundles from "@l2lab/l2/bundle/Bundles"
import * as ErrdisableCause from "@l2lab/l2/ErrdisableCause"
import { DROP_REASONS, REASONS } from "@l2lab/l2/PortCounters"
import * as PortRow from "@l2lab/sim/PortRow"
import { directionOf, SHUT } from "@l2lab/sim/World"
import * as Bridges from "../Bridges.ts"
import type { Emulation } from "../Emulation.ts"
import type { InterfaceStatus, InterfaceView } from "./Interfaces.ts"
import { linkPortsOf, stateOf } from "./SwitchQuery.ts"

/** A port without a cable has no rate and no MTU of its own: it is shown with the usual ones. */
const USUAL = { rateBps: 1e9, mtu: 1500 }

const dropsOf = ({ drops }: BridgeState, port: number): InterfaceView["input"]["drops"] =>
  DROP_REASONS.map((reason, i) => ({ reason, frames: drops[port * REASONS + i] }))

const vlanOf = ({ switchPorts }: BridgeState, port: number): InterfaceView["vlan"] => {
  const settings = switchPorts[port]
  return settings.mode === "access" ? settings.vlan : "trunk"
}

/** The ports of a switch, and behind them its port-channels. */
export const interfaces = (emulation: Emulation, node: number): ReadonlyArray<InterfaceView> => {
  const bridge = stateOf(emulation, node)
  if (bridge === null) return []
  const links = linkPortsOf(emulation, node).map((_, port) => linkPort(emulation, node, bridge, port))
  const channels = (bridge.config.bundles ?? []).map((_, b) => portChannel(emulation, node, bridge, b, links))
  return [...links, ...channels]
}

const linkPort = (emulation: Emulation, node: number, bridge: BridgeState, port: number): InterfaceView => {
  const { directory, simulation } = emulation
  const { world } = simulation
  const entry = directory.nodes[node].bridgePorts[port]
  const worldPort = Bridges.worldPortOf(emulation, node, port)
  const bridgePort = bridge.bridgePortOf[port]
  const row = worldPort * PortRow.STRIDE
  const cabled = world.peer[worldPort] >= 0
  const octetsPerNs = cabled ? world.rows[row + PortRow.DENOMINATOR] / world.rows[row + PortRow.NUMERATOR] : 0
  const counters = simulation.statistics(worldPort)
  const isDisabled = bridge.errdisable.cause[port] !== ErrdisableCause.NONE
  const status: InterfaceStatus =
    world.enabled[worldPort] === SHUT
      ? "disabled"
      : isDisabled
        ? "err-disabled"
        : world.carrier[worldPort] === 1 && Bridges.reaches(emulation, node, port)
          ? isInactive(bridge, bridgePort)
            ? "inactive"
            : "connected"
          : "notconnect"
  return {
    name: entry.name,
    shortName: entry.shortName,
    address: bridge.address + 1 + port,
    ...(entry.description !== undefined && { description: entry.description }),
    ...(entry.peer !== undefined && { peer: entry.peer }),
    status,
    ...(isDisabled && { errdisableCause: ErrdisableCause.nameOf(bridge.errdisable.cause[port]) }),
    vlan: vlanOf(bridge, bridgePort),
    mtu: cabled ? world.rows[row + PortRow.MAXIMUM_OCTETS] - PortRow.FRAME_OVERHEAD_OCTETS : USUAL.mtu,
    rateBps: cabled ? PortRow.rateOf(world.rows, row) : USUAL.rateBps,
    fullDuplex: cabled ? directionOf(world, worldPort).fullDuplex : true,
    latencyNs: world.rows[row + PortRow.LATENCY],
    queuedOctets: Math.ceil(Math.max(0, world.rows[row + PortRow.BUSY] - simulation.now) * octetsPerNs),
    queueLimitOctets: Math.floor(world.rows[row + PortRow.QUEUE_LIMIT] * octetsPerNs),
    input: {
      frames: counters.framesReceived,
      octets: counters.octetsReceived,
      crcErrors: counters.fcsErrors,
      runts: counters.runts,
      drops: dropsOf(bridge, port),
    },
    output: {
      frames: counters.framesSent,
      octets: counters.octetsSent,
      tailDrops: counters.tailDrops,
      mtuDrops: counters.mtuDrops,
      lostOnLink: counters.lost,
      collisions: counters.collisions,
      lateCollisions: counters.lateCollisions,
      excessiveCollisions: counters.excessiveCollisions,
      deferred: counters.deferred,
    },
  }
}

/** The sum of what members count, name by name. */
const totals = <K extends string>(counted: ReadonlyArray<Readonly<Record<K, number>>>, names: ReadonlyArray<K>) =>
  Object.fromEntries(names.map((name) => [name, counted.reduce((sum, each) => sum + each[name], 0)])) as Record<K, number>

/** What it is by its members: up, or shut, or out of service where all of them are. */
const statusOf = (bridge: BridgeState, port: number, members: ReadonlyArray<InterfaceView>): InterfaceStatus => {
  if (bridge.up[port] === 1) return isInactive(bridge, port) ? "inactive" : "connected"
  return (
    (["disabled", "err-disabled"] as const).find((status) => members.every((member) => member.status === status)) ?? "notconnect"
  )
}

const portChannel = (
  { directory }: Emulation,
  node: number,
  bridge: BridgeState,
  b: number,
  links: ReadonlyArray<InterfaceView>,
): InterfaceView => {
  const bundles = bridge.bundles!
  const config = bridge.config.bundles![b]
  const port = bundles.links + b
  const entry = directory.nodes[node].bridgePorts[port]
  const members = config.members.map((link) => links[link])
  const inUse = Bundles.membersIn(bundles, config).map((link) => links[link])
  const status = statusOf(bridge, port, members)
  const [{ errdisableCause }] = members
  return {
    name: entry.name,
    shortName: entry.shortName,
    address: bridge.address + 1 + port,
    ...(entry.peer !== undefined && { peer: entry.peer }),
    members: inUse.map(({ shortName }) => shortName),
    status,
    ...(status === "err-disabled" && errdisableCause !== undefined && { errdisableCause }),
    vlan: vlanOf(bridge, port),
    mtu: Math.min(...members.map(({ mtu }) => mtu)),
    rateBps: bridge.up[port] === 1 ? bridge.rateBps[port] : members[0].rateBps,
    fullDuplex: true,
    latencyNs: Math.max(...members.map(({ latencyNs }) => latencyNs)),
    ...totals(members, ["queuedOctets", "queueLimitOctets"]),
    // What members count while they are ports of their own, or out, is in here too.
    input: {
      ...totals(
        members.map(({ input }) => input),
        ["frames", "octets", "crcErrors", "runts"],
      ),
      drops: dropsOf(bridge, port),
    },
    output: totals(
      members.map(({ output }) => output),
      [
        "frames",
        "octets",
        "tailDrops",
        "mtuDrops",
        "lostOnLink",
        "collisions",
        "lateCollisions",
        "excessiveCollisions",
        "deferred",
      ],
    ),
  }
}
