/**
 * The seam that control protocols plug into: spanning tree, LACP, LLDP, UDLD, and routed VLAN interfaces attach to a bridge this
 * way, and the bridge knows none of them.
 *
 * A control protocol sees bridge ports and PDUs, and speaks only through `ControlActions`. One that is `perLink` sees link ports instead, and of
 * bundles nothing: what bundles links, and what neighbours tell each other link by link. A plain switch applies the actions at once; a chassis pair carries them over its virtual switch link. The rules of a device hold: state is plain data,
 * handlers are synchronous, allocate nothing on the common path, and never call anyone but the actions they are given.
 */
import type { Command, TimerId } from "@l2lab/sim/Device"
import type { Digest } from "@l2lab/sim/Digest"
import type { DurationNs, SimTime } from "@l2lab/sim/SimTime"
import type { SwitchPort, VlanId } from "./BridgeConfig.ts"
import type { EthernetFrame } from "./EthernetFrame.ts"
import type { MacAddress } from "./MacAddress.ts"

/** Index of a bridge port: 0 .. bridgePorts - 1. What relay, filtering database, VLANs and spanning tree know. Printed port numbers are one higher. */
export type BridgePort = number

/** A spanning tree of the bridge, by its small index: 0 for the one tree of 802.1D, one per VLAN for PVST+, a table for MSTP. */
export type Tree = number

/** All bridge ports, in `flush`. */
export const ALL_PORTS = -1

/** What a control protocol may be told about the bridge it runs on. Ports and existing VLANs may change while it is up (`onVlans`), the rest does not. */
export interface BridgeView {
  /** The bridge's own address; port p sends with `address + 1 + p`. */
  readonly address: MacAddress
  readonly bridgePorts: number
  /** Number of trees that the relay keeps. */
  readonly trees: number
  /** How each bridge port treats VLANs. */
  readonly switchPorts: ReadonlyArray<SwitchPort>
  /** VLANs that the bridge has room for, sorted, and the tree of each, by position. */
  readonly vlans: ReadonlyArray<VlanId>
  readonly treeOfVlan: ReadonlyArray<Tree>
  /** Those of `vlans` that exist, sorted; absent: all. */
  readonly existing?: ReadonlyArray<VlanId>
  /** The VTP domain that the bridge is of; absent or "": none. */
  readonly vtpDomain?: string
}

/** What a control protocol is told of a port that comes up or goes down. */
export interface BridgePortStatus {
  readonly up: boolean
  /** Bits per second; of a bundle the sum of its members. */
  readonly rateBps: number
  /** Full duplex, or a bundle: spanning tree takes it as point-to-point unless told otherwise. */
  readonly fullDuplex: boolean
}

/** An address and the bridge port that leads to it. */
export interface LearntAddress {
  readonly address: MacAddress
  readonly port: BridgePort
}

/** Everything a control protocol can do. Valid only during the call that it is passed to. */
export interface ControlActions {
  /**
   * Send a PDU in the egress's control class. `tci` is the tag that travels beside the frame, -1 for none. `tree` says which tree the PDU
   * speaks of, to who runs a protocol's machines once for each VLAN and sends its PDUs in frames of another kind; a bridge does not look at it.
   */
  sendPdu(port: BridgePort, frame: EthernetFrame, tci: number, tree?: Tree): void
  /** What `onPort` last said of the port: for who begins to ask while the bridge runs. */
  portStatus(port: BridgePort): BridgePortStatus
  /** The address that this bridge port sends from. */
  portAddress(port: BridgePort): MacAddress
  /** Set what the relay does on (tree, port). Learning off also stops the entries of the port from being used. */
  setPortState(port: BridgePort, tree: Tree, learning: boolean, forwarding: boolean): void
  /** Whether frames of a VLAN go through a port that carries it, by the VLAN's tree; false where the VLAN does not exist. */
  isForwarding(port: BridgePort, vlan: VlanId): boolean
  /** Say which tree each VLAN follows, where the protocol decides it (MSTP). A change forgets what was learnt. */
  setVlanTrees(treeOfVlan: (vlan: VlanId) => Tree): void
  /** Say which VLANs exist, of those that the bridge has room for. The others carry nothing, and access ports in them are inactive. */
  setVlans(existing: ReadonlyArray<VlanId>): void
  /** Say which VTP domain the bridge is of. */
  setVtpDomain(domain: string): void
  /** Have a port treat VLANs otherwise: an access port becomes a trunk, or a trunk an access port. */
  setSwitchPort(port: BridgePort, settings: SwitchPort): void
  /**
   * Forget what was learnt on a port (or ALL_PORTS) in the tree's filtering databases, as a topology change wants it. Static entries stay.
   * `isLeft`: the port is no longer part of the tree, which is charged to a topology change only if one comes in the same instant.
   */
  flush(port: BridgePort, tree: Tree, isLeft?: boolean): void
  /** The addresses that were learnt in the tree's filtering databases and still count, static ones excepted; for what is done once in a long while. */
  learnt(tree: Tree): ReadonlyArray<LearntAddress>
  /** The tree's topology changed: what is flooded from now on is counted as its cost. `port`: where that came from, -1 = nowhere; `cause`: the protocol's own number. */
  topologyChange(tree: Tree, port: BridgePort, cause: number): void
  /** Set the ageing time of dynamic entries in the tree's filtering databases. What had expired stays expired. */
  setAgeing(tree: Tree, ageing: DurationNs): void
  /** The ageing time that management configured, for going back to. */
  configuredAgeing(tree: Tree): DurationNs
  /** Take the port out of service (its link goes down) until management or recovery brings it back. `cause` as in `ErrdisableCause`. */
  errdisable(port: BridgePort, cause: number): void
  /**
   * Say what a member of a bundle is to the relay, from the end of this call on: out of it, alone (a bridge port of its own), or in its bundle;
   * `OUT`, `ALONE` and `IN` of `Bundles`. Static bundles hear of nobody.
   */
  setMember(linkPort: number, role: number): void
  /** Timers of the protocol's own range: 0 .. timers - 1. */
  startTimer(id: TimerId, at: SimTime): void
  stopTimer(id: TimerId): void
  /** A 32-bit unsigned number from the device's random stream. */
  random(): number
  /** As `Outbox.trace` and `Outbox.detail` of `@l2lab/sim/Device`. */
  trace(code: number, a: number, b: number, c: number, d: number): void
  detail(code: number, a: number, b: number, c: number, d: number): void
  readonly tracing: boolean
}

