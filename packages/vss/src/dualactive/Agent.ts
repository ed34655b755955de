/** What dual-active detection does when something happens: runs its machines, draws its conclusion, speaks, and sets its timer. */
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import { advance, begin as enter } from "@l2lab/l2/Machine"
import { NEVER, type SimTime } from "@l2lab/sim/SimTime"
import { Result } from "effect"
import * as ChassisPdu from "../ChassisPdu.ts"
import { FAILURES, REFUSALS, type Failure } from "../vslp/Trace.ts"
import type { DualActiveActions } from "./Actions.ts"
import * as BfdPdu from "./BfdPdu.ts"
import { BFD, desiredMinTx, requiredMinRx, schedule, sessionStateOf } from "./BfdSession.ts"
import { FH, fhStateOf } from "./FastHello.ts"
import * as FastHelloPdu from "./FastHelloPdu.ts"
import type { BfdPort } from "./Settings.ts"
import { isFastHelloPort, PAST, roleOf, timesOf, type State } from "./State.ts"
import * as Trace from "./Trace.ts"

/** The one timer, which runs until the next thing to do. */
const TIMER = 0

const ACTIVE = ChassisPdu.ROLES.indexOf("active")
const STATE_OF_WORD: Readonly<Record<string, BfdPdu.SessionState>> = {
  ADMIN_DOWN: "AdminDown",
  DOWN: "Down",
  INIT: "Init",
  UP: "Up",
}

const sayHello = (s: State, i: number, actions: DualActiveActions): void => {
  const { address, domain, switchNumber } = s.config
  s.sent[i]++
  actions.send(
    i,
    FastHelloPdu.frame({
      protocol: "fast-hello",
      domain,
      switchNumber,
      address,
      role: roleOf(s),
      isVslDown: s.vslUp === 0,
      hears: s.isHeard[i] === 1,
      standing: FastHelloPdu.STANDINGS[s.standing],
    }),
  )
}

const sayBfd = (s: State, i: number, final: boolean, actions: DualActiveActions): void => {
  const { address, local, peer } = s.config.ports[i] as BfdPort
  const packet: BfdPdu.BfdPacket = {
    protocol: "bfd",
    diagnostic: s.localDiag[i],
    state: STATE_OF_WORD[sessionStateOf(s, i)],
    poll: !final && s.polling[i] === 1,
    final,
    detectMult: timesOf(s).bfdMultiplier,
    myDiscriminator: s.localDiscr[i],
    yourDiscriminator: s.remoteDiscr[i],
    desiredMinTx: desiredMinTx(s, i),
    requiredMinRx: requiredMinRx(s),
  }
  s.sent[i]++
  actions.send(i, BfdPdu.frame(packet, address, local, peer))
}

/** Say what is to be said at once. */
const speak = (s: State, actions: DualActiveActions): void => {
  for (let i = 0; i < s.ports; i++) {
    if (isFastHelloPort(s, i)) {
      if (s.sayNow[i] === 1) sayHello(s, i, actions)
    } else {
      if (s.finalNow[i] === 1) sayBfd(s, i, true, actions)
      else if (s.sayNow[i] === 1) sayBfd(s, i, false, actions)
      s.finalNow[i] = 0
    }
    s.sayNow[i] = 0
  }
}

/** Whether what a fast-hello port hears says that the peer is active too. */
const hearsActive = (s: State, i: number): boolean =>
  isFastHelloPort(s, i) && s.isHeard[i] === 1 && s.peerVslDown[i] === 1 && s.peerRole[i] === ACTIVE

/**
 * What says that another chassis is active; `none` if nothing does. What PAgP neighbours say is heeded by who was active before: they go on naming who has
 * gone for as long as nobody tells them otherwise.
 */
const methodOf = (s: State): Trace.Method => {
  for (let i = 0; i < s.ports; i++) {
    if (hearsActive(s, i)) return "fast hello"
    if (s.sessionUp[i] === 1) return "BFD"
  }
  return s.pagpOther !== 0 && FastHelloPdu.STANDINGS[s.standing] === "old active" ? "PAgP" : "none"
}

