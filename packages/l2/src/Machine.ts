/**
 * What a state machine of a control protocol is here (802.1D-2004 clause 17, 802.1Q-2005 clause 13, 802.1AX): a table that reads as its figure does,
 * and the step that takes the first arc whose condition holds. States and arcs stand in the order of the figure. `S` is the state of the protocol, `A`
 * what it may do: of a control protocol `ControlActions`.
 */
import type { SimTime } from "@l2lab/sim/SimTime"
import { define, type TraceDefinition } from "@l2lab/sim/TraceEvent"
import type { ControlActions } from "./ControlProtocol.ts"

/** What the step must know of a bridge's state: columns of ports stand at `tree * ports + port`. */
export interface PortColumns {
  readonly ports: number
}

/** What the step itself does. */
export type MachineActions = Pick<ControlActions, "detail" | "tracing">

/** A condition on one port in one tree, by its position in the columns; of a machine of the bridge, on a tree. */
export type When<S> = (s: S, i: number) => boolean

/** What is done on entry to a state. */
export type Entry<S, A extends MachineActions = ControlActions> = (s: S, i: number, now: SimTime, actions: A) => void

/** The unconditional transition: taken as soon as the entry is done. */
export const UCT: When<unknown> = () => true

/** An arc as a figure draws it. */
export interface Arc<S> {
  readonly when: When<S>
  readonly to: string
}

/** A box of a figure. */
export interface Box<S, A extends MachineActions = ControlActions> {
  readonly entry?: Entry<S, A>
  readonly exits: ReadonlyArray<Arc<S>>
}

/** A figure. */
export interface Figure<S, A extends MachineActions = ControlActions> {
  /** `PIM`. */
  readonly abbreviation: string
  /** `17.27`. */
  readonly clause: string
  /** There is one for each tree of a bridge, not for each port: its `i` is the tree. */
  readonly isOfTree?: boolean
  /** Traces do not tell of it: it would say the same every second. */
  readonly isUntraced?: boolean
  /** The state that BEGIN leads to. */
  readonly begin: (s: S, i: number) => string
  /** What all arcs but UCT are qualified by. */
  readonly qualifier?: When<S>
  /** Arcs into a state from anywhere. */
  readonly global?: ReadonlyArray<Arc<S>>
  readonly states: Readonly<Record<string, Box<S, A>>>
}

/** The detail that tells of a protocol's machines: one went from one of `states` to another, of a port in a tree, or (port -1) of a tree. */
export const defineMachine = (code: number, name: string, states: ReadonlyArray<string>): TraceDefinition =>
  define(code, name, ["port", "port"], ["tree", "number"], ["from", states], ["to", states])

/** What a protocol's machines are traced as. */
export interface MachineTrace {
  /** Of a detail with port, tree, and the states that were left and reached. */
  readonly code: number
  /** `PIM CURRENT`, by number. */
  readonly states: ReadonlyArray<string>
}

/** An arc with its place resolved: what it leads to, and its number among the machine's. */
interface ResolvedArc<S> {
  readonly when: When<S>
  readonly to: number
  readonly number: number
}

/** A figure ready to run. One class, so that all machines share a hidden class. */
export class Machine<S extends PortColumns, A extends MachineActions = ControlActions> {
  readonly figure: Figure<S, A>
  readonly stateNames: ReadonlyArray<string>
  /** `PIM CURRENT -> RECEIVE`, by the arc's number; `* ->` for arcs from anywhere. */
  readonly arcNames: ReadonlyArray<string>
  readonly qualifier: When<S> | undefined
  readonly global: ReadonlyArray<ResolvedArc<S>>
  readonly exits: ReadonlyArray<ReadonlyArray<ResolvedArc<S>>>
  /** By state: its unconditional exit, undefined where it has none. */
  readonly unconditional: ReadonlyArray<ResolvedArc<S> | undefined>
  readonly entries: ReadonlyArray<Entry<S, A>>
  /** By state: its number among the traced states. */
  readonly traceCodes: ReadonlyArray<number>
  readonly traceCode: number

