/**
 * The fence around a bridge's spanning tree: it runs as on any bridge, and knows nothing of the pair. At the primary a vPC is one port to it, whichever peers have a
 * leg of it; what it sends there leaves by the own leg, or over the peer-link by the other's. At the secondary vPCs are down to it, and BPDUs
 * that come in by a leg go over the peer-link to the primary.
 */
import {
  ControlProtocolKind,
  type AnyControlProtocolKind,
  type BridgePortStatus,
  type ControlActions,
} from "@l2lab/l2/ControlProtocol"
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import * as BridgeState from "@l2lab/l2/BridgeState"
import { ALL_PORTS } from "@l2lab/l2/ControlProtocol"
import { PassedActions } from "@l2lab/stp/PassedActions"
import * as Channel from "./Channel.ts"
import type { MlagActions, TreeCommand } from "./MlagActions.ts"
import { VPC_RATE } from "./Settings.ts"
import { NO_VPC } from "./MlagRecord.ts"
import { PRIMARY, type State } from "./State.ts"

/** One object for all peers of a kind, pointed at one before each call of its bridge. */
export class Fence extends PassedActions {
  private state!: State
  private peer!: MlagActions

  at(state: State, peer: MlagActions): this {
    this.state = state
    this.peer = peer
    return this
  }

  around(actions: ControlActions): this {
    this.pass(actions)
    return this
  }

  /** The vPC of a bridge port; -1 = none. */
  vpcOf(port: number): number {
    return this.state.vpcOfPort[port]
  }

  /** Whether spanning tree on vPCs is this peer's. */
  get governs(): boolean {
    return this.state.role === PRIMARY
  }

  /** A BPDU goes over the peer-link: one that came in here, or one that is to leave there. */
  relay(v: number, isIn: boolean, frame: EthernetFrame, tci: number): void {
    const { state } = this
    if (state.adjacent === 0) return
    state.bpdusRelayed++
    const vpc = state.config.vpcs[v].id
    this.peer.send({ ...Channel.senderOf(state), kind: "bpdu", session: state.session, isIn, vpc, frame, tci })
  }

  override sendPdu(port: number, frame: EthernetFrame, tci: number, tree?: number): void {
    const { state } = this
    const v = state.vpcOfPort[port]
    const isHere = v < 0 || state.bridge.up[port] === 1
    if (isHere) this.actions.sendPdu(port, frame, tci, tree)
    if (v < 0 || state.peerUp[v] === 0) return
    if (!isHere || state.config.peerSwitch === true) this.relay(v, false, frame, tci)
  }

  override portStatus(port: number): BridgePortStatus {
    const v = this.vpcOf(port)
    return v < 0 ? this.actions.portStatus(port) : { up: this.state.treeUp[v] === 1, rateBps: VPC_RATE, fullDuplex: true }
  }

  override setPortState(port: number, tree: number, learning: boolean, forwarding: boolean): void {
    const { state } = this
    state.wanted[tree * state.bridge.ports + port] =
      (learning ? BridgeState.LEARNING : 0) | (forwarding ? BridgeState.FORWARDING : 0)
    state.dirty[tree] = 1
  }

  override flush(port: number, tree: number, isLeft?: boolean): void {
    this.actions.flush(port, tree, isLeft)
    const { config, vpcOfPort } = this.state
    if (this.state.adjacent === 0) return
    if (port === ALL_PORTS || port === config.peerLink) this.peer.flushes.push({ vpc: NO_VPC, tree })
    if (!this.governs) return
    config.vpcs.forEach(({ id }, v) => {
      if (port === ALL_PORTS || vpcOfPort[port] === v) this.peer.flushes.push({ vpc: id, tree })
    })
  }

  override errdisable(port: number, cause: number): void {
    this.actions.errdisable(port, cause)
    const v = this.vpcOf(port)
    if (v < 0 || this.state.adjacent === 0) return
    Channel.tell(this.state, { type: "errdisable", vpc: this.state.config.vpcs[v].id, cause }, this.peer)
  }
}

const isTreeCommand = (command: { readonly type: string }): command is TreeCommand => command.type.startsWith("mlag.tree-")

/** A control protocol behind the fence: spanning trees are, whatever leaves the port states alone is not. */
export const fenced = (inner: AnyControlProtocolKind, fence: Fence): AnyControlProtocolKind => {
  if (inner.passive) return inner
  return new ControlProtocolKind<unknown, unknown>({
    ...inner,
    onBoot: (state, now, actions) => inner.onBoot(state, now, fence.around(actions)),
    onPdu: (state, port, frame, tci, now, actions) => {
      const v = fence.vpcOf(port)
      if (v >= 0 && !fence.governs) return fence.relay(v, true, frame, tci)
      return inner.onPdu(state, port, frame, tci, now, fence.around(actions))
    },
    onTimer: (state, timer, now, actions) => inner.onTimer(state, timer, now, fence.around(actions)),
    // Of vPCs it is told by the peer, since legs at both count.
    onPort: (state, port, status, now, actions) => {
      if (fence.vpcOf(port) < 0) inner.onPort(state, port, status, now, fence.around(actions))
    },
    onVlans: (state, bridge, now, actions) => inner.onVlans(state, bridge, now, fence.around(actions)),
    onCommand: (state, command, now, actions) => {
      const own = fence.around(actions)
      if (!isTreeCommand(command)) return inner.onCommand(state, command, now, own)
      switch (command.type) {
        case "mlag.tree-port":
          return inner.onPort(state, command.port, command.status, now, own)
        case "mlag.tree-bpdu":
          inner.onPdu(state, command.port, command.frame, command.tci, now, own)
          return
        case "mlag.tree-boot":
          return inner.onBoot(state, now, own)
      }
    },
  })
}
