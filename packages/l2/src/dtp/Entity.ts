/** DTP as a control protocol that a bridge may run: frames to messages, one timer, commands. No decision is taken here. */
import { Result } from "effect"
import type { SimTime } from "@l2lab/sim/SimTime"
import * as Columns from "../Columns.ts"
import { ControlProtocolKind, type ControlActions } from "../ControlProtocol.ts"
import type { EthernetFrame } from "../EthernetFrame.ts"
import * as GroupAddress from "../GroupAddress.ts"
import { isStructured } from "../PayloadCodec.ts"
import * as Protocol from "../Protocol.ts"
import * as Agent from "./Agent.ts"
import { isDtpSet } from "./Command.ts"
import * as DtpPdu from "./DtpPdu.ts"
import * as State from "./State.ts"

/** What `show dtp interface` calls the reasons for which octets are refused. */
const DROPS: Readonly<Record<string, State.Reason>> = {
  BadVersion: "bad version",
  BadLength: "bad TLVs",
  Truncated: "bad TLVs",
  Incomplete: "bad TLVs",
  BadStatus: "bad TAS",
  BadType: "bad TOT",
}

const onPdu = (
  state: State.State,
  port: number,
  { payload }: EthernetFrame,
  _tci: number,
  now: SimTime,
  actions: ControlActions,
): void => {
  if (isStructured(payload)) {
    if (payload.protocol === "dtp") Agent.receive(state, port, payload as DtpPdu.DtpPdu, now, actions)
    else State.drop(state, port, "other")
    return
  }
  const parsed = DtpPdu.parse(payload)
  if (Result.isSuccess(parsed)) Agent.receive(state, port, parsed.success, now, actions)
  else State.drop(state, port, DROPS[parsed.failure.reason] ?? "other")
}

/** The control protocol `dtp`, for registries of bridge kinds. */
export const Dtp = new ControlProtocolKind<State.State, State.DtpConfig>({
  kind: "dtp",
  passive: true,
  timers: () => 1,
  make: (config, bridge) => State.make(config, bridge),
  claims: (frame) => frame.destination === GroupAddress.CISCO && frame.protocol === Protocol.DTP,
  onBoot: () => {},
  onPdu,
  onTimer: (state, _timer, now, actions) => Agent.proceed(state, now, actions),
  onPort: (state, port, status, now, actions) =>
    status.up ? Agent.linkUp(state, port, now, actions) : Agent.linkDown(state, port, now, actions),
  onVlans: (state, bridge, now, actions) => Agent.follow(state, bridge.switchPorts, bridge.vtpDomain ?? "", now, actions),
  onCommand: (state, command, now, actions) => {
    if (isDtpSet(command)) Agent.configure(state, command, now, actions)
  },
  copy: Columns.copy,
  fingerprint: State.fingerprint,
})
