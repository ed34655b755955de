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

/** What a design says of LLDP on one bridge. Times in whole seconds. */
export interface LldpConfig {
  readonly identity: DiscoveryIdentity
  /** By bridge port. */
  readonly ports?: ReadonlyArray<Announcing.PortRole | undefined>
  readonly intervalSeconds?: number
  readonly holdMultiplier?: number
  readonly reinitSeconds?: number
}

/**
 * msgTxInterval, msgTxHold and reinitDelay (802.1AB-2005 10.5.3†). The time to live is the product of the first two, as vendors compute it;
 * 802.1AB-2009 adds a second.
 */
export const INTERVAL_SECONDS = 30
export const HOLD_MULTIPLIER = 4
export const REINIT_SECONDS = 2
const LONGEST_LIFE_SECONDS = 65_535

export interface State extends Announcing.Announcing<Lldpdu> {
  readonly config: LldpConfig
  /** The bridge's address, by which it is known. */
  readonly chassis: MacAddress
  readonly timeToLive: number
  /** By port: the VLAN of untagged frames, 0 = none. */
  readonly pvid: Uint16Array
  /** A cache: the last frame, sent again while it says the same. */
  readonly frame: Array<EthernetFrame | null>
}

/** A bridge that has just been switched on. */
export const make = (config: LldpConfig, bridge: BridgeView): State => {
  const { holdMultiplier = HOLD_MULTIPLIER, intervalSeconds = INTERVAL_SECONDS, ports, reinitSeconds = REINIT_SECONDS } = config
  return {
    ...Announcing.make<Lldpdu>(
      bridge.bridgePorts,
      { intervalNs: intervalSeconds * SECOND, reinitNs: reinitSeconds * SECOND },
      ports,
    ),
    config,
    chassis: bridge.address,
    timeToLive: Math.min(LONGEST_LIFE_SECONDS, intervalSeconds * holdMultiplier),
    pvid: Uint16Array.from(bridge.switchPorts, untaggedVlan),
    frame: Array.from({ length: bridge.bridgePorts }, () => null),
  }
}

/** The VLAN of untagged frames is another; true if it was. */
export const setPortVlan = (state: State, port: number, vlan: VlanId): boolean => {
  if (state.pvid[port] === vlan) return false
  state.pvid[port] = vlan
  state.frame[port] = null
  return true
}