/** See `ControlProtocolDefinition.onPdu`. */
export type OnPdu<State> = (
  state: State,
  port: BridgePort,
  frame: EthernetFrame,
  tci: number,
  now: SimTime,
  actions: ControlActions,
) => false | void

/** A kind of control protocol. `Config` is plain data from the design, `State` plain data in the bridge's state. */
export interface ControlProtocolDefinition<State, Config> {
  /** For instance `stp1998`; a bridge's configuration names it. */
  readonly kind: string
  /**
   * Leaves the port states alone (LLDP, UDLD, LACP). When all protocols of a bridge do, its ports forward as soon as they are up; else
   * they stay discarding until a protocol says otherwise.
   */
  readonly passive?: boolean
  /** Its PDUs are BPDUs: a BPDU storm is counted by them. */
  readonly bpdus?: boolean
  /** Runs on link ports: its ports are those, whether bundled or not (LACP, LLDP, CDP, UDLD). */
  readonly perLink?: boolean
  /** Number of timers on this bridge. */
  readonly timers: (config: Config, bridge: BridgeView) => number
  readonly make: (config: Config, bridge: BridgeView, now: SimTime) => State
  /** Whether a frame for a reserved or registered group address is this protocol's. The bridge asks its protocols in order; the first that claims it gets it. */
  readonly claims: (frame: EthernetFrame) => boolean
  /** After `make`. All ports are down; they are reported up one by one through `onPort`. */
  readonly onBoot: (state: State, now: SimTime, actions: ControlActions) => void
  /**
   * A claimed frame came in. `tci` is -1 for an untagged frame. False: it is of a VLAN that the protocol does not run in, and the relay gets
   * it as data.
   */
  readonly onPdu: OnPdu<State>
  readonly onTimer: (state: State, timer: TimerId, now: SimTime, actions: ControlActions) => void
  readonly onPort: (state: State, port: BridgePort, status: BridgePortStatus, now: SimTime, actions: ControlActions) => void
  /**
   * VLANs came or went, or a port treats them otherwise than before, or the VTP domain is another: `bridge` is what holds from now on, its VLANs those that exist among it. Absent:
   * the protocol does not care.
   */
  readonly onVlans?: (state: State, bridge: BridgeView, now: SimTime, actions: ControlActions) => void
  /** Management commands; unknown ones are ignored. */
  readonly onCommand: (state: State, command: Command, now: SimTime, actions: ControlActions) => void
  readonly copy: (state: State) => State
  readonly fingerprint: (state: State, digest: Digest, now: SimTime) => void
}

/** A control protocol kind as bridges hold it; one class, so that calls stay cheap. */
export class ControlProtocolKind<State = unknown, Config = unknown> implements Required<
  ControlProtocolDefinition<State, Config>
> {
  readonly kind: string
  readonly passive: boolean
  readonly bpdus: boolean
  readonly perLink: boolean
  readonly timers: (config: Config, bridge: BridgeView) => number
  readonly make: (config: Config, bridge: BridgeView, now: SimTime) => State
  readonly claims: (frame: EthernetFrame) => boolean
  readonly onBoot: (state: State, now: SimTime, actions: ControlActions) => void
  readonly onPdu: OnPdu<State>
  readonly onTimer: (state: State, timer: TimerId, now: SimTime, actions: ControlActions) => void
  readonly onPort: (state: State, port: BridgePort, status: BridgePortStatus, now: SimTime, actions: ControlActions) => void
  readonly onVlans: (state: State, bridge: BridgeView, now: SimTime, actions: ControlActions) => void
  readonly onCommand: (state: State, command: Command, now: SimTime, actions: ControlActions) => void
  readonly copy: (state: State) => State
  readonly fingerprint: (state: State, digest: Digest, now: SimTime) => void

  constructor(definition: ControlProtocolDefinition<State, Config>) {
    this.kind = definition.kind
    this.passive = definition.passive ?? false
    this.bpdus = definition.bpdus ?? false
    this.perLink = definition.perLink ?? false
    this.timers = definition.timers
    this.make = definition.make
    this.claims = definition.claims
    this.onBoot = definition.onBoot
    this.onPdu = definition.onPdu
    this.onTimer = definition.onTimer
    this.onPort = definition.onPort
    this.onVlans = definition.onVlans ?? (() => {})
    this.onCommand = definition.onCommand
    this.copy = definition.copy
    this.fingerprint = definition.fingerprint
  }
}

// oxlint-disable-next-line typescript/no-explicit-any
export type AnyControlProtocolKind = ControlProtocolKind<any, any>
