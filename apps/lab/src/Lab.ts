/**
 * What a scenario may do with the emulated network and ask of it. Names are those of the design; a name that it does not have ends
 * the run with a sentence. Commands take effect at the present instant and are recorded in the command log; answers are read from the
 * states of the emulated devices.
 */
import type * as Dtp from "@l2lab/l2/dtp/Agent"
import type * as Vtp from "@l2lab/l2/vtp/Agent"
import type { ChangeCost, VlanFlooding } from "@l2lab/l2/Flooding"
import type { MacAddress } from "@l2lab/l2/MacAddress"
import type { PingRun } from "@l2lab/l3/Ping"
import type { DurationNs, SimTime } from "@l2lab/sim/SimTime"
import type { PortStatistics } from "@l2lab/sim/PortStatistics"
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type { CaptureControl } from "./capture/CaptureControl.ts"
import type { InputError, ScenarioFailure } from "./Failure.ts"
import type { KeepData, WatchFaultDomain } from "./FaultDomain.ts"
import type { TreeChoice } from "./lab/TreeOrder.ts"
import type { PairHandle } from "./lab/Pairs.ts"
import type { UdldHandle } from "./lab/Udld.ts"
import type { LogEntry } from "./report/LogBook.ts"
import type { TreeSummary } from "./report/TreeSummary.ts"
import type { Services } from "./Scenario.ts"

export type { CaptureControl, SeenFrame } from "./capture/CaptureControl.ts"

/** An order to the emulated network, or a question to it that may be about something that is not there. */
export type Action<A = void> = Effect.Effect<A, InputError | ScenarioFailure>

/** How waiting for the network ended. */
export interface Settled {
  /** The last instant at which a role, a port state or a vector changed, or a probe its result. */
  readonly lastChangeAt: SimTime
  /** When that had held for long enough to count as settled. */
  readonly at: SimTime
}

export interface PingOptions {
  /** Time between probes, which bounds the resolution of an outage; a second by default. */
  readonly every?: Duration.Input
  /** Octets of data in each probe; 56 by default. */
  readonly payloadOctets?: number
}

/** A ping that runs until it is stopped. Its figures are read from the stack that sends it. */
export interface Probe {
  readonly sent: Action<number>
  readonly received: Action<number>
  /** Probes that were not answered in time; the last ones are decided a second after they were sent at the earliest. */
  readonly lost: Action<number>
  /**
   * The longest time without an answer: the outage, at a resolution of `every`. Unlike `longestGapNs` of `report` it counts the silence
   * before the first answer and the one that lasts until now.
   */
  readonly longestGap: Action<Duration.Duration>
  /** Everything that the stack has counted. Its `longestGapNs` is the longest time from one answer to the next. */
  readonly report: Action<PingRun>
  /** Send no more. */
  readonly stop: Action
}

/** Who can send a ping. */
export interface Pinger {
  /** Ping a host, VM or VMkernel interface by its name, or an IPv4 address. */
  readonly ping: (target: string, options?: PingOptions) => Action<Probe>
}

/** What can be switched off and on. Off loses all state; on is a cold boot. */
export interface Powered {
  readonly powerOff: Action
  readonly powerOn: Action
}

/** A host with one adapter, or a hypervisor (which does not ping: its VMs do). */
export interface Host extends Pinger, Powered {
  readonly name: string
  /** Broadcast one ARP request for the own address. */
  readonly broadcast: Action
}

/** A pre-copy round of a migration. */
export interface Round {
  readonly round: number
  /** Pages to send, zero pages included. */
  readonly pages: number
  /** Of these, pages that hold nothing but zeros: one message tells of all of them, and no content travels. */
  readonly zeroPages: number
  readonly durationNs: DurationNs
  /** Pages that the guest wrote meanwhile: the next round's. */
  readonly dirty: number
}

/** A VM's move, as the two hosts traced it. */
export interface Move {
  readonly vm: string
  readonly from: string
  readonly to: string
  readonly startedAt: SimTime
  readonly rounds: ReadonlyArray<Round>
  readonly stunnedAt: SimTime
  readonly resumedAt: SimTime
  /** When the source had removed the VM. */
  readonly doneAt: SimTime
  /** From stun to resume: how long the guest stood still. */
  readonly downtime: Duration.Duration
  /** From the command to the end. */
  readonly duration: Duration.Duration
}

export interface Vm extends Pinger {
  readonly name: string
  /** Broadcast one ARP request for the own address: every switch of its VLAN learns where it is. */
  readonly broadcast: Action
  /** The hypervisor that runs it now. */
  readonly host: Action<string>
  /** Move it to another hypervisor; virtual time passes until it is there, or has failed to move. */
  readonly vmotion: (options: { readonly to: string }) => Action<Move>
}

