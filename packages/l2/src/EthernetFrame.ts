/**
 * The frame that travels through the emulator: a small shared immutable object. The outer 802.1Q tag is not in it but travels
 * beside it (`tci`, -1 = untagged), so that flooding to access and trunk ports shares one object. Octets are made only where
 * someone looks: at a capture point, on a real wire, with `--octets`; `FrameCodec.ts` does that.
 */
import type { Tci, WireFrame } from "@l2lab/sim/Device"
import * as MacAddress from "./MacAddress.ts"

/**
 * What a frame carries, one number for all encapsulations (built in `Protocol.ts`): an EtherType 0x0600..0xffff for Ethernet II,
 * else an LLC or a SNAP protocol of an 802.3 frame.
 */
export type Protocol = number

/**
 * A payload in meaning (a BPDU, an ARP packet): a plain object whose `protocol` names the codec in the registry that turns it
 * into octets and back.
 */
export interface StructuredPayload {
  readonly protocol: string
}

/** Octets that nobody has given a meaning, or a payload in meaning. */
export type Payload = Uint8Array | StructuredPayload

/** One Ethernet frame without its outer tag. Fields are private to nobody and never change after `make`. */
export interface EthernetFrame extends WireFrame {
  readonly destination: MacAddress.MacAddress
  readonly source: MacAddress.MacAddress
  /** The addresses again as two 32-bit integers each: the relay hashes and compares these. */
  readonly destinationHigh: number
  readonly destinationLow: number
  readonly sourceHigh: number
  readonly sourceLow: number
  /** Octets from destination address to FCS inclusive, padding included, outer tag not. At least 64. */
  readonly wireOctets: number
  readonly protocol: Protocol
  readonly payload: Payload
}

/** Octets of addresses, type or length, and FCS: what a frame adds to its client data. */
export const OVERHEAD_OCTETS = 18

/** The least frame on the wire, FCS included, and the least untagged frame that an adapter sends. */
export const MINIMUM_WIRE_OCTETS = 64

/**
 * Make a frame. `clientOctets` is the length of everything between the type/length field and the FCS (an LLC or SNAP header
 * included). Short frames are padded to 64 octets, as the sending adapter does.
 */
export const make = (
  destination: MacAddress.MacAddress,
  source: MacAddress.MacAddress,
  protocol: Protocol,
  payload: Payload,
  clientOctets: number,
): EthernetFrame => {
  const octets = clientOctets + OVERHEAD_OCTETS
  return {
    destination,
    source,
    destinationHigh: MacAddress.high(destination),
    destinationLow: MacAddress.low(destination),
    sourceHigh: MacAddress.high(source),
    sourceLow: MacAddress.low(source),
    wireOctets: octets < MINIMUM_WIRE_OCTETS ? MINIMUM_WIRE_OCTETS : octets,
    protocol,
    payload,
  }
}

/** Tag control information from its fields: VLAN id 0..4095, priority 0..7, drop eligible. */
export const tci = (vlanId: number, priority = 0, dropEligible = false): Tci =>
  (priority << 13) | (dropEligible ? 0x1000 : 0) | vlanId

/** The VLAN id of a tag; 0 for a priority tag. Not meaningful for -1 (untagged). */
export const vlanIdOf = (tag: Tci): number => tag & 0x0fff

/** No tag. */
export const UNTAGGED: Tci = -1
