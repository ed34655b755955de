/** The fields of CDP, UDLD and DTP: type and length in two octets each, the length with these four, then the value. */
import { Result } from "effect"
import * as OctetString from "./OctetString.ts"
import type { CodecError } from "./PayloadCodec.ts"

/** Octets of type and length. */
export const HEADER = 4

/** A field as it lies in the octets: `start` and `end` of its value. */
export interface Field {
  readonly type: number
  readonly start: number
  readonly end: number
}

/** The fields from `offset` up to `end`. Refuses `Truncated` and `BadLength`; never throws. */
export const fields = (octets: Uint8Array, offset: number, end: number): Result.Result<ReadonlyArray<Field>, CodecError> => {
  const found: Array<Field> = []
  for (let at = offset; at < end;) {
    if (at + HEADER > end) {
      return Result.fail({ reason: "Truncated", detail: `${end - at} octets at offset ${at}, a field has at least ${HEADER}` })
    }
    const length = OctetString.read16(octets, at + 2)
    if (length < HEADER || at + length > end) {
      return Result.fail({ reason: "BadLength", detail: `a field of ${length} octets at offset ${at}, ${end - at} are left` })
    }
    found.push({ type: OctetString.read16(octets, at), start: at + HEADER, end: at + length })
    at += length
  }
  return Result.succeed(found)
}

/** A field to be written. */
export const field = (type: number, value: ReadonlyArray<number>): ReadonlyArray<number> => [
  ...OctetString.octets16(type),
  ...OctetString.octets16(value.length + HEADER),
  ...value,
]

/** A field that is a text; longer ones than any switch has are cut short. */
export const text = (type: number, value: string): ReadonlyArray<number> => field(type, OctetString.write(value, LONGEST_TEXT))

/** Characters of a text. */
export const LONGEST_TEXT = 255

/** The ones' complement sum of 16-bit words, complemented; `odd` is the word that stands for a last single octet. */
export const checksum = (octets: Uint8Array, end: number, odd: (octet: number) => number): number => {
  let sum = 0
  for (let i = 0; i + 1 < end; i += 2) sum += OctetString.read16(octets, i)
  if (end % 2 === 1) sum += odd(octets[end - 1])
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16)
  return ~sum & 0xffff
}
