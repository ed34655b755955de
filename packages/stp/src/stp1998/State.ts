/**
 * 802.1D-1998 8.5: the parameters and timers of a bridge that runs spanning tree, by the standard's names, each with its clause.
 * (Clauses 8.5.1 to 8.5.6 are cited as Open vSwitch's lib/stp.c cites them; a dagger marks what is recalled.)
 *
 * Plain data in columns: bridge parameters by tree, port parameters by (tree, bridge port) at `tree * ports + port`. 802.1D knows one
 * tree; a tree per VLAN is a longer column. A bridge identifier is two columns, priority and address.
 *
 * The standard's timers count up from a start value until a limit that may change while they run. A timer here is the instant at which
 * it had, or would have had, the value zero; NEVER while it does not run. Its value is `now` minus that, its deadline that plus the
 * limit, and when a limit changes the deadlines follow.
 */
import type { BridgeView } from "@l2lab/l2/ControlProtocol"
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import type { MacAddress } from "@l2lab/l2/MacAddress"
import { NEVER } from "@l2lab/sim/SimTime"
import * as BridgeIdentifier from "../BridgeIdentifier.ts"
import * as Discard from "../Discard.ts"
import * as PathCost from "../PathCost.ts"
import * as PortIdentifier from "../PortIdentifier.ts"
import * as StpTime from "../StpTime.ts"
import * as Settings from "./Settings.ts"

/** Port states (8.4): codes in the order of `Trace.PORT_STATES`. */
export const DISABLED = 0
export const BLOCKING = 1
export const LISTENING = 2
export const LEARNING = 3
export const FORWARDING = 4

/** Port roles, which 1998 describes without giving them a column: codes in the order of `Trace.PORT_ROLES`. */
export const ROLE_DISABLED = 0
export const ROLE_ROOT = 1
export const ROLE_DESIGNATED = 2
/** Neither root nor designated port: what later standards divide into alternate and backup. */
export const ROLE_BLOCKED = 3

/** No bridge port. */
export const NO_PORT = -1

/** Stands where management set no cost: it follows from the link's rate. */
export const COST_BY_RATE = 0

export interface State {
  readonly trees: number
  /** Bridge ports of the bridge. */
  readonly ports: number
  readonly address: MacAddress
  readonly pathCostMethod: PathCost.PathCostMethod
  /** 8.10.1†: see `Settings.Profile`. */
  readonly messageAgeIncrement: StpTime.Ticks256
  /** See `Settings.Profile`. */
  readonly shortAgeingForwardDelays: number
  /** 8.5.3.14†: the least time between two Configuration BPDUs of a port; not for setting. */
  readonly holdTime: StpTime.Ticks256

  // 8.5.3 Bridge parameters, by tree.
  /** 8.5.3.1: the bridge believed to be the root. */
  readonly designatedRootPriority: Uint16Array
  readonly designatedRootAddress: Float64Array
  /** 8.5.3.2: cost of the path to the root; 0 at the root. */
  readonly rootPathCost: Float64Array
  /** 8.5.3.3: the bridge port that offers the lowest cost path to the root; NO_PORT at the root. */
  readonly rootPort: Int32Array
  /** 8.5.3.4: age at which received information is discarded; the root's word. */
  readonly maxAge: Int32Array
  /** 8.5.3.5: between generations of Configuration BPDUs; the root's word. */
  readonly helloTime: Int32Array
  /** 8.5.3.6: time in listening and in learning, and the short ageing time; the root's word. */
  readonly forwardDelay: Int32Array
  /** 8.5.3.7: the identifier of this bridge. Its address is `address` in every tree. */
  readonly bridgePriority: Uint16Array
  /** 8.5.3.8 .. 8.5.3.10: the three times above when this bridge is the root. */
  readonly bridgeMaxAge: Int32Array
  readonly bridgeHelloTime: Int32Array
  readonly bridgeForwardDelay: Int32Array
  /** 8.5.3.11: a topology change was detected by, or notified to, this bridge. */
  readonly topologyChangeDetected: Uint8Array
  /** 8.5.3.12: sent in Configuration BPDUs while this bridge is the root; else as received from it. */
  readonly topologyChange: Uint8Array
  /** A port identifier is another than at the last root selection, which the standard lets wait for the next message: also one that is no news. */
  readonly selectionDue: Uint8Array

  // 8.5.4 Bridge timers, by tree.
  /** 8.5.4.1: runs at the root. */
  readonly helloTimer: Float64Array
  /** 8.5.4.2: runs while a notification waits for its acknowledgment. */
  readonly tcnTimer: Float64Array
  /** 8.5.4.3: runs at the root during a topology change. */
  readonly topologyChangeTimer: Float64Array

