/**
 * 802.1Q-2005 13.21 to 13.25: timers and variables of a bridge that runs multiple spanning trees, by the standard's names, each with its
 * clause (as mstpd's mstp.h cites them; a dagger marks what is recalled). What clause 13 takes over from 802.1D has that clause.
 *
 * Plain data in columns. Per-bridge variables stand by tree: tree 0 is the CIST, the others are MSTIs in the order of their MSTIDs. Variables of
 * a port in a tree stand at `tree * ports + port`, those of a port alone at `port`, which is its position in the CIST.
 * Booleans are 0 and 1. Timers count whole seconds down to 0, as the standard's do; the times that BPDUs carry are in ticks of 1/256 s.
 */
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import type { MacAddress } from "@l2lab/l2/MacAddress"
import type { ConfigurationId } from "../MstBpdu.ts"
import * as PathCost from "../PathCost.ts"
import type * as PriorityVectors from "./PriorityVectors.ts"

/** Port roles (13.12). */
export const DISABLED_PORT = 0
export const ROOT_PORT = 1
export const DESIGNATED_PORT = 2
export const ALTERNATE_PORT = 3
export const BACKUP_PORT = 4
/** Of an MSTI: the port that leads the region to the CIST root. */
export const MASTER_PORT = 5

/** Values of `infoIs`: whose information the port holds. */
export const INFO_DISABLED = 0
export const INFO_RECEIVED = 1
export const INFO_MINE = 2
export const INFO_AGED = 3

/** Values of `rcvdInfo`: what a message is to the port that received it (13.26.6). */
export const SUPERIOR_DESIGNATED_INFO = 0
export const REPEATED_DESIGNATED_INFO = 1
export const INFERIOR_DESIGNATED_INFO = 2
export const INFERIOR_ROOT_ALTERNATE_INFO = 3
export const OTHER_INFO = 4

/** Kinds of the BPDU that a port last received. */
export const MSG_CONFIG = 0
export const MSG_TCN = 1
export const MSG_RST = 2
export const MSG_MST = 3

/** What the port's MAC is told of its other end (6.4.3). */
export const POINT_TO_POINT_AUTO = 0
export const POINT_TO_POINT_FORCE_TRUE = 1
export const POINT_TO_POINT_FORCE_FALSE = 2

/** The tree that is the CIST. */
export const CIST = 0

/** Machines of a port, in the order in which they are run: the position of their states in `machineState`. */
export const MACHINES = 10

/** No bridge port: the bridge is the root. */
export const NO_PORT = -1

/** Stands where management set no cost: it follows from the link's rate. */
export const COST_BY_RATE = 0

/** Message Age, Max Age, Hello Time and Forward Delay in ticks of 1/256 s (of the CIST), and remainingHops (of every tree). */
export interface Times {
  readonly messageAge: Int32Array
  readonly maxAge: Int32Array
  readonly helloTime: Int32Array
  readonly forwardDelay: Int32Array
  readonly remainingHops: Uint8Array
}

/** What management gave an MSTI, kept by MSTID: a bridge takes it along into another region. */
export interface InstanceSettings {
  priority: number
  readonly cost: Float64Array
  readonly portPriority: Uint8Array
}

export interface State {
  /** Room for trees; those in use are the CIST and `instances` MSTIs. */
  readonly trees: number
  /** Bridge ports of the bridge. */
  readonly ports: number
  readonly address: MacAddress
  readonly pathCostMethod: PathCost.PathCostMethod
  /** 13.22 e): 3, or 2 or 0 to behave as bridges of 802.1D-2004 or 1998 do. */
  readonly forceProtocolVersion: 0 | 2 | 3
  /** 13.22 h), in seconds. */
  readonly migrateTime: number
  /** 13.22 g). */
  readonly txHoldCount: number
  /** 13.22 o). */
  readonly maxHops: number

  /** 13.24 b): the MST Configuration Identifier. Replaced whole. */
  configurationId: ConfigurationId
  /** Number of MSTIs. */
  instances: number
  /** MSTID by tree; 0 in trees that are not in use, and of the CIST. */
  readonly mstid: Uint16Array
  /** The tree of each VLAN id (4,096 entries): 0 where it is the CIST's. */
  readonly treeOfVlan: Uint8Array
  /** By MSTID; what the CIST has is in the columns. */
  readonly settings: Record<string, InstanceSettings>

