/**
 * Text on the wire, an octet a character (ISO 8859-1), so that any octets are a text and come back as they were; and the numbers beside it. For
 * protocols that are lists of such fields.
 */

/** The octets from `start` to `end` as a text. */
export const read = (octets: Uint8Array, start: number, end: number): string => {
  let text = ""
  for (let i = start; i < end; i++) text += String.fromCharCode(octets[i])
  return text
}

/** The first `most` characters as octets. */
export const write = (text: string, most: number): ReadonlyArray<number> =>
  Array.from(text.slice(0, most), (character) => character.charCodeAt(0) & 0xff)

/** Two octets, most significant first. */
export const read16 = (octets: Uint8Array, offset: number): number => (octets[offset] << 8) | octets[offset + 1]

/** Four octets, most significant first. */
export const read32 = (octets: Uint8Array, offset: number): number =>
  read16(octets, offset) * 0x10000 + read16(octets, offset + 2)

/** The same to be written. */
export const octets16 = (value: number): ReadonlyArray<number> => [(value >>> 8) & 0xff, value & 0xff]
export const octets32 = (value: number): ReadonlyArray<number> => [...octets16(Math.floor(value / 0x10000)), ...octets16(value)]
