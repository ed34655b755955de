/**
 * Root guard: the root is not behind this port. Who claims there to be a better way to it has the port blocked in that tree
 * (`*ROOT_Inc`) for as long as the claim would be believed elsewhere; then the port begins to listen, as when its link comes up.
 * A claim in the CIST blocks all trees of the port, since the BPDU is dropped whole; one in an MSTI only that one.
 */
import type { ControlActions } from "@l2lab/l2/ControlProtocol"
import * as EthernetFrame from "@l2lab/l2/EthernetFrame"
import { NEVER, type SimTime } from "@l2lab/sim/SimTime"
import * as Bpdu from "../Bpdu.ts"
import { ROOT } from "../Inconsistency.ts"
import type { MstBpdu } from "../MstBpdu.ts"
import * as Deadlines from "./Deadlines.ts"
import { ON, type Toolkit } from "./State.ts"
import { set, type Heard, type Trees } from "./Trees.ts"

const MSTID = 0x0fff

const block = <S>(
  toolkit: Toolkit,
  trees: Trees<S>,
  state: S,
  tree: number,
  port: number,
  bpdu: Bpdu.Bpdu,
  now: SimTime,
  actions: ControlActions,
): void => {
  const i = tree * toolkit.ports + port
  toolkit.rootUntil[i] = now + trees.lifetime(state, tree, port, bpdu)
  Deadlines.by(toolkit, toolkit.rootUntil[i], actions)
  set(trees, state, tree, port, ROOT, true, now, actions)
}

/** A BPDU came in. What of it the protocol may have: the frame as it is, one without the MSTIs that claim too much, or undefined for nothing. */
export const admit = <S>(
  toolkit: Toolkit,
  trees: Trees<S>,
  state: S,
  port: number,
  frame: EthernetFrame.EthernetFrame,
  { bpdu, tree }: Heard,
  now: SimTime,
  actions: ControlActions,
): EthernetFrame.EthernetFrame | undefined => {
  if (toolkit.rootGuard[port] !== ON) return frame
  if (trees.isSuperior(state, tree, port, bpdu)) {
    if (!trees.isJoint) block(toolkit, trees, state, tree, port, bpdu, now, actions)
    else for (let each = 0; each < trees.trees(state); each++) block(toolkit, trees, state, each, port, bpdu, now, actions)
    return undefined
  }
  if (bpdu.kind !== "mst" || !trees.isJoint) return frame
  let refused: Set<number> | undefined
  for (let each = 1; each < trees.trees(state); each++) {
    if (!trees.isSuperior(state, each, port, bpdu)) continue
    block(toolkit, trees, state, each, port, bpdu, now, actions)
    refused ??= new Set()
    refused.add(trees.mstidOf(state, each))
  }
  return refused === undefined ? frame : without(frame, bpdu, refused)
}

/** The same frame with some MSTIs' messages taken out of it. */
const without = (frame: EthernetFrame.EthernetFrame, bpdu: MstBpdu, mstids: ReadonlySet<number>): EthernetFrame.EthernetFrame => {
  const rest: MstBpdu = { ...bpdu, mstis: bpdu.mstis.filter((msti) => !mstids.has(msti.regionalRootPriority & MSTID)) }
  return { ...frame, payload: rest }
}

/** The guard is gone, or the port: a claim is remembered no more. */
export const forget = (toolkit: Toolkit, tree: number, port: number): void => {
  toolkit.rootUntil[tree * toolkit.ports + port] = NEVER
}

/** Nobody has claimed anything for long enough. */
export const expire = <S>(toolkit: Toolkit, trees: Trees<S>, state: S, i: number, now: SimTime, actions: ControlActions): void =>
  set(trees, state, Math.floor(i / toolkit.ports), i % toolkit.ports, ROOT, false, now, actions)
