/**
 * Frames on a virtual switch link. A frame of the pair travels behind a Virtual Switch Header of 32 octets, as on Catalysts: which port of the pair it came
 * in by, which it is to leave by, its VLAN. Cisco's layout is not published: this one is our own†. So that captures can be read, its first 14 octets are an
 * Ethernet header of EtherType 0x88b6, and what two chassis tell each other (`Channel.ts`) travels in such frames too.
 */
import * as EthernetFrame from "@l2lab/l2/EthernetFrame"
import * as FrameCodec from "@l2lab/l2/FrameCodec"
import * as GroupAddress from "@l2lab/l2/GroupAddress"
import type { MacAddress } from "@l2lab/l2/MacAddress"
import * as OctetString from "@l2lab/l2/OctetString"
import type { CodecError, PayloadCodec, PayloadCodecs } from "@l2lab/l2/PayloadCodec"
import * as Protocol from "@l2lab/l2/Protocol"
import * as VlanTag from "@l2lab/l2/VlanTag"
import type { Tci } from "@l2lab/sim/Device"
import { Result } from "effect"

const VERSION = 1
/** Types 1 and 2 are VSLP's. */
const TYPE_CARRIED = 3
const TYPE_SEGMENT = 4

/** In wire order, behind the EtherType. */
const FIELD = {
  version: 0,
  type: 1,
  purpose: 2,
  flags: 3,
  ingress: 4,
  egress: 6,
  tci: 8,
  length: 10,
  reserved: 12,
  frame: 18,
} as const
const SEGMENT_FIELD = { flags: 2, session: 4, peer: 8, sequence: 12, acknowledge: 16, length: 20, octets: 22 } as const

const TAGGED = 1
const FIRST = 1
const LAST = 2

/** Octets that a frame grows by on a virtual switch link. */
export const HEADER_OCTETS = 32

/** Octets of a message in one segment. */
export const MOST_SEGMENT_OCTETS = 1400

/** Values of `egress` and `ingress`: out of every port that the receiver has; by none that is known. */
export const FLOOD = 0xffff
export const NO_PORT = 0xffff

/**
 * What a frame is carried for: to be relayed; to the protocols, which run on the other chassis; from them, to leave by a link port; to have the other
 * chassis boot anew if its processor hangs. By number.
 */
export const PURPOSES = ["relay", "punt", "send", "reset"] as const
export type Purpose = (typeof PURPOSES)[number]

/** A frame of the pair on its way between the chassis. */
export interface Carried {
  readonly protocol: "virtual-switch-header"
  readonly purpose: Purpose
  /** To be relayed: bridge ports of the pair, or NO_PORT, or FLOOD. Else the link port that it came in by, or is to leave by. */
  readonly ingress: number
  readonly egress: number
  /** To be relayed: always a tag with the frame's VLAN. Else as it came, or is to go. */
  readonly tci: Tci
  readonly frame: EthernetFrame.EthernetFrame
}

/** A part of a message from one chassis to the other. */
export interface Segment {
  readonly protocol: "virtual-switch-segment"
  /** Numbers of the sender's and the receiver's sides of the channel, 1..2^32-1; `peer` is 0 while that is not known. */
  readonly session: number
  readonly peer: number
  readonly sequence: number
  /** All segments before this one have come in. */
  readonly acknowledge: number
  readonly isFirst: boolean
  readonly isLast: boolean
  /** None: only to acknowledge. */
  readonly octets: Uint8Array
}

const frame = (source: MacAddress, payload: Carried | Segment, clientOctets: number): EthernetFrame.EthernetFrame =>
  EthernetFrame.make(GroupAddress.LLDP, source, Protocol.VIRTUAL_SWITCH, payload, clientOctets)

/** The frame that carries one. */
export const carry = (source: MacAddress, carried: Carried): EthernetFrame.EthernetFrame =>
  frame(source, carried, FIELD.frame + carried.frame.wireOctets - 4)

/** The frame with a segment. */
export const segment = (source: MacAddress, payload: Segment): EthernetFrame.EthernetFrame =>
  frame(source, payload, SEGMENT_FIELD.octets + payload.octets.length)

const refuse = (reason: string, detail: string): Result.Result<never, CodecError> => Result.fail({ reason, detail })

/** What both types are refused for. */
const headerError = (octets: Uint8Array, type: number, least: number): CodecError | undefined => {
  if (octets.length < least) return { reason: "Truncated", detail: `need ${least} octets, have ${octets.length}` }
  if (octets[FIELD.version] !== VERSION) return { reason: "BadVersion", detail: `version ${octets[FIELD.version]}` }
  if (octets[FIELD.type] !== type) return { reason: "UnknownType", detail: `type ${octets[FIELD.type]}` }
  return undefined
}

const emitCarried = (carried: Carried, inner: PayloadCodecs): Uint8Array => {
  const { egress, frame, ingress, purpose, tci } = carried
  const octets = new Uint8Array(FIELD.frame + frame.wireOctets - 4)
  octets.set([VERSION, TYPE_CARRIED, PURPOSES.indexOf(purpose), tci < 0 ? 0 : TAGGED])
  octets.set(OctetString.octets16(ingress), FIELD.ingress)
  octets.set(OctetString.octets16(egress), FIELD.egress)
  octets.set(OctetString.octets16(tci < 0 ? 0 : tci), FIELD.tci)
  octets.set(OctetString.octets16(frame.wireOctets - 4), FIELD.length)
  FrameCodec.write(frame, EthernetFrame.UNTAGGED, inner, octets, FIELD.frame)
  return octets
}

