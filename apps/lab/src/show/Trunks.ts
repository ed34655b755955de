/** `show interfaces trunk` and `show interfaces switchport`, in the layout of Catalyst switches: what ports are set to be, what they are, what they carry. */
import type { BridgeState } from "@l2lab/l2/BridgeState"
import { FORWARDING } from "@l2lab/l2/BridgeState"
import { isInactive } from "@l2lab/l2/BridgeVlans"
import * as Dtp from "@l2lab/l2/dtp/Query"
import { MEMBER } from "@l2lab/l2/VlanTable"
import * as Columns from "./Columns.ts"
import * as SwitchQuery from "./SwitchQuery.ts"
import type { Asked, Topic } from "./Topic.ts"

const bridgeOf = ({ emulation, node }: Asked): BridgeState => SwitchQuery.stateOf(emulation, node) as BridgeState

const portsOf = (asked: Asked, bridge: BridgeState): ReadonlyArray<number> =>
  Array.from({ length: bridge.ports }, (_, port) => port).filter((port) => asked.port === undefined || asked.port === port)

const nameOf = ({ emulation, node }: Asked, port: number): string => emulation.directory.nodes[node].bridgePorts[port].shortName

const trunksOf = (asked: Asked) => {
  const bridge = bridgeOf(asked)
  const { ports, relay, switchPorts, up, vlans } = bridge
  return portsOf(asked, bridge).flatMap((port) => {
    const settings = switchPorts[port]
    if (settings.mode !== "trunk" || up[port] === 0) return []
    const active = settings.allowed.filter((vlan) => (vlans.membership[vlans.indexOf[vlan] * ports + port] & MEMBER) !== 0)
    return [
      {
        interface: nameOf(asked, port),
        mode: Dtp.modeOf(bridge, port),
        native: settings.native,
        allowed: settings.allowed,
        active,
        forwarding: active.filter((vlan) => (relay[vlans.indexOf[vlan] * ports + port] & FORWARDING) !== 0),
      },
    ]
  })
}

const MODE_NAMES = { access: "off", trunk: "on", "dynamic-auto": "auto", "dynamic-desirable": "desirable" } as const
const WIDTHS = [11, 16, 14, 13]
/** What a list of VLANs has of 80 columns. */
const LIST_WIDTH = 66

/** A list of VLANs behind a port's name, wrapped under its column. */
const listOf = (name: string, vlans: ReadonlyArray<number>): ReadonlyArray<string> => {
  if (vlans.length === 0) return [Columns.line(WIDTHS, name, "none")]
  return Columns.wrap(Columns.ranges(vlans).split(","), LIST_WIDTH).map((part, i) =>
    Columns.line(WIDTHS, i === 0 ? name : "", part.replaceAll(", ", ",")),
  )
}

export const interfacesTrunk: Topic = {
  words: "interfaces trunk",
  interface: true,
  lines: (asked) => {
    const trunks = trunksOf(asked)
    if (trunks.length === 0) return [""]
    const section = (heading: string, of: (trunk: (typeof trunks)[number]) => ReadonlyArray<number>): ReadonlyArray<string> => [
      "",
      Columns.line(WIDTHS, "Port", heading),
      ...trunks.flatMap((trunk) => listOf(trunk.interface, of(trunk))),
    ]
    return [
      "",
      Columns.line(WIDTHS, "Port", "Mode", "Encapsulation", "Status", "Native vlan"),
      ...trunks.map((trunk) => Columns.line(WIDTHS, trunk.interface, MODE_NAMES[trunk.mode], "802.1q", "trunking", trunk.native)),
      ...section("Vlans allowed on trunk", (trunk) => trunk.allowed),
      ...section("Vlans allowed and active in management domain", (trunk) => trunk.active),
      ...section("Vlans in spanning tree forwarding state and not pruned", (trunk) => trunk.forwarding),
      "",
    ]
  },
  json: (asked) => ({ trunks: trunksOf(asked) }),
}

