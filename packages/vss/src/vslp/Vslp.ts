/**
 * VSLP as a component that a chassis mounts, in the manner of a control protocol: the chassis holds its state, hands it what happens on its VSL links,
 * and does what it asks for. Two chassis that are one switch agree through it which of them is active.
 *
 * How a chassis uses it:
 *
 * - `make(config, now)` when the chassis is made; `timers(config)` timers of the chassis' range are VSLP's, and `onTimer` gets them by their number there.
 * - `onBoot` once after `make`, before any link is reported. Roles are `init` then: a chassis forwards nothing before `roleChanged`.
 * - `onLink` whenever a link port of the VSL goes up or down; `vslLink` counts the VSL's links from 0, `config.links` are their link ports.
 * - `onPdu` with each frame on a VSL link that `claims` says is VSLP's, usable or not.
 * - `memberChanged` says which VSL links may carry anything else. Of links that are not usable the chassis sends nothing but what `send` gives it, and
 *   drops what comes in.
 * - `roleChanged("active", ...)`: run the control plane; `("standby", "active", "sso")`: take checkpoints, and call `onSynchronized` when they are complete (the
 *   standby is hot from then on); `("standby", "active", "rpr")`: all ports but the VSL's down.
 * - `peerLost` (after the last `memberChanged`): the peer's ports are gone. A standby hears `roleChanged("active", "init", ...)` in the same call: it takes over.
 * - `reload`: boot anew, at the end of the call.
 */
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import * as Columns from "@l2lab/l2/Columns"
import { payloadOf } from "@l2lab/l2/PayloadCodec"
import * as Protocol from "@l2lab/l2/Protocol"
import type { LinkStatus, TimerId } from "@l2lab/sim/Device"
import type { Digest } from "@l2lab/sim/Digest"
import { NEVER, type SimTime } from "@l2lab/sim/SimTime"
import type { VslpActions } from "./Actions.ts"
import type { VslpConfig } from "./Settings.ts"
import { ALONE_AT, hasUsable, HELLO_AT, make as makeState, nextAt, RRP_AT, TIMES, timesOf, type State } from "./State.ts"
import * as Trace from "./Trace.ts"
import * as VslpPdu from "./VslpPdu.ts"

/** The one timer, which runs until the next thing to do. */
const TIMER = 0

/** How many timers a chassis keeps for VSLP. */
export const timers = (_config: VslpConfig): number => 1
/** A chassis that has just been switched on; all its links are down. */
export const make = (config: VslpConfig, _now: SimTime): State => makeState(config)
export const copy = (state: State): State => Columns.copy(state)
export const fingerprint = (state: State, digest: Digest, now: SimTime): void => Columns.fingerprint(state, digest, now, TIMES)

export { peerRoleOf, roleOf, type State } from "./State.ts"

/** Whether a frame on a VSL link is VSLP's. */
export const claims = ({ payload, protocol }: EthernetFrame): boolean => {
  if (protocol !== Protocol.VIRTUAL_SWITCH) return false
  return payload instanceof Uint8Array
    ? payload[1] === 1 || payload[1] === 2
    : payload.protocol === VslpPdu.lmpCodec.name || payload.protocol === VslpPdu.rrpCodec.name
}

const rearm = (s: State, actions: VslpActions): void => {
  const next = nextAt(s)
  if (next === NEVER) actions.stopTimer(TIMER)
  else actions.startTimer(TIMER, next)
}

const sendHello = (s: State, link: number, actions: VslpActions): void => {
  const { address, domain, switchNumber } = s.config
  const heard: VslpPdu.LinkEnd | null =
    s.heardNumber[link] === 0
      ? null
      : { switchNumber: s.heardNumber[link], address: s.heardAddress[link], link: s.heardLink[link] }
  actions.send(link, VslpPdu.frame({ protocol: "lmp", domain, switchNumber, address, link, heard }))
}

const sendRole = (s: State, now: SimTime, actions: VslpActions): void => {
  const link = s.usable.indexOf(1)
  if (link < 0) return
  const { address, configuration = 0, domain, preemptDelay, redundancy = "sso", switchNumber, version = "" } = s.config
  s.times[RRP_AT] = now + timesOf(s).rrp
  actions.send(
    link,
    VslpPdu.frame({
      protocol: "rrp",
      domain,
      switchNumber,
      address,
      role: VslpPdu.ROLES[s.role],
      standby: VslpPdu.ROLES[s.role] === "standby" ? "cold" : "none",
      mode: redundancy,
      priority: s.priority,
      preempts: preemptDelay !== undefined,
      asksForRole: false,
      configuration,
      version,
    }),
  )
}

const setRole = (s: State, role: VslpPdu.Role, now: SimTime, actions: VslpActions): void => {
  const from = s.role
  s.role = VslpPdu.ROLES.indexOf(role)
  s.times[ALONE_AT] = NEVER
  actions.trace(Trace.ROLE.code, from, s.role, s.peerRole, 0)
  actions.roleChanged(role, VslpPdu.ROLES[s.peerRole], s.config.redundancy ?? "sso")
  sendRole(s, now, actions)
}

