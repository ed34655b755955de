/**
 * The messages of the Dynamic Trunking Protocol, by the fields that its dissectors agree on: the VTP domain, what the port is and what it is set to be (status),
 * how it encapsulates (type), and the address of who says so. To 01-00-0C-CC-CC-CC behind SNAP 00000c-2004.
 */
import { Result } from "effect"
import * as CiscoTlv from "../CiscoTlv.ts"
import * as EthernetFrame from "../EthernetFrame.ts"
import * as GroupAddress from "../GroupAddress.ts"
import * as MacAddress from "../MacAddress.ts"
import * as OctetString from "../OctetString.ts"
import type { CodecError, PayloadCodec } from "../PayloadCodec.ts"
import * as Protocol from "../Protocol.ts"

const VERSION = 1

/** Types of fields. */
const TYPE = { domain: 0x0001, status: 0x0002, type: 0x0003, neighbour: 0x0004 } as const

/** A domain's name is followed by a zero. */
const LONGEST_DOMAIN = 32

/** Octets of the LLC and SNAP header, which a frame's length covers. */
const SNAP_OCTETS = 8

/** Administrative status by its number in the status octet. */
const ADMIN: Readonly<Record<number, Admin>> = { 1: "on", 2: "off", 3: "desirable", 4: "auto" }
const ADMIN_NUMBERS = { on: 1, off: 2, desirable: 3, auto: 4 } as const
/** The bit of the status octet that says that the port is a trunk. */
const TRUNK = 0x80
const ADMIN_MASK = 0x07

/** Encapsulations by their numbers, which stand twice in the type octet: in use (upper three bits), and set (lower three). */
const ENCAPSULATION: Readonly<Record<number, Encapsulation>> = { 0: "negotiated", 1: "native", 2: "isl", 5: "802.1q" }
const ENCAPSULATION_NUMBERS = { negotiated: 0, native: 1, isl: 2, "802.1q": 5 } as const
const IN_USE_SHIFT = 5

/** What management wants of a port: a trunk, none, to ask for one, to grant one. */
export type Admin = "on" | "off" | "desirable" | "auto"

/** How frames of a trunk are marked; those of an access port are `native`. */
export type Encapsulation = "negotiated" | "native" | "isl" | "802.1q"

export interface DtpPdu {
  readonly protocol: "dtp"
  /** VTP domain; "" = none. */
  readonly domain: string
  /** Whether the sender's port is a trunk now. */
  readonly isTrunk: boolean
  readonly admin: Admin
  readonly encapsulation: Encapsulation
  readonly adminEncapsulation: Encapsulation
  readonly neighbour: MacAddress.MacAddress
}

const refuse = (reason: string, detail: string): Result.Result<never, CodecError> => Result.fail({ reason, detail })

/**
 * Read a frame's payload. Refuses `Truncated`, `BadVersion`, `BadLength` (fields), `BadStatus`, `BadType` and `Incomplete`; never throws. Fields that are
 * not known are passed by.
 */
export const parse = (octets: Uint8Array): Result.Result<DtpPdu, CodecError> => {
  if (octets.length < 1) return refuse("Truncated", "need 1 octet, have 0")
  if (octets[0] !== VERSION) return refuse("BadVersion", `DTP version ${octets[0]}`)
  const fields = CiscoTlv.fields(octets, 1, octets.length)
  if (Result.isFailure(fields)) return Result.fail(fields.failure)
  let said: Partial<DtpPdu> = {}
  for (const field of fields.success) {
    const read = fieldOf(octets, field)
    if (Result.isFailure(read)) return Result.fail(read.failure)
    said = { ...said, ...read.success }
  }
  const { admin, adminEncapsulation, domain, encapsulation, isTrunk, neighbour } = said
  if (
    admin === undefined ||
    adminEncapsulation === undefined ||
    domain === undefined ||
    encapsulation === undefined ||
    isTrunk === undefined ||
    neighbour === undefined
  ) {
    return refuse("Incomplete", "does not say its domain, status, type and neighbour")
  }
  return Result.succeed({ protocol: "dtp", domain, isTrunk, admin, encapsulation, adminEncapsulation, neighbour })
}

const fieldOf = (octets: Uint8Array, { end, start, type }: CiscoTlv.Field): Result.Result<Partial<DtpPdu>, CodecError> => {
  const length = end - start
  const wrong = (): Result.Result<never, CodecError> => refuse("BadLength", `a field of type ${type} with ${length} octets`)
  switch (type) {
    case TYPE.domain: {
      if (length < 1 || length > LONGEST_DOMAIN + 1) return wrong()
      const zero = octets.subarray(start, end).indexOf(0)
      return Result.succeed({ domain: OctetString.read(octets, start, zero < 0 ? end : start + zero).slice(0, LONGEST_DOMAIN) })
    }
    case TYPE.status: {
      if (length !== 1) return wrong()
      const admin = ADMIN[octets[start] & ADMIN_MASK]
      if (admin === undefined) return refuse("BadStatus", `status 0x${octets[start].toString(16)}`)
      return Result.succeed({ admin, isTrunk: (octets[start] & TRUNK) !== 0 })
    }
    case TYPE.type: {
      if (length !== 1) return wrong()
      const encapsulation = ENCAPSULATION[octets[start] >>> IN_USE_SHIFT]
      const adminEncapsulation = ENCAPSULATION[octets[start] & ADMIN_MASK]
      if (encapsulation === undefined || adminEncapsulation === undefined) {
        return refuse("BadType", `type 0x${octets[start].toString(16)}`)
      }
      return Result.succeed({ encapsulation, adminEncapsulation })
    }
    case TYPE.neighbour:
      return length === 6 ? Result.succeed({ neighbour: MacAddress.read(octets, start) }) : wrong()
    default:
      return Result.succeed({})
  }
}

/** Write it. */
export const emit = ({ admin, adminEncapsulation, domain, encapsulation, isTrunk, neighbour }: DtpPdu): Uint8Array =>
  Uint8Array.from([
    VERSION,
    ...CiscoTlv.field(TYPE.domain, [...OctetString.write(domain, LONGEST_DOMAIN), 0]),
    ...CiscoTlv.field(TYPE.status, [(isTrunk ? TRUNK : 0) | ADMIN_NUMBERS[admin]]),
    ...CiscoTlv.field(TYPE.type, [
      (ENCAPSULATION_NUMBERS[encapsulation] << IN_USE_SHIFT) | ENCAPSULATION_NUMBERS[adminEncapsulation],
    ]),
    ...CiscoTlv.field(TYPE.neighbour, [
      ...OctetString.octets16(MacAddress.high(neighbour)),
      ...OctetString.octets32(MacAddress.low(neighbour) >>> 0),
    ]),
  ])

/** Octets behind the SNAP header. */
export const octetLength = (pdu: DtpPdu): number => emit(pdu).length

/** One line: what the port is and is set to be, and who says so. */
export const format = ({ admin, domain, isTrunk, neighbour }: DtpPdu): string =>
  `DTP, ${isTrunk ? "trunk" : "access"}/${admin}, domain ${domain === "" ? "(none)" : domain}, neighbour ${MacAddress.format(neighbour)}`

/** A frame with it. */
export const frame = (pdu: DtpPdu, source: MacAddress.MacAddress): EthernetFrame.EthernetFrame =>
  EthernetFrame.make(GroupAddress.CISCO, source, Protocol.DTP, pdu, SNAP_OCTETS + octetLength(pdu))

/** The codec for registries of payloads. */
export const codec: PayloadCodec<DtpPdu> = { name: "dtp", encapsulation: Protocol.DTP, octetLength, emit, parse, format }
