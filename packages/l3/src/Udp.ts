/**
 * UDP (RFC 768), on the wire. A datagram carries octets, or a payload in meaning whose codec is registered for a port. Checksums
 * are made on emit and checked on parse; a checksum field of zero says that the sender made none, and is accepted.
 */
import type { Payload, StructuredPayload } from "@l2lab/l2/EthernetFrame"
import type { CodecError } from "@l2lab/l2/PayloadCodec"
import { isStructured } from "@l2lab/l2/PayloadCodec"
import { Result } from "effect"
import * as InternetChecksum from "./InternetChecksum.ts"
import type { Ipv4Address } from "./Ipv4Address.ts"

/** A datagram inside an IPv4 packet. */
export interface UdpDatagram {
  readonly kind: "udp"
  /** 0..65535 */
  readonly sourcePort: number
  /** 0..65535 */
  readonly destinationPort: number
  readonly payload: Payload
  /** Octets of the payload on the wire: of a structured payload what its codec's `octetLength` says. */
  readonly payloadOctets: number
}

/** How a package teaches UDP its payloads. */
export interface UdpPayloadCodec<P extends StructuredPayload = StructuredPayload> {
  /** Datagrams to this port, else from it, are given to `parse`. */
  readonly port: number
  /** The `protocol` name in the payload objects. */
  readonly name: string
  readonly octetLength: (payload: P) => number
  readonly emit: (payload: P) => Uint8Array
  /** Total, as `PayloadCodec.parse`. What it refuses is refused with the whole packet. */
  readonly parse: (octets: Uint8Array) => Result.Result<P, CodecError>
  /** A few words for the end of the line that `format` makes. */
  readonly format?: (payload: P) => string
}

/** The UDP payloads of a world. */
export interface UdpPayloadCodecs {
  readonly byPort: ReadonlyMap<number, UdpPayloadCodec>
  readonly byName: ReadonlyMap<string, UdpPayloadCodec>
}

/** Make a registry; two codecs for one port or of one name are a bug and throw. */
// A codec is only ever given payloads that carry its own name, so forgetting the payload type is sound.
// oxlint-disable-next-line typescript/no-explicit-any
export const registry = (codecs: Iterable<UdpPayloadCodec<any>>): UdpPayloadCodecs => {
  const byPort = new Map<number, UdpPayloadCodec>()
  const byName = new Map<string, UdpPayloadCodec>()
  for (const codec of codecs) {
    if (byPort.has(codec.port)) throw new Error(`two UDP payload codecs for port ${codec.port}: ${codec.name}`)
    if (byName.has(codec.name)) throw new Error(`two UDP payload codecs are named ${codec.name}`)
    byPort.set(codec.port, codec)
    byName.set(codec.name, codec)
  }
  return { byPort, byName }
}

/** Octets of ports, length and checksum. */
export const HEADER_OCTETS = 8

const IP_PROTOCOL = 17

const FIELD = { sourcePort: 0, destinationPort: 2, length: 4, checksum: 6, payload: 8 } as const

/** Octets of a datagram, its header of eight included. */
export const octetLength = (datagram: UdpDatagram): number => HEADER_OCTETS + datagram.payloadOctets

const payloadOctetsOf = (datagram: UdpDatagram, codecs: UdpPayloadCodecs): Uint8Array => {
  const payload = datagram.payload
  if (!isStructured(payload)) return payload
  const codec = codecs.byName.get(payload.protocol)
  if (codec === undefined)
    throw new Error(
      `no UDP payload codec is named "${payload.protocol}": pass it to codecs([...]) of @l2lab/l3/codecs where this world's codecs are put together`,
    )
  return codec.emit(payload)
}