/** What a switch's processor has done. */
export interface ControlPlaneReport {
  readonly hung: boolean
  /** PDUs it dealt with; that found its queue full, or came beyond their port's rate; that came while it hung. */
  readonly pdus: number
  readonly pdusLost: number
  readonly pdusUnheard: number
  /** Copies of broadcasts and multicasts that it dealt with, and that found its queue full. */
  readonly punted: number
  readonly puntsLost: number
}

/** A switch's processor. */
export interface ControlPlaneHandle {
  /** It takes, sends and times nothing from now on, while the switch goes on forwarding. */
  readonly hang: Action
  /** It goes on: what came due meanwhile is done at once. */
  readonly resume: Action
  readonly report: Action<ControlPlaneReport>
}

/** Somebody whom a switch knows by LLDP or CDP, as it says itself. */
export interface NeighbourReport {
  /** Where it was heard, `sw1:1`. */
  readonly port: string
  readonly device: string
  /** What it calls its own port. */
  readonly itsPort: string
  /** The VLAN of its untagged frames; absent where it did not say. */
  readonly itsVlan?: number
  /** Until it is forgotten, unless it is heard again. */
  readonly secondsLeft: number
}

/** LLDP or CDP of a switch that has it in its design. */
export interface DiscoveryHandle {
  readonly run: Action
  /** Say good-bye on all ports and forget everybody (`no lldp run`). */
  readonly stop: Action
  /** By port. */
  readonly neighbours: Action<ReadonlyArray<NeighbourReport>>
}

/** What a switch flooded in a VLAN because it did not know the destination, since it was switched on and by topology change. */
export interface SwitchFlooding extends VlanFlooding {
  /** The latest changes of the VLAN's tree (16 at most), oldest first, each with what came until the next one, in all VLANs of the tree. */
  readonly changes: ReadonlyArray<
    Omit<ChangeCost, "cause" | "port"> & {
      /** The port that it came by, as `sw1:1`; absent where none is to blame. */
      readonly from?: string
      /** `port` (its own), `new-root`, `notification` or `flag` (of a neighbour). */
      readonly cause: string
    }
  >
}

export interface Switch extends Powered, PairHandle {
  readonly name: string
  readonly lldp: DiscoveryHandle
  readonly cdp: DiscoveryHandle
  /** Set the bridge priority, while it runs: in the trees of all VLANs (of `mst` in the CIST), or in one. */
  readonly stpPriority: (priority: number, tree?: TreeChoice) => Action
  /** BPDU guard or filter on edge ports, loop guard on point-to-point links: for all ports that say nothing of their own (`… default`). */
  readonly guardDefault: (what: "bpduguard" | "bpdufilter" | "loopguard", on: boolean) => Action
  readonly controlPlane: ControlPlaneHandle
  readonly udld: UdldHandle
  /** Let ports come back by themselves that were taken out of service for a cause, or not; with or without a new interval for all causes. */
  readonly errdisableRecovery: (cause: string, on: boolean, interval?: Duration.Input) => Action
  /** `vtp mode`, `vtp domain`, `vtp password` while it runs, each where it is given. Another domain, or being transparent, makes the revision 0. */
  readonly vtp: (order: Vtp.Order) => Action
  /** Let these VLANs exist on it and no others, while it runs; with VTP its server tells all others. */
  readonly setVlans: (existing: ReadonlyArray<number>) => Action
  /** The VLANs that exist on it now, sorted. */
  readonly vlans: Action<ReadonlyArray<number>>
  /** The sum over its ports. */
  readonly statistics: Action<PortStatistics>
  /** Frames that came in for no known address and were flooded. */
  readonly floodedUnicastFrames: Action<number>
  /** The same by VLAN, in frames and octets, with what of it came after the topology changes of the VLAN's spanning tree. */
  readonly flooding: Action<ReadonlyArray<SwitchFlooding>>
}

/** A cable. */
export interface Link {
  readonly name: string
  readonly down: Action
  readonly up: Action
  /** Lose this share (0..1) of frames at random in both directions. */
  readonly loss: (ratio: number) => Action
  /** Nothing that the named end sends arrives; both ends keep their carrier. */
  readonly deadFrom: (node: string) => Action
  /** Both directions alive, nothing lost at random. */
  readonly heal: Action
}