  constructor(figure: Figure<S, A>, trace: MachineTrace) {
    this.figure = figure
    this.traceCode = trace.code
    this.stateNames = Object.keys(figure.states)
    this.qualifier = figure.qualifier
    const arcNames: Array<string> = []
    const resolve = (from: string, { to, when }: Arc<S>): ResolvedArc<S> => {
      const target = this.stateNames.indexOf(to)
      if (target < 0) throw new Error(`${figure.abbreviation} has an arc from ${from} to ${to}, which is no state of it`)
      arcNames.push(`${figure.abbreviation} ${from} -> ${to}`)
      return { when, to: target, number: arcNames.length - 1 }
    }
    this.global = (figure.global ?? []).map((arc) => resolve("*", arc))
    this.exits = this.stateNames.map((from) => figure.states[from].exits.map((arc) => resolve(from, arc)))
    this.unconditional = this.exits.map((arcs) => arcs.find(({ when }) => when === UCT))
    this.entries = this.stateNames.map((name) => figure.states[name].entry ?? (() => {}))
    this.arcNames = arcNames
    this.traceCodes = this.stateNames.map((name) => trace.states.indexOf(`${figure.abbreviation} ${name}`))
  }
}

/** More transitions of one machine at one instant than any figure can need: a fault in a table. */
const BOUND = 1_000

/** Told of every arc that is taken; for coverage reports. */
export type ArcObserver = (machine: AnyMachine, arc: number) => void

/** A machine of any protocol. */
// oxlint-disable-next-line typescript/no-explicit-any
export type AnyMachine = Machine<any, any>

let observer: ArcObserver | undefined

/**
 * Let `observe` know of every arc taken from now on, in all worlds; undefined ends it. It changes nothing that a machine does. Returns who
 * observed until now.
 */
export const observeArcs = (observe: ArcObserver | undefined): ArcObserver | undefined => {
  const before = observer
  observer = observe
  return before
}

const firstOpen = <S extends PortColumns, A extends MachineActions>(
  machine: Machine<S, A>,
  s: S,
  i: number,
  from: number,
): ResolvedArc<S> | undefined => {
  const unconditional = machine.unconditional[from]
  if (unconditional !== undefined) return unconditional
  if (machine.qualifier !== undefined && !machine.qualifier(s, i)) return undefined
  for (const arc of machine.global) if (arc.when(s, i)) return arc
  for (const arc of machine.exits[from]) if (arc.when(s, i)) return arc
  return undefined
}

/** The name of an arc that is open, of a machine whose present state is `column[place]`; undefined if it is at rest. For tests of who is looked at. */
export const openArc = <S extends PortColumns, A extends MachineActions>(
  machine: Machine<S, A>,
  column: Uint8Array,
  place: number,
  s: S,
  i: number,
): string | undefined => {
  const arc = firstOpen(machine, s, i, column[place])
  return arc === undefined ? undefined : machine.arcNames[arc.number]
}

/** Take arcs until none is open. `column[place]` is the machine's present state. Whether any was taken. */
export const advance = <S extends PortColumns, A extends MachineActions>(
  machine: Machine<S, A>,
  column: Uint8Array,
  place: number,
  s: S,
  i: number,
  now: SimTime,
  actions: A,
): boolean => {
  for (let taken = 0; taken < BOUND; taken++) {
    const from = column[place]
    const arc = firstOpen(machine, s, i, from)
    if (arc === undefined) return taken > 0
    observer?.(machine, arc.number)
    if (actions.tracing && from !== arc.to && machine.figure.isUntraced !== true) {
      const isOfTree = machine.figure.isOfTree === true
      const tree = isOfTree ? i : Math.floor(i / s.ports)
      actions.detail(
        machine.traceCode,
        isOfTree ? -1 : i - tree * s.ports,
        tree,
        machine.traceCodes[from],
        machine.traceCodes[arc.to],
      )
    }
    column[place] = arc.to
    machine.entries[arc.to](s, i, now, actions)
  }
  throw new Error(`${machine.figure.abbreviation} does not come to rest in ${machine.stateNames[column[place]]}`)
}

/** BEGIN (17.18.1): enter the first state. */
export const begin = <S extends PortColumns, A extends MachineActions>(
  machine: Machine<S, A>,
  column: Uint8Array,
  place: number,
  s: S,
  i: number,
  now: SimTime,
  actions: A,
): void => {
  column[place] = machine.stateNames.indexOf(machine.figure.begin(s, i))
  machine.entries[column[place]](s, i, now, actions)
}
