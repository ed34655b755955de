/**
 * Which member of a bundle a frame leaves by. The fields that the method names are folded into 32 bits, mixed, and the upper three bits are
 * the frame's bucket of eight, as Catalysts have them; members own buckets. Frames of one conversation stay in their order, since
 * they share a bucket. The fold and the mix are ours (vendors publish none†) and never change: the same frame takes the same bucket in every run.
 */
import * as EthernetFrame from "../EthernetFrame.ts"
import { isStructured } from "../PayloadCodec.ts"

/** Methods as `port-channel load-balance` names them, by number. Frames that carry no IP, or no ports, fall back to what they have. */
export const METHODS = [
  "src-mac",
  "dst-mac",
  "src-dst-mac",
  "src-ip",
  "dst-ip",
  "src-dst-ip",
  "src-port",
  "dst-port",
  "src-dst-port",
  "src-dst-mixed-ip-port",
] as const
/** `src-mac`, … */
export type Method = (typeof METHODS)[number]

/** Catalyst 2960 and 3560: `src-mac`. */
export const DEFAULT_METHOD: Method = "src-mac"

/** Buckets of a bundle: the three bits that Catalysts hash to. */
export const BUCKETS = 8

/** What a payload says of the conversation that it belongs to: 32-bit addresses; ports 0 where it has none. */
export interface Flow {
  source: number
  destination: number
  sourcePort: number
  destinationPort: number
  hasPorts: boolean
}

/** Fills in `flow` from a payload that carries the reader's protocol. */
export type FlowReader = (payload: never, flow: Flow) => void

/** Readers by the `protocol` name of payloads. */
export type FlowReaders = ReadonlyMap<string, FlowReader>

/** Murmur3's last steps: every bit of the fold reaches the bucket. */
const mix = (fold: number): number => {
  let h = Math.imul(fold ^ (fold >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

const scratch: Flow = { source: 0, destination: 0, sourcePort: 0, destinationPort: 0, hasPorts: false }

const fill = (payload: EthernetFrame.Payload, readers: FlowReaders): boolean => {
  if (!isStructured(payload)) return false
  const read = readers.get(payload.protocol)
  if (read === undefined) return false
  read(payload as never, scratch)
  return true
}

/** What a method looks at, as bits: the sender's end, the receiver's, addresses of IP, ports, or both of these. */
const SOURCE = 1
const DESTINATION = 2
const IP = 4
const PORTS = 8
const MIXED = 16

/** By method; a frame on its way costs one look-up and no look at the name. */
const FIELDS: Readonly<Record<Method, number>> = {
  "src-mac": SOURCE,
  "dst-mac": DESTINATION,
  "src-dst-mac": SOURCE | DESTINATION,
  "src-ip": SOURCE | IP,
  "dst-ip": DESTINATION | IP,
  "src-dst-ip": SOURCE | DESTINATION | IP,
  "src-port": SOURCE | PORTS,
  "dst-port": DESTINATION | PORTS,
  "src-dst-port": SOURCE | DESTINATION | PORTS,
  "src-dst-mixed-ip-port": SOURCE | DESTINATION | MIXED,
}

/** The fields of a frame that a method folds; of IP and its ports where the frame has them. */
const foldOf = (fields: number, frame: EthernetFrame.EthernetFrame, readers: FlowReaders): number => {
  const bySource = (fields & SOURCE) !== 0
  const byDestination = (fields & DESTINATION) !== 0
  if ((fields & (IP | PORTS | MIXED)) === 0 || !fill(frame.payload, readers)) {
    return (
      (bySource ? frame.sourceLow ^ frame.sourceHigh : 0) ^ (byDestination ? frame.destinationLow ^ frame.destinationHigh : 0)
    )
  }
  const { destination, destinationPort, hasPorts, source, sourcePort } = scratch
  if (hasPorts && (fields & PORTS) !== 0) return (bySource ? sourcePort : 0) ^ (byDestination ? destinationPort : 0)
  const fold = (bySource ? source : 0) ^ (byDestination ? destination : 0)
  return hasPorts && (fields & MIXED) !== 0 ? fold ^ (sourcePort << 16) ^ destinationPort : fold
}

/** The bucket of a frame, 0..7. */
export const bucketOf = (method: Method, frame: EthernetFrame.EthernetFrame, readers: FlowReaders): number =>
  mix(foldOf(FIELDS[method], frame, readers)) >>> 29
