/** CDP as a control protocol that a bridge may run: frames to messages, one timer, commands. No decision is taken here. */
import * as Announcing from "../Announcing.ts"
import * as Columns from "../Columns.ts"
import { ControlProtocolKind } from "../ControlProtocol.ts"
import { controlTag, untaggedVlan } from "../VlanTable.ts"
import * as GroupAddress from "../GroupAddress.ts"
import * as NeighbourTable from "../NeighbourTable.ts"
import { payloadOf } from "../PayloadCodec.ts"
import * as Protocol from "../Protocol.ts"
import * as Agent from "./Agent.ts"
import * as CdpPdu from "./CdpPdu.ts"
import * as State from "./State.ts"

/** The control protocol `cdp`, for registries of bridge kinds. */
export const Cdp = new ControlProtocolKind<State.State, State.CdpConfig>({
  kind: "cdp",
  passive: true,
  perLink: true,
  timers: () => 1,
  make: (config, bridge) => State.make(config, bridge),
  claims: (frame) => frame.destination === GroupAddress.CISCO && frame.protocol === Protocol.CDP,
  onBoot: () => {},
  onPdu: (state, port, frame, _tci, now, actions) => {
    if (!Announcing.listens(state, port)) return
    const pdu = payloadOf(frame, CdpPdu.codec)
    if (pdu === undefined) state.refused[port]++
    else Agent.receive(state, port, pdu, frame.source, now, actions)
  },
  onTimer: (state, _timer, now, actions) => Agent.proceed(state, now, actions),
  onPort: (state, port, status, now, actions) => {
    state.up[port] = status.up ? 1 : 0
    if (state.fullDuplex[port] !== (status.fullDuplex ? 1 : 0)) {
      state.fullDuplex[port] = status.fullDuplex ? 1 : 0
      state.frame[port] = null
    }
    if (status.up) Announcing.begin(state, port, now)
    else State.linkDown(state, port)
    Agent.proceed(state, now, actions)
  },
  onVlans: (state, bridge, now, actions) => {
    const { vtpDomain = "" } = bridge
    const isOtherDomain = state.vtpDomain !== vtpDomain
    state.vtpDomain = vtpDomain
    bridge.switchPorts.forEach((port, index) => {
      state.tag[index] = controlTag(port)
      const vlan = untaggedVlan(port)
      if (state.nativeVlan[index] === vlan && !isOtherDomain) return
      state.nativeVlan[index] = vlan
      state.frame[index] = null
      Announcing.hasten(state, index, now)
    })
    Agent.proceed(state, now, actions)
  },
  onCommand: Agent.obey,
  copy: Columns.copy,
  fingerprint: (state, digest, now) => {
    Columns.fingerprint(state, digest, now, State.TIMES)
    NeighbourTable.fingerprint(state.neighbours, digest, now)
  },
})
