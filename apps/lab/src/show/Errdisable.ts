/** `show errdisable detect`: for which causes ports are taken out of service. `show interfaces status err-disabled`: which ports are out of service and why. `show errdisable recovery`: from which causes ports come back by themselves, and which ports are about to. */
import type { BridgeState } from "@l2lab/l2/BridgeState"
import * as ErrdisableCause from "@l2lab/l2/ErrdisableCause"
import { NEVER, SECOND } from "@l2lab/sim/SimTime"
import * as Columns from "./Columns.ts"
import * as Interfaces from "./Interfaces.ts"
import * as InterfaceQuery from "./InterfaceQuery.ts"
import * as SwitchQuery from "./SwitchQuery.ts"
import type { Asked, Topic } from "./Topic.ts"

interface Waiting {
  readonly interface: string
  readonly reason: string
  readonly secondsLeft: number
}

interface View {
  readonly causes: ReadonlyArray<{ readonly reason: string; readonly enabled: boolean }>
  readonly intervalSeconds: number
  readonly waiting: ReadonlyArray<Waiting>
}

/** The causes that Catalysts list, and, where they are in use, one that they do not know and one that few have. */
const causesOf = ({ controlPlane, linkStateGroups }: BridgeState["config"]): ReadonlyArray<ErrdisableCause.Name> =>
  ErrdisableCause.CAUSES.slice(1).filter(
    (name) =>
      (name !== "bpdu-storm" || controlPlane?.bpduStorm !== undefined) && (name !== "lsgroup" || linkStateGroups !== undefined),
  )

const viewOf = ({ emulation, node }: Asked): View => {
  const { config, errdisable } = SwitchQuery.stateOf(emulation, node) as BridgeState
  const { now } = emulation.simulation
  const { bridgePorts: ports } = emulation.directory.nodes[node]
  return {
    causes: causesOf(config)
      .map((reason) => ({ reason, enabled: errdisable.recovers[ErrdisableCause.of(reason) ?? 0] === 1 }))
      .sort((x, y) => (x.reason < y.reason ? -1 : 1)),
    intervalSeconds: errdisable.intervalNs / SECOND,
    waiting: Array.from(errdisable.recoverAt).flatMap((at, port): ReadonlyArray<Waiting> =>
      at === NEVER
        ? []
        : [
            {
              interface: ports[port].shortName,
              reason: ErrdisableCause.nameOf(errdisable.cause[port]),
              secondsLeft: Math.ceil((at - now) / SECOND),
            },
          ],
    ),
  }
}

/** Whether a switch takes ports out of service for a cause: for all that it can, but links that flap, where that is a design's choice. */
const isDetected = ({ errdisable }: BridgeState["config"], reason: ErrdisableCause.Name): boolean =>
  reason !== "link-flap" || errdisable?.linkFlap !== undefined

const detectionOf = ({ emulation, node }: Asked) => {
  const { config } = SwitchQuery.stateOf(emulation, node) as BridgeState
  return causesOf(config)
    .map((reason) => ({ reason, enabled: isDetected(config, reason), mode: "port" }))
    .sort((x, y) => (x.reason < y.reason ? -1 : 1))
}

const DETECT_WIDTHS = [28, 16]

export const errdisableDetect: Topic = {
  words: "errdisable detect",
  lines: (asked) => [
    Columns.line(DETECT_WIDTHS, "ErrDisable Reason", "Detection", "Mode"),
    Columns.line(DETECT_WIDTHS, "-----------------", "---------", "----"),
    ...detectionOf(asked).map(({ enabled, mode, reason }) =>
      Columns.line(DETECT_WIDTHS, reason, enabled ? "Enabled" : "Disabled", mode),
    ),
    "",
  ],
  json: (asked) => ({ errdisableDetect: detectionOf(asked) }),
}

const CAUSE_WIDTHS = [28]
const PORT_WIDTHS = [15, 23]

export const errdisableRecovery: Topic = {
  words: "errdisable recovery",
  lines: (asked) => {
    const { causes, intervalSeconds, waiting } = viewOf(asked)
    return [
      Columns.line(CAUSE_WIDTHS, "ErrDisable Reason", "Timer Status"),
      Columns.line(CAUSE_WIDTHS, "-----------------", "--------------"),
      ...causes.map(({ enabled, reason }) => Columns.line(CAUSE_WIDTHS, reason, enabled ? "Enabled" : "Disabled")),
      "",
      `Timer interval: ${intervalSeconds} seconds`,
      "",
      "Interfaces that will be enabled at the next timeout:",
      "",
      ...(waiting.length === 0
        ? []
        : [
            Columns.line(PORT_WIDTHS, "Interface", "Errdisable reason", "Time left(sec)"),
            Columns.line(PORT_WIDTHS, "---------", "-----------------", "--------------"),
            ...waiting.map((port) => Columns.line(PORT_WIDTHS, port.interface, `   ${port.reason}`, `   ${port.secondsLeft}`)),
            "",
          ]),
    ]
  },
  json: (asked) => ({ errdisableRecovery: viewOf(asked) }),
}

const errdisabled = ({ emulation, node }: Asked): ReadonlyArray<Interfaces.InterfaceView> =>
  InterfaceQuery.interfaces(emulation, node).filter(({ status }) => status === "err-disabled")

export const errdisabledInterfaces: Topic = {
  words: "interfaces status err-disabled",
  lines: (asked) => [
    "",
    "Port      Name               Status       Reason              Err-disabled Vlans",
    ...errdisabled(asked).map((view) =>
      [
        view.shortName.padEnd(9),
        (view.description ?? view.peer ?? "").slice(0, 18).padEnd(18),
        view.status.padEnd(12),
        view.errdisableCause ?? "",
      ].join(" "),
    ),
    "",
  ],
  json: (asked) => ({ interfaces: Interfaces.json(errdisabled(asked)) }),
}
