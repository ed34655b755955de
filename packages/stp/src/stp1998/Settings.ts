/**
 * What a design or an operator may set for 802.1D-1998 spanning tree, and the named profiles in which implementations differ from
 * the standard's recommendations. Times that break the standard's relations (2 x (forward delay - 1) >= max age >= 2 x (hello + 1))
 * are taken as they stand; it is the design's business to refuse them or to warn.
 */
import type { PathCostMethod } from "../PathCost.ts"
import type { Seconds, Ticks256 } from "../StpTime.ts"

/** Spanning tree on one bridge port; everything has a default. */
export interface PortSettings {
  /** Management's word (8.8.2, 8.8.3): false keeps the port Disabled even while its link is up. True by default. */
  readonly enabled?: boolean
  /** Overrides the cost that follows from the link's rate: 1..65535 short, 1..200000000 long. */
  readonly pathCost?: number
  /** 0..255, 128 by default. */
  readonly priority?: number
  /** 1..4095; the bridge port's index plus one by default. */
  readonly portNo?: number
  /** 8.5.5.10: whether this port's coming and going is a topology change. True by default. */
  readonly changeDetectionEnabled?: boolean
  /**
   * PortFast, which 1998 does not know: no bridge is behind the port, so it forwards at once and its coming is no topology change. A BPDU that
   * comes in ends that until the link has been down. False by default.
   */
  readonly adminEdge?: boolean
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

/** The names of `PROFILES`. */
export type ProfileName = "standard" | "linux" | "openvswitch"

/** What a design says of the spanning tree of one bridge. */
export interface Stp1998Config {
  /** 0..65535, 32768 by default. */
  readonly priority?: number
  /** By bridge port; ports beyond its end have the defaults. */
  readonly ports?: ReadonlyArray<PortSettings>
  /** Used by all bridges while this one is the root. 2 s by default. */
  readonly helloTime?: Seconds
  /** 20 s by default. */
  readonly maxAge?: Seconds
  /** 15 s by default. */
  readonly forwardDelay?: Seconds
  /** Short (16 bits) by default. */
  readonly pathCostMethod?: PathCostMethod
  /** In which choices of implementations this bridge follows whom; `standard` by default. */
  readonly profile?: ProfileName
  /** Overrides the profile's. */
  readonly messageAgeIncrement?: Ticks256
  /** Per tree, by its index; 802.1D itself knows one. */
  readonly trees?: ReadonlyArray<TreeSettings>
}

/** The choices in which implementations differ and that can be seen from outside. */
export interface Profile {
  /**
   * What a bridge adds to the age of the root port's information when it passes it on (8.10.1†): the standard recommends to
   * overestimate by 1 s, kernels add the time that really passed and 1/256 s.
   */
  readonly messageAgeIncrement: Ticks256
  /** The short ageing time during a topology change, in forward delays: 1 in the standard (8.3.5†), 2 in the Linux kernel. */
  readonly shortAgeingForwardDelays: number
  /**
   * 8.5.3.14†: the least time between two Configuration BPDUs of a port: 1 s. Linux rounds this timer's deadline to whole seconds of its
   * clock, shifted by processor, and so falls short of 1 s by about 12 ms.
   */
  readonly holdTime: Ticks256
}

// docs/DEVIATIONS.md tells what each profile is based on.
export const PROFILES: Readonly<Record<ProfileName, Profile>> = {
  standard: { messageAgeIncrement: 256, shortAgeingForwardDelays: 1, holdTime: 256 },
  linux: { messageAgeIncrement: 1, shortAgeingForwardDelays: 2, holdTime: 253 },
  openvswitch: { messageAgeIncrement: 1, shortAgeingForwardDelays: 1, holdTime: 256 },
}

/** 8.10.2†: recommended values. */
export const DEFAULT_HELLO_TIME: Seconds = 2
export const DEFAULT_MAX_AGE: Seconds = 20
export const DEFAULT_FORWARD_DELAY: Seconds = 15
