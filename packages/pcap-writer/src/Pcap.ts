/**
 * Classic pcap: a file header of 24 octets and records of 16 + n. The format knows one link type, one snap length and a 32-bit
 * count of seconds; it has no interfaces, no comments and no directions.
 *
 * Field layout after draft-ietf-opsawg-pcap.
 */
import type { LinkType } from "./CaptureFormat.ts"
import * as OctetBuffer from "./OctetBuffer.ts"

/** First four octets of a file with microsecond stamps, in the writer's byte order. */
export const MAGIC_MICROSECONDS = 0xa1b2c3d4
/** The same with nanosecond stamps. */
export const MAGIC_NANOSECONDS = 0xa1b23c4d

/** Octets of the header of a file, and of the header of each packet in it. */
export const FILE_HEADER_OCTETS = 24
export const RECORD_HEADER_OCTETS = 16

/** Write the file header: version 2.4. */
export const writeFileHeader = (
  buffer: OctetBuffer.OctetBuffer,
  nanoseconds: boolean,
  linkType: LinkType,
  snapLength: number,
): void => {
  const at = OctetBuffer.extend(buffer, FILE_HEADER_OCTETS)
  const { view } = buffer
  view.setUint32(at, nanoseconds ? MAGIC_NANOSECONDS : MAGIC_MICROSECONDS, true)
  view.setUint16(at + 4, 2, true)
  view.setUint16(at + 6, 4, true)
  view.setUint32(at + 8, 0, true) // reserved, once the time zone
  view.setUint32(at + 12, 0, true) // reserved, once the accuracy
  view.setUint32(at + 16, snapLength, true)
  view.setUint32(at + 20, linkType, true) // the upper bits, FCS length present and its value, stay 0
}

/**
 * Write a record header and take room for `capturedOctets`; the offset at which the caller puts them. `fraction` is in the units of
 * the file header, 0 .. 999,999 or 0 .. 999,999,999.
 */
export const beginRecord = (
  buffer: OctetBuffer.OctetBuffer,
  seconds: number,
  fraction: number,
  capturedOctets: number,
  originalOctets: number,
): number => {
  const at = OctetBuffer.extend(buffer, RECORD_HEADER_OCTETS + capturedOctets)
  const { view } = buffer
  view.setUint32(at, seconds, true)
  view.setUint32(at + 4, fraction, true)
  view.setUint32(at + 8, capturedOctets, true)
  view.setUint32(at + 12, originalOctets, true)
  return at + RECORD_HEADER_OCTETS
}
