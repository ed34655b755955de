/**
 * A capture being written: the synchronous heart of the package. Packets go in one by one and whole blocks come out in chunks;
 * between them stands one buffer, never the whole capture.
 *
 *     const capture = Capture.make({ format: "pcapng" })
 *     const port = Capture.addInterface(capture, { name: "sw1:1" })
 *     Capture.packet(capture, { interface: port, at: 2_000_000_001, direction: "out", octets })
 *     if (Capture.needsDrain(capture)) write(Capture.take(capture))
 *
 * **Back-pressure.** Nothing is refused and nothing is dropped. When `needsDrain` is true the producer finishes what it is in the
 * middle of and pauses until the buffer was taken; memory is then bounded by `highWaterOctets` and what one such step appends.
 *
 * **Stamps.** The writer stamps exactly what it is given: `at` nanoseconds after the epoch, which is 1970-01-01T00:00:00Z unless
 * `epochSeconds` moves it. No clock is read, so equal input gives equal octets. `pcap-us` rounds down to the microsecond.
 *
 * **Classic pcap** has no place for interface names, comments and directions: they are accepted and left out, so that a producer
 * need not know the format.
 */
import { type CaptureFormat, ETHERNET, type LinkType, WHOLE_PACKETS } from "./CaptureFormat.ts"
import * as OctetBuffer from "./OctetBuffer.ts"
import * as Pcap from "./Pcap.ts"
import * as Pcapng from "./Pcapng.ts"

/** Number of an interface in its capture, from 0 in the order of `addInterface`. */
export type InterfaceId = number

/** Into or out of the device that the interface belongs to. */
export type Direction = "in" | "out"

/** How a capture is written. */
export interface Options {
  readonly format: CaptureFormat
  /** What instant 0 of `at` is, in whole seconds since 1970-01-01T00:00:00Z: 0 .. 4,285,960,096; 0 by default. */
  readonly epochSeconds?: number | undefined
  /** `needsDrain` from so many buffered octets on; 1 MiB by default. */
  readonly highWaterOctets?: number | undefined
  /** What the first octet of a packet is; Ethernet by default. pcapng: of interfaces that say nothing else. */
  readonly linkType?: LinkType | undefined
  /** Most octets kept of a packet, in all interfaces that say nothing else; 262,144 by default, which is to say all. */
  readonly snapLength?: number | undefined
  /** What the capture says of itself; pcapng only. */
  readonly section?: Pcapng.Section | undefined
}

/** One packet as it is given to `packet`. */
export interface Packet {
  readonly interface: InterfaceId
  /** Nanoseconds since the epoch: an integer, 0 .. 2^53 - 1. */
  readonly at: number
  readonly octets: Uint8Array
  readonly direction?: Direction | undefined
  /** Length on the wire, where `octets` is less than that; `octets.length` by default. */
  readonly originalLength?: number | undefined
  readonly comment?: Pcapng.Comment | undefined
}

/** A capture in progress. Made by `make`; change it only through this module. */
export interface Capture extends OctetBuffer.OctetBuffer {
  readonly format: CaptureFormat
  readonly highWaterOctets: number
  readonly linkType: LinkType
  readonly snapLength: number
  /** Most octets kept of a packet, by interface. */
  readonly snapLengths: Array<number>
  /** The epoch: seconds, and nanoseconds as two unsigned 32-bit halves. */
  readonly epochSeconds: number
  readonly epochHigh: number
  readonly epochLow: number
  /** An array that was given back, to be filled next. */
  spare: Uint8Array<ArrayBuffer> | undefined
  /** Packets appended so far. */
  packets: number
}

const TWO_POW_32 = 4294967296
const SECOND = 1_000_000_000
// `at` spans 9,007,199.25 s; classic pcap counts seconds in 32 bits.
const LATEST_EPOCH_SECONDS = 0xffffffff - 9_007_199
// Room behind the high-water mark, so that a usual packet that crosses it does not make the buffer grow.
const SLACK_OCTETS = 65_536

/** A new capture; its file or section header is already in the buffer. Throws a RangeError if a number lies outside its stated range. */
export const make = (options: Options): Capture => {
  const epochSeconds = options.epochSeconds ?? 0
  const highWaterOctets = options.highWaterOctets ?? 1_048_576
  const linkType = options.linkType ?? ETHERNET
  const snapLength = options.snapLength ?? WHOLE_PACKETS
  if (!Number.isInteger(epochSeconds) || epochSeconds < 0 || epochSeconds > LATEST_EPOCH_SECONDS)
    throw new RangeError(`epochSeconds must be an integer from 0 to ${LATEST_EPOCH_SECONDS}, got ${epochSeconds}`)
  if (!(highWaterOctets > 0 && highWaterOctets <= 0x40000000))
    throw new RangeError(`highWaterOctets must be from 1 to ${0x40000000}, got ${highWaterOctets}`)
  if (!Number.isInteger(linkType) || linkType < 0 || linkType > 0xffff)
    throw new RangeError(`linkType must be an integer from 0 to 65535, got ${linkType}`)
  checkSnapLength(snapLength)
  const epoch = BigInt(epochSeconds) * BigInt(SECOND)
  const capture: Capture = {
    ...OctetBuffer.make(Math.ceil(highWaterOctets) + SLACK_OCTETS),
    format: options.format,
    highWaterOctets,
    linkType,
    snapLength,
    snapLengths: [],
    epochSeconds,
    epochHigh: Number(epoch / BigInt(TWO_POW_32)),
    epochLow: Number(epoch % BigInt(TWO_POW_32)),
    spare: undefined,
    packets: 0,
  }
  if (options.format === "pcapng") Pcapng.writeSection(capture, options.section ?? {})
  else Pcap.writeFileHeader(capture, options.format === "pcap-ns", linkType, snapLength)
  return capture
}

