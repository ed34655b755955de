/** vMotion as a service of a host: the adapter between `HostService` and the two ends of migrations. */
import { HostServiceKind, type HostActions } from "@l2lab/hypervisor/HostService"
import type { Payload } from "@l2lab/l2/EthernetFrame"
import type { Datagram } from "@l2lab/l3/StackActions"
import type { Command } from "@l2lab/sim/Device"
import type { SimTime } from "@l2lab/sim/SimTime"
import * as Destination from "./Destination.ts"
import * as MemoryStream from "./MemoryStream.ts"
import { isMigrationCommand } from "./MigrationCommand.ts"
import * as State from "./MigrationState.ts"
import * as Reason from "./Reason.ts"
import * as Session from "./Session.ts"
import * as Source from "./Source.ts"
import * as StateCopy from "./StateCopy.ts"
import { settings, type VmotionConfig } from "./VmotionConfig.ts"
import * as M from "./VmotionMessage.ts"

/** The kind that a host's configuration names. */
export const KIND = "vmotion"

const isMessage = (payload: Payload): payload is M.VmotionMessage => "protocol" in payload && payload.protocol === M.PROTOCOL

const onSegment = (
  state: State.VmotionState,
  session: State.Session,
  message: M.StreamMessage,
  now: SimTime,
  actions: HostActions,
): void => {
  const { receiver } = session
  const tell = MemoryStream.onSegment(receiver, message)
  for (let next = MemoryStream.take(receiver); next !== null; next = MemoryStream.take(receiver)) {
    if (session.role === "source") Source.onMessage(state, session, next, now, actions)
    else Destination.onMessage(state, session, next, now, actions)
    // A message may have ended the session: its peer has been told, and nothing behind it counts.
    if (state.sessions[session.slot] !== session) return
  }
  if (tell) Session.acknowledge(session, actions)
  if (session.role === "destination") Destination.closeIfDone(state, session, now, actions)
}

const onMessage = (
  state: State.VmotionState,
  vmkernel: number,
  datagram: Datagram,
  message: M.VmotionMessage,
  now: SimTime,
  actions: HostActions,
): void => {
  const peer = datagram.source
  const session = State.sessionOf(state, message.migration, peer)
  if (session === undefined) {
    onStranger(state, vmkernel, datagram, message, now, actions)
    return
  }
  session.heardAt = now
  if (message.kind === M.ACK) {
    Session.onAck(session, message.sequence, now, actions)
    if (session.role === "destination") Destination.closeIfDone(state, session, now, actions)
    else {
      Source.pump(state, session, now, actions)
      Source.closeIfDone(state, session, now, actions)
    }
  } else if (message.kind === M.VERDICT) {
    if (session.role === "source") Source.onVerdict(state, session, message, now, actions)
    else Destination.onVerdict(state, session, now, actions)
  } else if (message.kind !== M.QUERY) onSegment(state, session, message, now, actions)
}

/** Messages of a migration that has no session here: a new one, or one that is over or was never heard of. */
const onStranger = (
  state: State.VmotionState,
  vmkernel: number,
  datagram: Datagram,
  message: M.VmotionMessage,
  now: SimTime,
  actions: HostActions,
): void => {
  // Acknowledgements and verdicts are never answered, and what a destination says is of no use to a source that is gone.
  if (message.kind >= M.CHECKED && message.kind !== M.QUERY) return
  const peer = datagram.source
  if (message.kind === M.REMOVED) Destination.confirm(state, message.migration, peer)
  const [outcome, reason] = Destination.verdictOf(state, message.migration, peer)
  if (message.kind !== M.CHECK || outcome !== M.OUTCOME_UNKNOWN) {
    Session.sendVerdict(vmkernel, peer, message.migration, outcome, reason, actions)
    return
  }
  const session = Destination.open(state, vmkernel, peer, message, now, actions)
  if (session === undefined) Session.sendVerdict(vmkernel, peer, message.migration, M.OUTCOME_ABORTED, Reason.of("busy"), actions)
  else onSegment(state, session, message, now, actions)
}

const onTimer = (state: State.VmotionState, timer: number, now: SimTime, actions: HostActions): void => {
  const session = state.sessions[Math.floor(timer / State.SESSION_TIMERS)]
  if (session === null) return
  const id = timer % State.SESSION_TIMERS
  if (id === State.TIMER_RETRANSMIT) Session.onRetransmitTimer(session, now, actions)
  else if (session.role === "source") {
    if (id === State.TIMER_DEADLINE) Source.onDeadline(state, session, now, actions)
    else Source.onStep(state, session, now, actions)
  } else if (id === State.TIMER_DEADLINE) Destination.onDeadline(state, session, now, actions)
  else Destination.onStep(state, session, now, actions)
}

const onCommand = (state: State.VmotionState, command: Command, now: SimTime, actions: HostActions): void => {
  if (!isMigrationCommand(command)) return
  if (command.type === "vmotion.start") Source.start(state, command.vm, command.to, now, actions)
  else Source.cancel(state, command.vm, Reason.of("cancelled"), now, actions)
}

/** The service kind to give to `hostKind([...])`. */
export const vmotion = new HostServiceKind<State.VmotionState, VmotionConfig>({
  kind: KIND,
  udpPorts: [M.PORT],
  timers: () => State.TIMERS,
  make: (config) => State.make(settings(config)),
  onDatagram: (state, vmkernel, datagram, now, actions) => {
    if (isMessage(datagram.payload)) onMessage(state, vmkernel, datagram, datagram.payload, now, actions)
  },
  onTimer,
  onCommand,
  onPower: (state, vm, on, now, actions) => {
    if (!on) Source.cancel(state, vm, Reason.of("powered-off"), now, actions)
  },
  copy: StateCopy.copy,
  fingerprint: StateCopy.fingerprint,
})
