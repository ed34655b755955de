/**
 * What LLDP and CDP have in common: every port says at intervals who the switch is, quickly at first and when someone new is heard, and says
 * good-bye when it falls silent while its link is up; what is heard is remembered as long as its sender asked for, also where the cable is pulled
 * meanwhile. Plain data; one timer, which runs until the next thing to do.
 */
import type { Command } from "@l2lab/sim/Device"
import type { ControlActions } from "./ControlProtocol.ts"
import { type DiscoveryProtocol, isFor, isShut } from "./DiscoveryCommand.ts"
import * as NeighbourTable from "./NeighbourTable.ts"
import { NEVER, SECOND, type DurationNs, type SimTime } from "@l2lab/sim/SimTime"

/** The one timer. */
const TIMER = 0

/** Messages that follow each other within seconds when a port comes up or someone new is heard. */
export const FAST_MESSAGES = 4
const FAST_INTERVAL = SECOND

/** What a design says of one port; both by default. */
export interface PortRole {
  readonly transmit?: boolean
  readonly receive?: boolean
}

/** Times of a protocol. `reinitNs`: a port that has said good-bye is silent for so long at least. */
export interface Times {
  readonly intervalNs: DurationNs
  readonly reinitNs: DurationNs
}

/** Columns by bridge port. */
export interface Announcing<Info> extends Times {
  readonly ports: number
  /** Whether the protocol runs on the switch: 0 or 1. */
  running: number
  /** Whether it is to send and to listen on the port, and whether the port is up. */
  readonly transmits: Uint8Array
  readonly receives: Uint8Array
  readonly up: Uint8Array
  /** When the port speaks next; NEVER. */
  readonly sendAt: Float64Array
  /** Until when it is silent after a good-bye; NEVER = it has said none since its link came up. */
  readonly silentUntil: Float64Array
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
export const TIMES = ["sendAt", "silentUntil"] as const

/** All ports down. */
export const make = <Info>(
  ports: number,
  { intervalNs, reinitNs }: Times,
  roles: ReadonlyArray<PortRole | undefined> | undefined,
): Announcing<Info> => ({
  ports,
  intervalNs,
  reinitNs,
  running: 1,
  transmits: Uint8Array.from({ length: ports }, (_, port) => (roles?.[port]?.transmit === false ? 0 : 1)),
  receives: Uint8Array.from({ length: ports }, (_, port) => (roles?.[port]?.receive === false ? 0 : 1)),
  up: new Uint8Array(ports),
  sendAt: new Float64Array(ports).fill(NEVER),
  silentUntil: new Float64Array(ports).fill(NEVER),
  fast: new Uint8Array(ports),
  neighbours: [],
  sent: new Float64Array(ports),
  received: new Float64Array(ports),
  refused: new Float64Array(ports),
  agedOut: new Float64Array(ports),
})

/** What a protocol itself does: send what a port has to say, or that it goes away; and hear of neighbours that are gone. */
export interface Speech<Info, State extends Announcing<Info>> {
  readonly send: (state: State, port: number, actions: ControlActions) => void
  readonly sayGoodbye: (state: State, port: number, actions: ControlActions) => void
  readonly gone: (neighbour: NeighbourTable.Neighbour<Info>, actions: ControlActions) => void
}

/** Let the timer run until the next port that speaks or neighbour that grows too old. */
export const rearm = (state: Announcing<unknown>, actions: ControlActions): void => {
  let next = NeighbourTable.nextExpiry(state.neighbours)
  for (const at of state.sendAt) if (at < next) next = at
  if (next === NEVER) actions.stopTimer(TIMER)
  else actions.startTimer(TIMER, next)
}

/** Whether the port listens. */
export const listens = (state: Announcing<unknown>, port: number): boolean =>
  state.running === 1 && state.receives[port] === 1 && state.up[port] === 1

/** The port may speak from here on: it does so at once, or when it has been silent for long enough, and quickly at first. */
export const begin = (state: Announcing<unknown>, port: number, now: SimTime): void => {
  if (state.running === 0 || state.transmits[port] === 0 || state.up[port] === 0 || state.sendAt[port] !== NEVER) return
  state.fast[port] = FAST_MESSAGES
  state.sendAt[port] = state.silentUntil[port] === NEVER ? now : Math.max(now, state.silentUntil[port])
  state.silentUntil[port] = NEVER
}

const fallSilent = (state: Announcing<unknown>, port: number): void => {
  state.sendAt[port] = NEVER
  state.fast[port] = 0
}

/** The port's link went down. Who was heard there stays known until its time is over. */
export const linkDown = (state: Announcing<unknown>, port: number): void => {
  fallSilent(state, port)
  state.silentUntil[port] = NEVER
}

/** The port speaks no more, and says so if it did. */
const takeLeave = <Info, State extends Announcing<Info>>(
  state: State,
  port: number,
  now: SimTime,
  actions: ControlActions,
  { sayGoodbye }: Speech<Info, State>,
): void => {
  if (state.sendAt[port] === NEVER) return
  sayGoodbye(state, port, actions)
  state.sent[port]++
  fallSilent(state, port)
  state.silentUntil[port] = now + state.reinitNs
}

/** Management has its way. Commands to anyone else are ignored. */
export const obey = <Info, State extends Announcing<Info>>(
  state: State,
  protocol: DiscoveryProtocol,
  command: Command,
  now: SimTime,
  actions: ControlActions,
  speech: Speech<Info, State>,
): void => {
  if (isShut(command)) takeLeave(state, command.port, now, actions, speech)
  else if (!isFor(protocol, command)) return
  else if ("on" in command) {
    for (let port = 0; port < state.ports; port++) {
      if (!command.on) takeLeave(state, port, now, actions, speech)
    }
    state.running = command.on ? 1 : 0
    if (!command.on) state.neighbours.length = 0
    for (let port = 0; port < state.ports; port++) begin(state, port, now)
  } else {
    const { port, receive, transmit } = command
    if (transmit === false) takeLeave(state, port, now, actions, speech)
    if (transmit !== undefined) state.transmits[port] = transmit ? 1 : 0
    if (receive !== undefined) state.receives[port] = receive ? 1 : 0
    if (receive === false) NeighbourTable.forgetPort(state.neighbours, port)
    begin(state, port, now)
  }
  proceed(state, now, actions, speech)
}

/** Someone new was heard: a port that speaks is quick to say who it is. */
export const quicken = (state: Announcing<unknown>, port: number, now: SimTime): void => {
  if (state.sendAt[port] === NEVER) return
  state.fast[port] = FAST_MESSAGES
  state.sendAt[port] = Math.min(state.sendAt[port], now + FAST_INTERVAL)
}

/** What there is to say has changed: a port that speaks says it now. */
export const hasten = (state: Announcing<unknown>, port: number, now: SimTime): void => {
  if (state.sendAt[port] !== NEVER) state.sendAt[port] = now
}

/** A neighbour said that it goes away. */
export const forget = <Info, State extends Announcing<Info>>(
  state: State,
  port: number,
  key: string,
  actions: ControlActions,
  { gone }: Speech<Info, State>,
): void => {
  const known = NeighbourTable.find(state.neighbours, port, key)
  if (known === undefined) return
  NeighbourTable.forget(state.neighbours, port, key)
  gone(known, actions)
}

/** Let ports speak whose time has come, and forget neighbours whose time is over. */
export const proceed = <Info, State extends Announcing<Info>>(
  state: State,
  now: SimTime,
  actions: ControlActions,
  { gone, send }: Speech<Info, State>,
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
    gone(neighbour, actions)
  }
  rearm(state, actions)
}
