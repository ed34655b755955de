/** The management commands of 802.1D-1998 spanning tree (8.8), as plain data that a command log keeps. Ports are bridge ports, from 0. */
import type { Seconds } from "../StpTime.ts"

/** What the spanning tree of a bridge can be told. */
export type Stp1998Command =
  | { readonly type: "stp.set-bridge-priority"; readonly tree?: number; readonly priority: number }
  | { readonly type: "stp.set-port-priority"; readonly tree?: number; readonly port: number; readonly priority: number }
  /** Without `cost` it follows from the link's rate again. */
  | { readonly type: "stp.set-path-cost"; readonly tree?: number; readonly port: number; readonly cost?: number }
  /** Spanning tree's use of a port: a port that is not enabled is Disabled and forwards nothing. */
  | { readonly type: "stp.set-port-enabled"; readonly port: number; readonly enabled: boolean }
  | { readonly type: "stp.set-change-detection"; readonly tree?: number; readonly port: number; readonly enabled: boolean }
  /** Absent times stay. */
  | {
      readonly type: "stp.set-bridge-times"
      readonly tree?: number
      readonly helloTime?: Seconds
      readonly maxAge?: Seconds
      readonly forwardDelay?: Seconds
    }

/** Whether a command is of this protocol. */
export const isStp1998Command = (command: { readonly type: string }): command is Stp1998Command => command.type.startsWith("stp.")
