/**
 * What a design or an operator may set for PVST+ and Rapid PVST+: of the bridge, of a port, and of a VLAN. Each VLAN has a tree of its own, whose
 * bridge priority is the one set here (a multiple of 4096) plus the VLAN's number, the extended system id.
 */
import type { VlanId } from "@l2lab/l2/BridgeConfig"
import * as BridgeIdentifier from "../BridgeIdentifier.ts"
import type { PathCostMethod } from "../PathCost.ts"
import type { Rstp2004Config } from "../rstp2004/Settings.ts"
import type { ProfileName, Stp1998Config } from "../stp1998/Settings.ts"
import type { Seconds } from "../StpTime.ts"

/** Spanning tree on one bridge port, in all VLANs; everything has a default. */
export interface PortSettings {
  /** Management's word: false keeps the port Disabled even while its link is up. True by default. */
  readonly enabled?: boolean
  /** Overrides the cost that follows from the link's rate. */
  readonly pathCost?: number
  /** 0..240 in steps of 16, 128 by default. */
  readonly priority?: number
  /** 1..4095; the bridge port's index plus one by default. */
  readonly portNo?: number
  /** PortFast: no bridge is behind the port, and it forwards at once. False by default. */
  readonly adminEdge?: boolean
  /** Rapid PVST+ only: find out by silence that no bridge is behind the port. False by default, as on Catalysts. */
  readonly autoEdge?: boolean
  /** Rapid PVST+ only: link type; `auto` (the default) takes full duplex for point-to-point. */
  readonly adminPointToPointMAC?: "auto" | boolean
}

/** What one VLAN may have of its own; absent values are the bridge's and the port's. */
export interface VlanSettings {
  readonly priority?: number
  readonly helloTime?: Seconds
  readonly maxAge?: Seconds
  readonly forwardDelay?: Seconds
  /** By bridge port. */
  readonly ports?: ReadonlyArray<Pick<PortSettings, "pathCost" | "priority">>
}

/** What a design says of PVST+ or Rapid PVST+ on one bridge. */
export interface PvstConfig {
  /** 0..61440 in steps of 4096, 32768 by default. */
  readonly priority?: number
  /** By bridge port; ports beyond its end have the defaults. */
  readonly ports?: ReadonlyArray<PortSettings>
  /** 2 s by default. */
  readonly helloTime?: Seconds
  /** 20 s by default. */
  readonly maxAge?: Seconds
  /** 15 s by default. */
  readonly forwardDelay?: Seconds
  /** Short (16 bits) by default, as on Catalysts. */
  readonly pathCostMethod?: PathCostMethod
  /** By VLAN id. */
  readonly vlans?: Readonly<Record<VlanId, VlanSettings>>
  /**
   * The platform's limit, for instance 128: so many VLANs, the lowest, have a tree. In those beyond it the ports forward as soon as they are up, and BPDUs
   * are data. No limit by default.
   */
  readonly maximumInstances?: number
  /** Rapid PVST+ only: BPDUs of a port in a VLAN within a second, 1..10; 6 by default. */
  readonly txHoldCount?: number
  /** PVST+ only: as for 802.1D-1998. */
  readonly profile?: ProfileName
}

/** The part of a bridge identifier's priority that is the system id: the VLAN. */
export const SYSTEM_ID_MASK = 0x0fff

/** The priority of a bridge in a VLAN: the four bits that are set, and the VLAN. */
export const priorityIn = (vlan: VlanId, priority: number): number => (priority & 0xf000) | (vlan & SYSTEM_ID_MASK)

/**
 * The tree of each VLAN of a bridge, by position in `vlans` (sorted): one each while there are instances, then one for all that run without. A
 * bridge that runs PVST+ must be configured with it (`BridgeConfig.treeOfVlan`).
 */
export const treeOfVlan = (vlans: ReadonlyArray<VlanId>, config: Pick<PvstConfig, "maximumInstances">): ReadonlyArray<number> =>
  vlans.map((_, position) => Math.min(position, config.maximumInstances ?? vlans.length))

/** Trees that have an instance, of `trees` that the relay keeps. */
export const instancesOf = (trees: number, config: Pick<PvstConfig, "maximumInstances">): number =>
  Math.min(trees, config.maximumInstances ?? trees)

/** The configuration of the machines of all instances; `vlanOfTree` by tree. */
const treesConfig = (config: PvstConfig, vlanOfTree: ReadonlyArray<VlanId>): Stp1998Config & Rstp2004Config => ({
  pathCostMethod: config.pathCostMethod ?? "short",
  ...(config.helloTime !== undefined && { helloTime: config.helloTime }),
  ...(config.maxAge !== undefined && { maxAge: config.maxAge }),
  ...(config.forwardDelay !== undefined && { forwardDelay: config.forwardDelay }),
  ...(config.ports !== undefined && { ports: config.ports }),
  trees: vlanOfTree.map((vlan) => {
    const own = config.vlans?.[vlan]
    return { ...own, priority: priorityIn(vlan, own?.priority ?? config.priority ?? BridgeIdentifier.DEFAULT_PRIORITY) }
  }),
})

/** The configuration of PVST+'s machines. */
export const stp1998Config = (config: PvstConfig, vlanOfTree: ReadonlyArray<VlanId>): Stp1998Config => ({
  ...treesConfig(config, vlanOfTree),
  ...(config.profile !== undefined && { profile: config.profile }),
})

/** The configuration of Rapid PVST+'s machines; `ports` is the number of bridge ports. */
export const rstp2004Config = (config: PvstConfig, vlanOfTree: ReadonlyArray<VlanId>, ports: number): Rstp2004Config => ({
  ...treesConfig(config, vlanOfTree),
  ports: Array.from({ length: ports }, (_, port) => ({ autoEdge: false, ...config.ports?.[port] })),
  ...(config.txHoldCount !== undefined && { txHoldCount: config.txHoldCount }),
})
