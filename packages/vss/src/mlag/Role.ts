/**
 * Who is primary. Of two peers that meet: one whose role is sticky (it took it over, or came up alone); else one that runs, before one that was
 * reloaded; else the lower role priority, or address. Nobody takes back what he lost: the role is not preempted.
 */
import * as Legs from "./Legs.ts"
import type { MlagActions } from "./MlagActions.ts"
import { systemMacOf } from "./Settings.ts"
import { NONE, NOT_RESTORED, PRIMARY, SECONDARY, type State } from "./State.ts"
import * as Trace from "./Trace.ts"

/** How far a role goes against none: primary, secondary, none. */
const STANDING = [0, 2, 1]

/** Whether this peer goes first. */
export const isFirst = ({ bridge, peer, role, rolePriority, sticky }: State): boolean => {
  if (sticky !== peer.isSticky) return sticky > peer.isSticky
  if (role !== peer.role) return STANDING[role] > STANDING[peer.role]
  if (rolePriority !== peer.rolePriority) return rolePriority < peer.rolePriority
  return bridge.address < peer.system
}

/** With peer-switch the primary is a bridge of the pair's address, and spanning tree is made anew with it. */
const followAddress = (s: State, actions: MlagActions): void => {
  const address = s.config.peerSwitch === true && s.role === PRIMARY ? systemMacOf(s.config) : s.bridge.address
  if (address === s.treeAddress) return
  Legs.hold(s, true)
  s.treeAddress = address
  s.wanted.fill(0)
  s.treeUp.fill(0)
  actions.restartTree()
}

/** Take a role. What the legs forward goes on through it; the legs of a primary that becomes secondary begin anew. */
export const set = (s: State, role: number, actions: MlagActions): void => {
  const from = s.role
  if (from === role) return
  s.role = role
  if (role === PRIMARY) {
    if (from === SECONDARY) s.sticky = 1
    Legs.hold(s, false)
  } else s.sticky = 0
  if (role !== NONE) actions.stopTimer("autoRecovery")
  s.dirty.fill(1)
  actions.trace(Trace.ROLE.code, from, role, s.sticky, 0)
  followAddress(s, actions)
  if (from === PRIMARY) Legs.replaceReasons(s, 0, NOT_RESTORED, actions)
}

/** The peer is gone, or seems so: the primary's role falls to this one, and its legs are in service whatever they waited for. */
export const takeOver = (s: State, actions: MlagActions): void => {
  set(s, PRIMARY, actions)
  Legs.replaceReasons(s, 0xff, 0, actions)
  Legs.setOrphans(s, true, actions)
}
