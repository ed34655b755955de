/**
 * The bridge as a device: sorts control frames from data, hands data to the relay and control frames to the protocols, and applies
 * the actions that the protocols ask for. The kind is made from the control protocols that its bridges may run.
 */
import { DeviceKind, type Command, type LinkStatus, type Outbox, type PortShut, type TimerId } from "@l2lab/sim/Device"
import type { DurationNs, SimTime } from "@l2lab/sim/SimTime"
import type { BridgeConfig, SwitchPort, VlanId } from "./BridgeConfig.ts"
import * as BridgeState from "./BridgeState.ts"
import { BundleEgress } from "./bundle/BundleEgress.ts"
import * as Bundles from "./bundle/Bundles.ts"
import type { FlowReaders } from "./bundle/LoadBalance.ts"
import * as Members from "./bundle/Members.ts"
import * as MisconfigGuard from "./bundle/MisconfigGuard.ts"
import * as ControlPlane from "./ControlPlane.ts"
import { type AnyControlProtocolKind } from "./ControlProtocol.ts"
import * as Errdisable from "./Errdisable.ts"
import * as ErrdisableCause from "./ErrdisableCause.ts"
import type { EthernetFrame } from "./EthernetFrame.ts"
import * as Ingress from "./Ingress.ts"
import * as LinkState from "./LinkState.ts"
import * as MacRelay from "./MacRelay.ts"
import * as Pairing from "./Pairing.ts"
import * as PortCounters from "./PortCounters.ts"
import * as PortSecurity from "./PortSecurity.ts"
import * as StormControl from "./StormControl.ts"
import * as Trace from "./Trace.ts"
import { Actions } from "./BridgeActions.ts"

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

/**
 * The device kind `bridge`, whose bridges may run the given control protocols. `flows` read from payloads what bundles share their load by, where
 * that is more than MAC addresses: a bridge knows no IP.
 */
