/**
 * UplinkFast: an access switch that loses the link of its root port goes on by its best other way to the root at once, without listening and learning. That
 * can loop nothing as long as nobody's way to the root leads through it, which is why its priority and its costs are raised. The bridges above
 * learn where its stations are by multicasts that it sends in their names, so many a second. A root port that comes back waits until the
 * other end has gone through listening and learning, and takes over at once then.
 */
import type { BridgePortStatus, ControlActions } from "@l2lab/l2/ControlProtocol"
import * as EthernetFrame from "@l2lab/l2/EthernetFrame"
import * as GroupAddress from "@l2lab/l2/GroupAddress"
import * as Protocol from "@l2lab/l2/Protocol"
import { NEVER, SECOND, type SimTime } from "@l2lab/sim/SimTime"
import { DEFAULT_PRIORITY } from "../BridgeIdentifier.ts"
import type { PvstConfig } from "../pvst/Settings.ts"
import { ENCAPSULATION_NONE, type State as PvstState } from "../pvst/State.ts"
import * as StpTime from "../StpTime.ts"
import * as Operation from "../stp1998/Operation.ts"
import { isDesignatedPort, isRootBridge } from "../stp1998/Predicates.ts"
import * as Procedures from "../stp1998/Procedures.ts"
import * as S1998 from "../stp1998/State.ts"
import * as Timers from "../stp1998/Timers.ts"
import * as Trace from "../Trace.ts"
import * as Deadlines from "./Deadlines.ts"
import type { WithToolkitConfig } from "./Guarded.ts"
import { UPLINK_FAST_COST, UPLINK_FAST_PRIORITY } from "./Settings.ts"
import type { Toolkit } from "./State.ts"

type State = PvstState<S1998.State>

/** SNAP 00000c-200a, as Wireshark knows it ("STP Uplink Fast"). */
export const PROTOCOL = Protocol.snap(0x00000c, 0x200a)

/** A frame of the least length: its 46 octets behind the length are the SNAP header and zeros†. */
const CLIENT_OCTETS = 46
const DUMMY = new Uint8Array(CLIENT_OCTETS - Protocol.headerOctets(PROTOCOL))

/** What a returned uplink waits beyond twice the forward delay. */
const GRACE = 5 * SECOND

/** The multicast that has the bridges above learn where a station is. */
export const dummyFrame = (source: number): EthernetFrame.EthernetFrame =>
  EthernetFrame.make(GroupAddress.CISCO_UPLINK_FAST, source, PROTOCOL, DUMMY, CLIENT_OCTETS)

const isOn = (toolkit: Toolkit): boolean => toolkit.uplinkFast === 1

/** A bridge that is nobody's way to the root: priorities that nobody set. Costs are raised where they are asked for (`prepare`). */
export const configure = (config: PvstConfig & WithToolkitConfig): PvstConfig & WithToolkitConfig => {
  if (config.toolkit?.uplinkFast === undefined) return config
  const priority = (own: number | undefined): number | undefined => (own === DEFAULT_PRIORITY ? UPLINK_FAST_PRIORITY : own)
  return {
    ...config,
    priority: priority(config.priority) ?? UPLINK_FAST_PRIORITY,
    vlans: Object.fromEntries(
      Object.entries(config.vlans ?? {}).map(([vlan, own]) => {
        const its = priority(own.priority)
        return [vlan, its === undefined ? own : { ...own, priority: its }]
      }),
    ),
  }
}

/** Machines that hold ports back, and raise costs. */
export const prepare = (state: State, toolkit: Toolkit): State => {
  if (!isOn(toolkit)) return state
  const { machines } = state
  return { ...state, machines: { ...machines, held: new Uint8Array(machines.state.length), raisesCostsBelow: UPLINK_FAST_COST } }
}

/** Before a link comes up or goes down: an uplink that returns is held back, and all are let go when one is lost. */
export const beforePort = (
  { machines }: State,
  toolkit: Toolkit,
  port: number,
  { up }: BridgePortStatus,
  now: SimTime,
  actions: ControlActions,
): void => {
  if (!isOn(toolkit)) return
  for (let tree = 0; tree < machines.trees; tree++) {
    const i = tree * machines.ports + port
    if (!up) {
      toolkit.heldUntil[i] = NEVER
      machines.held![i] = 0
      if (machines.rootPort[tree] === port) letGo(machines, toolkit, tree)
      continue
    }
    const root = machines.rootPort[tree]
    if (root === S1998.NO_PORT || root === port || machines.state[i] !== S1998.DISABLED || machines.member[i] === 0) continue
    machines.held![i] = 1
    toolkit.heldUntil[i] = now + 2 * StpTime.toNs(machines.forwardDelay[tree]) + GRACE
    Deadlines.by(toolkit, toolkit.heldUntil[i], actions)
  }
}

