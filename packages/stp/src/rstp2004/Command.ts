/** The management commands of 802.1D-2004 spanning tree, as plain data that a command log keeps. Ports are bridge ports, from 0. */
import type { Seconds } from "../StpTime.ts"

/** What the rapid spanning tree of a bridge can be told; what both have is spelt as for 802.1D-1998. */
export type Rstp2004Command =
  | { readonly type: "stp.set-bridge-priority"; readonly tree?: number; readonly priority: number }
  | { readonly type: "stp.set-port-priority"; readonly tree?: number; readonly port: number; readonly priority: number }
  /** Without `cost` it follows from the link's rate again. */
  | { readonly type: "stp.set-path-cost"; readonly tree?: number; readonly port: number; readonly cost?: number }
  /** Spanning tree's use of a port: a port that is not enabled is Disabled and forwards nothing. */
  | { readonly type: "stp.set-port-enabled"; readonly port: number; readonly enabled: boolean }
  /** Absent times stay. */
  | {
      readonly type: "stp.set-bridge-times"
      readonly tree?: number
      readonly helloTime?: Seconds
      readonly maxAge?: Seconds
      readonly forwardDelay?: Seconds
    }
  /** Set mcheck (17.19.13): try RST BPDUs again on a port that fell back to 802.1D-1998. */
  | { readonly type: "stp.check-migration"; readonly port: number }

/** Whether a command may be of this protocol. */
export const isRstp2004Command = (command: { readonly type: string }): command is Rstp2004Command =>
  command.type.startsWith("stp.")
