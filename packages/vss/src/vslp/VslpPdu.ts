/**
 * VSLP on the wire: the hellos of the Link Management Protocol (LMP), link by link, and the PDUs of the Role Resolution Protocol (RRP). Cisco's octets
 * are not published: these are our own† (`docs/DEVIATIONS.md`), in Ethernet II frames of EtherType 0x88b6 to an address that no bridge relays.
 */
import * as CiscoTlv from "@l2lab/l2/CiscoTlv"
import * as EthernetFrame from "@l2lab/l2/EthernetFrame"
import * as GroupAddress from "@l2lab/l2/GroupAddress"
import * as MacAddress from "@l2lab/l2/MacAddress"
import * as OctetString from "@l2lab/l2/OctetString"
import type { CodecError, PayloadCodec } from "@l2lab/l2/PayloadCodec"
import * as Protocol from "@l2lab/l2/Protocol"
import { Result } from "effect"

const VERSION = 1
/** The octet that tells one kind of PDU from another. */
export const TYPE_LMP = 1
/** The same of RRP PDUs. */
export const TYPE_RRP = 2

/** In wire order. What stands from `body` on differs by type. */
const FIELD = { version: 0, type: 1, length: 2, checksum: 4, domain: 6, switchNumber: 7, address: 8, body: 14 } as const

/** Octets of an LMP hello, and of an RRP PDU without the text of its version. */
export const LMP_OCTETS = 24
export const RRP_OCTETS = 26

/** Characters of a software version. */
export const LONGEST_VERSION = 32

/** What chassis a PDU comes from. */
export interface Sender {
  /** 1..255 */
  readonly domain: number
  /** 1 or 2 */
  readonly switchNumber: number
  readonly address: MacAddress.MacAddress
}

/** A link's end at a peer. */
export interface LinkEnd {
  readonly switchNumber: number
  readonly address: MacAddress.MacAddress
  /** The VSL link of that chassis, from 0. */
  readonly link: number
}

/** An LMP hello: who is at this end of a link, and whom it hears at the other. */
export interface LmpHello extends Sender {
  readonly protocol: "lmp"
  /** The VSL link of the sender, from 0. */
  readonly link: number
  /** Null while it hears nobody. */
  readonly heard: LinkEnd | null
}

/** What a chassis is to the pair, by number. */
export const ROLES = ["init", "active", "standby", "recovery"] as const
export type Role = (typeof ROLES)[number]

/** How far a standby chassis is, by number. */
export const STANDBY_STATES = ["none", "cold", "hot"] as const
export type StandbyState = (typeof STANDBY_STATES)[number]

/** Redundancy modes, by number. */
export const MODES = ["rpr", "sso"] as const
export type RedundancyMode = (typeof MODES)[number]

/** An RRP PDU: what the sender is, and all that roles are decided by. */
export interface RrpPdu extends Sender {
  readonly protocol: "rrp"
  readonly role: Role
  readonly standby: StandbyState
  /** What the sender is set to. */
  readonly mode: RedundancyMode
  /** 1..255 */
  readonly priority: number
  /** It takes the active role if its priority is the higher one, and asks for it now. */
  readonly preempts: boolean
  readonly asksForRole: boolean
  /** 32 bits. */
  readonly configuration: number
  readonly version: string
}

const refuse = (reason: string, detail: string): Result.Result<never, CodecError> => Result.fail({ reason, detail })

const macOctets = (address: MacAddress.MacAddress): ReadonlyArray<number> => [
  ...OctetString.octets16(MacAddress.high(address)),
  ...OctetString.octets32(MacAddress.low(address) >>> 0),
]

const checksumOf = (octets: Uint8Array, end: number): number => CiscoTlv.checksum(octets, end, (octet) => octet << 8)

