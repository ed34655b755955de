/**
 * Where the bridge of a pair writes what it wants done: link ports of this chassis become its own ones, those of the other chassis become frames on the
 * virtual switch link. A frame goes over the link once, however many ports want it there.
 */
import type { FlowReaders } from "@l2lab/l2/bundle/LoadBalance"
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import * as MacRelay from "@l2lab/l2/MacRelay"
import { NO_VLAN } from "@l2lab/l2/VlanTable"
import type { Outbox, Tci } from "@l2lab/sim/Device"
import { PassedOutbox } from "@l2lab/sim/PassedOutbox"
import { NEVER, type SimTime } from "@l2lab/sim/SimTime"
import { firstPort, isOwn, RECOVERY, type ChassisState } from "./ChassisState.ts"
import { carry, FLOOD, NO_PORT } from "./VirtualSwitchHeader.ts"
import * as VirtualSwitchLink from "./VirtualSwitchLink.ts"

/** A PDU that is to leave by a link port of the other chassis. */
export interface RemotePdu {
  readonly link: number
  readonly frame: EthernetFrame
  readonly tci: Tci
}

/** The rest of the outbox's life: what the bridge asks for that is not the outbox's own doing. */
export interface Wishes {
  /** A link port of the pair is to be taken out of service, or back into it. */
  readonly setPortEnabled: (state: ChassisState, link: number, enabled: boolean, out: Outbox<EthernetFrame>) => void
}

/**
 * Sends nothing: for a chassis in recovery mode, whose excluded ports are up. Its BPDUs would be those of a second bridge with the pair's identifier, which
 * draw traffic to ports that relay none.
 */
class SilentOutbox extends PassedOutbox<EthernetFrame> {
  at(out: Outbox<EthernetFrame>): this {
    this.pass(out)
    return this
  }
  override transmit(): void {}
  override transmitControl(): void {}
}

/** One object for all chassis of a kind, pointed at one before each call of its bridge's handlers, and emptied after it. */
export class PairOutbox extends PassedOutbox<EthernetFrame> {
  private readonly readers: FlowReaders
  private readonly wishes: Wishes
  private readonly silent = new SilentOutbox()
  private state!: ChassisState
  private now: SimTime = 0
  private first = 0
  private count = 0
  private ingress = NO_PORT
  private ingressTci: Tci = -1
  // The frame that is to go over the link when the call is over.
  private frame: EthernetFrame | null = null
  private tci: Tci = -1
  private egress = NO_PORT
  /** PDUs that are to go over it, behind what is programmed. */
  readonly pdus: Array<RemotePdu> = []

  constructor(readers: FlowReaders, wishes: Wishes) {
    super()
    this.readers = readers
    this.wishes = wishes
  }

  at(state: ChassisState, now: SimTime, out: Outbox<EthernetFrame>): this {
    this.pass(state.mode === RECOVERY ? this.silent.at(out) : out)
    this.state = state
    this.now = now
    this.first = firstPort(state)
    this.count = state.links.up.length
    this.ingress = NO_PORT
    return this
  }

  /** The same, for a frame that came in by a link port of the pair. */
  atFrame(state: ChassisState, link: number, tci: Tci, now: SimTime, out: Outbox<EthernetFrame>): this {
    this.at(state, now, out)
    this.ingress = state.bridge.bridgePortOf[link]
    this.ingressTci = tci
    return this
  }

  override transmit(link: number, frame: EthernetFrame, tci: Tci): void {
    const own = link - this.first
    if (own >= 0 && own < this.count) return this.out.transmit(own, frame, tci)
    if (this.isOwnPdu(frame)) {
      this.pdus.push({ link, frame, tci })
      return
    }
    if (this.frame === frame) {
      this.egress = FLOOD
      return
    }
    this.flush()
    this.frame = frame
    this.egress = this.state.bridge.bridgePortOf[link]
    this.tci = this.tagOf(this.egress, tci)
  }

  /** Whether protocols say it, on a platform that sends PDUs in the class of data. */
  private isOwnPdu({ source }: EthernetFrame): boolean {
    const { address, config, ports } = this.state.bridge
    return config.controlClass === false && source >= address && source <= address + ports
  }

  /** The tag that a frame travels with: always one, of its VLAN. */
  private tagOf(egress: number, tci: Tci): Tci {
    const { bridge } = this.state
    const { vlans } = bridge
    if (this.ingress === NO_PORT) return tci >= 0 ? tci : vlans.pvid[egress]
    const isTagged = this.ingressTci >= 0 && (this.ingressTci & 0x0fff) !== 0
    const vlan = isTagged ? vlans.indexOf[this.ingressTci & 0x0fff] : vlans.indexOfUntagged[this.ingress]
    return vlan === NO_VLAN ? tci : MacRelay.egressTag(bridge, vlan, this.ingressTci)
  }

  /** Send the frame that is to go over the link. */
  flush(): void {
    const { egress, frame, ingress, now, out, readers, state, tci } = this
    if (frame === null) return
    this.frame = null
    const source = state.config.vslp.address
    const carried = carry(source, { protocol: "virtual-switch-header", purpose: "relay", ingress, egress, tci, frame })
    const kind = egress === FLOOD ? VirtualSwitchLink.FLOODED : VirtualSwitchLink.UNICAST
    VirtualSwitchLink.sendData(state.vsl, state.config, kind, carried, frame, readers, now, out)
  }

  override transmitControl(link: number, frame: EthernetFrame, tci: Tci): void {
    if (isOwn(this.state, link)) this.out.transmitControl(link - this.first, frame, tci)
    else this.pdus.push({ link, frame, tci })
  }

  /** A protocol that goes on at a checkpoint may find that something was due meanwhile: it is due now. */
  override startTimer(id: number, at: SimTime): void {
    this.state.deadlines[id] = at
    this.out.startTimer(id, Math.max(at, this.now))
  }

  override stopTimer(id: number): void {
    this.state.deadlines[id] = NEVER
    this.out.stopTimer(id)
  }

  override setPortEnabled(link: number, enabled: boolean): void {
    this.wishes.setPortEnabled(this.state, link, enabled, this.out)
  }
}