export interface Port {
  /** `sw1:1`. */
  readonly name: string
  readonly shutdown: Action
  readonly noShutdown: Action
  /**
   * Have this end of its cable take it for half or full duplex; the link goes down and comes up again by that. Ends that differ are a duplex
   * mismatch.
   */
  readonly duplex: (duplex: "half" | "full") => Action
  /** `lldp transmit` and `lldp receive`; what is left out stays as it is. */
  readonly lldp: (role: { readonly transmit?: boolean; readonly receive?: boolean }) => Action
  /** `cdp enable`. */
  readonly cdp: (enabled: boolean) => Action
  /** `switchport mode` and `nonegotiate` while the switch runs, each where it is given; the switch must speak DTP. */
  readonly switchport: (order: Omit<Dtp.Order, "port">) => Action
  /** Set the port's path cost, while the switch runs, in all trees or in one; undefined: by the link's rate again. */
  readonly stpCost: (cost: number | undefined, tree?: TreeChoice) => Action
  /** Set its priority likewise. */
  readonly stpPriority: (priority: number, tree?: TreeChoice) => Action
  /** PortFast (`true`), a network port, or neither. An edge port is one when its link next comes up. */
  readonly portfast: (mode: boolean | "network") => Action
  /** BPDU guard: on, off, or `default`, as the switch has it for edge ports. */
  readonly bpduGuard: (on: boolean | "default") => Action
  /** BPDU filter likewise. */
  readonly bpduFilter: (on: boolean | "default") => Action
  /** Root guard, in place of loop guard; false: neither, but for the switch's default. */
  readonly rootGuard: (on: boolean) => Action
  /** Loop guard, in place of root guard; false: none of them; `default`: as the switch has it. */
  readonly loopGuard: (on: boolean | "default") => Action
  readonly statistics: Action<PortStatistics>
}

/** Where a switch believes an address to be. */
export interface CamEntry {
  readonly switch: string
  readonly vlan: number
  /** `acc-1:3`; `drop` for a static entry that discards. */
  readonly port: string
  /** `Gi0/3`. */
  readonly portName: string
  /** The node at the other end of the port's cable. */
  readonly towards?: string
}

/** One address in the CAMs of all switches. */
export interface Cam {
  readonly address: Action<MacAddress>
  /** In the order of the design's switches; those that do not know the address are left out. */
  readonly entries: Action<ReadonlyArray<CamEntry>>
  /** Whether every switch that knows the address leads to this host, cable by cable, and at least one knows it. */
  readonly pointsAt: (host: string) => Action<boolean>
}

/** A trace event in words. */
export interface LabEvent {
  readonly at: SimTime
  readonly node: string
  /** `stp.port-state` */
  readonly name: string
  /** By name; ports as `sw1:1`, addresses as text, times in nanoseconds, null for none. */
  readonly operands: Readonly<Record<string, string | number | null>>
}

/** A time during which ports forwarded in a ring. */
export interface SeenLoop {
  readonly from: SimTime
  /** Absent while it lasts. */
  readonly until?: SimTime
  /** Every port that took part, as `sw1:1`, sorted. */
  readonly ports: ReadonlyArray<string>
  /** The same by when they came into it, in that order: a loop may open another one. */
  readonly joined: ReadonlyArray<{ readonly at: SimTime; readonly ports: ReadonlyArray<string> }>
  readonly vlans: ReadonlyArray<number>
}

/** Somebody who watches the network as a whole for forwarding loops. */
export interface LoopWatch {
  /** In the order in which they began. Loops that follow each other without a break are one. */
  readonly seen: Effect.Effect<ReadonlyArray<SeenLoop>>
}

/** What one end of a cable sent during a storm. */
export interface LinkLoad {
  /** `sw1:1`, and who hears it. */
  readonly from: string
  readonly to: string
  readonly framesPerSecond: number
  readonly bitsPerSecond: number
  /** Of the link's rate, gaps between frames included: 0..1. */
  readonly share: number
}

/** An account of a storm: who looped, since when, at what rate, which links are full. */
export interface StormReport {
  readonly from: SimTime
  readonly until: SimTime
  readonly loops: ReadonlyArray<SeenLoop>
  /** Directions of cables that carried anything, the busiest first. */
  readonly loads: ReadonlyArray<LinkLoad>
  /** Those that carried at least 95 % of what they can. */
  readonly full: ReadonlyArray<LinkLoad>
  /** Sent on all cables, in both directions. */
  readonly framesPerSecond: number
  /** What ended the watching: the storm was stopped, slowed down, or goes on. */
  readonly end: "stopped" | "throttled" | "goes on"
  /** Cables that were pulled, or slowed down: they stay so until `restore`. */
  readonly cables: ReadonlyArray<string>
  /** Plug these cables in again, or give them back the rates that they had; a line says so. */
  readonly restore: Action
}

/** Somebody who watches a storm. */
export interface StormWatch {
  /** What was seen from the beginning until now. */
  readonly report: Action<StormReport>
}

