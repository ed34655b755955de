/**
 * A spanning tree with the guards around it: a control protocol that is another one, and looks at what comes to that one and what leaves it.
 * A bridge whose configuration names no guard runs the protocol as it is, until management names one.
 */
import { ControlProtocolKind, type BridgePortStatus, type BridgeView, type ControlActions } from "@l2lab/l2/ControlProtocol"
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import type { Command } from "@l2lab/sim/Device"
import { NEVER, type SimTime } from "@l2lab/sim/SimTime"
import * as Columns from "../Columns.ts"
import { BRIDGE_ASSURANCE, CONSISTENT, LOOP, ROOT } from "../Inconsistency.ts"
import { PassedActions } from "../PassedActions.ts"
import * as BpduFilter from "./BpduFilter.ts"
import * as BpduGuard from "./BpduGuard.ts"
import * as BridgeAssurance from "./BridgeAssurance.ts"
import * as Deadlines from "./Deadlines.ts"
import type { Fast } from "./Fast.ts"
import * as LoopGuard from "./LoopGuard.ts"
import * as Orders from "./Orders.ts"
import * as RootGuard from "./RootGuard.ts"
import type { ToolkitConfig } from "./Settings.ts"
import * as State from "./State.ts"
import { set, type Trees } from "./Trees.ts"

/** What the state of a guarded protocol has beside its own. */
export interface WithToolkit {
  readonly toolkit?: State.Toolkit
}

/** What its configuration has. */
export interface WithToolkitConfig {
  readonly toolkit?: ToolkitConfig
}

/** Sending goes by the filter; all else goes on. */
class GuardActions<S> extends PassedActions {
  private readonly trees: Trees<S>
  private state!: S
  private toolkit!: State.Toolkit

  constructor(trees: Trees<S>) {
    super()
    this.trees = trees
  }

  at(state: S, toolkit: State.Toolkit, actions: ControlActions): this {
    this.state = state
    this.toolkit = toolkit
    this.pass(actions)
    return this
  }

  override sendPdu(port: number, frame: EthernetFrame, tci: number, tree = 0): void {
    if (BpduFilter.keepsIn(this.toolkit, this.trees, this.state, tree, port)) {
      this.toolkit.filteredOut[port]++
      return
    }
    this.actions.sendPdu(port, frame, tci, tree)
  }
}

/** The protocol's own state. */
const plainOf = <S extends object>(state: S & WithToolkit): S => {
  const plain: S = { ...state }
  Reflect.deleteProperty(plain, "toolkit")
  return plain
}

