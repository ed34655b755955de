/**
 * `show etherchannel summary`, `port-channel` and `load-balance`, in the layout of Catalyst switches (IOS 15.2).
 */
import type { BridgeState } from "@l2lab/l2/BridgeState"
import * as Bundles from "@l2lab/l2/bundle/Bundles"
import * as LoadBalance from "@l2lab/l2/bundle/LoadBalance"
import * as ErrdisableCause from "@l2lab/l2/ErrdisableCause"
import * as Lacp from "@l2lab/l2/lacp/Query"
import * as Pagp from "@l2lab/l2/pagp/Query"
import * as Columns from "./Columns.ts"
import * as SwitchQuery from "./SwitchQuery.ts"
import type { Asked, Topic } from "./Topic.ts"

interface MemberView {
  readonly interface: string
  /** As in `Gi0/1(P)`. */
  readonly flag: "P" | "D" | "I" | "s" | "H" | "w" | "M"
  /** Of the eight buckets those that the member owns, as bits. */
  readonly load: number
}

interface View {
  readonly interface: string
  readonly group: number
  readonly up: boolean
  readonly protocol: "LACP" | "PAgP" | null
  readonly mode: string
  readonly rateBps: number
  readonly members: ReadonlyArray<MemberView>
}

/** What a member is, by its link, its bundle and its protocol. */
const flagOf = (bridge: BridgeState, link: number, b: number): MemberView["flag"] => {
  const bundles = bridge.bundles!
  if (bundles.up[link] === 0 || bridge.errdisable.cause[link] !== ErrdisableCause.NONE) return "D"
  const role = bundles.role[link]
  const { minLinks = 1 } = bridge.config.bundles![b]
  if (role === Bundles.IN) return bundles.active[b] < minLinks ? "M" : "P"
  if (role === Bundles.ALONE) return "I"
  const pagp = Pagp.standingOf(bridge, link)
  if (pagp !== undefined) return pagp === "suspended" || pagp === "waiting" ? "s" : "w"
  const standing = Lacp.standingOf(bridge, link)
  if (standing === "standby") return Lacp.isShort(bridge, link) ? "M" : "H"
  return standing === "selected" || standing === "unselected" || standing === "individual" ? "w" : "s"
}

const views = ({ emulation, node, port: only }: Asked): ReadonlyArray<View> => {
  const bridge = SwitchQuery.stateOf(emulation, node) as BridgeState
  const { bundles, config } = bridge
  if (bundles === null) return []
  const { bridgePorts } = emulation.directory.nodes[node]
  return config.bundles!.flatMap(({ isStatic, members }, b): ReadonlyArray<View> => {
    const port = bundles.links + b
    if (only !== undefined && only !== port && !members.includes(only)) return []
    const { shortName } = bridgePorts[port]
    const owner = Array.from(bundles.owner.subarray(b * LoadBalance.BUCKETS, (b + 1) * LoadBalance.BUCKETS))
    return [
      {
        interface: shortName,
        group: Number(shortName.slice(2)),
        up: bridge.up[port] === 1,
        protocol: isStatic ? null : Pagp.modeOf(bridge, members[0]) === undefined ? "LACP" : "PAgP",
        mode: isStatic ? "on" : (Pagp.modeOf(bridge, members[0]) ?? Lacp.modeOf(bridge, members[0])),
        rateBps: bridge.up[port] === 1 ? bridge.rateBps[port] : 0,
        members: members.map((link) => ({
          interface: bridgePorts[link].shortName,
          flag: flagOf(bridge, link, b),
          load: owner.reduce((bits, each, bucket) => (each === link ? bits | (1 << bucket) : bits), 0),
        })),
      },
    ]
  })
}

const FLAGS = [
  "Flags:  D - down        P - bundled in port-channel",
  "        I - stand-alone s - suspended",
  "        H - Hot-standby (LACP only)",
  "        R - Layer3      S - Layer2",
  "        U - in use      f - failed to allocate aggregator",
  "",
  "        M - not in use, minimum links not met",
  "        u - unsuitable for bundling",
  "        w - waiting to be aggregated",
  "        d - default port",
  "",
  "",
]

/** What members have of 80 columns, each in twelve. */
const MEMBERS_WIDTH = 48

