/**
 * The LLDP data unit (802.1AB-2009 clause 8†): fields of seven bits of type and nine of length. Chassis id, port id and time to live come first, in
 * this order, and End of LLDPDU last. Written: these, port description, system name and description, capabilities, a management address, and
 * 802.1's Port VLAN ID; read: the same, all others are passed by.
 */
import { Result } from "effect"
import * as EthernetFrame from "../EthernetFrame.ts"
import * as GroupAddress from "../GroupAddress.ts"
import * as MacAddress from "../MacAddress.ts"
import * as OctetString from "../OctetString.ts"
import type { CodecError, PayloadCodec } from "../PayloadCodec.ts"
import * as Protocol from "../Protocol.ts"

/** Types of fields (Table 8-1†). */
const TYPE = {
  end: 0,
  chassisId: 1,
  portId: 2,
  timeToLive: 3,
  portDescription: 4,
  systemName: 5,
  systemDescription: 6,
  systemCapabilities: 7,
  managementAddress: 8,
  organisation: 127,
} as const

/** Subtypes of ids that are MAC addresses, and the usual one of a port's name (Tables 8-2, 8-3†). */
export const CHASSIS_MAC = 4
export const PORT_MAC = 3
export const PORT_INTERFACE_NAME = 5

/** A bridge, among the capabilities (Table 8-4†). */
export const BRIDGE = 4
/** Letters of the capabilities by bit, as switches show them. */
export const CAPABILITY_LETTERS = "OPBWRTCS"

/** Address families of management addresses (IANA). */
const IPV4 = 1
const IEEE_802 = 6
/** Interface numbering: ifIndex. */
const IF_INDEX = 2

/** 802.1's own fields: organisation 00-80-C2, Port VLAN ID (802.1Q Annex D†). */
const ORGANISATION_8021 = 0x0080c2
const PORT_VLAN_ID = 1

const LONGEST_TEXT = 255

/** A chassis or a port, by an address or by any octets. */
export type Id =
  | { readonly subtype: number; readonly address: MacAddress.MacAddress }
  | { readonly subtype: number; readonly text: string }

/** A management address with the interface that it belongs to. */
export interface ManagementAddress {
  readonly family: "ipv4" | "mac"
  /** A number either way. */
  readonly address: number
  readonly ifIndex: number
}

export interface Lldpdu {
  readonly protocol: "lldp"
  readonly chassisId: Id
  readonly portId: Id
  /** Seconds; 0 says that the port goes away. */
  readonly timeToLive: number
  readonly portDescription?: string
  readonly systemName?: string
  readonly systemDescription?: string
  /** Sets of bits. */
  readonly capabilities?: { readonly system: number; readonly enabled: number }
  readonly managementAddress?: ManagementAddress
  readonly portVlanId?: number
}

const refuse = (reason: string, detail: string): Result.Result<never, CodecError> => Result.fail({ reason, detail })

interface Field {
  readonly type: number
  readonly start: number
  readonly end: number
}

/** All fields up to End of LLDPDU, or to the end of the octets where there is none. */
const fieldsOf = (octets: Uint8Array): Result.Result<ReadonlyArray<Field>, CodecError> => {
  const found: Array<Field> = []
  for (let at = 0; at + 2 <= octets.length;) {
    const header = OctetString.read16(octets, at)
    const type = header >>> 9
    const end = at + 2 + (header & 0x1ff)
    if (end > octets.length) return refuse("Truncated", `a field up to offset ${end}, have ${octets.length} octets`)
    if (type === TYPE.end) break
    found.push({ type, start: at + 2, end })
    at = end
  }
  return Result.succeed(found)
}

const idOf = (octets: Uint8Array, { start, end }: Field, mac: number): Id => {
  const subtype = octets[start]
  return subtype === mac && end - start === 7
    ? { subtype, address: MacAddress.read(octets, start + 1) }
    : { subtype, text: OctetString.read(octets, start + 1, end) }
}

/** An id is its subtype and 1..255 octets. */
const isId = ({ start, end }: Field): boolean => end - start >= 2 && end - start <= LONGEST_TEXT + 1

/** Read an LLDPDU: refuses `Truncated`, `BadOrder` and `BadLength`; never throws. */
export const parse = (octets: Uint8Array): Result.Result<Lldpdu, CodecError> => {
  const fields = fieldsOf(octets)
  if (Result.isFailure(fields)) return Result.fail(fields.failure)
  const [chassis, port, life, ...others] = fields.success
  if (chassis?.type !== TYPE.chassisId || port?.type !== TYPE.portId || life?.type !== TYPE.timeToLive) {
    return refuse("BadOrder", "does not begin with chassis id, port id and time to live")
  }
  if (!isId(chassis) || !isId(port) || life.end - life.start < 2) {
    return refuse("BadLength", "chassis id, port id or time to live is of a length that it cannot have")
  }
  return Result.succeed({
    protocol: "lldp",
    chassisId: idOf(octets, chassis, CHASSIS_MAC),
    portId: idOf(octets, port, PORT_MAC),
    timeToLive: OctetString.read16(octets, life.start),
    ...Object.assign({}, ...others.map((field) => optionalOf(octets, field))),
  })
}

