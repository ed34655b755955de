/** The state of CDP on a bridge. Plain data in columns by bridge port. */
import { NEVER, SECOND } from "@l2lab/sim/SimTime"
import * as Announcing from "../Announcing.ts"
import type { BridgeView } from "../ControlProtocol.ts"
import type { DiscoveryIdentity } from "../DiscoveryIdentity.ts"
import { controlTag, untaggedVlan } from "../VlanTable.ts"
import type { EthernetFrame } from "../EthernetFrame.ts"
import type { CdpPdu } from "./CdpPdu.ts"

/** What a design says of CDP on one bridge. */
export interface CdpConfig {
  readonly identity: DiscoveryIdentity
  /** By bridge port. */
  readonly ports?: ReadonlyArray<Announcing.PortRole | undefined>
  /** In whole seconds. */
  readonly intervalSeconds?: number
  readonly holdSeconds?: number
}

/** As Catalysts have them. */
export const INTERVAL_SECONDS = 60
export const HOLD_SECONDS = 180

export interface State extends Announcing.Announcing<CdpPdu> {
  readonly config: CdpConfig
  readonly timeToLive: number
  /** The VTP domain of the bridge, "" = none. */
  vtpDomain: string
  /** By port: the VLAN of untagged frames, 0 = none; the tag of its own frames, -1 = none; whether it is full duplex. */
  readonly nativeVlan: Uint16Array
  readonly tag: Int32Array
  readonly fullDuplex: Uint8Array
  /** When a mismatch was last complained of; before the first time NEVER. */
  readonly complainedAt: Float64Array
  /** A cache: the last frame, sent again while it says the same. */
  readonly frame: Array<EthernetFrame | null>
}

/** Columns of instants. */
export const TIMES: ReadonlySet<string> = new Set([...Announcing.TIMES, "complainedAt"])

/** A bridge that has just been switched on. */
export const make = (config: CdpConfig, bridge: BridgeView): State => ({
  ...Announcing.make<CdpPdu>(
    bridge.bridgePorts,
    { intervalNs: (config.intervalSeconds ?? INTERVAL_SECONDS) * SECOND, reinitNs: 0 },
    config.ports,
  ),
  config,
  timeToLive: config.holdSeconds ?? HOLD_SECONDS,
  vtpDomain: bridge.vtpDomain ?? "",
  nativeVlan: Uint16Array.from(bridge.switchPorts, untaggedVlan),
  tag: Int32Array.from(bridge.switchPorts, controlTag),
  fullDuplex: new Uint8Array(bridge.bridgePorts).fill(1),
  complainedAt: new Float64Array(bridge.bridgePorts).fill(NEVER),
  frame: Array.from({ length: bridge.bridgePorts }, () => null),
})

/** The port's link went down: what the next neighbour says is complained of anew. */
export const linkDown = (state: State, port: number): void => {
  Announcing.linkDown(state, port)
  state.complainedAt[port] = NEVER
}
