/**
 * What the PDUs that chassis of a pair tell each other begin with: version, type, length, checksum, and who sends. Cisco's octets are not published: these are
 * our own† (`docs/DEVIATIONS.md`), in Ethernet II frames of EtherType 0x88b6 to an address that no bridge relays.
 */
import * as CiscoTlv from "@l2lab/l2/CiscoTlv"
import * as EthernetFrame from "@l2lab/l2/EthernetFrame"
import * as GroupAddress from "@l2lab/l2/GroupAddress"
import * as MacAddress from "@l2lab/l2/MacAddress"
import * as OctetString from "@l2lab/l2/OctetString"
import { isStructured, type CodecError, type PayloadCodec } from "@l2lab/l2/PayloadCodec"
import * as Protocol from "@l2lab/l2/Protocol"
import { Result } from "effect"

const VERSION = 1

/** The octet that tells one kind of PDU from another: LMP hellos. */
export const TYPE_LMP = 1
/** RRP PDUs. */
export const TYPE_RRP = 2
/** Dual-active fast hellos; 3 and 4 are what chassis send each other otherwise (`chassis/VirtualSwitchHeader`). */
export const TYPE_FAST_HELLO = 8

/** In wire order. What stands from `body` on differs by type. */
const FIELD = { version: 0, type: 1, length: 2, checksum: 4, domain: 6, switchNumber: 7, address: 8, body: 14 } as const

/** Octets before what differs by type. */
export const HEADER_OCTETS = FIELD.body

/** What chassis a PDU comes from. */
export interface Sender {
  /** 1..255 */
  readonly domain: number
  /** 1 or 2 */
  readonly switchNumber: number
  readonly address: MacAddress.MacAddress
}

/** What a chassis is to the pair, by number. */
export const ROLES = ["init", "active", "standby", "recovery"] as const
/** One of them. */
export type Role = (typeof ROLES)[number]

/** A refusal with its phrase. */
export const refuse = (reason: string, detail: string): Result.Result<never, CodecError> => Result.fail({ reason, detail })

const checksumOf = (octets: Uint8Array, end: number): number => CiscoTlv.checksum(octets, end, (octet) => octet << 8)

/** Six octets of an address. */
export const macOctets = (address: MacAddress.MacAddress): ReadonlyArray<number> => [
  ...OctetString.octets16(MacAddress.high(address)),
  ...OctetString.octets32(MacAddress.low(address) >>> 0),
]

/** What every type is refused for (`Truncated`, `BadVersion`, `UnknownType`, `BadLength`, `BadChecksum`, `BadField`); else its length. */
export const lengthOf = (octets: Uint8Array, type: number, least: number): Result.Result<number, CodecError> => {
  if (octets.length < HEADER_OCTETS) return refuse("Truncated", `need ${least} octets, have ${octets.length}`)
  if (octets[FIELD.version] !== VERSION) return refuse("BadVersion", `version ${octets[FIELD.version]}`)
  if (octets[FIELD.type] !== type) return refuse("UnknownType", `type ${octets[FIELD.type]}`)
  const length = OctetString.read16(octets, FIELD.length)
  if (length < least) return refuse("BadLength", `a length of ${length} octets, there are at least ${least}`)
  if (length > octets.length) return refuse("Truncated", `need ${length} octets, have ${octets.length}`)
  if (checksumOf(octets, length) !== 0) return refuse("BadChecksum", "the checksum does not match the octets")
  if (octets[FIELD.domain] === 0) return refuse("BadField", "domain 0")
  const switchNumber = octets[FIELD.switchNumber]
  return switchNumber === 1 || switchNumber === 2 ? Result.succeed(length) : refuse("BadField", `switch ${switchNumber}`)
}

/** Who sent octets that `lengthOf` did not refuse. */
export const senderOf = (octets: Uint8Array): Sender => ({
  domain: octets[FIELD.domain],
  switchNumber: octets[FIELD.switchNumber],
  address: MacAddress.read(octets, FIELD.address),
})

/** A PDU with its length and checksum. */
export const write = (type: number, { address, domain, switchNumber }: Sender, body: ReadonlyArray<number>): Uint8Array => {
  const length = HEADER_OCTETS + body.length
  const head = [VERSION, type, ...OctetString.octets16(length), 0, 0, domain, switchNumber, ...macOctets(address)]
  const octets = Uint8Array.from([...head, ...body])
  octets.set(OctetString.octets16(checksumOf(octets, length)), FIELD.checksum)
  return octets
}

/** `domain 10 switch 1 02:00:00:00:01:00`. */
export const formatSender = ({ address, domain, switchNumber }: Sender): string =>
  `domain ${domain} switch ${switchNumber} ${MacAddress.format(address)}`

/** A frame with a PDU of so many octets. */
export const frame = (pdu: Sender & EthernetFrame.StructuredPayload, octets: number): EthernetFrame.EthernetFrame =>
  EthernetFrame.make(GroupAddress.LLDP, pdu.address, Protocol.VIRTUAL_SWITCH, pdu, octets)

/** Whether a frame carries PDUs of a type, by its looks, whether they can be read or not. */
export const isOfType = ({ payload, protocol }: EthernetFrame.EthernetFrame, type: number, name: string): boolean => {
  if (protocol !== Protocol.VIRTUAL_SWITCH) return false
  return isStructured(payload) ? payload.protocol === name : payload[FIELD.type] === type
}

/** What a frame that `isOfType` carries: from meaning, or from octets, which may be refused. */
export const read = <P extends EthernetFrame.StructuredPayload>(
  { payload }: EthernetFrame.EthernetFrame,
  codec: PayloadCodec<P>,
): Result.Result<P, CodecError> => (isStructured(payload) ? Result.succeed(payload as P) : codec.parse(payload))