const losePeer = (s: State, now: SimTime, actions: VslpActions): void => {
  s.peerKnown = s.peerRole = 0
  s.times[RRP_AT] = NEVER
  actions.trace(Trace.PEER_LOST.code, s.role, 0, 0, 0)
  actions.peerLost()
  if (VslpPdu.ROLES[s.role] === "standby") setRole(s, "active", now, actions)
}

const setUsable = (s: State, link: number, usable: boolean, now: SimTime, actions: VslpActions): void => {
  if ((s.usable[link] === 1) === usable) return
  s.usable[link] = usable ? 1 : 0
  actions.trace(Trace.MEMBER.code, s.config.links[link], usable ? 1 : 0, 0, 0)
  actions.memberChanged(link, usable)
  if (usable) sendRole(s, now, actions)
  else if (!hasUsable(s)) losePeer(s, now, actions)
}

const forget = (s: State, link: number, now: SimTime, actions: VslpActions): void => {
  s.heardNumber[link] = 0
  s.heardUntil[link] = NEVER
  setUsable(s, link, false, now, actions)
}

/** Begin: once after `make`. */
export const onBoot = (s: State, now: SimTime, actions: VslpActions): void => {
  s.times[HELLO_AT] = now + timesOf(s).hello
  s.times[ALONE_AT] = now + timesOf(s).alone
  rearm(s, actions)
}

/** A VSL link came up or went down. */
export const onLink = (s: State, link: number, { up }: LinkStatus, now: SimTime, actions: VslpActions): void => {
  s.up[link] = up ? 1 : 0
  if (up) sendHello(s, link, actions)
  else forget(s, link, now, actions)
  rearm(s, actions)
}

const hearHello = (s: State, link: number, hello: VslpPdu.LmpHello, now: SimTime, actions: VslpActions): void => {
  const { address, domain, switchNumber } = s.config
  if (hello.domain !== domain || hello.switchNumber === switchNumber) return
  const isNew = s.heardNumber[link] === 0
  s.heardNumber[link] = hello.switchNumber
  s.heardAddress[link] = hello.address
  s.heardLink[link] = hello.link
  s.heardUntil[link] = now + timesOf(s).dead
  if (isNew) sendHello(s, link, actions)
  setUsable(s, link, hello.heard !== null && hello.heard.address === address && hello.heard.link === link, now, actions)
}

/** Whether this chassis is to be active, where nobody is. */
const isFirst = (s: State): boolean => {
  if (s.priority !== s.peerPriority) return s.priority > s.peerPriority
  return s.config.switchNumber === 1
}

const hearRole = (s: State, pdu: VslpPdu.RrpPdu, now: SimTime, actions: VslpActions): void => {
  const before = s.peerRole
  s.peerRole = VslpPdu.ROLES.indexOf(pdu.role)
  s.peerPriority = pdu.priority
  const isFirstWord = s.peerKnown === 0
  s.peerKnown = 1
  const role = VslpPdu.ROLES[s.role]
  if (role === "init") {
    setRole(s, pdu.role === "active" || (pdu.role === "init" && !isFirst(s)) ? "standby" : "active", now, actions)
  } else if (role === "active" && pdu.role === "active" && !isFirst(s)) actions.reload("both active")
  else if (isFirstWord || before !== s.peerRole) {
    actions.roleChanged(role, pdu.role, s.config.redundancy ?? "sso")
    if (isFirstWord) sendRole(s, now, actions)
  }
}

/** A frame that `claims` came in on a VSL link. */
export const onPdu = (s: State, link: number, frame: EthernetFrame, now: SimTime, actions: VslpActions): void => {
  if (s.up[link] === 0) return
  const hello = payloadOf(frame, VslpPdu.lmpCodec)
  if (hello !== undefined) hearHello(s, link, hello, now, actions)
  else if (s.usable[link] === 1) {
    const pdu = payloadOf(frame, VslpPdu.rrpCodec)
    if (pdu !== undefined) hearRole(s, pdu, now, actions)
  }
  rearm(s, actions)
}

/** The standby has all that it needs to take over without a loss. */
export const onSynchronized = (_s: State, _now: SimTime, _actions: VslpActions): void => {}

/** The timer has run out. */
export const onTimer = (s: State, _timer: TimerId, now: SimTime, actions: VslpActions): void => {
  for (let link = 0; link < s.links; link++) if (s.heardUntil[link] <= now) forget(s, link, now, actions)
  if (s.times[HELLO_AT] <= now) {
    s.times[HELLO_AT] = now + timesOf(s).hello
    for (let link = 0; link < s.links; link++) if (s.up[link] === 1) sendHello(s, link, actions)
  }
  if (s.times[RRP_AT] <= now) sendRole(s, now, actions)
  if (s.times[ALONE_AT] <= now) setRole(s, "active", now, actions)
  rearm(s, actions)
}
