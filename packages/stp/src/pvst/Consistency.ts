/**
 * PVID- and type-inconsistent ports. A BPDU that came in one VLAN and says that it was sent in another has both VLANs blocked on the port; one of a
 * trunk on an access port has that port's VLAN blocked. While such BPDUs come the port stays so; when none has come for three hello times it is
 * consistent again (that long a Catalyst is recalled† to take, its manuals say "automatically").
 */
import type { ControlActions } from "@l2lab/l2/ControlProtocol"
import { NEVER, SECOND, type DurationNs, type SimTime } from "@l2lab/sim/SimTime"
import { PVID, TYPE } from "../Inconsistency.ts"
import * as StpTime from "../StpTime.ts"
import type { Machines } from "./Machines.ts"
import type { SstpBpdu } from "./Sstp.ts"
import { ENCAPSULATION_NONE, NO_TREE, type State } from "./State.ts"

/** BPDUs in a row that have to be missing. */
const HELLOS = 3
/** What stands for the hello time that a BPDU does not say, or says too low. */
const DEFAULT_HELLO: DurationNs = 2 * SECOND
const LEAST_HELLO: DurationNs = SECOND

/** The timer of the protocol's range, behind those of the machines. */
export const expiryTimer = <Trees>(machines: Machines<Trees>, state: State<Trees>): number =>
  machines.timers(state.instances, state.ports)

const helloOf = ({ bpdu }: SstpBpdu): DurationNs =>
  bpdu.kind === "tcn" ? DEFAULT_HELLO : Math.max(LEAST_HELLO, StpTime.toNs(bpdu.helloTime))

/** A BPDU gave a reason (bits of `Inconsistency`) to block a VLAN on a port, if the port carries it and the VLAN has a tree. */
export const block = <Trees>(
  machines: Machines<Trees>,
  state: State<Trees>,
  port: number,
  vlan: number,
  reason: number,
  because: SstpBpdu,
  now: SimTime,
  actions: ControlActions,
): void => {
  const tree = state.treeOfVlan[vlan]
  if (tree === NO_TREE || tree >= state.instances) return
  const i = tree * state.ports + port
  if (state.encapsulation[i] === ENCAPSULATION_NONE) return
  state.inconsistentUntil[i] = now + HELLOS * helloOf(because)
  if (state.expiryRuns[0] === 0) {
    state.expiryRuns[0] = 1
    actions.startTimer(expiryTimer(machines, state), state.inconsistentUntil[i])
  }
  machines.setInconsistent(state.machines, tree, port, machines.inconsistent(state.machines)[i] | reason, now, actions)
}

/** What SSTP frames gave as a reason no longer holds; a guard may have its own. */
const free = <Trees>(machines: Machines<Trees>, state: State<Trees>, i: number, now: SimTime, actions: ControlActions): void => {
  const left = machines.inconsistent(state.machines)[i] & ~(PVID | TYPE)
  machines.setInconsistent(state.machines, Math.floor(i / state.ports), i % state.ports, left, now, actions)
}

/** The timer fired: free what is consistent again, and wait for the next. */
export const expire = <Trees>(machines: Machines<Trees>, state: State<Trees>, now: SimTime, actions: ControlActions): void => {
  let next = NEVER
  for (let i = 0; i < state.inconsistentUntil.length; i++) {
    const until = state.inconsistentUntil[i]
    if (until === NEVER) continue
    if (until > now) {
      next = Math.min(next, until)
      continue
    }
    state.inconsistentUntil[i] = NEVER
    free(machines, state, i, now, actions)
  }
  state.expiryRuns[0] = next === NEVER ? 0 : 1
  if (next !== NEVER) actions.startTimer(expiryTimer(machines, state), next)
}

/** A link went down: what its BPDUs said is over. */
export const linkDown = <Trees>(
  machines: Machines<Trees>,
  state: State<Trees>,
  port: number,
  now: SimTime,
  actions: ControlActions,
): void => {
  for (let tree = 0; tree < state.instances; tree++) left(machines, state, tree, port, now, actions)
}

/** The same of a port that carries a VLAN no longer. */
export const left = <Trees>(
  machines: Machines<Trees>,
  state: State<Trees>,
  tree: number,
  port: number,
  now: SimTime,
  actions: ControlActions,
): void => {
  const i = tree * state.ports + port
  if (state.inconsistentUntil[i] === NEVER) return
  state.inconsistentUntil[i] = NEVER
  free(machines, state, i, now, actions)
}
