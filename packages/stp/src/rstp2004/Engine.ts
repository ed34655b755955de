/**
 * 17.16†: all machines of a bridge together. A step begins with something from outside (a BPDU, a second, a link, management) and ends when
 * no arc of any machine is open.
 *
 * A port is looked at when something of its own changed, and those that go by what others do when one of these did something; Port Transmit comes last, so that a BPDU says
 * what the step came to and not what it passed through.
 */
import type { ControlActions } from "@l2lab/l2/ControlProtocol"
import type { SimTime } from "@l2lab/sim/SimTime"
import { BDM } from "./BridgeDetection.ts"
import { advance, begin as enter, Machine, openArc } from "../Machine.ts"
import { PIM } from "./PortInformation.ts"
import { PPM } from "./PortProtocolMigration.ts"
import { PRX } from "./PortReceive.ts"
import { PRS } from "./PortRoleSelection.ts"
import { PRT } from "./PortRoleTransitions.ts"
import { PST } from "./PortStateTransition.ts"
import { PTI } from "./PortTimers.ts"
import { hasNothingToSend, PTX, sendHello } from "./PortTransmit.ts"
import * as Procedures from "./Procedures.ts"
import { LOOK_AT_ALL, LOOK_AT_TOPOLOGY_CHANGE, LOOK_AT_TRANSMIT, LOOK_NOT, type State } from "./State.ts"
import { passOn, TCM } from "./TopologyChange.ts"

/** The machines of a port in the order in which a step runs them; their positions in `machineState`. */
export const PORT_MACHINES: ReadonlyArray<Machine<State>> = [PRX, PPM, BDM, PIM, PRT, PST, TCM, PTX].map(
  (figure) => new Machine(figure),
)

/** Port Role Selection, of the bridge. Its state stands at the first port of its tree. */
export const BRIDGE_MACHINE: Machine<State> = new Machine(PRS)

/** Port Timers, one for all ports of a tree. Its state stands there too. */
const TIMER_MACHINE: Machine<State> = new Machine(PTI)

/** All machines. */
export const MACHINES: ReadonlyArray<Machine<State>> = [...PORT_MACHINES, BRIDGE_MACHINE, TIMER_MACHINE]

const PRT_POSITION = PORT_MACHINES.findIndex((machine) => machine.figure === PRT)
const TCM_POSITION = PORT_MACHINES.findIndex((machine) => machine.figure === TCM)
const PTX_POSITION = PORT_MACHINES.findIndex((machine) => machine.figure === PTX)
const PRS_POSITION = PORT_MACHINES.length
const PTI_POSITION = PRS_POSITION + 1

/** More rounds than the ports of a bridge can keep each other busy for at one instant: a fault in a table. */
const BOUND = 10_000

/** 17.18.1: BEGIN for one tree; all machines enter their first states, and come to rest. */
export const begin = (s: State, tree: number, now: SimTime, actions: ControlActions): void => {
  const count = s.trees * s.ports
  const first = tree * s.ports
  for (let i = first; i < first + s.ports; i++) {
    for (let m = 0; m < PORT_MACHINES.length; m++) enter(PORT_MACHINES[m], s.machineState, m * count + i, s, i, now, actions)
  }
  if (s.ports > 0) {
    enter(BRIDGE_MACHINE, s.machineState, PRS_POSITION * count + first, s, tree, now, actions)
    enter(TIMER_MACHINE, s.machineState, PTI_POSITION * count + first, s, tree, now, actions)
  }
  s.dirty.fill(LOOK_AT_ALL, first, first + s.ports)
  s.woken[tree] = 1
  run(s, tree, now, actions)
}

/** Run a tree's machines until all are at rest. Ports that something happened to are marked in `dirty`, and the tree in `woken`. */
export const run = (s: State, tree: number, now: SimTime, actions: ControlActions): void => {
  if (s.ports === 0) return
  const count = s.trees * s.ports
  const first = tree * s.ports
  const last = first + s.ports
  for (let round = 0; s.woken[tree] === 1; round++) {
    if (round > BOUND) throw new Error("the machines of a bridge do not come to rest")
    s.woken[tree] = 0
    for (let i = first; i < last; i++) if (s.dirty[i] > LOOK_AT_TRANSMIT) runPort(s, tree, i, count, now, actions)
    advance(BRIDGE_MACHINE, s.machineState, PRS_POSITION * count + first, s, tree, now, actions)
  }
  for (let i = first; i < last; i++) if (s.dirty[i] !== LOOK_NOT) transmit(s, i, count, now, actions)
}

