/** Who looks on at a simulation. */
import type { Tci, WireFrame } from "./Device.ts"
import type { SimTime } from "./SimTime.ts"
import type { TraceEvent } from "./TraceEvent.ts"
import type * as World from "./World.ts"

/** Which way a captured frame went: `out` is stamped when the frame was handed to the port, `in` when its last octet arrived. */
export type CaptureDirection = "in" | "out"

/** Who looks on at a simulation. It changes nothing. */
export interface Listener<F extends WireFrame> {
  /** Every frame at the ports chosen with `capture`. `frame` has the outer tag `tci` beside it. */
  readonly onFrame?: (port: World.WorldPort, direction: CaptureDirection, frame: F, tci: Tci, at: SimTime) => void
  /** Every trace event, details included. */
  readonly onTrace?: (event: TraceEvent) => void
}
