/**
 * 802.1Q-2005 13.19†: all machines of a bridge together. A step begins with something from outside (a BPDU, a second, a link, management) and
 * ends when no arc of any machine is open.
 *
 * A port is looked at in a tree when something of it there changed, and those that go by what others do when one of these did something. Port
 * Transmit comes last, so that a BPDU says what the step came to and not what it passed through. The CIST comes before the MSTIs,
 * whose machines go by it.
 */
import type { ControlActions } from "@l2lab/l2/ControlProtocol"
import type { SimTime } from "@l2lab/sim/SimTime"
import { advance, begin as enter, Machine, openArc } from "../Machine.ts"
import { BDM } from "./BridgeDetection.ts"
import { PIM } from "./PortInformation.ts"
import { PPM } from "./PortProtocolMigration.ts"
import { PRX } from "./PortReceive.ts"
import { PRS } from "./PortRoleSelection.ts"
import { PRT } from "./PortRoleTransitions.ts"
import { PST } from "./PortStateTransition.ts"
import { PTI } from "./PortTimers.ts"
import { PTX } from "./PortTransmit.ts"
import * as Procedures from "./Procedures.ts"
import { CIST, type State } from "./State.ts"
import { TCM } from "./TopologyChange.ts"

/** The machines of a port, which know no trees, in the order in which a step runs them. */
const PORT_MACHINES: ReadonlyArray<Machine<State>> = [PRX, PPM, BDM].map((figure) => new Machine(figure))

/** The machines of a port in a tree, likewise. */
const TREE_PORT_MACHINES: ReadonlyArray<Machine<State>> = [PIM, PRT, PST, TCM].map((figure) => new Machine(figure))

const TRANSMIT: Machine<State> = new Machine(PTX)

/** Port Role Selection, one for each tree. Its state stands at the first port of the tree. */
const SELECTION: Machine<State> = new Machine(PRS)

/** Port Timers, one for the bridge. Its state stands at the first port of the CIST. */
const TIMERS: Machine<State> = new Machine(PTI)

/** All machines, in the order of their states in `machineState`. */
export const MACHINES: ReadonlyArray<Machine<State>> = [...PORT_MACHINES, ...TREE_PORT_MACHINES, TRANSMIT, SELECTION, TIMERS]

const FIRST_OF_TREE_PORT = PORT_MACHINES.length
const PRT_POSITION = TREE_PORT_MACHINES.findIndex((machine) => machine.figure === PRT)
const PIM_POSITION = TREE_PORT_MACHINES.findIndex((machine) => machine.figure === PIM)
const TCM_POSITION = TREE_PORT_MACHINES.findIndex((machine) => machine.figure === TCM)

/** More rounds than the ports of a bridge can keep each other busy for at one instant: a fault in a table. */
const BOUND = 10_000

/** Where the states of a machine begin in `machineState`. */
const column = (s: State, machine: Machine<State>): number => MACHINES.indexOf(machine) * s.trees * s.ports

/** BEGIN: all machines enter their first states, and come to rest. */
export const begin = (s: State, now: SimTime, actions: ControlActions): void => {
  if (s.ports === 0) return
  for (const machine of [...PORT_MACHINES, TRANSMIT]) {
    for (let port = 0; port < s.ports; port++) enter(machine, s.machineState, column(s, machine) + port, s, port, now, actions)
  }
  for (let tree = CIST; tree <= s.instances; tree++) {
    const first = tree * s.ports
    for (const machine of TREE_PORT_MACHINES) {
      for (let i = first; i < first + s.ports; i++) enter(machine, s.machineState, column(s, machine) + i, s, i, now, actions)
    }
    enter(SELECTION, s.machineState, column(s, SELECTION) + first, s, tree, now, actions)
    Procedures.wakeTree(s, tree)
  }
  enter(TIMERS, s.machineState, column(s, TIMERS), s, CIST, now, actions)
  run(s, now, actions)
}

/** A second has passed: Port Timers, and with it all that ran out. */
export const second = (s: State, now: SimTime, actions: ControlActions): void => {
  if (s.ports === 0) return
  s.tick[CIST] = 1
  advance(TIMERS, s.machineState, column(s, TIMERS), s, CIST, now, actions)
  run(s, now, actions)
}

