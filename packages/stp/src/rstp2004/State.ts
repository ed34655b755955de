/**
 * 802.1D-2004 17.17 to 17.19: timers and variables of a bridge that runs rapid spanning tree, by the standard's names, each with its
 * clause (as Open vSwitch's lib/rstp-common.h cites them; a dagger marks what is recalled).
 *
 * Plain data in columns: per-bridge variables by tree, per-port variables by (tree, bridge port) at `tree * ports + port`, so that a
 * tree per VLAN is a longer column. Booleans are 0 and 1. Timers count whole seconds down to 0, as the standard's do; the times that BPDUs carry are in
 * ticks of 1/256 s.
 */
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import type { MacAddress } from "@l2lab/l2/MacAddress"
import type { Bpdu } from "../Bpdu.ts"
import * as PathCost from "../PathCost.ts"
import type * as PriorityVectors from "./PriorityVectors.ts"

/** Port roles (17.7†). */
export const DISABLED_PORT = 0
export const ROOT_PORT = 1
export const DESIGNATED_PORT = 2
export const ALTERNATE_PORT = 3
export const BACKUP_PORT = 4

/** Values of `infoIs`: whose information the port holds. */
export const INFO_DISABLED = 0
export const INFO_RECEIVED = 1
export const INFO_MINE = 2
export const INFO_AGED = 3

/** Values of `rcvdInfo`: what a message is to the port that received it. */
export const SUPERIOR_DESIGNATED_INFO = 0
export const REPEATED_DESIGNATED_INFO = 1
export const INFERIOR_DESIGNATED_INFO = 2
export const INFERIOR_ROOT_ALTERNATE_INFO = 3
export const OTHER_INFO = 4

/** Kinds of the BPDU that a port last received. */
export const MSG_CONFIG = 0
export const MSG_TCN = 1
export const MSG_RST = 2

/** What the port's MAC is told of its other end (6.4.3). */
export const POINT_TO_POINT_AUTO = 0
export const POINT_TO_POINT_FORCE_TRUE = 1
export const POINT_TO_POINT_FORCE_FALSE = 2

/** Machines of a port in the order in which they are run, then those of a tree: the position of their states in `machineState`. */
export const MACHINES = 10

/** Values of `dirty`: which machines of a port have something to look at. */
export const LOOK_NOT = 0
/** Port Transmit only. */
export const LOOK_AT_TRANSMIT = 1
/** Topology Change, and Port Transmit after it. */
export const LOOK_AT_TOPOLOGY_CHANGE = 2
export const LOOK_AT_ALL = 3

/** No bridge port: the bridge is the root. */
export const NO_PORT = -1

/** Stands where management set no cost: it follows from the link's rate. */
export const COST_BY_RATE = 0

/** Message Age, Max Age, Hello Time and Forward Delay, in ticks of 1/256 s. */
export interface Times {
  readonly messageAge: Int32Array
  readonly maxAge: Int32Array
  readonly helloTime: Int32Array
  readonly forwardDelay: Int32Array
}

export interface State {
  readonly trees: number
  /** Bridge ports of the bridge. */
  readonly ports: number
  readonly address: MacAddress
  readonly pathCostMethod: PathCost.PathCostMethod
  /** 17.13.4†: 2, or 0 in STP compatibility mode. */
  readonly forceProtocolVersion: 0 | 2
  /** 17.13.9, 17.20.9†: in seconds. */
  readonly migrateTime: number
  /** 17.13.12†, 17.20.13†: BPDUs of a port within a second. */
  readonly txHoldCount: number

  // 17.18 Per-bridge variables, by tree.
  /** 17.18.2†, 17.18.3†: the priority part of BridgeIdentifier; its address is `address` in every tree. */
  readonly bridgePriority: Uint16Array
  /** 17.18.4: used by all bridges while this one is the root. */
  readonly bridgeTimes: Times
  /** 17.18.5†: the port that offers the best path to the root, by its index; NO_PORT at the root. */
  readonly rootPort: Int32Array
  /** 17.18.6†: the bridge's root priority vector. */
  readonly rootPriority: PriorityVectors.PriorityVectors
  /** 17.18.7†: the times in use. */
  readonly rootTimes: Times

  // 17.17 State machine timers, in seconds, by (tree, port).
  /** 17.17.1: silence after which the port counts as an edge. */
  readonly edgeDelayWhile: Uint16Array
  /** 17.17.2: until the port may go on to the next state without anyone's word. */
  readonly fdWhile: Uint16Array
  /** 17.17.3: until the next periodic BPDU. */
  readonly helloWhen: Uint16Array
  /** 17.17.4: until a received BPDU may change the version that the port speaks. */
  readonly mdelayWhile: Uint16Array
  /** 17.17.5: runs while the port is, or just was, a Backup Port. */
  readonly rbWhile: Uint16Array
  /** 17.17.6: until received information is aged out. */
  readonly rcvdInfoWhile: Uint16Array
  /** 17.17.7: runs while the port is, or just was, the Root Port. */
  readonly rrWhile: Uint16Array
  /** 17.17.8: runs while the port tells of a topology change. */
  readonly tcWhile: Uint16Array

