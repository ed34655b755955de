/** The hook byte of a port: what may hold there that is rare. Ports of which nothing is rare have 0, and the common path looks at nothing else. */
import type { WireFrame } from "./Device.ts"
import * as Transmitter from "./Transmitter.ts"
import * as World from "./World.ts"

/** Its frames are shown to the listener. */
export const CAPTURE = 1
/** Its frames are passed through a rewriting function. */
export const REWRITE = 2
/** The port cannot deliver: no cable, no carrier. */
export const DOWN = 4
/** The direction is dead, or loses or corrupts frames at random. */
export const IMPAIRED = 8
/** The two ends of the link differ about duplex. */
export const DUPLEX = 16

/** What holds for a port by the world's state: all but CAPTURE and REWRITE. */
export const of = <F extends WireFrame>(world: World.World<F>, port: World.WorldPort): number => {
  if (!World.hasCarrier(world, port)) return DOWN
  return (Transmitter.isImpaired(world, port) ? IMPAIRED : 0) | (Transmitter.halfOf(world, port) === null ? 0 : DUPLEX)
}
