/**
 * What can be asked of a switch beside its trees, tables and interfaces: one entry a question, in a file of its own and listed in `Topics`.
 * What it prints is in the layout of Catalyst switches.
 */
import type { Emulation } from "../Emulation.ts"
import type { LogBook } from "../report/LogBook.ts"

/** Whom a question goes to. */
export interface Asked {
  readonly emulation: Emulation
  readonly node: number
  readonly log: LogBook
  /** The link port that is asked about; absent: all. */
  readonly port?: number | undefined
}

export interface Topic {
  /** The words behind `show`: `errdisable recovery`. */
  readonly words: string
  /** Whether `interface Gi0/1` behind the words asks about one port (true), must (`needed`), or is no part of the question. */
  readonly interface?: boolean | "needed"
  /** What stands before that interface, right behind the topic's first word: `show port-security interface Gi0/1 address`. */
  readonly interfaceWord?: "interface"
  /** Whether `vpc 11` names an interface here. */
  readonly byVpc?: true
  /** Whom the question is for, where only some switches have anything to say: the others answer if they are asked by name. */
  readonly concerns?: (asked: Asked) => boolean
  readonly lines: (asked: Asked) => ReadonlyArray<string>
  /** Keys of the switch's answer for machines. */
  readonly json: (asked: Asked) => Readonly<Record<string, unknown>>
}
