/** `show storm-control`: levels of each port and class, whether it is filtered, and what came in during the last second. */
import type { BridgeState } from "@l2lab/l2/BridgeState"
import * as StormControl from "@l2lab/l2/StormControl"
import { STORM_CLASSES } from "@l2lab/l2/Trace"
import * as SwitchQuery from "./SwitchQuery.ts"
import type { Asked, Topic } from "./Topic.ts"

interface View {
  readonly interface: string
  readonly class: (typeof STORM_CLASSES)[number]
  readonly state: "Link Down" | "Forwarding" | "Blocking"
  readonly unit: StormControl.StormLevel["unit"]
  readonly upper: number
  readonly lower: number
  readonly current: number
  readonly action: string
  /** Frames filtered, and times that a storm began. */
  readonly filtered: number
  readonly storms: number
}

const views = ({ emulation, node, port: only }: Asked): ReadonlyArray<View> => {
  const bridge = SwitchQuery.stateOf(emulation, node) as BridgeState
  const { now } = emulation.simulation
  return (bridge.config.stormControl ?? []).flatMap((config, port) =>
    config === undefined || (only !== undefined && only !== port)
      ? []
      : STORM_CLASSES.flatMap((name, klass): ReadonlyArray<View> => {
          const level = StormControl.levelAt(bridge, port, klass)
          if (level === undefined) return []
          const filters = StormControl.isFiltering(bridge, port, klass, now)
          const i = port * STORM_CLASSES.length + klass
          return [
            {
              interface: emulation.directory.nodes[node].bridgePorts[port].shortName,
              class: name,
              state: bridge.up[port] === 0 ? "Link Down" : filters ? "Blocking" : "Forwarding",
              unit: level.unit,
              upper: level.rising,
              lower: level.falling ?? level.rising,
              current: bridge.up[port] === 0 ? 0 : StormControl.current(bridge, port, klass, now),
              action: config.action ?? "filter",
              filtered: bridge.storm.filtered[i],
              storms: bridge.storm.storms[i],
            },
          ]
        }),
  )
}

const LETTERS = { broadcast: "B", multicast: "M", unicast: "U", "unknown-unicast": "UU" } as const
const ACTIONS: Readonly<Record<string, string>> = { filter: "None", shutdown: "Shutdown", trap: "Trap" }

/** `20.00%`, `1k pps`, `10m bps`: as levels are printed. */
const amount = (value: number, unit: View["unit"]): string => {
  if (unit === "percent") return `${value.toFixed(2)}%`
  const [scaled, suffix] =
    value >= 1e9 ? [value / 1e9, "g"] : value >= 1e6 ? [value / 1e6, "m"] : value >= 1e3 ? [value / 1e3, "k"] : [value, ""]
  return `${Number(scaled.toFixed(2))}${suffix} ${unit}`
}

export const stormControl: Topic = {
  words: "storm-control",
  interface: true,
  lines: (asked) => [
    "Key: U - Unicast, B - Broadcast, M - Multicast, UU - Unknown Unicast",
    "Interface  Filter State   Upper        Lower        Current      Action    Type",
    "---------  -------------  -----------  -----------  -----------  --------- ----",
    ...views(asked).map((view) =>
      [
        view.interface.padEnd(10),
        view.state.padEnd(14),
        amount(view.upper, view.unit).padStart(11),
        "",
        amount(view.lower, view.unit).padStart(11),
        "",
        amount(view.current, view.unit).padStart(11),
        "",
        (ACTIONS[view.action] ?? view.action).padEnd(9),
        LETTERS[view.class],
      ]
        .join(" ")
        .trimEnd(),
    ),
    "",
  ],
  json: (asked) => ({ stormControl: views(asked) }),
}
