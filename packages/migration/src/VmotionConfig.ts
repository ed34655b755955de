/** Settings of vMotion on a host. All optional: what is left out takes the default given here. Assumptions: docs/DEVIATIONS.md. */
import { type DurationNs, MILLISECOND, SECOND } from "@l2lab/sim/SimTime"

/** What a design may say. */
export interface VmotionConfig {
  /** How long the other host may be silent before the migration is given up; 20 s (recalled of ESX, not verified). */
  readonly timeoutNs?: DurationNs
  /** Stun when what is dirty can be sent within this time: the switch-over goal, 500 ms. */
  readonly switchoverGoalNs?: DurationNs
  /** Longest time from stun until the destination is told to resume; then the VM goes on on the source. 100 s. */
  readonly maximumSwitchoverNs?: DurationNs
  /** Most pre-copy rounds; 64. */
  readonly maximumRounds?: number
  /** Give up after this many rounds in a row that shrank what is dirty by less than 1 MiB; 3. */
  readonly stalledRounds?: number
  /** Migrations that leave, and that arrive, at the same time; further ones to leave wait in a queue. 4, as at 1 Gb/s. */
  readonly concurrent?: number
  /** From stun until the dirty log is read and the device state is saved; 10 ms, an assumption. */
  readonly stunNs?: DurationNs
  /** From the last octet of state until the vCPUs run on the destination; 30 ms, an assumption. */
  readonly resumeNs?: DurationNs
  /** How often the guest's writes are entered into the dirty log; 10 ms. */
  readonly tickNs?: DurationNs
}

/** The same with the defaults filled in. */
export type Settings = Required<VmotionConfig>

/** What holds where a design says nothing. */
export const DEFAULTS: Settings = {
  timeoutNs: 20 * SECOND,
  switchoverGoalNs: 500 * MILLISECOND,
  maximumSwitchoverNs: 100 * SECOND,
  maximumRounds: 64,
  stalledRounds: 3,
  concurrent: 4,
  stunNs: 10 * MILLISECOND,
  resumeNs: 30 * MILLISECOND,
  tickNs: 10 * MILLISECOND,
}

/** A configuration with the defaults filled in. */
export const settings = (config: VmotionConfig): Settings => ({ ...DEFAULTS, ...config })
