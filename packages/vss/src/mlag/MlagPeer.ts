/**
 * A peer of a vPC pair as a device: an ordinary bridge with its own ports and its own control plane, and around it what makes two of them look like one to who is bundled to
 * both. The bridge's handlers are called with an outbox of the peer's own, which keeps back what came over the peer-link and has gone out of the vPC already; its spanning tree
 * runs behind a fence (`Fence.ts`). The pair has no state: all that one peer knows of the other came in frames.
 */
import { bridgeKind } from "@l2lab/l2/Bridge"
import * as BridgeState from "@l2lab/l2/BridgeState"
import { BundleEgress } from "@l2lab/l2/bundle/BundleEgress"
import type { FlowReaders } from "@l2lab/l2/bundle/LoadBalance"
import * as Columns from "@l2lab/l2/Columns"
import type { AnyControlProtocolKind } from "@l2lab/l2/ControlProtocol"
import * as Errdisable from "@l2lab/l2/Errdisable"
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import * as FilteringDatabase from "@l2lab/l2/FilteringDatabase"
import * as GroupAddress from "@l2lab/l2/GroupAddress"
import { payloadOf } from "@l2lab/l2/PayloadCodec"
import * as Protocol from "@l2lab/l2/Protocol"
import * as L2Trace from "@l2lab/l2/Trace"
import { DeviceKind, type Command, type Outbox, type Tci } from "@l2lab/sim/Device"
import type { Digest } from "@l2lab/sim/Digest"
import type { SimTime } from "@l2lab/sim/SimTime"
import * as SpanningTree from "@l2lab/stp/SpanningTree"
import * as Adjacency from "./Adjacency.ts"
import * as Channel from "./Channel.ts"
import { Fence, fenced } from "./Fence.ts"
import * as Keepalive from "./Keepalive.ts"
import * as Legs from "./Legs.ts"
import * as MacSync from "./MacSync.ts"
import type { MlagActions, MlagCommand, TreeCommand } from "./MlagActions.ts"
import * as MlagPdu from "./MlagPdu.ts"
import * as MlagRecord from "./MlagRecord.ts"
import { bridgeOf, HELLO_INTERVAL, type MlagConfig, SWEEP_INTERVAL } from "./Settings.ts"
import * as PeerLoss from "./PeerLoss.ts"
import * as State from "./State.ts"
import * as Through from "./Through.ts"
import * as Trace from "./Trace.ts"

/** Where control protocols live: 01-80-C2-xx-xx-xx, and 01-00-0C-CC-CC-CC and -CD. */
const isControl = ({ destinationHigh, destinationLow }: EthernetFrame): boolean =>
  destinationHigh === 0x0180 || (destinationHigh === 0x0100 && destinationLow >>> 17 === 0x0ccc >>> 1)

/** What the bridge within writes to. One object for all peers of a kind, pointed at one before each call and valid during it. */
class PeerOutbox implements Outbox<EthernetFrame> {
  private state!: State.State
  private actions!: MlagActions
  private out!: Outbox<EthernetFrame>
  /** Whether the frame at hand came over the peer-link. */
  private isThrough = false
  tracing = false

  /** `listens`: addresses that are learnt are to be told to the peer. */
  at(state: State.State, isThrough: boolean, listens: boolean, actions: MlagActions, out: Outbox<EthernetFrame>): this {
    this.state = state
    this.isThrough = isThrough
    this.actions = actions
    this.out = out
    this.tracing = out.tracing || listens
    return this
  }

  transmit(port: number, frame: EthernetFrame, tci: Tci): void {
    const { state } = this
    if (this.isThrough) {
      const v = state.vpcOfLink[port]
      if (v >= 0 && state.peerUp[v] === 1) {
        state.avoided++
        if (this.out.tracing) this.out.detail(Trace.AVOIDED.code, port, 0, 0, 0)
        return
      }
    }
    this.out.transmit(port, frame, tci)
  }

