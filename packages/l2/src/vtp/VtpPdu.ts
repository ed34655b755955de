/**
 * The messages of VTP, versions 1 and 2, by the fields that its dissectors agree on: summary and subset advertisements, and requests for them. They go to
 * 01-00-0C-CC-CC-CC behind SNAP 00000c-2003. Joins (pruning) are refused: nobody prunes here.
 */
import { Result } from "effect"
import * as EthernetFrame from "../EthernetFrame.ts"
import * as GroupAddress from "../GroupAddress.ts"
import type { MacAddress } from "../MacAddress.ts"
import * as OctetString from "../OctetString.ts"
import type { CodecError, PayloadCodec } from "../PayloadCodec.ts"
import * as Protocol from "../Protocol.ts"
import * as VlanInfo from "./VlanInfo.ts"

/** The first octet says the version, the second one of these. */
const CODE = { summary: 1, subset: 2, request: 3, join: 4 } as const

/** Octets from the start: version, code, a number that depends on the code, length of the domain, the domain, and behind it what the code has. */
const FIELD = {
  version: 0,
  code: 1,
  count: 2,
  domainLength: 3,
  domain: 4,
  revision: 36,
  updater: 40,
  timestamp: 44,
  digest: 56,
} as const

/** Octets of each message, of a subset without its VLANs, of a summary without what follows its digest. */
const SUMMARY_OCTETS = 72
const SUBSET_OCTETS = 40
const REQUEST_OCTETS = 38

/** Longest name of a domain, octets of a digest and of a time stamp. */
export const LONGEST_DOMAIN = 32
export const DIGEST_OCTETS = 16
export const TIMESTAMP_OCTETS = 12

/** Most octets behind the digest that are kept; Catalysts send 5 (version 1) or 8. */
const LONGEST_TRAILER = 64
/** What they say where nobody prunes. Not documented; as seen in captures. */
export const TRAILER = { 1: Uint8Array.of(1, 1, 0, 2, 0), 2: Uint8Array.of(0, 0, 0, 1, 6, 1, 0, 2) } as const

/** Octets of VLANs that one subset advertisement carries, so that it fits into a frame. */
export const SUBSET_VLAN_OCTETS = 1_440

/** Octets of the LLC and SNAP header, which a frame's length covers. */
const SNAP_OCTETS = 8

interface Common {
  readonly protocol: "vtp"
  readonly version: 1 | 2
  /** Up to 32 characters. */
  readonly domain: string
}

/** Who has which revision of the database, and what makes sure that the subsets belong to it. */
export interface Summary extends Common {
  readonly kind: "summary"
  /** Subset advertisements that follow. */
  readonly followers: number
  readonly revision: number
  /** The IPv4 address of who changed it last, as a number. */
  readonly updater: number
  /** When that was: `YYMMDDHHMMSS`. */
  readonly timestamp: string
  readonly digest: Uint8Array
  /** What follows the digest. */
  readonly trailer: Uint8Array
}

/** A part of the database. */
export interface Subset extends Common {
  readonly kind: "subset"
  /** From 1. */
  readonly sequence: number
  readonly revision: number
  readonly vlans: ReadonlyArray<VlanInfo.VlanInfo>
}

/** Asks for the database, from a VLAN on. */
export interface Request extends Common {
  readonly kind: "request"
  readonly start: number
}

export type VtpPdu = Summary | Subset | Request

const refuse = (reason: string, detail: string): Result.Result<never, CodecError> => Result.fail({ reason, detail })

const truncated = (need: number, have: number): Result.Result<never, CodecError> =>
  refuse("Truncated", `need ${need} octets, have ${have}`)

/** Read a frame's payload. Refuses `Truncated`, `BadVersion`, `UnknownType` and `BadLength`; never throws. */
export const parse = (octets: Uint8Array): Result.Result<VtpPdu, CodecError> => {
  if (octets.length < REQUEST_OCTETS) return truncated(REQUEST_OCTETS, octets.length)
  const version = octets[FIELD.version]
  if (version !== 1 && version !== 2) return refuse("BadVersion", `VTP version ${version}`)
  const length = octets[FIELD.domainLength]
  if (length > LONGEST_DOMAIN) return refuse("BadLength", `a domain of ${length} octets, the longest has ${LONGEST_DOMAIN}`)
  const common: Common = {
    protocol: "vtp",
    version,
    domain: OctetString.read(octets, FIELD.domain, FIELD.domain + length),
  }
  switch (octets[FIELD.code]) {
    case CODE.summary:
      return summaryOf(octets, common)
    case CODE.subset:
      return subsetOf(octets, common)
    case CODE.request:
      return Result.succeed({ ...common, kind: "request", start: OctetString.read16(octets, FIELD.revision) })
    default:
      return refuse("UnknownType", `VTP code ${octets[FIELD.code]}`)
  }
}

