/** What can be asked of a vPC peer, for `show vpc`, checks and tests. Reading changes nothing. */
import type { MacAddress } from "@l2lab/l2/MacAddress"
import { NO_VLAN } from "@l2lab/l2/VlanTable"
import { FORWARDING } from "@l2lab/l2/BridgeState"
import { NEVER, SECOND, type SimTime } from "@l2lab/sim/SimTime"
import * as Consistency from "./Consistency.ts"
import * as MlagPdu from "./MlagPdu.ts"
import { TREE_ROLES } from "./MlagRecord.ts"
import {
  DEFAULT_AUTO_RECOVERY,
  DEFAULT_DELAY_RESTORE,
  DEFAULT_DELAY_RESTORE_ORPHAN,
  DEFAULT_KEEPALIVE_INTERVAL,
  DEFAULT_KEEPALIVE_TIMEOUT,
  DEFAULT_HOLD_TIMEOUT,
  DEFAULT_PRIORITY,
  HELLO_TIMEOUT,
  systemMacOf,
} from "./Settings.ts"
import * as PeerLoss from "./PeerLoss.ts"
import * as State from "./State.ts"
import * as Trace from "./Trace.ts"

/** Peer status as `show vpc` has it. */
export type PeerStatus =
  | "peer adjacency formed ok"
  | "peer link is down"
  | "vPC peer is not reachable over cfs"
  | "peer-keepalive was never received"
  | "vPC domain mismatch"

/** The role by priority, and the one that is held: `secondary, operational primary`. */
export type RoleText = MlagPdu.Role | "primary, operational secondary" | "secondary, operational primary"

/** `show vpc`, its upper part. */
export interface VpcView {
  readonly domain: number
  readonly peerStatus: PeerStatus
  readonly keepaliveStatus: "peer is alive" | "peer is not reachable through peer-keepalive"
  /** Type 1 of the whole switch; a reason where it failed. */
  readonly consistency: "success" | "failed"
  readonly consistencyReason: string
  readonly type2Consistency: "success" | "failed"
  readonly type2Reason: string
  readonly role: RoleText
  readonly vpcsConfigured: number
  readonly peerSwitch: boolean
  readonly gracefulConsistencyCheck: boolean
  readonly autoRecoverySeconds: number | null
  readonly delayRestoreSeconds: number
  readonly delayRestoreOrphanSeconds: number
  /** Seconds until legs come back; null while none waits. */
  readonly restoresInSeconds: number | null
  readonly peerLink: PeerLinkView
  readonly vpcs: ReadonlyArray<VpcLegView>
}

/** The peer-link. */
export interface PeerLinkView {
  /** Bridge port. */
  readonly port: number
  readonly isUp: boolean
  readonly activeVlans: ReadonlyArray<number>
}

/** One vPC. */
export interface VpcLegView {
  readonly id: number
  /** Bridge port of the own leg. */
  readonly port: number
  /** `down*`: the own leg is down, and frames go over the peer-link. */
  readonly status: "up" | "down" | "down*"
  readonly peerLegUp: boolean
  readonly consistency: "success" | "failed" | "Not Applicable"
  readonly reason: string
  readonly activeVlans: ReadonlyArray<number>
}

/** VLANs whose frames go through a bridge port. */
const activeVlans = ({ bridge }: State.State, port: number): ReadonlyArray<number> => {
  const { ports, relay, vlans } = bridge
  return Array.from(vlans.ids).filter(
    (vlan, i) => vlans.indexOf[vlan] !== NO_VLAN && (relay[i * ports + port] & (FORWARDING | 1)) === (FORWARDING | 1),
  )
}

const legOf = (s: State.State, v: number, compared: ReadonlyArray<Consistency.Compared>): VpcLegView => {
  const { id } = s.config.vpcs[v]
  const up = s.localUp[v] === 1
  const mismatch = compared.find(({ isSame, type, vpc }) => !isSame && type === 1 && (vpc === id || vpc === 0))
  const reason =
    s.adjacent === 0 && s.role === State.SECONDARY
      ? Trace.REASONS[1]
      : mismatch === undefined
        ? ""
        : Consistency.NAMES[mismatch.name][0]
  const isChecked = s.theirs !== null && s.theirs.some(({ vpc }) => vpc === id)
  return {
    id,
    port: s.portOfVpc[v],
    status: up ? "up" : s.adjacent === 1 && s.peerUp[v] === 1 ? "down*" : "down",
    peerLegUp: s.peerUp[v] === 1,
    consistency: reason !== "" ? "failed" : isChecked || s.role === State.PRIMARY ? "success" : "Not Applicable",
    reason: reason !== "" ? reason : isChecked || s.role === State.PRIMARY ? "success" : "Consistency Check Not Performed",
    activeVlans: up ? activeVlans(s, s.portOfVpc[v]) : [],
  }
}

