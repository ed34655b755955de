/** What the parts of a vPC peer have done for them. Valid only during the call that it is passed to. */
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import type { BridgePortStatus } from "@l2lab/l2/ControlProtocol"
import type { Command } from "@l2lab/sim/Device"
import type { SimTime } from "@l2lab/sim/SimTime"
import type { MlagPdu } from "./MlagPdu.ts"
import type { Flush } from "./MlagRecord.ts"
import type { TimerName } from "./State.ts"

/** What spanning tree, behind its fence, is told by the peer around it. Never from outside. */
export type TreeCommand =
  /** A port came up or went down as far as spanning tree is concerned. */
  | { readonly type: "mlag.tree-port"; readonly port: number; readonly status: BridgePortStatus }
  /** A BPDU came in by the other peer's leg. */
  | { readonly type: "mlag.tree-bpdu"; readonly port: number; readonly frame: EthernetFrame; readonly tci: number }
  /** It has just been made. */
  | { readonly type: "mlag.tree-boot" }

/** Management's word to a peer; everything else goes to its bridge. */
export type MlagCommand = {
  /** `role priority`: counts when roles are next agreed upon, and takes back that the role is sticky. */
  readonly type: "mlag.role-priority"
  readonly priority: number
}

/** The actions. */
export interface MlagActions {
  readonly now: SimTime
  /** Send on the peer-link, in the control class; nothing while it is down. */
  send(pdu: MlagPdu): void
  /** Send a keepalive where keepalives go. */
  sendKeepalive(pdu: MlagPdu): void
  startTimer(name: TimerName, at: SimTime): void
  stopTimer(name: TimerName): void
  setPortEnabled(link: number, enabled: boolean): void
  /** Tell spanning tree. */
  tree(command: TreeCommand | Command): void
  /** Make spanning tree anew, with the bridge address of the state. */
  restartTree(): void
  /** What was learnt on a port in a tree is forgotten. */
  flush(port: number, tree: number): void
  errdisable(port: number, cause: number): void
  /** Send a frame by a bridge port's link, in the control class. */
  emit(port: number, frame: EthernetFrame, tci: number): void
  /** What the peer will be told to forget when the event is over. */
  readonly flushes: Array<Flush>
  random(): number
  trace(code: number, a: number, b: number, c: number, d: number): void
  detail(code: number, a: number, b: number, c: number, d: number): void
  readonly tracing: boolean
}
