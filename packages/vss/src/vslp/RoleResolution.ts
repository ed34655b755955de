/**
 * RRP, the Role Resolution Protocol: what the chassis is to the pair, from switching on until it boots anew. The figure is our own†; the order of a boot
 * (pre-parse, VSL, roles, then SSO or RPR) and what decides are in Cisco's guides.
 */
import { Machine, type Figure } from "@l2lab/l2/Machine"
import { NEVER } from "@l2lab/sim/SimTime"
import { RELOAD_REASONS, type ReloadReason, type VslpActions } from "./Actions.ts"
import { modeOf, PAST, timesOf, type State } from "./State.ts"
import * as Trace from "./Trace.ts"
import { ROLES, STANDBY_STATES, type Role, type StandbyState } from "./VslpPdu.ts"

/** Whether this chassis goes before its peer: the higher priority does, of two alike the lower number. */
const isFirst = ({ config, peer, priority }: State): boolean => {
  if (priority !== peer.priority) return priority > peer.priority
  return config.switchNumber < peer.switchNumber
}

const knows = ({ peer }: State): boolean => peer.known === 1
const peerIs = ({ peer }: State, role: Role): boolean => peer.known === 1 && ROLES[peer.role] === role

/** Whether a chassis without a role is to be active, its peer being known: nobody is active yet, and it goes first, or the peer has made way already. */
const isToBeActive = (s: State): boolean => {
  if (!knows(s) || peerIs(s, "active")) return false
  return peerIs(s, "init") ? isFirst(s) : true
}

/** Another chassis is active too, and goes first. */
const mustYield = (s: State): boolean => s.joined === 1 && peerIs(s, "active") && !isFirst(s)

const isPreempted = ({ peer, priority }: State): boolean => peer.known === 1 && peer.asks === 1 && peer.priority > priority

const isSynchronized = (s: State): boolean => s.synchronized === 1 && modeOf(s) === "sso"

const setStandby = (state: StandbyState, actions: VslpActions): void =>
  actions.trace(Trace.STANDBY.code, 0, STANDBY_STATES.indexOf(state), 0, 0)

/** Why a chassis that must boot anew does. */
const reasonOf = (s: State): ReloadReason => {
  if (s.recoveryOrdered === 1) return "recovery is over"
  if (s.switchoverOrdered === 1) return "switchover"
  return mustYield(s) ? "both were active" : "preempted"
}

const rrp: Figure<State, VslpActions> = {
  abbreviation: "RRP",
  clause: "",
  isOfTree: true,
  begin: () => "PRE_PARSE",
  states: {
    PRE_PARSE: {
      entry: (s, _i, now) => {
        s.preParseWhile[0] = now + timesOf(s).preParse
      },
      exits: [{ when: (s) => s.preParseWhile[0] === PAST, to: "BRING_UP" }],
    },
    BRING_UP: {
      entry: (s, _i, now) => {
        // A link that comes and goes does not keep a chassis from being active alone.
        if (s.aloneWhile[0] === NEVER) s.aloneWhile[0] = now + timesOf(s).alone
      },
      exits: [
        { when: (s) => s.aloneWhile[0] === PAST, to: "ACTIVE" },
        { when: (s) => s.joined === 1, to: "NEGOTIATE" },
      ],
    },
    NEGOTIATE: {
      entry: (s) => {
        s.rrpNow = 1
      },
      exits: [
        { when: (s) => s.joined === 0, to: "BRING_UP" },
        { when: isToBeActive, to: "ACTIVE" },
        { when: knows, to: "STANDBY_COLD" },
        { when: (s) => s.aloneWhile[0] === PAST, to: "ACTIVE" },
      ],
    },
    ACTIVE: {
      entry: (s, _i, _now, actions) => {
        if (!knows(s) && s.aloneWhile[0] === PAST) actions.trace(Trace.ALONE.code, 0, 0, 0, 0)
        s.aloneWhile[0] = s.preemptWhile[0] = NEVER
        s.synchronized = 0
        s.rrpNow = 1
      },
      exits: [
        { when: (s) => s.recoveryOrdered === 1, to: "RECOVERY" },
        { when: (s) => mustYield(s) || isPreempted(s) || s.switchoverOrdered === 1, to: "RELOADING" },
      ],
    },
    STANDBY_COLD: {
      entry: (s, _i, _now, actions) => {
        s.aloneWhile[0] = s.preemptWhile[0] = NEVER
        s.synchronized = 0
        s.rrpNow = 1
        setStandby("cold", actions)
      },
      exits: [
        { when: (s) => s.joined === 0, to: "ACTIVE" },
        { when: isSynchronized, to: "STANDBY_HOT" },
      ],
    },
    STANDBY_HOT: {
      entry: (s, _i, now, actions) => {
        const { preemptDelay } = s.config
        s.preemptWhile[0] = preemptDelay === undefined ? NEVER : now + preemptDelay
        s.rrpNow = 1
        setStandby("hot", actions)
      },
      exits: [{ when: (s) => s.joined === 0, to: "ACTIVE" }],
    },
    RECOVERY: {
      entry: (s) => {
        s.rrpNow = 1
      },
      // Whatever the peer is: two that wait in recovery mode must not wait for each other.
      exits: [{ when: knows, to: "RELOADING" }],
    },
    RELOADING: {
      entry: (s, _i, _now, actions) => {
        s.reloadFor = RELOAD_REASONS.indexOf(reasonOf(s))
        actions.trace(Trace.RELOAD.code, s.reloadFor, 0, 0, 0)
      },
      exits: [],
    },
  },
}

/** What the chassis is. */
export const RRP = new Machine(rrp, Trace.TRACE)

const ROLE_OF_STATE: Readonly<Record<string, Role>> = {
  PRE_PARSE: "init",
  BRING_UP: "init",
  NEGOTIATE: "init",
  ACTIVE: "active",
  STANDBY_COLD: "standby",
  STANDBY_HOT: "standby",
  RECOVERY: "recovery",
  RELOADING: "init",
}

/** What the machine is at. */
export const rrpStateOf = (s: State): string => RRP.stateNames[s.rrpState[0]]

/** What the chassis is to the pair. */
export const roleOf = (s: State): Role => ROLE_OF_STATE[rrpStateOf(s)]

/** What it knows of its peer: `init` while the peer has said nothing. */
export const peerRoleOf = ({ peer }: State): Role => ROLES[peer.role]

/** How far it is as a standby. */
export const standbyOf = (s: State): StandbyState => {
  const state = rrpStateOf(s)
  return state === "STANDBY_HOT" ? "hot" : state === "STANDBY_COLD" ? "cold" : "none"
}

/** How far its standby is, as that says. */
export const peerStandbyOf = ({ peer }: State): StandbyState => STANDBY_STATES[peer.standby]

/** Whether it asks for the active role: it has been hot for as long as it waits, and its priority is the higher one. */
export const asksForRole = (s: State): boolean => s.preemptWhile[0] === PAST && s.priority > s.peer.priority