/** A second has passed for all ports of a tree. */
export const second = (s: State, tree: number, now: SimTime, actions: ControlActions): void => {
  if (s.ports === 0) return
  s.tick[tree] = 1
  advance(TIMER_MACHINE, s.machineState, PTI_POSITION * s.trees * s.ports + tree * s.ports, s, tree, now, actions)
  if (s.woken[tree] === 1) run(s, tree, now, actions)
}

/** The same when something happened to one port: nothing else is looked at unless that port wakes it. */
export const runOne = (s: State, tree: number, i: number, now: SimTime, actions: ControlActions): void => {
  const count = s.trees * s.ports
  s.dirty[i] = LOOK_AT_ALL
  runPort(s, tree, i, count, now, actions)
  if (s.woken[tree] === 1) run(s, tree, now, actions)
  else transmit(s, i, count, now, actions)
}

const transmit = (s: State, i: number, count: number, now: SimTime, actions: ControlActions): void => {
  s.dirty[i] = LOOK_NOT
  if (hasNothingToSend(s, i)) return
  const place = PTX_POSITION * count + i
  if (!actions.tracing && sendHello(s, i, s.machineState[place], actions)) return
  advance(PORT_MACHINES[PTX_POSITION], s.machineState, place, s, i, now, actions)
}

/** Run the machines of a port until they are at rest among themselves; Port Transmit is left to do. */
const runPort = (s: State, tree: number, i: number, count: number, now: SimTime, actions: ControlActions): void => {
  if (s.dirty[i] === LOOK_AT_TOPOLOGY_CHANGE) {
    // What Topology Change does no other machine of the port but Port Transmit goes by.
    s.dirty[i] = LOOK_AT_TRANSMIT
    const place = TCM_POSITION * count + i
    if (!actions.tracing && passOn(s, i, s.machineState[place], actions)) return
    advance(PORT_MACHINES[TCM_POSITION], s.machineState, place, s, i, now, actions)
    return
  }
  s.repeated[i] = null
  // In turn, until all of them in a row have nothing to do.
  let resting = 0
  for (let m = 0, asked = 0; resting < PTX_POSITION; m = (m + 1) % PTX_POSITION) {
    if (asked++ > BOUND) throw new Error("the machines of a port do not come to rest")
    const moved = advance(PORT_MACHINES[m], s.machineState, m * count + i, s, i, now, actions)
    resting = moved && m !== TCM_POSITION ? 1 : resting + 1
    if (moved && m === PRT_POSITION) Procedures.wakeFollowers(s, tree)
  }
  s.dirty[i] = LOOK_AT_TRANSMIT
}

/** Arcs that are open between steps, as `tree 0 port 1: PRT ...`; there must be none. */
export const openArcs = (s: State): ReadonlyArray<string> => {
  const count = s.trees * s.ports
  const found: Array<string> = []
  for (let i = 0; i < count; i++) {
    PORT_MACHINES.forEach((machine, m) => {
      const arc = openArc(machine, s.machineState, m * count + i, s, i)
      if (arc !== undefined) found.push(`tree ${Math.floor(i / s.ports)} port ${i % s.ports}: ${arc}`)
    })
  }
  for (let tree = 0; tree < (s.ports === 0 ? 0 : s.trees); tree++) {
    const arc = openArc(BRIDGE_MACHINE, s.machineState, PRS_POSITION * count + tree * s.ports, s, tree)
    if (arc !== undefined) found.push(`tree ${tree}: ${arc}`)
  }
  return found
}

/** The name of a machine's present state, for answers and tests. */
export const stateOf = (s: State, machine: Machine<State>, i: number): string => {
  const m = MACHINES.indexOf(machine)
  return machine.stateNames[s.machineState[m * s.trees * s.ports + i]]
}