export const bridgeKind = (
  protocols: ReadonlyArray<AnyControlProtocolKind>,
  flows: FlowReaders = new Map(),
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
  const egress = new BundleEgress(flows)

  /** Tell all protocols of VLANs that came or went and of ports that treat them otherwise; what one of them changes on that, again. */
  const announceVlans = (state: BridgeState.BridgeState, now: SimTime, out: Outbox<EthernetFrame>): void => {
    const kinds = kindsOf(state.config)
    while (state.vlansChanged) {
      state.vlansChanged = false
      const view = BridgeState.currentView(state)
      const linkView = BridgeState.linkView(view, state.config)
      for (let i = 0; i < kinds.length; i++) {
        kinds[i].onVlans(state.protocols[i], kinds[i].perLink ? linkView : view, now, actions.at(state, i, now, out))
      }
    }
  }

  /** Hand a frame to the relay. */
  const relay = (
    state: BridgeState.BridgeState,
    port: number,
    frame: EthernetFrame,
    tci: number,
    now: SimTime,
    out: Outbox<EthernetFrame>,
  ): void => MacRelay.relay(state, port, frame, tci, now, state.bundles === null ? out : egress.at(state, state.bundles, out))

  /** What a protocol was told or did may have changed VLANs, and what is in a bundle. */
  const settle = (state: BridgeState.BridgeState, now: SimTime, out: Outbox<EthernetFrame>): void => {
    if (state.vlansChanged) announceVlans(state, now, out)
    if (state.bundles !== null && state.bundles.pending === 1) Members.follow(state, state.bundles, setBridgePort, now, out)
  }

  /** The position of the protocol that a frame for a control address is for; -1 for none. */
  const claimant = (kinds: ReadonlyArray<AnyControlProtocolKind>, frame: EthernetFrame): number => {
    for (let i = 0; i < kinds.length; i++) if (kinds[i].claims(frame)) return i
    return -1
  }

  /** Whether the bridge's protocols run on the other chassis of a pair. */
  const isHeadless = ({ pairing }: BridgeState.BridgeState): boolean => pairing !== null && pairing.headless === 1

  /** Give a PDU to its protocol; true if the relay must not see it. */
  const deliver = (
    state: BridgeState.BridgeState,
    kinds: ReadonlyArray<AnyControlProtocolKind>,
    i: number,
    port: number,
    link: number,
    frame: EthernetFrame,
    tci: number,
    now: SimTime,
    out: Outbox<EthernetFrame>,
  ): boolean => {
    const kind = kinds[i]
    if (isHeadless(state)) {
      state.pairing!.punted.push({ link, frame, tci })
      return true
    }
    if (state.bundles !== null && !kind.perLink) {
      // A member that is not in its bundle is no port to those who know bridge ports only.
      if (state.up[port] === 0) {
        state.drops[port * PortCounters.REASONS + PortCounters.PORT_BLOCKED]++
        return true
      }
      if (kind.bpdus && MisconfigGuard.trips(state, port, frame.source, now, out)) return true
    }
    const at = kind.perLink ? link : port
    const taken = kind.onPdu(state.protocols[i], at, frame, tci, now, actions.at(state, i, now, out)) !== false
    settle(state, now, out)
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
    link: number,
    frame: EthernetFrame,
    tci: number,
    now: SimTime,
    out: Outbox<EthernetFrame>,
  ): boolean => {
    const kinds = kindsOf(state.config)
    const i = claimant(kinds, frame)
    return i >= 0 ? deliver(state, kinds, i, port, link, frame, tci, now, out) : isReserved(state, port, frame)
  }

  /** The way of a frame on a bridge that looks before it takes: storm control, the queue before the processor, port security, then as ever. */
  const guard = (
    state: BridgeState.BridgeState,
    port: number,
    link: number,
    frame: EthernetFrame,
    tci: number,
    now: SimTime,
    out: Outbox<EthernetFrame>,
  ): void => {
    const high = frame.destinationHigh
    const isControl = high === IEEE_GROUP_HIGH || (high === CISCO_GROUP_HIGH && frame.destinationLow >>> 16 === 0x0ccc)
    if (Ingress.isStorm(state, port, frame, tci, isControl, now, out)) return
    if (high === IEEE_GROUP_HIGH || high === CISCO_GROUP_HIGH) {
      const kinds = kindsOf(state.config)
      const i = claimant(kinds, frame)
      if (i >= 0) {
        const fate = isHeadless(state) ? "now" : ControlPlane.admit(state, port, link, frame, tci, kinds[i].bpdus, now, out)
        if (fate === "never") Ingress.losePdu(state, port, out)
        if (fate !== "now" || deliver(state, kinds, i, port, link, frame, tci, now, out)) return
      } else if (isReserved(state, port, frame)) return
    }
    if (Ingress.isInsecure(state, port, frame, tci, now, out)) return
    if ((high & 0x0100) !== 0) Ingress.punt(state, port, frame, tci, now, out)
    relay(state, port, frame, tci, now, out)
  }

  /** The processor takes the first PDU that waits. */
  const process = (state: BridgeState.BridgeState, now: SimTime, out: Outbox<EthernetFrame>): void => {
    const pdu = ControlPlane.next(state, out)
    if (pdu === undefined || (state.bundles ?? state).up[pdu.link] === 0) return
    const kinds = kindsOf(state.config)
    const { frame, link, port, tci } = pdu
    if (!deliver(state, kinds, claimant(kinds, frame), port, link, frame, tci, now, out)) relay(state, port, frame, tci, now, out)
  }

  const onTimer = (state: BridgeState.BridgeState, timer: TimerId, now: SimTime, out: Outbox<EthernetFrame>): void => {
    if (state.guarded && state.controlPlane.hung) {
      state.controlPlane.overdue.push(timer)
      return
    }
    if (timer >= state.ownTimers) {
      if (timer === state.ownTimers + Errdisable.RECOVERY_TIMER) return Errdisable.recover(state, now, out)
      return timer === state.ownTimers + LinkState.TIMER ? LinkState.follow(state, now, out) : process(state, now, out)
    }
    let i = 0
    while (timer >= state.timerBase[i + 1]) i++
    kindsOf(state.config)[i].onTimer(state.protocols[i], timer - state.timerBase[i], now, actions.at(state, i, now, out))
    settle(state, now, out)
  }

  /** Tell protocols of a port that came up or went down: all of them, or, where there are bundles, those that know such ports. */
  const tellPort = (
    state: BridgeState.BridgeState,
    port: number,
    isLink: boolean,
    up: boolean,
    now: SimTime,
    out: Outbox<EthernetFrame>,
  ): void => {
    const kinds = kindsOf(state.config)
    const { bundles } = state
    const { fullDuplex, rateBps } = (isLink && bundles) || state
    const status = { up, rateBps: rateBps[port], fullDuplex: fullDuplex[port] === 1 }
    for (let i = 0; i < kinds.length; i++) {
      if (bundles !== null && kinds[i].perLink !== isLink) continue
      kinds[i].onPort(state.protocols[i], port, status, now, actions.at(state, i, now, out))
    }
    if (state.vlansChanged) announceVlans(state, now, out)
  }

  /** The processor stops, or goes on: then what came due meanwhile is done at once, in the order in which it did. */
  const setHung = (state: BridgeState.BridgeState, hung: boolean, now: SimTime, out: Outbox<EthernetFrame>): void => {
    const { controlPlane: plane } = state
    if (plane.hung === hung) return
    if (hung) ControlPlane.hang(state, out)
    plane.hung = hung
    // Until all is done that came due meanwhile.
    state.guarded = true
    out.trace(Trace.CONTROL_PLANE.code, hung ? 0 : 1, plane.overdue.length, 0, 0)
    if (hung) return
    for (let timer = plane.overdue.shift(); timer !== undefined; timer = plane.overdue.shift()) onTimer(state, timer, now, out)
    for (let port = 0; port < state.ports; port++) {
      const { bundles } = state
      for (const isLink of bundles === null ? [false] : [true, false]) {
        const changed = isLink ? plane.changed[port] >> ControlPlane.LINK : plane.changed[port] & ControlPlane.EITHER
        if ((changed & ControlPlane.WENT_DOWN) !== 0) tellPort(state, port, isLink, false, now, out)
        if (changed !== 0 && ((isLink && bundles) || state).up[port] === 1) tellPort(state, port, isLink, true, now, out)
      }
      plane.changed[port] = 0
    }
    plane.changed.length = 0
    state.guarded = BridgeState.isGuarded(state.config)
    settle(state, now, out)
  }

  /** A port went up or down while the processor hung, which is told of it later; or it is told now. */
  const reportPort = (
    state: BridgeState.BridgeState,
    port: number,
    isLink: boolean,
    up: boolean,
    now: SimTime,
    out: Outbox<EthernetFrame>,
  ): void => {
    const { changed, hung } = state.controlPlane
    if (!hung) return tellPort(state, port, isLink, up, now, out)
    changed[port] |= (up ? ControlPlane.CAME_UP : ControlPlane.WENT_DOWN) << (isLink ? ControlPlane.LINK : 0)
  }

  /** A bridge port came up, went down, or changed its rate or duplex while up. */
  const setBridgePort = (
    state: BridgeState.BridgeState,
    port: number,
    { fullDuplex, rateBps, up }: LinkStatus,
    now: SimTime,
    out: Outbox<EthernetFrame>,
  ): void => {
    state.up[port] = up ? 1 : 0
    state.rateBps[port] = rateBps
    state.fullDuplex[port] = fullDuplex ? 1 : 0
    Pairing.note(state, Pairing.PORT, port, state.up[port], rateBps)
    if (up) {
      StormControl.linkUp(state, port, rateBps, now)
      ControlPlane.linkUp(state, port, now)
    } else PortSecurity.linkDown(state, port)
    for (let tree = 0; tree < state.trees; tree++) {
      if (state.free || !up) {
        BridgeState.setPortState(state, tree, port, up ? BridgeState.LEARNING | BridgeState.FORWARDING : 0)
      }
      // What was learnt on a port is forgotten when its link goes down.
      if (!up) actions.at(state, 0, now, out).forget(port, tree)
    }
    LinkState.changed(state, now, out)
    reportPort(state, port, false, up, now, out)
  }

  const onLink = (
    state: BridgeState.BridgeState,
    linkPort: number,
    link: LinkStatus,
    now: SimTime,
    out: Outbox<EthernetFrame>,
  ): void => {
    if (link.up) Errdisable.up(state, linkPort, now, out)
    else if (!state.controlPlane.hung && Errdisable.flapped(state, linkPort, now)) {
      Errdisable.disable(state, linkPort, ErrdisableCause.LINK_FLAP, now, out)
    }
    const { bundles } = state
    if (bundles === null) return setBridgePort(state, linkPort, link, now, out)
    const was = bundles.role[linkPort]
    bundles.up[linkPort] = link.up ? 1 : 0
    bundles.rateBps[linkPort] = link.rateBps
    bundles.fullDuplex[linkPort] = link.fullDuplex ? 1 : 0
    // Whoever is asked who may be in a bundle is asked anew.
    if (!link.up && bundles.bundleOf[linkPort] >= 0) bundles.wanted[linkPort] = Bundles.OUT
    bundles.pending = 1
    reportPort(state, linkPort, true, link.up, now, out)
    settle(state, now, out)
    // The rate or the duplex of a port that stays what it was.
    if (link.up && was === bundles.role[linkPort]) {
      if (was === Bundles.ALONE) setBridgePort(state, linkPort, link, now, out)
      else if (was === Bundles.IN) Members.followBundle(state, bundles, bundles.bundleOf[linkPort], setBridgePort, now, out)
    }
  }

  const onCommand = (state: BridgeState.BridgeState, command: Command, now: SimTime, out: Outbox<EthernetFrame>): void => {
    if (command.type === "bridge.control-plane") {
      return setHung(state, (command as Extract<BridgeCommand, { readonly type: "bridge.control-plane" }>).hung, now, out)
    }
    let isShutMember = false
    if (command.type === "port.shut") {
      const { port } = command as PortShut
      Errdisable.clear(state, port, out)
      isShutMember = state.bridgePortOf[port] !== port
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
    for (let i = 0; i < kinds.length; i++) {
      // Protocols that know bundles only are not told of one of their members.
      if (isShutMember && !kinds[i].perLink) continue
      kinds[i].onCommand(state.protocols[i], command, now, actions.at(state, i, now, out))
    }
    settle(state, now, out)
  }

  return new DeviceKind<BridgeState.BridgeState, EthernetFrame, BridgeConfig>({
    kind: "bridge",
    ports: (config) => config.ports.length,
    timers: (config) => {
      const view = BridgeState.viewOf(config)
      const linkView = BridgeState.linkView(view, config)
      return kindsOf(config).reduce(
        (sum, kind, i) => sum + kind.timers(config.protocols[i].config, kind.perLink ? linkView : view),
        BridgeState.ownTimersOf(config),
      )
    },
    make: (config, now) => BridgeState.make(config, kindsOf(config), now),
    onBoot: (state, now, out) => {
      const kinds = kindsOf(state.config)
      for (let i = 0; i < kinds.length; i++) kinds[i].onBoot(state.protocols[i], now, actions.at(state, i, now, out))
      settle(state, now, out)
    },
    onFrame: (state, linkPort, frame, tci, now, out) => {
      const port = state.bundles === null ? linkPort : state.bridgePortOf[linkPort]
      if (state.guarded) return guard(state, port, linkPort, frame, tci, now, out)
      const high = frame.destinationHigh
      if ((high === IEEE_GROUP_HIGH || high === CISCO_GROUP_HIGH) && consume(state, port, linkPort, frame, tci, now, out)) return
      if (state.bundles === null) MacRelay.relay(state, port, frame, tci, now, out)
      else relay(state, port, frame, tci, now, out)
    },
    onTimer,
    onLink,
    onCommand,
    copy: (state) => BridgeState.copy(state, kindsOf(state.config)),
    fingerprint: (state, digest, now) => BridgeState.fingerprint(state, kindsOf(state.config), digest, now),
  })
}
