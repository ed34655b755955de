/**
 * What two chassis are to each other: a standby that joins and is told everything, an active that tells it, a standby that takes over. One object for all
 * chassis of a kind; nothing of a chassis is kept in it between calls.
 */
import * as Errdisable from "@l2lab/l2/Errdisable"
import type { BridgeConfig } from "@l2lab/l2/BridgeConfig"
import * as BridgeState from "@l2lab/l2/BridgeState"
import type { AnyControlProtocolKind } from "@l2lab/l2/ControlProtocol"
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import type { PagpSetActive } from "@l2lab/l2/pagp/Command"
import * as Pairing from "@l2lab/l2/Pairing"
import type { DeviceKind, LinkStatus, Outbox } from "@l2lab/sim/Device"
import { NEVER, SECOND, type DurationNs, type SimTime } from "@l2lab/sim/SimTime"
import type { RedundancyMode, Role } from "../vslp/VslpPdu.ts"
import * as CamSync from "./CamSync.ts"
import * as Channel from "./Channel.ts"
import { frontPorts, timesOf } from "./ChassisConfig.ts"
import * as ChassisState from "./ChassisState.ts"
import * as Checkpoint from "./Checkpoint.ts"
import * as FrontPorts from "./FrontPorts.ts"
import * as Message from "./Message.ts"
import { PairOutbox } from "./PairOutbox.ts"
import * as Programming from "./Programming.ts"
import * as Trace from "./Trace.ts"
import { carry, segment, type Segment } from "./VirtualSwitchHeader.ts"
import * as VirtualSwitchLink from "./VirtualSwitchLink.ts"

type State = ChassisState.ChassisState
type Out = Outbox<EthernetFrame>

/** The bridge kind that chassis drive, and the protocols that a configuration names. */
export interface Driven {
  readonly kind: DeviceKind<BridgeState.BridgeState, EthernetFrame, BridgeConfig>
  readonly protocolsOf: (config: BridgeConfig) => ReadonlyArray<AnyControlProtocolKind>
}

/** A standby asks again so long after it has asked in vain†. */
const JOIN_AGAIN: DurationNs = SECOND

const DOWN: LinkStatus = { up: false, rateBps: 0, fullDuplex: true }

export class Supervisor {
  readonly driven: Driven
  readonly outbox: PairOutbox

  constructor(driven: Driven, readers: ConstructorParameters<typeof PairOutbox>[0]) {
    this.driven = driven
    this.outbox = new PairOutbox(readers, { setPortEnabled })
  }

  kinds({ config }: State): ReadonlyArray<AnyControlProtocolKind> {
    return this.driven.protocolsOf(config.bridge)
  }

  // ----------------------------------------------------------------------------------------------------------- what is said

  private tell({ channel }: State, message: Message.Message): void {
    Channel.send(channel, Message.emit(message))
  }

  /** Sends segments of the channel. */
  private say(state: State, out: Out): (segment: Segment) => void {
    return (part) => {
      const frame = segment(state.config.vslp.address, part)
      VirtualSwitchLink.sendControl(state.vsl, state.config, VirtualSwitchLink.SYNCHRONIZATION, frame, out)
    }
  }

  /** A segment of the channel came in. */
  heard(state: State, part: Segment, now: SimTime, out: Out): void {
    state.heardUntil = now + timesOf(state.config).silence
    const { isNewSession, message: octets } = Channel.receive(state.channel, part, now, this.say(state, out))
    if (octets === undefined) return
    const message = Message.parse(octets)
    if (message === undefined) return this.refuse(state, out)
    if (isNewSession && state.mode === ChassisState.ACTIVE && message.kind !== "join") return
    this.obey(state, message, octets.length, now, out)
  }

  private refuse({ config, vsl }: State, out: Out): void {
    vsl.lost[VirtualSwitchLink.REFUSED]++
    out.trace(Trace.REFUSED.code, config.vslp.links[0], 0, 0, 0)
  }

  private obey(state: State, message: Message.Message, octets: number, now: SimTime, out: Out): void {
    if (state.mode === ChassisState.ACTIVE) return this.obeyAsActive(state, message, now, out)
    if (state.mode !== ChassisState.STANDBY_COLD && state.mode !== ChassisState.STANDBY_HOT) return
    switch (message.kind) {
      case "welcome":
        state.joinAgainAt = NEVER
        state.bridge = ChassisState.makeBridge(state.config, message.address, this.kinds(state), true)
        Checkpoint.beginListening(state, this.kinds(state))
        return CamSync.begin(state, now)
      case "program":
        if (state.checkpoint.told === null) return
        Programming.apply(state, message, now, out)
        if (message.entries.some((entry, i) => i % Pairing.WIDTH === 0 && entry === Pairing.FLUSHED))
          CamSync.forgotten(state, now)
        return
      case "checkpoint":
        if (state.checkpoint.told === null) return
        if (message.changes.length > 0 && !Checkpoint.take(state, message.changes)) {
          this.refuse(state, out)
          return this.join(state, now, out)
        }
        if (message.isBulk) this.becomeHot(state, octets, out)
        return
      case "addresses":
        return CamSync.take(state, message.entries, now)
    }
  }

