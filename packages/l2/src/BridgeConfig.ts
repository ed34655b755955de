/** What a design says of one bridge: the plain data that the bridge device is made from. */
import type { DurationNs } from "@l2lab/sim/SimTime"
import type { BundleConfig } from "./bundle/Bundles.ts"
import type { ControlPlaneConfig } from "./ControlPlane.ts"
import type { ErrdisableConfig } from "./Errdisable.ts"
import type { LinkStateGroup } from "./LinkState.ts"
import type { MacAddress } from "./MacAddress.ts"
import type { MacMoveConfig } from "./MacMove.ts"
import type { PortSecurityConfig } from "./PortSecurity.ts"
import type { StormControlConfig } from "./StormControl.ts"

/** A VLAN id that frames may carry: 1..4094. */
export type VlanId = number

/** An access port: one VLAN, untagged. Tagged frames are refused, but for the VLAN itself and priority tags. */
export interface AccessPort {
  readonly mode: "access"
  readonly vlan: VlanId
}

/** A trunk port: the native VLAN travels untagged, the others tagged. */
export interface TrunkPort {
  readonly mode: "trunk"
  readonly native: VlanId
  /** VLANs allowed on the trunk, sorted. The native VLAN is carried only if it is listed. */
  readonly allowed: ReadonlyArray<VlanId>
  /** Tag the native VLAN too, and refuse untagged frames (`vlan dot1q tag native`). */
  readonly tagNative?: boolean
}

/** How a port treats VLANs. */
export type SwitchPort = AccessPort | TrunkPort

/** A control protocol and its own configuration. */
export interface ProtocolConfig {
  /** `kind` of the control protocol in the registry that the bridge kind was made with. */
  readonly kind: string
  readonly config: unknown
}

/** An entry of the filtering database that neither ages nor moves. */
export interface StaticEntry {
  readonly vlan: VlanId
  readonly address: MacAddress
  /** Bridge port, or -1 to discard frames for the address. */
  readonly port: number
}

export interface BridgeConfig {
  /** The bridge's own address. Bridge port p sends control frames from `address + 1 + p`: leave room. */
  readonly address: MacAddress
  /** One entry a link port; each is the bridge port of the same number, unless it is in a bundle. */
  readonly ports: ReadonlyArray<SwitchPort>
  /** Bundles of link ports: bundle b is bridge port `ports.length + b`. What is said by port has entries for them behind those of link ports. */
  readonly bundles?: ReadonlyArray<BundleConfig>
  /** VLANs that exist on the bridge, sorted. A frame of any other VLAN is dropped and counted. */
  readonly vlans: ReadonlyArray<VlanId>
  /** Those of `vlans` that exist at the start, sorted; absent: all. For the others there is room: a protocol (VTP) or a command may bring them. */
  readonly existing?: ReadonlyArray<VlanId>
  /** The VTP domain at the start; absent: none. */
  readonly vtpDomain?: string
  /** The tree of each VLAN in `vlans`, by position; absent: one tree, 0, for all. */
  readonly treeOfVlan?: ReadonlyArray<number>
  /** Room for so many trees, where a control protocol maps VLANs to trees itself (MSTP); absent: as many as `treeOfVlan` names. */
  readonly trees?: number
  /** The filtering database of each VLAN in `vlans`, by position; absent: one each (independent learning). */
  readonly fidOfVlan?: ReadonlyArray<number>
  /** Ageing time of dynamic entries; 300 s by default, 0 = no ageing. */
  readonly ageingNs?: DurationNs
  /** Most entries that the filtering database holds (dynamic and static); 16,384 by default. */
  readonly capacity?: number
  readonly staticEntries?: ReadonlyArray<StaticEntry>
  /** In the order in which a PDU is offered to them. Empty: a bridge without spanning tree; its ports forward as soon as they are up. */
  readonly protocols: ReadonlyArray<ProtocolConfig>
  /** Whether PDUs wait for the frame in service only, and not behind queued data; true by default, false for a platform that lacks it. */
  readonly controlClass?: boolean
  /** What happens to frames for the reserved addresses 01-80-C2-00-00-00..0F that no protocol claims: dropped (a bridge) or flooded (an unmanaged switch). */
  readonly reserved?: "drop" | "flood"
  /** How ports that the bridge took out of service come back. */
  readonly errdisable?: ErrdisableConfig
  /** What its processor takes; absent: everything, at once. */
  readonly controlPlane?: ControlPlaneConfig
  /** By port; absent, or undefined for a port: nothing is controlled. */
  readonly stormControl?: ReadonlyArray<StormControlConfig | undefined>
  readonly portSecurity?: ReadonlyArray<PortSecurityConfig | undefined>
  /** Link-state tracking; absent: no port follows others. */
  readonly linkStateGroups?: ReadonlyArray<LinkStateGroup>
  /** Whether hosts that move from port to port are noticed; absent: not. */
  readonly macMove?: MacMoveConfig
}
