/**
 * 802.1Q tags. The outer customer tag of a frame travels beside it (`tci`); every further tag, and a service tag, is part of the
 * payload: `push` and `pop` move a tag between the two places, so that a stack of any depth is frames within frames.
 *
 * A tag is four octets: a tag protocol identifier (0x8100 or 0x88a8) and the tag control information of 802.1Q clause 9.6†: priority (3
 * bits), drop eligible (1), VLAN identifier (12).
 */
import type { Tci } from "@l2lab/sim/Device"
import { Result } from "effect"
import * as EthernetFrame from "./EthernetFrame.ts"
import type { CodecError } from "./PayloadCodec.ts"

/** Octets of a tag. */
export const OCTETS = 4

/** The VLAN identifier that is reserved and never used on the wire. 0 is that of a priority tag. */
export const RESERVED_VLAN = 4095

/** Tag protocol identifiers: customer (802.1Q) and service (802.1ad). */
export type Tpid = 0x8100 | 0x88a8

/** Of a customer tag (802.1Q). */
export const CUSTOMER: Tpid = 0x8100
/** Of a service tag (802.1ad). */
export const SERVICE: Tpid = 0x88a8

/** A tag in full: who defined it, and what it says. */
export interface Tag {
  readonly tpid: Tpid
  readonly tci: Tci
}

/** The payload of a frame whose protocol is a TPID: the tag, and what the frame carries behind it. */
export interface TaggedPayload extends EthernetFrame.StructuredPayload {
  readonly protocol: "vlan-tag"
  readonly tci: Tci
  /** What stands behind the tag, as `EthernetFrame.protocol` would say it. */
  readonly encapsulated: EthernetFrame.Protocol
  readonly payload: EthernetFrame.Payload
}

/** VLAN identifier of a tag, 0..4095; 0 is a priority tag. */
export const vlanId = EthernetFrame.vlanIdOf
/** Priority code point of a tag, 0..7. */
export const priority = (tci: Tci): number => (tci >> 13) & 7
/** Whether a tag marks its frame as one to drop first. */
export const isDropEligible = (tci: Tci): boolean => (tci & 0x1000) !== 0
/** Whether a tag carries a priority and no VLAN. False for -1 (untagged). */
export const isPriorityTag = (tci: Tci): boolean => tci >= 0 && (tci & 0x0fff) === 0
/** A tag of priority 0..7 and no VLAN. */
export const priorityTag = (priority: number, dropEligible = false): Tci => EthernetFrame.tci(0, priority, dropEligible)
/** The same tag with another VLAN identifier: priority and drop eligibility stay. */
export const withVlan = (tci: Tci, vlan: number): Tci => (tci & 0xf000) | vlan

/** Whether a type field announces a tag. */
export const isTpid = (type: number): type is Tpid => type === CUSTOMER || type === SERVICE

/** Whether a payload begins with a tag of its own. */
export const isTagged = (payload: EthernetFrame.Payload): payload is TaggedPayload =>
  !(payload instanceof Uint8Array) && payload.protocol === "vlan-tag"

/** Put a tag into the frame, in front of what it carries: four octets longer. The place beside the frame is then free for an outer tag. */
export const push = (frame: EthernetFrame.EthernetFrame, tci: Tci, tpid: Tpid = CUSTOMER): EthernetFrame.EthernetFrame => {
  const payload: TaggedPayload = { protocol: "vlan-tag", tci, encapsulated: frame.protocol, payload: frame.payload }
  return EthernetFrame.make(
    frame.destination,
    frame.source,
    tpid,
    payload,
    frame.wireOctets - EthernetFrame.OVERHEAD_OCTETS + OCTETS,
  )
}

/** Take the outermost tag out of a frame's payload, if one is there. Undoes `push`. */
export const pop = (
  frame: EthernetFrame.EthernetFrame,
): { readonly tag: Tag; readonly frame: EthernetFrame.EthernetFrame } | undefined => {
  const { payload, protocol } = frame
  if (!isTpid(protocol) || !isTagged(payload)) return undefined
  const inner = EthernetFrame.make(
    frame.destination,
    frame.source,
    payload.encapsulated,
    payload.payload,
    frame.wireOctets - EthernetFrame.OVERHEAD_OCTETS - OCTETS,
  )
  return { tag: { tpid: protocol, tci: payload.tci }, frame: inner }
}

/** All tags of a frame from the outermost in: the one beside it (-1: none), then those in its payload. */
export const stack = (frame: EthernetFrame.EthernetFrame, tci: Tci): ReadonlyArray<Tag> => {
  const tags: Array<Tag> = tci < 0 ? [] : [{ tpid: CUSTOMER, tci }]
  let { payload, protocol } = frame
  while (isTpid(protocol) && isTagged(payload)) {
    tags.push({ tpid: protocol, tci: payload.tci })
    protocol = payload.encapsulated
    payload = payload.payload
  }
  return tags
}

/**
 * Read the tags that stand in `octets` from `offset` on (12 in a frame), outermost first, and where the type or length behind them
 * stands. No tag is an empty list; a tag cut short is refused. Total.
 */
export const parse = (
  octets: Uint8Array,
  offset = 12,
): Result.Result<{ readonly tags: ReadonlyArray<Tag>; readonly end: number }, CodecError> => {
  const tags: Array<Tag> = []
  let at = offset
  for (;;) {
    if (octets.length < at + 2)
      return refuse(`need 2 octets for a type or length at offset ${at}, have ${Math.max(0, octets.length - at)}`)
    const tpid = (octets[at] << 8) | octets[at + 1]
    if (!isTpid(tpid)) return Result.succeed({ tags, end: at })
    if (octets.length < at + OCTETS) return refuse(`need ${OCTETS} octets for a tag at offset ${at}, have ${octets.length - at}`)
    tags.push({ tpid, tci: (octets[at + 2] << 8) | octets[at + 3] })
    at += OCTETS
  }
}

/** The octets of a stack of tags, outermost first. */
export const emit = (tags: ReadonlyArray<Tag>): Uint8Array => {
  const octets = new Uint8Array(tags.length * OCTETS)
  tags.forEach((tag, index) => write(tag, octets, index * OCTETS))
  return octets
}

/** Write one tag at `offset`. */
export const write = (tag: Tag, octets: Uint8Array, offset: number): void => {
  octets[offset] = tag.tpid >>> 8
  octets[offset + 1] = tag.tpid
  octets[offset + 2] = tag.tci >>> 8
  octets[offset + 3] = tag.tci
}

/** `vlan 10, p 3`; `vlan 10, p 3, DEI` for a frame that is to be dropped first. */
export const format = (tag: Tag): string =>
  `${tag.tpid === SERVICE ? "service vlan" : "vlan"} ${vlanId(tag.tci)}, p ${priority(tag.tci)}` +
  (isDropEligible(tag.tci) ? ", DEI" : "")

const refuse = (detail: string): Result.Result<never, CodecError> => Result.fail({ reason: "Truncated", detail })
