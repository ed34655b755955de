/** What DTP does: say what each port is set to be, hear what the other end is, and make a trunk of the two where Cisco's table says so. */
import { NEVER, type SimTime } from "@l2lab/sim/SimTime"
import type { SwitchPort } from "../BridgeConfig.ts"
import type { ControlActions } from "../ControlProtocol.ts"
import type { MacAddress } from "../MacAddress.ts"
import * as DtpPdu from "./DtpPdu.ts"
import * as State from "./State.ts"
import * as Trace from "./Trace.ts"

/** The one timer. */
const TIMER = 0

/** What a mode is called in messages, by its number, and back. */
const ADMIN = ["off", "on", "auto", "desirable"] as const
const MODE_OF = { off: State.ACCESS, on: State.TRUNK, auto: State.AUTO, desirable: State.DESIRABLE } as const

/**
 * Whether a port is a trunk, by what it and its neighbour are set to be: rows and columns access, trunk, auto, desirable. Two that only grant trunks have none; an
 * end that is set is what it is set to be, and the other may be otherwise.
 */
export const OUTCOME = [
  [false, false, false, false],
  [true, true, true, true],
  [false, true, false, true],
  [false, true, true, true],
] as const

/** What the port is to be now. */
const wanted = (state: State.State, port: number): boolean => {
  const mode = state.mode[port]
  if (!State.isDynamic(state, port)) return mode === State.TRUNK
  if (state.neighbourMode[port] === State.NOBODY || state.mismatch[port] === 1) return false
  return OUTCOME[mode][state.neighbourMode[port]]
}

const speaks = (state: State.State, port: number): boolean => state.up[port] === 1 && state.negotiates[port] === 1

const pduOf = (state: State.State, port: number, neighbour: MacAddress): DtpPdu.DtpPdu => {
  const isTrunk = state.isTrunk[port] === 1
  return {
    protocol: "dtp",
    domain: state.domain,
    isTrunk,
    admin: ADMIN[state.mode[port]],
    encapsulation: isTrunk ? "802.1q" : "native",
    adminEncapsulation: State.isDynamic(state, port) ? "negotiated" : "802.1q",
    neighbour,
  }
}

const send = (state: State.State, port: number, actions: ControlActions): void => {
  const source = actions.portAddress(port)
  state.sent[port]++
  actions.sendPdu(port, DtpPdu.frame(pduOf(state, port, source), source), -1)
}

const rearm = (state: State.State, actions: ControlActions): void => {
  let next = NEVER
  for (const at of state.helloAt) if (at < next) next = at
  for (const at of state.goneAt) if (at < next) next = at
  if (next === NEVER) actions.stopTimer(TIMER)
  else actions.startTimer(TIMER, next)
}

/** Let ports speak whose time has come, and forget neighbours who were silent for too long. */
export const proceed = (state: State.State, now: SimTime, actions: ControlActions): void => {
  for (let port = 0; port < state.ports; port++) {
    if (state.goneAt[port] <= now) {
      state.timeouts[port]++
      forget(state, port)
      settle(state, port, now, actions)
    }
    if (state.helloAt[port] > now) continue
    send(state, port, actions)
    if (state.fast[port] > 0) state.fast[port]--
    state.helloAt[port] = now + (state.fast[port] > 0 ? State.FAST_HELLO : State.HELLO)
  }
  rearm(state, actions)
}

const forget = (state: State.State, port: number): void => {
  state.neighbourMode[port] = State.NOBODY
  state.neighbour[port] = 0
  state.mismatch[port] = 0
  state.goneAt[port] = NEVER
}

/** Make the port what it is to be; a change is said at once. */
const settle = (state: State.State, port: number, now: SimTime, actions: ControlActions): void => {
  const isTrunk = wanted(state, port)
  if ((state.isTrunk[port] === 1) === isTrunk) return
  state.isTrunk[port] = isTrunk ? 1 : 0
  const { access, trunk } = state.roles[port]
  actions.setSwitchPort(port, isTrunk ? trunk : access)
  actions.trace(Trace.DTP_TRUNK.code, port, isTrunk ? 1 : 0, state.neighbour[port], 0)
  if (speaks(state, port)) state.helloAt[port] = now
}

