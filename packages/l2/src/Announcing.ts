/**
 * What LLDP and CDP have in common: every port says at intervals who the switch is, quickly at first and when someone new is heard, and what is
 * heard is remembered as long as its sender asked for. Plain data; one timer, which runs until the next thing to do.
 */
import type { ControlActions } from "./ControlProtocol.ts"
import * as NeighbourTable from "./NeighbourTable.ts"
import { NEVER, SECOND, type DurationNs, type SimTime } from "@l2lab/sim/SimTime"

/** The one timer. */
const TIMER = 0

/** Messages that follow each other within seconds when a port comes up or someone new is heard. */
export const FAST_MESSAGES = 4
const FAST_INTERVAL = SECOND

/** Columns by bridge port. */
export interface Announcing<Info> {
  readonly ports: number
  readonly intervalNs: DurationNs
  /** Whether the protocol runs on the port, and whether the port is up. */
  readonly enabled: Uint8Array
  readonly up: Uint8Array
  /** When the port speaks next; NEVER. */
  readonly sendAt: Float64Array
  /** Messages that are still to follow quickly. */
  readonly fast: Uint8Array
  /** An ordinary array that is no cache: `NeighbourTable.fingerprint` folds it. */
  readonly neighbours: NeighbourTable.NeighbourTable<Info>
  // Counters.
  readonly sent: Float64Array
  readonly received: Float64Array
  readonly refused: Float64Array
  readonly agedOut: Float64Array
}

/** Columns of instants. */
export const TIMES = ["sendAt"] as const

/** All ports down. */
export const make = <Info>(
  ports: number,
  intervalNs: DurationNs,
  enabled: ReadonlyArray<boolean> | undefined,
): Announcing<Info> => ({
  ports,
  intervalNs,
  enabled: Uint8Array.from({ length: ports }, (_, port) => (enabled?.[port] === false ? 0 : 1)),
  up: new Uint8Array(ports),
  sendAt: new Float64Array(ports).fill(NEVER),
  fast: new Uint8Array(ports),
  neighbours: [],
  sent: new Float64Array(ports),
  received: new Float64Array(ports),
  refused: new Float64Array(ports),
  agedOut: new Float64Array(ports),
})

/** Let the timer run until the next port that speaks or neighbour that grows too old. */
export const rearm = (state: Announcing<unknown>, actions: ControlActions): void => {
  let next = NeighbourTable.nextExpiry(state.neighbours)
  for (const at of state.sendAt) if (at < next) next = at
  if (next === NEVER) actions.stopTimer(TIMER)
  else actions.startTimer(TIMER, next)
}

/** Whether the port speaks and listens. */
export const runs = (state: Announcing<unknown>, port: number): boolean => state.enabled[port] === 1 && state.up[port] === 1

/** A port came up, or the protocol was switched on there: it speaks at once, and quickly at first. */
export const begin = (state: Announcing<unknown>, port: number, now: SimTime): void => {
  if (!runs(state, port) || state.sendAt[port] !== NEVER) return
  state.fast[port] = FAST_MESSAGES
  state.sendAt[port] = now
}

/** A port went down, or the protocol was switched off there: nobody is heard any more. */
export const end = (state: Announcing<unknown>, port: number): void => {
  state.sendAt[port] = NEVER
  state.fast[port] = 0
  NeighbourTable.forgetPort(state.neighbours, port)
}

/** Someone new was heard: the port is quick to say who it is. */
export const quicken = (state: Announcing<unknown>, port: number, now: SimTime): void => {
  state.fast[port] = FAST_MESSAGES
  state.sendAt[port] = Math.min(state.sendAt[port], now + FAST_INTERVAL)
}

/** What there is to say has changed: say it now. */
export const hasten = (state: Announcing<unknown>, port: number, now: SimTime): void => {
  if (runs(state, port)) state.sendAt[port] = now
}

/** Let ports speak whose time has come, and forget neighbours whose time is over; `gone` hears of each. */
export const proceed = <Info, State extends Announcing<Info>>(
  state: State,
  now: SimTime,
  actions: ControlActions,
  send: (state: State, port: number, actions: ControlActions) => void,
  gone: (neighbour: NeighbourTable.Neighbour<Info>) => void,
): void => {
  for (let port = 0; port < state.ports; port++) {
    if (state.sendAt[port] > now) continue
    send(state, port, actions)
    state.sent[port]++
    if (state.fast[port] > 0) state.fast[port]--
    state.sendAt[port] = now + (state.fast[port] > 0 ? FAST_INTERVAL : state.intervalNs)
  }
  for (const neighbour of NeighbourTable.expire(state.neighbours, now)) {
    state.agedOut[neighbour.port]++
    gone(neighbour)
  }
  rearm(state, actions)
}
