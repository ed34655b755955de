/**
 * BackboneFast: a designated bridge that suddenly claims to be the root itself has lost its way there. Instead of believing for max age what it said before,
 * a bridge asks by its other ways to the root whether that is still there (root link query). If it is, the port forgets at once and begins to
 * listen; if all ways are lost, the bridge does too what it would have done after max age.
 *
 * A query goes up to the root, or to the first bridge that believes in another one, and the answer comes down by all designated ports. It saves
 * max age, and works where all bridges do it.
 */
import type { ControlActions } from "@l2lab/l2/ControlProtocol"
import type { SimTime } from "@l2lab/sim/SimTime"
import type * as Bpdu from "../Bpdu.ts"
import { ENCAPSULATION_NONE, type State as PvstState } from "../pvst/State.ts"
import * as Operation from "../stp1998/Operation.ts"
import { isDesignatedPort, isRootBridge, supersedesPortInfo } from "../stp1998/Predicates.ts"
import * as S1998 from "../stp1998/State.ts"
import * as Timers from "../stp1998/Timers.ts"
import * as Trace from "../Trace.ts"
import * as Rlq from "./Rlq.ts"
import { BACKBONE_COUNTS, type Toolkit } from "./State.ts"
import { vlanOf } from "./TreesOfPvst.ts"
import type { Heard } from "./Trees.ts"

type State = PvstState<S1998.State>

/** Outcomes by their codes in `Trace.BACKBONE_FAST`. */
const INFERIOR = 0
const ROOT_IS_THERE = 1
const ROOT_IS_LOST = 2

const count = (toolkit: Toolkit, what: (typeof BACKBONE_COUNTS)[number]): void => {
  toolkit.backboneCounts[BACKBONE_COUNTS.indexOf(what)]++
}

const send = (
  state: State,
  toolkit: Toolkit,
  protocol: Rlq.Rlq["protocol"],
  tree: number,
  port: number,
  bpdu: Bpdu.ConfigBpdu,
  actions: ControlActions,
): void => {
  const i = tree * state.ports + port
  if (state.encapsulation[i] === ENCAPSULATION_NONE) return
  count(toolkit, protocol === "rlq-request" ? "requestsSent" : "responsesSent")
  const frame = Rlq.frame({ protocol, bpdu }, actions.portAddress(port))
  actions.sendPdu(port, frame, state.tag[i], tree)
}

/** What a query or an answer says: a root, and the bridge that asks. */
const bodyOf = (
  machines: S1998.State,
  tree: number,
  port: number,
  bridge: Pick<Bpdu.ConfigBpdu, "bridgePriority" | "bridgeAddress">,
): Bpdu.ConfigBpdu => ({
  protocol: "bpdu",
  kind: "config",
  topologyChangeAcknowledgment: false,
  topologyChange: false,
  rootPriority: machines.designatedRootPriority[tree],
  rootAddress: machines.designatedRootAddress[tree],
  rootPathCost: machines.rootPathCost[tree],
  bridgePriority: bridge.bridgePriority,
  bridgeAddress: bridge.bridgeAddress,
  portIdentifier: machines.portId[tree * machines.ports + port],
  messageAge: 0,
  maxAge: machines.maxAge[tree],
  helloTime: machines.helloTime[tree],
  forwardDelay: machines.forwardDelay[tree],
})

/** Whether the port is up and leads to another bridge that is nearer the root, by this one's belief. */
const isAlternatePath = (machines: S1998.State, tree: number, port: number): boolean => {
  const i = tree * machines.ports + port
  return (
    machines.state[i] !== S1998.DISABLED &&
    !isDesignatedPort(machines, tree, port) &&
    machines.designatedBridgeAddress[i] !== machines.address
  )
}

/** The port forgets what it was told, as if max age had passed. */
const expireMaxAge = (
  machines: S1998.State,
  toolkit: Toolkit,
  tree: number,
  port: number,
  now: SimTime,
  actions: ControlActions,
): void => {
  if (isDesignatedPort(machines, tree, port)) return
  count(toolkit, "transitions")
  Timers.stop(machines, tree, port, Timers.MESSAGE_AGE, actions)
  Operation.messageAgeTimerExpiry(machines, tree, port, now, actions)
}