  transmitControl(port: number, frame: EthernetFrame, tci: Tci): void {
    this.out.transmitControl(port, frame, tci)
  }
  startTimer(id: number, at: SimTime): void {
    this.out.startTimer(id, at)
  }
  stopTimer(id: number): void {
    this.out.stopTimer(id)
  }
  /** A port that the pair keeps out of service comes back when the pair says so. */
  setPortEnabled(port: number, enabled: boolean): void {
    if (!enabled || this.state.shut[port] === 0) this.out.setPortEnabled(port, enabled)
  }
  random(): number {
    return this.out.random()
  }
  trace(code: number, a: number, b: number, c: number, d: number): void {
    this.out.trace(code, a, b, c, d)
  }
  detail(code: number, a: number, b: number, c: number, d: number): void {
    if (code === L2Trace.CAM_LEARNT.code) {
      if (c === this.state.config.peerLink) MacSync.unlearn(this.state, a, b)
      else MacSync.learnt(this.state, a, b, c, this.actions)
    } else if (code === L2Trace.CAM_MOVED.code) {
      if (d === this.state.config.peerLink) MacSync.moved(this.state, a, b, c, this.actions.now)
      else MacSync.learnt(this.state, a, b, d, this.actions)
    }
    if (this.out.tracing) this.out.detail(code, a, b, c, d)
  }
}

/** The VLAN of a tag, 0 for none. */
const vlanOf = (tci: Tci): number => (tci < 0 ? 0 : tci & 0x0fff)

/** Whether spanning tree of a bridge sends such a frame: to a group of its own, untagged or in a VLAN that the bridge has. */
const isBpduOf = ({ config }: BridgeState.BridgeState, { destination }: EthernetFrame, tci: Tci): boolean =>
  (destination === GroupAddress.BRIDGE_GROUP || destination === GroupAddress.CISCO_SSTP) &&
  (vlanOf(tci) === 0 || config.vlans.includes(vlanOf(tci)))

