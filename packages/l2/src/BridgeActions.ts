/** What control protocols have a plain bridge do: each action, applied at once. */
import type { Outbox } from "@l2lab/sim/Device"
import type { DurationNs, SimTime } from "@l2lab/sim/SimTime"
import type { SwitchPort, VlanId } from "./BridgeConfig.ts"
import * as BridgeState from "./BridgeState.ts"
import * as BridgeVlans from "./BridgeVlans.ts"
import { ALL_PORTS, type BridgePortStatus, type ControlActions, type LearntAddress } from "./ControlProtocol.ts"
import * as Errdisable from "./Errdisable.ts"
import type { EthernetFrame } from "./EthernetFrame.ts"
import * as FilteringDatabase from "./FilteringDatabase.ts"
import * as Flooding from "./Flooding.ts"
import * as Pairing from "./Pairing.ts"
import * as Trace from "./Trace.ts"
import { NO_VLAN } from "./VlanTable.ts"

/** The actions of one bridge kind; pointed at a bridge and a protocol before each call, valid during it. */
export class Actions implements ControlActions {
  private state!: BridgeState.BridgeState
  private out!: Outbox<EthernetFrame>
  private now: SimTime = 0
  private firstTimer = 0
  private perLink = false
  tracing = false

  at(state: BridgeState.BridgeState, protocol: number, now: SimTime, out: Outbox<EthernetFrame>): this {
    this.state = state
    this.out = out
    this.now = now
    this.firstTimer = state.timerBase[protocol]
    this.perLink = state.perLink[protocol] === true
    this.tracing = out.tracing
    return this
  }

  sendPdu(port: number, frame: EthernetFrame, tci: number): void {
    const linkPort = this.perLink ? port : this.state.linkPortOf[port]
    if (linkPort < 0) return
    if (this.state.config.controlClass === false) this.out.transmit(linkPort, frame, tci)
    else this.out.transmitControl(linkPort, frame, tci)
  }

  portStatus(port: number): BridgePortStatus {
    const { fullDuplex, rateBps, up } = (this.perLink && this.state.bundles) || this.state
    return { up: up[port] === 1, rateBps: rateBps[port], fullDuplex: fullDuplex[port] === 1 }
  }

  portAddress(port: number): number {
    return this.state.address + 1 + port
  }

  setPortState(port: number, tree: number, learning: boolean, forwarding: boolean): void {
    const bits = (learning ? BridgeState.LEARNING : 0) | (forwarding ? BridgeState.FORWARDING : 0)
    BridgeState.setPortState(this.state, tree, port, bits)
  }

  isForwarding(at: number, vlan: VlanId): boolean {
    const { bridgePortOf, portStates, ports, vlans } = this.state
    const port = this.perLink ? bridgePortOf[at] : at
    const index = vlans.indexOf[vlan]
    return index !== NO_VLAN && (portStates[vlans.treeOf[index] * ports + port] & BridgeState.FORWARDING) !== 0
  }

  setVlanTrees(treeOfVlan: (vlan: number) => number): void {
    BridgeState.setVlanTrees(this.state, treeOfVlan)
  }

  setVlans(existing: ReadonlyArray<VlanId>): void {
    const before = BridgeVlans.existing(this.state)
    if (BridgeState.setVlans(this.state, existing, this.now)) BridgeVlans.trace(this.state, before, this.out)
  }

  setVtpDomain(domain: string): void {
    if (this.state.vtpDomain === domain) return
    this.state.vtpDomain = domain
    this.state.vlansChanged = true
    Pairing.note(this.state, Pairing.VTP_DOMAIN)
  }

  setSwitchPort(port: number, settings: SwitchPort): void {
    for (let tree = 0; tree < this.state.trees; tree++) this.forget(port, tree)
    BridgeState.setSwitchPort(this.state, port, settings)
    this.out.trace(Trace.SWITCH_PORT.code, port, settings.mode === "trunk" ? 1 : 0, BridgeVlans.untagged(settings), 0)
  }

