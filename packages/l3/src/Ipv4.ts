/**
 * IPv4 (RFC 791), on the wire. Fragments are read but never made: what is larger than the MTU is refused by the sender, and every
 * packet of ours says "don't fragment". The body of a fragment, and of a protocol that nobody here knows, stays octets.
 */
import * as EthernetFrame from "@l2lab/l2/EthernetFrame"
import type { MacAddress } from "@l2lab/l2/MacAddress"
import type { CodecError, PayloadCodec } from "@l2lab/l2/PayloadCodec"
import * as Protocol from "@l2lab/l2/Protocol"
import { Result } from "effect"
import * as Icmp from "./Icmp.ts"
import * as InternetChecksum from "./InternetChecksum.ts"
import * as Ipv4Address from "./Ipv4Address.ts"
import * as Udp from "./Udp.ts"

/** Values of the protocol field. */
export const ICMP = 1
export const TCP = 6
export const UDP = 17

/** A body without meaning here. */
export interface RawBody {
  readonly kind: "raw"
  readonly octets: Uint8Array
}

/** What an IPv4 packet carries. */
export type Body = Icmp.IcmpMessage | Udp.UdpDatagram | RawBody

/** An IPv4 packet. Version, header length, total length and checksum follow from the rest. */
export interface Ipv4Packet {
  /** 0..255: differentiated services and congestion bits. */
  readonly typeOfService: number
  /** 0..65535 */
  readonly identification: number
  readonly dontFragment: boolean
  readonly moreFragments: boolean
  /** In units of 8 octets, 0..8191. */
  readonly fragmentOffset: number
  /** 0..255 */
  readonly timeToLive: number
  /** The protocol field, 0..255: `ICMP`, `UDP`, ... */
  readonly ipProtocol: number
  readonly source: Ipv4Address.Ipv4Address
  readonly destination: Ipv4Address.Ipv4Address
  /** 0..40 octets, a multiple of 4, end-of-options padding included. */
  readonly options: Uint8Array
  readonly body: Body
}

/** An IPv4 packet as the payload of a frame. */
export interface Ipv4Payload extends EthernetFrame.StructuredPayload {
  readonly protocol: "ipv4"
  readonly packet: Ipv4Packet
}

/** Octets of a header without options. */
export const HEADER_OCTETS = 20

/** The options of a packet that has none. */
export const NO_OPTIONS: Uint8Array = new Uint8Array(0)

/** Offsets in wire order (RFC 791 3.1). */
const FIELD = {
  versionAndLength: 0,
  typeOfService: 1,
  totalLength: 2,
  identification: 4,
  flagsAndOffset: 6,
  timeToLive: 8,
  protocol: 9,
  checksum: 10,
  source: 12,
  destination: 16,
  options: 20,
} as const

const DONT_FRAGMENT = 0x4000
const MORE_FRAGMENTS = 0x2000

/** Octets of what a packet carries, headers of its own included. */
export const bodyOctets = (body: Body): number =>
  body.kind === "udp" ? Udp.octetLength(body) : body.kind === "raw" ? body.octets.length : Icmp.octetLength(body)

/** Octets of header, options and body. */
export const octetLength = (packet: Ipv4Packet): number => HEADER_OCTETS + packet.options.length + bodyOctets(packet.body)

/** Whether a packet is a part of a longer one. */
export const isFragment = (packet: Ipv4Packet): boolean => packet.moreFragments || packet.fragmentOffset !== 0

/** A packet in an Ethernet II frame. `octets` is `octetLength(packet)` where the caller knows it already. */
export const frame = (
  destination: MacAddress,
  source: MacAddress,
  payload: Ipv4Payload,
  octets: number = octetLength(payload.packet),
): EthernetFrame.EthernetFrame => EthernetFrame.make(destination, source, Protocol.IPV4, payload, octets)

const emit = (packet: Ipv4Packet, codecs: Udp.UdpPayloadCodecs): Uint8Array => {
  const total = octetLength(packet)
  const header = HEADER_OCTETS + packet.options.length
  const octets = new Uint8Array(total)
  const flagsAndOffset =
    (packet.dontFragment ? DONT_FRAGMENT : 0) | (packet.moreFragments ? MORE_FRAGMENTS : 0) | packet.fragmentOffset
  octets[FIELD.versionAndLength] = 0x40 | (header >>> 2)
  octets[FIELD.typeOfService] = packet.typeOfService
  octets[FIELD.totalLength] = total >>> 8
  octets[FIELD.totalLength + 1] = total
  octets[FIELD.identification] = packet.identification >>> 8
  octets[FIELD.identification + 1] = packet.identification
  octets[FIELD.flagsAndOffset] = flagsAndOffset >>> 8
  octets[FIELD.flagsAndOffset + 1] = flagsAndOffset
  octets[FIELD.timeToLive] = packet.timeToLive
  octets[FIELD.protocol] = packet.ipProtocol
  Ipv4Address.write(packet.source, octets, FIELD.source)
  Ipv4Address.write(packet.destination, octets, FIELD.destination)
  octets.set(packet.options, FIELD.options)
  const checksum = InternetChecksum.finish(InternetChecksum.sum(octets, 0, header))
  octets[FIELD.checksum] = checksum >>> 8
  octets[FIELD.checksum + 1] = checksum
  const body = packet.body
  if (body.kind === "udp") Udp.emitInto(body, packet.source, packet.destination, codecs, octets, header)
  else if (body.kind === "raw") octets.set(body.octets, header)
  else Icmp.emitInto(body, octets, header)
  return octets
}

