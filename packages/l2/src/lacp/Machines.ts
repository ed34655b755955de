/**
 * The machines of LACP as tables: receive (802.1AX figure 5-10†), periodic transmission (5-11†), mux with coupled control (5-14†), and the two of
 * churn detection (5-15†, 5-16†).
 *
 * A state that is entered from anywhere as long as a condition holds is, here, entered once: `advance` would enter it for ever.
 */
import type { SimTime } from "@l2lab/sim/SimTime"
import { Machine, UCT, type Figure } from "../Machine.ts"
import { ACTIVITY, AGGREGATION, COLLECTING, DISTRIBUTING, EXPIRED, SYNCHRONIZATION, TIMEOUT } from "./Lacpdu.ts"
import * as Procedures from "./Procedures.ts"
import {
  actorHas,
  AGGREGATE_WAIT_TIME,
  CHURN_DETECTION_TIME,
  FAST_PERIODIC_TIME,
  lacpEnabled,
  LONG_TIMEOUT_TIME,
  partnerHas,
  PAST,
  SELECTED,
  setActor,
  SHORT_TIMEOUT_TIME,
  SLOW_PERIODIC_TIME,
  STANDBY,
  type State,
  UNSELECTED,
} from "./State.ts"
import { TRACE } from "./Trace.ts"

/** The number of a state in its column, for conditions that ask where a machine is. */
const PORT_DISABLED = 1
const NO_PERIODIC = 0
const CHURN_MONITOR = 0

const receive: Figure<State> = {
  abbreviation: "RX",
  clause: "5.4.12",
  begin: () => "INITIALIZE",
  global: [{ when: (s, i) => s.portEnabled[i] === 0 && s.receiveState[i] !== PORT_DISABLED, to: "PORT_DISABLED" }],
  states: {
    INITIALIZE: {
      entry: (s, i) => {
        s.selected[i] = UNSELECTED
        Procedures.recordDefault(s, i)
        setActor(s, i, EXPIRED, false)
        s.portMoved[i] = 0
      },
      exits: [{ when: UCT, to: "PORT_DISABLED" }],
    },
    PORT_DISABLED: {
      entry: (s, i) => {
        s.partner.state[i] &= ~SYNCHRONIZATION
        s.received[i] = 0
      },
      exits: [
        { when: (s, i) => s.portMoved[i] === 1, to: "INITIALIZE" },
        { when: (s, i) => s.portEnabled[i] === 1 && lacpEnabled(s, i), to: "EXPIRED" },
        { when: (s, i) => s.portEnabled[i] === 1, to: "LACP_DISABLED" },
      ],
    },
    EXPIRED: {
      entry: (s, i, now) => {
        s.partner.state[i] &= ~SYNCHRONIZATION
        s.partner.state[i] |= TIMEOUT
        s.currentWhile[i] = now + SHORT_TIMEOUT_TIME
        setActor(s, i, EXPIRED, true)
      },
      exits: [
        { when: (s, i) => s.received[i] === 1, to: "CURRENT" },
        { when: (s, i) => s.currentWhile[i] === PAST, to: "DEFAULTED" },
      ],
    },
    LACP_DISABLED: {
      entry: (s, i) => {
        s.selected[i] = UNSELECTED
        Procedures.recordDefault(s, i)
        s.partner.state[i] &= ~AGGREGATION
        setActor(s, i, EXPIRED, false)
        s.received[i] = 0
      },
      exits: [],
    },
    DEFAULTED: {
      entry: (s, i) => {
        Procedures.updateDefaultSelected(s, i)
        Procedures.recordDefault(s, i)
        setActor(s, i, EXPIRED, false)
      },
      exits: [{ when: (s, i) => s.received[i] === 1, to: "CURRENT" }],
    },
    CURRENT: {
      entry: (s, i, now) => {
        s.received[i] = 0
        Procedures.takePdu(s, i)
        s.currentWhile[i] = now + (actorHas(s, i, TIMEOUT) ? SHORT_TIMEOUT_TIME : LONG_TIMEOUT_TIME)
        setActor(s, i, EXPIRED, false)
      },
      exits: [
        { when: (s, i) => s.received[i] === 1, to: "CURRENT" },
        { when: (s, i) => s.currentWhile[i] === PAST, to: "EXPIRED" },
      ],
    },
  },
}

