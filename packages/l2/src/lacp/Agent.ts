/** What LACP does when something happens: runs its machines, speaks, and sets its timer. */
import { NEVER, type SimTime } from "@l2lab/sim/SimTime"
import type { BridgePortStatus, ControlActions } from "../ControlProtocol.ts"
import * as EthernetFrame from "../EthernetFrame.ts"
import { advance, begin as enter } from "../Machine.ts"
import * as Lacpdu from "./Lacpdu.ts"
import { ACTOR_CHURN, isDisabled, MACHINES, PARTNER_CHURN, PERIODIC, RECEIVE } from "./Machines.ts"
import * as Selection from "./Selection.ts"
import * as Trace from "./Trace.ts"
import {
  actorOf,
  FAST_PERIODIC_TIME,
  lacpEnabled,
  partnerOf,
  PAST,
  type State,
  systemOf,
  TIMERS,
  TRANSMIT_LIMIT,
} from "./State.ts"

/** The one timer, which runs until the next thing to do. */
const TIMER = 0

/** BEGIN of all machines. */
export const begin = (s: State, now: SimTime, actions: ControlActions): void => {
  for (let i = 0; i < s.ports; i++) {
    if (s.group[i] < 0) continue
    for (const [machine, column] of MACHINES) enter(machine, s[column], i, s, i, now, actions)
  }
}

/** Send an LACPDU if there is need to, the port may, and it has not sent too many of late. */
const transmit = (s: State, i: number, now: SimTime, actions: ControlActions): void => {
  s.transmitAt[i] = NEVER
  const speaks = PERIODIC.stateNames[s.periodicState[i]] !== "NO_PERIODIC"
  if (s.ntt[i] === 0 || !speaks || s.portEnabled[i] === 0 || !lacpEnabled(s, i)) return
  const at = i * TRANSMIT_LIMIT
  const free = s.sentAt[at] + FAST_PERIODIC_TIME
  if (free > now) {
    s.transmitAt[i] = free
    return
  }
  s.sentAt.copyWithin(at, at + 1, at + TRANSMIT_LIMIT)
  s.sentAt[at + TRANSMIT_LIMIT - 1] = now
  s.ntt[i] = 0
  s.sent[i]++
  const pdu: Lacpdu.Lacpdu = { protocol: "lacp", actor: actorOf(s, i), partner: partnerOf(s, i), collectorMaxDelay: 0 }
  actions.sendPdu(i, Lacpdu.frame(pdu, actions.portAddress(i)), EthernetFrame.UNTAGGED)
}

/** Run what a port's change may move: its own machines, then those of its group. */
const run = (s: State, i: number, now: SimTime, actions: ControlActions): void => {
  const g = s.group[i]
  const { members } = s.config.groups[g]
  const step = (port: number): void => {
    for (const [machine, column] of MACHINES) advance(machine, s[column], port, s, port, now, actions)
  }
  step(i)
  Selection.select(s, g, now, actions)
  for (const port of members) {
    step(port)
    transmit(s, port, now, actions)
    s.dueAt[port] = dueAt(s, port)
  }
}

/** When the next thing is to do on a port; NEVER. */
const dueAt = (s: State, i: number): SimTime => {
  let next = s.transmitAt[i]
  for (const name of TIMERS) if (s[name][i] !== PAST && s[name][i] < next) next = s[name][i]
  return next
}

/** Let the timer run until the next thing to do: a bridge with hundreds of members looks at one number for each. */
const rearm = (s: State, actions: ControlActions): void => {
  let next = NEVER
  for (const at of s.dueAt) if (at < next) next = at
  if (next === NEVER) actions.stopTimer(TIMER)
  else actions.startTimer(TIMER, next)
}

/** The timer has run out. */
export const proceed = (s: State, now: SimTime, actions: ControlActions): void => {
  for (let i = 0; i < s.ports; i++) {
    if (s.dueAt[i] > now) continue
    let isDue = s.transmitAt[i] <= now
    for (const name of TIMERS) {
      if (s[name][i] > now || s[name][i] === PAST) continue
      s[name][i] = PAST
      isDue = true
    }
    if (isDue) run(s, i, now, actions)
  }
  rearm(s, actions)
}

/** A link came up, went down, or changed while up. */
export const setPort = (
  s: State,
  i: number,
  { fullDuplex, rateBps, up }: BridgePortStatus,
  now: SimTime,
  actions: ControlActions,
): void => {
  if (s.group[i] < 0) return
  s.portEnabled[i] = up ? 1 : 0
  s.rateBps[i] = rateBps
  s.fullDuplex[i] = fullDuplex ? 1 : 0
  if (up) {
    for (const machine of [ACTOR_CHURN, PARTNER_CHURN]) {
      enter(machine, machine === ACTOR_CHURN ? s.actorChurnState : s.partnerChurnState, i, s, i, now, actions)
    }
  } else {
    s.currentWhile[i] = s.periodic[i] = s.heardAt[i] = NEVER
    s.sentAt.fill(PAST, i * TRANSMIT_LIMIT, (i + 1) * TRANSMIT_LIMIT)
  }
  run(s, i, now, actions)
  rearm(s, actions)
}

/** `port_moved`: a port that is down forgets a partner that is heard on another; it would be believed for three seconds when its link comes up. */
const noteMoved = (s: State, i: number, { actor }: Lacpdu.Lacpdu, now: SimTime, actions: ControlActions): void => {
  for (let j = 0; j < s.ports; j++) {
    if (j === i || s.group[j] < 0 || !isDisabled(s, j)) continue
    if (s.partner.system[j] !== actor.system || s.partner.port[j] !== actor.port || actor.system === 0) continue
    s.portMoved[j] = 1
    advance(RECEIVE, s.receiveState, j, s, j, now, actions)
  }
}

/** An LACPDU came in. */
export const receive = (s: State, i: number, pdu: Lacpdu.Lacpdu, now: SimTime, actions: ControlActions): void => {
  s.heard[i]++
  if (pdu.actor.system === systemOf(s, i) && s.heardOwn[i]++ === 0) actions.trace(Trace.OWN_SYSTEM.code, i, 0, 0, 0)
  noteMoved(s, i, pdu, now, actions)
  s.heardAt[i] = now
  s.received[i] = 1
  s.pdu[0] = pdu
  run(s, i, now, actions)
  s.received[i] = 0
  s.pdu.length = 0
  rearm(s, actions)
}

/** Something came in that cannot be read: it is counted, and told of the first time. */
export const refuse = (s: State, i: number, actions: ControlActions): void => {
  if (s.refused[i]++ === 0) actions.trace(Trace.REFUSED.code, i, 0, 0, 0)
}

/** A marker PDU came in: whoever asks gets it back. */
export const answer = (s: State, i: number, marker: Lacpdu.Marker, actions: ControlActions): void => {
  if (marker.isResponse) return
  s.markersHeard[i]++
  s.markerResponsesSent[i]++
  actions.sendPdu(i, Lacpdu.frame({ ...marker, isResponse: true }, actions.portAddress(i)), EthernetFrame.UNTAGGED)
}