/** Refuses `Truncated`, `BadVersion`, `UnknownType`, `BadField`, `BadLength`, and what a frame is refused for. Never throws. */
const parseCarried = (octets: Uint8Array, inner: PayloadCodecs): Result.Result<Carried, CodecError> => {
  const error = headerError(octets, TYPE_CARRIED, FIELD.frame)
  if (error !== undefined) return Result.fail(error)
  const purpose = PURPOSES[octets[FIELD.purpose]]
  if (purpose === undefined) return refuse("BadField", `purpose ${octets[FIELD.purpose]}`)
  const length = OctetString.read16(octets, FIELD.length)
  if (FIELD.frame + length > octets.length) {
    return refuse("BadLength", `a frame of ${length} octets in ${octets.length - FIELD.frame}`)
  }
  const parsed = FrameCodec.parse(octets.subarray(FIELD.frame, FIELD.frame + length), inner)
  if (Result.isFailure(parsed)) return Result.fail(parsed.failure)
  // The outer tag is in the header: a tag that stands in the frame is one of those behind it.
  const { frame, tci } = parsed.success
  return Result.succeed({
    protocol: "virtual-switch-header",
    purpose,
    ingress: OctetString.read16(octets, FIELD.ingress),
    egress: OctetString.read16(octets, FIELD.egress),
    tci: (octets[FIELD.flags] & TAGGED) === 0 ? -1 : OctetString.read16(octets, FIELD.tci),
    frame: tci < 0 ? frame : VlanTag.push(frame, tci),
  })
}

/** The codec of frames that are carried. `inner` are the codecs of what they carry. */
export const carriedCodec = (inner: PayloadCodecs): PayloadCodec<Carried> => ({
  name: "virtual-switch-header",
  encapsulation: Protocol.VIRTUAL_SWITCH,
  octetLength: ({ frame }) => FIELD.frame + frame.wireOctets - 4,
  emit: (carried) => emitCarried(carried, inner),
  parse: (octets) => parseCarried(octets, inner),
  format: ({ egress, frame, ingress, purpose, tci }) => {
    const port = (index: number): string => (index === FLOOD ? "none" : String(index + 1))
    const to = purpose === "relay" && egress === FLOOD ? "flood" : `to ${port(egress)}`
    return `VSH ${purpose} from ${port(ingress)} ${to}: ${FrameCodec.format(frame, tci, inner)}`
  },
})

const emitSegment = (segment: Segment): Uint8Array => {
  const octets = new Uint8Array(SEGMENT_FIELD.octets + segment.octets.length)
  octets.set([VERSION, TYPE_SEGMENT, (segment.isFirst ? FIRST : 0) | (segment.isLast ? LAST : 0)])
  octets.set(OctetString.octets32(segment.session), SEGMENT_FIELD.session)
  octets.set(OctetString.octets32(segment.peer), SEGMENT_FIELD.peer)
  octets.set(OctetString.octets32(segment.sequence), SEGMENT_FIELD.sequence)
  octets.set(OctetString.octets32(segment.acknowledge), SEGMENT_FIELD.acknowledge)
  octets.set(OctetString.octets16(segment.octets.length), SEGMENT_FIELD.length)
  octets.set(segment.octets, SEGMENT_FIELD.octets)
  return octets
}

const parseSegment = (octets: Uint8Array): Result.Result<Segment, CodecError> => {
  const error = headerError(octets, TYPE_SEGMENT, SEGMENT_FIELD.octets)
  if (error !== undefined) return Result.fail(error)
  const length = OctetString.read16(octets, SEGMENT_FIELD.length)
  const end = SEGMENT_FIELD.octets + length
  if (end > octets.length || length > MOST_SEGMENT_OCTETS) {
    return refuse("BadLength", `${length} octets of a message in ${octets.length - SEGMENT_FIELD.octets}`)
  }
  const session = OctetString.read32(octets, SEGMENT_FIELD.session)
  if (session === 0) return refuse("BadField", "session 0")
  return Result.succeed({
    protocol: "virtual-switch-segment",
    session,
    peer: OctetString.read32(octets, SEGMENT_FIELD.peer),
    sequence: OctetString.read32(octets, SEGMENT_FIELD.sequence),
    acknowledge: OctetString.read32(octets, SEGMENT_FIELD.acknowledge),
    isFirst: (octets[SEGMENT_FIELD.flags] & FIRST) !== 0,
    isLast: (octets[SEGMENT_FIELD.flags] & LAST) !== 0,
    octets: octets.slice(SEGMENT_FIELD.octets, end),
  })
}

/** The codec of segments. */
export const segmentCodec: PayloadCodec<Segment> = {
  name: "virtual-switch-segment",
  encapsulation: Protocol.VIRTUAL_SWITCH,
  octetLength: ({ octets }) => SEGMENT_FIELD.octets + octets.length,
  emit: emitSegment,
  parse: parseSegment,
  format: ({ acknowledge, octets, sequence }) =>
    octets.length === 0
      ? `VSL acknowledges ${acknowledge}`
      : `VSL segment ${sequence} of ${octets.length} octets, acknowledges ${acknowledge}`,
}
