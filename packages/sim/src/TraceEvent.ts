/**
 * What a trace is made of. In the core an event is five numbers (a code and four operands): nothing is allocated for it unless
 * someone listens, and it folds into the world's digest in nanoseconds. Each package defines its codes here with a name and
 * operand names, from which the NDJSON line is made.
 */
import type { SimTime } from "./SimTime.ts"

/** One event as listeners get it. */
export interface TraceEvent {
  readonly at: SimTime
  /** Index of the node in the world. */
  readonly node: number
  readonly code: number
  readonly a: number
  readonly b: number
  readonly c: number
  readonly d: number
}

/** How an operand is to be shown: a plain number, one of the node's link ports, a MAC or IPv4 address, a duration, a text (`TextOperand`), or a word of a list. */
export type OperandFormat = "number" | "port" | "mac" | "ipv4" | "ns" | "text" | ReadonlyArray<string>

/** What the numbers of an event mean. */
export interface TraceDefinition {
  readonly code: number
  /** `stp.port-state`: the package's area, a dot, what happened. */
  readonly name: string
  /** Up to four operands, in order, each with its name and format. */
  readonly operands: ReadonlyArray<readonly [name: string, format: OperandFormat]>
}

/** Make a definition. `code` is area * 256 + n: sim 0, l2 1, stp 2, l3 3, vss 4, hypervisor 5, migration 6. */
export const define = (code: number, name: string, ...operands: TraceDefinition["operands"]): TraceDefinition => ({
  code,
  name,
  operands,
})

/** The definitions of several packages by code; two definitions of one code are a bug and throw. */
export const registry = (definitions: Iterable<TraceDefinition>): ReadonlyMap<number, TraceDefinition> => {
  const byCode = new Map<number, TraceDefinition>()
  for (const definition of definitions) {
    if (byCode.has(definition.code)) throw new Error(`two trace definitions have the code ${definition.code}: ${definition.name}`)
    byCode.set(definition.code, definition)
  }
  return byCode
}
