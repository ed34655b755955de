/**
 * Log lines in the form that network engineers read all day: `%FACILITY-SEVERITY-MNEMONIC: text`. A line is a view of a significant trace
 * event, and nothing of it is kept in a world: each package lists in its `Log.ts` which of its events make which line.
 */
import type { TraceDefinition, TraceEvent } from "./TraceEvent.ts"

/** What a switch calls what an event speaks of by number. */
export interface LogNames {
  /** `Gi0/1` */
  readonly port: (port: number) => string
  /** `GigabitEthernet0/1` */
  readonly portInFull: (port: number) => string
  /** `VLAN0010`, `MST1` */
  readonly tree: (tree: number) => string
  /** `sw2 GigabitEthernet0/1`: the switch and port that send from an address. */
  readonly sender: (address: number) => string
}

/** A line that an event makes. */
export interface LogDefinition {
  readonly definition: TraceDefinition
  /** `PM`, `SPANTREE` */
  readonly facility: string
  /** 0 emergencies, 1 alerts, 2 critical, 3 errors, 4 warnings, 5 notifications, 6 informational, 7 debugging. */
  readonly severity: number
  /** `ERR_DISABLE` */
  readonly mnemonic: string
  /** The text behind the colon; undefined where the event makes no such line. */
  readonly message: (event: TraceEvent, names: LogNames) => string | undefined
  /** What every boot and every plugged cable brings: kept in the log, left out where a run is told. */
  readonly routine?: boolean
}

/** The definitions of several packages by the code of their event, each in the order in which its lines are printed. */
export const registry = (definitions: Iterable<LogDefinition>): ReadonlyMap<number, ReadonlyArray<LogDefinition>> => {
  const byCode = new Map<number, Array<LogDefinition>>()
  for (const line of definitions) {
    const known = byCode.get(line.definition.code)
    if (known === undefined) byCode.set(line.definition.code, [line])
    else known.push(line)
  }
  return byCode
}

/** The line in full. */
export const format = ({ facility, severity, mnemonic }: LogDefinition, message: string): string =>
  `%${facility}-${severity}-${mnemonic}: ${message}`