const membersOf = ({ members }: View): ReadonlyArray<string> => {
  const lines: Array<string> = [""]
  for (const { flag, interface: name } of members) {
    const text = `${name}(${flag})`.padEnd(12)
    const last = lines.length - 1
    if (lines[last].length + text.length > MEMBERS_WIDTH) lines.push(text)
    else lines[last] += text
  }
  return lines
}

export const etherchannelSummary: Topic = {
  words: "etherchannel summary",
  lines: (asked) => {
    const channels = views(asked)
    return [
      ...FLAGS,
      `Number of channel-groups in use: ${channels.length}`,
      `Number of aggregators:           ${channels.length}`,
      "",
      "Group  Port-channel  Protocol    Ports",
      "------+-------------+-----------+-----------------------------------------------",
      ...channels.flatMap((view) =>
        membersOf(view).map((ports, i) =>
          (i > 0
            ? " ".repeat(33) + ports
            : `${String(view.group).padEnd(7)}${`${view.interface}(S${view.up ? "U" : "D"})`.padEnd(16)}${(view.protocol ?? " -").padEnd(10)}${ports}`
          ).trimEnd(),
        ),
      ),
      "",
    ]
  },
  json: (asked) => ({ etherchannel: views(asked) }),
}

const EC_STATES = { on: "On", active: "Active", passive: "Passive", desirable: "Desirable-Sl", auto: "Automatic-Sl" } as const

export const etherchannelPortChannel: Topic = {
  words: "etherchannel port-channel",
  lines: (asked) => [
    "                Channel-group listing:",
    "                ----------------------",
    "",
    ...views(asked).flatMap((view): ReadonlyArray<string> => {
      const active = view.members.filter(({ flag }) => flag === "P")
      const standby = view.members.filter(({ flag }) => flag === "H").map((member) => member.interface)
      return [
        `Group: ${view.group}`,
        "----------",
        "                Port-channels in the group:",
        "                ---------------------------",
        "",
        `Port-channel: ${view.interface}${view.protocol === "LACP" ? "    (Primary Aggregator)" : ""}`,
        "",
        "------------",
        "",
        `Number of ports     = ${active.length}`,
        `HotStandBy port     = ${standby.length === 0 ? "null" : standby.join(" ")}`,
        `Port state          = Port-channel ${view.up ? "Ag-Inuse" : "Ag-Not-Inuse"}`,
        `Protocol            =   ${view.protocol ?? " -"}`,
        "",
        "Ports in the Port-channel:",
        "",
        "Index   Load   Port     EC state        No of bits",
        "------+------+------+------------------+-----------",
        ...active.map(({ interface: name, load }, index) =>
          Columns.line(
            [8, 7, 9, 19],
            `  ${index}`,
            load.toString(16).toUpperCase().padStart(2, "0"),
            name,
            EC_STATES[view.mode as keyof typeof EC_STATES],
            String(load.toString(2).replaceAll("0", "").length),
          ),
        ),
        "",
      ]
    }),
  ],
  json: (asked) => ({ etherchannel: views(asked) }),
}

const FIELD_NAMES = { mac: "MAC address", ip: "IP address", port: "TCP/UDP (layer-4) port number" } as const

/** `src-dst-ip`: `Source XOR Destination IP address`. */
const inWords = (method: LoadBalance.Method, isIp: boolean): string => {
  const ends = method.startsWith("src-dst") ? "Source XOR Destination" : method.startsWith("src") ? "Source" : "Destination"
  if (!isIp || method.endsWith("mac")) return `${ends} ${FIELD_NAMES.mac}`
  if (method.endsWith("mixed-ip-port")) return `${ends} IP address and TCP/UDP (layer-4) port number`
  return `${ends} ${method.endsWith("ip") ? FIELD_NAMES.ip : FIELD_NAMES.port}`
}

const methodOf = ({ emulation, node }: Asked): LoadBalance.Method =>
  (SwitchQuery.stateOf(emulation, node) as BridgeState).config.bundles?.[0].loadBalance ?? LoadBalance.DEFAULT_METHOD

export const etherchannelLoadBalance: Topic = {
  words: "etherchannel load-balance",
  lines: (asked) => {
    const method = methodOf(asked)
    return [
      "EtherChannel Load-Balancing Configuration:",
      `        ${method}`,
      "",
      "EtherChannel Load-Balancing Addresses Used Per-Protocol:",
      `Non-IP: ${inWords(method, false)}`,
      `  IPv4: ${inWords(method, true)}`,
      "",
    ]
  },
  json: (asked) => ({ loadBalance: methodOf(asked) }),
}
