/**
 * How far an event reaches: every port whose role or state changed or whose cable is full, every table flushed, every processor that loses PDUs, every
 * station that gets no answer, and when. All of it is read from the emulated devices, at intervals; watching changes nothing.
 */
import type { DurationNs, SimTime } from "@l2lab/sim/SimTime"
import type * as Duration from "effect/Duration"
import type { Action, SeenLoop } from "./Lab.ts"

/** What an event did to a switch. Instants are those of the first sign of it. */
export interface ReachedSwitch {
  readonly name: string
  readonly at: SimTime
  /** Times that one of its ports changed its role or its state, trees counted apart. */
  readonly portChanges: number
  /** Entries of its CAM that were flushed. */
  readonly flushed: number
  /** Times that an address moved from one of its ports to another. */
  readonly moves: number
  /** When its log first told of an address that flaps. */
  readonly flappingAt?: SimTime
  /** PDUs lost on the way to its processor, and since when. */
  readonly pdusLost: number
  readonly starvedAt?: SimTime
}

/** A port that took part: its role or state changed, or one direction of its cable was full. */
export interface ReachedPort {
  readonly name: string
  readonly at: SimTime
  /** How long its cable was full in the direction away from it. */
  readonly fullNs: DurationNs
}

/** A station whose pings were not answered. */
export interface DarkStation {
  readonly name: string
  readonly vlan: number
  /** The last answer before it. */
  readonly from: SimTime
  /** The longest silence of its pings. */
  readonly longestNs: DurationNs
  /** Whether it gets answers again. */
  readonly isBack: boolean
}

/** A station that got an answer more than once. */
export interface DoubledStation {
  readonly name: string
  readonly vlan: number
  /** Answers to pings that had been answered. */
  readonly answers: number
}

/** A host whose cable was full towards it: it has to hear all of that. */
export interface FloodedHost {
  readonly name: string
  readonly at: SimTime
}

/** A VLAN that looped or has a station without answers. */
export interface ReachedVlan {
  readonly vlan: number
  readonly at: SimTime
  /** It forwarded in a ring; else it suffers of others, whose cables it shares. */
  readonly looped: boolean
}

/** A port that a guard took out of service. */
export interface TakenOut {
  readonly port: string
  readonly cause: string
  readonly at: SimTime
}

/** What was seen within one interval. */
export interface Moment {
  /** Its end. */
  readonly at: SimTime
  /** Ports that forward in a ring. */
  readonly ring: number
  /** Directions of cables that are full. */
  readonly fullCables: number
  /** Sent on all cables, in frames a second. */
  readonly framesPerSecond: number
  readonly floodedHosts: number
  /** Stations that wait for an answer. */
  readonly darkStations: number
  /** Switches whose processor lost a PDU. */
  readonly starvedSwitches: number
  /** Addresses that moved, in all switches together, a second. */
  readonly movesPerSecond: number
}

/** The account of an event. */
export interface FaultDomain {
  readonly from: SimTime
  readonly until: SimTime
  /** How far apart two looks are: the resolution of every instant that is not a trace event's. */
  readonly everyNs: DurationNs
  /** The first that was reached comes first; so with the others. */
  readonly switches: ReadonlyArray<ReachedSwitch>
  readonly ports: ReadonlyArray<ReachedPort>
  readonly flooded: ReadonlyArray<FloodedHost>
  /** Of the stations that ping. */
  readonly dark: ReadonlyArray<DarkStation>
  readonly doubled: ReadonlyArray<DoubledStation>
  readonly vlans: ReadonlyArray<ReachedVlan>
  readonly loops: ReadonlyArray<SeenLoop>
  readonly takenOut: ReadonlyArray<TakenOut>
  /** Interval by interval: what a plot is made of. */
  readonly moments: ReadonlyArray<Moment>
}

/** Somebody who watches an event. */
export interface FaultDomainWatch {
  /** Let virtual time pass, and look at everything all along. Time that passes otherwise is one interval. */
  readonly lasting: (time: Duration.Input) => Action
  readonly report: Action<FaultDomain>
}

export interface FaultDomainOptions {
  /** Time between two looks; 100 ms by default. */
  readonly every?: Duration.Input
}

/** Watch from now on. Only pings that have begun by then are looked at. */
export type WatchFaultDomain = (options?: FaultDomainOptions) => Action<FaultDomainWatch>

/** Numbers for a plot: a name for each column, and rows. The table's own name is a file's: letters, digits, `-` and `_`. */
export interface DataTable {
  readonly columns: ReadonlyArray<string>
  readonly rows: ReadonlyArray<ReadonlyArray<number | string>>
}

/** What keeps a table of numbers with the run. */
export type KeepData = (name: string, table: DataTable) => Action