  // 8.5.5 Port parameters, by (tree, port).
  /** 8.5.5.1. */
  readonly portId: Uint16Array
  /** 8.5.5.2: DISABLED .. FORWARDING. */
  readonly state: Uint8Array
  /** 8.5.5.3: what the port adds to the cost of paths through it. */
  readonly pathCost: Float64Array
  /** 8.5.5.4: the root as the segment's designated bridge has it. */
  readonly portDesignatedRootPriority: Uint16Array
  readonly portDesignatedRootAddress: Float64Array
  /** 8.5.5.5: the designated bridge's cost to the root. */
  readonly designatedCost: Float64Array
  /** 8.5.5.6: the segment's designated bridge. */
  readonly designatedBridgePriority: Uint16Array
  readonly designatedBridgeAddress: Float64Array
  /** 8.5.5.7: its port on the segment. */
  readonly designatedPort: Uint16Array
  /** 8.5.5.8: acknowledge a notification in the port's next Configuration BPDU. */
  readonly topologyChangeAcknowledge: Uint8Array
  /** 8.5.5.9: a Configuration BPDU waits for the hold timer. */
  readonly configPending: Uint8Array
  /** 8.5.5.10: whether the port's changes count as topology changes. */
  readonly changeDetectionEnabled: Uint8Array

  // 8.5.6 Port timers, by (tree, port).
  /** 8.5.6.1: the age of the information recorded for the port. */
  readonly messageAgeTimer: Float64Array
  /** 8.5.6.2: time in the present state. */
  readonly forwardDelayTimer: Float64Array
  /** 8.5.6.3: time since the last Configuration BPDU was sent. */
  readonly holdTimer: Float64Array

  // What the standard leaves to the implementation.
  /** By (tree, port): priority part of the port identifier. */
  readonly portPriority: Uint8Array
  /** By (tree, port): a cost set by management, 0 = by the link's rate. */
  readonly configuredCost: Float64Array
  /** By (tree, port): the port takes part in the tree. 1 everywhere unless trees are of VLANs, which not every port carries. */
  readonly member: Uint8Array
  /** By (tree, port): with UplinkFast only, the port is no way to the root yet. */
  readonly held?: Uint8Array
  /** UplinkFast only: costs lower than this are higher by this. */
  readonly raisesCostsBelow?: number
  /** By (tree, port): bits of `Inconsistency`. */
  readonly inconsistent: Uint8Array
  /** By port: management's word that no bridge is behind it; by (tree, port): that, until a BPDU came in. */
  readonly adminEdge: Uint8Array
  readonly operEdge: Uint8Array
  /** By port: the number part of the port identifier. */
  readonly portNo: Uint16Array
  /** By port: enabled by management. */
  readonly enabled: Uint8Array
  /** By port: the link is up. */
  readonly up: Uint8Array
  /** By port: the link's rate in bits per second when it last came up; 0 before that. */
  readonly rateBps: Float64Array
  /** By (tree, port): the role that follows from the parameters, kept to notice when it changes. */
  readonly role: Uint8Array
  /** By tree: the instant at which a role, a state or a designated vector last changed. */
  readonly lastChangeAt: Float64Array
  /** By tree: topology changes that this bridge came to know of, when and where the last one was (NEVER, NO_PORT: none yet). */
  readonly topologyChangeCount: Float64Array
  readonly lastTopologyChangeAt: Float64Array
  readonly lastTopologyChangePort: Int32Array

  // Counters, by (tree, port).
  readonly configSent: Float64Array
  readonly configReceived: Float64Array
  readonly tcnSent: Float64Array
  readonly tcnReceived: Float64Array
  /** By port and reason: BPDUs that were not taken (`Discard`). */
  readonly discarded: Float64Array

  // Caches: the last frames sent, reused while nothing in them changes. No part of fingerprints.
  readonly configFrame: Array<EthernetFrame | null>
  readonly tcnFrame: Array<EthernetFrame | null>
}

