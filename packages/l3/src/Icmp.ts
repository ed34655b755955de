/** ICMP (RFC 792), on the wire: echo in meaning, every other message as type, code and octets. Checksums are made on emit and checked on parse. */
import type { CodecError } from "@l2lab/l2/PayloadCodec"
import { Result } from "effect"
import * as InternetChecksum from "./InternetChecksum.ts"

/** Echo request or reply. */
export interface IcmpEcho {
  readonly kind: "icmp.echo-request" | "icmp.echo-reply"
  /** 0..65535 */
  readonly identifier: number
  /** 0..65535 */
  readonly sequence: number
  /** A reply carries the request's data. Never changed once it is in a message. */
  readonly data: Uint8Array
}

/** Any other message. */
export interface IcmpOther {
  readonly kind: "icmp.other"
  /** 0..255 */
  readonly type: number
  /** 0..255 */
  readonly code: number
  /** What follows the checksum: at least the four octets that every message has. */
  readonly octets: Uint8Array
}

/** Any ICMP message: an echo in meaning, the others as octets. */
export type IcmpMessage = IcmpEcho | IcmpOther

/** Octets of type, code, checksum, identifier and sequence number. */
export const HEADER_OCTETS = 8

const ECHO_REPLY = 0
const ECHO_REQUEST = 8

/** Offsets in wire order (RFC 792, echo or echo reply message). */
const FIELD = { type: 0, code: 1, checksum: 2, identifier: 4, sequence: 6, data: 8 } as const

/** Octets of a message, header included. */
export const octetLength = (message: IcmpMessage): number =>
  message.kind === "icmp.other" ? FIELD.identifier + message.octets.length : HEADER_OCTETS + message.data.length

/** Write a message into `octets` from `offset`; the caller has made room for `octetLength`. */
export const emitInto = (message: IcmpMessage, octets: Uint8Array, offset: number): void => {
  if (message.kind === "icmp.other") {
    octets[offset + FIELD.type] = message.type
    octets[offset + FIELD.code] = message.code
    octets.set(message.octets, offset + FIELD.identifier)
  } else {
    octets[offset + FIELD.type] = message.kind === "icmp.echo-request" ? ECHO_REQUEST : ECHO_REPLY
    octets[offset + FIELD.code] = 0
    octets[offset + FIELD.identifier] = message.identifier >>> 8
    octets[offset + FIELD.identifier + 1] = message.identifier
    octets[offset + FIELD.sequence] = message.sequence >>> 8
    octets[offset + FIELD.sequence + 1] = message.sequence
    octets.set(message.data, offset + FIELD.data)
  }
  octets[offset + FIELD.checksum] = 0
  octets[offset + FIELD.checksum + 1] = 0
  const checksum = InternetChecksum.finish(InternetChecksum.sum(octets, offset, offset + octetLength(message)))
  octets[offset + FIELD.checksum] = checksum >>> 8
  octets[offset + FIELD.checksum + 1] = checksum
}

/** Read the message that fills `octets` exactly. Total. */
export const parse = (octets: Uint8Array): Result.Result<IcmpMessage, CodecError> => {
  if (octets.length < HEADER_OCTETS)
    return Result.fail({ reason: "Truncated", detail: `ICMP needs ${HEADER_OCTETS} octets, have ${octets.length}` })
  if (InternetChecksum.finish(InternetChecksum.sum(octets, 0, octets.length)) !== 0)
    return Result.fail({ reason: "BadChecksum", detail: "the ICMP checksum does not match the message" })
  const type = octets[FIELD.type]
  const code = octets[FIELD.code]
  if (code === 0 && (type === ECHO_REQUEST || type === ECHO_REPLY))
    return Result.succeed({
      kind: type === ECHO_REQUEST ? "icmp.echo-request" : "icmp.echo-reply",
      identifier: (octets[FIELD.identifier] << 8) | octets[FIELD.identifier + 1],
      sequence: (octets[FIELD.sequence] << 8) | octets[FIELD.sequence + 1],
      data: octets.slice(FIELD.data),
    })
  return Result.succeed({ kind: "icmp.other", type, code, octets: octets.slice(FIELD.identifier) })
}

/** In the manner of tcpdump. */
export const format = (message: IcmpMessage): string => {
  const length = octetLength(message)
  if (message.kind === "icmp.other") return `ICMP type ${message.type} code ${message.code}, length ${length}`
  const what = message.kind === "icmp.echo-request" ? "request" : "reply"
  return `ICMP echo ${what}, id ${message.identifier}, seq ${message.sequence}, length ${length}`
}
