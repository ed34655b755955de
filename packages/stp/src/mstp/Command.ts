/**
 * The management commands of 802.1Q-2005 multiple spanning trees, as plain data that a command log keeps. Ports are bridge ports, from 0;
 * trees are named by their MSTID, 0 (the default) being the CIST.
 */
import type { Seconds } from "../StpTime.ts"
import type { Mstid, RegionConfig } from "./Settings.ts"

/** What the spanning trees of a bridge can be told; what all protocols have is spelt as for 802.1D-1998. */
export type MstpCommand =
  | { readonly type: "stp.set-bridge-priority"; readonly msti?: Mstid; readonly priority: number }
  | { readonly type: "stp.set-port-priority"; readonly msti?: Mstid; readonly port: number; readonly priority: number }
  /** The cost within the region, or with `external` that of a way to another one. Without `cost` it follows from the link's rate again. */
  | {
      readonly type: "stp.set-path-cost"
      readonly msti?: Mstid
      readonly port: number
      readonly cost?: number
      readonly external?: boolean
    }
  /** Spanning tree's use of a port: a port that is not enabled is Disabled and forwards nothing. */
  | { readonly type: "stp.set-port-enabled"; readonly port: number; readonly enabled: boolean }
  /** Absent times stay. */
  | {
      readonly type: "stp.set-bridge-times"
      readonly helloTime?: Seconds
      readonly maxAge?: Seconds
      readonly forwardDelay?: Seconds
    }
  /** Set mcheck (13.24.2): try MST BPDUs again on a port that fell back to 802.1D-1998. */
  | { readonly type: "stp.check-migration"; readonly port: number }
  /** Another name, revision, or other VLANs in other MSTIs: the bridge begins anew. More MSTIs than there is room for are a fault. */
  | { readonly type: "stp.set-region"; readonly region: RegionConfig }

/** Whether a command may be of this protocol. */
export const isMstpCommand = (command: { readonly type: string }): command is MstpCommand => command.type.startsWith("stp.")
