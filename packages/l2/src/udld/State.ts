/** The state of UDLD on a bridge. Plain data in columns by bridge port. */
import { NEVER, SECOND, type DurationNs } from "@l2lab/sim/SimTime"
import type { BridgeView } from "../ControlProtocol.ts"
import type { DiscoveryIdentity } from "../DiscoveryIdentity.ts"
import type * as NeighbourTable from "../NeighbourTable.ts"
import type { UdldPdu } from "./UdldPdu.ts"

/** `no udld port`, `udld port`, `udld port aggressive`; by number. */
export const MODES = ["disabled", "normal", "aggressive"] as const
export type Mode = (typeof MODES)[number]

/** What a design says of UDLD on one bridge. */
export interface UdldConfig {
  /** Who the bridge says that it is: its name, and its ports' interfaces. */
  readonly identity: Pick<DiscoveryIdentity, "name" | "interfaces">
  /** By bridge port; disabled where nothing is said. */
  readonly ports?: ReadonlyArray<Mode>
  /** Seconds between messages on a port that is bidirectional (`udld message time`); 15 by default. */
  readonly messageTime?: number
}

/** `udld message time` where nobody sets it, and what it may be, in seconds. */
export const DEFAULT_MESSAGE_TIME = 15
export const SHORTEST_MESSAGE_TIME = 1
export const LONGEST_MESSAGE_TIME = 90

/** Mfast of RFC 5171: seconds between messages on a port that is not, or not for long, bidirectional. */
export const FAST_SECONDS = 7
/** Messages of a bidirectional port that still follow each other after Mfast. */
export const FAST_MESSAGES = 4
/** How long a port listens for its own echo, and the time between the echoes that it sends meanwhile. */
export const TIMEOUT_SECONDS = 5
export const DETECTION_INTERVAL: DurationNs = SECOND
/** Times that an aggressive port asks for a neighbour that it has lost, and the time between them. */
export const RETRIES = 8
export const RETRY_INTERVAL: DurationNs = SECOND
/** A neighbour is remembered for so many of its message intervals. */
export const HOLD_INTERVALS = 3

/** What a neighbour's message says of this port, by number: it hears it, hears nobody, hears others, or is this port itself. */
export const HEARS_ME = 0
export const HEARS_NOBODY = 1
export const HEARS_OTHERS = 2
export const IS_ME = 3

export interface State {
  readonly config: UdldConfig
  readonly ports: number
  /** Who the bridge is in messages. */
  readonly deviceId: string
  /** `udld message time`, in seconds. */
  messageTime: number
  /** By number of `MODES`. */
  readonly mode: Uint8Array
  readonly up: Uint8Array
  /** By number of `Trace.PHASES` and `Trace.STATES`. */
  readonly phase: Uint8Array
  readonly link: Uint8Array
  /** When the port speaks next, and when it has listened long enough; NEVER. */
  readonly sendAt: Float64Array
  readonly timeoutAt: Float64Array
  /** Messages sent since the port came to its phase: the last one's sequence number. */
  readonly sequence: Float64Array
  /** Whether the link was bidirectional since the port came up, or since its neighbour said good-bye. */
  readonly proven: Uint8Array
  /** An aggressive port asks once a second for the neighbour that it lost. */
  readonly retrying: Uint8Array
  /** What the last message said of this port: HEARS_ME and so on. */
  readonly said: Uint8Array
  /** Why the port was taken out of service last, by number of `Trace.REASONS`. */
  readonly reason: Uint8Array
  /** An ordinary array that is no cache: the fingerprint folds it by itself. */
  readonly neighbours: NeighbourTable.NeighbourTable<UdldPdu>
  // Counters.
  readonly sent: Float64Array
  readonly received: Float64Array
  /** Messages that could not be read; neighbours that there was no room for. */
  readonly refused: Float64Array
  readonly ignored: Float64Array
  readonly agedOut: Float64Array
}

/** Columns of instants. */
export const TIMES: ReadonlySet<string> = new Set(["sendAt", "timeoutAt"])

/** The bridge's address in hexadecimal digits, as switches without a serial number have it. */
export const deviceIdOf = ({ address }: Pick<BridgeView, "address">): string =>
  address.toString(16).toUpperCase().padStart(12, "0")

/** A bridge that has just been switched on. */
export const make = (config: UdldConfig, bridge: BridgeView): State => {
  const ports = bridge.bridgePorts
  return {
    config,
    ports,
    deviceId: deviceIdOf(bridge),
    messageTime: config.messageTime ?? DEFAULT_MESSAGE_TIME,
    mode: Uint8Array.from({ length: ports }, (_, port) => MODES.indexOf(config.ports?.[port] ?? "disabled")),
    up: new Uint8Array(ports),
    phase: new Uint8Array(ports),
    link: new Uint8Array(ports),
    sendAt: new Float64Array(ports).fill(NEVER),
    timeoutAt: new Float64Array(ports).fill(NEVER),
    sequence: new Float64Array(ports),
    proven: new Uint8Array(ports),
    retrying: new Uint8Array(ports),
    said: new Uint8Array(ports),
    reason: new Uint8Array(ports),
    neighbours: [],
    sent: new Float64Array(ports),
    received: new Float64Array(ports),
    refused: new Float64Array(ports),
    ignored: new Float64Array(ports),
    agedOut: new Float64Array(ports),
  }
}

/** Whether the protocol runs on the port. */
export const runs = (state: State, port: number): boolean => state.mode[port] !== 0 && state.up[port] === 1

/** The fast interval, which is never longer than the slow one†. */
export const fastSeconds = ({ messageTime }: State): number => Math.min(FAST_SECONDS, messageTime)
