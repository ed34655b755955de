/**
 * pcapng: a section header block, interface description blocks, enhanced packet blocks. Every block is a multiple of four octets,
 * begins with its type and total length and ends with the length again, so a reader can skip what it does not know.
 *
 * Written: one section of unstated length (so that it can be streamed), little-endian, version 1.0. Left out: name resolution,
 * statistics, secrets and simple packet blocks. Field and option numbers after draft-ietf-opsawg-pcapng.
 */
import type { LinkType } from "./CaptureFormat.ts"
import * as OctetBuffer from "./OctetBuffer.ts"

/** Block types. */
export const SECTION_HEADER = 0x0a0d0d0a
export const INTERFACE_DESCRIPTION = 1
export const SIMPLE_PACKET = 3
export const ENHANCED_PACKET = 6

/** Second word of a section: tells a reader the byte order. */
export const BYTE_ORDER_MAGIC = 0x1a2b3c4d

/** Option codes; those below 2 have one meaning in all blocks. */
export const OPTION = {
  end: 0,
  comment: 1,
  sectionHardware: 2,
  sectionOs: 3,
  sectionApplication: 4,
  interfaceName: 2,
  interfaceDescription: 3,
  interfaceMacAddress: 6,
  interfaceSpeed: 8,
  interfaceTimestampResolution: 9,
  interfaceHardware: 15,
  interfaceFcsLength: 13,
  interfaceTimestampOffset: 14,
  packetFlags: 2,
} as const

/** The value of the timestamp resolution option that means 10^-9 s. */
export const NANOSECONDS = 9

/** A packet's direction as its flags word has it (bits 0 and 1): 0 unknown, 1 inbound, 2 outbound. */
export type DirectionFlags = 0 | 1 | 2

/** One comment or several; each becomes an option of its own. Longer than 65,535 octets of UTF-8 is cut at a character. */
export type Comment = string | ReadonlyArray<string>

/** What a capture says of itself as a whole. */
export interface Section {
  readonly comment?: Comment | undefined
  /** The machine that was captured on, for instance what was emulated. */
  readonly hardware?: string | undefined
  readonly os?: string | undefined
  /** The program that wrote the capture. */
  readonly application?: string | undefined
}

/** One interface of a capture. */
export interface Interface {
  /** As readers show it, for instance `sw1:1`. */
  readonly name: string
  readonly description?: string | undefined
  readonly comment?: Comment | undefined
  readonly hardware?: string | undefined
  /** Six octets. */
  readonly macAddress?: Uint8Array | undefined
  /** Bits per second, an integer up to 2^53. */
  readonly rateBps?: number | undefined
  /** Octets of frame check sequence at the end of each packet: 4, or 0 for none. Readers guess when it is not stated. */
  readonly fcsOctets?: number | undefined
  /** Packets are cut to so many octets; absent or 0: whole packets. */
  readonly snapLength?: number | undefined
  /** The capture's link type when absent. */
  readonly linkType?: LinkType | undefined
}

const TWO_POW_32 = 4294967296
const LONGEST_OPTION = 0xffff
const encoder = new TextEncoder()

/** Write a section header block. */
export const writeSection = (buffer: OctetBuffer.OctetBuffer, section: Section): void => {
  const block = OctetBuffer.extend(buffer, 24)
  const { view } = buffer
  view.setUint32(block, SECTION_HEADER, true)
  view.setUint32(block + 8, BYTE_ORDER_MAGIC, true)
  view.setUint16(block + 12, 1, true)
  view.setUint16(block + 14, 0, true)
  view.setUint32(block + 16, 0xffffffff, true) // section length -1: not known, since the file is streamed
  view.setUint32(block + 20, 0xffffffff, true)
  writeComments(buffer, section.comment)
  writeText(buffer, OPTION.sectionHardware, section.hardware)
  writeText(buffer, OPTION.sectionOs, section.os)
  writeText(buffer, OPTION.sectionApplication, section.application)
  endBlock(buffer, block, block + 24)
}

/** Write an interface description block; its timestamps are in nanoseconds. Interfaces are numbered in the order of their blocks. */
export const writeInterface = (buffer: OctetBuffer.OctetBuffer, spec: Interface, linkType: LinkType): void => {
  const block = OctetBuffer.extend(buffer, 16)
  buffer.view.setUint32(block, INTERFACE_DESCRIPTION, true)
  buffer.view.setUint16(block + 8, spec.linkType ?? linkType, true)
  buffer.view.setUint16(block + 10, 0, true)
  buffer.view.setUint32(block + 12, spec.snapLength ?? 0, true)
  writeComments(buffer, spec.comment)
  writeText(buffer, OPTION.interfaceName, spec.name)
  writeText(buffer, OPTION.interfaceDescription, spec.description)
  if (spec.macAddress !== undefined) {
    const at = beginOption(buffer, OPTION.interfaceMacAddress, 6)
    buffer.octets.set(spec.macAddress.subarray(0, 6), at)
  }
  if (spec.rateBps !== undefined) {
    const at = beginOption(buffer, OPTION.interfaceSpeed, 8)
    buffer.view.setUint32(at, spec.rateBps >>> 0, true)
    buffer.view.setUint32(at + 4, Math.floor(spec.rateBps / TWO_POW_32), true)
  }
  writeOctet(buffer, OPTION.interfaceTimestampResolution, NANOSECONDS)
  if (spec.fcsOctets !== undefined) writeOctet(buffer, OPTION.interfaceFcsLength, spec.fcsOctets)
  writeText(buffer, OPTION.interfaceHardware, spec.hardware)
  endBlock(buffer, block, block + 16)
}

