/**
 * Dual-active fast hellos on the wire: what a chassis is, whether it has lost the virtual switch link, and whether it hears us. Octets of our own†, as
 * `ChassisPdu` says; that hellos carry the state of the switch, and tell of a VSL that is down, is Cisco's.
 */
import type * as EthernetFrame from "@l2lab/l2/EthernetFrame"
import type { CodecError, PayloadCodec } from "@l2lab/l2/PayloadCodec"
import * as Protocol from "@l2lab/l2/Protocol"
import { Result } from "effect"
import * as ChassisPdu from "../ChassisPdu.ts"

/** Octets of a fast hello. */
export const OCTETS = 18

const BODY = ChassisPdu.HEADER_OCTETS
const VSL_DOWN = 1
const HEARS = 2

/** How a chassis that is active came to be so, in the order in which they make way for each other: alone since it booted, before the VSL was lost, because it was. */
export const STANDINGS = ["alone", "old active", "took over"] as const
/** One of them. */
export type Standing = (typeof STANDINGS)[number]

/** A fast hello. */
export interface FastHello extends ChassisPdu.Sender {
  readonly protocol: "fast-hello"
  readonly role: ChassisPdu.Role
  readonly isVslDown: boolean
  /** The sender hears fast hellos of its peer on this link. */
  readonly hears: boolean
  readonly standing: Standing
}

/** Read a fast hello. Refuses as `ChassisPdu.lengthOf`; never throws. */
export const parse = (octets: Uint8Array): Result.Result<FastHello, CodecError> => {
  const length = ChassisPdu.lengthOf(octets, ChassisPdu.TYPE_FAST_HELLO, OCTETS)
  if (Result.isFailure(length)) return Result.fail(length.failure)
  const [role, flags, standing] = octets.subarray(BODY)
  if (role >= ChassisPdu.ROLES.length) return ChassisPdu.refuse("BadField", `role ${role}`)
  if (standing >= STANDINGS.length) return ChassisPdu.refuse("BadField", `standing ${standing}`)
  return Result.succeed({
    protocol: "fast-hello",
    ...ChassisPdu.senderOf(octets),
    role: ChassisPdu.ROLES[role],
    isVslDown: (flags & VSL_DOWN) !== 0,
    hears: (flags & HEARS) !== 0,
    standing: STANDINGS[standing],
  })
}

/** Write a fast hello; what is reserved is zero. */
export const emit = (hello: FastHello): Uint8Array =>
  ChassisPdu.write(ChassisPdu.TYPE_FAST_HELLO, hello, [
    ChassisPdu.ROLES.indexOf(hello.role),
    (hello.isVslDown ? VSL_DOWN : 0) | (hello.hears ? HEARS : 0),
    STANDINGS.indexOf(hello.standing),
    0,
  ])

/** The codec for registries of payloads. */
export const codec: PayloadCodec<FastHello> = {
  name: "fast-hello",
  encapsulation: Protocol.VIRTUAL_SWITCH,
  octetLength: () => OCTETS,
  emit,
  parse,
  format: (hello) =>
    `fast hello ${ChassisPdu.formatSender(hello)} ${hello.role}, VSL ${hello.isVslDown ? "down" : "up"}${hello.hears ? "" : ", hears nobody"}`,
}

/** A frame with it. */
export const frame = (hello: FastHello): EthernetFrame.EthernetFrame => ChassisPdu.frame(hello, OCTETS)

/** Whether a frame carries a fast hello by its looks, whether that can be read or not. */
export const isFastHello = (frame_: EthernetFrame.EthernetFrame): boolean =>
  ChassisPdu.isOfType(frame_, ChassisPdu.TYPE_FAST_HELLO, codec.name)