const switchportsOf = (asked: Asked) => {
  const bridge = bridgeOf(asked)
  const dtp = Dtp.of(bridge)
  const names = new Map(SwitchQuery.vlans(asked.emulation, asked.node).map(({ id, name }) => [id, name]))
  return portsOf(asked, bridge).map((port) => {
    const settings = bridge.switchPorts[port]
    const roles = dtp?.roles[port]
    const access = roles?.access ?? (settings.mode === "access" ? settings : undefined)
    const trunk = roles?.trunk ?? (settings.mode === "trunk" ? settings : undefined)
    const named = (vlan: number): string => names.get(vlan) ?? "Inactive"
    return {
      interface: nameOf(asked, port),
      administrativeMode: Dtp.modeOf(bridge, port),
      operationalMode: bridge.up[bridge.bridgePortOf[port] ?? port] === 0 ? "down" : settings.mode,
      bundle: (bridge.bridgePortOf[port] ?? port) === port ? null : nameOf(asked, bridge.bridgePortOf[port]),
      negotiates: Dtp.negotiates(bridge, port),
      accessVlan: access?.vlan ?? 1,
      accessVlanName: named(access?.vlan ?? 1),
      isInactive: isInactive(bridge, port),
      nativeVlan: trunk?.native ?? 1,
      nativeVlanName: named(trunk?.native ?? 1),
      tagsNative: trunk?.tagNative ?? false,
      allowed: trunk?.allowed ?? null,
    }
  })
}

type Switchport = ReturnType<typeof switchportsOf>[number]

const ADMINISTRATIVE = {
  access: "static access",
  trunk: "trunk",
  "dynamic-auto": "dynamic auto",
  "dynamic-desirable": "dynamic desirable",
} as const
const OPERATIONAL = { access: "static access", trunk: "trunk", down: "down" } as const

const block = (view: Switchport): ReadonlyArray<string> => {
  const isDynamic = view.administrativeMode.startsWith("dynamic")
  const operational = OPERATIONAL[view.operationalMode as keyof typeof OPERATIONAL]
  return [
    `Name: ${view.interface}`,
    "Switchport: Enabled",
    `Administrative Mode: ${ADMINISTRATIVE[view.administrativeMode]}`,
    `Operational Mode: ${operational}${view.bundle === null ? "" : ` (member of bundle ${view.bundle})`}`,
    `Administrative Trunking Encapsulation: ${isDynamic ? "negotiate" : "dot1q"}`,
    ...(view.operationalMode === "down"
      ? []
      : [`Operational Trunking Encapsulation: ${view.operationalMode === "trunk" ? "dot1q" : "native"}`]),
    `Negotiation of Trunking: ${view.negotiates ? "On" : "Off"}`,
    `Access Mode VLAN: ${view.accessVlan} (${view.accessVlanName})`,
    `Trunking Native Mode VLAN: ${view.nativeVlan} (${view.nativeVlanName})`,
    `Administrative Native VLAN tagging: ${view.tagsNative ? "enabled" : "disabled"}`,
    "Voice VLAN: none",
    ...listed("Trunking VLANs Enabled: ", view.allowed),
    "",
  ]
}

const listed = (label: string, vlans: ReadonlyArray<number> | null): ReadonlyArray<string> => {
  if (vlans === null) return [`${label}ALL`]
  return Columns.wrap(vlans.length === 0 ? ["NONE"] : Columns.ranges(vlans).split(","), 80 - label.length - 1).map(
    (part, i) => `${i === 0 ? label : " ".repeat(label.length)}${part.replaceAll(", ", ",")}`,
  )
}

export const interfacesSwitchport: Topic = {
  words: "interfaces switchport",
  interface: true,
  lines: (asked) => switchportsOf(asked).flatMap(block),
  json: (asked) => ({ switchports: switchportsOf(asked) }),
}