/**
 * Write an enhanced packet block around room for `capturedOctets`; the offset at which the caller puts them. The block is complete
 * but for them. The stamp comes as two unsigned 32-bit halves, so that no 64-bit integer is made for a packet.
 */
export const beginPacket = (
  buffer: OctetBuffer.OctetBuffer,
  interfaceId: number,
  stampHigh: number,
  stampLow: number,
  capturedOctets: number,
  originalOctets: number,
  direction: DirectionFlags,
  comment: Comment | undefined,
): number => {
  const pad = OctetBuffer.padding(capturedOctets)
  const plain = comment === undefined
  // The common packet, without a comment, is one block of known size: take all of it at once.
  const total = 32 + capturedOctets + pad + (direction === 0 ? 0 : 12)
  const block = OctetBuffer.extend(buffer, plain ? total : 28 + capturedOctets + pad)
  const data = block + 28
  const { view } = buffer
  view.setUint32(block, ENHANCED_PACKET, true)
  view.setUint32(block + 8, interfaceId, true)
  view.setUint32(block + 12, stampHigh, true)
  view.setUint32(block + 16, stampLow, true)
  view.setUint32(block + 20, capturedOctets, true)
  view.setUint32(block + 24, originalOctets, true)
  let end = data + capturedOctets
  for (let i = 0; i < pad; i++) buffer.octets[end + i] = 0
  end += pad
  if (plain) {
    if (direction !== 0) {
      view.setUint32(end, OPTION.packetFlags | 0x40000, true) // code 2, length 4
      view.setUint32(end + 4, direction, true)
      view.setUint32(end + 8, 0, true) // end of options
    }
    view.setUint32(block + 4, total, true)
    view.setUint32(block + total - 4, total, true)
    return data
  }
  writeComments(buffer, comment)
  if (direction !== 0) {
    const at = beginOption(buffer, OPTION.packetFlags, 4)
    buffer.view.setUint32(at, direction, true)
  }
  endBlock(buffer, block, end)
  return data
}

/** Write an option's header and take room for its value, padded with zeros; the offset of the value. */
const beginOption = (buffer: OctetBuffer.OctetBuffer, code: number, valueOctets: number): number => {
  const pad = OctetBuffer.padding(valueOctets)
  const at = OctetBuffer.extend(buffer, 4 + valueOctets + pad)
  buffer.view.setUint16(at, code, true)
  buffer.view.setUint16(at + 2, valueOctets, true)
  buffer.octets.fill(0, at + 4 + valueOctets, at + 4 + valueOctets + pad)
  return at + 4
}

const writeOctet = (buffer: OctetBuffer.OctetBuffer, code: number, value: number): void => {
  // The offset first: making room may replace `octets`.
  const at = beginOption(buffer, code, 1)
  buffer.octets[at] = value
}

const writeText = (buffer: OctetBuffer.OctetBuffer, code: number, text: string | undefined): void => {
  if (text === undefined) return
  // A UTF-16 unit takes at most three octets of UTF-8: make room for that and for padding, encode in place, give the rest back.
  // (The padding too, since growing the buffer again would lose what lies behind `used`.)
  const most = Math.min(text.length * 3, LONGEST_OPTION)
  const at = OctetBuffer.extend(buffer, 4 + most + 3)
  const { written } = encoder.encodeInto(text, buffer.octets.subarray(at + 4, at + 4 + most))
  buffer.used = at
  beginOption(buffer, code, written)
}

const writeComments = (buffer: OctetBuffer.OctetBuffer, comment: Comment | undefined): void => {
  if (comment === undefined) return
  if (typeof comment === "string") writeText(buffer, OPTION.comment, comment)
  else for (const one of comment) writeText(buffer, OPTION.comment, one)
}

/** Close a block: the end of options if there are any, and the length at both ends. */
const endBlock = (buffer: OctetBuffer.OctetBuffer, block: number, optionsAt: number): void => {
  if (buffer.used > optionsAt) {
    const end = OctetBuffer.extend(buffer, 4)
    buffer.view.setUint32(end, 0, true)
  }
  const trailer = OctetBuffer.extend(buffer, 4)
  const total = buffer.used - block
  buffer.view.setUint32(block + 4, total, true)
  buffer.view.setUint32(trailer, total, true)
}
