/** What PAgP does when something happens: selects, runs its machine, speaks, and sets its timer. */
import { NEVER, type SimTime } from "@l2lab/sim/SimTime"
import type { BridgePortStatus, ControlActions } from "../ControlProtocol.ts"
import * as EthernetFrame from "../EthernetFrame.ts"
import { advance, begin as enter } from "../Machine.ts"
import type { MacAddress } from "../MacAddress.ts"
import { MACHINE, phaseOf, standingOf } from "./Machine.ts"
import * as PagpPdu from "./PagpPdu.ts"
import {
  DEFAULT_PRIORITY,
  FAST_HELLO,
  FAST_TIMEOUT,
  hasPartner,
  isDesirable,
  localOf,
  partnerCount,
  partnerOf,
  PAST,
  setPartner,
  SLOW_HELLO,
  SLOW_TIMEOUT,
  speaks,
  type State,
  TIMERS,
} from "./State.ts"
import * as Trace from "./Trace.ts"

/** The one timer, which runs until the next thing to do. */
const TIMER = 0

/** BEGIN of all ports. */
export const begin = (s: State, now: SimTime, actions: ControlActions): void => {
  for (let i = 0; i < s.ports; i++) if (s.group[i] >= 0) enter(MACHINE, s.phase, i, s, i, now, actions)
}

/** What enhanced PAgP has a port say: who is active here, where this is a pair and trusts the group, and who the other end said is active there. */
const dualActiveOf = (
  { activeId, config, group, knownActive }: State,
  i: number,
): Pick<PagpPdu.Information, "activeId" | "toldId"> =>
  config.dualActive === false
    ? {}
    : {
        ...(activeId !== 0 && config.groups[group[i]].trusted !== false && { activeId }),
        toldId: knownActive[group[i]],
      }

const send = (s: State, i: number, actions: ControlActions): void => {
  const { identity, groups } = s.config
  const isBundled = phaseOf(s, i) === "BUNDLED"
  const pdu: PagpPdu.Information = {
    protocol: "pagp",
    slowHello: isBundled && s.config.ports[i]?.rate !== "fast",
    auto: !isDesirable(s, i),
    consistent: isBundled,
    local: localOf(s, i),
    partner: partnerOf(s, i),
    partnerCount: partnerCount(s, i),
    deviceName: identity.name,
    portName: identity.interfaces[i] ?? String(i + 1),
    // A bundle sends from the address behind those of the link ports.
    agportAddress: isBundled ? s.device + 1 + s.ports + groups[s.group[i]].bundle : actions.portAddress(i),
    ...dualActiveOf(s, i),
  }
  s.ntt[i] = 0
  s.sent[i]++
  actions.sendPdu(i, PagpPdu.frame(pdu, actions.portAddress(i)), EthernetFrame.UNTAGGED)
}

/**
 * The ports of a group that may share its bundle: those whose partner, capability, rate and duplex are the first's; the first is one that is in it, if
 * any is. Returns that one; -1 = nobody has a partner.
 */
const select = (s: State, members: ReadonlyArray<number>): number => {
  const { groupCapability, device } = s.partner
  const alikeOf = (i: number): string => `${device[i]} ${groupCapability[i]} ${s.rateBps[i]} ${s.fullDuplex[i]}`
  const known = members.filter((i) => s.portEnabled[i] === 1 && hasPartner(s, i))
  const bundled = known.filter((i) => phaseOf(s, i) === "BUNDLED")
  const priorityOf = (i: number): number => s.config.ports[i]?.priority ?? DEFAULT_PRIORITY
  const [first] = (bundled.length > 0 ? bundled : known).toSorted((i, j) => priorityOf(i) - priorityOf(j) || i - j)
  for (const i of members) {
    const chosen = known.includes(i) && alikeOf(i) === alikeOf(first) ? 1 : 0
    // The partner is told: it bundles with nobody who does not.
    if (chosen !== s.chosen[i] && hasPartner(s, i) && speaks(s, i)) s.ntt[i] = 1
    s.chosen[i] = chosen
  }
  return first ?? -1
}

/** Run what a port's change may move: all ports of its group. */
const run = (s: State, g: number, now: SimTime, actions: ControlActions): void => {
  const { members } = s.config.groups[g]
  const were = members.map((i) => standingOf(s, i))
  // What lets go of a partner or of the bundle may be what the choice of the others hung on; a second pass sees to those.
  let first = -1
  for (let pass = 0; pass < 2; pass++) {
    first = select(s, members)
    for (const i of members) advance(MACHINE, s.phase, i, s, i, now, actions)
  }
  members.forEach((i, at) => {
    if (s.ntt[i] === 1) send(s, i, actions)
    const standing = standingOf(s, i)
    if (standing === were[at]) return
    actions.trace(Trace.STANDING.code, i, Trace.STANDINGS.indexOf(were[at]), Trace.STANDINGS.indexOf(standing), first)
  })
}

/** When there is something to do for a group. */
const dueOf = (s: State, g: number): SimTime => {
  let next = NEVER
  for (const i of s.config.groups[g].members) {
    for (const name of TIMERS) if (s[name][i] !== PAST && s[name][i] < next) next = s[name][i]
    if (s.helloTimer[i] < next) next = s.helloTimer[i]
  }
  return next
}

/** Let the timer run until the next thing to do, something having happened to a group. */
const rearm = (s: State, g: number, actions: ControlActions): void => {
  s.dueAt[g] = dueOf(s, g)
  arm(s, actions)
}

