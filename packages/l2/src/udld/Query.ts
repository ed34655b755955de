/** What a bridge says of UDLD on its ports when it is asked. Reading changes nothing. */
import { SECOND, type SimTime } from "@l2lab/sim/SimTime"
import type { BridgeState } from "../BridgeState.ts"
import * as NeighbourTable from "../NeighbourTable.ts"
import { judge } from "./Judgement.ts"
import { FAST_MESSAGES, fastSeconds, HEARS_ME, type Mode, MODES, type State, TIMEOUT_SECONDS } from "./State.ts"
import { type LinkState, type Phase, PHASES, REASONS, STATES } from "./Trace.ts"
import type { Party } from "./UdldPdu.ts"

/** A neighbour that a port remembers. */
export interface NeighbourView extends Party {
  readonly deviceName?: string
  /** Whether it hears the port. */
  readonly hearsMe: boolean
  /** Until it is forgotten. */
  readonly secondsLeft: number
  /** Whom it hears on its port. */
  readonly echo: ReadonlyArray<Party>
  /** As it says, in seconds. */
  readonly messageInterval?: number
  readonly timeoutInterval?: number
}

/** A port. */
export interface PortView {
  readonly mode: Mode
  readonly phase: Phase
  readonly link: LinkState
  /** Why UDLD took it out of service; absent while it has not. */
  readonly reason?: (typeof REASONS)[number]
  readonly messageIntervalSeconds: number
  readonly timeoutIntervalSeconds: number
  readonly neighbours: ReadonlyArray<NeighbourView>
  readonly sent: number
  readonly received: number
  /** Messages that could not be read, and neighbours that there was no room for. */
  readonly refused: number
  readonly ignored: number
}

const NOTHING: PortView = {
  mode: "disabled",
  phase: "inactive",
  link: "unknown",
  messageIntervalSeconds: 0,
  timeoutIntervalSeconds: 0,
  neighbours: [],
  sent: 0,
  received: 0,
  refused: 0,
  ignored: 0,
}

/** The protocol's state on a bridge; undefined where it does not run. */
export const stateOf = ({ config, protocols }: BridgeState): State | undefined => {
  const position = config.protocols.findIndex(({ kind }) => kind === "udld")
  return position < 0 ? undefined : (protocols[position] as State)
}

/** A bridge port (from 0). */
export const portOf = (bridge: BridgeState, port: number, now: SimTime): PortView => {
  const state = stateOf(bridge)
  if (state === undefined) return NOTHING
  const phase = PHASES[state.phase[port]]
  const slow = phase === "advertisement" && state.sequence[port] > FAST_MESSAGES
  return {
    mode: MODES[state.mode[port]],
    phase,
    link: STATES[state.link[port]],
    ...(phase === "disabled" && { reason: REASONS[state.reason[port]] }),
    messageIntervalSeconds: slow ? state.messageTime : fastSeconds(state),
    timeoutIntervalSeconds: TIMEOUT_SECONDS,
    neighbours: NeighbourTable.onPort(state.neighbours, port).map(({ expiresAt, info }) => {
      const { deviceId, deviceName, echo = [], messageInterval, portId, timeoutInterval } = info
      return {
        deviceId,
        portId,
        ...(deviceName !== undefined && { deviceName }),
        hearsMe: judge(state, port, info) === HEARS_ME,
        secondsLeft: (expiresAt - now) / SECOND,
        echo,
        ...(messageInterval !== undefined && { messageInterval }),
        ...(timeoutInterval !== undefined && { timeoutInterval }),
      }
    }),
    sent: state.sent[port],
    received: state.received[port],
    refused: state.refused[port],
    ignored: state.ignored[port],
  }
}
