/** Stations that hear each other and cannot talk to each other: one VLAN, two IPv4 networks, no router. */
import * as Ipv4Address from "@l2lab/l3/Ipv4Address"
import { type Path, type Problem, warning } from "../DesignError.ts"
import { linkOfPort, type Network, type NetworkNode, otherEnd, type Station } from "../Network.ts"
import { usesUplink } from "./hosts.ts"
import type { Rule } from "./Rules.ts"
import { untagged } from "./vlans.ts"

interface Speaker {
  readonly name: string
  readonly path: Path
  readonly station: Station
}

// A place is a node and a label: the VLAN inside a switch, elsewhere the tag of the frame, 0 for none.
const LABELS = 4096
const NOWHERE = -1

/** Hosts and VMs that have no gateway, by place. Silent hosts speak to nobody; VMkernel interfaces speak to their own kind only. */
const speakersByPlace = (network: Network): ReadonlyMap<number, ReadonlyArray<Speaker>> => {
  const table = new Map<number, Array<Speaker>>()
  const add = (place: number, speaker: Speaker): void => {
    if (speaker.station.gateway !== undefined) return
    const others = table.get(place)
    if (others === undefined) table.set(place, [speaker])
    else others.push(speaker)
  }
  network.nodes.forEach((node, index) => {
    if (node.kind === "host" && !node.silent) add(index * LABELS + (node.tag ?? 0), node)
    if (node.kind !== "hypervisor") return
    const tags = new Map(node.portGroups.map((group) => [group.name, group.vlan ?? 0]))
    for (const vm of node.vms) add(index * LABELS + (tags.get(vm.portGroup) ?? 0), vm)
  })
  return table
}

/** The tag (0 for none) with which a frame of `label` leaves by a port; -1 where it does not. */
const leaving = (node: NetworkNode, label: number, port: number, carries: Carries): number => {
  switch (node.kind) {
    case "switch": {
      if (node.settings[port].shutdown || !carries(node.settings[port].vlans, label)) return NOWHERE
      return untagged(node, port) === label ? 0 : label
    }
    case "hub":
    case "host":
      return label
    case "hypervisor":
      return node.portGroups.some((group) => (group.vlan ?? 0) === label && usesUplink(group, port)) ? label : NOWHERE
  }
}

/** The label of a frame that comes in by a port with `tag` (0 for none); -1 where it is refused. */
const entering = (node: NetworkNode, tag: number, port: number, carries: Carries): number => {
  switch (node.kind) {
    case "switch": {
      if (node.settings[port].shutdown) return NOWHERE
      if (tag === 0) return untagged(node, port)
      return carries(node.settings[port].vlans, tag) ? tag : NOWHERE
    }
    case "hub":
      return tag
    case "host":
      return (node.tag ?? 0) === tag ? tag : NOWHERE
    case "hypervisor":
      return node.portGroups.some((group) => (group.vlan ?? 0) === tag && usesUplink(group, port)) ? tag : NOWHERE
  }
}

type RelayPort = Extract<NetworkNode, { kind: "switch" }>["settings"][number]["vlans"]

/** Whether a switch port carries a VLAN. */
type Carries = (port: RelayPort, vlan: number) => boolean

/** Hundreds of ports share one list of VLANs: each is turned into a set once. */
const carrier = (): Carries => {
  const sets = new Map<ReadonlyArray<number>, ReadonlySet<number>>()
  return (port, vlan) => {
    if (port.mode === "access") return port.vlan === vlan
    let set = sets.get(port.allowed)
    if (set === undefined) {
      set = new Set(port.allowed)
      sets.set(port.allowed, set)
    }
    return set.has(vlan)
  }
}

/** Whether each of the two takes the other for a neighbour. */
const reach = (a: Station, b: Station): boolean =>
  Ipv4Address.sameNetwork(a.address, b.address, a.prefixLength) && Ipv4Address.sameNetwork(a.address, b.address, b.prefixLength)

/** Speakers by their network, in the order of the design. */
const byNetwork = (speakers: ReadonlyArray<Speaker>): ReadonlyArray<ReadonlyArray<Speaker>> => {
  const groups: Array<Array<Speaker>> = []
  for (const speaker of speakers) {
    const group = groups.find(
      ([first]) => first.station.prefixLength === speaker.station.prefixLength && reach(first.station, speaker.station),
    )
    if (group === undefined) groups.push([speaker])
    else group.push(speaker)
  }
  return groups
}

/** Two that cannot reach each other, if there are any. */
const apart = (groups: ReadonlyArray<ReadonlyArray<Speaker>>): readonly [Speaker, Speaker] | undefined => {
  for (const [index, group] of groups.entries()) {
    for (const other of groups.slice(index + 1)) {
      // The first of the narrower network stands for all of it.
      const narrow = group[0].station.prefixLength >= other[0].station.prefixLength ? group[0] : other[0]
      const far = (narrow === group[0] ? other : group).find((speaker) => !reach(narrow.station, speaker.station))
      if (far !== undefined) return narrow === group[0] ? [narrow, far] : [far, narrow]
    }
  }
  return undefined
}

const written = ({ name, station }: Speaker): string => `${name} (${Ipv4Address.format(station.address)}/${station.prefixLength})`

/** Hosts and VMs of one VLAN that need a router to reach each other and have none; one warning for each VLAN. */
export const subnets: Rule = {
  name: "subnets",
  check: (network) => {
    const links = linkOfPort(network)
    const speakers = speakersByPlace(network)
    const carries = carrier()
    const seen = new Set<number>()
    const problems: Array<Problem> = []
    for (const start of speakers.keys()) {
      if (seen.has(start)) continue
      // Everywhere that a broadcast from here gets.
      seen.add(start)
      const places = [start]
      let vlan: number | undefined
      for (const place of places) {
        const index = Math.floor(place / LABELS)
        const label = place % LABELS
        const node = network.nodes[index]
        if (node.kind === "switch") vlan ??= label
        links[index].forEach((link, port) => {
          if (link < 0) return
          const tag = leaving(node, label, port, carries)
          if (tag === NOWHERE) return
          const end = otherEnd(network.links[link], index, port)
          const there = entering(network.nodes[end.node], tag, end.port, carries)
          const next = end.node * LABELS + there
          if (there === NOWHERE || seen.has(next)) return
          seen.add(next)
          places.push(next)
        })
      }
      places.sort((a, b) => a - b)
      const all = places.flatMap((place) => speakers.get(place) ?? [])
      const groups = byNetwork(all)
      const pair = apart(groups)
      if (pair === undefined) continue
      const where = vlan === undefined ? "on one wire" : `in VLAN ${vlan}`
      const many = all.length === 2 ? "" : ` (there are ${all.length} stations in ${groups.length} networks)`
      problems.push(
        warning(
          [...pair[1].path, "address"],
          `${written(pair[0])} and ${written(pair[1])} are ${where} but in different networks${many}: they cannot reach each other without a router; give them addresses of one network, or each a gateway in its own`,
        ),
      )
    }
    return problems
  },
}
