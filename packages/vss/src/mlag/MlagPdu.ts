/**
 * What the peers of a pair send each other: keepalives on the link that is for them; on the peer-link hellos, records in a channel that loses none, its
 * acknowledgments, and spanning tree's BPDUs between a peer and the other's legs. Our own octets† (`docs/DEVIATIONS.md`), in Ethernet II frames of
 * EtherType 0x88b6 to an address that no bridge relays.
 */
import * as CiscoTlv from "@l2lab/l2/CiscoTlv"
import * as EthernetFrame from "@l2lab/l2/EthernetFrame"
import * as FrameCodec from "@l2lab/l2/FrameCodec"
import * as GroupAddress from "@l2lab/l2/GroupAddress"
import * as MacAddress from "@l2lab/l2/MacAddress"
import * as OctetString from "@l2lab/l2/OctetString"
import { type CodecError, type PayloadCodec, registry } from "@l2lab/l2/PayloadCodec"
import * as Protocol from "@l2lab/l2/Protocol"
import * as Bpdu from "@l2lab/stp/Bpdu"
import * as Sstp from "@l2lab/stp/pvst/Sstp"
import * as Rlq from "@l2lab/stp/toolkit/Rlq"
import { Result } from "effect"
import * as MlagRecord from "./MlagRecord.ts"

const VERSION = 1
const TYPE = { keepalive: 0x21, hello: 0x22, ack: 0x23, data: 0x24, bpdu: 0x25 } as const

/** In wire order. What stands from `body` on differs by type. */
const FIELD = { version: 0, type: 1, length: 2, checksum: 4, domain: 6, system: 8, body: 14 } as const

/** What a peer is to the pair, by number. */
export const ROLES = ["none established", "primary", "secondary"] as const
export type Role = (typeof ROLES)[number]

/** Which peer of which domain a PDU comes from. */
export interface Sender {
  readonly protocol: "mlag"
  /** 1..1000 */
  readonly domain: number
  /** `local system-mac` */
  readonly system: MacAddress.MacAddress
}

/** The sender is alive. */
export interface Keepalive extends Sender {
  readonly kind: "keepalive"
  readonly role: Role
  /** Counts up, 32 bits. */
  readonly count: number
}

/** All that roles are decided by, and whom the sender hears on the peer-link. */
export interface Hello extends Sender {
  readonly kind: "hello"
  readonly role: Role
  readonly isSticky: boolean
  readonly rolePriority: number
  /** The sender's session, drawn anew whenever it has lost its peer; and the session that it hears, 0 = none. 32 bits. */
  readonly session: number
  readonly heard: number
}

/** All records of a session up to `acknowledged` have come. */
export interface Ack extends Sender {
  readonly kind: "ack"
  /** The session of who sent them. */
  readonly session: number
  readonly acknowledged: number
}

/** A record of the sender's session. */
export interface Data extends Sender {
  readonly kind: "data"
  readonly session: number
  readonly sequence: number
  readonly record: MlagRecord.MlagRecord
}

/** A BPDU that came in by the sender's leg of a vPC, or that is to leave by the receiver's. */
export interface RelayedBpdu extends Sender {
  readonly kind: "bpdu"
  readonly session: number
  readonly isIn: boolean
  readonly vpc: number
  readonly frame: EthernetFrame.EthernetFrame
  readonly tci: number
}

export type MlagPdu = Keepalive | Hello | Ack | Data | RelayedBpdu

/** What a relayed frame may carry. */
const BPDUS = registry([Bpdu.codec, Sstp.codec, ...Rlq.codecs])

const refuse = (reason: string, detail: string): Result.Result<never, CodecError> => Result.fail({ reason, detail })

const o16 = OctetString.octets16
const o32 = OctetString.octets32

const checksumOf = (octets: Uint8Array, end: number): number => CiscoTlv.checksum(octets, end, (octet) => octet << 8)

const bodyOf = (pdu: MlagPdu): ReadonlyArray<number> => {
  switch (pdu.kind) {
    case "keepalive":
      return [ROLES.indexOf(pdu.role), 0, ...o32(pdu.count)]
    case "hello":
      return [ROLES.indexOf(pdu.role), pdu.isSticky ? 1 : 0, ...o16(pdu.rolePriority), ...o32(pdu.session), ...o32(pdu.heard)]
    case "ack":
      return [...o32(pdu.session), ...o32(pdu.acknowledged)]
    case "data":
      return [...o32(pdu.session), ...o32(pdu.sequence), ...MlagRecord.emit(pdu.record)]
    case "bpdu":
      return [...o32(pdu.session), pdu.isIn ? 1 : 0, 0, ...o16(pdu.vpc), ...FrameCodec.emit(pdu.frame, pdu.tci, BPDUS)]
  }
}

/** Write a PDU; what is reserved is zero. */
export const emit = (pdu: MlagPdu): Uint8Array => {
  const body = bodyOf(pdu)
  const length = FIELD.body + body.length
  const octets = Uint8Array.from([
    VERSION,
    TYPE[pdu.kind],
    ...o16(length),
    0,
    0,
    ...o16(pdu.domain),
    ...o16(MacAddress.high(pdu.system)),
    ...o32(MacAddress.low(pdu.system) >>> 0),
    ...body,
  ])
  octets.set(o16(checksumOf(octets, length)), FIELD.checksum)
  return octets
}

