/** The state of LLDP on a bridge. Plain data in columns by bridge port. */
import type { VlanId } from "../BridgeConfig.ts"
import * as Announcing from "../Announcing.ts"
import type { BridgeView } from "../ControlProtocol.ts"
import type { DiscoveryIdentity } from "../DiscoveryIdentity.ts"
import { untaggedVlan } from "../VlanTable.ts"
import type { EthernetFrame } from "../EthernetFrame.ts"
import type { MacAddress } from "../MacAddress.ts"
import { SECOND } from "@l2lab/sim/SimTime"
import type { Lldpdu } from "./Lldpdu.ts"

/** What a design says of LLDP on one bridge. */
export interface LldpConfig {
  readonly identity: DiscoveryIdentity
  /** By bridge port; true by default. */
  readonly ports?: ReadonlyArray<boolean>
}

/** msgTxInterval and the time to live (802.1AB-2009 9.2.5†; as Catalysts have them, who leave out the one second that the standard adds). */
export const INTERVAL_SECONDS = 30
export const TIME_TO_LIVE_SECONDS = 120

export interface State extends Announcing.Announcing<Lldpdu> {
  readonly config: LldpConfig
  /** The bridge's address, by which it is known. */
  readonly chassis: MacAddress
  /** By port: the VLAN of untagged frames, 0 = none. */
  readonly pvid: Uint16Array
  /** A cache: the last frame, sent again while it says the same. */
  readonly frame: Array<EthernetFrame | null>
}

/** A bridge that has just been switched on. */
export const make = (config: LldpConfig, bridge: BridgeView): State => ({
  ...Announcing.make<Lldpdu>(bridge.bridgePorts, INTERVAL_SECONDS * SECOND, config.ports),
  config,
  chassis: bridge.address,
  pvid: Uint16Array.from(bridge.switchPorts, untaggedVlan),
  frame: Array.from({ length: bridge.bridgePorts }, () => null),
})

/** The VLAN of untagged frames is another; true if it was. */
export const setPortVlan = (state: State, port: number, vlan: VlanId): boolean => {
  if (state.pvid[port] === vlan) return false
  state.pvid[port] = vlan
  state.frame[port] = null
  return true
}
