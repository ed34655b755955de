/** What a scenario may say of the capture. */
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import type { Tci } from "@l2lab/sim/Device"
import type { SimTime } from "@l2lab/sim/SimTime"
import type * as Effect from "effect/Effect"
import type { Action } from "../Lab.ts"

/** A frame at a captured port, before it is written. */
export interface SeenFrame {
  readonly frame: EthernetFrame
  /** The outer tag, -1 = none. */
  readonly tci: Tci
  /** `sw1:1` */
  readonly port: string
  readonly direction: "in" | "out"
  readonly at: SimTime
}

/** What the capture is to hold. Without `--pcap` all of it does nothing; with `--capture` the user has chosen, and gets every frame. */
export interface CaptureControl {
  /** Capture ports from now on: `sw1:1`, `sw1`, `all`. */
  readonly ports: (...selection: ReadonlyArray<string>) => Action
  /** Capture both ends of every cable on the present way between two hosts, VMs or hypervisors. */
  readonly along: (from: string, to: string) => Action
  /** Look at every captured frame; a text becomes the packet's comment. Frames are shown in the order of the capture. */
  readonly annotate: (rule: (seen: SeenFrame) => string | undefined) => Effect.Effect<void>
  /**
   * Leave out the frames that a rule says yes to. The report tells how many; in the capture, the first packet behind a gap at each
   * port has a comment that says so.
   */
  readonly leaveOut: (rule: (seen: SeenFrame) => boolean) => Effect.Effect<void>
}
