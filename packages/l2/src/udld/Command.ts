/** Commands to UDLD while a bridge runs. Ports count from 0. */
import type { Mode } from "./State.ts"

/** What management may tell UDLD. */
export type UdldCommand =
  /** `udld port`, `udld port aggressive`, `no udld port`. */
  | { readonly type: "udld.set-mode"; readonly port: number; readonly mode: Mode }
  /** `udld message time`, in seconds. */
  | { readonly type: "udld.set-message-time"; readonly seconds: number }