  // 13.23 Per-bridge variables, by tree.
  /** 13.23 c)†: the priority part of BridgeIdentifier, in an MSTI with the MSTID in its low 12 bits. */
  readonly bridgePriority: Uint16Array
  /** 13.23.4. */
  readonly bridgeTimes: Times
  /** 13.23 f)†: the port that offers the best path to the (regional) root, by its index; NO_PORT at the root. */
  readonly rootPort: Int32Array
  /** 13.23 g)†: the bridge's root priority vector; its designated bridge is the one that the root port heard. */
  readonly rootPriority: PriorityVectors.PriorityVectors
  /** 13.23.7†: the times in use. */
  readonly rootTimes: Times

  // 13.21 State machine timers, in seconds, by port.
  /** 13.21 a): until a received BPDU may change the version that the port speaks. */
  readonly mdelayWhile: Uint16Array
  /** 13.21 b): until the next periodic BPDU. */
  readonly helloWhen: Uint16Array
  /** 13.21 c): silence after which the port counts as an edge. */
  readonly edgeDelayWhile: Uint16Array
  // And by (tree, port).
  /** 13.21 d): until the port may go on to the next state without anyone's word. */
  readonly fdWhile: Uint16Array
  /** 13.21 e): runs while the port is, or just was, the Root Port. */
  readonly rrWhile: Uint16Array
  /** 13.21 f): runs while the port is, or just was, a Backup Port. */
  readonly rbWhile: Uint16Array
  /** 13.21 g): runs while the port tells of a topology change. */
  readonly tcWhile: Uint16Array
  /** 13.21 h): until received information is aged out. */
  readonly rcvdInfoWhile: Uint16Array

