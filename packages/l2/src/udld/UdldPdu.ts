/**
 * UDLD's messages (RFC 5171 section 4†): version and opcode, flags, checksum, then fields of type and length (`CiscoTlv`): who sends from which port,
 * whom it has heard there (the echo), and how often it speaks.
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
  deviceId: 1,
  portId: 2,
  echo: 3,
  messageInterval: 4,
  timeoutInterval: 5,
  deviceName: 6,
  sequenceNumber: 7,
} as const

const HEADER_OCTETS = 4
const CHECKSUM = 2
const SNAP_OCTETS = 8
const VERSION = 1

/** What a message is for, by opcode; the first is reserved. */
export const OPCODES = ["reserved", "probe", "echo", "flush"] as const
export type Opcode = Exclude<(typeof OPCODES)[number], "reserved">

/** Flags: the sender's time-out is recommended; the sender begins anew and wants answers. */
const FLAG_RT = 0x01
const FLAG_RSY = 0x02

/** A port of a device. */
export interface Party {
  readonly deviceId: string
  readonly portId: string
}

export interface UdldPdu extends Party {
  readonly protocol: "udld"
  readonly opcode: Opcode
  readonly recommendedTimeout: boolean
  readonly resynch: boolean
  /** Whom the sender has heard on its port; absent: it does not say. */
  readonly echo?: ReadonlyArray<Party>
  /** Seconds between messages. */
  readonly messageInterval?: number
  /** Seconds that detection lasts. */
  readonly timeoutInterval?: number
  readonly deviceName?: string
  readonly sequenceNumber?: number
}

/** Of an odd number of octets the last one is padded with zero. */
const checksumOf = (octets: Uint8Array): number => CiscoTlv.checksum(octets, octets.length, (octet) => octet << 8)

const refuse = (reason: string, detail: string): Result.Result<never, CodecError> => Result.fail({ reason, detail })

/** Read a message. Refuses `Truncated`, `BadVersion`, `UnknownType`, `BadChecksum`, `BadLength` and `NoParty`; never throws. */
export const parse = (octets: Uint8Array): Result.Result<UdldPdu, CodecError> => {
  if (octets.length < HEADER_OCTETS) return refuse("Truncated", `need ${HEADER_OCTETS} octets, have ${octets.length}`)
  if (octets[0] >>> 5 !== VERSION) return refuse("BadVersion", `UDLD version ${octets[0] >>> 5}`)
  const opcode = OPCODES[octets[0] & 0x1f]
  if (opcode === undefined || opcode === "reserved") return refuse("UnknownType", `opcode ${octets[0] & 0x1f}`)
  if (checksumOf(octets) !== 0) return refuse("BadChecksum", "the checksum is wrong")
  const fields = CiscoTlv.fields(octets, HEADER_OCTETS, octets.length)
  if (Result.isFailure(fields)) return Result.fail(fields.failure)
  const said: Partial<UdldPdu> = Object.assign({}, ...fields.success.map((field) => fieldOf(octets, field)))
  const { deviceId, portId } = said
  if (deviceId === undefined || portId === undefined) return refuse("NoParty", "does not say who sent it from which port")
  return Result.succeed({
    ...said,
    protocol: "udld",
    opcode,
    recommendedTimeout: (octets[1] & FLAG_RT) !== 0,
    resynch: (octets[1] & FLAG_RSY) !== 0,
    deviceId,
    portId,
  })
}

const fieldOf = (octets: Uint8Array, { type, start, end }: CiscoTlv.Field): Partial<UdldPdu> => {
  const text = (): string => OctetString.read(octets, start, Math.min(end, start + CiscoTlv.LONGEST_TEXT))
  switch (type) {
    case TYPE.deviceId:
      return { deviceId: text() }
    case TYPE.portId:
      return { portId: text() }
    case TYPE.echo:
      return { echo: echoOf(octets, start, end) }
    case TYPE.messageInterval:
      return end - start < 1 ? {} : { messageInterval: octets[start] }
    case TYPE.timeoutInterval:
      return end - start < 1 ? {} : { timeoutInterval: octets[start] }
    case TYPE.deviceName:
      return { deviceName: text() }
    case TYPE.sequenceNumber:
      return end - start < 4 ? {} : { sequenceNumber: OctetString.read32(octets, start) }
    default:
      return {}
  }
}

