/**
 * What VTP does, as Cisco describes it: tell every five minutes and after each change which revision of the database there is, ask where a higher one is
 * heard of, take it if its digest fits, and pass it on. Whoever has the higher revision is right, a client too.
 */
import { NEVER, type SimTime } from "@l2lab/sim/SimTime"
import * as TextOperand from "@l2lab/sim/TextOperand"
import type { ControlActions } from "../ControlProtocol.ts"
import * as Database from "./Database.ts"
import * as State from "./State.ts"
import * as Trace from "./Trace.ts"
import type { VlanInfo } from "./VlanInfo.ts"
import * as VtpPdu from "./VtpPdu.ts"

/** The one timer. */
const TIMER = 0

/** Whether the switch spreads a database, and takes those of others. */
const takesPart = ({ domain, mode }: State.State): boolean => mode !== "transparent" && domain !== ""

const send = (state: State.State, port: number, pdu: VtpPdu.VtpPdu, actions: ControlActions): void =>
  actions.sendPdu(port, VtpPdu.frame(pdu, actions.portAddress(port)), state.tag[port])

const sendSummary = (state: State.State, port: number, followers: number, actions: ControlActions): void => {
  state.counters.summariesSent++
  send(state, port, State.summaryOf(state, followers), actions)
}

/** The summary, and the database behind it, from a VLAN on. */
const sendAll = (state: State.State, port: number, start: number, actions: ControlActions): void => {
  const parts = Database.parts(state.vlans, start)
  sendSummary(state, port, parts.length, actions)
  const { domain, revision, version } = state
  for (const [i, vlans] of parts.entries()) {
    state.counters.subsetsSent++
    send(state, port, { protocol: "vtp", kind: "subset", version, domain, revision, sequence: i + 1, vlans }, actions)
  }
}

const request = (state: State.State, port: number, actions: ControlActions): void => {
  const { domain, version } = state
  state.counters.requestsSent++
  send(state, port, { protocol: "vtp", kind: "request", version, domain, start: 0 }, actions)
}

/** All trunks that are up, but one. */
const trunks = function* (state: State.State, but = -1): Generator<number> {
  for (let port = 0; port < state.ports; port++) if (port !== but && State.isTrunk(state, port)) yield port
}

/** Let the timer run until the next summary. */
export const rearm = (state: State.State, now: SimTime, actions: ControlActions): void => {
  state.summaryAt = takesPart(state) ? now + State.SUMMARY_INTERVAL : NEVER
  if (state.summaryAt === NEVER) actions.stopTimer(TIMER)
  else actions.startTimer(TIMER, state.summaryAt)
}

/** The timer has run out. */
export const proceed = (state: State.State, now: SimTime, actions: ControlActions): void => {
  for (const port of trunks(state)) sendSummary(state, port, 0, actions)
  rearm(state, now, actions)
}

/** A trunk is there: say what there is, and ask, once, what the others have. */
export const trunkUp = (state: State.State, port: number, actions: ControlActions): void => {
  if (!takesPart(state)) return
  sendSummary(state, port, 0, actions)
  if (state.isFresh) request(state, port, actions)
}

/** A link went down. */
export const linkDown = (state: State.State, port: number): void => {
  state.mismatch[port] = 0
  if (state.pending?.port === port) state.pending = null
}

/** A frame came in on a trunk. */
export const receive = (state: State.State, port: number, pdu: VtpPdu.VtpPdu, now: SimTime, actions: ControlActions): void => {
  if (state.mode === "transparent") return relay(state, port, pdu, actions)
  if (state.domain === "" && pdu.kind === "summary" && pdu.domain !== "") setDomain(state, pdu.domain, now, actions)
  if (pdu.domain !== state.domain || pdu.domain === "") {
    state.counters.otherDomain++
    return
  }
  switch (pdu.kind) {
    case "summary":
      state.counters.summariesReceived++
      return receiveSummary(state, port, pdu, actions)
    case "subset":
      state.counters.subsetsReceived++
      return receiveSubset(state, port, pdu, now, actions)
    case "request":
      state.counters.requestsReceived++
      return sendAll(state, port, pdu.start, actions)
  }
}

/**
 * A transparent switch passes on what it hears: of its own domain and version only, or (version 2) whatever it is. It does so within the tree of VLAN 1, or rings of
 * such switches would never be silent again.
 */
const relay = (state: State.State, from: number, pdu: VtpPdu.VtpPdu, actions: ControlActions): void => {
  if (state.version === 1 && (pdu.version !== 1 || pdu.domain !== state.domain)) {
    state.counters.otherDomain++
    return
  }
  if (!actions.isForwarding(from, 1)) return
  for (const port of trunks(state, from)) {
    if (!actions.isForwarding(port, 1)) continue
    state.counters.relayed++
    send(state, port, pdu, actions)
  }
}

const isSame = (a: Uint8Array, b: Uint8Array): boolean => a.every((octet, i) => octet === b[i])

