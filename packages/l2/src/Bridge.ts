/**
 * The bridge as a device: sorts control frames from data, hands data to the relay and control frames to the protocols, and applies
 * the actions that the protocols ask for. The kind is made from the control protocols that its bridges may run.
 */
import { DeviceKind, type Command, type LinkStatus, type Outbox, type PortShut, type TimerId } from "@l2lab/sim/Device"
import type { DurationNs, SimTime } from "@l2lab/sim/SimTime"
import type { BridgeConfig, SwitchPort, VlanId } from "./BridgeConfig.ts"
import * as BridgeState from "./BridgeState.ts"
import * as BridgeVlans from "./BridgeVlans.ts"
import * as ControlPlane from "./ControlPlane.ts"
import { ALL_PORTS, type AnyControlProtocolKind, type BridgePortStatus } from "./ControlProtocol.ts"
import type { ControlActions, LearntAddress } from "./ControlProtocol.ts"
import * as Errdisable from "./Errdisable.ts"
import * as ErrdisableCause from "./ErrdisableCause.ts"
import type { EthernetFrame } from "./EthernetFrame.ts"
import * as FilteringDatabase from "./FilteringDatabase.ts"
import * as Flooding from "./Flooding.ts"
import * as Ingress from "./Ingress.ts"
import * as MacRelay from "./MacRelay.ts"
import * as PortCounters from "./PortCounters.ts"
import * as PortSecurity from "./PortSecurity.ts"
import * as StormControl from "./StormControl.ts"
import * as Trace from "./Trace.ts"
import { NO_VLAN } from "./VlanTable.ts"

/** First 16 bits of the IEEE 802.1 group addresses 01-80-C2-00-00-xx. */
const IEEE_GROUP_HIGH = 0x0180
/** First 16 bits of 01-00-0C-xx-xx-xx, where Cisco's control protocols live (and of IPv4 multicast 01-00-5E, which none claims). */
const CISCO_GROUP_HIGH = 0x0100
/** Low 32 bits of 01-80-C2-00-00-00; the reserved addresses differ from it in the last four bits only. */
const RESERVED_LOW = 0xc2000000 | 0

/** A command to a bridge itself; everything else is offered to its protocols. */
export type BridgeCommand =
  /** Forget what was learnt, on one port (0-based) or on all (`clear mac address-table dynamic`). */
  | { readonly type: "bridge.clear-dynamic"; readonly port?: number }
  /** The processor hangs (true), or goes on. While it hangs it hears no other command. */
  | { readonly type: "bridge.control-plane"; readonly hung: boolean }
  /** Let ports come back by themselves that were taken out of service for a cause, or not; with or without a new interval for all causes. */
  | {
      readonly type: "bridge.errdisable-recovery"
      readonly cause: ErrdisableCause.Name
      readonly on: boolean
      readonly intervalNs?: DurationNs
    }
  /** Bring up the ports that are out of service for a cause (`udld reset`). */
  | { readonly type: "bridge.errdisable-reset"; readonly cause: ErrdisableCause.Name }
  /** Let these VLANs exist, of those that the bridge has room for, and no others. */
  | { readonly type: "bridge.set-vlans"; readonly existing: ReadonlyArray<VlanId> }
  /** Have a port (0-based) treat VLANs so. */
  | { readonly type: "bridge.set-switch-port"; readonly port: number; readonly settings: SwitchPort }

/** The actions of one bridge kind; pointed at a bridge and a protocol before each call, valid during it. */
class Actions implements ControlActions {
  private state!: BridgeState.BridgeState
  private out!: Outbox<EthernetFrame>
  private now: SimTime = 0
  private firstTimer = 0
  tracing = false

  at(state: BridgeState.BridgeState, protocol: number, now: SimTime, out: Outbox<EthernetFrame>): this {
    this.state = state
    this.out = out
    this.now = now
    this.firstTimer = state.timerBase[protocol]
    this.tracing = out.tracing
    return this
  }

