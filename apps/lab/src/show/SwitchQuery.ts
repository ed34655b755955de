/** The views that show commands print, read from a running switch. Reading changes nothing. */
import type { NodeEntry } from "@l2lab/design/Directory"
import type { BridgeState } from "@l2lab/l2/BridgeState"
import { isInactive } from "@l2lab/l2/BridgeVlans"
import * as ErrdisableCause from "@l2lab/l2/ErrdisableCause"
import * as FilteringDatabase from "@l2lab/l2/FilteringDatabase"
import { DROP_REASONS, REASONS } from "@l2lab/l2/PortCounters"
import { MEMBER, NO_VLAN } from "@l2lab/l2/VlanTable"
import { defaultName } from "@l2lab/l2/vtp/Database"
import * as Query from "@l2lab/l2/vtp/Query"
import * as PortRow from "@l2lab/sim/PortRow"
import { SECOND } from "@l2lab/sim/SimTime"
import { directionOf, SHUT } from "@l2lab/sim/World"
import type { Emulation } from "../Emulation.ts"
import type { InterfaceStatus, InterfaceView } from "./Interfaces.ts"
import type { MacAddressTableView, MacEntryView } from "./MacAddressTable.ts"
import type { VlanView } from "./Vlan.ts"

/** A port without a cable has no rate and no MTU of its own: it is shown with the usual ones. */
const USUAL = { rateBps: 1e9, mtu: 1500 }

/** The state of a switch; null while it is off. */
export const stateOf = ({ simulation }: Emulation, node: number): BridgeState | null =>
  simulation.world.states[node] as BridgeState | null

const nameOf = (entry: NodeEntry, bridgePort: number): string => entry.bridgePorts[bridgePort].shortName

/** Whether a port is in a bundle, whose VLANs are its own. */
const isMember = ({ bridgePortOf }: BridgeState, port: number): boolean => (bridgePortOf[port] ?? port) !== port

/** What a switch has learnt and what was configured. */
export const macAddressTable = (emulation: Emulation, node: number): MacAddressTableView => {
  const bridge = stateOf(emulation, node)
  if (bridge === null) return { entries: [], capacity: 0, refusals: 0 }
  const { now } = emulation.simulation
  const entry = emulation.directory.nodes[node]
  const vlanOf = new Map<number, number>()
  // Of VLANs that share a filtering database the first stands for all.
  bridge.vlans.ids.forEach((id, i) => {
    if (!vlanOf.has(bridge.vlans.fidOf[i])) vlanOf.set(bridge.vlans.fidOf[i], id)
  })
  const entries = FilteringDatabase.entries(bridge.fdb, now).map((found): MacEntryView => ({
    vlan: vlanOf.get(found.fid) ?? 0,
    address: found.address,
    type: found.isStatic ? "static" : "dynamic",
    interface: found.port === FilteringDatabase.DISCARD ? null : nameOf(entry, found.port),
    ageSeconds: found.isStatic ? null : (now - found.seen) / SECOND,
  }))
  return {
    entries: entries.sort((x, y) => x.vlan - y.vlan || x.address - y.address),
    capacity: bridge.fdb.capacity,
    refusals: bridge.fdb.refusals,
  }
}

/** The ports of a switch. */
export const interfaces = (emulation: Emulation, node: number): ReadonlyArray<InterfaceView> => {
  const { simulation, directory } = emulation
  const bridge = stateOf(emulation, node)
  if (bridge === null) return []
  const { world } = simulation
  return directory.nodes[node].ports.map((entry, linkPort): InterfaceView => {
    const worldPort = world.portBase[node] + linkPort
    const port = bridge.bridgePortOf[linkPort]
    const settings = bridge.switchPorts[port]
    const row = worldPort * PortRow.STRIDE
    const cabled = world.peer[worldPort] >= 0
    const octetsPerNs = cabled ? world.rows[row + PortRow.DENOMINATOR] / world.rows[row + PortRow.NUMERATOR] : 0
    const counters = simulation.statistics(worldPort)
    const status: InterfaceStatus =
      world.enabled[worldPort] === SHUT
        ? "disabled"
        : bridge.errdisable.cause[linkPort] !== ErrdisableCause.NONE
          ? "err-disabled"
          : world.carrier[worldPort] === 1
            ? isInactive(bridge, port)
              ? "inactive"
              : "connected"
            : "notconnect"
    return {
      name: entry.name,
      shortName: entry.shortName,
      address: bridge.address + 1 + linkPort,
      ...(entry.description !== undefined && { description: entry.description }),
      ...(entry.peer !== undefined && { peer: entry.peer }),
      status,
      ...(bridge.errdisable.cause[linkPort] !== ErrdisableCause.NONE && {
        errdisableCause: ErrdisableCause.nameOf(bridge.errdisable.cause[linkPort]),
      }),
      vlan: settings.mode === "access" ? settings.vlan : "trunk",
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
        drops: DROP_REASONS.map((reason, i) => ({ reason, frames: bridge.drops[port * REASONS + i] })),
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
  })
}

/** The VLANs of a switch. */
export const vlans = (emulation: Emulation, node: number): ReadonlyArray<VlanView> => {
  const { directory } = emulation
  const bridge = stateOf(emulation, node)
  if (bridge === null) return []
  const names = new Map(directory.vlans.map(({ id, name }) => [id, name]))
  const shared = Query.namesOf(bridge)
  const { vlans: table, ports, switchPorts } = bridge
  const portsWith = (i: number, mode: "access" | "trunk"): ReadonlyArray<string> =>
    switchPorts.flatMap((settings, port) =>
      settings.mode === mode && !isMember(bridge, port) && (table.membership[i * ports + port] & MEMBER) !== 0
        ? [nameOf(directory.nodes[node], port)]
        : [],
    )
  return Array.from(table.ids, (id, i): VlanView => ({
    id,
    name: shared.get(id) ?? names.get(id) ?? defaultName(id),
    accessPorts: portsWith(i, "access"),
    trunkPorts: portsWith(i, "trunk"),
  })).filter(({ id }) => table.indexOf[id] !== NO_VLAN)
}
