/**
 * What a design says of the guards around a spanning tree, by the names of Catalyst switches. None of it is of a standard; a bridge that is told
 * none of it runs without any of this.
 */

/** The guards of one bridge port; what is absent follows the bridge's defaults. */
export interface PortGuards {
  /** BPDU guard: any BPDU takes the port out of service. Absent: as `bpduGuardDefault` has it, on edge ports. */
  readonly bpduGuard?: boolean
  /** BPDU filter: BPDUs are neither sent nor taken, whatever loops there are. Absent: as `bpduFilterDefault` has it, on edge ports. */
  readonly bpduFilter?: boolean
  /** Root guard, loop guard, or neither of them whatever the defaults are. */
  readonly guard?: "root" | "loop" | "none"
  /** A port to another switch that is never silent: bridge assurance watches it (Rapid PVST+ and MSTP, point-to-point links). */
  readonly network?: boolean
}

/** The guards of a bridge. */
export interface ToolkitConfig {
  /** By bridge port; ports beyond its end follow the defaults. */
  readonly ports?: ReadonlyArray<PortGuards | undefined>
  /** BPDU guard on every port that is set to be an edge and operates as one. */
  readonly bpduGuardDefault?: boolean
  /** BPDU filter on such ports: a few BPDUs when it comes up, none after that, until one comes in. */
  readonly bpduFilterDefault?: boolean
  /** Loop guard on every point-to-point link. */
  readonly loopGuardDefault?: boolean
  /** Whether network ports are watched; true by default. */
  readonly bridgeAssurance?: boolean
  /** PVST+ only: another way to the root is used as soon as the root port's link is lost. `rate` in dummy multicasts a second; with 0 none are sent. */
  readonly uplinkFast?: { readonly rate?: number }
  /** PVST+ only: ask for the root when a neighbour has lost it. */
  readonly backboneFast?: boolean
}

/** BPDUs that an edge port sends when it comes up before the filter of `bpduFilterDefault` stops them: guides say at least ten, who counted found 11. */
export const FILTER_AFTER = 11

/** Dummy multicasts a second. */
export const DEFAULT_RATE = 150

/** With UplinkFast a bridge's priority is this unless one was set, and costs below 3000 are 3000 higher: nobody's way to the root leads through it. */
export const UPLINK_FAST_PRIORITY = 49_152
export const UPLINK_FAST_COST = 3000