  private obeyAsActive(state: State, message: Message.Message, now: SimTime, out: Out): void {
    const { bridge } = state
    const outbox = this.outbox.at(state, now, out)
    if (message.kind === "join") return this.welcome(state, now, out)
    if (!state.isTelling) return
    Checkpoint.touch(state, false, now)
    switch (message.kind) {
      case "link": {
        const { fullDuplex, link, rateBps, up } = message
        if (!isOther(state, link)) return
        return this.driven.kind.onLink(bridge, link, { up, rateBps, fullDuplex }, now, outbox)
      }
      case "errdisable":
        if (isOther(state, message.link)) Errdisable.disable(bridge, message.link, message.cause, now, outbox)
        return
      case "command":
        return this.driven.kind.onCommand(bridge, message.command, now, outbox)
      case "addresses":
        return CamSync.take(state, message.entries, now)
    }
  }

  // -------------------------------------------------------------------------------------------------------- standing by

  /** Become the standby of an active chassis: ask to be told everything. */
  private join(state: State, now: SimTime, out: Out): void {
    this.setMode(state, ChassisState.STANDBY_COLD, out)
    FrontPorts.follow(state, out)
    Channel.open(state.channel, out.random(), false)
    this.tell(state, { kind: "join" })
    state.beatAt = now
    state.heardUntil = NEVER
    state.joinAgainAt = now + JOIN_AGAIN
  }

  /** A standby asked to be told everything. */
  private welcome(state: State, now: SimTime, out: Out): void {
    const { bridge, channel } = state
    state.isTelling = false
    this.loseLinks(state, now, out)
    // What has happened so far is part of what is told now.
    bridge.pairing!.journal.length = 0
    Channel.open(channel, out.random(), true)
    state.isTelling = true
    state.beatAt = now
    this.tell(state, { kind: "welcome", address: bridge.address })
    Checkpoint.beginTelling(state, this.kinds(state))
    this.tell(state, Programming.programOf(bridge, Programming.everything(bridge)))
    this.tell(state, { kind: "checkpoint", changes: Checkpoint.changes(state, now) ?? new Uint8Array(0), isBulk: true })
    CamSync.begin(state, now)
    state.cam.refreshAt = now
  }

  private becomeHot(state: State, octets: number, out: Out): void {
    this.setMode(state, ChassisState.STANDBY_HOT, out)
    out.trace(Trace.BULK_SYNC.code, octets, 0, 0, 0)
    this.tell(state, { kind: "hot" })
    FrontPorts.follow(state, out)
    for (const port of frontPorts(state.config)) if (state.links.up[port] === 1) this.reportLink(state, port)
  }

  private reportLink(state: State, port: number): void {
    const { fullDuplex, rateBps, up } = state.links
    this.tell(state, {
      kind: "link",
      link: ChassisState.firstPort(state) + port,
      up: up[port] === 1,
      rateBps: rateBps[port],
      fullDuplex: fullDuplex[port] === 1,
    })
  }

  /** A link of this chassis came up or went down. */
  onLink(state: State, port: number, link: LinkStatus, now: SimTime, out: Out): void {
    const { bridge, links, mode } = state
    links.up[port] = link.up ? 1 : 0
    links.rateBps[port] = link.rateBps
    links.fullDuplex[port] = link.fullDuplex ? 1 : 0
    const pairLink = ChassisState.firstPort(state) + port
    if (mode === ChassisState.ACTIVE || mode === ChassisState.RECOVERY) {
      Checkpoint.touch(state, false, now)
      return this.driven.kind.onLink(bridge, pairLink, link, now, this.outbox.at(state, now, out))
    }
    if (mode !== ChassisState.STANDBY_HOT) return
    // The data plane acts at once; what else there is to do the active says.
    if (!link.up) {
      if (bridge.bridgePortOf[pairLink] === pairLink) stopRelaying(bridge, pairLink)
      Programming.setMember(state, pairLink, 0)
    }
    this.reportLink(state, port)
  }

  // ---------------------------------------------------------------------------------------------------------------- roles

  /** The chassis does something else from now on; `by`: why it boots anew. */
  setMode(state: State, mode: number, out: Out, by = 0): void {
    if (state.mode === mode) return
    out.trace(Trace.MODE.code, state.mode, mode, by, 0)
    state.mode = mode
  }

