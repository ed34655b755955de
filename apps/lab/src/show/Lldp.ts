/** `show lldp`, `lldp neighbors` and its `detail`, of all ports or of one, in the layout of Catalyst switches. */
import * as Ipv4Address from "@l2lab/l3/Ipv4Address"
import * as Lldpdu from "@l2lab/l2/lldp/Lldpdu"
import * as MacAddress from "@l2lab/l2/MacAddress"
import type { Neighbour } from "@l2lab/l2/NeighbourTable"
import { SECOND } from "@l2lab/sim/SimTime"
import * as Columns from "./Columns.ts"
import * as Neighbours from "./Neighbours.ts"
import type { Asked, Topic } from "./Topic.ts"

const NOT_ENABLED = ["% LLDP is not enabled", ""]

const letters = (set: number): ReadonlyArray<string> => [...Lldpdu.CAPABILITY_LETTERS].filter((_, bit) => (set >> bit) & 1)

const viewOf = ({ emulation, node }: Asked, neighbour: Neighbour<Lldpdu.Lldpdu>) => {
  const { info, port } = neighbour
  const { capabilities = { enabled: 0, system: 0 }, managementAddress: address } = info
  return {
    interface: emulation.directory.nodes[node].bridgePorts[port].shortName,
    chassisId: Lldpdu.formatId(info.chassisId),
    portId: Lldpdu.formatId(info.portId),
    portDescription: info.portDescription ?? null,
    systemName: info.systemName ?? null,
    systemDescription: info.systemDescription ?? null,
    timeToLive: info.timeToLive,
    secondsLeft: Neighbours.secondsLeft(neighbour, emulation.simulation.now),
    systemCapabilities: letters(capabilities.system),
    enabledCapabilities: letters(capabilities.enabled),
    managementAddress:
      address === undefined
        ? null
        : address.family === "ipv4"
          ? Ipv4Address.format(address.address)
          : MacAddress.formatDotted(address.address),
    managementFamily: address?.family ?? null,
    portVlanId: info.portVlanId ?? null,
  }
}

type View = ReturnType<typeof viewOf>

/** What the switch that is asked knows; undefined where LLDP does not run. */
const views = (asked: Asked): ReadonlyArray<View> | undefined => {
  const state = Neighbours.asked(asked, "lldp")
  return state === undefined ? undefined : Neighbours.ofPort(state.neighbours, asked).map((neighbour) => viewOf(asked, neighbour))
}

const json = (asked: Asked): Readonly<Record<string, unknown>> => ({ lldpNeighbors: views(asked) ?? null })

const WIDTHS = [19, 14, 10, 15]

export const lldpNeighbors: Topic = {
  words: "lldp neighbors",
  interface: true,
  lines: (asked) => {
    const known = views(asked)
    if (known === undefined) return NOT_ENABLED
    return [
      "",
      "Capability codes:",
      "    (R) Router, (B) Bridge, (T) Telephone, (C) DOCSIS Cable Device",
      "    (W) WLAN Access Point, (P) Repeater, (S) Station, (O) Other",
      "",
      Columns.line(WIDTHS, "Device ID", "Local Intf", "Hold-time", "Capability", "Port ID"),
      ...known.map((view) =>
        Columns.line(
          WIDTHS,
          (view.systemName ?? view.chassisId).slice(0, 19),
          view.interface,
          view.timeToLive,
          view.enabledCapabilities.join(","),
          view.portId,
        ),
      ),
      "",
      `Total entries displayed: ${known.length}`,
      "",
    ]
  },
  json,
}

const said = (name: string, value: string | number | null): string => `${name}: ${value ?? "- not advertised"}`

const block = (view: View): ReadonlyArray<string> => [
  "-".repeat(48),
  `Local Intf: ${view.interface}`,
  `Chassis id: ${view.chassisId}`,
  `Port id: ${view.portId}`,
  said("Port Description", view.portDescription),
  said("System Name", view.systemName),
  "",
  "System Description:",
  view.systemDescription ?? "- not advertised",
  "",
  `Time remaining: ${view.secondsLeft} seconds`,
  `System Capabilities: ${view.systemCapabilities.join(",")}`,
  `Enabled Capabilities: ${view.enabledCapabilities.join(",")}`,
  ...(view.managementAddress === null
    ? ["Management Addresses - not advertised"]
    : ["Management Addresses:", `    ${view.managementFamily === "ipv4" ? "IP" : "Other"}: ${view.managementAddress}`]),
  "Auto Negotiation - not supported",
  "Physical media capabilities - not advertised",
  "Media Attachment Unit type - not advertised",
  said("Vlan ID", view.portVlanId),
  "",
]

export const lldpNeighborsDetail: Topic = {
  words: "lldp neighbors detail",
  interface: true,
  lines: (asked) => {
    const known = views(asked)
    return known === undefined ? NOT_ENABLED : [...known.flatMap(block), `Total entries displayed: ${known.length}`, ""]
  },
  json,
}

const settings = (asked: Asked) => {
  const state = Neighbours.asked(asked, "lldp")
  return state === undefined
    ? undefined
    : {
        intervalSeconds: state.intervalNs / SECOND,
        holdSeconds: state.timeToLive,
        reinitSeconds: state.reinitNs / SECOND,
      }
}

export const lldp: Topic = {
  words: "lldp",
  lines: (asked) => {
    const told = settings(asked)
    if (told === undefined) return NOT_ENABLED
    return [
      "",
      "Global LLDP Information:",
      "    Status: ACTIVE",
      `    LLDP advertisements are sent every ${told.intervalSeconds} seconds`,
      `    LLDP hold time advertised is ${told.holdSeconds} seconds`,
      `    LLDP interface reinitialisation delay is ${told.reinitSeconds} seconds`,
      "",
    ]
  },
  json: (asked) => ({ lldp: settings(asked) ?? null }),
}