/** The role by priority, had both peers just come up. */
const configured = ({ bridge, peer, rolePriority }: State.State): number =>
  rolePriority !== peer.rolePriority
    ? rolePriority < peer.rolePriority
      ? State.PRIMARY
      : State.SECONDARY
    : bridge.address < peer.system
      ? State.PRIMARY
      : State.SECONDARY

/** The role as `show vpc role` prints it. */
export const roleText = (s: State.State): RoleText => {
  if (s.role === State.NONE) return "none established"
  const byPriority = s.peer.system === 0 ? s.role : configured(s)
  if (byPriority === s.role) return MlagPdu.ROLES[s.role]
  return s.role === State.PRIMARY ? "secondary, operational primary" : "primary, operational secondary"
}

/** Whether a peer without a role will have one: it is about to hear the other on the peer-link, or by auto-recovery. One that hears the other's keepalives alone waits for good. */
const isRoleDue = ({ alive, config, role, times }: State.State, now: SimTime): boolean =>
  role === State.NONE && config.autoRecovery !== false && (alive === 0 || now - times[State.ALIVE_SINCE] < HELLO_TIMEOUT)

/** Whether something is under way: legs wait to be restored, the secondary has yet to hear whether the primary lives, or no role is agreed on. */
export const isForming = (s: State.State, now: SimTime): boolean => {
  const restoreAt = s.times[State.RESTORE_AT]
  return (restoreAt !== NEVER && restoreAt > now) || PeerLoss.isUncertain(s) || isRoleDue(s, now)
}

/** Whether the peer has the role of the primary. */
export const isPrimary = ({ role }: State.State): boolean => role === State.PRIMARY

const peerStatusOf = (s: State.State): PeerStatus => {
  if (s.adjacent === 1) return "peer adjacency formed ok"
  if (s.linkUp === 0) return "peer link is down"
  return s.everAlive === 0 ? "peer-keepalive was never received" : "vPC peer is not reachable over cfs"
}

const reasonOf = (compared: ReadonlyArray<Consistency.Compared>, type: 1 | 2, isGlobal: boolean): string => {
  const found = compared.find((each) => !each.isSame && each.type === type && (!isGlobal || each.vpc === 0))
  return found === undefined ? "" : Consistency.NAMES[found.name][0]
}

/** `show vpc`, and its `brief`. */
export const vpc = (s: State.State, now: SimTime): VpcView => {
  const { config } = s
  const compared = s.adjacent === 1 ? Consistency.compare(s) : []
  const reason = s.adjacent === 1 ? reasonOf(compared, 1, true) : "Consistency Check Not Performed"
  const type2Reason = s.adjacent === 1 ? reasonOf(compared, 2, false) : "Consistency Check Not Performed"
  const restoreAt = s.times[State.RESTORE_AT]
  return {
    domain: config.domain,
    peerStatus: peerStatusOf(s),
    keepaliveStatus: s.alive === 1 ? "peer is alive" : "peer is not reachable through peer-keepalive",
    consistency: reason === "" ? "success" : "failed",
    consistencyReason: reason,
    type2Consistency: type2Reason === "" ? "success" : "failed",
    type2Reason,
    role: roleText(s),
    vpcsConfigured: config.vpcs.length,
    peerSwitch: config.peerSwitch === true,
    gracefulConsistencyCheck: config.gracefulConsistencyCheck !== false,
    autoRecoverySeconds: config.autoRecovery === false ? null : (config.autoRecoveryNs ?? DEFAULT_AUTO_RECOVERY) / SECOND,
    delayRestoreSeconds: (config.delayRestoreNs ?? DEFAULT_DELAY_RESTORE) / SECOND,
    delayRestoreOrphanSeconds: (config.delayRestoreOrphanNs ?? DEFAULT_DELAY_RESTORE_ORPHAN) / SECOND,
    restoresInSeconds: restoreAt === NEVER || restoreAt <= now ? null : (restoreAt - now) / SECOND,
    peerLink: {
      port: config.peerLink,
      isUp: s.linkUp === 1,
      activeVlans: s.adjacent === 1 ? activeVlans(s, config.peerLink) : [],
    },
    vpcs: config.vpcs.map((_, v) => legOf(s, v, compared)),
  }
}

