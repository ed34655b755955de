/**
 * Selection logic (802.1AX 5.4.14†, 6.4.14†): which ports of a group may share its aggregator. Those whose partner is one system with one key, at one
 * rate; of those, the first by priority, as many as may carry frames; the rest stand by. The system of the lower priority, or address, decides.
 *
 * A group has one aggregator. A port whose partner says nothing, or does not aggregate, has one of its own (it is a bridge port like any
 * other), unless the group suspends it.
 */
import type { ControlActions } from "../ControlProtocol.ts"
import { advance } from "../Machine.ts"
import type { SimTime } from "@l2lab/sim/SimTime"
import { AGGREGATION } from "./Lacpdu.ts"
import { MUX, muxStateOf, receiveStateOf } from "./Machines.ts"
import {
  type GroupConfig,
  lacpEnabled,
  MOST_ACTIVE,
  NO_AGGREGATOR,
  OWN_AGGREGATOR,
  partnerHas,
  PAST,
  SELECTED,
  STANDBY,
  type State,
  systemOf,
  systemPriorityOf,
  UNSELECTED,
} from "./State.ts"
import * as Trace from "./Trace.ts"

/** What a port ought to be attached to, and how. */
interface Choice {
  readonly aggregator: number
  readonly selected: number
}

const NOTHING: Choice = { aggregator: NO_AGGREGATOR, selected: UNSELECTED }

/** Whether a port has a partner to share an aggregator with. */
const isCandidate = (s: State, i: number): boolean =>
  s.portEnabled[i] === 1 &&
  lacpEnabled(s, i) &&
  partnerHas(s, i, AGGREGATION) &&
  s.partner.system[i] !== 0 &&
  s.partner.system[i] !== systemOf(s, i)

/** Whether it is known to have none. */
const isIndividual = (s: State, i: number): boolean => {
  if (s.portEnabled[i] === 0 || isCandidate(s, i)) return false
  const state = receiveStateOf(s, i)
  return state === "DEFAULTED" || state === "LACP_DISABLED" || state === "CURRENT"
}

/** The link aggregation group that a port could be part of: partner, key, and rate. */
const lagOf = ({ partner, rateBps }: State, i: number): string =>
  `${partner.systemPriority[i]}.${partner.system[i]}.${partner.key[i]}.${rateBps[i]}`

/** Whether this system's priorities count, and not its partner's. */
const decides = (s: State, i: number): boolean => {
  const { system, systemPriority } = s.partner
  const own = systemPriorityOf(s, i)
  return own !== systemPriority[i] ? own < systemPriority[i] : systemOf(s, i) < system[i]
}

const before = (s: State, i: number, j: number): number => {
  const { partner, portPriority } = s
  return decides(s, i)
    ? portPriority[i] - portPriority[j] || i - j
    : partner.portPriority[i] - partner.portPriority[j] || partner.port[i] - partner.port[j]
}

const isAttached = (s: State, i: number, g: number): boolean => s.aggregator[i] === g && s.selected[i] !== UNSELECTED

/** The ports of a group that may share its aggregator now, first to last: those of the group that is there already, if any of it is left. */
const sharing = (s: State, g: number, { members }: GroupConfig): ReadonlyArray<number> => {
  const candidates = members.filter((i) => isCandidate(s, i))
  if (candidates.length === 0) return candidates
  const attached = candidates.filter((i) => isAttached(s, i, g))
  const lag = lagOf(
    s,
    (attached.length > 0 ? attached : candidates).toSorted((i, j) => s.portPriority[i] - s.portPriority[j] || i - j)[0],
  )
  return candidates.filter((i) => lagOf(s, i) === lag).toSorted((i, j) => before(s, i, j))
}

const choicesOf = (s: State, g: number): ReadonlyMap<number, Choice> => {
  const config = s.config.groups[g]
  const shared = sharing(s, g, config)
  const isEnough = shared.length >= (config.minLinks ?? 1)
  const most = config.maxBundle ?? MOST_ACTIVE
  return new Map(
    config.members.map((i) => {
      const rank = shared.indexOf(i)
      if (rank >= 0) return [i, { aggregator: g, selected: isEnough && rank < most ? SELECTED : STANDBY }]
      const own = isIndividual(s, i) && config.suspendIndividual !== true
      return [i, own ? { aggregator: OWN_AGGREGATOR, selected: SELECTED } : NOTHING]
    }),
  )
}

/** Why a port is what it is. */
export const standingOf = (s: State, i: number): Trace.Standing => {
  if (s.selected[i] === STANDBY) return "standby"
  if (s.selected[i] === SELECTED) return s.aggregator[i] === OWN_AGGREGATOR ? "individual" : "selected"
  return isCandidate(s, i) || isIndividual(s, i) ? "suspended" : "unselected"
}

const stepMux = (s: State, i: number, now: SimTime, actions: ControlActions): boolean =>
  advance(MUX, s.muxState, i, s, i, now, actions)

/** `Ready`: of those that wait for one aggregator, all have waited long enough. */
const updateReady = (s: State, members: ReadonlyArray<number>): void => {
  const waits = (i: number): boolean =>
    (muxStateOf(s, i) === "DETACHED" || muxStateOf(s, i) === "WAITING") && s.selected[i] === SELECTED && s.waitWhile[i] !== PAST
  for (const i of members) {
    const alike = s.aggregator[i] === OWN_AGGREGATOR ? [i] : members.filter((j) => s.aggregator[j] === s.aggregator[i])
    s.ready[i] = alike.some(waits) ? 0 : 1
  }
}

/** Select for a group, and let its mux machines follow. */
export const select = (s: State, g: number, now: SimTime, actions: ControlActions): void => {
  const { members } = s.config.groups[g]
  // What became unselected lets go before it is selected again.
  for (const i of members) stepMux(s, i, now, actions)
  for (const [i, { aggregator, selected }] of choicesOf(s, g)) {
    if (s.aggregator[i] !== aggregator) {
      s.selected[i] = UNSELECTED
      stepMux(s, i, now, actions)
      s.aggregator[i] = aggregator
    }
    s.selected[i] = selected
    // Who is no longer selected goes first: its place may be given to another.
    if (selected !== SELECTED) stepMux(s, i, now, actions)
  }
  updateReady(s, members)
  for (const i of members) stepMux(s, i, now, actions)
  for (const i of members) tellStanding(s, i, g, actions)
}

/** Tell of a port's standing if it is another than was told last: what a PDU brought counts, though no arc was taken since. */
const tellStanding = (s: State, i: number, g: number, actions: ControlActions): void => {
  const standing = standingOf(s, i)
  const is = Trace.STANDINGS.indexOf(standing)
  const was = s.standing[i]
  if (is === was) return
  s.standing[i] = is
  const [first = -1] = standing === "suspended" && isCandidate(s, i) ? sharing(s, g, s.config.groups[g]) : []
  actions.trace(Trace.SELECTION.code, i, was, is, first)
}
