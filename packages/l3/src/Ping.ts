/** Ping runs: echo probes at a fixed interval, and what became of them. */
import type { DurationNs, SimTime } from "@l2lab/sim/SimTime"
import type { Ipv4Address } from "./Ipv4Address.ts"

/** A stretch without answers, closed by an answer. */
export interface PingGap {
  /** Arrival of the last answer before it. */
  readonly from: SimTime
  /** Arrival of the answer that ended it. */
  readonly to: SimTime
  /** Probes sent between the two answered ones that had no answer when it ended. */
  readonly unanswered: number
}

/** What a query tells of a run. */
export interface PingRun {
  readonly run: number
  readonly target: Ipv4Address
  readonly everyNs: DurationNs
  readonly timeoutNs: DurationNs
  readonly active: boolean
  readonly startedAt: SimTime
  readonly sent: number
  /** Answered within the timeout. */
  readonly received: number
  /** Not answered within the timeout. */
  readonly lost: number
  /** Neither answered nor timed out yet. */
  readonly outstanding: number
  /** Answers to probes that had been counted as lost. */
  readonly late: number
  /** Answers to probes that had been answered. */
  readonly duplicates: number
  /** The longest time from one answer to the next: the outage, at a resolution of `everyNs`. 0 before the second answer. */
  readonly longestGapNs: DurationNs
  /** When the first lost probe was sent; undefined when none was lost. */
  readonly firstLostAt: SimTime | undefined
  readonly firstAnsweredAt: SimTime | undefined
  /** A run that was cut off and never recovered has its open outage from here. */
  readonly lastAnsweredAt: SimTime | undefined
  /** Gaps of more than one and a half intervals, oldest first; the last 64. */
  readonly gaps: ReadonlyArray<PingGap>
  /** All such gaps, also those no longer listed. */
  readonly gapCount: number
  /** Round trip times of received probes; 0 before the first. */
  readonly rttMinNs: DurationNs
  readonly rttAverageNs: DurationNs
  readonly rttMaxNs: DurationNs
}