/** A link came up: the port speaks at once, and quickly at first. */
export const linkUp = (state: State.State, port: number, now: SimTime, actions: ControlActions): void => {
  state.up[port] = 1
  state.linkUps[port]++
  begin(state, port, now)
  proceed(state, now, actions)
}

const begin = (state: State.State, port: number, now: SimTime): void => {
  if (!speaks(state, port)) {
    state.helloAt[port] = NEVER
    return
  }
  state.fast[port] = State.FAST_HELLOS
  state.helloAt[port] = now
}

/** A link went down: nobody is there, and nothing is negotiated. */
export const linkDown = (state: State.State, port: number, now: SimTime, actions: ControlActions): void => {
  state.up[port] = 0
  state.linkDowns[port]++
  state.helloAt[port] = NEVER
  forget(state, port)
  settle(state, port, now, actions)
  rearm(state, actions)
}

/** A message came in. */
export const receive = (state: State.State, port: number, pdu: DtpPdu.DtpPdu, now: SimTime, actions: ControlActions): void => {
  if (!speaks(state, port)) return State.drop(state, port, "nonegotiate")
  state.received[port]++
  const isNews = state.neighbourMode[port] !== MODE_OF[pdu.admin] || state.neighbour[port] !== pdu.neighbour
  state.neighbourMode[port] = MODE_OF[pdu.admin]
  state.neighbour[port] = pdu.neighbour
  state.goneAt[port] = now + State.TIMEOUT
  compareDomains(state, port, pdu, actions)
  settle(state, port, now, actions)
  // Who is new, or is set otherwise than before, hears at once what this end is.
  if (isNews) state.helloAt[port] = now
  proceed(state, now, actions)
}

/** Ends of two domains negotiate nothing; one that has no domain is of any. Told of once, and again when it was over. */
const compareDomains = (state: State.State, port: number, pdu: DtpPdu.DtpPdu, actions: ControlActions): void => {
  const differs = pdu.domain !== state.domain && pdu.domain !== "" && state.domain !== ""
  if (differs) State.drop(state, port, "domain mismatches")
  if (differs && state.mismatch[port] === 0) actions.trace(Trace.DTP_DOMAIN_MISMATCH.code, port, pdu.neighbour, 0, 0)
  state.mismatch[port] = differs ? 1 : 0
}

/** Management gave a port other settings past DTP: it is set to be that. */
const adopt = (state: State.State, port: number, settings: SwitchPort): void => {
  state.mode[port] = settings.mode === "trunk" ? State.TRUNK : State.ACCESS
  state.isTrunk[port] = state.mode[port]
  const { access, trunk } = state.roles[port]
  state.roles = state.roles.with(port, settings.mode === "trunk" ? { access, trunk: settings } : { access: settings, trunk })
}

/** Ports are otherwise than before, or the bridge is of another domain. */
export const follow = (
  state: State.State,
  switchPorts: ReadonlyArray<SwitchPort>,
  domain: string,
  now: SimTime,
  actions: ControlActions,
): void => {
  const isOther = domain !== state.domain
  state.domain = domain
  switchPorts.forEach((settings, port) => {
    const isSet = State.isAsSet(state, port, settings)
    if (!isSet) adopt(state, port, settings)
    if ((isOther || !isSet) && speaks(state, port)) begin(state, port, now)
  })
  proceed(state, now, actions)
}

/** What management sets of a port, each where it is given. */
export interface Order {
  readonly port: number
  readonly mode?: State.Mode
  readonly negotiate?: boolean
}

/** `switchport mode`, `switchport nonegotiate` and its opposite. */
export const configure = (state: State.State, { mode, negotiate, port }: Order, now: SimTime, actions: ControlActions): void => {
  if (mode !== undefined) state.mode[port] = State.MODES.indexOf(mode)
  if (negotiate !== undefined) state.negotiates[port] = negotiate ? 1 : 0
  if (state.negotiates[port] === 0) forget(state, port)
  settle(state, port, now, actions)
  begin(state, port, now)
  proceed(state, now, actions)
}
