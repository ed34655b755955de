/**
 * The actions that the machines of a tree per VLAN are given. All but sending go to the bridge as they are; a BPDU leaves in the frames that carry its
 * tree on the port: plain ones of 802.1D, SSTP frames with the VLAN's tag or without, or (VLAN 1 on a trunk) both.
 *
 * The SSTP frame of a (tree, port) is kept as long as the BPDU in it is the same object, which the machines keep while it says the same.
 */
import type { SwitchPort, VlanId } from "@l2lab/l2/BridgeConfig"
import type { ControlActions } from "@l2lab/l2/ControlProtocol"
import * as EthernetFrame from "@l2lab/l2/EthernetFrame"
import type { DurationNs, SimTime } from "@l2lab/sim/SimTime"
import type * as Bpdu from "../Bpdu.ts"
import * as Sstp from "./Sstp.ts"
import { ENCAPSULATION_BOTH, ENCAPSULATION_IEEE, ENCAPSULATION_NONE, type State } from "./State.ts"

/** One object for all bridges, pointed at one before each call and valid during it. */
export class VlanActions implements ControlActions {
  private state!: State<unknown>
  private actions!: ControlActions
  tracing = false

  at(state: State<unknown>, actions: ControlActions): this {
    this.state = state
    this.actions = actions
    this.tracing = actions.tracing
    return this
  }

  sendPdu(port: number, frame: EthernetFrame.EthernetFrame, tci: number, tree = 0): void {
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

  portAddress(port: number): number {
    return this.actions.portAddress(port)
  }
  setPortState(port: number, tree: number, learning: boolean, forwarding: boolean): void {
    this.actions.setPortState(port, tree, learning, forwarding)
  }
  setVlanTrees(treeOfVlan: (vlan: number) => number): void {
    this.actions.setVlanTrees(treeOfVlan)
  }
  setVlans(existing: ReadonlyArray<VlanId>): void {
    this.actions.setVlans(existing)
  }
  setSwitchPort(port: number, settings: SwitchPort): void {
    this.actions.setSwitchPort(port, settings)
  }
  flush(port: number, tree: number): void {
    this.actions.flush(port, tree)
  }
  topologyChange(tree: number): void {
    this.actions.topologyChange(tree)
  }
  setAgeing(tree: number, ageing: DurationNs): void {
    this.actions.setAgeing(tree, ageing)
  }
  configuredAgeing(tree: number): DurationNs {
    return this.actions.configuredAgeing(tree)
  }
  errdisable(port: number, cause: number): void {
    this.actions.errdisable(port, cause)
  }
  startTimer(id: number, at: SimTime): void {
    this.actions.startTimer(id, at)
  }
  stopTimer(id: number): void {
    this.actions.stopTimer(id)
  }
  random(): number {
    return this.actions.random()
  }
  trace(code: number, a: number, b: number, c: number, d: number): void {
    this.actions.trace(code, a, b, c, d)
  }
  detail(code: number, a: number, b: number, c: number, d: number): void {
    this.actions.detail(code, a, b, c, d)
  }
}

const sstpOf = (bpdu: Bpdu.Bpdu, pvid: number): Sstp.SstpBpdu =>
  bpdu.kind === "config" || bpdu.kind === "rst" ? { protocol: "sstp", bpdu, pvid } : Sstp.TCN