const fail = (reason: string, detail: string): Result.Result<never, CodecError> => Result.fail({ reason, detail })

const parse = (octets: Uint8Array, codecs: Udp.UdpPayloadCodecs): Result.Result<Ipv4Packet, CodecError> => {
  if (octets.length < HEADER_OCTETS) return fail("Truncated", `IPv4 needs ${HEADER_OCTETS} octets, have ${octets.length}`)
  const version = octets[FIELD.versionAndLength] >>> 4
  if (version !== 4) return fail("BadVersion", `IP version ${version} is not 4`)
  const header = (octets[FIELD.versionAndLength] & 0x0f) * 4
  if (header < HEADER_OCTETS) return fail("BadLength", `a header of ${header} octets is shorter than 20`)
  const word = (offset: number) => (octets[offset] << 8) | octets[offset + 1]
  const total = word(FIELD.totalLength)
  if (total < header) return fail("BadLength", `total length ${total} is shorter than the header of ${header}`)
  if (total > octets.length) return fail("Truncated", `total length ${total}, have ${octets.length}`)
  if (InternetChecksum.finish(InternetChecksum.sum(octets, 0, header)) !== 0)
    return fail("BadChecksum", "the IPv4 header checksum does not match the header")
  const flagsAndOffset = word(FIELD.flagsAndOffset)
  const moreFragments = (flagsAndOffset & MORE_FRAGMENTS) !== 0
  const fragmentOffset = flagsAndOffset & 0x1fff
  const ipProtocol = octets[FIELD.protocol]
  const source = Ipv4Address.read(octets, FIELD.source)
  const destination = Ipv4Address.read(octets, FIELD.destination)
  const bodyPart = octets.subarray(header, total)
  const whole = !moreFragments && fragmentOffset === 0
  const body: Result.Result<Body, CodecError> =
    whole && ipProtocol === ICMP
      ? Icmp.parse(bodyPart)
      : whole && ipProtocol === UDP
        ? Udp.parse(bodyPart, source, destination, codecs)
        : Result.succeed({ kind: "raw", octets: bodyPart.slice() })
  return Result.map(body, (parsed) => ({
    typeOfService: octets[FIELD.typeOfService],
    identification: word(FIELD.identification),
    dontFragment: (flagsAndOffset & DONT_FRAGMENT) !== 0,
    moreFragments,
    fragmentOffset,
    timeToLive: octets[FIELD.timeToLive],
    ipProtocol,
    source,
    destination,
    options: header === HEADER_OCTETS ? NO_OPTIONS : octets.slice(FIELD.options, header),
    body: parsed,
  }))
}

const format = (packet: Ipv4Packet, codecs: Udp.UdpPayloadCodecs): string => {
  const source = Ipv4Address.format(packet.source)
  const destination = Ipv4Address.format(packet.destination)
  const body = packet.body
  if (body.kind === "udp")
    return `IP ${source}.${body.sourcePort} > ${destination}.${body.destinationPort}: ${Udp.format(body, codecs)}`
  if (body.kind !== "raw") return `IP ${source} > ${destination}: ${Icmp.format(body)}`
  const fragment = isFragment(packet) ? `, fragment at ${packet.fragmentOffset * 8}` : ""
  return `IP ${source} > ${destination}: protocol ${packet.ipProtocol}${fragment}, length ${body.octets.length}`
}

/** The codec of IPv4 in Ethernet II, with the UDP payloads that this world knows. The reserved flag bit is not kept. */
export const codec = (udpCodecs: Udp.UdpPayloadCodecs): PayloadCodec<Ipv4Payload> => ({
  name: "ipv4",
  encapsulation: Protocol.IPV4,
  octetLength: (payload) => octetLength(payload.packet),
  emit: (payload) => emit(payload.packet, udpCodecs),
  parse: (octets) => Result.map(parse(octets, udpCodecs), (packet): Ipv4Payload => ({ protocol: "ipv4", packet })),
  format: (payload) => format(payload.packet, udpCodecs),
})
