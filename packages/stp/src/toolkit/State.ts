/** The state of the guards: plain data in columns by bridge port, or by (tree, port) at `tree * ports + port`. */
import { NEVER } from "@l2lab/sim/SimTime"
import { DEFAULT_RATE, type PortGuards, type ToolkitConfig } from "./Settings.ts"

/** Values of the columns of guards. */
export const OFF = 0
export const ON = 1
/** As the bridge's default has it, and as far as the port's state allows: on edge ports, or on point-to-point links. */
export const BY_DEFAULT = 2

/** What the guards of a bridge remember: plain data in columns, by port or by (tree, port). */
export interface Toolkit {
  readonly trees: number
  readonly ports: number
  /** The timer of the protocol's range that is the guards', behind the protocol's own. */
  readonly timer: number

  // By port: OFF, ON, BY_DEFAULT.
  readonly bpduGuard: Uint8Array
  readonly bpduFilter: Uint8Array
  readonly rootGuard: Uint8Array
  readonly loopGuard: Uint8Array
  /** Network ports that are watched. */
  readonly network: Uint8Array
  /** The bridge's defaults, 0 or 1: what ports with BY_DEFAULT do. */
  bpduGuardDefault: number
  bpduFilterDefault: number
  loopGuardDefault: number
  readonly bridgeAssurance: number

  /** By port: the link is up, and full duplex. */
  readonly up: Uint8Array
  readonly fullDuplex: Uint8Array
  /** By (tree, port): BPDUs sent since the link came up, up to FILTER_AFTER. */
  readonly sentSinceUp: Uint8Array
  /** By (tree, port): when a claim to be the root is forgotten; NEVER where there is none. */
  readonly rootUntil: Float64Array
  /** By (tree, port): until when a network port may be silent; NEVER where nobody waits. */
  readonly heardUntil: Float64Array
  /** One item: when the timer fires, NEVER if it does not run. */
  readonly dueAt: Float64Array

  // Counters, by port: BPDUs that the filter kept in, and kept out.
  readonly filteredOut: Float64Array
  readonly filteredIn: Float64Array

  // UplinkFast and BackboneFast (`UplinkFast.ts`, `BackboneFast.ts`).
  readonly uplinkFast: number
  /** Dummy multicasts a second, and nanoseconds between two of them; 0: none are sent. */
  readonly dummyRate: number
  readonly dummyEvery: number
  /** By (tree, port): until when a returned uplink waits; NEVER where none does. */
  readonly heldUntil: Float64Array
  /** Addresses for whom a dummy multicast is still to be sent, by (tree, root port) that it leaves by, and the next one's position. Replaced whole. */
  dummyAddress: Float64Array
  dummyPlace: Uint32Array
  readonly dummyNext: Uint32Array
  readonly dummyAt: Float64Array
  readonly dummiesSent: Float64Array
  readonly backboneFast: number
  /** By (tree, port): an inferior BPDU waits for what the root link query says; and a query left by the port. */
  readonly inferior: Uint8Array
  readonly asked: Uint8Array
  /** What BackboneFast did, by `BACKBONE_COUNTS`, of all ports and trees. */
  readonly backboneCounts: Float64Array
}

/** Ports that forgot before max age; inferior BPDUs that something was done about; root link queries and answers. */
export const BACKBONE_COUNTS = [
  "transitions",
  "inferiorBpdus",
  "requestsReceived",
  "responsesReceived",
  "requestsSent",
  "responsesSent",
] as const

/** Columns of instants, which are fingerprinted relative to now. */
export const TIMES: ReadonlySet<string> = new Set<keyof Toolkit>(["rootUntil", "heardUntil", "dueAt", "heldUntil", "dummyAt"])

const NANOSECONDS = 1_000_000_000

/** Nothing seen yet; `timer` is the guards' own timer, behind the protocol's. */
export const make = (config: ToolkitConfig, trees: number, ports: number, timer: number): Toolkit => {
  const column = (of: (guards: PortGuards) => number): Uint8Array =>
    Uint8Array.from({ length: ports }, (_, port) => of(config.ports?.[port] ?? {}))
  const choice = (own: boolean | undefined): number => (own === undefined ? BY_DEFAULT : own ? ON : OFF)
  const rate = config.uplinkFast === undefined ? 0 : (config.uplinkFast.rate ?? DEFAULT_RATE)
  const times = (): Float64Array => new Float64Array(trees * ports).fill(NEVER)
  return {
    trees,
    ports,
    timer,
    bpduGuard: column(({ bpduGuard }) => choice(bpduGuard)),
    bpduFilter: column(({ bpduFilter }) => choice(bpduFilter)),
    rootGuard: column(({ guard }) => (guard === "root" ? ON : OFF)),
    loopGuard: column(({ guard }) => (guard === undefined ? BY_DEFAULT : guard === "loop" ? ON : OFF)),
    network: column(({ network }) => (network === true && config.bridgeAssurance !== false ? ON : OFF)),
    bpduGuardDefault: config.bpduGuardDefault === true ? 1 : 0,
    bpduFilterDefault: config.bpduFilterDefault === true ? 1 : 0,
    loopGuardDefault: config.loopGuardDefault === true ? 1 : 0,
    bridgeAssurance: config.bridgeAssurance === false ? 0 : 1,
    up: new Uint8Array(ports),
    fullDuplex: new Uint8Array(ports),
    sentSinceUp: new Uint8Array(trees * ports),
    rootUntil: times(),
    heardUntil: times(),
    dueAt: new Float64Array(1).fill(NEVER),
    filteredOut: new Float64Array(ports),
    filteredIn: new Float64Array(ports),
    uplinkFast: config.uplinkFast === undefined ? 0 : 1,
    dummyRate: rate,
    dummyEvery: rate === 0 ? 0 : Math.floor(NANOSECONDS / rate),
    heldUntil: times(),
    dummyAddress: new Float64Array(0),
    dummyPlace: new Uint32Array(0),
    dummyNext: new Uint32Array(1),
    dummyAt: new Float64Array(1).fill(NEVER),
    dummiesSent: new Float64Array(1),
    backboneFast: config.backboneFast === true ? 1 : 0,
    inferior: new Uint8Array(trees * ports),
    asked: new Uint8Array(trees * ports),
    backboneCounts: new Float64Array(BACKBONE_COUNTS.length),
  }
}