/** The last way to the root is gone: who waits to take over does so now. */
const letGo = (machines: S1998.State, toolkit: Toolkit, tree: number): void => {
  for (let i = tree * machines.ports; i < (tree + 1) * machines.ports; i++) {
    machines.held![i] = 0
    toolkit.heldUntil[i] = NEVER
  }
}

/** A link went down that was the way to the root. `rootsBefore` by tree. */
export const afterLoss = (
  state: State,
  toolkit: Toolkit,
  port: number,
  rootsBefore: ReadonlyArray<number>,
  now: SimTime,
  actions: ControlActions,
): void => {
  if (!isOn(toolkit)) return
  rootsBefore.forEach((root, tree) => {
    if (root === port) forwardAtOnce(state, toolkit, tree, now, actions)
  })
}

/** A returned uplink has waited long enough: it is chosen if it is the best, and the other end is ready for it. */
export const expireHeld = (
  state: State,
  toolkit: Toolkit,
  i: number,
  now: SimTime,
  actions: ControlActions,
  own: ControlActions,
): void => {
  const { machines } = state
  const tree = Math.floor(i / machines.ports)
  const before = machines.rootPort[tree]
  machines.held![i] = 0
  const wasRoot = isRootBridge(machines, tree)
  Procedures.configurationUpdate(machines, tree, now, own)
  Procedures.portStateSelection(machines, tree, now, own)
  if (!wasRoot && isRootBridge(machines, tree)) Operation.becomeRoot(machines, tree, now, own)
  if (machines.rootPort[tree] === before) return
  // What was learnt on the uplink that blocks now lies behind the new one.
  if (before !== S1998.NO_PORT) actions.flush(before, tree, true)
  forwardAtOnce(state, toolkit, tree, now, actions)
}

/** The new root port forwards, and the bridges above are told of the stations behind the other ports. */
const forwardAtOnce = (state: State, toolkit: Toolkit, tree: number, now: SimTime, actions: ControlActions): void => {
  const { machines } = state
  const port = machines.rootPort[tree]
  if (port === S1998.NO_PORT) return
  const i = tree * machines.ports + port
  if (machines.state[i] !== S1998.FORWARDING) {
    Timers.stop(machines, tree, port, Timers.FORWARD_DELAY, actions)
    Procedures.setPortState(machines, tree, port, S1998.FORWARDING, now, actions)
  }
  actions.trace(Trace.UPLINK_FAST.code, port, tree, 0, 0)
  queue(state, toolkit, tree, port, now, actions)
}

const queue = (state: State, toolkit: Toolkit, tree: number, port: number, now: SimTime, actions: ControlActions): void => {
  const i = tree * state.ports + port
  if (toolkit.dummyEvery === 0 || state.encapsulation[i] === ENCAPSULATION_NONE) return
  // Those still to be told of in other trees stay in front.
  const waiting: Array<readonly [address: number, place: number]> = []
  for (let at = toolkit.dummyNext[0]; at < toolkit.dummyAddress.length; at++) {
    const place = toolkit.dummyPlace[at]
    if (Math.floor(place / state.ports) !== tree) waiting.push([toolkit.dummyAddress[at], place])
  }
  // Whoever is behind another uplink is above this switch, and is not to be looked for below it.
  for (const learnt of actions.learnt(tree)) {
    if (isDesignatedPort(state.machines, tree, learnt.port)) waiting.push([learnt.address, i])
  }
  toolkit.dummyAddress = Float64Array.from(waiting, ([address]) => address)
  toolkit.dummyPlace = Uint32Array.from(waiting, ([, place]) => place)
  toolkit.dummyNext[0] = 0
  if (waiting.length === 0 || toolkit.dummyAt[0] !== NEVER) return
  toolkit.dummyAt[0] = now + toolkit.dummyEvery
  Deadlines.by(toolkit, toolkit.dummyAt[0], actions)
}

/** The next dummy multicast is due. */
export const sendDummy = (state: State, toolkit: Toolkit, now: SimTime, actions: ControlActions): void => {
  const at = toolkit.dummyNext[0]++
  if (at >= toolkit.dummyAddress.length) return
  const place = toolkit.dummyPlace[at]
  const tree = Math.floor(place / state.ports)
  const port = place % state.ports
  if (state.machines.rootPort[tree] === port) {
    actions.sendPdu(port, dummyFrame(toolkit.dummyAddress[at]), state.tag[place], tree)
    toolkit.dummiesSent[0]++
  }
  if (at + 1 < toolkit.dummyAddress.length) toolkit.dummyAt[0] = now + toolkit.dummyEvery
}
