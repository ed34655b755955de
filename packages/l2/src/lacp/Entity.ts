/** LACP as a control protocol that a bridge may run: frames to LACPDUs, one timer. No decision is taken here. */
import * as Columns from "../Columns.ts"
import { ControlProtocolKind } from "../ControlProtocol.ts"
import * as GroupAddress from "../GroupAddress.ts"
import { payloadOf } from "../PayloadCodec.ts"
import * as Protocol from "../Protocol.ts"
import * as Agent from "./Agent.ts"
import * as Lacpdu from "./Lacpdu.ts"
import * as State from "./State.ts"

/** The control protocol `lacp`, for registries of bridge kinds. */
export const Lacp = new ControlProtocolKind<State.State, State.LacpConfig>({
  kind: "lacp",
  passive: true,
  perLink: true,
  timers: () => 1,
  make: (config, bridge) => State.make(config, bridge),
  claims: (frame) => frame.destination === GroupAddress.SLOW_PROTOCOLS && frame.protocol === Protocol.SLOW_PROTOCOLS,
  onBoot: (state, now, actions) => Agent.begin(state, now, actions),
  onPdu: (state, port, frame, _tci, now, actions) => {
    if (state.group[port] < 0) return
    const pdu = payloadOf(frame, Lacpdu.codec)
    if (pdu !== undefined) return Agent.receive(state, port, pdu, now, actions)
    const marker = payloadOf(frame, Lacpdu.markerCodec)
    if (marker === undefined) Agent.refuse(state, port, actions)
    else Agent.answer(state, port, marker, actions)
  },
  onTimer: (state, _timer, now, actions) => Agent.proceed(state, now, actions),
  onPort: (state, port, status, now, actions) => Agent.setPort(state, port, status, now, actions),
  onCommand: () => {},
  copy: Columns.copy,
  fingerprint: (state, digest, now) => Columns.fingerprint(state, digest, now, State.TIMES),
})
