/** What tests of PDUs share. */
import * as CiscoTlv from "@l2lab/l2/CiscoTlv"
import type { CodecError } from "@l2lab/l2/PayloadCodec"
import { Result } from "effect"

export const hex = (octets: Uint8Array): string => Buffer.from(octets).toString("hex")

/** Why a parser refuses octets; `taken` where it does not. */
export const reasonOf = <P>(octets: Uint8Array, parse: (octets: Uint8Array) => Result.Result<P, CodecError>): string => {
  const parsed = parse(octets)
  return Result.isFailure(parsed) ? parsed.failure.reason : "taken"
}

/** An octet otherwise, and the checksum of a chassis' PDU right again: what a forger sends. */
export const forged = (octets: Uint8Array, at: number, value: number): Uint8Array => {
  const other = octets.slice()
  other[at] = value
  other[4] = other[5] = 0
  const sum = CiscoTlv.checksum(other, other.length, (octet) => octet << 8)
  other[4] = sum >> 8
  other[5] = sum
  return other
}
