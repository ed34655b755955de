/** The state of VSLP on a chassis: plain data, columns by VSL link. */
import { NEVER, type SimTime } from "@l2lab/sim/SimTime"
import { CATALYST_6500, DEFAULT_PRIORITY, type VslpConfig, type VslpTimes } from "./Settings.ts"
import { ROLES, type Role } from "./VslpPdu.ts"

export interface State {
  readonly config: VslpConfig
  readonly links: number
  readonly priority: number
  // By VSL link.
  /** Carrier. */
  readonly up: Uint8Array
  readonly usable: Uint8Array
  /** Who was heard last: its switch number (0 = nobody), address, VSL link. */
  readonly heardNumber: Uint8Array
  readonly heardAddress: Float64Array
  readonly heardLink: Uint8Array
  readonly heardUntil: Float64Array
  // Of the chassis; one of each.
  readonly times: Float64Array
  /** Index in ROLES; of itself and of its peer. */
  role: number
  peerRole: number
  peerPriority: number
  /** Whether the peer has said what it is since it was last lost, 0 or 1. */
  peerKnown: number
}

/** Places in `times`. */
export const HELLO_AT = 0
export const RRP_AT = 1
export const ALONE_AT = 2
const INSTANTS = 3

/** Columns of instants. */
export const TIMES: ReadonlySet<string> = new Set(["heardUntil", "times"])

/** A chassis that has just been switched on. */
export const make = (config: VslpConfig): State => {
  const links = config.links.length
  return {
    config,
    links,
    priority: config.priority ?? DEFAULT_PRIORITY,
    up: new Uint8Array(links),
    usable: new Uint8Array(links),
    heardNumber: new Uint8Array(links),
    heardAddress: new Float64Array(links),
    heardLink: new Uint8Array(links),
    heardUntil: new Float64Array(links).fill(NEVER),
    times: new Float64Array(INSTANTS).fill(NEVER),
    role: 0,
    peerRole: 0,
    peerPriority: 0,
    peerKnown: 0,
  }
}

/** The times of the chassis' platform. */
export const timesOf = ({ config }: State): VslpTimes => config.times ?? CATALYST_6500

/** What the chassis is, and what it knows of its peer: `init` if it knows of none. */
export const roleOf = (s: State): Role => ROLES[s.role]
export const peerRoleOf = (s: State): Role => ROLES[s.peerRole]

/** Whether any link may be used. */
export const hasUsable = ({ usable }: State): boolean => usable.includes(1)

/** When the next thing is to do. */
export const nextAt = (s: State): SimTime => {
  let next = NEVER
  for (const at of s.times) next = Math.min(next, at)
  for (const at of s.heardUntil) next = Math.min(next, at)
  return next
}