/** Write a datagram into `octets` from `offset`; the caller has made room for `octetLength`. */
export const emitInto = (
  datagram: UdpDatagram,
  source: Ipv4Address,
  destination: Ipv4Address,
  codecs: UdpPayloadCodecs,
  octets: Uint8Array,
  offset: number,
): void => {
  const length = octetLength(datagram)
  const payload = payloadOctetsOf(datagram, codecs)
  if (payload.length !== datagram.payloadOctets)
    throw new Error(`a UDP datagram says ${datagram.payloadOctets} octets of payload and its payload has ${payload.length}`)
  octets[offset + FIELD.sourcePort] = datagram.sourcePort >>> 8
  octets[offset + FIELD.sourcePort + 1] = datagram.sourcePort
  octets[offset + FIELD.destinationPort] = datagram.destinationPort >>> 8
  octets[offset + FIELD.destinationPort + 1] = datagram.destinationPort
  octets[offset + FIELD.length] = length >>> 8
  octets[offset + FIELD.length + 1] = length
  octets[offset + FIELD.checksum] = 0
  octets[offset + FIELD.checksum + 1] = 0
  octets.set(payload, offset + FIELD.payload)
  const pseudo = InternetChecksum.pseudoHeader(source, destination, IP_PROTOCOL, length)
  // Zero means "no checksum", so a sum that comes out as zero is sent as its other form (RFC 768†).
  const checksum = InternetChecksum.finish(InternetChecksum.sum(octets, offset, offset + length, pseudo)) || 0xffff
  octets[offset + FIELD.checksum] = checksum >>> 8
  octets[offset + FIELD.checksum + 1] = checksum
}

/** Read the datagram at the start of `octets`, which are the body of an IPv4 packet between these addresses. Total. */
export const parse = (
  octets: Uint8Array,
  source: Ipv4Address,
  destination: Ipv4Address,
  codecs: UdpPayloadCodecs,
): Result.Result<UdpDatagram, CodecError> => {
  if (octets.length < HEADER_OCTETS)
    return Result.fail({ reason: "Truncated", detail: `UDP needs ${HEADER_OCTETS} octets, have ${octets.length}` })
  const word = (offset: number) => (octets[offset] << 8) | octets[offset + 1]
  const length = word(FIELD.length)
  if (length < HEADER_OCTETS || length > octets.length)
    return Result.fail({ reason: "BadLength", detail: `UDP length ${length} is not within 8..${octets.length}` })
  if (word(FIELD.checksum) !== 0) {
    const pseudo = InternetChecksum.pseudoHeader(source, destination, IP_PROTOCOL, length)
    if (InternetChecksum.finish(InternetChecksum.sum(octets, 0, length, pseudo)) !== 0)
      return Result.fail({ reason: "BadChecksum", detail: "the UDP checksum does not match the datagram" })
  }
  const sourcePort = word(FIELD.sourcePort)
  const destinationPort = word(FIELD.destinationPort)
  const make = (payload: Payload): UdpDatagram => ({
    kind: "udp",
    sourcePort,
    destinationPort,
    payload,
    payloadOctets: length - HEADER_OCTETS,
  })
  const codec = codecs.byPort.get(destinationPort) ?? codecs.byPort.get(sourcePort)
  const payload = octets.slice(FIELD.payload, length)
  if (codec === undefined) return Result.succeed(make(payload))
  const parsed = codec.parse(payload)
  return Result.isFailure(parsed)
    ? Result.fail({ reason: parsed.failure.reason, detail: `${codec.name}: ${parsed.failure.detail}` })
    : Result.succeed(make(parsed.success))
}

/** In the manner of tcpdump, which puts the ports with the addresses: only what follows them. */
export const format = (datagram: UdpDatagram, codecs: UdpPayloadCodecs): string => {
  const length = `UDP, length ${datagram.payloadOctets}`
  if (!isStructured(datagram.payload)) return length
  const codec = codecs.byName.get(datagram.payload.protocol)
  return `${length}: ${codec?.format?.(datagram.payload) ?? datagram.payload.protocol}`
}
