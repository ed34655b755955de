/** `show pagp neighbor`, `counters` and `dual-active`, in the layout of Catalyst switches (IOS 15.2). */
import { shortName } from "@l2lab/l2/DiscoveryIdentity"
import type { BridgeState } from "@l2lab/l2/BridgeState"
import * as MacAddress from "@l2lab/l2/MacAddress"
import * as Query from "@l2lab/l2/pagp/Query"
import * as Columns from "./Columns.ts"
import * as SwitchQuery from "./SwitchQuery.ts"
import type { Asked, Topic } from "./Topic.ts"

type View = Query.PortView & { readonly interface: string }

interface GroupView {
  readonly group: number
  readonly trusted: boolean
  readonly ports: ReadonlyArray<View>
}

const groups = ({ emulation, node }: Asked): ReadonlyArray<GroupView> => {
  const bridge = SwitchQuery.stateOf(emulation, node) as BridgeState
  const { bridgePorts: names } = emulation.directory.nodes[node]
  return Query.groupsOf(bridge, emulation.simulation.now).map(({ group, ports, trusted }) => ({
    group,
    trusted,
    ports: ports.map((view) => ({ interface: names[view.port].shortName, ...view })),
  }))
}

const json = (asked: Asked): Readonly<Record<string, unknown>> => ({ pagp: groups(asked) })

const FLAGS = [
  "Flags:  S - Device is sending Slow hello.  C - Device is in Consistent state.",
  "        A - Device is in Auto mode.        P - Device learns on physical port.",
]

const NEIGHBOUR_WIDTHS = [9, 20, 16, 10, 4, 7]

const flagsOf = ({ auto, consistent, learns, slowHello }: Query.PartnerView): string =>
  [slowHello ? "S" : "", auto ? "A" : "", consistent ? "C" : "", learns === "physical-port" ? "P" : ""].join("")

const neighbour = ({ interface: name, partner, secondsSinceHeard }: View): ReadonlyArray<string> =>
  partner === null
    ? []
    : [
        Columns.line(
          NEIGHBOUR_WIDTHS,
          name,
          partner.name.slice(0, 20),
          MacAddress.formatDotted(partner.device),
          shortName(partner.portName).slice(0, 10),
          `${String(Math.floor(secondsSinceHeard ?? 0)).padStart(3)}s`,
          flagsOf(partner),
          partner.groupCapability.toString(16).toUpperCase(),
        ),
      ]

export const pagpNeighbor: Topic = {
  words: "pagp neighbor",
  lines: (asked) => [
    ...FLAGS,
    "",
    ...groups(asked).flatMap(({ group, ports }) => [
      `Channel group ${group} neighbors`,
      "          Partner              Partner          Partner         Partner Group",
      "Port      Name                 Device ID        Port       Age  Flags   Cap.",
      ...ports.flatMap(neighbour),
      "",
    ]),
  ],
  json,
}

const COUNTER_WIDTHS = [9, 7, 8, 7, 7]

export const pagpCounters: Topic = {
  words: "pagp counters",
  lines: (asked) => [
    "          Information         Flush        PAgP",
    "Port      Sent    Recv     Sent    Recv    Err Pkts",
    "---------------------------------------------------",
    ...groups(asked).flatMap(({ group, ports }) => [
      `Channel group: ${group}`,
      ...ports.map(({ flushesHeard, heard, interface: name, ownHeard, refused, sent }) =>
        Columns.line(COUNTER_WIDTHS, name, sent, heard, 0, flushesHeard, refused + ownHeard),
      ),
    ]),
    "",
  ],
  json,
}

const DUAL_ACTIVE_WIDTHS = [9, 15, 20, 9]

export const pagpDualActive: Topic = {
  words: "pagp dual-active",
  lines: (asked) => {
    const bridge = SwitchQuery.stateOf(asked.emulation, asked.node) as BridgeState
    const enabled = Query.stateOf(bridge)?.config.dualActive !== false
    return [
      `PAgP dual-active detection enabled: ${enabled ? "Yes" : "No"}`,
      "PAgP dual-active version: 1.1",
      "",
      ...groups(asked).flatMap(({ group, ports }) => [
        `Channel group ${group}`,
        "          Dual-Active     Partner              Partner   Partner",
        "Port      Detect Capable  Name                 Port      Version",
        ...ports.map(({ dualActiveCapable, interface: name, partner }) =>
          partner === null
            ? Columns.line(DUAL_ACTIVE_WIDTHS, name, "No", "None", "None", "N/A")
            : Columns.line(
                DUAL_ACTIVE_WIDTHS,
                name,
                dualActiveCapable ? "Yes" : "No",
                partner.name.slice(0, 20),
                shortName(partner.portName),
                dualActiveCapable ? "1.1" : "N/A",
              ),
        ),
        "",
      ]),
    ]
  },
  json,
}
