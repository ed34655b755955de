/**
 * The legs of vPCs: in service or not, what the relay does on them, and the rule that keeps a pair without a loop. A frame that came over the peer-link is not sent
 * out of a vPC whose leg at the other peer is up: that peer has sent it there itself. A leg sends nothing before the other peer has said that it goes by this.
 *
 * The leg of the secondary forwards in a tree where the way through the primary does: the primary's state of the vPC, and the peer-link at both ends.
 * The peer-link itself is never given up: where spanning tree would have it blocked, the root port of this peer is blocked in its place. What is cut off by
 * that is reached over the peer-link, so the tree stays one.
 */
import * as BridgeState from "@l2lab/l2/BridgeState"
import * as ErrdisableCause from "@l2lab/l2/ErrdisableCause"
import * as SpanningTree from "@l2lab/stp/SpanningTree"
import * as Channel from "./Channel.ts"
import * as MacSync from "./MacSync.ts"
import type { MlagActions } from "./MlagActions.ts"
import { MOST_ITEMS, TREE_ROLES, type PortState } from "./MlagRecord.ts"
import { VPC_RATE } from "./Settings.ts"
import { NOT_RESTORED, PRIMARY, SECONDARY, type State, UNSAID } from "./State.ts"
import * as Trace from "./Trace.ts"

/** In `toldIn`: the peer knows. */
const CONFIRMED = 0

/** Learning and forwarding. */
const ALL = BridgeState.LEARNING | BridgeState.FORWARDING

const enable = (s: State, link: number, enabled: boolean, actions: MlagActions): void => {
  if (s.shut[link] === (enabled ? 0 : 1)) return
  s.shut[link] = enabled ? 0 : 1
  if (enabled && s.bridge.errdisable.cause[link] !== ErrdisableCause.NONE) return
  actions.setPortEnabled(link, enabled)
}

/** Give a leg its reasons to be out of service; none of them, and it is in service. */
export const setReasons = (s: State, v: number, reasons: number, actions: MlagActions): void => {
  const was = s.reasons[v]
  if (was === reasons) return
  s.reasons[v] = reasons
  actions.trace(Trace.LEG.code, s.config.vpcs[v].id, reasons === 0 ? 1 : 0, reasons === 0 ? was : reasons, s.config.domain)
  for (const link of s.bridge.config.bundles![s.config.vpcs[v].bundle].members) enable(s, link, reasons === 0, actions)
}

/** Take reasons away from all legs, and give them others. */
export const replaceReasons = (s: State, without: number, bits: number, actions: MlagActions): void => {
  for (let v = 0; v < s.reasons.length; v++) setReasons(s, v, (s.reasons[v] & ~without) | bits, actions)
}

/** Take the orphan ports out of service that go down with the legs, or put them back; how many there are. */
export const setOrphans = (s: State, enabled: boolean, actions: MlagActions): number => {
  const { orphanSuspend = [] } = s.config
  for (const link of orphanSuspend) enable(s, link, enabled, actions)
  return orphanSuspend.length
}

/** A peer that was switched on has no leg in service. */
export const boot = (s: State, actions: MlagActions): void => {
  for (const { bundle } of s.config.vpcs) {
    for (const link of s.bridge.config.bundles![bundle].members) enable(s, link, false, actions)
  }
}

/** Tell the peer of a leg. */
export const report = (s: State, v: number, actions: MlagActions): void => {
  const up = s.localUp[v] === 1
  const sequence = Channel.tell(s, { type: "legs", legs: [{ vpc: s.config.vpcs[v].id, up }] }, actions)
  s.toldIn[v] = up ? sequence : Infinity
}

/** Legs came up or went down: the peer is told. Whether any did. */
export const follow = (s: State, actions: MlagActions): boolean => {
  let changed = false
  for (let v = 0; v < s.localUp.length; v++) {
    const up = s.bridge.up[s.portOfVpc[v]]
    if (up === s.localUp[v]) continue
    changed = true
    s.localUp[v] = up
    s.toldIn[v] = Infinity
    for (let tree = 0; tree < s.dirty.length; tree++) s.given[tree * s.localUp.length + v] = 0
    actions.trace(Trace.LEG_STATE.code, s.config.vpcs[v].id, up, 0, 0)
    if (s.adjacent === 0) continue
    // Some of it may be behind the leg from here on, where nothing that goes over the peer-link gets out.
    if (up === 1) MacSync.forget(s)
    report(s, v, actions)
  }
  if (changed) s.dirty.fill(1)
  return changed
}

/** The peer has heard more: legs of which it has may send. */
export const confirm = (s: State): void => {
  for (let v = 0; v < s.toldIn.length; v++) {
    if (s.toldIn[v] === CONFIRMED || s.toldIn[v] > s.channel.acknowledged) continue
    s.toldIn[v] = CONFIRMED
    s.dirty.fill(1)
  }
}

/** The peer says that its leg is up, or down. */
export const hear = (s: State, v: number, up: boolean, actions: MlagActions): void => {
  s.peerUp[v] = up ? 1 : 0
  for (let tree = 0; tree < s.dirty.length; tree++) s.said[tree * s.peerUp.length + v] = UNSAID
  s.dirty.fill(1)
  actions.trace(Trace.LEG_STATE.code, s.config.vpcs[v].id, up ? 1 : 0, 1, 0)
}

