/** `show port-security`, of all ports, of one (`interface Gi0/1`), and `address`, in the layout of Catalyst switches. */
import type { BridgeState } from "@l2lab/l2/BridgeState"
import * as ErrdisableCause from "@l2lab/l2/ErrdisableCause"
import * as MacAddress from "@l2lab/l2/MacAddress"
import * as PortSecurity from "@l2lab/l2/PortSecurity"
import { SECOND } from "@l2lab/sim/SimTime"
import * as SwitchQuery from "./SwitchQuery.ts"
import type { Asked, Topic } from "./Topic.ts"

interface AddressView {
  readonly vlan: number
  readonly address: string
  readonly type: PortSecurity.SecureType
  readonly interface: string
  /** Seconds until it is forgotten; null: never. */
  readonly secondsLeft: number | null
}

interface View {
  readonly interface: string
  readonly status: "Secure-up" | "Secure-down" | "Secure-shutdown"
  readonly violation: PortSecurity.Violation
  readonly ageingMinutes: number
  readonly ageingType: "absolute" | "inactivity"
  readonly maximum: number
  readonly addresses: ReadonlyArray<AddressView>
  readonly lastAddress: string
  readonly lastVlan: number
  readonly violations: number
}

const views = ({ emulation, node, port: only }: Asked): ReadonlyArray<View> => {
  const bridge = SwitchQuery.stateOf(emulation, node) as BridgeState
  const { now } = emulation.simulation
  return (bridge.config.portSecurity ?? []).flatMap((config, port): ReadonlyArray<View> => {
    if (config === undefined || (only !== undefined && only !== port)) return []
    const name = emulation.directory.nodes[node].bridgePorts[port].shortName
    const shut = bridge.errdisable.cause[port] === ErrdisableCause.PSECURE_VIOLATION
    const addresses = bridge.security.secure[port].flatMap((entry): ReadonlyArray<AddressView> => {
      const endsAt = PortSecurity.endsAt(config, entry)
      if (endsAt !== undefined && endsAt <= now) return []
      return [
        {
          vlan: entry.vlan,
          address: MacAddress.formatDotted(entry.address),
          type: entry.type,
          interface: name,
          secondsLeft: endsAt === undefined ? null : Math.ceil((endsAt - now) / SECOND),
        },
      ]
    })
    return [
      {
        interface: name,
        status: shut ? "Secure-shutdown" : bridge.up[port] === 1 ? "Secure-up" : "Secure-down",
        violation: config.violation ?? "shutdown",
        ageingMinutes: (config.ageingNs ?? 0) / SECOND / 60,
        ageingType: config.ageingType ?? "absolute",
        maximum: config.maximum ?? 1,
        addresses,
        lastAddress: MacAddress.formatDotted(bridge.security.lastAddress[port]),
        lastVlan: bridge.security.lastVlan[port],
        violations: bridge.security.violations[port],
      },
    ]
  })
}

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)

const ofType = ({ addresses }: View, type: PortSecurity.SecureType): number =>
  addresses.filter((entry) => entry.type === type).length

/** The block of one port. */
const block = (view: View, isOn: boolean): ReadonlyArray<string> =>
  (
    [
      ["Port Security", isOn ? "Enabled" : "Disabled"],
      ["Port Status", view.status],
      ["Violation Mode", capital(view.violation)],
      ["Aging Time", `${Number(view.ageingMinutes.toFixed(2))} mins`],
      ["Aging Type", capital(view.ageingType)],
      ["SecureStatic Address Aging", "Disabled"],
      ["Maximum MAC Addresses", view.maximum],
      ["Total MAC Addresses", view.addresses.length],
      ["Configured MAC Addresses", ofType(view, "configured")],
      ["Sticky MAC Addresses", ofType(view, "sticky")],
      ["Last Source Address:Vlan", `${view.lastAddress}:${view.lastVlan}`],
      ["Security Violation Count", view.violations],
    ] as const
  ).map(([key, value]) => `${key.padEnd(26)} : ${value}`)

const RULE = "-".repeat(77)

/** Addresses beyond the first of each port: how switches count them. */
const beyondFirst = (all: ReadonlyArray<View>): number =>
  all.reduce((sum, { addresses }) => sum + Math.max(0, addresses.length - 1), 0)

const totals = (all: ReadonlyArray<View>): ReadonlyArray<string> => [
  RULE,
  `Total Addresses in System (excluding one mac per port)     : ${beyondFirst(all)}`,
  "Max Addresses limit in System (excluding one mac per port) : 8192",
  "",
]

/** What a port shows that has no port security. */
const OFF: View = {
  interface: "",
  status: "Secure-down",
  violation: "shutdown",
  ageingMinutes: 0,
  ageingType: "absolute",
  maximum: 1,
  addresses: [],
  lastAddress: MacAddress.formatDotted(0),
  lastVlan: 0,
  violations: 0,
}

export const portSecurity: Topic = {
  words: "port-security",
  interface: true,
  interfaceWord: "interface",
  lines: (asked) => {
    const all = views(asked)
    if (asked.port !== undefined) {
      return [...block(all[0] ?? OFF, all.length > 0), ""]
    }
    return [
      "Secure Port  MaxSecureAddr  CurrentAddr  SecurityViolation  Security Action",
      "                (Count)       (Count)          (Count)",
      RULE,
      ...all.map(
        (view) =>
          `${view.interface.padStart(11)} ${String(view.maximum).padStart(14)} ${String(view.addresses.length).padStart(12)} ` +
          `${String(view.violations).padStart(18)} ${capital(view.violation).padStart(16)}`,
      ),
      ...totals(all),
    ]
  },
  json: (asked) => ({ portSecurity: views(asked) }),
}

const TYPES = { configured: "SecureConfigured", sticky: "SecureSticky", dynamic: "SecureDynamic" } as const

export const portSecurityAddress: Topic = {
  words: "port-security address",
  interface: true,
  interfaceWord: "interface",
  lines: (asked) => {
    const all = views(asked)
    return [
      "               Secure Mac Address Table",
      RULE,
      "Vlan    Mac Address       Type                          Ports   Remaining Age",
      "                                                                   (mins)",
      "----    -----------       ----                          -----   -------------",
      ...all
        .flatMap(({ addresses }) => addresses)
        .map(({ address, interface: name, secondsLeft, type, vlan }) =>
          [
            String(vlan).padStart(4),
            "  ",
            address.padEnd(16),
            TYPES[type].padEnd(29),
            name.padEnd(7),
            (secondsLeft === null ? "-" : String(Math.ceil(secondsLeft / 60))).padStart(5),
          ].join(" "),
        ),
      ...totals(all),
    ]
  },
  json: (asked) => ({ secureAddresses: views(asked).flatMap(({ addresses }) => addresses) }),
}
