/** `show link state group` and `detail`, in the layout of Catalyst switches (IOS 15.2). */
import type { BridgeState } from "@l2lab/l2/BridgeState"
import * as ErrdisableCause from "@l2lab/l2/ErrdisableCause"
import * as Columns from "./Columns.ts"
import * as SwitchQuery from "./SwitchQuery.ts"
import type { Asked, Topic } from "./Topic.ts"

interface PortView {
  readonly interface: string
  readonly state: "Up" | "Dwn" | "Dis"
}

interface View {
  readonly group: number
  readonly up: boolean
  readonly upstream: ReadonlyArray<PortView>
  readonly downstream: ReadonlyArray<PortView>
}

const views = ({ emulation, node }: Asked): ReadonlyArray<View> => {
  const { bundles, config, errdisable, linkState, up } = SwitchQuery.stateOf(emulation, node) as BridgeState
  const { bridgePorts } = emulation.directory.nodes[node]
  const isHeld = (port: number): boolean => {
    const links = bundles !== null && port >= bundles.links ? config.bundles![port - bundles.links].members : [port]
    return links.some((link) => errdisable.cause[link] === ErrdisableCause.LSGROUP)
  }
  const portOf = (port: number): PortView => ({
    interface: bridgePorts[port].shortName,
    state: isHeld(port) ? "Dis" : up[port] === 1 ? "Up" : "Dwn",
  })
  return (linkState?.config ?? []).map(({ downstream, number, upstream }, g) => ({
    group: number,
    up: linkState!.down[g] === 0 && upstream.some((port) => up[port] === 1),
    upstream: upstream.map(portOf),
    downstream: downstream.map(portOf),
  }))
}

const heading = ({ group, up }: View): string =>
  `${`Link State Group: ${group}`.padEnd(25)}Status: Enabled, ${up ? "Up" : "Down"}`

const WIDTH = 80

const list = (label: string, ports: ReadonlyArray<PortView>): ReadonlyArray<string> =>
  Columns.wrap(
    ports.map((port) => `${port.interface}(${port.state})`),
    WIDTH - label.length,
  ).map((part, i) => `${i === 0 ? label : " ".repeat(label.length)}${part.replaceAll(", ", " ")}`)

const json = (asked: Asked): Readonly<Record<string, unknown>> => ({ linkStateGroups: views(asked) })

export const linkStateGroup: Topic = {
  words: "link state group",
  lines: (asked) => [...views(asked).map(heading), ""],
  json,
}

export const linkStateGroupDetail: Topic = {
  words: "link state group detail",
  lines: (asked) => [
    "(Up):Interface up   (Dwn):Interface Down   (Dis):Interface disabled",
    "",
    ...views(asked).flatMap((view) => [
      heading(view),
      ...list("Upstream Interfaces   : ", view.upstream),
      ...list("Downstream Interfaces : ", view.downstream),
      "",
    ]),
    "(Up):Interface up   (Dwn):Interface Down   (Dis):Interface disabled",
    "",
  ],
  json,
}
