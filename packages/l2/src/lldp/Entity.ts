/** LLDP as a control protocol that a bridge may run: frames to LLDPDUs, one timer, commands. No decision is taken here. */
import * as Announcing from "../Announcing.ts"
import * as Columns from "../Columns.ts"
import { ControlProtocolKind } from "../ControlProtocol.ts"
import { untaggedVlan } from "../VlanTable.ts"
import * as GroupAddress from "../GroupAddress.ts"
import * as NeighbourTable from "../NeighbourTable.ts"
import { payloadOf } from "../PayloadCodec.ts"
import * as Protocol from "../Protocol.ts"
import * as Agent from "./Agent.ts"
import * as Lldpdu from "./Lldpdu.ts"
import * as State from "./State.ts"

const TIMES: ReadonlySet<string> = new Set(Announcing.TIMES)

/** The control protocol `lldp`, for registries of bridge kinds. */
export const Lldp = new ControlProtocolKind<State.State, State.LldpConfig>({
  kind: "lldp",
  passive: true,
  perLink: true,
  timers: () => 1,
  make: (config, bridge) => State.make(config, bridge),
  claims: (frame) => frame.destination === GroupAddress.LLDP && frame.protocol === Protocol.LLDP,
  onBoot: () => {},
  onPdu: (state, port, frame, _tci, now, actions) => {
    if (!Announcing.listens(state, port)) return
    const pdu = payloadOf(frame, Lldpdu.codec)
    if (pdu === undefined) state.refused[port]++
    else Agent.receive(state, port, pdu, now, actions)
  },
  onTimer: (state, _timer, now, actions) => Agent.proceed(state, now, actions),
  onPort: (state, port, status, now, actions) => {
    state.up[port] = status.up ? 1 : 0
    if (status.up) Announcing.begin(state, port, now)
    else Announcing.linkDown(state, port)
    Agent.proceed(state, now, actions)
  },
  onVlans: (state, bridge, now, actions) => {
    bridge.switchPorts.forEach((port, index) => {
      if (State.setPortVlan(state, index, untaggedVlan(port))) Announcing.hasten(state, index, now)
    })
    Agent.proceed(state, now, actions)
  },
  onCommand: Agent.obey,
  copy: Columns.copy,
  fingerprint: (state, digest, now) => {
    Columns.fingerprint(state, digest, now, TIMES)
    NeighbourTable.fingerprint(state.neighbours, digest, now)
  },
})
