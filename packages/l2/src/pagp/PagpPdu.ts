/**
 * PAgP's messages, as Wireshark dissects them: information (who sends from which port, what that port may share, whom it hears) with fields of type and
 * length behind it, and flushes, which the neighbour sends back. The fields of enhanced PAgP are published in words only (Cisco's configuration guides:
 * one by which a virtual switch names its active half, one by which its neighbour tells that back; a MAC address each, and version 1.1): types and layout are ours†.
 */
import { Result } from "effect"
import * as CiscoTlv from "../CiscoTlv.ts"
import * as EthernetFrame from "../EthernetFrame.ts"
import * as GroupAddress from "../GroupAddress.ts"
import * as MacAddress from "../MacAddress.ts"
import * as OctetString from "../OctetString.ts"
import type { CodecError, PayloadCodec } from "../PayloadCodec.ts"
import * as Protocol from "../Protocol.ts"

const INFORMATION = 1
const FLUSH = 2

/** Flags of an information message: the sender speaks every 30 s; it only answers; it is in agreement with its partner. */
const SLOW_HELLO = 0x01
const AUTO_MODE = 0x02
const CONSISTENT = 0x04

const TYPE = { deviceName: 1, portName: 2, agportAddress: 3, virtualSwitch: 0x0010, remoteSwitch: 0x0011 } as const

/** In wire order: where the fields of an information message begin. */
const FIELD = { local: 2, partner: 22, partnerCount: 42, tlvs: 44, first: 46 } as const
const PARTY_OCTETS = 20
/** Of a flush. */
const FLUSH_FIELD = { local: 2, partner: 8, transaction: 14 } as const
const FLUSH_OCTETS = 18
const SNAP_OCTETS = 8
/** Version, and an address. */
const DUAL_ACTIVE_OCTETS = 8
/** `PAgP dual-active version: 1.1` */
const DUAL_ACTIVE_VERSION = [1, 1] as const

/** How a port learns addresses, by number: on itself, or on what it is part of. */
export const LEARN_METHODS = ["none", "physical-port", "aggregation-port"] as const
export type LearnMethod = (typeof LEARN_METHODS)[number]

/** One end of a link. `device` 0 stands for nobody. */
export interface Party {
  readonly device: MacAddress.MacAddress
  /** By `LEARN_METHODS`. */
  readonly learns: number
  readonly priority: number
  /** `ifindex` of the port, and of what it is part of, 0 = nothing. */
  readonly port: number
  readonly groupCapability: number
  readonly group: number
}

/** What a switch says of itself and of its partner. */
export interface Information {
  readonly protocol: "pagp"
  readonly slowHello: boolean
  readonly auto: boolean
  readonly consistent: boolean
  readonly local: Party
  readonly partner: Party
  /** How many neighbours the sender hears on the port. */
  readonly partnerCount: number
  readonly deviceName?: string
  readonly portName?: string
  readonly agportAddress?: MacAddress.MacAddress
  /** Enhanced PAgP: the sender is a pair, and this its active switch. Absent: it is none. */
  readonly activeId?: MacAddress.MacAddress
  /** Enhanced PAgP: the active switch of the pair at the other end, as that has told; 0 = the sender understands, and was told of none. Absent: it does not understand. */
  readonly toldId?: MacAddress.MacAddress
}

/** Goes behind all that was sent on a port; the neighbour sends it back. */
export interface Flush {
  readonly protocol: "pagp-flush"
  readonly device: MacAddress.MacAddress
  readonly partner: MacAddress.MacAddress
  readonly transaction: number
}

const refuse = (reason: string, detail: string): Result.Result<never, CodecError> => Result.fail({ reason, detail })

/** What a message is refused for, whatever its fields say. */
const problemOf = (octets: Uint8Array, version: number, least: number): Result.Result<never, CodecError> | undefined => {
  if (octets.length < 1) return refuse("Truncated", `need ${least} octets, have 0`)
  if (octets[0] !== version) return refuse("UnknownType", `PAgP version ${octets[0]}`)
  return octets.length < least ? refuse("Truncated", `need ${least} octets, have ${octets.length}`) : undefined
}