/** What keeps a port from speaking of its own accord. */
const isSilent = (s: State, i: number): boolean =>
  s.portEnabled[i] === 0 || !lacpEnabled(s, i) || (!actorHas(s, i, ACTIVITY) && !partnerHas(s, i, ACTIVITY))

const periodic: Figure<State> = {
  abbreviation: "PTX",
  clause: "5.4.13",
  isUntraced: true,
  begin: () => "NO_PERIODIC",
  global: [{ when: (s, i) => isSilent(s, i) && s.periodicState[i] !== NO_PERIODIC, to: "NO_PERIODIC" }],
  states: {
    NO_PERIODIC: {
      entry: (s, i) => {
        s.periodic[i] = Infinity
      },
      // UCT in the figure, where what leads here holds the machine.
      exits: [{ when: (s, i) => !isSilent(s, i), to: "FAST_PERIODIC" }],
    },
    FAST_PERIODIC: {
      entry: (s, i, now) => {
        s.periodic[i] = now + FAST_PERIODIC_TIME
      },
      exits: [
        { when: (s, i) => !partnerHas(s, i, TIMEOUT), to: "SLOW_PERIODIC" },
        { when: (s, i) => s.periodic[i] === PAST, to: "PERIODIC_TX" },
      ],
    },
    SLOW_PERIODIC: {
      entry: (s, i, now) => {
        s.periodic[i] = now + SLOW_PERIODIC_TIME
      },
      exits: [{ when: (s, i) => s.periodic[i] === PAST || partnerHas(s, i, TIMEOUT), to: "PERIODIC_TX" }],
    },
    PERIODIC_TX: {
      entry: (s, i) => {
        s.ntt[i] = 1
      },
      exits: [
        { when: (s, i) => partnerHas(s, i, TIMEOUT), to: "FAST_PERIODIC" },
        { when: (s, i) => !partnerHas(s, i, TIMEOUT), to: "SLOW_PERIODIC" },
      ],
    },
  },
}

const mux: Figure<State> = {
  abbreviation: "MUX",
  clause: "5.4.15",
  begin: () => "DETACHED",
  states: {
    DETACHED: {
      entry: (s, i, _now, actions) => {
        setActor(s, i, SYNCHRONIZATION | COLLECTING | DISTRIBUTING, false)
        s.waitWhile[i] = Infinity
        Procedures.disableCollectingDistributing(s, i, actions)
        s.ntt[i] = 1
      },
      exits: [{ when: (s, i) => s.selected[i] === SELECTED || s.selected[i] === STANDBY, to: "WAITING" }],
    },
    WAITING: {
      entry: (s, i, now) => {
        s.waitWhile[i] = now + AGGREGATE_WAIT_TIME
      },
      exits: [
        { when: (s, i) => s.selected[i] === UNSELECTED, to: "DETACHED" },
        { when: (s, i) => s.selected[i] === SELECTED && s.ready[i] === 1, to: "ATTACHED" },
      ],
    },
    ATTACHED: {
      entry: (s, i, _now, actions) => {
        setActor(s, i, SYNCHRONIZATION, true)
        setActor(s, i, COLLECTING | DISTRIBUTING, false)
        Procedures.disableCollectingDistributing(s, i, actions)
        s.ntt[i] = 1
      },
      exits: [
        {
          when: (s, i) => s.selected[i] === UNSELECTED || s.selected[i] === STANDBY,
          to: "DETACHED",
        },
        {
          when: (s, i) => s.selected[i] === SELECTED && partnerHas(s, i, SYNCHRONIZATION),
          to: "COLLECTING_DISTRIBUTING",
        },
      ],
    },
    COLLECTING_DISTRIBUTING: {
      entry: (s, i, _now, actions) => {
        setActor(s, i, COLLECTING | DISTRIBUTING, true)
        Procedures.enableCollectingDistributing(s, i, actions)
        s.ntt[i] = 1
      },
      exits: [
        {
          when: (s, i) => s.selected[i] !== SELECTED || !partnerHas(s, i, SYNCHRONIZATION),
          to: "ATTACHED",
        },
      ],
    },
  },
}

