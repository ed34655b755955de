/** VTP as a control protocol that a bridge may run: frames to messages, one timer, commands. No decision is taken here. */
import type { Command } from "@l2lab/sim/Device"
import type { SimTime } from "@l2lab/sim/SimTime"
import { ControlProtocolKind, type BridgeView, type ControlActions } from "../ControlProtocol.ts"
import type { EthernetFrame } from "../EthernetFrame.ts"
import * as GroupAddress from "../GroupAddress.ts"
import { payloadOf } from "../PayloadCodec.ts"
import * as Protocol from "../Protocol.ts"
import * as Agent from "./Agent.ts"
import { isVtpSet } from "./Command.ts"
import * as State from "./State.ts"
import * as VtpPdu from "./VtpPdu.ts"

const onPdu = (
  state: State.State,
  port: number,
  frame: EthernetFrame,
  _tci: number,
  now: SimTime,
  actions: ControlActions,
): void => {
  if (!State.isTrunk(state, port)) {
    state.counters.noTrunk++
    return
  }
  const pdu = payloadOf(frame, VtpPdu.codec)
  if (pdu === undefined) state.counters.malformed++
  else Agent.receive(state, port, pdu, now, actions)
}

/** Ports first: what is said of a change goes over the trunks that there are now. */
const onVlans = (state: State.State, bridge: BridgeView, now: SimTime, actions: ControlActions): void => {
  bridge.switchPorts.forEach((settings, port) => {
    const was = State.isTrunk(state, port)
    State.configurePort(state, port, settings)
    if (!was && State.isTrunk(state, port)) Agent.trunkUp(state, port, actions)
  })
  Agent.followVlans(state, bridge.existing ?? bridge.vlans, now, actions)
}

/** The control protocol `vtp`, for registries of bridge kinds. */
export const Vtp = new ControlProtocolKind<State.State, State.VtpConfig>({
  kind: "vtp",
  passive: true,
  timers: () => 1,
  make: (config, bridge) => State.make(config, bridge),
  claims: (frame) => frame.destination === GroupAddress.CISCO && frame.protocol === Protocol.VTP,
  onBoot: Agent.rearm,
  onPdu,
  onTimer: (state, _timer, now, actions) => Agent.proceed(state, now, actions),
  onPort: (state, port, status, _now, actions) => {
    state.up[port] = status.up ? 1 : 0
    if (!status.up) Agent.linkDown(state, port)
    else if (State.isTrunk(state, port)) Agent.trunkUp(state, port, actions)
  },
  onVlans,
  onCommand: (state, command: Command, now, actions) => {
    if (isVtpSet(command)) Agent.configure(state, command, now, actions)
  },
  copy: State.copy,
  fingerprint: State.fingerprint,
})
