/** What is shown of spanning trees, whichever form it is printed in: plain values, names as switches write them. */
import * as MacAddress from "@l2lab/l2/MacAddress"

/** How a switch calls the protocol that it runs, and how its blocks do. */
export type Mode = "stp" | "rstp" | "pvst" | "rapid-pvst" | "mst"
export type SpanningTreeProtocol = "ieee" | "rstp" | "mstp"

export interface BridgeIdView {
  /** 0..65535, the system id in the lower 12 bits included. */
  readonly priority: number
  readonly address: MacAddress.MacAddress
}

/** In seconds. */
export interface TimesView {
  readonly helloTime: number
  readonly maxAge: number
  readonly forwardDelay: number
}

export type RoleView = "root" | "designated" | "alternate" | "backup" | "master" | "disabled"
export type PortStateView = "disabled" | "blocking" | "discarding" | "listening" | "learning" | "forwarding"

/** Why a port is kept blocked. */
export type InconsistencyView = "pvid" | "type" | "pvst" | "root" | "loop" | "bridge-assurance"

/** How a guard came to be on: set on the port, or by the switch's default. */
export type GuardView = "on" | "default"

/** The guards that are on at a port. */
export interface PortGuardsView {
  readonly bpduGuard?: GuardView
  readonly bpduFilter?: GuardView
  readonly rootGuard?: GuardView
  readonly loopGuard?: GuardView
  readonly network: boolean
}

/** The guards of a switch, ports apart. */
export interface GuardDefaultsView {
  readonly portfast: boolean
  readonly bpduGuard: boolean
  readonly bpduFilter: boolean
  readonly loopGuard: boolean
  readonly bridgeAssurance: boolean
  /** Multicasts a second; absent: UplinkFast is off. */
  readonly uplinkFastRate?: number
  readonly uplinkFastMulticasts: number
  readonly backboneFast: boolean
  /** On all ports and in all trees; absent: BackboneFast is off. */
  readonly backboneFastCounts?: {
    /** Ports that forgot before max age. */
    readonly transitions: number
    readonly inferiorBpdus: number
    readonly requestsReceived: number
    readonly responsesReceived: number
    readonly requestsSent: number
    readonly responsesSent: number
  }
}

export interface SpanningTreePortView {
  /** `Gi0/1` and `GigabitEthernet0/1`. */
  readonly interface: string
  readonly name: string
  readonly role: RoleView
  readonly state: PortStateView
  readonly cost: number
  readonly priority: number
  readonly portNo: number
  /** One bridge at most is at the other end, by its duplex or because it was set so; else the segment is shared. */
  readonly pointToPoint: boolean
  readonly linkTypeSet: boolean
  readonly edge: boolean
  /** At a peer of a vPC pair. */
  readonly vpc?: "vPC" | "vPC peer-link"
  /** The neighbour speaks 802.1D-1998, and so does the port, though its protocol is a later one. */
  readonly peerStp: boolean
  /** Of an instance of a region: what the port's neighbour speaks, where it is of no region or of another. */
  readonly boundary?: "STP" | "RSTP" | "PVST"
  readonly inconsistencies: ReadonlyArray<InconsistencyView>
  /** Absent where the switch has no guards at all. */
  readonly guards?: PortGuardsView
  readonly designatedRoot: BridgeIdView
  readonly designatedCost: number
  readonly designatedBridge: BridgeIdView
  readonly designatedPort: { readonly priority: number; readonly portNo: number }
  /** Seconds left, 0 = not running. */
  readonly messageAge: number
  readonly forwardDelay: number
  readonly hold: number
  readonly bpdusSent: number
  readonly bpdusReceived: number
  /** In all trees together, and by reason. */
  readonly bpdusDiscarded: number
  readonly discards: Readonly<Partial<Record<string, number>>>
}

/** What a topology change has cost on this switch, until the next one or until now: its own count, beginning with the change. */
export interface TopologyChangeCost {
  /** In seconds of virtual time. */
  readonly at: number
  /** `Gi0/1`, the port that it came by; null where no single port is to blame. */
  readonly from: string | null
  /** A port of the switch itself, a new root, a neighbour's notification, a neighbour's flag. */
  readonly cause: "port" | "new-root" | "notification" | "flag"
  /** Times that a port's addresses were forgotten at once. */
  readonly flushes: number
  /** Addresses forgotten, by that or by the short ageing time. */
  readonly forgotten: number
  /** Unicast frames for unknown addresses that were flooded since, in all VLANs of the tree, and the octets that left the switch by that. */
  readonly floodedFrames: number
  readonly floodedOctets: number
  /** From the change to the last of these, in seconds; null: there was none. */
  readonly floodedFor: number | null
}

/** What an instance of a region has beside other trees. */
export interface InstanceView {
  /** 0 = the CIST. */
  readonly mstid: number
  /** `1-9,11-4094`: all VLANs that follow it, those included that the switch does not have. */
  readonly vlans: string
  readonly regionalRoot: BridgeIdView
  readonly isRegionalRoot: boolean
  readonly internalRootPathCost: number
  readonly maxHops: number
  readonly remainingHops: number
}