  // 17.19 Per-port variables, by (tree, port).
  /** 17.19.2: the port has told, or may tell, the designated bridge that this bridge agrees. */
  readonly agree: Uint8Array
  /** 17.19.3: the neighbour has told that it agrees. */
  readonly agreed: Uint8Array
  /** 17.19.4. */
  readonly designatedPriority: PriorityVectors.PriorityVectors
  /** 17.19.5. */
  readonly designatedTimes: Times
  /** 17.19.6: another bridge on the LAN behaves as designated with worse information, and learns. */
  readonly disputed: Uint8Array
  /** 17.19.7: entries learnt on the port are to be forgotten. Set and reset within one step here. */
  readonly fdbFlush: Uint8Array
  /** 17.19.8: the port shall forward. */
  readonly forward: Uint8Array
  /** 17.19.9: the port does forward. */
  readonly forwarding: Uint8Array
  /** 17.19.10: INFO_DISABLED .. INFO_AGED. */
  readonly infoIs: Uint8Array
  /** 17.19.11: the port shall learn. */
  readonly learn: Uint8Array
  /** 17.19.12: the port does learn. */
  readonly learning: Uint8Array
  /** 17.19.13: management's wish to try RST BPDUs again. */
  readonly mcheck: Uint8Array
  /** 17.19.14, and beside it what else the message said. */
  readonly msgPriority: PriorityVectors.PriorityVectors
  readonly msgKind: Uint8Array
  /** Index in `Bpdu.RST_ROLES`; a Configuration BPDU is a designated port's. */
  readonly msgRole: Uint8Array
  readonly msgProposal: Uint8Array
  readonly msgLearning: Uint8Array
  readonly msgAgreement: Uint8Array
  readonly msgTopologyChange: Uint8Array
  readonly msgTopologyChangeAck: Uint8Array
  /** 17.19.15. */
  readonly msgTimes: Times
  /** 17.19.16: a BPDU is to be sent. */
  readonly newInfo: Uint8Array
  /** 17.19.17: no bridge is behind the port. */
  readonly operEdge: Uint8Array
  /** 17.19.18. */
  readonly portEnabled: Uint8Array
  /** 17.19.19. */
  readonly portId: Uint16Array
  /** 17.19.20†. */
  readonly portPathCost: Float64Array
  /** 17.19.21: what the port holds of the tree. */
  readonly portPriority: PriorityVectors.PriorityVectors
  /** 17.19.22. */
  readonly portTimes: Times
  /** 17.19.23†: the designated bridge proposes to forward at once. */
  readonly proposed: Uint8Array
  /** 17.19.24†: this bridge does. */
  readonly proposing: Uint8Array
  /** 17.19.25†. */
  readonly rcvdBPDU: Uint8Array
  /** 17.19.26†: SUPERIOR_DESIGNATED_INFO .. OTHER_INFO. */
  readonly rcvdInfo: Uint8Array
  /** 17.19.27†. */
  readonly rcvdMsg: Uint8Array
  /** 17.19.28†. */
  readonly rcvdRSTP: Uint8Array
  /** 17.19.29†. */
  readonly rcvdSTP: Uint8Array
  /** 17.19.30†. */
  readonly rcvdTc: Uint8Array
  /** 17.19.31†. */
  readonly rcvdTcAck: Uint8Array
  /** 17.19.32†. */
  readonly rcvdTcn: Uint8Array
  /** 17.19.33†: a new root port waits for recent ones to stop forwarding. */
  readonly reRoot: Uint8Array
  /** 17.19.34: the roles are to be computed anew. */
  readonly reselect: Uint8Array
  /** 17.19.35†: DISABLED_PORT .. BACKUP_PORT. */
  readonly role: Uint8Array
  /** 17.19.36†: the selected role is current. */
  readonly selected: Uint8Array
  /** 17.19.37†. */
  readonly selectedRole: Uint8Array
  /** 17.19.38†: RST BPDUs on this port, not those of 1998. */
  readonly sendRSTP: Uint8Array
  /** 17.19.39†: the port shall agree with the root port's information, or discard. */
  readonly sync: Uint8Array
  /** 17.19.40†: it does. */
  readonly synced: Uint8Array
  /** 17.19.41†: acknowledge a notification in the next Configuration BPDU. */
  readonly tcAck: Uint8Array
  /** 17.19.42†: pass a topology change on. */
  readonly tcProp: Uint8Array
  /** 17.19.43†: a second has passed. By tree: the seconds of its ports end together. */
  readonly tick: Uint8Array
  /** 17.19.44†: BPDUs sent within the last seconds, one less each second. */
  readonly txCount: Uint16Array
  /** 17.19.45†: portPriority is to be taken from designatedPriority. */
  readonly updtInfo: Uint8Array

