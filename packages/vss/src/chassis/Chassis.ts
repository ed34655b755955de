/**
 * One chassis of a virtual switching system as a device: sorts frames of the virtual switch link from those of the bridge, hands what happens to VSLP, to the
 * bridge of the pair and to what stands between the chassis, and keeps the time. No decision is taken here.
 */
import { bridgeKind } from "@l2lab/l2/Bridge"
import type { BridgeConfig } from "@l2lab/l2/BridgeConfig"
import type { FlowReaders } from "@l2lab/l2/bundle/LoadBalance"
import type { AnyControlProtocolKind } from "@l2lab/l2/ControlProtocol"
import * as EthernetFrame from "@l2lab/l2/EthernetFrame"
import * as GroupAddress from "@l2lab/l2/GroupAddress"
import * as Protocol from "@l2lab/l2/Protocol"
import { payloadOf } from "@l2lab/l2/PayloadCodec"
import * as PayloadCodec from "@l2lab/l2/PayloadCodec"
import { DeviceKind, type Command, type LinkStatus, type Outbox, type PortShut, type TimerId } from "@l2lab/sim/Device"
import { NEVER, type SimTime } from "@l2lab/sim/SimTime"
import * as DualActive from "../dualactive/DualActive.ts"
import * as Vslp from "../vslp/Vslp.ts"
import { carrier } from "./Carrying.ts"
import { ownPorts, timesOf as chassisTimes, type ChassisConfig } from "./ChassisConfig.ts"
import * as ChassisState from "./ChassisState.ts"
import * as Checkpoint from "./Checkpoint.ts"
import type { ChassisCommand } from "./Command.ts"
import * as FrontPorts from "./FrontPorts.ts"
import { Mount, timersOf } from "./Mount.ts"
import { Supervisor } from "./Supervisor.ts"
import { carriedCodec, carry, segmentCodec, type Carried } from "./VirtualSwitchHeader.ts"
import * as Trace from "./Trace.ts"
import * as VirtualSwitchLink from "./VirtualSwitchLink.ts"

type State = ChassisState.ChassisState
type Out = Outbox<EthernetFrame.EthernetFrame>

/** First 16 bits of the group addresses that control protocols use. */
const IEEE_GROUP_HIGH = 0x0180
const CISCO_GROUP_HIGH = 0x0100

/**
 * The device kind `chassis`, whose bridges may run the given control protocols. `flows` read from payloads what bundles share their load by; `codecs`
 * are those of what frames on the virtual switch link carry.
 */
