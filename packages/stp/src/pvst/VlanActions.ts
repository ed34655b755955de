/**
 * The actions that the machines of a tree per VLAN are given. All but sending go to the bridge as they are; a BPDU leaves in the frames that carry its
 * tree on the port: plain ones of 802.1D, SSTP frames with the VLAN's tag or without, or (VLAN 1 on a trunk) both.
 *
 * The SSTP frame of a (tree, port) is kept as long as the BPDU in it is the same object, which the machines keep while it says the same.
 */
import type { ControlActions } from "@l2lab/l2/ControlProtocol"
import * as EthernetFrame from "@l2lab/l2/EthernetFrame"
import type * as Bpdu from "../Bpdu.ts"
import { PassedActions } from "../PassedActions.ts"
import * as Sstp from "./Sstp.ts"
import { ENCAPSULATION_BOTH, ENCAPSULATION_IEEE, ENCAPSULATION_NONE, type State } from "./State.ts"

/** One object for all bridges, pointed at one before each call and valid during it. */
export class VlanActions extends PassedActions {
  private state!: State<unknown>

  at(state: State<unknown>, actions: ControlActions): this {
    this.state = state
    this.pass(actions)
    return this
  }

  override sendPdu(port: number, frame: EthernetFrame.EthernetFrame, tci: number, tree = 0): void {
    const { actions, state } = this
    const i = tree * state.ports + port
    const encapsulation = state.encapsulation[i]
    if (encapsulation === ENCAPSULATION_NONE) return
    if (encapsulation === ENCAPSULATION_IEEE) return actions.sendPdu(port, frame, tci, tree)
    if (encapsulation === ENCAPSULATION_BOTH) actions.sendPdu(port, frame, tci, tree)
    let sstp = state.sstpFrame[i]
    if (sstp === null || (sstp.payload as Sstp.SstpBpdu).bpdu !== frame.payload) {
      sstp = Sstp.frame(sstpOf(frame.payload as Bpdu.Bpdu, state.vlanOfTree[tree]), frame.source)
      state.sstpFrame[i] = sstp
    }
    state.sstpSent[i]++
    actions.sendPdu(port, sstp, state.tag[i], tree)
  }
}

const sstpOf = (bpdu: Bpdu.Bpdu, pvid: number): Sstp.SstpBpdu =>
  bpdu.kind === "config" || bpdu.kind === "rst" ? { protocol: "sstp", bpdu, pvid } : Sstp.TCN