  sendPdu(port: number, frame: EthernetFrame, tci: number): void {
    const linkPort = this.state.linkPortOf[port]
    if (this.state.config.controlClass === false) this.out.transmit(linkPort, frame, tci)
    else this.out.transmitControl(linkPort, frame, tci)
  }

  portStatus(port: number): BridgePortStatus {
    const { fullDuplex, rateBps, up } = this.state
    return { up: up[port] === 1, rateBps: rateBps[port], fullDuplex: fullDuplex[port] === 1 }
  }

  portAddress(port: number): number {
    return this.state.address + 1 + port
  }

  setPortState(port: number, tree: number, learning: boolean, forwarding: boolean): void {
    const bits = (learning ? BridgeState.LEARNING : 0) | (forwarding ? BridgeState.FORWARDING : 0)
    BridgeState.setPortState(this.state, tree, port, bits)
  }

  isForwarding(port: number, vlan: VlanId): boolean {
    const { portStates, ports, vlans } = this.state
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
  }

  setSwitchPort(port: number, settings: SwitchPort): void {
    for (let tree = 0; tree < this.state.trees; tree++) this.forget(port, tree)
    BridgeState.setSwitchPort(this.state, port, settings)
    this.out.trace(Trace.SWITCH_PORT.code, port, settings.mode === "trunk" ? 1 : 0, BridgeVlans.untagged(settings), 0)
  }

  flush(port: number, tree: number, isLeft = false): void {
    if (port === ALL_PORTS) {
      for (let p = 0; p < this.state.ports; p++) this.flush(p, tree, isLeft)
      return
    }
    const forgotten = this.forget(port, tree)
    if (!isLeft) Flooding.noteFlush(this.state, tree, forgotten)
    else if (this.state.up[port] === 1) Flooding.noteLooseFlush(this.state, tree, forgotten, this.now)
  }