type ChurnColumns = {
  readonly churn: "actorChurn" | "partnerChurn"
  readonly timer: "actorChurnTimer" | "partnerChurnTimer"
  readonly state: "actorChurnState" | "partnerChurnState"
}

const churnFigure = (
  abbreviation: string,
  name: "ACTOR" | "PARTNER",
  { churn, state, timer }: ChurnColumns,
  isInSync: (s: State, i: number) => boolean,
): Figure<State> => ({
  abbreviation,
  clause: "5.4.17",
  begin: () => `${name}_CHURN_MONITOR`,
  global: [{ when: (s, i) => s.portEnabled[i] === 0 && s[state][i] !== CHURN_MONITOR, to: `${name}_CHURN_MONITOR` }],
  states: {
    [`${name}_CHURN_MONITOR`]: {
      entry: (s, i, now: SimTime) => {
        s[churn][i] = 0
        s[timer][i] = s.portEnabled[i] === 1 ? now + CHURN_DETECTION_TIME : Infinity
      },
      exits: [
        { when: (s, i) => s.portEnabled[i] === 1 && isInSync(s, i), to: `NO_${name}_CHURN` },
        { when: (s, i) => s.portEnabled[i] === 1 && s[timer][i] === PAST, to: `${name}_CHURN` },
      ],
    },
    [`NO_${name}_CHURN`]: {
      entry: (s, i) => {
        s[churn][i] = 0
        s[timer][i] = Infinity
      },
      exits: [{ when: (s, i) => !isInSync(s, i), to: `${name}_CHURN_MONITOR` }],
    },
    [`${name}_CHURN`]: {
      entry: (s, i, _now, actions) => {
        s[churn][i] = 1
        Procedures.tellChurn(i, name === "ACTOR" ? 0 : 1, actions)
      },
      exits: [{ when: isInSync, to: `NO_${name}_CHURN` }],
    },
  },
})

/** What a port makes of what it hears. */
export const RECEIVE = new Machine(receive, TRACE)
/** When a port speaks of its own accord. */
export const PERIODIC = new Machine(periodic, TRACE)
/** When it collects and distributes. */
export const MUX = new Machine(mux, TRACE)
/** Whether it is out of sync for too long. */
export const ACTOR_CHURN = new Machine(
  churnFigure("ACH", "ACTOR", { churn: "actorChurn", timer: "actorChurnTimer", state: "actorChurnState" }, (s, i) =>
    actorHas(s, i, SYNCHRONIZATION),
  ),
  TRACE,
)
/** Whether its partner is. */
export const PARTNER_CHURN = new Machine(
  churnFigure("PCH", "PARTNER", { churn: "partnerChurn", timer: "partnerChurnTimer", state: "partnerChurnState" }, (s, i) =>
    partnerHas(s, i, SYNCHRONIZATION),
  ),
  TRACE,
)

/** All of them with their columns, in the order in which they are run. */
export const MACHINES = [
  [RECEIVE, "receiveState"],
  [MUX, "muxState"],
  [PERIODIC, "periodicState"],
  [ACTOR_CHURN, "actorChurnState"],
  [PARTNER_CHURN, "partnerChurnState"],
] as const

/** Whether the receive machine waits for the link of a port, still believing of its partner what it last heard. */
export const isDisabled = (s: State, i: number): boolean => s.receiveState[i] === PORT_DISABLED

/** What the receive machine of a port is at. */
export const receiveStateOf = (s: State, i: number): string => RECEIVE.stateNames[s.receiveState[i]]
/** What its mux machine is at. */
export const muxStateOf = (s: State, i: number): string => MUX.stateNames[s.muxState[i]]
