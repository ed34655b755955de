/**
 * What a design or an operator may set for 802.1D-2004 spanning tree (17.13, table 17-1†). Times that break the standard's relations are
 * taken as they stand; it is the design's business to refuse them or to warn.
 */
import type { PathCostMethod } from "../PathCost.ts"
import type { Seconds } from "../StpTime.ts"

/** Rapid spanning tree on one bridge port; everything has a default. */
export interface PortSettings {
  /** Management's word: false keeps the port Disabled even while its link is up. True by default. */
  readonly enabled?: boolean
  /** 17.13.11: overrides the cost that follows from the link's rate. 1..200000000. */
  readonly pathCost?: number
  /** 17.13.10†: 0..240 in steps of 16, 128 by default. */
  readonly priority?: number
  /** 1..4095; the bridge port's index plus one by default. */
  readonly portNo?: number
  /** 17.13.1: the port has no bridge behind it and forwards at once. False by default. */
  readonly adminEdge?: boolean
  /** 17.13.3: find out by silence that there is no bridge behind the port. True by default. */
  readonly autoEdge?: boolean
  /** 6.4.3: whether there is at most one bridge at the other end; `auto` (the default) takes full duplex for it. */
  readonly adminPointToPointMAC?: "auto" | boolean
}

/** What one tree may have of its own; absent values are the bridge's and the port's. */
export interface TreeSettings {
  readonly priority?: number
  readonly helloTime?: Seconds
  readonly maxAge?: Seconds
  readonly forwardDelay?: Seconds
  /** By bridge port. */
  readonly ports?: ReadonlyArray<Pick<PortSettings, "pathCost" | "priority">>
}

/** What a design says of the rapid spanning tree of one bridge. */
export interface Rstp2004Config {
  /** 0..61440 in steps of 4096, 32768 by default. */
  readonly priority?: number
  /** By bridge port; ports beyond its end have the defaults. */
  readonly ports?: ReadonlyArray<PortSettings>
  /** 17.13.6: 2 s by default. */
  readonly helloTime?: Seconds
  /** 17.13.8: used by all bridges while this one is the root. 20 s by default. */
  readonly maxAge?: Seconds
  /** 17.13.5: used by all bridges while this one is the root. 15 s by default. */
  readonly forwardDelay?: Seconds
  /** 17.13.12†: BPDUs of a port within a second, 1..10; 6 by default. */
  readonly txHoldCount?: number
  /** 17.13.9: 3 s by default; the standard lets nobody change it. */
  readonly migrateTime?: Seconds
  /** 17.13.4†: 2, or 0 to behave as an 802.1D-1998 bridge does. */
  readonly forceProtocolVersion?: 0 | 2
  /** Long (32 bits) by default. */
  readonly pathCostMethod?: PathCostMethod
  /** Per tree, by its index; 802.1D itself knows one. */
  readonly trees?: ReadonlyArray<TreeSettings>
}

/** Table 17-1†: recommended values. */
export const DEFAULT_HELLO_TIME: Seconds = 2
export const DEFAULT_MAX_AGE: Seconds = 20
export const DEFAULT_FORWARD_DELAY: Seconds = 15
export const DEFAULT_MIGRATE_TIME: Seconds = 3
export const DEFAULT_TX_HOLD_COUNT = 6
