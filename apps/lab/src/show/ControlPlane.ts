/** `show control-plane`: what the switch's processor got and what was lost before it. The layout is ours: every platform has its own. */
import type { BridgeState } from "@l2lab/l2/BridgeState"
import * as ControlPlane from "@l2lab/l2/ControlPlane"
import * as Columns from "./Columns.ts"
import * as SwitchQuery from "./SwitchQuery.ts"
import type { Asked, Topic } from "./Topic.ts"

const viewOf = ({ emulation, node }: Asked) => {
  const { config, controlPlane: plane } = SwitchQuery.stateOf(emulation, node) as BridgeState
  const { now } = emulation.simulation
  const { ports } = emulation.directory.nodes[node]
  return {
    state: plane.hung ? "hung" : "running",
    rate: config.controlPlane?.rate ?? null,
    queue: config.controlPlane?.queue ?? ControlPlane.DEFAULT_QUEUE,
    /** Frames ahead of the next one. */
    waiting: plane.serviceNs === 0 ? 0 : Math.ceil(Math.max(0, plane.busyUntil - now) / plane.serviceNs),
    kinds: ControlPlane.KINDS.map((kind, i) => ({ kind, taken: plane.taken[i], dropped: plane.dropped[i] })),
    unheard: plane.unheard,
    pduRatePerPort: config.controlPlane?.pduRatePerPort ?? null,
    limitedPorts: Array.from(plane.limited).flatMap((dropped, port) =>
      dropped === 0 ? [] : [{ interface: ports[port].shortName, dropped }],
    ),
  }
}

const WIDTHS = [12, 14]

export const controlPlane: Topic = {
  words: "control-plane",
  lines: (asked) => {
    const view = viewOf(asked)
    return [
      `Control plane is ${view.state}`,
      view.rate === null ? "  Rate: no limit" : `  Rate: ${view.rate} pps, queue ${view.waiting}/${view.queue} (frames/max)`,
      "",
      Columns.line(WIDTHS, "Kind", "Processed", "Queue full"),
      Columns.line(WIDTHS, "----", "---------", "----------"),
      ...view.kinds.map(({ dropped, kind, taken }) => Columns.line(WIDTHS, kind, taken, dropped)),
      ...(view.unheard === 0 ? [] : ["", `  ${view.unheard} PDUs came while it hung`]),
      ...view.limitedPorts.map((port) => `  ${port.interface}: ${port.dropped} PDUs beyond ${view.pduRatePerPort} a second`),
      "",
    ]
  },
  json: (asked) => ({ controlPlane: viewOf(asked) }),
}
