/** `show cdp`, `cdp neighbors` and its `detail`, of all ports or of one, in the layout of Catalyst switches. */
import * as CdpPdu from "@l2lab/l2/cdp/CdpPdu"
import type { Neighbour } from "@l2lab/l2/NeighbourTable"
import * as Ipv4Address from "@l2lab/l3/Ipv4Address"
import { SECOND } from "@l2lab/sim/SimTime"
import * as Neighbours from "./Neighbours.ts"
import type { Asked, Topic } from "./Topic.ts"

const NOT_ENABLED = ["% CDP is not enabled", ""]

const viewOf = ({ emulation, node }: Asked, neighbour: Neighbour<CdpPdu.CdpPdu>) => {
  const { info, port } = neighbour
  const capabilities = CdpPdu.CAPABILITY_NAMES.filter(({ bit }) => ((info.capabilities ?? 0) & bit) !== 0)
  return {
    interface: emulation.directory.nodes[node].bridgePorts[port].name,
    deviceId: info.deviceId ?? "",
    portId: info.portId ?? "",
    platform: info.platform ?? "",
    softwareVersion: info.softwareVersion ?? "",
    capabilities: capabilities.map(({ name }) => name),
    capabilityLetters: capabilities.map(({ letter }) => letter),
    addresses: (info.addresses ?? []).map(Ipv4Address.format),
    managementAddresses: (info.managementAddresses ?? []).map(Ipv4Address.format),
    version: info.version,
    secondsLeft: Neighbours.secondsLeft(neighbour, emulation.simulation.now),
    vtpDomain: info.vtpDomain ?? null,
    nativeVlan: info.nativeVlan ?? null,
    duplex: info.fullDuplex === undefined ? null : info.fullDuplex ? "full" : "half",
  }
}

type View = ReturnType<typeof viewOf>

/** What the switch that is asked knows; undefined where CDP does not run. */
const views = (asked: Asked): ReadonlyArray<View> | undefined => {
  const state = Neighbours.asked(asked, "cdp")
  return state === undefined ? undefined : Neighbours.ofPort(state.neighbours, asked).map((neighbour) => viewOf(asked, neighbour))
}

const json = (asked: Asked): Readonly<Record<string, unknown>> => ({ cdpNeighbors: views(asked) ?? null })

/** `Gig 0/1` for `GigabitEthernet0/1`: three letters and the numbers; other names as they are. */
const abbreviated = (name: string): string => name.replace(/^([A-Z][a-z]{2})[A-Za-z]*(?=\d+\/)/, "$1 ")

/** A name that is too long for its column has a line of its own. */
const row = (view: View): ReadonlyArray<string> => {
  const { deviceId } = view
  const rest = [
    abbreviated(view.interface).padEnd(18),
    String(view.secondsLeft).padEnd(11),
    view.capabilityLetters.join(" ").padStart(8).padEnd(12),
    view.platform.slice(0, 9).padEnd(10),
    abbreviated(view.portId),
  ].join("")
  return deviceId.length > 16 ? [deviceId, `${" ".repeat(17)}${rest}`] : [`${deviceId.padEnd(17)}${rest}`]
}

const total = (known: ReadonlyArray<View>): string => `Total cdp entries displayed : ${known.length}`

export const cdpNeighbors: Topic = {
  words: "cdp neighbors",
  interface: true,
  lines: (asked) => {
    const known = views(asked)
    if (known === undefined) return NOT_ENABLED
    return [
      "Capability Codes: R - Router, T - Trans Bridge, B - Source Route Bridge",
      "                  S - Switch, H - Host, I - IGMP, r - Repeater, P - Phone,",
      "                  D - Remote, C - CVTA, M - Two-port Mac Relay",
      "",
      "Device ID        Local Intrfce     Holdtme    Capability  Platform  Port ID",
      ...known.flatMap(row),
      "",
      total(known),
      "",
    ]
  },
  json,
}

const addresses = (list: ReadonlyArray<string>): ReadonlyArray<string> => list.map((address) => `  IP address: ${address}`)

const block = (view: View): ReadonlyArray<string> => [
  "-".repeat(25),
  `Device ID: ${view.deviceId}`,
  "Entry address(es):",
  ...addresses(view.addresses),
  `Platform: ${view.platform},  Capabilities: ${view.capabilities.join(" ")}`,
  `Interface: ${view.interface},  Port ID (outgoing port): ${view.portId}`,
  `Holdtime : ${view.secondsLeft} sec`,
  "",
  "Version :",
  view.softwareVersion,
  "",
  `advertisement version: ${view.version}`,
  ...(view.vtpDomain === null ? [] : [`VTP Management Domain: '${view.vtpDomain}'`]),
  ...(view.nativeVlan === null ? [] : [`Native VLAN: ${view.nativeVlan}`]),
  ...(view.duplex === null ? [] : [`Duplex: ${view.duplex}`]),
  "Management address(es):",
  ...addresses(view.managementAddresses),
  "",
]

export const cdpNeighborsDetail: Topic = {
  words: "cdp neighbors detail",
  interface: true,
  lines: (asked) => {
    const known = views(asked)
    return known === undefined ? NOT_ENABLED : [...known.flatMap(block), total(known), ""]
  },
  json,
}

const settings = (asked: Asked) => {
  const state = Neighbours.asked(asked, "cdp")
  return state === undefined ? undefined : { intervalSeconds: state.intervalNs / SECOND, holdSeconds: state.timeToLive }
}

export const cdp: Topic = {
  words: "cdp",
  lines: (asked) => {
    const told = settings(asked)
    if (told === undefined) return NOT_ENABLED
    return [
      "Global CDP information:",
      `        Sending CDP packets every ${told.intervalSeconds} seconds`,
      `        Sending a holdtime value of ${told.holdSeconds} seconds`,
      "        Sending CDPv2 advertisements is  enabled",
      "",
    ]
  },
  json: (asked) => ({ cdp: settings(asked) ?? null }),
}
