/** PAgP as a control protocol that a bridge may run: frames to messages, one timer, commands. No decision is taken here. */
import * as Columns from "../Columns.ts"
import { ControlProtocolKind } from "../ControlProtocol.ts"
import * as GroupAddress from "../GroupAddress.ts"
import { payloadOf } from "../PayloadCodec.ts"
import * as Protocol from "../Protocol.ts"
import * as Agent from "./Agent.ts"
import type { PagpSetActive } from "./Command.ts"
import * as PagpPdu from "./PagpPdu.ts"
import * as State from "./State.ts"

/** The control protocol `pagp`, for registries of bridge kinds. A bridge without groups takes its messages and drops them. */
export const Pagp = new ControlProtocolKind<State.State, State.PagpConfig>({
  kind: "pagp",
  passive: true,
  perLink: true,
  timers: () => 1,
  make: (config, bridge) => State.make(config, bridge),
  claims: (frame) => frame.destination === GroupAddress.CISCO && frame.protocol === Protocol.PAGP,
  onBoot: (state, now, actions) => Agent.begin(state, now, actions),
  onPdu: (state, port, frame, _tci, now, actions) => {
    if (state.group[port] < 0) return
    const pdu = payloadOf(frame, PagpPdu.codec)
    if (pdu !== undefined) return Agent.receive(state, port, pdu, now, actions)
    const flush = payloadOf(frame, PagpPdu.flushCodec)
    if (flush === undefined) Agent.refuse(state, port, actions)
    else Agent.flush(state, port, flush, actions)
  },
  onTimer: (state, _timer, now, actions) => Agent.proceed(state, now, actions),
  onPort: (state, port, status, now, actions) => Agent.setPort(state, port, status, now, actions),
  onCommand: (state, command, _now, actions) => {
    if (command.type === "pagp.set-active") Agent.setActive(state, (command as PagpSetActive).activeId, actions)
  },
  copy: Columns.copy,
  fingerprint: (state, digest, now) => Columns.fingerprint(state, digest, now, State.TIMES),
})