/**
 * Add an interface; its number. May be called at any time before the first packet of the interface. In classic pcap only the snap
 * length has an effect. Throws a RangeError if a number lies outside its stated range.
 */
export const addInterface = (capture: Capture, spec: Pcapng.Interface): InterfaceId => {
  const snapLength = spec.snapLength === undefined || spec.snapLength === 0 ? capture.snapLength : spec.snapLength
  checkSnapLength(snapLength)
  if (spec.rateBps !== undefined && (!Number.isSafeInteger(spec.rateBps) || spec.rateBps < 0))
    throw new RangeError(`rateBps must be an integer from 0 to 2^53 - 1, got ${spec.rateBps}`)
  if (capture.format === "pcapng") Pcapng.writeInterface(capture, { ...spec, snapLength }, capture.linkType)
  capture.snapLengths.push(snapLength)
  return capture.snapLengths.length - 1
}

/**
 * Append one packet, cut to the interface's snap length. Throws a RangeError for an interface that was not added and an instant
 * out of range, which are mistakes of the caller.
 */
export const packet = (capture: Capture, packet: Packet): void => {
  const { octets } = packet
  const snapLength = capture.snapLengths[packet.interface]
  const captured = snapLength < octets.length ? snapLength : octets.length
  const at = reserve(
    capture,
    packet.interface,
    packet.at,
    packet.direction,
    captured,
    packet.originalLength ?? octets.length,
    packet.comment,
  )
  capture.octets.set(captured === octets.length ? octets : octets.subarray(0, captured), at)
}

/**
 * The same without a copy: append a packet of `capturedOctets` whose octets the caller writes into `capture.octets` from the returned
 * offset on, at once and all of them (they hold left-overs). The caller keeps to `snapLengths[interfaceId]` itself.
 */
export const reserve = (
  capture: Capture,
  interfaceId: InterfaceId,
  at: number,
  direction: Direction | undefined,
  capturedOctets: number,
  originalOctets: number,
  comment: Pcapng.Comment | undefined,
): number => {
  if (!(interfaceId >= 0 && interfaceId < capture.snapLengths.length))
    throw new RangeError(`interface ${interfaceId} was not added; the capture has ${capture.snapLengths.length}`)
  if (!Number.isSafeInteger(at) || at < 0)
    throw new RangeError(`a packet's instant must be an integer number of nanoseconds from 0 to 2^53 - 1, got ${at}`)
  capture.packets++
  if (capture.format === "pcapng") {
    // A sum of two 64-bit numbers by halves: exact, and no BigInt is made for a packet.
    const low = (at >>> 0) + capture.epochLow
    const carry = low >= TWO_POW_32 ? 1 : 0
    return Pcapng.beginPacket(
      capture,
      interfaceId,
      Math.floor(at / TWO_POW_32) + capture.epochHigh + carry,
      low - carry * TWO_POW_32,
      capturedOctets,
      originalOctets,
      direction === undefined ? 0 : direction === "in" ? 1 : 2,
      comment,
    )
  }
  // Below 2^53 the quotient's rounding error is less than the distance to the next whole second, so the floor is exact.
  const seconds = Math.floor(at / SECOND)
  const nanoseconds = at - seconds * SECOND
  const fraction = capture.format === "pcap-ns" ? nanoseconds : Math.floor(nanoseconds / 1000)
  return Pcap.beginRecord(capture, seconds + capture.epochSeconds, fraction, capturedOctets, originalOctets)
}

/** Whether the producer should pause until the buffer was taken. */
export const needsDrain = (capture: Capture): boolean => capture.used >= capture.highWaterOctets

/** Octets that wait to be taken. */
export const bufferedOctets = (capture: Capture): number => capture.used

/**
 * Take everything buffered, without a copy: whole blocks, possibly none. The chunk is the caller's until it gives it back with
 * `release`, or for good; meanwhile packets go into another array.
 */
export const take = (capture: Capture): Uint8Array<ArrayBuffer> => {
  const chunk = capture.octets.subarray(0, capture.used)
  if (chunk.length === 0) return chunk
  const { spare } = capture
  capture.spare = undefined
  OctetBuffer.replace(capture, spare ?? new Uint8Array(Math.ceil(capture.highWaterOctets) + SLACK_OCTETS))
  return chunk
}

/** Give a chunk of `take` back once it was written, so that its memory is used again. Do not touch it afterwards. */
export const release = (capture: Capture, chunk: Uint8Array<ArrayBuffer>): void => {
  if (chunk.length > 0 && chunk.buffer !== capture.octets.buffer) capture.spare = new Uint8Array(chunk.buffer)
}

/** Take a copy of what is buffered, of exactly its size; for consumers that keep chunks. */
export const takeCopy = (capture: Capture): Uint8Array<ArrayBuffer> => {
  const chunk = capture.octets.slice(0, capture.used)
  capture.used = 0
  return chunk
}

const checkSnapLength = (snapLength: number): void => {
  if (!Number.isInteger(snapLength) || snapLength < 1 || snapLength > 0x7fffffff)
    throw new RangeError(`snapLength must be an integer from 1 to ${0x7fffffff} octets, got ${snapLength}`)
}