  // 13.24 Per-port variables, by port.
  /** 13.24 c): BPDUs sent within the last seconds, one less each second. */
  readonly txCount: Uint16Array
  /** 13.24 e): no bridge is behind the port. */
  readonly operEdge: Uint8Array
  /** 13.24 f). */
  readonly portEnabled: Uint8Array
  /** 13.24.1: what the port holds of the CIST came from a bridge of the region. */
  readonly infoInternal: Uint8Array
  /** 13.24.2†: management's wish to try RST BPDUs again. */
  readonly mcheck: Uint8Array
  /** 13.24.3†: a BPDU is to be sent for the CIST. */
  readonly newInfo: Uint8Array
  /** 13.24.4†: or for an MSTI. */
  readonly newInfoMsti: Uint8Array
  /** 13.24 j)†. */
  readonly rcvdBPDU: Uint8Array
  /** 13.24.9†: the last BPDU came from a bridge of the region. */
  readonly rcvdInternal: Uint8Array
  /** 13.24 k)†. */
  readonly rcvdRSTP: Uint8Array
  /** 13.24 l)†. */
  readonly rcvdSTP: Uint8Array
  /** 13.24 m)†. */
  readonly rcvdTcAck: Uint8Array
  /** 13.24 n)†. */
  readonly rcvdTcn: Uint8Array
  /** 13.24 h), i). */
  readonly restrictedRole: Uint8Array
  readonly restrictedTcn: Uint8Array
  /** 13.24 q)†: MST (or RST) BPDUs on this port, not those of 802.1D-1998. */
  readonly sendRSTP: Uint8Array
  /** 13.24 r)†: acknowledge a notification in the next Configuration BPDU. */
  readonly tcAck: Uint8Array
  /** 13.22 p): ExternalPortPathCost. */
  readonly externalPortPathCost: Float64Array
  // And by (tree, port).
  /** 13.24 s)†: the port's neighbour may be told, or was, that this bridge agrees. */
  readonly agree: Uint8Array
  /** 13.24 t)†: the neighbour has told that it agrees. */
  readonly agreed: Uint8Array
  /** 13.24 al)†. */
  readonly designatedPriority: PriorityVectors.PriorityVectors
  /** 13.24 am)†. */
  readonly designatedTimes: Times
  /** 13.24 u)†: another bridge on the LAN behaves as designated with worse information, and learns. */
  readonly disputed: Uint8Array
  /** 13.24 v)†: entries learnt on the port are to be forgotten. Set and reset within one step here. */
  readonly fdbFlush: Uint8Array
  /** 13.24 w)†, x)†: the port shall forward; it does. */
  readonly forward: Uint8Array
  readonly forwarding: Uint8Array
  /** 13.24 y)†: INFO_DISABLED .. INFO_AGED. */
  readonly infoIs: Uint8Array
  /** 13.24 z)†, aa)†: the port shall learn; it does. */
  readonly learn: Uint8Array
  readonly learning: Uint8Array
  /** 13.24.6†, of an MSTI: the neighbour's region reaches the CIST root through its Master Port. */
  readonly mastered: Uint8Array
  /** 13.24 an)†, and beside it what else the message said. */
  readonly msgPriority: PriorityVectors.PriorityVectors
  /** 13.24 ao)†. */
  readonly msgTimes: Times
  /** Index in `Bpdu.RST_ROLES`, where 0 is an MSTI's Master Port; a Configuration BPDU is a designated port's. */
  readonly msgRole: Uint8Array
  readonly msgProposal: Uint8Array
  readonly msgLearning: Uint8Array
  readonly msgAgreement: Uint8Array
  readonly msgTopologyChange: Uint8Array
  readonly msgMaster: Uint8Array
  /** Whether the last BPDU had a message for the tree. */
  readonly msgPresent: Uint8Array
  /** By port: kind of the last BPDU, its acknowledgment, and whether its MST Configuration Identifier is the bridge's. */
  readonly msgKind: Uint8Array
  readonly msgTopologyChangeAck: Uint8Array
  readonly msgSameRegion: Uint8Array
  /** 13.24 ap)†. */
  readonly portId: Uint16Array
  /** 13.22 q): InternalPortPathCost. */
  readonly internalPortPathCost: Float64Array
  /** 13.24 aq)†: what the port holds of the tree. */
  readonly portPriority: PriorityVectors.PriorityVectors
  /** 13.24 ar)†. */
  readonly portTimes: Times
  /** 13.24 ab)†: the designated bridge proposes to forward at once. */
  readonly proposed: Uint8Array
  /** 13.24 ac)†: this bridge does. */
  readonly proposing: Uint8Array
  /** 13.24 ad)†: SUPERIOR_DESIGNATED_INFO .. OTHER_INFO. */
  readonly rcvdInfo: Uint8Array
  /** 13.24 ae)†. */
  readonly rcvdMsg: Uint8Array
  /** 13.24 af)†. */
  readonly rcvdTc: Uint8Array
  /** 13.24 ag)†: a new root port waits for recent ones to stop forwarding. */
  readonly reRoot: Uint8Array
  /** 13.24 ah)†: the roles are to be computed anew. */
  readonly reselect: Uint8Array
  /** 13.24 ai)†: DISABLED_PORT .. MASTER_PORT. */
  readonly role: Uint8Array
  /** 13.24 aj)†: the selected role is current. */
  readonly selected: Uint8Array
  /** 13.24 ak)†. */
  readonly selectedRole: Uint8Array
  /** 13.24 as)†: the port shall agree with the root port's information, or discard. */
  readonly sync: Uint8Array
  /** 13.24 at)†: it does. */
  readonly synced: Uint8Array
  /** 13.24 au)†: pass a topology change on. */
  readonly tcProp: Uint8Array
  /** 13.24 av)†: portPriority is to be taken from designatedPriority. */
  readonly updtInfo: Uint8Array

  /** Present states of the machines at `machine * trees * ports + tree * ports + port`. */
  readonly machineState: Uint8Array
  /** 13.21†: a second has passed. 0 between steps. */
  readonly tick: Uint8Array
  /** Whether the engine must look at a port in a tree before the step is over. 0 between steps. */
  readonly dirty: Uint8Array
  /** By tree: whether any port, or the roles, are to be looked at; by port: whether Port Transmit is. 0 between steps. */
  readonly woken: Uint8Array
  readonly touched: Uint8Array
  /** PVST simulation (no standard): whether the bridge does it; the VLANs of its trunks, and by (VLAN, port) the tag of their SSTP frames. */
  readonly pvstSimulation: 0 | 1
  readonly sstpVlans: Uint16Array
  readonly sstpTag: Int32Array
  /** By port: PVST+ bridges were heard since the link came up (or management asked anew). */
  readonly sstpHeard: Uint8Array
  /** By port: seconds until a claim that did not fit is forgotten. */
  readonly inconsistentWhile: Uint16Array
  /** By (tree, port): bits of `Inconsistency`. */
  readonly inconsistent: Uint8Array
  /** By port: the role that a port to another region has for the MSTIs to follow, plus 1; 0 of other ports. */
  readonly boundaryRole: Uint8Array
  /** By tree: ports that are Master Ports or mastered; where there are none, `master` needs no search. */
  readonly masters: Uint16Array