const receiveSummary = (state: State.State, port: number, summary: VtpPdu.Summary, actions: ControlActions): void => {
  if (summary.version < state.version) {
    state.counters.v1Errors++
    return
  }
  state.isFresh = false
  if (summary.revision > state.revision) {
    state.pending = { port, summary, subsets: [] }
    if (summary.followers === 0) request(state, port, actions)
    return
  }
  if (summary.revision < state.revision) return // who said that asks, when it hears of ours
  const fits = isSame(summary.digest, Database.digestOf(state.secret, summary, state.vlans))
  state.mismatch[port] = fits ? 0 : 1
  if (fits) return
  state.counters.revisionErrors++
  actions.trace(Trace.VTP_DIGEST.code, port, 0, summary.revision, 0)
}

const receiveSubset = (state: State.State, port: number, subset: VtpPdu.Subset, now: SimTime, actions: ControlActions): void => {
  const { pending } = state
  const isNext =
    pending !== null &&
    pending.port === port &&
    pending.summary.revision === subset.revision &&
    subset.sequence === pending.subsets.length + 1
  if (!isNext) {
    state.counters.stray++
    return
  }
  const subsets = [...pending.subsets, subset.vlans]
  state.pending = { ...pending, subsets }
  if (subsets.length < pending.summary.followers) return
  state.pending = null
  const vlans = subsets.flat()
  if (isSame(pending.summary.digest, Database.digestOf(state.secret, pending.summary, vlans))) {
    return adopt(state, port, pending.summary, vlans, now, actions)
  }
  state.counters.digestErrors++
  state.mismatch[port] = 1
  actions.trace(Trace.VTP_DIGEST.code, port, 1, subset.revision, 0)
}

/** A higher revision is right: it becomes the database, and the others hear of it. */
const adopt = (
  state: State.State,
  port: number,
  summary: VtpPdu.Summary,
  vlans: ReadonlyArray<VlanInfo>,
  now: SimTime,
  actions: ControlActions,
): void => {
  state.version = summary.version
  state.revision = summary.revision
  state.updater = summary.updater
  state.timestamp = summary.timestamp
  state.vlans = vlans
  state.mismatch[port] = 0
  const carrying = Database.carrying(vlans)
  actions.trace(Trace.VTP_UPDATED.code, port, summary.revision, carrying.length, summary.updater)
  actions.setVlans(existing(state))
  for (const other of trunks(state, port)) sendAll(state, other, 0, actions)
  rearm(state, now, actions)
}

/** The VLANs that the bridge is to have. */
const existing = ({ extended, room, vlans }: State.State): ReadonlyArray<number> =>
  [...Database.carrying(vlans).filter((id) => room.has(id)), ...extended].sort((a, b) => a - b)

/**
 * VLANs of the bridge came or went. By VTP's own doing that is no news; by management it is a change of the database, which only a server or a transparent
 * switch may make: a client takes it back.
 */
export const followVlans = (state: State.State, now: ReadonlyArray<number>, at: SimTime, actions: ControlActions): void => {
  state.extended = now.filter((id) => id > Database.LAST_VLAN)
  const wanted = existing(state)
  if (wanted.length === now.length && wanted.every((id, i) => id === now[i])) return
  if (state.mode === "client") return actions.setVlans(wanted)
  const names = new Map(state.vlans.map(({ id, name }) => [id, name]))
  // VLANs that the bridge has no room for stay in the database as they are.
  const elsewhere = Database.carrying(state.vlans).filter((id) => !state.room.has(id))
  state.vlans = Database.make([...now, ...elsewhere], (id) => names.get(id) ?? state.config.names?.[id], state.version)
  changed(state, at, actions)
}

/** The database is another by management: one revision more, and all hear of it. */
const changed = (state: State.State, now: SimTime, actions: ControlActions): void => {
  if (state.mode === "transparent") return
  state.revision++
  state.updater = 0
  state.timestamp = State.NO_CLOCK
  actions.trace(Trace.VTP_REVISION.code, state.revision, Database.carrying(state.vlans).length, 0, 0)
  if (!takesPart(state)) return
  for (const port of trunks(state)) sendAll(state, port, 0, actions)
  rearm(state, now, actions)
}

const setDomain = (state: State.State, domain: string, now: SimTime, actions: ControlActions): void => {
  state.domain = domain
  actions.setVtpDomain(domain)
  const part = (index: number): number => TextOperand.pack(domain, index)
  actions.trace(Trace.VTP_DOMAIN.code, part(0), part(1), part(2), part(3))
  rearm(state, now, actions)
}

/** What management sets, each where it is given. */
export interface Order {
  readonly mode?: State.Mode
  readonly domain?: string
  readonly password?: string
}

/** Management sets a mode, a domain, a password. Another domain, or being transparent, makes the revision 0. */
export const configure = (state: State.State, order: Order, now: SimTime, actions: ControlActions): void => {
  if (order.password !== undefined) state.secret = Database.secretOf(order.password)
  if (order.mode !== undefined) state.mode = order.mode
  state.pending = null
  if (state.mode === "transparent") state.revision = 0
  if (order.domain !== undefined && order.domain !== state.domain) {
    state.revision = 0
    state.isFresh = true
    setDomain(state, order.domain, now, actions)
  }
  rearm(state, now, actions)
  if (takesPart(state)) for (const port of trunks(state)) trunkUp(state, port, actions)
}
