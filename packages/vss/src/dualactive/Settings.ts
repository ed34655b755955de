/** What a design says of dual-active detection on one chassis. */
import type { MacAddress } from "@l2lab/l2/MacAddress"
import type { Ipv4Address } from "@l2lab/l3/Ipv4Address"
import { MILLISECOND, SECOND, type DurationNs } from "@l2lab/sim/SimTime"
import type { SwitchNumber } from "../vslp/Settings.ts"

/** `dual-active fast-hello`: a cable between the chassis that carries nothing but fast hellos. */
export interface FastHelloPort {
  readonly by: "fast-hello"
  /** The link port. */
  readonly port: number
}

/** `dual-active pair interface … bfd`: a cable between the chassis for a BFD session, which is down for as long as the VSL is up. */
export interface BfdPort {
  readonly by: "bfd"
  /** The link port. */
  readonly port: number
  /** The address that the port sends from: each has one of its own. */
  readonly address: MacAddress
  readonly local: Ipv4Address
  readonly peer: Ipv4Address
}

/** A port that detection has for itself: it carries no data. */
export type DetectionPort = FastHelloPort | BfdPort

/** Fast-hello ports of a chassis, at most (Cisco's VSS white paper of 2012, page 44). */
export const MOST_FAST_HELLO = 4

/** Times of a platform. */
export interface DetectionTimes {
  /** Between two fast hellos while the VSL is up†, and while it is down†. */
  readonly fastHello: DurationNs
  readonly fastHelloWithoutVsl: DurationNs
  /** A peer whose fast hellos stay away for so long is not heard any more†. */
  readonly fastHelloDead: DurationNs
  /** BFD: Desired Min TX and Required Min RX of a session that is up, and Detect Mult: 100 ms times 3, as Cisco's users set it. */
  readonly bfd: DurationNs
  readonly bfdMultiplier: number
}

/** A Catalyst 6500†: `docs/DEVIATIONS.md`. */
export const CATALYST_6500: DetectionTimes = {
  fastHello: 500 * MILLISECOND,
  fastHelloWithoutVsl: 50 * MILLISECOND,
  fastHelloDead: 2 * SECOND,
  bfd: 100 * MILLISECOND,
  bfdMultiplier: 3,
}

/** One chassis. */
export interface DualActiveConfig {
  /** As in `VslpConfig`. */
  readonly domain: number
  readonly switchNumber: SwitchNumber
  readonly address: MacAddress
  readonly ports: ReadonlyArray<DetectionPort>
  /** `dual-active detection pagp`: what PAgP neighbours say counts; true where nothing is said. */
  readonly pagp?: boolean
  /** CATALYST_6500 where nothing is said. */
  readonly times?: DetectionTimes
}