const summaryOf = (octets: Uint8Array, common: Common): Result.Result<Summary, CodecError> => {
  if (octets.length < SUMMARY_OCTETS) return truncated(SUMMARY_OCTETS, octets.length)
  if (octets.length > SUMMARY_OCTETS + LONGEST_TRAILER) {
    return refuse("BadLength", `a summary of ${octets.length} octets, the longest has ${SUMMARY_OCTETS + LONGEST_TRAILER}`)
  }
  return Result.succeed({
    ...common,
    kind: "summary",
    followers: octets[FIELD.count],
    revision: OctetString.read32(octets, FIELD.revision),
    updater: OctetString.read32(octets, FIELD.updater),
    timestamp: OctetString.read(octets, FIELD.timestamp, FIELD.timestamp + TIMESTAMP_OCTETS),
    digest: octets.slice(FIELD.digest, FIELD.digest + DIGEST_OCTETS),
    trailer: octets.slice(SUMMARY_OCTETS),
  })
}

const subsetOf = (octets: Uint8Array, common: Common): Result.Result<Subset, CodecError> => {
  if (octets.length < SUBSET_OCTETS) return truncated(SUBSET_OCTETS, octets.length)
  return Result.map(VlanInfo.parse(octets, SUBSET_OCTETS), (vlans): Subset => ({
    ...common,
    kind: "subset",
    sequence: octets[FIELD.count],
    revision: OctetString.read32(octets, FIELD.revision),
    vlans,
  }))
}

/** Write it. */
export const emit = (pdu: VtpPdu): Uint8Array => {
  const octets = new Uint8Array(octetLength(pdu))
  const { domain, kind, version } = pdu
  octets[FIELD.version] = version
  octets[FIELD.code] = CODE[kind]
  octets[FIELD.domainLength] = Math.min(domain.length, LONGEST_DOMAIN)
  octets.set(OctetString.write(domain, LONGEST_DOMAIN), FIELD.domain)
  switch (pdu.kind) {
    case "summary":
      octets[FIELD.count] = pdu.followers
      octets.set(OctetString.octets32(pdu.revision), FIELD.revision)
      octets.set(OctetString.octets32(pdu.updater), FIELD.updater)
      octets.set(OctetString.write(pdu.timestamp, TIMESTAMP_OCTETS), FIELD.timestamp)
      octets.set(pdu.digest.subarray(0, DIGEST_OCTETS), FIELD.digest)
      octets.set(pdu.trailer.subarray(0, LONGEST_TRAILER), SUMMARY_OCTETS)
      return octets
    case "subset":
      octets[FIELD.count] = pdu.sequence
      octets.set(OctetString.octets32(pdu.revision), FIELD.revision)
      octets.set(VlanInfo.emit(pdu.vlans), SUBSET_OCTETS)
      return octets
    case "request":
      octets.set(OctetString.octets16(pdu.start), FIELD.revision)
      return octets
  }
}

/** Octets behind the SNAP header. */
export const octetLength = (pdu: VtpPdu): number => {
  switch (pdu.kind) {
    case "summary":
      return SUMMARY_OCTETS + Math.min(pdu.trailer.length, LONGEST_TRAILER)
    case "subset":
      return SUBSET_OCTETS + pdu.vlans.reduce((sum, vlan) => sum + VlanInfo.octetLength(vlan), 0)
    case "request":
      return REQUEST_OCTETS
  }
}

/** The octets of a summary that its digest covers: without followers, time stamp and digest, and in version 1 without what follows that. */
export const digestedOctets = (summary: Summary): Uint8Array => {
  const octets = emit(summary)
  octets[FIELD.count] = 0
  octets.fill(0, FIELD.timestamp, SUMMARY_OCTETS)
  return summary.version === 1 ? octets.subarray(0, SUMMARY_OCTETS) : octets
}

/** One line: which message of which domain, and what it has. */
export const format = (pdu: VtpPdu): string => {
  const head = `VTPv${pdu.version}, ${pdu.kind}, domain ${pdu.domain === "" ? "(none)" : pdu.domain}`
  switch (pdu.kind) {
    case "summary":
      return `${head}, revision ${pdu.revision}, followers ${pdu.followers}`
    case "subset":
      return `${head}, revision ${pdu.revision}, number ${pdu.sequence}, VLANs ${pdu.vlans.map(({ id }) => id).join(",")}`
    case "request":
      return `${head}, from VLAN ${pdu.start}`
  }
}

/** A frame with it. */
export const frame = (pdu: VtpPdu, source: MacAddress): EthernetFrame.EthernetFrame =>
  EthernetFrame.make(GroupAddress.CISCO, source, Protocol.VTP, pdu, SNAP_OCTETS + octetLength(pdu))

/** The codec for registries of payloads. */
export const codec: PayloadCodec<VtpPdu> = { name: "vtp", encapsulation: Protocol.VTP, octetLength, emit, parse, format }