/** What both types are refused for; else their length. */
const lengthOf = (octets: Uint8Array, type: number, least: number): Result.Result<number, CodecError> => {
  if (octets.length < FIELD.body) return refuse("Truncated", `need ${least} octets, have ${octets.length}`)
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

const senderOf = (octets: Uint8Array): Sender => ({
  domain: octets[FIELD.domain],
  switchNumber: octets[FIELD.switchNumber],
  address: MacAddress.read(octets, FIELD.address),
})

const write = (type: number, { address, domain, switchNumber }: Sender, body: ReadonlyArray<number>): Uint8Array => {
  const length = FIELD.body + body.length
  const head = [VERSION, type, ...OctetString.octets16(length), 0, 0, domain, switchNumber, ...macOctets(address)]
  const octets = Uint8Array.from([...head, ...body])
  octets.set(OctetString.octets16(checksumOf(octets, length)), FIELD.checksum)
  return octets
}

/** Read an LMP hello. Refuses `Truncated`, `BadVersion`, `UnknownType`, `BadLength`, `BadChecksum`, `BadField`; never throws. */
export const parseLmp = (octets: Uint8Array): Result.Result<LmpHello, CodecError> => {
  const length = lengthOf(octets, TYPE_LMP, LMP_OCTETS)
  if (Result.isFailure(length)) return Result.fail(length.failure)
  const [link, heardNumber] = [octets[FIELD.body], octets[FIELD.body + 1]]
  if (heardNumber > 2) return refuse("BadField", `switch ${heardNumber} is heard`)
  const heard: LinkEnd | null =
    heardNumber === 0
      ? null
      : { switchNumber: heardNumber, address: MacAddress.read(octets, FIELD.body + 2), link: octets[FIELD.body + 8] }
  return Result.succeed({ protocol: "lmp", ...senderOf(octets), link, heard })
}

/** Write an LMP hello; what is reserved is zero. */
export const emitLmp = (hello: LmpHello): Uint8Array => {
  const { switchNumber, address, link } = hello.heard ?? { switchNumber: 0, address: 0, link: 0 }
  return write(TYPE_LMP, hello, [hello.link, switchNumber, ...macOctets(address), link, 0])
}

/** Read an RRP PDU; the same refusals. */
export const parseRrp = (octets: Uint8Array): Result.Result<RrpPdu, CodecError> => {
  const length = lengthOf(octets, TYPE_RRP, RRP_OCTETS)
  if (Result.isFailure(length)) return Result.fail(length.failure)
  const [role, standby, mode, priority, flags, text] = octets.subarray(FIELD.body)
  if (role >= ROLES.length) return refuse("BadField", `role ${role}`)
  if (standby >= STANDBY_STATES.length) return refuse("BadField", `standby state ${standby}`)
  if (mode >= MODES.length) return refuse("BadField", `redundancy mode ${mode}`)
  if (priority === 0) return refuse("BadField", "priority 0")
  if (text > LONGEST_VERSION || RRP_OCTETS + text !== length.success) {
    return refuse("BadLength", `a version of ${text} characters in ${length.success} octets`)
  }
  return Result.succeed({
    protocol: "rrp",
    ...senderOf(octets),
    role: ROLES[role],
    standby: STANDBY_STATES[standby],
    mode: MODES[mode],
    priority,
    preempts: (flags & 1) !== 0,
    asksForRole: (flags & 2) !== 0,
    configuration: OctetString.read32(octets, FIELD.body + 8),
    version: OctetString.read(octets, RRP_OCTETS, RRP_OCTETS + text),
  })
}

/** Write an RRP PDU. */
export const emitRrp = (pdu: RrpPdu): Uint8Array => {
  const version = OctetString.write(pdu.version, LONGEST_VERSION)
  return write(TYPE_RRP, pdu, [
    ROLES.indexOf(pdu.role),
    STANDBY_STATES.indexOf(pdu.standby),
    MODES.indexOf(pdu.mode),
    pdu.priority,
    (pdu.preempts ? 1 : 0) | (pdu.asksForRole ? 2 : 0),
    version.length,
    0,
    0,
    ...OctetString.octets32(pdu.configuration),
    ...version,
  ])
}

const rrpOctets = ({ version }: RrpPdu): number => RRP_OCTETS + Math.min(version.length, LONGEST_VERSION)

const formatSender = ({ address, domain, switchNumber }: Sender): string =>
  `domain ${domain} switch ${switchNumber} ${MacAddress.format(address)}`

/** The codec of LMP hellos, for registries of payloads. */
export const lmpCodec: PayloadCodec<LmpHello> = {
  name: "lmp",
  encapsulation: Protocol.VIRTUAL_SWITCH,
  octetLength: () => LMP_OCTETS,
  emit: emitLmp,
  parse: parseLmp,
  format: (hello) => {
    const heard =
      hello.heard === null
        ? "nobody"
        : `switch ${hello.heard.switchNumber} ${MacAddress.format(hello.heard.address)} link ${hello.heard.link + 1}`
    return `LMP hello ${formatSender(hello)} link ${hello.link + 1}, hears ${heard}`
  },
}
/** The codec of RRP PDUs. */
export const rrpCodec: PayloadCodec<RrpPdu> = {
  name: "rrp",
  encapsulation: Protocol.VIRTUAL_SWITCH,
  octetLength: rrpOctets,
  emit: emitRrp,
  parse: parseRrp,
  format: (pdu) => {
    const standby = pdu.standby === "none" ? "" : ` ${pdu.standby}`
    const preempts = pdu.asksForRole ? ", asks for the active role" : pdu.preempts ? ", preempts" : ""
    return `RRP ${formatSender(pdu)} ${pdu.role}${standby} priority ${pdu.priority} ${pdu.mode}${preempts}, version "${pdu.version}"`
  },
}

/** A frame with a PDU. */
export const frame = (pdu: LmpHello | RrpPdu): EthernetFrame.EthernetFrame =>
  EthernetFrame.make(
    GroupAddress.LLDP,
    pdu.address,
    Protocol.VIRTUAL_SWITCH,
    pdu,
    pdu.protocol === "lmp" ? LMP_OCTETS : rrpOctets(pdu),
  )
