/**
 * Loop guard: a port that was told where the root is, and is told no more, does not begin to forward for that: it is blocked (`*LOOP_Inc`) until it
 * hears a BPDU again or its link has been down. Silence on a link that is up is a fault of the link, or of who is behind it. Point-to-point links
 * only, set on the port or by default: on a shared one somebody else may have become designated.
 */
import type { ControlActions } from "@l2lab/l2/ControlProtocol"
import type { SimTime } from "@l2lab/sim/SimTime"
import { LOOP } from "../Inconsistency.ts"
import { BY_DEFAULT, ON, type Toolkit } from "./State.ts"
import { set, setForBpdu, type Trees } from "./Trees.ts"

/** Whether loop guard is set on the port, or the bridge's default and not forbidden there. */
export const isOn = (toolkit: Toolkit, port: number): boolean =>
  toolkit.loopGuard[port] === ON || (toolkit.loopGuardDefault === 1 && toolkit.loopGuard[port] === BY_DEFAULT)

/** Whether the port is watched. */
export const isWatching = <S>(toolkit: Toolkit, trees: Trees<S>, state: S, port: number): boolean =>
  isOn(toolkit, port) && trees.isPointToPoint(state, port, toolkit.fullDuplex[port] === 1)

/** Positions found at one firing of a timer; emptied before each. */
const found: Array<number> = []

/** A timer of the protocol is about to fire: ports on which it forgets what they were told are blocked instead. */
export const beforeTimer = <S>(
  toolkit: Toolkit,
  trees: Trees<S>,
  state: S,
  timer: number,
  now: SimTime,
  actions: ControlActions,
): void => {
  found.length = 0
  trees.agingOut(state, timer, found)
  for (const i of found) {
    const port = i % toolkit.ports
    if (!isWatching(toolkit, trees, state, port)) continue
    set(trees, state, Math.floor(i / toolkit.ports), port, LOOP, true, now, actions)
  }
}

/** A BPDU came in: someone is there. */
export const heard = <S>(trees: Trees<S>, state: S, tree: number, port: number, now: SimTime, actions: ControlActions): void =>
  setForBpdu(trees, state, tree, port, LOOP, false, now, actions)