/** Octets of a body of each type, the least where they differ. */
const BODY = { keepalive: 6, hello: 12, ack: 8, data: 9, bpdu: 22 } as const

const kindOf = (type: number): keyof typeof TYPE | undefined =>
  (Object.keys(TYPE) as Array<keyof typeof TYPE>).find((kind) => TYPE[kind] === type)

const parseBody = (kind: keyof typeof TYPE, sender: Sender, octets: Uint8Array): Result.Result<MlagPdu, CodecError> => {
  const r32 = (at: number): number => OctetString.read32(octets, at)
  const role = ROLES[octets[0]]
  switch (kind) {
    case "keepalive":
      if (role === undefined) return refuse("BadField", `role ${octets[0]}`)
      return Result.succeed({ ...sender, kind, role, count: r32(2) })
    case "hello":
      if (role === undefined) return refuse("BadField", `role ${octets[0]}`)
      return Result.succeed({
        ...sender,
        kind,
        role,
        isSticky: (octets[1] & 1) !== 0,
        rolePriority: OctetString.read16(octets, 2),
        session: r32(4),
        heard: r32(8),
      })
    case "ack":
      return Result.succeed({ ...sender, kind, session: r32(0), acknowledged: r32(4) })
    case "data":
      return Result.map(MlagRecord.parse(octets.subarray(8)), (record) => ({
        ...sender,
        kind,
        session: r32(0),
        sequence: r32(4),
        record,
      }))
    case "bpdu": {
      const parsed = FrameCodec.parse(octets.subarray(8), BPDUS)
      if (Result.isFailure(parsed)) return Result.fail(parsed.failure)
      const { frame, refused, tci } = parsed.success
      if (refused !== undefined) return Result.fail(refused)
      const vpc = OctetString.read16(octets, 6)
      return Result.succeed({ ...sender, kind, session: r32(0), isIn: octets[4] === 1, vpc, frame, tci })
    }
  }
}

/**
 * Read a PDU. Refuses `Truncated`, `BadVersion`, `UnknownType`, `BadLength`, `BadChecksum`, `BadField`, what `MlagRecord.parse` refuses, and frames that carry no BPDU;
 * never throws.
 */
export const parse = (octets: Uint8Array): Result.Result<MlagPdu, CodecError> => {
  if (octets.length < FIELD.body) return refuse("Truncated", `need ${FIELD.body} octets, have ${octets.length}`)
  if (octets[FIELD.version] !== VERSION) return refuse("BadVersion", `version ${octets[FIELD.version]}`)
  const kind = kindOf(octets[FIELD.type])
  if (kind === undefined) return refuse("UnknownType", `type ${octets[FIELD.type]}`)
  const length = OctetString.read16(octets, FIELD.length)
  const least = FIELD.body + BODY[kind]
  if (length < least) return refuse("BadLength", `a length of ${length} octets, there are at least ${least}`)
  if (length > octets.length) return refuse("Truncated", `need ${length} octets, have ${octets.length}`)
  if (checksumOf(octets, length) !== 0) return refuse("BadChecksum", "the checksum does not match the octets")
  const domain = OctetString.read16(octets, FIELD.domain)
  if (domain < 1 || domain > 1000) return refuse("BadField", `domain ${domain}`)
  const sender: Sender = { protocol: "mlag", domain, system: MacAddress.read(octets, FIELD.system) }
  return parseBody(kind, sender, octets.subarray(FIELD.body, length))
}

/** Octets of a PDU, without padding. */
export const octetLength = (pdu: MlagPdu): number => FIELD.body + bodyOf(pdu).length

const detailOf = (pdu: MlagPdu): string => {
  switch (pdu.kind) {
    case "keepalive":
      return `${pdu.role}, number ${pdu.count}`
    case "hello":
      return `${pdu.role}${pdu.isSticky ? " (sticky)" : ""} priority ${pdu.rolePriority}, session ${pdu.session} hears ${pdu.heard}`
    case "ack":
      return `session ${pdu.session} up to ${pdu.acknowledged}`
    case "data":
      return `session ${pdu.session} number ${pdu.sequence}: ${MlagRecord.format(pdu.record)}`
    case "bpdu":
      return `${pdu.isIn ? "in by" : "out by"} vPC ${pdu.vpc}: ${FrameCodec.format(pdu.frame, pdu.tci, BPDUS)}`
  }
}

/** One line. */
export const format = (pdu: MlagPdu): string =>
  `MLAG ${pdu.kind} domain ${pdu.domain} ${MacAddress.format(pdu.system)} ${detailOf(pdu)}`

/** A frame with a PDU. */
export const frame = (pdu: MlagPdu): EthernetFrame.EthernetFrame =>
  EthernetFrame.make(GroupAddress.LLDP, pdu.system, Protocol.VIRTUAL_SWITCH, pdu, octetLength(pdu))

/** The codec for registries of payloads. */
export const codec: PayloadCodec<MlagPdu> = {
  name: "mlag",
  encapsulation: Protocol.VIRTUAL_SWITCH,
  octetLength,
  emit,
  parse,
  format,
}