const partyAt = (octets: Uint8Array, at: number): Party => ({
  device: MacAddress.read(octets, at),
  learns: octets[at + 6],
  priority: octets[at + 7],
  port: OctetString.read32(octets, at + 8),
  groupCapability: OctetString.read32(octets, at + 12),
  group: OctetString.read32(octets, at + 16),
})

/** So many fields from `FIELD.first`, as far as the octets go. */
const fieldsOf = (octets: Uint8Array, count: number): Result.Result<ReadonlyArray<CiscoTlv.Field>, CodecError> => {
  let end: number = FIELD.first
  for (let left = count; left > 0; left--) {
    if (end + CiscoTlv.HEADER > octets.length) {
      return refuse("Truncated", `${octets.length - end} octets at offset ${end}, a field has at least ${CiscoTlv.HEADER}`)
    }
    const length = OctetString.read16(octets, end + 2)
    if (length < CiscoTlv.HEADER) return refuse("BadLength", `a field of ${length} octets at offset ${end}`)
    end += length
  }
  return end > octets.length
    ? refuse("Truncated", `fields of ${end} octets, have ${octets.length}`)
    : CiscoTlv.fields(octets, FIELD.first, end)
}

const said = (octets: Uint8Array, { type, start, end }: CiscoTlv.Field): Partial<Information> => {
  const text = (): string => OctetString.read(octets, start, Math.min(end, start + CiscoTlv.LONGEST_TEXT))
  switch (type) {
    case TYPE.deviceName:
      return { deviceName: text() }
    case TYPE.portName:
      return { portName: text() }
    case TYPE.agportAddress:
      return end - start < 6 ? {} : { agportAddress: MacAddress.read(octets, start) }
    case TYPE.virtualSwitch:
      return end - start < DUAL_ACTIVE_OCTETS ? {} : { activeId: MacAddress.read(octets, start + DUAL_ACTIVE_VERSION.length) }
    case TYPE.remoteSwitch:
      return end - start < DUAL_ACTIVE_OCTETS ? {} : { toldId: MacAddress.read(octets, start + DUAL_ACTIVE_VERSION.length) }
    default:
      return {}
  }
}

/** Read an information message. Refuses `Truncated`, `UnknownType`, `BadLength` and `NoParty`; fields that are not known are passed over. Never throws. */
export const parse = (octets: Uint8Array): Result.Result<Information, CodecError> => {
  const problem = problemOf(octets, INFORMATION, FIELD.first)
  if (problem !== undefined) return problem
  const fields = fieldsOf(octets, OctetString.read16(octets, FIELD.tlvs))
  if (Result.isFailure(fields)) return Result.fail(fields.failure)
  const local = partyAt(octets, FIELD.local)
  if (local.device === 0) return refuse("NoParty", "does not say who sent it")
  const flags = octets[1]
  return Result.succeed({
    ...(Object.assign({}, ...fields.success.map((field) => said(octets, field))) as Partial<Information>),
    protocol: "pagp",
    slowHello: (flags & SLOW_HELLO) !== 0,
    auto: (flags & AUTO_MODE) !== 0,
    consistent: (flags & CONSISTENT) !== 0,
    local,
    partner: partyAt(octets, FIELD.partner),
    partnerCount: OctetString.read16(octets, FIELD.partnerCount),
  })
}

const macOctets = (address: MacAddress.MacAddress): ReadonlyArray<number> => [
  ...OctetString.octets16(MacAddress.high(address)),
  ...OctetString.octets32(MacAddress.low(address) >>> 0),
]

const partyOctets = ({ device, group, groupCapability, learns, port, priority }: Party): ReadonlyArray<number> => [
  ...macOctets(device),
  learns,
  priority,
  ...OctetString.octets32(port),
  ...OctetString.octets32(groupCapability),
  ...OctetString.octets32(group),
]

const dualActiveTlv = (type: number, id: MacAddress.MacAddress): ReadonlyArray<number> =>
  CiscoTlv.field(type, [...DUAL_ACTIVE_VERSION, ...macOctets(id)])

