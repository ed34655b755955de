/** One address in the filtering databases of all switches. */
import * as FilteringDatabase from "@l2lab/l2/FilteringDatabase"
import * as MacAddress from "@l2lab/l2/MacAddress"
import * as Effect from "effect/Effect"
import * as Bridges from "../Bridges.ts"
import type { Cam, CamEntry } from "../Lab.ts"
import { found, macNamed, nodeNamed, type Session } from "./Session.ts"

interface Found {
  readonly node: number
  readonly vlan: number
  /** Bridge port, or FilteringDatabase.DISCARD. */
  readonly port: number
}

/** Where every switch that is on believes an address to be, VLAN by VLAN. */
const lookupAll = ({ simulation, directory }: Session, mac: number): ReadonlyArray<Found> => {
  const list: Array<Found> = []
  directory.nodes.forEach((_, node) => {
    const state = Bridges.bridgeOf(simulation.world, node)
    if (state === null) return
    const { vlans, fdb } = state
    const asked = new Set<number>()
    vlans.ids.forEach((vlan, index) => {
      const fid = vlans.fidOf[index]
      if (asked.has(fid)) return // shared learning: one entry for several VLANs
      asked.add(fid)
      const high = MacAddress.high(mac)
      const port = FilteringDatabase.lookup(fdb, MacAddress.low(mac), high, fid, vlans.treeOf[index], simulation.now)
      if (port !== FilteringDatabase.UNKNOWN) list.push({ node, vlan, port })
    })
  })
  return list
}

export const cam = (session: Session, name: string): Cam => {
  const { directory } = session
  const address = found(() => macNamed(directory, name))
  const entry = ({ node, vlan, port }: Found): CamEntry => {
    const { name: switchName, bridgePorts: ports } = directory.nodes[node]
    if (port < 0) return { switch: switchName, vlan, port: "drop", portName: "drop" }
    const towards = ports[port].peer?.split(":")[0]
    return {
      switch: switchName,
      vlan,
      port: ports[port].end,
      portName: ports[port].shortName,
      ...(towards === undefined ? {} : { towards }),
    }
  }
  return {
    address,
    entries: Effect.map(address, (mac) => lookupAll(session, mac).map(entry)),
    pointsAt: (host) =>
      Effect.flatMap(address, (mac) =>
        Effect.map(
          found(() => nodeNamed(directory, host, ["host", "hypervisor"])),
          (target) => leadsTo(session, lookupAll(session, mac), target),
        ),
      ),
  }
}

/** Follow every entry cable by cable: each way must end at the host and not in a circle. */
const leadsTo = (session: Session, entries: ReadonlyArray<Found>, target: number): boolean => {
  const { world } = session.simulation
  const egress = new Map(entries.map(({ node, vlan, port }) => [`${node} ${vlan}`, port]))
  const reaches = ({ node, vlan }: Found): boolean => {
    const visited = new Set<number>()
    for (let at = node; ;) {
      if (visited.has(at)) return false
      visited.add(at)
      const port = egress.get(`${at} ${vlan}`)
      // A switch on the way that does not know the address floods: that is not pointing.
      if (port === undefined || port < 0) return false
      const link = Bridges.bridgeOf(world, at)?.linkPortOf[port] ?? -1
      const peer = link < 0 ? -1 : world.peer[Bridges.worldPortOf(session, at, link)]
      if (peer < 0) return false
      at = world.nodeOfPort[peer]
      if (at === target) return true
      if (!Bridges.isBridge(world, at)) return false
    }
  }
  return entries.length > 0 && entries.every(reaches)
}
