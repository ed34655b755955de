/**
 * The frames of the Cisco Discovery Protocol, version 2, by the fields that its dissectors agree on: version, time to live, checksum, then fields
 * of type and length (`CiscoTlv`). Read and written: device id, addresses, port id, capabilities, version, platform, VTP domain, native VLAN, duplex,
 * management addresses; others are passed by.
 */
import { Result } from "effect"
import * as CiscoTlv from "../CiscoTlv.ts"
import * as EthernetFrame from "../EthernetFrame.ts"
import * as GroupAddress from "../GroupAddress.ts"
import type { MacAddress } from "../MacAddress.ts"
import * as OctetString from "../OctetString.ts"
import type { CodecError, PayloadCodec } from "../PayloadCodec.ts"
import * as Protocol from "../Protocol.ts"

const TYPE = {
  deviceId: 0x0001,
  addresses: 0x0002,
  portId: 0x0003,
  capabilities: 0x0004,
  softwareVersion: 0x0005,
  platform: 0x0006,
  vtpDomain: 0x0009,
  nativeVlan: 0x000a,
  duplex: 0x000b,
  managementAddresses: 0x0016,
} as const

/** Version, time to live, checksum. */
const HEADER_OCTETS = 4
const CHECKSUM = 2
/** Octets of the LLC and SNAP header, which a frame's length covers. */
const SNAP_OCTETS = 8

/** An IPv4 address in a list: protocol type NLPID (1), one octet of it (0xCC), four of address. */
const IPV4_ENTRY = [0x01, 0x01, 0xcc, 0x00, 0x04] as const
const IPV4_ENTRY_OCTETS = IPV4_ENTRY.length + 4

/** Capabilities by bit, with the letters that switches show. */
export const SWITCH = 0x08
export const IGMP = 0x20
export const CAPABILITY_NAMES = [
  { bit: 0x01, letter: "R", name: "Router" },
  { bit: 0x02, letter: "T", name: "Trans-Bridge" },
  { bit: 0x04, letter: "B", name: "Source-Route-Bridge" },
  { bit: SWITCH, letter: "S", name: "Switch" },
  { bit: 0x10, letter: "H", name: "Host" },
  { bit: IGMP, letter: "I", name: "IGMP" },
  { bit: 0x40, letter: "r", name: "Repeater" },
] as const

export interface CdpPdu {
  readonly protocol: "cdp"
  /** 1 or 2. */
  readonly version: number
  /** Seconds; 0 says that the sender goes away. */
  readonly timeToLive: number
  readonly deviceId?: string
  /** IPv4 addresses, as numbers. */
  readonly addresses?: ReadonlyArray<number>
  readonly portId?: string
  readonly capabilities?: number
  readonly softwareVersion?: string
  readonly platform?: string
  readonly vtpDomain?: string
  readonly nativeVlan?: number
  readonly fullDuplex?: boolean
  readonly managementAddresses?: ReadonlyArray<number>
}

/**
 * Of an odd number of octets the last one stands in the low half of the last word; and one of 0x80 or more as if it were a negative number,
 * one less than it is: what the first implementation made of it, and all others since.
 */
const lastWord = (octet: number): number => (octet < 0x80 ? octet : 0xff00 | (octet - 1))

const checksumOf = (octets: Uint8Array): number => CiscoTlv.checksum(octets, octets.length, lastWord)

/** Read a frame's payload. Refuses `Truncated`, `BadVersion`, `BadChecksum` and `BadLength`; never throws. */
export const parse = (octets: Uint8Array): Result.Result<CdpPdu, CodecError> => {
  if (octets.length < HEADER_OCTETS) {
    return Result.fail({ reason: "Truncated", detail: `need ${HEADER_OCTETS} octets, have ${octets.length}` })
  }
  const version = octets[0]
  if (version !== 1 && version !== 2) return Result.fail({ reason: "BadVersion", detail: `CDP version ${version}` })
  const sum = checksumOf(octets)
  if (sum !== 0) {
    return Result.fail({ reason: "BadChecksum", detail: `the checksum is wrong by 0x${sum.toString(16).padStart(4, "0")}` })
  }
  const fields = CiscoTlv.fields(octets, HEADER_OCTETS, octets.length)
  if (Result.isFailure(fields)) return Result.fail(fields.failure)
  return Result.succeed({
    protocol: "cdp",
    version,
    timeToLive: octets[1],
    ...Object.assign({}, ...fields.success.map((field) => fieldOf(octets, field))),
  })
}