/** Tell spanning tree which vPCs are up: at the primary those with a leg at either peer, at the secondary none. */
export const tellTree = (s: State, actions: MlagActions): void => {
  for (let v = 0; v < s.treeUp.length; v++) {
    const up = s.role === PRIMARY && (s.localUp[v] | (s.adjacent & s.peerUp[v])) === 1 ? 1 : 0
    if (up === s.treeUp[v]) continue
    s.treeUp[v] = up
    const status = { up: up === 1, rateBps: VPC_RATE, fullDuplex: true }
    actions.tree({ type: "mlag.tree-port", port: s.portOfVpc[v], status })
  }
}

/** What forwards now goes on to, whatever spanning tree says, until it agrees or gives the port a role that blocks; `everywhere`, or on vPCs only. */
export const hold = (s: State, everywhere: boolean): void => {
  const { portStates, ports } = s.bridge
  for (let i = 0; i < s.held.length; i++) {
    if (portStates[i] !== ALL || (!everywhere && s.vpcOfPort[i % ports] < 0)) continue
    s.held[i] = 1
    s.holds[Math.floor(i / ports)] = 1
  }
}

const isUseful = (role: string): boolean => role === "Designated" || role === "Root" || role === "Master"

/** A role and port state as columns hold them. */
export const packed = (role: number, bits: number): number => (role << 4) | bits

const roleCodeOf = (running: SpanningTree.SpanningTree | undefined, tree: number, port: number): number => {
  if (running === undefined || tree >= SpanningTree.treesOf(running)) return 0
  const role = SpanningTree.roleOf(running, tree, port)
  return Math.max(
    0,
    TREE_ROLES.findIndex((name) => name === role),
  )
}

/** Let go what need not be held any more. */
const release = (s: State, running: SpanningTree.SpanningTree | undefined, tree: number): void => {
  const { ports, up } = s.bridge
  let holds = 0
  for (let port = 0, i = tree * ports; port < ports; port++, i++) {
    if (s.held[i] === 0) continue
    const isNeeded =
      running !== undefined &&
      up[port] === 1 &&
      (s.wanted[i] & BridgeState.FORWARDING) === 0 &&
      isUseful(SpanningTree.roleOf(running, tree, port))
    if (isNeeded) holds = 1
    else s.held[i] = 0
  }
  s.holds[tree] = holds
}

/** Whether spanning tree would have the peer-link blocked for good. */
const isPutAside = (s: State, running: SpanningTree.SpanningTree, tree: number): boolean => {
  if (s.adjacent === 0 || s.bridge.up[s.config.peerLink] === 0 || tree >= SpanningTree.treesOf(running)) return false
  const role = SpanningTree.roleOf(running, tree, s.config.peerLink)
  return !isUseful(role) && role !== "Disabled"
}

const settleTree = (s: State, running: SpanningTree.SpanningTree | undefined, tree: number, states: Array<PortState>): void => {
  const { bridge, config, peerUp } = s
  const { free, ports, portStates, up } = bridge
  const row = tree * ports
  if (s.holds[tree] === 1) release(s, running, tree)
  const aside = !free && running !== undefined && isPutAside(s, running, tree)
  const blocked = aside ? SpanningTree.rootPortOf(running, tree) : -1
  const wantedOf = (port: number): number =>
    port === blocked ? 0 : free || s.held[row + port] === 1 || (aside && port === config.peerLink) ? ALL : s.wanted[row + port]
  const set = (port: number, bits: number): void => {
    if (portStates[row + port] !== bits) BridgeState.setPortState(bridge, tree, port, bits)
  }
  // Nothing but control frames passes between peers that do not have each other.
  const through = s.adjacent === 1 && up[config.peerLink] === 1 ? wantedOf(config.peerLink) : 0
  set(config.peerLink, through)
  for (let port = 0; port < ports; port++) {
    const v = s.vpcOfPort[port]
    if (port === config.peerLink) continue
    if (v < 0) {
      if (!free) set(port, up[port] === 0 ? 0 : wantedOf(port))
      continue
    }
    const place = tree * peerUp.length + v
    let bits = 0
    if (s.role === PRIMARY) bits = s.adjacent === 0 || s.toldIn[v] === CONFIRMED ? wantedOf(port) : 0
    else if (s.role === SECONDARY) bits = s.given[place] & (s.adjacent === 0 ? ALL : through)
    set(port, up[port] === 0 ? 0 : bits)
    if (s.role !== PRIMARY || s.adjacent === 0 || peerUp[v] === 0) continue
    const theirs = wantedOf(port) & through
    const role = roleCodeOf(running, tree, port)
    if (packed(role, theirs) === s.said[place]) continue
    s.said[place] = packed(role, theirs)
    states.push({ vpc: config.vpcs[v].id, tree, bits: theirs, role })
  }
}

/** Have the relay do what spanning tree and the peer want of it, and tell the peer what its legs are to do. */
export const settle = (s: State, actions: MlagActions): void => {
  const states: Array<PortState> = []
  let running: SpanningTree.SpanningTree | undefined
  for (let tree = 0; tree < s.dirty.length; tree++) {
    // A port that is blocked may get another role, and no other state, which nobody tells of.
    const peerLink = s.wanted[tree * s.bridge.ports + s.config.peerLink]
    const isClosed = s.adjacent === 1 && !s.bridge.free && (peerLink & BridgeState.FORWARDING) === 0
    if (!isClosed && (s.dirty[tree] | s.holds[tree]) === 0) continue
    s.dirty[tree] = 0
    running ??= SpanningTree.of(s.bridge)
    settleTree(s, running, tree, states)
  }
  Channel.tellAll(s, states, MOST_ITEMS.states, (part) => ({ type: "states", states: part }), actions)
}

/** The time of legs that waited is over. */
export const restore = (s: State, actions: MlagActions): void => replaceReasons(s, NOT_RESTORED, 0, actions)