/** The state before 8.8.1 Initialization: every port Disabled, the bridge its own root, no timer running. */
export const make = (config: Settings.Stp1998Config, bridge: BridgeView, trees: number): State => {
  const ports = bridge.bridgePorts
  const count = trees * ports
  const profile = Settings.PROFILES[config.profile ?? "standard"]
  const state: State = {
    trees,
    ports,
    address: bridge.address,
    pathCostMethod: config.pathCostMethod ?? "short",
    messageAgeIncrement: config.messageAgeIncrement ?? profile.messageAgeIncrement,
    shortAgeingForwardDelays: profile.shortAgeingForwardDelays,
    holdTime: profile.holdTime,
    designatedRootPriority: new Uint16Array(trees),
    designatedRootAddress: new Float64Array(trees),
    rootPathCost: new Float64Array(trees),
    rootPort: new Int32Array(trees).fill(NO_PORT),
    maxAge: new Int32Array(trees),
    helloTime: new Int32Array(trees),
    forwardDelay: new Int32Array(trees),
    bridgePriority: new Uint16Array(trees),
    bridgeMaxAge: new Int32Array(trees),
    bridgeHelloTime: new Int32Array(trees),
    bridgeForwardDelay: new Int32Array(trees),
    topologyChangeDetected: new Uint8Array(trees),
    topologyChange: new Uint8Array(trees),
    selectionDue: new Uint8Array(trees),
    helloTimer: new Float64Array(trees).fill(NEVER),
    tcnTimer: new Float64Array(trees).fill(NEVER),
    topologyChangeTimer: new Float64Array(trees).fill(NEVER),
    portId: new Uint16Array(count),
    state: new Uint8Array(count),
    pathCost: new Float64Array(count),
    portDesignatedRootPriority: new Uint16Array(count),
    portDesignatedRootAddress: new Float64Array(count),
    designatedCost: new Float64Array(count),
    designatedBridgePriority: new Uint16Array(count),
    designatedBridgeAddress: new Float64Array(count),
    designatedPort: new Uint16Array(count),
    topologyChangeAcknowledge: new Uint8Array(count),
    configPending: new Uint8Array(count),
    changeDetectionEnabled: new Uint8Array(count),
    messageAgeTimer: new Float64Array(count).fill(NEVER),
    forwardDelayTimer: new Float64Array(count).fill(NEVER),
    holdTimer: new Float64Array(count).fill(NEVER),
    portPriority: new Uint8Array(count),
    configuredCost: new Float64Array(count).fill(COST_BY_RATE),
    member: new Uint8Array(count).fill(1),
    inconsistent: new Uint8Array(count),
    adminEdge: new Uint8Array(ports),
    operEdge: new Uint8Array(count),
    portNo: new Uint16Array(ports),
    enabled: new Uint8Array(ports),
    up: new Uint8Array(ports),
    rateBps: new Float64Array(ports),
    role: new Uint8Array(count),
    lastChangeAt: new Float64Array(trees),
    topologyChangeCount: new Float64Array(trees),
    lastTopologyChangeAt: new Float64Array(trees).fill(NEVER),
    lastTopologyChangePort: new Int32Array(trees).fill(NO_PORT),
    configSent: new Float64Array(count),
    configReceived: new Float64Array(count),
    tcnSent: new Float64Array(count),
    tcnReceived: new Float64Array(count),
    discarded: Discard.counters(ports),
    configFrame: Array.from({ length: count }, () => null),
    tcnFrame: Array.from({ length: ports }, () => null),
  }
  configure(state, config)
  return state
}

/** The cost of a port whose link has not been up yet: that of 100 Mb/s, as show commands print it. */
const UNKNOWN_RATE_COST = 19

const configure = (state: State, config: Settings.Stp1998Config): void => {
  for (let port = 0; port < state.ports; port++) {
    const settings = config.ports?.[port]
    state.portNo[port] = settings?.portNo ?? port + 1
    state.enabled[port] = (settings?.enabled ?? true) ? 1 : 0
    state.adminEdge[port] = (settings?.adminEdge ?? false) ? 1 : 0
    for (let tree = 0; tree < state.trees; tree++) {
      const own = config.trees?.[tree]?.ports?.[port]
      const i = tree * state.ports + port
      state.portPriority[i] = own?.priority ?? settings?.priority ?? PortIdentifier.DEFAULT_PRIORITY
      state.portId[i] = PortIdentifier.make(state.portPriority[i], state.portNo[port])
      state.configuredCost[i] = own?.pathCost ?? settings?.pathCost ?? COST_BY_RATE
      state.pathCost[i] = state.configuredCost[i] === COST_BY_RATE ? UNKNOWN_RATE_COST : state.configuredCost[i]
      state.changeDetectionEnabled[i] = (settings?.changeDetectionEnabled ?? true) ? 1 : 0
    }
  }
  for (let tree = 0; tree < state.trees; tree++) {
    const own = config.trees?.[tree]
    state.bridgePriority[tree] = own?.priority ?? config.priority ?? BridgeIdentifier.DEFAULT_PRIORITY
    state.bridgeMaxAge[tree] = StpTime.fromSeconds(own?.maxAge ?? config.maxAge ?? Settings.DEFAULT_MAX_AGE)
    state.bridgeHelloTime[tree] = StpTime.fromSeconds(own?.helloTime ?? config.helloTime ?? Settings.DEFAULT_HELLO_TIME)
    state.bridgeForwardDelay[tree] = StpTime.fromSeconds(
      own?.forwardDelay ?? config.forwardDelay ?? Settings.DEFAULT_FORWARD_DELAY,
    )
    state.designatedRootPriority[tree] = state.bridgePriority[tree]
    state.designatedRootAddress[tree] = state.address
  }
}

/** The position of (tree, port) in the columns of ports. */
export const index = (state: State, tree: number, port: number): number => tree * state.ports + port

/** 8.6.8.3.1†: the cost of a port whose link has this rate, unless management set one. */
export const costOf = (state: State, i: number, rateBps: number): number => {
  const own = state.configuredCost[i]
  const cost = own === COST_BY_RATE ? PathCost.ofRate(rateBps, state.pathCostMethod) : own
  return state.raisesCostsBelow !== undefined && cost < state.raisesCostsBelow ? cost + state.raisesCostsBelow : cost
}
