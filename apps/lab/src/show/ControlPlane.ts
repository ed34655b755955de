/** `show control-plane`: what the switch's processor got and what was lost before it. The layout is ours: every platform has its own. */
import type { BridgeState } from "@l2lab/l2/BridgeState"
import * as ControlPlane from "@l2lab/l2/ControlPlane"
import * as Columns from "./Columns.ts"
import * as SwitchQuery from "./SwitchQuery.ts"
import type { Asked, Topic } from "./Topic.ts"

interface PortView {
  readonly interface: string
  /** PDUs a second; null: no limit. */
  readonly pduRate: number | null
  readonly dropped: number
}

/** Ports that have a limit of their own, or have lost something to one. */
const portsOf = ({ emulation, node }: Asked, state: BridgeState): ReadonlyArray<PortView> =>
  SwitchQuery.linkPortsOf(emulation, node).flatMap(({ shortName }, port): ReadonlyArray<PortView> => {
    const dropped = state.controlPlane.limited[port] ?? 0
    const own = state.config.controlPlane?.pduRates?.[port]
    if (dropped === 0 && own === undefined) return []
    return [{ interface: shortName, pduRate: ControlPlane.rateOf(state, port) ?? null, dropped }]
  })

const viewOf = (asked: Asked) => {
  const state = SwitchQuery.stateOf(asked.emulation, asked.node) as BridgeState
  const { config, controlPlane: plane } = state
  const { bpduStorm, pduBurst, pduRate, pduRatePerPort, queue, rate } = config.controlPlane ?? {}
  const { now } = asked.emulation.simulation
  return {
    state: plane.hung ? "hung" : "running",
    rate: rate ?? null,
    queue: queue ?? ControlPlane.DEFAULT_QUEUE,
    /** Frames ahead of the next one. */
    waiting: plane.serviceNs === 0 ? 0 : Math.ceil(Math.max(0, plane.busyUntil - now) / plane.serviceNs),
    kinds: ControlPlane.KINDS.map((kind, i) => ({ kind, taken: plane.taken[i], dropped: plane.dropped[i] })),
    unheard: plane.unheard,
    pduRate: pduRate ?? null,
    pduBurst: pduBurst ?? ControlPlane.DEFAULT_BURST,
    /** Dropped by that limit. */
    pdusLimited: plane.limited[state.ports] ?? 0,
    pduRatePerPort: pduRatePerPort ?? null,
    bpduStorm: bpduStorm ?? null,
    ports: portsOf(asked, state),
  }
}

const WIDTHS = [12, 14]

const limitLines = ({ bpduStorm, pduBurst, pduRate, pduRatePerPort, pdusLimited, ports }: ReturnType<typeof viewOf>) => [
  ...(pduRate === null ? [] : [`  PDUs of all ports: ${pduRate} pps, burst ${pduBurst}, ${pdusLimited} dropped`]),
  ...(pduRatePerPort === null ? [] : [`  PDUs of a port: ${pduRatePerPort} pps`]),
  ...(bpduStorm === null
    ? []
    : [`  BPDU storm: ${bpduStorm.rate} pps for ${bpduStorm.seconds} seconds takes a port out of service`]),
  ...(ports.length === 0
    ? []
    : [
        "",
        Columns.line(WIDTHS, "Port", "PDUs (pps)", "Dropped"),
        Columns.line(WIDTHS, "----", "----------", "-------"),
        ...ports.map(({ dropped, interface: name, pduRate }) => Columns.line(WIDTHS, name, pduRate ?? "no limit", dropped)),
      ]),
]

export const controlPlane: Topic = {
  words: "control-plane",
  lines: (asked) => {
    const view = viewOf(asked)
    return [
      `Control plane is ${view.state}`,
      view.rate === null ? "  Rate: no limit" : `  Rate: ${view.rate} pps, queue ${view.waiting}/${view.queue} (frames/max)`,
      ...limitLines(view),
      "",
      Columns.line(WIDTHS, "Kind", "Processed", "Queue full"),
      Columns.line(WIDTHS, "----", "---------", "----------"),
      ...view.kinds.map(({ dropped, kind, taken }) => Columns.line(WIDTHS, kind, taken, dropped)),
      ...(view.unheard === 0 ? [] : ["", `  ${view.unheard} PDUs came while it hung`]),
      "",
    ]
  },
  json: (asked) => ({ controlPlane: viewOf(asked) }),
}