/** `show vpc role`. */
export interface RoleView {
  readonly role: RoleText
  readonly dualActive: boolean
  readonly systemMac: MacAddress
  readonly systemPriority: number
  readonly localMac: MacAddress
  readonly localPriority: number
  /** 0 while the peer was not heard. */
  readonly peerMac: MacAddress
  readonly peerPriority: number
  readonly isSticky: boolean
}

/** `show vpc role`. */
export const role = (s: State.State): RoleView => ({
  role: roleText(s),
  dualActive: PeerLoss.stateOf(s) === "DUAL_ACTIVE",
  systemMac: systemMacOf(s.config),
  systemPriority: s.config.systemPriority ?? DEFAULT_PRIORITY,
  localMac: s.bridge.address,
  localPriority: s.rolePriority,
  peerMac: s.peer.system,
  peerPriority: s.peer.rolePriority,
  isSticky: s.sticky === 1,
})

/** A line of `show vpc consistency-parameters`. */
export interface ParameterView {
  readonly name: string
  readonly type: 1 | 2
  readonly local: string
  /** `-` while the peer does not say. */
  readonly peer: string
  readonly isSame: boolean
}

/** `show vpc consistency-parameters global` (0), or `vpc <id>`. */
export const consistencyParameters = (s: State.State, id: number): ReadonlyArray<ParameterView> =>
  Consistency.compare({ own: s.own.length > 0 ? s.own : Consistency.of(s), theirs: s.theirs })
    .filter((each) => each.vpc === id)
    .map(({ isSame, name, theirs, type, value }) => ({
      name: Consistency.NAMES[name][0],
      type,
      local: value,
      peer: theirs ?? "-",
      isSame,
    }))

/** `show vpc peer-keepalive`. */
export interface KeepaliveView {
  readonly isAlive: boolean
  /** Null while it is not. */
  readonly aliveForSeconds: number | null
  /** Null before the first. */
  readonly secondsSinceHeard: number | null
  readonly sent: number
  readonly heard: number
  /** The link port, or null where it goes over the peer-link. */
  readonly port: number | null
  readonly intervalSeconds: number
  readonly timeoutSeconds: number
  readonly holdTimeoutSeconds: number
}

/** `show vpc peer-keepalive`. */
export const keepalive = (s: State.State, now: SimTime): KeepaliveView => {
  const { config, times } = s
  const since = (at: SimTime): number | null => (at === NEVER ? null : (now - at) / SECOND)
  return {
    isAlive: s.alive === 1,
    aliveForSeconds: s.alive === 1 ? since(times[State.ALIVE_SINCE]) : null,
    secondsSinceHeard: since(times[State.HEARD_AT]),
    sent: s.keepalivesSent,
    heard: s.keepalivesHeard,
    port: config.keepalive === "peer-link" ? null : config.keepalive,
    intervalSeconds: (config.keepaliveIntervalNs ?? DEFAULT_KEEPALIVE_INTERVAL) / SECOND,
    timeoutSeconds: (config.keepaliveTimeoutNs ?? DEFAULT_KEEPALIVE_TIMEOUT) / SECOND,
    holdTimeoutSeconds: (config.holdTimeoutNs ?? DEFAULT_HOLD_TIMEOUT) / SECOND,
  }
}

/**
 * The role of a bridge port in a tree as the primary has it, where that is a vPC of the secondary: to its own spanning tree it is disabled. Undefined for all
 * other ports, and at the primary: there spanning tree itself knows.
 */
export const treeRoleOf = (s: State.State, tree: number, port: number): (typeof TREE_ROLES)[number] | undefined => {
  const v = s.vpcOfPort[port]
  if (v < 0 || s.role !== State.SECONDARY || s.localUp[v] === 0) return undefined
  return TREE_ROLES[s.given[tree * s.localUp.length + v] >> 4]
}

/** Link ports with a link that are neither a vPC's, nor the peer-link's, nor the keepalive's (`show vpc orphan-ports`). */
export const orphanPorts = (s: State.State): ReadonlyArray<number> =>
  Array.from(s.vpcOfLink.keys()).filter(
    (link) => s.vpcOfLink[link] < 0 && !State.isPeerLink(s, link) && link !== s.config.keepalive && s.passedUp[link] === 1,
  )

/** What the peers told each other, and frames that were kept from going round. */
export const counters = (
  s: State.State,
): Readonly<Record<"avoided" | "recordsSent" | "recordsHeard" | "retransmitted" | "refused" | "bpdusRelayed", number>> => ({
  avoided: s.avoided,
  recordsSent: s.recordsSent,
  recordsHeard: s.recordsHeard,
  retransmitted: s.retransmitted,
  refused: s.refused,
  bpdusRelayed: s.bpdusRelayed,
})