/** What an optional field says; nothing where it is of a kind or a length that is passed by. */
const optionalOf = (octets: Uint8Array, { type, start, end }: Field): Partial<Lldpdu> => {
  const length = end - start
  const text = (): string => OctetString.read(octets, start, Math.min(end, start + LONGEST_TEXT))
  switch (type) {
    case TYPE.portDescription:
      return { portDescription: text() }
    case TYPE.systemName:
      return { systemName: text() }
    case TYPE.systemDescription:
      return { systemDescription: text() }
    case TYPE.systemCapabilities:
      return length < 4
        ? {}
        : { capabilities: { system: OctetString.read16(octets, start), enabled: OctetString.read16(octets, start + 2) } }
    case TYPE.managementAddress:
      return managementOf(octets, start, end)
    case TYPE.organisation: {
      const isPortVlanId =
        length === 6 &&
        OctetString.read16(octets, start) * 256 + octets[start + 2] === ORGANISATION_8021 &&
        octets[start + 3] === PORT_VLAN_ID
      return isPortVlanId ? { portVlanId: OctetString.read16(octets, start + 4) } : {}
    }
    default:
      return {}
  }
}

const managementOf = (octets: Uint8Array, start: number, end: number): Partial<Lldpdu> => {
  const family = octets[start + 1]
  const addressOctets = family === IPV4 ? 4 : family === IEEE_802 ? 6 : 0
  if (addressOctets === 0 || octets[start] !== addressOctets + 1 || end - start < addressOctets + 8) return {}
  return {
    managementAddress: {
      family: family === IPV4 ? "ipv4" : "mac",
      address: family === IPV4 ? OctetString.read32(octets, start + 2) : MacAddress.read(octets, start + 2),
      ifIndex: OctetString.read32(octets, start + addressOctets + 3),
    },
  }
}

const field = (type: number, value: ReadonlyArray<number>): ReadonlyArray<number> => [
  ...OctetString.octets16((type << 9) | value.length),
  ...value,
]

const macOctets = (address: MacAddress.MacAddress): ReadonlyArray<number> => {
  const octets = new Uint8Array(6)
  MacAddress.write(address, octets, 0)
  return [...octets]
}

const idField = (type: number, id: Id): ReadonlyArray<number> =>
  field(type, [id.subtype, ...("address" in id ? macOctets(id.address) : OctetString.write(id.text, LONGEST_TEXT))])

const textField = (type: number, text: string | undefined): ReadonlyArray<number> =>
  text === undefined ? [] : field(type, OctetString.write(text, LONGEST_TEXT))

const managementField = ({ address, family, ifIndex }: ManagementAddress): ReadonlyArray<number> => {
  const octets = family === "ipv4" ? OctetString.octets32(address) : macOctets(address)
  const number = [IF_INDEX, ...OctetString.octets32(ifIndex), 0]
  return field(TYPE.managementAddress, [octets.length + 1, family === "ipv4" ? IPV4 : IEEE_802, ...octets, ...number])
}

/** Write an LLDPDU. */
export const emit = (pdu: Lldpdu): Uint8Array =>
  Uint8Array.from([
    ...idField(TYPE.chassisId, pdu.chassisId),
    ...idField(TYPE.portId, pdu.portId),
    ...field(TYPE.timeToLive, OctetString.octets16(pdu.timeToLive)),
    ...textField(TYPE.portDescription, pdu.portDescription),
    ...textField(TYPE.systemName, pdu.systemName),
    ...textField(TYPE.systemDescription, pdu.systemDescription),
    ...(pdu.capabilities === undefined
      ? []
      : field(TYPE.systemCapabilities, [
          ...OctetString.octets16(pdu.capabilities.system),
          ...OctetString.octets16(pdu.capabilities.enabled),
        ])),
    ...(pdu.managementAddress === undefined ? [] : managementField(pdu.managementAddress)),
    ...(pdu.portVlanId === undefined
      ? []
      : field(TYPE.organisation, [0x00, 0x80, 0xc2, PORT_VLAN_ID, ...OctetString.octets16(pdu.portVlanId)])),
    0,
    0,
  ])

/** Octets of an LLDPDU, End of LLDPDU included. */
export const octetLength = (pdu: Lldpdu): number => emit(pdu).length

/** An id for people: a dotted MAC address, or the text. */
export const formatId = (id: Id): string => ("address" in id ? MacAddress.formatDotted(id.address) : id.text)

/** One line: who, where, for how long. */
export const format = (pdu: Lldpdu): string =>
  `LLDP, chassis ${formatId(pdu.chassisId)}, port ${formatId(pdu.portId)}, ttl ${pdu.timeToLive}${pdu.systemName === undefined ? "" : `, ${pdu.systemName}`}`

/** A frame with it, to the nearest bridge. */
export const frame = (pdu: Lldpdu, source: MacAddress.MacAddress): EthernetFrame.EthernetFrame =>
  EthernetFrame.make(GroupAddress.LLDP, source, Protocol.LLDP, pdu, octetLength(pdu))

/** The codec for registries of payloads. */
export const codec: PayloadCodec<Lldpdu> = { name: "lldp", encapsulation: Protocol.LLDP, octetLength, emit, parse, format }