export const chassisKind = (
  protocols: ReadonlyArray<AnyControlProtocolKind>,
  flows: FlowReaders = new Map(),
  codecs: PayloadCodec.PayloadCodecs = PayloadCodec.registry([]),
): DeviceKind<State, EthernetFrame.EthernetFrame, ChassisConfig> => {
  const byName = new Map(protocols.map((protocol) => [protocol.kind, protocol]))
  const bridge = bridgeKind(protocols, flows)
  const protocolsOf = (config: BridgeConfig): ReadonlyArray<AnyControlProtocolKind> =>
    config.protocols.map(({ kind }) => {
      const protocol = byName.get(kind)
      if (protocol === undefined) throw new Error(`a chassis runs "${kind}", which its kind was not made with`)
      return protocol
    })
  const supervisor = new Supervisor({ kind: bridge, protocolsOf }, flows)
  const carryOn = carrier(flows)
  const carriedBy = carriedCodec(codecs)

  // Timers: those of the bridge, of VSLP and detection, and one of our own.
  const ownTimer = ({ config, deadlines }: State): number => deadlines.length + timersOf(config)
  const mount = new Mount(supervisor, (state, now, out) => reload(state, "VSLP", now, out))

  /** Boot anew: all ports down for a while, and everything forgotten. */
  const reload = (state: State, by: (typeof Trace.RELOADS)[number], now: SimTime, out: Out): void => {
    const { config, links, reloads, switchovers } = state
    for (let timer = 0; timer <= ownTimer(state); timer++) out.stopTimer(timer)
    Object.assign(state, ChassisState.make(config, supervisor.kinds(state), now), { reloads: reloads + 1, switchovers })
    // A line card that failed is no better for it.
    state.links.failed.set(links.failed)
    supervisor.setMode(state, ChassisState.RELOADING, out, Trace.RELOADS.indexOf(by))
    state.readyAt = now + chassisTimes(config).reload
    FrontPorts.follow(state, out)
  }

  /** The time of booting is over: the virtual switch link may come up. */
  const boot = (state: State, now: SimTime, out: Out): void => {
    state.readyAt = NEVER
    supervisor.setMode(state, ChassisState.BOOTING, out)
    FrontPorts.follow(state, out)
    mount.vslp(state, now, out, (actions) => Vslp.onBoot(state.vslp, now, actions))
    mount.detection(state, now, out, (dualActive, actions) => DualActive.onBoot(dualActive, now, actions))
  }

  /** At the end of every call: what is to be told is told, and the timer runs until the next thing to do. */
  const finish = (state: State, now: SimTime, out: Out): void => {
    supervisor.finish(state, now, out)
    const { cam, channel, checkpoint } = state
    let next = Math.min(state.readyAt, state.modulesAt)
    if (!state.isHung) {
      for (const at of [
        checkpoint.dueAt,
        cam.dueAt,
        cam.refreshAt,
        channel.retransmitAt,
        state.beatAt,
        state.heardUntil,
        state.joinAgainAt,
      ]) {
        if (at < next) next = at
      }
    }
    if (next === state.wakeAt) return
    state.wakeAt = next
    if (next === NEVER) out.stopTimer(ownTimer(state))
    else out.startTimer(ownTimer(state), Math.max(now, next))
  }

  /** The other chassis is silent: it is taken for dead, and reset if it only hangs. */
  const missPeer = (state: State, now: SimTime, out: Out): void => {
    state.heardUntil = NEVER
    const { config, links } = state
    const frame = EthernetFrame.make(GroupAddress.LLDP, config.vslp.address, Protocol.EXPERIMENTAL, new Uint8Array(0), 46)
    const reset: Carried = { protocol: "virtual-switch-header", purpose: "reset", ingress: 0, egress: 0, tci: -1, frame }
    VirtualSwitchLink.sendByAll(state.vsl, config, VirtualSwitchLink.SYNCHRONIZATION, carry(config.vslp.address, reset), out)
    mount.vslp(state, now, out, (actions) => {
      for (const up of [false, true]) {
        config.vslp.links.forEach((port, link) => {
          if (links.up[port] === 0) return
          const status = { up, rateBps: links.rateBps[port], fullDuplex: links.fullDuplex[port] === 1 }
          Vslp.onLink(state.vslp, link, status, now, actions)
        })
      }
    })
  }

  /** The chassis' own timer has run out. */
  const wake = (state: State, now: SimTime, out: Out): void => {
    state.wakeAt = NEVER
    if (state.readyAt <= now) return boot(state, now, out)
    if (state.modulesAt <= now) {
      state.modulesAt = NEVER
      FrontPorts.follow(state, out)
    }
    supervisor.retransmit(state, now, out)
    if (state.heardUntil <= now) missPeer(state, now, out)
  }

  /** A frame of the pair, by a link port of it. */
  const relay = (state: State, link: number, frame: EthernetFrame.EthernetFrame, tci: number, now: SimTime, out: Out): void => {
    const high = frame.destinationHigh
    if (high === IEEE_GROUP_HIGH || high === CISCO_GROUP_HIGH) Checkpoint.touch(state, false, now)
    bridge.onFrame(state.bridge, link, frame, tci, now, supervisor.outbox.atFrame(state, link, tci, now, out))
    if (frame.protocol === Protocol.PAGP) mount.hearPagp(state, now, out)
  }

  /** A frame that the other chassis carries over the link. */
  const onCarried = (state: State, carried: Carried, now: SimTime, out: Out): void => {
    const { bridge, config, vsl } = state
    const { egress, frame, ingress, purpose, tci } = carried
    const isOther = (link: number): boolean => link < config.bridge.ports.length && !ChassisState.isOwn(state, link)
    switch (purpose) {
      case "reset":
        if (state.isHung) reload(state, "the other chassis", now, out)
        return
      case "relay":
        return ChassisState.relays(state) ? carryOn(state, carried, now, out) : undefined
      case "punt":
        if (state.mode !== ChassisState.ACTIVE || !state.isTelling || !isOther(ingress)) vsl.lost[VirtualSwitchLink.REFUSED]++
        else relay(state, ingress, frame, tci, now, out)
        return
      case "send":
        if (state.mode !== ChassisState.STANDBY_HOT || !ChassisState.isOwn(state, egress)) vsl.lost[VirtualSwitchLink.REFUSED]++
        else if (bridge.config.controlClass === false) out.transmit(egress - ChassisState.firstPort(state), frame, tci)
        else out.transmitControl(egress - ChassisState.firstPort(state), frame, tci)
    }
  }

  const classOf = ({ egress, purpose }: Carried): number => {
    if (purpose === "reset") return VirtualSwitchLink.SYNCHRONIZATION
    if (purpose !== "relay") return VirtualSwitchLink.PDUS
    return egress === 0xffff ? VirtualSwitchLink.FLOODED : VirtualSwitchLink.UNICAST
  }

  /** A frame came in on the virtual switch link. */
  const onVsl = (state: State, link: number, frame: EthernetFrame.EthernetFrame, now: SimTime, out: Out): void => {
    const { vsl } = state
    const carried = frame.protocol === Protocol.VIRTUAL_SWITCH ? payloadOf(frame, carriedBy) : undefined
    const part = frame.protocol === Protocol.VIRTUAL_SWITCH && carried === undefined ? payloadOf(frame, segmentCodec) : undefined
    if (carried === undefined && part === undefined) {
      VirtualSwitchLink.received(vsl, VirtualSwitchLink.VSLP, frame)
      if (!state.isHung) mount.vslp(state, now, out, (actions) => Vslp.onPdu(state.vslp, link, frame, now, actions))
      return
    }
    if (!VirtualSwitchLink.isUsable(vsl, link)) return
    if (carried !== undefined) {
      VirtualSwitchLink.received(vsl, classOf(carried), frame)
      if (!state.isHung || carried.purpose === "relay" || carried.purpose === "reset") onCarried(state, carried, now, out)
    } else if (part !== undefined) {
      VirtualSwitchLink.received(vsl, VirtualSwitchLink.SYNCHRONIZATION, frame)
      if (state.isHung) return
      const before = state.mode
      supervisor.heard(state, part, now, out)
      if (state.mode === ChassisState.STANDBY_HOT && before !== state.mode) {
        mount.vslp(state, now, out, (actions) => Vslp.onSynchronized(state.vslp, now, actions))
      }
    }
  }

  const onTimer = (state: State, timer: TimerId, now: SimTime, out: Out): void => {
    if (timer < state.deadlines.length) {
      state.deadlines[timer] = NEVER
      Checkpoint.touch(state, false, now)
      bridge.onTimer(state.bridge, timer, now, supervisor.outbox.at(state, now, out))
    } else if (state.isHung && state.mode !== ChassisState.RELOADING) state.overdue.push(timer)
    else if (!mount.onTimer(state, timer, now, out)) wake(state, now, out)
  }

  /** The processor stops, or goes on. */
  const setHung = (state: State, command: Command, hung: boolean, now: SimTime, out: Out): void => {
    if (state.isHung === hung || state.mode === ChassisState.RELOADING) return
    state.isHung = hung
    bridge.onCommand(state.bridge, command, now, supervisor.outbox.at(state, now, out))
    if (hung) return
    for (const timer of state.overdue.splice(0)) onTimer(state, timer, now, out)
  }

  const onCommand = (state: State, command: Command, now: SimTime, out: Out): void => {
    const own = command as ChassisCommand
    if (own.type === "chassis.line-card") return FrontPorts.setCard(state, own.card, own.failed, out)
    if (command.type === "bridge.control-plane") {
      return setHung(state, command, (command as Command & { readonly hung: boolean }).hung, now, out)
    }
    if (state.isHung || state.mode === ChassisState.RELOADING) return
    if (own.type === "chassis.reload") return reload(state, "an order", now, out)
    if (own.type === "chassis.switchover") {
      return mount.vslp(state, now, out, (actions) => {
        Vslp.onSwitchover(state.vslp, now, actions)
      })
    }
    const meant =
      command.type === "port.shut"
        ? ({ type: "port.shut", port: ChassisState.firstPort(state) + (command as PortShut).port } satisfies PortShut)
        : command
    if (state.mode === ChassisState.STANDBY_HOT) return supervisor.pass(state, { kind: "command", command: meant })
    if (state.mode !== ChassisState.ACTIVE && state.mode !== ChassisState.RECOVERY) return
    Checkpoint.touch(state, false, now)
    bridge.onCommand(state.bridge, meant, now, supervisor.outbox.at(state, now, out))
  }

  /** The place of a port among those of detection; -1 for others. */
  const detectionOf = ({ config: { dualActive } }: State, port: number): number =>
    dualActive === undefined ? -1 : dualActive.ports.findIndex((each) => each.port === port)

  const onLink = (state: State, port: number, link: LinkStatus, now: SimTime, out: Out): void => {
    const vslLink = state.config.vslp.links.indexOf(port)
    const detection = detectionOf(state, port)
    if (vslLink < 0 && detection < 0) return supervisor.onLink(state, port, link, now, out)
    state.links.up[port] = link.up ? 1 : 0
    state.links.rateBps[port] = link.rateBps
    state.links.fullDuplex[port] = link.fullDuplex ? 1 : 0
    if (state.mode === ChassisState.RELOADING) return
    if (vslLink >= 0) mount.vslp(state, now, out, (actions) => Vslp.onLink(state.vslp, vslLink, link, now, actions))
    else mount.detection(state, now, out, (dualActive, actions) => DualActive.onLink(dualActive, detection, link, now, actions))
  }

  /** A frame by a port that is neither of the virtual switch link nor of detection, or by one of the latter. */
  const onFront = (state: State, port: number, frame: EthernetFrame.EthernetFrame, tci: number, now: SimTime, out: Out): void => {
    const detection = detectionOf(state, port)
    if (detection < 0) {
      if (ChassisState.relays(state)) relay(state, ChassisState.firstPort(state) + port, frame, tci, now, out)
    } else if (!state.isHung) {
      mount.detection(state, now, out, (dualActive, actions) => DualActive.onPdu(dualActive, detection, frame, now, actions))
    }
  }

  const bridgeTimers = (config: ChassisConfig): number => bridge.timers(config.bridge)

  return new DeviceKind<State, EthernetFrame.EthernetFrame, ChassisConfig>({
    kind: "chassis",
    ports: ownPorts,
    timers: (config) => bridgeTimers(config) + timersOf(config) + 1,
    make: (config, now) => ChassisState.make(config, protocolsOf(config.bridge), now),
    onBoot: (state, now, out) => {
      boot(state, now, out)
      finish(state, now, out)
    },
    onFrame: (state, port, frame, tci, now, out) => {
      const vslLink = state.config.vslp.links.indexOf(port)
      if (vslLink >= 0) onVsl(state, vslLink, frame, now, out)
      else onFront(state, port, frame, tci, now, out)
      finish(state, now, out)
    },
    onTimer: (state, timer, now, out) => {
      onTimer(state, timer, now, out)
      finish(state, now, out)
    },
    onLink: (state, port, link, now, out) => {
      onLink(state, port, link, now, out)
      finish(state, now, out)
    },
    onCommand: (state, command, now, out) => {
      onCommand(state, command, now, out)
      finish(state, now, out)
    },
    copy: (state) => ChassisState.copy(state, protocolsOf(state.config.bridge)),
    fingerprint: (state, digest, now) => ChassisState.fingerprint(state, protocolsOf(state.config.bridge), digest, now),
  })
}
