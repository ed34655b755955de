/**
 * What a design says of one peer of a vPC pair: an ordinary bridge, and which of its ports are what to the pair. Ranges and defaults are NX-OS's: role and system priority
 * 32667, keepalive every second with a timeout of 5 s (Nexus 5500 configuration guide) and a hold-timeout of 3 s, delay restore 30 s, auto-recovery
 * after 240 s (Puppet's cisco_node_utils has the default).
 */
import type { BridgeConfig } from "@l2lab/l2/BridgeConfig"
import type { GroupConfig, LacpConfig } from "@l2lab/l2/lacp/State"
import type { MacAddress } from "@l2lab/l2/MacAddress"
import { SECOND, type DurationNs } from "@l2lab/sim/SimTime"

/** One vPC: this peer's leg is a bundle of its bridge. */
export interface VpcConfig {
  /** 1..4096, the same at both peers. */
  readonly id: number
  /** The bundle's position in `bridge.bundles`. */
  readonly bundle: number
}

/** The device kind's configuration. */
export interface MlagConfig {
  /** The peer as a switch of its own; its address is the local system MAC. LACP groups of vPCs get the pair's system, key and port numbers from the kind. */
  readonly bridge: BridgeConfig
  /** `vpc domain`: 1..1000. */
  readonly domain: number
  /** Which of the two the design calls it: their port numbers in LACPDUs are apart by it†. */
  readonly peer: 1 | 2
  /** The bridge port that is the peer-link: a link port, or link ports + the position of a bundle. */
  readonly peerLink: number
  /** The link port that keepalives take, which is no port of the bridge then; or `peer-link`: they share its fate. */
  readonly keepalive: number | "peer-link"
  readonly vpcs: ReadonlyArray<VpcConfig>
  /** `role priority`: 1..65535; the lower goes first. */
  readonly rolePriority?: number
  /** `system-mac`; 00:23:04:ee:be:00 + domain by default. */
  readonly systemMac?: MacAddress
  /** `system-priority`, of LACP on vPCs. */
  readonly systemPriority?: number
  /** `peer-switch`: one bridge id on vPCs, and both peers send BPDUs. */
  readonly peerSwitch?: boolean
  /** `graceful consistency-check`: of a type 1 mismatch the secondary's legs are suspended only; true by default. */
  readonly gracefulConsistencyCheck?: boolean
  /** `auto-recovery`; true by default. */
  readonly autoRecovery?: boolean
  readonly autoRecoveryNs?: DurationNs
  /** `delay restore`, and `delay restore orphan-port` (0). */
  readonly delayRestoreNs?: DurationNs
  readonly delayRestoreOrphanNs?: DurationNs
  /** `vpc orphan-port suspend`: link ports that go down with the secondary's legs. */
  readonly orphanSuspend?: ReadonlyArray<number>
  readonly keepaliveIntervalNs?: DurationNs
  readonly keepaliveTimeoutNs?: DurationNs
  readonly holdTimeoutNs?: DurationNs
}

/** `role priority` and `system-priority`. */
export const DEFAULT_PRIORITY = 32_667
export const DEFAULT_KEEPALIVE_INTERVAL: DurationNs = SECOND
export const DEFAULT_KEEPALIVE_TIMEOUT: DurationNs = 5 * SECOND
export const DEFAULT_HOLD_TIMEOUT: DurationNs = 3 * SECOND
export const DEFAULT_DELAY_RESTORE: DurationNs = 30 * SECOND
export const DEFAULT_DELAY_RESTORE_ORPHAN: DurationNs = 0
export const DEFAULT_AUTO_RECOVERY: DurationNs = 240 * SECOND

/** Hellos on the peer-link, and the silence after which the peer is not there†: what the keepalive has. */
export const HELLO_INTERVAL: DurationNs = SECOND
export const HELLO_TIMEOUT: DurationNs = 5 * SECOND
/** What was not acknowledged is sent again after so long†. */
export const RETRANSMIT_AFTER: DurationNs = SECOND / 10
/** How often addresses that are still in use are told to the peer, so that they age at neither†. */
export const SWEEP_INTERVAL: DurationNs = 60 * SECOND

/** What spanning tree takes a vPC's rate for, whatever legs it has: a vPC costs 200 by the long method (Nexus 5000 design guide, page 51). */
export const VPC_RATE = 100_000_000_000

/** 00:23:04:ee:be:00, as `show vpc role` prints it with the domain added: domain 100 has ..:64. */
const SYSTEM_MAC_BASE: MacAddress = 0x002304eebe00

/** The system MAC of a pair. */
export const systemMacOf = ({ domain, systemMac }: MlagConfig): MacAddress => systemMac ?? SYSTEM_MAC_BASE + domain

/** The bridge port of a vPC's leg. */
export const portOf = ({ bridge }: MlagConfig, { bundle }: VpcConfig): number => bridge.ports.length + bundle

/** LACP's key of a vPC, and by how much the first and the second peer's port numbers are higher than those of their ports†: they differ whatever the ports. */
const VPC_KEY = 0x8000
const PORT_NUMBERS = [0, 0x4000]

/** A member of the peer-link that hears no LACP must not become a port of its own beside it; NX-OS suspends such members of all port-channels unless told otherwise. */
const asPair = (config: MlagConfig, group: GroupConfig): GroupConfig => {
  const vpc = config.vpcs.find(({ bundle }) => bundle === group.bundle)
  const isPeerLink = config.bridge.ports.length + group.bundle === config.peerLink
  const suspended = { ...group, suspendIndividual: isPeerLink || group.suspendIndividual !== false }
  return vpc === undefined
    ? suspended
    : {
        ...suspended,
        key: VPC_KEY + vpc.id,
        system: systemMacOf(config),
        systemPriority: config.systemPriority ?? DEFAULT_PRIORITY,
        portNumbersFrom: PORT_NUMBERS[config.peer - 1],
      }
}

const bridges = new WeakMap<MlagConfig, BridgeConfig>()

/** The bridge as it runs within the pair: LACP on vPCs is the pair's. */
export const bridgeOf = (config: MlagConfig): BridgeConfig => {
  let bridge = bridges.get(config)
  if (bridge === undefined) {
    bridge = {
      ...config.bridge,
      protocols: config.bridge.protocols.map((protocol) => {
        if (protocol.kind !== "lacp") return protocol
        const lacp = protocol.config as LacpConfig
        return { ...protocol, config: { ...lacp, groups: lacp.groups.map((group) => asPair(config, group)) } }
      }),
    }
    bridges.set(config, bridge)
  }
  return bridge
}
