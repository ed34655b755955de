/** What VSLP does when something happens: runs its machines, tells the chassis what came of it, speaks, and sets its timer. */
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import { advance, begin as enter } from "@l2lab/l2/Machine"
import { NEVER, type SimTime } from "@l2lab/sim/SimTime"
import { Result } from "effect"
import * as ChassisPdu from "../ChassisPdu.ts"
import { RELOAD_REASONS, type VslpActions } from "./Actions.ts"
import { LMP } from "./LinkManagement.ts"
import { asksForRole, roleOf, RRP, rrpStateOf, standbyOf } from "./RoleResolution.ts"
import { configuredMode, modeOf, nextAt, NOBODY, PAST, TIMERS, timesOf, type State } from "./State.ts"
import * as Trace from "./Trace.ts"
import * as VslpPdu from "./VslpPdu.ts"

/** The one timer, which runs until the next thing to do. */
const TIMER = 0

const sayHello = (s: State, link: number, actions: VslpActions): void => {
  const { address, domain, switchNumber } = s.config
  const heard: VslpPdu.LinkEnd | null =
    s.heardNumber[link] === 0
      ? null
      : { switchNumber: s.heardNumber[link], address: s.heardAddress[link], link: s.heardLink[link] }
  s.helloNow[link] = 0
  s.hellosSent[link]++
  actions.send(link, VslpPdu.frame({ protocol: "lmp", domain, switchNumber, address, link, heard }))
}

const sayRole = (s: State, now: SimTime, actions: VslpActions): void => {
  s.rrpNow = 0
  const link = s.controlLink
  s.rrpAt[0] = link < 0 ? NEVER : now + timesOf(s).rrp
  if (link < 0) return
  const { address, configuration = 0, domain, preemptDelay, switchNumber, version = "" } = s.config
  const pdu: VslpPdu.RrpPdu = {
    protocol: "rrp",
    domain,
    switchNumber,
    address,
    role: roleOf(s),
    standby: standbyOf(s),
    mode: configuredMode(s),
    priority: s.priority,
    preempts: preemptDelay !== undefined,
    asksForRole: asksForRole(s),
    configuration,
    version,
  }
  s.rolesSent[link]++
  actions.send(link, VslpPdu.frame(pdu))
}

/** Say what is to be said at once. */
const speak = (s: State, now: SimTime, actions: VslpActions): void => {
  for (let link = 0; link < s.ports; link++) if (s.helloNow[link] === 1) sayHello(s, link, actions)
  if (s.rrpNow === 1) sayRole(s, now, actions)
}

/** Which link RRP goes by: the one that it went by, as long as that may be used; else the first. */
const chooseControlLink = (s: State, actions: VslpActions): void => {
  if (s.controlLink >= 0 && s.usable[s.controlLink] === 1) return
  s.controlLink = s.usable.indexOf(1)
  s.rrpNow = 1
  if (s.controlLink >= 0) actions.trace(Trace.CONTROL_LINK.code, s.config.links[s.controlLink], 0, 0, 0)
}

/** What came of the links for the chassis as a whole. */
const join = (s: State, actions: VslpActions): void => {
  chooseControlLink(s, actions)
  const joined = s.controlLink < 0 ? 0 : 1
  if (s.joined === joined) return
  s.joined = joined
  if (joined === 1) return
  Object.assign(s.peer, NOBODY)
  s.mismatch = 0
  actions.trace(Trace.VSL_DOWN.code, VslpPdu.ROLES.indexOf(roleOf(s)), 0, 0, 0)
  actions.peerLost()
}

/** Tell the chassis of its role, if that is another, or the peer's is, or how they stand to each other. */
const tellRole = (s: State, actions: VslpActions): void => {
  const [role, mode] = [VslpPdu.ROLES.indexOf(roleOf(s)), VslpPdu.MODES.indexOf(modeOf(s))]
  const { role: peerRole } = s.peer
  if (role === s.toldRole && peerRole === s.toldPeerRole && mode === s.toldMode) return
  actions.trace(Trace.ROLE.code, s.toldRole, role, peerRole, mode)
  s.toldRole = role
  s.toldPeerRole = peerRole
  s.toldMode = mode
  actions.roleChanged(VslpPdu.ROLES[role], VslpPdu.ROLES[peerRole], VslpPdu.MODES[mode])
}