/** A BPDU is about to be taken (`own`: the actions of the machines): is it the designated bridge's word that it has lost the root? */
export const beforePdu = (
  { machines, ...state }: State,
  toolkit: Toolkit,
  port: number,
  { bpdu, tree }: Heard,
  now: SimTime,
  actions: ControlActions,
  own: ControlActions,
): void => {
  if (toolkit.backboneFast === 0 || bpdu.kind !== "config") return
  const i = tree * machines.ports + port
  const isOfDesignatedBridge =
    bpdu.bridgeAddress === machines.designatedBridgeAddress[i] && bpdu.rootAddress === bpdu.bridgeAddress
  if (
    machines.state[i] === S1998.DISABLED ||
    isDesignatedPort(machines, tree, port) ||
    supersedesPortInfo(machines, tree, port, bpdu)
  ) {
    toolkit.inferior[i] = 0 // nothing to ask for any more, answered or not
    return
  }
  if (!isOfDesignatedBridge || toolkit.inferior[i] === 1) return
  count(toolkit, "inferiorBpdus")
  actions.trace(Trace.BACKBONE_FAST.code, port, tree, INFERIOR, 0)
  let asked = 0
  for (let other = 0; other < machines.ports; other++) {
    if (other === port || !isAlternatePath(machines, tree, other)) continue
    asked++
    toolkit.asked[tree * machines.ports + other] = 1
    const body = bodyOf(machines, tree, other, { bridgePriority: machines.bridgePriority[tree], bridgeAddress: machines.address })
    send({ machines, ...state }, toolkit, "rlq-request", tree, other, body, actions)
  }
  if (asked > 0) {
    toolkit.inferior[i] = 1
    return
  }
  if (machines.rootPort[tree] !== port) return
  actions.trace(Trace.BACKBONE_FAST.code, port, tree, ROOT_IS_LOST, 0)
  expireMaxAge(machines, toolkit, tree, port, now, own)
}

/** A query or an answer came in. */
export const receive = (
  state: State,
  toolkit: Toolkit,
  port: number,
  rlq: Rlq.Rlq,
  tci: number,
  now: SimTime,
  actions: ControlActions,
  own: ControlActions,
): void => {
  const { machines } = state
  const tree = state.treeOfVlan[vlanOf(state, port, tci)]
  if (toolkit.backboneFast === 0 || tree >= state.instances) return
  if (machines.state[tree * machines.ports + port] === S1998.DISABLED) return
  count(toolkit, rlq.protocol === "rlq-request" ? "requestsReceived" : "responsesReceived")
  if (rlq.protocol === "rlq-request") answer(state, toolkit, tree, port, rlq.bpdu, actions)
  else if (rlq.bpdu.bridgeAddress === machines.address) conclude(state, toolkit, tree, port, rlq.bpdu, now, own)
  else {
    for (let other = 0; other < machines.ports; other++) {
      if (other === port || !isDesignatedPort(machines, tree, other)) continue
      if (machines.state[tree * machines.ports + other] === S1998.DISABLED) continue
      send(state, toolkit, "rlq-response", tree, other, rlq.bpdu, actions)
    }
  }
}

/** The root says that it is there, and who believes in another one says that; all others ask further up. */
const answer = (
  state: State,
  toolkit: Toolkit,
  tree: number,
  port: number,
  asked: Bpdu.ConfigBpdu,
  actions: ControlActions,
): void => {
  const { machines } = state
  const isOwnRoot =
    machines.designatedRootPriority[tree] === asked.rootPriority && machines.designatedRootAddress[tree] === asked.rootAddress
  if (!isOwnRoot || isRootBridge(machines, tree)) {
    send(state, toolkit, "rlq-response", tree, port, bodyOf(machines, tree, port, asked), actions)
  } else if (machines.rootPort[tree] !== port) {
    send(state, toolkit, "rlq-request", tree, machines.rootPort[tree], asked, actions)
  }
}

/** The answer to this bridge's own query. */
const conclude = (
  { machines }: State,
  toolkit: Toolkit,
  tree: number,
  port: number,
  answered: Bpdu.ConfigBpdu,
  now: SimTime,
  actions: ControlActions,
): void => {
  const first = tree * machines.ports
  if (toolkit.asked[first + port] === 0) return
  toolkit.asked[first + port] = 0
  const isThere =
    machines.designatedRootPriority[tree] === answered.rootPriority &&
    machines.designatedRootAddress[tree] === answered.rootAddress
  if (!isThere) {
    actions.trace(Trace.BACKBONE_FAST.code, port, tree, ROOT_IS_LOST, 0)
    expireMaxAge(machines, toolkit, tree, port, now, actions)
    for (let i = first; i < first + machines.ports; i++) if (toolkit.asked[i] === 1) return
  }
  toolkit.asked.fill(0, first, first + machines.ports)
  for (let waiting = 0; waiting < machines.ports; waiting++) {
    if (toolkit.inferior[first + waiting] === 0) continue
    toolkit.inferior[first + waiting] = 0
    if (isThere) actions.trace(Trace.BACKBONE_FAST.code, waiting, tree, ROOT_IS_THERE, 0)
    expireMaxAge(machines, toolkit, tree, waiting, now, actions)
  }
}

/** A link went down: nothing is waited for on the port. */
export const linkDown = (toolkit: Toolkit, port: number): void => {
  for (let i = port; i < toolkit.inferior.length; i += toolkit.ports) {
    toolkit.inferior[i] = 0
    toolkit.asked[i] = 0
  }
}
