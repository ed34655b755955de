/**
 * Actions that are another's: a base for those that change one of them, as a tree per VLAN does with sending and the guards do with it again.
 */
import type { SwitchPort, VlanId } from "@l2lab/l2/BridgeConfig"
import type { BridgePortStatus, ControlActions, LearntAddress } from "@l2lab/l2/ControlProtocol"
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import type { DurationNs, SimTime } from "@l2lab/sim/SimTime"

/** One object for all bridges, pointed at one before each call and valid during it. */
export class PassedActions implements ControlActions {
  protected actions!: ControlActions
  tracing = false

  protected pass(actions: ControlActions): void {
    this.actions = actions
    this.tracing = actions.tracing
  }

  sendPdu(port: number, frame: EthernetFrame, tci: number, tree?: number): void {
    this.actions.sendPdu(port, frame, tci, tree)
  }
  portStatus(port: number): BridgePortStatus {
    return this.actions.portStatus(port)
  }
  portAddress(port: number): number {
    return this.actions.portAddress(port)
  }
  setPortState(port: number, tree: number, learning: boolean, forwarding: boolean): void {
    this.actions.setPortState(port, tree, learning, forwarding)
  }
  isForwarding(port: number, vlan: VlanId): boolean {
    return this.actions.isForwarding(port, vlan)
  }
  setVlanTrees(treeOfVlan: (vlan: number) => number): void {
    this.actions.setVlanTrees(treeOfVlan)
  }
  learnt(tree: number): ReadonlyArray<LearntAddress> {
    return this.actions.learnt(tree)
  }
  setVlans(existing: ReadonlyArray<VlanId>): void {
    this.actions.setVlans(existing)
  }
  setVtpDomain(domain: string): void {
    this.actions.setVtpDomain(domain)
  }
  setSwitchPort(port: number, settings: SwitchPort): void {
    this.actions.setSwitchPort(port, settings)
  }
  flush(port: number, tree: number, isLeft?: boolean): void {
    this.actions.flush(port, tree, isLeft)
  }
  topologyChange(tree: number, port: number, cause: number): void {
    this.actions.topologyChange(tree, port, cause)
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
  setMember(linkPort: number, role: number): void {
    this.actions.setMember(linkPort, role)
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
