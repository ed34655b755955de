/** What a design says of one chassis to VSLP, and the figures that platforms differ in. */
import type { MacAddress } from "@l2lab/l2/MacAddress"
import { MILLISECOND, SECOND, type DurationNs } from "@l2lab/sim/SimTime"
import type { RedundancyMode } from "./VslpPdu.ts"

/** `switch virtual domain`: 1 to this, the same on both chassis. */
export const MOST_DOMAIN = 255
/** `switch 1`, `switch 2`. */
export type SwitchNumber = 1 | 2
/** `switch NUMBER priority`: 1 to this; the higher goes first. */
export const MOST_PRIORITY = 255
/** The priority of a chassis that says none. */
export const DEFAULT_PRIORITY = 100
/** `switch NUMBER preempt` without a delay†: fifteen minutes. */
export const DEFAULT_PREEMPT_DELAY: DurationNs = 15 * 60 * SECOND

/** Times of a platform. */
export interface VslpTimes {
  /** Between two LMP hellos on a link (T4). */
  readonly hello: DurationNs
  /** A peer that is silent for so long is gone (T5); what was wrong with a link is believed for as long. */
  readonly dead: DurationNs
  /**
   * Fast link notification: a link that is in use and brings no hello for so long is given up, before T5. On Catalysts the hardware does it, with a BFD session
   * on each VSL link (configuration guide of the 4500, 5-13).
   */
  readonly fastLink: DurationNs
  /** How long a peer that is heard may take to say that it hears us. */
  readonly bidirectional: DurationNs
  /** From switching on until the virtual switch link is brought up: its part of the configuration is read first. */
  readonly preParse: DurationNs
  /** How long a chassis that has brought up its links waits for a peer before it is active alone, and a link before it is called silent. */
  readonly alone: DurationNs
  /** Between two RRP PDUs that say the same. */
  readonly rrp: DurationNs
}

/** A Catalyst 6500†. None of these figures has a source that could be read: `docs/DEVIATIONS.md`. */
export const CATALYST_6500: VslpTimes = {
  hello: 500 * MILLISECOND,
  dead: 60 * SECOND,
  fastLink: 1500 * MILLISECOND,
  bidirectional: 1500 * MILLISECOND,
  preParse: 0,
  alone: 30 * SECOND,
  rrp: SECOND,
}

/** One chassis. */
export interface VslpConfig {
  /** 1 .. MOST_DOMAIN. */
  readonly domain: number
  readonly switchNumber: SwitchNumber
  /** The chassis' own address, by which others tell it from all chassis. */
  readonly address: MacAddress
  /** The link ports of the virtual switch link, by VSL link: traces speak of link ports. */
  readonly links: ReadonlyArray<number>
  /** 1 .. MOST_PRIORITY; DEFAULT_PRIORITY where nothing is said. */
  readonly priority?: number
  /** It takes the active role from a chassis of lower priority, when it has been hot standby for so long; absent: never. */
  readonly preemptDelay?: DurationNs
  /** Software version, at most 32 characters: chassis of two versions go together in RPR only. */
  readonly version?: string
  /** 32 bits that stand for what both configurations must share: RPR where they differ. */
  readonly configuration?: number
  /** `redundancy mode`; `sso` where nothing is said. */
  readonly redundancy?: RedundancyMode
  /** CATALYST_6500 where nothing is said. */
  readonly times?: VslpTimes
}
