/**
 * MAC addresses. In the core an address is a 48-bit integer in a `number`, the first octet most significant; the hot path splits
 * it into two 32-bit integers. Text appears only at the edges, in lower case: `02:00:00:00:00:01`.
 */
import { Schema } from "effect"

/** A 48-bit MAC address as an integer: 0 .. 2^48 - 1, the first octet on the wire most significant. */
export type MacAddress = number

/** FF-FF-FF-FF-FF-FF: every station. */
export const BROADCAST: MacAddress = 0xffffffffffff

const TWO_POW_32 = 4294967296

/** The upper 16 bits of an address, as a 32-bit integer. */
export const high = (address: MacAddress): number => Math.trunc(address / TWO_POW_32)

/** The lower 32 bits of an address, as a signed 32-bit integer. */
export const low = (address: MacAddress): number => address | 0

/** An address from its upper 16 and lower 32 bits (signed or not). */
export const fromParts = (hi: number, lo: number): MacAddress => (hi & 0xffff) * TWO_POW_32 + (lo >>> 0)

/** Group (multicast or broadcast) address: the least significant bit of the first octet is set. */
export const isGroup = (address: MacAddress): boolean => (high(address) & 0x0100) !== 0

/** Locally administered: the second least significant bit of the first octet is set. */
export const isLocal = (address: MacAddress): boolean => (high(address) & 0x0200) !== 0

/** `02:00:00:00:00:01`. */
export const format = (address: MacAddress): string =>
  address
    .toString(16)
    .padStart(12, "0")
    .replace(/(..)(?=.)/g, "$1:")

/** `0200.0000.0001`, as Catalyst switches print it. */
export const formatDotted = (address: MacAddress): string =>
  address
    .toString(16)
    .padStart(12, "0")
    .replace(/(....)(?=.)/g, "$1.")

const COLONS = /^[0-9a-f]{1,2}([:-][0-9a-f]{1,2}){5}$/i
const DOTS = /^[0-9a-f]{4}(\.[0-9a-f]{4}){2}$/i

/** An address from `02:00:00:00:00:01`, `02-00-00-00-00-01` or `0200.0000.0001`; undefined for any other text. */
export const parse = (text: string): MacAddress | undefined => {
  if (COLONS.test(text)) return text.split(/[:-]/).reduce((sum, octet) => sum * 256 + Number.parseInt(octet, 16), 0)
  if (DOTS.test(text)) return Number.parseInt(text.replaceAll(".", ""), 16)
  return undefined
}

/** The address in six octets of `octets` from `offset`; the caller has checked the length. */
export const read = (octets: Uint8Array, offset: number): MacAddress =>
  fromParts(
    (octets[offset]! << 8) | octets[offset + 1]!,
    (octets[offset + 2]! << 24) | (octets[offset + 3]! << 16) | (octets[offset + 4]! << 8) | octets[offset + 5]!,
  )

/** Write six octets at `offset`. */
export const write = (address: MacAddress, octets: Uint8Array, offset: number): void => {
  const hi = high(address)
  const lo = low(address)
  octets[offset] = hi >>> 8
  octets[offset + 1] = hi
  octets[offset + 2] = lo >>> 24
  octets[offset + 3] = lo >>> 16
  octets[offset + 4] = lo >>> 8
  octets[offset + 5] = lo
}

/** Schema for text at the edges: decodes to the text in canonical form. */
export const Text = Schema.String.check(
  Schema.makeFilter((text: string) =>
    parse(text) === undefined ? `expected a MAC address like 02:00:00:00:00:01, got "${text}"` : undefined,
  ),
)
