/** UDLD as a control protocol that a bridge may run: frames to messages, one timer, commands. No decision is taken here. */
import type { Command } from "@l2lab/sim/Device"
import type { SimTime } from "@l2lab/sim/SimTime"
import * as Columns from "../Columns.ts"
import { ControlProtocolKind, type ControlActions } from "../ControlProtocol.ts"
import { isShut } from "../DiscoveryCommand.ts"
import * as GroupAddress from "../GroupAddress.ts"
import * as NeighbourTable from "../NeighbourTable.ts"
import { payloadOf } from "../PayloadCodec.ts"
import * as Protocol from "../Protocol.ts"
import * as Agent from "./Agent.ts"
import type { UdldCommand } from "./Command.ts"
import * as State from "./State.ts"
import * as UdldPdu from "./UdldPdu.ts"

const isUdldCommand = (command: Command): command is UdldCommand => command.type.startsWith("udld.")

const onCommand = (state: State.State, command: Command, now: SimTime, actions: ControlActions): void => {
  if (isShut(command)) return Agent.sayGoodbye(state, command.port, actions)
  if (!isUdldCommand(command)) return
  if (command.type === "udld.set-message-time") state.messageTime = command.seconds
  else {
    const { mode, port } = command
    if (mode === "disabled") Agent.sayGoodbye(state, port, actions)
    state.mode[port] = State.MODES.indexOf(mode)
    Agent.happen(state, port, State.runs(state, port) ? "start" : "end", now, actions)
  }
  Agent.rearm(state, actions)
}

/** The control protocol `udld`, for registries of bridge kinds. */
export const Udld = new ControlProtocolKind<State.State, State.UdldConfig>({
  kind: "udld",
  passive: true,
  perLink: true,
  timers: () => 1,
  make: (config, bridge) => State.make(config, bridge),
  claims: (frame) => frame.destination === GroupAddress.CISCO && frame.protocol === Protocol.UDLD,
  onBoot: () => {},
  onPdu: (state, port, frame, _tci, now, actions) => {
    if (!State.runs(state, port)) return
    const pdu = payloadOf(frame, UdldPdu.codec)
    if (pdu === undefined) state.refused[port]++
    else Agent.receive(state, port, pdu, frame.source, now, actions)
  },
  onTimer: (state, _timer, now, actions) => Agent.proceed(state, now, actions),
  onPort: (state, port, status, now, actions) => {
    state.up[port] = status.up ? 1 : 0
    Agent.happen(state, port, State.runs(state, port) ? "start" : "end", now, actions)
    Agent.rearm(state, actions)
  },
  onCommand,
  copy: Columns.copy,
  fingerprint: (state, digest, now) => {
    Columns.fingerprint(state, digest, now, State.TIMES)
    NeighbourTable.fingerprint(state.neighbours, digest, now, (pdu, into) => into.string(UdldPdu.format(pdu)))
  },
})