/** Whether it is this chassis that makes way: who stands behind the other; of two that booted alone, as fast hellos tell, the second. */
const yields = (s: State): boolean => {
  for (let i = 0; i < s.ports; i++) {
    if (!hearsActive(s, i)) continue
    return s.standing === s.peerStanding[i] ? s.config.switchNumber === 2 : s.standing < s.peerStanding[i]
  }
  return FastHelloPdu.STANDINGS[s.standing] === "old active"
}

const conclude = (s: State, actions: DualActiveActions): void => {
  if (s.inRecovery === 1 || s.vslUp === 1 || s.role !== ACTIVE) return
  const by = Trace.METHODS.indexOf(methodOf(s))
  if (by === 0) return
  const makesWay = yields(s)
  if (s.detected === 0) actions.trace(Trace.DETECTED.code, by, makesWay ? 1 : 0, 0, 0)
  s.detected = by
  if (!makesWay) return
  s.inRecovery = 1
  actions.trace(Trace.RECOVERY.code, by, 0, 0, 0)
  actions.recovery(true)
}

const nextAt = (s: State): SimTime => {
  let next = s.helloAt[0]
  for (const column of [s.heardUntil, s.wrongUntil, s.transmitAt, s.detectAt]) {
    for (const at of column) if (at !== PAST && at < next) next = at
  }
  return next
}

/** Let the machines come to rest, and do what follows. */
export const settle = (s: State, now: SimTime, actions: DualActiveActions): void => {
  for (let i = 0; i < s.ports; i++) {
    if (isFastHelloPort(s, i)) advance(FH, s.fhState, i, s, i, now, actions)
    else advance(BFD, s.sessionState, i, s, i, now, actions)
    s.received[i] = 0
  }
  conclude(s, actions)
  speak(s, actions)
  const next = nextAt(s)
  if (next === NEVER) actions.stopTimer(TIMER)
  else actions.startTimer(TIMER, next)
}

const intervalOf = (s: State): SimTime => (s.vslUp === 1 ? timesOf(s).fastHello : timesOf(s).fastHelloWithoutVsl)

/** BEGIN of all machines. */
export const begin = (s: State, now: SimTime, actions: DualActiveActions): void => {
  let hasFastHello = false
  for (let i = 0; i < s.ports; i++) {
    if (isFastHelloPort(s, i)) {
      hasFastHello = true
      enter(FH, s.fhState, i, s, i, now, actions)
    } else enter(BFD, s.sessionState, i, s, i, now, actions)
  }
  if (hasFastHello) s.helloAt[0] = now + timesOf(s).fastHello
  settle(s, now, actions)
}

/** The timer has run out. */
export const proceed = (s: State, now: SimTime, actions: DualActiveActions): void => {
  const isHelloDue = s.helloAt[0] <= now
  if (isHelloDue) s.helloAt[0] = now + intervalOf(s)
  for (let i = 0; i < s.ports; i++) {
    if (isHelloDue && isFastHelloPort(s, i) && fhStateOf(s, i) !== "DOWN") s.sayNow[i] = 1
    if (s.heardUntil[i] <= now) {
      s.isHeard[i] = s.peerHears[i] = 0
      s.heardUntil[i] = NEVER
    }
    if (s.wrongUntil[i] <= now) {
      s.wrong[i] = 0
      s.wrongUntil[i] = NEVER
    }
    if (s.detectAt[i] <= now) s.detectAt[i] = PAST
    if (s.transmitAt[i] <= now) {
      s.sayNow[i] = 1
      schedule(s, i, now, actions)
    }
  }
  settle(s, now, actions)
}

/** What VSLP says of the VSL, of this chassis and of the peer. */
export const setPair = (
  s: State,
  vslUp: boolean,
  role: ChassisPdu.Role,
  peerAddress: number,
  now: SimTime,
  actions: DualActiveActions,
): void => {
  const [wasUp, was] = [s.vslUp, roleOf(s)]
  s.vslUp = vslUp ? 1 : 0
  s.role = ChassisPdu.ROLES.indexOf(role)
  if (vslUp && peerAddress !== 0) s.peerAddress = peerAddress
  if (wasUp === s.vslUp && was === role) return
  if (vslUp) s.standing = s.detected = s.pagpOther = 0
  else if (wasUp === 1) s.standing = FastHelloPdu.STANDINGS.indexOf(was === "active" ? "old active" : "alone")
  if (!vslUp && was === "standby" && role === "active") s.standing = FastHelloPdu.STANDINGS.indexOf("took over")
  for (let i = 0; i < s.ports; i++) if (isFastHelloPort(s, i) && fhStateOf(s, i) !== "DOWN") s.sayNow[i] = 1
  if (s.helloAt[0] !== NEVER) s.helloAt[0] = now + intervalOf(s)
  settle(s, now, actions)
}