/** Let the machines come to rest, and do what follows. */
export const settle = (s: State, now: SimTime, actions: VslpActions): void => {
  for (let moved = true; moved;) {
    moved = false
    for (let link = 0; link < s.ports; link++) {
      moved = advance(LMP, s.lmpState, link, s, link, now, actions) || moved
    }
    join(s, actions)
    moved = advance(RRP, s.rrpState, 0, s, 0, now, actions) || moved
  }
  if (rrpStateOf(s) === "RELOADING") {
    actions.reload(RELOAD_REASONS[s.reloadFor])
    return
  }
  tellRole(s, actions)
  speak(s, now, actions)
  const next = nextAt(s)
  if (next === NEVER) actions.stopTimer(TIMER)
  else actions.startTimer(TIMER, next)
}

/** BEGIN of all machines. */
export const begin = (s: State, now: SimTime, actions: VslpActions): void => {
  for (let link = 0; link < s.ports; link++) enter(LMP, s.lmpState, link, s, link, now, actions)
  enter(RRP, s.rrpState, 0, s, 0, now, actions)
  s.helloAt[0] = now + timesOf(s).hello
  expire(s, now)
  settle(s, now, actions)
}

/** What ran out. */
const expire = (s: State, now: SimTime): void => {
  const preempts = s.preemptWhile[0]
  for (const name of TIMERS) {
    const column = s[name]
    for (let i = 0; i < column.length; i++) if (column[i] <= now) column[i] = PAST
  }
  if (s.preemptWhile[0] !== preempts) s.rrpNow = 1
  for (let link = 0; link < s.ports; link++) {
    if (s.heardUntil[link] <= now) {
      s.heardNumber[link] = s.listsUs[link] = 0
      s.heardUntil[link] = NEVER
    }
    if (s.wrongUntil[link] <= now) {
      s.wrong[link] = 0
      s.wrongUntil[link] = NEVER
    }
  }
}

/** The timer has run out. */
export const proceed = (s: State, now: SimTime, actions: VslpActions): void => {
  expire(s, now)
  if (s.helloAt[0] <= now) {
    s.helloAt[0] = now + timesOf(s).hello
    for (let link = 0; link < s.ports; link++) if (LMP.stateNames[s.lmpState[link]] !== "DOWN") s.helloNow[link] = 1
  }
  if (s.rrpAt[0] <= now) s.rrpNow = 1
  settle(s, now, actions)
}

const NO_CHASSIS: Trace.Failure = "no chassis at the other end"

const setWrong = (s: State, link: number, why: Trace.Failure, number: number, address: number, now: SimTime): void => {
  s.wrong[link] = Trace.FAILURES.indexOf(why)
  s.wrongNumber[link] = number
  s.wrongAddress[link] = address
  s.wrongUntil[link] = now + timesOf(s).dead
}

/** Whether another link of ours leads to another chassis than this. */
const isElsewhere = (s: State, link: number, address: number): boolean =>
  s.usable.some((bit, other) => other !== link && bit === 1 && s.heardAddress[other] !== address)

/** What is wrong with a link that brings this hello; undefined if nothing is. */
const wrongOf = (s: State, link: number, hello: VslpPdu.LmpHello): Trace.Failure | undefined => {
  const { address, domain, switchNumber } = s.config
  if (hello.address === address) return "looped back"
  if (hello.domain !== domain) return "domain mismatch"
  if (hello.switchNumber === switchNumber) return "switch number conflict"
  return isElsewhere(s, link, hello.address) ? "another chassis than on the other links" : undefined
}

const hearHello = (s: State, link: number, hello: VslpPdu.LmpHello, now: SimTime, actions: VslpActions): void => {
  const { address } = s.config
  s.hellosHeard[link]++
  const why = wrongOf(s, link, hello)
  if (why !== undefined) {
    setWrong(s, link, why, why === "domain mismatch" ? hello.domain : hello.switchNumber, hello.address, now)
    settle(s, now, actions)
    return
  }
  if (Trace.FAILURES[s.wrong[link]] === NO_CHASSIS) {
    // There is one after all.
    s.wrong[link] = 0
    s.wrongUntil[link] = NEVER
    settle(s, now, actions)
  }
  // Who is rejected is not said to be heard.
  if (s.wrong[link] !== 0) return
  if (s.heardNumber[link] !== 0 && (s.heardAddress[link] !== hello.address || s.heardLink[link] !== hello.link)) {
    // Another end than before: what was known of the link holds no more.
    s.heardNumber[link] = s.listsUs[link] = 0
    settle(s, now, actions)
  }
  s.heardNumber[link] = hello.switchNumber
  s.heardAddress[link] = hello.address
  s.heardLink[link] = hello.link
  const { dead, fastLink } = timesOf(s)
  const isListed = hello.heard !== null && hello.heard.address === address && hello.heard.link === link
  s.listsUs[link] = isListed ? 1 : 0
  s.heardUntil[link] = now + (isListed ? Math.min(dead, fastLink) : dead)
  settle(s, now, actions)
}

