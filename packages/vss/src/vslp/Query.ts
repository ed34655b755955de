/** What can be asked of VSLP on a running chassis. Reading changes nothing. */
import type { MacAddress } from "@l2lab/l2/MacAddress"
import { NEVER, SECOND, type SimTime } from "@l2lab/sim/SimTime"
import { lmpStateOf } from "./LinkManagement.ts"
import { peerRoleOf, peerStandbyOf, roleOf, rrpStateOf, standbyOf } from "./RoleResolution.ts"
import { modeOf, PAST, timesOf, type State } from "./State.ts"
import * as Trace from "./Trace.ts"
import type { RedundancyMode, Role, StandbyState } from "./VslpPdu.ts"

/** One chassis of the two. */
export interface ChassisView {
  readonly switchNumber: number
  readonly address: MacAddress
  readonly role: Role
  readonly standby: StandbyState
  readonly priority: number
  readonly preempts: boolean
  readonly version: string
}

/** One VSL link. */
export interface LinkView {
  readonly vslLink: number
  /** The link port. */
  readonly port: number
  /** What LMP is at: `operational`, `down`, `rejected`, ... */
  readonly state: string
  readonly isUsable: boolean
  readonly isControlLink: boolean
  /** Why it is not used; `none` for one that is, or that has not failed yet. */
  readonly failure: Trace.Failure
  /** Who is heard; null = nobody. */
  readonly peer: { readonly switchNumber: number; readonly address: MacAddress; readonly vslLink: number } | null
  /** Until the next hello goes (T4), and until the peer is given up (T5); null where that does not run. */
  readonly helloInSeconds: number | null
  readonly deadInSeconds: number | null
  readonly hellosSent: number
  readonly hellosHeard: number
  readonly rolesSent: number
  readonly rolesHeard: number
  readonly refused: number
  readonly foreign: number
}

/** All that `show switch virtual` and its kin tell. */
export interface VslpView {
  readonly domain: number
  /** What RRP is at: `active`, `standby-hot`, `bring-up`, ... */
  readonly state: string
  readonly local: ChassisView
  /** Null while the peer has said nothing. */
  readonly peer: ChassisView | null
  /** How the standby of the two stands by, and what it stands in RPR for. */
  readonly mode: RedundancyMode
  readonly mismatch: (typeof Trace.MISMATCHES)[number]
  readonly isInRecovery: boolean
  readonly isVslUp: boolean
  /** Until this chassis, a hot standby, asks for the active role; null where it does not. */
  readonly preemptsInSeconds: number | null
  readonly helloSeconds: number
  readonly deadSeconds: number
  readonly links: ReadonlyArray<LinkView>
}

const secondsTo = (at: SimTime, now: SimTime): number | null => (at === NEVER || at === PAST ? null : (at - now) / SECOND)

const linkOf = (s: State, link: number, now: SimTime): LinkView => {
  const state = lmpStateOf(s, link)
  return {
    vslLink: link,
    port: s.config.links[link],
    state: state.toLowerCase(),
    isUsable: s.usable[link] === 1,
    isControlLink: s.controlLink === link,
    failure: Trace.FAILURES[s.failure[link]],
    peer:
      s.heardNumber[link] === 0
        ? null
        : { switchNumber: s.heardNumber[link], address: s.heardAddress[link], vslLink: s.heardLink[link] },
    helloInSeconds: state === "DOWN" ? null : secondsTo(s.helloAt[0], now),
    deadInSeconds: secondsTo(s.heardUntil[link], now),
    hellosSent: s.hellosSent[link],
    hellosHeard: s.hellosHeard[link],
    rolesSent: s.rolesSent[link],
    rolesHeard: s.rolesHeard[link],
    refused: s.refused[link],
    foreign: s.foreign[link],
  }
}

/** The whole of it at one instant. */
export const view = (s: State, now: SimTime): VslpView => {
  const { address, domain, links, preemptDelay, switchNumber, version = "" } = s.config
  const { peer } = s
  const times = timesOf(s)
  return {
    domain,
    state: rrpStateOf(s).toLowerCase().replace("_", "-"),
    local: {
      switchNumber,
      address,
      role: roleOf(s),
      standby: standbyOf(s),
      priority: s.priority,
      preempts: preemptDelay !== undefined,
      version,
    },
    peer:
      peer.known === 0
        ? null
        : {
            switchNumber: peer.switchNumber,
            address: peer.address,
            role: peerRoleOf(s),
            standby: peerStandbyOf(s),
            priority: peer.priority,
            preempts: peer.preempts === 1,
            version: peer.version,
          },
    mode: modeOf(s),
    mismatch: Trace.MISMATCHES[s.mismatch],
    isInRecovery: roleOf(s) === "recovery",
    isVslUp: s.joined === 1,
    preemptsInSeconds: secondsTo(s.preemptWhile[0], now),
    helloSeconds: times.hello / SECOND,
    deadSeconds: times.dead / SECOND,
    links: links.map((_, link) => linkOf(s, link, now)),
  }
}