  /** Present states of the machines at `machine * trees * ports + tree * ports + port`. */
  readonly machineState: Uint8Array
  /** What of a port the engine must look at before the step is over: LOOK_NOT .. LOOK_AT_ALL. 0 between steps. */
  readonly dirty: Uint8Array
  /** By tree: whether other ports than the one at hand, or the roles, are to be looked at. 0 between steps. */
  readonly woken: Uint8Array

  // What the standard leaves to the implementation, or to management.
  /** By port: 17.13.1, 17.13.3, 6.4.3 and what follows from it. */
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
  /** By (tree, port): priority part of the port identifier; a cost set by management. */
  readonly priority: Uint8Array
  readonly configuredCost: Float64Array
  /** By (tree, port): the port takes part in the tree. 1 everywhere unless trees are of VLANs, which not every port carries. */
  readonly member: Uint8Array
  /** By (tree, port): bits of `Inconsistency`. */
  readonly inconsistent: Uint8Array
  /** By tree: seconds for which entries age rapidly, in STP compatibility mode (17.19.1). */
  readonly rapidAgeingWhile: Uint16Array
  /** By tree: the instant at which a role, a state or a port's vector last changed. */
  readonly lastChangeAt: Float64Array
  /** By tree: topology changes, when and where the last one was (NEVER, NO_PORT: none yet). */
  readonly topologyChangeCount: Float64Array
  readonly lastTopologyChangeAt: Float64Array
  readonly lastTopologyChangePort: Int32Array

  // Counters, by (tree, port).
  readonly rstSent: Float64Array
  readonly rstReceived: Float64Array
  readonly configSent: Float64Array
  readonly configReceived: Float64Array
  readonly tcnSent: Float64Array
  readonly tcnReceived: Float64Array
  /** Times that what was learnt on the port was forgotten for a topology change. */
  readonly flushes: Float64Array
  /** By port and reason: BPDUs that were not taken (`Discard`). */
  readonly discarded: Float64Array

  // Caches: the last frames sent, reused while nothing in them changes. No part of fingerprints.
  readonly frame: Array<EthernetFrame | null>
  readonly tcnFrame: Array<EthernetFrame | null>
  /** The BPDU that a port last took for a repetition and nothing more, as long as none of its machines has looked at anything since. */
  readonly repeated: Array<Bpdu | null>
}

/** Assign the times at `j` of one set to `i` of another. */
export const assignTimes = (to: Times, i: number, from: Times, j: number): void => {
  to.messageAge[i] = from.messageAge[j]
  to.maxAge[i] = from.maxAge[j]
  to.helloTime[i] = from.helloTime[j]
  to.forwardDelay[i] = from.forwardDelay[j]
}

/** Assign times one by one. Whether that changed any of them. */
export const updateTimes = (
  to: Times,
  i: number,
  messageAge: number,
  maxAge: number,
  helloTime: number,
  forwardDelay: number,
): boolean => {
  const isSame =
    to.messageAge[i] === messageAge &&
    to.maxAge[i] === maxAge &&
    to.helloTime[i] === helloTime &&
    to.forwardDelay[i] === forwardDelay
  to.messageAge[i] = messageAge
  to.maxAge[i] = maxAge
  to.helloTime[i] = helloTime
  to.forwardDelay[i] = forwardDelay
  return !isSame
}

/** Whether the times at `i` of two sets are the same. */
export const sameTimes = (a: Times, b: Times, i: number): boolean =>
  a.messageAge[i] === b.messageAge[i] &&
  a.maxAge[i] === b.maxAge[i] &&
  a.helloTime[i] === b.helloTime[i] &&
  a.forwardDelay[i] === b.forwardDelay[i]

/** The position of (tree, port) in the columns of ports. */
export const index = (state: State, tree: number, port: number): number => tree * state.ports + port

/** The tree of a position. */
export const treeOf = (state: State, i: number): number => Math.floor(i / state.ports)

/** The port of a position. */
export const portOf = (state: State, i: number): number => i % state.ports

/** 17.14†: the cost of a port whose link has this rate, unless management set one. */
export const costOf = (state: State, i: number, rateBps: number): number =>
  state.configuredCost[i] === COST_BY_RATE ? PathCost.ofRate(rateBps, state.pathCostMethod) : state.configuredCost[i]
