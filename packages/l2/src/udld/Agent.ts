/** What UDLD does (RFC 5171†): send messages, remember who is heard, listen for the own echo, take a port out of service that has none. */
import { NEVER, SECOND, type SimTime } from "@l2lab/sim/SimTime"
import type { ControlActions } from "../ControlProtocol.ts"
import * as ErrdisableCause from "../ErrdisableCause.ts"
import * as EthernetFrame from "../EthernetFrame.ts"
import type { MacAddress } from "../MacAddress.ts"
import * as NeighbourTable from "../NeighbourTable.ts"
import { judge, judgePort, portIdOf } from "./Judgement.ts"
import { arcOf, type Happening, retries } from "./Machine.ts"
import {
  DETECTION_INTERVAL,
  FAST_MESSAGES,
  fastSeconds,
  HEARS_NOBODY,
  HOLD_INTERVALS,
  IS_ME,
  RETRIES,
  RETRY_INTERVAL,
  type State,
  TIMEOUT_SECONDS,
} from "./State.ts"
import * as Trace from "./Trace.ts"
import * as UdldPdu from "./UdldPdu.ts"

/** The one timer, which runs until the next thing to do. */
const TIMER = 0

/** Octets that the names of a port's neighbours may have together: the echo must fit into a frame. */
const MOST_ECHO_OCTETS = 1200

const [UNIDIRECTIONAL, MISMATCH, LOOP, AGGRESSIVE] = Trace.REASONS.keys()

const phaseOf = (state: State, port: number): Trace.Phase => Trace.PHASES[state.phase[port]]

const send = (state: State, port: number, opcode: UdldPdu.Opcode, actions: ControlActions): void => {
  const { config, deviceId, messageTime, neighbours, sequence } = state
  const phase = phaseOf(state, port)
  const flush = opcode === "flush"
  const pdu: UdldPdu.UdldPdu = {
    protocol: "udld",
    opcode,
    recommendedTimeout: opcode === "probe",
    resynch: phase === "link-up",
    deviceId,
    portId: portIdOf(state, port),
    echo: flush
      ? []
      : NeighbourTable.onPort(neighbours, port).map(({ info }) => ({ deviceId: info.deviceId, portId: info.portId })),
    messageInterval: phase === "advertisement" ? messageTime : fastSeconds(state),
    timeoutInterval: TIMEOUT_SECONDS,
    deviceName: config.identity.name,
    sequenceNumber: ++sequence[port],
  }
  state.sent[port]++
  actions.sendPdu(port, UdldPdu.frame(pdu, actions.portAddress(port)), EthernetFrame.UNTAGGED)
}

/** Tell the neighbours to forget the port, which goes down or will not speak any more. */
export const sayGoodbye = (state: State, port: number, actions: ControlActions): void => {
  const phase = phaseOf(state, port)
  if (phase !== "inactive" && phase !== "disabled") send(state, port, "flush", actions)
}

/** Speak, and set when to speak next. */
const speak = (state: State, port: number, now: SimTime, actions: ControlActions): void => {
  const { sendAt, sequence } = state
  const phase = phaseOf(state, port)
  if (phase === "link-up" && state.retrying[port] === 1 && sequence[port] >= RETRIES) {
    state.reason[port] = AGGRESSIVE
    return happen(state, port, "retried", now, actions)
  }
  send(state, port, phase === "detection" ? "echo" : "probe", actions)
  const slow = phase === "advertisement" && sequence[port] > FAST_MESSAGES
  const seconds = slow ? state.messageTime : fastSeconds(state)
  if (phase === "detection") sendAt[port] = now + DETECTION_INTERVAL
  else sendAt[port] = now + (state.retrying[port] === 1 ? RETRY_INTERVAL : seconds * SECOND)
}

/** What a port does when it comes to a phase. */
const ENTRIES: Readonly<
  Record<Trace.Phase, (state: State, port: number, now: SimTime, actions: ControlActions) => Trace.LinkState>
> = {
  inactive: (state, port) => {
    NeighbourTable.forgetPort(state.neighbours, port)
    state.sendAt[port] = NEVER
    state.proven[port] = 0
    return "unknown"
  },
  "link-up": (state, port, now) => {
    state.retrying[port] = retries(state, port) ? 1 : 0
    state.sendAt[port] = now
    return "undetermined"
  },
  detection: (state, port, now) => {
    state.timeoutAt[port] = now + TIMEOUT_SECONDS * SECOND
    state.sendAt[port] = now
    return "undetermined"
  },
  "extended-detection": (state, port, now) => {
    state.sendAt[port] = now
    return "undetermined"
  },
  advertisement: (state, port, now) => {
    state.proven[port] = 1
    state.sendAt[port] = now
    return "bidirectional"
  },
  disabled: (state, port, _now, actions) => {
    NeighbourTable.forgetPort(state.neighbours, port)
    state.sendAt[port] = NEVER
    state.proven[port] = 0
    send(state, port, "flush", actions)
    switch (state.reason[port]) {
      case UNIDIRECTIONAL:
        return "unidirectional"
      case MISMATCH:
        return "mismatch"
      case LOOP:
        return "loop"
      default:
        return "undetermined"
    }
  },
}