  /** Flush a port, for whatever reason. */
  forget(port: number, tree: number): number {
    const forgotten = FilteringDatabase.flush(this.state.fdb, tree, port)
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
      const octets = flooding.octets[vlan] - flooding.octetsAtChange[vlan]
      if (octets > 0) {
        this.out.detail(Trace.FLOODED.code, vlans.ids[vlan], flooding.frames[vlan] - flooding.framesAtChange[vlan], octets, 0)
      }
    }
  }

  setAgeing(tree: number, ageing: DurationNs): void {
    if (this.state.fdb.ageing[tree] === ageing) return
    Flooding.setAgeing(this.state, tree, ageing, this.now)
    this.out.trace(Trace.AGEING.code, tree, ageing, 0, 0)
  }

  configuredAgeing(_tree: number): DurationNs {
    return this.state.config.ageingNs ?? BridgeState.DEFAULT_AGEING
  }

  errdisable(port: number, cause: number): void {
    Errdisable.disable(this.state, port, cause, this.now, this.out)
  }

  startTimer(id: number, at: SimTime): void {
    this.forgetOverdue(id)
    this.out.startTimer(this.firstTimer + id, at)
  }

  stopTimer(id: number): void {
    this.forgetOverdue(id)
    this.out.stopTimer(this.firstTimer + id)
  }

  /** A timer that ran out while the processor hung, and that what is done now sets anew or stops. */
  private forgetOverdue(id: number): void {
    const { overdue } = this.state.controlPlane
    if (overdue.length === 0) return
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

/** The device kind `bridge`, whose bridges may run the given control protocols. */
export const bridgeKind = (
  protocols: ReadonlyArray<AnyControlProtocolKind>,
): DeviceKind<BridgeState.BridgeState, EthernetFrame, BridgeConfig> => {
  const byName = new Map(protocols.map((protocol) => [protocol.kind, protocol]))
  const kindNamed = (name: string): AnyControlProtocolKind => {
    const kind = byName.get(name)
    if (kind === undefined) throw new Error(`a bridge runs "${name}", which its kind was not made with`)
    return kind
  }
  // The kinds of a configuration are looked up once; configurations are immutable and shared by everything made from them.
  const kindsByConfig = new WeakMap<BridgeConfig, ReadonlyArray<AnyControlProtocolKind>>()
  const kindsOf = (config: BridgeConfig): ReadonlyArray<AnyControlProtocolKind> => {
    let kinds = kindsByConfig.get(config)
    if (kinds === undefined) {
      kinds = config.protocols.map((protocol) => kindNamed(protocol.kind))
      kindsByConfig.set(config, kinds)
    }
    return kinds
  }
  const actions = new Actions()

  /** Tell all protocols of VLANs that came or went and of ports that treat them otherwise; what one of them changes on that, again. */
  const announceVlans = (state: BridgeState.BridgeState, now: SimTime, out: Outbox<EthernetFrame>): void => {
    const kinds = kindsOf(state.config)
    while (state.vlansChanged) {
      state.vlansChanged = false
      const view = BridgeState.currentView(state)
      for (let i = 0; i < kinds.length; i++) kinds[i].onVlans(state.protocols[i], view, now, actions.at(state, i, now, out))
    }
  }

  /** The position of the protocol that a frame for a control address is for; -1 for none. */
  const claimant = (kinds: ReadonlyArray<AnyControlProtocolKind>, frame: EthernetFrame): number => {
    for (let i = 0; i < kinds.length; i++) if (kinds[i].claims(frame)) return i
    return -1
  }

  /** Give a PDU to its protocol; true if the relay must not see it. */
  const deliver = (
    state: BridgeState.BridgeState,
    i: number,
    port: number,
    frame: EthernetFrame,
    tci: number,
    now: SimTime,
    out: Outbox<EthernetFrame>,
  ): boolean => {
    const taken =
      kindsOf(state.config)[i].onPdu(state.protocols[i], port, frame, tci, now, actions.at(state, i, now, out)) !== false
    if (state.vlansChanged) announceVlans(state, now, out)
    return taken
  }

  /** Drop a frame for a reserved address that no protocol claims; false where such frames are flooded, or the address is none. */
  const isReserved = (state: BridgeState.BridgeState, port: number, frame: EthernetFrame): boolean => {
    const reserved = frame.destinationHigh === IEEE_GROUP_HIGH && (frame.destinationLow & -16) === RESERVED_LOW
    if (!reserved || state.config.reserved === "flood") return false
    state.drops[port * PortCounters.REASONS + PortCounters.RESERVED_ADDRESS]++
    return true
  }

  /** Offer a frame for a control address to the protocols; true if the relay must not see it. */
  const consume = (
    state: BridgeState.BridgeState,
    port: number,
    frame: EthernetFrame,
    tci: number,
    now: SimTime,
    out: Outbox<EthernetFrame>,
  ): boolean => {
    const i = claimant(kindsOf(state.config), frame)
    return i >= 0 ? deliver(state, i, port, frame, tci, now, out) : isReserved(state, port, frame)
  }

  /** The way of a frame on a bridge that looks before it takes: storm control, the queue before the processor, port security, then as ever. */
  const guard = (
    state: BridgeState.BridgeState,
    port: number,
    frame: EthernetFrame,
    tci: number,
    now: SimTime,
    out: Outbox<EthernetFrame>,
  ): void => {
    const high = frame.destinationHigh
    const isControl = high === IEEE_GROUP_HIGH || (high === CISCO_GROUP_HIGH && frame.destinationLow >>> 16 === 0x0ccc)
    if (Ingress.isStorm(state, port, frame, tci, isControl, now, out)) return
    if (high === IEEE_GROUP_HIGH || high === CISCO_GROUP_HIGH) {
      const i = claimant(kindsOf(state.config), frame)
      if (i >= 0) {
        const fate = ControlPlane.admit(state, port, frame, tci, now, out)
        if (fate === "never") Ingress.losePdu(state, port, out)
        if (fate !== "now" || deliver(state, i, port, frame, tci, now, out)) return
      } else if (isReserved(state, port, frame)) return
    }
    if (Ingress.isInsecure(state, port, frame, tci, now, out)) return
    if ((high & 0x0100) !== 0) Ingress.punt(state, port, frame, tci, now, out)
    MacRelay.relay(state, port, frame, tci, now, out)
  }

  /** The processor takes the first PDU that waits. */
  const process = (state: BridgeState.BridgeState, now: SimTime, out: Outbox<EthernetFrame>): void => {
    const pdu = ControlPlane.next(state, out)
    if (pdu === undefined || state.up[pdu.port] === 0) return
    const i = claimant(kindsOf(state.config), pdu.frame)
    if (!deliver(state, i, pdu.port, pdu.frame, pdu.tci, now, out)) MacRelay.relay(state, pdu.port, pdu.frame, pdu.tci, now, out)
  }

  const onTimer = (state: BridgeState.BridgeState, timer: TimerId, now: SimTime, out: Outbox<EthernetFrame>): void => {
    if (state.controlPlane.hung) {
      state.controlPlane.overdue.push(timer)
      return
    }
    if (timer === state.ownTimers + Errdisable.RECOVERY_TIMER) return Errdisable.recover(state, now, out)
    if (timer === state.ownTimers + ControlPlane.PROCESSOR_TIMER) return process(state, now, out)
    let i = 0
    while (timer >= state.timerBase[i + 1]) i++
    kindsOf(state.config)[i].onTimer(state.protocols[i], timer - state.timerBase[i], now, actions.at(state, i, now, out))
    if (state.vlansChanged) announceVlans(state, now, out)
  }

  /** Tell the protocols of a port that came up or went down. */
  const tellPort = (
    state: BridgeState.BridgeState,
    port: number,
    up: boolean,
    now: SimTime,
    out: Outbox<EthernetFrame>,
  ): void => {
    const kinds = kindsOf(state.config)
    const status = { up, rateBps: state.rateBps[port], fullDuplex: state.fullDuplex[port] === 1 }
    for (let i = 0; i < kinds.length; i++) kinds[i].onPort(state.protocols[i], port, status, now, actions.at(state, i, now, out))
    if (state.vlansChanged) announceVlans(state, now, out)
  }

  /** The processor stops, or goes on: then what came due meanwhile is done at once, in the order in which it did. */
  const setHung = (state: BridgeState.BridgeState, hung: boolean, now: SimTime, out: Outbox<EthernetFrame>): void => {
    const { controlPlane: plane } = state
    if (plane.hung === hung) return
    if (hung) ControlPlane.hang(state, out)
    plane.hung = hung
    state.guarded = hung || BridgeState.isGuarded(state.config)
    out.trace(Trace.CONTROL_PLANE.code, hung ? 0 : 1, plane.overdue.length, 0, 0)
    if (hung) return
    for (let timer = plane.overdue.shift(); timer !== undefined; timer = plane.overdue.shift()) onTimer(state, timer, now, out)
    for (let port = 0; port < state.ports; port++) {
      const changed = plane.changed[port]
      plane.changed[port] = 0
      if ((changed & ControlPlane.WENT_DOWN) !== 0) tellPort(state, port, false, now, out)
      if (changed !== 0 && state.up[port] === 1) tellPort(state, port, true, now, out)
    }
  }

  const onLink = (
    state: BridgeState.BridgeState,
    linkPort: number,
    link: LinkStatus,
    now: SimTime,
    out: Outbox<EthernetFrame>,
  ): void => {
    const port = state.bridgePortOf[linkPort]
    state.up[port] = link.up ? 1 : 0
    const { hung } = state.controlPlane
    if (link.up) Errdisable.up(state, port, now, out)
    else if (!hung && Errdisable.flapped(state, port, now)) Errdisable.disable(state, port, ErrdisableCause.LINK_FLAP, now, out)
    state.rateBps[port] = link.rateBps
    state.fullDuplex[port] = link.fullDuplex ? 1 : 0
    if (link.up) {
      StormControl.linkUp(state, port, link.rateBps, now)
      ControlPlane.linkUp(state, port, now)
    } else PortSecurity.linkDown(state, port)
    for (let tree = 0; tree < state.trees; tree++) {
      if (state.free || !link.up) {
        BridgeState.setPortState(state, tree, port, link.up ? BridgeState.LEARNING | BridgeState.FORWARDING : 0)
      }
      // What was learnt on a port is forgotten when its link goes down.
      if (!link.up) actions.at(state, 0, now, out).forget(port, tree)
    }
    if (hung) state.controlPlane.changed[port] |= link.up ? ControlPlane.CAME_UP : ControlPlane.WENT_DOWN
    else tellPort(state, port, link.up, now, out)
  }

  const onCommand = (state: BridgeState.BridgeState, command: Command, now: SimTime, out: Outbox<EthernetFrame>): void => {
    if (command.type === "bridge.control-plane") {
      return setHung(state, (command as Extract<BridgeCommand, { readonly type: "bridge.control-plane" }>).hung, now, out)
    }
    let told = command
    if (command.type === "port.shut") {
      const port = state.bridgePortOf[(command as PortShut).port]
      Errdisable.clear(state, port, out)
      told = { type: "port.shut", port } as PortShut
    }
    if (state.controlPlane.hung) return // nobody listens
    if (command.type === "bridge.clear-dynamic") {
      const { port } = command as Extract<BridgeCommand, { readonly type: "bridge.clear-dynamic" }>
      for (let p = port ?? 0; p <= (port ?? state.ports - 1); p++) {
        for (let tree = 0; tree < state.trees; tree++) actions.at(state, 0, now, out).forget(p, tree)
      }
      return
    }
    if (command.type === "bridge.errdisable-recovery") {
      const { cause, intervalNs, on } = command as Extract<BridgeCommand, { readonly type: "bridge.errdisable-recovery" }>
      return Errdisable.setRecovery(state, ErrdisableCause.CAUSES.indexOf(cause), on, intervalNs, now, out)
    }
    if (command.type === "bridge.errdisable-reset") {
      const { cause } = command as Extract<BridgeCommand, { readonly type: "bridge.errdisable-reset" }>
      return Errdisable.reset(state, ErrdisableCause.CAUSES.indexOf(cause), out)
    }
    if (command.type === "bridge.set-vlans") {
      actions.at(state, 0, now, out).setVlans((command as Extract<BridgeCommand, { readonly type: "bridge.set-vlans" }>).existing)
    } else if (command.type === "bridge.set-switch-port") {
      const { port, settings } = command as Extract<BridgeCommand, { readonly type: "bridge.set-switch-port" }>
      actions.at(state, 0, now, out).setSwitchPort(port, settings)
    }
    const kinds = kindsOf(state.config)
    for (let i = 0; i < kinds.length; i++) kinds[i].onCommand(state.protocols[i], told, now, actions.at(state, i, now, out))
    if (state.vlansChanged) announceVlans(state, now, out)
  }

  return new DeviceKind<BridgeState.BridgeState, EthernetFrame, BridgeConfig>({
    kind: "bridge",
    ports: (config) => config.ports.length,
    timers: (config) => {
      const view = BridgeState.viewOf(config)
      return kindsOf(config).reduce((sum, kind, i) => sum + kind.timers(config.protocols[i].config, view), BridgeState.OWN_TIMERS)
    },
    make: (config, now) => BridgeState.make(config, kindsOf(config), now),
    onBoot: (state, now, out) => {
      const kinds = kindsOf(state.config)
      for (let i = 0; i < kinds.length; i++) kinds[i].onBoot(state.protocols[i], now, actions.at(state, i, now, out))
    },
    onFrame: (state, linkPort, frame, tci, now, out) => {
      const port = state.bundled ? state.bridgePortOf[linkPort] : linkPort
      if (state.guarded) return guard(state, port, frame, tci, now, out)
      const high = frame.destinationHigh
      if ((high === IEEE_GROUP_HIGH || high === CISCO_GROUP_HIGH) && consume(state, port, frame, tci, now, out)) return
      MacRelay.relay(state, port, frame, tci, now, out)
    },
    onTimer,
    onLink,
    onCommand,
    copy: (state) => BridgeState.copy(state, kindsOf(state.config)),
    fingerprint: (state, digest, now) => BridgeState.fingerprint(state, kindsOf(state.config), digest, now),
  })
}