const fieldOf = (octets: Uint8Array, { type, start, end }: CiscoTlv.Field): Partial<CdpPdu> => {
  const text = (): string => OctetString.read(octets, start, Math.min(end, start + CiscoTlv.LONGEST_TEXT))
  switch (type) {
    case TYPE.deviceId:
      return { deviceId: text() }
    case TYPE.addresses:
      return { addresses: addressesOf(octets, start, end) }
    case TYPE.portId:
      return { portId: text() }
    case TYPE.capabilities:
      return end - start < 4 ? {} : { capabilities: OctetString.read32(octets, start) }
    case TYPE.softwareVersion:
      return { softwareVersion: text() }
    case TYPE.platform:
      return { platform: text() }
    case TYPE.vtpDomain:
      return { vtpDomain: text() }
    case TYPE.nativeVlan:
      return end - start < 2 ? {} : { nativeVlan: OctetString.read16(octets, start) }
    case TYPE.duplex:
      return end - start < 1 ? {} : { fullDuplex: octets[start] !== 0 }
    case TYPE.managementAddresses:
      return { managementAddresses: addressesOf(octets, start, end) }
    default:
      return {}
  }
}

/** The IPv4 addresses of a list, as far as it can be read. */
const addressesOf = (octets: Uint8Array, start: number, end: number): ReadonlyArray<number> => {
  const found: Array<number> = []
  for (let at = start + 4; at + IPV4_ENTRY_OCTETS <= end; at += IPV4_ENTRY_OCTETS) {
    if (!IPV4_ENTRY.every((octet, i) => octets[at + i] === octet)) break
    found.push(OctetString.read32(octets, at + IPV4_ENTRY.length))
  }
  return found
}

const addressField = (type: number, addresses: ReadonlyArray<number> | undefined): ReadonlyArray<number> =>
  addresses === undefined
    ? []
    : CiscoTlv.field(type, [
        ...OctetString.octets32(addresses.length),
        ...addresses.flatMap((address) => [...IPV4_ENTRY, ...OctetString.octets32(address)]),
      ])

const textField = (type: number, text: string | undefined): ReadonlyArray<number> =>
  text === undefined ? [] : CiscoTlv.text(type, text)

/** Write it, with its checksum. */
export const emit = (pdu: CdpPdu): Uint8Array => {
  const octets = Uint8Array.from([
    pdu.version,
    pdu.timeToLive,
    0,
    0,
    ...textField(TYPE.deviceId, pdu.deviceId),
    ...addressField(TYPE.addresses, pdu.addresses),
    ...textField(TYPE.portId, pdu.portId),
    ...(pdu.capabilities === undefined ? [] : CiscoTlv.field(TYPE.capabilities, OctetString.octets32(pdu.capabilities))),
    ...textField(TYPE.softwareVersion, pdu.softwareVersion),
    ...textField(TYPE.platform, pdu.platform),
    ...textField(TYPE.vtpDomain, pdu.vtpDomain),
    ...(pdu.nativeVlan === undefined ? [] : CiscoTlv.field(TYPE.nativeVlan, OctetString.octets16(pdu.nativeVlan))),
    ...(pdu.fullDuplex === undefined ? [] : CiscoTlv.field(TYPE.duplex, [pdu.fullDuplex ? 1 : 0])),
    ...addressField(TYPE.managementAddresses, pdu.managementAddresses),
  ])
  octets.set(OctetString.octets16(checksumOf(octets)), CHECKSUM)
  return octets
}

/** Octets behind the SNAP header. */
export const octetLength = (pdu: CdpPdu): number => emit(pdu).length

/** One line: who, where, for how long. */
export const format = ({ deviceId, nativeVlan, portId, timeToLive, version }: CdpPdu): string =>
  `CDPv${version}, ttl ${timeToLive}, device ${deviceId ?? "unknown"}, port ${portId ?? "unknown"}${nativeVlan === undefined ? "" : `, native VLAN ${nativeVlan}`}`

/** A frame with it. */
export const frame = (pdu: CdpPdu, source: MacAddress): EthernetFrame.EthernetFrame =>
  EthernetFrame.make(GroupAddress.CISCO, source, Protocol.CDP, pdu, SNAP_OCTETS + octetLength(pdu))

/** The codec for registries of payloads. */
export const codec: PayloadCodec<CdpPdu> = { name: "cdp", encapsulation: Protocol.CDP, octetLength, emit, parse, format }