  flush(port: number, tree: number, isLeft = false): void {
    if (port === ALL_PORTS) for (let p = 0; p < this.state.ports; p++) this.flushPort(p, tree, isLeft)
    else this.flushPort(port, tree, isLeft)
  }

  private flushPort(port: number, tree: number, isLeft: boolean): void {
    const forgotten = this.forget(port, tree)
    if (!isLeft) Flooding.noteFlush(this.state, tree, forgotten)
    else if (this.state.up[port] === 1) Flooding.noteLooseFlush(this.state, tree, forgotten, this.now)
  }

  /** Flush a port, for whatever reason. */
  forget(port: number, tree: number): number {
    const forgotten = FilteringDatabase.flush(this.state.fdb, tree, port)
    Pairing.note(this.state, Pairing.FLUSHED, port, tree)
    if (forgotten > 0) this.out.trace(Trace.CAM_FLUSHED.code, port, tree, forgotten, 0)
    return forgotten
  }

  learnt(tree: number): ReadonlyArray<LearntAddress> {
    const { fdb, vlans } = this.state
    return FilteringDatabase.entries(fdb, this.now).filter(
      ({ fid, isStatic }) => !isStatic && vlans.treeOf[vlans.fidOf.indexOf(fid)] === tree,
    )
  }

  topologyChange(tree: number, port: number, cause: number): void {
    if (this.tracing) this.traceFlooding(tree)
    Flooding.noteTopologyChange(this.state, tree, port, cause, this.now)
  }

  /** What the change before this one cost. */
  private traceFlooding(tree: number): void {
    const { flooding, vlans } = this.state
    for (let i = vlans.treeStart[tree]; i < vlans.treeStart[tree + 1]; i++) {
      const vlan = vlans.byTree[i]
      const { frames, octets } = Flooding.sinceChange(flooding, vlan)
      if (octets > 0) this.out.detail(Trace.FLOODED.code, vlans.ids[vlan], frames, octets, 0)
    }
  }

  setAgeing(tree: number, ageing: DurationNs): void {
    if (this.state.fdb.ageing[tree] === ageing) return
    Flooding.setAgeing(this.state, tree, ageing, this.now)
    Pairing.note(this.state, Pairing.AGEING, tree, ageing)
    this.out.trace(Trace.AGEING.code, tree, ageing, 0, 0)
  }

  configuredAgeing(_tree: number): DurationNs {
    return this.state.config.ageingNs ?? BridgeState.DEFAULT_AGEING
  }

  errdisable(port: number, cause: number): void {
    Errdisable.disable(this.state, port, cause, this.now, this.out)
  }

  setMember(linkPort: number, role: number): void {
    const { bundles } = this.state
    if (bundles === null || bundles.wanted[linkPort] === role) return
    bundles.wanted[linkPort] = role
    bundles.pending = 1
  }

  startTimer(id: number, at: SimTime): void {
    if (this.state.guarded) this.forgetOverdue(id)
    this.out.startTimer(this.firstTimer + id, at)
  }

  stopTimer(id: number): void {
    if (this.state.guarded) this.forgetOverdue(id)
    this.out.stopTimer(this.firstTimer + id)
  }

  /** A timer that ran out while the processor hung, and that what is done now sets anew or stops. */
  private forgetOverdue(id: number): void {
    const { overdue } = this.state.controlPlane
    const i = overdue.indexOf(this.firstTimer + id)
    if (i >= 0) overdue.splice(i, 1)
  }

  random(): number {
    return this.out.random()
  }

  trace(code: number, a: number, b: number, c: number, d: number): void {
    this.out.trace(code, a, b, c, d)
  }

  detail(code: number, a: number, b: number, c: number, d: number): void {
    this.out.detail(code, a, b, c, d)
  }
}