/** The fields behind an information message. */
const tlvsOf = (pdu: Information): ReadonlyArray<ReadonlyArray<number>> => [
  ...(pdu.deviceName === undefined ? [] : [CiscoTlv.text(TYPE.deviceName, pdu.deviceName)]),
  ...(pdu.portName === undefined ? [] : [CiscoTlv.text(TYPE.portName, pdu.portName)]),
  ...(pdu.agportAddress === undefined ? [] : [CiscoTlv.field(TYPE.agportAddress, macOctets(pdu.agportAddress))]),
  ...(pdu.activeId === undefined ? [] : [dualActiveTlv(TYPE.virtualSwitch, pdu.activeId)]),
  ...(pdu.toldId === undefined ? [] : [dualActiveTlv(TYPE.remoteSwitch, pdu.toldId)]),
]

/** Write an information message. */
export const emit = (pdu: Information): Uint8Array => {
  const tlvs = tlvsOf(pdu)
  return Uint8Array.from([
    INFORMATION,
    (pdu.slowHello ? SLOW_HELLO : 0) | (pdu.auto ? AUTO_MODE : 0) | (pdu.consistent ? CONSISTENT : 0),
    ...partyOctets(pdu.local),
    ...partyOctets(pdu.partner),
    ...OctetString.octets16(pdu.partnerCount),
    ...OctetString.octets16(tlvs.length),
    ...tlvs.flat(),
  ])
}

/** Octets behind the SNAP header. */
export const octetLength = (pdu: Information): number =>
  FIELD.local + 2 * PARTY_OCTETS + 4 + tlvsOf(pdu).reduce((octets, tlv) => octets + tlv.length, 0)

const formatParty = ({ device, groupCapability, port }: Party): string =>
  device === 0 ? "nobody" : `${MacAddress.format(device)} port ${port} capability 0x${groupCapability.toString(16)}`

/** One line: flags, both parties, and who is active. */
export const format = ({ activeId, auto, consistent, local, partner, slowHello, toldId = 0 }: Information): string =>
  [
    `PAgP ${formatParty(local)}`,
    `partner ${formatParty(partner)}`,
    ...(slowHello ? ["slow hello"] : []),
    ...(auto ? ["auto"] : []),
    ...(consistent ? ["consistent"] : []),
    ...(activeId === undefined ? [] : [`active switch ${MacAddress.format(activeId)}`]),
    ...(toldId === 0 ? [] : [`was told of active switch ${MacAddress.format(toldId)}`]),
  ].join(", ")

/** Read a flush. Refuses `Truncated`, `UnknownType` and `NoParty`. Never throws. */
export const parseFlush = (octets: Uint8Array): Result.Result<Flush, CodecError> => {
  const problem = problemOf(octets, FLUSH, FLUSH_OCTETS)
  if (problem !== undefined) return problem
  const device = MacAddress.read(octets, FLUSH_FIELD.local)
  if (device === 0) return refuse("NoParty", "does not say who sent it")
  return Result.succeed({
    protocol: "pagp-flush",
    device,
    partner: MacAddress.read(octets, FLUSH_FIELD.partner),
    transaction: OctetString.read32(octets, FLUSH_FIELD.transaction),
  })
}

/** Write a flush. */
export const emitFlush = ({ device, partner, transaction }: Flush): Uint8Array =>
  Uint8Array.from([FLUSH, 0, ...macOctets(device), ...macOctets(partner), ...OctetString.octets32(transaction)])

/** A frame with either. */
export const frame = (pdu: Information | Flush, source: MacAddress.MacAddress): EthernetFrame.EthernetFrame =>
  EthernetFrame.make(
    GroupAddress.CISCO,
    source,
    Protocol.PAGP,
    pdu,
    SNAP_OCTETS + (pdu.protocol === "pagp" ? octetLength(pdu) : FLUSH_OCTETS),
  )

/** The codec for registries of payloads. */
export const codec: PayloadCodec<Information> = {
  name: "pagp",
  encapsulation: Protocol.PAGP,
  octetLength,
  emit,
  parse,
  format,
}
/** The same of flushes. */
export const flushCodec: PayloadCodec<Flush> = {
  name: "pagp-flush",
  encapsulation: Protocol.PAGP,
  octetLength: () => FLUSH_OCTETS,
  emit: emitFlush,
  parse: parseFlush,
  format: ({ device, partner, transaction }) =>
    `PAgP flush of ${MacAddress.format(device)} to ${MacAddress.format(partner)}, transaction ${transaction}`,
}
