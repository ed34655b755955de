/** What can be asked of dual-active detection on a running chassis. Reading changes nothing. */
import type { MacAddress } from "@l2lab/l2/MacAddress"
import { ROLES, type Role } from "../ChassisPdu.ts"
import { FAILURES, type Failure } from "../vslp/Trace.ts"
import { sessionStateOf } from "./BfdSession.ts"
import { fhStateOf } from "./FastHello.ts"
import type { BfdPort } from "./Settings.ts"
import { isFastHelloPort, timesOf, type State } from "./State.ts"
import * as Trace from "./Trace.ts"

/** One fast-hello port. */
export interface FastHelloView {
  /** The link port. */
  readonly port: number
  /** `down`, `detect`, `capable`, `rejected`. */
  readonly state: string
  readonly isCapable: boolean
  readonly failure: Failure
  /** What the peer said last; null while it is not heard. */
  readonly peer: { readonly role: Role; readonly isVslDown: boolean } | null
  readonly sent: number
  readonly heard: number
  readonly refused: number
}

/** One BFD session. */
export interface SessionView {
  /** The link port. */
  readonly port: number
  readonly local: number
  readonly peer: number
  /** `admin_down`, `down`, `init`, `up`. */
  readonly state: string
  readonly localDiscriminator: number
  readonly remoteDiscriminator: number
  readonly intervalNs: number
  readonly multiplier: number
  readonly sent: number
  readonly heard: number
  readonly refused: number
}

/** All that `show switch virtual dual-active` tells. */
export interface DualActiveView {
  /** Enhanced PAgP is heeded. */
  readonly isPagpOn: boolean
  readonly fastHello: ReadonlyArray<FastHelloView>
  readonly bfd: ReadonlyArray<SessionView>
  /** The active chassis that a PAgP neighbour names, where that is another; null = none does. */
  readonly pagpOther: MacAddress | null
  /** What told of another active chassis since the VSL was lost. */
  readonly detectedBy: Trace.Method
  readonly isInRecovery: boolean
}

/** The whole of it. */
export const view = (s: State): DualActiveView => {
  const fastHello: Array<FastHelloView> = []
  const bfd: Array<SessionView> = []
  s.config.ports.forEach((detection, i) => {
    const counters = { sent: s.sent[i], heard: s.heard[i], refused: s.refused[i] }
    if (isFastHelloPort(s, i)) {
      fastHello.push({
        port: detection.port,
        state: fhStateOf(s, i).toLowerCase(),
        isCapable: s.capable[i] === 1,
        failure: FAILURES[s.wrong[i]],
        peer: s.isHeard[i] === 0 ? null : { role: ROLES[s.peerRole[i]], isVslDown: s.peerVslDown[i] === 1 },
        ...counters,
      })
    } else {
      const { local, peer } = detection as BfdPort
      bfd.push({
        port: detection.port,
        local,
        peer,
        state: sessionStateOf(s, i).toLowerCase(),
        localDiscriminator: s.localDiscr[i],
        remoteDiscriminator: s.remoteDiscr[i],
        intervalNs: timesOf(s).bfd,
        multiplier: timesOf(s).bfdMultiplier,
        ...counters,
      })
    }
  })
  return {
    isPagpOn: s.config.pagp !== false,
    fastHello,
    bfd,
    pagpOther: s.pagpOther === 0 ? null : s.pagpOther,
    detectedBy: Trace.METHODS[s.detected],
    isInRecovery: s.inRecovery === 1,
  }
}
