/**
 * A small reader of whole captures in memory, for tests and tools: classic pcap in both byte orders and both resolutions, and
 * pcapng. It is total: for any octets it gives either the capture or the reason and offset at which it stopped, and never throws.
 * It is strict where a writer's mistake would show (lengths, padding to four octets, unknown interfaces) and passes over block types
 * and options that it does not know.
 */
import { Result } from "effect"
import type { Direction } from "./Capture.ts"
import type { LinkType } from "./CaptureFormat.ts"
import * as Pcap from "./Pcap.ts"
import { readPcapng } from "./internal/pcapngReader.ts"

/** Why octets were refused. */
export interface ReadError {
  readonly reason: "NotACapture" | "Truncated" | "BadVersion" | "BadLength" | "BadInterface" | "BadOption" | "BadStamp"
  /** A full phrase: `need 16 octets for a record header, have 3`. */
  readonly detail: string
  /** Octet of the file at which the refused block or record begins. */
  readonly offset: number
}

/** One packet as it stands in the file. `undefined` is what the file does not say. */
export interface ReadPacket {
  /** Index into `interfaces`; 0 in classic pcap. */
  readonly interface: number
  /** The stamp: whole seconds since 1970-01-01T00:00:00Z and 0 .. 999,999,999 nanoseconds. */
  readonly seconds: number
  readonly nanoseconds: number
  readonly octets: Uint8Array
  readonly originalLength: number
  readonly direction: Direction | undefined
  readonly comments: ReadonlyArray<string>
}

/** An interface as a file describes it. */
export interface ReadInterface {
  readonly linkType: LinkType
  readonly snapLength: number
  readonly name: string | undefined
  readonly description: string | undefined
  readonly comments: ReadonlyArray<string>
  readonly hardware: string | undefined
  readonly macAddress: Uint8Array | undefined
  readonly rateBps: number | undefined
  readonly fcsOctets: number | undefined
  /** As in the file: 9 is nanoseconds, 6 (the default) microseconds, from 128 on a negative power of two. */
  readonly timestampResolution: number
  readonly timestampOffsetSeconds: number
}

/** The head of a section of a pcapng file. */
export interface ReadSection {
  readonly comments: ReadonlyArray<string>
  readonly hardware: string | undefined
  readonly os: string | undefined
  readonly application: string | undefined
}

/** A whole capture as it was read. */
export interface ReadCapture {
  readonly format: "pcapng" | "pcap-ns" | "pcap-us"
  /** Byte order of the first section or the file. */
  readonly bigEndian: boolean
  /** Empty in classic pcap. */
  readonly sections: ReadonlyArray<ReadSection>
  /** Of all sections; classic pcap has one without a name. */
  readonly interfaces: ReadonlyArray<ReadInterface>
  readonly packets: ReadonlyArray<ReadPacket>
}

/** Read a whole capture. */
export const parse = (octets: Uint8Array): Result.Result<ReadCapture, ReadError> => {
  const view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength)
  if (octets.length < 4) return refuse("NotACapture", `need 4 octets to tell the format, have ${octets.length}`, 0)
  const little = view.getUint32(0, true)
  const big = view.getUint32(0, false)
  if (little === 0x0a0d0d0a) return readPcapng(octets, view)
  if (little === Pcap.MAGIC_MICROSECONDS) return readPcap(octets, view, true, false)
  if (little === Pcap.MAGIC_NANOSECONDS) return readPcap(octets, view, true, true)
  if (big === Pcap.MAGIC_MICROSECONDS) return readPcap(octets, view, false, false)
  if (big === Pcap.MAGIC_NANOSECONDS) return readPcap(octets, view, false, true)
  return refuse("NotACapture", `the first four octets, ${big.toString(16).padStart(8, "0")}, begin neither pcap nor pcapng`, 0)
}

const readPcap = (
  octets: Uint8Array,
  view: DataView,
  little: boolean,
  nanoseconds: boolean,
): Result.Result<ReadCapture, ReadError> => {
  if (octets.length < Pcap.FILE_HEADER_OCTETS)
    return refuse("Truncated", `need ${Pcap.FILE_HEADER_OCTETS} octets for the file header, have ${octets.length}`, 0)
  const major = view.getUint16(4, little)
  const minor = view.getUint16(6, little)
  if (major !== 2 || minor !== 4) return refuse("BadVersion", `expected version 2.4, got ${major}.${minor}`, 4)
  const packets: Array<ReadPacket> = []
  let offset: number = Pcap.FILE_HEADER_OCTETS
  while (offset < octets.length) {
    const left = octets.length - offset
    if (left < Pcap.RECORD_HEADER_OCTETS)
      return refuse("Truncated", `need ${Pcap.RECORD_HEADER_OCTETS} octets for a record header, have ${left}`, offset)
    const fraction = view.getUint32(offset + 4, little)
    const captured = view.getUint32(offset + 8, little)
    const originalLength = view.getUint32(offset + 12, little)
    if (fraction >= (nanoseconds ? 1_000_000_000 : 1_000_000))
      return refuse("BadStamp", `the fraction of a second, ${fraction}, is a second or more`, offset)
    if (captured > originalLength)
      return refuse("BadLength", `${captured} octets captured of a packet of ${originalLength}`, offset)
    if (captured > left - Pcap.RECORD_HEADER_OCTETS)
      return refuse("Truncated", `need ${captured} octets for a packet, have ${left - Pcap.RECORD_HEADER_OCTETS}`, offset)
    const start = offset + Pcap.RECORD_HEADER_OCTETS
    packets.push({
      interface: 0,
      seconds: view.getUint32(offset, little),
      nanoseconds: nanoseconds ? fraction : fraction * 1000,
      octets: octets.subarray(start, start + captured),
      originalLength,
      direction: undefined,
      comments: [],
    })
    offset = start + captured
  }
  const only: ReadInterface = {
    linkType: view.getUint32(20, little) & 0xffff,
    snapLength: view.getUint32(16, little),
    name: undefined,
    description: undefined,
    comments: [],
    hardware: undefined,
    macAddress: undefined,
    rateBps: undefined,
    fcsOctets: undefined,
    timestampResolution: nanoseconds ? 9 : 6,
    timestampOffsetSeconds: 0,
  }
  return Result.succeed({
    format: nanoseconds ? "pcap-ns" : "pcap-us",
    bigEndian: !little,
    sections: [],
    interfaces: [only],
    packets,
  })
}

const refuse = (reason: ReadError["reason"], detail: string, offset: number): Result.Result<never, ReadError> =>
  Result.fail({ reason, detail, offset })
