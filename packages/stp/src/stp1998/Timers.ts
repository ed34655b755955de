/**
 * The timers of 8.5.4 and 8.5.6: their numbers in the protocol's range, starting, stopping, and following a limit that changes.
 * A timer's column holds the instant of its value zero (see `State`).
 */
import type { ControlActions } from "@l2lab/l2/ControlProtocol"
import { NEVER, type DurationNs, type SimTime } from "@l2lab/sim/SimTime"
import * as StpTime from "../StpTime.ts"
import type { State } from "./State.ts"

/** Timers of a tree: 8.5.4.1 .. 8.5.4.3. */
export const HELLO = 0
export const TCN = 1
export const TOPOLOGY_CHANGE = 2
const PER_TREE = 3

/** Timers of a port in a tree: 8.5.6.1 .. 8.5.6.3. */
export const MESSAGE_AGE = 3
export const FORWARD_DELAY = 4
export const HOLD = 5
const PER_PORT = 3

/** Number of timers that so many trees over so many ports need. */
export const count = (trees: number, ports: number): number => trees * (PER_TREE + PER_PORT * ports)

/** The number of a timer: of a tree (HELLO .. TOPOLOGY_CHANGE, whatever the port), or of a port in a tree (MESSAGE_AGE .. HOLD). */
export const number = (state: State, tree: number, port: number, name: number): number => {
  const first = tree * (PER_TREE + PER_PORT * state.ports)
  return name < PER_TREE ? first + name : first + PER_PORT * port + name
}

/** The tree that a timer number belongs to. */
export const treeOf = (state: State, timer: number): number => Math.floor(timer / (PER_TREE + PER_PORT * state.ports))

/** The port that a timer number belongs to; 0 for a timer of a tree. */
export const portOf = (state: State, timer: number): number => {
  const place = timer % (PER_TREE + PER_PORT * state.ports)
  return place < PER_TREE ? 0 : Math.floor((place - PER_TREE) / PER_PORT)
}

/** The name of a timer number: HELLO .. HOLD. */
export const nameOf = (state: State, timer: number): number => {
  const place = timer % (PER_TREE + PER_PORT * state.ports)
  return place < PER_TREE ? place : PER_TREE + ((place - PER_TREE) % PER_PORT)
}

const columnOf = (state: State, name: number): Float64Array => {
  switch (name) {
    case HELLO:
      return state.helloTimer
    case TCN:
      return state.tcnTimer
    case TOPOLOGY_CHANGE:
      return state.topologyChangeTimer
    case MESSAGE_AGE:
      return state.messageAgeTimer
    case FORWARD_DELAY:
      return state.forwardDelayTimer
    default:
      return state.holdTimer
  }
}

/** 8.7.3 .. 8.7.8: the value at which a timer expires. */
const limitOf = (state: State, tree: number, name: number): StpTime.Ticks256 => {
  switch (name) {
    case HELLO:
      return state.helloTime[tree]
    case TCN:
      return state.bridgeHelloTime[tree]
    case TOPOLOGY_CHANGE:
      return state.bridgeMaxAge[tree] + state.bridgeForwardDelay[tree] // 8.5.3.13: topology change time
    case MESSAGE_AGE:
      return state.maxAge[tree]
    case FORWARD_DELAY:
      return state.forwardDelay[tree]
    default:
      return state.holdTime
  }
}

const placeOf = (state: State, tree: number, port: number, name: number): number =>
  name < PER_TREE ? tree : tree * state.ports + port

/** (Re)start a timer at `value`, 0 unless what it measures is older than that. `port` means nothing to a timer of a tree. */
export const start = (
  state: State,
  tree: number,
  port: number,
  name: number,
  now: SimTime,
  actions: ControlActions,
  value: StpTime.Ticks256 = 0,
): void => {
  const zeroAt = now - StpTime.toNs(value)
  columnOf(state, name)[placeOf(state, tree, port, name)] = zeroAt
  const at = zeroAt + StpTime.toNs(limitOf(state, tree, name))
  actions.startTimer(number(state, tree, port, name), at < now ? now : at)
}

/** Stop a timer; stopping one that does not run does nothing. */
export const stop = (state: State, tree: number, port: number, name: number, actions: ControlActions): void => {
  const column = columnOf(state, name)
  const i = placeOf(state, tree, port, name)
  if (column[i] === NEVER) return
  column[i] = NEVER
  actions.stopTimer(number(state, tree, port, name))
}

/** A timer fired: it does not run any more. */
export const expired = (state: State, tree: number, port: number, name: number): void => {
  columnOf(state, name)[placeOf(state, tree, port, name)] = NEVER
}

/** Whether a timer runs. */
export const isRunning = (state: State, tree: number, port: number, name: number): boolean =>
  columnOf(state, name)[placeOf(state, tree, port, name)] !== NEVER

/** A limit changed: move the deadlines of the tree's running timers of that name. */
export const rearm = (state: State, tree: number, name: number, now: SimTime, actions: ControlActions): void => {
  const column = columnOf(state, name)
  const limit = StpTime.toNs(limitOf(state, tree, name))
  const last = name < PER_TREE ? 0 : state.ports - 1
  for (let port = 0; port <= last; port++) {
    const zeroAt = column[placeOf(state, tree, port, name)]
    if (zeroAt !== NEVER) actions.startTimer(number(state, tree, port, name), Math.max(now, zeroAt + limit))
  }
}

/** What is left until a timer expires, in ns; NEVER if it does not run. */
export const remaining = (state: State, tree: number, port: number, name: number, now: SimTime): DurationNs =>
  columnOf(state, name)[placeOf(state, tree, port, name)] + StpTime.toNs(limitOf(state, tree, name)) - now