const mismatchOf = ({ config }: State, pdu: VslpPdu.RrpPdu): number =>
  ((config.version ?? "") === pdu.version ? 0 : 1) |
  ((config.configuration ?? 0) === pdu.configuration ? 0 : 2) |
  ((config.redundancy ?? "sso") === pdu.mode ? 0 : 4)

const refuse = (s: State, link: number, reason: string, actions: VslpActions): void => {
  s.refused[link]++
  const why = (Trace.REFUSALS as ReadonlyArray<string>).indexOf(reason)
  if (s.refusal[link] === why) return
  s.refusal[link] = why
  actions.trace(Trace.REFUSED.code, s.config.links[link], why, 0, 0)
}

const hearRole = (s: State, link: number, pdu: VslpPdu.RrpPdu, now: SimTime, actions: VslpActions): void => {
  const isOfPeer = s.usable[link] === 1 && pdu.address === s.heardAddress[link] && pdu.switchNumber === s.heardNumber[link]
  if (!isOfPeer || pdu.domain !== s.config.domain) return refuse(s, link, "NotPeer", actions)
  const { peer } = s
  const [isFirstWord, standby] = [peer.known === 0, peer.standby]
  s.rolesHeard[link]++
  peer.known = 1
  peer.switchNumber = pdu.switchNumber
  peer.address = pdu.address
  peer.role = VslpPdu.ROLES.indexOf(pdu.role)
  peer.standby = VslpPdu.STANDBY_STATES.indexOf(pdu.standby)
  peer.mode = VslpPdu.MODES.indexOf(pdu.mode)
  peer.priority = pdu.priority
  peer.preempts = pdu.preempts ? 1 : 0
  peer.asks = pdu.asksForRole ? 1 : 0
  peer.configuration = pdu.configuration
  peer.version = pdu.version
  const mismatch = mismatchOf(s, pdu)
  if (mismatch !== s.mismatch && mismatch !== 0) actions.trace(Trace.MISMATCH.code, mismatch, 0, 0, 0)
  s.mismatch = mismatch
  if (isFirstWord) s.rrpNow = 1
  if (peer.standby !== standby) actions.trace(Trace.STANDBY.code, 1, peer.standby, 0, 0)
  settle(s, now, actions)
}

/** A frame that is no chassis': whoever sends it is none. A link that is in use is not given up for it. */
const hearForeign = (s: State, link: number, now: SimTime, actions: VslpActions): void => {
  s.foreign[link]++
  if (s.usable[link] === 1) return
  if (s.wrong[link] === 0 || Trace.FAILURES[s.wrong[link]] === NO_CHASSIS) setWrong(s, link, NO_CHASSIS, 0, 0, now)
  settle(s, now, actions)
}

const isHello = (frame: EthernetFrame): boolean => ChassisPdu.isOfType(frame, ChassisPdu.TYPE_LMP, VslpPdu.lmpCodec.name)
const isRole = (frame: EthernetFrame): boolean => ChassisPdu.isOfType(frame, ChassisPdu.TYPE_RRP, VslpPdu.rrpCodec.name)

/** Whether a frame carries a PDU of VSLP by its looks, whether that can be read or not. */
export const claims = (frame: EthernetFrame): boolean => isHello(frame) || isRole(frame)

/** A frame came in. */
export const receive = (s: State, link: number, frame: EthernetFrame, now: SimTime, actions: VslpActions): void => {
  if (LMP.stateNames[s.lmpState[link]] === "DOWN") return
  if (isHello(frame)) {
    const hello = ChassisPdu.read(frame, VslpPdu.lmpCodec)
    if (Result.isFailure(hello)) refuse(s, link, hello.failure.reason, actions)
    else hearHello(s, link, hello.success, now, actions)
  } else if (isRole(frame)) {
    const pdu = ChassisPdu.read(frame, VslpPdu.rrpCodec)
    if (Result.isFailure(pdu)) refuse(s, link, pdu.failure.reason, actions)
    else hearRole(s, link, pdu.success, now, actions)
  } else hearForeign(s, link, now, actions)
}