  // What the standard leaves to the implementation, or to management.
  /** By port: 13.22 k), m), 6.4.3 and what follows from it. */
  readonly adminEdge: Uint8Array
  readonly autoEdge: Uint8Array
  readonly adminPointToPointMAC: Uint8Array
  readonly operPointToPointMAC: Uint8Array
  /** By port: the number part of the port identifier. */
  readonly portNo: Uint16Array
  /** By port: enabled by management; the link is up; its rate when it last came up. */
  readonly enabled: Uint8Array
  readonly up: Uint8Array
  readonly rateBps: Float64Array
  readonly configuredExternalCost: Float64Array
  /** By (tree, port): priority part of the port identifier; an internal cost set by management. */
  readonly priority: Uint8Array
  readonly configuredCost: Float64Array
  /** Seconds for which entries age rapidly, in STP compatibility mode (802.1D-2004 17.19.1). */
  readonly rapidAgeingWhile: Uint16Array
  /** By tree: the instant at which a role, a state or a port's vector last changed. */
  readonly lastChangeAt: Float64Array
  /** By tree: topology changes, when and where the last one was (NEVER, NO_PORT: none yet). */
  readonly topologyChangeCount: Float64Array
  readonly lastTopologyChangeAt: Float64Array
  readonly lastTopologyChangePort: Int32Array

  // Counters, by port.
  readonly mstSent: Float64Array
  readonly mstReceived: Float64Array
  readonly rstReceived: Float64Array
  readonly configSent: Float64Array
  readonly configReceived: Float64Array
  readonly tcnSent: Float64Array
  readonly tcnReceived: Float64Array
  /** By port * Discard.REASONS.length + reason: BPDUs that were not taken. */
  readonly discarded: Float64Array
  readonly sstpSent: Float64Array
  readonly sstpReceived: Float64Array
  /** By (tree, port): times that what was learnt on the port was forgotten for a topology change. */
  readonly flushes: Float64Array

  // Caches: the last frames sent, reused while nothing in them changes. No part of fingerprints.
  readonly frame: Array<EthernetFrame | null>
  readonly tcnFrame: Array<EthernetFrame | null>
  /** By (VLAN, port): the frame that was said again last, and in which. */
  readonly sstpSaid: Array<EthernetFrame | null>
  readonly sstpFrame: Array<EthernetFrame | null>
}

/** Assign the times at `j` of one set to `i` of another. */
export const assignTimes = (to: Times, i: number, from: Times, j: number): void => {
  to.messageAge[i] = from.messageAge[j]
  to.maxAge[i] = from.maxAge[j]
  to.helloTime[i] = from.helloTime[j]
  to.forwardDelay[i] = from.forwardDelay[j]
  to.remainingHops[i] = from.remainingHops[j]
}

/** Whether the times at `i` of two sets are the same. MSTIs have remainingHops alone; their other times are never written and equal. */
export const sameTimes = (a: Times, b: Times, i: number): boolean =>
  a.messageAge[i] === b.messageAge[i] &&
  a.maxAge[i] === b.maxAge[i] &&
  a.helloTime[i] === b.helloTime[i] &&
  a.forwardDelay[i] === b.forwardDelay[i] &&
  a.remainingHops[i] === b.remainingHops[i]

/** The position of (tree, port) in the columns of ports. */
export const index = (s: State, tree: number, port: number): number => tree * s.ports + port

/** The tree of a position. */
export const treeOf = (s: State, i: number): number => Math.floor(i / s.ports)

/** The port of a position. */
export const portOf = (s: State, i: number): number => i % s.ports

/** The cost that a link of this rate has where management set none. */
export const costOf = (s: State, configured: number, rateBps: number): number =>
  configured === COST_BY_RATE ? PathCost.ofRate(rateBps, s.pathCostMethod) : configured
