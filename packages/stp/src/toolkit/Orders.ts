/**
 * What management tells the guards of a bridge while it runs, as plain data that a command log keeps. Ports are bridge ports, from 0. What is told is
 * forgotten when the bridge is switched off, as a configuration that nobody saved.
 */
import type { ControlActions } from "@l2lab/l2/ControlProtocol"
import type { SimTime } from "@l2lab/sim/SimTime"
import { BRIDGE_ASSURANCE, LOOP, ROOT } from "../Inconsistency.ts"
import * as Trace from "../Trace.ts"
import * as BridgeAssurance from "./BridgeAssurance.ts"
import * as RootGuard from "./RootGuard.ts"
import * as LoopGuard from "./LoopGuard.ts"
import { BY_DEFAULT, OFF, ON, type Toolkit } from "./State.ts"
import { set, type Trees } from "./Trees.ts"

/** On, off, or as the bridge's default has it. */
export type Choice = "enable" | "disable" | "default"

/** The commands. */
export type GuardCommand =
  /** What is behind the port: a station (`edge`, which counts when the link next comes up), a switch that is never silent (`network`), or anything. */
  | { readonly type: "stp.set-portfast"; readonly port: number; readonly mode: "edge" | "network" | "normal" }
  | { readonly type: "stp.set-bpdu-guard"; readonly port: number; readonly value: Choice }
  | { readonly type: "stp.set-bpdu-filter"; readonly port: number; readonly value: Choice }
  /** Root guard or loop guard; of the two the later command wins. `none`: neither, whatever the defaults are. */
  | { readonly type: "stp.set-guard"; readonly port: number; readonly value: "root" | "loop" | "none" | "default" }

  /** What the bridge's ports do that are told nothing of their own; what is absent stays. */
  | {
      readonly type: "stp.set-guard-defaults"
      readonly bpduGuard?: boolean
      readonly bpduFilter?: boolean
      readonly loopGuard?: boolean
    }

const TYPES: ReadonlySet<string> = new Set<GuardCommand["type"]>([
  "stp.set-portfast",
  "stp.set-bpdu-guard",
  "stp.set-bpdu-filter",
  "stp.set-guard",
  "stp.set-guard-defaults",
])

/** Whether a command is for the guards. */
export const isGuardCommand = (command: { readonly type: string }): command is GuardCommand => TYPES.has(command.type)

const valueOf = (choice: Choice): number => (choice === "enable" ? ON : choice === "disable" ? OFF : BY_DEFAULT)

/** Do what a command says. */
export const obey = <S>(
  toolkit: Toolkit,
  trees: Trees<S>,
  state: S,
  command: GuardCommand,
  now: SimTime,
  actions: ControlActions,
): void => {
  if (command.type === "stp.set-guard-defaults") {
    if (command.bpduGuard !== undefined) toolkit.bpduGuardDefault = command.bpduGuard ? 1 : 0
    if (command.bpduFilter !== undefined) toolkit.bpduFilterDefault = command.bpduFilter ? 1 : 0
    if (command.loopGuard !== undefined) {
      const isOn = command.loopGuard
      changeGuards(toolkit, trees, state, now, actions, () => (toolkit.loopGuardDefault = isOn ? 1 : 0))
    }
    return
  }
  const { port } = command
  if (port < 0 || port >= toolkit.ports) return
  switch (command.type) {
    case "stp.set-bpdu-guard":
      toolkit.bpduGuard[port] = valueOf(command.value)
      return
    case "stp.set-bpdu-filter":
      toolkit.bpduFilter[port] = valueOf(command.value)
      return
    case "stp.set-portfast":
      trees.setAdminEdge(state, port, command.mode === "edge", now, actions)
      return setNetwork(toolkit, trees, state, port, command.mode === "network", now, actions)
    case "stp.set-guard": {
      const { value } = command
      changeGuards(toolkit, trees, state, now, actions, () => {
        toolkit.rootGuard[port] = value === "root" ? ON : OFF
        toolkit.loopGuard[port] = value === "loop" ? ON : value === "default" ? BY_DEFAULT : OFF
      })
    }
  }
}

/** Root guard and loop guard of ports as they are before and after a change: which is told of, and a guard that is taken away lets the port go. */
const changeGuards = <S>(
  toolkit: Toolkit,
  trees: Trees<S>,
  state: S,
  now: SimTime,
  actions: ControlActions,
  change: () => void,
): void => {
  const standing = (): ReadonlyArray<readonly [root: boolean, loop: boolean]> =>
    Array.from({ length: toolkit.ports }, (_, port) => [toolkit.rootGuard[port] === ON, LoopGuard.isOn(toolkit, port)])
  const before = standing()
  change()
  standing().forEach(([root, loop], port) => {
    if (root !== before[port][0]) announce(toolkit, trees, state, port, "root", root, now, actions)
    if (loop !== before[port][1]) announce(toolkit, trees, state, port, "loop", loop, now, actions)
  })
}

const announce = <S>(
  toolkit: Toolkit,
  trees: Trees<S>,
  state: S,
  port: number,
  guard: "root" | "loop",
  isOn: boolean,
  now: SimTime,
  actions: ControlActions,
): void => {
  for (let tree = 0; tree < trees.trees(state); tree++) {
    if (!trees.isMember(state, tree, port)) continue
    actions.trace(Trace.GUARD_SET.code, port, tree, guard === "root" ? 0 : 1, isOn ? 1 : 0)
    if (isOn) continue
    if (guard === "root") RootGuard.forget(toolkit, tree, port)
    set(trees, state, tree, port, guard === "root" ? ROOT : LOOP, false, now, actions)
  }
}

const setNetwork = <S>(
  toolkit: Toolkit,
  trees: Trees<S>,
  state: S,
  port: number,
  isNetwork: boolean,
  now: SimTime,
  actions: ControlActions,
): void => {
  const value = isNetwork && toolkit.bridgeAssurance === 1 ? ON : OFF
  if (toolkit.network[port] === value) return
  toolkit.network[port] = value
  if (value === ON) return BridgeAssurance.linkUp(toolkit, trees, state, port, now, actions)
  BridgeAssurance.linkDown(toolkit, port)
  for (let tree = 0; tree < trees.trees(state); tree++) set(trees, state, tree, port, BRIDGE_ASSURANCE, false, now, actions)
}