/** The pairs of an echo, as far as they can be read: their number, then each text behind its length in two octets. */
const echoOf = (octets: Uint8Array, start: number, end: number): ReadonlyArray<Party> => {
  const found: Array<Party> = []
  if (end - start < 4) return found
  let at = start + 4
  const next = (): string | undefined => {
    if (at + 2 > end) return undefined
    const textEnd = at + 2 + OctetString.read16(octets, at)
    if (textEnd > end || textEnd - at - 2 > CiscoTlv.LONGEST_TEXT) return undefined
    const text = OctetString.read(octets, at + 2, textEnd)
    at = textEnd
    return text
  }
  for (let left = OctetString.read32(octets, start); left > 0; left--) {
    const deviceId = next()
    const portId = next()
    if (deviceId === undefined || portId === undefined) break
    found.push({ deviceId, portId })
  }
  return found
}

const echoField = (echo: ReadonlyArray<Party>): ReadonlyArray<number> => {
  const text = (value: string): ReadonlyArray<number> => {
    const octets = OctetString.write(value, CiscoTlv.LONGEST_TEXT)
    return [...OctetString.octets16(octets.length), ...octets]
  }
  return CiscoTlv.field(TYPE.echo, [
    ...OctetString.octets32(echo.length),
    ...echo.flatMap(({ deviceId, portId }) => [...text(deviceId), ...text(portId)]),
  ])
}

/** Write a message, with its checksum. */
export const emit = (pdu: UdldPdu): Uint8Array => {
  const { deviceName, echo, messageInterval, sequenceNumber, timeoutInterval } = pdu
  const octets = Uint8Array.from([
    (VERSION << 5) | OPCODES.indexOf(pdu.opcode),
    (pdu.recommendedTimeout ? FLAG_RT : 0) | (pdu.resynch ? FLAG_RSY : 0),
    0,
    0,
    ...CiscoTlv.text(TYPE.deviceId, pdu.deviceId),
    ...CiscoTlv.text(TYPE.portId, pdu.portId),
    ...(echo === undefined ? [] : echoField(echo)),
    ...(messageInterval === undefined ? [] : CiscoTlv.field(TYPE.messageInterval, [messageInterval])),
    ...(timeoutInterval === undefined ? [] : CiscoTlv.field(TYPE.timeoutInterval, [timeoutInterval])),
    ...(deviceName === undefined ? [] : CiscoTlv.text(TYPE.deviceName, deviceName)),
    ...(sequenceNumber === undefined ? [] : CiscoTlv.field(TYPE.sequenceNumber, OctetString.octets32(sequenceNumber))),
  ])
  octets.set(OctetString.octets16(checksumOf(octets)), CHECKSUM)
  return octets
}

/** Octets behind the SNAP header. */
export const octetLength = (pdu: UdldPdu): number => emit(pdu).length

/** One line: what for, who, and whom it hears. */
export const format = ({ deviceId, echo = [], opcode, portId }: UdldPdu): string =>
  `UDLD ${opcode}, device ${deviceId}, port ${portId}, hears ${echo.map((party) => `${party.deviceId} ${party.portId}`).join(", ") || "nobody"}`

/** A frame with it. */
export const frame = (pdu: UdldPdu, source: MacAddress): EthernetFrame.EthernetFrame =>
  EthernetFrame.make(GroupAddress.CISCO, source, Protocol.UDLD, pdu, SNAP_OCTETS + octetLength(pdu))

/** The codec for registries of payloads. */
export const codec: PayloadCodec<UdldPdu> = { name: "udld", encapsulation: Protocol.UDLD, octetLength, emit, parse, format }