  /** A member of the virtual switch link may be used, or no longer; whoever may be heard is listened to. */
  setMember(state: State, link: number, usable: boolean, now: SimTime, out: Out): void {
    VirtualSwitchLink.setUsable(state.vsl, state.config, link, usable, now, out)
    if (usable && state.channel.session === 0) Channel.open(state.channel, out.random(), false)
  }

  /** VSLP says what the chassis is from now on. */
  become(state: State, role: Role, mode: RedundancyMode, now: SimTime, out: Out): void {
    switch (role) {
      case "active":
        if (state.mode === ChassisState.STANDBY_HOT) return this.takeOver(state, now, out)
        if (state.mode !== ChassisState.ACTIVE) this.begin(state, now, out)
        return
      case "standby":
        if (mode === "rpr") {
          this.setMode(state, ChassisState.STANDBY_RPR, out)
          return FrontPorts.follow(state, out)
        }
        if (state.mode !== ChassisState.STANDBY_COLD && state.mode !== ChassisState.STANDBY_HOT) this.join(state, now, out)
        return
      case "recovery":
        this.setMode(state, ChassisState.RECOVERY, out)
        return FrontPorts.follow(state, out)
    }
  }

  /** Active, with nothing to go on from. Modules that RPR had switched off boot now. */
  private begin(state: State, now: SimTime, out: Out): void {
    if (state.mode === ChassisState.STANDBY_RPR) state.modulesAt = now + timesOf(state.config).reload
    state.bridge = ChassisState.makeBridge(state.config, ChassisState.addressOf(state.config), this.kinds(state), false)
    this.setMode(state, ChassisState.ACTIVE, out)
    this.driven.kind.onBoot(state.bridge, now, this.outbox.at(state, now, out))
    this.tellWhoIsActive(state, now, out)
    FrontPorts.follow(state, out)
  }

  /** Active, where the other one stopped. */
  private takeOver(state: State, now: SimTime, out: Out): void {
    const { bridge, links } = state
    const first = ChassisState.firstPort(state)
    this.setMode(state, ChassisState.ACTIVE, out)
    state.switchovers++
    bridge.pairing!.headless = 0
    Checkpoint.resume(state, now, out)
    const outbox = this.outbox.at(state, now, out)
    for (const port of frontPorts(state.config)) {
      if ((bridge.bundles ?? bridge).up[first + port] === links.up[port]) continue
      const status = { up: links.up[port] === 1, rateBps: links.rateBps[port], fullDuplex: links.fullDuplex[port] === 1 }
      this.driven.kind.onLink(bridge, first + port, status, now, outbox)
    }
    const gone = this.loseLinks(state, now, out)
    this.tellWhoIsActive(state, now, out)
    const left = frontPorts(state.config).filter((port) => links.up[port] === 1).length
    out.trace(Trace.SWITCHOVER.code, left, gone, 0, 0)
  }

  /** Enhanced PAgP names the active chassis by its own address. */
  private tellWhoIsActive(state: State, now: SimTime, out: Out): void {
    const command: PagpSetActive = { type: "pagp.set-active", activeId: state.config.vslp.address }
    this.driven.kind.onCommand(state.bridge, command, now, this.outbox.at(state, now, out))
  }

  /** Nobody is at the other end of the virtual switch link any more. */
  losePeer(state: State, now: SimTime, out: Out): void {
    Channel.close(state.channel)
    CamSync.end(state)
    state.beatAt = state.heardUntil = state.joinAgainAt = NEVER
    const wasTelling = state.isTelling
    state.isTelling = false
    state.checkpoint.dueAt = NEVER
    if (!wasTelling) return
    state.checkpoint.told = null
    this.loseLinks(state, now, out)
  }

  /** The links of the other chassis are gone; how many were up. */
  private loseLinks(state: State, now: SimTime, out: Out): number {
    const { bridge } = state
    const outbox = this.outbox.at(state, now, out)
    let gone = 0
    for (let link = 0; link < bridge.config.ports.length; link++) {
      if (ChassisState.isOwn(state, link)) continue
      Errdisable.clear(bridge, link, outbox)
      if ((bridge.bundles ?? bridge).up[link] === 0) continue
      this.driven.kind.onLink(bridge, link, DOWN, now, outbox)
      gone++
    }
    return gone
  }

  // ------------------------------------------------------------------------------------------------- at the end of a call

  /** Tell the other chassis what there is to tell, in the order in which it must hear it. */
  finish(state: State, now: SimTime, out: Out): void {
    const { bridge, channel } = state
    const { journal, punted } = bridge.pairing!
    if (journal.length > 0) this.drain(state, now)
    if (channel.session !== 0 && !state.isHung) {
      this.tellWhatIsDue(state, now)
      if (state.beatAt <= now) this.beat(state, now, out)
      if (channel.sent < channel.queue.length) Channel.transmit(channel, now, this.say(state, out))
    }
    if (punted.length > 0) this.punt(state, out)
    if (this.outbox.pdus.length > 0) this.sendPdus(state, out)
    this.outbox.flush()
  }

