/**
 * The state of dual-active detection on a chassis: plain data, columns by detection port; those of fast hellos and of BFD stand beside each other, and a port
 * has only one of them. Timers are deadlines: NEVER for one that does not run.
 */
import { NEVER, type SimTime } from "@l2lab/sim/SimTime"
import { ROLES, type Role } from "../ChassisPdu.ts"
import { CATALYST_6500, type DetectionTimes, type DualActiveConfig } from "./Settings.ts"

/** A detection time that has run out. */
export const PAST: SimTime = -Infinity

export interface State {
  readonly config: DualActiveConfig
  /** Detection ports. */
  readonly ports: number
  /** Carrier. */
  readonly up: Uint8Array
  readonly sent: Float64Array
  readonly heard: Float64Array
  readonly refused: Float64Array
  /** Index in REFUSALS: the last that was traced. */
  readonly refusal: Uint8Array
  // Fast hello.
  readonly fhState: Uint8Array
  /** The machine says that the port can tell of an active peer. */
  readonly capable: Uint8Array
  readonly heardUntil: Float64Array
  /** What was heard last: the peer's role (index in ROLES), standing (in STANDINGS), whether its VSL is down and whether it hears us; 0 or 1 is `isHeard`. */
  readonly isHeard: Uint8Array
  readonly peerRole: Uint8Array
  readonly peerStanding: Uint8Array
  readonly peerVslDown: Uint8Array
  readonly peerHears: Uint8Array
  /** An index in FAILURES that what is heard deserves, 0 = none; with what the other end said; and until when that is believed. */
  readonly wrong: Uint8Array
  readonly wrongNumber: Float64Array
  readonly wrongAddress: Float64Array
  readonly wrongUntil: Float64Array
  // BFD, by RFC 5880 6.8.1's names.
  readonly sessionState: Uint8Array
  readonly sessionUp: Uint8Array
  readonly localDiscr: Float64Array
  readonly remoteDiscr: Float64Array
  readonly localDiag: Uint8Array
  readonly remoteMinRxInterval: Float64Array
  readonly remoteDesiredMinTx: Float64Array
  readonly remoteDetectMult: Uint8Array
  /** The state that a packet brought that the machine has not taken yet, one above its index in STATES; 0 = none. */
  readonly received: Uint8Array
  /** A poll sequence runs, 0 or 1; a poll is to be answered. */
  readonly polling: Uint8Array
  readonly finalNow: Uint8Array
  readonly transmitAt: Float64Array
  readonly detectAt: Float64Array
  // Of the chassis.
  /** Something is to be said at once, by port. */
  readonly sayNow: Uint8Array
  readonly helloAt: Float64Array
  /** 0 or 1, as VSLP told. */
  vslUp: number
  /** Index in ROLES. */
  role: number
  /** The peer's address, as long as it was known while the VSL was up; 0 = never. */
  peerAddress: number
  /** Index in STANDINGS. */
  standing: number
  /** The active chassis that a PAgP neighbour names, where that is another than this one; 0 = none. */
  pagpOther: number
  /** Index in METHODS; 0 = the chassis knows of no other active one. */
  detected: number
  /** It was told to go to recovery mode, 0 or 1. */
  inRecovery: number
}

/** Columns of instants. */
export const TIMES: ReadonlySet<string> = new Set(["heardUntil", "wrongUntil", "transmitAt", "detectAt", "helloAt"])

/** A chassis that has just been switched on. */
export const make = (config: DualActiveConfig): State => {
  const ports = config.ports.length
  const bits = (): Uint8Array => new Uint8Array(ports)
  const numbers = (): Float64Array => new Float64Array(ports)
  const timers = (): Float64Array => new Float64Array(ports).fill(NEVER)
  return {
    config,
    ports,
    up: bits(),
    sent: numbers(),
    heard: numbers(),
    refused: numbers(),
    refusal: bits(),
    fhState: bits(),
    capable: bits(),
    heardUntil: timers(),
    isHeard: bits(),
    peerRole: bits(),
    peerStanding: bits(),
    peerVslDown: bits(),
    peerHears: bits(),
    wrong: bits(),
    wrongNumber: numbers(),
    wrongAddress: numbers(),
    wrongUntil: timers(),
    sessionState: bits(),
    sessionUp: bits(),
    localDiscr: numbers(),
    remoteDiscr: numbers(),
    localDiag: bits(),
    remoteMinRxInterval: numbers(),
    remoteDesiredMinTx: numbers(),
    remoteDetectMult: bits(),
    received: bits(),
    polling: bits(),
    finalNow: bits(),
    transmitAt: timers(),
    detectAt: timers(),
    sayNow: bits(),
    helloAt: new Float64Array(1).fill(NEVER),
    vslUp: 0,
    role: 0,
    peerAddress: 0,
    standing: 0,
    pagpOther: 0,
    detected: 0,
    inRecovery: 0,
  }
}

/** The times of the chassis' platform. */
export const timesOf = ({ config }: State): DetectionTimes => config.times ?? CATALYST_6500

/** What the chassis is. */
export const roleOf = ({ role }: State): Role => ROLES[role]

/** Whether a port is one of fast hellos; else it is BFD's. */
export const isFastHelloPort = ({ config }: State, i: number): boolean => config.ports[i].by === "fast-hello"
