/** The one timer of the guards: it fires at the first of what they wait for. */
import type { ControlActions } from "@l2lab/l2/ControlProtocol"
import { NEVER, type SimTime } from "@l2lab/sim/SimTime"
import type { Toolkit } from "./State.ts"

/** Have the timer fire at `at`, or before that if it is to already. */
export const by = (toolkit: Toolkit, at: SimTime, actions: ControlActions): void => {
  if (at === NEVER || at >= toolkit.dueAt[0]) return
  toolkit.dueAt[0] = at
  actions.startTimer(toolkit.timer, at)
}

/** The timer fired: `expire` does what is due in each column of deadlines, and the timer waits for the first of the others. */
export const fired = (
  toolkit: Toolkit,
  now: SimTime,
  actions: ControlActions,
  ...columns: ReadonlyArray<readonly [deadlines: Float64Array, expire: (i: number) => void]>
): void => {
  toolkit.dueAt[0] = NEVER
  for (const [deadlines, expire] of columns) {
    for (let i = 0; i < deadlines.length; i++) {
      if (deadlines[i] === NEVER || deadlines[i] > now) continue
      deadlines[i] = NEVER
      expire(i)
    }
  }
  for (const [deadlines] of columns) for (let i = 0; i < deadlines.length; i++) by(toolkit, deadlines[i], actions)
}
