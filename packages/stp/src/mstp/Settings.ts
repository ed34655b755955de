/**
 * What a design or an operator may set for 802.1Q-2005 multiple spanning trees (13.22). Times that break the standard's relations are taken
 * as they stand; it is the design's business to refuse them.
 */
import type { PathCostMethod } from "../PathCost.ts"
import type { Seconds } from "../StpTime.ts"

/** A spanning tree instance by its number: 0 is the CIST, 1..4094 are MSTIs. */
export type Mstid = number

/** VLANs from the first to the last, both included. */
export type VlanRange = readonly [first: number, last: number]

/** The parts of an MST Configuration Identifier that are configured (13.7); bridges that have the same ones form a region. */
export interface RegionConfig {
  /** At most 32 octets; empty by default. */
  readonly name?: string
  /** 0..65535; 0 by default. */
  readonly revision?: number
  /** VLANs by MSTID; VLANs that stand nowhere belong to the CIST. At most 64 MSTIs. */
  readonly instances?: Readonly<Record<Mstid, ReadonlyArray<VlanRange>>>
}

/** Multiple spanning trees on one bridge port; everything has a default. */
export interface PortSettings {
  /** Management's word: false keeps the port Disabled even while its link is up. True by default. */
  readonly enabled?: boolean
  /** 13.22 p): the cost of the port's LAN where it is a way to another region. 1..200000000; by the link's rate when absent. */
  readonly externalPathCost?: number
  /** 13.22 q): its cost within the region, in the CIST; `externalPathCost` when absent, else by the link's rate. */
  readonly internalPathCost?: number
  /** 0..240 in steps of 16, 128 by default; in the CIST. */
  readonly priority?: number
  /** 1..4095; the bridge port's index plus one by default. */
  readonly portNo?: number
  /** 13.22 k): the port has no bridge behind it and forwards at once. False by default. */
  readonly adminEdge?: boolean
  /** 13.22 m): find out by silence that there is no bridge behind the port. True by default. */
  readonly autoEdge?: boolean
  /** 6.4.3: whether there is at most one bridge at the other end; `auto` (the default) takes full duplex for it. */
  readonly adminPointToPointMAC?: "auto" | boolean
  /** 13.24 h): the port is never the way to a root. False by default. */
  readonly restrictedRole?: boolean
  /** 13.24 i): the port passes no topology change on. False by default. */
  readonly restrictedTcn?: boolean
}

/** What an MSTI has of its own on one port. */
export interface MstiPortSettings {
  /** 13.22 q): by the link's rate when absent. */
  readonly internalPathCost?: number
  /** 0..240 in steps of 16, 128 by default. */
  readonly priority?: number
}

/** What an MSTI has of its own on a bridge. */
export interface MstiSettings {
  /** 0..61440 in steps of 4096, 32768 by default. */
  readonly priority?: number
  /** By bridge port. */
  readonly ports?: ReadonlyArray<MstiPortSettings | undefined>
}

/** What a design says of the multiple spanning trees of one bridge. */
export interface MstpConfig {
  readonly region?: RegionConfig
  /** Bridge priority in the CIST: 0..61440 in steps of 4096, 32768 by default. */
  readonly priority?: number
  /** By bridge port; ports beyond its end have the defaults. */
  readonly ports?: ReadonlyArray<PortSettings>
  /** By MSTID; may name MSTIs that the region has not (yet). */
  readonly mstis?: Readonly<Record<Mstid, MstiSettings>>
  /** 2 s by default. */
  readonly helloTime?: Seconds
  /** 13.22 i): 20 s by default. */
  readonly maxAge?: Seconds
  /** 13.22 f): 15 s by default. */
  readonly forwardDelay?: Seconds
  /** 13.22 g): BPDUs of a port within a second, 1..10; 6 by default. */
  readonly txHoldCount?: number
  /** 13.22 h): 3 s. */
  readonly migrateTime?: Seconds
  /** 13.22 o): bridges that information may cross within the region, 6..40; 20 by default. */
  readonly maxHops?: number
  /** 13.22 e): 3; 2 to behave as an RSTP bridge does, 0 as an STP bridge. */
  readonly forceProtocolVersion?: 0 | 2 | 3
  /** Stand for the trees of PVST+ bridges on trunks to them (`PvstSimulation.ts`). False by default, as in 802.1Q. */
  readonly pvstSimulation?: boolean
  /** Long (32 bits) by default. */
  readonly pathCostMethod?: PathCostMethod
}

/** Recommended values, as Open vSwitch and mstpd have them. */
export const DEFAULT_HELLO_TIME: Seconds = 2
export const DEFAULT_MAX_AGE: Seconds = 20
export const DEFAULT_FORWARD_DELAY: Seconds = 15
export const DEFAULT_MIGRATE_TIME: Seconds = 3
export const DEFAULT_TX_HOLD_COUNT = 6
export const DEFAULT_MAX_HOPS = 20

/** The most MSTIs that a region may have besides the CIST (13.14†). */
export const MAXIMUM_MSTIS = 64
