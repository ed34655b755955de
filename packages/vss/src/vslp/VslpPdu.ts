/**
 * VSLP on the wire: the hellos of the Link Management Protocol (LMP), link by link, and the PDUs of the Role Resolution Protocol (RRP); octets of our own†, as
 * `ChassisPdu` says.
 */
import type * as EthernetFrame from "@l2lab/l2/EthernetFrame"
import * as MacAddress from "@l2lab/l2/MacAddress"
import * as OctetString from "@l2lab/l2/OctetString"
import type { CodecError, PayloadCodec } from "@l2lab/l2/PayloadCodec"
import * as Protocol from "@l2lab/l2/Protocol"
import { Result } from "effect"
import * as ChassisPdu from "../ChassisPdu.ts"
import { ROLES, TYPE_LMP, TYPE_RRP, type Role, type Sender } from "../ChassisPdu.ts"

export { ROLES, type Role, type Sender } from "../ChassisPdu.ts"

/** Where what differs by type begins. */
const BODY = ChassisPdu.HEADER_OCTETS

/** Octets of an LMP hello, and of an RRP PDU without the text of its version. */
export const LMP_OCTETS = 24
export const RRP_OCTETS = 26

/** Characters of a software version. */
export const LONGEST_VERSION = 32

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

/** Read an LMP hello. Refuses `Truncated`, `BadVersion`, `UnknownType`, `BadLength`, `BadChecksum`, `BadField`; never throws. */
export const parseLmp = (octets: Uint8Array): Result.Result<LmpHello, CodecError> => {
  const length = ChassisPdu.lengthOf(octets, TYPE_LMP, LMP_OCTETS)
  if (Result.isFailure(length)) return Result.fail(length.failure)
  const [link, heardNumber] = [octets[BODY], octets[BODY + 1]]
  if (heardNumber > 2) return ChassisPdu.refuse("BadField", `switch ${heardNumber} is heard`)
  const heard: LinkEnd | null =
    heardNumber === 0 ? null : { switchNumber: heardNumber, address: MacAddress.read(octets, BODY + 2), link: octets[BODY + 8] }
  return Result.succeed({ protocol: "lmp", ...ChassisPdu.senderOf(octets), link, heard })
}

/** Write an LMP hello; what is reserved is zero. */
export const emitLmp = (hello: LmpHello): Uint8Array => {
  const { switchNumber, address, link } = hello.heard ?? { switchNumber: 0, address: 0, link: 0 }
  return ChassisPdu.write(TYPE_LMP, hello, [hello.link, switchNumber, ...ChassisPdu.macOctets(address), link, 0])
}

/** Read an RRP PDU; the same refusals. */
export const parseRrp = (octets: Uint8Array): Result.Result<RrpPdu, CodecError> => {
  const length = ChassisPdu.lengthOf(octets, TYPE_RRP, RRP_OCTETS)
  if (Result.isFailure(length)) return Result.fail(length.failure)
  const [role, standby, mode, priority, flags, text] = octets.subarray(BODY)
  if (role >= ROLES.length) return ChassisPdu.refuse("BadField", `role ${role}`)
  if (standby >= STANDBY_STATES.length) return ChassisPdu.refuse("BadField", `standby state ${standby}`)
  if (mode >= MODES.length) return ChassisPdu.refuse("BadField", `redundancy mode ${mode}`)
  if (priority === 0) return ChassisPdu.refuse("BadField", "priority 0")
  if (text > LONGEST_VERSION || RRP_OCTETS + text !== length.success) {
    return ChassisPdu.refuse("BadLength", `a version of ${text} characters in ${length.success} octets`)
  }
  return Result.succeed({
    protocol: "rrp",
    ...ChassisPdu.senderOf(octets),
    role: ROLES[role],
    standby: STANDBY_STATES[standby],
    mode: MODES[mode],
    priority,
    preempts: (flags & 1) !== 0,
    asksForRole: (flags & 2) !== 0,
    configuration: OctetString.read32(octets, BODY + 8),
    version: OctetString.read(octets, RRP_OCTETS, RRP_OCTETS + text),
  })
}

/** Write an RRP PDU. */
export const emitRrp = (pdu: RrpPdu): Uint8Array => {
  const version = OctetString.write(pdu.version, LONGEST_VERSION)
  return ChassisPdu.write(TYPE_RRP, pdu, [
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
    return `LMP hello ${ChassisPdu.formatSender(hello)} link ${hello.link + 1}, hears ${heard}`
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
    return `RRP ${ChassisPdu.formatSender(pdu)} ${pdu.role}${standby} priority ${pdu.priority} ${pdu.mode}${preempts}, version "${pdu.version}"`
  },
}

/** A frame with a PDU. */
export const frame = (pdu: LmpHello | RrpPdu): EthernetFrame.EthernetFrame =>
  ChassisPdu.frame(pdu, pdu.protocol === "lmp" ? LMP_OCTETS : rrpOctets(pdu))