/** The kind with guards around it; it is called as before. `fast` is what only PVST+ has. */
export const guarded = <S extends object, C>(
  inner: ControlProtocolKind<S, C>,
  trees: Trees<S>,
  fast?: Fast<S>,
): ControlProtocolKind<S & WithToolkit, C & WithToolkitConfig> => {
  const guardActions = new GuardActions(trees)

  const make = (config: C & WithToolkitConfig, bridge: BridgeView, now: SimTime): S & WithToolkit => {
    const plain = inner.make(fast?.configure(config) ?? config, bridge, now)
    if (config.toolkit === undefined) return plain
    const ports = bridge.bridgePorts
    const count = ports === 0 ? 1 : trees.inconsistent(plain).length / ports
    const toolkit = State.make(config.toolkit, count, ports, inner.timers(config, bridge))
    return { ...(fast?.prepare(plain, toolkit) ?? plain), toolkit }
  }

  const onPdu = (
    state: S & WithToolkit,
    port: number,
    frame: EthernetFrame,
    tci: number,
    now: SimTime,
    actions: ControlActions,
  ): false | void => {
    const { toolkit } = state
    if (fast?.claims(frame) === true) {
      if (toolkit === undefined || BpduFilter.isDeaf(toolkit, port)) return
      return fast.receive(state, toolkit, port, frame, tci, now, guardActions.at(state, toolkit, actions))
    }
    if (toolkit === undefined) return inner.onPdu(state, port, frame, tci, now, actions)
    if (toolkit.up[port] === 0) return
    if (BpduFilter.isDeaf(toolkit, port)) {
      toolkit.filteredIn[port]++
      return
    }
    if (BpduGuard.isWatching(toolkit, trees, state, port)) {
      toolkit.up[port] = 0
      return BpduGuard.trip(port, actions)
    }
    const own = guardActions.at(state, toolkit, actions)
    const heard = trees.read(state, port, frame, tci)
    if (heard === undefined) return inner.onPdu(state, port, frame, tci, now, own)
    BridgeAssurance.heard(toolkit, trees, state, heard.tree, port, now, own)
    LoopGuard.heard(trees, state, heard.tree, port, now, own)
    const admitted = RootGuard.admit(toolkit, trees, state, port, frame, heard, now, own)
    if (admitted === undefined) return
    fast?.beforePdu(state, toolkit, port, heard, now, own)
    return inner.onPdu(state, port, admitted, tci, now, own)
  }

  const onTimer = (state: S & WithToolkit, timer: number, now: SimTime, actions: ControlActions): void => {
    const { toolkit } = state
    if (toolkit === undefined) return inner.onTimer(state, timer, now, actions)
    const own = guardActions.at(state, toolkit, actions)
    if (timer !== toolkit.timer) {
      LoopGuard.beforeTimer(toolkit, trees, state, timer, now, own)
      for (let port = 0; port < toolkit.ports; port++) {
        if (BridgeAssurance.isWatching(toolkit, trees, state, port)) trees.speak(state, timer, port)
      }
      return inner.onTimer(state, timer, now, own)
    }
    Deadlines.fired(
      toolkit,
      now,
      own,
      [toolkit.rootUntil, (i) => RootGuard.expire(toolkit, trees, state, i, now, own)],
      [toolkit.heardUntil, (i) => BridgeAssurance.expire(toolkit, trees, state, i, now, own)],
      [toolkit.heldUntil, (i) => fast?.expireHeld(state, toolkit, i, now, own)],
      [toolkit.dummyAt, () => fast?.sendDummy(state, toolkit, now, own)],
    )
  }

  const onPort = (
    state: S & WithToolkit,
    port: number,
    status: BridgePortStatus,
    now: SimTime,
    actions: ControlActions,
  ): void => {
    const { toolkit } = state
    if (toolkit === undefined) return inner.onPort(state, port, status, now, actions)
    const own = guardActions.at(state, toolkit, actions)
    // A bundle whose members are more, or fewer, now: nothing begins anew.
    if (status.up && toolkit.up[port] === 1) return inner.onPort(state, port, status, now, own)
    toolkit.up[port] = status.up ? 1 : 0
    toolkit.fullDuplex[port] = status.fullDuplex ? 1 : 0
    if (status.up) BpduFilter.linkUp(toolkit, port)
    else forget(state, toolkit, port, now, own)
    fast?.beforePort(state, toolkit, port, status, now, own)
    inner.onPort(state, port, status, now, own)
    fast?.afterPort(state, toolkit, port, status, now, own)
    if (status.up) BridgeAssurance.linkUp(toolkit, trees, state, port, now, own)
  }

  /** A link went down: what was wrong behind the port is behind it no more. */
  const forget = (state: S, toolkit: State.Toolkit, port: number, now: SimTime, actions: ControlActions): void => {
    for (let tree = 0; tree < trees.trees(state); tree++) forgetIn(state, toolkit, tree, port, now, actions)
  }

  const forgetIn = (
    state: S,
    toolkit: State.Toolkit,
    tree: number,
    port: number,
    now: SimTime,
    actions: ControlActions,
  ): void => {
    const i = tree * toolkit.ports + port
    toolkit.heardUntil[i] = NEVER
    RootGuard.forget(toolkit, tree, port)
    if (trees.inconsistent(state)[i] !== CONSISTENT)
      set(trees, state, tree, port, ROOT | LOOP | BRIDGE_ASSURANCE, false, now, actions)
  }

  const onVlans = (state: S & WithToolkit, bridge: BridgeView, now: SimTime, actions: ControlActions): void => {
    const { toolkit } = state
    if (toolkit === undefined) return inner.onVlans(state, bridge, now, actions)
    const own = guardActions.at(state, toolkit, actions)
    inner.onVlans(state, bridge, now, own)
    if (trees.isJoint) return
    for (let port = 0; port < toolkit.ports; port++) {
      for (let tree = 0; tree < trees.trees(state); tree++) {
        if (trees.isMember(state, tree, port)) BridgeAssurance.joined(toolkit, trees, state, tree, port, now, own)
        else forgetIn(state, toolkit, tree, port, now, own)
      }
    }
  }

  /** The guards of a bridge, made when it is first told of one while it runs. */
  const toolkitOf = (state: S & WithToolkit, actions: ControlActions): State.Toolkit => {
    if (state.toolkit !== undefined) return state.toolkit
    const ports = trees.ports(state)
    const toolkit = State.make({}, trees.inconsistent(state).length / Math.max(1, ports), ports, trees.timers(state))
    for (let port = 0; port < ports; port++) {
      const status = actions.portStatus(port)
      toolkit.up[port] = status.up ? 1 : 0
      toolkit.fullDuplex[port] = status.fullDuplex ? 1 : 0
    }
    Object.assign(state, { toolkit })
    return toolkit
  }

  const onCommand = (state: S & WithToolkit, command: Command, now: SimTime, actions: ControlActions): void => {
    if (!Orders.isGuardCommand(command)) {
      const own = state.toolkit === undefined ? actions : guardActions.at(state, state.toolkit, actions)
      return inner.onCommand(state, command, now, own)
    }
    const toolkit = toolkitOf(state, actions)
    Orders.obey(toolkit, trees, state, command, now, guardActions.at(state, toolkit, actions))
  }

  return new ControlProtocolKind<S & WithToolkit, C & WithToolkitConfig>({
    kind: inner.kind,
    passive: inner.passive,
    bpdus: inner.bpdus,
    // The guards' own, which may come while the bridge runs.
    timers: (config, bridge) => inner.timers(config, bridge) + 1,
    make,
    claims: (frame) => inner.claims(frame) || fast?.claims(frame) === true,
    onBoot: (state, now, actions) =>
      inner.onBoot(state, now, state.toolkit === undefined ? actions : guardActions.at(state, state.toolkit, actions)),
    onPdu,
    onTimer,
    onPort,
    onVlans,
    onCommand,
    copy: (state) => {
      const { toolkit } = state
      if (toolkit === undefined) return inner.copy(state)
      return { ...inner.copy(plainOf(state)), toolkit: Columns.copy(toolkit) }
    },
    fingerprint: (state, digest, now) => {
      inner.fingerprint(state.toolkit === undefined ? state : plainOf(state), digest, now)
      if (state.toolkit !== undefined) Columns.fingerprint(state.toolkit, digest, now, State.TIMES)
    },
  })
}