export interface StormOptions {
  /** Exactly so long. */
  readonly lasting: Duration.Input
  /** End the rings that go through one of these ports, `sw1:1`, and leave others alone; all rings by default. */
  readonly on?: string | ReadonlyArray<string>
  /** `stop` (by default) pulls a cable of every ring; `rate` slows those of the rings down to so many bits a second. */
  readonly afterwards?: "stop" | { readonly rate: number }
}

/** Storms do not end by themselves: they are watched, and let run for exactly as long as is asked. */
export interface Storm {
  /** Watch from now on. */
  readonly watch: Effect.Effect<StormWatch>
  /** Let virtual time pass, then stop or slow down what loops, and say so. */
  readonly run: (options: StormOptions) => Action<StormReport>
}

/** What the switches have logged so far, in the order of time. */
export interface Log {
  /** The lines of all switches, or of one. */
  readonly lines: (switchName?: string) => Action<ReadonlyArray<LogEntry>>
  /** Whether a run prints them as they come, from now on; they are kept all the same. */
  readonly print: (on: boolean) => Effect.Effect<void>
  /** Those of them with a facility and mnemonic: `PM-4-ERR_DISABLE`, `ERR_DISABLE`, or a part of the text. */
  readonly find: (part: string, switchName?: string) => Action<ReadonlyArray<LogEntry>>
}

/** What a narration is about: `spanning-tree` (roots, roles, topology changes), `links`, or a VM (moves, RARP, CAM entries). */
export type Topic = "spanning-tree" | "links" | { readonly vm: string }

/** How a program runs on another network than the run's own. */
export interface BesideOptions {
  /** Print nothing of what happens there. */
  readonly quiet?: boolean
}

export interface LabApi {
  /** The present instant. */
  readonly now: Effect.Effect<SimTime>
  /** Virtual time passes until the network has settled. Gives up after `--limit`. */
  readonly converged: Action<Settled>
  readonly host: (name: string) => Host
  readonly vm: (name: string) => Vm
  readonly switch: (name: string) => Switch
  /** The cable between two nodes, or two ports (`sw1:1`) where there are several. */
  readonly link: (a: string, b: string) => Link
  readonly port: (name: string) => Port
  /** The CAM entries of a host, a VM or a MAC address. */
  readonly cam: (nameOrMac: string) => Cam
  /** Print a line, stamped with the present instant. */
  readonly say: (text: string) => Effect.Effect<void>
  /** Print, at the end of the report, commands that lead further. */
  readonly hint: (commands: ReadonlyArray<string>) => Effect.Effect<void>
  /** Print what happens, as it happens, from now on. */
  readonly narrate: (...topics: ReadonlyArray<Topic>) => Action
  /** Roots, root ports and blocked ports as they are now. */
  readonly tree: Effect.Effect<TreeSummary>
  /** Print them as a table. */
  readonly showTree: Effect.Effect<void>
  /** Every trace event from the moment that the stream is run. Virtual time passes while the stream waits. */
  readonly events: Stream.Stream<LabEvent>
  /** Watch for forwarding loops from now on; a line is printed when one begins and when it ends, by the first who watches. It changes nothing in the network. */
  readonly watchLoops: Effect.Effect<LoopWatch>
  readonly storm: Storm
  /** Watch how far what happens from now on reaches. */
  readonly faultDomain: WatchFaultDomain
  readonly log: Log
  readonly capture: CaptureControl
  /**
   * Run a program on a copy of the network as it is now; this one stands still meanwhile and learns nothing of it. Checks count,
   * captures and traces see only this one.
   */
  readonly fork: <A, E, R>(program: Effect.Effect<A, E, R>, options?: BesideOptions) => Effect.Effect<A, E, Exclude<R, Services>>
  /**
   * Run a program on the design with some of its settings changed, switched on anew; this network stands still meanwhile and learns nothing of it. The
   * changes are a piece of a design: blocks are put together key by key, everything else takes the place of what the design has. Checks
   * count, captures and traces see only this network.
   */
  readonly redesign: <A, E, R>(
    changes: Readonly<Record<string, unknown>>,
    program: Effect.Effect<A, E, R>,
    options?: BesideOptions,
  ) => Effect.Effect<A, E | InputError, Exclude<R, Services>>
  /** Print a table. */
  readonly table: (head: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string | number>>) => Effect.Effect<void>
  /** Keep a table of numbers with the run: in `--json`, and as a file of `--data`. */
  readonly data: KeepData
  /** Wrap what waits on the real world (a file, a prompt): virtual time stands still meanwhile. */
  readonly real: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  /** One line that tells whether two runs went the same way. */
  readonly fingerprint: Effect.Effect<string>
}

/** The network that a scenario runs on. */
export class Lab extends Context.Service<Lab, LabApi>()("@l2lab/lab/Lab") {}