/** What makes a region: switches of whom all of this is the same are one. */
export interface RegionView {
  readonly name: string
  readonly revision: number
  /** 32 hexadecimal digits, over which VLAN follows which instance. */
  readonly digest: string
}

/** One spanning tree of one switch. */
export interface SpanningTreeView {
  /** VLANs of the switch that follow the tree, sorted. */
  readonly vlans: ReadonlyArray<number>
  /** Of an instance of a region only. */
  readonly instance?: InstanceView
  readonly protocol: SpanningTreeProtocol
  readonly root: BridgeIdView
  readonly bridge: BridgeIdView
  /** Absent at the root. */
  readonly rootPort?: { readonly portNo: number; readonly name: string; readonly interface: string }
  readonly rootPathCost: number
  /** In use, which are the root's, and the bridge's own. */
  readonly times: TimesView
  readonly bridgeTimes: TimesView
  /** Absent where the protocol has none. */
  readonly transmitHoldCount?: number
  /** The ageing time in use, in seconds. */
  readonly ageing: number
  readonly topologyChange: boolean
  readonly topologyChangeDetected: boolean
  /** Seconds left, 0 = not running. */
  readonly timers: { readonly hello: number; readonly topologyChange: number; readonly notification: number }
  readonly topologyChanges: number
  /** Of the last topology change, in seconds of virtual time; absent before the first. */
  readonly lastTopologyChangeAt?: number
  /** `GigabitEthernet0/1`, absent where no single port is to blame. */
  readonly lastTopologyChangeFrom?: string
  /** What the latest topology changes cost, the latest first; empty before the first. */
  readonly topologyChangeCosts: ReadonlyArray<TopologyChangeCost>
  /** Ports that are up, in the order of their numbers. */
  readonly ports: ReadonlyArray<SpanningTreePortView>
}

/** What a switch has of spanning trees. */
export interface SwitchTreesView {
  readonly mode: Mode
  readonly pathCostMethod: "short" | "long"
  /** Absent where nobody asked. */
  readonly guards?: GuardDefaultsView
  /** In mode `mst` only. */
  readonly region?: RegionView
  readonly trees: ReadonlyArray<SpanningTreeView>
  /** VLANs beyond the most trees that the platform has: their ports forward, whatever loops there are. */
  readonly vlansWithoutTree: ReadonlyArray<number>
}

/** `VLAN0010`. */
export const vlanName = (vlan: number): string => `VLAN${String(vlan).padStart(4, "0")}`

/** What a tree is called: after its instance, or its lowest VLAN, or `vlan`, one of its others. */
export const nameOf = (view: SpanningTreeView, vlan = view.vlans[0] ?? 1): string =>
  view.instance === undefined ? vlanName(vlan) : `MST${view.instance.mstid}`

/** Whether the switch believes itself to be the root. */
export const isRoot = ({ root, bridge }: SpanningTreeView): boolean =>
  root.priority === bridge.priority && root.address === bridge.address

/** The part of a bridge's priority that is set, and the system id below it. */
export const systemIdOf = ({ priority }: BridgeIdView): number => priority & 0x0fff

/** Whether a port is kept blocked for an inconsistency. */
export const isBroken = ({ inconsistencies }: SpanningTreePortView): boolean => inconsistencies.length > 0

/** The trees that a VLAN follows; all without one. */
export const ofVlan = (views: ReadonlyArray<SpanningTreeView>, vlan: number | undefined): ReadonlyArray<SpanningTreeView> =>
  vlan === undefined ? views : views.filter((view) => view.vlans.includes(vlan))

/** What is said where there is nothing to show. */
export const nothing = (vlan: number | undefined): ReadonlyArray<string> => [
  "",
  vlan === undefined ? "No spanning tree instance exists." : `Spanning tree instance(s) for vlan ${vlan} does not exist.`,
  "",
]

const identifier = ({ priority, address }: BridgeIdView): object => ({ priority, address: MacAddress.format(address) })

/** For machines: the view as it is, with addresses as text (`02:00:00:00:00:01`), `name`, `isRoot`, and absent values null. */
export const json = (view: SpanningTreeView): object => ({
  name: nameOf(view),
  ...view,
  root: identifier(view.root),
  bridge: identifier(view.bridge),
  isRoot: isRoot(view),
  instance: view.instance === undefined ? null : { ...view.instance, regionalRoot: identifier(view.instance.regionalRoot) },
  rootPort: view.rootPort ?? null,
  transmitHoldCount: view.transmitHoldCount ?? null,
  lastTopologyChangeAt: view.lastTopologyChangeAt ?? null,
  lastTopologyChangeFrom: view.lastTopologyChangeFrom ?? null,
  ports: view.ports.map(portJson),
})

/** A port for machines. */
export const portJson = (port: SpanningTreePortView): object => ({
  ...port,
  boundary: port.boundary ?? null,
  guards: port.guards ?? null,
  designatedRoot: identifier(port.designatedRoot),
  designatedBridge: identifier(port.designatedBridge),
})
