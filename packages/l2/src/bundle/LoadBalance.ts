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

const ofMac = (
  method: Method,
  { destinationHigh, destinationLow, sourceHigh, sourceLow }: EthernetFrame.EthernetFrame,
): number => {
  const source = sourceLow ^ sourceHigh
  const destination = destinationLow ^ destinationHigh
  if (method.startsWith("src-dst")) return source ^ destination
  return method.startsWith("src") ? source : destination
}

const ofIp = (method: Method, { destination, source }: Flow): number =>
  method.startsWith("src-dst") ? source ^ destination : method.startsWith("src") ? source : destination

/** The bucket of a frame, 0..7. */
export const bucketOf = (method: Method, frame: EthernetFrame.EthernetFrame, readers: FlowReaders): number => {
  let fold: number
  if (method.endsWith("mac") || !fill(frame.payload, readers)) fold = ofMac(method, frame)
  else {
    fold = ofIp(method, scratch)
    const { destinationPort, hasPorts, sourcePort } = scratch
    if (hasPorts && method === "src-port") fold = sourcePort
    else if (hasPorts && method === "dst-port") fold = destinationPort
    else if (hasPorts && method === "src-dst-port") fold = sourcePort ^ destinationPort
    else if (hasPorts && method === "src-dst-mixed-ip-port") fold ^= (sourcePort << 16) ^ destinationPort
  }
  return mix(fold) >>> 29
}
