/** What a design says of one chassis to VSLP, and the figures that platforms differ in. */
import type { MacAddress } from "@l2lab/l2/MacAddress"
import { MILLISECOND, SECOND, type DurationNs } from "@l2lab/sim/SimTime"

/** `switch virtual domain`: 1..255, the same on both chassis. */
export const MOST_DOMAIN = 255
/** `switch 1`, `switch 2`. */
export type SwitchNumber = 1 | 2
/** `switch NUMBER priority`: 1..255, the higher wins. */
export const DEFAULT_PRIORITY = 100

/** Times of a platform. */
export interface VslpTimes {
  /** Between two LMP hellos on a link. */
  readonly hello: DurationNs
  /** A link whose peer is silent for so long is not used any more. */
  readonly dead: DurationNs
  /** Between switching on and bringing up the virtual switch link: the chassis reads that part of its configuration first. */
  readonly preParse: DurationNs
  /** How long a chassis that has just brought up its links waits for a peer before it is active alone. */
  readonly alone: DurationNs
  /** Between two RRP PDUs that say the same. */
  readonly rrp: DurationNs
}

/** A Catalyst 6500†: what the sources of each figure are, `docs/DEVIATIONS.md` says. */
export const CATALYST_6500: VslpTimes = {
  hello: 500 * MILLISECOND,
  dead: 3 * 500 * MILLISECOND,
  preParse: 0,
  alone: 30 * SECOND,
  rrp: 500 * MILLISECOND,
}

/** One chassis. */
export interface VslpConfig {
  readonly domain: number
  readonly switchNumber: SwitchNumber
  /** The chassis' own address: what it is told from others by. */
  readonly address: MacAddress
  /** The link ports of the virtual switch link, by VSL link: for traces, which tell of link ports. */
  readonly links: ReadonlyArray<number>
  /** 1..255; 100 by default. */
  readonly priority?: number
  /** Takes the active role from a chassis of lower priority, so long after it has become hot standby; absent: never. */
  readonly preemptDelay?: DurationNs
  /** Software version: other versions do not go together but in RPR. */
  readonly version?: string
  /** A number for what the configurations of both must share; another number means RPR. */
  readonly configuration?: number
  /** `redundancy mode`; `sso` by default. */
  readonly redundancy?: "sso" | "rpr"
  /** `CATALYST_6500` by default. */
  readonly times?: VslpTimes
}