const refuse = (s: State, i: number, reason: string, actions: DualActiveActions): void => {
  s.refused[i]++
  const why = (REFUSALS as ReadonlyArray<string>).indexOf(reason)
  if (s.refusal[i] === why) return
  s.refusal[i] = why
  actions.trace(Trace.REFUSED.code, s.config.ports[i].port, why, 0, 0)
}

const wrongOf = (s: State, hello: FastHelloPdu.FastHello): Failure | undefined => {
  const { address, domain, switchNumber } = s.config
  if (hello.address === address) return "looped back"
  if (hello.domain !== domain) return "domain mismatch"
  if (hello.switchNumber === switchNumber) return "switch number conflict"
  return s.peerAddress !== 0 && hello.address !== s.peerAddress ? "another chassis than on the other links" : undefined
}

const hearHello = (s: State, i: number, hello: FastHelloPdu.FastHello, now: SimTime, actions: DualActiveActions): void => {
  s.heard[i]++
  const why = wrongOf(s, hello)
  if (why !== undefined) {
    s.wrong[i] = FAILURES.indexOf(why)
    s.wrongNumber[i] = why === "domain mismatch" ? hello.domain : hello.switchNumber
    s.wrongAddress[i] = hello.address
    s.wrongUntil[i] = now + timesOf(s).fastHelloDead
  } else if (s.wrong[i] === 0) {
    if (s.isHeard[i] === 0) s.sayNow[i] = 1
    s.isHeard[i] = 1
    s.heardUntil[i] = now + timesOf(s).fastHelloDead
    s.peerRole[i] = ChassisPdu.ROLES.indexOf(hello.role)
    s.peerStanding[i] = FastHelloPdu.STANDINGS.indexOf(hello.standing)
    s.peerVslDown[i] = hello.isVslDown ? 1 : 0
    s.peerHears[i] = hello.hears ? 1 : 0
  }
  settle(s, now, actions)
}

/** RFC 5880 6.8.6, from where the session is known. */
const hearBfd = (s: State, i: number, packet: BfdPdu.BfdPacket, now: SimTime, actions: DualActiveActions): void => {
  if (packet.yourDiscriminator !== 0 && packet.yourDiscriminator !== s.localDiscr[i]) return refuse(s, i, "NotPeer", actions)
  s.heard[i]++
  const state = sessionStateOf(s, i)
  // "If bfd.SessionState is AdminDown, discard the packet."
  if (state === "ADMIN_DOWN") return
  s.remoteDiscr[i] = packet.myDiscriminator
  s.remoteMinRxInterval[i] = packet.requiredMinRx
  s.remoteDesiredMinTx[i] = packet.desiredMinTx
  s.remoteDetectMult[i] = packet.detectMult
  if (packet.final) s.polling[i] = 0
  if (packet.poll) s.finalNow[i] = 1
  s.received[i] = BfdPdu.STATES.indexOf(packet.state) + 1
  // 6.8.4; a session that is down waits for nobody.
  s.detectAt[i] = now + packet.detectMult * Math.max(requiredMinRx(s), packet.desiredMinTx)
  settle(s, now, actions)
}

/** A frame came in on a detection port. */
export const receive = (s: State, i: number, frame: EthernetFrame, now: SimTime, actions: DualActiveActions): void => {
  if (s.up[i] === 0) return
  if (isFastHelloPort(s, i)) {
    if (!FastHelloPdu.isFastHello(frame)) return refuse(s, i, "UnknownType", actions)
    const hello = ChassisPdu.read(frame, FastHelloPdu.codec)
    if (Result.isFailure(hello)) refuse(s, i, hello.failure.reason, actions)
    else hearHello(s, i, hello.success, now, actions)
    return
  }
  const { local, peer } = s.config.ports[i] as BfdPort
  const packet = BfdPdu.read(frame, local, peer)
  if (packet === undefined) refuse(s, i, "NotPeer", actions)
  else hearBfd(s, i, packet, now, actions)
}