const reasonOf = (said: number): number => (said === IS_ME ? LOOP : said === HEARS_NOBODY ? UNIDIRECTIONAL : MISMATCH)

/** Something happens to a port: it takes the arc that there is, if any. */
export const happen = (state: State, port: number, on: Happening, now: SimTime, actions: ControlActions): void => {
  const arc = arcOf(state, port, phaseOf(state, port), on)
  if (arc === undefined) return
  if (arc.to === "disabled" && on !== "retried") {
    state.reason[port] = reasonOf(on === "timeout" ? judgePort(state, port) : state.said[port])
  }
  state.phase[port] = Trace.PHASES.indexOf(arc.to)
  state.retrying[port] = 0
  state.timeoutAt[port] = NEVER
  state.sequence[port] = 0
  state.link[port] = Trace.STATES.indexOf(ENTRIES[arc.to](state, port, now, actions))
  actions.trace(Trace.UDLD_PHASE.code, port, state.phase[port], state.link[port], 0)
  if (arc.to === "disabled") {
    actions.trace(Trace.UDLD_DISABLED.code, port, state.reason[port], 0, 0)
    actions.errdisable(port, ErrdisableCause.UDLD)
  } else if (state.sendAt[port] <= now) speak(state, port, now, actions)
}

/** A neighbour is forgotten. */
const gone = (state: State, port: number, flushed: boolean, now: SimTime, actions: ControlActions): void => {
  actions.trace(Trace.UDLD_GONE.code, port, flushed ? 1 : 0, 0, 0)
  const alone = NeighbourTable.onPort(state.neighbours, port).length === 0
  // Who said good-bye is not missed.
  if (alone && flushed) state.proven[port] = 0
  happen(state, port, alone ? (flushed ? "flushed" : "silence") : "one-gone", now, actions)
}

const keyOf = ({ deviceId, portId }: UdldPdu.Party): string => `${deviceId} ${portId}`

const octetsOf = ({ deviceId, portId }: UdldPdu.Party): number => 4 + deviceId.length + portId.length

const hasRoom = (state: State, port: number, pdu: UdldPdu.UdldPdu): boolean =>
  NeighbourTable.onPort(state.neighbours, port).reduce((sum, { info }) => sum + octetsOf(info), octetsOf(pdu)) <= MOST_ECHO_OCTETS

/** A message came in from the port that `source` is the address of. */
export const receive = (
  state: State,
  port: number,
  pdu: UdldPdu.UdldPdu,
  source: MacAddress,
  now: SimTime,
  actions: ControlActions,
): void => {
  // The link of a port that was just taken out of service has not gone down yet.
  if (phaseOf(state, port) === "disabled") return
  state.received[port]++
  const key = keyOf(pdu)
  const known = NeighbourTable.find(state.neighbours, port, key) !== undefined
  if (pdu.opcode === "flush") {
    if (NeighbourTable.forget(state.neighbours, port, key)) gone(state, port, true, now, actions)
    return rearm(state, actions)
  }
  const holdSeconds = HOLD_INTERVALS * Math.max(1, pdu.messageInterval ?? fastSeconds(state))
  const neighbour = { port, key, info: pdu, expiresAt: now + holdSeconds * SECOND }
  if ((!known && !hasRoom(state, port, pdu)) || !NeighbourTable.note(state.neighbours, neighbour)) {
    state.ignored[port]++
    return
  }
  state.said[port] = judge(state, port, pdu)
  if (!known) actions.trace(Trace.UDLD_HEARD.code, port, source, 0, 0)
  happen(state, port, known ? (pdu.resynch ? "resynchronise" : "message") : "new-neighbour", now, actions)
  rearm(state, actions)
}

/** Let the timer run until the next thing to do. */
export const rearm = (state: State, actions: ControlActions): void => {
  let next = NeighbourTable.nextExpiry(state.neighbours)
  for (let port = 0; port < state.ports; port++) next = Math.min(next, state.sendAt[port], state.timeoutAt[port])
  if (next === NEVER) actions.stopTimer(TIMER)
  else actions.startTimer(TIMER, next)
}

/** The timer has run out. */
export const proceed = (state: State, now: SimTime, actions: ControlActions): void => {
  for (const { port } of NeighbourTable.expire(state.neighbours, now)) {
    state.agedOut[port]++
    gone(state, port, false, now, actions)
  }
  for (let port = 0; port < state.ports; port++) {
    if (state.timeoutAt[port] <= now) happen(state, port, "timeout", now, actions)
    if (state.sendAt[port] <= now) speak(state, port, now, actions)
  }
  rearm(state, actions)
}