/** The device kind `mlag-peer`, whose bridges may run the given control protocols; see `bridgeKind` of `@l2lab/l2`. */
export const mlagPeerKind = (
  protocols: ReadonlyArray<AnyControlProtocolKind>,
  flows: FlowReaders = new Map(),
): DeviceKind<State.State, EthernetFrame, MlagConfig> => {
  const fence = new Fence()
  const plain = new Map(protocols.map((protocol) => [protocol.kind, protocol]))
  const kind = bridgeKind(
    protocols.map((protocol) => fenced(protocol, fence)),
    flows,
  )
  const outbox = new PeerOutbox()
  const egress = new BundleEgress(flows)

  /** The actions, for one peer at a time. */
  class Hands implements MlagActions {
    private state!: State.State
    private out!: Outbox<EthernetFrame>
    now: SimTime = 0
    readonly flushes: Array<MlagRecord.Flush> = []

    at(state: State.State, now: SimTime, out: Outbox<EthernetFrame>): this {
      this.state = state
      this.now = now
      this.out = out
      fence.at(state, this)
      return this
    }

    private get inner(): PeerOutbox {
      return outbox.at(this.state, false, false, this, this.out)
    }

    send(pdu: MlagPdu.MlagPdu): void {
      const link = State.peerLinkOf(this.state)
      if (link >= 0) this.out.transmitControl(link, MlagPdu.frame(pdu), -1)
    }
    sendKeepalive(pdu: MlagPdu.MlagPdu): void {
      const { keepalive } = this.state.config
      if (keepalive === "peer-link") this.send(pdu)
      else this.out.transmitControl(keepalive, MlagPdu.frame(pdu), -1)
    }
    startTimer(name: State.TimerName, at: SimTime): void {
      this.out.startTimer(State.firstTimer(this.state) + State.TIMER[name], at)
    }
    stopTimer(name: State.TimerName): void {
      this.out.stopTimer(State.firstTimer(this.state) + State.TIMER[name])
    }
    setPortEnabled(link: number, enabled: boolean): void {
      this.out.setPortEnabled(link, enabled)
    }
    tree(command: TreeCommand | Command): void {
      kind.onCommand(this.state.bridge, command, this.now, this.inner)
    }
    restartTree(): void {
      const { bridge, treeAddress, vpcOfPort } = this.state
      const i = bridge.config.protocols.findIndex((protocol) => SpanningTree.KINDS.includes(protocol.kind))
      if (i < 0) return
      for (let timer = bridge.timerBase[i]; timer < bridge.timerBase[i + 1]; timer++) this.out.stopTimer(timer)
      const view = { ...BridgeState.currentView(bridge), address: treeAddress }
      bridge.protocols[i] = plain.get(bridge.config.protocols[i].kind)!.make(bridge.config.protocols[i].config, view, this.now)
      this.tree({ type: "mlag.tree-boot" })
      for (let port = 0; port < bridge.ports; port++) {
        if (bridge.up[port] === 0 || vpcOfPort[port] >= 0) continue
        const status = { up: true, rateBps: bridge.rateBps[port], fullDuplex: bridge.fullDuplex[port] === 1 }
        this.tree({ type: "mlag.tree-port", port, status })
      }
    }
    flush(port: number, tree: number): void {
      const forgotten = FilteringDatabase.flush(this.state.bridge.fdb, tree, port)
      if (forgotten > 0) this.out.trace(L2Trace.CAM_FLUSHED.code, port, tree, forgotten, 0)
    }
    errdisable(port: number, cause: number): void {
      Errdisable.disable(this.state.bridge, port, cause, this.now, this.inner)
    }
    emit(port: number, frame: EthernetFrame, tci: number): void {
      const link = this.state.bridge.linkPortOf[port]
      if (link >= 0 && this.state.bridge.up[port] === 1) this.out.transmitControl(link, frame, tci)
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
    get tracing(): boolean {
      return this.out.tracing
    }
  }
  const hands = new Hands()

  /** Whatever the bridge did, or was told: what follows from it for the pair. */
  const after = (s: State.State, actions: MlagActions): void => {
    Adjacency.follow(s, actions)
    PeerLoss.run(s, actions)
    if (Legs.follow(s, actions)) Adjacency.tellParameters(s, false, actions)
    Legs.tellTree(s, actions)
    Legs.settle(s, actions)
    const all = actions.flushes.splice(0)
    const asks = all.find(({ vpc }) => vpc === MlagRecord.NO_VPC)
    const flushes = [...all.filter(({ vpc }) => vpc !== MlagRecord.NO_VPC), ...(asks === undefined ? [] : [asks])]
    if (s.adjacent === 0) return
    Channel.tellAll(s, flushes, MlagRecord.MOST_ITEMS.flushes, (part) => ({ type: "flushes", flushes: part }), actions)
    MacSync.sendWaiting(s, actions)
  }

  const hear = (s: State.State, link: number, frame: EthernetFrame, actions: MlagActions): void => {
    const pdu = payloadOf(frame, MlagPdu.codec)
    if (pdu === undefined) {
      s.refused++
      return
    }
    if (pdu.kind === "keepalive") {
      const isMeant = link === s.config.keepalive || (s.config.keepalive === "peer-link" && State.isPeerLink(s, link))
      if (isMeant && pdu.domain === s.config.domain) Keepalive.hear(s, actions)
      else s.refused++
      return
    }
    if (!State.isPeerLink(s, link)) {
      s.refused++
      return
    }
    switch (pdu.kind) {
      case "hello":
        return Adjacency.hear(s, pdu, actions)
      case "ack":
        if (s.adjacent === 0) return
        if (Channel.acknowledge(s, pdu, actions)) Legs.confirm(s)
        return
      case "data":
        if (s.adjacent === 0 || pdu.session !== s.peer.session) return
        if (Channel.accept(s, pdu)) Adjacency.hearRecord(s, pdu.record, actions.now, actions)
        // What it says holds before the peer hears that it has come.
        after(s, actions)
        return Channel.confirm(s, actions)
      case "bpdu": {
        const v = State.vpcOf(s, pdu.vpc)
        if (v < 0 || s.adjacent === 0 || pdu.session !== s.peer.session) return
        if (!isBpduOf(s.bridge, pdu.frame, pdu.tci)) {
          s.refused++
          return
        }
        if (!pdu.isIn) {
          if (s.config.peerSwitch === true) {
            s.bpdus.set(`${v}/${pdu.frame.destination}/${vlanOf(pdu.tci)}`, { v, frame: pdu.frame, tci: pdu.tci })
          }
          return actions.emit(s.portOfVpc[v], pdu.frame, pdu.tci)
        }
        if (s.role !== State.PRIMARY || s.treeUp[v] === 0) return
        return actions.tree({ type: "mlag.tree-bpdu", port: s.portOfVpc[v], frame: pdu.frame, tci: pdu.tci })
      }
    }
  }

  const fire = (s: State.State, name: State.TimerName, actions: MlagActions): void => {
    switch (name) {
      case "keepalive":
        return Keepalive.tick(s, actions)
      case "keepaliveLost":
        return Keepalive.lose(s, actions)
      case "hello":
        return Adjacency.tick(s, actions)
      case "adjacencyLost":
        return Adjacency.lose(s, actions)
      case "hold":
        s.holdOver = 1
        return
      case "listen":
        s.listenOver = 1
        return
      case "restore":
        return Legs.restore(s, actions)
      case "restoreOrphans":
        Legs.setOrphans(s, true, actions)
        return
      case "autoRecovery":
        return Keepalive.recoverAlone(s, actions)
      case "retransmit":
        return Channel.repeat(s, actions)
      case "sweep":
        MacSync.sweep(s, actions)
        Adjacency.tellParameters(s, false, actions)
        return actions.startTimer("sweep", actions.now + SWEEP_INTERVAL)
    }
  }

  const onTimer = (s: State.State, timer: number, now: SimTime, out: Outbox<EthernetFrame>): void => {
    const actions = hands.at(s, now, out)
    const own = timer - State.firstTimer(s)
    if (own < 0) kind.onTimer(s.bridge, timer, now, outbox.at(s, false, false, actions, out))
    else {
      const name = (Object.keys(State.TIMER) as Array<State.TimerName>)[own]
      // A processor that hangs says nothing and concludes nothing; what came due waits.
      if (s.bridge.controlPlane.hung) return actions.startTimer(name, now + HELLO_INTERVAL)
      fire(s, name, actions)
    }
    after(s, actions)
  }

  const onCommand = (s: State.State, command: Command, now: SimTime, out: Outbox<EthernetFrame>): void => {
    const actions = hands.at(s, now, out)
    if (command.type === "mlag.role-priority") {
      s.rolePriority = (command as MlagCommand).priority
      s.sticky = 0
      return
    }
    if (command.type.startsWith("mlag.")) return
    kind.onCommand(s.bridge, command, now, outbox.at(s, false, false, actions, out))
    if (s.own.length > 0) Adjacency.tellParameters(s, false, actions)
    after(s, actions)
  }

  return new DeviceKind<State.State, EthernetFrame, MlagConfig>({
    kind: "mlag-peer",
    ports: ({ bridge }) => bridge.ports.length,
    timers: (config) => kind.timers(bridgeOf(config)) + State.TIMERS,
    make: (config, now) => State.make(config, kind.make(bridgeOf(config), now)),
    onBoot: (s, now, out) => {
      const actions = hands.at(s, now, out)
      kind.onBoot(s.bridge, now, outbox.at(s, false, false, actions, out))
      Legs.boot(s, actions)
      Keepalive.startRecovery(s, actions)
      Keepalive.tick(s, actions)
      after(s, actions)
    },
    onFrame: (s, link, frame, tci, now, out) => {
      const actions = hands.at(s, now, out)
      if (frame.protocol === Protocol.VIRTUAL_SWITCH) {
        if (s.bridge.controlPlane.hung) return
        hear(s, link, frame, actions)
        return after(s, actions)
      }
      if (link === s.config.keepalive) return
      const isThrough = State.isPeerLink(s, link)
      const inner = outbox.at(s, isThrough, s.adjacent === 1, actions, out)
      const { bridge } = s
      const isData = !bridge.guarded && !isControl(frame)
      if (isThrough && isData && s.adjacent === 1) {
        const to = bridge.bundles === null ? inner : egress.at(bridge, bridge.bundles, inner)
        if (Through.relay(s, frame, tci, now, to)) return
      }
      kind.onFrame(bridge, link, frame, tci, now, inner)
      if (!isData) after(s, actions)
    },
    onTimer,
    onLink: (s, link, status, now, out) => {
      const actions = hands.at(s, now, out)
      if (link === s.config.keepalive) {
        if (status.up) Keepalive.speak(s, actions)
        return
      }
      // The world takes down presently what is out of service; the bridge never hears that it was up.
      if (status.up ? s.shut[link] === 1 : s.passedUp[link] === 0) return
      s.passedUp[link] = status.up ? 1 : 0
      kind.onLink(s.bridge, link, status, now, outbox.at(s, false, false, actions, out))
      after(s, actions)
    },
    onCommand,
    copy: ({ bpdus, bridge, macs, ...columns }) => ({
      ...Columns.copy(columns),
      bridge: kind.copy(bridge),
      bpdus: new Map(bpdus),
      macs: new Map(macs),
    }),
    fingerprint: (s, digest, now) => {
      kind.fingerprint(s.bridge, digest, now)
      fingerprint(s, digest, now)
    },
  })
}

const fingerprint = (s: State.State, digest: Digest, now: SimTime): void => {
  const { bpdus, bridge: _bridge, config: _config, different, macs, own: _own, theirs, ...columns } = s
  Columns.fingerprint(columns, digest, now, State.TIMES)
  for (const record of columns.channel.waiting) digest.numbers(MlagRecord.emit(record))
  for (const { name, value, vpc } of theirs ?? []) {
    digest.int(vpc)
    digest.int(name)
    digest.string(value)
  }
  for (const key of [...different, ...bpdus.keys(), ...macs.keys()]) digest.string(key)
}
