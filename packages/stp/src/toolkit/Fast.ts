/** What UplinkFast and BackboneFast, which PVST+ alone has, are told by the guards around its machines. */
import type { BridgePortStatus, ControlActions } from "@l2lab/l2/ControlProtocol"
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import type { SimTime } from "@l2lab/sim/SimTime"
import type { Toolkit } from "./State.ts"
import type { Heard } from "./Trees.ts"

export interface Fast<S> {
  /** The configuration that the machines get. */
  readonly configure: <C>(config: C) => C
  readonly prepare: (state: S, toolkit: Toolkit) => S
  /** Whether a frame is a root link query or an answer to one. */
  readonly claims: (frame: EthernetFrame) => boolean
  readonly receive: (
    state: S,
    toolkit: Toolkit,
    port: number,
    frame: EthernetFrame,
    tci: number,
    now: SimTime,
    actions: ControlActions,
  ) => void
  readonly beforePdu: (state: S, toolkit: Toolkit, port: number, heard: Heard, now: SimTime, actions: ControlActions) => void
  readonly beforePort: (
    state: S,
    toolkit: Toolkit,
    port: number,
    status: BridgePortStatus,
    now: SimTime,
    actions: ControlActions,
  ) => void
  readonly afterPort: Fast<S>["beforePort"]
  /** A returned uplink has waited long enough. */
  readonly expireHeld: (state: S, toolkit: Toolkit, i: number, now: SimTime, actions: ControlActions) => void
  /** The next dummy multicast is due. */
  readonly sendDummy: (state: S, toolkit: Toolkit, now: SimTime, actions: ControlActions) => void
}
