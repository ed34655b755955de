/** `show udld`, of all ports or of one, and `show udld neighbors`, in the layout of Catalyst switches (IOS 15.2), but for fast hellos, which are not emulated. */
import type { BridgeState } from "@l2lab/l2/BridgeState"
import * as Query from "@l2lab/l2/udld/Query"
import type { Phase } from "@l2lab/l2/udld/Trace"
import * as Columns from "./Columns.ts"
import * as SwitchQuery from "./SwitchQuery.ts"
import type { Asked, Topic } from "./Topic.ts"

interface View extends Query.PortView {
  readonly interface: string
}

const views = ({ emulation, node, port: only }: Asked): ReadonlyArray<View> => {
  const bridge = SwitchQuery.stateOf(emulation, node) as BridgeState
  const { now } = emulation.simulation
  return SwitchQuery.linkPortsOf(emulation, node).flatMap(({ shortName }, linkPort): ReadonlyArray<View> =>
    only !== undefined && only !== linkPort ? [] : [{ interface: shortName, ...Query.portOf(bridge, linkPort, now) }],
  )
}

const MODES = { disabled: "Disabled", normal: "Enabled", aggressive: "Enabled / in aggressive mode" } as const

const LINKS = {
  unknown: "Unknown",
  undetermined: "Undetermined",
  bidirectional: "Bidirectional",
  unidirectional: "Unidirectional",
  loop: "Transmit/receive loop",
  mismatch: "Neighbor mismatch",
} as const

const PHASES: Readonly<Record<Phase, string>> = {
  inactive: "Link down",
  "link-up": "Link up",
  detection: "Detection",
  "extended-detection": "Extended detection",
  advertisement: "Advertisement",
  disabled: "Disabled port",
}

const phaseOf = ({ neighbours, phase }: View): string =>
  phase === "advertisement"
    ? `Advertisement - ${neighbours.length === 1 ? "Single neighbor" : "Multiple neighbors"} detected`
    : PHASES[phase]

const neighbourState = ({ hearsMe }: Query.NeighbourView): string => (hearsMe ? "Bidirectional" : "Unknown")

const milliseconds = (seconds: number): string => `${Math.round(seconds * 1000)} ms`

const entry = (neighbour: Query.NeighbourView, index: number): ReadonlyArray<string> => [
  "",
  `    Entry ${index + 1}`,
  "    ---",
  `    Expiration time: ${milliseconds(neighbour.secondsLeft)}`,
  `    Cache Device index: ${index + 1}`,
  `    Current neighbor state: ${neighbourState(neighbour)}`,
  `    Device ID: ${neighbour.deviceId}`,
  `    Port ID: ${neighbour.portId}`,
  ...neighbour.echo.flatMap((party, i) => [
    `    Neighbor echo ${i + 1} device: ${party.deviceId}`,
    `    Neighbor echo ${i + 1} port: ${party.portId}`,
  ]),
  "",
  ...(neighbour.messageInterval === undefined ? [] : [`    TLV Message interval: ${neighbour.messageInterval} sec`]),
  ...(neighbour.timeoutInterval === undefined ? [] : [`    TLV Time out interval: ${neighbour.timeoutInterval}`]),
  ...(neighbour.deviceName === undefined ? [] : [`    TLV CDP Device name: ${neighbour.deviceName}`]),
]

const lines = (view: View): ReadonlyArray<string> => [
  "",
  `Interface ${view.interface}`,
  "---",
  `Port enable administrative configuration setting: ${MODES[view.mode]}`,
  `Port enable operational state: ${MODES[view.mode]}`,
  `Current bidirectional state: ${LINKS[view.link]}`,
  ...(view.mode === "disabled" && view.phase !== "disabled" ? [] : [`Current operational state: ${phaseOf(view)}`]),
  ...(view.mode === "disabled" || view.phase === "disabled"
    ? []
    : [
        `Message interval: ${milliseconds(view.messageIntervalSeconds)}`,
        `Time out interval: ${milliseconds(view.timeoutIntervalSeconds)}`,
        ...(view.neighbours.length === 0 ? ["No neighbor cache information stored"] : view.neighbours.flatMap(entry)),
      ]),
]

export const udld: Topic = {
  words: "udld",
  interface: true,
  lines: (asked) => [...views(asked).flatMap(lines), ""],
  json: (asked) => ({ udld: views(asked) }),
}

const WIDTHS = [8, 15, 13, 12]

export const udldNeighbors: Topic = {
  words: "udld neighbors",
  lines: (asked) => {
    const ports = views(asked)
    const entries = ports.flatMap((view) => view.neighbours.map((neighbour, index) => ({ view, neighbour, index })))
    return [
      Columns.line(WIDTHS, "Port", "Device Name", "Device ID", "Port ID", "Neighbor State"),
      Columns.line(WIDTHS, "----", "-----------", "---------", "-------", "--------------"),
      ...entries.map(({ index, neighbour, view }) =>
        Columns.line(WIDTHS, view.interface, neighbour.deviceId, `  ${index + 1}`, neighbour.portId, neighbourState(neighbour)),
      ),
      "",
      `Total number of bidirectional entries displayed: ${entries.filter(({ neighbour }) => neighbour.hearsMe).length}`,
      "",
    ]
  },
  json: (asked) => ({
    udldNeighbors: views(asked).flatMap((view) => view.neighbours.map((each) => ({ interface: view.interface, ...each }))),
  }),
}