/** Run all machines until they are at rest. Ports that something happened to are marked in `dirty`, and their trees in `woken`. */
export const run = (s: State, now: SimTime, actions: ControlActions): void => {
  if (s.ports === 0) return
  const count = s.trees * s.ports
  for (let round = 0; isWoken(s); round++) {
    if (round > BOUND) throw new Error("the machines of a bridge do not come to rest")
    for (let tree = CIST; tree <= s.instances; tree++) {
      if (s.woken[tree] === 0) continue
      s.woken[tree] = 0
      const first = tree * s.ports
      for (let i = first; i < first + s.ports; i++) if (s.dirty[i] === 1) runPort(s, tree, i, count, now, actions)
      advance(SELECTION, s.machineState, column(s, SELECTION) + first, s, tree, now, actions)
    }
  }
  const states = column(s, TRANSMIT)
  for (let port = 0; port < s.ports; port++) {
    if (s.touched[port] === 0) continue
    s.touched[port] = 0
    advance(TRANSMIT, s.machineState, states + port, s, port, now, actions)
  }
}

const isWoken = (s: State): boolean => {
  for (let tree = CIST; tree <= s.instances; tree++) if (s.woken[tree] === 1) return true
  return false
}

/** The same when something happened to one port. */
export const runOne = (s: State, port: number, now: SimTime, actions: ControlActions): void => {
  Procedures.wake(s, CIST, port)
  run(s, now, actions)
}

/** Run the machines of a port in a tree until they are at rest among themselves. */
const runPort = (s: State, tree: number, i: number, count: number, now: SimTime, actions: ControlActions): void => {
  const port = i - tree * s.ports
  s.touched[port] = 1
  for (let round = 0; s.dirty[i] === 1; round++) {
    if (round > BOUND) throw new Error("the machines of a port do not come to rest")
    s.dirty[i] = 0
    if (tree === CIST) {
      for (let m = 0; m < PORT_MACHINES.length; m++) {
        if (advance(PORT_MACHINES[m], s.machineState, m * count + i, s, i, now, actions)) s.dirty[i] = 1
      }
    }
    for (let m = 0; m < TREE_PORT_MACHINES.length; m++) {
      const states = (FIRST_OF_TREE_PORT + m) * count
      if (!advance(TREE_PORT_MACHINES[m], s.machineState, states + i, s, i, now, actions)) continue
      // What Topology Change does no other machine of the port but Port Transmit goes by.
      if (m !== TCM_POSITION) s.dirty[i] = 1
      if (m === PRT_POSITION) Procedures.wakeFollowers(s, tree)
      // The MSTIs wait for the CIST to have taken its part of a message, and its update.
      if (m === PIM_POSITION && tree === CIST) Procedures.wakePort(s, port)
      // At a region's edge they go by what the CIST does with the port.
      if (m === PRT_POSITION && tree === CIST) Procedures.wakePort(s, port)
    }
  }
}

/** Arcs that are open between steps, as `MSTI 2 port 1: PRT ...`; there must be none. */
export const openArcs = (s: State): ReadonlyArray<string> => {
  if (s.ports === 0) return []
  const found: Array<string> = []
  const look = (machine: Machine<State>, place: number, i: number, where: string): void => {
    const arc = openArc(machine, s.machineState, column(s, machine) + place, s, i)
    if (arc !== undefined) found.push(`${where}: ${arc}`)
  }
  for (let port = 0; port < s.ports; port++) for (const m of [...PORT_MACHINES, TRANSMIT]) look(m, port, port, `port ${port}`)
  for (let tree = CIST; tree <= s.instances; tree++) {
    for (let i = tree * s.ports; i < (tree + 1) * s.ports; i++) {
      for (const m of TREE_PORT_MACHINES) look(m, i, i, `MSTI ${s.mstid[tree]} port ${i - tree * s.ports}`)
    }
    look(SELECTION, tree * s.ports, tree, `MSTI ${s.mstid[tree]}`)
  }
  return found
}

/** The name of a machine's present state, for answers and tests. */
export const stateOf = (s: State, machine: Machine<State>, i: number): string =>
  machine.stateNames[s.machineState[column(s, machine) + i]]
