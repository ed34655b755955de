/** The state of DTP on a bridge. Plain data in columns by bridge port; what a port may become lies beside them. */
import type { Digest } from "@l2lab/sim/Digest"
import { NEVER, SECOND, type SimTime } from "@l2lab/sim/SimTime"
import type { AccessPort, SwitchPort, TrunkPort } from "../BridgeConfig.ts"
import * as Columns from "../Columns.ts"
import type { BridgeView } from "../ControlProtocol.ts"

/** `switchport mode …`, in the order of their numbers in the columns: the first two are what the port is, whatever others say. */
export const MODES = ["access", "trunk", "dynamic-auto", "dynamic-desirable"] as const
export type Mode = (typeof MODES)[number]
export const ACCESS = 0
export const TRUNK = 1
export const AUTO = 2
export const DESIRABLE = 3

/** Nobody has been heard on the port. */
export const NOBODY = 0xff

/** What a design says of DTP on one port. */
export interface DtpPort {
  readonly mode: Mode
  /** False: the port says nothing, and does not listen (`switchport nonegotiate`). */
  readonly negotiate: boolean
  /** What it is as an access port, and as a trunk. */
  readonly access: AccessPort
  readonly trunk: TrunkPort
}

/** What it says of one bridge. */
export interface DtpConfig {
  /** By bridge port. */
  readonly ports: ReadonlyArray<DtpPort>
}

/** As Catalysts have them: hellos every 30 s, every second while there is something to negotiate, and who is silent for 300 s is gone. */
export const HELLO = 30 * SECOND
export const FAST_HELLO = SECOND
export const TIMEOUT = 300 * SECOND
/** Hellos that follow each other quickly when a port comes up†. */
export const FAST_HELLOS = 4

export interface State {
  readonly config: DtpConfig
  readonly ports: number
  /** VTP domain of the bridge, "" = none. */
  domain: string
  /** What each port is as an access port and as a trunk; replaced whole. */
  roles: ReadonlyArray<{ readonly access: AccessPort; readonly trunk: TrunkPort }>
  /** Index in MODES, and whether the port negotiates. */
  readonly mode: Uint8Array
  readonly negotiates: Uint8Array
  readonly up: Uint8Array
  /** Whether the port is a trunk now. */
  readonly isTrunk: Uint8Array
  /** What the neighbour is set to be (index in MODES), or NOBODY; its address; whether it is of another domain. */
  readonly neighbourMode: Uint8Array
  readonly neighbour: Float64Array
  readonly mismatch: Uint8Array
  /** When the port speaks next, and when a neighbour who is silent is gone; NEVER. */
  readonly helloAt: Float64Array
  readonly goneAt: Float64Array
  /** Hellos that are still to follow quickly. */
  readonly fast: Uint8Array
  // Counters.
  readonly sent: Float64Array
  readonly received: Float64Array
  readonly timeouts: Float64Array
  readonly linkUps: Float64Array
  readonly linkDowns: Float64Array
  /** Not taken, by port * REASONS.length + reason. */
  readonly dropped: Float64Array
}

/** Why messages are not taken, as `show dtp interface` lists them. */
export const REASONS = [
  "nonegotiate",
  "bad version",
  "domain mismatches",
  "bad TLVs",
  "bad TAS",
  "bad TAT",
  "bad TOT",
  "other",
] as const
/** One of them. */
export type Reason = (typeof REASONS)[number]

/** Columns of instants. */
export const TIMES: ReadonlySet<string> = new Set<keyof State>(["helloAt", "goneAt"])

const isTrunk = ({ mode }: SwitchPort): 0 | 1 => (mode === "trunk" ? 1 : 0)

/** A bridge that has just been switched on. */
export const make = (config: DtpConfig, bridge: BridgeView): State => {
  const ports = bridge.bridgePorts
  const column = (value = 0): Float64Array => new Float64Array(ports).fill(value)
  return {
    config,
    ports,
    domain: bridge.vtpDomain ?? "",
    roles: config.ports.map(({ access, trunk }) => ({ access, trunk })),
    mode: Uint8Array.from(config.ports, ({ mode }) => MODES.indexOf(mode)),
    negotiates: Uint8Array.from(config.ports, ({ negotiate }) => (negotiate ? 1 : 0)),
    up: new Uint8Array(ports),
    isTrunk: Uint8Array.from(bridge.switchPorts, isTrunk),
    neighbourMode: new Uint8Array(ports).fill(NOBODY),
    neighbour: column(),
    mismatch: new Uint8Array(ports),
    helloAt: column(NEVER),
    goneAt: column(NEVER),
    fast: new Uint8Array(ports),
    sent: column(),
    received: column(),
    timeouts: column(),
    linkUps: column(),
    linkDowns: column(),
    dropped: new Float64Array(ports * REASONS.length),
  }
}

/** Fold it into a digest. */
export const fingerprint = (state: State, digest: Digest, now: SimTime): void => {
  Columns.fingerprint(state, digest, now, TIMES)
  for (const { access, trunk } of state.roles) {
    digest.numbers([access.vlan, trunk.native, trunk.tagNative === true ? 1 : 0])
    digest.numbers(trunk.allowed)
  }
}

/** Whether the port follows its neighbour. */
export const isDynamic = ({ mode }: State, port: number): boolean => mode[port] >= AUTO

/** Count a message that is not taken. */
export const drop = (state: State, port: number, reason: Reason): void => {
  state.dropped[port * REASONS.length + REASONS.indexOf(reason)]++
}

/** Whether the bridge treats a port as DTP last had it. */
export const isAsSet = (state: State, port: number, settings: SwitchPort): boolean => {
  const { access, trunk } = state.roles[port]
  if (settings.mode === "access") return state.isTrunk[port] === 0 && settings.vlan === access.vlan
  return (
    state.isTrunk[port] === 1 &&
    settings.native === trunk.native &&
    (settings.tagNative ?? false) === (trunk.tagNative ?? false) &&
    settings.allowed.length === trunk.allowed.length &&
    settings.allowed.every((vlan, i) => vlan === trunk.allowed[i])
  )
}
