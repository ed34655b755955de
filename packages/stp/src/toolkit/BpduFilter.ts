/**
 * BPDU filter, which is two things. Set on a port: BPDUs are neither sent nor taken, as if spanning tree were off there, and loops through it are
 * nobody's business. By the bridge's default: edge ports stop sending after the first few BPDUs, so that hosts are left alone; a BPDU that
 * comes in is taken, ends the port's being an edge, and with that the filter.
 */
import { BY_DEFAULT, ON, type Toolkit } from "./State.ts"
import { FILTER_AFTER } from "./Settings.ts"
import type { Trees } from "./Trees.ts"

/** Whether the port hears nothing. */
export const isDeaf = (toolkit: Toolkit, port: number): boolean => toolkit.bpduFilter[port] === ON

/** A BPDU is about to leave a port in a tree; whether the filter keeps it in. */
export const keepsIn = <S>(toolkit: Toolkit, trees: Trees<S>, state: S, tree: number, port: number): boolean => {
  if (toolkit.bpduFilter[port] === ON) return true
  if (toolkit.bpduFilterDefault === 0 || toolkit.bpduFilter[port] !== BY_DEFAULT) return false
  if (!trees.isEdge(state, tree, port)) return false
  const i = tree * toolkit.ports + port
  if (toolkit.sentSinceUp[i] >= FILTER_AFTER) return true
  toolkit.sentSinceUp[i]++
  return false
}

/** The link came up: the first few BPDUs may leave again. */
export const linkUp = (toolkit: Toolkit, port: number): void => {
  for (let i = port; i < toolkit.sentSinceUp.length; i += toolkit.ports) toolkit.sentSinceUp[i] = 0
}
