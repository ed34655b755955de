/**
 * Bridge assurance: network ports lead to bridges that do the same. All of them send a BPDU every hello time whatever their role, and one that hears none for
 * three hello times is blocked (`*BA_Inc`) until it does. On point-to-point links of Rapid PVST+ and MSTP; both ends must be network ports.
 */
import type { ControlActions } from "@l2lab/l2/ControlProtocol"
import { NEVER, type SimTime } from "@l2lab/sim/SimTime"
import { BRIDGE_ASSURANCE } from "../Inconsistency.ts"
import * as Deadlines from "./Deadlines.ts"
import { ON, type Toolkit } from "./State.ts"
import { setForBpdu, type Trees } from "./Trees.ts"

/** BPDUs in a row that have to be missing. */
const HELLOS = 3

/** Whether the port is watched. */
export const isWatching = <S>(toolkit: Toolkit, trees: Trees<S>, state: S, port: number): boolean =>
  toolkit.network[port] === ON &&
  toolkit.up[port] === 1 &&
  trees.speaksBothWays &&
  trees.isPointToPoint(state, port, toolkit.fullDuplex[port] === 1)

const wait = <S>(
  toolkit: Toolkit,
  trees: Trees<S>,
  state: S,
  tree: number,
  port: number,
  now: SimTime,
  actions: ControlActions,
): void => {
  const i = tree * toolkit.ports + port
  toolkit.heardUntil[i] = now + HELLOS * trees.helloTime(state, tree, port)
  Deadlines.by(toolkit, toolkit.heardUntil[i], actions)
}

/** The link came up: the other end has three hello times to say something, in each tree that the port is of. */
export const linkUp = <S>(
  toolkit: Toolkit,
  trees: Trees<S>,
  state: S,
  port: number,
  now: SimTime,
  actions: ControlActions,
): void => {
  if (!isWatching(toolkit, trees, state, port)) return
  const most = trees.isJoint ? 1 : trees.trees(state)
  for (let tree = 0; tree < most; tree++) {
    if (trees.isMember(state, tree, port)) wait(toolkit, trees, state, tree, port, now, actions)
  }
}

/** The port carries a VLAN that it did not carry: the other end has three hello times to say something there too. */
export const joined = <S>(
  toolkit: Toolkit,
  trees: Trees<S>,
  state: S,
  tree: number,
  port: number,
  now: SimTime,
  actions: ControlActions,
): void => {
  const i = tree * toolkit.ports + port
  if (toolkit.heardUntil[i] !== NEVER || (trees.inconsistent(state)[i] & BRIDGE_ASSURANCE) !== 0) return
  if (isWatching(toolkit, trees, state, port)) wait(toolkit, trees, state, tree, port, now, actions)
}

/** The link went down: nobody waits any more. */
export const linkDown = (toolkit: Toolkit, port: number): void => {
  for (let i = port; i < toolkit.heardUntil.length; i += toolkit.ports) toolkit.heardUntil[i] = NEVER
}

/** A BPDU came in. */
export const heard = <S>(
  toolkit: Toolkit,
  trees: Trees<S>,
  state: S,
  tree: number,
  port: number,
  now: SimTime,
  actions: ControlActions,
): void => {
  if (!isWatching(toolkit, trees, state, port)) return
  wait(toolkit, trees, state, tree, port, now, actions)
  setForBpdu(trees, state, tree, port, BRIDGE_ASSURANCE, false, now, actions)
}

/** The other end has been silent for too long. */
export const expire = <S>(toolkit: Toolkit, trees: Trees<S>, state: S, i: number, now: SimTime, actions: ControlActions): void =>
  setForBpdu(trees, state, Math.floor(i / toolkit.ports), i % toolkit.ports, BRIDGE_ASSURANCE, true, now, actions)