const arm = (s: State, actions: ControlActions): void => {
  let next = NEVER
  for (const at of s.dueAt) if (at < next) next = at
  if (next === NEVER) actions.stopTimer(TIMER)
  else actions.startTimer(TIMER, next)
}

/** The timer has run out. */
export const proceed = (s: State, now: SimTime, actions: ControlActions): void => {
  s.config.groups.forEach(({ members }, g) => {
    if (s.dueAt[g] > now) return
    for (const i of members) if (expire(s, i, now, actions)) run(s, g, now, actions)
    s.dueAt[g] = dueOf(s, g)
  })
  arm(s, actions)
}

/** Whether anything of a port has run out. */
const expire = (s: State, i: number, now: SimTime, actions: ControlActions): boolean => {
  let isDue = false
  for (const name of TIMERS) {
    if (s[name][i] > now || s[name][i] === PAST) continue
    s[name][i] = PAST
    isDue = true
    if (name === "quitTimer") lose(s, i, actions)
  }
  if (s.helloTimer[i] > now) return isDue
  s.helloTimer[i] = now + (phaseOf(s, i) === "BUNDLED" && s.config.ports[i]?.rate !== "fast" ? SLOW_HELLO : FAST_HELLO)
  s.ntt[i] = 1
  return true
}

/** The partner is gone: its machine sees it, and forgets the rest. */
const lose = (s: State, i: number, actions: ControlActions): void => {
  s.partner.device[i] = 0
  noteTold(s, i, undefined, actions)
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
  if (!up) noteTold(s, i, undefined, actions)
  run(s, s.group[i], now, actions)
  rearm(s, s.group[i], actions)
}

/** What a neighbour tells back of who is active here; undefined: it says nothing, or is gone. */
const noteTold = (s: State, i: number, toldId: MacAddress | undefined, actions: ControlActions): void => {
  const is = toldId ?? -1
  const was = s.saidActive[i]
  s.saidActive[i] = is
  if (Math.max(was, 0) !== Math.max(is, 0)) actions.trace(Trace.ACTIVE_ID.code, i, Math.max(was, 0), Math.max(is, 0), 0)
}

/** A pair names its active switch: that is remembered for the group, and when it is another than before all of the group's neighbours are told at once. */
const noteActive = (s: State, i: number, activeId: MacAddress | undefined): void => {
  const g = s.group[i]
  if (activeId === undefined || s.config.dualActive === false || s.knownActive[g] === activeId) return
  s.knownActive[g] = activeId
  for (const port of s.config.groups[g].members) if (hasPartner(s, port)) s.ntt[port] = 1
}

const timeoutOf = ({ slowHello }: PagpPdu.Information): number => (slowHello ? SLOW_TIMEOUT : FAST_TIMEOUT)

/** An information message came in. */
export const receive = (s: State, i: number, pdu: PagpPdu.Information, now: SimTime, actions: ControlActions): void => {
  const { local, partner } = pdu
  if (local.device === s.device) {
    s.ownHeard[i]++
    return
  }
  s.heard[i]++
  if (hasPartner(s, i) && (s.partner.device[i] !== local.device || s.partner.port[i] !== local.port)) {
    s.otherUntil[i] = now + timeoutOf(pdu)
  } else {
    const namesMe = partner.device === s.device && partner.port === i + 1 ? 1 : 0
    // What is no news gets no answer: on a shared wire three could answer each other for ever.
    const isNews = !hasPartner(s, i) || s.namesMe[i] !== namesMe || s.partner.group[i] !== local.group
    setPartner(s, i, local)
    s.partnerSlow[i] = pdu.slowHello ? 1 : 0
    s.partnerAuto[i] = pdu.auto ? 1 : 0
    s.partnerConsistent[i] = pdu.consistent ? 1 : 0
    s.namesMe[i] = namesMe
    s.names[i] = `${pdu.deviceName ?? ""}\n${pdu.portName ?? ""}`
    s.quitTimer[i] = now + timeoutOf(pdu)
    s.heardAt[i] = now
    // Two that wait to be asked have nothing to say to each other.
    if (isNews && speaks(s, i)) s.ntt[i] = 1
    noteActive(s, i, pdu.activeId)
    noteTold(s, i, pdu.toldId, actions)
  }
  run(s, s.group[i], now, actions)
  rearm(s, s.group[i], actions)
}

/** Something came in that cannot be read: it is counted, and told of the first time. */
export const refuse = (s: State, i: number, actions: ControlActions): void => {
  if (s.refused[i]++ === 0) actions.trace(Trace.REFUSED.code, i, 0, 0, 0)
}

/** A flush came in: whoever sent it gets it back; one of this switch's own has come back. */
export const flush = (s: State, i: number, pdu: PagpPdu.Flush, actions: ControlActions): void => {
  s.flushesHeard[i]++
  if (pdu.device === s.device) return
  s.flushesReturned[i]++
  actions.sendPdu(i, PagpPdu.frame(pdu, actions.portAddress(i)), EthernetFrame.UNTAGGED)
}

/** This switch is, from now on, the active one of a pair that is called so (0: of none): its neighbours are told at once. */
export const setActive = (s: State, activeId: MacAddress, actions: ControlActions): void => {
  s.activeId = activeId
  for (let i = 0; i < s.ports; i++) if (s.group[i] >= 0 && hasPartner(s, i)) send(s, i, actions)
}
