/**
 * BPDU guard: no bridge may be behind the port, and whoever speaks like one has it taken out of service (errdisable, `bpduguard`). Set on a port it
 * watches always; by the bridge's default it watches ports that are set to be edges and operate as such. A port that filters BPDUs by its own setting hears none,
 * and this guard with it.
 */
import type { ControlActions } from "@l2lab/l2/ControlProtocol"
import * as ErrdisableCause from "@l2lab/l2/ErrdisableCause"
import * as Trace from "../Trace.ts"
import { BY_DEFAULT, ON, type Toolkit } from "./State.ts"
import { isEdge, type Trees } from "./Trees.ts"

/** Whether a BPDU on the port takes it out of service. */
export const isWatching = <S>(toolkit: Toolkit, trees: Trees<S>, state: S, port: number): boolean =>
  toolkit.bpduGuard[port] === ON ||
  (toolkit.bpduGuardDefault === 1 && toolkit.bpduGuard[port] === BY_DEFAULT && isEdge(trees, state, port))

/** A BPDU came in. */
export const trip = (port: number, actions: ControlActions): void => {
  actions.trace(Trace.BPDU_GUARD.code, port, 0, 0, 0)
  actions.errdisable(port, ErrdisableCause.BPDUGUARD)
}
