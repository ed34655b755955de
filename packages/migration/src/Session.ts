/** What both ends of a migration do alike: states, sending and acknowledging, timers, and the end. */
import type { HostActions } from "@l2lab/hypervisor/HostService"
import { NEVER, type SimTime } from "@l2lab/sim/SimTime"
import type { Ipv4Address } from "@l2lab/l3/Ipv4Address"
import * as MemoryStream from "./MemoryStream.ts"
import * as State from "./MigrationState.ts"
import * as Reason from "./Reason.ts"
import * as Trace from "./Trace.ts"
import * as VmotionCodec from "./VmotionCodec.ts"
import * as M from "./VmotionMessage.ts"

const transmit = (vmkernel: number, to: Ipv4Address, message: M.VmotionMessage, actions: HostActions): void => {
  // What cannot leave now is lost like a frame: the stream repeats it.
  actions.sendDatagram(vmkernel, to, M.PORT, M.PORT, message, VmotionCodec.octetLength(message))
}

const timer = (session: State.Session, id: number): number => session.slot * State.SESSION_TIMERS + id

/** (Re)start one of a session's timers. */
export const startTimer = (session: State.Session, id: number, at: SimTime, actions: HostActions): void =>
  actions.startTimer(timer(session, id), at)

/** Stop one of a session's timers. */
export const stopTimer = (session: State.Session, id: number, actions: HostActions): void => actions.stopTimer(timer(session, id))

/** Go to another state of the source; an arc that the table does not have is a bug and throws. */
export const enterSource = (session: State.SourceSession, to: State.SourceState, actions: HostActions): void => {
  if (!State.SOURCE_ARCS[session.state].includes(to)) throw new Error(`a migration cannot go from ${session.state} to ${to}`)
  session.state = session.record.state = to
  actions.detail(Trace.STATE.code, session.vm, 0, Trace.SOURCE_STATES.indexOf(to), 0)
}

/** The same for the destination. */
export const enterDestination = (session: State.DestinationSession, to: State.DestinationState, actions: HostActions): void => {
  if (!State.DESTINATION_ARCS[session.state].includes(to)) throw new Error(`a migration cannot go from ${session.state} to ${to}`)
  session.state = session.record.state = to
  actions.detail(Trace.STATE.code, session.vm, 1, Trace.DESTINATION_STATES.indexOf(to), 0)
}

/** Send a message whose sequence is the stream's next. */
export const send = (session: State.Session, message: M.StreamMessage, now: SimTime, actions: HostActions): void => {
  const { sender } = session
  if (MemoryStream.inFlight(sender) === 0) startTimer(session, State.TIMER_RETRANSMIT, now + sender.timeoutNs, actions)
  MemoryStream.enqueue(sender, message, now)
  transmit(session.vmkernel, session.peer, message, actions)
}

/** The fields that every segment of a session has; a control message always wants an answer. */
export const head = (session: State.Session) =>
  ({ protocol: M.PROTOCOL, migration: session.migration, sequence: session.sender.next, push: true }) as const

const sendAgain = (session: State.Session, because: number, actions: HostActions): void => {
  const message = MemoryStream.takeOldest(session.sender)
  if (message === null) return
  session.record.retransmissions++
  actions.detail(Trace.RETRANSMITTED.code, session.vm, message.sequence, because, 0)
  transmit(session.vmkernel, session.peer, message, actions)
}

/** An acknowledgement came in. */
export const onAck = (session: State.Session, next: number, now: SimTime, actions: HostActions): void => {
  const { sender } = session
  const before = sender.base
  const again = MemoryStream.onAck(sender, next, now)
  if (again) sendAgain(session, 0, actions)
  if (MemoryStream.inFlight(sender) === 0) stopTimer(session, State.TIMER_RETRANSMIT, actions)
  else if (again || sender.base !== before) startTimer(session, State.TIMER_RETRANSMIT, now + sender.timeoutNs, actions)
}

/** The retransmission timer fired. */
export const onRetransmitTimer = (session: State.Session, now: SimTime, actions: HostActions): void => {
  if (MemoryStream.inFlight(session.sender) === 0) return
  MemoryStream.onTimeout(session.sender)
  sendAgain(session, 1, actions)
  startTimer(session, State.TIMER_RETRANSMIT, now + session.sender.timeoutNs, actions)
}

/** Tell the peer what has arrived. */
export const acknowledge = (session: State.Session, actions: HostActions): void => {
  session.receiver.untold = 0
  const { migration, receiver } = session
  transmit(
    session.vmkernel,
    session.peer,
    { protocol: M.PROTOCOL, migration, sequence: receiver.next, push: false, kind: M.ACK },
    actions,
  )
}

/** Send a last word. */
export const sendVerdict = (
  vmkernel: number,
  to: Ipv4Address,
  migration: number,
  outcome: M.Verdict["outcome"],
  reason: Reason.Reason,
  actions: HostActions,
): void =>
  transmit(vmkernel, to, { protocol: M.PROTOCOL, migration, sequence: 0, push: false, kind: M.VERDICT, outcome, reason }, actions)

/** Ask the destination how it ended. */
export const sendQuery = (session: State.Session, actions: HostActions): void => {
  const { migration, peer, vmkernel } = session
  transmit(vmkernel, peer, { protocol: M.PROTOCOL, migration, sequence: 0, push: false, kind: M.QUERY }, actions)
}

/** Watch for the peer's silence from now on. */
export const startDeadline = (state: State.VmotionState, session: State.Session, now: SimTime, actions: HostActions): void => {
  session.heardAt = now
  startTimer(session, State.TIMER_DEADLINE, now + state.settings.timeoutNs, actions)
}

/** Whether the peer really was silent for too long; if not, the watch goes on. */
export const wasSilent = (state: State.VmotionState, session: State.Session, now: SimTime, actions: HostActions): boolean => {
  const at = session.heardAt + state.settings.timeoutNs
  if (at > now) startTimer(session, State.TIMER_DEADLINE, at, actions)
  return at <= now
}

/** The session's slot becomes free; its record stays. */
export const close = (state: State.VmotionState, session: State.Session, now: SimTime, actions: HostActions): void => {
  for (let id = 0; id < State.SESSION_TIMERS; id++) stopTimer(session, id, actions)
  state.sessions[session.slot] = null
  if (session.record.endedAt === NEVER) session.record.endedAt = now
  State.remember(state, session.record)
}