  private drain(state: State, now: SimTime): void {
    const { bridge, isTelling } = state
    const { journal } = bridge.pairing!
    const program: Array<number> = []
    let isFlushed = false
    for (let i = 0; i < journal.length; i += Pairing.WIDTH) {
      if (journal[i] === Pairing.LEARNT) CamSync.learnt(state, journal[i + 1], journal[i + 2], journal[i + 3], now)
      else if (isTelling) program.push(journal[i], journal[i + 1], journal[i + 2], journal[i + 3])
      if (journal[i] === Pairing.FLUSHED) isFlushed = true
    }
    if (program.length > 0) {
      this.tell(state, Programming.programOf(bridge, program))
      Checkpoint.touch(state, true, now)
    }
    if (isFlushed) CamSync.forgotten(state, now)
    journal.length = 0
  }

  private tellWhatIsDue(state: State, now: SimTime): void {
    if (state.isTelling && state.checkpoint.dueAt <= now) {
      const changes = Checkpoint.changes(state, now)
      if (changes !== undefined) this.tell(state, { kind: "checkpoint", changes, isBulk: false })
    }
    if (state.cam.dueAt > now && state.cam.refreshAt > now) return
    const entries = CamSync.due(state, now)
    if (entries !== undefined) this.tell(state, { kind: "addresses", entries })
  }

  private beat(state: State, now: SimTime, out: Out): void {
    state.beatAt = now + timesOf(state.config).heartbeat
    const frame = segment(state.config.vslp.address, Channel.beat(state.channel))
    VirtualSwitchLink.sendByAll(state.vsl, state.config, VirtualSwitchLink.SYNCHRONIZATION, frame, out)
  }

  /** The time for the channel's segments to be sent again, or for a standby to ask again, may have come. */
  retransmit(state: State, now: SimTime, out: Out): void {
    if (state.joinAgainAt <= now) this.join(state, now, out)
    if (state.channel.retransmitAt > now) return
    VirtualSwitchLink.turn(state.vsl)
    Channel.retransmit(state.channel, now, this.say(state, out))
  }

  private punt(state: State, out: Out): void {
    const { address: source } = state.config.vslp
    for (const { frame, link, tci } of state.bridge.pairing!.punted.splice(0)) {
      if (state.mode !== ChassisState.STANDBY_HOT) continue
      const carried = carry(source, {
        protocol: "virtual-switch-header",
        purpose: "punt",
        ingress: link,
        egress: link,
        tci,
        frame,
      })
      VirtualSwitchLink.sendControl(state.vsl, state.config, VirtualSwitchLink.PDUS, carried, out)
    }
  }

  private sendPdus(state: State, out: Out): void {
    const { address: source } = state.config.vslp
    for (const { frame, link, tci } of this.outbox.pdus.splice(0)) {
      if (!state.isTelling) continue
      const carried = carry(source, {
        protocol: "virtual-switch-header",
        purpose: "send",
        ingress: link,
        egress: link,
        tci,
        frame,
      })
      VirtualSwitchLink.sendControl(state.vsl, state.config, VirtualSwitchLink.PDUS, carried, out)
    }
  }

  /** Management said something that is for who is active. */
  pass(state: State, message: Message.Message): void {
    this.tell(state, message)
  }
}

/** Whether a link port is one of the other chassis. */
const isOther = (state: State, link: number): boolean =>
  link < state.bridge.config.ports.length && !ChassisState.isOwn(state, link)

/** A port of a standby whose link is down relays nothing, whatever comes of it. */
const stopRelaying = (bridge: BridgeState.BridgeState, port: number): void => {
  for (let tree = 0; tree < bridge.trees; tree++) BridgeState.setPortState(bridge, tree, port, 0)
}

/** What the bridge wants of a port: of one's own at once, of the other chassis' by a message; a standby asks the active. */
const setPortEnabled = (state: State, link: number, enabled: boolean, out: Out): void => {
  const { bridge, channel, links, mode } = state
  const isStandby = mode !== ChassisState.ACTIVE && mode !== ChassisState.RECOVERY
  if (isStandby) {
    if (enabled) return
    return Channel.send(channel, Message.emit({ kind: "errdisable", link, cause: bridge.errdisable.cause[link] }))
  }
  const own = link - ChassisState.firstPort(state)
  if (!ChassisState.isOwn(state, link)) bridge.pairing!.journal.push(Programming.ENABLED, link, enabled ? 1 : 0, 0)
  else if (!enabled || links.enabled[own] === 1) out.setPortEnabled(own, enabled)
}
