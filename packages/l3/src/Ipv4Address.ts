/**
 * IPv4 addresses. In the core an address is an unsigned 32-bit integer, the first octet most significant; text appears only at the
 * edges, in dotted decimal: `10.0.0.1`.
 */
import { Schema } from "effect"

/** An IPv4 address as an unsigned 32-bit integer: 0 .. 2^32 - 1. */
export type Ipv4Address = number

/** 0.0.0.0: no address yet. */
export const UNSPECIFIED: Ipv4Address = 0

/** 255.255.255.255: every host on this network, never forwarded (RFC 919 7†). */
export const LIMITED_BROADCAST: Ipv4Address = 0xffffffff

/** An address from its four octets. */
export const fromOctets = (a: number, b: number, c: number, d: number): Ipv4Address =>
  (((a & 0xff) << 24) | ((b & 0xff) << 16) | ((c & 0xff) << 8) | (d & 0xff)) >>> 0

/** `10.0.0.1`. */
export const format = (address: Ipv4Address): string =>
  `${address >>> 24}.${(address >>> 16) & 0xff}.${(address >>> 8) & 0xff}.${address & 0xff}`

const DECIMAL = /^(0|[1-9][0-9]{0,2})(\.(0|[1-9][0-9]{0,2})){3}$/

/** An address from dotted decimal with four parts and no leading zeros; undefined for any other text. */
export const parse = (text: string): Ipv4Address | undefined => {
  if (!DECIMAL.test(text)) return undefined
  const parts = text.split(".").map(Number)
  return parts.every((part) => part <= 255) ? fromOctets(parts[0], parts[1], parts[2], parts[3]) : undefined
}

/** The address in four octets of `octets` from `offset`; the caller has checked the length. */
export const read = (octets: Uint8Array, offset: number): Ipv4Address =>
  ((octets[offset] << 24) | (octets[offset + 1] << 16) | (octets[offset + 2] << 8) | octets[offset + 3]) >>> 0

/** Write four octets at `offset`. */
export const write = (address: Ipv4Address, octets: Uint8Array, offset: number): void => {
  octets[offset] = address >>> 24
  octets[offset + 1] = address >>> 16
  octets[offset + 2] = address >>> 8
  octets[offset + 3] = address
}

/** The netmask of a prefix of 0..32 bits, as a signed 32-bit integer for masking. */
export const mask = (prefixLength: number): number => (prefixLength === 0 ? 0 : -1 << (32 - prefixLength))

/** Whether two addresses share a prefix of `prefixLength` bits. */
export const sameNetwork = (a: Ipv4Address, b: Ipv4Address, prefixLength: number): boolean => ((a ^ b) & mask(prefixLength)) === 0

/** The directed broadcast address of the network that `address` lies in. With 31 and 32 bits there is none (RFC 3021 2.1†): UNSPECIFIED. */
export const directedBroadcast = (address: Ipv4Address, prefixLength: number): Ipv4Address =>
  prefixLength >= 31 ? UNSPECIFIED : (address | ~mask(prefixLength)) >>> 0

/** Class D, 224.0.0.0/4 (RFC 1112 4†). */
export const isMulticast = (address: Ipv4Address): boolean => address >>> 28 === 0xe

/** Schema for text at the edges. */
export const Text = Schema.String.check(
  Schema.makeFilter((text: string) =>
    parse(text) === undefined ? `expected an IPv4 address like 10.0.0.1, got "${text}"` : undefined,
  ),
)
