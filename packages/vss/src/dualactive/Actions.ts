/** What dual-active detection has its chassis do. */
import type { VslpActions } from "../vslp/Actions.ts"

/**
 * Everything it can do. Valid only during the call that it is passed to. `send` counts detection ports, by their position in `config.ports`; timers are of
 * detection's own range.
 */
export interface DualActiveActions extends Pick<
  VslpActions,
  "send" | "startTimer" | "stopTimer" | "random" | "trace" | "detail" | "tracing"
> {
  /**
   * This chassis was active before, and another is now: all its ports go down but those of the VSL, of detection, and those that are excluded; and VSLP is
   * told (`onRecovery`), which has the chassis boot anew when the VSL is back. It is never taken back.
   */
  recovery(isOn: true): void
}
