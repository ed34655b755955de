/**
 * ARP for IPv4 over Ethernet (RFC 826), on the wire. The cache and the rules of answering are in `ArpCache.ts`.
 *
 * RARP (RFC 903) uses the same packet with other operations and an EtherType of its own; `Rarp.ts` reads and writes through this file.
 */
import * as EthernetFrame from "@l2lab/l2/EthernetFrame"
import * as MacAddress from "@l2lab/l2/MacAddress"
import type { CodecError, PayloadCodec } from "@l2lab/l2/PayloadCodec"
import * as Protocol from "@l2lab/l2/Protocol"
import { Result } from "effect"
import * as Ipv4Address from "./Ipv4Address.ts"

/** Operation codes of ARP (RFC 826). */
export const REQUEST = 1
export const REPLY = 2

/** The fields that ARP and RARP share, named as in RFC 826: hardware address, protocol address, of sender and target. */
export interface AddressPacket<Operation extends number> {
  readonly operation: Operation
  readonly senderHardware: MacAddress.MacAddress
  readonly senderProtocol: Ipv4Address.Ipv4Address
  /** Undefined in meaning in an ARP request: zero. */
  readonly targetHardware: MacAddress.MacAddress
  readonly targetProtocol: Ipv4Address.Ipv4Address
}

/** An ARP packet: request or reply. */
export type ArpPacket = AddressPacket<1 | 2>

/** An ARP packet as the payload of a frame. */
export interface ArpPayload extends EthernetFrame.StructuredPayload {
  readonly protocol: "arp"
  readonly packet: ArpPacket
}

/** Octets of an ARP or RARP packet for IPv4 over Ethernet. */
export const OCTETS = 28

/** Offsets in wire order, with the names of RFC 826. */
const FIELD = { hrd: 0, pro: 2, hln: 4, pln: 5, op: 6, sha: 8, spa: 14, tha: 18, tpa: 24 } as const

const ETHERNET = 1

const fail = (reason: string, detail: string): Result.Result<never, CodecError> => Result.fail({ reason, detail })

/** Read a packet whose operation is `first` or `second`; total, as `PayloadCodec.parse`. */
export const parsePacket = <A extends number, B extends number>(
  octets: Uint8Array,
  first: A,
  second: B,
): Result.Result<AddressPacket<A | B>, CodecError> => {
  if (octets.length < OCTETS) return fail("Truncated", `need ${OCTETS} octets, have ${octets.length}`)
  const word = (offset: number) => (octets[offset] << 8) | octets[offset + 1]
  if (word(FIELD.hrd) !== ETHERNET) return fail("BadHardwareType", `hardware type ${word(FIELD.hrd)} is not Ethernet (1)`)
  if (word(FIELD.pro) !== Protocol.IPV4)
    return fail("BadProtocolType", `protocol type 0x${word(FIELD.pro).toString(16)} is not IPv4 (0x800)`)
  if (octets[FIELD.hln] !== 6 || octets[FIELD.pln] !== 4)
    return fail("BadLength", `address lengths ${octets[FIELD.hln]} and ${octets[FIELD.pln]} are not 6 and 4`)
  const operation = word(FIELD.op)
  if (operation !== first && operation !== second)
    return fail("BadOperation", `operation ${operation} is neither ${first} nor ${second}`)
  return Result.succeed({
    operation: operation as A | B,
    senderHardware: MacAddress.read(octets, FIELD.sha),
    senderProtocol: Ipv4Address.read(octets, FIELD.spa),
    targetHardware: MacAddress.read(octets, FIELD.tha),
    targetProtocol: Ipv4Address.read(octets, FIELD.tpa),
  })
}

/** Write a packet: 28 octets. */
export const emitPacket = (packet: AddressPacket<number>): Uint8Array => {
  const octets = new Uint8Array(OCTETS)
  octets[FIELD.hrd + 1] = ETHERNET
  octets[FIELD.pro] = Protocol.IPV4 >>> 8
  octets[FIELD.pro + 1] = Protocol.IPV4
  octets[FIELD.hln] = 6
  octets[FIELD.pln] = 4
  octets[FIELD.op + 1] = packet.operation
  MacAddress.write(packet.senderHardware, octets, FIELD.sha)
  Ipv4Address.write(packet.senderProtocol, octets, FIELD.spa)
  MacAddress.write(packet.targetHardware, octets, FIELD.tha)
  Ipv4Address.write(packet.targetProtocol, octets, FIELD.tpa)
  return octets
}

/** An ARP packet in a frame from its sender. */
export const frame = (destination: MacAddress.MacAddress, packet: ArpPacket): EthernetFrame.EthernetFrame => {
  const payload: ArpPayload = { protocol: "arp", packet }
  return EthernetFrame.make(destination, packet.senderHardware, Protocol.ARP, payload, OCTETS)
}

/** Ask for the owner of `target`: to everyone, or to the address that is to be confirmed. */
export const request = (
  mac: MacAddress.MacAddress,
  address: Ipv4Address.Ipv4Address,
  target: Ipv4Address.Ipv4Address,
  destination: MacAddress.MacAddress = MacAddress.BROADCAST,
): EthernetFrame.EthernetFrame =>
  frame(destination, {
    operation: REQUEST,
    senderHardware: mac,
    senderProtocol: address,
    targetHardware: 0,
    targetProtocol: target,
  })

/** Answer a request: the fields swapped, the own addresses as sender (RFC 826, packet reception). */
export const reply = (mac: MacAddress.MacAddress, address: Ipv4Address.Ipv4Address, to: ArpPacket): EthernetFrame.EthernetFrame =>
  frame(to.senderHardware, {
    operation: REPLY,
    senderHardware: mac,
    senderProtocol: address,
    targetHardware: to.senderHardware,
    targetProtocol: to.senderProtocol,
  })

/**
 * Gratuitous ARP: broadcast with the own address as sender and target. Systems differ in the operation: a request (an ARP
 * announcement, RFC 5227 2.3†; Linux guests after migration) or a reply (older Xen and Hyper-V descriptions).
 */
export const gratuitous = (
  mac: MacAddress.MacAddress,
  address: Ipv4Address.Ipv4Address,
  operation: 1 | 2 = REQUEST,
): EthernetFrame.EthernetFrame =>
  frame(MacAddress.BROADCAST, {
    operation,
    senderHardware: mac,
    senderProtocol: address,
    targetHardware: operation === REPLY ? MacAddress.BROADCAST : 0,
    targetProtocol: address,
  })

/** ARP between meaning and octets, for registries of payload codecs. */
export const codec: PayloadCodec<ArpPayload> = {
  name: "arp",
  encapsulation: Protocol.ARP,
  octetLength: () => OCTETS,
  emit: (payload) => emitPacket(payload.packet),
  parse: (octets) => Result.map(parsePacket(octets, REQUEST, REPLY), (packet): ArpPayload => ({ protocol: "arp", packet })),
  format: ({ packet }) =>
    packet.operation === REQUEST
      ? `ARP, Request who-has ${Ipv4Address.format(packet.targetProtocol)} tell ${Ipv4Address.format(packet.senderProtocol)}, length ${OCTETS}`
      : `ARP, Reply ${Ipv4Address.format(packet.senderProtocol)} is-at ${MacAddress.format(packet.senderHardware)}, length ${OCTETS}`,
}
