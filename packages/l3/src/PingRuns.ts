/** The ping runs of a stack: when probes leave, whose an answer is, when a probe is lost. The account of each run is in `Ping.ts`. */
import type { SimTime } from "@l2lab/sim/SimTime"
import { NEVER } from "@l2lab/sim/SimTime"
import type { IcmpEcho } from "./Icmp.ts"
import * as Icmp from "./Icmp.ts"
import * as Ipv4 from "./Ipv4.ts"
import type { Ipv4Address } from "./Ipv4Address.ts"
import { sendPacket } from "./Ipv4Output.ts"
import type { NetworkStack } from "./NetworkStackState.ts"
import { DROPPED_UNKNOWN, PING_DUE_TIMER, PING_SEND_TIMER } from "./NetworkStackState.ts"
import type { PingState } from "./Ping.ts"
import * as Ping from "./Ping.ts"
import type { StackActions } from "./StackActions.ts"
import type { PingStart } from "./StackCommand.ts"
import * as Trace from "./Trace.ts"

/** Data octets of a probe unless told, as ping(8). */
export const DEFAULT_DATA_OCTETS = 56

const armPingSend = (stack: NetworkStack, actions: StackActions): void => {
  let next = NEVER
  for (const ping of stack.pings) if (ping.nextSendAt < next) next = ping.nextSendAt
  if (next === NEVER) actions.stopTimer(PING_SEND_TIMER)
  else actions.startTimer(PING_SEND_TIMER, next)
}

/** The timer is left to fire early where a probe has been answered meanwhile: then it only looks for the next deadline. */
const armPingDue = (stack: NetworkStack, actions: StackActions): void => {
  let next = NEVER
  for (const ping of stack.pings) {
    const due = Ping.nextDueAt(ping)
    if (due < next) next = due
  }
  stack.pingDueAt = next
  if (next === NEVER) actions.stopTimer(PING_DUE_TIMER)
  else actions.startTimer(PING_DUE_TIMER, next)
}

const sendProbe = (stack: NetworkStack, ping: PingState, now: SimTime, actions: StackActions): void => {
  const sequence = Ping.send(ping, now)
  const due = now + ping.timeoutNs
  if (due < stack.pingDueAt) {
    stack.pingDueAt = due
    actions.startTimer(PING_DUE_TIMER, due)
  }
  const request: IcmpEcho = {
    kind: "icmp.echo-request",
    identifier: ping.identifier,
    sequence: sequence & 0xffff,
    data: ping.data,
  }
  // A probe that cannot leave counts as sent: it will not be answered, and that is what the run is there to show.
  sendPacket(stack, ping.target, Ipv4.ICMP, request, Icmp.octetLength(request), now, actions)
}

/** Trace the account of a run once nothing more can become of it. */
const endIfOver = (ping: PingState, actions: StackActions): void => {
  if (ping.ended || !Ping.isOver(ping)) return
  ping.ended = true
  actions.trace(Trace.PING_ENDED.code, ping.run, ping.sent, ping.received, ping.lost)
}

/** An echo reply came: the run that it answers takes account of it. */
export const onEchoReply = (
  stack: NetworkStack,
  echo: IcmpEcho,
  source: Ipv4Address,
  now: SimTime,
  actions: StackActions,
): void => {
  for (const ping of stack.pings) {
    if (ping.identifier !== echo.identifier || ping.target !== source) continue
    const gap = Ping.answer(ping, echo.sequence, now)
    if (gap > 0) actions.trace(Trace.PING_GAP.code, ping.run, ping.target, gap, ping.gaps[ping.gaps.length - 1].unanswered)
    endIfOver(ping, actions)
    if (gap >= 0) return
  }
  stack.counters[DROPPED_UNKNOWN]++
}

/** Probes are due. */
export const onSendTimer = (stack: NetworkStack, now: SimTime, actions: StackActions): void => {
  for (const ping of stack.pings) if (ping.nextSendAt <= now) sendProbe(stack, ping, now, actions)
  armPingSend(stack, actions)
}

/** Answers are overdue. */
export const onDueTimer = (stack: NetworkStack, now: SimTime, actions: StackActions): void => {
  for (const ping of stack.pings) {
    for (let sequence = Ping.expire(ping, now); sequence >= 0; sequence = Ping.expire(ping, now))
      actions.trace(Trace.PING_LOST.code, ping.run, sequence, ping.target, 0)
    endIfOver(ping, actions)
  }
  armPingDue(stack, actions)
}

/** Start a run; the command has been checked. */
export const startPing = (stack: NetworkStack, command: PingStart, now: SimTime, actions: StackActions): void => {
  const run = command.run ?? stack.pings.reduce((highest, ping) => Math.max(highest, ping.run), 0) + 1
  const earlier = stack.pings.findIndex((ping) => ping.run === run)
  if (earlier >= 0) stack.pings.splice(earlier, 1)
  const data = new Uint8Array(command.payloadOctets ?? DEFAULT_DATA_OCTETS)
  for (let i = 0; i < data.length; i++) data[i] = i
  const timeoutNs = command.timeoutNs ?? Ping.defaultTimeoutNs(command.everyNs)
  const ping = Ping.make(run, command.target, command.everyNs, timeoutNs, command.count ?? Infinity, data, now)
  stack.pings.push(ping)
  actions.trace(Trace.PING_STARTED.code, run, command.target, command.everyNs, 0)
  sendProbe(stack, ping, now, actions)
  armPingSend(stack, actions)
}

/** Stop a run, or all of them. */
export const stopPings = (stack: NetworkStack, run: number | undefined, actions: StackActions): void => {
  for (const ping of stack.pings) {
    if ((run !== undefined && ping.run !== run) || ping.remaining === 0) continue
    Ping.stop(ping)
    endIfOver(ping, actions)
  }
  if (!stack.frozen) armPingSend(stack, actions)
}

/** Start the timers again that `freeze` has stopped. */
export const resume = (stack: NetworkStack, actions: StackActions): void => {
  armPingSend(stack, actions)
  armPingDue(stack, actions)
}
