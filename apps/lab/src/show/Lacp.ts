/** `show lacp neighbor` and `show lacp counters`, in the layout of Catalyst switches (IOS 15.2). */
import type { BridgeState } from "@l2lab/l2/BridgeState"
import * as Query from "@l2lab/l2/lacp/Query"
import * as MacAddress from "@l2lab/l2/MacAddress"
import * as SwitchQuery from "./SwitchQuery.ts"
import type { Asked, Topic } from "./Topic.ts"

type View = Query.PortView & { readonly interface: string }

const groups = ({ emulation, node }: Asked): ReadonlyArray<{ readonly group: number; readonly ports: ReadonlyArray<View> }> => {
  const bridge = SwitchQuery.stateOf(emulation, node) as BridgeState
  const { bridgePorts: names } = emulation.directory.nodes[node]
  return Query.groupsOf(bridge, emulation.simulation.now).map(({ bundle, ports }) => ({
    // Of a vPC the key is the pair's, not the port-channel's number.
    group: Number(names[bundle].shortName.slice(2)),
    ports: ports.map((view) => ({ interface: names[view.port].shortName, ...view })),
  }))
}

const hex = (value: number): string => `0x${value.toString(16).toUpperCase()}`

const FLAGS = [
  "Flags:  S - Device is requesting Slow LACPDUs",
  "        F - Device is requesting Fast LACPDUs",
  "        A - Device is in Active mode       P - Device is in Passive mode",
]

const neighbour = ({ interface: name, partner, secondsSinceHeard }: View): ReadonlyArray<string> =>
  partner === null
    ? []
    : [
        [
          name.padEnd(10),
          `${partner.isFast ? "F" : "S"}${partner.isActive ? "A" : "P"}`.padEnd(8),
          String(partner.portPriority).padEnd(10),
          MacAddress.formatDotted(partner.system).padEnd(16),
          `${String(Math.floor(secondsSinceHeard ?? 0)).padStart(2)}s`.padEnd(7),
          "0x0".padEnd(7),
          hex(partner.key).padEnd(7),
          hex(partner.port).padEnd(8),
          hex(partner.state),
        ].join(""),
      ]

export const lacpNeighbor: Topic = {
  words: "lacp neighbor",
  lines: (asked) => [
    ...FLAGS,
    "",
    ...groups(asked).flatMap(({ group, ports }) => [
      `Channel group ${group} neighbors`,
      "",
      "Partner's information:",
      "",
      "                  LACP port                        Admin  Oper   Port    Port",
      "Port      Flags   Priority  Dev ID          Age    key    Key    Number  State",
      ...ports.flatMap(neighbour),
      "",
    ]),
  ],
  json: (asked) => ({ lacp: groups(asked) }),
}

const counter = (...pairs: ReadonlyArray<number>): string =>
  pairs.map((value, i) => String(value).padEnd(i % 2 === 0 ? 7 : 9)).join("")

export const lacpCounters: Topic = {
  words: "lacp counters",
  lines: (asked) => [
    "             LACPDUs         Marker      Marker Response    LACPDUs",
    "Port       Sent   Recv     Sent   Recv     Sent   Recv      Pkts Err",
    "---------------------------------------------------------------------",
    ...groups(asked).flatMap(({ group, ports }) => [
      `Channel group: ${group}`,
      ...ports.map(({ heard, interface: name, markerResponsesSent, markersHeard, refused, sent }) =>
        `${name.padEnd(11)}${counter(sent, heard, 0, markersHeard, markerResponsesSent, 0)} ${refused}`.trimEnd(),
      ),
    ]),
    "",
  ],
  json: (asked) => ({ lacp: groups(asked) }),
}
