/** The views that show commands print, read from a running switch. Reading changes nothing. */
import type { NodeEntry } from "@l2lab/design/Directory"
import type { BridgeState } from "@l2lab/l2/BridgeState"
import * as FilteringDatabase from "@l2lab/l2/FilteringDatabase"
import { MEMBER, NO_VLAN } from "@l2lab/l2/VlanTable"
import { defaultName } from "@l2lab/l2/vtp/Database"
import * as Query from "@l2lab/l2/vtp/Query"
import { SECOND } from "@l2lab/sim/SimTime"
import * as Bridges from "../Bridges.ts"
import type { Emulation } from "../Emulation.ts"
import type { MacAddressTableView, MacEntryView } from "./MacAddressTable.ts"
import type { VlanView } from "./Vlan.ts"

/** The state of a switch; null while it is off or boots. */
export const stateOf = ({ simulation }: Emulation, node: number): BridgeState | null => Bridges.bridgeOf(simulation.world, node)

/** The link ports of a switch's bridge; of two chassis those of both. */
export const linkPortsOf = ({ directory }: Emulation, node: number): NodeEntry["bridgePorts"] =>
  directory.nodes[node].bridgePorts.filter(({ members }) => members === undefined)

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
